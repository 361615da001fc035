"""The prices among the elements of a page, each with what its element and those around it tell of it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.parse.currencies import CURRENCIES
from scraper.parse.described import asked_once
from scraper.parse.phrases import INSTALMENT, LIST_PRICE, OTHER_PRICE, VOUCHER
from scraper.parse.places import Place, Places, words_of
from scraper.parse.price import Price, parse_price

_OTHER_MONEY = (
    "Ft", "kr", "Rs", "SFr", "Fr", "RM", "Rp", "DT", "TL", "lei", "din", "дин", "руб", "грн", "тг", "сум", "лв",
    "KSh", "KShs", "TSh", "USh", "Tk", "Kz", "Dh", "Dhs", "FCFA", "CFA", "CFP", "сом", "ден", "lekë", "Lps",
)  # fmt: skip
_CAPITALS_OF_MONEY = "LE|SR|JD|KD|BD|DA|DH|KM|Bs|Gs"
"""Signs of money only in this case, and right beside a number."""
_WORDS_OF_MONEY = frozenset(word.casefold() for word in (*CURRENCIES, *_OTHER_MONEY))
_SIGN_OF_MONEY = re.compile("[$¢£¤¥֏؋৲৳৻૱௹฿៛₠-⃀﷼元円원]")
_PART_OF_MONEY = re.compile(  # what may not stand before a sign comes after its first letter: it is asked less often
    r"[zZ][łŁ]|[kK][čČ]|ر\.?س|د\.?إ|د\.?ك|د\.?ج|ج\.?م|ريال|درهم|دينار|جنيه|تومان|[sS]/\s?\d|[rR](?<![^\W\d_].)\s?\d"
    r"|[sS](?<![^\W\d_].)[oO]'[mM](?![^\W\d_])"
    rf"|(?:{_CAPITALS_OF_MONEY})(?<![^\W\d_]..)\.?\s?\d|\d\s?(?:{_CAPITALS_OF_MONEY})(?![^\W_])"
    r"|[QLK](?<![^\W_].)\s?\d{1,3}(?:,\d{3}){0,3}\.\d\d(?![\d.])|\d[,:][-–—](?!\w)|\b\d{1,2}[pP]\b"
)
_LETTERS = re.compile(r"[^\W\d_]+")
BARE_AMOUNT = re.compile(r"\W{0,10}\d[\d.,' ]{0,40}\W{0,10}")
DIGIT = re.compile(r"\d")
_AMOUNT = re.compile(r"\d(?:[\d.,' \u00a0]{0,15}\d)?")
PRICED_TAGS = "span, p, td, dd, b, strong, em, li, div, label, ins, font, bdi, h2, h3, h4, del, s, strike"
"""What prices stand in."""
STRUCK_TAGS = frozenset({"del", "s", "strike"})
_STRUCK = asked_once(
    r"(?<![a-z])(?<!with-)(?<!has-)(?:old|vecchi)|price-?old|\bwas\b|(?<![a-z])was[-_]?price|suggested|(?<!with-)(?<!has-)list[-_]?price|rrp|uvp|msrp|compare|stri[kc]|cross(?!sell)|before|original"
    r"|retail[-_]?price|statt|ancien|barr[eé]|tachado|anterior|previous|line-?through|stary|puvodni|pseudo"
    r"|high[-_]?price|price-*list\b|(?<![a-z])(?:eski(?!m)|gamm[ae]l|stara(?!b))|antig[ou]|viej[oa]|alt-?preis|(?<![a-z])coret(?!e)|doorgestr|skrtnut|durchgestr|przekre|tachad|riscad|zacherk|prc-?org|valor-de\b|usual\b|double[-_]price|pierwotn|eredeti|f[oø]rpris|ord[-_]?pris|adviespri"
)
_FULL = asked_once(
    r"regular|\b(?:price[-_]standard|standard[-_]price)\b|(?:full|normal|pieno|intero|listino)[-_]*pr"
    r"|(?:price|prezzo|precio|prix)[-_]*(?:full|normal|pieno|intero)"
)
"""What a price is called that is struck where a lower one stands beside it, and the price to pay where none does."""
_CURRENT = asked_once(
    r"current|sale(?!s)|final|now\b|special|actual|offer|promo|our[-_]?price|to-?pay|selling|discounted|new[-_]?price"
)
_OTHER_AMOUNT = asked_once(
    r"unit[-_]?price|price[-_]?unit|as-?low-?as|per[-_]?measure|per[-_]?(?:kg|100|lit)|base[-_]price|grundpreis|referenc"
    r"|install?ment|rat[ae]s?[-_]|month|financ|credit|shipping|deliver|versand|livraison|sav(?:e|ing)"
    r"|discount[-_]?(?:amount|percent|badge|label|value)|points|loyalty|subscri|filter|range[-_]?slider|alert"
    r"|warrant|insur|import|cashback|deposit|coupon|member|club[-_]?(?:card|price)|wholesale|tier|bulk|staffel|omnibus"
    r"|(?:quantity|volume)[-_]?(?:price|discount|break)|price[-_]break|price[-_]?history|lowest[-_]?price[-_]?(?:30|last|in)"
)
_UNTAXED = asked_once(r"without[-_]?(?:vat|tax)|excl|netto|\bnet[-_]|no[-_]?vat|bez-?dph")
_PER_UNIT = re.compile(
    r"(?:/|\b(?:per|pro|je|al|par|za)\b|=)\s*(?:\d+\s*)?"
    r"(?:kg|g|l|ml|cl|liter|litre|litro|m²|m2|lb|oz|mo|month|monat|mois|mes|mese|mies)\b"
    r"|/\s*[1-9]\d{1,2}\s*(?:st|stk|stück|stuks|szt|ks|tabl\w*|caps\w*|kaps\w*|pcs)\b",
    re.I,
)
_WITHOUT_TAX = re.compile(  # of texts in lower case, where it is found several times as fast
    r"(?<![^\W\d_])(?:excl?\.?|ex\.?|excluding|without|before)\s+(?:vat|tax|gst|btw|iva|tva|moms|mwst)"
    r"|\b(?:zzgl\.?|ohne) (?:mwst|ust)|\bhors taxes?|\bh\.?t\.?(?=\s|$)|\b(?:sin|sem|fără) (?:iva|tva)|\biva esclusa"
    r"|\+ ?iva\b|bez (?:dph|vat|pdv|ddv)|\bnetto\b|без (?:ндс|пдв|ддс)|nettó|(?:eks|exkl|ekskl)\.? (?:mva|moms)"
    r"|税抜|税別|kdv hariç|ilman alv|alv 0|χωρίς φπα"
)
_SIGNS_AFTER = re.compile(r"\A\s?(?:[^\w\s]|zł|kr|Kč|Ft)?[\s.)]{0,3}")
_PER_CENT = re.compile(r"\d[\d.,]{0,5} ?%")
_LONGEST_LEAD = 40
_MOST_PIECES = 40
LONGEST_TEXT = 80
_MOST_RAW_TEXT = 2_000
LONGEST_PRICE = 30
_MOST_LETTERS = 10


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


def shows_money(text: str) -> bool:
    """Whether a text has a sign or a name of money."""
    if _SIGN_OF_MONEY.search(text) or _PART_OF_MONEY.search(text):
        return True
    return not _WORDS_OF_MONEY.isdisjoint(map(str.casefold, _LETTERS.findall(text)))


def says_untaxed(text: str) -> bool:
    """Whether a text speaks of a price without tax."""
    return _WITHOUT_TAX.search(text.replace("İ", "i").lower()) is not None


def likely_prices(elements: Iterable[LexborNode]) -> list[tuple[int, LexborNode]]:
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


class PriceReader:
    """Reads price elements."""

    def __init__(self, places: Places, country: str | None) -> None:
        self._places = places
        self._country = country

    def read(self, likely: Sequence[tuple[int, LexborNode]]) -> list[ShownPrice]:
        """The prices among likely ones, in the order of the page, the innermost where they are nested."""
        outer: dict[int, bool] = {}
        found = []
        for order, node in self._with_parts(likely):
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

    def _with_parts(self, likely: Sequence[tuple[int, LexborNode]]) -> Iterator[tuple[int, LexborNode]]:
        """The same, and before those that hold several prices the elements of these."""
        known = {node.mem_id for _, node in likely}
        for order, node in likely:
            text = node.text(separator=" ")
            if len(text) <= LONGEST_TEXT and len(_AMOUNT.findall(text)) > 1:
                place = self._places.of(node)
                if place is not None and not place.aside:
                    yield from ((order, part) for part in _priced_parts(node) if part.mem_id not in known)
            yield order, node

    def _price(self, node: LexborNode, text: str) -> Price | None:
        if len(text) > LONGEST_TEXT or not DIGIT.search(text) or _is_part_of_price(node, text):
            return None
        if unit := _PER_UNIT.search(text):
            text = _before_last_amount(text[: unit.start()])
        if "%" in text or not DIGIT.search(text):
            return None
        return parse_price(text, country=self._country)

    def _rated(self, node: LexborNode, price: Price, place: Place, order: int) -> ShownPrice | None:
        """None for an amount that is something else than the price of the whole."""
        near = [words_of(element) for element in upwards(node, min(4, place.steps))]
        said = f"{_lead(node)} {price.text}"
        if any(_OTHER_AMOUNT(words) for words in near) or _is_other_price(_lead(node, is_own=True), price.text):
            return None
        is_untaxed = any(_UNTAXED(words) for words in near) or says_untaxed(said)
        current = any(_CURRENT(words) for words in near[:3])
        merit = (
            4  # so that a price without any merit counts up to a few levels above the nearest
            + (3 if price.currency or shows_money(price.text) else 0)
            + (2 if current else 0)
            + (1 if node.attributes.get("itemprop") == "price" else 0)
            - (2 if _is_wordy(price.text) else 0)
            - 0.2 * place.steps
            - 0.05 * min(order, 60)
        )
        is_struck = _is_struck(node, near[:2], said)
        is_full = not is_struck and _is_called(_FULL, near[:2])
        return ShownPrice(
            price, node, is_struck or is_full, is_full, is_untaxed, place.region, place.height, merit
        )  # fmt: skip


def _priced_parts(node: LexborNode) -> list[LexborNode]:
    """The elements inside one that state a price each, with its sign, if they are several."""
    parts = node.css(PRICED_TAGS)[:_MOST_PIECES]
    texts = ((part, part.text(deep=False)) for part in parts if part.mem_id != node.mem_id)
    priced = [part for part, text in texts if DIGIT.search(text) and shows_money(text)]
    return priced[::-1] if len(priced) > 1 else []


def _is_wordy(text: str) -> bool:
    """Whether more is said than a label before an amount, and its tax and unit after it."""
    amount = DIGIT.search(text)
    before = sum(map(str.isalpha, text[: amount.start()])) if amount else 0
    return before > _MOST_LETTERS or sum(map(str.isalpha, text)) > 2 * _MOST_LETTERS


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
    rest = _SIGNS_AFTER.sub("", after)
    return len(amounts) == 1 and bool(INSTALMENT.search(after) or OTHER_PRICE.match(rest) or VOUCHER.match(rest))


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
            is_beside = before.tag != "-text" and (
                DIGIT.search(_PER_CENT.sub("", text)) or (is_own and text[-1] not in ":：")
            )
            return "" if is_beside else text[-_LONGEST_LEAD:]
        before = before.prev
    return ""


def _may_be_price(raw: str) -> bool:
    """Whether a text has a number, alone or with a sign of money, and is short but for indentation."""
    if not DIGIT.search(raw):
        return False
    words = raw.split()
    if len(raw) > LONGEST_TEXT and sum(map(len, words)) > LONGEST_TEXT:
        return False
    text = " ".join(words)
    return bool(BARE_AMOUNT.fullmatch(text) or shows_money(text))


def _is_part_of_price(node: LexborNode, text: str) -> bool:
    """Whether the text is only the decimals, or a number whose currency stands around it, or none of money."""
    if text[0] in ".,":
        return True
    if shows_money(text):
        return False
    whole = shown_text(node.parent) if node.parent else ""
    return not BARE_AMOUNT.fullmatch(text) or (len(whole) <= LONGEST_PRICE and shows_money(whole))


def _is_struck(node: LexborNode, near: Iterable[str], text: str) -> bool:
    above = upwards(node, 3)
    is_said = LIST_PRICE.search(text) and len(_AMOUNT.findall(text)) == 1
    if is_said or any(element.tag in STRUCK_TAGS or _is_styled_struck(element) for element in above):
        return True
    return _is_called(_STRUCK, near)


def _is_called(is_so: Callable[[str], bool], near: Iterable[str]) -> bool:
    """Whether one of the elements is called so, and none before it current."""
    for words in near:
        if _CURRENT(words):
            return False
        if is_so(words):
            return True
    return False


def _is_styled_struck(element: LexborNode) -> bool:
    return element.is_element_node and "line-through" in element.attrs.sget("style")


def upwards(node: LexborNode, count: int) -> list[LexborNode]:
    """The element and those around it, `count` in all."""
    found: list[LexborNode] = []
    above: LexborNode | None = node
    while above is not None and len(found) < count:
        found.append(above)
        above = above.parent
    return found


def _ids_above(node: LexborNode) -> set[int]:
    return {above.mem_id for above in upwards(node, 10)[1:]}


def shown_text(node: LexborNode) -> str:
    """The text of a price element; small raised decimals are set off by a dot: 19<sup>99</sup> is 19.99."""
    text = ""
    for count, part in enumerate(node.traverse(include_text=True)):
        if count > _MOST_PIECES or len(text) > LONGEST_TEXT:
            break
        piece = part.text().strip() if part.tag == "-text" else ""
        if piece:
            text = _joined(text, piece, part)
    return " ".join(text.split())


def _joined(text: str, piece: str, part: LexborNode) -> str:
    if len(piece) == 2 and piece.isdigit():
        if (text[-1:].isdigit() and _is_raised(part.parent)) or _WHOLE.fullmatch(text):
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
