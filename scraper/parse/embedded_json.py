"""JSON inside script elements: found without a tree, and read even where it is slightly broken."""

import html
import json
import re

_SCRIPT_END = re.compile(r"</[sS][cC][rR][iI][pP][tT]")
MOST_SCRIPTS = 1_000
_OPENING = re.compile(r"^\s*(?:<!--|/\*|//)?\s*(?:<!\[CDATA\[)?\s*(?:\*/)?\s*(?=[\[{])")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_REPAIRS = (
    lambda text: _OPENING.sub("", text, count=1),
    lambda text: _TRAILING_COMMA.sub("", text),
    html.unescape,
)


def script_texts(text: str, kind: str) -> list[str] | None:
    """The contents of the script elements whose opening tag contains `kind`.

    None if one may stand inside a comment: then only a tree can tell.
    """
    found: list[str] = []
    done = 0
    while len(found) < MOST_SCRIPTS and (at := text.find(kind, done)) >= 0:
        tag_start, tag_end = text.rfind("<", done, at), text.find(">", at)
        if tag_end < 0:
            break
        if tag_start < 0 or text[tag_start : tag_start + 7].lower() != "<script":
            done = tag_end
            continue
        if text.rfind("<!--", done, tag_start) > text.rfind("-->", done, tag_start):
            return None
        closing = _SCRIPT_END.search(text, tag_end)
        done = closing.start() if closing else len(text)
        found.append(text[tag_end + 1 : done])
    return found


def load_json(text: str) -> object:
    """The first JSON value in a script's text; None if it is broken beyond light repair.

    Repaired are comment and CDATA wrappers, trailing commas, HTML entities; what follows the value is ignored.

    >>> load_json('//<![CDATA[ {"name": "Lamp", "tags": ["a",],} //]]>')
    {'name': 'Lamp', 'tags': ['a']}
    """
    decoder = json.JSONDecoder(strict=False)
    text = text.strip("\ufeff \t\r\n")
    for repair in (str, *_REPAIRS):
        text = repair(text)
        try:
            return decoder.raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
    return None
