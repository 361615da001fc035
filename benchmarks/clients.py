"""The programs that are measured: ours and the others, each as a command that turns a list of URLs into a CSV."""

import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from csv import DictReader
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.pages import FIELDS, Truth

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
SCRAPE = Path(sys.executable).with_name("scrape")


@dataclass(frozen=True, slots=True)
class Client:
    """One program."""

    name: str
    command: Callable[[Path, Path, int], Sequence[str]]
    """From the list, the CSV to write, and how many requests go at once."""
    share: float = 1.0
    """Of a list that keeps the processor busy, so that the slow ones end within the time there is."""
    exit_codes: tuple[int, ...] = (0,)


def ours(name: str, *options: str) -> Client:
    """Our program, with these options more."""

    def command(urls: Path, output: Path, concurrency: int) -> Sequence[str]:
        limits = ("--threads", str(concurrency), "--per-host", str(concurrency))
        return (str(SCRAPE), str(urls), *limits, "--fresh", "-o", str(output), *options)

    return Client(name, command, exit_codes=(0, 1))  # 1: some URLs are no products, which the rows tell


def _runner(script: str) -> Callable[[Path, Path, int], Sequence[str]]:
    def command(urls: Path, output: Path, concurrency: int) -> Sequence[str]:
        return (str(_PEERS_PYTHON), str(HERE / "runners" / script), str(urls), str(output), str(concurrency))

    return command


_ENVIRONMENT = HERE / ".venv"
_PEERS_PYTHON = _ENVIRONMENT / "bin" / "python"

OURS = ours("scrape")
PEERS = (
    Client("aiohttp + selectolax", _runner("aiohttp_selectolax.py")),
    Client("Crawlee (Parsel)", _runner("crawlee_parsel.py"), share=0.5),
    Client("Scrapy + parsel", _runner("scrapy_parsel.py"), share=0.5),
    Client("Scrapy + extruct", _runner("scrapy_extruct.py"), share=0.05),
    Client("tutorial way", _runner("tutorial.py"), share=0.05),
    Client("Session + BeautifulSoup(lxml)", _runner("session_lxml.py"), share=0.05),
)


def install_peers() -> None:
    """Into an environment of their own, once for each state of requirements.txt."""
    digest = sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = _ENVIRONMENT / "installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    venv.create(_ENVIRONMENT, clear=True, with_pip=True)
    install = (str(_PEERS_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r")
    subprocess.run((*install, str(REQUIREMENTS)), check=True)  # noqa: S603 - our own words
    stamp.write_text(digest, encoding="ascii")


@dataclass(frozen=True, slots=True)
class RowCheck:
    """The rows of one run, held against the truth."""

    right: int
    wrong: int
    missing: int
    doubled: int
    mistakes: tuple[str, ...]
    """The first few."""

    @property
    def all_right(self) -> bool:
        """Whether each page has its one right row."""
        return not (self.wrong or self.missing or self.doubled)


_MOST_MISTAKES = 5


def check_rows(table: Path, truths: Mapping[str, Truth]) -> RowCheck:
    """Compare a CSV with what is true of each URL."""
    mistakes: list[str] = []
    seen: set[str] = set()
    right = count = 0
    with table.open(newline="", encoding="utf-8") as file:
        for count, row in enumerate(DictReader(file), 1):  # noqa: B007 - the number of the last row
            url = row["url"]
            seen.add(url)
            truth = truths.get(url, {})
            faults = [field for field in FIELDS if not _is_right(field, truth.get(field), row.get(field) or "")]
            right += not faults
            mistakes += [f"{url}: {field}: {row.get(field)!r}" for field in faults[: _MOST_MISTAKES - len(mistakes)]]
    return RowCheck(right, count - right, len(truths.keys() - seen), count - len(seen), tuple(mistakes))


def _is_right(field: str, truth: Any, value: str) -> bool:
    if field == "price":
        try:
            return truth is not None and Decimal(value) == Decimal(truth)
        except InvalidOperation:
            return False
    return value in truth if isinstance(truth, list) else value == truth
