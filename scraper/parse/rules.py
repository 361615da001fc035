"""What a user's configuration says about a site: selectors, or a parser function of one's own."""

import dataclasses
import difflib
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.config import SiteRules
from scraper.errors import ConfigError
from scraper.models import Product
from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of

Parser = Callable[[Any], Mapping[str, object] | None]

_OF_THE_FETCH = {"url", "final_url", "status", "http_status", "fetched_at", "sources", "warnings"}
RULE_FIELDS = frozenset(field.name for field in dataclasses.fields(Product)) - _OF_THE_FETCH
"""Fields that a site's rules may give."""
_DISPLAYED = {"price": "price_text", "regular_price": "regular_price_text"}


def rules_for(url: str, sites: Mapping[str, SiteRules]) -> SiteRules | None:
    """The rules of the URL's host, else those of its nearest parent domain."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    while host:
        if host in sites:
            return sites[host]
        host = host.partition(".")[2]
    return None


def check_rules(sites: Mapping[str, SiteRules]) -> None:
    """Raise ConfigError for the first rule that could not work: an unknown field, a bad selector, a lost parser."""
    for host, rules in sites.items():
        table = f'[sites."{host}"]'
        for name, selector in rules.selectors.items():
            _check_field(table, name)
            _select(LexborHTMLParser(""), selector, f"{table} {name}")
        if rules.parser is not None:
            _load_parser(rules.parser, table)


def _check_field(where: str, name: str) -> None:
    if name not in RULE_FIELDS:
        near = difflib.get_close_matches(name, RULE_FIELDS, n=1)
        raise ConfigError(f"{where}: unknown field {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def extract_rules(document: Document, rules: SiteRules) -> Candidate | None:
    """What the rules read on this page; None if the parser says that it shows no product.

    Raises ConfigError if a rule cannot work. A selector wins over the parser where both give a field.
    """
    fields: dict[str, object] = {}
    if rules.parser is not None:
        answer = _load_parser(rules.parser, "parser")(document.soup)
        if answer is None:
            return None
        if not isinstance(answer, Mapping):
            raise ConfigError(f"parser {rules.parser}: answered {type(answer).__name__}, not a mapping or None")
        for name in answer:
            _check_field(f"parser {rules.parser}", name)
        fields |= {name: value for name, value in answer.items() if value is not None}
    for name, selector in rules.selectors.items():
        found = _select(document.tree, selector, name)
        if found:
            fields[name] = found if name in ("images", "gtin") else found[0]
    return Candidate("rule", _as_written(fields))


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
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"{where}: parser {path!r} cannot be imported: {error}") from error
    if not callable(parser):
        raise ConfigError(f"{where}: parser {path!r} is not a function")
    loaded: Parser = parser
    return loaded
