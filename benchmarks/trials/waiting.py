"""Pages that take their time, so that only waiting counts: how near a client comes to the shortest time there is."""

from dataclasses import dataclass

from benchmarks.bench import Bench, Result, Table, defects_of, mark
from benchmarks.clients import OURS, Client
from benchmarks.latency_server import wait_truth
from benchmarks.measure import Spread
from benchmarks.pages import Truth
from benchmarks.servers import LatencyServer, serve_latency


@dataclass(frozen=True, slots=True)
class Case:
    """A list of URLs and how many are fetched at once."""

    name: str
    count: int
    milliseconds: int
    concurrency: int
    hosts: int = 1
    slow_hosts: int = 0
    """The last ones; they take ten times as long."""
    peers: tuple[str, ...] = ("aiohttp + selectolax", "Crawlee (Parsel)", "Scrapy + parsel", "tutorial way")
    """Who fetch in different ways; in the long form all others, too."""

    def waits(self) -> list[tuple[int, int]]:
        """Of each URL, the number of its host and the milliseconds that it takes; hosts in turn."""
        hosts = [number % self.hosts for number in range(self.count)]
        return [(host, self.milliseconds * (10 if host >= self.hosts - self.slow_hosts else 1)) for host in hosts]

    @property
    def ideal_seconds(self) -> float:
        """With all connections waiting all the time."""
        return sum(milliseconds for _, milliseconds in self.waits()) / 1000 / self.concurrency

    def truths(self, server: LatencyServer) -> dict[str, Truth]:
        """URL -> truth."""
        return {
            server.url(host, milliseconds, number): wait_truth(number)
            for number, (host, milliseconds) in enumerate(self.waits())
        }


CASES = (
    Case("10 × 1 s, 10 at once", 10, 1000, 10),
    Case("1,000 × 200 ms, 50 at once", 1_000, 200, 50),
    Case(
        "2,000 × 500 ms, 500 at once",
        2_000,
        500,
        500,
        peers=("aiohttp + selectolax", "Crawlee (Parsel)", "Scrapy + parsel"),
    ),
    Case(
        "2,000 × 100 ms of 100 hosts, five of them 1 s, 100 at once",
        2_000,
        100,
        100,
        hosts=100,
        slow_hosts=5,
        peers=("aiohttp + selectolax", "Scrapy + parsel"),
    ),
)


def waiting(bench: Bench) -> list[Table]:
    """Wall time over the ideal, start-up included."""
    with serve_latency(max(case.hosts for case in CASES)) as server:
        return [_measure(bench, case, server) for case in CASES]


def _measure(bench: Bench, case: Case, server: LatencyServer) -> Table:
    truths = case.truths(server)
    peers = tuple(client for client in bench.peers if client.name in case.peers or bench.is_long)

    def one_run(client: Client) -> Result:
        return bench.run_client(client, truths, case.concurrency, server)

    results = bench.interleave((OURS, *peers), one_run)
    rows = [
        (
            mark(name, runs),
            f"{Spread.of([run.usage.wall_seconds / case.ideal_seconds for run in runs]):.2f}",
            f"{Spread.of([run.usage.wall_seconds for run in runs]):.2f}",
            f"{Spread.of([1000 * run.usage.cpu_seconds / run.pages for run in runs]):.2f}",
            f"{max(run.seen.most_at_once or 0 for run in runs):,}",
            f"{Spread.of([run.usage.peak_bytes / 1e6 for run in runs]):.0f}",
        )
        for name, runs in results.items()
    ]
    return Table(
        f"T2: waiting, {case.name}",
        f"The ideal is {case.ideal_seconds:.1f} s: the sum of all waits over the connections. Start-up is included.",
        ("client", "wall / ideal", "wall s", "CPU ms a page", "at once", "memory MB"),
        tuple(rows),
        defects_of(results),
    )
