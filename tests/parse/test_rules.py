"""A site's own rules."""

import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

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


def read_badly(soup: BeautifulSoup) -> object:
    return {"name": 1 / 0}


def leave(soup: BeautifulSoup) -> object:
    sys.exit("enough")


def read_nested(soup: BeautifulSoup) -> object:
    return {"name": ["Cup"]}


def read_tag(soup: BeautifulSoup) -> object:
    return {"name": soup.h1}


def read_bool(soup: BeautifulSoup) -> object:
    return {"price": True}


def read_mixed_images(soup: BeautifulSoup) -> object:
    return {"images": ["a.jpg", 5]}


def read_flat_attributes(soup: BeautifulSoup) -> object:
    return {"attributes": "blue"}


def read_numbered(soup: BeautifulSoup) -> object:
    return {5: "Cup"}


def read_list(soup: BeautifulSoup) -> object:
    return [{"name": "Cup"}]


def read_words_for_price(soup: BeautifulSoup) -> object:
    return {"name": "Cup", "price": "on request", "sku": 17, "images": ("/a.jpg",), "rating": 0}


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
        (f"{__name__}:read_nonsense", {}, "read_nonsense: answered str, not a mapping or None"),
        (f"{__name__}:read_list", {}, "read_list: answered list, not"),
        (f"{__name__}:read_nested", {}, "read_nested: name is list, not a text or a number"),
        (f"{__name__}:read_tag", {}, "name is Tag, not"),
        (f"{__name__}:read_bool", {}, "price is bool, not"),
        (f"{__name__}:read_mixed_images", {}, "images is list, not a list of texts"),
        (f"{__name__}:read_flat_attributes", {}, "attributes is str, not a mapping"),
        (f"{__name__}:read_numbered", {}, "unknown field 5"),
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


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("https://shop.example", 'write [sites."shop.example"]'),
        ("https://shop.example/p?a=1", 'write [sites."shop.example"]'),
        ("127.0.0.1:9211", 'write [sites."127.0.0.1"]'),
        ("shop.example/cups", 'write [sites."shop.example"]'),
        (" shop.example", 'write [sites."shop.example"]'),
        ("*.shop.example", 'write [sites."shop.example"]'),
        ("shop.example.", 'write [sites."shop.example"]'),
        ("bücher.example", 'write [sites."xn--bcher-kva.example"]'),
        ("shop example", "write a host such as shop.example"),
        ("", "write a host such as shop.example"),
    ],
)
def test_site_that_is_no_plain_host_is_refused(host: str, hint: str) -> None:
    """Rules under a key that no URL's host equals would never be used, so the error says what to write."""
    with pytest.raises(ConfigError) as caught:
        check_rules({host: SiteRules({"name": "h1"})})
    assert f'[sites."{host}"]: ' in str(caught.value)
    assert str(caught.value).endswith(hint)


@pytest.mark.parametrize("host", ["shop.example", "www.shop.example", "127.0.0.1", "localhost", "shop"])
def test_plain_hosts_pass(host: str) -> None:
    """Names and addresses as URLs have them are fine."""
    check_rules({host: SiteRules({"name": "h1"})})


@pytest.mark.parametrize(
    ("parser", "reason", "told"),
    [
        ("read_badly", "zero_division_error", "ZeroDivisionError: division by zero"),
        ("leave", "system_exit", "SystemExit: enough"),
    ],
)
def test_failing_parser_is_named_with_its_line(parser: str, reason: str, told: str) -> None:
    """The failure has the exception as its reason, and says in which parser, file and line it was raised."""
    outcome = parsed(parser=f"{__name__}:{parser}")
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.PARSE_ERROR, reason)
    line = globals()[parser].__code__.co_firstlineno + 1
    assert outcome.message == f"{__name__}:{parser}: {told} (test_rules.py, line {line})"


def test_parser_may_be_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C inside a user's parser is no failure of the page."""

    def interrupt(soup: BeautifulSoup) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(globals(), "leave", interrupt)
    with pytest.raises(KeyboardInterrupt):
        parsed(parser=f"{__name__}:leave")


def test_module_that_fails_is_a_config_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in the user's module is told before the run, with its name."""
    (tmp_path / "slipping_rules.py").write_text("def parse(soup):\n    return {\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"'slipping_rules:parse' cannot be imported: SyntaxError: .*line 2\)$"):
        check_rules({"shop.example": SiteRules(parser="slipping_rules:parse")})


def test_rule_that_finds_nothing_is_told() -> None:
    """After a redesign other sources may still fill the field, which must not go unnoticed."""
    product = parsed(name=".ours", price=".nowhere")
    assert isinstance(product, Product)
    assert product.warnings == ("rule: price: '.nowhere' found nothing",)


def test_rules_that_all_find_nothing_are_told() -> None:
    """The warnings stay where the markup alone makes the product, and stand in the message where nothing does."""
    product = parsed(price=".nowhere")
    assert isinstance(product, Product)
    assert product.warnings == ("rule: price: '.nowhere' found nothing",)
    nothing = parsed("<p>Hello</p>", price=".nowhere")
    assert isinstance(nothing, Failure)
    assert nothing.message == "Nothing on the page is a product. rule: price: '.nowhere' found nothing"


def test_value_that_is_none_of_its_field_is_told() -> None:
    """A selector may meet another element than before; nobody rated is a value, though."""
    product = parsed(price=".ours")
    assert isinstance(product, Product)
    assert (product.price, product.warnings) == (Decimal(5), ("rule: price: 'Blue Cup' is no price",))
    product = parsed(parser=f"{__name__}:read_words_for_price")
    assert isinstance(product, Product)
    assert (product.sku, product.images) == ("17", ("https://shop.example/a.jpg",))
    assert product.warnings == ("rule: price: 'on request' is no price",)


def test_good_rules_pass() -> None:
    """Known fields, selectors that parse and a parser that can be imported are fine."""
    check_rules({"shop.example": SiteRules({"name": "h1", "image": "img@src"}, f"{__name__}:read_cup")})


def test_rules_make_no_product_of_a_missing_page() -> None:
    """A heading that says that the page is gone is no product's name."""
    outcome = parsed("<title>Page not found</title><h1>Page not found</h1>", name="h1")
    assert outcome.status is Status.GONE


def test_what_the_page_shows_does_not_overrule_a_rule() -> None:
    """Only what shops say of themselves is checked against their buttons."""
    body = "<h1>Cup</h1><i id=stock data-is=SoldOut></i><b class=price>€ 5</b><button>Add to cart</button>"
    ruled = parse_page(page_of(body), {"shop.example": SiteRules(selectors={"availability": "#stock@data-is"})})
    assert isinstance(ruled, Product)
    assert (ruled.availability, ruled.sources["availability"]) == ("SoldOut", "rule")
