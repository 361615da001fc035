"""What is fuzzed: functions that take any bytes, and fail where something is not as it always should be."""

import contextlib
import gzip
import http.client
import io
import re
import socket
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, cast

import brotli  # type: ignore[import-untyped]

from scraper.errors import FetchError, InputError, InvalidUrl
from scraper.fetch.answer import Answer
from scraper.fetch.content import read_body, read_start
from scraper.models import Page
from scraper.parse import values
from scraper.parse.availability import parse_availability, parse_condition
from scraper.parse.codes import parse_gtin, parse_mpn, parse_sku
from scraper.parse.document import decode
from scraper.parse.embedded_json import attribute_literals, literals, load_json, read_literal
from scraper.parse.page import parse_page
from scraper.parse.price import parse_machine_amount, parse_price, parse_shipping_price
from scraper.sources import MAX_LINE_LENGTH, read_sources
from scraper.urls import MAX_URL_LENGTH, parse_url
from tests.parse.pages import page_of
from tests.parse.validity import check_outcome

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGES = [path.read_bytes() for path in sorted(FIXTURES.rglob("*.html"))]
MARKS = (re.compile("price"), re.compile("name"))
ANSWERS: list[dict[str, Any]] = [
    {},
    {"content_type": None},
    {"content_type": "text/html; charset=windows-1251"},
    {"url": "https://shop.example.cl/p/1?variant=2#3"},
    {"url": "https://shop.example/"},
    {"http_status": 404},
    {"http_status": 403},
]
CODINGS = ("gzip", "deflate", "br", "zstd", "gzip, br", "deflate, zstd", "zstd, gzip, br")
SUFFIXES = (".txt", ".csv", ".tsv", ".jsonl")
PACKERS: tuple[Callable[[bytes], bytes], ...] = (gzip.compress, zlib.compress, brotli.compress, zstd.compress)
LABELS = (b"utf-8", b"gbk", b"shift_jis", b"utf-16", b"iso-2022-jp", b"euc-kr", b"big5", b"x-user-defined")
LISTS = (
    b"# ours\nhttps://shop.example/p/1\n\n<http://me:secret@shop.example/>\nhttps:\\\\shop.example\n",
    b'id;URL\n1;"https://shop.example/p/1"\n2;\n',
    b'name\turl\n"Cup\thttps://shop.example/p/1\n',
    b'{"url": "https://shop.example/p/1"}\n"https://shop.example/p/2"\n[1\n',
)
ANSWERED = (
    b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: a=b\r\nX: a\r\n b\r\n\r\n<p>",
    b"HTTP/1.0 404 Not Found\r\nConnection: close\r\nnonsense\r\n\r\nrest",
    b"HTTP/1.1 200\nTransfer-Encoding: chunked\n\n3;a=b\r\n<p>\r\n0\r\nTrailer: x\r\n\r\n",
)
MOST_BYTES = 200_000
TOKEN = re.compile(rb"<[^<>]{0,80}>|\"[^\"]{0,80}\"|\w+|\s+|.", re.S)
TOKENS_APART = 20
SHORT, LONG = 16_000, 64_000
"""In bytes: pages that repeat a piece."""
SECONDS = 0.15
"""A page of LONG bytes that is parsed in less is not looked at closer; instrumented, everything takes longer."""
MOST_GROWTH = 6.5
"""Of the time, where the page grows by 4."""


def check_page(page: Page) -> None:
    """Parsed twice, to the same valid outcome."""
    outcome = parse_page(page)
    check_outcome(outcome)
    assert parse_page(page) == outcome


def page(data: bytes) -> None:
    """A whole page; the first byte is the answer that it came with."""
    check_page(page_of(data[1:], **ANSWERS[sum(data[:1]) % len(ANSWERS)]))


def jsonld(data: bytes) -> None:
    """The text of one block."""
    check_page(page_of(b"<h1>Blue Cup</h1><script type=application/ld+json>" + data + b"</script>"))


def script(data: bytes) -> None:
    """Code of a page, also read by itself."""
    text = data.decode(errors="surrogateescape")
    for at in [found.start() for found in re.finditer(r"[\[{]", text)][:20]:
        assert at <= read_literal(text, at)[1] <= len(text)
    assert list(literals(text, MARKS)) == list(literals(text, MARKS))
    list(attribute_literals(text, MARKS))
    load_json(text)
    check_page(page_of(b"<h1>Blue Cup</h1><p>5 EUR</p><script>" + data + b"</script>"))


def price(data: bytes) -> None:
    """A text where a price may stand, or any other value; the first byte is what is known of the page."""
    known, text = sum(data[:1]), data[1:].decode(errors="replace")
    country, mark = (None, "us", "kw", "cl")[known % 4], (None, ".", ",")[known % 3]
    found = parse_price(text, country=country, decimal_separator=mark)
    assert found is None or 0 < found.amount <= 10**12
    assert found is None or parse_price(found.text, country=country, decimal_separator=mark) is not None
    assert 0 <= (parse_machine_amount(text) or 0) <= 10**12
    assert (parse_shipping_price(text) or 0) >= 0
    plain = values.clean_text(text)
    assert plain is None or plain == " ".join(plain.split()) != ""
    for parse in (parse_gtin, parse_sku, parse_mpn, parse_availability, values.parse_date):
        once = parse(text)
        assert once is None or parse(once) == once, (parse, once)
    assert (parse_condition(text) or "Condition").endswith("Condition")
    assert (values.parse_count(text) or 0) >= 0
    assert 0 <= (values.parse_rating(text) or 0) <= 100


def charset(data: bytes) -> None:
    """A body, after a line that is its Content-Type."""
    header, _, body = data.partition(b"\n")
    text = decode(body, header.decode("latin-1"))
    assert not re.search("[\ud800-\udfff]", text)
    assert len(text) <= len(body)


def lists(data: bytes) -> None:
    """A list; the first byte is the suffix of its file."""
    with (
        tempfile.NamedTemporaryFile(suffix=SUFFIXES[sum(data[:1]) % len(SUFFIXES)]) as file,
        contextlib.suppress(InputError),
    ):
        file.write(data[1:])
        file.flush()
        for line in read_sources([file.name]):
            assert len(line.given) <= MAX_URL_LENGTH
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", line.given + (line.message or ""))
            assert (line.url is None) == (line.reason is not None)
    text = data[1:].decode(errors="replace")
    with contextlib.suppress(InvalidUrl):
        url = parse_url(text[:MAX_LINE_LENGTH])
        assert parse_url(url.href).href == url.href


def answer(data: bytes) -> None:
    """What a server sends, head and body."""
    reading = Answer(cast(socket.socket, _Socket(data)))
    with contextlib.suppress(http.client.HTTPException, ConnectionError, TimeoutError):
        reading.begin()
        assert all(name.isascii() and not re.search(r"[\r\n\0]", value) for name, value in reading.headers.items())
        while reading.read1(1 << 16):
            pass


def body(data: bytes) -> None:
    """A coded body; the first two bytes are its codings and the size of the pieces in which it comes."""
    codings, size, coded = CODINGS[sum(data[:1]) % len(CODINGS)], 1 + sum(data[1:2]) ** 2, data[2:]
    pieces = [coded[at : at + size] for at in range(0, len(coded), size)]
    with contextlib.suppress(FetchError):
        whole = read_body(URL, pieces, codings, max_bytes=MOST_BYTES)
        assert whole == read_body(URL, [coded], codings, max_bytes=MOST_BYTES)
        assert whole[:100] == read_start(URL, pieces, codings, max_bytes=100)


def growth(data: bytes) -> None:
    """A page that repeats a piece, which stands between two zero bytes: its time is in proportion to its length."""
    before, piece, after, *_ = (*data.split(b"\0", 2), b"", b"")

    def seconds(length: int) -> float:
        repeated = page_of(before + piece * (length // len(piece)) + after)
        start = time.thread_time()
        outcome = parse_page(repeated)
        took = time.thread_time() - start
        check_outcome(outcome)
        return took

    if piece and seconds(LONG) > SECONDS:
        long, short = (min(seconds(length) for _ in range(3)) for length in (LONG, SHORT))
        assert long < SECONDS or long < MOST_GROWTH * short, f"{short:.3f} s became {long:.3f} s"


URL = parse_url("https://shop.example/p/1")
TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (page, jsonld, script, price, charset, lists, answer, body, growth)
}


def seeds(name: str) -> list[bytes]:
    """What the fuzzer begins with."""
    return list(dict.fromkeys(seed[:MOST_BYTES] for seed in _seeds(name)))


def _seeds(name: str) -> Iterable[bytes]:
    whole = b"\n".join(PAGES)
    texts = re.findall(rb">\s*([^<>]{2,200}?)\s*<", whole)
    by_target: dict[str, Iterable[bytes]] = {
        "page": (bytes([kind]) + page for kind, page in enumerate(PAGES)),
        "jsonld": re.findall(rb"<script[^>]*ld\+json[^>]*>(.*?)</script>", whole, re.S),
        "script": re.findall(rb"<script(?![^>]*ld\+json)[^>]*>(.+?)</script>", whole, re.S),
        "price": (bytes([known % 12]) + text for known, text in enumerate(texts)),
        "charset": (b"text/html; charset=" + label + b"\n" + page for label in LABELS for page in PAGES[::9]),
        "lists": (bytes([kind]) + text for kind in range(len(SUFFIXES)) for text in LISTS),
        "answer": ANSWERED,
        "body": (bytes([kind, 9]) + pack(PAGES[0]) for kind, pack in enumerate(PACKERS)),
        "growth": (
            page[: token.start()] + b"\0" + token[0] + b"\0" + page[token.end() :]
            for page in (page.replace(b"\0", b"") for page in PAGES)
            for token in islice(TOKEN.finditer(page), 0, None, TOKENS_APART)
        ),
    }
    return by_target[name]


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(self._data))
