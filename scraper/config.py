"""Configuration: one frozen dataclass a TOML table; defaults live here, `load` is the only reader."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, NewType

from scraper import __version__
from scraper.errors import ConfigError

ByteSize = NewType("ByteSize", int)

DEFAULT_MAX_BODY = ByteSize(10_000_000)
DEFAULT_USER_AGENT = f"scrape/{__version__} (product table; obeys robots.txt)"

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def parse_size(text: str) -> ByteSize:
    """Bytes of a size as people write it; raises ConfigError.

    >>> parse_size("10MB"), parse_size("1.5 KiB"), parse_size("512")
    (10000000, 1536, 512)
    """
    match = re.fullmatch(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([KMG]?i?B?)\s*", text, re.IGNORECASE)
    unit = match and _UNITS.get(match[2].upper())
    if not match or not unit:
        raise ConfigError(f"{text!r} is no size: write a number of bytes, or one with a unit such as 10MB")
    return ByteSize(int(float(match[1]) * unit))


DAY_SECONDS = 86_400
"""No wait is longer: one without an end would be a run without an end."""


def _bounds(default: Any, *, least: float, most: float = float("inf")) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


class _Table:
    """A table whose numbers are checked against the bounds beside their fields."""

    __slots__ = ()
    table: ClassVar[str]

    def __post_init__(self) -> None:
        for entry in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value, bounds = getattr(self, entry.name), entry.metadata
            if bounds and not bounds["least"] <= value <= bounds["most"]:
                limit = f"at most {bounds['most']:g}" if value > bounds["most"] else f"at least {bounds['least']:g}"
                raise ConfigError(f"{self.table}.{entry.name} must be {limit}, not {value:g}")


@dataclass(frozen=True, slots=True)
class RunConfig(_Table):
    """How many work at once."""

    table = "run"
    threads: int = _bounds(10, least=1, most=2000)
    """Fetching threads."""
    processes: int = _bounds(0, least=0, most=256)
    """Parsing processes; 0 parses in the fetching thread, and in a process what may take long."""
    parse_timeout: float = _bounds(10.0, least=0.1, most=DAY_SECONDS)
    """Longest time for one page that is parsed in a process, in seconds."""


@dataclass(frozen=True, slots=True)
class PolitenessConfig(_Table):
    """What one host is asked to bear."""

    table = "politeness"
    per_host: int = _bounds(10, least=1)
    """Most requests in flight to one host; lowered by itself while the host is overloaded."""
    delay: float = _bounds(0.0, least=0, most=DAY_SECONDS)
    """Least gap between two requests to one host, in seconds; a longer Crawl-delay wins."""
    robots: bool = True
    """Obey robots.txt."""


@dataclass(frozen=True, slots=True)
class RetryConfig(_Table):
    """When and how often to try again."""

    table = "retry"
    retries: int = _bounds(2, least=0, most=100)
    """Further attempts after the first."""
    backoff: float = _bounds(1.0, least=0, most=DAY_SECONDS)
    """Upper bound of the first wait, in seconds; it doubles with every attempt."""
    max_backoff: float = _bounds(60.0, least=0, most=DAY_SECONDS)
    """Upper bound of every wait, in seconds."""
    max_retry_after: float = _bounds(60.0, least=0, most=DAY_SECONDS)
    """A Retry-After up to this many seconds is obeyed; a longer one fails the URL."""


@dataclass(frozen=True, slots=True)
class FetchConfig(_Table):
    """One request."""

    table = "fetch"
    timeout: float = _bounds(15.0, least=0.001, most=DAY_SECONDS)
    """Longest silence while reading, in seconds."""
    connect_timeout: float = _bounds(5.0, least=0.001, most=DAY_SECONDS)
    """Longest time to connect, in seconds."""
    deadline: float = _bounds(30.0, least=0.001, most=DAY_SECONDS)
    """Longest time for one attempt as a whole, in seconds."""
    max_body: ByteSize = _bounds(DEFAULT_MAX_BODY, least=1)
    """Most bytes of one page, on the wire and after decompression."""
    max_redirects: int = _bounds(10, least=0)
    """Redirects followed for one URL."""
    user_agent: str = DEFAULT_USER_AGENT
    """Its first word, up to the slash, is what robots.txt may name."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request to the origins of the list, never to one that only a redirect names."""
    cookies: Path | None = None
    """Netscape cookie file."""
    proxy: str | None = None
    """URL of a proxy for all requests."""
    insecure: bool = False
    """Do not verify TLS certificates."""


@dataclass(frozen=True, slots=True)
class OutputConfig(_Table):
    """What is written where."""

    table = "output"
    files: tuple[str, ...] = ("products.csv",)
    """Their suffixes decide the formats; `-` is standard output."""
    store: str | None = None
    """The SQLite result store; None: the first file's stem and `.db`."""


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Table [sites."shop.example"]: what to read on that host, and on those below it, before anything else."""

    selectors: Mapping[str, str] = field(default_factory=dict)
    """Field -> CSS selector; `selector@attribute` reads an attribute instead of the text."""
    parser: str | None = None
    """`module:function`, called with a BeautifulSoup object; answers a mapping of fields, or None."""


@dataclass(frozen=True, slots=True)
class Config:
    """All tables of config.toml."""

    run: RunConfig = field(default_factory=RunConfig)
    politeness: PolitenessConfig = field(default_factory=PolitenessConfig)
    retry: RetryConfig = field(default_factory=RetryConfig)
    fetch: FetchConfig = field(default_factory=FetchConfig)
    output: OutputConfig = field(default_factory=OutputConfig)
    sites: Mapping[str, SiteRules] = field(default_factory=dict)
    """Host -> its rules."""


TABLES: tuple[type[_Table], ...] = (RunConfig, PolitenessConfig, RetryConfig, FetchConfig, OutputConfig)


def load(path: Path) -> Config:
    """The configuration in a TOML file; what the file does not name keeps its default. Raises ConfigError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    try:
        return _read_document(document)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _read_document(document: Mapping[str, Any]) -> Config:
    _refuse_unknown(document, [table.table for table in TABLES] + ["sites"], "table")
    tables = {table.table: _read_table(table, document.get(table.table, {})) for table in TABLES}
    return Config(**tables, sites=_read_sites(document.get("sites", {})))


def _read_table(table: type[_Table], given: Any) -> Any:
    entries = {entry.name: entry.type for entry in fields(table)}  # type: ignore[arg-type]
    _expect(isinstance(given, dict), table.table, "a table")
    _refuse_unknown(given, entries, f"key in [{table.table}]")
    return table(**{key: _read_value(entries[key], value, f"{table.table}.{key}") for key, value in given.items()})


def _read_value(kind: Any, value: Any, where: str) -> Any:
    expected, read = _READERS[kind]
    result = read(value)
    _expect(result is not None, where, expected)
    return result


def _read_sites(given: Any) -> dict[str, SiteRules]:
    _expect(isinstance(given, dict), "sites", "a table of hosts")
    for host, rules in given.items():
        _expect(_texts_by_name(rules) is not None, f'sites."{host}"', "a table of texts")
    return {
        host.lower(): SiteRules(
            {name: selector for name, selector in rules.items() if name != "parser"}, rules.get("parser")
        )
        for host, rules in given.items()
    }


def _refuse_unknown(given: Iterable[str], known: Iterable[str], what: str) -> None:
    known = list(known)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            raise ConfigError(f"unknown {what}: {name!r}; {hint}")


def _expect(is_right: bool, where: str, expected: str) -> None:
    if not is_right:
        raise ConfigError(f"{where} must be {expected}")


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None


def _whole_number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _size(value: Any) -> ByteSize | None:
    return parse_size(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: Any) -> tuple[str, ...] | None:
    is_list = isinstance(value, list) and value and all(isinstance(item, str) for item in value)
    return tuple(value) if is_list else None


def _texts_by_name(value: Any) -> dict[str, str] | None:
    return value if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()) else None


_READERS: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    int: ("a whole number", _whole_number),
    float: ("a number", _number),
    bool: ("true or false", lambda value: value if isinstance(value, bool) else None),
    str: ("a text", _text),
    ByteSize: ("a size such as 10MB", _size),
    str | None: ("a text", _text),
    Path | None: ("a path", lambda value: Path(value) if isinstance(value, str) else None),
    tuple[str, ...]: ("a list of texts", _texts),
    Mapping[str, str]: ("a table of texts", _texts_by_name),
}
