"""What comes before any work: it decides small jobs."""

import sys

from benchmarks.bench import Bench, Table, defects_of, mark
from benchmarks.clients import OURS, SCRAPE
from benchmarks.measure import Spread, Usage, run
from benchmarks.servers import serve_pages

_RUNS_EACH = 3
"""Quick as it is, it is run as many times more often."""


def start_up(bench: Bench) -> list[Table]:
    """CPU time of doing nothing, and of a list of one URL."""
    return [_nothing(bench), _one_url(bench)]


def _nothing(bench: Bench) -> Table:
    commands = {
        "python -c pass": (sys.executable, "-c", "pass"),
        'python -c "import requests, bs4"': (sys.executable, "-c", "import requests, bs4"),
        "scrape --help": (str(SCRAPE), "--help"),
    }
    usages: dict[str, list[Usage]] = {name: [] for name in commands}
    for _ in range(bench.runs * _RUNS_EACH):
        for name, command in commands.items():
            usages[name].append(run(command, folder=bench.new_folder(), timeout_seconds=60))
    return Table(
        "T5: start-up",
        "What every command costs before it does anything, beside what Python itself costs.",
        ("command", "CPU ms", "wall ms"),
        tuple(
            (name, _milliseconds(runs, "cpu_seconds"), _milliseconds(runs, "wall_seconds"))
            for name, runs in usages.items()
        ),
    )


def _one_url(bench: Bench) -> Table:
    with serve_pages(bench.pages(range(1), 30_000), bench.new_folder()) as server:
        results = bench.interleave(
            (OURS, *bench.peers), lambda client: bench.run_client(client, server.truths(), 1, server)
        )
    rows = [
        (
            mark(name, runs),
            *(_milliseconds([run.usage for run in runs], what) for what in ("cpu_seconds", "wall_seconds")),
        )
        for name, runs in results.items()
    ]
    return Table("T5: one URL", "A page of 30 KB.", ("client", "CPU ms", "wall ms"), tuple(rows), defects_of(results))


def _milliseconds(usages: list[Usage], what: str) -> str:
    return f"{Spread.of([1000 * getattr(usage, what) for usage in usages]):.0f}"
