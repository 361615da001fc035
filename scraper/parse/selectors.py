"""CSS selectors for one element that are likely to last: by what its author named it, hardly by where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.parse.document import text_of

_TAG = re.compile(r"[a-z][a-z0-9-]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]*")
_VALUE = re.compile(r"[A-Za-z][A-Za-z:._-]{0,39}")
_PART = re.compile(r"[A-Za-z]+")
_HUMP = re.compile(r"[A-Z]*[a-z]+|[A-Z]+")
_GENERATED = re.compile(r"(?:css|sc|jsx|jss|emotion|svelte|astro|data-v)-", re.I)
_OF_THE_MOMENT_OR_LAYOUT = re.compile(
    "active|selected|current|open|opened|closed|hidden|visible|show|shown|hover|focus|loading|loaded|disabled|is|has|js|no"
    "|first|last|odd|even|left|right|center|cols?|columns?|row|container|wrapper|clearfix|block|inline|flex|grid|text|font"
    "|bg|border|rounded|shadow|items|justify|align|float|pull|[mp][tblrxy]?|[wh]|sm|md|lg|xl"
)
_LABEL = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ./-]){1,38}[^\W\d_]")
_LABELLED = ("td", "dd", "span", "div", "p", "b", "strong")
_MOST_ANCESTORS = 8
_MOST_FORMS = 6
_FORMS_OF_AN_ANCESTOR = 2

GOOD = 40
"""Ranks below this are of names alone; above it a tag or a place counts."""
_TAG_RANK = 60
_PATH_RANK = 90


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector and how soon it may break: the lower the rank, the later."""

    rank: int
    css: str
    simpler: tuple[str, ...] = ()
    """Those that are to be preferred where they serve as well."""


def selectors_for(node: LexborNode, *, attribute: str | None) -> Iterator[Selector]:
    """What may select the element, the simplest first; whether it does is for the caller to see.

    `attribute` is that which is to be read; None for the text. An attribute's presence may select its element.
    """
    own = list(islice(_forms(node, attribute), _MOST_FORMS))
    yield from own
    yield from _by_label(node)
    for distance, ancestor in enumerate(islice(_ancestors(node), _MOST_ANCESTORS)):
        plain = (form for form in _named_forms(ancestor) if not form.simpler)
        for outer in islice(plain, _FORMS_OF_AN_ANCESTOR):
            yield from (_inside(outer, inner, distance) for inner in own)


def _inside(outer: Selector, inner: Selector, distance: int) -> Selector:
    """A named element anywhere below the outer one; where it is but a tag, the nearer the better."""
    rank = inner.rank + 2 + outer.rank // 10 if inner.rank < GOOD else GOOD + 6 * distance + outer.rank // 5
    simpler = (inner.css, *inner.simpler, *(f"{outer.css} {css}" for css in inner.simpler))
    return Selector(rank, f"{outer.css} {inner.css}", simpler)


def _forms(node: LexborNode, attribute: str | None) -> Iterator[Selector]:
    tag = _tag(node)
    if tag == "h1":
        yield Selector(12, tag)
    if attribute and attribute.startswith("data-") and _NAME.fullmatch(attribute):
        yield Selector(22, f"[{attribute}]")
    yield from islice(_named_forms(node), _MOST_FORMS - 2)
    if tag:
        yield Selector(_TAG_RANK, tag)


def _named_forms(node: LexborNode) -> Iterator[Selector]:
    """By the names that the element was given, best first."""
    attributes, tag = node.attributes, _tag(node)
    named = {name: value for name, value in attributes.items() if value and _VALUE.fullmatch(value)}
    for name in ("itemprop", "property"):
        if name in named and tag != "meta":
            yield Selector(0, f'[{name}="{named[name]}"]')
            yield Selector(1, f'{tag}[{name}="{named[name]}"]', (f'[{name}="{named[name]}"]',))
    if is_lasting(attributes.get("id") or ""):
        yield Selector(10, f"#{attributes['id']}")
    for name, value in named.items():
        if name.startswith("data-") and _NAME.fullmatch(name) and is_lasting(value):
            yield Selector(15 if "test" in name or name == "data-qa" else 24, f'[{name}="{value}"]')
    for name in ("itemprop", "property", "name"):
        if tag in ("meta", "input") and name in named:
            yield Selector(25, f'{tag}[{name}="{named[name]}"]')
    for name in filter(is_lasting, (attributes.get("class") or "").split()):
        yield Selector(30, f".{name}")
        yield Selector(31, f"{tag}.{name}", (f".{name}",))


def is_lasting(name: str) -> bool:
    """Whether a class or id is a word of its author's: no number, no hash, no state, no piece of layout.

    >>> [is_lasting(name) for name in ("product-price", "productPrice", "xKwQz", "price-12", "is-active", "mt-auto")]
    [True, True, False, False, False, False]
    """
    if not _NAME.fullmatch(name) or len(name) < 3 or _GENERATED.match(name):
        return False
    parts = _PART.findall(name)
    return not _OF_THE_MOMENT_OR_LAYOUT.fullmatch(parts[0].lower()) and all(map(_is_word, parts))


def _is_word(part: str) -> bool:
    """Short, or with a vowel and a run of letters in one case: `Price`, not `xKwQz`."""
    longest = max(map(len, _HUMP.findall(part)), default=0)
    return len(part) < 4 or (longest >= 3 and re.search(r"[aeiouy]", part, re.I) is not None)


def _by_label(node: LexborNode) -> Iterator[Selector]:
    """By the text of the element before it: `<th>EAN</th><td>…</td>`."""
    tag, before = _tag(node), _before(node)
    label = text_of(before).rstrip(": ") if before is not None else ""
    if tag in _LABELLED and before is not None and _LABEL.fullmatch(label) and (beside := _tag(before)):
        yield Selector(28, f'{beside}:lexbor-contains("{label}") + {tag}')


def selector_by_place(node: LexborNode) -> Selector:
    """The way down to it from its nearest ancestor with a name; the last resort."""
    steps = [_step(node)]
    for ancestor in islice(_ancestors(node), _MOST_ANCESTORS):
        if outer := next(_named_forms(ancestor), None):
            return Selector(_PATH_RANK + len(steps), f"{outer.css} > {' > '.join(steps)}")
        steps.insert(0, _step(ancestor))
    return Selector(_PATH_RANK + _MOST_ANCESTORS + len(steps), " > ".join(steps))


def _step(node: LexborNode) -> str:
    tag, place, before = _tag(node) or "*", 1, _before(node)
    while before is not None:
        place += before.tag == node.tag
        before = _before(before)
    return f"{tag}:nth-of-type({place})" if tag not in ("html", "body") else tag


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and _tag(parent) and parent.tag != "html":
        yield parent
        parent = parent.parent


def _before(node: LexborNode) -> LexborNode | None:
    before = node.prev
    while before is not None and not _tag(before):
        before = before.prev
    return before


def _tag(node: LexborNode) -> str | None:
    """The name of an element; None for a text, a comment, and a name that no selector can hold."""
    return node.tag if node.tag and _TAG.fullmatch(node.tag) else None
