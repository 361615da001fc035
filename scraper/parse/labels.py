"""Properties that a page states by label: `EAN: 4006381333931`, in tables, lists and running text."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import product

from scraper.parse.codes import parse_gtin
from scraper.parse.phrases import LABELS

_MARK = re.compile(r"[:：]|#|＃")
_PARENTHESIS = re.compile(r"\([^()]{0,30}\)")
_PART = r"(?: [A-Z0-9][A-Z0-9./_-]{1,20})"
_CODE = re.compile(rf"[^\W_](?:[\w./+#-]{{1,39}}{_PART}{{0,2}}|{_PART}{{1,2}})")
_PROMPT = re.compile(
    r"(?<![\w-])(?:choos|select|pick|guide|chart|finder|help|filter|required|auswahl|auswähl|wähl|tabelle|berater|choisi|séléction"
    r"|qty|quantity|menge|quantité|cantidad|quantità|quantidade|aantal|antal|ilość|množství|add (?:to|item)"
    r"|seleccion|elig[ei]|escolh|selecion|tabla|guía|guia|scegli|selezion|tabella|kies|maattabel|välj|vælg|velg|valitse"
    r"|vyber|wybierz|tabela|tabulka|válas|aleg|выбер|выбрать|обер|оберіть|избер|таблица|seç|选择|選擇|選択|お選び|선택)",
    re.I,
)
"""What stands after the label of an option that is still to be chosen, or of one whose values are not text."""
_PARTS = re.compile(r" \| | [-–•·] (?=[^\W\d_][^:]{1,24}:)")
"""Between properties in one line."""
_SENTENCE = re.compile(r"[.!?]\s|[.!?:;]$|https?:")
_LONGEST_LINE = 120
_LONGEST_LABEL = 45
_LONGEST_BRAND = 40
_LONGEST_CODE = 30
_LONGEST_WORDS = 60
_START = 3
_MOST_LINES = 20_000
_MOST_FOLLOWING = 2
_MOST_BETWEEN = 12
"""Lines from a maker to the brand that is more than a menu's word further down."""
_CODES = ("sku", "mpn")
_NO_CODES = frozenset({"ID", "SKU", "REF", "CODE", "EAN", "UPC", "MPN", "ISBN", "N/A", "NA"})
"""Labels in capitals."""
_BRANDS = ("brand", "maker")
_TEXTS = ("color", "size", "condition")


def _key(label: str) -> str:
    """A label without case, accents, blanks and punctuation: `Art.-Nr.` is `artnr`, and capitals drop accents."""
    folded = label.casefold()
    is_plain = folded.isascii() and folded.isalnum()
    return folded if is_plain else "".join(filter(str.isalnum, _without_accents(folded)))


def _without_accents(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKD", text)


_FIELD_BY_KEY = {_key(label): field for field, labels in LABELS.items() for label in labels}
_FOLDED_STARTS = {
    f"{mark}{spelled}{ending}"[:_START].lower()
    for mark in ("", "| ")
    for labels in LABELS.values()
    for label in labels
    for spelled in (label, "".join(c for c in _without_accents(label) if not unicodedata.combining(c)))
    for ending in ("", " ", ":", "：", "#", "(", "-", ".", "/")
}
_STARTS = frozenset(
    "".join(start) for folded in _FOLDED_STARTS for start in product(*({mark, mark.upper()} for mark in folded))
)
"""In every mixture of cases, since to fold the case of each line takes longer than to look it up."""
_WORD = re.compile(r"[^\W_]+")
_FIRST_WORDS = frozenset(
    _key("".join(words[:count]))
    for labels in LABELS.values()
    for label in labels
    for words in [_WORD.findall(label)]
    for count in range(1, len(words) + 1)
)
"""The words that labels begin with, also where blanks or punctuation between them are left out."""
_MOST_LABEL_WORDS = 3


def extract_labels(lines: Sequence[str], heading: str = "") -> dict[str, str]:
    """Field -> the value after the first label of it that has one; a value follows in its line or the next.

    Words such as a brand need a colon, unless their label follows the heading; menus have such words, too.
    """
    found: dict[str, str] = {}
    places: dict[str, int] = {}
    start = lines.index(heading) if heading in lines else 0
    likely = [index for index, line in enumerate(lines[:_MOST_LINES]) if line and line[:_START] in _STARTS]
    for index in likely:
        line = lines[index]
        start_of_label = 2 if line[0] == "|" else 0
        word = _WORD.match(line, start_of_label, _LONGEST_LABEL) if len(line) <= _LONGEST_LINE else None
        if word is None or _key(word[0]) not in _FIRST_WORDS:
            continue
        following = lines[index + 1 : index + 1 + _MOST_FOLLOWING]
        *parts, last = _PARTS.split(line.removeprefix("| "))
        told = [_read(part, (), is_below=True) for part in parts]
        told.append(_read(last, following, is_below=bool(parts) or index >= start))
        for field, value in (entry for part in told for entry in part.items()):
            if field not in found:
                found[field], places[field] = value, index
    if "maker" in found:
        is_brand_beside = "brand" in found and places["brand"] - places["maker"] <= _MOST_BETWEEN
        maker = found.pop("maker")
        found["brand"] = found["brand"] if is_brand_beside else maker
    return found


def _read(line: str, following: Sequence[str], *, is_below: bool) -> Mapping[str, str]:
    """The field of the line's label and its value; empty if the line has no label, or that no value."""
    mark = _MARK.search(line, 0, _LONGEST_LABEL)
    label, rest = (line[: mark.start()], line[mark.end() :].strip(" :：#.\t")) if mark else (line, "")
    field = _field(label, mark)
    if field is None:
        return {} if mark else _unmarked(line)
    if rest:
        value = _checked(field, rest)
        return {field: value} if value else {}
    is_marked = mark is not None or bool(following and following[0][:1] in (":", "："))
    if not (is_marked or is_below or field in (*_CODES, "gtin")):
        return {}
    after = (text.lstrip(":： ") for text in following)
    value = _checked(field, next((text for text in after if text), ""))
    return {field: value} if value else {}


def _field(label: str, mark: re.Match[str] | None) -> str | None:
    if len(label) > _LONGEST_LABEL:
        return None
    if mark and mark[0] in "#＃":
        label += " no"
    return _FIELD_BY_KEY.get(_key(label)) or (
        _FIELD_BY_KEY.get(_key(_PARENTHESIS.sub("", label))) if "(" in label else None
    )


def without_label(field: str, text: str) -> str:
    """A value of a field without the label before it: `Brand: Acme` is Acme."""
    label, mark, rest = text.partition(":")
    own = _BRANDS if field == "brand" else (field,)
    return rest.strip() if mark and _FIELD_BY_KEY.get(_key(label)) in own else text


def _unmarked(line: str) -> Mapping[str, str]:
    """A code after its label with nothing between them: `SKU AB-12`."""
    words = line.split()
    for count in range(min(_MOST_LABEL_WORDS, len(words) - 1), 0, -1):
        field = _FIELD_BY_KEY.get(_key(" ".join(words[:count])))
        rest = " ".join(words[count:])
        is_one = " " not in rest or rest.replace(" ", "").isdecimal()
        if field in (*_CODES, "gtin") and is_one and (value := _checked(field, rest)):
            return {field: value}
    return {}


def is_code(text: str) -> bool:
    """Whether a text is one code, with a digit or all in capitals: `AB-1044`."""
    is_like = any(map(str.isdigit, text)) or (text.isupper() and text not in _NO_CODES)
    return len(text) <= _LONGEST_CODE and is_like and _CODE.fullmatch(text) is not None


def _checked(field: str, text: str) -> str | None:
    if field == "gtin":
        return text if parse_gtin(text) else None
    if field in _CODES:
        code = text.rstrip(".,;)")
        is_number = any(map(str.isdigit, code)) or (code.isupper() and "-" in code)
        return code if is_number and _CODE.fullmatch(code) else None
    is_word = any(map(str.isalpha, text)) or field == "size"
    if _key(text) in _FIELD_BY_KEY or _SENTENCE.search(text) or _PROMPT.search(text) or not is_word:
        return None
    return text if len(text) <= (_LONGEST_BRAND if field in _BRANDS else _LONGEST_WORDS) else None
