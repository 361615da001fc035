"""How costs grow with the number of URLs, the number of hosts and the size of pages."""

from collections.abc import Sequence
from itertools import pairwise

from benchmarks.bench import Bench, Result, Table, defects_of
from benchmarks.clients import OURS
from benchmarks.latency_server import wait_truth
from benchmarks.servers import LatencyServer, serve_latency, serve_pages

_CONCURRENCY = 32
_HOSTS = 50


def many_urls(bench: Bench) -> list[Table]:
    """Memory and CPU time of a URL, at few URLs and at very many."""
    counts = (1_000, 50_000, 1_000_000) if bench.is_long else (1_000, 50_000)
    with serve_latency(_HOSTS) as server:
        results = {f"{count:,}": [_fetch(bench, server, count, _HOSTS)] for count in counts}
    return [
        Table(
            "T3: many URLs",
            f"Tiny pages of {_HOSTS} hosts, answered at once, {_CONCURRENCY} requests at a time; measured once.",
            ("URLs", "CPU ms a URL", "URLs/s", "memory MB"),
            tuple(
                (
                    name,
                    f"{1000 * run.usage.cpu_seconds / run.pages:.2f}",
                    f"{run.pages / run.usage.wall_seconds:.0f}",
                    f"{run.usage.peak_bytes / 1e6:.0f}",
                )
                for name, (run,) in results.items()
            ),
            defects_of(results),
        )
    ]


def doubling(bench: Bench) -> list[Table]:
    """Whether twice as much takes twice as long, and no more."""
    url_counts, host_counts = (500, 1_000, 2_000, 4_000), (125, 250, 500, 1_000)
    sizes = (75_000, 150_000, 300_000, 600_000, 1_200_000)
    with serve_latency(max(host_counts)) as server:
        by_urls = [_fetch(bench, server, count, _HOSTS) for count in url_counts]
        by_hosts = [_fetch(bench, server, 2_000, count) for count in host_counts]
    return [
        _doubling_table("URLs", url_counts, by_urls),
        _doubling_table("hosts of 2,000 URLs", host_counts, by_hosts),
        _doubling_table("bytes a page, 80 pages", sizes, [_fetch_pages(bench, size) for size in sizes]),
    ]


def _fetch(bench: Bench, server: LatencyServer, count: int, hosts: int) -> Result:
    truths = {server.url(number % hosts, 0, number): wait_truth(number) for number in range(count)}
    return bench.run_client(OURS, truths, _CONCURRENCY, server)


def _fetch_pages(bench: Bench, size: int) -> Result:
    with serve_pages(bench.pages(range(80), size), bench.new_folder()) as server:
        return bench.run_client(OURS, server.truths(), _CONCURRENCY, server)


def _doubling_table(what: str, numbers: Sequence[int], results: Sequence[Result]) -> Table:
    seconds = [result.usage.cpu_seconds for result in results]
    growth = ["", *(f"{after / before:.2f}" for before, after in pairwise(seconds))]
    return Table(
        f"T8: doubling the number of {what}" if "bytes" not in what else f"T8: doubling the {what}",
        "Linear is what grows by 2.0 at most with each doubling; start-up, which does not grow, is included.",
        (what, "CPU s", "times the one before", "memory MB"),
        tuple(
            (f"{number:,}", f"{second:.2f}", times, f"{result.usage.peak_bytes / 1e6:.0f}")
            for number, second, times, result in zip(numbers, seconds, growth, results, strict=True)
        ),
        defects_of(dict(zip(map(str, numbers), ([result] for result in results), strict=True))),
    )
