"""How the command begins and ends as a process."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server import Server, page
from tests.test_pipeline import product_page

Serve = Callable[..., Server]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_while_it_loads_ends_it_at_once(number: signal.Signals, code: int) -> None:
    """Without a traceback, wherever in the imports it is."""
    script = f"""
import os, signal, sys
signal.signal({int(number)}, signal.default_int_handler)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            os.kill(os.getpid(), {int(number)})
sys.meta_path.insert(0, Finder())
from scraper.entry import main
main()
"""
    command = [sys.executable, "-c", script, "--help"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_needs_no_standard_streams(serve: Serve, tmp_path: Path, closed: str) -> None:
    """As services start things; no file of ours becomes one of the three."""
    server = serve(lambda _: page(product_page()))
    (tmp_path / "urls.txt").write_text("\n".join(server.url(f"/{n}") for n in range(50)))
    command = f"exec {sys.executable} -m scraper urls.txt -v {closed}"
    process = subprocess.Popen(["/bin/sh", "-c", command], cwd=tmp_path, env=ENVIRONMENT)
    assert process.wait(100) == 0
    with (tmp_path / "products.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 50


def test_rows_for_a_closed_standard_output_are_told(serve: Serve, tmp_path: Path) -> None:
    """They would otherwise be lost without a word."""
    url = serve(lambda _: page(product_page())).url("/1")
    command = f"exec {sys.executable} -m scraper {url} -q -o - -f csv >&-"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "scrape: standard output: is closed\n")
