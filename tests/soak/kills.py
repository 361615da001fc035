"""`kill -9` at any moment, any number of times: the table is that of a run that was never disturbed."""

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.server import Asked, Route, Server, page, redirect
from tests.test_pipeline import product_page

ROOT = Path(__file__).parents[2]
THREADS = 10
MOST_KILLS = 12
"""Of one list; then it may end."""
MOST_AGAIN = max(4 * THREADS, 100)
"""Pages that one kill may cost a second fetch."""
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass
class Toll:
    """What the kills came to."""

    kills: int = 0
    during: Counter[str] = field(default_factory=Counter)
    """In which part of a run they came."""
    lists: int = 0
    """Carried to their end."""
    urls: int = 0
    again: int = 0
    """Requests for pages that had been asked for before the kill."""
    worst: int = 0
    """Most of these after one kill."""


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """The program over `urls.txt`, saying nothing."""
    return subprocess.Popen(
        [sys.executable, "-m", "scraper", "urls.txt", "-q", f"--threads={THREADS}", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )


def shop(asked: Asked) -> Route:
    """A product; here and there a redirect, or nothing."""
    number = asked.path[1:]
    if not number.isdecimal():
        return page(product_page(f"Moved {number}"), after_seconds=0.01)
    if int(number) % 50 == 7:
        return redirect(f"/moved-{number}")
    if int(number) % 50 == 9:
        return page(b"", status=404)
    return page(product_page(f"Chair {number}", f"{int(number) % 90 + 1}.50"), after_seconds=0.01)


def table(folder: Path) -> bytes:
    """The products and the failures, without the times of fetching and the number of attempts."""
    failures = (folder / "products.failures.csv").read_bytes()
    return _MOMENT.sub(b"", (folder / "products.csv").read_bytes()) + failures


def soak(rounds: int, urls: int, *, seed: int, say: Callable[[str], None]) -> Toll:
    """Raises AssertionError as soon as a URL is lost, is there twice, or too many were fetched again."""
    chance = random.Random(seed)  # noqa: S311
    toll = Toll()
    with Server(shop) as server, tempfile.TemporaryDirectory() as name:
        listed = "\n".join(server.url(f"/{n}") for n in range(urls))
        undisturbed = Path(name, "undisturbed")
        undisturbed.mkdir()
        (undisturbed / "urls.txt").write_text(listed)
        began = time.monotonic()
        process = start(undisturbed)
        _, stderr = process.communicate(timeout=600)
        assert process.returncode == 1, stderr.decode()
        whole, wanted = time.monotonic() - began, table(undisturbed)
        while toll.kills < rounds:
            folder = Path(name, str(toll.lists))
            folder.mkdir()
            (folder / "urls.txt").write_text(listed)
            arguments = ["--processes=2"] if toll.lists % 3 == 2 else []
            carry(folder, arguments, server, chance, toll, limits=(rounds, whole))
            assert table(folder) == wanted, f"list {toll.lists}: another table than that of an undisturbed run"
            left = sorted(path.name for path in folder.iterdir())
            assert left == ["products.csv", "products.db", "products.failures.csv", "urls.txt"], left
            toll.lists += 1
            toll.urls += urls
            say(f"{toll.kills} kills, {toll.lists} lists, {toll.again} requests again, at most {toll.worst} a kill")
    return toll


def carry(
    folder: Path, arguments: list[str], server: Server, chance: random.Random, toll: Toll, limits: tuple[int, float]
) -> None:
    """Run, kill and run again until the list is done."""
    rounds, whole = limits
    server.requests.clear()
    known: set[str] = set()
    most = min(toll.kills + MOST_KILLS, rounds)
    while True:
        half_written = set(folder.glob(".scrape-*.tmp"))
        process = start(folder, *arguments)
        is_killed = toll.kills < most and wait_and_kill(process, folder, chance, whole)
        _, stderr = process.communicate(timeout=600)
        paths = Counter(server.paths)
        server.requests.clear()
        again = [path for path in paths if path in known and path != "/robots.txt"]
        twice = [path for path, count in paths.items() if count > 1]
        assert not twice, f"asked for twice by one process: {twice}"
        toll.again += len(again)
        toll.worst = max(toll.worst, len(again))
        assert len(again) <= MOST_AGAIN, f"{len(again)} pages again after one kill"
        known |= set(paths)
        if not is_killed:
            assert process.returncode == 1, (process.returncode, stderr.decode())
            return
        if is_finished(folder / "products.db"):  # killed in the instant between the mark and the end
            (folder / "products.db-wal").unlink(missing_ok=True)
            (folder / "products.db-shm").unlink(missing_ok=True)
            return
        toll.kills += 1
        is_writing = set(folder.glob(".scrape-*.tmp")) - half_written
        toll.during["writing" if is_writing else "fetching" if paths else "starting"] += 1


def is_finished(store: Path) -> bool:
    """Whether the run is marked as done."""
    if not store.exists():
        return False
    with closing(sqlite3.connect(store)) as db, suppress(sqlite3.OperationalError):
        return bool(db.execute("SELECT COUNT(*) FROM runs WHERE finished_at IS NOT NULL").fetchone()[0])
    return False


def wait_and_kill(process: subprocess.Popen[bytes], folder: Path, chance: random.Random, whole: float) -> bool:
    """Kill it at some moment, one in ten while it writes its outputs; whether it still lived."""
    if chance.random() < 0.1:
        half_written = set(folder.glob(".scrape-*.tmp"))
        while process.poll() is None and not set(folder.glob(".scrape-*.tmp")) - half_written:
            time.sleep(0.0005)
    else:
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, min(whole, 2.0)))
    process.send_signal(signal.SIGKILL)
    process.wait()
    return process.returncode == -signal.SIGKILL
