"""Lists of URLs: what every kind of source holds, in every encoding, in flat memory."""

import gzip
import io
import os
import re
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.errors import InputError
from scraper.sources import MAX_LINE_LENGTH, Line, check_sources, parse_entry, read_sources
from scraper.urls import MAX_URL_LENGTH, parse_url

A, B = "https://shop.example/a", "https://shop.example/b"


def read(path: Path, content: bytes, **options: str) -> list[Line]:
    path.write_bytes(content)
    return list(read_sources([str(path)], **options))


def outcome(line: Line) -> tuple[str, str | None]:
    """Line number, and the URL or the reason why it is none."""
    return line.where.rpartition(":")[2], line.url.href if line.url else line.reason


KINDS = [
    ("urls.txt", f"{A}\n{B}\n", [("1", A), ("2", B)]),
    ("urls", f"{A}\n", [("1", A)]),
    ("urls.list", f"{A}\n", [("1", A)]),
    ("URLS.CSV", f"url\n{A}\n", [("2", A)]),
    ("last.txt", A, [("1", A)]),
    ("empty.txt", "", []),
    ("comments.txt", f"# list\n\n  \t\n  # more\n{A}\n", [("5", A)]),
    ("wrapped.txt", f" \"{A}\" \n<{A}>\n'{A}'\n“{A}”\n<'{A}'>\n", [(str(n), A) for n in range(1, 6)]),
    ("half.txt", f"'{A}\n{A}'\n", [("1", A), ("2", f"{A}'")]),
    ("joined.txt", f"\ufeff{A}\n\ufeff{B}\n", [("1", A), ("2", B)]),
    ("crlf.txt", f"{A}\r\n\r\n{B}\r\n", [("1", A), ("3", B)]),
    ("cr.txt", f"{A}\r{B}\r", [("1", A), ("2", B)]),
    ("nul.txt", f"\0{A}\0\n\0\n{B}", [("1", A), ("3", B)]),
    ("bad.txt", f"words\n{A}\nftp://shop.example/\n", [("1", "no_scheme"), ("2", A), ("3", "bad_scheme")]),
    ("one.csv", f"url\n{A}\n\n{B}\n", [("2", A), ("4", B)]),
    ("column.csv", f'id,url,name\n1,{A},"x, y"\n2,,\n3,{B},z\n', [("2", A), ("4", B)]),
    ("case.csv", f"id, URL \n1,{A}\n", [("2", A)]),
    ("semicolon.csv", f"id;url\n1;{A}?x=1,2\n", [("2", f"{A}?x=1,2")]),
    ("mixed.csv", f'"a;b",url\n1,{A}\n', [("2", A)]),
    ("late.csv", f"\n\nurl\n{A}\n", [("4", A)]),
    ("cell.csv", f'name,url\n"two\nlines",{A}\n"x ""y""\n\nz",{B}\n', [("2", A), ("4", B)]),
    ("head.csv", f'"two\nlines",url\nx,{A}\n', [("3", A)]),
    ("short.csv", f"name,url\nx\ny,{A}\n", [("2", "malformed_line"), ("3", A)]),
    ("quote.csv", f'name,url\n"x"y,{A}\nz,{B}\n', [("2", "malformed_line"), ("3", B)]),
    ("open.csv", f'name,url\nx,{A}\n"y,{B}\n', [("2", A), ("3", "malformed_line")]),
    ("tabs.tsv", f"name\turl\nx, y\t{A}\n", [("2", A)]),
    ("lines.jsonl", f'{{"url": "{A}", "id": 1}}\n\n"{B}"\n', [("1", A), ("3", B)]),
    ("lines.ndjson", f'{{"url": "{A}"}}\n', [("1", A)]),
    ("escaped.jsonl", '"https:\\/\\/shop.example\\/a"\n', [("1", A)]),
    ("null.jsonl", '{"url": null}\n', [("1", "malformed_line")]),
    ("half.jsonl", '"http://shop.example/\\ud800"\n', [("1", "malformed")]),
    (
        "broken.jsonl",
        f'{{"url": "{A}"\n7\n{{}}\n[]\n"{B}"\n',
        [*((str(n), "malformed_line") for n in range(1, 5)), ("5", B)],
    ),
    ("deep.jsonl", f'{"[" * 60_000}\n"{A}"\n', [("1", "malformed_line"), ("2", A)]),
]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(("name", "content", "lines"), KINDS, ids=[name for name, *_ in KINDS])
def test_reads_every_kind_of_file(
    tmp_path: Path, name: str, content: str, lines: list[tuple[str, str]], compressed: bool
) -> None:
    """The suffix decides how a file is read; a broken line is told and the rest goes on; .gz changes nothing."""
    data = content.encode()
    found = read(tmp_path / f"{name}.gz", gzip.compress(data)) if compressed else read(tmp_path / name, data)
    assert [outcome(line) for line in found] == lines


def test_a_column_can_be_chosen(tmp_path: Path) -> None:
    """The column's name holds for tables and objects alike."""
    assert outcome(read(tmp_path / "a.csv", b"url,link\nx,https://shop.example/a\n", url_column="link")[0]) == ("2", A)
    assert outcome(read(tmp_path / "a.jsonl", b'{"link": "https://shop.example/a"}', url_column="link")[0]) == ("1", A)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,urls\n", ["a.csv", "'url'", "'id', 'urls'", "did you mean 'urls'"]),
        ("id,name\n", ["'id', 'name'"]),
        ("", ["none"]),
        ('"x"y,url\n', ["header"]),
        ("x" * (MAX_LINE_LENGTH + 1), ["header", str(MAX_LINE_LENGTH)]),
    ],
)
def test_a_table_without_the_column_is_refused(tmp_path: Path, content: str, words: list[str]) -> None:
    """The error names the columns there are, and one that is near."""
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.csv", content.encode())
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("ö\n€".encode(), None),
        ("ö\n€".encode("utf-8-sig"), None),
        ("ö\n€".encode("utf-16"), None),
        (b"\xfe\xff" + "ö\n€".encode("utf-16-be"), None),
        ("ö\n€".encode("utf-16-le"), "utf-16-le"),
        ("ö\n€".encode("windows-1252"), None),
        ("ö\n€".encode("iso-8859-15"), "iso-8859-15"),
        ("ö\n€".encode("utf-8-sig"), "windows-1252"),
        ("ö\n".encode() + "€".encode("windows-1252"), None),
    ],
)
def test_reads_every_encoding(tmp_path: Path, data: bytes, encoding: str | None) -> None:
    """A mark wins over the encoding given, that over UTF-8; a line that is not UTF-8 is windows-1252."""
    path = tmp_path / "urls.txt"
    path.write_bytes(data)
    assert [line.given for line in read_sources([str(path)], encoding=encoding)] == ["ö", "€"]


@pytest.mark.parametrize("data", [b"\x81\n", b"\xff\xfea", b"\xff\xfe\x00\xd8"])
def test_no_byte_is_too_bad(tmp_path: Path, data: bytes) -> None:
    """Bytes that mean nothing in any encoding make an invalid line, not an error."""
    assert [line.reason for line in read(tmp_path / "urls.txt", data)] == ["no_scheme"]


def test_utf_16_without_a_mark_is_read(tmp_path: Path) -> None:
    """What is ASCII in it is found, since NUL counts for nothing."""
    assert outcome(read(tmp_path / "urls.txt", f"{A}\n{B}\n".encode("utf-16-le"))[1]) == ("2", B)


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    """The error names the encoding."""
    with pytest.raises(InputError, match="'klingon'"):
        read(tmp_path / "urls.txt", b"", encoding="klingon")


def test_an_encoding_that_is_not_for_files_is_refused(tmp_path: Path) -> None:
    """A codec that gives up in its own way does not end the program in its own way."""
    with pytest.raises(InputError, match="cannot be read past line 0"):
        read(tmp_path / "urls.txt", b"x", encoding="undefined")


@pytest.mark.parametrize("name", ["urls.txt", "urls.csv", "urls.jsonl"])
def test_a_line_too_long_is_skipped(tmp_path: Path, name: str) -> None:
    """It becomes an invalid line with the beginning of its text, and the next is read."""
    long, fits = "x" * (MAX_LINE_LENGTH * 3), f'"{A}"'.rjust(MAX_LINE_LENGTH)
    content = f'"url"\n{long}\n{fits}\n{long}'
    skipped, found, last = read(tmp_path / name, content.encode())[-3:]
    assert (outcome(skipped), outcome(found), outcome(last)) == (("2", "too_long"), ("3", A), ("4", "too_long"))
    assert skipped.given == "x" * MAX_URL_LENGTH


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("http://user:secret@shop.example/@b", "http://***@shop.example/@b"),
        ("HTTPS:\\\\user:s@cret@shop.example", "HTTPS:\\\\***@shop.example"),
        ("http:user:secret@shop.example/", "http:***@shop.example/"),
        ("ftp://user:secret@shop.example/", "ftp://***@shop.example/"),
        ("user:secret@shop.example", "user:***@shop.example"),
        (
            "https://shop.example/?next=http://u:secret@other.example",
            "https://shop.example/?next=http://***@other.example",
        ),
        ("https://shop.example/a:b@c", "https://shop.example/a:b@c"),
        ("https://shop.example/\x1b[2J\x7f\x85", "https://shop.example/[2J"),
        ("http://shop.example/" + "x" * MAX_URL_LENGTH, "http://shop.example/".ljust(MAX_URL_LENGTH, "x")),
    ],
)
def test_what_is_shown_is_fit_to_be_shown(tmp_path: Path, text: str, given: str) -> None:
    """Passwords and control characters stay out of the text given, and its length has a bound."""
    assert read(tmp_path / "urls.txt", text.encode())[0].given == given


def test_credentials_are_kept_for_the_request() -> None:
    """Only what is shown is redacted."""
    (line,) = read_sources(["http://user:secret@shop.example/"])
    assert line.url is not None
    assert line.url.credentials == ("user", "secret")


def test_a_refusal_says_where(tmp_path: Path) -> None:
    """Reason and sentence are those of the URL's error, after the place."""
    (line,) = read(tmp_path / "urls.txt", b"http://\n")
    assert line == Line(
        "http://", f"{tmp_path}/urls.txt:1", None, "no_host", f"{tmp_path}/urls.txt:1: a URL without a host"
    )


def test_sources_are_read_in_order(tmp_path: Path) -> None:
    """URLs of the command line, files and standard input follow one another."""
    (tmp_path / "urls.txt").write_text(f"{B}\n")
    lines = list(read_sources([A, str(tmp_path / "urls.txt"), "-", "HTTP://"], stdin=io.BytesIO(f"\n{A}".encode())))
    assert [line.where for line in lines] == [
        "command line",
        f"{tmp_path}/urls.txt:1",
        "standard input:2",
        "command line",
    ]
    assert [line.given for line in lines] == [A, B, A, "HTTP://"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (f"# list\n{A}\n", [("2", A)]),
        (f'{{"url": "{A}"}}\n\n{{"url": "{B}"}}\n', [("1", A), ("3", B)]),
        (f'{{"url": "{A}"}}\n{{"url\n', [("1", A), ("2", "malformed_line")]),
    ],
)
def test_standard_input_is_text_or_json_lines(data: str, found: list[tuple[str, str]]) -> None:
    """An object is told by its brace; standard input stays open."""
    stdin = io.BytesIO(data.encode())
    assert [outcome(line) for line in read_sources(["-"], stdin=stdin)] == found
    assert not stdin.closed


def test_standard_input_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for when a source asks for it; a process may have none."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{A}\n".encode())))
    assert [line.given for line in read_sources(["-"])] == [A]
    monkeypatch.setattr(sys, "stdin", None)
    assert list(read_sources([os.devnull])) == []


def test_standard_input_is_read_as_it_comes() -> None:
    """A line is there as soon as it was written, before the pipe is closed or a buffer full."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stdin, os.fdopen(writer, "wb", buffering=0) as pipe:
        lines = read_sources(["-"], stdin=stdin)
        pipe.write(f"{A}\n".encode())
        assert next(lines).given == A
        pipe.write(f"{B}\n".encode())
        assert next(lines).given == B
        pipe.close()
        assert list(lines) == []


class Endless(io.RawIOBase):
    """A list that never ends, and counts what was read of it."""

    def __init__(self, line: bytes, most_bytes: int | None = None) -> None:
        self.line = line
        self.bytes_read = 0
        self.most_bytes = most_bytes

    def readable(self) -> bool:
        """As io asks it."""
        return True

    def readinto(self, buffer: bytearray) -> int:
        """As io asks for bytes."""
        if self.most_bytes is not None and self.bytes_read >= self.most_bytes:
            return 0
        size = len(buffer) // len(self.line) * len(self.line)
        buffer[:size] = self.line * (size // len(self.line))
        self.bytes_read += size
        return size


def test_no_more_is_read_than_is_asked_for() -> None:
    """A list without an end gives its first lines after a few buffers."""
    stdin = Endless(f"{A}\n".encode())
    lines = read_sources(["-"], stdin=io.BufferedReader(stdin))
    assert [next(lines).given for _ in range(10)] == [A] * 10
    assert stdin.bytes_read < 64 * 1024


@pytest.mark.parametrize(
    ("block", "times", "entries"),
    [(f"{A}\n".encode() + b"# again\n" * 9, 20_000, 20_000), (b"x", 50_000_000, 1), (b'{"a":"', 8_000_000, 1)],
    ids=["200,000 lines", "a line of 50 MB", "an object of 48 MB"],
)
def test_memory_is_flat(block: bytes, times: int, entries: int) -> None:
    """Neither many lines nor an endless one gather in memory."""
    stdin = io.BufferedReader(Endless(block, len(block) * times))
    tracemalloc.start()
    found = sum(1 for _ in read_sources(["-"], stdin=stdin))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found >= entries
    assert peak_bytes < 2_000_000


def test_a_cell_that_never_ends_is_given_up(tmp_path: Path) -> None:
    """After a quote that nobody closes, a bounded part of the table is lost, and told."""
    rows = f"x,{A}\n" * 20_000
    lines = read(tmp_path / "urls.csv", f'name,url\n"x,{A}\n{rows}'.encode())
    assert lines[0].reason == "malformed_line"
    assert outcome(lines[-1]) == ("20002", A)


@pytest.mark.parametrize("cut", [0.5, 0.999])
def test_a_truncated_gzip_is_told(tmp_path: Path, cut: float) -> None:
    """The error names the file and the line reached, after the lines that could be read."""
    packed = gzip.compress("".join(f"{A}{n}\n" for n in range(20_000)).encode())
    path = tmp_path / "urls.txt.gz"
    path.write_bytes(packed[: int(len(packed) * cut)])
    lines = []
    with pytest.raises(InputError, match=r"urls\.txt\.gz: .* line [1-9]\d+") as caught:
        lines.extend(read_sources([str(path)]))
    assert f"line {len(lines)} " in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"http://shop.example/\n", b"\x1f\x8b\x08", gzip.compress(b"x" * 99)[:10] + b"\xff" * 99]
)
def test_what_is_no_gzip_is_told(tmp_path: Path, content: bytes) -> None:
    """A suffix that lies is an error that names the file."""
    with pytest.raises(InputError, match=r"urls\.gz"):
        read(tmp_path / "urls.gz", content)


class Failing(io.RawIOBase):
    """A disk that dies after the first line."""

    def __init__(self) -> None:
        self.answers: Iterator[bytes] = iter([f"{A}\n".encode()])

    def readable(self) -> bool:
        """As io asks it."""
        return True

    def readinto(self, buffer: bytearray) -> int:
        """As io asks for bytes."""
        for answer in self.answers:
            buffer[: len(answer)] = answer
            return len(answer)
        raise OSError(5, "Input/output error")


def test_a_source_that_fails_midway_is_told() -> None:
    """The lines before are read; the error says how far."""
    lines = read_sources(["-"], stdin=io.BufferedReader(Failing()))
    assert next(lines).given == A
    with pytest.raises(InputError, match=r"standard input: .* line 1 .*Input/output error"):
        next(lines)


def test_a_file_gone_since_it_was_checked_is_told(tmp_path: Path) -> None:
    """Reading finds the same words as checking."""
    with pytest.raises(InputError, match=r"urls\.txt: no such file"):
        list(read_sources([str(tmp_path / "urls.txt")]))


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (["missing.txt"], "missing.txt: no such file"),
        (["www.shop.example/p"], "www.shop.example/p: no such file"),
        (["/"], "/: a directory"),
        (["x" * 300], "too long"),
        (["ftp://user:secret@shop.example/"], r"ftp://\*\*\*@shop.example/: only http:// and https://"),
        (["file:///urls.txt"], "only http:// and https://"),
        (["-", "http://shop.example/", "-"], "standard input: .* once"),
    ],
)
def test_checking_finds_what_cannot_be_read(sources: list[str], words: str) -> None:
    """One line tells the source, what is wrong and what to do."""
    with pytest.raises(InputError, match=words) as caught:
        check_sources(sources)
    assert "\n" not in str(caught.value)


def test_permission_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system does not let us read is told, whoever we are."""
    (tmp_path / "urls.txt").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="permission denied"):
        check_sources([str(tmp_path / "urls.txt")])


def test_checking_takes_nothing_from_a_pipe(tmp_path: Path) -> None:
    """A named pipe is a source, and is not opened before the run: that would wait for its writer."""
    os.mkfifo(tmp_path / "urls")
    check_sources([str(tmp_path / "urls"), "-", A, "HTTP://bad"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.xlsx", b"PK\x03\x04rest", "list.xlsx: a spreadsheet"),
        ("list.csv", b"PK\x03\x04rest", "save it as .csv"),
        ("list.xls", b"\xd0\xcf\x11\xe0rest", "a spreadsheet"),
        ("products.db", b"SQLite format 3\0rest", "scrape export"),
        ("list.pdf", b"%PDF-1.7", "a PDF"),
        ("page.html", b"\n<!DOCTYPE html><title>x</title>", "scrape extract"),
        ("page", b"<HTML lang=en>", "scrape extract"),
        ("products.json", b'[\n{"url": "http://a.example/"}\n]', "ends in .jsonl"),
        ("urls.json", b'["http://a.example/"]', "ends in .jsonl"),
    ],
)
def test_what_is_no_list_is_refused_with_advice(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """Rather than read line by line, which would overwrite a table with nothing."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(message)):
        list(read_sources([str(path)]))


def test_a_table_without_names_of_columns_is_told(tmp_path: Path) -> None:
    """The commonest reason for a missing column."""
    path = tmp_path / "list.csv"
    path.write_text("http://shop.example/1,chair\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"rename it to end in \.txt"):
        list(read_sources([str(path)]))


def test_redacted_credentials_are_none() -> None:
    """A failures table shows `***` in place of a password; that is no password to send."""
    assert parse_entry("http://***@shop.example/", "x").url == parse_url("http://shop.example/")
