"""JSON-LD as shops write it: the right product out of wrong types, wrong places and broken text."""

import json
from decimal import Decimal
from typing import Any

import pytest

from scraper.models import Outcome, Product
from scraper.parse.page import parse_page
from tests.parse.pages import page_of

ADDRESS = "https://shop.example.com/p/blue-mug"
PRODUCT = {"@context": "https://schema.org", "@type": "Product", "name": "Blue Mug"}
OFFER = {"@type": "Offer", "price": "12.50", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"}


def offer(**changed: object) -> dict[str, object]:
    """The offer with other properties."""
    return {**OFFER, **changed}


def parse(*blocks: object, shown: str = "", url: str = ADDRESS) -> Outcome:
    """The outcome of a page of the mug with these blocks, text as it is, and whatever it shows."""
    texts = [block if isinstance(block, str) else json.dumps(block) for block in blocks]
    scripts = "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)
    return parse_page(page_of(f"<title>Blue Mug | Shop X</title><h1>Blue Mug</h1>{shown}{scripts}", url=url))


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"brand": ["Acme"]}, {"brand": "Acme"}),
        ({"brand": [{"@type": "Brand", "name": "Acme"}]}, {"brand": "Acme"}),
        ({"brand": {"@type": "Brand", "name": {"@value": "Acme"}}}, {"brand": "Acme"}),
        ({"brand": "N/A"}, {"brand": None}),
        ({"brand": {"name": "no brand"}}, {"brand": None}),
        ({"brand": {"name": "Not specified"}}, {"brand": None}),
        ({"brand": "Not Only Cups"}, {"brand": "Not Only Cups"}),
        ({"brand": "https://shop.example.com/brands/1"}, {"brand": None}),
        ({"offers": offer(price="12,50")}, {"price": Decimal("12.50")}),
        ({"offers": offer(price="1.299,00")}, {"price": Decimal(1299)}),
        ({"offers": offer(price="24.990", priceCurrency="CLP")}, {"price": Decimal(24990)}),
        ({"offers": [offer(price="0"), OFFER]}, {"price": Decimal("12.50"), "availability": "InStock"}),
        ({"offers": [offer(availability="OutOfStock"), offer(price=14)]}, {"price": Decimal(14)}),
        ({"offers": offer(availability={"@id": "https://schema.org/OutOfStock"})}, {"availability": "OutOfStock"}),
        ({"offers": offer(availability=["http://schema.org/PreOrder"])}, {"availability": "PreOrder"}),
        ({"offers": [[OFFER]]}, {"price": Decimal("12.50"), "availability": "InStock"}),
        ({"offers": {"price": "€ 12.50"}}, {"price": Decimal("12.50"), "currency": "EUR"}),
        ({"offers": {"price": "USD 12.50"}}, {"price": Decimal("12.50"), "currency": "USD"}),
        (
            {"aggregateRating": {"ratingValue": 4.5, "reviewCount": 0, "ratingCount": 12}},
            {"rating": Decimal("4.5"), "review_count": 12},
        ),
        ({"aggregateRating": {"ratingValue": 4.5, "reviewCount": 0}}, {"rating": None}),
        ({"gtin12": 36000291452}, {"gtin": "036000291452"}),
        ({"gtin13": ["4006381333932", "4006381333931"]}, {"gtin": "4006381333931"}),
        ({"gtin13": "0000000000000"}, {"gtin": None}),
        ({"productID": "ean:4006381333931"}, {"gtin": "4006381333931"}),
        (
            {"identifier": {"@type": "PropertyValue", "propertyID": "GTIN-13", "value": "4006381333931"}},
            {"gtin": "4006381333931"},
        ),
        ({"sku": "M1", "mpn": "4006381333931"}, {"sku": "M1", "gtin": "4006381333931"}),
        ({"sku": "2000381333933", "mpn": "2000381333933"}, {"gtin": None}),
        ({"sku": 10245.0}, {"sku": "10245"}),
        ({"sku": {"@value": "M1"}}, {"sku": "M1"}),
        ({"image": "https://cdn.example/no-image.jpg"}, {"image": None}),
        (
            {"image": ["https://cdn.example/logo.png", "/i/logo-mug.jpg"]},
            {"image": "https://shop.example.com/i/logo-mug.jpg"},
        ),
        ({"image": [None, "", "//cdn.example/m.jpg"]}, {"image": "https://cdn.example/m.jpg"}),
        ({"name": "Blue Mug – Shop X"}, {"name": "Blue Mug"}),
        ({"name": "Shop X: Blue Mug"}, {"name": "Blue Mug"}),
        ({"name": "Buy Blue Mug online at Shop X"}, {"name": "Blue Mug"}),
        ({"name": "Blue Mug Large"}, {"name": "Blue Mug Large"}),
        ({"name": "Blue Mug by Acme"}, {"name": "Blue Mug by Acme"}),
    ],
)
def test_property_as_shops_write_it(properties: dict[str, object], expected: dict[str, object]) -> None:
    """A property of the product gives these fields, or None where it says nothing."""
    product = parse({**PRODUCT, "offers": OFFER, **properties})
    assert isinstance(product, Product)
    assert {key: getattr(product, key) for key in expected} == expected


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"WebSite","name":"x"}{"@type":"Product","name":"Blue Mug","offers":{"price":12.5}}',
        '{"@type":"Product","name":"Blue Mug","description":"5" wide, "blue"","offers":{"price":12.5}};',
        '{"@type":"Product","name":"Blue Mug","gtin13":,"offers":{"price":12.5}}',
        r"""{"@type":"Product","name":"Blue Mug","description":"it\'s","offers":{"price":12.5}}""",
        '{ /* main */ "@type":"Product","name":"Blue Mug", // name\n"offers":{"price":12.5}}',
        '{"@type":"Product","name":"Blue Mug","offers":{"price":12.5}',
        '{"@type":"Product","name":"Blue Mug","offers":{"price":12,50,"priceCurrency":"EUR"}}',
        '<!--\n{"@type":"Product","name":"Blue Mug","offers":{"price":12.5,},}\n-->',
        '{"@type":"Product","name":"Blue Mug","rating":NaN,"offers":{"price":12.5}}',
        '{"@type":"Product",\n"name":"Blue Mug"\n"weight":5\n"offers":{"price":12.5}}',
        '{"@type":"Product","name":"Blue Mug",, "offers":{"price":12.5}}',
    ],
    ids=[
        "two",
        "quotes",
        "nothing",
        "apostrophe",
        "comments",
        "unclosed",
        "decimal",
        "wrapped",
        "nan",
        "no comma",
        "commas",
    ],
)
def test_broken_block_is_mended(block: str) -> None:
    """What templates print into JSON costs no more than the property that it breaks."""
    product = parse(block)
    assert isinstance(product, Product)
    assert (product.name, product.price) == ("Blue Mug", Decimal("12.5"))


def test_tax_included_goes_before_tax_excluded() -> None:
    """Of two price specifications the one with tax is what a buyer pays."""
    prices = [{"price": 10, "valueAddedTaxIncluded": False}, {"price": 12, "valueAddedTaxIncluded": "true"}]
    product = parse({**PRODUCT, "offers": {"priceCurrency": "EUR", "priceSpecification": prices}})
    assert isinstance(product, Product)
    assert product.price == 12


def test_currency_may_stand_on_the_page_alone() -> None:
    """The page is asked for its price where the markup names no currency."""
    product = parse({**PRODUCT, "offers": {"price": "12.50"}}, shown="<p class=price>£12.50</p>")
    assert isinstance(product, Product)
    assert (product.price, product.currency, product.sources["price"]) == (Decimal("12.50"), "GBP", "jsonld")


def test_variant_whose_page_this_is() -> None:
    """Variants may have pages of their own, told apart by nothing but their paths."""
    variants = [
        {**PRODUCT, "sku": f"M{count}", "offers": {**OFFER, "url": f"https://shop.example/p/{count}"}}
        for count in (2, 1)
    ]
    block = json.dumps({**PRODUCT, "@type": "ProductGroup", "hasVariant": variants})
    product = parse_page(
        page_of(f'<script type="application/ld+json">{block}</script>', url="https://shop.example/p/1")
    )
    assert isinstance(product, Product)
    assert product.sku == "M1"


def test_number_of_the_offer_that_the_url_names() -> None:
    """The product's own number is that of its first variant."""
    offers = [{**OFFER, "sku": f"M{count}", "url": f"https://shop.example/p/1?variant={count}"} for count in (1, 2)]
    block = json.dumps({**PRODUCT, "sku": "M1", "offers": offers})
    body = f'<script type="application/ld+json">{block}</script>'
    product = parse_page(page_of(body, url="https://shop.example/p/1?variant=2"))
    assert isinstance(product, Product)
    assert product.sku == "M2"


def test_nodes_of_one_product_complete_each_other() -> None:
    """Two nodes with its name and no number of their own that differs are one; another variant is not."""
    product = parse(
        {**PRODUCT, "sku": "M1", "offers": OFFER}, {**PRODUCT, "brand": "Acme"}, {**PRODUCT, "sku": "M2", "mpn": "B"}
    )
    assert isinstance(product, Product)
    assert (product.sku, product.brand, product.mpn) == ("M1", "Acme", None)


@pytest.mark.parametrize(("link", "is_product"), [("/p/red-bowl?from=list", False), ("/p/other", True)])
def test_markup_of_a_page_that_is_linked_is_that_pages(link: str, is_product: bool) -> None:
    """A product with another name and address is an entry of a list if the page leads there, else a translation."""
    node: dict[str, Any] = {
        **PRODUCT,
        "name": "Red Bowl",
        "url": "https://shop.example.com/p/red-bowl",
        "offers": OFFER,
    }
    assert isinstance(parse(node, shown=f"<a href='{link}'>More</a>"), Product) is is_product
