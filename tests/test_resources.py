"""A machine that has little to give: fewer rows a second, and none lost or blamed."""

import csv
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server import Server, page, silent
from tests.test_pipeline import product_page

Serve = Callable[..., Server]
HOSTS = 12


def run_limited(folder: Path, limits: dict[int, int], *arguments: str) -> tuple[int, str, int]:
    """Exit code, what it said, and most descriptors of `scrape urls.txt` under these limits."""

    def restrict() -> None:
        for kind, most in limits.items():
            resource.setrlimit(kind, (most, most))

    process = subprocess.Popen(
        [sys.executable, "-m", "scraper", "urls.txt", "--ignore-robots", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=restrict,
    )
    most = 0
    descriptors = Path(f"/proc/{process.pid}/fd")
    while process.poll() is None:
        if descriptors.parent.exists():
            try:
                most = max(most, len(list(descriptors.iterdir())))
            except OSError:
                break  # it has just ended
        threading.Event().wait(0.005)
    return process.returncode, process.communicate()[1], most


def fill(folder: Path, serve: Serve, count: int) -> list[str]:
    """A list of so many URLs, in turn from many hosts."""
    route = page(product_page(), after_seconds=0.01)
    servers = [serve(lambda _: route, address=f"127.0.1.{n}") for n in range(1, HOSTS + 1)]
    urls = [servers[n % HOSTS].url(f"/{n}") for n in range(count)]
    (folder / "urls.txt").write_text("\n".join(urls))
    return urls


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.skipif(sys.platform != "linux", reason="counts in /proc")
def test_ten_threads_take_few_descriptors(serve: Serve, tmp_path: Path) -> None:
    """Also with more hosts than connections are kept to."""
    fill(tmp_path, serve, 240)
    code, stderr, most = run_limited(tmp_path, {})
    assert code == 0, stderr
    assert most <= 64


def test_few_descriptors_are_enough(serve: Serve, tmp_path: Path) -> None:
    """With a third of what ten threads would take, every URL has its row."""
    urls = fill(tmp_path, serve, 120)
    code, stderr, _ = run_limited(tmp_path, {resource.RLIMIT_NOFILE: 20})
    assert code == 0, stderr
    assert [row["url"] for row in rows(tmp_path / "products.csv")] == urls


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the address space hold there")
def test_too_many_threads_are_told(serve: Serve, tmp_path: Path) -> None:
    """In one line; nothing is blamed."""
    (tmp_path / "urls.txt").write_text(serve(lambda _: silent).url("/1"))
    code, stderr, _ = run_limited(tmp_path, {resource.RLIMIT_AS: 1_000_000_000}, "--threads", "1000")
    assert (code, stderr) == (3, "scrape: the system gives no more threads; lower --threads\n")
    assert not (tmp_path / "products.failures.csv").exists()
