"""Raw text -> the codes that name a product: GTIN, and what its seller or maker calls it."""

import re

from scraper.parse.values import MOST_PHRASE, clean_text, is_number

_MOST_CODE = 80
_GTIN_NAME = r"(?:gtin|ean|upc|isbn|jan|barcode)(?:[-\s]?(?:8|1[0234])(?!\d))?(?:-?[ae]\b)?"
_GTIN_LABEL = re.compile(rf"(?:\W*(?:urn|code|number|no|{_GTIN_NAME}))*\W*", re.I)
_LABELLED_GTIN = re.compile(
    rf"(?<![^\W_]){_GTIN_NAME}(?:[-\s]?(?:code|number|no))?[.\s]{{0,2}}[:#=]?\s{{0,2}}(\d[\d\s–-]{{6,24}}[\dx])(?!\w)",
    re.I,
)
_WHOLE_AS_FLOAT = re.compile(r"\d{8,14}\.0{1,2}", re.ASCII)
_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9X]", re.I)
_IN_ORDER = "01234567890123456789"
_FEWEST_DIGITS = 6
"""That a number with zeros before it has, if it is more than a shop's own count."""


def parse_gtin(text: object) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits whose check digit is right; an ISBN-10 becomes its ISBN-13.

    Of a list the first counts; in other text only what is called a GTIN, EAN, UPC or ISBN. A UPC-E, where so called,
    is written in full, and a number of 11 digits gets back the zero that JSON took. Repeated or counted-up digits are
    fillers, whatever their check digit.

    >>> parse_gtin("EAN: 4006381333931"), parse_gtin("ISBN 0-306-40615-2"), parse_gtin("4006381333932")
    ('4006381333931', '9780306406157', None)
    """
    shown = clean_text(text, limit=MOST_PHRASE) or ""
    if is_number(text) and len(shown) == len("36000291452"):
        shown = f"0{shown}"
    parts = [*re.split(r"[,;|/]", shown), *_LABELLED_GTIN.findall(shown)]
    found = next((gtin for part in parts if (gtin := _gtin(part.strip()))), None)
    return found or (_upc_in_full(shown) if re.search(r"\bupc", shown, re.I) else None)


def _gtin(shown: str) -> str | None:
    code = _GTIN_LABEL.sub("", shown, count=1)
    if _ISSN.fullmatch(code):
        return None
    code = code.partition(".")[0] if _WHOLE_AS_FLOAT.fullmatch(code) else code
    digits = re.sub(r"[\s\-–.]|\)$", "", code).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        digits = _isbn13(digits) or ""
    is_complete = re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits) and _check_digit(digits[:-1]) == digits[-1]
    return digits if is_complete and not _is_filler(digits[:-1]) else None


def _is_filler(body: str) -> bool:
    """Whether digits were typed for want of a number: repeated, counted up or down, hardly more than zeros."""
    counted = body in _IN_ORDER or body[::-1] in _IN_ORDER
    return counted or len(set(body)) == 1 or len(body.lstrip("0")) < _FEWEST_DIGITS


def _upc_in_full(shown: str) -> str | None:
    """The UPC-A that a UPC-E of 8 digits stands for (GS1 General Specifications, section 7.10)."""
    code = re.sub(r"[\s-]", "", _GTIN_LABEL.sub("", shown, count=1))
    if not re.fullmatch(r"[01][0-9]{7}", code):
        return None
    system, maker, last, check = code[0], code[1:6], code[6], code[7]
    zeros = {"3": 3, "4": 4}.get(last)
    if last in "012":
        body = f"{maker[:2]}{last}0000{maker[2:]}"
    elif zeros:
        body = f"{maker[:zeros]}00000{maker[zeros:]}"
    else:
        body = f"{maker}0000{last}"
    return _gtin(f"{system}{body}{check}")


def _check_digit(body: str) -> str:
    """The GS1 check digit: weights 3 and 1 in turn, from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _isbn13(isbn10: str) -> str | None:
    total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(isbn10))
    body = "978" + isbn10[:-1]
    return None if total % 11 else body + _check_digit(body)


_CODE_LABEL = re.compile(
    r"\A(?:sku|mpn|model(?:l|o|ll)?|modèle|модель|item|product|produkt|part|art|artikel|article|artículo|articolo|ref|référence"
    r"|referencia|reference|riferimento|код|артикул|kod|código|codice|型番|货号|品番)"
    r"(?:[.\s-]*(?:no|nr|number|nummer|num|code|id|sku|mpn|товара))*[.\s]*(?:[:：#№=]+|(?<=no\.)|(?<=nr\.))\s*"
    r"|\A(?:sku|mpn|ref)\.?\s(?=\S{0,40}\d)",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"[\W_0]*|n\W?a\W?|nan|null|nil|none|undefined|unknown|tbd|does not apply|not (?:available|applicable|specified)",
    re.I,
)


def parse_sku(text: object) -> str | None:
    """A seller's or maker's code without its label; None for placeholders and for what is too long to be a code.

    >>> parse_sku("SKU: AB-12/3"), parse_sku("N/A")
    ('AB-12/3', None)
    """
    code = _CODE_LABEL.sub("", clean_text(text, limit=MOST_PHRASE) or "", count=1)
    return None if len(code) > _MOST_CODE or _PLACEHOLDER.fullmatch(code) else code


def parse_mpn(text: object) -> str | None:
    """A maker's part number; see `parse_sku`."""
    return parse_sku(text)
