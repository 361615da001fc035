"""Lists of URLs: files, standard input and URLs themselves become lines, one at a time.

bytes ──_opened──> text ──_Lines──> lines of bounded length ──_FORMATS──> entries ──_parse──> Line
"""

import codecs
import csv
import difflib
import gzip
import io
import json
import os
import re
import string
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, BinaryIO, TextIO, cast

from scraper.errors import InputError, InvalidUrl
from scraper.urls import MAX_URL_LENGTH, Url, parse_url

MAX_LINE_LENGTH = 64 * 1024
"""In characters; longer lines are skipped, and never held in memory as a whole."""

_STANDARD_INPUT = "-"
_URL = re.compile(r"https?://", re.IGNORECASE)
_OTHER_URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_READ_ERRORS = (OSError, EOFError, zlib.error, UnicodeError)  # a truncated gzip is an EOFError, a broken one any
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_USERINFO = re.compile(r"(^[a-z][a-z0-9+.-]*:[/\\]*|:[/\\]{2})[^/\\?#]*@", re.IGNORECASE)
_SECRET = re.compile(r"(https?:(?:\\u002f|[/\\])*|//)[^@\n]*(@?)", re.IGNORECASE)  # without the @ it is none
_BLANK = string.whitespace + "\0\xa0\u200b\ufeff"  # the last two begin files that were made of files
_COLUMNS_SHOWN = 20
_JSON_ADVICE = "one JSON array, not a list; write one object a line, in a file that ends in .jsonl"
_NO_LISTS = (
    (b"PK\x03\x04", "a spreadsheet or an archive; save it as .csv and name the column with --url-column"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet; save it as .csv and name the column with --url-column"),
    (b"SQLite format 3\0", "a database, not a list; write its rows with scrape export"),
    (b"%PDF-", "a PDF, not a list; copy the URLs into a .txt, one a line"),
    (b"<!doctype", "a web page, not a list; read a saved page with scrape extract"),
    (b"<html", "a web page, not a list; read a saved page with scrape extract"),
    (b"[{", _JSON_ADVICE),
    (b"[\n", _JSON_ADVICE),
    (b"[\r\n", _JSON_ADVICE),
    (b'["', _JSON_ADVICE),
)
"""How files begin that are often given by mistake, and what to do with them."""
_QUOTES = {'"': '"', "'": "'", "<": ">", "“": "”"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list: a URL, or why it is none."""

    given: str
    """The text of the list, fit to be shown: no control characters, no password, of bounded length."""
    where: str
    """Where it stands: `urls.txt:17`, `standard input:3`, `command line`."""
    url: Url | None
    reason: str | None = None
    """A stable word; None for a URL."""
    message: str | None = None
    """A sentence for people that begins with `where`; None for a URL."""


def check_sources(sources: Sequence[str]) -> None:
    """Raise InputError for a source that cannot be read. Nothing is opened, so that pipes stay whole."""
    if sources.count(_STANDARD_INPUT) > 1:
        raise InputError("standard input: it can be read only once; name - once")
    for source in sources:
        if source != _STANDARD_INPUT and not _URL.match(source):
            _check_file(source)


def read_sources(
    sources: Sequence[str], *, url_column: str = "url", encoding: str | None = None, stdin: BinaryIO | None = None
) -> Iterator[Line]:
    """Every entry of every source in order, read as it is asked for; blank lines and comments are no entries.

    A byte order mark tells the encoding, else `encoding`, else it is UTF-8; bytes that do not fit are windows-1252.
    Raises InputError when a source cannot be read to its end, or has no `url_column`.
    """
    for source in sources:
        if _URL.match(source):
            yield parse_entry(source, "command line")
        else:
            yield from _read_list(source, url_column, encoding, stdin)


def _check_file(source: str) -> None:
    if _OTHER_URL.match(source):
        raise InputError(
            f"{_shown(source)}: only http:// and https:// URLs can be fetched; a file is given by its path"
        )
    try:
        Path(source).stat()
    except OSError as error:
        raise _unreadable(_shown(source), error) from error
    if Path(source).is_dir():
        raise _unreadable(_shown(source), IsADirectoryError())
    if not os.access(source, os.R_OK):
        raise _unreadable(_shown(source), PermissionError())


def _unreadable(name: str, error: Exception) -> InputError:
    match error:
        case FileNotFoundError():
            sentence = "no such file; check the path, or begin a URL with http:// or https://"
        case IsADirectoryError():
            sentence = "a directory, not a list; name the files in it"
        case PermissionError():
            sentence = "permission denied; allow reading it"
        case _:
            sentence = f"cannot be read ({getattr(error, 'strerror', None) or error}); check the file"
    return InputError(f"{name}: {sentence}")


def _read_list(source: str, column: str, encoding: str | None, stdin: BinaryIO | None) -> Iterator[Line]:
    name = "standard input" if source == _STANDARD_INPUT else _shown(source)
    with _opened(source, name, encoding, stdin) as text:
        lines = _Lines(name, text)
        entries = _format_of(source)(lines, column)
        while True:
            where = f"{name}:{lines.number + 1}"
            try:
                entry = _unwrap(next(entries))
            except StopIteration:
                return
            except _BrokenLineError as error:
                yield _refuse(lines.last, where, *error.args)
            except csv.Error as error:
                yield _refuse(lines.last, where, "malformed_line", f"not CSV ({_complaint(error)})")
            else:
                if entry:
                    yield parse_entry(entry, where)


@contextmanager
def _opened(source: str, name: str, encoding: str | None, stdin: BinaryIO | None) -> Iterator[TextIO]:
    with ExitStack() as stack:
        try:
            binary = _open_binary(source, stdin, stack)
            if source != _STANDARD_INPUT:
                _refuse_no_list(name, binary.peek(64)[:64])
            text = io.TextIOWrapper(binary, _marked_encoding(binary) or encoding or "utf-8", errors="windows-1252")
        except LookupError as error:
            raise InputError(f"{name}: there is no encoding {encoding!r}; try utf-8 or windows-1252") from error
        except _READ_ERRORS as error:
            raise _unreadable(name, error) from error
        stack.callback(text.detach)  # a wrapper closes what it wraps, and standard input is not ours
        yield text


def _open_binary(source: str, stdin: BinaryIO | None, stack: ExitStack) -> io.BufferedReader | gzip.GzipFile:
    if source.lower().endswith(".gz"):
        return stack.enter_context(gzip.open(source, "rb"))
    if source != _STANDARD_INPUT:
        return stack.enter_context(Path(source).open("rb"))
    stdin = stdin or sys.stdin.buffer
    if isinstance(stdin, io.BufferedReader):
        return stdin  # a second buffer would wait until it is full
    reader = io.BufferedReader(cast(Any, stdin))
    stack.callback(reader.detach)
    return reader


def _refuse_no_list(name: str, start: bytes) -> None:
    for beginning, advice in _NO_LISTS:
        if start.lstrip().lower().startswith(beginning.lower()):
            raise InputError(f"{name}: {advice}")


def _marked_encoding(binary: io.BufferedReader | gzip.GzipFile) -> str | None:
    start = binary.peek(len(codecs.BOM_UTF8))
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "utf-16" if start.startswith(_UTF16_MARKS) else None


def _decode_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252", "replace"), error.end


codecs.register_error("windows-1252", _decode_windows_1252)


class _BrokenLineError(Exception):
    """A line is no entry, but the next can be read. Arguments: reason and message."""


class _Lines(Iterator[str]):
    """The lines of a text, counted. After a _BrokenLineError the next line can be asked for."""

    def __init__(self, name: str, text: TextIO) -> None:
        self.name = name
        self.number = 0
        self.last = ""
        self._text = text

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.last = line
        if len(line) > MAX_LINE_LENGTH and not line.endswith("\n"):
            self._skip_rest()
            raise _BrokenLineError("too_long", f"a line of more than {MAX_LINE_LENGTH} characters")
        return line.replace("\0", "")  # of UTF-16 without a mark, this leaves the ASCII

    def _skip_rest(self) -> None:
        while (part := self._read()) and not part.endswith("\n"):
            pass

    def _read(self) -> str:
        try:
            return self._text.readline(MAX_LINE_LENGTH + 1)
        except _READ_ERRORS as error:
            raise InputError(
                f"{self.name}: cannot be read past line {self.number} ({error}); is it complete?"
            ) from error


# Entries are made by `map`, which goes on after an exception; a generator would end with its first broken line.
def _text_entries(lines: _Lines, _column: str) -> Iterator[str]:
    return map(_text_entry, lines)


def _text_entry(line: str) -> str:
    return "" if line.lstrip(_BLANK).startswith("#") else line


def _json_entries(lines: _Lines, column: str) -> Iterator[str]:
    return map(partial(_json_entry, column=column), lines)


def _json_entry(line: str, column: str) -> str:
    if not line.strip(_BLANK):
        return ""
    try:
        value = json.loads(line.strip(_BLANK))
    except (ValueError, RecursionError) as error:
        raise _BrokenLineError("malformed_line", f"not JSON ({error})") from error
    if isinstance(value, dict):
        value = value.get(column)
    if not isinstance(value, str):
        raise _BrokenLineError("malformed_line", f"neither a string nor an object with a string {column!r}")
    return value


def _piped_entries(lines: _Lines, column: str) -> Iterator[str]:
    return map(partial(_piped_entry, column=column), lines)


def _piped_entry(line: str, column: str) -> str:
    """No URL begins with a brace, so what does is an object of JSON lines."""
    return _json_entry(line, column) if line.lstrip(_BLANK).startswith("{") else _text_entry(line)


def _table_entries(lines: _Lines, column: str, *, delimiter: str | None = None) -> Iterator[str]:
    try:
        header = next(filter(str.strip, lines), "")
        if delimiter is None:
            delimiter = ";" if ";" in header and "," not in header else ","
        rows = csv.reader(chain([header], lines), delimiter=delimiter, strict=True)
        names = next(rows)
    except (_BrokenLineError, csv.Error) as error:
        raise InputError(
            f"{lines.name}: no header row ({_complaint(error)}); the first row names the columns"
        ) from error
    index = _find_column(names, column, lines.name)
    return map(partial(_cell, index=index), rows)


def _complaint(error: Exception) -> str:
    """What the reader of tables says, with a tab as it is written in text."""
    return str(error.args[-1]).replace("\t", r"\t")


def _find_column(names: Sequence[str], column: str, source: str) -> int:
    names = [_shown(name).strip() for name in names]
    folded = [name.casefold() for name in names]
    if column.casefold() in folded:
        return folded.index(column.casefold())
    near = difflib.get_close_matches(column.casefold(), folded, n=1)
    hint = f"; did you mean {names[folded.index(near[0])]!r}?" if near else ""
    if any(_URL.match(name) for name in names):
        raise InputError(f"{source}: its first line is a URL, not the names of columns; rename it to end in .txt")
    shown = ", ".join(repr(name[:40]) for name in names[:_COLUMNS_SHOWN]) or "none"
    raise InputError(f"{source}: no column {column!r} among {shown}{hint or '; name it with --url-column'}")


def _cell(row: Sequence[str], index: int) -> str:
    if index < len(row):
        return row[index]
    if any(row):
        raise _BrokenLineError("malformed_line", f"only {len(row)} cells, the URL would be in number {index + 1}")
    return ""


_Format = Callable[[_Lines, str], Iterator[str]]
_FORMATS: dict[str, _Format] = {
    ".csv": _table_entries,
    ".tsv": partial(_table_entries, delimiter="\t"),
    ".jsonl": _json_entries,
    ".ndjson": _json_entries,
}


def _format_of(source: str) -> _Format:
    if source == _STANDARD_INPUT:
        return _piped_entries
    path = PurePath(source.lower().removesuffix(".gz"))
    return _FORMATS.get(path.suffix, _text_entries)


def _unwrap(text: str) -> str:
    """The text without blanks, quotes and angle brackets around it.

    >>> _unwrap(' <"https://shop.example/p"> ')
    'https://shop.example/p'
    """
    text = text.strip(_BLANK)
    while text and (closing := _QUOTES.get(text[0])):
        text = text[1:].removesuffix(closing).strip(_BLANK)
    return text


def parse_entry(entry: str, where: str) -> Line:
    """One entry of a list, which stands at `where`."""
    try:
        url = parse_url(entry)
        if url.credentials == ("***", ""):  # from a table of ours, which shows no secrets
            url = replace(url, credentials=None)
        return Line(_shown(entry), where, url)
    except InvalidUrl as error:
        return _refuse(entry, where, error.reason, error.message)


def _refuse(text: str, where: str, reason: str, message: str) -> Line:
    return Line(_shown(_masked(text)), where, None, reason, f"{where}: {message}")


def _masked(text: str) -> str:
    """The text of what is no URL, without what looks like a password: broken as it is, it may be one.

    >>> _masked("{http:/user:secret@shop.example, //me:secret@, https://shop.example")
    '{http:/***@shop.example, //***@, https://shop.example'
    """
    return _SECRET.sub(lambda found: f"{found[1]}***@" if found[2] else found[0], text)


def _shown(text: str) -> str:
    r"""The text as it may stand in a terminal, a log or a table.

    >>> _shown("http://user:secret@shop.example/\x1b[2J")
    'http://***@shop.example/[2J'
    """
    return _USERINFO.sub(r"\1***@", _UNSHOWABLE.sub("", text))[:MAX_URL_LENGTH]
