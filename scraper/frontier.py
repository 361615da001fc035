"""Which URL may be fetched now.

One small object a host holds what that host is asked to bear: how many requests are in flight and may be, the
earliest next moment, its robots.txt, and what waits for it. Everything that must wait (a gap, a Retry-After, a
backoff, a redirect's next hop) is a due time here and never a sleeping thread, so a worker that asks `take()`
gets a URL of any host that may go, and sleeps only if no host may.

Pending URLs stay in the store; a host buffers a few of them at a time.
"""

import heapq
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scraper.config import PolitenessConfig
from scraper.errors import ConnectFailed, FetchError
from scraper.fetch.redirect import Request
from scraper.fetch.robots import ALLOW_ALL, Robots, robots_request
from scraper.urls import Url

MAX_BUFFERED = 64
"""Pending URLs of one host in memory; fewer when there are many hosts."""
MAX_BUFFERED_IN_ALL = 4096
NO_ANSWER, NO_CONNECTION = 1, 3
"""How much a request that failed so speaks for the host being dead; a slow page may be silent, too."""
SILENCE_BEFORE_PROBE = 8 * NO_CONNECTION
"""What it takes in a row, without any answer between, before a single probe is all that goes to the host."""
PROBE_SECONDS = 10.0
"""Before the probe; if that fails too, the host is given up for this run."""
MAX_WAITING = 1000
"""Retries of one host that may wait before its fresh URLs do too, so that memory stays bounded."""

NOWHERE = (True, math.inf, 0)
"""The entry of a host that stands in no schedule."""

ReadPending = Callable[[str, int, int], list[tuple[int, Url, str]]]
"""(host, page, limit) -> up to `limit` pending pages of the host from behind `page`: id, URL, URL as given."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request that a worker is to make now."""

    request: Request
    page: int | None
    """The page's id in the store; None: this is the robots.txt of an origin."""
    given: str = ""
    """The page's URL as it was given."""
    attempt: int = 1
    elapsed_seconds: float = 0.0
    """Network time of the requests before this one."""
    failed: FetchError | None = None
    """Why the attempt before this one failed, if that is short to tell."""
    robots: Robots | FetchError = ALLOW_ALL
    """What the origin's robots.txt says, or why it could not be had."""
    taken_at: float = 0.0
    gap_seconds: float = 0.0
    """The host's least gap when this was taken."""
    asker: Url | None = None
    """For a robots.txt, which a redirect may lead to another host: an URL of the origin whose rules it is to be."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a worker learnt from one request; the default: it is done with, and the host is well."""

    again: Task | None = None
    """The next request for the same page: a retry or a redirect's target."""
    after_seconds: float = 0.0
    """Not before so many seconds may `again` go."""
    pause_seconds: float = 0.0
    """Nor may anything to this host (Retry-After)."""
    silence: int | None = 0
    """NO_CONNECTION or NO_ANSWER if the host gave no answer at all; None: that tells nothing about it."""
    overloaded: bool = False
    """The host showed that it is asked too much: 429, 503, a timeout."""
    requested: bool = True
    """Whether a request was sent at all; if not, the host owes no gap."""
    robots: Robots | FetchError | None = None
    """For the task of a robots.txt: what came of it."""


@dataclass(slots=True)
class _Host:
    """What the frontier knows of one host. Guarded by the frontier's lock."""

    name: str
    limit: float
    """Most requests in flight, in steps smaller than one while it recovers."""
    gap_seconds: float
    unread: int = 0
    """Pending URLs in the store that are not buffered yet."""
    last_page: int = 0
    buffered: deque[Task] = field(default_factory=deque)
    again: list[tuple[float, int, Task]] = field(default_factory=list)
    """A heap by due time."""
    in_flight: int = 0
    next_at: float = 0.0
    unsent_since: float | None = None
    """When the task was taken that the gap is still to be counted from: connecting may take longer than the gap."""
    halved_at: float = -math.inf
    robots: dict[str, Robots | FetchError] = field(default_factory=dict)
    """By origin."""
    is_listed: bool = False
    """The user named it; otherwise a redirect led there."""
    was_asked: bool = False
    """Its robots.txt has come, and no page was taken since."""
    is_unreached: bool = False
    """Its robots.txt was tried for in vain since it takes no connection, and no page has ended with that yet."""
    asks_robots: bool = False
    """No page may go before its robots.txt is known."""
    errands: list[tuple[float, int, Task]] = field(default_factory=list)
    """Requests for robots.txt that are to be made here, for itself or for another host; a heap by due time."""
    silence: int = 0
    """Since the last answer."""
    probe_at: float = 0.0
    """When the probe may go to a host that seems dead."""
    is_dead: bool = False
    """Whether it is given up for this run."""
    entry: tuple[bool, float, int] = NOWHERE
    """Whether it stands among those that have their share, its due time there, and a number; others are stale."""

    def due_at(self, now: float) -> float:
        """When its next request may go; infinite if nothing waits or too much is in flight."""
        if self.is_dead:
            return now if self.has_fresh or self.again or self.errands else math.inf
        if self.seems_dead and self.in_flight:
            return math.inf
        if self.unsent_since is not None or self.in_flight >= int(self.limit):
            return math.inf
        return max(self._wanted_at(now), self.next_at, self.probe_at, now)

    def _wanted_at(self, now: float) -> float:
        """When its next request is due, whatever it bears; infinite if nothing waits."""
        errand = self.errands[0][0] if self.errands else math.inf
        if self.asks_robots:
            return errand
        if self.has_fresh and len(self.again) < MAX_WAITING:
            return now
        return min(errand, self.again[0][0]) if self.again else errand

    def count_gap(self, task: Task, now: float) -> None:
        """The gap to the next request counts from now, when `task` is sent."""
        self.next_at = max(self.next_at, now + self.gap_seconds)
        if self.unsent_since == task.taken_at:
            self.unsent_since = None

    def count_silence(self, task: Task, now: float, silence: int) -> None:
        """Learn from a request whether the host lives: one answer, to a probe too, and it is as before."""
        if not silence:
            self.silence, self.probe_at = 0, 0.0
        elif not self.seems_dead:
            self.silence += silence
            self.probe_at = now + PROBE_SECONDS if self.seems_dead else 0.0
        elif task.taken_at >= self.probe_at:  # else it was sent before the host seemed dead
            self.is_dead = True

    def seem_dead(self, now: float, origin: str) -> None:
        """Leave the robots.txt that could not be had to the probe."""
        self.is_unreached = False
        del self.robots[origin]
        self.silence, self.probe_at = SILENCE_BEFORE_PROBE, now + PROBE_SECONDS

    @property
    def seems_dead(self) -> bool:
        """Whether it is only probed."""
        return self.silence >= SILENCE_BEFORE_PROBE

    @property
    def has_rules(self) -> bool:
        """Whether it gave a robots.txt for any of its origins."""
        return any(isinstance(rules, Robots) for rules in self.robots.values())

    @property
    def has_fresh(self) -> bool:
        """Whether a URL waits that was not tried yet."""
        return bool(self.buffered or self.unread)

    @property
    def least_seconds(self) -> float:
        """How long its gaps alone will take."""
        return self.gap_seconds * (self.unread + len(self.buffered) + len(self.again))

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits and nothing is in flight."""
        return not (self.unread or self.buffered or self.again or self.errands or self.in_flight)


class Frontier:
    """Hands out URLs to many threads, each as soon as its host allows.

    A worker calls `take`, makes the request, and calls `finish` with what it learnt, until `take` answers None.
    """

    def __init__(
        self,
        config: PolitenessConfig,
        read_pending: ReadPending,
        *,
        threads: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._config = config
        self._threads = threads
        self._read_pending = read_pending
        self._clock = clock
        self._lock = threading.Lock()  # guards everything below, and `read_pending`
        self._changed = threading.Condition(self._lock)
        self._hosts: dict[str, _Host] = {}
        # Heaps by due time: of hosts within their fair share of the threads, and of those that have more.
        self._schedules: dict[bool, list[tuple[float, int, _Host]]] = {False: [], True: []}
        # Heaps of those that have come due: the host first that will be busy longest, or it would be last; then one
        # whose robots.txt has just come, or there would be no page before all were asked for theirs.
        self._ready: dict[bool, list[tuple[float, bool, float, int, _Host]]] = {False: [], True: []}
        self._tickets = itertools.count(1)
        self._busy = 0  # hosts that are not idle
        self._in_flight = 0
        self._alarm: float | None = None  # when the one worker that minds the schedule wakes
        self._is_fed = False
        self._is_stopped = False

    def offer(self, pending: Mapping[str, int]) -> None:
        """Say that the store has so many more pending URLs, by host."""
        with self._lock:
            for name, count in pending.items():
                with self._changing(self._host(name)) as host:
                    host.unread += count
                    host.is_listed = True
            self._changed.notify()

    def close(self) -> None:
        """Say that nothing more will be offered: `take` answers None once all is done."""
        with self._lock:
            self._is_fed = True
            self._changed.notify_all()

    def stop(self) -> None:
        """From now on `take` answers None."""
        with self._lock:
            self._is_stopped = True
            self._changed.notify_all()

    def take(self) -> Task | None:
        """The next request that may be made; waits for it. None when there is none left or the run was stopped."""
        with self._lock:
            while True:
                found = self._poll()
                if not isinstance(found, float):
                    if found is None:
                        self._changed.notify_all()
                    else:
                        self._wake_one()
                    return found
                self._wait_until(found)

    def poll(self) -> Task | float | None:
        """As `take`, without waiting: where nothing may go now, the moment at which something may."""
        with self._lock:
            return self._poll()

    def sent(self, task: Task) -> None:
        """Say that the request is on its way: the gap to the host's next one counts from now."""
        if task.gap_seconds:
            with self._lock:
                with self._changing(self._hosts[task.request.url.host]) as host:
                    host.count_gap(task, self._clock())
                self._wake_one()  # the sleepers did not know when this host's next URL may go

    def finish(self, task: Task, verdict: Verdict) -> None:
        """Give back a task with what came of it. Whoever calls this takes the next task itself."""
        with self._lock:
            if verdict.again is not None:
                self._put_back(verdict.again, self._clock() + verdict.after_seconds)
            if verdict.robots is not None and task.asker:
                with self._changing(self._hosts[task.asker.host]) as asker:
                    self._learn_robots(asker, task.asker.origin, verdict.robots)
                    is_own = asker.name == task.request.url.host
                    asker.is_unreached = is_own and verdict.silence == NO_CONNECTION and not asker.has_rules
            with self._changing(self._hosts[task.request.url.host]) as host:
                host.in_flight -= 1
                self._in_flight -= 1
                self._learn(host, task, verdict)

    @property
    def in_flight(self) -> int:
        """Requests being made."""
        with self._lock:
            return self._in_flight

    def is_listed(self, name: str) -> bool:
        """Whether the user named the host, as far as the list is read."""
        with self._lock:
            return name in self._hosts and self._hosts[name].is_listed

    def _host(self, name: str) -> _Host:
        if name not in self._hosts:
            self._hosts[name] = _Host(name, limit=self._config.per_host, gap_seconds=self._config.delay)
        return self._hosts[name]

    def _changing(self, host: _Host) -> "_Changing":
        return _Changing(self, host)

    def _put_back(self, task: Task, due: float) -> None:
        with self._changing(self._host(task.request.url.host)) as host:
            heapq.heappush(host.errands if task.page is None else host.again, (due, next(self._tickets), task))

    def _reschedule(self, host: _Host) -> None:
        """Enter the host into its schedule, unless it stands there early enough.

        A host that has its share of the threads in flight goes only when no other can: or one that is slow would by
        and by hold all of them.
        """
        has_share = host.in_flight >= max(self._threads // max(self._busy, 1), 1)
        due = host.due_at(self._clock())
        if (has_share, due) < host.entry[:2] and due < math.inf:
            host.entry = (has_share, due, next(self._tickets))
            schedule = self._schedules[has_share]
            heapq.heappush(schedule, (due, host.entry[2], host))
            if len(schedule) > 2 * len(self._hosts) + 100:  # mostly stale by now
                schedule[:] = [item for item in schedule if item[2].entry == (has_share, *item[:2])]
                heapq.heapify(schedule)

    def _poll(self) -> Task | float | None:
        if self._is_stopped or (self._is_fed and not self._busy):
            return None
        now = self._clock()
        for has_share, ready in self._ready.items():
            self._move_ready(has_share, now)
            while ready:
                *_, due, number, host = heapq.heappop(ready)
                if (has_share, due, number) == host.entry and (task := self._next_task(host, now)) is not None:
                    return task
        return self._next_due()

    def _move_ready(self, has_share: bool, now: float) -> None:
        schedule = self._schedules[has_share]
        while schedule and schedule[0][0] <= now:
            due, number, host = heapq.heappop(schedule)
            if (has_share, due, number) == host.entry:
                heapq.heappush(self._ready[has_share], (-host.least_seconds, not host.was_asked, due, number, host))

    def _next_due(self) -> float:
        """When the next host may go, as far as is known; infinite if none may."""
        if any(self._ready.values()):
            return -math.inf
        return min((schedule[0][0] for schedule in self._schedules.values() if schedule), default=math.inf)

    def _next_task(self, host: _Host, now: float) -> Task | None:
        """Take a task from a host whose entry has come due; None if it may not go after all."""
        with self._changing(host):
            host.entry = NOWHERE
            task = self._pop(host, now) if host.due_at(now) <= now else None
            if task is None:
                return None
            origin = task.request.url.origin
            if host.is_dead:
                host.robots[origin] = dead_host(host.name)
            if task.page is not None and self._config.robots and origin not in host.robots:
                heapq.heappush(host.again, (now, next(self._tickets), task))
                task = Task(robots_request(task.request), page=None, asker=task.request.url)
                host.asks_robots = True
            host.was_asked = False
            host.in_flight += 1
            self._in_flight += 1
            if host.gap_seconds:
                host.unsent_since = now
            rules = host.robots.get(origin, ALLOW_ALL) if task.page is not None or host.is_dead else ALLOW_ALL
            if task.page is not None and host.is_unreached and isinstance(rules, FetchError):
                host.seem_dead(now, origin)  # this page ends with the error; the others wait for the probe
            return replace(task, robots=rules, taken_at=now, gap_seconds=host.gap_seconds)

    def _pop(self, host: _Host, now: float) -> Task | None:
        if host.errands and (host.is_dead or host.errands[0][0] <= now):
            return heapq.heappop(host.errands)[2]
        if host.asks_robots:
            return None
        if host.again and (host.is_dead or host.again[0][0] <= now):
            return heapq.heappop(host.again)[2]
        if not host.buffered:
            self._refill(host)
        return host.buffered.popleft() if host.buffered else None

    def _refill(self, host: _Host) -> None:
        most = min(max(MAX_BUFFERED_IN_ALL // len(self._hosts), 1), MAX_BUFFERED)
        rows = self._read_pending(host.name, host.last_page, min(host.unread, most))
        host.unread = max(host.unread - len(rows), 0) if rows else 0
        for page, url, given in rows:
            host.buffered.append(Task(Request(url, given=url), page, given))
            host.last_page = page

    def _learn(self, host: _Host, task: Task, verdict: Verdict) -> None:
        now = self._clock()
        if not verdict.requested:
            host.unsent_since = None
        elif host.unsent_since == task.taken_at:  # it failed before it was sent
            host.count_gap(task, now)
        host.next_at = max(host.next_at, now + verdict.pause_seconds)
        if not verdict.requested or verdict.silence is None:
            return
        host.count_silence(task, now, verdict.silence)
        if not verdict.overloaded:
            host.limit = min(host.limit + 1 / host.limit, self._config.per_host)
        elif task.taken_at > host.halved_at:  # else it was sent before the last halving and says nothing new
            host.limit = max(host.limit / 2, 1)
            host.halved_at = now

    def _learn_robots(self, host: _Host, origin: str, robots: Robots | FetchError) -> None:
        host.asks_robots = False
        host.was_asked = True
        host.robots[origin] = robots
        if isinstance(robots, Robots) and robots.crawl_delay:
            host.gap_seconds = max(host.gap_seconds, robots.crawl_delay)
            host.next_at = max(host.next_at, self._clock() + host.gap_seconds)

    def _wake_one(self) -> None:
        """Wake one more worker, if there is more to take or the schedule has nobody to mind it."""
        due = self._next_due()
        if due < math.inf and (self._alarm is None or due < self._alarm or due <= self._clock()):
            self._changed.notify()

    def _wait_until(self, due: float) -> None:
        """Sleep until something changes. One worker alone minds the clock; the others sleep until they are woken."""
        if self._alarm is not None and self._alarm <= due:
            self._changed.wait()
            return
        self._alarm = due
        self._changed.wait(None if due == math.inf else max(due - self._clock(), 0))
        if self._alarm == due:
            self._alarm = None


def dead_host(name: str) -> FetchError:
    """Why a URL of a host that was given up is not asked for."""
    message = f"{name}: no answer to many requests in a row, nor to one later; given up for this run"
    return ConnectFailed(name, "dead_host", message)


class _Changing:
    """While a host changes: keeps the count of busy hosts and its place in the schedule right."""

    __slots__ = ("_frontier", "_host", "_was_idle")

    def __init__(self, frontier: Frontier, host: _Host) -> None:
        self._frontier = frontier
        self._host = host

    def __enter__(self) -> _Host:
        self._was_idle = self._host.is_idle
        return self._host

    def __exit__(self, *_: object) -> None:
        self._frontier._busy += self._was_idle - self._host.is_idle
        self._frontier._reschedule(self._host)
