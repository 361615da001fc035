"""From what the sources say to one product: which of their products, which of their values."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from scraper.models import Page, Product, Status
from scraper.parse import codes, values
from scraper.parse.aboutness import LIKE, MANY, Home
from scraper.parse.availability import parse_availability, parse_condition
from scraper.parse.candidate import Candidate
from scraper.parse.currencies import currency_of_country
from scraper.parse.labels import without_label
from scraper.parse.phrases import SHOP_WORDS
from scraper.parse.price import (
    Price,
    parse_currency,
    parse_machine_amount,
    parse_price,
    parse_shipping_price,
    possible_currencies,
)  # fmt: skip
from scraper.parse.schema_org import NOT_SOLD, address_key, is_front_page
from scraper.parse.shop_name import without_shop

TRUST = ("rule", "jsonld", "microdata", "rdfa", "microformats", "state", "opengraph", "html")
"""The sources, the most trusted first."""

_UNRENDERED = re.compile(
    r"\s*(?:(?:undefined|null|none|nan|n/?a|[-?]+)\s*$|\{\{|\$\{|<[%&?]|\[\[|\$[a-z_]\w*\s*$|%[\w.]+%|\{[\w. ]+\}\s*$)",
    re.I,
)
"""Template code, and the words of programs for nothing."""
_NO_BRAND = re.compile(
    r"https?://|\W*(?:not (?:set|specified|available|applicable)|no[- ]?(?:brand|name)|unbranded|none|default|others?"
    r"|unknown|generic|brand|sin marca|ohne marke|sans marque|senza marca|sem marca|bez značky|brak|без бренда"
    r"|нет бренда|无品牌|ノーブランド)\W*\Z",
    re.I,
)
_OWN_GTIN_PREFIXES = ("2", "02", "04", "05", "99", "000")
_OWN_KEYS = ("url", "sku", "gtin", "mpn", "color", "size", "price")
_LEAST_LIKE = 0.25
"""Likeness below which one of several products is none that the page is about."""
_NO_PICTURE = re.compile(
    r"place-?_?holder|(?:^|[/_-])no[-_]?(?:image|img|photo|picture)(?:[-_.]|$)"
    r"|(?:^|/)(?:logo|blank|spacer)\.(?:png|svg|jpe?g|gif|webp)",
    re.I,
)
_MOST_IMAGES = 100
_MOST_APART = 5
"""How many times the price another may be that is still meant as the price of the same thing."""
_MOST_REDUCED = 20
"""How many times the price a list price may be."""
_TAX_RATES = tuple(map(Decimal, (
    "5", "5.5", "6", "7", "7.7", "8", "8.1", "9", "10", "11", "12", "13", "13.5", "14", "15", "16", "17", "18", "19",
    "20", "21", "22", "23", "24", "25", "25.5", "27",
)))  # fmt: skip
"""Per cent that countries add to prices."""
_CENT = Decimal("0.01")
_WORD = re.compile(r"[\w.'-]+")
_CONTRADICTED = "availability: {} says {}, but html {}; took {}"
_UNRATED_KEYS = ("rating", "rating_max", "review_count")
_UNRIVALLED = frozenset({
    "name", "brand", "availability", "condition", "color", "size", "category", "description", "image", "images",
    "seller", "price_valid_until", "attributes",
})  # fmt: skip
"""Fields of which the first source that has one is taken, whatever the others say."""
_LONGEST_QUOTE = 80
_SHORTEST_CODE = 5
"""Digits of a number beside a name that is rather a code than of the name."""

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page itself says it is about."""

    urls: tuple[str, ...]
    titles: tuple[str, ...]
    shows: Callable[[Decimal], bool] = field(repr=False)
    """Whether it states an amount anywhere."""
    country: str | None
    absolute_url: Callable[[object], str | None] = field(repr=False)
    is_shop: Callable[[str], bool] = field(repr=False)
    """Whether a text is the name of the shop."""
    may_be_reduced: Callable[[Decimal], bool] = field(repr=False, default=lambda _: True)
    """Whether it states amounts near this one that it may be reduced from."""
    may_be_net: Callable[[Decimal], bool] = field(repr=False, default=lambda _: False)
    """Whether it speaks of prices without tax near this amount."""
    links_to: Callable[[str], bool] = field(repr=False, default=lambda _: False)
    """Whether it has a link to a path."""
    currency_meant: Callable[[frozenset[str]], str | None] = field(repr=False, default=lambda _: None)
    """Which of the currencies that a sign may mean the page names elsewhere."""

    @property
    def home(self) -> Home:
        """What names and addresses of products are compared with."""
        return Home.of(self.titles, self.urls)


def choose(candidates: Sequence[Candidate], subject: Subject) -> Candidate | None:
    """The one of a source's products that the page is about; None if it might be any of many."""
    if not candidates:
        return None
    if len(candidates) == 1 and not candidates[0].listed and not _has_other_address(candidates[0], subject):
        return candidates[0]
    home = subject.home
    scores = [_aboutness(candidate, home) for candidate in candidates]
    score = max(scores)
    best = candidates[scores.index(score)]
    is_alone = len({str(candidate.fields.get("name")) for candidate in candidates}) == 1
    priced = {str(candidate.fields.get("name")) for candidate in candidates if candidate.fields.get("price")}
    if len(priced) > 1 and is_front_page(subject.urls):
        return None
    if score >= LIKE:
        return _completed(best, candidates)
    is_stranger = _has_other_address(best, subject) or (not is_alone and score < _LEAST_LIKE)
    return None if is_stranger or len(candidates) >= MANY or best.listed else best


def _has_other_address(candidate: Candidate, subject: Subject) -> bool:
    """Whether the product's own page is another one, to which this one has a link."""
    url = candidate.fields.get("url")
    path = address_key(subject.absolute_url(url) or "")[0] if isinstance(url, str) and "#" not in url else ""
    return path not in ("", *(address_key(own)[0] for own in subject.urls)) and subject.links_to(path)


def _completed(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """With what others say that have its name, and no address and number but its own."""
    fields = dict(best.fields)
    for other in candidates:
        alike = other.fields.get("name") == fields.get("name") and other.listed == best.listed
        if alike and all(fields.get(key, value) == value for key, value in other.fields.items() if key in _OWN_KEYS):
            fields = {**other.fields, **fields}
    return replace(best, fields=fields) if len(fields) > len(best.fields) else best


def _aboutness(candidate: Candidate, home: Home) -> float:
    fields = candidate.fields
    is_offered = bool(fields.get("price") or fields.get("availability"))
    return home.aboutness(fields.get("name"), fields.get("url"), is_offered=is_offered, is_listed=candidate.listed)


def _text(limit: int) -> Callable[[object], str | None]:
    def parse(value: object) -> str | None:
        return None if isinstance(value, str) and _UNRENDERED.match(value) else values.clean_text(value, limit=limit)

    return parse


def _first_gtin(value: object) -> str | None:
    found = value if isinstance(value, list | tuple) else [value]
    return next((gtin for item in found if (gtin := codes.parse_gtin(item))), None)


def _attributes(value: object) -> dict[str, str] | None:
    if not isinstance(value, Mapping):
        return None
    pairs = (
        (values.clean_text(key, limit=100), values.clean_text(item, limit=500))
        for key, item in list(value.items())[:100]
    )
    return {key: item for key, item in pairs if key and item} or None


def _brand(value: object) -> str | None:
    """A brand's name without its label; None for a number, which is a key of the shop, an address, words for none."""
    name = without_label("brand", _text(100)(value) or "")
    return name if name and any(map(str.isalpha, name)) and not _NO_BRAND.match(name) else None


_FIELDS: dict[str, Callable[[object], object]] = {
    "name": _text(500),
    "brand": _brand,
    "price_valid_until": values.parse_date,
    "availability": parse_availability,
    "condition": parse_condition,
    "sku": codes.parse_sku,
    "gtin": _first_gtin,
    "mpn": codes.parse_mpn,
    "product_id": codes.parse_sku,
    "product_group_id": codes.parse_sku,
    "color": _text(100),
    "size": _text(100),
    "category": _text(500),
    "description": _text(5_000),
    "rating": values.parse_rating,
    "rating_max": values.parse_rating,
    "review_count": values.parse_count,
    "seller": _text(200),
    "attributes": _attributes,
}


def _passes(rating: object, most: object) -> bool:
    """Whether a rating leaves the scale that is said to be its own."""
    return isinstance(rating, Decimal) and isinstance(most, Decimal) and rating > most


def normalise(candidate: Candidate, subject: Subject, *, but: Collection[str] = ()) -> Values:
    """The candidate's fields as values of `Product`, but for some; what cannot be read is left out."""
    raw = {key: value for key, value in candidate.fields.items() if key not in but}
    found: Values = {key: parse(raw[key]) for key, parse in _FIELDS.items() if key in raw}
    found |= _money(raw, subject)
    images = _images(raw, subject)
    found |= {"images": images, "image": images[0] if images else None}
    found |= {key: _without_shop(found.get(key), subject) for key in ("name", "brand")}
    if candidate.source != "rule":
        found["name"] = _as_headed(found["name"], subject)
    found["rating_max"] = found.get("rating_max") or values.parse_rating_max(raw.get("rating"))
    if _is_unrated(found):
        found |= {"rating": None, "rating_max": None}
    elif _passes(found.get("rating"), found["rating_max"]):
        found["rating_max"] = None
    return {key: value for key, value in found.items() if value not in (None, "", (), {})}


def _as_headed(name: object, subject: Subject) -> object:
    """The heading, if the name is that with no more than a code or words of shops: `Buy Cup online at Acme`."""
    heading = subject.titles[0] if subject.titles else ""
    if not isinstance(name, str) or not heading or len(name) <= len(heading) or heading not in name:
        return name
    before, _, after = name.partition(heading)
    rest = _WORD.findall(f"{before} {after}")
    while rest and rest[0].casefold() in SHOP_WORDS and not subject.is_shop(" ".join(rest)):
        del rest[0]
    is_code = all(word.isdigit() and len(word) >= _SHORTEST_CODE for word in rest)
    return heading if is_code or subject.is_shop(" ".join(rest)) else name


def _without_shop(text: object, subject: Subject) -> object:
    return without_shop(text, subject.is_shop) if isinstance(text, str) else text


def _is_unrated(found: Values) -> bool:
    """Shops write a rating of 0, or one that nobody gave, where they mean none."""
    return not found.get("rating") or found.get("review_count") == 0


def _money(raw: Mapping[str, object], subject: Subject) -> Values:
    currency = parse_currency(str(raw["currency"]), country=subject.country) if raw.get("currency") else None
    price, regular = (_price(raw, key, currency, subject.country) for key in ("price", "regular_price"))
    return {
        "currency": currency or (price.currency if price else None),
        "price": _in_cents(price.amount) if price else None,
        "price_text": values.clean_text(price.text, limit=100) if price else None,
        "regular_price": _in_cents(regular.amount) if regular else None,
        "shipping_price": _in_cents(parse_shipping_price(raw.get("shipping_price"), currency=currency)),
    }


def _in_cents(amount: Decimal | None) -> Decimal | None:
    """54.5, from which a program left out the last zero, as shops write it: 54.50."""
    return amount.quantize(_CENT) if amount is not None and amount.as_tuple().exponent == -1 else amount


def _price(raw: Mapping[str, object], key: str, currency: str | None, country: str | None) -> Price | None:
    """The machine amount, else the displayed one; None for 0, which shops write where they mean no price."""
    amount, text = parse_machine_amount(raw.get(key), currency=currency), raw.get(f"{key}_text")
    if amount is not None:
        return Price(amount, currency or _own_currency(raw[key], country), str(raw[key])) if amount else None
    shown = parse_price(str(text), currency=currency, country=country) if text else None
    return shown if shown and shown.amount else None


def _own_currency(price: object, country: str | None) -> str | None:
    """The currency that a program's price names itself, though it should be a number: `€ 5.00`."""
    return (
        parse_currency(price, country=country)
        if isinstance(price, str) and not price.replace(".", "").isdigit()
        else None
    )


def _images(raw: Mapping[str, object], subject: Subject) -> tuple[str, ...]:
    many = raw.get("images")
    named = [raw.get("image"), *(many if isinstance(many, list | tuple) else [many])][:_MOST_IMAGES]
    written = [value for value in named if isinstance(value, str) and not _UNRENDERED.match(value)]
    absolute = (subject.absolute_url(value) for value in written if not _NO_PICTURE.search(value))
    return tuple(dict.fromkeys(url for url in absolute if url and url not in subject.urls))


def read_all(chosen: Sequence[Candidate], subject: Subject) -> dict[str, Values]:
    """Source -> the normalised fields of its candidate, the most trusted source first."""
    return {candidate.source: normalise(candidate, subject) for candidate in sorted(chosen, key=_trust)}


def read_open(
    chosen: Iterable[Candidate], subject: Subject, told: Mapping[str, Values] = MappingProxyType({})
) -> dict[str, Values]:
    """As `read_all`, with what was `told` before, but without what would change no product.

    That is what a more trusted source tells, too, and what no value is compared with.
    """
    read = dict(told)
    for candidate in sorted(chosen, key=_trust):
        read[candidate.source] = normalise(candidate, subject, but=_given(read, subject) & _UNRIVALLED)
    return read


def _given(told: Mapping[str, Values], subject: Subject) -> frozenset[str]:
    """The fields that these sources give; not a brand that may only be the shop's name."""
    given = frozenset(key for values_of in told.values() for key in values_of)
    return given - {"brand"} if _is_shops(next(_brands(told), ("", None))[1], subject) else given


def _brands(told: Mapping[str, Values]) -> Iterator[tuple[str, object]]:
    return ((source, given["brand"]) for source, given in told.items() if "brand" in given)


def _is_shops(brand: object, subject: Subject) -> bool:
    return isinstance(brand, str) and subject.is_shop(brand)


def _is_rather_the_brand(source: str, brand: object, subject: Subject) -> bool:
    """Whether it may replace the shop's name; what the page shows only if the product is called by it.

    For in a maker's own shop a designer or a collection stands there.
    """
    if not isinstance(brand, str) or subject.is_shop(brand):
        return False
    return source != "html" or any(brand.casefold() in title.casefold() for title in subject.titles)


def _trust(candidate: Candidate) -> int:
    return TRUST.index(candidate.source)


def settled(told: Mapping[str, Values], subject: Subject) -> frozenset[str]:
    """The fields that these sources give, and about which the visible page need not be asked.

    Their price is settled only if the page shows it, too, and not as one that may lack the tax; a list price only where
    it stands beside that price, or where the page shows no amount near it that may be one.
    """
    given = _given(told, subject)
    pricing = next((said for said in told.values() if "price" in said), {})
    price = pricing.get("price")
    if not (isinstance(price, Decimal) and "currency" in given and subject.shows(price)) or subject.may_be_net(price):
        return given - {"price", "regular_price"}
    is_whole = pricing.get("regular_price", price) != price or not subject.may_be_reduced(price)
    return given | {"regular_price"} if is_whole else given - {"regular_price"}


def merge(
    page: Page,
    told: Mapping[str, Values],
    subject: Subject,
    noticed: Sequence[str] = (),
    *,
    seen_stock: str | None = None,
) -> Product:
    """One product from what each source says, the most trusted first: each field from the first that has it.

    `noticed` are warnings of its sources, to stand before those of the merge; `seen_stock` is what the page shows of
    its stock against its markup.
    """
    origin: dict[str, str] = {}
    for source, given in told.items():
        for key in given.keys() - {"regular_price"}:
            origin.setdefault(key, source)
    if origin.get("brand") != "rule" and _is_shops(next(_brands(told), ("", None))[1], subject):
        others = (source for source, brand in _brands(told) if _is_rather_the_brand(source, brand, subject))
        origin["brand"] = next(others, origin["brand"])
    told = _settle_currency(origin, told, subject)
    warnings = (*noticed, *_settle_price(origin, told, subject))
    marked = origin.get("availability")
    if seen_stock and marked:
        warnings = (*warnings, _CONTRADICTED.format(marked, told[marked]["availability"], seen_stock, seen_stock))
        told = {**told, "html": {**told.get("html", {}), "availability": seen_stock}}
        origin["availability"] = "html"
    if not origin.keys() & {"price", "shipping_price"}:
        origin.pop("currency", None)
    _keep_together(origin, told)
    told = _settle_codes(origin, told)
    found: Values = {key: told[source][key] for key, source in sorted(origin.items())}
    return Product(
        page.url, page.final_url, _status(found), page.http_status, page.fetched_at,
        sources=dict(sorted(origin.items())), warnings=warnings, **found,  # type: ignore[arg-type]
    )  # fmt: skip


def unread(ruled: Candidate, subject: Subject) -> tuple[str, ...]:
    """A warning for each value that the site's rules found and that is none of its field, such as a price in words."""
    read = normalise(ruled, subject)
    lost = {key.removesuffix("_text"): value for key, value in ruled.fields.items()}
    return tuple(
        f"rule: {key}: {str(value)[:_LONGEST_QUOTE]!r} is no {key}"
        for key, value in lost.items()
        if key not in read and key not in _UNRATED_KEYS
    )


def _settle_currency(origin: dict[str, str], told: Mapping[str, Values], subject: Subject) -> Mapping[str, Values]:
    """What the sources say; where none names the currency, the price is read by what its sign means elsewhere."""
    source = origin.get("price")
    if source is None or "currency" in origin:
        return told
    amount = told[source]["price"]
    texts = [str(given["price_text"]) for given in (told[source], *told.values()) if given.get("price") == amount]
    text = next(filter(possible_currencies, texts), texts[0])
    possible = possible_currencies(text)
    meant = subject.currency_meant(possible) or (None if possible else currency_of_country(subject.country or ""))
    price = parse_price(text, currency=meant) if meant else None
    if price is None:
        return told
    origin["currency"] = source
    return {**told, source: {**told[source], "currency": price.currency, "price": _in_cents(price.amount)}}


def _settle_price(origin: dict[str, str], told: Mapping[str, Values], subject: Subject) -> tuple[str, ...]:
    """Take the visible price where the markup's is nowhere to be seen or lacks the tax; tell of all who disagree."""
    if "price" not in origin:
        return ()
    overruled = None
    source = origin["price"]
    is_wrong = _is_stale(source, told, subject.shows) or _is_struck(source, told) or _is_net(source, told, subject)
    if source != "rule" and is_wrong:
        overruled, origin["price"] = origin["price"], "html"
    winner = origin["price"]
    origin.update({key: winner for key in ("price_text", "currency") if key in told[winner]})
    price: Decimal = told[winner]["price"]  # type: ignore[assignment]
    above = [source for source in ("rule", winner, "html", *told) if _has_regular(told.get(source, {}), price)]
    if above:
        origin["regular_price"] = above[0]
    rivals = [
        f"{source} {given['price']}"
        for source, given in told.items()
        if source == overruled or _is_rival(source, told, winner)
    ]
    return (f"price: {winner} says {price}, but {', '.join(rivals)}; took {price}",) if rivals else ()


def _is_rival(source: str, told: Mapping[str, Values], winner: str) -> bool:
    """Whether a source gives another price of the same thing: none that is struck, without tax or no money at all."""
    price, other = told[winner]["price"], told[source].get("price")
    if not isinstance(price, Decimal) or not isinstance(other, Decimal) or price == other:
        return False
    if not (price < _MOST_APART * other and other < _MOST_APART * price) or _differ_by_tax(price, other):
        return False
    currencies = {told[one]["currency"] for one in (source, winner) if "currency" in told[one]}
    is_money = source != "html" or bool(possible_currencies(str(told[source].get("price_text", ""))))
    return len(currencies) < 2 and is_money and not _is_list_price(other, price, told)


def _is_list_price(amount: Decimal, price: Decimal, told: Mapping[str, Values]) -> bool:
    """Whether a source calls an amount above the price the list price."""
    return amount > price and any(amount == given.get("regular_price") for given in told.values())


def _differ_by_tax(one: Decimal, other: Decimal) -> bool:
    net, gross = sorted((one, other))
    return any(abs(net * (100 + rate) / 100 - gross) <= _CENT for rate in _TAX_RATES)


def _is_stale(source: str, told: Mapping[str, Values], shows: Callable[[Decimal], bool]) -> bool:
    """Whether the page shows another price than a source says, and the latter nowhere.

    Only prices in one currency and of one magnitude: anything else is rather a misread element than a stale script.
    """
    marked, visible = told[source], told.get("html", {})
    one, other = marked["price"], visible.get("price")
    if not (isinstance(one, Decimal) and isinstance(other, Decimal) and visible.get("currency")):
        return False
    near = one != other and one < 3 * other and other < 3 * one
    alike = near and visible["currency"] == marked.get("currency") and not _is_list_price(other, one, told)
    return alike and not shows(one)


def _is_net(source: str, told: Mapping[str, Values], subject: Subject) -> bool:
    """Whether the page shows a source's price as one without tax, and with tax as its own."""
    marked, visible = told[source], told.get("html", {})
    net, gross = marked["price"], visible.get("price")
    if not (
        isinstance(net, Decimal) and isinstance(gross, Decimal) and visible.get("currency") == marked.get("currency")
    ):
        return False
    return net < gross and _differ_by_tax(net, gross) and subject.may_be_net(net)


def _is_struck(source: str, told: Mapping[str, Values]) -> bool:
    """Whether the page shows the price of a source struck through beside a lower one that no source contradicts."""
    marked, visible = told[source], told.get("html", {})
    price, lower = marked["price"], visible.get("price")
    if not (isinstance(price, Decimal) and isinstance(lower, Decimal) and lower < price < 3 * lower):
        return False
    is_alone = all(given.get("price", price) == price for name, given in told.items() if name != "html")
    alike = visible.get("currency", marked.get("currency")) == marked.get("currency")
    return is_alone and alike and visible.get("regular_price") == price


def _has_regular(given: Values, price: object) -> bool:
    """Whether a source that has no other price gives a list price above this one, and not absurdly."""
    regular = given.get("regular_price")
    if not (isinstance(regular, Decimal) and isinstance(price, Decimal) and given.get("price", price) == price):
        return False
    return price < regular <= _MOST_REDUCED * price


def _keep_together(origin: dict[str, str], told: Mapping[str, Values]) -> None:
    """What only makes sense beside another value is of the same source: rating_max with rating, images with image."""
    for key, leader in (("rating_max", "rating"), ("images", "image")):
        source = origin.get(leader)
        if source is not None and key in told[source]:
            origin[key] = source
        else:
            origin.pop(key, None)


def _settle_codes(origin: dict[str, str], told: Mapping[str, Values]) -> dict[str, Values]:
    """What the sources say, with codes in the fields that they belong to.

    A maker's number that repeats the shop's yields to another one; the number of a product serves as its sku where
    nothing else does, and an sku or a maker's number that is a GTIN as that, too.
    """
    known = {source: dict(given) for source, given in told.items()}
    sku = known[origin["sku"]]["sku"] if "sku" in origin else None
    if sku is not None and "mpn" in origin and known[origin["mpn"]]["mpn"] == sku:
        others = (source for source, given in known.items() if given.get("mpn", sku) != sku)
        origin["mpn"] = next(others, origin["mpn"])
    if sku is not None and origin.get("product_id") == "html" != origin["sku"]:
        del origin["product_id"]  # that of the address stands in for an sku, and is not looked for where one is told
    if sku is None and "product_id" in origin:
        origin["sku"] = origin["product_id"]
        known[origin["sku"]]["sku"] = known[origin["sku"]]["product_id"]
    for key in ("sku", "mpn"):
        if "gtin" not in origin and key in origin and (gtin := _gtin_of(known[origin[key]][key])):
            origin["gtin"] = origin[key]
            known[origin["gtin"]]["gtin"] = gtin
    return known


def _gtin_of(code: object) -> str | None:
    """The code as a GTIN of 12 or 13 digits, unless of those that shops may give themselves."""
    gtin = codes.parse_gtin(code) if isinstance(code, str) and code.isdigit() and len(code) in (12, 13) else None
    return None if gtin is None or gtin.zfill(13).startswith(_OWN_GTIN_PREFIXES) else gtin


def _status(found: Values) -> Status:
    complete = "name" in found and ("price" in found or found.get("availability") in NOT_SOLD)
    return Status.OK if complete else Status.PARTIAL
