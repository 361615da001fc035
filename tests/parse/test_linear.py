"""Every regular expression of the package against the texts that cost it most."""

import importlib
import pkgutil
import random
import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import scraper

PROBE, SHORT, LONG = 100, 1_000, 4_000
SECONDS_A_CHARACTER = 1.5e-6
"""A text read faster than this is read fast enough, whatever the ratio."""
MOST_RATIO = 8
"""Of the times for two texts, one four times as long: 4 where it is linear, 16 where it is quadratic."""
MOST_SECONDS = 2.0
"""What the slowest text may take on a busy machine; a cubic pattern takes hours."""
MOST_SECONDS_OF_PROBE = 0.02
BOUNDED = {
    "scraper.parse.price": 400,
    "scraper.parse.availability._AVAILABILITY_PHRASES": 200,
    "scraper.parse.availability._CONDITION_PHRASES": 200,
    "scraper.parse.values._BEST_FIRST": 200,
    "scraper.parse.values._SCORE": 200,
    "scraper.parse.values._COUNT": 200,
    "scraper.parse.shown_rating._COUNT": 60,
}
"""Patterns that only meet texts cut to a length before: what they cost at that length is all that counts."""
MOST_SECONDS_BOUNDED = 0.02
MEMBERS = {r"\s": " ", r"\d": "1", r"\w": "a", r"\W": "-", r"\D": "x", r"\S": "x", ".": "x", r"\n": "\n"}
SPOILER = "\x01"
"""Ends every text, so that what matched almost all of it is tried again from everywhere."""
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(scraper.__file__).parent.rglob("*.py"))


def patterns_in(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns in a value of a module: itself, or in a container or a dataclass of the package."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from patterns_in(f"{name}[{key}]", item)
    elif isinstance(value, tuple | list):
        for place, item in enumerate(value):
            yield from patterns_in(f"{name}[{place}]", item)
    elif is_dataclass(value) and not isinstance(value, type):
        made = [key for key, part in vars(type(value)).items() if isinstance(part, cached_property)]
        for key in (*(field.name for field in fields(value)), *made):
            yield from patterns_in(f"{name}.{key}", getattr(value, key, None))


def all_patterns() -> list[tuple[str, re.Pattern[Any]]]:
    """Those of every module, each once."""
    names = [found.name for found in pkgutil.walk_packages(scraper.__path__, "scraper.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    found = [
        pair
        for module in modules
        for name, value in vars(module).items()
        for pair in patterns_in(f"{module.__name__}.{name}", value)
    ]
    return list({id(pattern): (name, pattern) for name, pattern in reversed(found)}.values())


PATTERNS = all_patterns()


def methods_of(name: str) -> list[str]:
    """How the package calls a pattern; search where its name does not tell."""
    last = re.escape(name.rpartition(".")[2])
    calls = rf"(?<!\w){last}\.(fullmatch|match|search|sub|finditer|findall|split)\("
    return sorted(set(re.findall(calls, SOURCE))) or ["search"]


def worst_units(pattern: str) -> list[tuple[str, str]]:
    """Beginnings, and what to repeat after them: the pattern's words, marks, members of its classes, pairs of these."""
    chance = random.Random(pattern)  # noqa: S311
    words = sorted(set(re.findall(r"[^\W_]{2,}", re.sub(r"\\.|\(\?[a-zA-Z:<=!P]+", " ", pattern))))
    members = sorted({member for name, member in MEMBERS.items() if name in pattern} | {" ", "1", "a"})
    written = set(re.sub(r"\\[a-zA-Z]|\w|(?<!\\)[()*+?|^$]", "", pattern))
    single = sorted(written.union(members))
    marks = chance.sample(single, min(40, len(single)))
    pieces = marks + chance.sample(words, min(15, len(words)))
    pairs = [first + second for first, second in product(pieces, members)]
    of_marks = [first + second for first, second in product(marks, marks)]
    led = list(product([*pieces, *(word + mark for word, mark in product(words, marks))], single))
    repeated = [*pieces, *chance.sample(pairs, min(50, len(pairs))), *chance.sample(of_marks, min(200, len(of_marks)))]
    return [("", unit) for unit in repeated] + chance.sample(led, min(50, len(led)))


def seconds(pattern: re.Pattern[Any], method: str, unit: tuple[str, str], length: int) -> float:
    """What one call takes of the processor on a text of this length."""
    text: str | bytes = (unit[0] + unit[1] * (length // len(unit[1]) + 1))[: length - 1] + SPOILER
    if isinstance(text, str) and isinstance(pattern.pattern, bytes):
        text = text.encode()
    start = time.thread_time()
    if method == "sub":
        pattern.sub(lambda found: found[0], text)
    elif method == "finditer":
        list(pattern.finditer(text))
    else:
        getattr(pattern, method)(text)
    return time.thread_time() - start


def is_superlinear(pattern: re.Pattern[Any], method: str, unit: tuple[str, str]) -> bool:
    """Whether a text of four times the length takes far more than four times the time."""
    if min(seconds(pattern, method, unit, PROBE) for _ in range(2)) > MOST_SECONDS_OF_PROBE:
        return True  # cubic or worse: the longer texts would not end
    once = seconds(pattern, method, unit, SHORT)
    if once * MOST_RATIO < SECONDS_A_CHARACTER * LONG:  # the long text cannot take long, unless it is superlinear
        took = seconds(pattern, method, unit, LONG)
        if took < SECONDS_A_CHARACTER * LONG:
            return False
    elif once > MOST_SECONDS / MOST_RATIO:
        return True
    short = min(seconds(pattern, method, unit, SHORT) for _ in range(4))
    long = min(seconds(pattern, method, unit, LONG) for _ in range(2))
    return long > MOST_RATIO * short or long > MOST_SECONDS


def bound_of(name: str) -> int | None:
    return next((bound for start, bound in BOUNDED.items() if name.startswith(start)), None)


@pytest.mark.parametrize(("name", "pattern"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_pattern_is_linear(name: str, pattern: re.Pattern[Any]) -> None:
    """The time grows with the text and no faster; where texts are cut before, it is small at that length."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    calls = list(product(methods_of(name), worst_units(source)))
    if bound := bound_of(name):
        slow = [call for call in calls if min(seconds(pattern, *call, bound) for _ in range(2)) > MOST_SECONDS_BOUNDED]
    else:
        slow = [call for call in calls if is_superlinear(pattern, *call)]
    assert slow == []


def test_patterns_are_found() -> None:
    """Those of modules, tuples and small objects alike."""
    names = {name for name, _ in PATTERNS}
    assert {"scraper.sources._URL", "scraper.parse.embedded_json._OPENING"} <= names
    assert len(names) > 100
