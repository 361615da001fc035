"""What all measurements share: where they run, how clients are compared side by side, and tables."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from benchmarks.clients import OURS, Client, RowCheck, check_rows
from benchmarks.measure import Spread, Usage, run
from benchmarks.pages import PageSet, Truth, make_page_set

_TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Table:
    """What one measurement came to."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    defects: tuple[str, ...] = ()
    """What went otherwise than it must: wrong rows, requests that the server did not see."""

    def __str__(self) -> str:
        """As Markdown."""
        widths = [max(map(len, column)) for column in zip(self.header, *self.rows, strict=True)]
        rules = tuple("-" * width for width in widths)
        table = (
            "".join(f"| {cell:{width}} " for cell, width in zip(cells, widths, strict=True)) + "|"
            for cells in (self.header, rules, *self.rows)
        )
        return "\n".join(
            (f"## {self.title}", "", self.note, "", *table, "", *(f"**Defect:** {defect}\n" for defect in self.defects))
        )


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one client."""

    usage: Usage
    pages: int
    rows: RowCheck
    requests: int
    """For pages, as the server counted them."""

    @property
    def is_valid(self) -> bool:
        """Whether it did all the work: every row right, and every page asked for at least once."""
        return self.rows.all_right and self.requests >= self.pages


@dataclass(slots=True)
class Bench:
    """Where the measurements run."""

    folder: Path
    cache: Path
    runs: int
    peers: tuple[Client, ...]
    is_long: bool = False
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def clients(self) -> tuple[Client, ...]:
        """Ours first."""
        return (OURS, *self.peers)

    def say(self, text: str) -> None:
        """Tell who waits what goes on."""
        sys.stderr.write(f"  {text}\n")

    def pages(self, count: int, size: str | None = None) -> PageSet:
        """Pages on the disk; made only the first time."""
        self.say(f"{count:,} {size or 'mixed'} pages")
        return make_page_set(self.cache, count, size)

    @contextmanager
    def new_folder(self) -> Iterator[Path]:
        """For one run, so that nothing is found there that an earlier one left."""
        folder = self.folder / f"{next(self._numbers):04}"
        folder.mkdir()
        yield folder

    def run_client(
        self, client: Client, truths: Mapping[str, Truth], concurrency: int, take_count: Callable[[int], int]
    ) -> Result:
        """Let a client fetch the URLs, and check what it wrote and asked for."""
        with self.new_folder() as folder:
            urls, output = folder / "urls.txt", folder / "products.csv"
            urls.write_text("\n".join(truths) + "\n", encoding="utf-8")
            take_count(0)
            usage = run(
                client.command(urls, output, concurrency),
                folder=folder,
                timeout_seconds=_TIMEOUT_SECONDS,
                exit_codes=(0, 1) if client is OURS else (0,),
            )
            rows = check_rows(output, truths)
            result = Result(usage, len(truths), rows, take_count(len(truths)))
        took = f"{usage.wall_seconds:.2f} s, CPU {usage.cpu_seconds:.2f} s"
        self.say(f"{client.name}: {took}, {rows.right:,} of {len(truths):,} right")
        return result

    def interleave(self, clients: Sequence[Client], one_run: Callable[[Client], Result]) -> dict[str, list[Result]]:
        """All clients in turn, as often as there are runs, each round starting with another."""
        results: dict[str, list[Result]] = {client.name: [] for client in clients}
        for number in range(self.runs):
            for client in (*clients[number % len(clients) :], *clients[: number % len(clients)]):
                results[client.name].append(one_run(client))
        return results


def defects(name: str, results: Iterable[Result]) -> list[str]:
    """What was wrong with the runs of a client, in words."""
    found = []
    for result in results:
        rows = result.rows
        if not rows.all_right:
            found.append(
                f"{name}: {rows.wrong:,} rows wrong, {rows.missing:,} missing, {rows.doubled:,} doubled"
                + "".join(f"; {mistake}" for mistake in rows.mistakes[:2])
            )
        if result.requests != result.pages:
            found.append(f"{name}: {result.requests:,} requests for {result.pages:,} pages")
    return list(dict.fromkeys(found))


def ratios(figures: Sequence[float], ours: Sequence[float]) -> Spread:
    """Of each round; both ran in it side by side."""
    return Spread.of([figure / own for figure, own in zip(figures, ours, strict=True)])
