"""Clean text, ratings, counts and dates; and what any raw value costs at most."""

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.parse.availability import parse_availability, parse_condition
from scraper.parse.codes import parse_gtin, parse_sku
from scraper.parse.values import (
    clean_text,
    parse_count,
    parse_date,
    parse_rating,
    parse_rating_max,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Oak \n\t table\u00a0", "Oak table"),
        ("Salt &amp; Pepper", "Salt & Pepper"),
        ("Salt &amp;amp; Pepper", "Salt & Pepper"),
        ("Caf&eacute; &#8217;n&#x2019;", "Café ’n’"),
        ("<p>One</p><p>Two <b>th</b>ree</p>", "One Two three"),
        ("&lt;p&gt;One&lt;br/&gt;Two&lt;/p&gt;", "One Two"),
        ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt;", "Bold"),
        ("a<script>alert(1)</script>b<style>p{}</style><!-- c -->d", "a b d"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 tea", "I <3 tea"),
        ("soft\u00adhyphen zero\u200bwidth \u202eturned\u202c \ufeffbom", "softhyphen zerowidth turned bom"),
        ("null\x00 bell\x07", "null bell"),
        ("half \ud83d emoji", "half emoji"),
        ("icon \ue001", "icon"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("کتاب\u200cهای نو", "کتاب\u200cهای نو"),
        ("ریال\u200c کتاب\u200c", "ریال کتاب"),
        ("क्\u200dष", "क्\u200dष"),
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
        ("Ka\u200cffee\u200d", "Kaffee"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\U0001f469"),
        ("Tom&#39;s &quot;Best&quot;", 'Tom\'s "Best"'),
        ("Tom&amp;#39;s", "Tom's"),
        ("M&amp;M&#x27;s", "M&M's"),
        ("Fish & Chips", "Fish & Chips"),
        ("AT&T", "AT&T"),
        ("R&D &unknown; kit", "R&D &unknown; kit"),
        ("&lt;3 mm", "<3 mm"),
        ("&nbsp;&ensp;Lamp&zwnj;&shy;", "Lamp"),
        ("&copy; Acme&trade; &reg;", "© Acme™ ®"),
        ("10&times;15&nbsp;cm", "10×15 cm"),
        ("Ma&ntilde;ana", "Mañana"),
        ("Größe&colon; 42", "Größe: 42"),
        ("<h1 class='t'>Oak <em>table</em></h1>", "Oak table"),
        ("Oak<br>table", "Oak table"),
        ("Oak<wbr>table", "Oaktable"),
        ("H<sub>2</sub>O", "H2O"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("a <b", "a <b"),
        ("x<style>p{}", "x"),
        ("<!-- hidden -->seen", "seen"),
        ("\ufeffBOM first", "BOM first"),
        ("left\u200eright\u200f", "leftright"),
        ("\u2066isolated\u2069", "isolated"),
        ("word\u2060joiner", "wordjoiner"),
        ("tab\tnew\r\nline\u2028sep\u3000wide", "tab new line sep wide"),
        ("e\u0301 combining", "e\u0301 combining"),
        ("日本語　商品", "日本語 商品"),
        (Decimal("4.50"), "4.50"),
        (Decimal(12), "12"),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (Decimal("Infinity"), None),
        (Decimal("1e40"), None),
        (42, "42"),
        (12.0, "12"),
        (4.5, "4.5"),
        ("", None),
        (" \u200b\n", None),
        ("<br>", None),
        (None, None),
        (True, None),
        (["a"], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("&#" + "9" * 5_000 + ";x", ";x"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, str) else None,
)
def test_clean_text(text: object, plain: str | None) -> None:
    """What is left is what a reader would see."""
    assert clean_text(text) == plain


def test_clean_text_is_bounded() -> None:
    """No more characters are returned than wanted, and no space is left at the cut."""
    assert clean_text("word " * 1_000, limit=10) == "word word"


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("4.5", "4.5"),
        ("4,5", "4.5"),
        (4.5, "4.5"),
        (5, "5"),
        ("4.5 out of 5", "4.5"),
        ("4.5/5", "4.5"),
        ("Rated 4.2 out of 5 stars", "4.2"),
        ("4,7 von 5 Sternen", "4.7"),
        ("5つ星のうち4.3", "4.3"),
        ("5점 만점에 4.8점", "4.8"),
        ("满分5分，4.6分", "4.6"),
        ("90%", "90"),
        ("90 %", "90"),
        ("9 of 10", "9"),
        ("8,5/10", "8.5"),
        ("4.5 / 5.0", "4.5"),
        ("4.8 sur 5", "4.8"),
        ("4,8 su 5", "4.8"),
        ("4.8 de 5", "4.8"),
        ("4,8 van de 5", "4.8"),
        ("4,8 av 5", "4.8"),
        ("4,8 z 5", "4.8"),
        ("4,8 из 5", "4.8"),
        ("★★★★☆ 4.2", "4.2"),
        ("Rating: 5", "5"),
        (Decimal("4.5"), "4.5"),
        (Decimal(5), "5"),
        (Decimal(0), None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        ("٤٫٥", "4.5"),
        (4.300000000000001, "4.3"),
        ("0", None),
        ("-4", None),
        ("101", None),
        ("1999", None),
        ("no reviews", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_rating(text: object, rating: str | None) -> None:
    """The first number between 0 and 100, whatever the decimal mark."""
    assert parse_rating(text) == (None if rating is None else Decimal(rating))


@pytest.mark.parametrize(
    ("text", "maximum"),
    [
        ("4.5/5", "5"),
        ("4.5 / 5.0", "5"),
        ("9 of 10", "10"),
        ("9 out of 10", "10"),
        ("Rated 4.5 out of 5 stars", "5"),
        ("8,5/10", "10"),
        ("90 %", "100"),
        ("90%", "100"),
        ("90٪", "100"),
        ("85/100", "100"),
        ("4,7 von 5 Sternen", "5"),
        ("4,7 sur 5", "5"),
        ("4,7 su 5", "5"),
        ("4,7 de 5", "5"),
        ("4,7 van 5", "5"),
        ("4,7 av 5", "5"),
        ("4,7 z 5", "5"),
        ("4,7 из 5", "5"),
        ("5つ星のうち4.3", "5"),
        ("5점 만점에 4.8점", "5"),
        ("满分5分，4.6分", "5"),
        ("4.5", None),
        ("4.5 (10)", None),
        ("4 of 57", None),
        ("4/50", None),
        ("", None),
        (4.5, None),
        (None, None),
    ],
)
def test_rating_max(text: object, maximum: str | None) -> None:
    """Only a scale that ratings have, and that the text names."""
    assert parse_rating_max(text) == (None if maximum is None else Decimal(maximum))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1.234 Bewertungen", 1234),
        ("1,234 reviews", 1234),
        ("1 234 avis", 1234),
        ("1’234 Bewertungen", 1234),
        ("1,234,567 ratings", 1234567),
        ("(56)", 56),
        ("56", 56),
        (56, 56),
        (12.0, 12),
        ("12.0", 12),
        ("4.5 (56)", 56),
        ("Rated 4.5 out of 5, 56 reviews", 56),
        ("4,5/5 - 56 avis", 56),
        ("1,234", 1234),
        ("12,34", None),
        ("1 234 567", 1234567),
        ("12\u00a0345 отзывов", 12345),
        ("1.234.567", 1234567),
        ("(1,234 customer reviews)", 1234),
        ("5/5 (12)", 12),
        ("4.5 von 5 (1.234)", 1234),
        ("4,5 de 5, 99 opiniones", 99),
        ("120 recensioni", 120),
        ("共 88 条评价", 88),
        ("후기 45개", 45),
        ("1.2 mil opiniones", None),
        ("1,5k", None),
        ("1.2万件", None),
        (Decimal(12), 12),
        ("レビュー 120件", 120),
        ("١٢٣ تقييم", 123),
        ("0", 0),
        ("4.5", None),
        ("12.5", None),
        ("-3", None),
        ("1.2k", None),
        ("3K reviews", None),
        ("95% (12)", 12),
        ("99999999999", None),
        ("no reviews", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_count(text: object, count: int | None) -> None:
    """The first whole number; abbreviated ones are too inexact to keep."""
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2030-12-31", "2030-12-31"),
        ("2030-12-31T23:59:59Z", "2030-12-31"),
        ("2030-12-31 23:59", "2030-12-31"),
        ("2030-12-31T23:59:59+01:00", "2030-12-31"),
        ("20301231", "2030-12-31"),
        (20301231, "2030-12-31"),
        ("2030-02-30", None),
        ("0000-01-01", None),
        ("2030-12", None),
        ("2030-12-311", None),
        ("2026-12-31T00:00:00.000Z", "2026-12-31"),
        ("2026-12-31T23:59", "2026-12-31"),
        ("2030/12/31", "2030-12-31"),
        ("2030/1/5", "2030-01-05"),
        ("2030.12.31", "2030-12-31"),
        ("2030. 12. 31.", "2030-12-31"),
        ("2030年12月31日", "2030-12-31"),
        ("31.12.2030", "2030-12-31"),
        ("31.12.2030 23:59", "2030-12-31"),
        ("31/12/2030", "2030-12-31"),
        ("31-12-2030", "2030-12-31"),
        ("12/31/2030", "2030-12-31"),
        ("5.5.2030", "2030-05-05"),
        ("05.06.2030", None),
        ("05/06/2030", None),
        ("31.13.2030", None),
        ("31.11.2030", None),
        ("13/32/2030", None),
        ("31.12.30", None),
        ("December 31, 2030", "2030-12-31"),
        ("Dec 31st, 2030", "2030-12-31"),
        ("31 Dec 2030", "2030-12-31"),
        ("Tue, 31 Dec 2030 23:59:59 GMT", "2030-12-31"),
        ("Tue Dec 31 2030 23:59:59 GMT+0100", "2030-12-31"),
        ("31-Dec-2030", "2030-12-31"),
        ("31 Decoration 2030", None),
        ("31 Foo 2030", None),
        ("1798675200", None),
        ("until further notice", None),
        ("", None),
        (None, None),
    ],
)
def test_date(text: object, day: str | None) -> None:
    """Only what can be no other day is taken, and the day must exist."""
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        part * (5_000_000 // len(part))
        for part in ("<script ", "<!--", "&amp;", "&#9", "-", "no ", "1,", "SKU.", "nicht a ", "</script   ", "<", "9")
    ],
    ids=lambda text: text[:8],
)
def test_huge_text_costs_little(text: str) -> None:
    """Only the beginning of a text is looked at, and that in linear time."""
    started = time.thread_time()
    clean_text(text, limit=20_000)
    for parse in (parse_gtin, parse_availability, parse_condition, parse_count, parse_date, parse_sku):
        parse(text)
    assert parse_rating(text) is None or parse_rating_max(text) is None
    assert time.thread_time() - started < 10  # hours, if it were not linear


_ANYTHING = st.one_of(
    st.text(),
    st.text(alphabet="<>&#;!-/ scriptx0123456789.,:'SKUno%\u200b\ud800٣", max_size=60),
    *(st.integers(), st.floats(), st.decimals(), st.booleans(), st.none(), st.binary(), st.lists(st.text())),
)


@given(_ANYTHING)
def test_anything_is_read_or_refused(value: object) -> None:
    """Nothing raises, and what is returned is well-formed."""
    plain = clean_text(value)
    assert plain is None or plain == " ".join(plain.split()) != ""
    assert re.fullmatch(r"[0-9]{8}|[0-9]{12,14}|", parse_gtin(value) or "")
    assert 0 <= (parse_rating(value) or 0) <= 100
    assert parse_rating_max(value) in {None, 5, 10, 100}
    assert (parse_count(value) or 0) >= 0
    assert (parse_availability(value) or "A").isalpha()
    assert (parse_condition(value) or "Condition").endswith("Condition")
    assert date.fromisoformat(parse_date(value) or "2000-01-01")
    assert parse_sku(value) != ""
