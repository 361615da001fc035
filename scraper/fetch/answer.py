"""The answer of a server as it comes from the socket.

`http.client` reads headers with the parser for e-mail, and `urllib3` wraps its response in one more: together half of
the time of a small request. This is one response for both, which reads the head plainly. It is strict where http.client
guesses (a head that ends early, unknown codings), and lenient where browsers are (lines that are no headers).
"""

import contextlib
import http.client
import re
from collections import deque
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import BinaryIO

from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.retry import Retry

MAX_HEADERS = 100
MAX_HEADER_LINE_BYTES = 64 * 1024

_STATUS = re.compile(r"(HTTP/[\d.]+)\s+([1-9]\d\d)(?!\S)")
_LENGTH = re.compile(r"\+?0*([0-9]+)")
_LENGTH_DIGITS = 20
"""Of a length without leading zeros; with more it is too large, however many there are."""
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:")
_CHUNK = re.compile(rb"0*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*|\r)?\n")
_LINE_ENDS = (b"\r\n", b"\n")
_CONTROLS = str.maketrans("\r\n\0", "   ")


class Answer(http.client.HTTPResponse):
    """One answer; the connection can take the next request when this was read to its end.

    Interim answers are skipped, all of them: http.client takes 103 Early Hints for the final one.
    """

    retries: Retry
    _pool: HTTPConnectionPool
    _connection: http.client.HTTPConnection | None = None
    _is_whole = False
    version_string = "HTTP/1.1"

    def begin(self) -> None:
        """Read up to the body."""
        version, status, reason = self._read_status()
        while status < HTTPStatus.OK and status != HTTPStatus.SWITCHING_PROTOCOLS:  # after which no HTTP follows
            _skip(_header_lines(self.fp))
            version, status, reason = self._read_status()
        self.version = 10 if version in ("HTTP/1.0", "HTTP/0.9") else 11
        self.code = self.status = status
        self.reason = reason
        headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
        self.msg = http.client.HTTPMessage()  # as much of it as a cookie jar looks at
        for name, value in _fields(_header_lines(self.fp)):
            before = headers.get(name)
            if before is not None and (before != value or name.lower() == "content-encoding"):
                value = f"{before}, {value}"  # but what is merely said twice; a coding may be done twice
            headers[name] = value
            if name.lower() == "set-cookie":
                self.msg[name] = value
        self.headers = headers  # type: ignore[assignment]  # all that anyone calls is `get`
        self._frame()

    def read1(self, n: int = -1, **_: object) -> bytes:
        """What has come, at most `n` bytes; empty at the end. Raises IncompleteRead if that comes too soon."""
        if self._is_whole or self.fp is None:
            return b""
        if self.chunked:
            piece = self._read1_of_chunks(n)
        else:
            piece = self.fp.read1(n if self.length is None else min(n, self.length))
            if self.length is not None:
                self.length -= len(piece)
                if self.length and not piece:
                    raise http.client.IncompleteRead(b"", self.length)
        self._is_whole = not piece or self.length == 0
        return piece

    def _read1_of_chunks(self, most: int) -> bytes:
        """As `read1`, of chunks (RFC 9112, section 7.1): what is framed otherwise is no body."""
        if not self.chunk_left:
            if self.chunk_left is not None and self.fp.readline(2) not in _LINE_ENDS:
                raise http.client.IncompleteRead(b"")
            self.chunk_left = _chunk_size(self.fp.readline(MAX_HEADER_LINE_BYTES + 1))
        if not self.chunk_left:
            self._skip_trailer()
            return b""
        piece = self.fp.read1(self.chunk_left if most < 0 else min(most, self.chunk_left))
        self.chunk_left -= len(piece)
        if not piece:
            raise http.client.IncompleteRead(b"")
        return piece

    def release_conn(self) -> None:
        """Give the connection back; one with something unread would mistake that for the next answer."""
        if connection := self._connection:
            self._connection = None
            if not self._is_whole:
                connection.close()
            self._pool._put_conn(connection)  # type: ignore[arg-type]

    @property
    def length_remaining(self) -> int | None:
        """Bytes of the body that are still to come; None if that is not known."""
        return self.length

    @property
    def _original_response(self) -> "Answer":
        """Where requests looks for cookies."""
        return self

    def _read_status(self) -> tuple[str, int, str]:
        line = self.fp.readline(MAX_HEADER_LINE_BYTES + 1)
        if not line:
            raise http.client.RemoteDisconnected("no answer")
        if line.startswith(b"HTTP/"[: len(line)]):
            _check_line(line)
        text = line.decode("iso-8859-1")
        status = _STATUS.match(text)
        if not status or not status[1].startswith(("HTTP/1.", "HTTP/0.9")):
            raise http.client.BadStatusLine(text[:100])
        return status[1], int(status[2]), text[status.end() :].strip()

    def _frame(self) -> None:
        """Find out how the body ends (RFC 9112, section 6.3)."""
        coding = self.headers.get("Transfer-Encoding", "identity").lower()
        if coding not in ("chunked", "identity"):
            raise http.client.UnknownTransferEncoding(coding)
        length = _length(self.headers.get("Content-Length", ""))
        self.chunked = coding == "chunked"
        self.chunk_left = None
        self.length = None if self.chunked else length
        is_clear = self.chunked != (length is not None)  # who says both may mean another end than we
        if self.status in (HTTPStatus.SWITCHING_PROTOCOLS, HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            is_clear = not (self.chunked or length or self.status == HTTPStatus.SWITCHING_PROTOCOLS)
            self.chunked, self.length = False, 0
        self.will_close = self._check_close() or not is_clear  # type: ignore[attr-defined]

    def _skip_trailer(self) -> None:
        with contextlib.suppress(http.client.IncompleteRead):  # the body was whole before
            _skip(_header_lines(self.fp))


def _header_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines up to the empty one."""
    for _ in range(MAX_HEADERS + 1):
        line = _check_line(stream.readline(MAX_HEADER_LINE_BYTES + 1))
        if line in (b"\r\n", b"\n"):
            return
        yield line
    raise http.client.HTTPException(f"more than {MAX_HEADERS} headers")


def _skip(lines: Iterable[bytes]) -> None:
    deque(lines, maxlen=0)


def _check_line(line: bytes) -> bytes:
    if len(line) > MAX_HEADER_LINE_BYTES:
        raise http.client.LineTooLong("header line")
    if not line.endswith(b"\n"):
        raise http.client.IncompleteRead(line)
    return line


def _fields(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    r"""Names and values of the lines that are headers, with what continues one.

    >>> list(_fields([b"Content-Type : text/html\r\n", b"nonsense\r\n", b"X-Long: a\r\n", b"  b\r\n"]))
    [('Content-Type', 'text/html'), ('X-Long', 'a b')]
    """
    folded: list[str] = []
    for line in lines:
        if line[:1] not in (b" ", b"\t"):
            folded.append(line.decode("iso-8859-1"))
        elif folded:
            folded[-1] = f"{folded[-1].rstrip()} {line.decode('iso-8859-1').lstrip()}"
    for text in folded:
        if header := _HEADER.match(text):
            yield header[1], text[header.end() :].strip().translate(_CONTROLS)


def _length(text: str) -> int | None:
    """What a Content-Length says; None for nonsense. Raises HTTPException if it says two things."""
    lengths = {part.strip() for part in text.split(",")}
    if len(lengths) > 1:
        raise http.client.ImproperConnectionState("two lengths")
    digits = _LENGTH.fullmatch(lengths.pop())
    return int(digits[1][:_LENGTH_DIGITS]) if digits else None


def _chunk_size(line: bytes) -> int:
    r"""Bytes of the chunk that a line begins, whose extensions mean nothing to us.

    Blanks behind the number and a missing CR are let pass, as browsers do; signs, `0x` and other digits are not.

    >>> _chunk_size(b"1F ;name=value\r\n")
    31
    """
    size = _CHUNK.fullmatch(_check_line(line))
    if not size:
        raise http.client.IncompleteRead(line[:100])
    return int(size[1], 16)
