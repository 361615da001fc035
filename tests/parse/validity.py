"""What holds for the outcome of any page, whatever it is."""

import json
import pickle
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal

from scraper.export.rows import to_row
from scraper.models import Outcome, Product, Status
from scraper.parse.codes import parse_gtin
from scraper.parse.currencies import CURRENCIES

SOURCES = {"rule", "jsonld", "microdata", "rdfa", "microformats", "state", "opengraph", "html"}
FIELDS = {field.name for field in fields(Product)}
CLEAN = ("name", "brand", "description", "category", "sku", "mpn", "color", "size", "seller", "product_id")
STATUSES = {
    *(Status.OK, Status.PARTIAL),
    *(Status.NOT_PRODUCT, Status.BLOCKED, Status.GONE, Status.HTTP_ERROR),
}


def check_outcome(outcome: Outcome) -> None:
    """Fails where an outcome of the parser is none that a table may hold."""
    assert outcome.status in STATUSES, outcome
    assert pickle.loads(pickle.dumps(outcome)) == outcome  # noqa: S301
    for text in texts_in(asdict(outcome)):
        text.encode()
        assert not {unicodedata.category(character) for character in text} & {"Cc", "Cs"}, repr(text)
    if isinstance(outcome, Product):
        check_product(outcome)
    else:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", outcome.reason)


def check_product(product: Product) -> None:
    """As `check_outcome`, field by field."""
    json.dumps(to_row(product), allow_nan=False)
    assert product.status is not Status.OK or (product.name and (product.price or product.availability))
    for name in CLEAN:
        text = getattr(product, name)
        assert text is None or text == " ".join(text.split()) != "", (name, text)
    for amount in (product.price, product.regular_price):
        assert amount is None or (amount.is_finite() and 0 < amount <= 10**12)
    assert product.regular_price is None or (product.price is not None and product.regular_price > product.price)
    assert product.shipping_price is None or (product.shipping_price.is_finite() and product.shipping_price >= 0)
    assert product.currency is None or product.currency in CURRENCIES
    assert product.gtin is None or parse_gtin(product.gtin) == product.gtin
    assert product.price_valid_until is None or date.fromisoformat(product.price_valid_until)
    assert (product.availability or "A").isalpha()
    assert (product.condition or "Condition").endswith("Condition")
    assert all(image.startswith(("http://", "https://")) for image in product.images)
    assert product.image == (product.images[0] if product.images else None)
    assert product.rating is None or 0 <= product.rating <= (product.rating_max or Decimal(100))
    assert product.review_count is None or product.review_count >= 0
    assert set(product.sources) <= FIELDS
    assert set(product.sources.values()) <= SOURCES
    assert all(getattr(product, name) not in (None, (), {}) for name in product.sources)


def texts_in(value: object) -> Iterator[str]:
    """All texts of a value: itself, or in a container."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_in(key)
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)
