"""The command line: reads the configuration, calls one function, prints, sets the exit code.

Exit codes: 0 every URL ended as a product; 1 some did not; 2 usage, configuration or unreadable input; 3 an output or
the store could not be written; 130 and 143 stopped by Ctrl-C and SIGTERM.

What only a command needs is imported by it, so that `--help` comes at once.
"""

import difflib
import gc
import logging
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click

from scraper import __version__
from scraper.config import Config, load, parse_size
from scraper.errors import ConfigError, ExportError, InputError, ResourceError, ScraperError, StoreError

EXIT_CODES: dict[type[ScraperError], int] = {
    ConfigError: 2,
    InputError: 2,
    ExportError: 3,
    StoreError: 3,
    ResourceError: 3,
}


class DefaultCommandGroup(click.Group):
    """A group with a default command: `scrape urls.txt` is `scrape run urls.txt`."""

    default_command = "run"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in front of the first thing that is not the group's own."""
        options = {name for parameter in self.get_params(ctx) for name in parameter.opts}
        for index, argument in enumerate(args):
            if argument in self.commands:
                break
            if argument not in options:
                args = [*args[:index], self.default_command, *args[index:]]
                break
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Turn the errors of the program into a line and an exit code, here alone."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise  # click knows what to do with these
        except (KeyboardInterrupt, click.Abort):
            leave(128 + signal.SIGINT)
        except Exception as error:
            _complain(error)
            if any(thread.name == "feed" for thread in threading.enumerate()):
                leave(exit_code_of(error))  # it may be reading standard input, and would crash the ordinary exit
            ctx.exit(exit_code_of(error))
        finally:
            gc.freeze()  # or the interpreter would look for garbage in all modules, at the end of each


def exit_code_of(error: Exception) -> int:
    """What the process ends with because of this error; 3 for one that nobody expected."""
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 3)


def _complain(error: Exception) -> None:
    from scraper.progress import printable

    is_expected = isinstance(error, ScraperError)
    message = (
        str(error) if is_expected else f"unexpected {type(error).__name__}: {error}; scrape --debug ... shows where"
    )
    click.echo(f"scrape: {printable(message)}", err=True)
    if click.get_current_context().find_root().params["debug"]:
        traceback.print_exception(error)


class Size(click.ParamType[Any]):
    """A number of bytes, with or without a unit."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As `parse_size`."""
        try:
            return parse_size(str(value))
        except ConfigError as error:
            self.fail(str(error), param, ctx)


class Header(click.ParamType[Any]):
    """`Name: value`."""

    name = "header"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A pair of name and value."""
        name, colon, content = value.partition(":")
        if not colon or not name.strip():
            self.fail("write it as 'Name: value'", param, ctx)
        return name.strip(), content.strip()


class FieldValue(click.ParamType[Any]):
    """`field=value`."""

    name = "field"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """A pair of field and value."""
        field, sign, content = value.partition("=")
        if not sign or not field.strip() or not content.strip():
            self.fail("write it as FIELD=VALUE", param, ctx)
        return field.strip(), content.strip()


SETTINGS: dict[str, tuple[str, str]] = {
    "threads": ("run", "threads"),
    "processes": ("run", "processes"),
    "per_host": ("politeness", "per_host"),
    "delay": ("politeness", "delay"),
    "max_retry_after": ("retry", "max_retry_after"),
    "retries": ("retry", "retries"),
    "timeout": ("fetch", "timeout"),
    "deadline": ("fetch", "deadline"),
    "max_body": ("fetch", "max_body"),
    "user_agent": ("fetch", "user_agent"),
    "cookies": ("fetch", "cookies"),
    "proxy": ("fetch", "proxy"),
    "insecure": ("fetch", "insecure"),
    "output": ("output", "files"),
    "store": ("output", "store"),
}
"""Option -> table and key of the configuration."""


class Setting(click.Option):
    """An option that a variable may give; what is wrong with it is said of the one that did."""

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """The variable, or the names of the option."""
        return _variable_given(self.name, ctx) or super().get_error_hint(ctx)


def _variable_given(option: str | None, ctx: click.Context | None) -> str:
    is_given = ctx and option and ctx.get_parameter_source(option) is click.core.ParameterSource.ENVIRONMENT
    return f"SCRAPE_{option.upper()}" if option and is_given else ""


def _setting(*names: str, help: str, **attributes: Any) -> Callable[[Any], Any]:  # noqa: A002 - click's own word
    """An option over the configuration; its default is None, so that what is not given stays as configured."""
    option = names[-1].removeprefix("--").replace("-", "_")
    table, key = SETTINGS[option]
    default = getattr(getattr(Config(), table), key)
    if isinstance(default, tuple):
        help = f"{help}  [{' '.join(default)}]"  # noqa: A001
    elif isinstance(default, int | float) and not isinstance(default, bool):
        help = f"{help}  [{default:,}]".replace(".0]", "]")  # noqa: A001
    variable = f"SCRAPE_{option.upper()}"
    return click.option(*names, cls=Setting, help=help, envvar=variable, **{"default": None, **attributes})


_config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    envvar="SCRAPE_CONFIG",
    help="Configuration.  [config.toml if there]",
)


@click.group(
    cls=DefaultCommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--debug", is_flag=True, envvar="SCRAPE_DEBUG", help="Show tracebacks.")
@click.version_option(__version__, prog_name="scrape")
def main(debug: bool) -> None:
    """Turn lists of product URLs into one clean table of products.

    `scrape urls.txt --threads 10` is short for `scrape run urls.txt --threads 10`.
    """
    logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s")


@main.command()
@click.argument("sources", nargs=-1, required=True)
@_setting("-t", "--threads", type=int, help="Fetching threads.")
@_setting("-p", "--processes", type=int, help="Parsing processes; 0 parses in the fetching thread.")
@_setting("--per-host", type=int, help="Most requests in flight to one host.")
@_setting("--delay", type=float, help="Least seconds between two requests to one host.")
@_setting("--max-retry-after", type=float, help="Obey a Retry-After up to so many seconds.")
@_setting("--retries", type=int, help="Further attempts for what is worth another.")
@_setting("--timeout", type=float, help="Longest silence while reading, in seconds.")
@_setting("--deadline", type=float, help="Longest time for one attempt, in seconds.")
@_setting("--max-body", type=Size(), help="Most bytes of one page, also decompressed.")
@_setting("-o", "--output", multiple=True, metavar="FILE", help="Its suffix decides the format; - is stdout.")
@click.option("-f", "--format", "format_given", help="Format of the outputs, whatever their suffix: csv, jsonl, json.")
@_setting("--store", metavar="FILE", help="The SQLite result store.  [first output's stem + .db]")
@click.option("--fresh", is_flag=True, help="Start over, even if the last run was interrupted.")
@click.option("--retry-failed", is_flag=True, help="Fetch again only what failed in the last run.")
@click.option("--url-column", default="url", help="Column or key of the URL in csv and jsonl lists.  [url]")
@click.option("--encoding", help="Encoding of the lists.  [utf-8, else windows-1252]")
@_config_option
@_setting("-U", "--user-agent", help="How the program introduces itself.")
@click.option(
    "-H", "--header", "headers", type=Header(), multiple=True, help="'Name: value', to the list's origins only."
)
@_setting("--cookies", type=click.Path(path_type=Path), help="Netscape cookie file.")
@_setting("-x", "--proxy", metavar="URL", help="Proxy for all requests.")
@_setting("--insecure", is_flag=True, help="Do not verify TLS certificates.")
@click.option(
    "--ignore-robots", is_flag=True, envvar="SCRAPE_IGNORE_ROBOTS", help="Do not ask for robots.txt, nor obey it."
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say of every URL without a product why, as it comes.")
@click.option("--no-progress", is_flag=True, help="Show no progress.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", help="Of progress and summary.  [text]"
)
def run(sources: tuple[str, ...], **options: Any) -> None:
    """Fetch every URL of SOURCES and write the products.

    SOURCES are lists (.txt, .csv, .jsonl, each also .gz), - for standard input, or URLs themselves.
    The same command again resumes a run that was interrupted.

    The defaults stand in [brackets]. config.toml may change them; a variable such as SCRAPE_THREADS wins
    over the file, and the option over both.
    """
    from scraper.progress import format_summary, progress_display, summary_json
    from scraper.run import Job, choose_outputs, run_job

    if options["fresh"] and options["retry_failed"]:
        raise click.UsageError("--fresh and --retry-failed exclude each other")
    config = configure(options)
    job = Job(
        sources,
        choose_outputs(config.output.files, options["format_given"]),
        config,
        **{name: options[name] for name in ("url_column", "encoding", "fresh", "retry_failed")},
    )
    display = progress_display(
        stream=sys.stderr,
        quiet=options["quiet"],
        no_progress=options["no_progress"],
        log_format=options["log_format"],
    )
    _raise_descriptor_limit()
    _share_one_heap()
    on_outcome = _say_why if options["verbose"] else None
    with _stop_on_signals() as stopping:
        summary = run_job(job, display=display, on_outcome=on_outcome, on_start=stopping.attach)
    code = exit_code_of(summary.errors[0]) if summary.errors else summary.exit_code
    if stopping.signal:
        code = 128 + stopping.signal
    with suppress(OSError):  # a terminal that was closed takes no summary
        if not options["quiet"]:
            is_json = options["log_format"] == "json"
            click.echo(summary_json(summary, exit_code=code) if is_json else format_summary(summary), err=True)
        for error in summary.errors:
            _complain(error)
    if stopping.signal:
        leave(code)
    sys.exit(code)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="The URL that the pages were saved from.")
@click.option("--urls", "urls_path", type=click.Path(path_type=Path), help="JSON object: file -> URL, or URL -> file.")
@_config_option
@click.option("--explain", is_flag=True, help="For people: every field, its value, its source, and what others said.")
def extract(files: tuple[Path, ...], url: str, urls_path: Path | None, config_path: Path | None, explain: bool) -> None:
    """Read saved pages; write one JSON object a line: file, and product or null with the reason."""
    import json

    from scraper.extract import explain_files, extract_files, load_urls
    from scraper.parse.rules import check_rules

    sites = _load(config_path).sites
    check_rules(sites)
    urls = load_urls(urls_path) if urls_path else {}
    if explain:
        for line in explain_files(files, urls=urls, url=url, sites=sites):
            click.echo(line.encode("utf-8", "replace"))
        return
    for row in extract_files(files, urls=urls, url=url, sites=sites):
        click.echo(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))


@main.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...")
@click.option("--name", help="The product's name on the first page.")
@click.option("--price", help="Its price there, as you see it.")
@click.option("--field", "others", type=FieldValue(), multiple=True, metavar="FIELD=VALUE", help="Any other field.")
@click.option("--url", default="", help="The URL that saved pages were saved from.")
@_config_option
def learn(
    pages: tuple[str, ...],
    name: str | None,
    price: str | None,
    others: tuple[tuple[str, str], ...],
    url: str,
    config_path: Path | None,
) -> None:
    """Write the site rule that reads given values on the first PAGE, checked on the others.

    A PAGE is a URL or a saved file. The rule goes to standard output, as TOML to add to the configuration. The exit
    code is 1 if some page lacks a value.
    """
    from scraper.learn import format_rules, load_pages
    from scraper.learn import learn as learn_rules

    given = {field: value for field, value in (("name", name), ("price", price), *others) if value is not None}
    learned = learn_rules(load_pages(pages, url=url, config=_load(config_path)), given)
    for line in format_rules(learned):
        click.echo(line.encode("utf-8", "replace"))
    sys.exit(0 if learned.is_complete else 1)


@main.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option("-o", "--output", multiple=True, default=("-",), metavar="FILE", help="Its suffix decides the format.")
@click.option("-f", "--format", "format_given", help="Format whatever the suffix: csv, jsonl, json.  [stdout: csv]")
@click.option("--run", "run_id", type=int, help="Number of the run.  [the last one]")
def export(store: Path, output: tuple[str, ...], format_given: str | None, run_id: int | None) -> None:
    """Write the products in a result STORE, also while a run goes on."""
    from scraper.run import choose_outputs, write_outputs
    from scraper.store import Snapshot

    outputs = choose_outputs(output, format_given or ("csv" if output == ("-",) else None))
    if os.path.realpath(store) in map(os.path.realpath, output):
        raise ConfigError(f"{store}: would be read and overwritten; name another output with -o")
    try:
        with Snapshot(store, run_id) as snapshot:
            write_outputs(outputs, snapshot)
    except ExportError as error:
        if isinstance(error.__cause__, BrokenPipeError):
            raise error.__cause__ from None  # as `| head` ends: click says nothing of it
        raise


@main.command()
@click.option("-t", "--threads", default=10, type=click.IntRange(1, 100), help="Threads of the second round.  [10]")
@click.option("--delay", default=1.0, type=click.FloatRange(0, 10), help="Seconds that every page takes.  [1]")
@click.option("-o", "--output", default="products.csv", help="The .csv that the second round writes.  [products.csv]")
def demo(threads: int, delay: float, output: str) -> None:
    """Scrape ten pages of a small shop on this machine: one by one, then with threads."""
    import csv

    from scraper.demo import COMPARED_PAGES, DemoShop, compare
    from scraper.export.atomic import check_writable

    path = Path(output)
    if path.suffix != ".csv":
        raise ConfigError(f"{output}: the demo writes CSV; name a file that ends in .csv")
    check_writable(path)
    if path.exists() and b"//127.0.0.1:" not in path.read_bytes()[:10_000]:
        raise ConfigError(f"{output}: exists, and the demo did not write it; name another with -o")
    with DemoShop(delay_seconds=delay) as shop:
        click.echo(f"A shop serves {COMPARED_PAGES} products at {shop.base_url}; every page takes {delay:g} s.")
        comparison = compare(shop, threads=threads, output=path)
    click.echo(f"one by one      {comparison.one_by_one_seconds:6.2f} s")
    click.echo(f"{threads:2} threads      {comparison.parallel_seconds:6.2f} s")
    click.echo(f"{comparison.speed_up:.1f} times as fast\n")
    with path.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            price = f"{row['price']} {row['currency']}"
            click.echo(f"  {row['name']:32} {price:>12}  {row['availability']}")
    click.echo(f"\nAll columns are in {output}")


def _say_why(outcome: Any) -> None:
    from scraper.progress import printable

    if not outcome.status.is_product:
        line = f"{outcome.status} {outcome.reason}: {outcome.url}: {outcome.message}"
        with suppress(OSError, ValueError):  # whoever read it has gone
            sys.stderr.write(f"{printable(line)}\n")  # not click.echo, which would pass the progress display by


def _load(path: Path | None) -> Config:
    path = path or Path("config.toml")
    config = load(path) if path.is_file() or path != Path("config.toml") else Config()
    if any(rules.parser for rules in config.sites.values()):
        sys.path.insert(0, str(path.parent.resolve()))  # where a parser function of the user's stands
    return config


def configure(options: dict[str, Any]) -> Config:
    """The configuration file with the given options in place of what it says. Raises ConfigError."""
    _check_variables(os.environ)
    config = _load(options["config_path"])
    for option, (table, key) in SETTINGS.items():
        given = options[option]
        if given is not None and given != ():
            try:
                config = _with(config, table, key, given)
            except ConfigError as error:
                variable = _variable_given(option, click.get_current_context(silent=True))
                raise ConfigError(f"{variable}: {error}" if variable else str(error)) from error
    if options["headers"]:
        config = _with(config, "fetch", "headers", {**config.fetch.headers, **dict(options["headers"])})
    return _with(config, "politeness", "robots", False) if options["ignore_robots"] else config


def _check_variables(environment: Iterable[str]) -> None:
    """Refuse a variable that is named almost like a setting; what is named otherwise may be another program's."""
    known = ["SCRAPE_CONFIG", "SCRAPE_DEBUG", "SCRAPE_IGNORE_ROBOTS", *(f"SCRAPE_{name.upper()}" for name in SETTINGS)]
    for name in environment:
        if name.startswith("SCRAPE_") and name not in known:
            for near in difflib.get_close_matches(name, known, n=1, cutoff=0.9):
                raise ConfigError(f"{name}: there is no such setting; did you mean {near}?")


def _with(config: Config, table: str, key: str, value: Any) -> Config:
    return replace(config, **{table: replace(getattr(config, table), **{key: value})})


class _Stopping:
    """The first signal asks the run to stop; the next one ends it at once."""

    def __init__(self) -> None:
        self.signal = 0
        self._stop: Callable[[], None] = lambda: None

    def attach(self, stop: Callable[[], None]) -> None:
        self._stop = stop
        if self.signal:
            stop()

    def receive(self, number: int, _frame: object) -> None:
        if self.signal:
            raise KeyboardInterrupt
        self.signal = signal.SIGINT if number == signal.SIGINT else signal.SIGTERM
        self._stop()
        _say_at_once("Stopping; Ctrl-C again ends at once.")  # last: a terminal that is held up takes no text


@contextmanager
def _stop_on_signals() -> Iterator[_Stopping]:
    stopping = _Stopping()
    ignored = signal.SIG_IGN  # as nohup sets it, or a shell for what it starts in the background
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) != ignored]
    before = {number: signal.signal(number, stopping.receive) for number in numbers}
    try:
        yield stopping
    except KeyboardInterrupt:
        for number in numbers:  # a third one changes nothing
            signal.signal(number, signal.SIG_IGN)
        _say_at_once("Stopped at once. The store is whole: run the same command again.")
        leave(128 + stopping.signal)
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _say_at_once(message: str) -> None:
    """To somebody at a terminal; from a signal handler too, which must not touch buffers that may be in use."""
    if os.isatty(2):
        os.write(2, f"\n{message}\n".encode())


def leave(code: int) -> NoReturn:
    """End the process without waiting for threads that are still on the network."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, or never open
            stream.flush()
    os._exit(code)


def _raise_descriptor_limit() -> None:
    """A thread keeps a few connections, and many systems begin with a limit for few threads."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of malloc.h
_KEPT_BYTES = 30_000_000


def _share_one_heap() -> None:
    """Let threads use memory that others have freed, where the C library is glibc.

    It would give them up to eight heaps a core, and what a page took back to the system after each: with pages of all
    sizes that is more than twice the memory, and a few per cent of the time.
    """
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _KEPT_BYTES)
