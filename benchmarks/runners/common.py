"""What all runners share, so that they differ in fetching and in selecting only.

Each gives a `Page` the means of its own library. How a page is read is what somebody writes who knows the shops of the
list: JSON-LD if there is any, else the JSON of the page's program, else CSS.
"""

import argparse
import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

COLUMNS = ("url", "name", "price", "currency", "availability", "sku", "image")

Row = dict[str, Any]


class Page(Protocol):
    """A page, as a library shows it."""

    html: str

    def text(self, css: str) -> str | None:
        """Of the first element that fits; None if there is none."""

    def attribute(self, css: str, name: str) -> str | None:
        """Of the first element that fits; None if there is none."""

    def texts(self, css: str) -> Iterable[str]:
        """Of all elements that fit."""


class Arguments(NamedTuple):
    """What every runner is told."""

    urls: list[str]
    output: Path
    concurrency: int


def arguments() -> Arguments:
    """From the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("urls", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("concurrency", type=int)
    given = parser.parse_args()
    return Arguments(given.urls.read_text(encoding="utf-8").split(), given.output, given.concurrency)


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def read_product(url: str, page: Page) -> Row:
    """The row of a page."""
    fields = (
        read_jsonld(json.loads(text) for text in page.texts('script[type="application/ld+json"]'))
        or _read_state(page)
        or _read_microdata(page)
        or read_visible(page)
    )
    return {"url": url, **fields}


def read_jsonld(values: Iterable[Any]) -> Row | None:
    """Of the first Product."""
    for value in values:
        if value.get("@type") == "Product":
            offer = value["offers"]
            images = value["image"]
            return {
                "name": value["name"],
                "price": offer["price"],
                "currency": offer["priceCurrency"],
                "availability": offer["availability"].rpartition("/")[2],
                "sku": value["sku"],
                "image": images if isinstance(images, str) else images[0],
            }
    return None


_INITIAL_STATE = re.compile(r"window\.__INITIAL_STATE__ = (\{.*?\});</script>", re.DOTALL)


def _read_state(page: Page) -> Row | None:
    if "__NEXT_DATA__" in page.html and (text := page.text("script#__NEXT_DATA__")):
        product = json.loads(text)["props"]["pageProps"]["product"]
        return {
            "name": product["name"],
            "price": product["price"]["amount"],
            "currency": product["price"]["currencyCode"],
            "availability": product["availability"],
            "sku": product["sku"],
            "image": product["images"][0]["url"],
        }
    if match := _INITIAL_STATE.search(page.html):
        product = json.loads(match[1])["product"]["current"]
        stock = product["stock"]["stockLevelStatus"]
        return {
            "name": product["name"],
            "price": product["price"]["value"],
            "currency": product["price"]["currencyIso"],
            "availability": stock[0].upper() + stock[1:],
            "sku": product["code"],
            "image": product["images"][0]["url"],
        }
    return None


def _read_microdata(page: Page) -> Row | None:
    name = page.text(".product-view h1[itemprop=name]")
    if name is None:
        return None
    return {
        "name": name,
        "price": page.attribute(".product-view [itemprop=price]", "content"),
        "currency": page.attribute(".product-view [itemprop=priceCurrency]", "content"),
        "availability": (page.attribute(".product-view [itemprop=availability]", "href") or "").rpartition("/")[2],
        "sku": page.text(".product-view [itemprop=sku]"),
        "image": page.attribute(".product-view [itemprop=image]", "src"),
    }


_STOCK = {
    **dict.fromkeys(("In stock", "Auf Lager", "En stock"), "InStock"),
    **dict.fromkeys(("Out of stock", "Nicht auf Lager", "Rupture de stock"), "OutOfStock"),
    **dict.fromkeys(("Pre-order", "Vorbestellbar", "Précommande"), "PreOrder"),
}
_CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR"}


def read_visible(page: Page) -> Row:
    """From what people see."""
    price = page.text(".product-price .price-now") or ""
    digits = re.sub(r"\D", "", price)
    return {
        "name": page.text("h1.product-title"),
        "price": f"{digits[:-2]}.{digits[-2:]}",
        "currency": next((code for sign, code in _CURRENCIES.items() if sign in price), None),
        "availability": _STOCK.get(page.text(".product-stock") or ""),
        "sku": page.text(".product-number .sku"),
        "image": page.attribute("img.product-image", "src"),
    }
