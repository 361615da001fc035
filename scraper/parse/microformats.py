"""Microformats: hProduct (https://microformats.org/wiki/hproduct) and h-product (https://microformats.org/wiki/h-product)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of

_ROOT = re.compile(
    r"(?<!\S)(?:h-[a-z][\w-]*+|h(?:product|review|listing|card|media)|hreview-aggregate|v(?:card|event))(?!\S)"
)
"""Classes that begin a thing of its own, whose properties are not those of what it stands in."""
_MOST_ROOTS = 40
_MOST_PLACES = 20
_MOST_STEPS = 50
_LONGEST_TEXT = 5_000
_CODE_FIELDS = {
    "sku": "sku",
    "mpn": "mpn",
    "model": "mpn",
    **dict.fromkeys(("gtin", "ean", "upc", "isbn", "jan", "barcode"), "gtin"),
}
"""Type of an identifier -> its field."""
_MACHINE_ATTRIBUTES = {"abbr": "title", "data": "value", "input": "value", "meter": "value", "time": "datetime"}
_LINK_ATTRIBUTES = {"a": "href", "area": "href", "img": "src", "object": "data", "video": "poster"}


@dataclass(frozen=True, slots=True)
class _Version:
    """The classes of one version of the format."""

    root: str
    rating: str
    """Of the root of its summary of reviews."""
    properties: tuple[tuple[str, str], ...]
    """Field -> selector of the elements that give it."""
    rated: tuple[tuple[str, str], ...]
    """The same, inside the summary of reviews."""
    identifier: str


_VERSIONS = (
    _Version(
        "h-product",
        ".h-review-aggregate",
        (
            ("name", ".p-name"), ("brand", ".p-brand"), ("price_text", ".p-price"), ("currency", ".p-currency"),
            ("category", ".p-category"), ("description", ".e-description, .p-description"), ("sku", ".p-sku"),
        ),
        (
            ("rating", ".p-average, .p-rating"), ("rating_max", ".p-best"), ("review_count", ".p-count, .p-votes"),
        ),
        ".u-identifier, .p-identifier",
    ),
    _Version(
        "hproduct",
        ".hreview-aggregate",
        (
            ("name", ".fn"), ("brand", ".brand"), ("price_text", ".price"), ("currency", ".currency"),
            ("category", ".category"), ("description", ".description"), ("sku", ".sku"),
        ),
        (("rating", ".average, .rating"), ("rating_max", ".best"), ("review_count", ".count, .votes")),
        ".identifier",
    ),
)  # fmt: skip
_ANY_ROOT = ", ".join(f".{version.root}" for version in _VERSIONS)
_LINKED = (("url", ".u-url, .url"), ("images", ".u-photo, .photo"))


def extract_microformats(document: Document) -> list[Candidate]:
    """The products of the page in its order."""
    if document.tree.css_first(_ANY_ROOT) is None:
        return []
    return [
        Candidate("microformats", fields)
        for version in _VERSIONS
        for root in document.tree.css(f".{version.root}")[:_MOST_ROOTS]
        if (fields := _fields(root, version)).get("name")
    ]


def _fields(root: LexborNode, version: _Version) -> dict[str, object]:
    fields: dict[str, object] = {name: _first(root, selector) for name, selector in version.properties}
    for name, selector in _LINKED:
        links = [link for node in _own(root, selector) if (link := _link(node))]
        fields[name] = links if name == "images" else next(iter(links), None)
    for node in _own(root, version.identifier):
        for name, code in _identified(node):
            fields[name] = fields.get(name) or code
    for summary in root.css(version.rating)[:1]:
        fields |= {name: _first(summary, selector) for name, selector in version.rated}
    return {name: value for name, value in fields.items() if value}


def _own(root: LexborNode, selector: str) -> Iterator[LexborNode]:
    """The root's properties, not those of things inside it that have a root of their own."""
    return (node for node in islice(root.css(selector), _MOST_PLACES) if _owner(node) == root.mem_id)


def _owner(node: LexborNode) -> int | None:
    above = node.parent
    for _ in range(_MOST_STEPS):
        if above is None or not above.is_element_node:
            return None
        if _ROOT.search(above.attrs.sget("class")):
            return above.mem_id
        above = above.parent
    return None


def _first(root: LexborNode, selector: str) -> str | None:
    return next((text for node in _own(root, selector) if (text := _value(node))), None)


def _value(node: LexborNode) -> str:
    """A property's value: its machine-readable attribute, those parts of it called `value`, else its text.

    Source: https://microformats.org/wiki/value-class-pattern
    """
    if title := next((title for part in node.css(".value-title") if (title := part.attributes.get("title"))), None):
        return title
    parts = " ".join(map(_plain_value, islice(_inside(node, ".value"), _MOST_PLACES)))
    return (parts or _plain_value(node))[:_LONGEST_TEXT]


def _plain_value(node: LexborNode) -> str:
    return node.attributes.get(_MACHINE_ATTRIBUTES.get(node.tag or "", "")) or text_of(node)


def _inside(node: LexborNode, selector: str) -> Iterator[LexborNode]:
    return (part for part in node.css(selector) if part.mem_id != node.mem_id)


def _link(node: LexborNode) -> str | None:
    """Where a property leads: its own attribute, that of the link or picture inside it, else its text."""
    for element in (node, *islice(_inside(node, "img, a"), 1)):
        attribute = _LINK_ATTRIBUTES.get(element.tag or "")
        if attribute and (link := element.attributes.get(attribute)):
            return link
    return text_of(node)[:_LONGEST_TEXT] or None


def _identified(node: LexborNode) -> Sequence[tuple[str, str]]:
    """The field that an identifier's type means, and its code; both where the type is not told."""
    kind = re.sub(r"[^a-z]", "", _first_inside(node, ".type").lower())
    code = _value(node)
    if kind:
        return ((_CODE_FIELDS[kind], code),) if kind in _CODE_FIELDS else ()
    named = code.partition(":")[0].lower() if code.lower().startswith(tuple(_CODE_FIELDS)) else ""
    return ((_CODE_FIELDS[named], code),) if named in _CODE_FIELDS else (("gtin", code), ("sku", code))


def _first_inside(node: LexborNode, selector: str) -> str:
    return next((text_of(part) for part in _inside(node, selector)), "")
