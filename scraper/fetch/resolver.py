"""Names to addresses, within a time: getaddrinfo knows no deadline, and nothing can interrupt it.

So each lookup has a thread of its own, which whoever asks leaves behind when the time is over. All who ask for a name
while it is looked up wait for the same answer, and only so many names are looked up at a time: names that nobody
answers for cost neither threads without end nor a thread of the run. Who finds no place is to come again: it is no
failure of a name that others are not answered for.
"""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from scraper.errors import ResourceError

MAX_LOOKUPS = 32
"""Names that are looked up at the same time."""
PLACE_SECONDS = 1.0
"""How long who comes then waits for a place."""
STALLED_SECONDS = 60.0
"""When no place has come free for so long, none will: then names fail."""

Addresses = list[tuple[Any, ...]]
_Key = tuple[bytes, int, int]


class NoPlaceError(Exception):
    """All places are taken."""


class Resolver:
    """Looks names up for all threads of a run."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()  # guards the lookups under way
        self._changed = threading.Condition(self._lock)
        self._lookups: dict[_Key, Future[Addresses]] = {}
        self._changed_at = 0.0

    def resolve(self, host: bytes, port: int, family: int, *, seconds: float) -> Addresses:
        """As getaddrinfo for streams; raises socket.gaierror if there is no answer in so many seconds.

        Raises NoPlaceError if the name could not even be looked up.
        """
        with suppress(socket.gaierror):  # an address is its own answer
            return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        ends = time.monotonic() + seconds
        lookup = self._join((host, port, family), seconds)
        try:
            return lookup.result(max(ends - time.monotonic(), 0))
        except TimeoutError as error:
            raise _no_answer(seconds) from error

    def _join(self, key: _Key, seconds: float) -> Future[Addresses]:
        """The lookup under way, or a new one as soon as there is a place for it."""
        with self._lock:
            has_place = self._changed.wait_for(
                lambda: key in self._lookups or len(self._lookups) < MAX_LOOKUPS, timeout=min(seconds, PLACE_SECONDS)
            )
            if not has_place:
                raise _no_answer(seconds) if self._clock() > self._changed_at + STALLED_SECONDS else NoPlaceError
            if key not in self._lookups:
                lookup: Future[Addresses] = Future()
                self._start(key, lookup)
                self._lookups[key] = lookup
                self._changed_at = self._clock()
            return self._lookups[key]

    def _start(self, key: _Key, lookup: Future[Addresses]) -> None:
        try:
            threading.Thread(target=self._look_up, args=(key, lookup), name="lookup", daemon=True).start()
        except RuntimeError as error:
            raise ResourceError("the system has no thread to give") from error

    def _look_up(self, key: _Key, lookup: Future[Addresses]) -> None:
        try:
            lookup.set_result(socket.getaddrinfo(*key, socket.SOCK_STREAM))
        except BaseException as error:
            lookup.set_exception(error)
        finally:
            with self._lock:
                del self._lookups[key]
                self._changed_at = self._clock()
                self._changed.notify_all()


def _no_answer(seconds: float) -> socket.gaierror:
    return socket.gaierror(socket.EAI_AGAIN, f"no answer in {seconds:g} s")
