"""Products in scripts and attributes: found, singled out, and read without guessing."""

import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.models import Product, Status
from scraper.parse.embedded_json import attribute_literals, literals, read_literal
from scraper.parse.page import parse_page
from scraper.parse.state import extract_state
from scraper.parse.state_fields import availability_of, normal, product_fields, shape_of
from tests.parse.pages import document_of, page_of

HEADING = "<title>Blue Cup | Shop</title><h1>Blue Cup</h1>"


def fields_of(script: str, *, body: str = "", url: str = "https://shop.example/p/1") -> dict[str, object]:
    """What the state of a page about a blue cup says of it; empty if nothing."""
    found = extract_state(document_of(f"{HEADING}{body}<script>{script}</script>", url=url))
    return dict(found[0].fields) if found else {}


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("{a: 1, 'b': \"x\",}", {"a": 1, "b": "x"}),
        ("{a: [1, 2, {b: 'c',},],}", {"a": [1, 2, {"b": "c"}]}),
        ("{a: 'it\\'s', b: '\\u00e9\\x21\\n'}", {"a": "it's", "b": "é!\n"}),
        ("{a: 1 // one\n, /* two */ b: 2}", {"a": 1, "b": 2}),
        ("{a: -1.5e2, b: .5, c: true, d: null, e: undefined}", {"a": -150.0, "b": 0.5, "c": True}),
        ('{a: {"b": [1, null]}, c: [{"d": 2,}], e: {"f": g}}', {"a": {"b": [1, None]}, "c": [{"d": 2}], "e": {}}),
        ("{a: f(x, 'y'), b: 'c' + d, e: z ? 1 : 2, g: 3}", {"g": 3}),
        ("{a: {b: 1}, c: function(){ return {d: 2} }}", {"a": {"b": 1}}),
        ("{a: 1, b", {"a": 1}),
        ("[{a: 1}, {a: 2}]", [{"a": 1}, {"a": 2}]),
    ],
)
def test_literals_of_javascript(literal: str, value: object) -> None:
    """Quotes, bare keys, comments and trailing commas are read; values that must be computed are left out."""
    assert read_literal(literal, 0)[0] == value


def test_the_address_of_a_category_is_not_its_name() -> None:
    """Some programs keep only that."""
    script = 'product = {name: "Blue Cup", price: 5, currency: "EUR", category: "%s"}'
    assert fields_of(script % "Kitchen")["category"] == "Kitchen"
    assert "category" not in fields_of(script % "/kitchen/cups,a12.html")


def test_literals_come_with_the_code_before_them() -> None:
    """The name of the variable or call is what tells a product from its neighbours; an array stays whole."""
    code = "var related = [{id: 1}, {id: 2}]; push('view_item', {id: 3})"
    assert list(literals(code, [re.compile("id:")])) == [
        ("var related = ", [{"id": 1}, {"id": 2}]),
        ("var related = [{id: 1}, {id: 2}]; push('view_item', ", {"id": 3}),
    ]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = {a: 1}; y = {sku: 2}", [{"sku": 2}]),
        ("x = {a: {sku: 1}}", [{"a": {"sku": 1}}]),
        ("x = {sku: 1}, {a: 2}", [{"sku": 1}]),
        ("x = {a: 1,\n b: function(){ c() };\n d = {sku: 2};\n}", [{"sku": 2}]),
        ("sku: 1, x = {a: 2}, y = {sku: 3}", [{"sku": 3}]),
        ("x = {a: 1}", []),
    ],
)
def test_literals_have_a_mark(code: str, found: list[object]) -> None:
    """Others are left out; where a statement has ended, none goes on."""
    assert [value for _, value in literals(code, [re.compile("sku:"), re.compile('sku"')])] == found


def test_json_in_attributes() -> None:
    """Either quote, escaped or not, one or many; attributes without a mark are not read."""
    text = """<a data-x='{"price": 1}' data-y="[{&quot;price&quot;: 2}]" data-z='{"width": 3}' data-w='{"price'>"""
    found = list(attribute_literals(text, [re.compile("price")]))
    assert found == [("data-x", {"price": 1}), ("data-y", [{"price": 2}])]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("productName", "name"), ("item_brand", "brand"), ("ProductID", "id"), ("compare_at_price", "compareatprice"),
        ("items", "items"), ("product", "product"), ("products", "products"), ("", ""),
    ],
)  # fmt: skip
def test_keys_without_their_prefix(key: str, expected: str) -> None:
    """However a program spells it, a key means one thing."""
    assert normal(key) == expected


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"available": True}, "InStock"),
        ({"is_in_stock": False}, "OutOfStock"),
        ({"soldOut": True}, "OutOfStock"),
        ({"inStock": True, "isAvailable": False}, None),
        ({"stockStatus": "IN_STOCK"}, "IN_STOCK"),
        ({"status": "active"}, None),
        ({"stock": {"stockLevelStatus": "outOfStock"}}, "outOfStock"),
        ({"stock_quantity": 7}, "InStock"),
        ({"stock_quantity": 0}, None),
        ({"inventory": -3}, None),
        ({"available": 1}, None),
        ({"available": None}, None),
    ],
)
def test_availability_needs_evidence(node: dict[str, object], expected: str | None) -> None:
    """Words and flags count, a stock above zero too; a bare zero, or flags that disagree, say nothing."""
    assert availability_of(shape_of(node)) == expected


@pytest.mark.parametrize(
    ("node", "price", "currency"),
    [
        ({"price": 12.5}, 12.5, None),
        ({"price": "12.50", "currency": "EUR"}, "12.50", "EUR"),
        ({"price": {"amount": "12.50", "currencyCode": "USD"}}, "12.50", "USD"),
        ({"price": {"sales": {"value": 9, "currency": "EUR"}, "list": {"value": 12}}}, 9, "EUR"),
        ({"price": {"centAmount": 1250, "currencyCode": "EUR", "fractionDigits": 2}}, "12.50", "EUR"),
        ({"price": {"centAmount": 1250, "currencyCode": "JPY", "fractionDigits": 0}}, "1250", "JPY"),
        ({"priceInCents": 1250}, "12.5", None),
        ({"price": 20, "salePrice": 15}, 15, None),
        ({"price": 20, "salePrice": 0}, 20, None),
        ({"price": [30]}, 30, None),
        ({"price": [30, 40]}, None, None),
        ({"price": True}, None, None),
        ({"price": float("inf")}, None, None),
        ({"price": 3400, "vendor": "A", "handle": "b"}, "34", None),
        ({"price": "34.00", "vendor": "A", "handle": "b"}, "34.00", None),
    ],
)
def test_prices_and_their_units(node: dict[str, object], price: object, currency: str | None) -> None:
    """The amount that a buyer pays; hundredths where the key, or the platform's convention, says so."""
    fields = product_fields(shape_of(node), ())
    assert (fields.get("price"), fields.get("currency")) == (price, currency)


def test_displayed_price_stays_a_text() -> None:
    """A price with a sign or a comma, and 1.299 of either meaning, is left to the reader of prices."""
    assert product_fields(shape_of({"price": "1.299"}), ()) == {"price_text": "1.299"}
    assert product_fields(shape_of({"price": "4,90 €"}), ()) == {"price_text": "4,90 €", "currency": "4,90 €"}


@pytest.mark.parametrize(
    ("query", "sku", "availability"),
    [("", "CUP-2", "InStock"), ("?variant=11", "CUP-1", "OutOfStock"), ("?variant=99", "CUP-2", "InStock")],
)
def test_variant_of_the_url(query: str, sku: str, availability: str) -> None:
    """The variant that the URL names; else the first that can be bought, which is what the platform shows."""
    variants = [
        {"id": 11, "sku": "CUP-1", "price": 500, "available": False},
        {"id": 12, "sku": "CUP-2", "price": 600, "available": True},
    ]
    product = {"title": "Blue Cup", "vendor": "A", "handle": "1", "options": ["Size"], "variants": variants}
    fields = fields_of(f"x = {json.dumps(product)}", url=f"https://shop.example/p/1{query}")
    assert (fields["sku"], fields["availability"]) == (sku, availability)


def test_master_variant() -> None:
    """What the platform shows first is kept apart from the others."""
    named = [{"name": "brand", "value": "Acme"}, {"name": "weight", "value": 3}]
    price = {"value": {"centAmount": 1250, "currencyCode": "EUR"}}
    master = {"sku": "CUP-1", "prices": [price], "attributes": named}
    fields = product_fields(shape_of({"name": "Cup", "masterVariant": master, "variants": []}), ())
    assert (fields["sku"], fields["price"], fields["currency"]) == ("CUP-1", "12.50", "EUR")
    assert fields["brand"] == "Acme"


def test_variants_that_nothing_singles_out() -> None:
    """Only what all share, the lowest price, and InStock where one can be bought."""
    variants = [{"sku": "A", "price": 7, "inStock": False}, {"sku": "B", "price": 6, "inStock": True}]
    fields = fields_of(f"product = {json.dumps({'name': 'Blue Cup', 'variants': variants})}")
    assert {key: fields.get(key) for key in ("price", "availability", "sku")} == {
        "price": 6, "availability": "InStock", "sku": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        'x = {"name": "Red Pot", "price": 5}',
        'related = [{"name": "Red Pot", "price": 5}, {"name": "Blue Cup Lid", "price": 2}]',
        'cart = {"items": [{"name": "Blue Cup", "price": 5}]}',
        'x = {"name": "Blue Cup"}',
        'x = {"name": "Cup", "price": 5}',
        'x = {"recommendations": {"p1": {"name": "Blue Cup", "price": 5}, "p2": {"name": "Red Pot", "price": 5}}}',
        "x = {price: 5, currency: 'EUR'}",
        "broken = {name: 'Blue Cup' price: 5",
    ],
)
def test_silent_without_the_product(script: str) -> None:
    """Other products, those beside it, those in the cart, and an object that may be anything, say nothing."""
    assert fields_of(script) == {}


def test_one_of_a_list_by_the_address() -> None:
    """Among its like, the product is the one whose own address is the page's."""
    items = [{"name": "Blue Cup", "url": f"/p/{number}", "price": number} for number in (1, 2, 3)]
    assert fields_of(f"x = {json.dumps(items)}")["price"] == 1


@pytest.mark.parametrize("key", ["price", "sale_price", "finalPrice", "priceWithTax", '"price-in-cents"'])
def test_scripts_are_read_for_any_key_of_a_price(key: str) -> None:
    """However it goes on, a key that has the word tells that a script is worth reading."""
    assert fields_of(f"product = {{name: 'Blue Cup', brand: 'Acme', {key}: 5}}")["brand"] == "Acme"


def test_price_that_the_page_shows() -> None:
    """Where scripts disagree, one without tax perhaps, the price in sight is right."""
    script = "a = {name: 'Blue Cup', price: 10.00, currency: 'EUR'}; b = {name: 'Blue Cup', price: 11.90};"
    assert fields_of(script)["price"] == 10
    assert fields_of(script, body="<p>11,90 €</p>")["price"] == 11.9


def test_entry_of_another_list_adds_nothing() -> None:
    """A list elsewhere may hold the same name with what is told of another variant."""
    own = "x = {name: 'Blue Cup', price: 5, sku: 'AB-1044'};"
    others = "y = {cups: [{name: 'Blue Cup', color: 'Navy', price: 6}, {name: 'Red Cup', price: 6}]}"
    assert fields_of(others)["color"] == "Navy"
    found = fields_of(f"{own} {others}")
    assert (found["sku"], "color" in found) == ("AB-1044", False)


@pytest.mark.parametrize(
    ("variants", "price"),
    [
        ([{"id": "a1", "price": 7}, {"id": "a2", "price": 5}], 5),
        ([{"id": "a1", "price": 7}, {"id": "a2", "title": "Blue"}], None),
    ],
)
def test_lowest_price_where_all_variants_have_one(variants: list[object], price: int | None) -> None:
    """The one that has none may be the cheapest."""
    assert product_fields(shape_of({"name": "Blue Cup", "variants": variants}), ()).get("price") == price


def test_query_that_two_variants_answer_names_none() -> None:
    """Neither is then better than what all have in common."""
    sizes = [{"id": "a1", "sku": "B7", "price": 7}, {"id": "a2", "sku": "B7", "price": 5}]
    shape = shape_of({"name": "Blue Cup", "variants": sizes})
    assert product_fields(shape, ["https://shop.example/cup?variant=b7"])["price"] == 5
    assert product_fields(shape, ["https://shop.example/cup?variant=a1"])["price"] == 7


def test_hundredths_that_the_page_betrays() -> None:
    """A whole number is in hundredths where the page shows it with its decimals."""
    script = "product = {name: 'Blue Cup', price: 1190, currency: 'EUR'}"
    assert fields_of(script, body="<p>11,90 €</p>")["price"] == "11.9"
    assert fields_of(script, body="<p>1.190 €</p>")["price"] == 1190


def test_database_keys_are_no_article_numbers() -> None:
    """A bare number is told where the page shows it or its address holds it."""
    script = "product = {name: 'Blue Cup', price: 5, id: 48213}"
    assert "product_id" not in fields_of(script)
    assert fields_of(script, body="<p>No. 48213</p>")["product_id"] == "48213"
    assert fields_of(script, url="https://shop.example/cup-48213.html")["product_id"] == "48213"


def test_brand_in_lower_case_needs_to_be_shown() -> None:
    """Analytics tell keys such as `acmeuk` where they mean a brand; adidas stands somewhere on its own."""
    script = "product = {name: 'Blue Cup', price: 5, brand: 'acmeuk'}"
    assert "brand" not in fields_of(script, body="<p>The acmeuk range is new.</p>")
    assert fields_of(script, body="<p>Acmeuk</p>")["brand"] == "acmeuk"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["Blue Cup", "5", "/p/1", "{[", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "price", "variants", "id", "sku", "offers", "images", "brand", "product", "event", "currency",
                 "rating", "available", "stock", "url", "attributes", "category", "sellers", "items", "centAmount"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_type_makes_it_raise(value: object) -> None:
    """Values of the wrong type cost no more than themselves."""
    product = {"name": "Blue Cup", "price": value, **(value if isinstance(value, dict) else {"variants": value})}
    block = json.dumps({"product": product, "x": value}).replace("</", "<\\/")
    for attributes in ("", " type=application/json", " type=application/json id=__NUXT_DATA__"):
        outcome = parse_page(page_of(f"{HEADING}<script{attributes}>dataLayer.push({block})</script>"))
        assert outcome.status is not Status.PARSE_ERROR, outcome
        outcome = parse_page(page_of(f"{HEADING}<script{attributes}>[{block}, 0, [1], {{}}]</script>"))
        assert outcome.status is not Status.PARSE_ERROR, outcome


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="{}[]()\"'`\\/*:,; \nax1.-", max_size=80))
def test_no_code_makes_it_raise(code: str) -> None:
    """Whatever stands in a script is read as far as it goes, and reading always moves on."""
    value, end = read_literal("{" + code, 0)
    assert value is None or end > 0
    fields_of(f"price; x = {{name: 'Blue Cup', price: 5, y: {code}")


@pytest.mark.parametrize(
    "script",
    [
        "x = " + "{price:" * 150_000,
        "x = " + '{"price":' * 150_000,
        "price = " + "[{" * 250_000,
        "price = " + "{a:'" * 150_000,
        "price = " + "{a:/*" * 150_000,
        "price = " + "{a:f(" * 150_000,
        "price = " + "{a:(('" * 150_000,
        "price = [" + '{"a":1},' * 100_000,
        "x = {" + ",".join(f'"k{i}": {{"price": 1, "name": "Cup"}}' for i in range(40_000)) + "}",
        "price = '" + '{\\"' * 150_000,
        "price\\\" = '" + '{\\\\\\"a:' * 100_000 + "'",
        "window.__NUXT__=(function(" + "a," * 30_000 + "a){return {price:a}}(" + "1," * 30_000 + "1))",
        "x = {name:'Blue Cup', price: 1, variants: [" + "{sku:'a',price:1}," * 50_000 + "]}",
        "price" + " " * 1_000_000,
        "price = {" + "a" * 1_000_000,
        "price = {a:" + "b " * 1_000_000,
    ],
)
def test_hostile_script_ends_fast(script: str) -> None:
    """Nesting and repetition without end cost time in proportion to the script, and no exception."""
    start = time.process_time()
    fields_of(script)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "piece", ["<script>price", "<script ", "<!--<script>price</script>", "<a b='{", '<a b="[{price']
)
def test_hostile_markup_ends_fast(piece: str) -> None:
    """Tags and attributes that never end are bounded too."""
    document = document_of(HEADING + piece * 200_000)
    document.text  # noqa: B018
    start = time.process_time()
    extract_state(document)
    assert time.process_time() - start < 3


def test_state_stands_behind_markup() -> None:
    """What JSON-LD says stays; the state adds what it lacks."""
    block = '{"@type": "Product", "name": "Blue Cup", "offers": {"price": 5, "priceCurrency": "EUR"}}'
    markup = f'<script type="application/ld+json">{block}</script>'
    outcome = parse_page(page_of(HEADING + markup + '<script>product = {name: "Blue Cup", sku: "C-1"}</script>'))
    assert isinstance(outcome, Product)
    assert (outcome.sku, outcome.sources["sku"], outcome.sources["price"]) == ("C-1", "state", "jsonld")
