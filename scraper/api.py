"""The program as a Python function: `from scraper import scrape`."""

import queue
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.config import Config
from scraper.fetch.fetcher import Fetcher
from scraper.models import Outcome
from scraper.parse import check_rules
from scraper.pipeline import Pipeline
from scraper.sources import Line, check_sources, parse_entry, read_sources
from scraper.store import ResultStore

_MAX_AHEAD = 100
"""Outcomes that may wait for the caller before the fetching waits too."""


def scrape(
    urls: Iterable[str] | Path,
    *,
    threads: int | None = None,
    processes: int | None = None,
    config: Config | None = None,
    store: Path | None = None,
) -> Generator[Outcome]:
    """Fetch URLs in parallel and yield a Product or a Failure for each, as they come.

    `urls` is read as fast as it comes, ahead of the fetching, into the store; a Path is a list as the command line
    takes it. A URL given twice is fetched and yielded once. `threads` and `processes` win over `config`; a config.toml
    is read by `scraper.config.load` only.

    Without `store` nothing is kept; with it, a call that was interrupted is resumed by the next one, which yields what
    was still to be done. Leaving the loop early stops the run.

    Raises ScraperError, and whatever iterating `urls` raises, after the outcomes of what came before.
    """
    if isinstance(urls, str):
        raise TypeError("urls: give a list of URLs, or a Path to a file of them")
    config = config or Config()
    check_rules(config.sites)
    given = {"threads": threads, "processes": processes}
    config = replace(
        config, run=replace(config.run, **{key: value for key, value in given.items() if value is not None})
    )
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="scrape-")) if store is None else ""
        result_store = stack.enter_context(ResultStore(store or Path(folder) / "products.db"))
        run = result_store.begin([str(urls) if isinstance(urls, Path) else "python"])
        arrived: queue.Queue[Outcome] = queue.Queue(_MAX_AHEAD)
        pipeline = Pipeline(config, Fetcher(config.fetch), result_store, run, on_outcome=arrived.put)
        runner = stack.enter_context(_Runner(pipeline, _lines(urls), arrived))
        yield from runner.outcomes()
        result_store.finish()


def _lines(urls: Iterable[str] | Path) -> Iterator[Line]:
    if isinstance(urls, Path):
        check_sources([str(urls)])
        return read_sources([str(urls)])
    return (parse_entry(url, f"item {number}") for number, url in enumerate(urls, start=1))


class _Runner:
    """Runs a pipeline in a thread beside the caller's; as a context manager it stops it, whatever is still waiting."""

    def __init__(self, pipeline: Pipeline, lines: Iterator[Line], arrived: queue.Queue[Outcome]) -> None:
        self._pipeline = pipeline
        self._lines = lines
        self._arrived = arrived
        self._ended = threading.Event()
        self._error: BaseException | None = None

    def outcomes(self) -> Iterator[Outcome]:
        """What arrives, until the run has ended; raises what ended it."""
        yield from self._arriving()
        if self._error:
            raise self._error

    def _arriving(self) -> Iterator[Outcome]:
        while not (self._ended.is_set() and self._arrived.empty()):
            with suppress(queue.Empty):
                yield self._arrived.get(timeout=0.1)

    def __enter__(self) -> "_Runner":
        threading.Thread(target=self._run, name="pipeline", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipeline.stop(grace_seconds=0)
        deque(self._arriving(), maxlen=0)  # so that no worker waits to hand over what nobody takes

    def _run(self) -> None:
        try:
            stats = self._pipeline.run(self._lines)
            self._error = stats.shortage or stats.feed_error
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()
