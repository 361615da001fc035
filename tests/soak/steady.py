"""A run of many minutes: its memory and its descriptors stay what they were."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from tests.server import Asked, Route, Server, page, redirect, resetting
from tests.test_pipeline import product_page

ROOT = Path(__file__).parents[2]
HOSTS = 20
URLS_A_SECOND = 100
SAMPLES = 60
MOST_GROWTH = 1.1
MOST_GROWTH_MB = 10.0
LARGE = product_page() + b"<p>word</p>" * 150_000
"""Parsed in the process."""


def shop(asked: Asked) -> Route:
    """Products of three sizes, and what else shops answer."""
    number = int(asked.path[1:].partition("?")[0])
    if number % 500 == 1:
        return page(LARGE)
    if number % 20 == 2:
        return page(b"", status=404)
    if number % 20 == 3 and "?" not in asked.path:
        return redirect(f"{asked.path}?again")
    if number % 100 == 4:
        return resetting()
    return page(product_page(f"Chair {number}") + b"<p>word</p>" * (number % 10 * 500), after_seconds=0.02)


def soak(minutes: float) -> str:
    """What was measured. Raises AssertionError if memory or descriptors grew after the first quarter."""
    with tempfile.TemporaryDirectory() as name, _servers() as servers:
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper", "-", "-q", "--ignore-robots"],
            cwd=name,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
        )
        ends = time.monotonic() + minutes * 60
        fed = threading.Thread(target=_feed, args=(process, servers, ends))
        fed.start()
        samples = []
        for number in range(SAMPLES):
            time.sleep(max(ends - (SAMPLES - number - 1) * minutes * 60 / SAMPLES - time.monotonic(), 0))
            samples.append(_measure(process.pid))
            for server in servers:
                server.requests.clear()
        fed.join()
        assert process.wait(300) == 1
        rows = (Path(name) / "products.csv").read_bytes().count(b"\n") - 1
    early, late = samples[SAMPLES // 4 : SAMPLES // 2], samples[-SAMPLES // 4 :]
    (megabytes, descriptors), (megabytes_late, descriptors_late) = _means(early), _means(late)
    told = (
        f"{minutes:g} minutes, {rows} rows, memory {megabytes:.0f} MB in the second quarter and "
        f"{megabytes_late:.0f} MB in the last, at most {max(sample[0] for sample in samples):.0f} MB; "
        f"descriptors {descriptors:.0f} and {descriptors_late:.0f}"
    )
    assert megabytes_late < megabytes * MOST_GROWTH + MOST_GROWTH_MB, told
    assert descriptors_late < descriptors + 5, told
    return told


@contextmanager
def _servers() -> Iterator[list[Server]]:
    with ExitStack() as stack:
        yield [stack.enter_context(Server(shop, address=f"127.0.3.{n}")) for n in range(1, HOSTS + 1)]


def _feed(process: subprocess.Popen[bytes], servers: list[Server], ends: float) -> None:
    """New URLs at a pace that is kept up with."""
    assert process.stdin
    with suppress(BrokenPipeError), process.stdin as stream:
        for number in count():
            stream.write(f"{servers[number % HOSTS].url(f'/{number}')}\n".encode())
            if number % (URLS_A_SECOND // 5) == 0:
                stream.flush()
                time.sleep(0.2)
            if time.monotonic() > ends:
                return


def _measure(pid: int) -> tuple[float, int]:
    """Megabytes of the process and its own, and the descriptors that it has open."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    kilobytes = 0
    for one in (pid, *children):
        with suppress(OSError):
            status = Path(f"/proc/{one}/status").read_text()
            kilobytes += int(status.partition("VmRSS:")[2].split()[0]) if "VmRSS:" in status else 0
    return kilobytes / 1000, len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _means(samples: list[tuple[float, int]]) -> tuple[float, float]:
    return tuple(sum(values) / len(samples) for values in zip(*samples, strict=True))  # type: ignore[return-value]
