"""Meta elements: Open Graph and its product properties, Twitter cards, Dublin Core."""

from collections.abc import Iterator

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document

_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("og:title", "twitter:title", "dc.title", "dcterms.title"),
    "brand": ("product:brand", "og:brand"),
    "price": (
        "product:sale_price:amount", "og:sale_price:amount", "product:price:amount", "og:price:amount",
        "product:price", "og:price", "twitter:data1:price",
    ),
    "regular_price": ("product:original_price:amount", "og:price:standard_amount", "product:price:amount"),
    "currency": (
        "product:sale_price:currency", "product:price:currency", "og:price:currency", "product:currency", "og:currency",
    ),
    "availability": ("product:availability", "og:availability"),
    "condition": ("product:condition", "og:condition"),
    "sku": ("product:retailer_item_id", "og:product_id", "product:sku"),
    "gtin": ("product:ean", "product:gtin", "og:ean", "product:isbn", "book:isbn", "product:upc", "og:upc", "og:isbn"),
    "mpn": ("product:mfr_part_no",),
    "product_group_id": ("product:item_group_id",),
    "color": ("product:color",),
    "size": ("product:size",),
    "category": ("product:category",),
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "images": ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src"),
}  # fmt: skip
_LABELS = {"price": "price_text", "availab": "availability", "brand": "brand"}
_PRODUCT_TYPES = ("product", "og:product", "product.item", "book", "books.book")


def extract_opengraph(document: Document) -> list[Candidate]:
    """What the meta elements say; nothing about prices where they name several products' prices."""
    fields: dict[str, object] = {key: document.meta(*names) for key, names in _NAMES.items()}
    fields["images"] = next((document.metas[name] for name in _NAMES["images"] if name in document.metas), [])
    fields["images"] = fields["images"] or [link["href"] for link in document.links if link.get("rel") == "image_src"]
    for label, value in _labelled(document):
        for key in [key for word, key in _LABELS.items() if word in label.lower()]:
            fields[key] = fields.get(key) or value
    if has_many_prices(document):
        fields |= {"price": None, "regular_price": None}
    kept = {key: value for key, value in fields.items() if value}
    return [Candidate("opengraph", kept)] if kept else []


def _labelled(document: Document) -> Iterator[tuple[str, str]]:
    """The pairs of a Twitter card's labels and what they say."""
    for place in ("1", "2"):
        label, value = document.meta(f"twitter:label{place}"), document.meta(f"twitter:data{place}")
        if label and value:
            yield label, value


def is_product_type(document: Document) -> bool:
    """Whether the page calls itself a product, and not by what a template says of every page of the site."""
    title, site = document.meta("og:title"), document.meta("og:site_name")
    is_site = title is not None and site is not None and title.casefold() == site.casefold()
    return not is_site and (document.meta("og:type") or "").lower() in _PRODUCT_TYPES


def has_many_prices(document: Document) -> bool:
    """Whether the meta elements state prices of more than one product."""
    amounts = document.metas.get("product:price:amount") or document.metas.get("og:price:amount") or []
    return len(set(amounts)) > 1
