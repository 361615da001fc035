"""Outcomes as the rows of the store's tables, and back."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from scraper.models import Failure, Outcome, Product, Status

_PAGE_COLUMNS = ("url", "final_url", "status", "http_status", "fetched_at")
PRODUCT_COLUMNS = tuple(entry.name for entry in fields(Product) if entry.name not in _PAGE_COLUMNS)
"""Of the table `products`, after the page."""
_DECIMALS = frozenset({"price", "regular_price", "rating", "rating_max", "shipping_price"})
_JSON = frozenset({"images", "attributes", "sources", "warnings"})

_to_json = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each cell
_from_json = json.JSONDecoder().raw_decode  # json.loads would look for blanks around what we wrote without any


def page_values(outcome: Outcome, attempts: int, elapsed_seconds: float, page: int) -> tuple[Any, ...]:
    """What a finished page's row in `pages` says, its id last."""
    reason, message = (outcome.reason, outcome.message) if isinstance(outcome, Failure) else (None, None)
    fetched_at = outcome.fetched_at and timestamp(outcome.fetched_at)
    return (
        outcome.status,
        reason,
        message and storable(message),
        outcome.http_status,
        outcome.final_url and storable(outcome.final_url),
        attempts,
        fetched_at,
        elapsed_seconds,
        page,
    )


def product_values(product: Product) -> Iterator[Any]:
    """The cells of `PRODUCT_COLUMNS`: whole numbers as they are, all else as text, lists and objects as JSON."""
    for name in PRODUCT_COLUMNS:
        value = getattr(product, name)
        if value is None or isinstance(value, int):
            yield value
        elif isinstance(value, Decimal):
            yield format(value, "f")
        elif isinstance(value, str):
            yield storable(value)
        else:
            yield storable(_to_json(dict(value) if isinstance(value, Mapping) else value))


def outcome_of(row: tuple[Any, ...]) -> Outcome:
    """The outcome of a line: given, final URL, status, HTTP status, time, reason, message, attempts, product's cells.

    Raises ValueError, TypeError or ArithmeticError for cells that hold what was never written.
    """
    url, final_url, status, http_status, fetched_at, reason, message, attempts, *values = row
    moment = datetime.fromisoformat(fetched_at) if fetched_at else None
    if status is None:
        return Failure(url, Status.CANCELLED, "stopped", "not done when the run was stopped; run again to resume")
    if not Status(status).is_product or moment is None:
        return Failure(url, Status(status), reason, message, http_status, attempts, final_url, moment)
    for place, read in _READERS:
        if values[place] is not None:
            values[place] = read(values[place])
    return Product(url, final_url, Status(status), http_status, moment, *values)


def _read_json(text: str) -> Any:
    content, end = _from_json(text)
    if end < len(text):
        raise ValueError("more than one value")
    return tuple(content) if isinstance(content, list) else content


_READERS: list[tuple[int, Callable[[str], Any]]] = [
    *((place, Decimal) for place, name in enumerate(PRODUCT_COLUMNS) if name in _DECIMALS),
    *((place, _read_json) for place, name in enumerate(PRODUCT_COLUMNS) if name in _JSON),
]
"""Where the columns stand that are more than text or a whole number."""


def timestamp(moment: datetime) -> str:
    """In UTC, to the millisecond (RFC 3339)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def storable(text: str) -> str:
    """The text without lone surrogates: SQLite stores UTF-8, which has none."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
