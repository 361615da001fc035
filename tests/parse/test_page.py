"""Whole pages, from fixtures and from the worst of generators."""

import dataclasses
import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.config import SiteRules
from scraper.models import Failure, Outcome, Product, Status
from scraper.parse import page as page_module
from scraper.parse.page import parse_page
from tests.parse.pages import page_of
from tests.parse.validity import check_outcome

CASES = sorted(path for path in (Path(__file__).parents[2] / "fixtures" / "pages").iterdir() if path.is_dir())
BODIES = [(case / "page.html").read_bytes() for case in CASES]
OF_THE_FETCH = {"url", "final_url", "http_status", "fetched_at", "attempts", "message"}


def read_case(case: Path) -> Outcome:
    about = json.loads((case / "page.json").read_text())
    return parse_page(page_of((case / "page.html").read_bytes(), **about))


def as_json(outcome: Outcome) -> dict[str, object]:
    """The fields that the parser filled, as they stand in expected.json."""
    told = {key: value for key, value in dataclasses.asdict(outcome).items() if key not in OF_THE_FETCH}
    text = json.dumps({key: value for key, value in told.items() if value not in (None, (), {})}, default=str)
    return dict(json.loads(text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_becomes_what_is_expected(case: Path) -> None:
    """Every fixture page gives exactly the fields, sources and warnings of its expected.json."""
    assert as_json(read_case(case)) == json.loads((case / "expected.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_parsing_is_repeatable(case: Path) -> None:
    """The same page gives an equal outcome, whatever was parsed before."""
    assert read_case(case) == read_case(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_outcome_is_valid(case: Path) -> None:
    """Outcomes come back whole from a parsing process, and hold in every field what it may hold."""
    check_outcome(read_case(case))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from([200, 403, 404, 500]), st.none() | st.text(max_size=40))
def test_no_bytes_make_it_raise(body: bytes, http_status: int, content_type: str | None) -> None:
    """Arbitrary bytes under an arbitrary header end as a valid outcome, and never as an exception inside."""
    check_outcome(parse_page(page_of(body, http_status=http_status, content_type=content_type)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(BODIES), st.integers(0, 3_000), st.integers(0, 200), st.binary(max_size=30))
def test_no_mutation_makes_it_raise(body: bytes, start: int, length: int, insert: bytes) -> None:
    """A page with a piece cut out or replaced is read as far as it goes."""
    check_outcome(parse_page(page_of(body[:start] + insert + body[start + length :])))


KEYS = [
    "@type",
    "@id",
    "name",
    "offers",
    "price",
    "image",
    "brand",
    "sku",
    "url",
    "hasVariant",
    "aggregateRating",
    "priceSpecification",
    "availability",
    "shippingDetails",
    "itemListElement",
    "position",
    "gtin13",
    "model",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_type_in_jsonld_makes_it_raise(value: object) -> None:
    """Values of the wrong type in a product's properties cost no more than themselves."""
    node = {
        "@type": "Product",
        "name": "Cup",
        "offers": value,
        **(value if isinstance(value, dict) else {"brand": value}),
    }
    block = json.dumps({"@graph": [node, value]}).replace("</", "<\\/")
    check_outcome(parse_page(page_of(f'<h1>Cup</h1><script type="application/ld+json">{block}</script>')))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000 + "<h1>Cup</h1><b class=price>5 €</b>",
        '<script type="application/ld+json">' + "[" * 100_000 + "</script><h1>Cup</h1>",
        '<script type="application/ld+json">' + '{"@graph":' * 100_000 + "</script>",
        "<div itemscope itemprop=offers itemtype=http://schema.org/Product>" * 20_000 + "x",
        "<p class=price>" * 50_000 + "5 €",
        '<meta charset="' * 50_000,
        "<script application/ld+json " * 50_000,
        "<h1>Cup</h1>" + "<s>1 €</s><td>EAN:</td>" * 20_000,
        "<h1>" + "Cup " * 200_000 + "</h1>",
        "<p>" + "1 " * 300_000,
        '<script type="application/ld+json">{"@type":"Product","name":"Cup"}</script>' * 20_000,
    ],
    ids=[
        "elements",
        "arrays",
        "objects",
        "items",
        "prices",
        "meta",
        "script",
        "labels",
        "heading",
        "numbers",
        "blocks",
    ],
)
def test_hostile_page_ends_fast(body: str) -> None:
    """Nesting and repetition without end cost time in proportion to the page, and no exception."""
    start = time.process_time()
    outcome = parse_page(page_of(body))
    assert outcome.status is not Status.PARSE_ERROR, outcome
    assert time.process_time() - start < 3


def test_exception_becomes_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a source raises is caught in one place, and its type is the reason."""

    def explode(document: object) -> list[object]:
        raise ZeroDivisionError("by a page")

    monkeypatch.setattr(page_module, "SOURCES", (explode,))
    outcome = parse_page(page_of("<h1>Cup</h1>"))
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.PARSE_ERROR, "zero_division_error")


def test_failure_tells_of_its_page() -> None:
    """A failure keeps URL, status code, attempts and time of the page that it is about."""
    page = page_of("", http_status=404)
    outcome = parse_page(page)
    assert isinstance(outcome, Failure)
    assert (outcome.url, outcome.http_status, outcome.attempts) == (page.url, 404, 1)
    assert outcome.fetched_at == page.fetched_at


def test_texts_hold_no_control_characters() -> None:
    """No text of a product has control characters or lone surrogates, wherever it came from."""
    block = r'{"@type":"Product","name":"Cup\u0000\u001b[1m \ud800x","offers":{"price":5,"priceCurrency":"EUR"}}'
    product = parse_page(page_of(f'<script type="application/ld+json">{block}</script>'))
    assert isinstance(product, Product)
    assert product.name is not None
    assert product.name.encode().decode().isprintable()


def test_huge_price_is_no_price() -> None:
    """A number beyond all prices leaves the field empty instead of filling memory with zeros."""
    block = '{"@type":"Product","name":"Cup","sku":"1","offers":{"price":1e308,"priceCurrency":"EUR"}}'
    product = parse_page(page_of(f'<script type="application/ld+json">{block}</script>'))
    assert isinstance(product, Product)
    assert product.price is None


def test_price_of_the_most_trusted_source_and_a_warning() -> None:
    """Where both prices can be seen, the markup's stays, and the disagreement is told."""
    block = '{"@type":"Product","name":"Cup","offers":{"price":20,"priceCurrency":"EUR"}}'
    body = (
        f"<h1>Cup</h1><p class=price>18 €</p><p>instead of 20 €</p><script type='application/ld+json'>{block}</script>"
    )
    product = parse_page(page_of(body))
    assert isinstance(product, Product)
    assert product.price == Decimal(20)
    assert product.warnings == ("price: jsonld says 20, but html 18; took 20",)


@pytest.mark.parametrize("price", ["€ 19,90", "19.90"])
def test_named_thing_with_a_displayed_price_is_a_product(price: str) -> None:
    """Also where the page is asked only for what the markup leaves open."""
    card = f"<div class=hproduct><span class=fn>Lamp</span> <b class=price>{price}</b></div>"
    body = f"<title>Lamp</title><h1>Lamp</h1>{card}<button>Buy now</button>"
    outcome = parse_page(page_of(body))
    assert isinstance(outcome, Product), outcome
    assert outcome.price == Decimal("19.90")


def test_what_the_page_shows_counts_where_the_markup_names_no_product() -> None:
    """A price that a nameless state and the page both have is as good as one that only the page has."""
    state = '<script>window.product = {"price": 19.9, "currency": "EUR", "sku": "AB-1044"};</script>'
    body = f"<title>Lamp</title><h1>Lamp</h1>{state}<b class=price>€ 19.90</b><p>SKU: AB-1044</p>"
    thorough = page_module.examine(page_of(body)).outcome
    assert isinstance(thorough, Product)
    assert parse_page(page_of(body)).status is thorough.status


def test_rules_stand_among_what_was_chosen_wherever_their_values_are_taken() -> None:
    """On a page that calls itself lost, too, if its markup has a product."""
    markup = '{"@type": "Product", "name": "Lamp", "offers": {"price": 12.5, "priceCurrency": "EUR"}}'
    body = f"<title>Page not found</title><h1>Lamp</h1><script type=application/ld+json>{markup}</script>"
    found = page_module.examine(page_of(body), {"shop.example": SiteRules(selectors={"name": "h1"})})
    assert isinstance(found.outcome, Product)
    assert found.outcome.sources["name"] == "rule"
    assert found.chosen[0].source == "rule"
