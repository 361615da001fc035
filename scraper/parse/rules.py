"""What a user's configuration says about a site: selectors, or a parser function of one's own."""

import dataclasses
import difflib
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.config import SiteRules
from scraper.errors import ConfigError, InvalidUrl
from scraper.models import Product
from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of
from scraper.urls import parse_url

Parser = Callable[[Any], Mapping[str, object] | None]

_OF_THE_FETCH = {"url", "final_url", "status", "http_status", "fetched_at", "sources", "warnings"}
RULE_FIELDS = frozenset(field.name for field in dataclasses.fields(Product)) - _OF_THE_FETCH
"""Fields that a site's rules may give."""
_MANY_VALUED = ("images", "gtin")
_DISPLAYED = {"price": "price_text", "regular_price": "regular_price_text"}


class ParserFailed(Exception):
    """A user's parser function raised; says which, what and where."""

    def __init__(self, path: str, error: BaseException) -> None:
        self.kind = type(error).__name__
        told = f": {error}" if str(error) else ""
        super().__init__(f"{path}: {self.kind}{told}{_place_of(error, path.partition(':')[0])}")


def rules_for(url: str, sites: Mapping[str, SiteRules]) -> SiteRules | None:
    """The rules of the URL's host, else those of its nearest parent domain; whatever its scheme, port and path."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    while host:
        if host in sites:
            return sites[host]
        host = host.partition(".")[2]
    return None


def check_rules(sites: Mapping[str, SiteRules]) -> None:
    """Raise ConfigError for the first rule that could not work.

    That is one for something else than a plain host (a URL, a port, `*.`), for an unknown field, with a bad selector
    or a lost parser.
    """
    for host, rules in sites.items():
        table = f'[sites."{host}"]'
        _check_host(table, host)
        for name, selector in rules.selectors.items():
            _check_field(table, name)
            _select(LexborHTMLParser(""), selector, f"{table} {name}")
        if rules.parser is not None:
            _load_parser(rules.parser, table)


def _check_host(table: str, host: str) -> None:
    plain = _plain_host(host)
    if plain != host:
        hint = f'write [sites."{plain}"]' if plain else "write a host such as shop.example"
        raise ConfigError(f"{table}: rules are for a host and those below it, without scheme, port or path; {hint}")


def _plain_host(text: str) -> str | None:
    """The host that a text names as URLs have it; None if it names none."""
    named = text.strip().removeprefix("*.")
    try:
        url = parse_url(named if "://" in named else f"http://{named}")
    except InvalidUrl:
        return None
    return (urlsplit(url.href).hostname or "").rstrip(".") or None


def _check_field(where: str, name: object) -> None:
    if name not in RULE_FIELDS:
        near = difflib.get_close_matches(str(name), RULE_FIELDS, n=1)
        raise ConfigError(f"{where}: unknown field {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def extract_rules(document: Document, rules: SiteRules) -> Candidate | None:
    """What the rules read on this page; None if the parser says that it shows no product.

    Raises ConfigError if a rule cannot work, and ParserFailed if the parser raises. A selector wins over the parser
    where both give a field; one that finds nothing is warned of.
    """
    fields: dict[str, object] = {}
    if rules.parser is not None:
        answer = _ask_parser(rules.parser, document)
        if answer is None:
            return None
        fields |= answer
    warnings = []
    for name, selector in rules.selectors.items():
        found = _select(document.tree, selector, name)
        if found:
            fields[name] = found if name in _MANY_VALUED else found[0]
        else:
            warnings.append(f"rule: {name}: {selector!r} found nothing")
    return Candidate("rule", _as_written(fields), warnings=tuple(warnings))


def _ask_parser(path: str, document: Document) -> dict[str, object] | None:
    """The fields that the user's parser gives, checked; None if it answers None."""
    parser, soup = _load_parser(path, "parser"), document.soup
    try:
        answer = parser(soup)
        given = dict(answer) if isinstance(answer, Mapping) else answer
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        raise ParserFailed(path, error) from error
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ConfigError(f"parser {path}: answered {type(given).__name__}, not a mapping or None")
    fields = {name: value for name, value in given.items() if value is not None}
    for name in given:
        _check_field(f"parser {path}", name)
    for name, value in fields.items():
        _check_value(f"parser {path}", name, value)
    return fields


def _check_value(where: str, name: str, value: object) -> None:
    if name == "attributes":
        wanted, is_right = "a mapping", isinstance(value, Mapping)
    elif name in _MANY_VALUED and isinstance(value, list | tuple):
        wanted, is_right = "a list of texts", all(isinstance(item, str) for item in value)
    else:
        wanted, is_right = "a text or a number", _is_scalar(value)
    if not is_right:
        raise ConfigError(f"{where}: {name} is {type(value).__name__}, not {wanted}")


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | Decimal) and not isinstance(value, bool)


def _place_of(error: BaseException, module: str) -> str:
    """Where in the parser's module, else where at all below this one, an exception was raised."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)][1:]
    own = getattr(sys.modules.get(module), "__file__", None)
    inside = [place for place in frames if place[0] == own] or frames
    if not inside:
        return ""
    path, line = inside[-1]
    name = re.split(r"[/\\]", path)[-1]
    return f" ({name}, line {line})"


def _as_written(fields: Mapping[str, object]) -> dict[str, object]:
    """Prices given as text are displayed ones; numbers are written out, as markup has them."""
    plain = {key: format(value, "f") if isinstance(value, Decimal) else value for key, value in fields.items()}
    return {_DISPLAYED.get(key, key) if isinstance(fields[key], str) else key: value for key, value in plain.items()}


def _select(tree: LexborHTMLParser, rule: str, where: str) -> list[str]:
    """The texts, or with `selector@attribute` the attributes, of the elements selected; blank ones left out."""
    selector, _, attribute = rule.partition("@") if "[" not in rule else _split_after_brackets(rule)
    try:
        nodes = tree.css(selector)
    except SelectolaxError as error:
        raise ConfigError(f"{where}: {selector!r} is no CSS selector") from error
    found = [(node.attributes.get(attribute) or "") if attribute else text_of(node) for node in nodes]
    return [value for value in found if value.strip()]


def _split_after_brackets(rule: str) -> tuple[str, str, str]:
    """Part the rule at an @ that is not inside an attribute selector."""
    head, bracket, tail = rule.rpartition("]")
    selector, at, attribute = tail.partition("@")
    return head + bracket + selector, at, attribute


def _load_parser(path: str, where: str) -> Parser:
    module, _, function = path.partition(":")
    try:
        parser = getattr(import_module(module), function)
    except (Exception, SystemExit) as error:
        told = (
            str(error)
            if isinstance(error, ImportError | AttributeError | ValueError)
            else f"{type(error).__name__}: {error}"
        )
        raise ConfigError(f"{where}: parser {path!r} cannot be imported: {told}") from error
    if not callable(parser):
        raise ConfigError(f"{where}: parser {path!r} is not a function")
    loaded: Parser = parser
    return loaded
