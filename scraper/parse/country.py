"""Where a page sells, by its domain and its language, and so which currency it means by a bare sign."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from scraper.parse.currencies import CURRENCIES, currency_of_country
from scraper.parse.document import Document

_GENERIC_DOMAINS = frozenset({
    "io", "co", "tv", "me", "ai", "cc", "eu", "ac", "ag", "fm", "gg", "im", "la", "ly", "ms", "nu", "sc", "sh", "so",
    "st", "to", "vc", "ws",
})  # fmt: skip
"""Domains of two letters that the whole world uses."""
_COUNTRY_OF_LANGUAGE = {
    "am": "et", "az": "az", "be": "by", "da": "dk", "fa": "ir", "hi": "in", "is": "is", "ja": "jp", "kk": "kz",
    "ko": "kr", "ky": "kg", "mn": "mn", "nb": "no", "ne": "np", "nn": "no", "no": "no", "ro": "ro", "ru": "ru",
    "si": "lk", "sv": "se", "tg": "tj", "th": "th", "tk": "tm", "ur": "pk", "vi": "vn", "zh": "cn",
}  # fmt: skip
"""Languages whose shops, where they set no sign of their own, mean the money of one country."""
_STATED = re.compile(r"""currency\w{0,12}["']?\s{0,3}[:=]\s{0,3}["']([A-Z]{3})["']""", re.I)
_BESIDE_AMOUNT = re.compile(r"\b([A-Z]{3})\s?[^\w\s]?\s?\d|\d\s?([A-Z]{3})\b")
_LOCALE = re.compile(r"\s*[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})\s*")
_CURRENCY_NAMES = ("pricecurrency", "product:price:currency", "og:price:currency")
_DEFAULT = "USD"
_CLEAR = 2
"""How many times as often as any other a currency must be named."""


def country_of(document: Document) -> str | None:
    """The country that the host's top-level domain names, else the page's language; in lower case."""
    last = (urlsplit(document.page.final_url).hostname or "").rpartition(".")[2]
    if len(last) == 2 and last.isalpha() and last not in _GENERIC_DOMAINS:
        return last
    return document.region or _COUNTRY_OF_LANGUAGE.get(_language(document))


def _language(document: Document) -> str:
    root = document.tree.css_first("html")
    return ((root.attributes.get("lang") if root else None) or "").strip().lower()


def currency_meant(document: Document, possible: frozenset[str]) -> str | None:
    """Which of the possible currencies the page names elsewhere: in markup, in scripts, beside amounts, by its locales.

    Where no sign says what is possible, only markup counts. Where nothing tells a country or any currency, a dollar of
    a page in English is that of the United States.
    """
    named_by_markup = {code.upper() for name in _CURRENCY_NAMES for code in document.metas.get(name, ())}
    marked = named_by_markup & (possible or CURRENCIES)
    if len(marked) == 1 or not possible:
        return marked.pop() if len(marked) == 1 else None
    all_named = Counter(_named(document))
    named = Counter({code: count for code, count in all_named.items() if code in possible})
    if named:
        (first, most), *others = named.most_common(2)
        return first if not others or most > _CLEAR * others[0][1] else None
    homes = {currency_of_country(country) for country in _locales(document)} & possible
    if homes:
        return homes.pop() if len(homes) == 1 else None
    is_american = (
        not CURRENCIES & all_named.keys() and country_of(document) is None and _language(document) in ("", "en")
    )
    return _DEFAULT if is_american and _DEFAULT in possible else None


def _named(document: Document) -> Iterator[str]:
    yield from (found[1].upper() for found in _STATED.finditer(document.text))
    yield from ("".join(codes) for line in document.numeric_lines for codes in _BESIDE_AMOUNT.findall(line))


def _locales(document: Document) -> Iterator[str]:
    """The countries of og:locale, and of those links to translations that lead to this very page."""
    own = (link.get("hreflang") for link in document.links if document.absolute_url(link.get("href")) in document.urls)
    for label in (document.meta("og:locale"), *own):
        if label and (locale := _LOCALE.fullmatch(label)):
            yield locale[1].lower()
