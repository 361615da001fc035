"""Configuration: what is accepted, what is refused and how that is said."""

from dataclasses import fields
from pathlib import Path

import pytest

from scraper.config import TABLES, Config, FetchConfig, RunConfig, load, parse_size
from scraper.errors import ConfigError

SHIPPED = Path(__file__).parent.parent / "config.toml"


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_holds_the_defaults() -> None:
    """Every value that config.toml shows is the built-in one."""
    assert load(SHIPPED) == Config()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.table)
def test_the_shipped_file_names_every_key(table: type) -> None:
    """No setting is hidden: each stands in config.toml, at least as a comment."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert [entry.name for entry in fields(table) if entry.name not in text] == []


def test_reads_every_kind_of_value(tmp_path: Path) -> None:
    """Numbers, sizes, texts, lists, paths and tables arrive as their types."""
    config = load(
        write(
            tmp_path,
            """
            [fetch]
            timeout = 3
            max_body = "2 MiB"
            cookies = "jar.txt"
            headers = { Accept = "text/html" }
            [output]
            files = ["a.csv", "b.json"]
            [sites."Shop.example"]
            name = "h1"
            parser = "rules:parse"
            """,
        )
    )
    assert (config.fetch.timeout, config.fetch.max_body, config.fetch.cookies) == (3.0, 2 * 2**20, Path("jar.txt"))
    assert config.fetch.headers == {"Accept": "text/html"}
    assert config.output.files == ("a.csv", "b.json")
    assert config.sites["shop.example"].selectors == {"name": "h1"}
    assert config.sites["shop.example"].parser == "rules:parse"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[run]\nthread = 4", "unknown key in [run]: 'thread'; did you mean 'threads'?"),
        ("[runs]\nthreads = 4", "unknown table: 'runs'; did you mean 'run'?"),
        ("[zzz]", "unknown table: 'zzz'; there are: run, politeness, retry, fetch, output, sites"),
        ("[run]\nthreads = 0", "run.threads must be at least 1, not 0"),
        ("[run]\nthreads = 5000", "run.threads must be at most 2000, not 5000"),
        ('[run]\nthreads = "4"', "run.threads must be a whole number"),
        ("[run]\nthreads = true", "run.threads must be a whole number"),
        ("[fetch]\ntimeout = nan", "fetch.timeout must be a number"),
        ("[politeness]\ndelay = inf", "politeness.delay must be at most 86400, not inf"),
        ('[fetch]\nmax_body = "10 apples"', "'10 apples' is no size"),
        ("[output]\nfiles = []", "output.files must be a list of texts"),
        ("run = 3", "run must be a table"),
        ("[sites]\nshop = 3", 'sites."shop" must be a table of texts'),
        ("[run", "not valid TOML"),
    ],
)
def test_refuses_with_one_clear_line(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file, the table and key, and what would be right."""
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there is a ConfigError with its path."""
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read: No such file"):
        load(tmp_path / "absent.toml")


def test_bounds_hold_for_values_from_anywhere() -> None:
    """The check is in the dataclass, so the command line cannot pass it by."""
    with pytest.raises(ConfigError, match=r"run\.threads must be at least 1, not -3"):
        RunConfig(threads=-3)
    with pytest.raises(ConfigError, match=r"fetch\.deadline"):
        FetchConfig(deadline=0)


@pytest.mark.parametrize(("text", "size"), [("1", 1), ("10MB", 10_000_000), ("1.5KiB", 1536), ("2 gb", 2 * 10**9)])
def test_sizes(text: str, size: int) -> None:
    """Decimal and binary units, in any case."""
    assert parse_size(text) == size
