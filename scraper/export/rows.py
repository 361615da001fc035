"""A product as a row of plain values, exact and ready for JSON."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter

from scraper.models import Product

COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Product))
"""The columns of every table of products, in order."""


def to_row(product: Product) -> dict[str, object]:
    """Column -> value: strings, integers, lists, dicts or None; decimals are strings, moments RFC 3339 in UTC."""
    values = _values(product)
    return dict(zip(COLUMNS, [v if v is None or type(v) is str else _plain(v) for v in values], strict=True))


_values = attrgetter(*COLUMNS)


def _plain(value: object) -> object:
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
