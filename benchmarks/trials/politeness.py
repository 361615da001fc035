"""A gap between the requests to each of many hosts, and a list that names one host after the other."""

from benchmarks.bench import Bench, Table, defects_of
from benchmarks.clients import ours
from benchmarks.latency_server import wait_truth
from benchmarks.servers import LatencyServer, serve_latency

_HOSTS = 1_000
_GAP_SECONDS = 1.0
_URLS_OF_LONGEST = 21
_CONCURRENCY = 50


def politeness(bench: Bench) -> list[Table]:
    """Wall time over what the host with the most URLs needs at least."""
    client = ours("scrape", "--delay", str(_GAP_SECONDS))
    bound = _URLS_OF_LONGEST * _GAP_SECONDS  # its robots.txt is a request, too
    with serve_latency(_HOSTS) as server:
        truths = {url: wait_truth(number) for number, url in enumerate(_urls(server))}
        result = bench.run_client(client, truths, _CONCURRENCY, server)
    row = (
        client.name,
        f"{len(truths):,}",
        f"{result.usage.wall_seconds / bound:.3f}",
        f"{result.usage.wall_seconds:.2f}",
        f"{result.usage.cpu_seconds:.2f}",
        f"{result.usage.peak_bytes / 1e6:.0f}",
    )
    return [
        Table(
            "T7: politeness",
            f"{_HOSTS:,} hosts with one to four URLs, one with {_URLS_OF_LONGEST}, in a list sorted by host, and a\n"
            f"gap of {_GAP_SECONDS:.0f} s between two requests to a host, its robots.txt included:\n"
            f"{bound:.0f} s is the least there is. {_CONCURRENCY} threads, start-up is included; measured once.",
            ("client", "URLs", "wall / bound", "wall s", "CPU s", "memory MB"),
            (row,),
            defects_of({client.name: [result]}),
        )
    ]


def _urls(server: LatencyServer) -> list[str]:
    hosts = [host for host in range(_HOSTS) for _ in range(_URLS_OF_LONGEST if host == _HOSTS // 2 else 1 + host % 4)]
    return [server.url(host, 0, number) for number, host in enumerate(hosts)]
