"""What a run has done so far, counted for people to see."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from heapq import nlargest

from scraper.feed import Feed
from scraper.models import Status
from scraper.progress import Progress

RATE_SECONDS = 10.0
"""Over how long the rate shown is measured."""
SLOWEST_SHOWN = 3
HOSTS_PER_PAGE = 10
"""Hosts that may be ranked anew for each page since they last were: ranking many takes longer than a page."""


class Tally:
    """Counts what the workers do, for people to see."""

    def __init__(self, done: Mapping[Status, int], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._lock = threading.Lock()  # guards everything below
        self._counts = Counter(done)
        self._resumed = self._counts.total()
        self._hosts: dict[str, tuple[int, float]] = {}
        self._slowest: list[tuple[float, str]] = []
        self._ranked_at = 0
        self._recent: deque[tuple[float, int]] = deque([(self._began, 0)])
        self.fetched = 0
        self.fetch_seconds = 0.0

    @property
    def elapsed_seconds(self) -> float:
        """Since the run began."""
        return self._clock() - self._began

    def add(self, host: str, status: Status, seconds: float) -> None:
        """Of a page that has its outcome; `seconds` is its time on the network."""
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

    def progress(self, feed: Feed, in_flight: int) -> Progress:
        """For a display; the rate is measured between calls."""
        with self._lock:
            counts = self._counts + Counter({Status.INVALID_URL: feed.invalid_lines})
            if (self.fetched - self._ranked_at) * HOSTS_PER_PAGE >= len(self._hosts):
                means = ((seconds / pages, host) for host, (pages, seconds) in self._hosts.items())
                self._slowest, self._ranked_at = nlargest(SLOWEST_SHOWN, means), self.fetched
            return Progress(
                counts=counts,
                total=self._resumed + feed.new_pages + feed.invalid_lines,
                total_is_final=feed.is_done,
                elapsed_seconds=self.elapsed_seconds,
                in_flight=in_flight,
                rate=self._rate(),
                slowest=tuple((host, seconds) for seconds, host in self._slowest),
            )

    def _rate(self) -> float:
        now = self._clock()
        self._recent.append((now, self.fetched))
        while len(self._recent) > 2 and self._recent[1][0] < now - RATE_SECONDS:
            self._recent.popleft()
        then, fetched = self._recent[0]
        return (self.fetched - fetched) / (now - then) if now > then else 0.0
