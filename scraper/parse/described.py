"""The elements of a page that have a class or an id, findable by words in these; all in one walk over the tree."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BETWEEN = "\0"  # never part of an attribute: HTML parsers replace it
_LONGEST_DESCRIPTION = 1_000


class DescribedElements:
    """Elements by their descriptions: class, a blank, id; in lower case."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._nodes = tree.css("[class], [id]:not([class])")
        alike: dict[str, list[int]] = {}
        for index, node in enumerate(self._nodes):
            alike.setdefault(f"{node.attrs.sget('class')} {node.id or ''}", []).append(index)
        self._alike = list(alike.values())
        self._text = _BETWEEN.join(alike).lower()
        self._starts = list(accumulate((len(one) + 1 for one in self._text.split(_BETWEEN)), initial=0))

    def having(self, words: Iterable[str]) -> list[LexborNode]:
        """The elements whose description holds one of the words, in the order of the page."""
        found: set[int] = set()
        for word in words:
            at = self._text.find(word)
            while at >= 0:
                kind = bisect_right(self._starts, at) - 1
                found.add(kind)
                at = self._text.find(word, self._starts[kind + 1])
        return [self._nodes[index] for index in sorted(index for kind in found for index in self._alike[kind])]

    def has(self, words: Iterable[str]) -> bool:
        """Whether any description holds one of the words."""
        return any(word in self._text for word in words)


def description_of(node: LexborNode) -> str:
    """Class and id of an element in lower case, on one line; empty for the document itself."""
    if not node.is_element_node:
        return ""
    return f"{node.attrs.sget('class')} {node.id or ''}"[:_LONGEST_DESCRIPTION].lower().replace("\n", " ")
