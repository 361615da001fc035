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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from scraper.config import Config
from scraper.errors import (
    SHORTAGES,
    ConnectTimeout,
    DeadlineExceeded,
    FetchError,
    InvalidUrl,
    LookupsBusy,
    Postponed,
    ReadTimeout,
    ResourceError,
    RobotsDisallowed,
    ScraperError,
    StatusError,
)
from scraper.feed import Feed
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect, Request
from scraper.fetch.retry import GiveUp, RetryPolicy
from scraper.fetch.robots import ALLOW_ALL, Robots, ask_robots, follow_robots
from scraper.frontier import NO_ANSWER, NO_CONNECTION, Frontier, Task, Verdict
from scraper.models import Failure, Outcome, Page, Status
from scraper.parse import load, may_take_long, parse_page
from scraper.pool import Parse, ParsingPool
from scraper.progress import Progress
from scraper.sources import Line
from scraper.store import MAX_UNCOMMITTED_SECONDS, PendingUrls, ResultStore, Run
from scraper.tally import Tally
from scraper.urls import Url, parse_url

TICK_SECONDS = 0.2
"""How often the main thread looks."""
HEAD_START_SECONDS = 0.05
"""Between the first requests and the import of the parser, which would keep their threads waiting."""
GRACE_SECONDS = 3.0
"""How long a stopped run waits for what is in flight."""

BUSY_SECONDS = 1.0
"""When a request goes again whose host could not be looked up because of too many others."""
SHORTAGE_SECONDS = 1.0
"""When a request goes again for which there were no file descriptors, no process or the like."""
UNREAD_SECONDS = 1.0
"""When a redirect goes again to a private address that the rest of the list may name."""
MAX_SHORTAGES = 20
"""In a row, with one thread left; then the run ends."""

_OVERLOAD_STATUSES = (429, 503)
_NO_CONNECTION = ("dns", "refused", "unreachable", "proxy")

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
    shortage: ResourceError | None = None
    """What the machine lacked, so that the run ended early."""


DONE = Verdict()


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one request."""

    task: Task
    """With the time it took."""
    verdict: Verdict = DONE
    outcome: Outcome | None = None
    """As what the page ended, if it did."""
    shortage: ResourceError | None = None
    """What the machine lacked, so that no request could be made."""


class Pipeline:
    """Carries every pending URL of one run of a store to its outcome.

    `on_outcome` is called once a page, in the thread that carried it, after the store has it; it may wait, and so
    hold up the fetching. What it raises ends the run.
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
        self._frontier = Frontier(config.politeness, self._read_pending, threads=config.run.threads, clock=clock)
        self._feed = Feed(store, self._frontier, on_outcome)
        self._tally = Tally(run.done, clock)
        self._parse: Parse = partial(parse_page, sites=config.sites)
        self._is_stopped = False
        self._grace_seconds = GRACE_SECONDS
        self._is_dropping = False
        self._lock = threading.Lock()  # guards the two below
        self._workers = config.run.threads
        self._shortages = 0
        self._shortage: ResourceError | None = None

    def run(self, lines: Iterable[Line], on_progress: Callable[[Progress], None] | None = None) -> Stats:
        """Returns when every line has its outcome, or soon after `stop`.

        Raises ScraperError when the store can no longer be written.
        """
        with self._parsing() as self._parse:
            executor = ThreadPoolExecutor(self._config.run.threads, thread_name_prefix="fetch")
            # A daemon, unlike the executor's threads: it may be reading standard input, which nothing can interrupt.
            feeder = threading.Thread(target=self._feed.run, args=(lines,), name="feed", daemon=True)
            try:
                with _threads_from_system():
                    # Before the first URL: threads that have work leave little time to start others.
                    workers = [executor.submit(self._work) for _ in range(self._config.run.threads)]
                    feeder.start()
                self._watch(workers, on_progress)
                self._feed.finish(feeder, seconds=self._grace_seconds)
            finally:
                self._is_dropping = True
                self._frontier.stop()
                self._fetcher.abort()
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
            self._shortage,
        )

    def stop(self, *, grace_seconds: float | None = None) -> None:
        """End the run: nothing new is taken, and what is in flight has a few seconds. May be called by a signal."""
        # Plain values: a signal handler must not wait for a lock that its own thread holds.
        self._grace_seconds = GRACE_SECONDS if grace_seconds is None else grace_seconds
        self._is_stopped = True

    @contextmanager
    def _parsing(self) -> Iterator[Parse]:
        """The one call that parses a page: in a process, or in the calling thread where that cannot take long."""
        config, sites = self._config.run, self._config.sites
        in_thread: Parse = partial(parse_page, sites=sites)
        with ParsingPool(max(config.processes, 1), in_thread, timeout_seconds=config.parse_timeout) as pool:
            if config.processes:
                pool.start()
                yield pool.parse
            else:
                yield lambda page: (pool.parse if may_take_long(page, sites) else in_thread)(page)

    def _watch(self, workers: list[Future[None]], on_progress: Callable[[Progress], None] | None) -> None:
        grace_ends = float("inf")
        pending = set(workers)
        wait(pending, HEAD_START_SECONDS, return_when=FIRST_EXCEPTION)
        if not self._config.run.processes:
            with suppress(OSError, ImportError):  # then whoever needs it tries again
                load()
        while pending and self._clock() < grace_ends:
            finished, pending = wait(pending, TICK_SECONDS, return_when=FIRST_EXCEPTION)
            for worker in finished:
                self._check(worker)
            self._feed.flush()
            self._store.flush(older_than_seconds=MAX_UNCOMMITTED_SECONDS)
            if on_progress:
                try:
                    on_progress(self._tally.progress(self._feed, self._frontier.in_flight))
                except (OSError, ValueError):  # whoever watched has gone; the run goes on
                    on_progress = None
            if self._is_stopped and grace_ends == float("inf"):
                self._frontier.stop()
                grace_ends = self._clock() + self._grace_seconds

    def _check(self, worker: Future[None]) -> None:
        """Raise what ended a worker; a shortage ends the run in order."""
        try:
            worker.result()
        except ResourceError as error:
            self._shortage = error
            self.stop()

    def _work(self) -> None:
        while (task := self._frontier.take()) is not None:
            step = self._carry(task)
            if step.outcome and not self._is_dropping:
                self._record(step.task, step.outcome)
            self._fetcher.let_go()
            self._frontier.finish(step.task, step.verdict)
            if self._is_one_too_many(step.shortage):
                self._frontier.offer({})  # wakes another thread, for what this one would have taken
                return

    def _is_one_too_many(self, shortage: ResourceError | None) -> bool:
        """Whether the thread should end for want of something; the last one waits for it instead. Raises it in the end.

        So a run with more threads than the machine bears goes on with as many as it does.
        """
        if not (shortage or self._shortages):
            return False
        with self._lock:
            self._shortages = self._shortages + 1 if shortage else 0
            if not shortage:
                return False
            self._fetcher.release()
            if self._workers > 1:
                self._workers -= 1
                return True
            if self._shortages > MAX_SHORTAGES:
                raise shortage
            return False

    def _carry(self, task: Task) -> Step:
        """Make one request; for a page that ends with it, also the outcome."""
        if not task.request.private_allowed:
            task = self._at(task, task.request)  # the list may have named the host meanwhile
        try:
            return self._ask_robots(task) if task.page is None else self._fetch(task)
        except ResourceError as error:
            return _postponed(task, error)
        except MemoryError as error:
            raise ResourceError("there is no memory left") from error
        except ScraperError:
            raise
        except BaseException as error:  # a bug, of ours or of a site's parser, must cost one URL, not the night
            if _is_shortage(error):
                return _postponed(task, ResourceError(f"the system says: {error}"))
            logger.exception("unexpected error")
            failure = FetchError(task.request.url.href, "internal_error", f"unexpected {type(error).__name__}")
            if task.page is None:
                return Step(task, Verdict(robots=failure))
            return Step(task, outcome=replace(_failure(task, failure), status=Status.PARSE_ERROR))

    def _ask_robots(self, task: Task) -> Step:
        """Make one request for a robots.txt, which may be elsewhere."""
        if isinstance(task.robots, FetchError):
            return Step(task, Verdict(requested=False, robots=task.robots))
        began = self._clock()
        try:
            agent, resend = self._config.fetch.user_agent, not task.gap_seconds
            answer = ask_robots(self._fetcher, task.request, user_agent=agent, resend=resend)
        except FetchError as error:
            verdict = self._retry(task, error)
            if isinstance(verdict, InvalidUrl):  # it is nowhere
                return Step(task, Verdict(robots=ALLOW_ALL))
            known = Verdict(robots=verdict) if isinstance(verdict, FetchError) else verdict
            return Step(task, replace(known, silence=_silence(error)))
        finally:
            self._tally.add_seconds(self._clock() - began)
        if isinstance(answer, Robots):
            return Step(task, Verdict(robots=answer))
        request = follow_robots(task.request, answer)
        return Step(task, Verdict(again=self._at(task, request)) if request else Verdict(robots=ALLOW_ALL))

    def _fetch(self, task: Task) -> Step:
        """Make one request for a page and see what follows from the answer."""
        if refusal := _refusal(task):
            attempts = task.attempt if task.request.hops else task.attempt - 1
            return Step(task, Verdict(requested=False), _failure(replace(task, attempt=attempts), refusal))
        began = self._clock()
        try:
            sent, resend = partial(self._frontier.sent, task), not task.gap_seconds
            answer = self._fetcher.fetch(task.request, on_sent=sent, resend=resend)
        except FetchError as error:
            return self._fail(self._timed(task, began), error)
        task = self._timed(task, began)
        if isinstance(answer, Redirect):
            return self._follow(task, answer)
        return Step(task, outcome=self._parse(_page_of(task, answer)))

    def _follow(self, task: Task, redirect: Redirect) -> Step:
        try:
            request = task.request.follow(redirect, max_redirects=self._config.fetch.max_redirects)
        except FetchError as error:
            return self._fail(task, error)
        return Step(task, Verdict(again=self._at(task, request)))

    def _at(self, task: Task, request: Request) -> Task:
        """The task, with what a redirect leads to."""
        private_allowed = request.private_allowed or self._frontier.is_listed(request.url.host)
        return replace(task, request=replace(request, private_allowed=private_allowed))

    def _fail(self, task: Task, error: FetchError) -> Step:
        verdict = self._retry(task, error)
        if isinstance(verdict, Verdict):
            return Step(task, verdict)
        answer = Verdict(silence=_silence(error), overloaded=_is_overload(error))
        return Step(task, answer, self._final(task, verdict))

    def _retry(self, task: Task, error: FetchError) -> Verdict | FetchError:
        """When to try again; or the error to report if that is not worth it."""
        if isinstance(error, Postponed):
            is_busy = isinstance(error, LookupsBusy)
            wait = BUSY_SECONDS if is_busy else 0.0
            return Verdict(again=task, after_seconds=wait, silence=_silence(error), requested=not is_busy)
        if error.reason == "private_address" and self._may_be_listed(task):
            return Verdict(again=task, after_seconds=UNREAD_SECONDS, requested=False)
        decision = self._policy.decide(error, attempt=task.attempt, now=datetime.now(UTC), jitter=random.random)
        if isinstance(decision, GiveUp):
            return decision.error
        return Verdict(
            again=replace(task, attempt=task.attempt + 1, failed=None if isinstance(error, StatusError) else error),
            after_seconds=decision.after_seconds,
            pause_seconds=decision.after_seconds if decision.whole_host else 0.0,
            silence=_silence(error),
            overloaded=_is_overload(error),
        )

    def _may_be_listed(self, task: Task) -> bool:
        """Whether the list names the host after all, or may do so yet; for another's robots.txt nobody waits."""
        is_errand = task.page is None and bool(task.request.hops)
        return not is_errand and (not self._feed.has_ended or self._frontier.is_listed(task.request.url.host))

    def _final(self, task: Task, error: FetchError) -> Outcome:
        """As what the URL ends; the page of a bad status may say more, such as a bot wall."""
        if isinstance(error, StatusError) and error.reason != "retry_after":
            return self._parse(_page_of(task, error.page))
        return _failure(task, error)

    def _record(self, task: Task, outcome: Outcome) -> None:
        attempts = outcome.attempts if isinstance(outcome, Failure) else task.attempt
        self._store.add(task.page or 0, outcome, attempts=attempts, elapsed_seconds=task.elapsed_seconds)
        self._tally.add(task.request.given.host, outcome.status, task.elapsed_seconds)
        if self._on_outcome:
            self._on_outcome(outcome)

    def _timed(self, task: Task, began: float) -> Task:
        return replace(task, elapsed_seconds=task.elapsed_seconds + self._clock() - began)

    def _read_pending(self, host: str, page: int, limit: int) -> list[tuple[int, Url, str]]:
        return [
            (page, self._feed.with_credentials(parse_url(url)), given)
            for page, url, given in self._pending.after(host, page, limit)
        ]


@contextmanager
def _threads_from_system() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # "can't start new thread"
        raise ResourceError("the system gives no more threads; lower --threads") from error


def _is_shortage(error: BaseException) -> bool:
    """Whether something ran out: what is imported late needs files too, and a library without one is an ImportError."""
    return isinstance(error, ImportError) or (isinstance(error, OSError) and error.errno in SHORTAGES)


def _postponed(task: Task, shortage: ResourceError) -> Step:
    again = Verdict(again=task, after_seconds=SHORTAGE_SECONDS, requested=False)
    return Step(task, again, shortage=shortage)


def _refusal(task: Task) -> FetchError | None:
    """Why robots.txt keeps the URL from being asked for, if it does (RFC 9309, section 2.3.1)."""
    url, robots = task.request.url, task.robots
    if isinstance(robots, StatusError):
        message = f"{url.host}: robots.txt cannot be had ({robots.reason}), so nothing may be fetched"
        return RobotsDisallowed(url.href, "robots_unavailable", message)
    if isinstance(robots, FetchError):
        return task.failed if task.failed and robots.reason == "dead_host" else robots
    if not robots.allows(url.href):
        return RobotsDisallowed(url.href, "disallowed", f"{url.host}: robots.txt forbids it")
    return None


def _failure(task: Task, error: FetchError) -> Failure:
    http_status = error.page.http_status if isinstance(error, StatusError) else None
    final_url = task.request.url.href
    return Failure(task.given, error.status, error.reason, str(error), http_status, task.attempt, final_url)


def _page_of(task: Task, page: Page) -> Page:
    return replace(page, url=task.given, attempts=task.attempt, elapsed_seconds=task.elapsed_seconds)


def _silence(error: FetchError) -> int | None:
    """How much an error speaks for the host being dead; None: neither for it nor against it."""
    if isinstance(error, Postponed):
        return None
    if isinstance(error, ConnectTimeout) or error.reason in _NO_CONNECTION:
        return NO_CONNECTION
    return NO_ANSWER if isinstance(error, ReadTimeout | DeadlineExceeded) or error.reason == "reset" else 0


def _is_overload(error: FetchError) -> bool:
    if isinstance(error, StatusError):
        return error.page.http_status in _OVERLOAD_STATUSES
    return isinstance(error, ConnectTimeout | ReadTimeout | DeadlineExceeded)
