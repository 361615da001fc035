"""JSON-LD blocks and the products in them."""

import json

import pytest

from scraper.parse.embedded_json import load_json
from scraper.parse.jsonld import breadcrumbs, extract_jsonld
from tests.parse.pages import document_of


def fields_of(block: str, url: str = "https://shop.example/p/1") -> dict[str, object]:
    """The fields of the first product of one block."""
    document = document_of(f'<script type="application/ld+json">{block}</script>', url=url)
    return dict(extract_jsonld(document)[0].fields)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "Cup"}',
        '\ufeff {"name": "Cup"};',
        '<!-- {"name": "Cup"} -->',
        '<![CDATA[{"name": "Cup"}]]>',
        '//<![CDATA[\n{"name": "Cup"}\n//]]>',
        '/*<![CDATA[*/ {"name": "Cup"} /*]]>*/',
        '{"name": "Cup",}',
        "{&quot;name&quot;: &quot;Cup&quot;}",
        '{"name": "Cup"} {"name": "Lid"}',
    ],
)
def test_light_breakage_is_repaired(text: str) -> None:
    """Wrappers, trailing commas, entities and trailing text do not cost the block."""
    assert load_json(text) == {"name": "Cup"}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "not json", '{"n": ' + "9" * 5_000 + "}"])
def test_heavy_breakage_is_nothing(text: str) -> None:
    """What cannot be repaired is None, not an exception."""
    assert load_json(text) is None


def test_raw_line_breaks_in_strings_are_read() -> None:
    """Control characters inside strings are common in descriptions and cost nothing."""
    assert load_json('{"d": "a\nb"}') == {"d": "a\nb"}


@pytest.mark.parametrize(
    "kind",
    ['"Product"', '"product"', '["Product", "Thing"]', '"https://schema.org/Product"', '"schema:Product"', '"Car"'],
)
def test_types_in_any_spelling(kind: str) -> None:
    """URLs, prefixes, lists, lower case and narrower types all say product."""
    assert fields_of(f'{{"@type": {kind}, "name": "Cup"}}') == {"name": "Cup"}


def test_book_needs_an_offer() -> None:
    """A book is written about as often as it is sold."""
    block = '<script type="application/ld+json">{"@type": "Book", "name": "Tides"%s}</script>'
    assert extract_jsonld(document_of(block % "")) == []
    assert extract_jsonld(document_of(block % ', "offers": {"price": 9}'))[0].fields["price"] == "9"


def test_offer_with_the_product_inside() -> None:
    """An Offer whose itemOffered is the product is the same as a product with offers."""
    fields = fields_of('{"@type": "Offer", "price": 5, "itemOffered": {"@type": "Product", "name": "Cup"}}')
    assert (fields["name"], fields["price"]) == ("Cup", "5")


def test_offer_that_can_be_bought_comes_first() -> None:
    """Of several offers, the price is that of the first in stock."""
    offers = '[null, {"price": 5, "availability": "OutOfStock"}, {"price": 7, "availability": "InStock"}, {"price": 6}]'
    fields = fields_of(f'{{"@type": "Product", "name": "Cup", "offers": {offers}}}')
    assert (fields["price"], fields["availability"]) == ("7", "InStock")


def test_offer_that_the_url_names_comes_before() -> None:
    """A variant in the page's own query wins over stock."""
    offers = '[{"price": 5, "availability": "InStock"}, {"price": 7, "url": "/p/1?v=2", "availability": "OutOfStock"}]'
    fields = fields_of(f'{{"@type": "Product", "name": "Cup", "offers": {offers}}}', "https://shop.example/p/1?v=2")
    assert fields["price"] == "7"


def test_group_without_a_named_variant_keeps_its_own_name() -> None:
    """The group names the product, the first variant that can be bought prices it."""
    variants = """[{"@type": "Product", "name": "Cup, red", "offers": {"price": 5, "availability": "OutOfStock"}},
                   {"@type": "Product", "name": "Cup, blue", "offers": {"price": 6, "availability": "InStock"}}]"""
    fields = fields_of(f'{{"@type": "ProductGroup", "name": "Cup", "hasVariant": {variants}}}')
    assert (fields["name"], fields["price"]) == ("Cup", "6")


def test_number_shared_by_all_variants_names_none() -> None:
    """A style number in the URL does not single out a size."""
    variants = """[{"@type": "Product", "name": "Cup, small", "mpn": "CUP-7", "offers": {"price": 5}},
                   {"@type": "Product", "name": "Cup, large", "mpn": "CUP-7", "offers": {"price": 6}}]"""
    block = f'{{"@type": "ProductGroup", "name": "Cup", "hasVariant": {variants}}}'
    assert fields_of(block, "https://shop.example/cup-7")["name"] == "Cup"


def test_related_products_are_asides() -> None:
    """Entries of lists and related products are marked as such."""
    related = '"isRelatedTo": [{"@type": "Product", "name": "Lid"}]'
    document = document_of(
        f'<script type="application/ld+json">{{"@type": "Product", "name": "Cup", {related}}}</script>'
    )
    assert [(c.fields["name"], c.listed) for c in extract_jsonld(document)] == [("Cup", False), ("Lid", True)]


def test_breadcrumbs_follow_their_positions() -> None:
    """Entries are joined by position, wherever the name stands; other nodes have none."""
    entries = [{"position": 2, "item": {"name": "Cups"}}, {"position": "1", "name": "Kitchen"}]
    assert breadcrumbs({"@type": "BreadcrumbList", "itemListElement": entries}) == "Kitchen > Cups"
    assert breadcrumbs({"@type": "ItemList", "itemListElement": entries}) is None


def test_numbers_are_written_out() -> None:
    """A float in exponent notation keeps its magnitude."""
    assert (
        fields_of('{"@type": "Product", "name": "Yacht", "offers": {"price": 2.5e16}}')["price"] == "25000000000000000"
    )


def test_one_of_many_is_read_in_full() -> None:
    """The page's own product among others that are only glanced at."""
    others = [{"@type": "Product", "name": f"Pot {n}", "brand": "Other", "offers": {"price": n}} for n in range(1, 9)]
    own = {"@type": "Product", "name": "Blue Cup", "brand": "Acme", "sku": "B7", "offers": {"price": 5}}
    markup = f"<script type=application/ld+json>{json.dumps([*others, own])}</script>"
    found = {one.fields["name"]: one.fields for one in extract_jsonld(document_of(f"<h1>Blue Cup</h1>{markup}"))}
    assert (found["Blue Cup"]["sku"], found["Blue Cup"]["brand"]) == ("B7", "Acme")
    assert found["Pot 3"] == {"name": "Pot 3", "price": "3"}


def test_address_without_a_query_names_no_variant() -> None:
    """All variants may give the page's own address as theirs."""
    sizes = [
        {"@type": "Product", "url": "https://shop.example/p/1", "size": size, "offers": {"price": price}}
        for size, price in (("S", 5), ("M", 7))
    ]
    block = json.dumps({"@type": "ProductGroup", "name": "Cup", "size": "S to M", "hasVariant": sizes[:1]})
    assert fields_of(block)["size"] == "S to M"
    named = json.dumps({"@type": "ProductGroup", "name": "Cup", "size": "S to M", "hasVariant": [
        {**size, "url": f"https://shop.example/p/1?size={size['size']}"} for size in sizes
    ]})  # fmt: skip
    assert fields_of(named, url="https://shop.example/p/1?size=M")["size"] == "M"
