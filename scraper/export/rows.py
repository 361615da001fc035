"""A product as a row of plain values, exact and ready for JSON."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal

from scraper.models import Product

COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Product))
"""The columns of every table of products, in order."""


def to_row(product: Product) -> dict[str, object]:
    """Column -> value: strings, integers, lists, dicts or None; decimals are strings, moments RFC 3339 in UTC."""
    return {column: _plain(getattr(product, column)) for column in COLUMNS}


def _plain(value: object) -> object:
    if value is None or type(value) is str:
        return value
    match value:
        case Decimal():
            return f"{value:f}"  # str() would answer 1E+3 for some
        case datetime():
            return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
        case str():
            return str(value)  # of a Status, its value
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value
