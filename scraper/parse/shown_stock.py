"""Whether what a page shows can be bought: its stock line, else its buy button."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from scraper.parse.availability import parse_availability
from scraper.parse.described import description_of
from scraper.parse.document import Document, text_of
from scraper.parse.phrases import BUY, BUY_LABELS, ELSEWHERE, SOLD_OUT_BUTTONS, STOCK_LABELS, STOCK_LINES
from scraper.parse.schema_org import NOT_SOLD

_STOCK_WORDS = (
    "stock", "availab", "dispo", "lager", "verfueg", "delivery-status", "sklad", "dostup",
    "lieferstatus", "inventory", "voorraad", "varasto", "magazyn", "dostepn", "nalich", "stok", "lieferzeit",
)  # fmt: skip
_CART_WORDS = ("cart", "basket", "buy", "warenkorb", "panier", "koszyk", "kosik", "checkout", "carrito", "comprar")
_BUTTON_WORDS = ("btn", "button")
_AWAITS_CHOICE = "selection-needed"
"""In the class of a button that waits for a variant to be chosen."""
_HIDDEN_WORDS = frozenset({"hidden", "hide", "d-none", "invisible", "is-hidden", "visually-hidden", "disabled-text"})
_NO_STOCK_WORDS = (
    "filter", "facet", "modal", "popup", "stockist", "store-locator", "store-stock", "store_stock", "store-avail",
    "pickup", "pick-up", "collect", "email", "notify", "alert",
)  # fmt: skip
_ADD_FORM = re.compile(
    r"add[-_]?(?:to[-_]?)?(?:cart|bag|basket|trolley)|wg-order|in[-_]?den[-_]?warenkorb|(?:cart|basket)[/_-]?add|order-?item-?add",
    re.I,
)
"""What shop platforms call the form or the picture that adds the product to the cart, whatever its button says."""
_AROUND = " .!:✓✔•●"
_CLAUSE_END = re.compile(r"\s[-–—|/]\s|[,.;(|!]")
_COUNTED = re.compile(
    r"(?=.*\d)(?:(?P<first>\d{1,6}) )?(?P<words>[^\d:(]{2,40}?)"
    r"(?(first)| ?[:(–-] ?(?P<last>\d{1,6})(?: [^\W\d]{1,6}\.?)?\)?)",
    re.A,
)
"""A state of stock with the number of what is left: `In stock: 6`, `6 in stock`."""
_MOST_LINES = 40
_MOST_LINES_BELOW = 60
_LONGEST_LINE = 80
_LONGEST_BUTTON = 60
_LONGEST_START = 25
_LATER = ("BackOrder", "PreOrder")
_MOST_BUTTONS = 300
_LONGEST_FORM_NAME = 500


def extract_availability(
    document: Document, heading: str, region: LexborNode | None, *, has_price: bool = False
) -> str | None:
    """What the stock line beside the price says, else what its buttons let one do.

    `region` is the smallest element with both heading and price; where no price stands, a button proves nothing, unless
    the page `has_price` by its markup.
    """
    if stated := _stated(document, region):
        return stated
    said, is_labelled = _in_words(document, heading)
    if said and is_labelled:
        return said
    is_priced = has_price or region is not None
    acted = _by_buttons(document) if is_priced and said in (None, *NOT_SOLD) else None
    return "InStock" if acted == "InStock" else said or acted


def contradiction(document: Document, heading: str, marked: str) -> str | None:
    """What the page evidently shows of its stock against the availability that is `marked`; None if nothing does.

    A template's constant is wrong where the button to buy is off and a line says why; markup of one variant is, where
    the button is on and no line says that anything is sold out.
    """
    near = _lines_below(document, heading)
    stated = (STOCK_LINES.get(line.strip(_AROUND).casefold()) for line in near)
    refusal = next((state for state in stated if state in NOT_SOLD), None)
    if (marked in NOT_SOLD) == bool(refusal):
        return None
    buttons = [(node, _label(node)) for node in _buttons(document)]
    if marked in NOT_SOLD:
        telling = [(node, label) for node, label in buttons if label.strip(_AROUND) not in BUY_LABELS]  # not "Add"
        if any(_is_refusal(line.casefold()) for line in near) or not _can_buy(document, telling):
            return None
        starts = (_CLAUSE_END.split(line, maxsplit=1)[0].partition(":")[0] for line in near)
        states = {parse_availability(start) for start in starts if len(start) <= _LONGEST_START}
        return None if states & NOT_SOLD else next((state for state in _LATER if state in states), "InStock")
    if _can_buy(document, buttons):
        return None
    named = (node for node, label in buttons if _is_refusal(label) or _is_to_buy(label))
    is_off = any(_is_inside(node, document) for node in named)
    return refusal if is_off or _stated(document, None) in NOT_SOLD else None


def _can_buy(document: Document, buttons: Iterable[tuple[LexborNode, str]]) -> bool:
    """Whether the product's own part of the page has a button to buy that can be pressed."""
    if any(_is_to_buy(label) and _is_enabled(node) and _is_inside(node, document) for node, label in buttons):
        return True
    return any(_is_inside(form, document) and _can_be_sent(form) for form in _add_forms(document))


def _is_to_buy(label: str) -> bool:
    return any(phrase in label for phrase in BUY) or label.strip(_AROUND) in BUY_LABELS


def _is_refusal(label: str) -> bool:
    return label.lstrip(_AROUND).startswith(SOLD_OUT_BUTTONS)


def _lines_below(document: Document, heading: str) -> list[str]:
    """The lines near below the heading."""
    start = document.lines.index(heading) if heading in document.lines else len(document.lines)
    return document.lines[start : start + _MOST_LINES_BELOW]


def _stated(document: Document, region: LexborNode | None) -> str | None:
    lines = (
        text_of(node)
        for node in document.described.having(_STOCK_WORDS)[:_MOST_LINES]
        if _is_about_stock(node) and _is_inside(node, document, region)
    )
    short = dict.fromkeys(line for line in lines if 0 < len(line) <= _LONGEST_LINE)
    return next((found for line in short if (found := parse_availability(line))), None)


def _is_about_stock(node: LexborNode) -> bool:
    description = description_of(node)
    return not _is_hidden(node) and not any(word in description for word in _NO_STOCK_WORDS)


def _is_inside(node: LexborNode, document: Document, region: LexborNode | None = None) -> bool:
    place = document.places.of(node)
    if place is None or place.aside:
        return False
    return region is None or place.height <= (document.places.height_of(region) or 0)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    classes = (attributes.get("class") or "").lower().split()
    return "hidden" in attributes or "display:none" in style or not _HIDDEN_WORDS.isdisjoint(classes)


def _in_words(document: Document, heading: str) -> tuple[str | None, bool]:
    """By the first line near below the heading that says nothing but a state of stock; and whether a label says so.

    What is said of shops of brick, or of another edition, is nothing about this one's sale.
    """
    before = ""
    for line in _lines_below(document, heading):
        if len(line) > _LONGEST_BUTTON:
            before = ""
            continue
        label, mark, rest = line.rpartition(":")
        named = label if mark and rest else before
        is_labelled = named.strip(_AROUND).casefold() in STOCK_LABELS
        state = _state_of(line) or (parse_availability(rest or line) if is_labelled else None)
        if state and not ELSEWHERE.search(named):
            return state, is_labelled
        before = label if mark and not rest else ""
    return None, False


def _state_of(line: str) -> str | None:
    """What a line says, a part of it, or its words around the number of what is left."""
    if counted := _COUNTED.fullmatch(line):
        state = STOCK_LINES.get(counted["words"].strip(_AROUND).casefold())
        is_none = state == "InStock" and int(counted["first"] or counted["last"]) == 0
        return "OutOfStock" if is_none else state
    parts = (line, line.rpartition(":")[2], _CLAUSE_END.split(line, maxsplit=1)[0])
    said = (part.strip(_AROUND).casefold() for part in parts)
    return next((STOCK_LINES[part] for part in said if part in STOCK_LINES), None)


def _by_buttons(document: Document) -> str | None:
    """InStock by a button to buy that can be pressed, OutOfStock by one that only says that it is sold out."""
    buttons = [(node, _label(node)) for node in _buttons(document)]
    if any(_is_enabled(node) and _is_inside(node, document) and _is_preorder(label) for node, label in buttons):
        return "PreOrder"
    if _can_buy(document, buttons):
        return "InStock"
    refused = (node for node, label in buttons if any(phrase in label for phrase in SOLD_OUT_BUTTONS))
    return "OutOfStock" if any(_is_inside(node, document) for node in refused) else None


def _is_preorder(label: str) -> bool:
    return len(label) <= _LONGEST_BUTTON and parse_availability(label) == "PreOrder"


def _add_forms(document: Document) -> Iterable[LexborNode]:
    named = (
        (form, " ".join(filter(None, (form.attributes.get(key) for key in ("action", "id", "class", "name")))))
        for form in document.tree.tags("form")[:_MOST_BUTTONS]
    )
    return (form for form, name in named if _ADD_FORM.search(name[:_LONGEST_FORM_NAME]))


def _can_be_sent(form: LexborNode) -> bool:
    """Whether the form has a button to send it that is enabled and does not say that nothing is left."""
    sending = form.css("button:not([type=button i]), input[type=submit i], input[type=image i]")
    labels = [_label(node) for node in sending if _is_enabled(node) and (node.tag == "input" or _label(node))]
    return any(not any(phrase in label for phrase in SOLD_OUT_BUTTONS) for label in labels)


def _buttons(document: Document) -> Iterable[LexborNode]:
    tree = document.tree
    inputs = (node for node in tree.tags("input") if node.attrs.sget("type").lower() in ("submit", "button", "image"))
    named = (node for node in document.described.having(_CART_WORDS) if node.tag in ("a", "div", "span"))
    called = (node for node in named if node.tag == "a" or node.css_first("button[disabled], input[disabled]") is None)
    links = (node for node in document.described.having(_BUTTON_WORDS) if node.tag == "a")
    roles = tree.css("[role=button]")
    return [*tree.tags("button"), *inputs, *called, *links, *roles][:_MOST_BUTTONS]


def _label(node: LexborNode) -> str:
    attributes = node.attributes
    text = " ".join(node.text(separator=" ")[: 4 * _LONGEST_BUTTON].split())
    told = (text, *(attributes.get(name) for name in ("value", "aria-label", "title")))
    return " ".join(part[:_LONGEST_BUTTON] for part in told if part).casefold() or _pictured(node)


def _pictured(node: LexborNode) -> str:
    """What a button without words says: the text in place of its picture, or what it is called."""
    pictures = [one.attributes for one in (node, *node.css("img")[:1])]
    names = (one.get(key) for one in pictures for key in ("name", "id", "src"))
    said = next((alt for one in pictures if (alt := one.get("alt"))), "")[:_LONGEST_BUTTON]
    return said.casefold() or (
        "add to cart" if any(name and _ADD_FORM.search(name[:_LONGEST_FORM_NAME]) for name in names) else ""
    )


def _is_enabled(node: LexborNode) -> bool:
    attributes = node.attributes
    classes = (attributes.get("class") or "").lower().split()
    if "disabled" in attributes or attributes.get("aria-disabled") == "true":
        return False
    return "disabled" not in classes or any(_AWAITS_CHOICE in name for name in classes)
