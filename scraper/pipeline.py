"""One run: the only place that starts threads and processes, and carries each URL to its outcome.

                 lines                      a task that may go now            Page              Outcome
    feed ──────> store.enqueue ──> frontier.take() ──> fetcher.fetch ──> parse ──────> store.add
    (1 thread)                        ^     (`threads` threads; parse may ask a process)     │
                                      └── finish: done, or again after N seconds <───────────┘

The main thread watches: it commits what waits, reports progress and ends the run when it is told to.
"""

import logging
import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from heapq import nlargest

from scraper.config import Config
from scraper.errors import (
    ConnectTimeout,
    DeadlineExceeded,
    FetchError,
    ReadTimeout,
    RobotsDisallowed,
    ScraperError,
    StatusError,
)
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect
from scraper.fetch.retry import GiveUp, RetryPolicy
from scraper.fetch.robots import fetch_robots
from scraper.frontier import Frontier, Task, Verdict
from scraper.models import Failure, Outcome, Page, Status
from scraper.parse.page import parse_page
from scraper.pool import Parse, ParsingPool
from scraper.progress import Progress
from scraper.sources import Line
from scraper.store import MAX_UNCOMMITTED_SECONDS, PendingUrls, ResultStore, Run
from scraper.urls import Url, parse_url

TICK_SECONDS = 0.2
"""How often the main thread looks."""
GRACE_SECONDS = 3.0
"""How long a stopped run waits for what is in flight."""
MAX_BATCH = 500
"""Lines that are enqueued in one transaction."""
RATE_SECONDS = 10.0
"""Over how long the rate shown is measured."""
SLOWEST_SHOWN = 3

_OVERLOAD_STATUSES = (429, 503)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stats:
    """What a run measured of itself."""

    fetched: int
    """Pages that got their outcome in this process."""
    fetch_seconds: float
    """Sum of all times on the network, robots.txt included."""
    wall_seconds: float
    is_stopped: bool
    is_fed: bool
    """Whether the list was read to its end."""
    feed_error: Exception | None
    """Why it was not."""


class Pipeline:
    """Carries every pending URL of one run of a store to its outcome.

    `on_outcome` is called once a page, in the thread that carried it, after the store has it; it may wait, and so
    hold up the fetching.
    """

    def __init__(
        self,
        config: Config,
        fetcher: Fetcher,
        store: ResultStore,
        run: Run,
        *,
        on_outcome: Callable[[Outcome], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._store = store
        self._on_outcome = on_outcome
        self._clock = clock
        self._policy = RetryPolicy(config.retry)
        self._fetcher = fetcher
        self._pending = PendingUrls(store.path, run.id)
        self._frontier = Frontier(config.politeness, self._read_pending, clock=clock)
        self._feed = _Feed(store, self._frontier, on_outcome)
        self._tally = _Tally(run.done, clock)
        self._parse: Parse = partial(parse_page, sites=config.sites)
        self._is_stopped = False

    def run(self, lines: Iterable[Line], on_progress: Callable[[Progress], None] | None = None) -> Stats:
        """Returns when every line has its outcome, or soon after `stop`.

        Raises ScraperError when the store can no longer be written.
        """
        with self._parsing() as self._parse:
            executor = ThreadPoolExecutor(self._config.run.threads, thread_name_prefix="fetch")
            # A daemon, unlike the executor's threads: it may be reading standard input, which nothing can interrupt.
            feeder = threading.Thread(target=self._feed.run, args=(lines,), name="feed", daemon=True)
            feeder.start()
            try:
                workers = [executor.submit(self._work) for _ in range(self._config.run.threads)]
                self._watch(workers, on_progress)
                self._feed.finish(feeder)
            finally:
                self._frontier.stop()
                executor.shutdown(wait=False)
        self._fetcher.close()
        self._pending.close()
        self._store.flush()
        return Stats(
            self._tally.fetched,
            self._tally.fetch_seconds,
            self._tally.elapsed_seconds,
            self._is_stopped,
            self._feed.is_done,
            self._feed.error,
        )

    def stop(self) -> None:
        """End the run: nothing new is taken, and what is in flight has a few seconds. May be called by a signal."""
        self._is_stopped = True  # a plain flag: a signal handler must not wait for a lock that its own thread holds

    @contextmanager
    def _parsing(self) -> Iterator[Parse]:
        """The one call that parses a page, in the calling thread or in a process."""
        config = self._config.run
        if config.processes == 0:
            yield self._parse
        else:
            with ParsingPool(config.processes, self._parse, timeout_seconds=config.parse_timeout) as pool:
                yield pool.parse

    def _watch(self, workers: list[Future[None]], on_progress: Callable[[Progress], None] | None) -> None:
        grace_ends = float("inf")
        pending = set(workers)
        while pending and self._clock() < grace_ends:
            finished, pending = wait(pending, TICK_SECONDS, return_when=FIRST_EXCEPTION)
            for worker in finished:
                worker.result()  # raises what ended it
            self._feed.flush()
            self._store.flush(older_than_seconds=MAX_UNCOMMITTED_SECONDS)
            if on_progress:
                on_progress(self._tally.progress(self._feed, self._frontier.in_flight))
            if self._is_stopped and grace_ends == float("inf"):
                self._frontier.stop()
                grace_ends = self._clock() + GRACE_SECONDS

    def _work(self) -> None:
        while (task := self._frontier.take()) is not None:
            self._frontier.finish(task, self._carry(task))

    def _carry(self, task: Task) -> Verdict:
        try:
            return self._ask_robots(task) if task.page is None else self._fetch(task)
        except ScraperError:
            raise
        except Exception as error:  # a bug of ours must cost one URL, not the night
            logger.exception("unexpected error")
            failure = FetchError(task.request.url.href, "internal_error", f"unexpected {type(error).__name__}")
            if task.page is None:
                return Verdict(robots=failure)
            return self._conclude(task, replace(_failure(task, failure), status=Status.PARSE_ERROR))

    def _ask_robots(self, task: Task) -> Verdict:
        began = self._clock()
        try:
            robots = fetch_robots(self._fetcher, task.request, user_agent=self._config.fetch.user_agent)
        except FetchError as error:
            verdict = self._retry(task, error)
            return verdict if isinstance(verdict, Verdict) else Verdict(robots=verdict)
        finally:
            self._tally.add_seconds(self._clock() - began)
        return Verdict(robots=robots)

    def _fetch(self, task: Task) -> Verdict:
        """Make one request for a page and see what follows from the answer."""
        if refusal := _refusal(task):
            return replace(self._conclude(task, _failure(replace(task, attempt=0), refusal)), requested=False)
        began = self._clock()
        try:
            answer = self._fetcher.fetch(task.request, on_sent=partial(self._frontier.sent, task))
        except FetchError as error:
            return self._fail(self._timed(task, began), error)
        task = self._timed(task, began)
        if isinstance(answer, Redirect):
            return self._follow(task, answer)
        return self._conclude(task, self._parse(_page_of(task, answer)))

    def _follow(self, task: Task, redirect: Redirect) -> Verdict:
        try:
            request = task.request.follow(redirect, max_redirects=self._config.fetch.max_redirects)
        except FetchError as error:
            return self._fail(task, error)
        private_allowed = request.private_allowed or self._frontier.is_listed(request.url.host)
        return Verdict(again=replace(task, request=replace(request, private_allowed=private_allowed)))

    def _fail(self, task: Task, error: FetchError) -> Verdict:
        verdict = self._retry(task, error)
        if isinstance(verdict, Verdict):
            return verdict
        return replace(self._conclude(task, self._final(task, verdict)), overloaded=_is_overload(error))

    def _retry(self, task: Task, error: FetchError) -> Verdict | FetchError:
        """When to try again; or the error to report if that is not worth it."""
        decision = self._policy.decide(error, attempt=task.attempt, now=datetime.now(UTC), jitter=random.random)
        if isinstance(decision, GiveUp):
            return decision.error
        return Verdict(
            again=replace(task, attempt=task.attempt + 1),
            after_seconds=decision.after_seconds,
            pause_seconds=decision.after_seconds if decision.whole_host else 0.0,
            overloaded=_is_overload(error),
        )

    def _final(self, task: Task, error: FetchError) -> Outcome:
        """As what the URL ends; the page of a bad status may say more, such as a bot wall."""
        if isinstance(error, StatusError) and error.reason != "retry_after":
            return self._parse(_page_of(task, error.page))
        return _failure(task, error)

    def _conclude(self, task: Task, outcome: Outcome) -> Verdict:
        """Record the outcome of a page's task."""
        attempts = outcome.attempts if isinstance(outcome, Failure) else task.attempt
        self._store.add(task.page or 0, outcome, attempts=attempts, elapsed_seconds=task.elapsed_seconds)
        self._tally.add(task.request.given.host, outcome.status, task.elapsed_seconds)
        if self._on_outcome:
            self._on_outcome(outcome)
        return Verdict()

    def _timed(self, task: Task, began: float) -> Task:
        return replace(task, elapsed_seconds=task.elapsed_seconds + self._clock() - began)

    def _read_pending(self, host: str, page: int, limit: int) -> list[tuple[int, Url, str]]:
        return [
            (page, self._feed.with_credentials(parse_url(url)), given)
            for page, url, given in self._pending.after(host, page, limit)
        ]


class _Feed:
    """Moves the lines of the list into the store, in a thread of its own, and tells the frontier."""

    def __init__(self, store: ResultStore, frontier: Frontier, on_outcome: Callable[[Outcome], None] | None) -> None:
        self._on_outcome = on_outcome
        self._store = store
        self._frontier = frontier
        self._lock = threading.Lock()  # guards the batch, and keeps the order of the lines in the store
        self._batch: list[Line] = []
        self._credentials: dict[str, tuple[str, str]] = {}
        self.lines_read = 0
        self.new_pages = 0
        self.invalid_lines = 0
        self.is_done = False
        self.error: Exception | None = None

    def run(self, lines: Iterable[Line]) -> None:
        try:
            self._read(lines)
        except Exception as error:  # whatever ends the reading is told where the run ends
            self.error = error
        finally:
            self._frontier.close()

    def _read(self, lines: Iterable[Line]) -> None:
        try:
            for line in lines:
                with self._lock:
                    self._batch.append(line)
                    self.lines_read += 1
                if len(self._batch) >= MAX_BATCH:
                    self.flush()
        finally:
            self.flush()
        self.is_done = True

    def flush(self) -> None:
        """Enqueue what was read; also called now and then by the watching thread, since a slow list fills no batch."""
        with self._lock:
            if not self._batch:
                return
            batch, self._batch = self._batch, []
            for line in batch:
                if line.url and line.url.credentials:
                    self._credentials[line.url.origin] = line.url.credentials
            pending = self._store.enqueue(batch)
            self.new_pages += sum(pending.values())
            self.invalid_lines += sum(line.url is None for line in batch)
        self._frontier.offer(pending)
        if self._on_outcome:
            for line in batch:
                if line.url is None:
                    self._on_outcome(Failure(line.given, Status.INVALID_URL, line.reason or "", line.message or ""))

    def finish(self, feeder: threading.Thread) -> None:
        """After a stop: wait for the rest of the list as long as it comes fast, so that its lines are counted too."""
        ends = time.monotonic() + GRACE_SECONDS
        lines_before = -1
        while feeder.is_alive() and self.lines_read > lines_before and time.monotonic() < ends:
            lines_before = self.lines_read
            feeder.join(TICK_SECONDS)

    def with_credentials(self, url: Url) -> Url:
        """The URL with what the list gave for its origin; the store keeps no secrets."""
        credentials = self._credentials.get(url.origin)
        return replace(url, credentials=credentials) if credentials else url


class _Tally:
    """Counts what the workers did, for people to see."""

    def __init__(self, done: Mapping[Status, int], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()  # guards everything below
        self._counts = Counter(done)
        self._resumed = self._counts.total()
        self._hosts: dict[str, tuple[int, float]] = {}
        self._recent: deque[tuple[float, int]] = deque([(self._began, 0)])
        self.fetched = 0
        self.fetch_seconds = 0.0

    @property
    def elapsed_seconds(self) -> float:
        return self._clock() - self._began

    def add(self, host: str, status: Status, seconds: float) -> None:
        with self._lock:
            self._counts[status] += 1
            self.fetched += 1
            self.fetch_seconds += seconds
            pages, before = self._hosts.get(host, (0, 0.0))
            self._hosts[host] = (pages + 1, before + seconds)

    def add_seconds(self, seconds: float) -> None:
        """Of a request that is no page's."""
        with self._lock:
            self.fetch_seconds += seconds

    def progress(self, feed: _Feed, in_flight: int) -> Progress:
        with self._lock:
            counts = self._counts + Counter({Status.INVALID_URL: feed.invalid_lines})
            slowest = nlargest(
                SLOWEST_SHOWN, ((seconds / pages, host) for host, (pages, seconds) in self._hosts.items())
            )
            return Progress(
                counts=counts,
                total=self._resumed + feed.new_pages + feed.invalid_lines,
                total_is_final=feed.is_done,
                elapsed_seconds=self.elapsed_seconds,
                in_flight=in_flight,
                rate=self._rate(),
                slowest=tuple((host, seconds) for seconds, host in slowest),
            )

    def _rate(self) -> float:
        now = self._clock()
        self._recent.append((now, self.fetched))
        while len(self._recent) > 2 and self._recent[1][0] < now - RATE_SECONDS:
            self._recent.popleft()
        then, fetched = self._recent[0]
        return (self.fetched - fetched) / (now - then) if now > then else 0.0


def _refusal(task: Task) -> FetchError | None:
    """Why robots.txt keeps the URL from being asked for, if it does (RFC 9309, section 2.3.1)."""
    url, robots = task.request.url, task.robots
    if isinstance(robots, StatusError):
        message = f"{url.host}: robots.txt cannot be had ({robots.reason}), so nothing may be fetched"
        return RobotsDisallowed(url.href, "robots_unavailable", message)
    if isinstance(robots, FetchError):
        return robots
    if not robots.allows(url.href):
        return RobotsDisallowed(url.href, "disallowed", f"{url.host}: robots.txt forbids it")
    return None


def _failure(task: Task, error: FetchError) -> Failure:
    http_status = error.page.http_status if isinstance(error, StatusError) else None
    final_url = task.request.url.href
    return Failure(task.given, error.status, error.reason, str(error), http_status, task.attempt, final_url)


def _page_of(task: Task, page: Page) -> Page:
    return replace(page, url=task.given, attempts=task.attempt, elapsed_seconds=task.elapsed_seconds)


def _is_overload(error: FetchError) -> bool:
    if isinstance(error, StatusError):
        return error.page.http_status in _OVERLOAD_STATUSES
    return isinstance(error, ConnectTimeout | ReadTimeout | DeadlineExceeded)
