"""How the command begins and ends: in order even where it is interrupted while it still loads.

The installed command calls `main` here, which imports the rest only when nothing can go wrong any more.
"""

import os
import signal
import sys


def main() -> None:
    """Run the command line; the exit code is the process's."""
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)):
        if signal.getsignal(number) != signal.SIG_IGN:  # as nohup sets it
            signal.signal(number, lambda *_, code=code: os._exit(code))  # until a run has something to save
    _open_standard_streams()
    from scraper.cli import leave
    from scraper.cli import main as run

    try:
        run(prog_name="scrape")
    except SystemExit as end:
        # At once: what is marked as done should not be killed while the interpreter takes its time to end.
        leave(end.code if isinstance(end.code, int) else int(end.code is not None))


def _open_standard_streams() -> None:
    """Where one of the first three descriptors is closed, the next file would become it, and get what is printed."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)  # standard output stays None: it may be an output
