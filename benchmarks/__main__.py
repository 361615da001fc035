"""`python -m benchmarks [T1 ...]`: measure and print the tables, as Markdown."""

import os
import platform
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from benchmarks.bench import Bench
from benchmarks.clients import PEERS, REQUIREMENTS, install_peers
from benchmarks.measure import CommandFailed
from benchmarks.servers import ServerMissing, find_nginx
from benchmarks.trials import TRIALS

HERE = Path(__file__).parent


@click.command()
@click.argument("trials", nargs=-1, type=click.Choice(list(TRIALS)))
@click.option("--runs", default=3, type=click.IntRange(1), help="How often everything is run, in turn.  [3]")
@click.option("--client", "names", multiple=True, help="Only this one beside ours; a part of its name will do.")
@click.option("--alone", is_flag=True, help="Ours only.")
@click.option("--long", "is_long", is_flag=True, help="With what takes long, such as a million URLs.")
@click.option("--output", type=click.Path(path_type=Path), help="Write the tables there, too.")
def main(
    trials: tuple[str, ...], runs: int, names: tuple[str, ...], alone: bool, is_long: bool, output: Path | None
) -> None:
    """Measure TRIALS, or all of them."""
    peers = () if alone else tuple(client for client in PEERS if _is_named(client.name, names))
    started, others_before = time.monotonic(), _seconds_of_others()
    try:
        find_nginx()
        if peers:
            install_peers()
        _raise_descriptor_limit()
        with TemporaryDirectory(prefix="scrape-bench-") as folder:
            bench = Bench(Path(folder), HERE / ".cache", runs, peers, is_long)
            tables = []
            for name in trials or TRIALS:
                click.echo(f"{name} {TRIALS[name].__doc__}", err=True)
                for table in TRIALS[name](bench):
                    tables.append(table)
                    click.echo(str(table))
    except (ServerMissing, CommandFailed, subprocess.CalledProcessError) as error:
        click.echo(f"bench: {error}", err=True)
        sys.exit(2)
    if output:
        seconds = time.monotonic() - started
        others = (_seconds_of_others() - others_before) / seconds / (os.cpu_count() or 1)
        output.write_text("\n".join([machine(runs, seconds, others), *map(str, tables)]), encoding="utf-8")
    sys.exit(any(table.defects for table in tables))


def _is_named(name: str, parts: tuple[str, ...]) -> bool:
    return not parts or any(part.lower() in name.lower() for part in parts)


def machine(runs: int, seconds: float, others: float) -> str:
    """What it ran on, as the head of the results; `others` is the share of the machine that was not ours."""
    peers = ", ".join(line for line in REQUIREMENTS.read_text(encoding="utf-8").split("\n") if "==" in line)
    ours = ", ".join(f"{name} {version(name)}" for name in ("scrape-products", "requests", "selectolax"))
    kernel = platform.release().partition("-")[0]
    return f"""# Results

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, in {seconds / 60:.0f} minutes.
[README.md](README.md) tells what is measured, and how to read it.

- Machine: {os.cpu_count()} cores, {_processor()}, Linux {kernel}, Python {platform.python_version()}.
- Ours: {ours}.
- Others: {peers}.
- Figures are medians of {runs} runs where not said otherwise, in brackets the least and the most. Clients ran in turn;
  a ratio is that of runs side by side.
- Other programs took {max(others, 0):.0%} of the processors' time meanwhile, which lengthens wall times.
"""


def _seconds_of_others() -> float:
    """Of the processors' time since the machine started, what went to neither us nor what we started and ended."""
    ticks = list(map(int, Path("/proc/stat").read_text(encoding="ascii").split(maxsplit=9)[1:9]))
    idle, io_wait = ticks[3:5]
    ours = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own_seconds = sum(usage.ru_utime + usage.ru_stime for usage in ours)
    return (sum(ticks) - idle - io_wait) / os.sysconf("SC_CLK_TCK") - own_seconds


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _raise_descriptor_limit() -> None:
    """Thousands of connections need as many descriptors; the servers and clients inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # an exception, so that all is ended
    main()
