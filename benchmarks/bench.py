"""What all measurements share: where they run, how clients are compared side by side, and tables."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple, Protocol

from benchmarks.clients import Client, RowCheck, check_rows
from benchmarks.measure import Spread, Usage, run
from benchmarks.pages import PageSet, Truth, make_page_set

_TIMEOUT_SECONDS = 300.0
_LONG_TIMEOUT_SECONDS = 3 * 3600.0


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


class Seen(NamedTuple):
    """What a server saw of one run."""

    requests: int
    """For pages, not robots.txt."""
    most_at_once: int | None = None


class Server(Protocol):
    """A server that counts."""

    def take_seen(self, expected: int) -> Seen:
        """Since the last call; may wait a moment for as many requests as are expected."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run of one client."""

    usage: Usage
    pages: int
    rows: RowCheck
    seen: Seen

    @property
    def defects(self) -> list[str]:
        """What was wrong with it: all rows must be right, and every page be asked for, once."""
        found = []
        if not self.rows.all_right:
            counts = f"{self.rows.wrong:,} rows wrong, {self.rows.missing:,} missing, {self.rows.doubled:,} doubled"
            found.append("; ".join((counts, *self.rows.mistakes[:2])))
        if self.seen.requests != self.pages:
            found.append(f"{self.seen.requests:,} requests for {self.pages:,} pages")
        return found


@dataclass(slots=True)
class Bench:
    """Where the measurements run."""

    folder: Path
    cache: Path
    runs: int
    peers: tuple[Client, ...]
    is_long: bool = False
    _numbers: Iterator[int] = field(default_factory=count)

    def say(self, text: str) -> None:
        """Tell who waits what goes on."""
        sys.stderr.write(f"  {text}\n")

    def pages(self, numbers: range, size: int | None = None) -> PageSet:
        """Pages on the disk; made only the first time."""
        self.say(f"{len(numbers):,} pages of {f'{size:,} bytes' if size else 'all sizes'}")
        return make_page_set(self.cache, numbers, size)

    def new_folder(self) -> Path:
        """For one run, so that nothing is found there that an earlier one left."""
        folder = self.folder / f"{next(self._numbers):04}"
        folder.mkdir()
        return folder

    def run_client(self, client: Client, truths: Mapping[str, Truth], concurrency: int, server: Server) -> Result:
        """Let a client fetch the URLs, and check what it wrote and asked for."""
        folder = self.new_folder()
        urls, output = folder / "urls.txt", folder / "products.csv"
        urls.write_text("\n".join(truths) + "\n", encoding="utf-8")
        server.take_seen(0)
        usage = run(
            client.command(urls, output, concurrency),
            folder=folder,
            timeout_seconds=_LONG_TIMEOUT_SECONDS if self.is_long else _TIMEOUT_SECONDS,
            exit_codes=client.exit_codes,
        )
        rows = check_rows(output, truths)
        result = Result(usage, len(truths), rows, server.take_seen(len(truths)))
        rmtree(folder)
        took = f"{usage.wall_seconds:.2f} s, CPU {usage.cpu_seconds:.2f} s"
        self.say(f"{client.name}: {took}, {rows.right:,} of {len(truths):,} right")
        return result

    def interleave(self, clients: Sequence[Client], one_run: Callable[[Client], Result]) -> dict[str, list[Result]]:
        """All clients in turn, as often as there are runs, each round starting with another."""
        results: dict[str, list[Result]] = {client.name: [] for client in clients}
        for number in range(self.runs):
            first = number % len(clients)
            for client in (*clients[first:], *clients[:first]):
                results[client.name].append(one_run(client))
        return results


def mark(name: str, results: Sequence[Result]) -> str:
    """The name of a client, marked if not all its rows are right."""
    return name if all(result.rows.all_right for result in results) else f"{name} (rows wrong)"


def defects_of(results: Mapping[str, Sequence[Result]]) -> tuple[str, ...]:
    """Of all clients, each defect once."""
    found = (f"{name}: {defect}" for name, runs in results.items() for run in runs for defect in run.defects)
    return tuple(dict.fromkeys(found))


def ratios(figures: Sequence[float], ours: Sequence[float]) -> Spread:
    """Of each round; both ran in it side by side."""
    return Spread.of([figure / own for figure, own in zip(figures, ours, strict=True)])
