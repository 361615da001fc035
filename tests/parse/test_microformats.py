"""hProduct and h-product."""

from scraper.models import Product
from scraper.parse.microformats import extract_microformats
from scraper.parse.page import parse_page
from tests.parse.pages import document_of, page_of

CLASSIC = """<div class="hproduct item">
  <p class="brand vcard"><span class="fn org">Acme</span></p>
  <h1 class="fn">Blue Cup</h1><a class="url" href="/p/1"><img class="photo" src="/cup.jpg" alt=""></a>
  <p class="identifier"><span class="type">MPN</span>: <span class="value">BC-1</span></p>
  <p class="identifier"><span class="type">EAN</span> <abbr class="value" title="4006381333931">on the box</abbr></p>
  <p class="price"><abbr class="currency" title="EUR">€</abbr> <span class="value">12.50</span></p>
  <div class="review hreview-aggregate"><span class="item"><span class="fn">Cups of Acme</span></span>
  <span class="rating"><span class="average">4.5</span> of <i class="best">5</i></span>,
  <b class="count">12</b></div>
  <span class="description">Holds tea.</span> <span class="category">Kitchen</span></div>"""


def test_hproduct_with_its_nested_formats() -> None:
    """Names inside a card or a review are theirs; parts called value and machine attributes stand for the text."""
    assert [candidate.fields for candidate in extract_microformats(document_of(CLASSIC))] == [{
        "name": "Blue Cup", "brand": "Acme", "url": "/p/1", "images": ["/cup.jpg"], "mpn": "BC-1",
        "gtin": "4006381333931", "price_text": "12.50", "currency": "EUR", "category": "Kitchen",
        "description": "Holds tea.", "rating": "4.5 of 5", "rating_max": "5", "review_count": "12",
    }]  # fmt: skip


def test_h_product_of_the_second_version() -> None:
    """Prefixed classes; a price in `data`, an identifier that is a URN, a brand that is a card."""
    body = """<main class="h-product"><h1 class="p-name">Mug</h1><a class="p-brand h-card" href="/b/">Acme</a>
      <data class="p-price" value="9.90 GBP">£9.90</data><a class="u-photo" href="/m.jpg"><img src="/s.jpg"></a>
      <data class="u-identifier" value="isbn:9780306406157">ISBN</data><p class="p-review h-review-aggregate">
      <b class="p-average">4</b> <i class="p-votes">7</i></p></main>"""
    assert [candidate.fields for candidate in extract_microformats(document_of(body))] == [{
        "name": "Mug", "brand": "Acme", "price_text": "9.90 GBP", "gtin": "isbn:9780306406157", "images": ["/m.jpg"],
        "rating": "4", "review_count": "7",
    }]  # fmt: skip


def test_microformats_are_enough_for_a_product() -> None:
    """The page has no other markup, and what it tells has the format as its source."""
    product = parse_page(page_of(CLASSIC))
    assert isinstance(product, Product)
    assert (product.name, str(product.price), product.currency, product.gtin) == (
        "Blue Cup", "12.50", "EUR", "4006381333931",
    )  # fmt: skip
    assert {product.sources[key] for key in ("name", "price", "brand", "mpn", "rating")} == {"microformats"}


def test_listed_products_are_no_product() -> None:
    """A dozen items of a format are a listing."""
    items = "".join(
        f'<li class="h-product"><a class="p-name">Cup {n}</a> <b class="p-price">{n} €</b>' for n in range(12)
    )
    outcome = parse_page(page_of(f"<h1>Cups</h1><ul>{items}</ul>"))
    assert getattr(outcome, "reason", None) == "listing"


def test_other_things_called_product_are_none() -> None:
    """The class must be the format's own, whole."""
    assert extract_microformats(document_of('<div class="search-product"><b class="p-name">Cup</b></div>')) == []
