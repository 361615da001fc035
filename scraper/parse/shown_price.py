"""The price that a page shows for its main product: the one nearest to the heading that is not something else."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nlargest

from selectolax.lexbor import LexborNode

from scraper.parse.document import Document, digits_of, numbers_in, text_of
from scraper.parse.phrases import DISCOUNT
from scraper.parse.places import words_of
from scraper.parse.price import Price, parse_price
from scraper.parse.price_elements import (
    BARE_AMOUNT,
    DIGIT,
    LONGEST_PRICE,
    LONGEST_TEXT,
    PRICED_TAGS,
    STRUCK_TAGS,
    PriceReader,
    ShownPrice,
    likely_prices,
    says_untaxed,
    shows_money,
    upwards,
)

_PRICE_WORDS = (
    "pric", "preis", "prix", "preci", "prezz", "preco", "cena", "money", "fiyat", "kaina", "cijena", "hinta",
    "prijs", "harga", "pris ", "pris-", "pris_",
    "line-through", "strike-through", "strikethrough",
)  # fmt: skip
_PRICE_ATTRIBUTES = ("data-price-amount", "data-price", "data-product-price")
_WRITTEN_AMOUNT = re.compile(r"\d{1,7}[.,]\d{2}")
_MOST_PRICED = 20
_LONGEST_BOX = 160
_MOST_PRICES = 400
_MOST_LEAVES = 5_000
_GRID = 5
_MAKER = re.compile(r"brand|vendor|manufact|marque|marke\b|hersteller|author|autor|seller|shop|store")
"""What a heading is called that leads to whoever makes or sells the page's own product."""
_MOST_CARDS = 10
_MOST_LINKS = 5
_HIGHEST_CARD = 4
_LONGEST_CARD = 1_500
_MOST_DECIMALS = 3
"""Of the currencies that are parted into thousandths."""
_MOST_REDUCED = 10
"""How many times the price a list price may be."""
_DEEPEST_REDUCTION = 3
"""How many times a reduced price may be taken off it, at most."""


@dataclass(frozen=True, slots=True)
class ShownPrices:
    """What a page asks for its main product."""

    main: ShownPrice | None
    regular: Price | None
    """The struck price beside the main one."""
    listed: int = 0
    """How many prices stand in a grid of their like."""


def find_prices(document: Document, country: str | None, *, by_name_only: bool = False) -> ShownPrices:
    """The price nearest to the heading, by elements called prices, else by any text that looks like money.

    With `by_name_only` the latter is asked only where a struck price stands alone.
    """
    listed = 0
    doubtful: ShownPrices | None = None
    for find in (_priced_elements, _money_leaves):
        likely = likely_prices(find(document)[:_MOST_PRICES])
        shown = _without_doubt(PriceReader(document.places, country).read(likely))
        found = _nearest(shown, listed, document.home.has)
        if found.main is not None and (doubtful is None or _is_better(found.main, doubtful.main)):
            if not (found.main.full or found.main.untaxed):
                return found
            doubtful = found
        if doubtful is None:
            grids = _grids(shown)
            alike = 0 if by_name_only else _most_alike(node for _, node in likely)
            listed = max(listed, sum(_look(price) in grids for price in shown), alike)
            if by_name_only and not any(price.struck for price in shown):
                break
    is_asked = not (doubtful or by_name_only or listed >= _GRID)
    unseen = _in_attributes(document, country) if is_asked else None
    return doubtful or ShownPrices(unseen, None, listed)


def _in_attributes(document: Document, country: str | None) -> ShownPrice | None:
    """The one amount with decimals that attributes called prices give, for a program to show."""
    found = []
    for node in document.tree.css(", ".join(f"[{name}]" for name in _PRICE_ATTRIBUTES))[:_MOST_PRICED]:
        place, attributes = document.places.of(node), node.attributes
        amount = next(filter(None, map(attributes.get, _PRICE_ATTRIBUTES)), "")
        if place is not None and not place.aside and _WRITTEN_AMOUNT.fullmatch(amount):
            price = parse_price(f"{amount} {attributes.get('data-currency') or ''}", country=country)
            found += [ShownPrice(price, node, False, False, False, place.region, place.height, 0)] if price else []
    return found[0] if len({one.price.amount for one in found}) == 1 else None


def _nearest(shown: Sequence[ShownPrice], listed: int, is_here: Callable[[str], bool]) -> ShownPrices:
    """The main price and that which is struck beside it; one in doubt only where there is no other."""
    nearest = min((price.height for price in shown), default=0)
    current = [price for price in shown if not price.struck]
    plain = [price for price in current if not (price.full or price.untaxed)]
    main = _main(plain, nearest, is_here) or _main(current, nearest, is_here)
    if main is None:
        return ShownPrices(None, None, listed)
    reduced = _reduced(main, [price for price in current if price.untaxed == main.untaxed])
    return ShownPrices(reduced or main, main.price if reduced else _regular(main, shown, nearest), listed)


def _is_better(price: ShownPrice, doubtful: ShownPrice | None) -> bool:
    """Whether a price is not in doubt, and about as near as the one that is."""
    is_near = doubtful is None or price.height <= doubtful.height + 1
    return is_near and not (price.full or price.untaxed)


def may_be_reduced(document: Document, price: Decimal) -> bool:
    """Whether near a line that states the price there is money that it may be reduced from, or to."""
    least, most = price / _DEEPEST_REDUCTION, _MOST_REDUCED * price
    own = digits_of(price)
    shifts = (0, -2, -3) if price.as_tuple().exponent == -_MOST_DECIMALS else (0, -2)
    return any(
        number not in own and any(least <= Decimal(number).scaleb(shift) <= most for shift in shifts)
        for line in document.beside(price)
        if len(line) <= LONGEST_TEXT and DIGIT.search(line)
        for number in numbers_in(line)
        if number and ((line[0] != "(" and BARE_AMOUNT.fullmatch(line)) or shows_money(line))
    )


def may_be_net(document: Document, price: Decimal) -> bool:
    """Whether a short line next to one that states the price speaks of prices without tax."""
    return any(len(line) <= LONGEST_TEXT and says_untaxed(line) for line in document.beside(price))


def _priced_elements(document: Document) -> list[LexborNode]:
    """Those called prices in the order of the page, then those struck through by their tag or style."""
    return [*document.described.having(_PRICE_WORDS), *_struck_elements(document)]


def _struck_elements(document: Document) -> list[LexborNode]:
    return document.tree.css(f'{", ".join(sorted(STRUCK_TAGS))}, [style*="line-through"]')


def _money_leaves(document: Document) -> list[LexborNode]:
    body = document.tree.body
    if body is None or not any(shows_money(line) for line in document.numeric_lines):
        return []
    elements = body.css(PRICED_TAGS)[:_MOST_LEAVES]
    longest = 2 * LONGEST_PRICE
    return [
        node
        for node in elements
        if 1 < len(text := node.text(deep=False, separator=" ", skip_empty=True)) < longest
        and DIGIT.search(text)
        and shows_money(text)
    ]


def _most_alike(prices: Iterable[LexborNode]) -> int:
    """How many elements that may be prices are called the same."""
    return max(Counter(map(words_of, prices)).values(), default=0)


def _score(price: ShownPrice, nearest: int) -> float:
    return price.merit + nearest - price.height


def _main(current: Sequence[ShownPrice], nearest: int, is_here: Callable[[str], bool]) -> ShownPrice | None:
    """The best current price that is not one of a grid of its like, nor that of another product."""
    grids = _grids(current)
    single = [price for price in current if _look(price) not in grids and _score(price, nearest) > 0]
    best = nlargest(_MOST_CARDS, single, key=lambda price: _score(price, nearest))
    return next((price for price in best if not _is_in_card(price, current, is_here)), None)


def _is_in_card(price: ShownPrice, current: Iterable[ShownPrice], is_here: Callable[[str], bool]) -> bool:
    """Whether a small element around a price is about another product.

    It has a heading that leads to another page; where other prices look the same, any link, if theirs lead elsewhere,
    and where they are the same, too, if there are more than two, as one price may stand above and below.
    """
    if _link_beside(price, "h2 a, h3 a, h4 a, a h2, a h3, a h4", is_here):
        return True
    like = [other for other in current if other is not price and _look(other) == _look(price)][:_MOST_LINKS]
    if all(other.price.amount == price.price.amount for other in like):
        links = [_link_beside(one, "a", is_here) for one in (price, *like)]
        return len(like) > 1 and None not in links and len(set(links)) > 1
    link = _link_beside(price, "a", is_here)
    return link is not None and any(_link_beside(other, "a", is_here) not in (None, link) for other in like)


def _link_beside(price: ShownPrice, selector: str, is_here: Callable[[str], bool]) -> str | None:
    """Where the first link to another page leads in the smallest element around a price that has one."""
    above = price.node.parent
    for _ in range(_HIGHEST_CARD):
        if above is None or above.mem_id == price.region.mem_id:
            return None
        links = (
            link for node in above.css(selector)[:_MOST_LINKS] if (link := _other_page(node)) and not is_here(link)
        )
        if link := next(links, None):
            return link if len(above.text()) <= _LONGEST_CARD else None
        above = above.parent
    return None


def _other_page(node: LexborNode) -> str | None:
    """Where a link, or the one around a node, leads, if it has words and is not that of a maker or seller."""
    link: LexborNode | None = node
    while link is not None and link.tag != "a":
        link = link.parent
    href = link.attributes.get("href") if link is not None else None
    if not href or href.startswith(("#", "javascript:", "mailto:")) or not node.text().strip():
        return None
    return None if any(_MAKER.search(words_of(element)) for element in upwards(node, 2)) else href


def _grids(shown: Iterable[ShownPrice]) -> set[tuple[int, str]]:
    """The looks that many prices of one region share, and not because one price is repeated."""
    amounts: dict[tuple[int, str], list[Decimal]] = {}
    for price in shown:
        amounts.setdefault(_look(price), []).append(price.price.amount)
    return {look for look, alike in amounts.items() if len(alike) >= _GRID and len(set(alike)) > 2}


def _look(price: ShownPrice) -> tuple[int, str]:
    return price.region.mem_id, words_of(price.node)


def _without_doubt(shown: Sequence[ShownPrice]) -> list[ShownPrice]:
    """Prices that are struck by no more than being called full are not, unless a lower one is about as near."""
    current = [price for price in shown if not price.struck and not price.untaxed]
    return [
        replace(price, struck=any(_is_below(other, price) for other in current)) if price.full else price
        for price in shown
    ]


def _is_below(other: ShownPrice, price: ShownPrice) -> bool:
    return other.height <= price.height + 1 and other.price.amount < price.price.amount


def _reduced(main: ShownPrice, current: Iterable[ShownPrice]) -> ShownPrice | None:
    """A lower price in the same small box as the main one, where that box tells a discount."""
    lower = [price for price in current if 0 < main.price.amount / price.price.amount - 1 <= _DEEPEST_REDUCTION]
    return next((price for price in lower if _share_discount(main.node, price.node)), None)


def _share_discount(one: LexborNode, other: LexborNode) -> bool:
    boxes = [{above.mem_id: above for above in upwards(node, 3)[1:]} for node in (one, other)]
    shared = [boxes[0][name] for name in boxes[0] if name in boxes[1]]
    text = text_of(shared[0]) if shared else ""
    return len(text) <= _LONGEST_BOX and bool(DISCOUNT.search(text))


def _regular(main: ShownPrice, shown: Iterable[ShownPrice], nearest: int) -> Price | None:
    """The best struck price above the main one, and not by an order of magnitude."""
    low, high = main.price.amount, _MOST_REDUCED * main.price.amount
    struck = [other for other in shown if other.struck and low < other.price.amount < high]
    best = max(struck, key=lambda other: _score(other, nearest), default=None)
    return best.price if best and best.height <= main.height + 1 else None
