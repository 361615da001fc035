"""Embedded state: the page's product among the objects in its scripts and attributes.

Shops hand their products to their own programs: as JSON for the theme, as events for analytics, as the state of a
rendered application. Every object that looks like a product is weighed by how plainly it is the one the page is about;
what cannot be told from its like is left alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import unquote

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of
from scraper.parse.embedded_json import (
    WORDS,
    Script,
    attribute_literals,
    has_mark,
    literals,
    load_json,
    quoted_texts,
    read_literal,
)
from scraper.parse.price import parse_machine_amount
from scraper.parse.schema_org import address_key
from scraper.parse.state_fields import (
    Node,
    Shape,
    address_of,
    agreed,
    handle_of,
    name_of,
    numbers_of,
    product_fields,
    shape_of,
)
from scraper.parse.values import clean_text

_MOST_CHARACTERS = 3_000_000
_MOST_NODES = 30_000
_MOST_SHAPED = 1_000
_MOST_NESTED_TEXT = 500_000
_LONGEST_PATH = 1_000
_KEY_END = r"""(?:\\{0,4}(?:["']|u0022|x22)|&quot;|&#34;)?+\s*+:"""
"""What follows a key: its closing quote, as it may be escaped, and the colon."""
_MARKS = tuple(re.compile(key + _KEY_END) for key in (r"rice[\w-]{0,30}+", "sku", "SKU", "content_ids"))
"""One of these keys is in every object that tells of a product's offer."""
_STREAM = "__next_f"
"""At the start of scripts whose strings are pieces of one text, as Next.js sends it."""
_STREAM_START = 60
_ESCAPED_MARK = re.compile(r"rice\\(?:\"|u0022|x22)")
_SHORTEST_QUOTED = 60


def _spellings(words: str) -> set[str]:
    """A key as programs write it: priceAmount, price_amount, PriceAmount, productPriceAmount."""
    parts = words.split("-")
    plain = {"".join(parts), "_".join(parts), "".join(part.capitalize() for part in parts)}
    plain |= {parts[0] + "".join(part.capitalize() for part in parts[1:]), "_".join(parts).upper()}
    capital = "".join(part.capitalize() for part in parts)
    return (
        plain | {f"product{capital}", f"Product{capital}"} | {f"{of}_{'_'.join(parts)}" for of in ("product", "item")}
    )


def _all_spellings(words: str) -> frozenset[str]:
    return frozenset(spelling for word in words.split() for spelling in _spellings(word))


_OFFERED = _all_spellings(
    "price prices price-range sale-price final-price current-price selling-price special-price price-amount price-to "
    "display-price regular-price list-price base-price price-in-cents sku ean gtin gtin13 barcode mpn variants upc "
    "content-ids availability brand vendor offers sellers info"
)
"""Keys of which a product has at least one."""
_NAME_KEYS = _all_spellings("name title display-name")
_LIKE_OF_OWN = 0.5
_LIKE = 0.85
_NEAR = 1.3
_OWNER_KEY = frozenset({"product"})
_VARIANT_WITH_OWNER = frozenset({"product", "price", "sku"})
_VARIANT_OWNER_KEYS = _NAME_KEYS | {"vendor"}
"""Keys of a product that has variants, unlike an object that holds a list of them."""
_LEAST_LIKE = 0.4
"""Likeness of name below which nothing else counts."""
_CURRENCY_KEYS = ("currency", "currencyCode", "priceCurrency", "currency_code", "product_currency")
_TELLING = _OFFERED | {"event", *_CURRENCY_KEYS}
_CODE = re.compile(r"[A-Z]{3}")
_ASIDE = re.compile(
    r"relat|recommend|similar|up-?_?sell|cross-?_?sell|recent|viewed_?prod|last_?(?:seen|viewed)|(?<!to)(?<!to_)cart(?!_form)"
    r"|basket|wishlist|search|suggest|impression|list(?:s|ing|_items?)?\b|item_?list|accessor|bundle|purchase|checkout"
    r"|promo|trending|popular|best_?sell|also|carousel|collection|alternativ|complement|compare|together|featured|banner"
    r"|menu|navigation|view_?category|add_?to_?(?!_?cart_?form)|transaction|hits\b|results"
)
_OWN = re.compile(
    r"\b(?:product|products?_?detail|product_?(?:data|info|page|view|json|details)|current_?product|pdp|detail"
    r"|product_?attributes|view_?item|view_?content|viewed product|meta|optionsprice|jsonconfig|spconfig|utag_data"
    r"|product_variations|view_?product|bcdata)\b"
)
"""Where a program keeps the one product of a page."""
_STATEMENT_END = re.compile(r"[;{}]")
_OPENERS = ("{", "[")
_CONTAINERS = frozenset({dict, list})
_NOTHING: frozenset[str] = frozenset()
_NESTED = re.compile(r"[\[{]\s*[\[{\"]")
"""JSON inside a text."""
_VARIANT_KEYS = frozenset({"variants", "variations", "skus", "productVariants"})
_TELL_NOTHING = frozenset({"name", "url", "images", "category", "product_id", "currency", "color", "size"})
_KEY = re.compile(r"None|[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f-]{20,}|[\w=+/:-]{31,}")
_SHOPIFY_CURRENCY = re.compile(r"Shopify\.currency\s?=\s?\{\"active\":\"([A-Z]{3})\"")
_SHORTEST_NUMBER = 4
_HALF = 0.5
_DECIMAL = re.compile(r"(?<![\d.,])(\d{1,3}(?:[., \u00a0]?\d{3})*+)[.,](\d\d)(?![\d.,]?\d)")
"""An amount with hundredths."""
_NO_DIGIT = re.compile(r"\D")
_WORD = re.compile(r"\w+")
_NUXT_CALL = re.compile(r"__NUXT__\s?=\s?\(function\(([\w$, \n]{0,60000})\)\s?\{")


_Spot = tuple[object, str, "_Spot | None", str | None, int]
"""A value, the key it stands under, the spot around it, the currency that is stated there, how many are beside it.

A plain tuple since there is one for each object and array of a page."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An object that may be a product, and where it stood."""

    node: Node
    inside: _Spot
    siblings: int
    currency: str | None
    """What an object around it said."""

    @property
    def path(self) -> str:
        """The keys that lead to it, after the code before its literal; the nearest last."""
        keys: list[str] = []
        spot: _Spot | None = self.inside
        while spot:
            keys.append(spot[1])
            spot = spot[2]
        return "/".join(key for key in reversed(keys) if key)


def extract_state(document: Document) -> list[Candidate]:
    """The one product of the page that its scripts and attributes tell of; none where it cannot be singled out."""
    search = _Search(_roots(document))
    search.run()
    if not search.found:
        return []
    subject = _subject(document)
    shaped = ((one, shape_of(one.node)) for one in search.found if not _is_stranger(one.node, subject))
    judged = [(_judge(one, shape, subject), one, shape) for one, shape in shaped]
    told = _told(_best(judged), subject)
    fields: dict[str, object] = {
        key: value for one in reversed(told) for key, value in one.items() if not _is_money(key)
    }
    fields |= _settled_price(told, document)
    if not _is_public(str(fields.get("product_id")), subject, document):
        fields.pop("product_id", None)
    if _is_code(str(fields.get("brand", "")), subject, document):
        del fields["brand"]
    if fields.keys() <= _TELL_NOTHING:
        return []
    if (
        _has_price(fields)
        and "currency" not in fields
        and (currency := _only_currency(search.currencies, document.scripts))
    ):
        fields["currency"] = currency
    return [Candidate("state", fields)]


def _only_currency(named: Set[str], scripts: Iterable[Script]) -> str | None:
    """The currency of the shop's whole state."""
    if shown := next(filter(None, (_SHOPIFY_CURRENCY.search(script.text) for script in scripts)), None):
        return shown[1]
    return next(iter(named)) if len(named) == 1 else None


def _roots(document: Document) -> Iterator[tuple[str, object]]:
    """The values in the page's scripts and attributes that may tell of a product, each with what stands before it."""
    streamed: list[str] = []
    left = _MOST_CHARACTERS
    for script in document.scripts:
        text = script.text[:left]
        left -= len(text)
        if text.find(_STREAM, 0, _STREAM_START) >= 0:
            streamed.append(quoted_texts(text, shortest=2))
        elif "ld+json" not in script.kind and has_mark(text, _MARKS):
            yield from _script_roots(script, text)
    yield from literals("".join(streamed), _MARKS)
    for name, value in attribute_literals(document.text, _MARKS):
        yield name, {"variants": value} if name == "data-product_variations" else value


def _script_roots(script: Script, body: str) -> Iterator[tuple[str, object]]:
    if "json" in script.kind or "magento-init" in script.kind:
        value = load_json(body)
        told = " ".join(f"{key}={label}" for key, label in script.attributes.items() if key != "type")
        yield told, _hydrated(value) if "__NUXT_DATA__" in told else value
        return
    if _ESCAPED_MARK.search(body):
        yield from literals(quoted_texts(body, shortest=_SHORTEST_QUOTED), _MARKS)
    found = literals(body, _MARKS, _nuxt_names(body))
    yield from ((_STATEMENT_END.split(before)[-1], value) for before, value in found)


def _nuxt_names(body: str) -> Mapping[str, object]:
    """The arguments of the function whose result is Nuxt's state, by the names of its parameters."""
    call = _NUXT_CALL.search(body)
    close = body.rfind("}(") if call else -1
    if call is None or close < 0:
        return WORDS
    arguments, _ = read_literal(f"[{body[close + 2 : body.rfind(')')].rstrip(') ')}]", 0)
    names = (name.strip() for name in call[1].split(","))
    return {**WORDS, **dict(zip(names, arguments if isinstance(arguments, list) else [], strict=False))}


def _hydrated(flat: object) -> object:
    """Nuxt's flat list, where numbers inside objects are places of values, as the tree that it stands for."""
    if not isinstance(flat, list):
        return flat
    made: list[object] = [{} if isinstance(one, dict) else [] if isinstance(one, list) else one for one in flat]

    def at(place: object) -> object:
        return made[place] if isinstance(place, int) and 0 <= place < len(made) else None

    for one, whole in zip(flat, made, strict=True):
        if isinstance(one, dict) and isinstance(whole, dict):
            whole.update((key, at(place)) for key, place in one.items())
        elif isinstance(one, list) and isinstance(whole, list):
            whole.extend(at(place) for place in one if isinstance(place, int))
    return made[0] if made else None


class _Search:
    """A walk through values, those nearest to the top first."""

    def __init__(self, roots: Iterable[tuple[str, object]]) -> None:
        self.found: list[_Found] = []
        """The objects that look like a product."""
        self.currencies: set[str] = set()
        """All that were named on the way."""
        self._spots: list[_Spot] = [(value, lead, None, None, 1) for lead, value in roots]

    def run(self) -> None:
        seen: set[int] = set()
        for spot in self._spots:  # to which more are added meanwhile
            value, _, _, currency, siblings = spot
            if id(value) in seen:
                continue
            if len(seen) == _MOST_NODES or len(self.found) == _MOST_SHAPED:
                return
            seen.add(id(value))
            if isinstance(value, list):
                many = max(siblings, len(value))
                self._spots += [(item, "", spot, currency, many) for item in value if type(item) in _CONTAINERS]
            elif isinstance(value, dict):
                self._visit(value, spot)

    def _visit(self, node: Node, spot: _Spot) -> None:
        inside, kept = (spot, _NOTHING) if _TELLING.isdisjoint(node) else self._note(node, spot)
        currency = inside[3]
        siblings = len(node) if type(next(iter(node.values()), None)) is dict and _is_collection(node) else 1
        for key, part in node.items():
            if type(part) is str:
                if part[:1] in _OPENERS and _NESTED.match(part) and len(part) < _MOST_NESTED_TEXT:
                    self._spots.append((load_json(part), key, inside, currency, 1))
            elif type(part) in _CONTAINERS and part and key not in kept:
                self._spots.append((part, key, inside, currency, siblings))

    def _note(self, node: Node, spot: _Spot) -> tuple[_Spot, frozenset[str]]:
        """The spot inside an object: its event, and the currency that it states, hold for what is in it.

        With the keys of a product under which stands nothing but more of itself.
        """
        event = node.get("event")
        stated = next((code for key in _CURRENCY_KEYS if isinstance(code := node.get(key), str)), "").upper()
        currency = stated if _CODE.fullmatch(stated) else spot[3]
        if currency:
            self.currencies.add(currency)
        inside = (node, event[:60] if isinstance(event, str) else "", spot, currency, spot[4])
        if _OFFERED.isdisjoint(node):
            return inside, _NOTHING
        self.found.append(_Found(node, inside, spot[4], spot[3]))
        return inside, _kept_inside(node)


def _kept_inside(node: Node) -> frozenset[str]:
    """Keys of a product under which stands nothing but more of itself."""
    if node.keys() >= _VARIANT_WITH_OWNER:
        return _OWNER_KEY
    return frozenset() if _VARIANT_OWNER_KEYS.isdisjoint(node) else _VARIANT_KEYS


def _is_collection(node: Node) -> bool:
    """Whether an object holds products by their numbers."""
    if not _OFFERED.isdisjoint(node):
        return False
    return all(isinstance(part, dict) and not _OFFERED.isdisjoint(part) for part in node.values())


@dataclass(frozen=True, slots=True)
class _PageSubject:
    """What the page calls its main thing."""

    heading: frozenset[str]
    titles: tuple[frozenset[str], ...]
    urls: tuple[str, ...]
    address: str
    """All addresses of the page, with one sign between words."""


def _subject(document: Document) -> _PageSubject:
    heading = _words(text_of(document.heading))
    titles = tuple(filter(None, (heading, *map(_words, (document.title, document.meta("og:title") or "")))))
    return _PageSubject(heading, titles, document.urls, _coded(" ".join(document.urls)))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _coded(text: str) -> str:
    return f"-{re.sub(r'[^0-9a-z]+', '-', unquote(text).lower()).strip('-')}-"


def _best(judged: Sequence[tuple[float, _Found, Shape]]) -> list[tuple[_Found, Shape]]:
    """Those that are about as plainly the page's product as the plainest, that first; one of a list only by itself."""
    accepted = sorted((entry for entry in judged if entry[0] > 0), key=lambda entry: -entry[0])
    if not accepted:
        return []
    top, first, _ = accepted[0]
    return [
        (one, shape)
        for score, one, shape in accepted
        if (score > top - _NEAR or name_of(shape) is None) and (one.siblings == 1 or one.path == first.path)
    ]


def _is_stranger(node: Node, subject: _PageSubject) -> bool:
    """Whether a look at the name is enough to know that the object is another product."""
    named = [name for key in _NAME_KEYS & node.keys() if isinstance(name := node[key], str)]
    is_plain = len(named) == 1 and "&" not in named[0] and not isinstance(node.get("product"), dict)
    return is_plain and _likeness(_words(named[0]), subject) < _LEAST_LIKE


def _judge(found: _Found, shape: Shape, subject: _PageSubject) -> float:
    """How plainly an object is the product of the page; 0 if it might be another."""
    name = clean_text(name_of(shape), limit=500)
    likeness = _likeness(_words(name), subject) if name else 0.0
    if likeness < _LEAST_LIKE and (name or found.siblings > 1):
        return 0.0
    is_own, is_aside = _standing(found.path[-_LONGEST_PATH:])
    if name is None:
        return 0.1 if is_own and not is_aside else 0.0
    at_home = _is_at_home(shape, subject)
    named = at_home or any(_is_in_address(number, subject) for number in numbers_of(shape))
    if likeness < _needed(found, shape, is_own=is_own, is_aside=is_aside, named=named):
        return 0.0
    is_one_of_many = is_aside or found.siblings > 1
    return likeness + at_home + 0.5 * named + 0.5 * is_own - is_one_of_many + 0.01 * min(len(shape), 20)


@lru_cache(maxsize=256)
def _standing(path: str) -> tuple[bool, bool]:
    """Whether programs keep the page's own product at such a place, and whether they keep other things there."""
    path = path.lower()
    return bool(_OWN.search(path)), bool(_ASIDE.search(path))


def _needed(found: _Found, shape: Shape, *, is_own: bool, is_aside: bool, named: bool) -> float:
    """How like the heading the name must be, by where the object stands and whether the page's address names it."""
    if named:
        return _LEAST_LIKE
    has_address_elsewhere = bool(handle_of(shape) or address_of(shape))
    if is_aside or found.siblings > 1:
        return 2.0 if is_aside or has_address_elsewhere else 1.0
    return _LIKE_OF_OWN if is_own else _LIKE


def _likeness(name: frozenset[str], subject: _PageSubject) -> float:
    """1 for the heading, or else the title, itself; 0.8 and more for a part of a title that is half of the heading."""
    if not name or not subject.titles:
        return 0.0
    told = max(len(name & title) for title in subject.titles) / len(name)
    wanted = subject.heading or min(subject.titles, key=len)
    covered = len(name & wanted) / len(wanted)
    return told * (0.6 + 0.4 * covered if covered >= _HALF else 1.6 * covered)


def _is_at_home(shape: Shape, subject: _PageSubject) -> bool:
    """Whether the page's address is the product's."""
    handle = handle_of(shape)
    path, query = address_key(address_of(shape) or "")
    for url in subject.urls:
        page_path, page_query = address_key(url)
        if handle and len(handle) > 2 and handle.lower() == page_path.rpartition("/")[2].removesuffix(".html"):
            return True
        if path not in ("", "/") and path == page_path and set(query.split("&")) <= {*page_query.split("&"), ""}:
            return True
    return False


def _is_in_address(number: str, subject: _PageSubject) -> bool:
    return len(number) >= _SHORTEST_NUMBER and any(map(str.isdigit, number)) and _coded(number) in subject.address


def _is_public(number: str, subject: _PageSubject, document: Document) -> bool:
    """Whether a number is more than a key of the shop's database: of letters too, in the page's address, or shown."""
    if re.search(r"[A-Za-z]", number) and not _KEY.fullmatch(number):
        return True
    return _is_in_address(number, subject) or any(
        number in line and number in line.split() for line in document.numeric_lines
    )


def _is_code(brand: str, subject: _PageSubject, document: Document) -> bool:
    """Whether a brand in lower case is a shop's key for it: neither title nor a line by itself has it."""
    if not brand.islower() or any(_words(brand) <= title for title in subject.titles):
        return False
    return all(line.casefold() != brand for line in document.lines)


def _told(accepted: Sequence[tuple[_Found, Shape]], subject: _PageSubject) -> list[dict[str, object]]:
    """The fields of each place where the product stands.

    Of several objects of one place, that which the page's address names, else what they agree on.
    """
    places: dict[str, list[tuple[_Found, Shape]]] = {}
    for found, shape in accepted:
        places.setdefault(found.path, []).append((found, shape))
    told = []
    for alike in places.values():
        named = [one for one in alike if any(_is_in_address(number, subject) for number in numbers_of(one[1]))]
        told.append(agreed([_fields(found, shape, subject) for found, shape in named or alike]))
    return told


def _fields(found: _Found, shape: Shape, subject: _PageSubject) -> dict[str, object]:
    fields = product_fields(shape, subject.urls)
    if found.currency and _has_price(fields):
        fields.setdefault("currency", found.currency)
    return fields


def _has_price(fields: Mapping[str, object]) -> bool:
    return "price" in fields or "price_text" in fields


def _is_money(key: str) -> bool:
    return key == "currency" or key.startswith(("price", "regular_price"))


def _settled_price(told: Sequence[Mapping[str, object]], document: Document) -> dict[str, object]:
    """Price, former price and currency of one object: of the first, but where objects differ, whose price is shown."""
    priced = [{key: value for key, value in one.items() if _is_money(key)} for one in told if _has_price(one)]
    if not priced:
        return {}
    amounts = [_amount(one) for one in priced]
    best = priced[0]
    if len(set(amounts)) > 1:
        shown = (one for one, amount in zip(priced, amounts, strict=True) if amount and document.shows(amount))
        best = next(shown, best)
    best = _in_major_units(best, document)
    settled = _amount(best)
    alike = [one for one, amount in zip(priced, amounts, strict=True) if amount == settled]
    beside = {key: one[key] for one in reversed(alike) for key in one.keys() & {"regular_price", "currency"}}
    others = next(({"currency": one["currency"]} for one in priced if "currency" in one), {})
    return others | beside | best


def _amount(fields: Mapping[str, object]) -> Decimal | None:
    return parse_machine_amount(fields.get("price") or fields.get("price_text"))


def _in_major_units(fields: dict[str, object], document: Document) -> dict[str, object]:
    """The money as the page shows it, where a whole number can only be hundredths: 2495 beside a visible 24.95."""
    price = fields.get("price")
    if not isinstance(price, int) or price < 100:
        return fields
    whole, hundredths = divmod(price, 100)
    shown = "\n".join(line for line in document.numeric_lines if f"{hundredths:02d}" in line)
    if (str(whole), f"{hundredths:02d}") not in ((_NO_DIGIT.sub("", w), h) for w, h in _DECIMAL.findall(shown)):
        return fields
    return {key: str(Decimal(value) / 100) if isinstance(value, int) else value for key, value in fields.items()}
