"""Parsing processes: a page that kills or hangs one costs that page, and the pool goes on at full strength."""

import errno
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import scraper.pool
from scraper.errors import ResourceError, ScraperError
from scraper.models import Failure, Outcome, Page, Status
from scraper.pool import ParsingPool


def page(command: str) -> Page:
    return Page(command, command, 200, None, b"", datetime(2026, 5, 1, tzinfo=UTC))


def hang() -> None:
    while True:
        pass


ORDERS: dict[str, Callable[..., object]] = {
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda: os._exit(0),
    "hang": hang,
    "hang_in_c": lambda: re.match("(a|aa)+$", "a" * 100 + "b"),
    "eat": lambda: [b"x" * 1_000_000 for _ in range(100_000)],
    "raise": lambda: signal.default_int_handler(signal.SIGINT, None),
    "wait": lambda seconds: threading.Event().wait(float(seconds)),
    "fork": os.fork,
    "print": lambda: print("rubbish"),
    "interrupt": lambda number: os.kill(os.getpid(), int(number)),
    "work": lambda *_: None,
}


def obey(page: Page) -> Outcome:
    """A parser that does what the page says; answers the process that did it, and how long the body was."""
    order, *arguments = page.url.split()
    ORDERS[order](*arguments)
    return Failure(page.url, Status.NOT_PRODUCT, "obeyed", str(os.getpid()), attempts=len(page.body))


@pytest.fixture(scope="module")
def pool() -> Iterator[ParsingPool]:
    with ParsingPool(2, obey, timeout_seconds=3.0) as pool:
        yield pool


def pid(pool: ParsingPool) -> int:
    outcome = pool.parse(page("work"))
    assert isinstance(outcome, Failure)
    return int(outcome.message)


def test_pages_are_parsed_elsewhere_and_side_by_side(pool: ParsingPool) -> None:
    """Four threads keep both processes busy, and neither is this one."""
    assert str(os.getpid()) not in both(pool)


def both(pool: ParsingPool) -> set[str]:
    """The two processes, as soon as both have parsed a page: each takes its time to start."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with ThreadPoolExecutor(4) as threads:
            outcomes = list(threads.map(pool.parse, [page("wait 0.1")] * 8))
        processes = {outcome.message for outcome in outcomes if isinstance(outcome, Failure)}
        if len(processes) == 2:
            return processes
    raise AssertionError("there are no two processes that parse side by side")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("die", "parser_died"),
        ("exit", "parser_died"),
        ("hang", "parse_timeout"),
        ("hang_in_c", "parse_timeout"),
        ("raise", "parser_raised"),
        pytest.param(
            "eat", "parse_memory", marks=pytest.mark.skipif(sys.platform != "linux", reason="no limit to tell")
        ),
    ],
)
def test_a_bad_page_costs_itself(pool: ParsingPool, command: str, reason: str) -> None:
    """Others are parsed meanwhile, and afterwards there are two processes again."""
    with ThreadPoolExecutor(6) as threads:
        bad = threads.submit(pool.parse, page(command))
        others = list(threads.map(pool.parse, [page("wait 0.05")] * 10))
    outcome = bad.result()
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.PARSE_ERROR, reason)
    assert all(isinstance(other, Failure) and other.reason == "obeyed" for other in others)
    assert both(pool)


def test_a_process_killed_while_it_waits_costs_nothing(pool: ParsingPool) -> None:
    """As the kernel does when memory is short; `multiprocessing.Pool` never recovers from it."""
    victim = pid(pool)
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while pid(pool) == victim:
        assert time.monotonic() < deadline


@pytest.mark.parametrize("size", [0, 5_000_000])
def test_a_process_that_was_stopped_costs_its_page_only(pool: ParsingPool, size: int) -> None:
    """Also where it does not read the page, which is more than fits into a socket."""
    victim = pid(pool)
    os.kill(victim, signal.SIGSTOP)
    outcome = pool.parse(replace(page("work"), body=bytes(size)))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "parse_timeout"
    assert pid(pool) != victim


def test_a_body_comes_over_whole(pool: ParsingPool) -> None:
    """However large."""
    outcome = pool.parse(replace(page("work"), body=bytes(20_000_000)))
    assert isinstance(outcome, Failure)
    assert outcome.attempts == 20_000_000


def test_no_process_before_the_first_page() -> None:
    """A pool that nobody needs costs nothing."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    before = children.read_text() if children.exists() else ""
    with ParsingPool(3, obey, timeout_seconds=3.0):
        assert (children.read_text() if children.exists() else "") == before


def test_the_script_that_uses_the_pool_is_not_run_again(tmp_path: Path) -> None:
    """As `multiprocessing` would, so that one without the usual guard would start itself without end."""
    script = tmp_path / "script.py"
    script.write_text("""
from tests.test_pool import ParsingPool, obey, page, pid
print("began")
with ParsingPool(1, obey, timeout_seconds=60.0) as pool:
    pid(pool)
""")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stdout) == (0, "began\n"), done.stderr


def test_processes_that_do_not_start_are_no_pages_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error tells what the system lacks."""

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with ParsingPool(1, obey, timeout_seconds=3.0) as pool, pytest.raises(ResourceError, match="unavailable"):
        pool.parse(page("work"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_is_for_the_parent(pool: ParsingPool, number: signal.Signals) -> None:
    """A terminal sends it to all processes; a page in the middle of its parse is not lost by it."""
    outcome = pool.parse(page(f"interrupt {int(number)}"))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "obeyed"


def test_closing_ends_the_processes_and_whoever_waits() -> None:
    """A page that was being parsed is not blamed for it: it has no outcome, so the next run takes it up."""
    with ThreadPoolExecutor(1) as threads:
        with ParsingPool(1, obey, timeout_seconds=60.0) as pool:
            process = pid(pool)
            waiting = threads.submit(pool.parse, page("hang"))
            assert not waiting.done()
        with pytest.raises(ScraperError, match="stopped"):
            waiting.result(30)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_closing_frees_whoever_waits_though_a_worker_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that has it may take longer than closing waits."""
    monkeypatch.setattr(scraper.pool, "_LATE_SECONDS", 0.05)
    with ParsingPool(2, obey, timeout_seconds=2.0) as pool:
        pool._idle.get()
    waiting = threading.Thread(target=pytest.raises, args=(ScraperError, pool.parse, page("work")), daemon=True)
    waiting.start()
    waiting.join(60)
    assert not waiting.is_alive()


@pytest.mark.parametrize("command", ["hang", "hang_in_c"])
def test_processes_die_with_their_parent(command: str) -> None:
    """Also one that loops, even where Python's threads do not get their turn, and also when the parent is killed."""
    code = f"""
import os, signal, sys, threading
from tests.test_pool import ParsingPool, obey, page, pid
if __name__ == "__main__":
    with ParsingPool(1, obey, timeout_seconds=2.0) as pool:
        print(pid(pool), flush=True)
        threading.Thread(target=pool.parse, args=(page("{command}"),), daemon=True).start()
        threading.Event().wait(0.5)
        os.kill(os.getpid(), signal.SIGKILL)
"""
    parent = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    child = int(parent.stdout)
    deadline = time.monotonic() + 60
    while _is_alive(child):
        assert time.monotonic() < deadline, "the parsing process outlived its parent"
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    """Not counting a zombie that nobody has reaped."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_parser_that_forks_mixes_up_nothing(pool: ParsingPool) -> None:
    """Two processes on one pipe would answer each other's pages."""
    commands = ["fork", *(f"work {n}" for n in range(8))]
    outcomes = [pool.parse(page(command)) for command in commands]
    assert [outcome.url for outcome in outcomes] == commands


def test_what_a_parser_prints_stays_off_standard_output() -> None:
    """Which may be an output of the run."""
    code = """
from tests.test_pool import ParsingPool, obey, page
if __name__ == "__main__":
    with ParsingPool(1, obey, timeout_seconds=60.0) as pool:
        pool.parse(page("print"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, "rubbish" in done.stderr) == ("", True)
