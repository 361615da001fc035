"""What the rows of one host say about each other: which mark groups thousands, which currency a bare sign means.

A page alone cannot tell whether `24.990` is 24990 or 24.99, nor whose dollar `$` is. Read every row of a host into its
`HostEvidence`, then let it decide each: only counts are kept, and what the rows' order was makes no difference.
Deciding what has been decided changes nothing.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto

from scraper.models import Product
from scraper.parse.currencies import is_thousands_mark
from scraper.parse.price import possible_currencies

EVIDENCE = frozenset({"price", "price_text", "currency", "sources", "warnings"})
"""All that is asked of a row, besides its URL, when it is counted."""

_FEWEST = 5
_CLEAR_PERCENT = 80
"""The least share of those who say anything."""
_THOUSAND = 1000
_WIDEST_SALE = 20
"""How many times the price a regular price may be, if both were read by the same mark."""

_SHOWN = frozenset({"html", "rule"})
"""Sources of what people read; the others are written for machines, in a notation of their own."""
_BY_CONSENSUS = "host"
_READ_AS = "price: read as "

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPING_SPACE = re.compile(r"(?<=\d)[\s'’](?=\d{3})")
_WHOLE = re.compile(r"\d{1,3}")
_UNGROUPED = re.compile(r"\d{5,}")
_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_SURE_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:(?:\1\d{3})+|(?:\1\d{3})*(?!\1)[.,]\d+)")
_THREE_DECIMALS = re.compile(r"(?:0|\d{4,}|\d{1,3}(?:([.,])\d{3})+(?!\1))([.,])\d{3}")
_DECIMALS = re.compile(r"(?:\d+|\d{1,3}(?:([.,])\d{3})+(?!\1))([.,])\d+")


class _Says(Enum):
    """What one price text says about one mark."""

    WHOLE = auto()
    """A number below 1000 without any mark."""
    UNGROUPED = auto()
    """A number from 10000 on without any mark; below, some countries set none."""
    THOUSANDS = auto()
    """The mark is repeated, or another one follows."""
    ODD_GROUP = auto()
    """Three digits follow, which only thousands have: `24.995`, no price in thousandths ends so."""
    GROUP = auto()
    """Three digits follow that could be either: `24.990`."""
    READ_AS_THOUSANDS = auto()
    """Such three digits, and the page alone made it thousands."""
    DECIMALS = auto()
    """The mark begins decimals, however many."""
    THREE_DECIMALS = auto()
    """The mark begins decimals, and just three of them."""


_UNMARKED = frozenset({_Says.WHOLE, _Says.UNGROUPED})


@dataclass(frozen=True, slots=True)
class _Notation:
    """The only number of a price text, in one of the two readings that its mark allows."""

    number: str
    mark: str
    is_thousands: bool

    def reading(self, *, thousands: bool) -> Decimal:
        return Decimal(self.number.replace(self.mark, "" if thousands else "."))


class HostEvidence:
    """Counts of what the rows of one host say. Not safe for many threads at once."""

    def __init__(self) -> None:
        self._currencies: Counter[str] = Counter()
        self._marks: Counter[tuple[bool, str, _Says]] = Counter()

    def add(self, product: Product) -> None:
        """Count what a row says."""
        if _is_stated(product) and product.currency:
            self._currencies[product.currency] += 1
        for mark, says in _testimony(product):
            self._marks[_is_shown(product), mark, says] += 1

    def decide(self, product: Product) -> Product:
        """The row as the host's other rows would read it; the same object where they do not clearly say otherwise."""
        return self._with_price(self._with_currency(product))

    @property
    def _currency(self) -> str | None:
        """What the rows that say theirs clearly agree on."""
        most = self._currencies.most_common(1)
        return most[0][0] if most and _is_clear(most[0][1], self._currencies.total()) else None

    def _with_currency(self, product: Product) -> Product:
        agreed = self._currency
        if agreed is None or product.currency == agreed or product.price is None or _is_stated(product):
            return product
        meant = possible_currencies(product.price_text or "")
        if (meant or product.currency) and agreed not in meant:
            return product
        alone = f"is {product.currency}" if product.currency else "names none"
        return replace(
            product,
            currency=agreed,
            sources={**product.sources, "currency": _BY_CONSENSUS},
            warnings=(
                *product.warnings,
                f"currency: {agreed}, as {self._currencies[agreed]} pages of the host say; alone this one {alone}",
            ),
        )

    def _with_price(self, product: Product) -> Product:
        notation = _ambiguous(product)
        if notation is None or product.sources.get("price") == "rule":
            return product
        thousands, count = self._verdict(product, notation)
        if thousands is None or thousands == notation.is_thousands:
            return product
        price, alone = notation.reading(thousands=thousands), notation.reading(thousands=not thousands)
        warning = f"{_READ_AS}{price}, as {count} pages of the host say; alone it would be {alone}"
        return replace(
            product,
            price=price,
            regular_price=_regular_price(product, price),
            warnings=(*product.warnings, warning),
        )

    def _verdict(self, product: Product, notation: _Notation) -> tuple[bool | None, int]:
        """Whether the mark groups thousands, and how many rows say so; None if they do not."""
        by_habit = is_thousands_mark(notation.mark, product.currency)
        if by_habit is not None:
            agrees = product.currency is not None and product.currency == self._currency
            return (by_habit if agrees else None), self._currencies[product.currency or ""]
        if self._currency and product.currency != self._currency:
            return None, 0
        is_shown = _is_shown(product)
        verdict = self._notation(notation.mark, is_shown=is_shown)
        if verdict[0] is None and not is_shown and not self._is_decimal_mark(notation.mark):
            verdict = self._notation(notation.mark, is_shown=True)
        return verdict

    def _is_decimal_mark(self, mark: str) -> bool:
        """Whether machines were told any decimals after the mark, or thousands without it."""
        machine = self._marks
        return bool(
            machine[False, mark, _Says.DECIMALS]
            or machine[False, mark, _Says.THREE_DECIMALS]
            or machine[False, "", _Says.UNGROUPED]
        )

    def _notation(self, mark: str, *, is_shown: bool) -> tuple[bool | None, int]:
        """What people, or machines, are told by a mark before three digits."""
        said = {says: self._marks[is_shown, "" if says in _UNMARKED else mark, says] for says in _Says}
        sure = said[_Says.THOUSANDS] + said[_Says.ODD_GROUP]
        decimals = said[_Says.THREE_DECIMALS]
        if _is_clear(decimals, decimals + sure):
            return False, decimals
        decimals += said[_Says.DECIMALS] + said[_Says.UNGROUPED]
        thousands = sure + said[_Says.READ_AS_THOUSANDS]
        if _is_clear(thousands, thousands + decimals):
            return True, thousands
        # Whoever writes three decimals writes them always: 899 beside 24.990 is thousands.
        if said[_Says.WHOLE] >= _FEWEST and not decimals and sure + said[_Says.GROUP] >= _FEWEST:
            return True, said[_Says.WHOLE]
        return None, 0


def gather(products: Iterable[Product]) -> Mapping[str, HostEvidence]:
    """What the rows of a run say, by host."""
    evidence: defaultdict[str, HostEvidence] = defaultdict(HostEvidence)
    for product in products:
        evidence[host_of(product)].add(product)
    return evidence


def correct(products: Iterable[Product], evidence: Mapping[str, HostEvidence]) -> Iterator[Product]:
    """The rows, each as the others of its host would read it; `evidence` was gathered from the same rows."""
    return (evidence[host_of(product)].decide(product) for product in products)


def host_of(product: Product) -> str:
    """The host that a row came from, after redirects; empty if its URL has none."""
    return product.final_url.partition("://")[2].partition("/")[0]  # which `parse_url` wrote


def _is_clear(part: int, whole: int) -> bool:
    return part >= _FEWEST and 100 * part >= _CLEAR_PERCENT * whole


def _is_shown(product: Product) -> bool:
    return product.sources.get("price", "html") in _SHOWN


def _is_stated(product: Product) -> bool:
    """Whether the row's currency is more than a guess at a sign of several currencies."""
    source = product.sources.get("currency")
    if source is not None and source not in ("html", _BY_CONSENSUS):
        return True
    return product.currency is not None and possible_currencies(product.price_text or "") == {product.currency}


def _testimony(product: Product) -> Iterable[tuple[str, _Says]]:
    """What a row says about which mark."""
    number = _only_number(product.price_text)
    if number is None or product.price is None:
        return
    if _WHOLE.fullmatch(number):
        yield "", _Says.WHOLE
    elif _UNGROUPED.fullmatch(number):
        yield "", _Says.UNGROUPED
    elif notation := _ambiguous(product):
        yield from _testimony_of_group(product, notation)
    elif found := _SURE_THOUSANDS.fullmatch(number):
        yield found[1], _Says.THOUSANDS
        if last := _THREE_DECIMALS.fullmatch(number) or _DECIMALS.fullmatch(number):
            yield last[2], _Says.THREE_DECIMALS if last.re is _THREE_DECIMALS else _Says.DECIMALS
    elif found := _THREE_DECIMALS.fullmatch(number):
        yield found[2], _Says.THREE_DECIMALS
    elif found := _DECIMALS.fullmatch(number):
        yield found[2], _Says.DECIMALS


def _testimony_of_group(product: Product, notation: _Notation) -> Iterable[tuple[str, _Says]]:
    if _is_stated(product) and is_thousands_mark(notation.mark, product.currency) is False:
        return
    if not notation.number.endswith("0"):
        yield notation.mark, _Says.ODD_GROUP
        return
    yield notation.mark, _Says.GROUP
    was_corrected = any(warning.startswith(_READ_AS) for warning in product.warnings)
    if notation.is_thousands and not was_corrected:
        yield notation.mark, _Says.READ_AS_THOUSANDS


def _only_number(text: str | None) -> str | None:
    """In ASCII, its thousands not set apart by spaces; None if the text has none or several."""
    digits = text or ""
    if not digits.isascii():
        digits = "".join(str(unicodedata.decimal(character, character)) for character in digits)
    numbers: list[str] = _NUMBER.findall(_GROUPING_SPACE.sub("", digits))
    return numbers[0] if len(numbers) == 1 else None


def _ambiguous(product: Product) -> _Notation | None:
    """How the row's price was read, if its text allows two readings and the price is one of them."""
    group = _GROUP.fullmatch(_only_number(product.price_text) or "")
    if group is None or product.price is None or not product.price.is_finite():
        return None
    for is_thousands in (True, False):
        notation = _Notation(group[0], group[1], is_thousands)
        if notation.reading(thousands=is_thousands) == product.price:
            return notation
    return None


def _regular_price(product: Product, price: Decimal) -> Decimal | None:
    """The regular price, misread like the price if it is near the misread one; only where it is above the price."""
    regular, alone = product.regular_price, product.price
    if regular is None or alone is None or not regular.is_finite():
        return None
    if regular <= _WIDEST_SALE * alone:
        regular = regular * _THOUSAND if price > alone else regular / _THOUSAND
    return regular if regular > price else None
