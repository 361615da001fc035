"""The scoring of labelled corpora: each rule by example, whole folders, and what is wrong with a folder."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scraper import accuracy
from scraper.accuracy import LabelledPage, Mistake, Score, format_score, is_right, load_corpus, measure
from tests.test_pipeline import product_page

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pages"
NO_PRODUCT = b"<title>About us</title><h1>About us</h1><p>We like chairs."


@pytest.mark.parametrize(
    ("field", "truth", "value", "right"),
    [
        ("name", "Café “Uno”", '  CAFE\u0301  "uno"\u200b', True),
        ("name", "Chair", "Chair | Shop", False),
        ("name", ["Chair", "The Chair"], "the chair", True),
        ("name", "Chair", ["Chair", "Table"], True),
        ("name", "Chair", {"en": "Chair"}, False),
        ("price", "10", "10.00", True),
        ("price", 10, "10.", True),
        ("price", "10", "10 EUR", False),
        ("price", "1000", "1e3", False),
        ("regular_price", "10.5", "10.50", True),
        ("currency", "EUR", "eur", True),
        ("availability", "InStock", "https://schema.org/LimitedAvailability", True),
        ("availability", "SoldOut", "schema.org#OutOfStock", True),
        ("availability", "PreOrder", "InStock", False),
        ("condition", "NewCondition", "http://schema.org/newcondition/", True),
        ("sku", "AB-12/3", "ab123", True),
        ("sku", "--", "-", False),
        ("mpn", "0012", "12", False),
        ("gtin", "0012", "12", True),
        ("gtin", "000", "0", False),
        ("brand", "Acme®", "ACME", True),
        ("rating", "4.5", "4.55", True),
        ("rating", "4.5", "4.56", False),
        ("review_count", 12, "12", True),
        ("image", "https://a.example/i/chair-12345_large.jpg?v=1", "//cdn.example/x/chair-12345.jpg", True),
        ("image", "https://a.example/i/main-photo-800x600.png", "http://b.example/main-photo_thumb.png#top", True),
        ("image", "https://a.example/a%20b.jpg", "https://a.example/a b.jpg", True),
        ("image", "https://a.example/token_777_long/1", "https://b.example/token_777_long/2", True),
        ("image", "https://a.example/1.jpg", "https://a.example/2.jpg", False),
        ("gtin", None, None, True),
        ("gtin", None, "4006381333931", False),
        ("gtin", "4006381333931", "", False),
    ],
)
def test_a_value_is_right(field: str, truth: object, value: object, right: bool) -> None:
    """What counts as the same depends on the field; an empty value is none."""
    assert is_right(field, truth, value) is right


def test_counts_of_each_field() -> None:
    """A wrong value is both false and missing; a field without a label is not counted."""
    score, path = Score(), Path("1.html")
    score.add(LabelledPage(path, "", {"name": "Cup", "price": "5", "sku": None, "gtin": "1"}), {
        "name": "Cup", "price": "6", "sku": "x", "gtin": None, "mpn": "y",
    })  # fmt: skip
    counts = {name: (count.right, count.false, count.missing) for name, count in score.counts.items()}
    assert {name: count for name, count in counts.items() if any(count)} == {
        "name": (1, 0, 0),
        "price": (0, 1, 1),
        "sku": (0, 1, 0),
        "gtin": (0, 0, 1),
    }
    assert score.mistakes == [
        Mistake("1.html", "price", "5", "6"),
        Mistake("1.html", "sku", None, "x"),
        Mistake("1.html", "gtin", "1", None),
    ]
    assert (score.product_pages, score.product_pages_right) == (1, 0)


def test_a_page_without_a_product_is_right_in_silence() -> None:
    """Whatever is told there is false, and the page is not right."""
    score, page = Score(), LabelledPage(Path("1.html"), "", None)
    score.add(page, None)
    score.add(page, {"description": "We like chairs."})
    score.add(page, {"name": "About us"})
    assert (score.other_pages, score.other_pages_silent, score.page_right) == (3, 2, 2 / 3)
    assert score.counts["name"].false == 1


def test_shares() -> None:
    """Precision, recall and F1 by their definitions; 0 where nothing was told."""
    score = Score()
    for found in ("Cup", "Cup", "Mug", None):
        score.add(LabelledPage(Path("1.html"), "", {"name": "Cup"}), {"name": found})
    name = score.counts["name"]
    assert (name.precision, name.recall, name.f1) == (pytest.approx(2 / 3), 0.5, pytest.approx(4 / 7))
    assert score.macro_f1 == pytest.approx(4 / 7 / 11)
    assert score.counts["gtin"].f1 == 0.0
    assert (Score().page_right, Score().cpu) == (0.0, {})


def corpus(folder: Path) -> Path:
    (folder / "1.html").write_bytes(product_page("Chair", "9.99"))
    (folder / "2.html").write_bytes(NO_PRODUCT)
    url = "https://a.example/p"
    expected = {"name": "Chair", "price": "9.9", "currency": "EUR", "sku": None}
    pages = [{"file": "1.html", "url": url, "expected": expected}, {"file": "2.html", "expected": None}]
    (folder / "manifest.json").write_text(json.dumps({"pages": pages}), encoding="utf-8")
    return folder


def test_a_corpus_is_extracted_and_scored(tmp_path: Path) -> None:
    """Every page through the code of `scrape extract`, with its CPU time."""
    clock = iter([0.0, 0.002, 1.0, 1.004])
    score = measure(load_corpus(corpus(tmp_path)), cpu_clock=lambda: next(clock))
    assert (score.product_pages, score.product_pages_right) == (1, 0)
    assert (score.other_pages, score.other_pages_silent) == (1, 1)
    assert score.cpu == {"median": pytest.approx(3), "p90": pytest.approx(4), "max": pytest.approx(4)}
    lines = list(format_score(score, mistakes=9))
    assert lines[1].split() == ["name", "1.000", "1.000", "1.000", "1", "0", "0"]
    assert "page right 0.500: 0 of 1 product pages, 1 of 1 other pages silent" in lines
    assert "CPU a page 3.0 ms (median), 4.0 ms (90 %), 4.0 ms (max)" in lines
    assert lines[-1].endswith('1.html price: expected "9.9", found "9.99"')


def test_our_own_fixtures_are_a_corpus() -> None:
    """Cases beside one another need no manifest; their pages are right, for they are tested."""
    pages = load_corpus(FIXTURES)
    assert {page.path.parent.name for page in pages} >= {"jsonld_complete", "listing_plain"}
    assert "bot_wall_403" not in {page.path.parent.name for page in pages}
    assert any(page.expected is None for page in pages)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(accuracy.main, arguments)


def test_the_command_prints_the_table_or_json(tmp_path: Path) -> None:
    """For people, with mistakes if asked for; for programs."""
    folder = str(corpus(tmp_path))
    table = run(folder).stdout
    assert table.startswith("field ")
    assert "expected" not in table
    assert 'found "9.99"' in run(folder, "--errors", "1").stdout
    figures = json.loads(run(folder, "--json").stdout)
    assert figures["fields"]["name"]["f1"] == 1.0
    assert figures["mistakes"][0]["field"] == "price"


def test_texts_of_pages_cannot_steer_the_terminal() -> None:
    """Mistakes quote the page."""
    score = Score()
    score.add(LabelledPage(Path("1.html"), "", {"name": "Cup"}), {"name": "\x1b[2J\u202eCup"})
    assert all(line.isprintable() for line in format_score(score, mistakes=1))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "holds neither a manifest.json with pages nor folders with an expected.json"),
        ("{", "not a JSON file that can be read"),
        ([], 'must be {"pages": '),
        ({"pages": {}}, 'must be {"pages": '),
        ({"pages": []}, "holds neither"),
        ({"pages": [5]}, 'pages[0]: must be an object with "file" and "expected"'),
        ({"pages": [{"file": "1.html"}]}, 'must be an object with "file" and "expected"'),
        ({"pages": [{"file": "1.html", "expected": []}]}, '"expected" must be an object, or null'),
        ({"pages": [{"file": "1.html", "url": 5, "expected": None}]}, '"url" must be a text'),
        ({"pages": [{"file": "absent.html", "expected": None}]}, "absent.html: there is no such page"),
    ],
)
def test_mistakes_in_a_corpus_get_one_clear_line(tmp_path: Path, manifest: Any, message: str) -> None:
    """What is wrong where, and exit code 2."""
    if manifest is not None:
        text = manifest if isinstance(manifest, str) else json.dumps(manifest)
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    result = run(str(tmp_path))
    assert result.exit_code == 2
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_missing_folder_gets_one_clear_line(tmp_path: Path) -> None:
    """Exit code 2."""
    result = run(str(tmp_path / "absent"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no such folder" in result.stderr
