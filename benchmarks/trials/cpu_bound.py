"""Pages that come at once, so that only the client's own work counts."""

from benchmarks.bench import Bench, Result, Table, defects_of, mark, ratios
from benchmarks.clients import OURS, Client
from benchmarks.measure import Spread
from benchmarks.pages import SIZES
from benchmarks.servers import PageServer, serve_pages

_PAGES = 2_000
_CONCURRENCY = 32
_SLOW_SHARE = 0.2


def cpu_bound(bench: Bench) -> list[Table]:
    """CPU time of a page: mixed pages, and small ones, which the slowest are left out of."""
    clients = (OURS, *bench.peers)
    quick = tuple(client for client in clients if client.share > _SLOW_SHARE or bench.is_long)
    return [_cpu_bound(bench, clients, None), _cpu_bound(bench, quick, SIZES["small"])]


def _cpu_bound(bench: Bench, clients: tuple[Client, ...], size: int | None) -> Table:
    with serve_pages(bench.pages(range(_PAGES), size), bench.new_folder()) as server:

        def one_run(client: Client) -> Result:
            return bench.run_client(client, server.truths(client.share), _CONCURRENCY, server)

        results = bench.interleave(clients, one_run)
        start_ups = {client.name: _start_up(bench, client, server) for client in clients if client.share < 1}
    per_page = {
        name: [_milliseconds_a_page(run, start_ups.get(name, 0.0)) for run in runs] for name, runs in results.items()
    }
    rows = [
        (
            mark(name, runs),
            f"{runs[0].pages:,}",
            f"{Spread.of(per_page[name]):.2f}",
            f"{ratios(per_page[name], per_page[OURS.name]):.2f}",
            f"{Spread.of([run.pages / run.usage.wall_seconds for run in runs]):.0f}",
            f"{Spread.of([run.usage.peak_bytes / 1e6 for run in runs]):.0f}",
        )
        for name, runs in results.items()
    ]
    return Table(
        f"T1: CPU-bound, {'30 KB pages' if size else 'mixed pages'}",
        f"{_PAGES:,} pages, {_CONCURRENCY} requests at once, nginx on loopback. Start-up is included; for who runs on\n"
        f"fewer pages it counts once in {_PAGES:,}.",
        ("client", "pages", "CPU ms a page", "times ours", "pages/s", "memory MB"),
        tuple(rows),
        defects_of(results),
    )


def _start_up(bench: Bench, client: Client, server: PageServer) -> float:
    """CPU seconds of a run with one page, which is nearly all start-up."""
    truths = server.truths(share=0.0)
    return bench.run_client(client, truths, _CONCURRENCY, server).usage.cpu_seconds


def _milliseconds_a_page(result: Result, start_up: float) -> float:
    work = (result.usage.cpu_seconds - start_up) / result.pages
    return 1000 * (work + start_up / _PAGES)
