"""JSON-LD: the products in the blocks of a page, through graphs, lists and references."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from scraper.parse import schema_org
from scraper.parse.aboutness import MANY
from scraper.parse.candidate import Candidate
from scraper.parse.document import Document
from scraper.parse.schema_org import Node

_PART_OF_PRODUCT = frozenset({"hasvariant", "model", "isvariantof", "offers", "brand", "review", "aggregaterating"})
_MOST_NODES = 20_000
_MOST_IN_FULL = 60


def extract_jsonld(document: Document) -> list[Candidate]:
    """The products of all blocks, in the order of the page, with the breadcrumbs as their category."""
    found = list(walk(document.jsonld))
    trail = next((trail for node, _ in found if (trail := breadcrumbs(node))), None)
    offered = ((_offered(node), aside) for node, aside in found)
    products = [(node, aside) for node, aside in offered if schema_org.is_product(node)]
    return candidates("jsonld", products, trail, document)


def candidates(
    source: str, products: Sequence[tuple[Node, bool]], trail: str | None, document: Document
) -> list[Candidate]:
    """The products, each with whether it is an aside; `trail` is the category of all.

    Of many, those that the page cannot be about are only glanced at, and so are all after the first dozens: products
    may share an offer or a variant, each of which is as large as the page.
    """
    shared: dict[str, object] = {"category": trail} if trail else {}
    is_many = len(products) >= MANY
    found: list[Candidate] = []
    left = _MOST_IN_FULL
    for node, aside in products:
        fields = _glance(node, document, is_last=not left) if is_many else None
        if fields is None:
            fields = schema_org.product_fields(node, document.urls)
            left -= is_many
        found.append(Candidate(source, fields | shared, aside))
    return found


def _glance(node: Node, document: Document, *, is_last: bool) -> dict[str, object] | None:
    """The few fields of one of many products, where they are enough."""
    if not is_last and schema_org.has_variants(node):
        return None
    glance = schema_org.fields_at_a_glance(node)
    return glance if is_last or document.home.is_stranger(glance.get("name"), glance.get("url")) else None


def walk(roots: Iterable[object]) -> Iterator[tuple[Node, bool]]:
    """All typed nodes, references to others resolved, those nearest to the top first.

    Each comes with whether it is an aside of its page: an entry of a list, a related product. Variants belong to
    their group and are not told again.
    """
    index: dict[str, dict[str, object]] = {}
    typed: list[tuple[dict[str, object], bool]] = []
    queue: deque[tuple[object, bool]] = deque((root, False) for root in roots)
    for _ in range(_MOST_NODES):
        if not queue:
            break
        value, aside = queue.popleft()
        if isinstance(value, list):
            queue.extend((item, aside) for item in value)
        elif isinstance(value, dict):
            if "@type" in value:
                typed.append((value, aside))
                if isinstance(name := value.get("@id"), str):
                    index.setdefault(name, value)
            product = schema_org.is_product(value)
            queue.extend(
                (part, aside or key.lower() in schema_org.ASIDES)
                for key, part in value.items()
                if isinstance(part, dict | list) and not (product and key.lower() in _PART_OF_PRODUCT)
            )
    return ((_resolved(node, index), aside) for node, aside in typed)


def _resolved(node: dict[str, object], index: dict[str, dict[str, object]]) -> Node:
    """The node with `{"@id": …}` among its values replaced by what they refer to."""

    def target(value: object) -> object:
        if isinstance(value, dict) and "@type" not in value and isinstance(name := value.get("@id"), str):
            return index.get(name, value)
        return value

    return {
        key: [target(item) for item in value] if isinstance(value, list) else target(value)
        for key, value in node.items()
    }


def _offered(node: Node) -> Node:
    """An offer at the top, with the product inside it, turned inside out; any other node as it is."""
    items = schema_org.nodes(node, "itemOffered")
    if not items or schema_org.values(items[0], "offers"):
        return node
    return {"@type": "Product", **items[0], "offers": [{k: v for k, v in node.items() if k != "itemOffered"}]}


def breadcrumbs(node: Node) -> str | None:
    """The names of a BreadcrumbList joined by ` > `; None if the node is none."""
    if "breadcrumblist" not in schema_org.types(node):
        return None
    entries = schema_org.nodes(node, "itemListElement")
    names = [
        schema_org.first_text(entry, "name")
        or next((name for item in schema_org.nodes(entry, "item") if (name := schema_org.text(item))), None)
        for entry in sorted(entries, key=_position)
    ]
    return " > ".join(name.strip() for name in names if name) or None


def _position(entry: Node) -> int:
    position = schema_org.first_text(entry, "position") or ""
    return int(position) if position.isascii() and position.isdigit() and len(position) < 5 else 0
