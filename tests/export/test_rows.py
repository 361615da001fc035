"""Rows: each value of a product in its plain form."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from scraper.errors import ConfigError
from scraper.export import EXPORTERS, format_of
from scraper.export.rows import COLUMNS, to_row
from scraper.models import Product, Status

PRODUCT = Product(
    "https://shop.example/p", "https://shop.example/q", Status.PARTIAL, 200, datetime(2024, 5, 6, tzinfo=UTC)
)


def test_columns_are_the_fields_in_order() -> None:
    """The table begins with the URL and ends with the warnings."""
    assert COLUMNS[:6] == ("url", "final_url", "status", "http_status", "fetched_at", "name")
    assert COLUMNS[-3:] == ("attributes", "sources", "warnings")
    assert tuple(to_row(PRODUCT)) == COLUMNS


@pytest.mark.parametrize(
    ("column", "value", "plain"),
    [
        ("price", Decimal("19.90"), "19.90"),
        ("price", Decimal("1E+3"), "1000"),
        ("price", Decimal("0E-7"), "0.0000000"),
        ("rating", Decimal("4.5"), "4.5"),
        ("review_count", 0, 0),
        ("name", None, None),
        ("name", "", ""),
        ("images", ("a", "b"), ["a", "b"]),
        ("warnings", (), []),
        ("attributes", {"b": "1", "a": "2"}, {"b": "1", "a": "2"}),
        ("status", Status.OK, "ok"),
        ("fetched_at", datetime(2024, 5, 6, 7, 8, 9, 999_999, UTC), "2024-05-06T07:08:09Z"),
        ("fetched_at", datetime(2024, 5, 6, 1, tzinfo=timezone(timedelta(hours=2))), "2024-05-05T23:00:00Z"),
    ],
)
def test_values_are_plain_and_exact(column: str, value: object, plain: object) -> None:
    """Every type has one plain form, which JSON takes as it is."""
    row = to_row(replace(PRODUCT, **{column: value}))
    assert row[column] == plain
    assert type(row[column]) is type(plain)
    assert json.loads(json.dumps(row)) == row


@pytest.mark.parametrize(
    ("path", "name"),
    [("products.csv", "csv"), ("a.b/OUT.JSONL", "jsonl"), ("x.ndjson", "ndjson"), ("x.json", "json")],
)
def test_the_suffix_decides_the_format(path: str, name: str) -> None:
    """In any case, and only the last suffix."""
    assert format_of(path) == name
    assert name in EXPORTERS


@pytest.mark.parametrize("path", ["products", "products.", "products.exe", ".csv", "products.csv.gz"])
def test_an_unknown_suffix_is_refused(path: str) -> None:
    """The error names the formats there are."""
    with pytest.raises(ConfigError, match=r"\.csv, \.jsonl, \.ndjson, \.json") as caught:
        format_of(path)
    assert str(caught.value).startswith(f"{path}: ")
