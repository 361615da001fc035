"""Outputs: a snapshot of products in, whole files out. A format is a module and a line in EXPORTERS."""

from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import TextIO

from scraper.errors import ConfigError
from scraper.export import csv, json
from scraper.models import Product

Exporter = Callable[[Iterable[Product], TextIO], int]
"""Writes products to a stream as they come; the number of products written."""

EXPORTERS: dict[str, Exporter] = {
    "csv": csv.write_products,
    "jsonl": json.write_lines,
    "ndjson": json.write_lines,
    "json": json.write_array,
}
"""By the name of the format, which is also the suffix of its files."""


def format_of(path: str) -> str:
    """The name of the format that the suffix of `path` asks for.

    >>> format_of("out/Products.CSV")
    'csv'
    """
    name = PurePath(path).suffix.lower().removeprefix(".")
    if name not in EXPORTERS:
        raise ConfigError(f"{path}: no format has this suffix; there are {', '.join(f'.{name}' for name in EXPORTERS)}")
    return name
