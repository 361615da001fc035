"""Content codings undone piece by piece, so that no answer can fill the memory (RFC 9110, section 8.4)."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast

import brotli  # type: ignore[import-untyped]

from scraper.errors import BodyTooLarge, TruncatedBody
from scraper.fetch.budget import LARGE_BYTES
from scraper.urls import Url

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd
try:
    from isal import isal_zlib as zlib  # the same in a third of the time
except ImportError:  # it is not for all processors
    import zlib  # type: ignore[no-redef]

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_CODINGS = 3
MAX_RATIO = 200
"""Most decoded bytes for one on the wire, once there are more than RATIO_FREE_BYTES of them."""
RATIO_FREE_BYTES = 1_000_000
CRUMBS_FREE = 20_000
"""Reads of a body before their mean size matters; each costs far more than its bytes."""
MIN_CHUNK_BYTES = 64

_PIECE_BYTES = 1 << 16
_BROKEN: tuple[type[Exception], ...] = (cast(Any, zlib).error, brotli.error, zstd.ZstdError)
_ZSTD_WINDOW_LOG = 23  # 8 MB, all that a sender may use: RFC 9659


class _Decompressor(Protocol):
    """The interface that bz2, lzma and zstd share."""

    def decompress(self, data: bytes, max_length: int) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        # A full piece may leave output inside even when all input is consumed.
        self.needs_input = len(piece) < max_length
        return piece

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data


class _Brotli:
    unused_data = b""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()
        self.needs_input = True

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece = bytes(self._stream.process(data, output_buffer_limit=max_length))
        # It also accepts more data while there is output inside; what then comes last would be lost.
        self.needs_input = len(piece) < max_length and self._stream.can_accept_more_data()
        return piece

    @property
    def eof(self) -> bool:
        return bool(self._stream.is_finished())


@dataclass(frozen=True, slots=True)
class _Coding:
    begin: Callable[[int], _Decompressor]
    """Called with the first byte."""
    magic: bytes = b""
    """How a further member begins, where a body may have several."""


def _zlib_or_raw(first: int) -> _Decompressor:
    """Half of the world sends `deflate` without its zlib wrapper, whose first byte ends in 8."""
    return _Zlib(zlib.MAX_WBITS if first & 0x0F == 8 else -zlib.MAX_WBITS)


_GZIP = _Coding(lambda _: _Zlib(zlib.MAX_WBITS | 16), b"\x1f\x8b")
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW_LOG}
_CODINGS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    "deflate": _Coding(_zlib_or_raw),
    "br": _Coding(lambda _: _Brotli()),
    "zstd": _Coding(lambda _: zstd.ZstdDecompressor(options=_ZSTD_OPTIONS), b"\x28\xb5\x2f\xfd"),
}

_NO_CODINGS = ("identity", "none", "binary", "8bit", "utf-8")  # what servers write who mean something else


def read_body(
    url: Url,
    chunks: Iterable[bytes],
    content_encoding: str | None,
    *,
    max_bytes: int,
    on_large: Callable[[], None] = lambda: None,
) -> bytes:
    """The body that `chunks` from the wire hold, undoing the Content-Encoding header from its end.

    Raises BodyTooLarge for more than `max_bytes` before or after any coding, a ratio that only bombs have, or too many
    codings; TruncatedBody for a coding that ends early, is not what the header says, or is unknown. `on_large` is
    called before it takes more than LARGE_BYTES, and may wait.
    """
    body = bytearray()  # not a list of pieces: a server may send millions of them
    with _translated(url):
        for piece in _decoded(_Tally(url, max_bytes), chunks, content_encoding):
            if len(body) <= LARGE_BYTES < len(body) + len(piece):
                on_large()
            body += piece
    return bytes(body)


def read_start(url: Url, chunks: Iterable[bytes], content_encoding: str | None, *, max_bytes: int) -> bytes:
    """As `read_body`, but no more than the first `max_bytes`; what comes after them is neither read nor an error."""
    body = bytearray()
    with _translated(url):
        for piece in _decoded(_Tally(url, max_bytes + _PIECE_BYTES), chunks, content_encoding):
            body += piece
            if len(body) >= max_bytes:
                break
    return bytes(body[:max_bytes])


def body_too_large(url: Url, max_bytes: int) -> BodyTooLarge:
    """What is raised instead of a body of more than `max_bytes`."""
    return BodyTooLarge(url.href, "body_too_large", f"{url.host}: the body has more than {max_bytes} bytes")


def _decoded(tally: "_Tally", chunks: Iterable[bytes], content_encoding: str | None) -> Iterator[bytes]:
    stream = tally.wire(chunks)
    for coding in reversed(_parse_codings(tally.url, content_encoding)):
        stream = tally.decoded(_decode(stream, coding))
    return stream


@contextmanager
def _translated(url: Url) -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise TruncatedBody(url.href, "truncated", f"{url.host}: the compressed body ended early") from error
    except _BROKEN as error:
        message = f"{url.host}: the body is not in the encoding that its header names"
        raise TruncatedBody(url.href, "bad_encoding", message) from error


def _parse_codings(url: Url, content_encoding: str | None) -> list[_Coding]:
    names = [name for name in (content_encoding or "").lower().replace(" ", "").split(",") if name]
    names = [name for name in names if name not in _NO_CODINGS]
    if len(names) > MAX_CODINGS:
        message = f"{url.host}: the body is in more than {MAX_CODINGS} codings, one in another"
        raise BodyTooLarge(url.href, "too_many_codings", message)
    if not all(name in _CODINGS for name in names):
        message = f"{url.host}: the body is in an encoding that was not asked for"
        raise TruncatedBody(url.href, "bad_encoding", message)
    return [_CODINGS[name] for name in names]


def _decode(chunks: Iterable[bytes], coding: _Coding) -> Iterator[bytes]:
    """Pieces of about _PIECE_BYTES; EOFError for an early end. What follows the last member is ignored."""
    stream: _Decompressor | None = None
    has_ended = False
    for chunk in chunks:
        rest = chunk
        while rest:
            if stream is None:
                if has_ended and not _begins(rest, coding.magic):
                    return
                stream = coding.begin(rest[0])
            yield stream.decompress(rest, _PIECE_BYTES)
            while not (stream.eof or stream.needs_input):
                yield stream.decompress(b"", _PIECE_BYTES)
            rest = stream.unused_data
            if stream.eof:
                stream, has_ended = None, True
    if stream is not None:
        raise EOFError


def _begins(data: bytes, magic: bytes) -> bool:
    """Whether `data`, which may be cut off, begins with `magic`."""
    return bool(magic) and data[: len(magic)] == magic[: len(data)]


class _Tally:
    """Counts the bytes of one body and stops at the limits."""

    def __init__(self, url: Url, max_bytes: int) -> None:
        self.url = url
        self._max_bytes = max_bytes
        self._wire_bytes = 0

    def wire(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for count, chunk in enumerate(chunks, start=1):
            self._wire_bytes += len(chunk)
            self._check_size(self._wire_bytes)
            if count > CRUMBS_FREE and self._wire_bytes < count * MIN_CHUNK_BYTES:
                message = f"{self.url.host}: the body comes in chunks of less than {MIN_CHUNK_BYTES} bytes"
                raise BodyTooLarge(self.url.href, "tiny_chunks", message)
            yield chunk

    def decoded(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        total = 0
        for chunk in chunks:
            total += len(chunk)
            self._check_size(total)
            if total > RATIO_FREE_BYTES and total > MAX_RATIO * self._wire_bytes:
                message = f"{self.url.host}: the body is compressed more than {MAX_RATIO} to 1"
                raise BodyTooLarge(self.url.href, "decompression_ratio", message)
            yield chunk

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            raise body_too_large(self.url, self._max_bytes)
