"""Raw text -> clean text, ratings, counts, dates."""

import html
import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import TypeGuard

_MARKUP_FACTOR = 8
"""Raw characters looked at for each character wanted: markup and entities take room."""
MOST_PHRASE = 200
"""Characters looked at of a text that is to be a value in few words."""
_MOST_NUMBER = 10**30
_MOST_RATING = 100
_MOST_COUNT = 10**9

_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs"))
_JOINED_SCRIPTS = r"[\u0600-\u07bf\u0860-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
_JOINERS = re.compile(rf"(?<={_JOINED_SCRIPTS})[\u200c\u200d](?={_JOINED_SCRIPTS})")
"""Part of the spelling where letters change shape with their neighbours: Arabic, Indic and their kin."""
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_LINE_TAG = re.compile(r"</?(?:p|div|br|li|[uod]l|d[td]|h[1-6]|table|t[rdh]|section|hr)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!doctype[^<>]*>", re.I)
_ENDLESS_REFERENCE = re.compile(r"&#x?[0-9a-f]{20,}", re.I)
"""Too long for `int`, which `html.unescape` would hand it to."""


def clean_text(text: object, *, limit: int = 1_000) -> str | None:
    """Plain text of at most `limit` characters: no tags, entities, invisible characters or runs of whitespace.

    Numbers become text; anything else that is not text is None, as is text without a visible character. Joiners stay
    where Persian or Hindi spells with them.

    >>> clean_text("  Caf&amp;eacute; <b>Table</b>  &lt;br&gt;No. 5 ")
    'Café Table No. 5'
    """
    if isinstance(text, str):
        raw = text[: _MARKUP_FACTOR * limit]
    elif is_number(text) and -_MOST_NUMBER < text < _MOST_NUMBER:
        raw = str(text) if isinstance(text, int) else f"{text:.15g}"
    else:
        return None
    plain = _without_tags(_unescaped(_without_tags(_unescaped(_without_tags(raw)))))
    return " ".join(_visible(plain).split())[:limit].rstrip() or None


def is_number(value: object) -> TypeGuard[int | float | Decimal]:
    """Whether a value is a finite number."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _visible(text: str) -> str:
    if " ".join(text.split()).isprintable():
        return text
    kept = {joiner.start() for joiner in _JOINERS.finditer(text)}
    return "".join(
        character
        for place, character in enumerate(text)
        if character.isspace() or place in kept or unicodedata.category(character) not in _INVISIBLE
    )


def _without_tags(text: str) -> str:
    return _TAG.sub("", _LINE_TAG.sub(" ", _UNSEEN.sub(" ", text))) if "<" in text else text


def _unescaped(text: str) -> str:
    return html.unescape(_ENDLESS_REFERENCE.sub(" ", text)) if "&" in text else text


_BEST_FIRST = re.compile(r"\d+\s?(?:つ星のうち|점 만점에|星中)|(?:满分|滿分)\s?\d+\s?分?")
_RATING = re.compile(r"(?<![\d.,])(?<!-)(\d{1,3})(?:[.,](\d{1,10}))?(?![.,]?\d)")


def parse_rating(text: object) -> Decimal | None:
    """The first number as a rating, on whatever scale; None for 0, which means that nobody rated.

    See `parse_rating_max` for the scale.

    >>> parse_rating("4,5 von 5 Sternen"), parse_rating("90%")
    (Decimal('4.5'), Decimal('90'))
    """
    shown = _BEST_FIRST.sub("", _western_digits(text))
    if not (number := _RATING.search(shown)):
        return None
    rating = Decimal(f"{number[1]}.{number[2]}" if number[2] else number[1])
    return rating if 0 < rating <= _MOST_RATING else None


_STATED_MAX = re.compile(
    r"\d\s?(?:/|out of|of|von|sur|su|de|van|av|af|z|z[e]|из|от|din|üzerinden)\s?(5|10|100)(?:[.,]0)?(?![\d.,]*\d)"
    r"|\b(5|10)(?:\s?つ星のうち|점 만점에)|[满滿]分(5|10)|\d\s?([%٪])",
    re.I,
)


def parse_rating_max(text: object) -> Decimal | None:
    """The maximum that the text of a rating states.

    >>> parse_rating_max("4,5 von 5 Sternen"), parse_rating_max("90 %"), parse_rating_max("4.5")
    (Decimal('5'), Decimal('100'), None)
    """
    stated = _STATED_MAX.search(_western_digits(text))
    if not stated:
        return None
    return Decimal(100) if stated[4] else Decimal(stated[1] or stated[2] or stated[3])


_COUNT = re.compile(
    r"(?<![\d.,])(?<!-)(\d{1,3}(?:([.,' ’])\d{3})(?:\2\d{3})*|\d{1,10})(?:\.0)?(?![.,]?\d)(?!\s?[%٪k万]|\s?mil\b)", re.I
)


_SCORE = re.compile(r"\d[.,]?\d*\s?(?:/|out of|von|sur|su|de|van|av|из|z)\s?(?:5|10|100)\b", re.I)


def parse_count(text: object) -> int | None:
    """The first whole number beside a score, its thousands grouped or not: how many ratings or reviews there are.

    >>> parse_count("1.234 Bewertungen"), parse_count("4.5 out of 5 (56)"), parse_count(12.0)
    (1234, 56, 12)
    """
    if not (number := _COUNT.search(_SCORE.sub(" ", _western_digits(text)))):
        return None
    count = int(re.sub(r"\D", "", number[1]))
    return count if count <= _MOST_COUNT else None


def _western_digits(text: object) -> str:
    shown = clean_text(text, limit=MOST_PHRASE) or ""
    return "".join(str(unicodedata.decimal(c, c)) for c in shown).replace("٫", ".").replace("٬", ",")


_MONTHS = {name: place for place, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_ORDINAL = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:-?([0-9]{2})-?|[./年] ?([0-9]{1,2})[./月] ?)([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?![0-9])")
_NAMED_MONTH = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(?:{_ORDINAL}[ -]{_MONTH},?[ -]|{_MONTH} {_ORDINAL},? )([0-9]{{4}})(?![0-9])",
    re.I,
)
_MONTHS_A_YEAR = 12


def parse_date(text: object) -> str | None:
    """The ISO 8601 date that a text begins with, as written, whatever its time zone; None if it may be another day.

    Takes ISO 8601, other writings with the year first, English names of months, and numbers of which one cannot be
    a month.

    >>> parse_date("2030-12-31T23:59:59+01:00"), parse_date("31.12.2030"), parse_date("05/06/2030")
    ('2030-12-31', '2030-12-31', None)
    """
    shown = clean_text(text, limit=MOST_PHRASE) or ""
    for read in (_year_first, _year_last, _named_month):
        if parts := read(shown):
            try:
                return date(*parts).isoformat()
            except ValueError:
                return None
    return None


def _year_first(shown: str) -> tuple[int, int, int] | None:
    parts = _YEAR_FIRST.match(shown)
    return (int(parts[1]), int(parts[2] or parts[3]), int(parts[4])) if parts else None


def _year_last(shown: str) -> tuple[int, int, int] | None:
    if not (parts := _YEAR_LAST.match(shown)):
        return None
    day, month, year = map(int, parts.groups())
    if day <= _MONTHS_A_YEAR < month:
        return year, day, month
    return (year, month, day) if day > _MONTHS_A_YEAR or day == month else None


def _named_month(shown: str) -> tuple[int, int, int] | None:
    if not (parts := _NAMED_MONTH.match(shown)):
        return None
    return int(parts[5]), _MONTHS[(parts[2] or parts[3]).lower()], int(parts[1] or parts[4])
