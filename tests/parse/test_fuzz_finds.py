"""What fuzzing found, kept: pages and texts that once hung, raised or came out unclean."""

import json
import time
from pathlib import Path

import pytest

from scraper.accuracy import _SIZE_MARK
from scraper.errors import InputError, InvalidUrl
from scraper.models import Status
from scraper.parse.embedded_json import load_json
from scraper.parse.page import parse_page
from scraper.sources import parse_entry, read_sources
from scraper.urls import MAX_URL_LENGTH, parse_url
from tests.parse.pages import page_of
from tests.parse.validity import check_outcome

HOSTILE = sorted((Path(__file__).parents[2] / "fixtures" / "hostile").iterdir())
MOST_SECONDS = 1.0

SLOW_PAGES = {
    "indented opening of JSON-LD": "<script type=application/ld+json>//" + "\f" * 8_000 + "x</script>",
    "vertical tabs in JSON-LD": "<script type=application/ld+json>" + "\v" * 8_000 + "x</script>",
    "quotes in JSON-LD that end nothing": "<script type=application/ld+json>{" + '["' * 60_000 + "</script>",
    "escaped quotes in a string without an end": '<script>self.__next_f.push([1,"' + '\\"' * 60_000 + "</script>",
    "and after each an empty string": "<script>self.__next_f.push([1,'" + '\\\'""' * 30_000 + "</script>",
    "nested struck prices": "<h1>Cup</h1>" + "<del>" * 16_000 + "5 €",
    "codes in a canonical URL": "<link rel=canonical href='"
    + "99999-" * 13_000
    + "'><h1>Cup</h1><b class=price>5 €</b>",
    "attributes, the end of the tag hidden before them": f"<a x='>' {' '.join(f'a{n:x}' for n in range(50_000))}>",
    "attributes, the end hidden now and then": "<a "
    + " ".join(f"a{n:x}" if n % 300 else f'b{n:x}="<p>"' for n in range(50_000))
    + ">",
    "one offer of many products, told hundreds of times": "<h1>Cup</h1><script type=application/ld+json>"
    + json.dumps(
        [
            {"@id": "a", "@type": "AggregateOffer", "offers": [{"@type": "Offer", "price": n} for n in range(1, 501)]},
            *[{"@type": "Product", "name": "Cup", "offers": [{"@id": "a"}] * 500}] * 20,
        ]
    )
    + "</script>",
    "one offer of thousands of products": "<h1>Cup</h1><script type=application/ld+json>"
    + json.dumps(
        [
            {"@id": "a", "@type": "AggregateOffer", "offers": [{"@type": "Offer", "price": n} for n in range(1, 501)]},
            *[{"@type": "Product", "name": "Cup", "offers": {"@id": "a"}}] * 2_000,
        ]
    )
    + "</script>",
    "nested properties": "<h1>Cup</h1><div itemscope itemtype=http://schema.org/Product>"
    + "<span itemprop=name>" * 2_500
    + "x <b>y</b> " * 30_000,
    "nested prices": "<h1>Cup</h1>" + "<span class=price>" * 2_500 + "x <b>y</b> " * 40_000,
    "values without quotes": "<a/b=" * 200_000,
    "long values that hide the end": "<a " + " ".join(f'a{n:x}="{"x" * 4_500}>"' for n in range(1_500)) + ">",
}


@pytest.mark.parametrize("body", SLOW_PAGES.values(), ids=SLOW_PAGES)
def test_page_takes_time_in_proportion(body: str) -> None:
    """Each took seconds or hours: white space between optional marks, texts read once for each element around them."""
    start = time.process_time()
    outcome = parse_page(page_of(body))
    assert time.process_time() - start < MOST_SECONDS
    assert outcome.status is not Status.PARSE_ERROR


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
def test_hostile_page_is_read_the_same_twice(path: Path) -> None:
    """Wrong types, huge numbers, lone surrogates and broken markup cost a page no more than themselves."""
    page = page_of(path.read_bytes())
    start = time.process_time()
    outcome = parse_page(page)
    assert time.process_time() - start < MOST_SECONDS
    check_outcome(outcome)
    assert outcome == parse_page(page)


def test_wrappers_of_json_are_still_taken_off() -> None:
    """With white space before, between and after them."""
    assert load_json(' \f // \n <![CDATA[ \v */ \n {"a": 1} //]]>') == {"a": 1}


def test_size_marks_are_looked_for_in_linear_time() -> None:
    """In the names of pictures, which pages write."""
    start = time.process_time()
    assert _SIZE_MARK.sub("", "-" * 20_000 + "x") == "-" * 20_000 + "x"
    assert _SIZE_MARK.sub("", "cup--800x600") == "cup"
    assert time.process_time() - start < MOST_SECONDS


def test_url_too_long_when_encoded_is_refused_at_once() -> None:
    """A URL that is read can be read again: a run stores what was read, and stopped where that was too long."""
    with pytest.raises(InvalidUrl) as caught:
        parse_url("https://shop.example/" + "ü" * (MAX_URL_LENGTH // 3))
    assert caught.value.reason == "too_long"
    longest = parse_url("https://shop.example/" + "a" * (MAX_URL_LENGTH - 21)).href
    assert parse_url(longest).href == longest
    assert len(longest) == MAX_URL_LENGTH


@pytest.mark.parametrize("table", ['id\turl\n1\t"a"b\n', '"id"x\turl\n'], ids=["row", "header"])
def test_complaint_about_a_table_holds_no_tab(table: str, tmp_path: Path) -> None:
    """The reader of tables quotes the delimiter; in messages it is written, since tables and logs hold them."""
    path = tmp_path / "urls.tsv"
    path.write_text(table)
    try:
        messages = [line.message or "" for line in read_sources([str(path)])]
    except InputError as error:
        messages = [str(error)]
    assert any(r"'\t' expected" in message for message in messages)
    assert not any("\t" in message for message in messages)


@pytest.mark.parametrize("secret", ["http:" + "\\" * 30_000, "/" * 60_000], ids=["backslashes", "slashes"])
def test_passwords_are_looked_for_in_linear_time(secret: str) -> None:
    """In lines that are no URLs, where no @ follows: thirty backslashes took 0.2 s, forty half a minute."""
    start = time.process_time()
    assert not parse_entry(f"http:// {secret} ", "urls.txt:1").url
    assert time.process_time() - start < MOST_SECONDS
