"""The elements of a page that have a class or an id, findable by words in these; all in one walk over the tree."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BETWEEN = "\0"  # never part of an attribute: HTML parsers replace it
_LONGEST_DESCRIPTION = 1_000
_MOST_REMEMBERED = 2_048


class DescribedElements:
    """Elements by their descriptions: class, a blank, id; in lower case."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._nodes = tree.css("[class], [id]:not([class])")
        self._descriptions = [f"{node.attrs.sget('class')} {node.id or ''}" for node in self._nodes]
        self._kinds = list(dict.fromkeys(self._descriptions))
        self._text = _BETWEEN.join(self._kinds).lower()
        self._starts = [0, *accumulate(len(kind) + 1 for kind in self._text.split(_BETWEEN))]

    def having(self, words: Iterable[str]) -> list[LexborNode]:
        """The elements whose description holds one of the words, in the order of the page."""
        found: set[str] = set()
        for word in words:
            at = self._text.find(word)
            while at >= 0:
                kind = bisect_right(self._starts, at) - 1
                found.add(self._kinds[kind])
                at = self._text.find(word, self._starts[kind + 1])
        return [self._nodes[index] for index in sorted(index for kind in found for index in self._alike[kind])]

    @cached_property
    def _alike(self) -> dict[str, list[int]]:
        """Description -> the places of the elements that have it."""
        alike: dict[str, list[int]] = {kind: [] for kind in self._kinds}
        for index, description in enumerate(self._descriptions):
            alike[description].append(index)
        return alike


def description_of(node: LexborNode) -> str:
    """Class and id of an element in lower case, on one line; empty for the document itself."""
    if not node.is_element_node:
        return ""
    return f"{node.attrs.sget('class')} {node.id or ''}"[:_LONGEST_DESCRIPTION].lower().replace("\n", " ")


def asked_once(pattern: str) -> Callable[[str], bool]:
    """Tells whether an element is called so; remembered, since the pages of a shop call theirs alike."""
    search = re.compile(pattern).search
    return lru_cache(_MOST_REMEMBERED)(lambda words: search(words) is not None)
