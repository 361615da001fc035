"""The number of its product that a page's URL holds, where the page itself uses it as a number."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

_PARAMETERS = frozenset({
    "id", "pid", "sku", "productid", "product_id", "itemid", "item_id", "item", "product", "prodid", "artnr", "article",
    "goods_id", "goodsno", "branduid", "product_no", "products_id", "route_id", "code",
})  # fmt: skip
_CODE = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{0,3}\d[A-Za-z0-9]{3,15}|[A-Z0-9]{10})(?![A-Za-z0-9])")
_SHORTEST = 3
_LONG = 8
_LONGEST = 20
_MOST_DIGITS_OF_YEAR = 4
_MOST_CODES = 50


def code_in_url(urls: Sequence[str], text: str) -> str | None:
    """The last code in a URL's query or in its last two path segments that the page quotes: `"12345"`."""
    codes = dict.fromkeys(code for url in urls for code in islice(_codes(url), _MOST_CODES))
    return next((code for code in codes if _is_quoted(code, text)), None)


def _codes(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    for key, value in parse_qsl(parts.query, max_num_fields=100) if parts.query.count("&") < 100 else ():
        if key.lower() in _PARAMETERS and _SHORTEST <= len(value) <= _LONGEST and any(map(str.isdigit, value)):
            yield value
    for segment in reversed([part for part in parts.path.split("/") if part][-2:]):
        for code in reversed(_CODE.findall(segment)):
            digits = sum(map(str.isdigit, code))
            if digits > _MOST_DIGITS_OF_YEAR or (code.isupper() and digits >= 3 and len(code) >= _LONG):
                yield code
                yield code.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _is_quoted(code: str, text: str) -> bool:
    return any(f"{before}{code}{after}" in text for before, after in ('""', "''", "><"))
