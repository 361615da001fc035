"""JSON, and JSON lines (https://jsonlines.org)."""

import json
import re
from collections.abc import Iterable
from typing import TextIO

from scraper.export.rows import to_row
from scraper.models import Product

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def write_lines(products: Iterable[Product], stream: TextIO) -> int:
    """Write one object a line, as they come; the number of products."""
    count = 0
    for product in products:
        stream.write(f"{_dump(product)}\n")
        count += 1
    return count


def write_array(products: Iterable[Product], stream: TextIO) -> int:
    """Write one array of objects, as they come; the number of products."""
    count = 0
    stream.write("[")
    for count, product in enumerate(products, start=1):
        stream.write(f"{',' if count > 1 else ''}\n{_dump(product)}")
    stream.write("\n]\n")
    return count


def _dump(product: Product) -> str:
    text = json.dumps(to_row(product), ensure_ascii=False)
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)  # UTF-8 has no place for half a character
