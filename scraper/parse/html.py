"""What a page shows its readers: heading, price, breadcrumbs, labelled properties, stock, main image."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.parse.candidate import Candidate
from scraper.parse.country import country_of
from scraper.parse.document import Document, text_of
from scraper.parse.labels import extract_labels, is_code
from scraper.parse.schema_org import NOT_SOLD
from scraper.parse.shop_name import bare_title
from scraper.parse.shown_brand import extract_brand
from scraper.parse.shown_image import extract_images
from scraper.parse.shown_price import ShownPrices, find_prices
from scraper.parse.shown_rating import extract_rating
from scraper.parse.shown_stock import extract_availability
from scraper.parse.url_code import code_in_url

_BREADCRUMB_WORDS = ("breadcrumb", "bread-crumb", "bread_crumb", "brotkrume", "fil-ariane", "filariane", "crumbs")
_CRUMB_MARKS = " -–—>»›/|•·\\"
_BACK = re.compile(
    r"\W*(?:(?:go )?back|return|previous|zurück|retour|précédent|terug|tilbage|tillbaka|tilbake|takaisin|indietro|torna"
    r"|volver|atrás|voltar|zpět|späť|wstecz|powrót|vissza|înapoi|назад)"
    r"\W*(?:$|(?:to|zu[rm]?|à|au|naar|till?|al?|do|na|k)\b(?! school))",
    re.I,
)
"""What a link says that leads where the reader came from."""
_MOST_CRUMBS = 12
_WORD = re.compile(r"\w+")
_PATH_WORD = re.compile(r"[^\W_]+")
_FEWEST_WORDS = 3
_MOST_OF = 0.6
_LONGEST_CRUMB = 60
_DESCRIPTION_WORDS = (
    "product-description", "product_description", "productdescription", "product__description", "description-content",
    "tab-description", "produktbeschreibung", "descripcion",
)  # fmt: skip
_LONGEST_NAME = 300
_SKU_WORDS = ("sku", "product-code", "productcode", "product-number", "productnumber", "ordernumber", "artnr")
_MOST_SKUS = 10
_MOST_IN_HEADING = 5


class _Shown:
    """What is asked of a page more than once, found when first asked for."""

    def __init__(self, document: Document, *, has_price: bool, is_priced: bool) -> None:
        self.document = document
        self.has_price = has_price
        """Whether better sources tell a price that the page shows."""
        self.is_priced = has_price or is_priced
        """Whether they tell any."""
        self.heading_text = text_of(document.heading)[:_LONGEST_NAME]

    @cached_property
    def prices(self) -> ShownPrices:
        country = country_of(self.document)
        return find_prices(self.document, country, by_name_only=self.has_price)

    @property
    def region(self) -> LexborNode | None:
        return self.prices.main.region if self.prices.main else None


def _read_prices(shown: _Shown) -> Mapping[str, object]:
    main, regular = shown.prices.main, shown.prices.regular
    return {
        "price_text": main.price.text if main else None,
        "regular_price_text": regular.text if regular else None,
        "listed_prices": shown.prices.listed,
    }


def _read_labels(shown: _Shown) -> Mapping[str, object]:
    return extract_labels(shown.document.lines, shown.heading_text)


def _read_sku(shown: _Shown) -> Mapping[str, object]:
    """A code in an element that is called its place."""
    for node in shown.document.described.having(_SKU_WORDS)[:_MOST_SKUS]:
        place, code = shown.document.places.of(node), text_of(node)
        if place is not None and not place.aside and is_code(code):
            return {"sku": code}
    return {}


def _read_rating(shown: _Shown) -> Mapping[str, object]:
    return extract_rating(shown.document)


def _read_images(shown: _Shown) -> Mapping[str, object]:
    return {"images": extract_images(shown.document, shown.heading_text)}


def _read_availability(shown: _Shown) -> Mapping[str, object]:
    stock = extract_availability(shown.document, shown.heading_text, shown.region, has_price=shown.is_priced)
    return {"availability": stock}


def _read_brand(shown: _Shown) -> Mapping[str, object]:
    return {"brand": extract_brand(shown.document, shown.heading_text)}


def _read_category(shown: _Shown) -> Mapping[str, object]:
    return {"category": _breadcrumbs(shown.document)}


def _read_description(shown: _Shown) -> Mapping[str, object]:
    described = shown.document.described.having(_DESCRIPTION_WORDS)
    return {"description": next((text for node in described[:5] if len(text := text_of(node)) > 40), None)}


def _read_code(shown: _Shown) -> Mapping[str, object]:
    return {"product_id": code_in_url(shown.document.urls, shown.document.text)}


_READERS: tuple[tuple[frozenset[str], Callable[[_Shown], Mapping[str, object]]], ...] = (
    (frozenset({"price", "regular_price"}), _read_prices),
    (frozenset({"sku", "gtin", "mpn", "brand", "color", "size", "condition"}), _read_labels),
    (frozenset({"sku"}), _read_sku),
    (frozenset({"brand"}), _read_brand),
    (frozenset({"rating", "review_count"}), _read_rating),
    (frozenset({"images"}), _read_images),
    (frozenset({"category"}), _read_category),
    (frozenset({"availability"}), _read_availability),
    (frozenset({"description"}), _read_description),
    (frozenset({"product_id"}), _read_code),
)  # fmt: skip
"""Which fields a reader gives; the first reader that has a field decides."""


def extract_html(document: Document, settled: Collection[str] = (), *, is_priced: bool = False) -> list[Candidate]:
    """The one product that the page shows, but for the fields that are `settled`, which better sources give.

    Beside its fields: `is_sold`, whether it is evident that one thing is sold here, and `listed_prices`, how many
    prices stand in a grid of their like.
    """
    shown = _Shown(document, has_price="price" in settled, is_priced=is_priced)
    fields: dict[str, object] = {"name": _name(document)}
    known = set(settled)
    if "sku" in known:
        known.add("product_id")
    for given, read in _READERS:
        if not given <= fields.keys() | known:
            fields = {key: value for key, value in read(shown).items() if value} | fields
    fields["is_sold"] = _is_sold(fields)
    return [Candidate("html", {key: value for key, value in fields.items() if value})]


def _name(document: Document) -> str:
    """The heading; the title where there is none, or where it says something else and the address agrees."""
    heading, title = _heading(document), bare_title(document)[:_LONGEST_NAME]
    named, told = ({word.casefold() for word in _WORD.findall(text)} for text in (heading, title))
    if not named or (named.isdisjoint(told) and _is_in_address(told, document)):
        return title
    return heading


def _is_in_address(words: Collection[str], document: Document) -> bool:
    """Whether the page's path has most of the words, and not few."""
    path = {word.casefold() for url in document.urls for word in _PATH_WORD.findall(urlsplit(url).path)}
    return len(words) >= _FEWEST_WORDS and len(path.intersection(words)) >= _MOST_OF * len(words)


def _heading(document: Document) -> str:
    """The text of the heading without the prices in it."""
    heading = document.heading
    if heading is None:
        return ""
    named = heading.css('[class*="price" i]')[:_MOST_IN_HEADING]
    prices = [node for node in named if node.mem_id != heading.mem_id and any(map(str.isdigit, node.text()))]
    if not prices:
        return text_of(heading)[:_LONGEST_NAME]
    priced = {part.mem_id for price in prices for part in price.traverse(include_text=True)}
    parts = (part for part in heading.traverse(include_text=True) if part.tag == "-text" and part.mem_id not in priced)
    return " ".join(" ".join(part.text() for part in parts).split())[:_LONGEST_NAME]


def _breadcrumbs(document: Document) -> str | None:
    trails = document.described.having(_BREADCRUMB_WORDS) or document.tree.css('[aria-label*="breadcrumb" i]')
    for container in trails[:2]:
        links = _crumbs(container)
        names = dict.fromkeys(text_of(link).strip(_CRUMB_MARKS) for link in links[:_MOST_CRUMBS])
        if trail := " > ".join(name for name in names if 1 < len(name) <= _LONGEST_CRUMB and not _BACK.match(name)):
            return trail
    return None


def _crumbs(container: LexborNode) -> list[LexborNode]:
    """The links of a trail without those of menus that unfold from it."""
    links = container.css("a")
    unfolded = {link.mem_id for link in container.css("li ul a, li ol a")}
    return [link for link in links if link.mem_id not in unfolded] or links


def _is_sold(fields: dict[str, object]) -> bool:
    """Whether the page sells one thing: a price or its unavailability, and more that only products have."""
    numbered = any(fields.get(key) for key in ("sku", "gtin", "mpn"))
    if fields.get("price_text"):
        return numbered or bool(fields.get("availability") or fields.get("regular_price_text"))
    return numbered and fields.get("availability") in NOT_SOLD
