"""The shop's own name, as titles carry it beside what they are about."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from scraper.parse.document import Document

_SEPARATOR = re.compile(r"(?<=\s)[–—·•»:~-](?=\s)|[|｜]")
_MONEY = re.compile(r"[$€£¥₹₽]\s?\d|\d\s?(?:€|zł|Kč|kr\b|₽|円|元)")
_NO_LETTER = re.compile(r"[\W_]")
_SECOND_LEVELS = frozenset({"co", "com", "net", "org", "gov", "ac", "or", "ne"})
_SHORTEST_PART_OF_HOST = 3


def shop_test(document: Document) -> Callable[[str], bool]:
    """Tells whether a text is the shop's name: og:site_name, the host, or the title's part after a bar."""
    labels = (urlsplit(document.page.final_url).hostname or "").removeprefix("www.").split(".")[:-1]
    own = {_key(label) for label in labels if label not in _SECOND_LEVELS} | {_key(".".join(labels))}
    own |= {_key(document.meta("og:site_name") or ""), _key(urlsplit(document.page.final_url).hostname or "")}
    parts = document.title.rsplit("|", 1)
    own |= {_key(parts[1])} if len(parts) == 2 else set()
    return lambda text: bool(key := _key(text)) and key in own


def _key(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold().removeprefix("www."))


def without_shop(text: str, is_shop: Callable[[str], bool]) -> str:
    """The text without the shop's name at its end, and without a price before its first separator.

    >>> without_shop("$15 · Lamp - Acme", lambda text: text == "Acme")
    'Lamp'
    """
    ends = [(separator.start(), separator.end()) for separator in _SEPARATOR.finditer(text)]
    if ends and is_shop(text[ends[-1][1] :].strip()):
        text = text[: ends.pop()[0]]
    if ends and _MONEY.search(text[: ends[0][0]]):
        text = text[ends[0][1] :]
    return text.strip()


def bare_title(document: Document) -> str:
    """The title of the page without the shop's name at its end or start.

    A part is the shop's if it is og:site_name or within the host's name; without such a part the title stays whole.
    """
    title = document.title or document.meta("og:title") or ""
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    site, host = _key(document.meta("og:site_name") or ""), _key(urlsplit(document.page.final_url).hostname or "")
    kept = [part for part in parts if not _is_within(_key(part), site, host)]
    return kept[0] if 0 < len(kept) < len(parts) else title.strip()


def _is_within(name: str, site: str, host: str) -> bool:
    return name == site or (len(name) >= _SHORTEST_PART_OF_HOST and name in host)
