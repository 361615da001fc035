"""What a page shows its readers: heading, price, breadcrumbs, labelled properties, stock, main image."""

import re
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse import phrases
from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of
from scraper.parse.labels import extract_labels
from scraper.parse.schema_org import NOT_SOLD
from scraper.parse.shown_price import find_prices
from scraper.parse.shown_rating import extract_rating
from scraper.parse.values import parse_availability

_TITLE_SEPARATOR = re.compile(r"\s+[|–—·•»:]\s+|\s+-\s+|\s*[|｜]\s*")
_NAMED = ", ".join((
    '[class*="title" i]', '[class*="name" i]', '[id*="title" i]', "[itemprop=name]", "h2", "h3",
))  # fmt: skip
_GENERIC_DOMAINS = frozenset({"io", "co", "tv", "me", "ai", "cc", "eu"})
_BREADCRUMBS = '[class*="breadcrumb" i], [id*="breadcrumb" i], [aria-label*="breadcrumb" i]'
_STOCK = ", ".join((
    '[class*="stock" i]', '[class*="availab" i]', '[id*="availab" i]', '[class*="dispo" i]', '[class*="lager" i]',
    '[class*="verfueg" i]', '[class*="delivery-status" i]', '[class*="sklad" i]', '[class*="sold-out" i]',
))  # fmt: skip
_HIDDEN = re.compile(r"(?:^|[\s_-])(?:hidden|hide|d-none|invisible|is-hidden)(?:$|\s)", re.I)
_BUTTONS = ", ".join((
    "button", "input[type=submit]", "input[type=button]", "[role=button]",
    'a[class*="cart" i]', 'a[class*="basket" i]', 'a[class*="buy" i]',
))  # fmt: skip
_IMAGE = ", ".join((
    "[itemprop=image]", 'img[id*="main" i]', 'img[id*="zoom" i]', 'img[id*="landing" i]', '[class*="gallery" i] img',
    '[class*="main-image" i] img', 'img[class*="product" i]', '[class*="product" i] img', '[id*="product" i] img',
))  # fmt: skip
_IMAGE_ATTRIBUTES = ("data-zoom-image", "data-large_image", "data-src", "src", "href", "content")
_LONGEST_NAME = 300


def extract_html(document: Document) -> list[Candidate]:
    """The one product that the page shows.

    Beside its fields: `is_sold`, whether it is evident that one thing is sold here, and `listed_prices`, how many
    prices stand in a grid of their like.
    """
    heading = find_heading(document)
    name = text_of(heading)[:_LONGEST_NAME] or bare_title(document)
    shown = find_prices(document, heading, country_of(document))
    region = shown.main.region if shown.main else None
    fields: dict[str, object] = {
        "name": name,
        "price_text": shown.main.price.text if shown.main else None,
        "regular_price_text": shown.regular.text if shown.regular else None,
        "category": _breadcrumbs(document),
        "availability": _availability(document, region),
        "images": _images(document, heading),
        **extract_labels(document.lines),
        **extract_rating(document.lines),
    }
    fields["listed_prices"] = shown.listed
    fields["is_sold"] = _is_sold(fields)
    return [Candidate("html", {key: value for key, value in fields.items() if value})]


def find_heading(document: Document) -> LexborNode | None:
    """The element that names the page's main thing: the h1 most like the title, else another that the title holds."""
    title = " ".join(filter(None, (document.title, document.meta("og:title")))).casefold()
    headings = [node for node in document.tree.css("h1")[:20] if text_of(node)]
    if headings:
        return max(headings, key=lambda node: _likeness(text_of(node), title))
    named = [node for node in document.tree.css(_NAMED)[:200] if 4 <= len(text_of(node)) <= _LONGEST_NAME]
    return max(
        (node for node in named if text_of(node).casefold() in title), key=lambda node: len(text_of(node)), default=None
    )


def _likeness(text: str, title: str) -> float:
    """The share of the words of `text` that the title has."""
    words = text.casefold().split()
    return sum(word in title for word in words) / len(words)


def bare_title(document: Document) -> str:
    """The title of the page without the shop's name at its end or start.

    A part is the shop's if it is og:site_name or within the host's name; without such a part the title stays whole.
    """
    title = document.title or document.meta("og:title") or ""
    parts = [part.strip() for part in _TITLE_SEPARATOR.split(title) if part.strip()]
    kept = [part for part in parts if not _is_shop(part, document)]
    return (kept[0] if 0 < len(kept) < len(parts) else title.strip())[:_LONGEST_NAME]


def _is_shop(part: str, document: Document) -> bool:
    def key(text: str) -> str:
        return re.sub(r"\W", "", text.casefold())

    host = key((urlsplit(document.page.final_url).hostname or "").removeprefix("www."))
    name = key(part)
    return name == key(document.meta("og:site_name") or "") or (len(name) > 2 and name in host)


def country_of(document: Document) -> str | None:
    """The country that the host's top-level domain names, else the page's language; in lower case."""
    last = (urlsplit(document.page.final_url).hostname or "").rpartition(".")[2]
    if len(last) == 2 and last.isalpha() and last not in _GENERIC_DOMAINS:
        return last
    return document.region


def _breadcrumbs(document: Document) -> str | None:
    container = document.tree.css_first(_BREADCRUMBS)
    if container is None:
        return None
    names = list(dict.fromkeys(text_of(link) for link in container.css("a")[:12]))
    return " > ".join(name for name in names if len(name) > 1 and len(name) <= 60) or None


def _availability(document: Document, region: LexborNode | None) -> str | None:
    """What the stock line beside the price says, else InStock where a price stands and a button to buy."""
    area = region or document.tree.body
    if area is None:
        return None
    lines = (text_of(node) for node in area.css(_STOCK)[:40] if not _is_hidden(node))
    stated = next((found for line in lines if 0 < len(line) <= 80 and (found := parse_availability(line))), None)
    return stated or ("InStock" if region is not None and _has_buy_button(document) else None)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or bool(_HIDDEN.search(attributes.get("class") or ""))


def _is_sold(fields: dict[str, object]) -> bool:
    """Whether the page sells one thing: a price or its unavailability, and more that only products have."""
    numbered = any(fields.get(key) for key in ("sku", "gtin", "mpn"))
    if fields["price_text"]:
        return numbered or bool(fields["availability"])
    return numbered and fields["availability"] in NOT_SOLD


def _has_buy_button(document: Document) -> bool:
    buttons = document.tree.css(_BUTTONS)[:300]
    return any(phrases.BUY.search(_button_text(node)) for node in buttons if "disabled" not in node.attributes)


def _button_text(node: LexborNode) -> str:
    attributes = node.attributes
    told = (text_of(node)[:100], *(attributes.get(name) for name in ("value", "aria-label", "title")))
    return " ".join(filter(None, told))


def _images(document: Document, heading: LexborNode | None) -> list[str]:
    """The picture described as the product is named, else the first one in a gallery."""
    name = text_of(heading).casefold()
    described = (node for node in document.tree.css("img[alt]")[:300] if _is_described(node, name))
    for node in (*islice(described, 1), *document.tree.css(_IMAGE)[:20]):
        named = (node.attributes.get(key) for key in _IMAGE_ATTRIBUTES)
        if url := next((url for url in named if url and not url.startswith("data:")), None):
            return [url]
    return []


def _is_described(image: LexborNode, name: str) -> bool:
    alt = (image.attributes.get("alt") or "").strip().casefold()
    return min(len(alt), len(name)) > 3 and (alt in name or name in alt)
