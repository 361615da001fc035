"""CSV: what any reader gets back, and what no spreadsheet computes."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.export.csv import FAILURE_COLUMNS, write_failures, write_products
from scraper.export.rows import COLUMNS
from scraper.models import Failure, Product, Status
from scraper.sources import read_sources

PRODUCT = Product(
    url="https://shop.example/p",
    final_url="https://shop.example/p?x=1",
    status=Status.OK,
    http_status=200,
    fetched_at=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
)
FAILURE = Failure("https://shop.example/p", Status.TIMEOUT, "read", "silent for 15 s", attempts=3)


def written(*products: Product) -> str:
    stream = io.StringIO(newline="")
    assert write_products(products, stream) == len(products)
    return stream.getvalue()


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def name_cell(name: str) -> str:
    (row,) = read(written(replace(PRODUCT, name=name)))
    return row["name"]


def test_a_table_has_its_header_even_when_empty() -> None:
    """All columns in their order, a line ending as RFC 4180 has it."""
    assert written() == ",".join(COLUMNS) + "\r\n"


def test_values_are_plain_text() -> None:
    """Decimals have no exponent, collections are compact JSON, nothing is an empty cell."""
    product = replace(
        PRODUCT, price=Decimal("1E+3"), images=("a", "ü"), attributes={"b": "1", "a": "é"}, name="", review_count=0
    )
    (row,) = read(written(product))
    assert {column: cell for column, cell in row.items() if cell} == {
        "url": "https://shop.example/p",
        "final_url": "https://shop.example/p?x=1",
        "status": "ok",
        "http_status": "200",
        "fetched_at": "2024-05-06T07:08:09Z",
        "price": "1000",
        "images": '["a","ü"]',
        "attributes": '{"b":"1","a":"é"}',
        "review_count": "0",
    }


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ('=HYPERLINK("http://evil.example","x")', '\'=HYPERLINK("http://evil.example","x")'),
        ("+49 30 123", "'+49 30 123"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\rtext", "'\ntext"),
        ("\ttext", "' text"),
        ("  =1", "'  =1"),
        ("\x00=1", "'=1"),
        ("\x9f=1", "'=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("-", "'-"),
        ("-5\n", "'-5\n"),
        ("-5", "-5"),
        ("+5.50", "+5.50"),
        ("a=1", "a=1"),
        ("'quoted", "'quoted"),
        ('say "x", y', 'say "x", y'),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("\x1b[2Ja\x00b\x7f\x9f", "[2Jab"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("日本 😀", "日本 😀"),
    ],
)
def test_hostile_cells_are_harmless(text: str, cell: str) -> None:
    """What a spreadsheet would compute has an apostrophe, what a terminal would obey is gone."""
    assert name_cell(text) == cell


def test_collections_are_cleaned_too() -> None:
    """JSON leaves some control characters and half characters as they are; a cell does not."""
    (row,) = read(written(replace(PRODUCT, warnings=("\x9b\ud800\n",))))
    assert row["warnings"] == '["\ufffd\\n"]'


@given(st.text(st.characters()))
def test_any_text_comes_back(text: str) -> None:
    """A reader gets the text without control characters, after an apostrophe where there may be one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(c for c in lines if c == "\n" or unicodedata.category(c) != "Cc")
    expected = "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in kept)
    assert name_cell(text).removeprefix("'") == expected.removeprefix("'")
    assert name_cell(text).strip()[:1] not in {"=", "@"}


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]))),
    st.dictionaries(st.text("ab\n\"'=,;"), st.text('\r\n,"')),
)
def test_any_collection_comes_back(images: list[str], attributes: dict[str, str]) -> None:
    """The JSON of a cell holds the very values."""
    (row,) = read(written(replace(PRODUCT, images=tuple(images), attributes=attributes)))
    assert json.loads(row["images"] or "[]") == images
    assert json.loads(row["attributes"] or "{}") == attributes


def test_products_are_written_as_they_come() -> None:
    """The first row is in the stream before the second product is asked for."""
    stream = io.StringIO(newline="")

    def products() -> Iterator[Product]:
        yield PRODUCT
        assert stream.getvalue().count("\r\n") == 2
        yield PRODUCT

    assert write_products(products(), stream) == 2


def test_failures_have_their_columns() -> None:
    """Unknown HTTP status is an empty cell."""
    stream = io.StringIO(newline="")
    assert write_failures([FAILURE], stream) == 1
    header, row = stream.getvalue().splitlines()
    assert header == ",".join(FAILURE_COLUMNS) == "url,status,http_status,reason,attempts,message"
    assert row == "https://shop.example/p,timeout,,read,3,silent for 15 s"


@pytest.mark.parametrize(
    "url",
    ['https://shop.example/a,b?c="d"', "https://shop.example/größe", "=1+1", "-x", "@home", "+49 30", "just words"],
)
def test_failures_are_a_list_of_urls(tmp_path: Path, url: str) -> None:
    """The file can be given as a source, and every URL is as it was given."""
    path = tmp_path / "products.failures.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_failures([replace(FAILURE, url=url, message="two\nlines"), FAILURE], stream)
    assert [line.given for line in read_sources([str(path)])] == [url, FAILURE.url]
