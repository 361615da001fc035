"""What a command costs: wall time, CPU time of its process and all those it started, and their memory."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_SAMPLING_SECONDS = 0.2


class CommandFailed(Exception):
    """The command ended otherwise than it should; with the last lines it wrote."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float
    """Of all its processes that were waited for, as the kernel counts them."""
    peak_bytes: int
    """The most memory of each of its processes, added up; 0 if it was too quick to be looked at."""


def run(
    command: Sequence[str],
    *,
    folder: Path,
    timeout_seconds: float,
    environment: Mapping[str, str] | None = None,
    exit_codes: tuple[int, ...] = (0,),
) -> Usage:
    """Run it in the folder, where what it says is kept in `said.txt`. Raises CommandFailed."""
    said = folder / "said.txt"
    with said.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own words
            command,
            cwd=folder,
            env=environment or clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        memory = _MemoryWatch(process.pid)
        killer = threading.Timer(timeout_seconds, _end_session, (process.pid,))
        killer.start()
        try:
            _, status, resources = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            killer.cancel()
            peak = memory.stop()
            _end_session(process.pid)
    if process.returncode not in exit_codes:
        tail = "\n".join(said.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise CommandFailed(f"{' '.join(command)[:300]} ended with {process.returncode} after {wall:.0f} s:\n{tail}")
    return Usage(wall, resources.ru_utime + resources.ru_stime, peak)


def _end_session(session: int) -> None:
    """Nothing that a command started outlives it: neither when we are stopped, nor what it left behind."""
    with suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


def clean_environment() -> dict[str, str]:
    """Ours without what would change how a client goes about it: proxies, settings of `scrape`."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(("SCRAPE_", "PYTHON"))
    }


class _MemoryWatch:
    """Looks at the processes of a session now and then, as only the kernel's high-water mark of each is exact."""

    def __init__(self, session: int) -> None:
        self._session = session
        self._peaks: dict[int, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The sum of the peaks, in bytes."""
        self._over.set()
        self._thread.join()
        return sum(self._peaks.values())

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLING_SECONDS):
            for pid in _processes_of(self._session):
                self._peaks[pid] = max(self._peaks.get(pid, 0), _peak_bytes(pid))


def _processes_of(session: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(ProcessLookupError):  # it may have ended
                if os.getsid(int(entry.name)) == session:
                    found.append(int(entry.name))
    return found


def _peak_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several figures, with the least and the most."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> "Spread":
        """Of at least one."""
        return cls(median(figures), min(figures), max(figures))

    def __format__(self, spec: str) -> str:
        """The median, and the range where there is one.

        >>> f"{Spread.of([3.0, 1.0, 2.0]):.1f}", f"{Spread.of([3.0]):.0f}"
        ('2.0 (1.0 to 3.0)', '3')
        """
        if self.least == self.most:
            return f"{self.middle:{spec}}"
        return f"{self.middle:{spec}} ({self.least:{spec}} to {self.most:{spec}})"
