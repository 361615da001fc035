"""CSV that spreadsheets open without harm (RFC 4180)."""

import csv
import json
import re
from collections.abc import Iterable
from typing import TextIO

from scraper.export.rows import COLUMNS, to_row
from scraper.models import Failure, Product

FAILURE_COLUMNS = ("url", "status", "http_status", "reason", "attempts", "message")

_LINE_BREAK = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FORMULA = re.compile(r"[\t\r]|[\s\x00-\x1f\x7f-\x9f]*[=+@\-＝＋＠－]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

_NESTED = (list, dict)
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once, not for each cell


def write_products(products: Iterable[Product], stream: TextIO) -> int:
    """Write a header and a row a product, as they come; the number of products."""
    rows = map(to_row, products)
    return _write(COLUMNS, (row.values() for row in rows), stream)


def write_failures(failures: Iterable[Failure], stream: TextIO) -> int:
    """Write a header and a row a failure, as they come; the number of failures. The file is a list of URLs as well."""
    return _write(
        FAILURE_COLUMNS, ([getattr(failure, column) for column in FAILURE_COLUMNS] for failure in failures), stream
    )


def _write(columns: Iterable[str], rows: Iterable[Iterable[object]], stream: TextIO) -> int:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow(["" if value is None else _cell(value) for value in row])
        count += 1
    return count


def _cell(value: object) -> str:
    r"""The value as text: lists and mappings as JSON, nothing for what is unknown, and never a formula.

    An apostrophe before what a spreadsheet would compute: https://owasp.org/www-community/attacks/CSV_Injection

    >>> _cell('=HYPERLINK("http://evil.example")'), _cell("-5"), _cell(["a"]), _cell(None)
    ('\'=HYPERLINK("http://evil.example")', '-5', '["a"]', '')
    """
    if isinstance(value, _NESTED):
        return _printable(_to_json(value)) if value else ""
    text = "" if value is None else str(value)
    quoted = "'" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else ""
    return quoted + _printable(text)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _CONTROL.sub("", text))
