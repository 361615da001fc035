"""Properties that a page states by label: `EAN: 4006381333931`, in tables, lists and running text."""

import re
from collections.abc import Sequence

from scraper.parse.phrases import LABELS
from scraper.parse.values import parse_gtin

_LABEL = re.compile(
    "(?:" + "|".join(f"(?P<{field}>{names})" for field, names in LABELS.items()) + ")"
    r"(?:\s*\([^()]{0,20}\))?\s*(?P<mark>[:：#])?\s*(?P<rest>.{0,80})$",
    re.I,
)
_INITIALS = frozenset(name[0].casefold() for names in LABELS.values() for name in re.split(r"\||\(\?:", names) if name)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{1,39}(?: [A-Z0-9][A-Z0-9./_-]{1,20})?")
_LONGEST_LINE = 120
_MOST_LINES = 20_000


def extract_labels(lines: Sequence[str]) -> dict[str, str]:
    """Field -> the value after the first label of it that has one; a value follows in its line or the next."""
    found: dict[str, str] = {}
    for index, line in enumerate(lines[:_MOST_LINES]):
        if not line or len(line) > _LONGEST_LINE or line[0].casefold() not in _INITIALS:
            continue
        match = _LABEL.match(line)
        field = next((field for field in LABELS if match[field]), None) if match else None
        if match and field and field not in found and (value := _value(field, match, lines[index + 1 : index + 3])):
            found[field] = value
    return found


def _value(field: str, match: re.Match[str], following: Sequence[str]) -> str | None:
    """The value of a matched label: what follows its colon, or the next line where nothing follows it."""
    rest = match["rest"].strip()
    if rest and not match["mark"]:
        return rest if field in ("sku", "mpn") and _CODE.fullmatch(rest) and any(c.isdigit() for c in rest) else None
    after = [line.lstrip(":： ") for line in following]
    return _checked(field, rest or next((line for line in after if line), ""))


def _checked(field: str, text: str) -> str | None:
    if field == "gtin":
        return text if parse_gtin(text) else None
    if field == "brand":
        return text if 1 < len(text) <= 40 and not text.endswith((":", "?", ".")) else None
    return text if _CODE.fullmatch(text) and any(char.isdigit() for char in text) else None
