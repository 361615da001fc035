"""A site's own rules."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from scraper.config import SiteRules
from scraper.errors import ConfigError
from scraper.models import Failure, Outcome, Product, Status
from scraper.parse.page import parse_page
from scraper.parse.rules import check_rules, rules_for
from tests.parse.pages import page_of

BODY = """<h1>Cup</h1><div id=box data-sku="C-1"><b class=ours>Blue Cup</b> <i class=cost>1.234,50 €</i></div>
<script type="application/ld+json">
{"@type": "Product", "name": "Cup", "offers": {"price": 5, "priceCurrency": "EUR"}}</script>"""


def read_cup(soup: BeautifulSoup) -> Mapping[str, object] | None:
    """A user's parser: None where there is no heading."""
    heading = soup.find("h1")
    return {"name": heading.get_text() + "!", "price": Decimal("9.5"), "brand": None} if heading else None


def read_nonsense(soup: BeautifulSoup) -> object:
    return "a cup"


def read_unknown(soup: BeautifulSoup) -> object:
    return {"prize": 5}


NOT_CALLABLE = 5


def parsed(body: str = BODY, *, parser: str | None = None, **selectors: str) -> Outcome:
    """The page read by rules for its host."""
    return parse_page(page_of(body), {"shop.example": SiteRules(selectors, parser)})


@pytest.mark.parametrize(
    ("host", "found"),
    [("shop.example", "shop"), ("www.shop.example", "shop"), ("de.shop.example", "de"), ("myshop.example", None)],
)
def test_host_matches_exactly_or_below(host: str, found: str | None) -> None:
    """The nearest domain's rules hold; a host that only ends alike has none."""
    sites = {"shop.example": SiteRules({"name": "shop"}), "de.shop.example": SiteRules({"name": "de"})}
    rules = rules_for(f"https://{host}:8443/p/1", sites)
    assert (rules.selectors["name"] if rules else None) == found


def test_selectors_win_and_are_normalised() -> None:
    """Text and attributes that rules select replace what the markup says, read as displayed values."""
    product = parsed(name=".ours", sku="#box@data-sku", price="i.cost")
    assert isinstance(product, Product)
    assert (product.name, product.sku, product.price) == ("Blue Cup", "C-1", Decimal("1234.50"))
    assert product.sources["price"] == "rule"


def test_selector_that_finds_nothing_leaves_the_field_to_others() -> None:
    """A rule fills its field only where it finds something."""
    product = parsed(name=".nowhere")
    assert isinstance(product, Product)
    assert (product.name, product.sources["name"]) == ("Cup", "jsonld")


def test_at_sign_inside_an_attribute_selector() -> None:
    """Only an @ after the last bracket parts selector and attribute."""
    product = parsed('<h1>x</h1><a title="a@b" href="/c1">Cup</a>', name='a[title="a@b"]', image='a[title="a@b"]@href')
    assert isinstance(product, Product)
    assert (product.name, product.image) == ("Cup", "https://shop.example/c1")


def test_parser_function_gives_fields() -> None:
    """A parser's mapping is taken as any source's values, its None values as not given."""
    product = parsed(parser=f"{__name__}:read_cup")
    assert isinstance(product, Product)
    assert (product.name, product.price, product.currency) == ("Cup!", Decimal("9.5"), "EUR")


def test_parser_answering_none_means_no_product() -> None:
    """A parser may deny that a page shows a product, whatever the markup says."""
    outcome = parsed(BODY.replace("h1", "h2"), parser=f"{__name__}:read_cup")
    assert (outcome.status, isinstance(outcome, Failure)) == (Status.NOT_PRODUCT, True)


@pytest.mark.parametrize(
    ("parser", "selectors", "words"),
    [
        (None, {"name": "p["}, "CSS selector"),
        (f"{__name__}:read_nonsense", {}, "str"),
        (f"{__name__}:read_unknown", {}, "'price'"),
        ("no.such:module", {}, "cannot be imported"),
    ],
)
def test_rule_that_cannot_work_is_a_parse_error(parser: str | None, selectors: dict[str, str], words: str) -> None:
    """The failure has the reason `rule` and says which rule is wrong."""
    outcome = parsed(parser=parser, **selectors)
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.PARSE_ERROR, "rule")
    assert words in outcome.message


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (SiteRules({"prise": "p"}), "did you mean 'price'"),
        (SiteRules({"status": "p"}), "unknown field 'status'"),
        (SiteRules({"name": ".."}), "no CSS selector"),
        (SiteRules(parser="json:nothing"), "cannot be imported"),
        (SiteRules(parser="nocolon"), "cannot be imported"),
        (SiteRules(parser=f"{__name__}:NOT_CALLABLE"), "is not a function"),
    ],
)
def test_bad_rules_are_refused_early(rules: SiteRules, words: str) -> None:
    """check_rules names the site's table and what is wrong."""
    with pytest.raises(ConfigError, match=words) as caught:
        check_rules({"shop.example": rules})
    assert '[sites."shop.example"]' in str(caught.value)


def test_good_rules_pass() -> None:
    """Known fields, selectors that parse and a parser that can be imported are fine."""
    check_rules({"shop.example": SiteRules({"name": "h1", "image": "img@src"}, f"{__name__}:read_cup")})


def test_rules_make_no_product_of_a_missing_page() -> None:
    """A heading that says that the page is gone is no product's name."""
    outcome = parsed("<title>Page not found</title><h1>Page not found</h1>", name="h1")
    assert outcome.status is Status.GONE
