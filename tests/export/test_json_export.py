"""JSON and JSON lines: every value comes back exactly."""

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.export.json import write_array, write_lines
from scraper.models import Product, Status

PRODUCT = Product("https://shop.example/p", "https://shop.example/p", Status.OK, 200, datetime(2024, 5, 6, tzinfo=UTC))

Write = Callable[[Iterable[Product], TextIO], int]


def written(write: Write, *products: Product) -> str:
    stream = io.StringIO(newline="")
    assert write(products, stream) == len(products)
    return stream.getvalue()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_array_is_valid_at_any_length(count: int) -> None:
    """No products are an empty array."""
    assert len(json.loads(written(write_array, *[PRODUCT] * count))) == count


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_line_is_an_object(count: int) -> None:
    """Every line ends, and nothing stands between them."""
    lines = written(write_lines, *[PRODUCT] * count).splitlines(keepends=True)
    assert [json.loads(line)["url"] for line in lines if line.endswith("}\n")] == [PRODUCT.url] * count


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=2), st.dictionaries(st.text(), st.text()))
def test_any_product_comes_back(name: str, price: Decimal, attributes: dict[str, str]) -> None:
    """Texts, prices and collections are the same after reading, on a single line."""
    text = written(write_lines, replace(PRODUCT, name=name, price=price, images=(name,), attributes=attributes))
    assert text.count("\n") == 1
    row = json.loads(text)
    assert (row["name"], Decimal(row["price"]), row["images"], row["attributes"]) == (name, price, [name], attributes)


@pytest.mark.parametrize("write", [write_lines, write_array])
def test_text_is_readable_and_fits_into_utf_8(write: Write) -> None:
    """Letters stand as they are; half a character is replaced."""
    text = written(write, replace(PRODUCT, name="größe\ud800"))
    assert '"name": "größe\ufffd"'.encode() in text.encode()


@pytest.mark.parametrize("write", [write_lines, write_array])
def test_products_are_written_as_they_come(write: Write) -> None:
    """The first object is in the stream before the second product is asked for."""
    stream = io.StringIO()

    def products() -> Iterator[Product]:
        yield PRODUCT
        assert stream.getvalue().count(PRODUCT.final_url) == 2
        yield PRODUCT

    assert write(products(), stream) == 2
