"""Where the elements of a page stand towards the heading that names its product."""

import re
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.parse.described import description_of

_OTHERS = re.compile(
    r"related|recommend|\brecs?\b|listing-(?:grid|card)|grid-price|similar|up-?sell|cross-?sell|also|accessor|recent"
    r"|viewed|mini-?cart|cart-?(?:drawer|content|preview|popup|sidebar)|(?<!to-)(?<!to_)(?<!to)basket-|footer|\bnav\b|navbar|navigation|menu"
    r"|suggest(?!ed-?(?:retail|price))|teaser|wishlist|sponsor|carousel|other-?products|bundle|frequently|together"
    r"|alternativ|bestsell|newsletter|product-?(?:list|grid|slider|item(?!-detail)|card|tile|miniature)|swiper|slick"
)
"""What elements are called that hold other things than the page's product."""
_BLOCK = re.compile(r"product-?(?:item|card|tile|miniature)")
"""What elements are called that hold one product; the page's own, where the heading stands in one."""
_NOT_THE_OFFER = re.compile(r"(?<!p)review|\A(?!\w+ ui\b).*\bheader")
"""What further elements are called that hold no price of it; in Semantic UI a header is a large text."""
_MOST_STEPS = 200


class Place(NamedTuple):
    """Where an element stands towards the heading."""

    region: LexborNode
    """The smallest element that holds both the element and the heading."""
    height: int
    """How far the region is above the heading."""
    steps: int
    """From the region down to the element."""
    among_others: bool = False
    """Whether an element on that way is called a list of related products, a footer or the like."""
    aside: bool = False
    """The same, or a review or a header."""


class Places:
    """Finds the places of elements; every element on their ways up is looked at once."""

    def __init__(self, heading: LexborNode | None) -> None:
        self._heights: dict[int, int] = {}
        self._known: dict[int, Place | None] = {}
        self._own_blocks: set[str] = set()
        node = heading
        while node is not None and len(self._heights) < _MOST_STEPS:
            self._heights[node.mem_id] = len(self._heights)
            if node.tag != "body":
                self._own_blocks.update(_BLOCK.findall(words_of(node)))
            node = node.parent

    def height_of(self, region: LexborNode) -> int | None:
        """How far an element is above the heading; None if it does not hold it."""
        return self._heights.get(region.mem_id)

    def of(self, node: LexborNode) -> Place | None:
        """None for the heading's own line, and for what is nested beyond sense."""
        path: list[tuple[int, LexborNode]] = []
        place: Place | None = None
        above: LexborNode | None = node
        while above is not None:
            name = above.mem_id
            if name in self._heights:
                place = Place(above, self._heights[name], 0) if path else None
                break
            if name in self._known:
                place = self._known[name]
                break
            path.append((name, above))
            above = above.parent
        for name, element in reversed(path):
            if place is not None:
                place = self._below(place, element)
            self._known[name] = place
        return place

    def _below(self, place: Place, element: LexborNode) -> Place:
        """The place of an element right below one whose place is known."""
        others, aside = place.among_others, place.aside
        if not (others and aside):
            is_others, is_aside = self._read(words_of(element))
            others, aside = others or is_others, aside or is_aside
        return Place(place.region, place.height, place.steps + 1, others, aside)

    def _read(self, words: str) -> tuple[bool, bool]:
        """Whether an element so called holds other things, and whether it holds no offer of this one."""
        others, is_aside = _called(words)
        is_others = not others <= self._own_blocks
        return is_others, is_others or is_aside


@lru_cache(2_048)
def _called(words: str) -> tuple[frozenset[str], bool]:
    """What an element so called says that it holds of others, and whether it says that it holds no offer.

    Remembered, since the pages of a shop call their elements alike.
    """
    others = frozenset(found[0] for found in _OTHERS.finditer(words))
    return others, _NOT_THE_OFFER.search(words) is not None


def words_of(node: LexborNode) -> str:
    """Tag, class and id of an element."""
    return f"{node.tag} {description_of(node)}"
