"""The fields of a product in the state of a shop's scripts, by the names that programs give them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

Node = dict[str, object]
Shape = Mapping[str, object]
"""A node with its keys normalised: `productName`, `item_name` and `Name` are `name`."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SHARED_TEXTS: dict[str, tuple[str, ...]] = {
    "brand": _names("brand brandname vendor manufacturer manufacturername maker designer"),
    "sku": _names("sku skucode skuid variantsku articlenumber artnr articleno reference referenceid code"),
    "mpn": _names("mpn manufacturerpartnumber mfrpartnumber mfrpartno mfgpartnumber manufacturersku modelnumber"),
}
"""What may be told of a product where all its variants share it."""
_OWN_TEXTS: dict[str, tuple[str, ...]] = {
    "name": _names("name title displayname fullname contentname"),
    "product_id": _names("id pid masterid idproduct entityid contentids contentid"),
    "color": _names("color colour colorname colourname"),
    "size": _names("size sizename"),
    "url": _names("url link href canonicalurl pageurl permalink producturl pdpurl canonical path uri"),
}
_NUMBERS = (*_SHARED_TEXTS["sku"], *_OWN_TEXTS["product_id"])
_GTINS = _names("gtin gtin13 gtin14 gtin12 gtin8 ean ean13 eancode barcode upc isbn isbn13")
_HANDLES = _names("handle slug urlkey linktext urlpath seourl")
_IMAGES = _names(
    "featuredimage mainimage primaryimage imageurl imageurls images image gallery media cover img picture pictures"
)
_IMAGE_KEYS = _names("large src url href originalsrc contenturl full imageurl image original fullsrc link zoom medium")
_CATEGORIES = _names("category categories categoryname categorypath primarycategory")
_PRICES = _names(
    "finalprice saleprice specialprice currentprice discountedprice offerprice sellingprice priceto salespricewithtax "
    "pricewithtax priceincltax displayprice priceamount pricesale price prices pricerange unitpriceincltax sellprice "
    "value baseprice"
)
"""The nearer to what a buyer pays, the earlier."""
_LIST_PRICES = _names(
    "compareatprice listprice regularprice displayregularprice originalprice oldprice wasprice strikeprice msrp rrp "
    "pricewithoutreduction pricefrom priceold retailprice fullprice compareatpricerange"
)
_CENTS = _names("priceincents pricecents centamount amountincents unitamount pricecent")
_CURRENCIES = _names("currency currencycode pricecurrency currencyiso currencyisocode isocurrency")
_MONEY = _names(
    "sales finalprice sale final current now special discounted withtax amount value decimalprice price "
    "minvariantprice gross min low minprice lowprice regular withouttax baseprice list"
)
_LISTED_MONEY = _names(
    "list oldprice was regular regularprice original initial initialprice old rrp rrpwithtax rrpwithouttax "
    "nonsalepricewithtax nonsalepricewithouttax compareat standard listprice"
)
_PRICED_PARTS = (*_PRICES[:8], *_MONEY, *_PRICES[8:])
_LISTED_PARTS = (*_LISTED_MONEY, *_LIST_PRICES)
_SHOWN = _names("formatted formattedvalue formattedprice text displayprice displayvalue")
_VARIANTS = _names("variants variations skus productvariants children")
_CHOSEN_VARIANTS = _names(
    "selectedvariant selectedorfirstavailablevariant mastervariant defaultvariant selectedsku selectedproduct "
    "currentvariant"
)
_PARTS = _names(
    "info details detail content product attributes offers offer stock inventory price sellers commertialoffer"
)
"""Objects inside a product that tell more of it."""
_AVAILABLE = _names(
    "available instock isinstock isavailable availableforsale issalable issaleable salable isorderable orderable "
    "isbuyable isavailableforsale hasstock"
)
_UNAVAILABLE = _names("soldout issoldout outofstock isoutofstock")
_AVAILABILITIES = _names(
    "availability stockstatus availabilitystatus stocklevelstatus inventorystatus availabilitytext available "
    "instock status stock"
)
_QUANTITIES = _names(
    "stockquantity inventoryquantity quantityavailable availablequantity stocklevel availablestock stockqty stock "
    "inventory quantityinstock"
)
_RATINGS = _names("ratingvalue averagerating avgrating reviewaverage ratingaverage averageoverallrating")
_COUNTS = _names(
    "reviewcount ratingcount reviewscount numberofreviews totalreviewcount totalreviews numreviews ratingscount count"
)
_RATING_PARTS = _names("aggregaterating rating ratings reviews reviewsummary reviewstatistics ratingsummary")
_SHOPIFY = frozenset({"vendor", "handle", "compareatprice", "pricevaries", "optionswithvalues", "gid"})

_PLAIN = re.compile(r"\d{1,12}(?:\.\d{1,2}|\.\d{4,12})?")
_SIGNED = re.compile(
    r"\d[\d.,' \u00a0]{0,20}(?:[^\W\d_]{1,4}\.?|[^\w\s.,%-])"
    r"|(?:[^\W\d_]{0,3}[^\w\s.,%-]|[^\W\d_]{1,4})\s?\d[\d.,' ]{0,20}"
)
"""An amount with a sign of its currency."""
_AVAILABILITY_WORD = re.compile(
    r"(?:https?://schema\.org/)?(?:(?:in|out[ _-]?of|low|limited)[ _-]?stock|(?:un|not[ _-]?)?available|sold[ _-]?out"
    r"|pre[ _-]?order|back[ _-]?order|discontinued|onlineonly|limitedavailability)",
    re.I,
)
_QUANTITY = re.compile(r"[1-9]\d{0,8}")
_SHARED = frozenset({*_SHARED_TEXTS, "availability", "currency"})
_BRAND = re.compile(
    r"(?!\W{0,3}(?:not set|no ?brand|none|default|other|unknown|generic)\W{0,3}\Z).{0,60}[^\W\d_]", re.I | re.S
)
"""Not what programs write for none, nor a number of the shop's database."""
_DATABASE_KEY = re.compile(r"gid:|\d{12,}\Z|[0-9a-f]{8}-[0-9a-f]{4}-")
"""A number that no shop prints."""
_MOST_PART_DEPTH = 4
_MOST_VARIANTS = 300
_MOST_PAIRS = 60
_LONGEST_AMOUNT = 60
_BEST_RATING = 5
_LONGEST_KEY = 80


@lru_cache(maxsize=4_096)
def normal(key: str) -> str:
    """A key without case, signs, and a prefix that tells nothing.

    >>> normal("productName"), normal("item_brand"), normal("compare_at_price"), normal("product_id")
    ('name', 'brand', 'compareatprice', 'id')
    """
    bare = re.sub(r"[\W_]", "", key).lower()
    return re.sub(r"\A(?:product|item|wcproduct)(?!s?\Z)", "", bare)


def shape_of(node: Node) -> Shape:
    """The node by normal keys; what the objects inside it add stands behind its own."""
    shape = {normal(key[:_LONGEST_KEY]): value for key, value in reversed(node.items())}
    for part in _given(shape, _PARTS):
        inner = _pairs(part) or (part[0] if isinstance(part, list) and len(part) == 1 else part)
        if isinstance(inner, dict):
            for key, value in inner.items():
                shape.setdefault(normal(key[:_LONGEST_KEY]), value)
    if isinstance(owner := shape.get("product"), dict) and (name := name_of(_bare(owner))):
        shape |= {"name": name}  # the title beside it is the variant's
    return shape


def _pairs(part: object) -> Node:
    """What a list of names and values says: `[{"name": "brand", "value": "Acme"}]`; empty if it is none."""
    listed = part[:_MOST_PAIRS] if isinstance(part, list) else []
    named = [one for one in listed if isinstance(one, dict) and isinstance(one.get("name"), str) and "value" in one]
    return {one["name"]: one["value"] for one in named} if len(named) == len(listed) else {}


def _bare(node: Node) -> Shape:
    return {normal(key[:_LONGEST_KEY]): value for key, value in node.items()}


def _given(shape: Shape, names: Iterable[str]) -> list[object]:
    """The values under those of the names that the shape has."""
    return [shape[name] for name in names if name in shape]


def first(shape: Shape, names: Iterable[str]) -> object:
    """The first value that is not empty."""
    return next((value for value in _given(shape, names) if value not in (None, "", [], {})), None)


def text(value: object) -> str | None:
    """A value as text: itself, its only entry, or the name of the object that it is."""
    for _ in range(3):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        elif isinstance(value, dict):
            value = value.get("name") or value.get("label") or value.get("value") or value.get("title")
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def first_text(shape: Shape, names: Iterable[str]) -> str | None:
    """The first value that has a text."""
    return next((found for value in _given(shape, names) if (found := text(value))), None)


def _texts(shape: Shape, names: Iterable[str]) -> list[str]:
    """All that have a text."""
    return [found for value in _given(shape, names) if (found := text(value))]


def name_of(shape: Shape) -> str | None:
    """What the product is called."""
    return first_text(shape, _OWN_TEXTS["name"])


def address_of(shape: Shape) -> str | None:
    """The product's own URL, as far as it gives one."""
    return first_text(shape, _OWN_TEXTS["url"])


def handle_of(shape: Shape) -> str | None:
    """The product's name in URLs."""
    return first_text(shape, _HANDLES)


def numbers_of(shape: Shape) -> list[str]:
    """The codes by which a URL may name the product."""
    return _texts(shape, _NUMBERS)


def variants_of(shape: Shape) -> list[Node]:
    """The variants of a product, each an object of its own."""
    found = first(shape, _VARIANTS) or _items_with_sellers(shape)
    values: Iterable[object] = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    nodes = [value for value in values if isinstance(value, dict)][:_MOST_VARIANTS]
    return [_unwrapped(node) for node in nodes]


def _items_with_sellers(shape: Shape) -> object:
    """The articles of a marketplace's product, as VTEX has them."""
    items = shape.get("items")
    return items if isinstance(items, list) and all("sellers" in i for i in items if isinstance(i, dict)) else None


def _unwrapped(node: Node) -> Node:
    """The node of an edge of a GraphQL connection."""
    inner = node.get("node")
    return inner if isinstance(inner, dict) else node


def _is_shopify(shape: Shape) -> bool:
    """Whether the keys are those of Shopify's theme objects, whose whole numbers are hundredths."""
    return "publictitle" in shape or len(_SHOPIFY & shape.keys()) >= 2


def product_fields(shape: Shape, page_urls: Sequence[str]) -> dict[str, object]:
    """The raw fields of a product, those of the variant that the page shows before its own."""
    is_shopify = _is_shopify(shape)
    own = _own_fields(shape, is_shopify=is_shopify)
    variants = variants_of(shape)
    if not variants and not isinstance(first(shape, _CHOSEN_VARIANTS), dict):
        return own
    shown = _shown_variant(shape, variants, page_urls)
    if shown is None:
        return _of_all([_offer_fields(shape_of(variant), is_shopify=is_shopify) for variant in variants]) | own
    variant = _own_fields(shown, is_shopify=is_shopify)
    for key in ("name", "url", "category", "rating", "review_count", *(["brand"] if "brand" in own else [])):
        variant.pop(key, None)
    if variant.get("price") or variant.get("price_text"):
        own = {key: value for key, value in own.items() if not key.startswith(("price", "regular_price"))}
    return own | variant


def _shown_variant(shape: Shape, variants: Sequence[Node], page_urls: Sequence[str]) -> Shape | None:
    """The variant in the page's URL; else the one marked as selected, the only one, or the first that can be bought."""
    query = [(key, value.lower()) for url in page_urls for key, value in parse_qsl(urlsplit(url).query)]
    if query and (named := _named_variant(list(map(shape_of, variants)), query)):
        return named
    chosen = first(shape, _CHOSEN_VARIANTS)
    if isinstance(chosen, dict):
        return shape_of(chosen)
    if len(variants) == 1:
        return shape_of(variants[0])
    if not _is_shopify(shape):
        return None
    buyable = (variant for variant in map(shape_of, variants) if variant.get("available") is True)
    return next(buyable, None) or (shape_of(variants[0]) if "options" in shape else None)


def _named_variant(variants: Sequence[Shape], query: Sequence[tuple[str, str]]) -> Shape | None:
    """The only variant one of whose numbers, or all of whose options, are in the query."""
    asked = {value for _, value in query}
    named = [variant for variant in variants if asked & {number.lower() for number in numbers_of(variant)}]
    named = named or [variant for variant in variants if _has_options(variant, query)]
    return named[0] if len(named) == 1 else None


def _has_options(variant: Shape, query: Sequence[tuple[str, str]]) -> bool:
    """Whether the query names each of the variant's options, as WooCommerce writes them."""
    options = variant.get("attributes")
    return isinstance(options, dict) and bool(options) and all((k, str(v).lower()) in query for k, v in options.items())


def _of_all(variants: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What all variants agree on; InStock where one can be bought; the lowest of their prices."""
    shared = {key: value for key, value in agreed(variants).items() if key in _SHARED}
    said = [variant.get("availability") for variant in variants]
    if "InStock" in said:
        shared["availability"] = "InStock"
    amounts = [(float(price), variant) for variant in variants if (price := _number(variant.get("price"))) is not None]
    if amounts and len(amounts) == len(variants):
        lowest = min(amounts, key=lambda entry: entry[0])[1]
        shared |= {key: lowest[key] for key in ("price", "regular_price", "currency") if key in lowest}
    return shared


def agreed(alike: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The fields on which all agree that have them."""
    values = {key: value for fields in reversed(alike) for key, value in fields.items()}
    return {key: value for key, value in values.items() if all(one.get(key, value) == value for one in alike)}


def _own_fields(shape: Shape, *, is_shopify: bool) -> dict[str, object]:
    fields: dict[str, object] = {key: first_text(shape, names) for key, names in _OWN_TEXTS.items()}
    if is_shopify or _DATABASE_KEY.match(str(fields["product_id"])):
        fields["product_id"] = None
    fields |= {
        "gtin": _texts(shape, _GTINS),
        "images": _images(first(shape, _IMAGES)),
        "category": _category(first(shape, _CATEGORIES)),
    }
    fields |= _rating(shape) | _offer_fields(shape, is_shopify=is_shopify)
    return {key: value for key, value in fields.items() if value}


def _offer_fields(shape: Shape, *, is_shopify: bool) -> dict[str, object]:
    """The fields that may be told of a product where its variants share them."""
    fields: dict[str, object] = {key: first_text(shape, names) for key, names in _SHARED_TEXTS.items()}
    if not _BRAND.match(str(fields["brand"] or "")):
        fields["brand"] = None
    fields["availability"] = availability_of(shape)
    return {key: value for key, value in fields.items() if value} | _prices(shape, is_shopify=is_shopify)


def _images(value: object) -> list[str]:
    found: list[str] = []
    for item in value[:30] if isinstance(value, list) else [value]:
        for _ in range(3):
            if isinstance(item, dict):
                item = first(_bare(item), _IMAGE_KEYS)
        if isinstance(item, str) and re.search(r"[/.]", item) and "{" not in item:
            found.append(item)
    return found


def _category(value: object) -> str | None:
    if isinstance(value, list):
        names = [name for item in value[:10] if (name := text(item))]
        return " > ".join(names) or None
    found = text(value)
    return found if found and not found.isdigit() and not found.startswith(("/", "http://", "https://")) else None


def availability_of(shape: Shape) -> str | None:
    """What the state says of the stock: by words, by flags, by a quantity above zero; a bare 0 says nothing."""
    words = (word for word in _texts(shape, _AVAILABILITIES) if _AVAILABILITY_WORD.fullmatch(word))
    if word := next(words, None):
        return word
    flags = {flag for flag in _given(shape, _AVAILABLE) if isinstance(flag, bool)}
    flags |= {not flag for flag in _given(shape, _UNAVAILABLE) if isinstance(flag, bool)}
    if flags:
        return None if len(flags) > 1 else "InStock" if True in flags else "OutOfStock"
    return "InStock" if any(map(_QUANTITY.fullmatch, _texts(shape, _QUANTITIES))) else None


def _rating(shape: Shape) -> dict[str, object]:
    parts = [_bare(part) for part in _rating_parts(shape)]
    for part in (shape, *parts):
        value = _number(first(part, _RATINGS if part is shape else (*_RATINGS, "average", "value", "rating")))
        count = _number(first(part, _COUNTS if part is shape else (*_COUNTS, "count", "total")))
        if value and count and value <= _BEST_RATING and count == int(count):
            return {"rating": str(value), "review_count": int(count)}
    return {}


def _rating_parts(shape: Shape) -> list[Node]:
    return [part for part in _given(shape, _RATING_PARTS) if isinstance(part, dict)]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e9 else None


def _prices(shape: Shape, *, is_shopify: bool) -> dict[str, object]:
    """The price, the one before a reduction, and the currency; amounts in cents where the convention has cents."""
    currency = first_text(shape, _CURRENCIES)
    told: dict[str, object] = {}
    for key, names in (("price", _PRICES), ("regular_price", _LIST_PRICES)):
        amount = next((found for value in _given(shape, names) if (found := _amount(value, _PRICED_PARTS))), None)
        if amount is None:
            continue
        is_cents = is_shopify and isinstance(amount, int)
        told |= _written(key, Decimal(amount) / 100 if is_cents else amount)
    if not told.keys() & {"price", "price_text"}:
        cents = _number(first(shape, _CENTS))
        told |= {"price": str(Decimal(int(cents)) / 100)} if cents else {}
    prices = _given(shape, _PRICES)
    priced = next((part for price in prices if isinstance(part := _only(price), dict)), None)
    if priced:
        listed = None if told.keys() & {"regular_price", "regular_price_text"} else _amount(priced, _LISTED_PARTS)
        told |= _written("regular_price", listed) if listed else {}
        currency = currency or _currency_in(priced)
    shown = (price for value in prices if (price := text(value)) and _SIGNED.fullmatch(price[:_LONGEST_AMOUNT]))
    currency = currency or next(shown, None)
    return told | ({"currency": currency} if currency else {})


def _written(key: str, amount: object) -> dict[str, object]:
    """A plain number as a machine amount; anything else, `1.299` too, as displayed."""
    if isinstance(amount, str):
        return {key if _PLAIN.fullmatch(amount) else f"{key}_text": amount}
    return {key: format(amount, "f") if isinstance(amount, Decimal) else amount}


def _only(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _amount(value: object, names: Sequence[str]) -> str | int | float | Decimal | None:
    """The amount that a price is written with: a number, a text with a digit, or an object of either."""
    for depth in range(_MOST_PART_DEPTH):
        value = _only(value)
        if not isinstance(value, dict):
            break
        part = _bare(value)
        if "centamount" in part and (cents := _number(part["centamount"])):
            digits = _number(part.get("fractiondigits"))
            return Decimal(int(cents)).scaleb(-int(2 if digits is None else min(digits, 4)))
        value = first(part, names if depth == 0 else _PRICED_PARTS) or first(
            part, _SHOWN if names is _PRICED_PARTS or depth else ()
        )
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        return value.strip() if len(value) <= _LONGEST_AMOUNT and re.search(r"[1-9]", value) else None
    return value if 0 < value < 1e12 else None


def _currency_in(value: object) -> str | None:
    for _ in range(_MOST_PART_DEPTH):
        value = _only(value)
        if not isinstance(value, dict):
            return None
        part = _bare(value)
        if found := first_text(part, _CURRENCIES):
            return found
        value = first(part, _PRICED_PARTS)
    return None
