"""How plainly a product is the one that a page is about: by its name and its address."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from scraper.parse.schema_org import address_key

LIKE = 0.65
"""From here on a product is the page's even if it is one of many."""
MANY = 5
_MOST_FOR_OFFER = 0.1
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Home:
    """A page, as names and addresses of products are compared with it."""

    titles: Sequence[Set[str]]
    """The words of what it calls its main thing."""
    paths: Set[str]
    """Of its addresses."""

    @classmethod
    def of(cls, titles: Iterable[str], urls: Iterable[str]) -> "Home":
        """The page that calls itself so and has these addresses."""
        return cls([_words(title) for title in titles], {address_key(url)[0] for url in urls} - {"", "/"})

    def likeness(self, name: object) -> float:
        """The greatest share of the name's words that one of the titles has."""
        words = _words(str(name or ""))
        return max((len(words & title) for title in self.titles), default=0) / len(words) if words else 0.0

    def has(self, url: object) -> bool:
        """Whether an address is the page's."""
        may_be = isinstance(url, str) and any(path in url.lower() for path in self.paths)
        return may_be and address_key(str(url))[0] in self.paths

    def aboutness(self, name: object, url: object, *, is_offered: bool, is_listed: bool) -> float:
        """0 for a stranger; likeness of name counts up to 1, the page's address 1, an offer a little."""
        offered = _MOST_FOR_OFFER if is_offered else 0.0
        return self.likeness(name) + self.has(url) + offered - (0.5 if is_listed else 0)

    def is_stranger(self, name: object, url: object) -> bool:
        """Whether a product is none that the page may be about, whatever its offer, where there are many."""
        return self.aboutness(name, url, is_offered=True, is_listed=False) < LIKE


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
