"""JSON blocks as shops write them: several values in one, broken where templates print what they should escape."""

import json
import re
from collections.abc import Callable, Iterator

from scraper.parse.embedded_json import load_json, read_literal

_MOST_VALUES = 50
_DECODER = json.JSONDecoder(strict=False)
_BETWEEN = re.compile(r"[\s;,]*+(?=[\[{])")
_START = re.compile(r"[\[{]")
_ESCAPED_APOSTROPHE = re.compile(r"\\'")
_DECIMAL_COMMA = re.compile(r'("(?:low|high)?[pP]rice"\s*+:\s*+\d{1,9}),(?=\d\d?\s*+[,}])')
_NO_VALUE = re.compile(r'("\s*+:)(?=\s*+[,}\]])')
_NO_COMMA = re.compile(r'(?<=["\d\]}el])([^\S\n]*+\n\s*+)(?="[^"\\\n]{1,80}+"\s*+:)')
_TWO_COMMAS = re.compile(r",(?=\s*+,)")
_QUOTED = re.compile(r'(?<=[:,\[{])(\s*+)"((?:[^"\\]|\\.|"(?!\s*+[,:}\]]))*+)("?)', re.S)
"""A text that ends at the first quote with punctuation after it; where none does, all the rest."""
_BARE_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*+)"')


def _with_inner_quotes(quoted: re.Match[str]) -> str:
    if not quoted[3]:
        return quoted[0]
    return f'{quoted[1]}"{_BARE_QUOTE.sub(_escaped, quoted[2])}"'


def _escaped(quote: re.Match[str]) -> str:
    return f'{quote[1]}\\"'


_REPAIRS: tuple[Callable[[str], str], ...] = (
    lambda text: _ESCAPED_APOSTROPHE.sub("'", text),
    lambda text: _DECIMAL_COMMA.sub(r"\1.", text),
    lambda text: _NO_VALUE.sub(r"\1null", text),
    lambda text: _NO_COMMA.sub(r",\1", _TWO_COMMAS.sub("", text)),
    lambda text: _QUOTED.sub(_with_inner_quotes, text),
)


def load_values(text: str) -> list[object]:
    r"""The JSON values of a block, one after the other; those of a broken one as far as it can be mended.

    >>> load_values('{"a": 1}; {"b": "5" wide"}'), load_values('{"price": 12,50, "gtin": , "of": "it\\\'s"}')
    ([{'a': 1}, {'b': '5" wide'}], [{'price': 12.5, 'gtin': None, 'of': "it's"}])
    """
    found = list(_decoded(text))
    return found or _mended(text)


def _decoded(text: str) -> Iterator[object]:
    at = 0
    for _ in range(_MOST_VALUES):
        start = _BETWEEN.match(text, at)
        if start is None:
            return
        try:
            value, at = _DECODER.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            yield from _mended(text[start.end() :])
            return
        yield value


def _mended(text: str) -> list[object]:
    value = load_json(text)
    if value is not None:
        return [value]
    for repair in _REPAIRS:
        text = repair(text)
        if (value := load_json(text)) is not None:
            return [value]
    start = _START.search(text)
    value = read_literal(text, start.start())[0] if start else None
    return [value] if value else []
