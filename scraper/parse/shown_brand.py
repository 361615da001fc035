"""The brand that a page shows without a label: a link to its page, its logo, an element called so."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.parse.described import description_of
from scraper.parse.document import Document, text_of

_BRAND_WORDS = ("brand", "manufacturer", "vendor", "hersteller", "marque", "fabricant", "producent", "vyrobce")
_BRAND_PATH = re.compile(
    r"/(?:brands?|marken?|marcas?|marchi|marques?|merk(?:en)?|manufacturers?|hersteller|vendors?|znack[ay]|producent"
    r"|varumarke|maerke|marka|designers?)/[^/?#]"
)
_NOT_A_BRAND = ("logo-", "site-", "navbar-brand", "brand-logo-header", "branding")
_MADE_BY = re.compile(r"(?:by|von|par|door|brand|marke|marca|marque)\s?[: ]\s?", re.I)
_ABBREVIATED = re.compile(r"(?:^|\W)[A-Z][A-Za-z]{0,4}\.$")
"""What a name may end with: Inc., Ltd., Co., P."""
_MOST_ELEMENTS = 40
_LONGEST = 40
_NEAR = 4
_FEWEST_LISTED = 2
"""Links that make an element called brand a list of brands."""


def extract_brand(document: Document, name: str) -> str | None:
    """The first text of an element called brand, or of a link to a brand, that stands near the heading or is in it."""
    for node, place_is_telling in _elements(document):
        place = document.places.of(node)
        if place is None or place.aside:
            continue
        text = _text(node)
        if not _is_name(text):
            continue
        if text.casefold() in name.casefold() or (place_is_telling and place.height <= _NEAR):
            return text
    return None


def _elements(document: Document) -> Iterator[tuple[LexborNode, bool]]:
    for node in document.described.having(_BRAND_WORDS)[:_MOST_ELEMENTS]:
        if not any(word in description_of(node) for word in _NOT_A_BRAND):
            yield node, True
    links = (node for node in document.tree.tags("a") if _leads_to_brand(node))
    yield from ((node, True) for node in links)


def _leads_to_brand(link: LexborNode) -> bool:
    return bool(_BRAND_PATH.search(link.attrs.sget("href")))


def _text(node: LexborNode) -> str:
    text = text_of(node) if len(node.css("a")) < _FEWEST_LISTED else ""
    if said := _MADE_BY.match(text):
        text = text[said.end() :]
    image = node.css_first("img[alt], img[title]") if not text else None
    said_of_image = (image.attributes.get("alt") or image.attributes.get("title") or "") if image is not None else ""
    return text or said_of_image.strip()


def _is_name(text: str) -> bool:
    is_sentence = text.endswith((":", "?", ".", "!")) and not _ABBREVIATED.search(text)
    return 1 < len(text) <= _LONGEST and any(map(str.isalpha, text)) and not is_sentence
