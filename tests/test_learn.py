"""`scrape learn`: from values to a rule that loads, and that reads these values."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scraper.cli import main
from scraper.config import Config, PolitenessConfig, load
from scraper.errors import InputError
from scraper.learn import Visits, format_rules, learn
from scraper.models import Product
from scraper.parse.page import parse_page
from scraper.parse.rules import check_rules
from tests.parse.pages import page_of
from tests.server import Server, page, redirect

Serve = Callable[..., Server]


def shop_page(name: str = "Walnut Tray", price: str = "1.234,50 €", code: str = "WT-7", *, extra: str = "") -> str:
    """A page whose heading is the shop's, and whose first price is that of a case of ten."""
    return f"""<!doctype html><html lang=de><head><title>Holzwerk</title>
    <meta property="og:image" content="/bilder/{code}.jpg"></head>
    <body><h1>Holzwerk</h1><div class="css-1x2y3z" id="artikel"><div class="is-active article-title">{name}</div>
    <p class="per-case">Karton: <b>9.999,00 €</b></p>
    <p class="p-4 per-piece"><span class="xKwQz" data-testid="piece-price">{price}</span> pro Stück</p>
    <div class="row-12"><div>Artikelnummer:</div><div>{code}</div></div>
    <dl><dt>Marke</dt><dd>Eichenhof</dd></dl><button>In den Warenkorb</button>{extra}</div></body></html>"""


def pages(*bodies: str) -> list[tuple[str, object]]:
    return [(f"{n}.html", page_of(body)) for n, body in enumerate(bodies, start=1)]


def rules(body: str, *others: str, **given: str) -> dict[str, str]:
    """Field -> the best rule."""
    return {field: found[0].text for field, found in learn(pages(body, *others), given).rules.items()}


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("name", "walnut tray", ".article-title"),
        ("price", "1234.50", '[data-testid="piece-price"]'),
        ("price", "1.234,50", '[data-testid="piece-price"]'),
        ("price", "1.234,50 €", '[data-testid="piece-price"]'),
        ("regular_price", "9999", ".per-case b"),
        ("sku", "WT-7", 'div:lexbor-contains("Artikelnummer") + div'),
        ("brand", "Eichenhof", 'dt:lexbor-contains("Marke") + dd'),
        ("image", "/bilder/WT-7.jpg", 'meta[property="og:image"]@content'),
        ("image", "https://shop.example/bilder/WT-7.jpg", 'meta[property="og:image"]@content'),
        ("availability", "InStock", '[itemprop="availability"]@href'),
    ],
)
def test_rules_go_by_names_that_last(field: str, value: str, rule: str) -> None:
    """Not by hashes, numbers, states or places; a label will do where nothing has a name."""
    body = shop_page(extra='<link itemprop="availability" href="https://schema.org/InStock">')
    assert rules(body, **{field: value}) == {field: rule}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<i data-amount="12.50">see cart</i>', "[data-amount]@data-amount"),
        ('<i itemprop="price" content="12.50">12 and a half</i>', '[itemprop="price"]@content'),
        ('<i property="price">12.50</i>', '[property="price"]'),
        ('<p id="cost">12.50</p>', "#cost"),
        ('<p id="cost-88">12.50</p>', "p"),
        ('<p class="old">15.00</p><div class="buy-box"><p>12.50</p></div>', ".buy-box"),
        ('<p>15.00</p><div class="buy-box">Only <p>12.50</p></div>', ".buy-box p"),
        ('<p class="sum">15.00</p><div class="buy-box">Only <p class="sum">12.50</p></div>', ".buy-box .sum"),
        ("<p>15.00</p><div><p>3</p><p>12.50</p></div>", "body > div:nth-of-type(1) > p:nth-of-type(2)"),
    ],
)
def test_the_shortest_that_is_enough(body: str, rule: str) -> None:
    """A name of its own, then one inside another, then the place."""
    assert rules(f"<title>x</title>{body}", price="12.50") == {"price": rule}


def test_the_rule_that_works_on_most_pages_is_first() -> None:
    """A better name is worth nothing where other pages lack it."""
    first = shop_page().replace('class="xKwQz"', 'itemprop="promo"')
    second = shop_page("Oak Bowl", "99,00 €", "OB-1")
    assert rules(first, price="1234.50") == {"price": '[itemprop="promo"]'}
    assert rules(first, second, price="1234.50") == {"price": '[data-testid="piece-price"]'}


def test_the_printed_toml_gives_the_values(tmp_path: Path) -> None:
    """It loads, passes the check of rules, and `parse_page` reads with it what was asked for."""
    given = {
        "name": "Walnut Tray",
        "price": "1234.50",
        "sku": "WT-7",
        "brand": "Eichenhof",
        "image": "/bilder/WT-7.jpg",
    }
    learned = learn(pages(shop_page(), shop_page("Oak Bowl", "99,00 €", "OB-1")), given)
    path = tmp_path / "config.toml"
    path.write_text("\n".join(format_rules(learned)), encoding="utf-8")
    sites = load(path).sites
    check_rules(sites)
    product = parse_page(replace(page_of(shop_page()), final_url="https://www.shop.example/p/1"), sites)
    assert isinstance(product, Product)
    assert (product.name, product.price, product.currency) == ("Walnut Tray", Decimal("1234.50"), "EUR")
    assert (product.sku, product.brand, product.image) == (
        "WT-7",
        "Eichenhof",
        "https://www.shop.example/bilder/WT-7.jpg",
    )
    assert {product.sources[field] for field in given} == {"rule"}
    assert learned.is_complete


def test_each_page_has_a_line() -> None:
    """What the rule reads there, or that it reads nothing; then the lesson is not complete."""
    bodies = [shop_page(), shop_page("Oak Bowl", "99,00 €"), shop_page("Ash Cup", "ausverkauft").replace("b>", "i>")]
    learned = learn(pages(*bodies), {"name": "Walnut Tray", "price": "1234.50"})
    lines = list(format_rules(learned))
    assert lines[0] == '[sites."shop.example"]'
    assert "# 1.html: name Walnut Tray; price 1234.50 EUR" in lines
    assert "# 2.html: name Oak Bowl; price 99.00 EUR" in lines
    assert learned.rules["price"][0].failures == 1
    assert tomllib.loads("\n".join(lines)) == {
        "sites": {"shop.example": {"name": ".article-title", "price": '[data-testid="piece-price"]'}}
    }


def test_texts_of_pages_stay_comments() -> None:
    """Line breaks and control characters of a page neither steer a terminal nor become TOML."""
    body = shop_page("Tray\u2028name = 'x'\x1b[2J\u202e", extra='<p title="a\'b">')
    learned = learn(pages(body), {"price": "1234.50"})
    learned = replace(learned, wanted=(*learned.wanted, replace(learned.wanted[0], field="name")))
    lines = list(format_rules(learned))
    assert all(line.isprintable() for line in lines)
    assert list(tomllib.loads("\n".join(lines))["sites"]["shop.example"]) == ["price"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "Walnut Bowl"}, "1.html: no element reads 'Walnut Bowl' as name; nearest: 'Walnut Tray'"),
        ({"price": "1.243,50"}, "no element reads '1.243,50' as price; nearest: '1.234,50 €'"),
        ({"name": "Zzz"}, "no element reads 'Zzz' as name; nothing there is like it"),
        ({"sku": "HIDDEN-1"}, "it stands in a script or the like, where no selector reaches"),
        ({"gtin": "123"}, "'123' cannot be read as gtin"),
        ({"price": "cheap"}, "'cheap' cannot be read as price"),
    ],
)
def test_a_value_that_is_not_there(given: dict[str, str], message: str) -> None:
    """Said with what stands there instead."""
    with pytest.raises(InputError) as caught:
        learn(pages(shop_page(extra="<script>var sku = 'HIDDEN-1'</script>")), given)
    assert message in str(caught.value)


def test_pages_of_two_hosts_are_refused() -> None:
    """Rules are for one host."""
    other = ("b.html", page_of(shop_page(), url="https://other.example/1"))
    with pytest.raises(InputError, match=r"b\.html: is of other\.example, not of shop\.example"):
        learn([*pages(shop_page()), other], {"name": "Walnut Tray"})


def test_huge_pages_end_soon() -> None:
    """Thousands of equal values and deep nesting cost no more than the first few."""
    many = "<div class=card><p class=price>1.234,50 €</p></div>" * 5_000
    deep = "<div class=a>" * 2_000 + "<b>1.234,50 €</b>"
    assert rules(f"<title>x</title><h1>y</h1>{many}{deep}", price="1234.50")["price"] == ".price"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["learn", *arguments])


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_learns_from_files() -> None:
    """The table goes to standard output; other fields by --field; 1 if a page lacks a value."""
    Path("a.html").write_text(shop_page(), encoding="utf-8")
    Path("b.html").write_text("<title>x</title><h1>Holzwerk</h1><p>About us", encoding="utf-8")
    options = ("--url", "https://shop.example/", "--name", "Walnut Tray", "--field", "sku=WT-7")
    result = run("a.html", *options)
    assert result.exit_code == 0, result.stderr
    table = tomllib.loads(result.stdout)["sites"]["shop.example"]
    assert table["name"] == ".article-title"
    assert set(table) == {"name", "sku"}
    assert run("a.html", "b.html", *options).exit_code == 1


def test_a_value_that_the_rule_did_not_read_is_told() -> None:
    """A page of another kind has its name from elsewhere: the rule is not right for it."""
    other = '<script type="application/ld+json">{"@type": "Product", "name": "Oak Bowl", "sku": "OB"}</script>'
    Path("a.html").write_text(shop_page(), encoding="utf-8")
    Path("b.html").write_text(other, encoding="utf-8")
    result = run("a.html", "b.html", "--url", "https://shop.example/", "--name", "Walnut Tray")
    assert "# a.html: name Walnut Tray\n" in result.stdout
    assert "# b.html: name Oak Bowl (from jsonld: the rule found nothing)" in result.stdout


def test_any_host_becomes_toml() -> None:
    """Also one that only a URL parser takes for a host."""
    Path("a.html").write_text(shop_page(), encoding="utf-8")
    result = run("a.html", "--url", 'http://a"b.example/', "--name", "Walnut Tray")
    assert list(tomllib.loads(result.stdout)["sites"]) == ['a"b.example']


def test_the_command_learns_from_urls(serve: Serve) -> None:
    """Fetched as a run does: robots.txt first, redirects followed, each page once."""
    server = serve({
        "/robots.txt": page(b"User-agent: *\nDisallow: /secret"),
        "/old": redirect("/1"),
        "/1": page(shop_page().encode()),
        "/2": page(shop_page("Oak Bowl", "99,00 €").encode()),
    })  # fmt: skip
    result = run(server.url("/old"), server.url("/2"), "--name", "Walnut Tray", "--price", "1.234,50")
    assert result.exit_code == 0, result.stderr
    assert server.paths == ["/robots.txt", "/old", "/1", "/2"]
    assert set(tomllib.loads(result.stdout)["sites"]) == {"127.0.0.1"}
    assert f"# {server.url('/2')}: name Oak Bowl; price 99.00 EUR" in result.stdout
    result = run(server.url("/secret"), "--name", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "robots.txt forbids" in result.stderr
    assert "/secret" not in server.paths


def test_the_crawl_delay_is_kept(serve: Serve) -> None:
    """Between two requests to one origin, the longer of it and the configured delay."""
    server = serve({
        "/robots.txt": page(b"User-agent: *\nCrawl-delay: 7"),
        "/1": page(b"<p>1"),
        "/2": page(b"<p>2"),
    })  # fmt: skip
    slept: list[float] = []
    visits = Visits(Config(politeness=PolitenessConfig(delay=3.0)), clock=lambda: 100.0, sleep=slept.append)
    for path in ("/1", "/2"):
        visits.fetch(server.url(path))
    visits.close()
    assert slept == [0.0, 7.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("absent.html", "--name", "x"), "absent.html: cannot be read"),
        (("a.html",), "say what to look for: --name, --price, or --field name=value"),
        (("a.html", "--field", "pric=5"), "no rule can be learned for 'pric'; did you mean 'price'?"),
        (("a.html", "--field", "images=/a.jpg"), "no rule can be learned for 'images'"),
        (("a.html", "--name", "Walnut Tray"), "a.html: does not say of which host it is; name its URL with --url"),
        (("a.html", "--url", "https://a.example/", "--name", "\x1b[2J"), r"no element reads '\x1b[2J' as name"),
        (("a.html", "--url", "shop.example", "--name", "x"), "--url: not a URL: it must begin with http"),
        (("empty.html", "--url", "https://a.example/", "--name", "x"), "empty.html: The answer has no content."),
        (("http://127.0.0.1:9/", "--name", "x"), "cannot fetch a page to learn from"),
        (("http://", "--name", "x"), "cannot fetch a page to learn from: a URL without a host"),
    ],
)
def test_mistakes_get_one_clear_line(arguments: tuple[str, ...], message: str) -> None:
    """What and where; exit code 2; nothing on standard output."""
    Path("a.html").write_text(shop_page(), encoding="utf-8")
    Path("empty.html").write_text("", encoding="utf-8")
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr


def test_a_field_needs_its_value() -> None:
    """As the usage says."""
    result = run("a.html", "--field", "sku")
    assert result.exit_code == 2
    assert "write it as FIELD=VALUE" in result.stderr
