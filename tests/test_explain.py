"""What `scrape extract --explain` tells people."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scraper.cli import main
from scraper.config import SiteRules
from scraper.explain import WIDTH, explain
from scraper.models import Product
from scraper.parse.page import examine, parse_page
from tests.parse.pages import page_of

BOTH = """<html lang=en><title>Cup</title><h1>Cup</h1><p class=price>€18.00</p><p>instead of €20.00</p>
<script type="application/ld+json">{"@type":"Product","name":"Cup","sku":"C-1",
"offers":{"price":20,"priceCurrency":"EUR"}}</script><button>Add to cart</button>"""
CARDS = "".join(f'{{"@type":"Product","name":"Cup {n}","offers":{{"price":{n}}}}},' for n in range(1, 30))
LISTING = f'<title>Cups</title><h1>Cups</h1><script type="application/ld+json">[{CARDS.rstrip(",")}]</script>'
HOSTILE = f"<title>\x1b]0;x\x07</title><h1>Cup \u202e{'x' * 500}</h1><p class=price>€5.00</p><button>Buy now</button>"


def told(body: str, **sites: SiteRules) -> list[str]:
    return list(explain(examine(page_of(body), {name.replace("_", "."): rules for name, rules in sites.items()})))


def entry(lines: list[str], label: str) -> list[str]:
    """The lines of one label, without their indentation."""
    start = next(index for index, line in enumerate(lines) if line.startswith(f"{label} "))
    rest = [line.strip() for line in lines[start + 1 :]]
    end = next((index for index, line in enumerate(lines[start + 1 :]) if not line.startswith(" ")), len(rest))
    return [lines[start].removeprefix(label).strip(), *rest[:end]]


def test_each_field_with_its_source_and_rivals() -> None:
    """The value, where it is from, who agrees and who does not; the warning in full."""
    lines = told(BOTH)
    assert entry(lines, "status") == ["ok"]
    assert entry(lines, "name") == ["Cup", "from jsonld, as html"]
    assert entry(lines, "price")[:3] == ["20", "from jsonld", "not html: 18.00"]
    assert entry(lines, "sku") == ["C-1", "from jsonld"]
    assert " ".join(entry(lines, "warning")).startswith("price: jsonld says 20, but html 18")


def test_rules_are_a_source() -> None:
    """And others are told beside them."""
    lines = told(BOTH, shop_example=SiteRules({"price": ".price"}))
    assert entry(lines, "price")[:2] == ["18.00", "from rule, as html"]
    assert "not jsonld: 20" in entry(lines, "price")


def test_a_page_that_is_no_product() -> None:
    """Status, reason, what was seen, and the products that it is not about."""
    lines = told(LISTING)
    assert entry(lines, "status") == ["not_product, listing: The page lists 29 products."]
    assert entry(lines, "titles") == ["Cups"]
    assert entry(lines, "jsonld, left out") == ["29 products", "Cup 1, 1", "Cup 2, 2", "Cup 3, 3", "and 26 more"]


def test_an_answer_that_nothing_was_read_from() -> None:
    """Its reason is all there is."""
    lines = list(explain(examine(page_of("", http_status=404))))
    assert entry(lines, "status") == ["gone, http_404: The server answered 404."]
    assert len(lines) == 2


@pytest.mark.parametrize("body", [BOTH, LISTING, HOSTILE, HOSTILE.replace("Buy now", "Read on").replace("€5.00", "")])
def test_lines_are_short_and_safe(body: str) -> None:
    """At most 80 characters, and nothing that a terminal would obey."""
    for line in told(body):
        assert len(line) <= WIDTH
        assert line.isprintable()


def test_the_outcome_is_that_of_a_run() -> None:
    """Explaining and parsing share one path; a run may ask the visible page less, and so warn of less."""
    page = page_of(BOTH)
    told, ran = examine(page).outcome, parse_page(page)
    assert isinstance(told, Product)
    assert isinstance(ran, Product)
    assert replace(told, warnings=()) == replace(ran, warnings=())


def extract(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["extract", "--explain", *arguments])


def test_the_command_explains_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One block a file, under its name and with its URL; site rules of the configuration hold."""
    monkeypatch.chdir(tmp_path)
    Path("cup.html").write_text(BOTH, encoding="utf-8")
    Path("cups.html").write_text(LISTING, encoding="utf-8")
    Path("config.toml").write_text("[sites.'shop.example']\nprice = '.price'\n", encoding="utf-8")
    result = extract("cup.html", "cups.html", "--url", "https://shop.example/cup")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "cup.html"
    assert lines[lines.index("") + 1] == "cups.html"
    assert entry(lines, "url") == ["https://shop.example/cup"]
    assert entry(lines, "price")[1] == "from rule, as html"


def test_a_missing_file_gets_one_clear_line() -> None:
    """As without --explain."""
    result = extract("absent.html")
    assert result.exit_code == 2
    assert result.stderr == "scrape: absent.html: cannot be read: No such file or directory\n"
