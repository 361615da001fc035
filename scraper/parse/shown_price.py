"""The price that a page shows for its main product: the one nearest to the heading that is not something else."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from selectolax.lexbor import LexborNode

from scraper.parse.document import Document
from scraper.parse.phrases import LIST_PRICE
from scraper.parse.price import CURRENCIES, Price, parse_price

_PRICE_WORDS = ("pric", "preis", "prix", "preci", "prezz", "preco", "cena")  # each one is a walk over the tree
_PRICES = ", ".join(
    [f'[class*="{word}" i]' for word in _PRICE_WORDS]
    + ['[id*="price" i]', "[itemprop=price]", "[itemprop=lowPrice]", "del", "s", "strike"]
)
_LEAVES = "span, p, td, dd, b, strong, em, li, div, label, ins, font"
_MONEY = re.compile(rf"[$¢£¤¥֏؋৲৳৻૱௹฿៛₠-⃀﷼]|元|円|원|zł|Kč|\b(?:{'|'.join(sorted(CURRENCIES))}|Ft|kr|Rs|DT)\b", re.I)
_BARE_AMOUNT = re.compile(r"\W*\d[\d.,' ]*\W*")
_DIGIT = re.compile(r"\d")

_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_STRUCK = re.compile(
    r"(?<![a-z])old|price-?old|\bwas\b|was[-_]?price|suggested|list[-_]?price|rrp|uvp|msrp|compare|stri[kc]|cross(?!sell)|before|original"
    r"|retail[-_]?price|statt|ancien|barr[eé]|tachado|anterior|previous|line-?through|stary|puvodni|pseudo"
    r"|high[-_]?price|regular|price-*list\b",
    re.I,
)
_CURRENT = re.compile(
    r"current|sale(?!s)|final|now\b|special|actual|offer|promo|our[-_]?price|to-?pay|selling|discounted|new[-_]?price",
    re.I,
)
_OTHER_AMOUNT = re.compile(
    r"unit[-_]?price|price[-_]?unit|per[-_]?measure|per[-_]?(?:kg|100|lit)|base[-_]price|grundpreis|referenc"
    r"|install?ment|rat[ae]s?[-_]|month|financ|credit|shipping|deliver|versand|livraison|sav(?:e|ing)"
    r"|discount[-_]?(?:amount|percent|badge|label|value)|points|loyalty|subscri|filter|range[-_]?slider|alert"
    r"|without[-_]?(?:vat|tax)|excl|netto|\bnet[-_]|no[-_]?vat|bez-?dph|warrant|insur|import|cashback|deposit|coupon",
    re.I,
)
_PER_UNIT = re.compile(
    r"(?:/|\b(?:per|pro|je|al|par|za)\b|=)\s*(?:\d+\s*)?"
    r"(?:kg|g|l|ml|cl|liter|litre|litro|m²|m2|lb|oz|mo|month|monat|mois|mes|mese|mies)\b",
    re.I,
)
_ASIDE = re.compile(
    r"related|recommend|\brecs?\b|listing-(?:grid|card)|grid-price|similar|up-?sell|cross-?sell|also|accessor|recent"
    r"|viewed|mini-?cart|cart-?(?:drawer|content|preview|popup|sidebar)|basket-|footer|\bheader|\bnav\b|navbar"
    r"|navigation|menu|suggest(?!ed-?(?:retail|price))|teaser|wishlist|sponsor|review|carousel|other-?products|bundle|frequently|together"
    r"|alternativ|bestsell|newsletter|product-?(?:list|grid|slider|item|card|tile|miniature)|swiper|slick",
    re.I,
)
_MOST_PRICES = 400
_MOST_LEAVES = 5_000
_MOST_STEPS = 200
_MOST_PIECES = 40
_LONGEST_TEXT = 80
_LONGEST_PRICE = 30
_MOST_LETTERS = 10
_GRID = 5


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """One price element that is no aside's."""

    price: Price
    node: LexborNode
    struck: bool
    region: LexborNode
    """The smallest element that holds both the price and the heading."""
    height: int
    """How far the region is above the heading."""
    merit: float
    """What speaks for this being the price to pay, but for its place."""


@dataclass(frozen=True, slots=True)
class ShownPrices:
    """What a page asks for its main product."""

    main: ShownPrice | None
    regular: Price | None
    """The struck price beside the main one."""
    listed: int = 0
    """How many prices stand in a grid of their like."""


def find_prices(document: Document, heading: LexborNode | None, country: str | None) -> ShownPrices:
    """The price nearest to the heading, by elements called prices, else by any text that looks like money."""
    listed = 0
    for elements in (_priced_elements, _money_leaves):
        shown = _Reader(heading or document.tree.body, country).read(elements(document)[:_MOST_PRICES])
        nearest = min((price.height for price in shown), default=0)
        main = _main([price for price in shown if not price.struck], nearest)
        if main is not None:
            return ShownPrices(main, _regular(main, shown, nearest), listed)
        grids = _grids(shown)
        listed = max(listed, sum(_look(price) in grids for price in shown))
    return ShownPrices(None, None, listed)


def _priced_elements(document: Document) -> list[LexborNode]:
    return document.tree.css(_PRICES)


def _money_leaves(document: Document) -> list[LexborNode]:
    body = document.tree.body
    if body is None:
        return []
    leaves = ((node, node.text(deep=False)) for node in body.css(_LEAVES)[:_MOST_LEAVES])
    return [
        node for node, text in leaves if len(text) < 2 * _LONGEST_PRICE and _DIGIT.search(text) and _MONEY.search(text)
    ]


def _score(price: ShownPrice, nearest: int) -> float:
    return price.merit + nearest - price.height


def _main(current: Sequence[ShownPrice], nearest: int) -> ShownPrice | None:
    """The best current price that is not one of a grid of its like."""
    grids = _grids(current)
    single = [price for price in current if _look(price) not in grids]
    best = max(single, key=lambda price: _score(price, nearest), default=None)
    return best if best and _score(best, nearest) > 0 else None


def _grids(shown: Iterable[ShownPrice]) -> set[tuple[int, str]]:
    """The looks that many prices of one region share, and not because one price is repeated."""
    amounts: dict[tuple[int, str], list[Decimal]] = {}
    for price in shown:
        amounts.setdefault(_look(price), []).append(price.price.amount)
    return {look for look, alike in amounts.items() if len(alike) >= _GRID and len(set(alike)) > 2}


def _look(price: ShownPrice) -> tuple[int, str]:
    return price.region.mem_id, _words(price.node)


def _regular(main: ShownPrice, shown: Iterable[ShownPrice], nearest: int) -> Price | None:
    """The best struck price above the main one, and not by an order of magnitude."""
    low, high = main.price.amount, 10 * main.price.amount
    struck = [other for other in shown if other.struck and low < other.price.amount < high]
    best = max(struck, key=lambda other: _score(other, nearest), default=None)
    return best.price if best and best.height <= main.height + 1 else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an element stands towards the heading."""

    region: LexborNode
    steps: int
    """From the region down to the element."""
    aside: bool


class _Reader:
    """Reads price elements; every element on their ways up is looked at once."""

    def __init__(self, heading: LexborNode | None, country: str | None) -> None:
        self._country = country
        self._heights: dict[int, int] = {}
        self._places: dict[int, _Place | None] = {}
        node = heading
        while node is not None and len(self._heights) < _MOST_STEPS:
            self._heights[node.mem_id] = len(self._heights)
            node = node.parent

    def read(self, elements: Iterable[LexborNode]) -> list[ShownPrice]:
        """The prices among the elements, the innermost where they are nested."""
        nodes = list({node.mem_id: node for node in elements}.values())
        outer: set[int] = set()
        found = []
        # Backwards, so that an element is met after those inside it.
        for order, node in reversed(list(enumerate(nodes))):
            place = None if node.mem_id in outer else self._place(node)
            if place is None or place.aside or (price := self._price(node)) is None:
                continue
            outer.update(_ids_above(node))
            shown = self._rated(node, price, place, order)
            if shown is not None:
                found.append(shown)
        return found[::-1]

    def _place(self, node: LexborNode) -> _Place | None:
        """None for the heading's own line, and for what is nested beyond sense."""
        path: list[LexborNode] = []
        above: LexborNode | None = node
        while above is not None and above.mem_id not in self._heights and above.mem_id not in self._places:
            path.append(above)
            above = above.parent
        if above is None:
            place = None
        elif above.mem_id in self._heights:
            place = _Place(above, 0, aside=False) if path else None
        else:
            place = self._places[above.mem_id]
        for element in reversed(path):
            if place is not None:
                place = _Place(place.region, place.steps + 1, place.aside or bool(_ASIDE.search(_words(element))))
            self._places[element.mem_id] = place
        return place

    def _price(self, node: LexborNode) -> Price | None:
        text = shown_text(node)
        if len(text) > _LONGEST_TEXT or not _DIGIT.search(text) or _is_part_of_price(node, text):
            return None
        if "%" in text or _PER_UNIT.search(text):
            return None
        return parse_price(text, country=self._country)

    def _rated(self, node: LexborNode, price: Price, place: _Place, order: int) -> ShownPrice | None:
        """None for an amount that is something else than the price of the whole."""
        near = [_words(element) for element in _upwards(node, min(4, place.steps))]
        if any(_OTHER_AMOUNT.search(words) for words in near):
            return None
        current = any(_CURRENT.search(words) for words in near[:3])
        merit = (
            4  # so that a price without any merit counts up to a few levels above the nearest
            + (3 if price.currency or _MONEY.search(price.text) else 0)
            + (2 if current else 0)
            + (1 if node.attributes.get("itemprop") == "price" else 0)
            - (2 if sum(map(str.isalpha, price.text)) > _MOST_LETTERS else 0)
            - 0.2 * place.steps
            - 0.05 * min(order, 60)
        )
        struck = _is_struck(node, near[:2], price.text)
        return ShownPrice(price, node, struck, place.region, self._heights[place.region.mem_id], merit)


def _is_part_of_price(node: LexborNode, text: str) -> bool:
    """Whether the text is only the decimals, or a number whose currency stands around it, or none of money."""
    if text[0] in ".,":
        return True
    if _MONEY.search(text):
        return False
    whole = shown_text(node.parent) if node.parent else ""
    return not _BARE_AMOUNT.fullmatch(text) or (len(whole) <= _LONGEST_PRICE and bool(_MONEY.search(whole)))


def _is_struck(node: LexborNode, near: Iterable[str], text: str) -> bool:
    if LIST_PRICE.search(text) or any(element.tag in _STRUCK_TAGS for element in _upwards(node, 3)):
        return True
    for words in near:
        if _CURRENT.search(words):
            return False
        if _STRUCK.search(words):
            return True
    return False


def _upwards(node: LexborNode, count: int) -> list[LexborNode]:
    """The element and those around it, `count` in all."""
    found: list[LexborNode] = []
    above: LexborNode | None = node
    while above is not None and len(found) < count:
        found.append(above)
        above = above.parent
    return found


def _ids_above(node: LexborNode) -> set[int]:
    return {above.mem_id for above in _upwards(node, 10)[1:]}


def _words(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{node.tag} {attributes.get('class') or ''} {attributes.get('id') or ''}"


def shown_text(node: LexborNode) -> str:
    """The text of a price element; small raised decimals are set off by a dot: 19<sup>99</sup> is 19.99."""
    text = ""
    for count, part in enumerate(node.traverse(include_text=True)):
        if count > _MOST_PIECES or len(text) > _LONGEST_TEXT:
            break
        piece = part.text().strip() if part.tag == "-text" else ""
        if piece:
            text = _joined(text, piece, raised=_is_raised(part.parent))
    return " ".join(text.split())


def _joined(text: str, piece: str, *, raised: bool) -> str:
    if text[-1:].isdigit() and raised and len(piece) == 2 and piece.isdigit():
        return f"{text}.{piece}"
    glued = text[-1:] in ".," or piece[0] in ".," or (text[-1:].isdigit() and not piece[0].isdigit())
    return f"{text}{piece}" if glued else f"{text} {piece}"


_RAISED = re.compile(r"cent|decimal|fraction|\bsup\b", re.I)


def _is_raised(node: LexborNode | None) -> bool:
    return node is not None and bool(node.tag == "sup" or _RAISED.search(node.attributes.get("class") or ""))
