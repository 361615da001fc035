"""Parsing processes, for threads that want a page parsed without holding the GIL, or within a limit that holds.

Each process has a socket of its own, and one thread at a time talks through it. `multiprocessing.Pool` shares one queue
among its workers, and a worker that is killed while it waits there takes the queue's lock with it: from then on every
call waits for ever, `terminate` too. Here a process that dies, hangs or stops costs the page it had, and no other.
A process imports this package and nothing else: not the caller's script, as `multiprocessing` would.
"""

import itertools
import json
import os
import pickle
import queue
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Self, cast

from scraper.errors import ResourceError, ScraperError
from scraper.models import Failure, Outcome, Page, Status
from scraper.parse import load

START_SECONDS = 60.0
"""Longest time for a process to start and import the parser."""
MAX_DATA_BYTES = 350_000_000
"""Most memory of a process, where the system can be told (Linux); beyond, the page is a `parse_error`."""
_LATE_SECONDS = 2.0
"""After this much more than its limit a process that was left alone ends itself."""

_OF_THE_PARENT = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""Signals that a terminal or a service manager sends to all processes of a run; the parent decides what follows."""
_TICKETS = itertools.count()
_NO_START = "parsing processes do not start"
_HEADER = struct.Struct("!QQ")
_RUN = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from scraper.pool import serve; serve(int(sys.argv[2]))"
)

Parse = Callable[[Page], Outcome]


class LateError(Exception):
    """A page takes too long. Not TimeoutError, which is an OSError, and those say that the process died."""


class ParsingPool:
    """`processes` processes that parse pages for any number of threads; as a context manager it ends them.

    `parse` is sent to the processes, so it must be picklable, as a partial of a top-level function is. A process is
    started for the first page that needs it, or by `start`.
    """

    def __init__(self, processes: int, parse: Parse, *, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._workers = [_Worker(parse) for _ in range(processes)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._is_closed = False
        for worker in self._workers:
            self._idle.put(worker)

    def start(self) -> None:
        """Start all processes, ahead of the first page."""
        for worker in self._workers:
            worker.start()

    def parse(self, page: Page) -> Outcome:
        """What `parse` answers in one of the processes; waits for a free one.

        A page that takes too long, too much memory, or kills two processes, is a `parse_error`. Raises ScraperError if
        the pool was closed meanwhile, or processes do not start.
        """
        worker = self._idle.get()
        try:
            for _ in range(2):  # the first may have been killed while it was idle, which is not the page's fault
                if self._is_closed:
                    break
                with suppress(EOFError, OSError):
                    return worker.ask(page, self._timeout_seconds)
                worker.kill()
            if not (self._is_closed or worker.is_ready):
                raise ResourceError(_NO_START)  # twice in a row is no accident
            reason, message = "parser_died", "the parsing process died on this page"
        except LateError:
            worker.kill()
            reason, message = "parse_timeout", f"the parser took more than {self._timeout_seconds:g} s"
        finally:
            self._idle.put(worker)
        if self._is_closed:
            raise ScraperError("the run was stopped")
        return _parse_error(page, reason, message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        for worker in self._workers:
            worker.end()
        idle: list[_Worker] = []
        with suppress(queue.Empty):  # whoever had one gives it back, since its process is dead
            idle.extend(self._idle.get(timeout=_LATE_SECONDS) for _ in self._workers)
        for worker in idle:
            worker.close()
            self._idle.put(worker)  # for those who still wait; they learn that the pool is closed


class _Worker:
    """One process and our end of its socket. Belongs to whoever took it from the pool's queue; `end` is for all."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._lock = threading.Lock()  # guards the two below, since the pool may be closed while a process starts
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ended = False
        self._sock: socket.socket | None = None
        self.is_ready = False

    def start(self) -> None:
        """Start a process, unless one lives. Raises ResourceError if the system has none to give."""
        if self._process and self._process.poll() is None:
            return
        self.close()
        self.is_ready = False
        try:
            self._sock, theirs = socket.socketpair()
            with theirs, self._lock, _no_interrupts():
                if self._is_ended:
                    raise EOFError
                command = [sys.executable, "-c", _RUN, json.dumps(sys.path), str(theirs.fileno())]
                self._process = subprocess.Popen(  # noqa: S603 - ourselves
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                )
        except OSError as error:
            raise ResourceError(f"{_NO_START}: {error.strerror}") from error

    def ask(self, page: Page, timeout_seconds: float) -> Outcome:
        """Have a page parsed, by a new process if need be.

        Raises LateError, or EOFError or OSError if the process died.
        """
        self.start()
        if not self.is_ready:  # the first import takes its time, which is no page's fault
            try:
                self.is_ready = self._exchange((pickle.dumps(self._parse), timeout_seconds), b"", START_SECONDS)
            except LateError as error:
                raise ResourceError(f"{_NO_START} in {START_SECONDS:g} s") from error
        ticket = next(_TICKETS)
        answered, outcome = self._exchange((ticket, replace(page, body=b"")), page.body, timeout_seconds)
        if answered != ticket:
            raise EOFError("two processes answer: the parser has forked")
        return cast(Outcome, outcome)

    def _exchange(self, message: object, body: bytes, timeout_seconds: float) -> Any:
        """The answer to a message; both ways in time, since a process that was stopped does not even read."""
        sock, ends = cast(socket.socket, self._sock), time.monotonic() + timeout_seconds
        try:
            sock.settimeout(timeout_seconds)
            _send(sock, message, body)
            return _receive(lambda count: _read(sock, count, ends))[0]
        except TimeoutError as error:
            raise LateError from error
        except pickle.UnpicklingError as error:
            raise EOFError("this is no answer") from error

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        with self._lock:
            if self._process:
                self._process.kill()
                self._process.wait()

    def end(self) -> None:
        """As `kill`, for good; from any thread."""
        self._is_ended = True
        self.kill()

    def close(self) -> None:
        """Let go of the socket."""
        if self._sock:
            self._sock.close()


def serve(descriptor: int) -> None:
    """The life of a process: a page in, an outcome out, until the other end closes."""
    for number in _OF_THE_PARENT:
        signal.signal(number, signal.SIG_IGN)
    sys.stdout = sys.stderr  # standard output may be an output; what a parser prints does not belong there
    _limit_memory()
    sock = socket.socket(fileno=descriptor)
    threading.Thread(target=_die_with_parent, args=(sock,), daemon=True).start()
    stream = sock.makefile("rb")
    with suppress(EOFError, OSError):
        (pickled, timeout_seconds), _ = _receive(stream.read)
        parse: Parse = pickle.loads(pickled)  # noqa: S301 - from our parent
        load()  # now, since it takes longer than many a page
        _send(sock, True, b"")
        while True:
            (ticket, page), body = _receive(stream.read)
            signal.setitimer(signal.ITIMER_REAL, timeout_seconds + _LATE_SECONDS)  # ends us, even within C
            outcome = _parse_in_bounds(parse, replace(page, body=body))
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(sock, (ticket, outcome), b"")


def _parse_in_bounds(parse: Parse, page: Page) -> Outcome:
    try:
        return parse(page)
    except MemoryError:
        message = f"the parser took more than {MAX_DATA_BYTES // 10**6} MB of memory"
        return _parse_error(page, "parse_memory", message)
    except BaseException as error:  # `parse` lets only interrupts through, and those are ignored here
        return _parse_error(page, "parser_raised", f"unexpected {type(error).__name__} while parsing")


def _parse_error(page: Page, reason: str, message: str) -> Failure:
    return Failure(
        page.url,
        Status.PARSE_ERROR,
        reason,
        message,
        page.http_status,
        page.attempts,
        page.final_url,
        page.fetched_at,
    )


def _send(sock: socket.socket, message: object, body: bytes) -> None:
    """A message, and beside it the body of a page, which need not be copied into it."""
    pickled = pickle.dumps(message)
    sock.sendall(_HEADER.pack(len(pickled), len(body)) + pickled)
    sock.sendall(body)


def _receive(read: Callable[[int], bytes]) -> tuple[Any, bytes]:
    """What `_send` sent. Raises EOFError."""
    header = read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise EOFError
    sizes = _HEADER.unpack(header)
    pickled, body = (read(size) for size in sizes)
    return pickle.loads(pickled), body  # noqa: S301 - between processes of our own


def _read(sock: socket.socket, count: int, ends: float) -> bytes:
    """So many bytes; raises TimeoutError, or EOFError."""
    data = bytearray()
    while len(data) < count:
        sock.settimeout(max(ends - time.monotonic(), 0.001))
        chunk = sock.recv(min(count - len(data), 1 << 20))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """A process that starts here begins with these signals held back, until it has said what to do with them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_PARENT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _limit_memory() -> None:
    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_DATA_BYTES, hard))


def _die_with_parent(sock: socket.socket) -> None:
    """A parser that loops would outlive a parent that was killed."""
    poll = select.poll()
    poll.register(sock, 0)  # it tells of the other end's closing, whatever is asked for
    poll.poll()
    os._exit(1)
