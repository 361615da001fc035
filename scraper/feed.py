"""The way of a list into the store, in a thread of its own."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from scraper.frontier import Frontier
from scraper.models import Failure, Outcome, Status
from scraper.sources import Line
from scraper.store import ResultStore
from scraper.urls import Url

MAX_BATCH = 500
"""Lines that are enqueued in one transaction."""
LOOK_SECONDS = 0.2


class Feed:
    """Moves the lines of the list into the store, and tells the frontier."""

    def __init__(self, store: ResultStore, frontier: Frontier, on_outcome: Callable[[Outcome], None] | None) -> None:
        self._on_outcome = on_outcome
        self._store = store
        self._frontier = frontier
        self._lock = threading.Lock()  # guards the batch, and keeps the order of the lines in the store
        self._batch: list[Line] = []
        self._credentials: dict[int, tuple[str, str]] = {}
        """By the hash of the URL's key: of a long list with passwords, this is all that stays in memory."""
        self._is_stopped = False
        self._lines_read = 0
        self.new_pages = 0
        self.invalid_lines = 0
        self.is_done = False
        """Whether the list was read to its end."""
        self.error: Exception | None = None
        """Why it was not."""
        self.has_ended = False
        """Whether nothing more comes, for either reason."""

    def run(self, lines: Iterable[Line]) -> None:
        """Read all lines; for a thread of its own, since reading may wait for whoever writes the list."""
        try:
            self._read(lines)
        except Exception as error:  # whatever ends the reading is told where the run ends
            self.error = error
        finally:
            self.has_ended = True
            self._frontier.close()

    def _read(self, lines: Iterable[Line]) -> None:
        try:
            for line in lines:
                with self._lock:
                    self._batch.append(line)
                    self._lines_read += 1
                if self._is_stopped:
                    return
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
                    self._credentials.setdefault(hash(line.url.key), line.url.credentials)
            pending = self._store.enqueue(batch)
            self.new_pages += sum(pending.values())
            self.invalid_lines += sum(line.url is None for line in batch)
            self._frontier.offer(pending)  # before the lock is free: `run` closes the frontier when nothing is left
        if self._on_outcome:
            for line in batch:
                if line.url is None:
                    self._on_outcome(Failure(line.given, Status.INVALID_URL, line.reason or "", line.message or ""))

    def finish(self, feeder: threading.Thread, *, seconds: float) -> None:
        """After a stop: wait for the rest of the list as long as it comes fast, so that its lines are counted too."""
        ends = time.monotonic() + seconds
        lines_before = -1
        while feeder.is_alive() and self._lines_read > lines_before and time.monotonic() < ends:
            lines_before = self._lines_read
            feeder.join(LOOK_SECONDS)
        self._is_stopped = True

    def with_credentials(self, url: Url) -> Url:
        """The URL with the password that the list gave with it; the store keeps no secrets."""
        credentials = self._credentials.get(hash(url.key))
        return replace(url, credentials=credentials) if credentials else url
