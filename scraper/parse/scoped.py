"""Items whose properties are attributes of nested elements: what microdata and RDFa Lite have in common."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from selectolax.lexbor import LexborNode

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document
from scraper.parse.jsonld import breadcrumbs, candidates
from scraper.parse.schema_org import ASIDES, is_product

_URL_ATTRIBUTES = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
}
_NAMES = frozenset(
    {"name", "brand", "manufacturer", "category", "sku", "mpn", "model", "color", "ratingValue", "reviewCount"}
)
"""Properties that are never an address."""
_MOST_ELEMENTS = 10_000
_LONGEST_TEXT = 5_000
_LONGEST_NAMES = 500
_DEEPEST = 50
"""Elements with a scope or a property around another, as the text of each is read; nobody nests a tenth of them."""

Attributes = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Syntax:
    """The names of the attributes that make an item."""

    source: str
    scope: str
    type: str
    property: str
    prefixes: tuple[str, ...] = ()
    """Taken off the names of properties."""


@dataclass(slots=True)
class Item:
    """An element that is an item, as a schema.org node; both grow while the properties are met."""

    node: dict[str, list[object]]
    property: str | None = None
    """Of which property of another item this is the value; None at the top."""


def extract_items(document: Document, syntax: Syntax) -> list[Candidate]:
    """The products among the items of a page, in its order."""
    scopes = ", ".join(dict.fromkeys((f"[{syntax.scope}]", f"[{syntax.type}]")))
    if document.tree.css_first(scopes) is None:
        return []
    items = read_items(document.tree.css(f"{scopes}, [{syntax.property}]"), syntax)
    trail = next((trail for item in items if (trail := breadcrumbs(item.node))), None)
    products = [
        (item.node, (item.property or "").lower() in ASIDES)
        for item in items
        if is_product(item.node) and item.property not in ("hasVariant", "model", "isVariantOf", "itemReviewed")
    ]
    return candidates(syntax.source, products, trail, document)


def read_items(elements: Sequence[LexborNode], syntax: Syntax) -> list[Item]:
    """All items among `elements`, which are all those with a scope or a property, in the order of the page.

    A type without a scope is one that somebody forgot, unless it is that of a property's value.
    """
    known = {element.mem_id: (element, element.attributes) for element in elements[:_MOST_ELEMENTS]}
    items = {
        name: Item({"@type": list((attributes.get(syntax.type) or "").split())})
        for name, (_, attributes) in known.items()
        if syntax.scope in attributes or (syntax.type in attributes and syntax.property not in attributes)
    }
    owners = _Owners(items, _references(known), known)
    for name, (element, attributes) in known.items():
        written = attributes.get(syntax.property)
        properties = _properties(written[:_LONGEST_NAMES], syntax.prefixes) if written else ()
        owner, depth = owners.of(element) if properties else (None, 0)
        if owner is None or depth > _DEEPEST:
            continue
        inner = items.get(name)
        if inner is not None:
            inner.property = properties[0]
        value = inner.node if inner is not None else _value(element, attributes, properties)
        for key in properties:
            owner.node.setdefault(key, []).append(value)
    return list(items.values())


@lru_cache(maxsize=1_024)
def _properties(written: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The names of properties in an attribute, those of other vocabularies left out."""
    names = written.split()
    for prefix in prefixes:
        names = [name.removeprefix(prefix) for name in names]
    return tuple(name for name in names if ":" not in name and name != "@type")


def _references(known: dict[int, tuple[LexborNode, Attributes]]) -> dict[str, int]:
    """Ids that an item names by itemref -> the item."""
    referring = ((name, attributes["itemref"]) for name, (_, attributes) in known.items() if "itemref" in attributes)
    return {ref: name for name, references in referring for ref in (references or "").split()}


class _Owners:
    """Finds the item that an element's property belongs to; every step up the tree is taken once."""

    def __init__(self, items: dict[int, Item], references: dict[str, int], elements: Container[int]) -> None:
        self._items = items
        self._references = references
        self._elements = elements
        self._inside: dict[int, tuple[Item | None, int]] = {}

    def of(self, element: LexborNode) -> tuple[Item | None, int]:
        """The item, and how many elements with a scope or a property stand around the element."""
        path: list[tuple[int, LexborNode]] = []
        inside: tuple[Item | None, int] | None = None
        above = element.parent
        while above is not None and (inside := self._inside.get(name := above.mem_id)) is None:
            path.append((name, above))
            above = above.parent
        owner, depth = inside or (None, 0)
        for name, node in reversed(path):
            owner = self._items.get(name) or self._referring(node) or owner
            depth += name in self._elements
            self._inside[name] = owner, depth
        return self._referring(element) or owner, depth

    def _referring(self, node: LexborNode) -> Item | None:
        if not self._references:
            return None
        return self._items.get(self._references.get(node.id or "", 0))


def _value(element: LexborNode, attributes: Attributes, properties: Sequence[str]) -> str:
    """A property's value; where a link stands around a name, the name is meant, whatever the standard says."""
    is_named = element.tag == "a" and not _NAMES.isdisjoint(properties) and not attributes.get("content")
    text = " ".join(element.text(separator=" ")[:_LONGEST_TEXT].split()) if is_named else ""
    return text or value_of(element, attributes)


def value_of(element: LexborNode, attributes: Attributes) -> str:
    """A property's value: its machine-readable attribute, else its text; a link around a picture is the picture."""
    tag = element.tag or ""
    if tag == "a" and "image" in (attributes.get("itemprop"), attributes.get("property")):
        picture = element.css_first("img[src]")
        if picture is not None:
            return picture.attributes.get("src") or ""
    for name in ("content", _URL_ATTRIBUTES.get(tag), "data-src" if tag == "img" else None, "value"):
        if name in attributes and (value := attributes[name]):
            return value
    return " ".join(element.text(separator=" ")[:_LONGEST_TEXT].split())
