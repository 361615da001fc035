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
    started = time.monotonic()
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
        took = f"{(time.monotonic() - started) / 60:.0f} minutes"
        output.write_text("\n".join([machine(runs, took), *map(str, tables)]), encoding="utf-8")
    sys.exit(any(table.defects for table in tables))


def _is_named(name: str, parts: tuple[str, ...]) -> bool:
    return not parts or any(part.lower() in name.lower() for part in parts)


def machine(runs: int, took: str) -> str:
    """What it ran on, as the head of the results."""
    peers = ", ".join(line for line in REQUIREMENTS.read_text(encoding="utf-8").split("\n") if "==" in line)
    ours = ", ".join(f"{name} {version(name)}" for name in ("scrape-products", "requests", "selectolax"))
    return f"""# Results

Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, in {took}; [README.md](README.md) tells what is measured.

- Machine: {os.cpu_count()} cores, {_processor()}, Linux {platform.release()}, Python {platform.python_version()}.
- Ours: {ours}.
- Others: {peers}.
- Figures are medians of {runs} runs, in brackets the least and the most. Clients ran in turn; a ratio is that of runs
  side by side.
"""


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
