"""From values that a reader sees on a page to the site rule that reads them: `scrape learn`.

    page, wanted values ──> places that read so ──> selectors of each ──> the best on all pages ──> TOML

Every rule is tried by the code that applies it: `extract_rules` and `normalise`.
"""

import difflib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.config import Config, SiteRules
from scraper.errors import ConfigError, FetchError, InputError, RobotsDisallowed
from scraper.extract import read_page
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect, Request
from scraper.fetch.robots import ALLOW_ALL, Robots, fetch_robots
from scraper.models import Outcome, Page, Product
from scraper.parse.candidate import Candidate
from scraper.parse.document import Document, text_of
from scraper.parse.merge import Subject, normalise
from scraper.parse.page import examine, parse_page
from scraper.parse.price import parse_machine_amount
from scraper.parse.rules import RULE_FIELDS, extract_rules
from scraper.parse.selectors import GOOD, Selector, selector_by_place, selectors_for
from scraper.progress import printable
from scraper.urls import Url, parse_url

LEARNABLE = RULE_FIELDS - {"attributes", "images"}
"""Fields of one value, which a reader can name."""

_MONEY = frozenset({"price", "regular_price", "shipping_price"})
_DISPLAYED = {"price": "price_text", "regular_price": "regular_price_text"}
_NEVER_READ = frozenset({"class", "id", "style"})
_AROUND = 3
"""What it costs a rule to read an element around the innermost one."""
_ATTRIBUTE = 4
"""What it costs a rule to read an attribute: a text is what the reader saw."""
_AMONG_OTHERS = 20
"""What it costs a rule to read a text that says much else."""
_AMBIGUOUS = 5
"""What it costs a selector to select more than one element."""
_MOST_PLACES = 40
_MOST_BY_PLACE = 3
_ALTERNATIVES = 2
_MOST_NEAR = 3
_LONGEST_NEAR = 80
_MOST_TEXTS = 5_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page to learn from, or to check on."""

    label: str
    """The file or URL as given."""
    page: Page
    document: Document
    subject: Subject

    def value(self, field: str, raw: object) -> object:
        """What a rule that finds `raw` would make of it; None if nothing."""
        return normalise(Candidate("rule", {_DISPLAYED.get(field, field): raw}), self.subject).get(field)

    def read(self, field: str, rule: str) -> object:
        """What a rule reads on this page; None if nothing."""
        candidate = extract_rules(self.document, SiteRules({field: rule}))
        return normalise(candidate, self.subject).get(field) if candidate else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The value that a field is to have on the first page."""

    field: str
    given: str
    values: tuple[object, ...]
    """All that the given text may mean: `1.234` is two amounts."""

    def is_met_by(self, value: object) -> bool:
        """Whether a value is one of them; case does not matter."""
        return value is not None and _folded(value) in map(_folded, self.values)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page says what is wanted."""

    node: LexborNode
    attribute: str | None
    """None: in the text of the element."""
    cost: int
    """Added to the rank of all rules that read there."""


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """One way to read a field; the best sorts first."""

    failures: int
    """Pages where it reads nothing."""
    rank: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class Learned:
    """The rules of one site, and what they read."""

    host: str
    wanted: tuple[Wanted, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    """Field -> its rules, the best first."""
    readings: tuple[tuple[str, Outcome], ...]
    """Page -> what the site's rules make of it."""

    @property
    def is_complete(self) -> bool:
        """Whether every field is right on the first page, and has a value on all others."""
        first, *others = (outcome for _, outcome in self.readings)
        right = all(wanted.is_met_by(getattr(first, wanted.field, None)) for wanted in self.wanted)
        return right and all(
            getattr(other, wanted.field, None) is not None for other in others for wanted in self.wanted
        )


def learn(pages: Sequence[tuple[str, Page]], given: Mapping[str, str]) -> Learned:
    """The rules that read the given values, field -> text, on the first page, and something on the others.

    Raises InputError where a value is none, or is not found, or a page shows nothing.
    """
    _check_fields(given)
    lessons = [_lesson(label, page) for label, page in pages]
    host = _only_host(lessons)
    wanted = tuple(_wanted(lessons[0], field, text) for field, text in given.items())
    rules = {one.field: tuple(_rules(one, lessons)) for one in wanted}
    sites = {host: SiteRules({field: found[0].text for field, found in rules.items()})}
    readings = tuple((lesson.label, parse_page(lesson.page, sites)) for lesson in lessons)
    return Learned(host, wanted, rules, readings)


def _check_fields(given: Mapping[str, str]) -> None:
    if not given:
        raise ConfigError("say what to look for: --name, --price, or --field name=value")
    for field in given:
        if field not in LEARNABLE:
            near = difflib.get_close_matches(field, LEARNABLE, n=1)
            raise ConfigError(
                f"no rule can be learned for {field!r}" + (f"; did you mean {near[0]!r}?" if near else "")
            )


def _lesson(label: str, page: Page) -> Lesson:
    document = Document(page)
    examination = examine(page)
    if examination.subject is None:
        raise InputError(f"{label}: {getattr(examination.outcome, 'message', 'nothing can be read there')}")
    return Lesson(label, page, document, examination.subject)


def _only_host(lessons: Sequence[Lesson]) -> str:
    """The name for the table of the rules: without `www.`, so that they hold with and without it."""
    hosts = {lesson.label: _host(lesson) for lesson in lessons}
    first = hosts[lessons[0].label]
    for label, host in hosts.items():
        if host != first:
            raise InputError(f"{label}: is of {host}, not of {first}; rules are for one host")
    return first


def _host(lesson: Lesson) -> str:
    host = (urlsplit(lesson.page.final_url).hostname or "").rstrip(".")
    if not host:
        raise InputError(f"{lesson.label}: does not say of which host it is; name its URL with --url")
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def _wanted(lesson: Lesson, field: str, given: str) -> Wanted:
    meant = [lesson.value(field, given), *([parse_machine_amount(given)] if field in _MONEY else [])]
    values = tuple(value for value in meant if value is not None)
    if not values:
        raise InputError(f"{given!r} cannot be read as {field}")
    return Wanted(field, given, values)


def _rules(wanted: Wanted, lessons: Sequence[Lesson]) -> list[Rule]:
    """All that read the wanted value on the first page, the best first."""
    first = lessons[0]
    places = list(islice(_places(wanted, first), _MOST_PLACES))
    named = [rule for place in places for rule in _tried(place, _selecting(place, first), wanted, lessons)]
    if named:
        return sorted(set(named))
    by_place = (_tried(place, [selector_by_place(place.node)], wanted, lessons) for place in places[:_MOST_BY_PLACE])
    if found := [rule for rules in by_place for rule in rules]:
        return sorted(found)
    raise InputError(_not_found(wanted, first))


def _tried(place: Place, selectors: Iterable[Selector], wanted: Wanted, lessons: Sequence[Lesson]) -> Iterator[Rule]:
    """The rules by these selectors, tried on all pages; those that do not read what is wanted are left out."""
    first, *others = lessons
    for selector in selectors:
        text = f"{selector.css}@{place.attribute}" if place.attribute else selector.css
        if wanted.is_met_by(first.read(wanted.field, text)):
            failures = sum(other.read(wanted.field, text) is None for other in others)
            yield Rule(failures, selector.rank + place.cost, len(text), text)


def _selecting(place: Place, lesson: Lesson) -> Iterator[Selector]:
    """What selects this place first of all on the page; those that select nothing else are better."""
    tree, enough = lesson.document.tree, set[str]()
    for selector in selectors_for(place.node, attribute=place.attribute):
        if not enough.isdisjoint(selector.simpler):
            continue
        selected = tree.css_first(selector.css)
        if selected is not None and selected.mem_id == place.node.mem_id:
            if selector.rank < GOOD:
                enough.add(selector.css)
            yield replace(selector, rank=selector.rank + (_AMBIGUOUS if len(tree.css(selector.css)) > 1 else 0))


def _places(wanted: Wanted, lesson: Lesson) -> Iterator[Place]:
    """Elements whose text, then elements with an attribute, that reads as wanted."""
    longest = max(80, 3 * len(wanted.given))
    reading = [
        (node, text) for node, text in _texts(lesson, longest) if wanted.is_met_by(lesson.value(wanted.field, text))
    ]
    for node, text, cost in _tight(reading[:_MOST_PLACES]):
        yield Place(node, None, cost + _cost_of_length(wanted, text))
    for node, name, content in _attributes(lesson, longest):
        if wanted.is_met_by(lesson.value(wanted.field, content)):
            yield Place(node, name, _ATTRIBUTE + _cost_of_length(wanted, content))


def _attributes(lesson: Lesson, longest: int) -> Iterator[tuple[LexborNode, str, str]]:
    """Every attribute that may hold a value, and is not about looks or behaviour."""
    root = lesson.document.tree.root
    for node in root.traverse() if root else ():
        for name, content in node.attributes.items():
            is_plain = name.replace("-", "").isalpha() and name not in _NEVER_READ and not name.startswith("on")
            if content and is_plain and len(content) <= longest:
                yield node, name, content


def _cost_of_length(wanted: Wanted, text: str) -> int:
    return _AMONG_OTHERS if len(text) > 2 * len(wanted.given) + 20 else 0


def _tight(reading: Sequence[tuple[LexborNode, str]]) -> Iterator[tuple[LexborNode, str, int]]:
    """Those that say no more than what is inside them and reads the same, with their cost."""
    inside: dict[int, int] = {}
    for node, text in reading:
        outer = node.parent
        while outer is not None:
            inside[outer.mem_id] = min(len(text), inside.get(outer.mem_id, len(text)))
            outer = outer.parent
    for node, text in reading:
        shortest = inside.get(node.mem_id)
        if shortest is None or len(text) <= shortest:
            yield node, text, 0 if shortest is None else _AROUND


def _texts(lesson: Lesson, longest: int) -> Iterator[tuple[LexborNode, str]]:
    """Every element of a short text: those that hold one, and those around them as long as the text stays short."""
    root, seen = lesson.document.tree.root, set[int]()
    for leaf in root.traverse(include_text=True) if root else ():
        node = leaf.parent if leaf.tag == "-text" else None
        while node is not None and node.mem_id not in seen:
            seen.add(node.mem_id)
            text = text_of(node)
            if len(text) > longest:
                break
            if text:
                yield node, text
            node = node.parent


def _not_found(wanted: Wanted, lesson: Lesson) -> str:
    """Where the value is not, and what stands there that is most like it."""
    texts = list(dict.fromkeys(text for _, text in islice(_texts(lesson, _LONGEST_NEAR), _MOST_TEXTS)))
    near = _near_amounts(wanted, lesson, texts) if wanted.field in _MONEY else _near_texts(wanted, texts)
    seen = f"nearest: {', '.join(map(repr, near))}" if near else "nothing there is like it"
    only = (
        "; it stands in a script or the like, where no selector reaches" if wanted.given in lesson.document.text else ""
    )
    return f"{lesson.label}: no element reads {wanted.given!r} as {wanted.field}{only}; {seen}"


def _near_texts(wanted: Wanted, texts: Sequence[str]) -> list[str]:
    folded = {text.casefold(): text for text in texts}
    near = difflib.get_close_matches(wanted.given.casefold(), list(folded), n=_MOST_NEAR, cutoff=0.4)
    return [folded[text] for text in near]


def _near_amounts(wanted: Wanted, lesson: Lesson, texts: Sequence[str]) -> list[str]:
    aim = next(value for value in wanted.values if isinstance(value, Decimal))
    amounts = ((lesson.value("price", text), text) for text in texts if any(map(str.isdigit, text)))
    ranked = sorted((abs(amount - aim), len(text), text) for amount, text in amounts if isinstance(amount, Decimal))
    return [text for _, _, text in ranked[:_MOST_NEAR]]


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def format_rules(learned: Learned) -> Iterator[str]:
    """TOML to add to the configuration; what it reads on each page, and other rules, are comments."""
    pages = len(learned.readings)
    yield f"[sites.{json.dumps(learned.host)}]"  # a JSON text is a TOML one
    for field, (best, *others) in learned.rules.items():
        yield f"{field} = '{best.text}'"
        for other in [other for other in others if other.rank < GOOD][:_ALTERNATIVES]:
            yield f"# or {field} = '{other.text}' (on {pages - other.failures} of {pages} pages)"
    for label, outcome in learned.readings:
        yield printable(f"# {label}: {_reading(outcome, learned.wanted)}")


def _reading(outcome: Outcome, wanted: Sequence[Wanted]) -> str:
    if not isinstance(outcome, Product):
        return f"no product: {outcome.message}"
    return "; ".join(_value_read(outcome, one.field) for one in wanted)


def _value_read(product: Product, field: str) -> str:
    value, source = getattr(product, field), product.sources.get(field)
    if value is None:
        return f"{field} not found"
    unit = f" {product.currency or 'in an unknown currency'}" if field == "price" else ""
    return f"{field} {value}{unit}" + ("" if source in {None, "rule"} else f" (from {source}: the rule found nothing)")


def load_pages(targets: Sequence[str], *, url: str, config: Config) -> list[tuple[str, Page]]:
    """Each file or URL with its page; `url` is that of the files. Raises InputError for what cannot be had."""
    try:
        url = parse_url(url).href if url else ""
    except FetchError as error:
        raise InputError(f"--url: {error}") from error
    visits = Visits(config)
    try:
        return [
            (target, visits.fetch(target) if _is_url(target) else read_page(Path(target), url)) for target in targets
        ]
    finally:
        visits.close()


def _is_url(target: str) -> bool:
    return target.startswith(("http://", "https://"))


class Visits:
    """Fetches a few pages one after the other, as politely as a run: robots.txt, crawl delay, redirects."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._config = config
        self._fetcher = Fetcher(config.fetch)
        self._clock = clock
        self._sleep = sleep
        self._robots: dict[str, Robots] = {}
        self._due: dict[str, float] = {}

    def fetch(self, target: str) -> Page:
        """The page at a URL. Raises InputError."""
        try:
            return self._follow(parse_url(target))
        except FetchError as error:
            raise InputError(f"cannot fetch a page to learn from: {error}") from error

    def close(self) -> None:
        """Closes the connections."""
        self._fetcher.close()

    def _follow(self, url: Url) -> Page:
        request = Request(url, url)
        answer = self._ask(request)
        while isinstance(answer, Redirect):
            request = request.follow(answer, max_redirects=self._config.fetch.max_redirects)
            answer = self._ask(request)
        return answer

    def _ask(self, request: Request) -> Page | Redirect:
        url, robots = request.url, self._rules(request)
        if not robots.allows(url.href):
            raise RobotsDisallowed(url.href, "disallowed", f"{url.host}: robots.txt forbids {url.href}")
        self._sleep(max(0.0, self._due.get(url.origin, 0.0) - self._clock()))
        gap = max(self._config.politeness.delay, robots.crawl_delay or 0.0)
        self._due[url.origin] = self._clock() + gap
        return self._fetcher.fetch(request)

    def _rules(self, request: Request) -> Robots:
        origin = request.url.origin
        if not self._config.politeness.robots:
            return ALLOW_ALL
        if origin not in self._robots:
            user_agent = self._config.fetch.user_agent
            self._robots[origin] = fetch_robots(self._fetcher, request, user_agent=user_agent)
        return self._robots[origin]
