"""Many accounts of one product made one."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scraper.models import Product, Status
from scraper.parse.candidate import Candidate
from scraper.parse.merge import Subject, choose, merge, read_all, settled
from tests.parse.pages import URL, page_of

SUBJECT = Subject(
    urls=(URL,),
    titles=("Blue Cup",),
    shows=lambda amount: amount in (Decimal("17.99"), Decimal("21.50")),
    country="de",
    absolute_url=lambda value: f"https://shop.example/{value}" if isinstance(value, str) else None,
    is_shop=lambda text: text == "Shop",
)


def merged(**sources: dict[str, object]) -> Product:
    """The product that these sources' fields make."""
    told = read_all([Candidate(source, fields) for source, fields in sources.items()], SUBJECT)
    return merge(page_of(""), told, SUBJECT)


def test_each_field_from_the_most_trusted_source() -> None:
    """Fields are filled one by one, whatever the order of the candidates, and tell their source."""
    product = merged(html={"name": "Cup h", "brand": "H"}, jsonld={"name": "Cup j"}, rule={"sku": "R1"})
    assert (product.name, product.brand, product.sku) == ("Cup j", "H", "R1")
    assert product.sources == {"name": "jsonld", "brand": "html", "sku": "rule"}


@pytest.mark.parametrize(("stated", "written"), [("54.5", "54.50"), ("54", "54"), ("54.125", "54.125")])
def test_a_price_is_written_as_shops_write_it(stated: str, written: str) -> None:
    """A number of a program has lost its last zero."""
    assert str(merged(jsonld={"price": stated, "currency": "EUR"}).price) == written


@pytest.mark.parametrize(
    ("field", "stated", "value"),
    [
        ("brand", "Brand: Acme", "Acme"),
        ("brand", "Marke : Acme", "Acme"),
        ("brand", "Hersteller: Acme", "Acme"),
        ("brand", "Acme: Home", "Acme: Home"),
        ("name", "Blue Cup 6468744", "Blue Cup"),
        ("name", "Blue Cup 2000", "Blue Cup 2000"),
    ],
)
def test_values_without_what_stands_around_them(field: str, stated: str, value: str) -> None:
    """A brand loses its label, a name the shop's number where the heading has none."""
    assert getattr(merged(opengraph={field: stated}), field) == value


@pytest.mark.parametrize(
    ("source", "other", "brand"),
    [
        ("state", "Acme", "Acme"),
        ("html", "Blue", "Blue"),
        ("html", "Ann Designer", "Shop"),
        ("html", "Shop", "Shop"),
        ("html", None, "Shop"),
    ],
)
def test_brand_of_the_shop_yields_to_another(source: str, other: str | None, brand: str) -> None:
    """Shops of many brands put their own name into markup; a maker's own shop may show its designers."""
    assert merged(**{"jsonld": {"name": "Cup", "brand": "Shop"}, source: {"brand": other}}).brand == brand


@pytest.mark.parametrize(("source", "product_id"), [("jsonld", None), ("html", "P-1")])
def test_code_of_the_address_beside_an_sku(source: str, product_id: str | None) -> None:
    """It is not told where markup has an sku, as the page is not asked for it then: a run is as explained."""
    sources: dict[str, dict[str, object]] = {"html": {"product_id": "P-1"}}
    sources.setdefault(source, {})["sku"] = "S-1"
    assert merged(**sources).product_id == product_id


def test_currency_by_the_sign_of_a_source_that_agrees() -> None:
    """An amount without a sign is in the money of the same amount with one."""
    subject = replace(SUBJECT, country=None, currency_meant=lambda possible: "USD" if "USD" in possible else None)
    said = [Candidate("state", {"price_text": "17.99"}), Candidate("html", {"price_text": "$17.99"})]
    product = merge(page_of(""), read_all(said, subject), subject)
    assert (product.price, product.currency, product.sources["price"]) == (Decimal("17.99"), "USD", "state")


def test_visible_price_beats_stale_markup() -> None:
    """Markup whose price is nowhere to be seen yields to the price shown, with its currency and a warning."""
    product = merged(
        jsonld={"price": "19.99", "currency": "EUR"}, html={"price_text": "17,99 €", "regular_price_text": "21,50 €"}
    )
    assert (product.price, product.regular_price) == (Decimal("17.99"), Decimal("21.50"))
    assert product.warnings == ("price: html says 17.99, but jsonld 19.99; took 17.99",)


@pytest.mark.parametrize(
    ("marked", "shown"),
    [("17.99", "21,50 €"), ("19.99", "$17.99"), ("19.99", "5 €"), ("19.99", "17,99")],
    ids=["seen elsewhere", "other currency", "other magnitude", "no currency"],
)
def test_markup_stays_unless_the_conflict_is_clear(marked: str, shown: str) -> None:
    """A misread element must not replace a price of the markup."""
    product = merged(jsonld={"price": marked, "currency": "EUR"}, html={"price_text": shown})
    assert product.price == Decimal(marked)


@pytest.mark.parametrize(
    ("marked", "others"),
    [
        ({"price": "1199"}, {"html": {"price_text": "2023"}}),
        ({"price": "1199"}, {"html": {"price_text": "HTML 5"}}),
        ({"price": "40.00", "regular_price": "55"}, {"html": {"price_text": "55,00 €"}}),
        ({"price": "40.00"}, {"html": {"price_text": "55,00 €"}, "state": {"regular_price": "55"}}),
        ({"price": "119.00"}, {"state": {"price": "100"}}),
        ({"price": "100.00"}, {"state": {"price": "107"}}),
        ({"price": "9.99"}, {"state": {"price": "8.40"}}),
        ({"price": "90.00"}, {"html": {"price_text": "7,50 €"}}),
        ({"price": "40.00"}, {"html": {"price_text": "$44.00"}}),
    ],
    ids=[
        "a year", "a version", "struck", "struck in state", "without tax", "with tax", "rounded tax", "an instalment",
        "other currency",
    ],
)  # fmt: skip
def test_no_rival_of_the_price(marked: dict[str, object], others: dict[str, dict[str, object]]) -> None:
    """An amount that is no other price of the same thing is not warned of."""
    product = merged(jsonld={"currency": "EUR", **marked}, **others)
    assert (product.price, product.warnings) == (Decimal(str(marked["price"])), ())


@pytest.mark.parametrize(
    ("price", "source", "other"), [("40.00", "state", {"price": "52"}), ("19.99", "html", {"price_text": "$ 63"})]
)
def test_rival_of_the_price(price: str, source: str, other: dict[str, object]) -> None:
    """Another source's price of the same thing is told beside the one taken."""
    product = merged(jsonld={"price": price}, **{source: other})
    assert product.price == Decimal(price)
    assert product.warnings == (
        f"price: jsonld says {price}, but {source} {''.join(filter(str.isdigit, str(other)))}; took {price}",
    )


def test_overruled_price_is_always_told() -> None:
    """Even if tax explains it: 25 % make 20 out of 16."""
    product = merged(jsonld={"price": "14.3920", "currency": "EUR"}, html={"price_text": "17,99 €"})
    assert product.warnings == ("price: html says 17.99, but jsonld 14.3920; took 17.99",)


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [("$24.990", "24990", "CLP"), ("kr 45", "45", None), ("24.990", "24.990", None), ("25 EUR", "25", "EUR")],
)
def test_sign_means_what_the_page_else_says(text: str, price: str, currency: str | None) -> None:
    """A bare sign that nothing decides is that of the currency named elsewhere, and read as its shops write."""
    subject = replace(SUBJECT, country=None, currency_meant=lambda possible: "CLP" if "CLP" in possible else None)
    told = read_all([Candidate("html", {"price_text": text})], subject)
    product = merge(page_of(""), told, subject)
    assert (str(product.price), product.currency) == (price if currency or "." not in text else "24990", currency)


@pytest.mark.parametrize(
    ("marked", "shown", "speaks_of_net", "price"),
    [
        ("4.92", "5,95 €", True, "5.95"),
        ("4.92", "5,95 €", False, "4.92"),
        ("4.92", "7,00 €", True, "4.92"),
        ("5.95", "4,92 €", True, "5.95"),
    ],
)
def test_markup_without_the_tax_yields(marked: str, shown: str, speaks_of_net: bool, price: str) -> None:
    """Where the page says which price lacks the tax, and shows what it is with it."""
    subject = replace(SUBJECT, shows=lambda _: True, may_be_net=lambda _: speaks_of_net)
    candidates = [Candidate("jsonld", {"price": marked, "currency": "EUR"}), Candidate("html", {"price_text": shown})]
    product = merge(page_of(""), read_all(candidates, subject), subject)
    assert str(product.price) == price
    assert product.sources["price"] == ("jsonld" if price == marked else "html")


def test_rule_is_never_stale() -> None:
    """What the user's rule reads stays, whatever else is shown."""
    product = merged(rule={"price": "19.99", "currency": "EUR"}, html={"price_text": "17,99 €"})
    assert (product.price, product.sources["price"]) == (Decimal("19.99"), "rule")


def test_product_id_serves_as_sku() -> None:
    """A shop's own number is its SKU where it names no other."""
    assert merged(jsonld={"product_id": "P-1"}).sku == "P-1"
    assert merged(jsonld={"product_id": "P-1", "sku": "S-1"}).sku == "S-1"


def test_the_page_is_no_picture_of_itself() -> None:
    """An image property that links to the page is left out."""
    assert merged(jsonld={"images": ["p/1", "i/2.jpg"]}).images == ("https://shop.example/i/2.jpg",)


def test_regular_price_only_above_the_price() -> None:
    """The first source with a higher list price gives it; an equal or lower one is none."""
    product = merged(jsonld={"price": "5", "regular_price": "5"}, html={"regular_price_text": "7 €"})
    assert (product.regular_price, product.sources["regular_price"]) == (Decimal(7), "html")
    assert merged(jsonld={"price": "5", "regular_price": "4"}).regular_price is None


@pytest.mark.parametrize(
    ("sources", "regular", "source"),
    [
        ({"state": {"regular_price": "9"}, "html": {"price_text": "5 €", "regular_price_text": "8 €"}}, "8", "html"),
        ({"state": {"price": "6", "regular_price": "9"}}, None, None),
        ({"state": {"price": "5", "regular_price": "9"}}, "9", "state"),
        ({"state": {"regular_price": "101"}}, None, None),
        ({"rule": {"regular_price": "7"}, "html": {"price_text": "5 €", "regular_price_text": "8 €"}}, "7", "rule"),
    ],
    ids=["as shown", "beside another price", "beside this price", "absurd", "as ruled"],
)
def test_regular_price_belongs_to_the_price(
    sources: dict[str, dict[str, object]], regular: str | None, source: str | None
) -> None:
    """What is shown beside the price goes before hidden state; what stands beside another price is not this one's."""
    product = merged(jsonld={"price": "5", "currency": "EUR"}, **sources)
    assert product.regular_price == (Decimal(regular) if regular else None)
    assert product.sources.get("regular_price") == source


def test_list_price_is_settled_beside_the_price_only() -> None:
    """The visible page is asked for a list price that the source of the price does not give."""
    beside = read_all([Candidate("jsonld", {"price": "17.99", "regular_price": "21.50", "currency": "EUR"})], SUBJECT)
    apart = read_all(
        [Candidate("jsonld", {"price": "17.99", "currency": "EUR"}), Candidate("state", {"regular_price": "21.50"})],
        SUBJECT,
    )
    assert {"price", "regular_price"} <= settled(beside, SUBJECT)
    assert "regular_price" not in settled(apart, SUBJECT)
    assert "price" in settled(apart, SUBJECT)
    assert "regular_price" in settled(apart, replace(SUBJECT, may_be_reduced=lambda _: False))


def test_a_rating_is_within_its_scale() -> None:
    """A maximum that the rating passes is left out."""
    product = merged(jsonld={"rating": "9.2", "rating_max": "5"})
    assert (product.rating, product.rating_max) == (Decimal("9.2"), None)


def test_scale_and_rating_are_of_one_source() -> None:
    """A rating of one source is not put on the scale of another."""
    product = merged(jsonld={"rating": "4.5"}, microdata={"rating": "9", "rating_max": "10"})
    assert (product.rating, product.rating_max) == (Decimal("4.5"), None)


def test_nobody_rated() -> None:
    """A rating of zero, or by nobody, is none."""
    assert merged(jsonld={"rating": "0", "rating_max": "5"}).rating is None
    assert merged(jsonld={"rating": "5", "review_count": "0"}).rating is None


@pytest.mark.parametrize(
    "text", ["{{ product.brand }}", "$brand", "<%= brand %>", "null", "N/A", "-", "%brand%", "${b}"]
)
def test_unrendered_templates_are_nothing(text: str) -> None:
    """Template code is not a value, and leaves the field to the next source."""
    assert merged(jsonld={"brand": text}, html={"brand": "Acme"}).brand == "Acme"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "Cup", "price": "5"}, Status.OK),
        ({"name": "Cup", "availability": "SoldOut"}, Status.OK),
        ({"name": "Cup", "availability": "InStock"}, Status.PARTIAL),
        ({"price": "5"}, Status.PARTIAL),
        ({"name": "Cup", "price": "0"}, Status.PARTIAL),
    ],
)
def test_status_by_name_and_price(fields: dict[str, object], status: Status) -> None:
    """A product is complete with name and price, or name and a stated unavailability."""
    assert merged(jsonld=fields).status is status


def names(*given: str, listed: bool = False) -> list[Candidate]:
    return [Candidate("jsonld", {"name": name}, listed) for name in given]


def test_the_product_named_like_the_page_is_chosen() -> None:
    """Of several products, the page is about the one that its title names."""
    best = choose(names("Red Cup", "Blue Cup", "Lid"), SUBJECT)
    assert best is not None
    assert best.fields["name"] == "Blue Cup"


def test_the_product_at_the_pages_address_is_chosen() -> None:
    """The page's own address counts more than a likeness of names."""
    home = Candidate("jsonld", {"name": "Tasse", "url": f"{URL}?a=1"})
    assert choose([*names("Blue Lid"), home], SUBJECT) is home


def test_a_listed_product_yields_to_the_pages_own() -> None:
    """Of two alike, the one that is no entry of a list is meant."""
    own = names("Blue Cup")[0]
    assert choose([*names("Blue Cup", listed=True), own], SUBJECT) is own


def test_none_of_many_strangers_is_chosen() -> None:
    """A page that names many products and is about none of them is a list."""
    assert choose(names("Pot", "Pan", "Jug", "Lid", "Jar"), SUBJECT) is None
    assert choose(names("Pot", listed=True), SUBJECT) is None
    assert choose([], SUBJECT) is None


@pytest.mark.parametrize(("code", "gtin"), [("4006381333931", "4006381333931"), ("2000000000015", None)])
def test_sku_that_is_a_gtin_serves_as_one(code: str, gtin: str | None) -> None:
    """Unless it is of those that shops may give themselves, which name another thing elsewhere."""
    assert merged(jsonld={"name": "Cup", "sku": code}).gtin == gtin


def test_price_in_another_currency_is_no_rival() -> None:
    """A shop that tells its programs dollars and its readers euros contradicts nobody."""
    marked = {"price": "40.00", "currency": "EUR"}
    assert not merged(jsonld=marked, state={"price": "46.10", "currency": "USD"}).warnings
    assert merged(jsonld=marked, state={"price": "46.10", "currency": "EUR"}).warnings
