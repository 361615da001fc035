"""The measurements, T1 to T8; each answers its tables."""

from benchmarks.bench import Bench, Result, Table, defects, ratios
from benchmarks.clients import OURS, Client
from benchmarks.measure import Spread
from benchmarks.pages import PageSet, Truth
from benchmarks.servers import PageServer, serve_pages

_CPU_BOUND_PAGES = 2_000
_CPU_BOUND_CONCURRENCY = 32


def cpu_bound(bench: Bench) -> list[Table]:
    """Pages that come at once, so that only the client's own work counts."""
    return [_cpu_bound(bench, None), _cpu_bound(bench, "small")]


def _cpu_bound(bench: Bench, size: str | None) -> Table:
    pages = bench.pages(_CPU_BOUND_PAGES, size)
    with serve_pages(pages, bench.folder / f"nginx-{size}") as server:

        def one_run(client: Client) -> Result:
            return bench.run_client(
                client, _truths(server, pages, client.share), _CPU_BOUND_CONCURRENCY, server.take_count
            )

        results = bench.interleave(bench.clients, one_run)
        start_ups = {
            client.name: _start_up(bench, client, server, pages) for client in bench.clients if client.share < 1
        }
    per_page = {
        name: [_milliseconds_a_page(result, start_ups.get(name, 0.0)) for result in runs]
        for name, runs in results.items()
    }
    rows = [
        (
            f"{name}{'' if all(run.is_valid for run in runs) else ' (rows wrong)'}",
            f"{runs[0].pages:,}",
            f"{Spread.of(per_page[name]):.2f}",
            f"{ratios(per_page[name], per_page[OURS.name]):.1f}",
            f"{Spread.of([run.pages / run.usage.wall_seconds for run in runs]):.0f}",
            f"{Spread.of([run.usage.peak_bytes / 1e6 for run in runs]):.0f}",
            f"{sum(run.rows.right for run in runs):,} of {sum(run.pages for run in runs):,}",
        )
        for name, runs in results.items()
    ]
    mean = "mean 136 KB" if size is None else "30 KB"
    return Table(
        f"T1: CPU-bound, {size or 'mixed'} pages",
        f"{_CPU_BOUND_PAGES:,} pages, {mean}, {_CPU_BOUND_CONCURRENCY} requests at once, nginx on loopback. Start-up "
        f"is included; for who runs on fewer pages it counts once in {_CPU_BOUND_PAGES:,}.",
        ("client", "pages", "CPU ms a page", "times ours", "pages/s", "memory MB", "rows right"),
        tuple(rows),
        tuple(defect for name, runs in results.items() for defect in defects(name, runs)),
    )


def _truths(server: PageServer, pages: PageSet, share: float = 1.0) -> dict[str, Truth]:
    count = int(len(pages.truths) * share)
    return {f"{server.origin}{path}": pages.truths[path] for path in pages.paths[:count]}


def _start_up(bench: Bench, client: Client, server: PageServer, pages: PageSet) -> float:
    """CPU seconds of a run with one page, which is nearly all start-up."""
    truths = _truths(server, pages, 1 / len(pages.paths))
    runs = [
        bench.run_client(client, truths, _CPU_BOUND_CONCURRENCY, server.take_count).usage.cpu_seconds
        for _ in range(bench.runs)
    ]
    return Spread.of(runs).middle


def _milliseconds_a_page(result: Result, start_up: float) -> float:
    work = (result.usage.cpu_seconds - start_up) / result.pages
    return 1000 * (work + start_up / _CPU_BOUND_PAGES)


TRIALS = {"T1": cpu_bound}
