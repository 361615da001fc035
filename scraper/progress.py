"""What a run shows people while it works, and what it says at its end.

A display is given a `Progress` now and then; when all is done, a `Summary` is printed. Hosts, reasons and file names
are other people's text: they pass `printable` or become ASCII JSON, and are never read as markup.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from scraper.models import Status

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_HOSTS_SHOWN = 10
_REASONS_SHOWN = 3


def printable(text: str) -> str:
    r"""The text with everything escaped that a terminal would obey rather than show.

    That is all that Unicode calls not printable: control characters, the bidi controls and other invisible
    formatting, line separators, lone surrogates, and every space but the common one.

    >>> printable("shop.example\x1b[2J\u202e")
    'shop.example\\x1b[2J\\u202e'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def format_duration(seconds: float) -> str:
    """A duration for people, in its two largest units.

    >>> [format_duration(seconds) for seconds in (3.21, 59.97, 62, 3725)]
    ['3.2 s', '1 min 00 s', '1 min 02 s', '1 h 02 min']
    """
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60:,} h {minutes % 60:02} min"


def format_count(number: int, noun: str) -> str:
    """A number and what it counts.

    >>> format_count(1, "line"), format_count(1240, "line")
    ('1 line', '1,240 lines')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    counts: Mapping[Status, int]
    """Outcomes so far."""
    total: int
    """Distinct URLs known so far."""
    total_is_final: bool
    """Whether the list is read to its end."""
    elapsed_seconds: float
    in_flight: int
    rate: float
    """Pages a second over the last seconds."""
    slowest: tuple[tuple[str, float], ...]
    """Host and mean seconds a page, slowest first."""

    @property
    def done(self) -> int:
        """URLs that have their outcome."""
        return sum(self.counts.values())

    @property
    def ok(self) -> int:
        """URLs that ended as a product."""
        return _products(self.counts)

    @property
    def failed(self) -> int:
        """URLs that ended as anything else."""
        return self.done - self.ok

    @property
    def seconds_left(self) -> float | None:
        """None while it cannot be told: the list is not read to its end, or nothing arrives."""
        if not self.total_is_final or not self.rate:
            return None
        return (self.total - self.done) / self.rate


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to."""

    counts: Mapping[Status, int]
    """Outcomes, one for every given line; they add up to `lines`."""
    lines: int
    pages: int
    """Distinct URLs; a line that is none is not among them."""
    fetched: int
    """URLs fetched in this process; fewer than `pages` after a resume."""
    resumed: int
    """URLs that had their outcome from the run before."""
    warned: int
    """Rows with warnings, as where two sources tell two prices."""
    wall_seconds: float
    fetch_seconds: float
    """Sum of all fetch times: how long fetching one by one would have taken."""
    failed_hosts: tuple[tuple[str, Mapping[str, int]], ...]
    """Host, and how often something failed there for each reason, most frequent first; most failures first."""
    invalid_lines: tuple[str, ...]
    """Of the lines that are no URLs the first ones: where they stand, why, and what they say."""
    outputs: tuple[str, ...]
    """Files written."""
    errors: tuple[Exception, ...]
    """What went wrong with the list or with an output."""
    store: str
    interrupted: bool
    unread: bool
    """Whether a stop left a part of the list unread."""
    insecure: bool
    """Whether TLS certificates were not verified."""
    resume_hint: str | None
    """The command that takes the run up again; None if nothing is left to do."""

    @property
    def exit_code(self) -> int:
        """0 if every URL ended as a product, else 1; what stopped the run or went wrong has codes of its own."""
        return 0 if _products(self.counts) == self.lines and not self.unread else 1

    @property
    def speed_up(self) -> float:
        """How many times as fast as fetching one by one; 0.0 if nothing took any time."""
        return self.fetch_seconds / self.wall_seconds if self.wall_seconds else 0.0

    @property
    def pages_per_second(self) -> float:
        """Of this process; 0.0 if nothing took any time."""
        return self.fetched / self.wall_seconds if self.wall_seconds else 0.0


def _products(counts: Mapping[Status, int]) -> int:
    return sum(number for status, number in counts.items() if status.is_product)


def format_progress(progress: Progress) -> str:
    """One line for a log.

    For instance `20 of 50 done, 4.0 pages/s, 19 products, 1 failed, 7.5 s left; slowest: shop.example 1.2 s`.
    """
    facts = ", ".join(_present(f"{_position(progress)} done", _rate(progress), _tally(progress), _time_left(progress)))
    return "; ".join(_present(facts, _slowest(progress)))


def progress_json(progress: Progress) -> str:
    """The progress as one line of JSON."""
    return _json_line(
        event="progress",
        done=progress.done,
        total=progress.total,
        total_is_final=progress.total_is_final,
        ok=progress.ok,
        failed=progress.failed,
        counts=dict(progress.counts),
        in_flight=progress.in_flight,
        rate=progress.rate,
        elapsed_seconds=progress.elapsed_seconds,
        seconds_left=progress.seconds_left,
        slowest=[{"host": host, "seconds": seconds} for host, seconds in progress.slowest],
    )


def _position(progress: Progress) -> str:
    more = "" if progress.total_is_final else "+"
    return f"{progress.done:,} of {progress.total:,}{more}"


def _rate(progress: Progress) -> str:
    return f"{progress.rate:,.1f} pages/s"


def _tally(progress: Progress) -> str:
    return f"{format_count(progress.ok, 'product')}, {progress.failed:,} failed"


def _time_left(progress: Progress) -> str:
    return "" if progress.seconds_left is None else f"{format_duration(progress.seconds_left)} left"


def _slowest(progress: Progress) -> str:
    hosts = ", ".join(f"{printable(host)} {format_duration(seconds)}" for host, seconds in progress.slowest)
    return f"slowest: {hosts}" if hosts else ""


def _present(*texts: str) -> Iterator[str]:
    return filter(None, texts)


def _json_line(**values: Any) -> str:
    return json.dumps(values)  # ASCII only, so that nothing in it can steer a terminal


class ProgressDisplay:
    """Shows what one thread calls it with, while its `with` block runs; this one shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the stream as it was found."""

    def __call__(self, progress: Progress) -> None:
        """Show the progress."""


class SilentProgress(ProgressDisplay):
    """Shows nothing."""


class LineProgress(ProgressDisplay):
    """Writes a line now and then, for logs and pipes; the first one after `every_seconds`."""

    def __init__(
        self,
        stream: TextIO,
        every_seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        formatter: Callable[[Progress], str] = format_progress,
    ) -> None:
        self._stream = stream
        self._every_seconds = every_seconds
        self._clock = clock
        self._formatter = formatter
        self._due = clock() + every_seconds

    def __call__(self, progress: Progress) -> None:
        """Write a line if it is time for one."""
        if (now := self._clock()) >= self._due:
            self._due = now + self._every_seconds
            self._stream.write(self._formatter(progress) + "\n")
            self._stream.flush()


class TerminalProgress(ProgressDisplay):
    """A bar and two lines of numbers at the bottom of a terminal; they vanish at the end.

    What others write to `sys.stderr` meanwhile appears above them.
    """

    def __init__(self, console: "Console") -> None:
        from rich.live import Live

        self._latest: Progress | None = None
        self._live = Live(
            console=console,
            get_renderable=lambda: _render(self._latest) if self._latest else "",
            refresh_per_second=5,
            transient=True,
            redirect_stdout=False,  # rows may go there, and they are not for this console
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._live.stop()

    def __call__(self, progress: Progress) -> None:
        """Show this from the next refresh on."""
        self._latest = progress


def _render(progress: Progress) -> "RenderableType":
    """Three lines of `Text`, which rich never reads as markup."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    def line(*facts: str, style: str = "") -> Text:
        return Text(", ".join(_present(*facts)), style, no_wrap=True, overflow="ellipsis")

    bar = ProgressBar(total=progress.total if progress.total_is_final else None, completed=progress.done)
    halves = Table.grid(padding=(0, 1, 0, 0), expand=True)
    halves.add_column(ratio=1)
    halves.add_column(ratio=1)
    halves.add_row(bar, line(_position(progress), _time_left(progress)))
    in_flight, elapsed = f"{progress.in_flight:,} in flight", f"{format_duration(progress.elapsed_seconds)} so far"
    return Group(
        halves,
        line(_tally(progress), _rate(progress), in_flight, elapsed),
        line(_slowest(progress), style="dim"),
    )


def progress_display(*, stream: TextIO, quiet: bool, no_progress: bool, log_format: str) -> ProgressDisplay:
    """The display that suits the stream: a bar on a terminal, lines elsewhere, JSON lines for `log_format` "json"."""
    if quiet or no_progress:
        return SilentProgress()
    if log_format == "json":
        return LineProgress(stream, formatter=progress_json)
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        from rich.console import Console  # here, so that only a terminal pays for the import

        return TerminalProgress(Console(file=stream))
    return LineProgress(stream)


def format_summary(summary: Summary) -> str:
    """The end of a run, in lines for people."""
    blocks = (
        _counts_block(summary), _invalid_block(summary), _hosts_block(summary.failed_hosts), _notes(summary),
    )  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks if block)


def summary_json(summary: Summary, *, exit_code: int) -> str:
    """The end of a run as one line of JSON; `exit_code` is what the process ends with."""
    return _json_line(
        event="summary",
        exit_code=exit_code,
        counts=dict(summary.counts),
        lines=summary.lines,
        pages=summary.pages,
        fetched=summary.fetched,
        resumed=summary.resumed,
        warned=summary.warned,
        wall_seconds=summary.wall_seconds,
        fetch_seconds=summary.fetch_seconds,
        pages_per_second=summary.pages_per_second,
        speed_up=summary.speed_up,
        failed_hosts=[{"host": host, "reasons": reasons} for host, reasons in summary.failed_hosts],
        invalid_lines=summary.invalid_lines,
        outputs=summary.outputs,
        store=summary.store,
        interrupted=summary.interrupted,
        unread=summary.unread,
        insecure=summary.insecure,
        resume_hint=summary.resume_hint,
    )


def _counts_block(summary: Summary) -> list[str]:
    """One line for every status, in the order of `Status`, and below a rule what they add up to."""
    counts = [(summary.counts.get(status, 0), status.value) for status in Status]
    width = len(f"{summary.lines:,}")
    distinct = "" if summary.pages == summary.lines else f", {format_count(summary.pages, 'page')}"
    return [
        *(f"  {number:>{width},}  {status}" for number, status in counts if number),
        "  " + "-" * width,
        f"  {format_count(summary.lines, 'line')}{distinct}",
    ]


def _invalid_block(summary: Summary) -> list[str]:
    lines = [f"  {printable(line)}" for line in summary.invalid_lines]
    hidden = summary.counts.get(Status.INVALID_URL, 0) - len(lines)
    if not lines:
        return []
    return ["Lines that are no URLs:", *lines, *([f"  and {hidden:,} more"] if hidden > 0 else [])]


def _hosts_block(failed_hosts: tuple[tuple[str, Mapping[str, int]], ...]) -> list[str]:
    shown, hidden = failed_hosts[:_HOSTS_SHOWN], failed_hosts[_HOSTS_SHOWN:]
    if not shown:
        return []
    width = len(f"{sum(shown[0][1].values()):,}")
    return [
        "Hosts where something failed, and why:",
        *(f"  {sum(reasons.values()):>{width},}  {printable(host)}: {_reasons(reasons)}" for host, reasons in shown),
        *([f"  and {format_count(len(hidden), 'more host')}"] if hidden else []),
    ]


def _reasons(reasons: Mapping[str, int]) -> str:
    """The most frequent ones; the count of a single one stands before its host."""
    shown = [f"{printable(reason)} {number:,}" for reason, number in list(reasons.items())[:_REASONS_SHOWN]]
    if len(reasons) == 1:
        return printable(next(iter(reasons)))
    return ", ".join(shown) + (", ..." if len(reasons) > _REASONS_SHOWN else "")


def _notes(summary: Summary) -> list[str]:
    return list(
        _present(
            _speed(summary),
            f"{format_count(summary.resumed, 'page')} from the run before." if summary.resumed else "",
            _warned(summary.warned),
            f"Written: {', '.join(map(printable, summary.outputs))}" if summary.outputs else "",
            f"Everything is kept in {printable(summary.store)}",
            "TLS certificates were not verified." if summary.insecure else "",
            "Stopped before the end." if summary.interrupted else "",
            "The list was not read to its end." if summary.unread else "",
            f"To go on: {printable(summary.resume_hint)}" if summary.resume_hint else "",
        )
    )


def _warned(rows: int) -> str:
    """Where to look for what the program is not sure of."""
    return f"{format_count(rows, 'row')} to look at: the column warnings says why." if rows else ""


def _speed(summary: Summary) -> str:
    """How fast the pages came, against one by one where that would have been slower."""
    if not summary.fetched:
        return ""
    pages = f"{format_count(summary.fetched, 'page')} in {format_duration(summary.wall_seconds)}"
    speed = f"{summary.pages_per_second:,.1f} pages/s"
    if summary.speed_up <= 1:
        return f"{pages}, {speed}"
    return f"{pages}, {speed}, {summary.speed_up:.1f} times as fast as one by one"
