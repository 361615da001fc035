"""Many URLs at servers that fail three requests in ten, in ten ways: each URL against the servers' own book."""

import csv
import os
import subprocess
import sys
import tempfile
import threading
import zlib
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

from tests.server import Asked, Reply, Route, Server, head, page, raw, resetting
from tests.test_pipeline import product_page

ROOT = Path(__file__).parents[2]
HOSTS = 20
FAILING_PERCENT = 30
BODY = product_page()
CONFIG = """
[run]
threads = 40
[politeness]
robots = false
[retry]
backoff = 0.05
[fetch]
timeout = 3.0
deadline = 5.0
"""


def _silent(reply: Reply) -> None:
    reply.wait_for_end()
    reply.close()


def _dripping(reply: Reply) -> None:
    reply.send(head(200, Content_Length=len(BODY)))
    reply.drip(BODY[:-1], 0.05)
    reply.close()


FAULTS: dict[str, tuple[Route, frozenset[str]]] = {
    "reset": (resetting(), frozenset({"reset"})),
    "closed": (raw(b""), frozenset({"reset"})),
    "reset within": (resetting(head(200, Content_Length=len(BODY)) + BODY[:90]), frozenset({"truncated", "reset"})),
    "cut": (raw(head(200, Content_Length=len(BODY)) + BODY[:90]), frozenset({"truncated"})),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), frozenset({"bad_response", "truncated", "reset"})),
    "bad gzip": (page(b"\x1f\x8b" + BODY, Content_Encoding="gzip"), frozenset({"bad_encoding"})),
    "silent": (_silent, frozenset({"read_timeout"})),
    "dripping": (_dripping, frozenset({"deadline"})),
    "500": (page(b"<h1>Error</h1>", status=500), frozenset({"http_500"})),
    "503": (page(b"<h1>Busy</h1>", status=503), frozenset({"http_503"})),
}
"""How a request may fail, and as what the URL may end if it was the last."""


class Book:
    """What the servers did to every URL, in order."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()  # guards the entries
        self.entries: dict[str, list[str]] = defaultdict(list)

    def route(self, asked: Asked) -> Route:
        """The next answer of a URL; the same in every soak of this seed."""
        url = f"http://{asked.host}{asked.path}"
        with self._lock:
            served = self.entries[url]
            drawn = zlib.crc32(f"{self._seed} {asked.path} {len(served)}".encode())
            fault = list(FAULTS)[drawn // 100 % len(FAULTS)] if drawn % 100 < FAILING_PERCENT else "whole"
            served.append(fault)
        return FAULTS[fault][0] if fault != "whole" else page(BODY)


def soak(urls: int, *, seed: int) -> str:
    """What was counted. Raises AssertionError for a URL whose outcome is not what the servers did to it."""
    book = Book(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [stack.enter_context(Server(book.route, address=f"127.0.2.{n}")) for n in range(1, HOSTS + 1)]
        listed = [servers[n % HOSTS].url(f"/{n}") for n in range(urls)]
        (folder / "urls.txt").write_text("\n".join(listed))
        (folder / "config.toml").write_text(CONFIG)
        process = subprocess.run(
            [sys.executable, "-m", "scraper", "urls.txt", "-q"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            timeout=3600,
        )
        assert process.returncode in (0, 1), process.stderr
        rows = _read(folder / "products.csv")
        failures = _read(folder / "products.failures.csv") if process.returncode else []
    return audit(listed, book, [row["url"] for row in rows], {row["url"]: row["reason"] for row in failures})


def audit(listed: list[str], book: Book, rows: list[str], failures: dict[str, str]) -> str:
    """Hold the outcomes against the book."""
    has_row = set(rows)
    assert rows == [url for url in listed if url in has_row], "rows stand in the order of the list, each once"
    assert has_row.isdisjoint(failures)
    assert has_row | set(failures) == set(listed), "every URL has an outcome"
    wrong = [
        f"{url}: {failures.get(url, 'row')}, though the server did {book.entries[url]}"
        for url in listed
        if not _is_right(book.entries[url], failures.get(url))
    ]
    assert not wrong, "\n".join([f"{len(wrong)} outcomes are not what happened:", *wrong[:20]])
    done = Counter(entry for entries in book.entries.values() for entry in entries)
    failed = done.total() - done["whole"]
    return (
        f"{len(listed)} URLs, {done.total()} requests of which {failed} failed in {len(done) - 1} ways {dict(done)}; "
        f"{len(rows)} rows and {len(failures)} failures {dict(Counter(failures.values()))}, all as the servers tell"
    )


def _is_right(served: list[str], reason: str | None) -> bool:
    if reason is None:
        return served[-1:] == ["whole"] and "whole" not in served[:-1]
    if reason == "dead_host":
        return "whole" not in served
    return len(served) >= 3 and "whole" not in served and reason in FAULTS[served[-1]][1]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
