"""Parsing processes, for threads that want a page parsed without holding the GIL.

Each process has a pipe of its own, and one thread at a time talks through it. `multiprocessing.Pool` shares one queue
among its workers, and a worker that is killed while it waits there takes the queue's lock with it: from then on every
call waits for ever, `terminate` too. Here a process that dies or hangs costs the page it had, and no other.
"""

import itertools
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import cast

from scraper.errors import ScraperError
from scraper.models import Failure, Outcome, Page, Status

START_SECONDS = 60.0
"""Longest time for a process to start and import the parser."""

_TICKETS = itertools.count()
_NO_START = "parsing processes do not start; try --processes 0"

Parse = Callable[[Page], Outcome]

# Threads run already, and a fork of them may copy a lock that nobody will ever release.
_CONTEXT = multiprocessing.get_context("spawn")


class LateError(Exception):
    """A page takes too long. Not TimeoutError, which is an OSError, and those say that the process died."""


class ParsingPool:
    """`processes` processes that parse pages for any number of threads; as a context manager it ends them.

    `parse` is sent to the processes, so it must be picklable, as a partial of a top-level function is.
    """

    def __init__(self, processes: int, parse: Parse, *, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._workers = [_Worker(parse) for _ in range(processes)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._is_closed = False
        for worker in self._workers:
            self._idle.put(worker)

    def parse(self, page: Page) -> Outcome:
        """What `parse` answers in one of the processes; waits for a free one.

        A page that takes too long, or kills two processes, is a `parse_error`. Raises ScraperError if the pool was
        closed meanwhile, or processes do not start.
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
                raise ScraperError(_NO_START)  # twice in a row is no accident
            reason, message = "parser_died", "the parsing process died on this page"
        except LateError:
            worker.kill()
            reason, message = "parse_timeout", f"the parser took more than {self._timeout_seconds:g} s"
        finally:
            self._idle.put(worker)
        if self._is_closed:
            raise ScraperError("the run was stopped")
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

    def __enter__(self) -> "ParsingPool":
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        for worker in self._workers:
            worker.kill()


class _Worker:
    """One process and our end of its pipe. Belongs to whoever took it from the pool's queue."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._start()

    def _start(self) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, self._parse), name="parse", daemon=True)
        with _no_interrupts():
            self._process.start()
        theirs.close()  # so that the death of the process ends the pipe
        self.is_ready = False

    def ask(self, page: Page, timeout_seconds: float) -> Outcome:
        """Have a page parsed, by a new process if need be.

        Raises LateError, or EOFError or OSError if the process died.
        """
        if not self._process.is_alive():
            self._connection.close()
            self._start()
        self._await_start()
        ticket = next(_TICKETS)
        self._connection.send((ticket, page))
        if not self._connection.poll(timeout_seconds):
            raise LateError
        answered, outcome = self._connection.recv()
        if answered != ticket:
            raise EOFError("two processes answer: the parser has forked")
        return cast(Outcome, outcome)

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()

    def _await_start(self) -> None:
        """The first import takes its time, which is no page's fault."""
        if not self.is_ready:
            if not self._connection.poll(START_SECONDS):
                raise ScraperError(_NO_START)
            self.is_ready = self._connection.recv()


def _serve(connection: Connection, parse: Parse) -> None:
    """The life of a process: a page in, an outcome out, until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all processes of a terminal; the parent decides
    sys.stdout = sys.stderr  # standard output may be an output; what a parser prints does not belong there
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError):
        connection.send(True)
        while True:
            ticket, page = connection.recv()
            connection.send((ticket, parse(page)))


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """A process that starts here begins with SIGINT held back, until it has said what to do with it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with_parent() -> None:
    """A parser that loops would outlive a parent that was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
