"""The price that a page shows for its main product: the one nearest to the heading that is not something else."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nlargest

from selectolax.lexbor import LexborNode

from scraper.parse.currencies import CURRENCIES
from scraper.parse.document import Document, digits_of, numbers_in, text_of
from scraper.parse.phrases import DISCOUNT, INSTALMENT, LIST_PRICE, OTHER_PRICE
from scraper.parse.places import Place, Places, words_of
from scraper.parse.price import Price, any_of, parse_price

_PRICE_WORDS = (
    "pric", "preis", "prix", "preci", "prezz", "preco", "cena", "money", "fiyat", "kaina", "cijena", "hinta",
)  # fmt: skip
_LEAVES = "span, p, td, dd, b, strong, em, li, div, label, ins, font, bdi, h2, h3, h4, del, s, strike"
_OTHER_MONEY = (
    "Ft",
    "kr",
    "Rs",
    "SFr",
    "Fr",
    "RM",
    "Rp",
    "DT",
    "TL",
    "lei",
    "din",
    "дин",
    "руб",
    "грн",
    "тг",
    "сум",
    "лв",
)
_WORDS_OF_MONEY = any_of([*CURRENCIES, *_OTHER_MONEY])
_MONEY = re.compile(
    r"[$¢£¤¥֏؋৲৳৻૱௹฿៛₠-⃀﷼元円원]|zł|Kč|ر\.?س|د\.?إ|د\.?ك|ج\.?م|ريال|درهم|دينار|جنيه|تومان|S/\s?\d|(?<![^\W\d_])R\s?\d"
    rf"|(?<![^\W\d_]){_WORDS_OF_MONEY}(?![^\W\d_])",
    re.I,
)
_BARE_AMOUNT = re.compile(r"\W{0,10}\d[\d.,' ]{0,40}\W{0,10}")
_DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(r"\d(?:[\d.,' \u00a0]{0,15}\d)?")

_PRICE_ATTRIBUTES = ("data-price-amount", "data-price", "data-product-price")
_WRITTEN_AMOUNT = re.compile(r"\d{1,7}[.,]\d{2}")
_MOST_PRICED = 20
_STRUCK_TAGS = frozenset({"del", "s", "strike"})
_STRUCK = re.compile(
    r"(?<![a-z])(?:old|vecchi)|price-?old|\bwas\b|was[-_]?price|suggested|list[-_]?price|rrp|uvp|msrp|compare|stri[kc]|cross(?!sell)|before|original"
    r"|retail[-_]?price|statt|ancien|barr[eé]|tachado|anterior|previous|line-?through|stary|puvodni|pseudo"
    r"|high[-_]?price|price-*list\b|pierwotn|eredeti|f[oø]rpris|ord[-_]?pris|adviespri"
)
_FULL = re.compile(
    r"regular|\b(?:price[-_]standard|standard[-_]price)\b|(?:full|normal|pieno|intero|listino)[-_]*pr"
    r"|(?:price|prezzo|precio|prix)[-_]*(?:full|normal|pieno|intero)"
)
"""What a price is called that is struck where a lower one stands beside it, and the price to pay where none does."""
_CURRENT = re.compile(
    r"current|sale(?!s)|final|now\b|special|actual|offer|promo|our[-_]?price|to-?pay|selling|discounted|new[-_]?price"
)
_OTHER_AMOUNT = re.compile(
    r"unit[-_]?price|price[-_]?unit|per[-_]?measure|per[-_]?(?:kg|100|lit)|base[-_]price|grundpreis|referenc"
    r"|install?ment|rat[ae]s?[-_]|month|financ|credit|shipping|deliver|versand|livraison|sav(?:e|ing)"
    r"|discount[-_]?(?:amount|percent|badge|label|value)|points|loyalty|subscri|filter|range[-_]?slider|alert"
    r"|warrant|insur|import|cashback|deposit|coupon|member|club[-_]?(?:card|price)|wholesale|tier|bulk|staffel|omnibus"
    r"|(?:quantity|volume)[-_]?(?:price|discount|break)|price[-_]?history|lowest[-_]?price[-_]?(?:30|last|in)"
)
_UNTAXED = re.compile(r"without[-_]?(?:vat|tax)|excl|netto|\bnet[-_]|no[-_]?vat|bez-?dph")
_PER_UNIT = re.compile(
    r"(?:/|\b(?:per|pro|je|al|par|za)\b|=)\s*(?:\d+\s*)?"
    r"(?:kg|g|l|ml|cl|liter|litre|litro|m²|m2|lb|oz|mo|month|monat|mois|mes|mese|mies)\b",
    re.I,
)
_WITHOUT_TAX = re.compile(
    r"(?<![^\W\d_])(?:excl?\.?|ex\.?|excluding|without|before)\s+(?:vat|tax|gst|btw|iva|tva|moms|mwst)"
    r"|\b(?:zzgl\.?|ohne) (?:mwst|ust)|\bhors taxes?|\bH\.?T\.?(?=\s|$)|\b(?:sin|sem|fără) (?:iva|tva)|\biva esclusa"
    r"|\+ ?iva\b|bez (?:dph|vat|pdv|ddv)|\bnetto\b|без (?:ндс|пдв|ддс)|nettó|(?:eks|exkl|ekskl)\.? (?:mva|moms)"
    r"|税抜|税別|kdv hariç|ilman alv|alv 0",
    re.I,
)
_SIGNS_AFTER = re.compile(r"\A\s?(?:[^\w\s]|zł|kr|Kč|Ft)?[\s.)]{0,3}")
_LONGEST_LEAD = 40
_LONGEST_BOX = 160
_MOST_PRICES = 400
_MOST_LEAVES = 5_000
_MOST_PIECES = 40
_LONGEST_TEXT = 80
_MOST_RAW_TEXT = 2_000
_LONGEST_PRICE = 30
_MOST_LETTERS = 10
_GRID = 5
_MAKER = re.compile(r"brand|vendor|manufact|marque|marke\b|hersteller|author|autor|seller|shop|store")
"""What a heading is called that leads to whoever makes or sells the page's own product."""
_MOST_CARDS = 10
_MOST_LINKS = 5
_HIGHEST_CARD = 4
_LONGEST_CARD = 1_500
_MOST_REDUCED = 10
"""How many times the price a list price may be."""
_DEEPEST_REDUCTION = 3
"""How many times a reduced price may be taken off it, at most."""


@dataclass(frozen=True, slots=True)
class ShownPrice:
    """One price element that is no aside's."""

    price: Price
    node: LexborNode
    struck: bool
    full: bool
    """Whether nothing but being called full or regular says that it is struck."""
    untaxed: bool
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


def find_prices(document: Document, country: str | None, *, by_name_only: bool = False) -> ShownPrices:
    """The price nearest to the heading, by elements called prices, else by any text that looks like money.

    With `by_name_only` the latter is asked only where a struck price stands alone.
    """
    listed = 0
    doubtful: ShownPrices | None = None
    for find in (_priced_elements, _money_leaves):
        likely = _likely_prices(find(document)[:_MOST_PRICES])
        shown = _without_doubt(_Reader(document.places, country).read(likely))
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
    reduced = _reduced(main, current)
    return ShownPrices(reduced or main, main.price if reduced else _regular(main, shown, nearest), listed)


def _is_better(price: ShownPrice, doubtful: ShownPrice | None) -> bool:
    """Whether a price is not in doubt, and about as near as the one that is."""
    is_near = doubtful is None or price.height <= doubtful.height + 1
    return is_near and not (price.full or price.untaxed)


def may_be_reduced(document: Document, price: Decimal) -> bool:
    """Whether near a line that states the price there is money that it may be reduced from, or to."""
    least, most = price / _DEEPEST_REDUCTION, _MOST_REDUCED * price
    own = digits_of(price)
    return any(
        number not in own and (least <= int(number) <= most or least <= Decimal(number) / 100 <= most)
        for line in document.beside(price)
        if len(line) <= _LONGEST_TEXT and _DIGIT.search(line)
        for number in numbers_in(line)
        if number and ((line[0] != "(" and _BARE_AMOUNT.fullmatch(line)) or _MONEY.search(line))
    )


def _priced_elements(document: Document) -> list[LexborNode]:
    """Those called prices in the order of the page, then those struck through by their tag."""
    return [*document.described.having(_PRICE_WORDS), *_struck_elements(document)]


def _struck_elements(document: Document) -> list[LexborNode]:
    return document.tree.css(", ".join(sorted(_STRUCK_TAGS)))


def _money_leaves(document: Document) -> list[LexborNode]:
    body = document.tree.body
    if body is None or not any(_MONEY.search(line) for line in document.numeric_lines):
        return []
    elements = body.css(_LEAVES)[:_MOST_LEAVES]
    leaves = ((node, node.text(deep=False)) for node in elements)
    return [
        node for node, text in leaves if len(text) < 2 * _LONGEST_PRICE and _DIGIT.search(text) and _MONEY.search(text)
    ]


def _likely_prices(elements: Iterable[LexborNode]) -> list[tuple[int, LexborNode]]:
    """The elements that may be prices, with their order among all; those inside others first.

    What is around a long text is not read, as the same text would be, once for each element around it.
    """
    nodes = {node.mem_id: node for node in elements}.values()
    around_long: set[int] = set()
    likely = []
    for order, node in reversed(list(enumerate(nodes))):
        text = node.text(separator=" ") if node.mem_id not in around_long else ""
        if len(text) > _MOST_RAW_TEXT:
            above = node.parent
            while above is not None and above.mem_id not in around_long:
                around_long.add(above.mem_id)
                above = above.parent
        elif _may_be_price(text):
            likely.append((order, node))
    return likely


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

    It has a heading that leads to another page; where other prices look the same, any link, if theirs lead elsewhere.
    """
    if _link_beside(price, "h2 a, h3 a, h4 a, a h2, a h3, a h4", is_here):
        return True
    like = [other for other in current if other is not price and _look(other) == _look(price)][:_MOST_LINKS]
    if all(other.price.amount == price.price.amount for other in like):
        return False
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
    return None if any(_MAKER.search(words_of(element)) for element in _upwards(node, 2)) else href


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
    boxes = [{above.mem_id: above for above in _upwards(node, 3)[1:]} for node in (one, other)]
    shared = [boxes[0][name] for name in boxes[0] if name in boxes[1]]
    text = text_of(shared[0]) if shared else ""
    return len(text) <= _LONGEST_BOX and bool(DISCOUNT.search(text))


def _regular(main: ShownPrice, shown: Iterable[ShownPrice], nearest: int) -> Price | None:
    """The best struck price above the main one, and not by an order of magnitude."""
    low, high = main.price.amount, _MOST_REDUCED * main.price.amount
    struck = [other for other in shown if other.struck and low < other.price.amount < high]
    best = max(struck, key=lambda other: _score(other, nearest), default=None)
    return best.price if best and best.height <= main.height + 1 else None


class _Reader:
    """Reads price elements."""

    def __init__(self, places: Places, country: str | None) -> None:
        self._places = places
        self._country = country

    def read(self, likely: Iterable[tuple[int, LexborNode]]) -> list[ShownPrice]:
        """The prices among likely ones, in the order of the page, the innermost where they are nested."""
        outer: dict[int, bool] = {}
        found = []
        for order, node in likely:
            holds_struck_only = outer.get(node.mem_id)
            if holds_struck_only is False:
                continue
            place = self._places.of(node)
            text = " ".join(node.text(deep=False).split()) if holds_struck_only else shown_text(node)
            if place is None or place.aside or (price := self._price(node, text)) is None:
                continue
            shown = self._rated(node, price, place, order)
            is_struck = shown is not None and shown.struck
            outer.update((name, is_struck and outer.get(name, True)) for name in _ids_above(node))
            if shown is not None:
                found.append(shown)
        return found[::-1]

    def _price(self, node: LexborNode, text: str) -> Price | None:
        if len(text) > _LONGEST_TEXT or not _DIGIT.search(text) or _is_part_of_price(node, text):
            return None
        if unit := _PER_UNIT.search(text):
            text = _before_last_amount(text[: unit.start()])
        if "%" in text or not _DIGIT.search(text):
            return None
        return parse_price(text, country=self._country)

    def _rated(self, node: LexborNode, price: Price, place: Place, order: int) -> ShownPrice | None:
        """None for an amount that is something else than the price of the whole."""
        near = [words_of(element) for element in _upwards(node, min(4, place.steps))]
        said = f"{_lead(node)} {price.text}"
        if any(_OTHER_AMOUNT.search(words) for words in near) or _is_other_price(_lead(node, is_own=True), price.text):
            return None
        is_untaxed = any(_UNTAXED.search(words) for words in near) or bool(_WITHOUT_TAX.search(said))
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
        is_struck = _is_struck(node, near[:2], said)
        is_full = not is_struck and _is_called(_FULL, near[:2])
        return ShownPrice(
            price, node, is_struck or is_full, is_full, is_untaxed, place.region, place.height, merit
        )  # fmt: skip


def _before_last_amount(text: str) -> str:
    """What stands before the last number of a text."""
    amounts = list(_AMOUNT.finditer(text))
    return text[: amounts[-1].start()] if amounts else ""


def _is_other_price(lead: str, text: str) -> bool:
    """Whether the words around a lone amount say that it is none of the whole price."""
    amounts = list(_AMOUNT.finditer(text))
    if not amounts:
        return False
    before, after = f"{lead} {text[: amounts[0].start()]}", text[amounts[0].end() :]
    instalment = INSTALMENT.search(text)
    is_first = instalment is not None and instalment.start() <= amounts[0].end() + 1  # 3x de R$ 49, 4 payments of $30
    if is_first or INSTALMENT.search(lead) or OTHER_PRICE.search(before):
        return True
    return len(amounts) == 1 and bool(INSTALMENT.search(after) or OTHER_PRICE.match(_SIGNS_AFTER.sub("", after)))


def _lead(node: LexborNode, *, is_own: bool = False) -> str:
    """The words right before a price, in its own line or in an element beside it: `UVP: `.

    Unless it `is_own`, which takes a colon, an element may be about something else.
    """
    before = node.prev
    for _ in range(2):
        if before is None:
            return ""
        text = " ".join(before.text()[-2 * _LONGEST_LEAD :].split())
        if text:
            is_beside = before.tag != "-text" and (_DIGIT.search(text) or (is_own and text[-1] not in ":："))
            return "" if is_beside else text[-_LONGEST_LEAD:]
        before = before.prev
    return ""


def _may_be_price(raw: str) -> bool:
    """Whether a text has a number, alone or with a sign of money, and is short but for indentation."""
    if not _DIGIT.search(raw):
        return False
    words = raw.split()
    if len(raw) > _LONGEST_TEXT and sum(map(len, words)) > _LONGEST_TEXT:
        return False
    text = " ".join(words)
    return bool(_BARE_AMOUNT.fullmatch(text) or _MONEY.search(text))


def _is_part_of_price(node: LexborNode, text: str) -> bool:
    """Whether the text is only the decimals, or a number whose currency stands around it, or none of money."""
    if text[0] in ".,":
        return True
    if _MONEY.search(text):
        return False
    whole = shown_text(node.parent) if node.parent else ""
    return not _BARE_AMOUNT.fullmatch(text) or (len(whole) <= _LONGEST_PRICE and bool(_MONEY.search(whole)))


def _is_struck(node: LexborNode, near: Iterable[str], text: str) -> bool:
    above = _upwards(node, 3)
    is_said = LIST_PRICE.search(text) and len(_AMOUNT.findall(text)) == 1
    if is_said or any(element.tag in _STRUCK_TAGS or _is_styled_struck(element) for element in above):
        return True
    return _is_called(_STRUCK, near)


def _is_called(names: re.Pattern[str], near: Iterable[str]) -> bool:
    """Whether one of the elements is called so, and none before it current."""
    for words in near:
        if _CURRENT.search(words):
            return False
        if names.search(words):
            return True
    return False


def _is_styled_struck(element: LexborNode) -> bool:
    return element.is_element_node and "line-through" in element.attrs.sget("style")


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
    if len(piece) == 2 and piece.isdigit():
        if (raised and text[-1:].isdigit()) or _WHOLE.fullmatch(text):
            return f"{text}.{piece}"
        if _WHOLE_WITH_SIGN.fullmatch(text):
            return f"{text}{piece}"
    glued = text[-1:] in ".," or piece[0] in ".," or (text[-1:].isdigit() and not piece[0].isdigit())
    return f"{text}{piece}" if glued else f"{text} {piece}"


_WHOLE = re.compile(r"\D{0,4}\d{1,3}(?:[., ]?\d{3}){0,3}")
"""All of a price but its decimals, where these stand in an element of their own."""
_WHOLE_WITH_SIGN = re.compile(r"\d{1,4} ?[€$£]")
_RAISED = re.compile(r"cent|decimal|fraction|\bsup\b", re.I)


def _is_raised(node: LexborNode | None) -> bool:
    return node is not None and bool(node.tag == "sup" or _RAISED.search(node.attributes.get("class") or ""))
