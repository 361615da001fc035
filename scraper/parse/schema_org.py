"""Products in the vocabulary of schema.org, whatever syntax they were written in.

A node is a mapping as JSON-LD has it: "@type" and properties, each a value or a list of values. JSON-LD is that
already; microdata and RDFa are read into it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

Node = Mapping[str, object]

_WORK_TYPES = frozenset({"book", "audiobook", "softwareapplication", "mobileapplication", "webapplication"})
"""Also used for what is not for sale on the page, so they need an offer."""
_GOODS_TYPES = frozenset({
    "product", "productgroup", "individualproduct", "productmodel", "someproducts", "vehicle", "car", "motorcycle",
})  # fmt: skip
ASIDES = frozenset({"itemlistelement", "isrelatedto", "issimilarto", "isaccessoryorsparepartfor", "isconsumablefor"})
"""Properties, in lower case, whose values are not what the page is about."""
NOT_SOLD = frozenset({"OutOfStock", "SoldOut", "Discontinued"})
"""Availabilities that stand in for a price."""
_LIST_PRICE_TYPES = ("listprice", "strikethroughprice", "srp", "msrp", "regularprice", "rrp")
_GTIN_KEYS = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn", "upc")
_NUMBERS = (*_GTIN_KEYS, "sku", "mpn", "productID", "brand")
"""One of these has who writes a product rather than a category."""
_MOST_WHOLE = 10**15
"""Below, a float that is whole was a whole number before some program wrote it."""
_DIGITS_OF_UPC = 12
_MOST_VALUES = 500
_LONGEST_TYPE = 200
_MOST_TYPES = 20
_AVAILABLE = ("instock", "limitedavailability", "onlineonly", "preorder", "backorder", "instoreonly", "madetoorder")


def values(node: Node, key: str) -> list[object]:
    """All values of a property that are not null; also under the key in lower case, a frequent slip."""
    found = node.get(key)
    if found is None and (found := node.get(key.lower())) is None:
        return []
    return [item for item in found[:_MOST_VALUES] if item is not None] if isinstance(found, list) else [found]


def nodes(node: Node, key: str) -> list[Node]:
    """The values of a property, or in lists that are, that are nodes, each once, however often it is referred to."""
    found = [
        one
        for value in values(node, key)
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, Mapping)
    ]
    return list({id(value): value for value in found}.values()) if len(found) > 1 else found


def text(value: object) -> str | None:
    """A value as text: itself, or the name of the node that it is."""
    if isinstance(value, Mapping):
        named = (value.get(key) for key in ("name", "@value", "value", "title"))
        value = next((item for name in named for item in (name if isinstance(name, list) else [name]) if item), None)
        value = value.get("@value") if isinstance(value, Mapping) else value
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    value = int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _MOST_WHOLE else value
    return format(Decimal(str(value)), "f")  # never 1e+22, which reads as 22


def first_text(node: Node, *keys: str) -> str | None:
    """The first value, of the first of these properties, that has a text."""
    for key in keys:
        for value in values(node, key):
            if found := text(value):
                return found
    return None


def types(node: Node) -> frozenset[str]:
    """Short names of the node's types in lower case: `http://schema.org/Product` is `product`."""
    return _short_types(
        tuple([name[:_LONGEST_TYPE] for name in values(node, "@type")[:_MOST_TYPES] if isinstance(name, str)])
    )


@lru_cache(maxsize=256)
def _short_types(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_short_type, names))


def _short_type(name: str) -> str:
    name = name.strip().rstrip("/").lower()
    return name[max(map(name.rfind, "/#:")) + 1 :]


def is_product(node: Node) -> bool:
    """Whether the node is something to buy."""
    found = types(node)
    return not found.isdisjoint(_GOODS_TYPES) or (not found.isdisjoint(_WORK_TYPES) and bool(values(node, "offers")))


def product_fields(node: Node, page_urls: Sequence[str]) -> dict[str, object]:
    """The raw fields of a product node; of a group, those of the variant that the page's URL names.

    Where no single variant is named, the group speaks for itself and the first variant that can be bought gives the
    offer.
    """
    variants = _variants(node)
    named = [variant for variant in variants if _is_named(variant, page_urls)] or _at_path(variants, page_urls)
    offering = [one for one in named or variants if any(map(_is_available, _offers(one)))]
    variant = next(iter([*offering, *named, *variants]), node)
    if variant is node:
        return _own_fields(node) | _offer_fields(node, page_urls)
    told = [_own_fields(variant), _own_fields(node)]
    if len(named) != 1:
        told.reverse()
    return told[1] | told[0] | _offer_fields(variant if values(variant, "offers") else node, page_urls)


def fields_at_a_glance(node: Node) -> dict[str, object]:
    """Of the fields of a product without variants those that tell it from others, and what its first offer asks."""
    offer = next(iter(nodes(node, "offers")), {})
    return _filled({**_naming_fields(node), "price": first_text(offer, "price", "lowPrice", "minPrice")})


def _naming_fields(node: Node) -> dict[str, object]:
    return {"url": first_text(node, "url", "@id"), "name": first_text(node, "name", "title")}


def has_variants(node: Node) -> bool:
    """Whether a product has further ones inside it."""
    return bool(_variants(node))


def _variants(node: Node) -> list[Node]:
    return nodes(node, "hasVariant") or [model for model in nodes(node, "model") if values(model, "offers")]


def _is_named(variant: Node, page_urls: Sequence[str]) -> bool:
    """Whether the page's URL is the variant's, or holds its number."""
    sku = first_text(variant, "sku", "mpn", "productID") or ""
    in_url = len(sku) >= 4 and any(sku.lower() in url.lower() for url in page_urls)
    return in_url or any(_same_address(url, page_urls) for url in _addresses(variant))


def _at_path(variants: Sequence[Node], page_urls: Sequence[str]) -> list[Node]:
    """The variant whose page has the path of this one, if no other's has."""
    paths = {address_key(url)[0] for url in page_urls} - {""}
    here = [one for one in variants if any(address_key(url)[0] in paths for url in _addresses(one))]
    return here if len(here) == 1 < len(variants) else []


def _addresses(node: Node) -> Iterator[str]:
    for owner in (node, *nodes(node, "offers")):
        yield from (value for key in ("url", "@id") for value in values(owner, key) if isinstance(value, str))


def _same_address(url: str, page_urls: Sequence[str]) -> bool:
    """Whether the URL is the page's and names a variant by its query."""
    return bool(address_key(url)[1]) and address_key(url) in {address_key(page_url) for page_url in page_urls}


def address_key(url: str) -> tuple[str, str]:
    """Path and query of a URL, as far as they name a page; ("", "") if it cannot be read."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    return parts.path.rstrip("/").lower(), parts.query


def is_front_page(urls: Sequence[str]) -> bool:
    """Whether all addresses of a page are that of a whole site."""
    return bool(urls) and all(address_key(url)[0] == "" for url in urls)


def _filled(fields: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value}


def _own_fields(node: Node) -> dict[str, object]:
    rating = next(iter([*nodes(node, "aggregateRating"), *filter(_is_summary, nodes(node, "review"))]), {})
    numbered = list(_identifiers(node))
    fields = _naming_fields(node) | {
        "brand": first_text(node, "brand", "manufacturer"),
        "description": first_text(node, "description"),
        "sku": first_text(node, "sku"),
        "gtin": [*_gtins(node), *(code for name, code in numbered if name in _GTIN_KEYS)],
        "mpn": first_text(node, "mpn") or next((code for name, code in numbered if name == "mpn"), None),
        "product_id": first_text(node, "productID", "productId"),
        "product_group_id": first_text(node, "productGroupID", "inProductGroupWithID"),
        "color": first_text(node, "color"),
        "size": first_text(node, "size"),
        "category": first_text(node, "category"),
        "images": list(_images(node)),
        "rating": first_text(rating, "ratingValue", "average", "rating"),
        "rating_max": first_text(rating, "bestRating"),
        "review_count": _rated_by(rating),
        "availability": _enumerated(node, "availability"),
        "condition": _enumerated(node, "itemCondition"),
        "attributes": _attributes(node),
    }
    return _filled(fields)


def _rated_by(rating: Node) -> str | None:
    """How many reviewed, else how many rated; 0 only where nothing says more."""
    counts = list(filter(None, (first_text(rating, key) for key in ("reviewCount", "ratingCount", "count", "votes"))))
    return next((count for count in counts if count != "0"), counts[0] if counts else None)


def _is_summary(review: Node) -> bool:
    """Whether it is the summary of all reviews, as data-vocabulary.org has it."""
    return "review-aggregate" in types(review)


def _gtins(node: Node) -> list[str]:
    """Its GTINs as texts; a number of 11 digits gets back the zero that a number cannot begin with."""
    found = [(value, text(value)) for key in _GTIN_KEYS for value in values(node, key)]
    return [
        code.zfill(_DIGITS_OF_UPC) if isinstance(value, int) and len(code) == _DIGITS_OF_UPC - 1 else code
        for value, code in found
        if code
    ]


def _identifiers(node: Node) -> Iterator[tuple[str, str]]:
    """Name and code of identifiers that name their kind: `ean:4006381333931`, or a PropertyValue with a propertyID."""
    for value in (*values(node, "productID"), *values(node, "identifier")):
        if isinstance(value, Mapping):
            name, code = first_text(value, "propertyID", "name"), first_text(value, "value")
        else:
            name, _, code = (text(value) or "").partition(":")
        if name and code:
            yield re.sub(r"[^a-z0-9]", "", name.lower()), code


def _enumerated(node: Node, key: str) -> str | None:
    """A member of an enumeration: its name, or the address of the node that stands for it."""
    for value in values(node, key):
        member = text(value) or (value.get("@id") if isinstance(value, Mapping) else None)
        if isinstance(member, str):
            return member
    return None


def _images(node: Node) -> Iterator[str]:
    for value in values(node, "image"):
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            found = first_text(value, "contentUrl", "url", "@id", "thumbnailUrl")
            if found:
                yield found


def _attributes(node: Node) -> dict[str, str]:
    pairs = ((first_text(item, "name"), first_text(item, "value")) for item in nodes(node, "additionalProperty"))
    return {name: value for name, value in pairs if name and value}


def _offers(node: Node) -> list[Node]:
    """The offers of a product, those inside an AggregateOffer before the aggregate itself."""
    found: list[Node] = []
    for offer in nodes(node, "offers") or nodes(node, "offerDetails"):  # the latter in data-vocabulary.org
        found += nodes(offer, "offers")
        found.append(offer)
    return found[:_MOST_VALUES]


def _is_available(offer: Node) -> bool:
    return (_enumerated(offer, "availability") or "").lower().replace(" ", "").endswith(_AVAILABLE)


def _chosen_offer(offers: Sequence[Node], page_urls: Sequence[str]) -> Node:
    """The offer that the page's URL names, else the first that can be bought, else the first with a price."""

    def rank(offer: Node) -> tuple[bool, bool, bool]:
        return _is_named(offer, page_urls), _is_available(offer), _is_price(_price_fields(offer)["price"])

    return max(offers, key=rank) if len(offers) > 1 else offers[0]


def _offer_fields(node: Node, page_urls: Sequence[str]) -> dict[str, object]:
    offers = _offers(node)
    if not offers:
        return {}
    offer = _chosen_offer(offers, page_urls)
    pricing = _price_fields(offer)
    if not _is_price(pricing["price"]):
        offer = next((other for other in offers if _is_price(_price_fields(other)["price"])), offer)
        pricing = _price_fields(offer)
    is_named = len(offers) > 1 and _is_named(offer, page_urls)
    fields = pricing | {
        "price_valid_until": first_text(offer, "priceValidUntil"),
        "availability": _enumerated(offer, "availability"),
        "condition": _enumerated(offer, "itemCondition"),
        "seller": first_text(offer, "seller", "offeredBy"),
        "shipping_price": _shipping_price(offer),
        "sku": first_text(offer, "sku") if is_named or not first_text(node, "sku") else None,
        "gtin": _gtins(offer),
        "mpn": first_text(offer, "mpn") if not first_text(node, "mpn") else None,
        "is_range": "aggregateoffer" in types(offer) and not any(values(node, key) for key in _NUMBERS),
    }
    return _filled(fields)


def _price_fields(offer: Node) -> dict[str, object]:
    specifications = nodes(offer, "priceSpecification")
    listed = [spec for spec in specifications if _price_type(spec) in _LIST_PRICE_TYPES]
    current = [spec for spec in specifications if spec not in listed and not _is_unit_price(spec)]
    current.sort(key=_is_untaxed)
    priced = [offer, *current] if first_text(offer, "price") else [*current, offer]
    return {
        "price": next((found for part in priced if (found := first_text(part, "price", "lowPrice", "minPrice"))), None),
        "currency": next(
            (found for part in (offer, *specifications) if (found := first_text(part, "priceCurrency", "currency"))),
            None,
        ),
        "regular_price": first_text(listed[0], "price") if listed else None,
    }


def _price_type(specification: Node) -> str:
    return re.split(r"[/#]", (first_text(specification, "priceType") or "").lower())[-1]


def _is_price(price: object) -> bool:
    """Whether there is an amount, and not 0, which shops write where they mean no price."""
    return any(char in "123456789" for char in str(price or ""))


def _is_untaxed(specification: Node) -> bool:
    taxed = values(specification, "valueAddedTaxIncluded")
    return any(value is False or str(value).lower() == "false" for value in taxed)


def _is_unit_price(specification: Node) -> bool:
    """Whether the price is for a measure, an instalment or members only, so not what a buyer pays."""
    return any(values(specification, key) for key in ("referenceQuantity", "billingDuration", "validForMemberTier"))


def _shipping_price(offer: Node) -> str | None:
    rates = (rate for detail in nodes(offer, "shippingDetails") for rate in nodes(detail, "shippingRate"))
    return next((found for rate in rates if (found := first_text(rate, "value", "price"))), None)
