"""The laboratory: each behaviour has servers of its own; the command fetches from all in one run, and is judged.

    Behaviour  what servers do, as what their URLs end, how many requests they get, what else must hold
    Experiment many behaviours in one run of the command, with these options
    Scene      a run of its own, for what cannot be shared: lists, outputs

The judge knows the command only by what a user sees: exit code, files, standard streams; and the servers' side.
"""

import csv
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from tests.server import Asked, Route, Server, page

PATIENCE_SECONDS = 300
"""After which a run counts as hanging."""
MEMORY_BYTES = 600_000_000
AT_ONCE = 5
"""Runs of the command at the same time."""

_INTERFERES = re.compile("_proxy$|SSL_CERT|CA_BUNDLE|^SCRAPE_", re.IGNORECASE)
FENCE = f"{Path(__file__).parent / 'fence'}{os.pathsep}{Path(__file__).parents[2]}"
"""Where the command finds a check of its own that nothing leaves this machine, and itself."""
THE_RUN = "the run as a whole"

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TOTAL = re.compile(r"^ +-+\n +([\d,]+) lines?\b", re.MULTILINE)
_COUNT = re.compile(r"^ +([\d,]+)  [a-z_]+$", re.MULTILINE)

_CSV_LOCK = threading.Lock()

Routes = Mapping[str, Route]


def product(name: str = "Chair", price: str = "9.99", more: str = "") -> bytes:
    """A page that shows a product."""
    return (
        f'<!doctype html><title>{name}</title><script type="application/ld+json">{{"@type": "Product",'
        f' "name": "{name}", "offers": {{"price": "{price}", "priceCurrency": "EUR"}}}}</script><h1>{name}</h1>{more}'
    ).encode()


PRODUCT = page(product())


@dataclass(frozen=True)
class Ran:
    """One run of the command that has ended."""

    folder: Path
    exit_code: int
    stdout: bytes
    stderr: str
    seconds: float
    peak_bytes: int
    """Of its memory, as far as the system tells."""

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The products."""
        return _read_table(self.folder / "products.csv")

    @cached_property
    def failures(self) -> list[dict[str, str]]:
        """The other lines."""
        return _read_table(self.folder / "products.failures.csv")

    @cached_property
    def json_rows(self) -> list[dict[str, Any]]:
        """The products as JSON has them."""
        with (self.folder / "products.jsonl").open(encoding="utf-8", newline="\n") as lines:
            return [json.loads(line) for line in lines]

    @property
    def written(self) -> bytes:
        """Everything the run has written, wherever."""
        files = sorted(path for path in self.folder.glob("products*") if path.is_file())
        return b"\n".join([self.stdout, self.stderr.encode(), *(path.read_bytes() for path in files)])


def _read_table(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream, _large_cells():
        return list(csv.DictReader(stream))


@contextmanager
def _large_cells() -> Iterator[None]:
    """The limit is the whole interpreter's, and other tests rely on it."""
    with _CSV_LOCK:
        usual = csv.field_size_limit(100_000_000)
        try:
            yield
        finally:
            csv.field_size_limit(usual)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check may look at: one behaviour's share of a run."""

    ran: Ran
    server: Server
    other: Server
    rows: list[dict[str, str]]
    """Of the table of products."""
    json_rows: list[dict[str, Any]]
    failures: list[dict[str, str]]

    @property
    def asked(self) -> list[Asked]:
        return self.server.requests

    @property
    def gaps(self) -> list[float]:
        """Seconds between the requests at the server."""
        times = [asked.time for asked in self.asked]
        return [after - before for before, after in pairwise(times)]


def _all_well(_: Seen) -> None: ...


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What servers do to the URLs of the list, and what must become of these."""

    name: str
    routes: Routes | Callable[[str], Routes]
    """By path; as a function, of the other server's origin. Paths without a route are 404."""
    ends: str | Mapping[str, str] = "ok"
    """Status and reason of the URL `/`, or of each path that the list names."""
    requests: int | None = 1
    """At the server; None: any number."""
    check: Callable[[Seen], None] = _all_well
    others: Routes = field(default_factory=dict)
    """Of a second server, at an address of its own."""
    other_requests: int | None = 0
    lists_other: bool = False
    """Whether the list also names `/listed` of the other server, which is a product."""
    tls: Any = None
    """A context for the server, and so https."""
    greet: Callable[[Any], None] | None = None
    """As Server has it."""
    entry: Callable[[str], str] = str
    """How the list writes a URL."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """Behaviours that share a run."""

    name: str
    behaviours: tuple[Behaviour, ...]
    arguments: tuple[str, ...] = ()
    settings: str = ""
    """TOML."""
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    """To be in the folder."""
    check: Callable[[Ran], None] = lambda _: None
    """Of the run as a whole, beside what is asked of every run."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that needs runs of its own: a test that is given a folder."""

    name: str
    play: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of the table."""

    group: str
    name: str
    complaints: tuple[str, ...]


def command(folder: Path, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Ran:
    """Run `scrape` in a folder to its end, which must come."""
    surroundings = {name: value for name, value in os.environ.items() if not _INTERFERES.search(name)}
    surroundings |= {
        "HOME": str(folder),
        "PYTHONWARNINGS": "default",
        "PYTHONPATH": FENCE,
        **(environment or {}),
    }
    (folder / ".stdin").write_bytes(stdin)
    began = monotonic()
    with (folder / ".stdin").open() as given, (folder / ".out").open("wb") as out, (folder / ".err").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "scraper", *arguments],
            cwd=folder, env=surroundings, stdin=given, stdout=out, stderr=err,
        )  # fmt: skip
        peak = 0
        while process.poll() is None:
            peak = max(peak, _peak_bytes(process.pid))
            if monotonic() - began > PATIENCE_SECONDS:
                process.kill()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
    stderr = (folder / ".err").read_bytes().decode("utf-8", "surrogateescape")
    seconds = monotonic() - began
    return Ran(folder, process.returncode, (folder / ".out").read_bytes(), stderr, seconds, peak)


def _peak_bytes(pid: int) -> int:
    """What /proc tells where there is one; getrusage would count this process before its exec."""
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
        return int(found[1]) * 1024 if found else 0
    return 0


class _Site:
    """The servers of one behaviour."""

    def __init__(self, behaviour: Behaviour, stack: ExitStack) -> None:
        self.behaviour = behaviour
        self.other = stack.enter_context(Server({"/listed": PRODUCT, **behaviour.others}, threads=32))
        routes = behaviour.routes(self.other.url("")) if callable(behaviour.routes) else behaviour.routes
        self.server = stack.enter_context(Server(routes, tls=behaviour.tls, greet=behaviour.greet, threads=128))

    @property
    def ends(self) -> dict[str, str]:
        """What is expected of each entry of the list."""
        ends = self.behaviour.ends
        paths = {"/": ends} if isinstance(ends, str) else ends
        expected = {self.behaviour.entry(self.server.url(path)): end for path, end in paths.items()}
        return {**expected, self.other.url("/listed"): "ok"} if self.behaviour.lists_other else expected

    def judge(self, ran: Ran) -> Iterator[str]:
        shown = {_shown(entry): end for entry, end in self.ends.items()}
        rows = [row for row in ran.rows if row["url"] in shown]
        failures = [row for row in ran.failures if row["url"] in shown]
        outcomes = {row["url"]: row["status"] for row in rows}
        outcomes |= {row["url"]: f"{row['status']} {row['reason']}" for row in failures}
        wrong = {entry: end for entry, end in shown.items() if outcomes.get(entry) != end}
        for entry, end in wrong.items():
            yield f"{entry} ended as {outcomes.get(entry)!r}, not {end!r}"
        for server, most in ((self.server, self.behaviour.requests), (self.other, self._other_requests)):
            if most is not None and len(server.requests) != most:
                yield f"{len(server.requests)} requests to {server.host}, not {most}"
        json_rows = [row for row in ran.json_rows if row["url"] in shown] if rows else []
        if not wrong:
            seen = Seen(ran, self.server, self.other, rows, json_rows, failures)
            yield from _complaints(self.behaviour.check, seen)
        for server in (self.server, self.other):
            yield from (f"a request was malformed: {error!r}" for error in server.errors)
            server.errors.clear()

    @property
    def _other_requests(self) -> int | None:
        wanted = self.behaviour.other_requests
        return None if wanted is None else wanted + self.behaviour.lists_other


def _shown(entry: str) -> str:
    """As outputs show an entry: without password, and harmless."""
    return re.sub(r"//[^/]*@", "//***@", entry)


def conduct(experiment: Experiment) -> list[Verdict]:
    """Run the command on all behaviours, and judge."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        sites = [_Site(behaviour, stack) for behaviour in experiment.behaviours]
        entries = [entry for site in sites for entry in site.ends]
        (folder / "urls.txt").write_text("\n".join(entries), encoding="utf-8")
        (folder / "config.toml").write_text(f"[retry]\nbackoff = 0.02\n{experiment.settings}", encoding="utf-8")
        for path, content in experiment.files.items():
            (folder / path).write_bytes(content)
        outputs = ("-o", "products.csv", "-o", "products.jsonl", "-v", "-t", "64")
        ran = command(folder, "urls.txt", *outputs, *experiment.arguments, environment=experiment.environment)
        complaints = (*_inspect(ran, len(entries)), *_complaints(experiment.check, ran))
        verdicts = [Verdict(experiment.name, site.behaviour.name, tuple(site.judge(ran))) for site in sites]
        return [Verdict(experiment.name, THE_RUN, complaints), *verdicts]


def perform(group: str, scene: Scene) -> list[Verdict]:
    """Play a scene, and judge."""
    with TemporaryDirectory() as name:
        return [Verdict(group, scene.name, tuple(_complaints(scene.play, Path(name))))]


def _complaints(check: Callable[[Any], None], subject: object) -> Iterator[str]:
    try:
        check(subject)
    except AssertionError as error:
        yield str(error) or "check failed"


def _inspect(ran: Ran, lines: int) -> Iterator[str]:
    """What must hold of every run that ended."""
    if ran.exit_code < 0 or ran.exit_code > 1:
        yield f"exit code {ran.exit_code}: {ran.stderr[-2000:]}"
        return
    rows, failures = ran.rows, ran.failures
    if len(rows) + len(failures) != lines:
        yield f"{len(rows)} rows and {len(failures)} failures of {lines} lines"
    if ran.exit_code != bool(failures):
        yield f"exit code {ran.exit_code} with {len(failures)} failures"
    total = _TOTAL.search(ran.stderr)
    counts = sum(int(count.replace(",", "")) for count in _COUNT.findall(ran.stderr))
    if not total or int(total[1].replace(",", "")) != lines or counts != lines:
        yield f"the summary does not add up to {lines} lines: {ran.stderr[-2000:]}"
    yield from inspect_texts(ran)
    if ran.peak_bytes > MEMORY_BYTES:
        yield f"{ran.peak_bytes:,} bytes of memory"


def inspect_texts(ran: Ran) -> Iterator[str]:
    """What must hold of all texts that a run writes."""
    if "Traceback" in ran.stderr or "Warning" in ran.stderr or "unexpected" in ran.stderr:
        yield f"a traceback or a warning: {ran.stderr[-2000:]}"
    texts = {"standard error": ran.stderr, "standard output": ran.stdout.decode("utf-8", "surrogateescape")}
    texts |= {
        path.name: path.read_text("utf-8", "surrogateescape") for path in ran.folder.glob("products*.*[vnl]")
    }  # csv, json, jsonl
    for name, text in texts.items():
        if control := _CONTROLS.search(text.replace("\r\n", "\n")):
            yield f"{name} holds {control[0]!r}: {text[max(control.start() - 60, 0) : control.end() + 60]!r}"
    if _BIDI.search(ran.stderr):
        yield "standard error holds text that runs backwards"
    for row in (*ran.rows, *ran.failures):
        for column, cell in row.items():
            if (cell or "")[:1] in {"=", "+", "-", "@", "\t", "\r"} and not re.fullmatch(r"[+-]?[\d.]+", cell):
                yield f"column {column} is a formula: {cell[:60]!r}"


def investigate(experiments: Iterable[Experiment], scenes: Mapping[str, Iterable[Scene]]) -> list[Verdict]:
    """The whole table, some runs at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        verdicts = [pool.submit(perform, group, scene) for group, played in scenes.items() for scene in played]
        verdicts += [pool.submit(conduct, experiment) for experiment in experiments]
        return [verdict for future in verdicts for verdict in future.result()]
