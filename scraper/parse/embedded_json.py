"""JSON and JavaScript literals inside scripts and attributes: found without a tree, read even where slightly broken."""

import html
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

Marks = Sequence[re.Pattern[str]]
"""Of which a text worth reading has one. Each starts with a plain word, for which Python looks as fast as it can."""
_OPENING = re.compile(r"^\s*+(?:<!--|/\*|//)?\s*+(?:<!\[CDATA\[)?\s*+(?:\*/)?\s*+(?=[\[{])")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_REPAIRS = (
    lambda text: _OPENING.sub("", text, count=1),
    lambda text: _TRAILING_COMMA.sub("", text),
    html.unescape,
)


@dataclass(frozen=True, slots=True)
class Script:
    """One script element."""

    attributes: Mapping[str, str | None]
    text: str

    @property
    def kind(self) -> str:
        """Its type in lower case."""
        return (self.attributes.get("type") or "").lower()


def has_mark(text: str, marks: Marks, start: int = 0, end: int = sys.maxsize) -> bool:
    """Whether a stretch of a text has one of the marks."""
    return any(mark.search(text, start, end) for mark in marks)


def load_json(text: str) -> object:
    """The first JSON value in a script's text; None if it is broken beyond light repair.

    Repaired are comment and CDATA wrappers, trailing commas, HTML entities; what follows the value is ignored.

    >>> load_json('//<![CDATA[ {"name": "Lamp", "tags": ["a",],} //]]>')
    {'name': 'Lamp', 'tags': ['a']}
    """
    text = text.strip("\ufeff \t\r\n")
    for repair in (str, *_REPAIRS):
        text = repair(text)
        try:
            return _DECODER.raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
    return None


_TO_QUOTE = {quote: rf"{quote}[^{quote}\\\n]*+(?:\\.[^{quote}\\\n]*+)*+" for quote in "\"'"}
_STRING = "(?:{})".format("|".join(opened + quote for quote, opened in _TO_QUOTE.items()))
_GAP = r"(?:\s++|//[^\n]{0,500}\n|/\*[^*]{0,500}\*/)*+"
_OPEN = re.compile(rf"{_GAP}([\[{{])")
_KEY = re.compile(rf"{_GAP}(?:({_STRING})|([\w$]++))\s*+:", re.S)
_CLOSE = re.compile(rf"{_GAP}([\]}}])")
_SCALAR = re.compile(
    rf"{_GAP}(?:({_STRING})|(-?(?:\d{{1,30}}(?:\.\d{{0,30}})?|\.\d{{1,30}})(?:[eE][+-]?\d{{1,3}})?)|([A-Za-z_$][\w$]*+))"
    rf"{_GAP}(?=[,\]}}])",
    re.S,
)
_EXPRESSION = re.compile(
    rf"(?:[^\"'`()\[\]{{}},;]|{_STRING}|\((?:[^\"'()]|{_STRING}|\([^\"'()]*+\))*+\)|\[[^\[\]\"']{{0,40}}\])"
    r"{1,300}+(?=[,\]}])",
    re.S,
)
_COMMA = re.compile(rf"{_GAP},")
_START = re.compile(r"\{\s*+(?:[\w$]{1,60}+|\"[^\"\\\n]{1,80}+\"|'[^'\\\n]{1,80}+')\s*+:")
WORDS: Mapping[str, object] = {"true": True, "false": False}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,5}\}|x[0-9a-fA-F]{2}|.)", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_MOST_DEPTH = 60
_MOST_STARTS = 3_000
_MOST_FAILURES = 200
"""Python's decoder counts the lines up to an error, which makes many errors in a long text dear."""
_LEAD = 100
_CODE_BETWEEN = "};\n"
"""Never inside a literal, where a line ends in commas and brackets only."""
_DECODER = json.JSONDecoder(strict=False)
_MAY_BE_JSON = re.compile(r"\s*+(?=[\[{]\s*+(?:[\[{]\s*+)?\")")


def read_literal(text: str, at: int, names: Mapping[str, object] = WORDS) -> tuple[object, int]:
    """The object or array literal at a place of a script, and where reading ended.

    JSON, or JavaScript with single quotes, bare keys, comments and trailing commas. Values that are no plain literals
    are left out; where reading cannot go on, what was read until there counts. `names` are the values of bare words.

    >>> read_literal("{id: '7', price: 5.5, tags: ['a',], on: f(x), stock: 3,}", 0)
    ({'id': '7', 'price': 5.5, 'tags': ['a'], 'stock': 3}, 56)
    """
    return _Reader(text, names).read(at)


class _Reader:
    """Reads the literals of one text: what is JSON by Python's decoder, which is far faster, the rest step by step."""

    def __init__(self, text: str, names: Mapping[str, object]) -> None:
        self._text = text
        self._names = names
        self._failures = 0

    def read(self, at: int) -> tuple[object, int]:
        return self._json(at) or self._javascript(at)

    def _json(self, at: int) -> tuple[object, int] | None:
        opening = _MAY_BE_JSON.match(self._text, at) if self._failures < _MOST_FAILURES else None
        if opening is None:
            return None
        try:
            return _DECODER.raw_decode(self._text, opening.end())
        except (ValueError, RecursionError):
            self._failures += 1
            return None

    def _javascript(self, at: int) -> tuple[object, int]:
        text = self._text
        root: dict[str, object] | list[object] | None = None
        stack: list[dict[str, object] | list[object]] = []
        key = ""
        while True:
            inside = stack[-1] if stack else None
            if inside is not None and (closed := _CLOSE.match(text, at)):
                at = closed.end()
                stack.pop()
                if not stack:
                    return root, at
                at = _after_comma(text, at)
                continue
            if isinstance(inside, dict):
                if not (named := _KEY.match(text, at)):
                    return root, at
                key, at = _unquoted(named[1]) if named[1] else named[2], named.end()
            if inside is not None and (whole := self._scalar(at) or self._json(at)):
                _put(inside, key, whole[0])
                at = _after_comma(text, whole[1])
            elif (opened := _OPEN.match(text, at)) and len(stack) < _MOST_DEPTH:
                value: dict[str, object] | list[object] = {} if opened[1] == "{" else []
                root = value if root is None else root
                _put(inside, key, value)
                stack.append(value)
                at = opened.end()
            elif skipped := _EXPRESSION.match(text, at):
                at = _after_comma(text, skipped.end())
            else:
                return root, at

    def _scalar(self, at: int) -> tuple[object, int] | None:
        token = _SCALAR.match(self._text, at)
        return (_value(token, self._names), token.end()) if token else None


def _put(inside: dict[str, object] | list[object] | None, key: str, value: object) -> None:
    if isinstance(inside, dict) and value is not None:
        inside[key] = value
    elif isinstance(inside, list):
        inside.append(value)


def _after_comma(text: str, at: int) -> int:
    comma = _COMMA.match(text, at)
    return comma.end() if comma else at


def _value(token: re.Match[str], names: Mapping[str, object]) -> object:
    if token[1]:
        return _unquoted(token[1])
    if token[2]:
        return float(token[2]) if set(token[2]) & set(".eE") else int(token[2])
    return names.get(token[3])


def _unquoted(quoted: str) -> str:
    body = quoted[1:-1]
    return _ESCAPE.sub(_meaning, body) if "\\" in body else body


def _meaning(escape: re.Match[str]) -> str:
    code = escape[1]
    if len(code) == 1:
        return _ESCAPED.get(code, code)
    return chr(int(code[1:].strip("{}"), 16))


class _Ahead:
    """Where the next mark of a text is; each stretch of it is looked at once, as places are asked for in order."""

    def __init__(self, text: str, marks: Marks) -> None:
        self._text = text
        self._places = dict.fromkeys(marks, -1)
        """Before which a mark is not found again."""

    def of(self, at: int) -> int:
        """The first place of a mark that is not before `at`; the end of the text if there is none."""
        nearest = len(self._text)
        for mark, place in self._places.items():
            if place < at:
                found = mark.search(self._text, at, nearest)
                self._places[mark] = found.start() if found else nearest
            nearest = min(nearest, self._places[mark])
        return nearest


def literals(text: str, marks: Marks, names: Mapping[str, object] = WORDS) -> Iterator[tuple[str, object]]:
    """The object literals of a script that hold a mark, or the arrays of them, each with the code before it.

    Linear: where a literal cannot be read to its end, none that began before that place could be.
    """
    at, place = 0, -1
    reader, ahead = _Reader(text, names), _Ahead(text, marks)
    for _ in range(_MOST_STARTS):
        if place < at:
            place = ahead.of(at)
            at = max(at, text.rfind(_CODE_BETWEEN, at, place))
        found = _START.search(text, at)
        if found is None or place == len(text):
            return
        start = found.start()
        if start > place:
            at = start
            continue
        before = len(text[max(0, start - 50) : start].rstrip()) + max(0, start - 50) - 1
        if before >= at and text[before] == "[":
            start = before
        value, end = reader.read(start)
        if value and end > place:
            yield text[max(0, start - _LEAD) : start], value
        at = max(end, found.start() + 1)


_QUOTED = {
    quotes: re.compile("|".join(f"{_TO_QUOTE[quote]}({quote})?" for quote in quotes), re.S)
    for quotes in ("\"'", '"', "'")
}
"""By the quotes that count: a string literal, or all that stands after a quote that is never closed."""


def quoted_texts(text: str, *, shortest: int) -> str:
    """The string literals of a script of at least this length, unescaped, as one text."""
    return "".join(_unquoted(quoted) for quoted in _quoted(text) if len(quoted) >= shortest)


def _quoted(text: str, quotes: str = "\"'", start: int = 0, end: int = sys.maxsize) -> Iterator[str]:
    """The string literals in these quotes. Linear: after one that is never closed, none of its kind is looked at."""
    for found in _QUOTED[quotes].finditer(text, start, end):
        if found.lastindex:
            yield found[0]
        elif others := quotes.replace(text[found.start()], ""):
            yield from _quoted(text, others, found.start() + 1, found.end())


_MOST_ATTRIBUTES = 2_000
_ATTRIBUTE = re.compile(r"\{(?:(?<==[\"']\{)|(?<==[\"']\[\{))")
_ATTRIBUTE_NAME = re.compile(r"[\w:.@-]{1,60}$")


def attribute_literals(text: str, marks: Marks) -> Iterator[tuple[str, object]]:
    """The JSON objects and arrays in attributes that hold one of the marks, each with the attribute's name."""
    done = 0
    for found in islice(_ATTRIBUTE.finditer(text), _MOST_ATTRIBUTES):
        opening = found.start() - (text[found.start() - 1] == "[")
        quote = text[opening - 1]
        end = text.find(quote, opening) if opening >= done else -1
        if end < 0:
            continue
        done = end
        if not has_mark(text, marks, opening, end):
            continue
        name = _ATTRIBUTE_NAME.search(text, max(0, opening - 62), opening - 2)
        written = text[opening:end].replace("&quot;", '"')  # by far the most frequent, and this is far faster
        if name and (value := load_json(html.unescape(written))) is not None:
            yield name[0], value
