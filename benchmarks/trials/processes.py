"""Parsing in processes: a site rule that keeps one processor busy, so that a second one helps."""

from benchmarks.bench import Bench, Result, Table, defects_of, mark, ratios
from benchmarks.clients import HERE, Client, ours
from benchmarks.measure import Spread
from benchmarks.pages import KINDS, SIZES
from benchmarks.servers import serve_pages

_PAGES = 120
_CONCURRENCY = 8


def processes(bench: Bench) -> list[Table]:
    """Wall time with one and with two parsing processes."""
    config = ("--config", str(HERE / "site_rule" / "config.toml"))
    clients = [ours(f"--processes {number}", "--processes", str(number), *config) for number in (0, 1, 2)]
    only_visible = range(KINDS.index("visible"), _PAGES * len(KINDS), len(KINDS))
    with serve_pages(bench.pages(only_visible, SIZES["medium"]), bench.new_folder()) as server:

        def one_run(client: Client) -> Result:
            return bench.run_client(client, server.truths(), _CONCURRENCY, server)

        results = bench.interleave(clients, one_run)
    walls = {name: [run.usage.wall_seconds for run in runs] for name, runs in results.items()}
    rows = [
        (
            mark(name, runs),
            f"{Spread.of(walls[name]):.2f}",
            f"{ratios(walls['--processes 1'], walls[name]):.2f}",
            f"{Spread.of([1000 * run.usage.cpu_seconds / run.pages for run in runs]):.0f}",
            f"{Spread.of([run.usage.peak_bytes / 1e6 for run in runs]):.0f}",
        )
        for name, runs in results.items()
    ]
    return [
        Table(
            "T4: parsing in processes",
            f"{_PAGES} pages of 150 KB, read by a site rule in BeautifulSoup (`site_rule/`); start-up is included.",
            ("scrape", "wall s", "times as fast as one process", "CPU ms a page", "memory MB"),
            tuple(rows),
            defects_of(results),
        )
    ]
