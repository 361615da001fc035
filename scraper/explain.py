"""What a page came to and why, for people: each field, its value, its source, and what the other sources said."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import groupby

from scraper.models import Outcome, Product
from scraper.parse.candidate import Candidate
from scraper.parse.merge import read_all
from scraper.parse.page import Examination
from scraper.progress import format_count, printable

WIDTH = 80
_LABEL_WIDTH = 20
_MOST_SHOWN = 240
"""Characters of one value."""
_MOST_ENTRIES = 3
"""Entries of a collection, and products of a source."""
_OF_THE_PAGE = {"url", "final_url", "status", "http_status", "fetched_at", "sources", "warnings"}
_TOLD = tuple(field.name for field in fields(Product) if field.name not in _OF_THE_PAGE)

Values = Mapping[str, object]


def explain(examination: Examination) -> Iterator[str]:
    """Lines of at most 80 characters, safe for a terminal."""
    outcome = examination.outcome
    yield from _headline(outcome)
    told = _told(examination)
    yield from _product(outcome, told) if isinstance(outcome, Product) else _seen(examination, told)
    yield from _passed_over(examination)


def _headline(outcome: Outcome) -> Iterator[str]:
    if isinstance(outcome, Product):
        yield from _entry("status", [outcome.status])
        yield from (line for warning in outcome.warnings for line in _entry("warning", [warning]))
    else:
        yield from _entry("status", [f"{outcome.status}, {outcome.reason}: {outcome.message}"])
    yield from _entry("url", [outcome.final_url or outcome.url or "none given: links stay relative and are left out"])


def _told(examination: Examination) -> dict[str, Values]:
    """Source -> what it says of the product that it was taken to show."""
    return dict(read_all(examination.chosen, examination.subject)) if examination.subject else {}


def _product(product: Product, told: Mapping[str, Values]) -> Iterator[str]:
    for name in _TOLD:
        value, source = getattr(product, name), product.sources.get(name)
        others = {other: said[name] for other, said in told.items() if other != source and name in said}
        if source is not None:
            agreeing = [other for other, said in others.items() if said == value]
            also = f", as {', '.join(agreeing)}" if agreeing else ""
            rivals = [f"{other}: {_brief(said)}" for other, said in others.items() if said != value]
            yield from _entry(name, [_brief(value), f"from {source}{also}", *(f"not {rival}" for rival in rivals)])
        elif others:
            yield from _entry(name, ["none", *(f"not {other}: {_brief(said)}" for other, said in others.items())])


def _seen(examination: Examination, told: Mapping[str, Values]) -> Iterator[str]:
    """What stands on a page that is no product."""
    subject = examination.subject
    if subject is None:
        return
    yield from _entry("titles", list(dict.fromkeys(subject.titles)) or ["none"])
    for source, said in told.items():
        lines = [f"{name}: {_brief(said[name])}" for name in _TOLD if name in said]
        yield from _entry(f"{source} says", lines or ["nothing that can be read"])


def _passed_over(examination: Examination) -> Iterator[str]:
    """The products that a source read and that the page was not taken to be about."""
    chosen = {id(one) for one in examination.chosen}
    left = [one for one in examination.found if id(one) not in chosen]
    for source, group in groupby(left, key=lambda one: one.source):
        others = list(group)
        more = len(others) - _MOST_ENTRIES
        names = [_title(other) for other in others[:_MOST_ENTRIES]] + ([f"and {more:,} more"] if more > 0 else [])
        yield from _entry(f"{source}, left out", [format_count(len(others), "product"), *names])


def _title(candidate: Candidate) -> str:
    said = candidate.fields
    price = next((said[key] for key in ("price", "price_text") if said.get(key)), None)
    name = _brief(said.get("name") or "without a name")
    return f"{name}, {_brief(price)}" if price is not None else name


def _brief(value: object) -> str:
    """A value on one line, its beginning if it is long."""
    text = " ".join(_plain(value).split())
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]} … ({len(text):,} characters)"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return _listed(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, tuple | list):
        return _listed(map(str, value))
    return str(value)


def _listed(entries: Iterable[str]) -> str:
    every = list(entries)
    more = len(every) - _MOST_ENTRIES
    return "; ".join(every[:_MOST_ENTRIES]) + (f"; and {more:,} more" if more > 0 else "")


def _entry(label: str, texts: Iterable[str]) -> Iterator[str]:
    """The label beside the first text, the others below it."""
    margin = " " * _LABEL_WIDTH
    for index, text in enumerate(texts):
        first, rest = (f"{label:{_LABEL_WIDTH - 1}} ", margin) if index == 0 else (f"{margin}  ", f"{margin}    ")
        yield from textwrap.wrap(printable(text), WIDTH, initial_indent=first, subsequent_indent=rest)
