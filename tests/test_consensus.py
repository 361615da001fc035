"""What the rows of one host tell about each other."""

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.consensus import EVIDENCE, HostEvidence, correct, gather, host_of
from scraper.models import Product, Status
from scraper.parse.price import parse_machine_amount, parse_price

URL = "https://shop.example/p/1"


def corrected_rows(products: Sequence[Product]) -> list[Product]:
    return list(correct(products, gather(products)))


def row(price_text: str | None, currency: str | None = None, source: str = "html", *, url: str = URL) -> Product:
    """A product as the parse stage reads it from one page alone."""
    price, meant = None, currency
    if price_text and source == "html":
        shown = parse_price(price_text, currency=currency)
        price, meant = (shown.amount, shown.currency) if shown else (None, currency)
    elif price_text:
        price = parse_machine_amount(price_text, currency=currency)
    return Product(
        url,
        url,
        Status.OK,
        200,
        datetime(2026, 1, 1, tzinfo=UTC),
        name="Chair",
        price=price,
        currency=meant,
        price_text=price_text,
        sources={"name": source} | ({"price": source} if price else {}) | ({"currency": source} if meant else {}),
    )


def rows(texts: str, currency: str | None = None, source: str = "html") -> list[Product]:
    """A product for each text."""
    return [row(text.strip(), currency, source) for text in texts.split("|")]


CHILEAN = rows("$ 24.990|$ 1.299.990|$ 5.000|$ 12.490|$ 7.990|$ 2.490.000|$ 990|$ 19.990", "CLP", "jsonld")
TUNISIAN = rows("999,000 TND|1 299,000 TND|89,900 TND|45,500 TND|12,000 TND|7,250 TND")
GERMAN = rows("1.299 €|12,99 €|2.499 €|899 €|1.049,00 €|1.999 €|3.290 €|1.799,50 €|1.350,00 €")
PADDED = rows("24.990|1299.000|5.500|12990.000|0.990|2450.000|7.000|1050.000|3999.000", "USD", "jsonld")
LIVRES = rows("12.99|24.50|1299.00|7.95|45.00|19.99", "USD", "jsonld")
MACHINE_GROUPS = rows("1.299|899|2.199|649|3.495|1.049|2.799|1.155|1.399.000", "EUR", "jsonld")
ROUND_GROUPS = rows("1.290|890|2.190|640|3.490|1.040|790|450|990|1.150", "EUR", "microdata")
CANADIAN = rows("12.99|24.50|1299.00|7.95|45.00|19.99", "CAD", "jsonld")


@pytest.mark.parametrize(
    ("host", "odd", "price", "currency"),
    [
        pytest.param(CHILEAN, row("24.990", source="jsonld"), "24990", "CLP", id="a machine value without currency"),
        pytest.param(CHILEAN, row("$24.990"), "24990", "CLP", id="a bare dollar sign"),
        pytest.param(CHILEAN, row("1.299", source="microdata"), "1299", "CLP", id="another source"),
        pytest.param(TUNISIAN, row("999,000"), "999.000", "TND", id="three decimals, shown"),
        pytest.param(TUNISIAN, row("999,000", source="jsonld"), "999.000", "TND", id="three decimals, in markup"),
        pytest.param(GERMAN, row("24.990", "EUR", "jsonld"), "24990", "EUR", id="markup as people read it"),
        pytest.param(MACHINE_GROUPS, row("1.890", "EUR", "jsonld"), "1890", "EUR", id="no price ends in thousandths"),
        pytest.param(ROUND_GROUPS, row("2.350", "EUR", "microdata"), "2350", "EUR", id="whole numbers beside groups"),
        pytest.param(PADDED, row("$ 24.990", source="jsonld"), "24.990", "USD", id="three decimals in US dollars"),
        pytest.param(CANADIAN, row("$ 12.99"), "12.99", "CAD", id="whose dollar"),
        pytest.param(CANADIAN, row("12.99"), "12.99", "CAD", id="no sign at all"),
    ],
)
def test_a_row_is_read_as_its_host_writes(host: Sequence[Product], odd: Product, price: str, currency: str) -> None:
    """The other rows decide what the row alone leaves open, and a warning says so."""
    corrected = corrected_rows([*host, odd])[-1]
    assert (str(corrected.price), corrected.currency) == (price, currency)
    changed = (corrected.price != odd.price) + (corrected.currency != odd.currency)
    assert len(corrected.warnings) == changed > 0 or corrected == odd


@pytest.mark.parametrize(
    ("host", "odd"),
    [
        pytest.param(CHILEAN[:4], row("24.990", source="jsonld"), id="too few rows"),
        pytest.param(CHILEAN[:6] + LIVRES[:3], row("24.990", source="jsonld"), id="no clear majority"),
        pytest.param(CHILEAN, row("US$ 24.99"), id="a sign of another currency"),
        pytest.param(CHILEAN, row("24.990", "USD", "jsonld"), id="a currency of its own"),
        pytest.param(CHILEAN, row("1,299.50", "USD", "jsonld"), id="a thousands mark and decimals"),
        pytest.param(CHILEAN, row("kr 24.990"), id="a sign that the currency does not have"),
        pytest.param(TUNISIAN, row("1.299,00 €"), id="a thousands mark and decimals, in euro"),
        pytest.param(LIVRES, row("24.990", "USD", "jsonld"), id="a host that writes decimals"),
        pytest.param(PADDED, row("24.990", "USD", "jsonld"), id="a host that writes three decimals"),
        pytest.param(
            GERMAN + LIVRES, row("24.990", "EUR", "jsonld"), id="people read thousands, machines read decimals"
        ),
        pytest.param(rows("24990|12990|5990", "EUR", "jsonld") + GERMAN, row("24.990", "EUR", "jsonld"), id="no marks"),
        pytest.param(rows("24.990|7.990|5.000|1.990|9.990", "EUR", "jsonld"), row("2.990", "EUR", "jsonld"), id="open"),
        pytest.param(GERMAN, row("24.990", "KWD", "jsonld"), id="a currency with three decimals"),
        pytest.param(GERMAN, row("12.990 € (statt 15.990 €)"), id="two numbers"),
        pytest.param(GERMAN, row(None), id="no price"),
    ],
)
def test_a_row_is_left_alone(host: Sequence[Product], odd: Product) -> None:
    """Few rows, divided ones, or a row that decides for itself change nothing."""
    assert corrected_rows([*host, odd])[-1] is odd


@pytest.mark.parametrize(
    "host", [CHILEAN, TUNISIAN, GERMAN, PADDED, LIVRES, CANADIAN], ids=lambda host: host[0].currency
)
def test_rows_that_agree_are_left_alone(host: list[Product]) -> None:
    """A host that was read right is untouched."""
    assert corrected_rows(host) == host


def test_a_whole_host_misread_is_read_again() -> None:
    """Markup that groups thousands betrays itself by what could not be decimals."""
    assert [str(product.price) for product in corrected_rows(MACHINE_GROUPS)] == [
        *("1299", "899", "2199", "649", "3495", "1049", "2799", "1155", "1399000"),
    ]


def test_the_warning_names_both_readings() -> None:
    """Whoever reads the table sees what was changed and why."""
    corrected = corrected_rows([*CHILEAN, row("24.990", source="jsonld")])[-1]
    assert corrected.warnings == (
        "currency: CLP, as 8 pages of the host say; alone this one names none",
        "price: read as 24990, as 8 pages of the host say; alone it would be 24.990",
    )
    assert corrected.sources == {"name": "jsonld", "price": "jsonld", "currency": "host"}


def test_a_guess_at_a_sign_gives_way() -> None:
    """What only the country made of a dollar sign is no evidence, and is what the other pages say."""
    guess = replace(row("$ 12.99"), currency="USD", sources={"price": "html", "currency": "html"})
    assert [product.currency for product in corrected_rows([*CANADIAN, *[guess] * 20])[-2:]] == ["CAD", "CAD"]
    assert corrected_rows([guess] * 20) == [guess] * 20


@pytest.mark.parametrize(("regular", "corrected"), [("34.990", "34990.000"), ("34990", "34990"), ("20000", None)])
def test_the_regular_price_follows(regular: str, corrected: str | None) -> None:
    """What was misread by the same mark is read again, and what is not above the price is dropped."""
    odd = replace(row("24.990", source="jsonld"), regular_price=Decimal(regular))
    assert corrected_rows([*CHILEAN, odd])[-1].regular_price == (Decimal(corrected) if corrected else None)


def test_a_site_rule_has_the_last_word() -> None:
    """A rule that names the decimal mark is not overruled."""
    odd = replace(row("24.990", "EUR", "jsonld"), sources={"price": "rule", "currency": "rule"})
    assert corrected_rows([*GERMAN, odd])[-1] is odd


def test_hosts_do_not_speak_for_each_other() -> None:
    """Evidence is kept by host; a URL without one has a host of no name."""
    other = row("24.990", source="jsonld", url="https://other.example/p/1")
    assert corrected_rows([*CHILEAN, other])[-1] is other
    assert host_of(other) == "other.example"
    assert host_of(replace(other, final_url="nonsense")) == ""


def test_memory_does_not_grow_with_rows() -> None:
    """Only counts are kept."""
    evidence = HostEvidence()
    for number in range(3_000):
        evidence.add(row(f"{number % 900 + 1}.{number % 1000:03}", "EUR", "jsonld"))
    assert len(evidence._marks) + len(evidence._currencies) < 20


_TEXT = st.sampled_from(
    [
        *(
            "24.990",
            "1.299",
            "1.299.000",
            "1.299,00",
            "1,299.00",
            "899",
            "24990",
            "12.99",
            "12,99",
            "0.990",
            "1299.000",
        ),
        *("999,000", "1 299,000", "$ 24.990", "$24,995", "12.990 €", "£5", "kr 1.299", "US$ 5.000", "24.990 - 30.000"),
        *("٢٤٫٩٩", "", "free"),
    ]
)
_ROW = st.builds(
    row,
    st.none() | _TEXT | st.text(alphabet="0123456789., $€'", max_size=12),
    st.sampled_from([None, None, "CLP", "TND", "EUR", "USD", "CAD"]),
    st.sampled_from(["html", "jsonld", "microdata"]),
)
_ODD_ROW = st.builds(
    lambda product, price, regular, currency, source: replace(
        product, price=price, regular_price=regular, currency=currency, sources={"price": source, "currency": source}
    ),
    _ROW,
    st.none() | st.decimals() | st.sampled_from([Decimal("24.990"), Decimal(24990), Decimal("1.299"), Decimal(1299)]),
    st.none() | st.sampled_from([Decimal(30), Decimal(30000)]),
    st.sampled_from([None, "CLP", "TND", "EUR", "USD", "CAD", "XYZ"]),
    st.sampled_from(["html", "jsonld", "rule", "host", ""]),
)
_ROWS = st.lists(
    st.one_of(_ROW, _ODD_ROW, *(st.sampled_from(host) for host in (CHILEAN, TUNISIAN, GERMAN))), max_size=40
)


@given(_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(products: list[Product], chance: random.Random) -> None:
    """Any order of reading, hence of finishing, gives the same table."""
    order = list(range(len(products)))
    chance.shuffle(order)
    shuffled = corrected_rows([products[index] for index in order])
    straight = corrected_rows(products)
    assert [repr(product) for product in shuffled] == [repr(straight[index]) for index in order]


@given(_ROWS)
def test_correcting_twice_changes_nothing(products: list[Product]) -> None:
    """What has been decided is evidence for what it was decided as, or none."""
    once = corrected_rows(products)
    assert all(first is second for first, second in zip(once, corrected_rows(once), strict=True))


@given(_ROWS)
def test_a_majority_is_needed_and_a_reason_given(products: list[Product]) -> None:
    """Fewer than five rows change nothing, and no row changes without a warning."""
    assert all(before is after for before, after in zip(products[:4], corrected_rows(products[:4]), strict=True))
    for before, after in zip(products, corrected_rows(products), strict=True):
        assert after is before or len(after.warnings) > len(before.warnings)


@given(_ROWS)
def test_what_is_gathered_of_a_row_is_what_is_said_to_be(products: list[Product]) -> None:
    unread = {entry.name: None for entry in fields(Product)[5:] if entry.name not in EVIDENCE}
    evidence = gather([replace(product, **unread) for product in products])
    assert repr(list(correct(products, evidence))) == repr(corrected_rows(products))
