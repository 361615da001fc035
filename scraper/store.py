"""The lock-protected result store: one SQLite file with the state of every URL of every run.

    runs      one row a run                      lines     one row a given line, in order; names its page
    pages     one row a URL and run: pending     products  one row a page that shows a product
              while `status` is NULL, else done

`ResultStore` writes, from any thread; `PendingUrls` and `Snapshot` read on connections of their own, which WAL lets
them do while it writes. A process that dies loses at most the outcomes since the last commit; they are pending again.
"""

import fcntl
import json
import os
import sqlite3
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.errors import InputError, StoreError
from scraper.models import Failure, Outcome, Product, Status
from scraper.records import PRODUCT_COLUMNS, outcome_of, page_values, product_values, storable, timestamp
from scraper.sources import Line

if TYPE_CHECKING:
    from scraper.consensus import HostEvidence

MAX_UNCOMMITTED = 32
"""Outcomes; what a `kill -9` can cost, besides what is in flight."""
MAX_UNCOMMITTED_SECONDS = 0.5

_APPLICATION_ID = 0x53435250  # "SCRP", so that `file` and we can tell our stores from other databases
_VERSION = 1

_SCHEMA = f"""
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    sources TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT
);
CREATE TABLE lines (
    run INTEGER NOT NULL REFERENCES runs,
    seq INTEGER NOT NULL,
    url TEXT NOT NULL,
    page INTEGER NOT NULL REFERENCES pages,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    key TEXT,
    url TEXT,
    given TEXT,
    host TEXT,
    status TEXT,
    reason TEXT,
    message TEXT,
    http_status INTEGER,
    final_url TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    fetched_at TEXT,
    elapsed_seconds REAL NOT NULL DEFAULT 0,
    UNIQUE (run, key)
);
CREATE INDEX pending ON pages (run, host, id) WHERE status IS NULL;
CREATE TABLE products (
    page INTEGER PRIMARY KEY REFERENCES pages,
    {", ".join(f"{name} {'INTEGER' if name == 'review_count' else 'TEXT'}" for name in PRODUCT_COLUMNS)}
);
"""

_MOST_CHECKED_BYTES = 64_000_000
"""Of a store that is looked through for damage before it is used, which takes a fraction of a second."""
_ADVICE = {
    sqlite3.SQLITE_CORRUPT: "move it away, or name another store",
    sqlite3.SQLITE_NOTADB: "move it away, or name another store",
    sqlite3.SQLITE_FULL: "free some space and run the same command again",
    sqlite3.SQLITE_READONLY: "allow writing to it and its folder, or name another with --store",
    sqlite3.SQLITE_CANTOPEN: "allow writing to it and its folder, or name another with --store",
}

_FINISH_PAGE = """UPDATE pages SET status = ?, reason = ?, message = ?, http_status = ?, final_url = ?, attempts = ?,
fetched_at = ?, elapsed_seconds = ? WHERE id = ?"""
_ADD_PRODUCT = f"INSERT OR REPLACE INTO products VALUES ({', '.join('?' * (1 + len(PRODUCT_COLUMNS)))})"  # noqa: S608


def _select_outcomes(columns: Container[str] = PRODUCT_COLUMNS) -> str:
    """The query of all outcomes; of products only those columns, the others NULL, which need not be read."""
    values = ", ".join(f"products.{name}" if name in columns else "NULL" for name in PRODUCT_COLUMNS)
    return f"""
SELECT lines.url, pages.final_url, pages.status, pages.http_status, pages.fetched_at, pages.reason, pages.message,
       pages.attempts, {values}
FROM lines JOIN pages ON pages.id = lines.page LEFT JOIN products ON products.page = pages.id
WHERE lines.run = ? ORDER BY lines.seq
"""  # noqa: S608 - only names of our own


@dataclass(frozen=True, slots=True)
class Run:
    """One run in a store."""

    id: int
    done: Mapping[Status, int]
    """Pages that an earlier process has done, by status; empty unless the run was taken up again."""


class ResultStore:
    """Takes outcomes from any thread and keeps them in one SQLite file.

    `add` collects outcomes in memory and commits them in batches. One process at a time may hold a store.
    Raises StoreError where the file cannot be opened or written.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.Lock()  # guards everything below, and every use of the connection
        self._waiting: list[tuple[tuple[Any, ...], tuple[Any, ...] | None]] = []
        self._waiting_since = 0.0
        self._seq = 0
        self._run = 0
        self._is_closed = False
        with _translated(path):
            self._holder = _hold(path)
            try:
                self._db = _connect(path)
                _prepare(self._db, path)
            except BaseException:
                if hasattr(self, "_db"):
                    self._db.close()
                os.close(self._holder)
                raise

    def begin(self, sources: Sequence[str], *, fresh: bool = False, retry_failed: bool = False) -> Run:
        """Start a run, or take up the last one of the same sources if it was interrupted.

        `fresh` starts a new run in any case. `retry_failed` reopens the last run, finished or not, and forgets
        what did not end as a product; InputError if there is none.
        """
        wanted = json.dumps(list(sources))
        with self._writing() as db:
            query = "SELECT id, finished_at FROM runs WHERE sources = ? ORDER BY id DESC LIMIT 1"
            last = db.execute(query, (wanted,)).fetchone()
            if retry_failed and not last:
                raise InputError(f"{self.path}: nothing to retry: it has no run of these sources")
            if last and not fresh and (retry_failed or last[1] is None):
                self._run = last[0]
                _reopen(db, self._run, forget_failures=retry_failed)
            else:
                insert = "INSERT INTO runs (sources, pid, started_at) VALUES (?, ?, ?)"
                self._run = db.execute(insert, (wanted, os.getpid(), timestamp(datetime.now(UTC)))).lastrowid or 0
            query = "SELECT status, COUNT(*) FROM pages WHERE run = ? GROUP BY status"
            done = {Status(status): count for status, count in db.execute(query, (self._run,))}
        return Run(self._run, done)

    def enqueue(self, lines: Iterable[Line]) -> Counter[str]:
        """Append lines to the run; answers how many URLs are newly pending, by host."""
        pending: Counter[str] = Counter()
        rows = []
        with self._writing() as db:
            for line in lines:
                self._seq += 1
                page, is_new = _enqueue_page(db, self._run, line)
                rows.append((self._run, self._seq, storable(line.given), page))
                if line.url and is_new:
                    pending[line.url.host] += 1
            db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?)", rows)
        return pending

    def add(self, page: int, outcome: Outcome, *, attempts: int, elapsed_seconds: float) -> None:
        """Record as what a pending page ended; committed with its batch."""
        product = (page, *product_values(outcome)) if isinstance(outcome, Product) else None
        row = page_values(outcome, attempts, elapsed_seconds, page)
        with self._lock:
            if not self._waiting:
                self._waiting_since = self._clock()
            self._waiting.append((row, product))
            if len(self._waiting) >= MAX_UNCOMMITTED:
                self._commit()

    def flush(self, *, older_than_seconds: float = 0.0) -> None:
        """Commit what waits, if the oldest of it has waited that long."""
        with self._lock:
            if self._waiting and self._clock() - self._waiting_since >= older_than_seconds:
                self._commit()

    def finish(self) -> None:
        """Mark the run as finished: the next one over the same sources is a new run."""
        self.flush()
        with self._lock, _translated(self.path):
            # Before, not when closing: who is killed after the mark would have the whole list fetched again.
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._writing() as db:
            db.execute("UPDATE runs SET finished_at = ? WHERE id = ?", (timestamp(datetime.now(UTC)), self._run))

    def close(self) -> None:
        """Commit and let go of the file; what comes later raises StoreError."""
        with self._lock, _translated(self.path):
            if self._is_closed:
                return
            self._is_closed = True
            try:
                if self._waiting:
                    self._commit()
            finally:
                self._db.close()
                os.close(self._holder)

    def __enter__(self) -> "ResultStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _commit(self) -> None:
        """Write the batch in one transaction. The caller holds the lock."""
        if self._waiting and not self._is_in_place():
            raise StoreError(f"{self.path}: the result store was moved, replaced or deleted during the run")
        with _translated(self.path), _transaction(self._db) as db:
            db.executemany(_FINISH_PAGE, [row for row, _ in self._waiting])
            db.executemany(_ADD_PRODUCT, [product for _, product in self._waiting if product])
        self._waiting.clear()

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._holder))
        except OSError:
            return False

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated(self.path), _transaction(self._db) as db:
            yield db


class PendingUrls:
    """Reads the pending URLs of one run, on a connection of its own. For one thread at a time."""

    def __init__(self, path: Path, run: int) -> None:
        self._path = path
        self._run = run
        with _translated(path):
            self._db = _connect(path)

    def after(self, host: str, page: int, limit: int) -> list[tuple[int, str, str]]:
        """Up to `limit` pages of a host from behind `page`, in order: id, URL, and the URL as it was given first."""
        query = """SELECT id, url, given FROM pages
        WHERE run = ? AND host = ? AND id > ? AND status IS NULL ORDER BY id LIMIT ?"""
        with _translated(self._path):
            return self._db.execute(query, (self._run, host, page, limit)).fetchall()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


class Snapshot:
    """What one run has so far, for readers; also while it goes on. Raises InputError or StoreError."""

    def __init__(self, path: Path, run: int | None = None) -> None:
        """`run` None: the last one."""
        if not path.is_file():
            raise InputError(f"{path}: there is no result store")
        self._path = path
        self._evidence: Mapping[str, HostEvidence] | None = None
        self.warned = 0
        """How many of the rows that `products` gave last have warnings."""
        with _translated(path):
            self._db = _connect_reader(path)
            try:
                _check_kind(self._db, path)
                self._db.execute("BEGIN")
                runs = [row[0] for row in self._db.execute("SELECT id FROM runs ORDER BY id")]
            except BaseException:
                self._db.close()
                raise
        if run is not None and run not in runs:
            self._db.close()
            raise InputError(f"{path}: has no run {run}; its runs are {', '.join(map(str, runs)) or 'none'}")
        self._run = run if run is not None else runs[-1] if runs else 0

    def outcomes(self) -> Generator[Outcome]:
        """The outcome of every given line in order; `cancelled` is what is not done."""
        yield from self._read_outcomes(_select_outcomes())

    def products(self) -> Generator[Product]:
        """The rows of the outputs, in order; what one page leaves open is read as its host's other pages tell."""
        from scraper.consensus import EVIDENCE, correct, gather  # here, since it needs the parser

        if self._evidence is None:
            self._evidence = gather(self._read_products(_select_outcomes(EVIDENCE)))
        self.warned = 0
        for product in correct(self._read_products(_select_outcomes()), self._evidence):
            self.warned += bool(product.warnings)
            yield product

    def _read_products(self, query: str) -> Iterator[Product]:
        return (outcome for outcome in self._read_outcomes(query) if isinstance(outcome, Product))

    def _read_outcomes(self, query: str) -> Generator[Outcome]:
        with _translated(self._path), closing(self._db.execute(query, (self._run,))) as rows:
            try:
                for row in rows:
                    yield outcome_of(row)
            except (ValueError, TypeError, ArithmeticError) as error:  # SQLite knows nothing of what is in a cell
                advice = _ADVICE[sqlite3.SQLITE_CORRUPT]
                raise StoreError(f"{self._path}: the result store is damaged: {advice}") from error

    def failures(self) -> Generator[Failure]:
        """What has no row in the outputs, in order."""
        return (outcome for outcome in self.outcomes() if isinstance(outcome, Failure))

    def counts(self) -> dict[Status, int]:
        """Lines by status; they add up to the lines given."""
        query = """SELECT COALESCE(status, 'cancelled'), COUNT(*) FROM lines JOIN pages ON pages.id = lines.page
        WHERE lines.run = ? GROUP BY 1"""
        with _translated(self._path):
            return {Status(status): count for status, count in self._db.execute(query, (self._run,))}

    def page_count(self) -> int:
        """Distinct URLs of the run; lines that are none are not among them."""
        query = """SELECT COUNT(DISTINCT page) FROM lines JOIN pages ON pages.id = lines.page
        WHERE lines.run = ? AND pages.host IS NOT NULL"""
        with _translated(self._path):
            return int(self._db.execute(query, (self._run,)).fetchone()[0])

    def failed_hosts(self) -> list[tuple[str, dict[str, int]]]:
        """Hosts where something failed, with how often for each reason; most failures first."""
        query = """SELECT host, reason, COUNT(*) AS n FROM pages
        WHERE run = ? AND host IS NOT NULL AND status NOT IN ('ok', 'partial') GROUP BY host, reason ORDER BY n DESC"""
        hosts: dict[str, dict[str, int]] = {}
        with _translated(self._path):
            for host, reason, count in self._db.execute(query, (self._run,)):
                hosts.setdefault(host, {})[reason] = count
        return sorted(hosts.items(), key=lambda item: -sum(item[1].values()))

    def invalid_lines(self, limit: int) -> list[str]:
        """The first lines that are no URLs: where they stand, why, and what they say."""
        query = "SELECT message, given FROM pages WHERE run = ? AND key IS NULL ORDER BY id LIMIT ?"
        with _translated(self._path):
            return [f"{message}: {given}" for message, given in self._db.execute(query, (self._run, limit))]

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> "Snapshot":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path.absolute(), timeout=10.0, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA synchronous = NORMAL")  # WAL: safe against kill; a power cut may cost the last commits
    return db


def _connect_reader(path: Path) -> sqlite3.Connection:
    """Also where SQLite may not put the files beside the store that readers share with a run: then there is none."""
    if os.access(path.absolute().parent, os.W_OK) or Path(f"{path}-wal").exists():
        return _connect(path)
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = _reason_of_system(error) if isinstance(error, OSError) else _reason(error)
        raise StoreError(f"{path}: the result store cannot be used: {reason}") from error


def _reason_of_system(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "its folder does not exist; create it first"
    return f"{error.strerror}; name another with --store"


def _reason(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what SQLite adds above
    return f"{error}; {_ADVICE[code]}" if code in _ADVICE else str(error)


def _hold(path: Path) -> int:
    """Lock the store for this process; the kernel lets go when the process ends, however it does.

    The descriptor must be closed after the connections: closing any descriptor of a file drops the
    locks that SQLite holds on it (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise StoreError(f"{path}: not a file; name another with --store")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = _holder_of(path)
        os.close(descriptor)
        raise StoreError(f"{path}: in use by another run{holder}; wait for it, or name another --store") from error
    return descriptor


def _holder_of(path: Path) -> str:
    try:
        with closing(_connect(path)) as db:
            pid, since = db.execute("SELECT pid, started_at FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    except (sqlite3.Error, TypeError):
        return ""
    return f" (process {pid}, since {since})"


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make sure that the file is a store of ours, making it one if it is empty."""
    if not db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(
            f"BEGIN; PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {_VERSION}; {_SCHEMA} COMMIT;"
        )
    _check_kind(db, path)
    if path.stat().st_size <= _MOST_CHECKED_BYTES:
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(f"{path}: the result store is damaged: {_ADVICE[sqlite3.SQLITE_CORRUPT]}")


def _check_kind(db: sqlite3.Connection, path: Path) -> None:
    try:
        kind = db.execute("PRAGMA application_id").fetchone()[0]
        version = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: not a result store, or damaged: {_reason(error)}") from error
    if kind != _APPLICATION_ID:
        raise StoreError(f"{path}: a database, but not a result store of this program; name another with --store")
    if version != _VERSION:
        raise StoreError(f"{path}: written by another version of this program (format {version}, not {_VERSION})")


def _reopen(db: sqlite3.Connection, run: int, *, forget_failures: bool) -> None:
    """Keep what the run has done; its lines, and pages that no process did, come again from the sources."""
    forget = "status NOT IN ('ok', 'partial')" if forget_failures else "key IS NULL"
    db.execute("DELETE FROM lines WHERE run = ?", (run,))
    db.execute(f"DELETE FROM pages WHERE run = ? AND (status IS NULL OR {forget})", (run,))  # noqa: S608 - constants
    db.execute("UPDATE runs SET finished_at = NULL, pid = ? WHERE id = ?", (os.getpid(), run))


def _enqueue_page(db: sqlite3.Connection, run: int, line: Line) -> tuple[int, bool]:
    """The id of a line's page, and whether the page is new."""
    if line.url is None:
        insert = "INSERT INTO pages (run, given, status, reason, message) VALUES (?, ?, ?, ?, ?)"
        values = (run, storable(line.given), Status.INVALID_URL, line.reason, storable(line.message or ""))
        return db.execute(insert, values).lastrowid or 0, True
    insert = "INSERT INTO pages (run, key, url, given, host) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    cursor = db.execute(insert, (run, line.url.key, line.url.href, storable(line.given), line.url.host))
    if cursor.rowcount:
        return cursor.lastrowid or 0, True
    known = db.execute("SELECT id FROM pages WHERE run = ? AND key = ?", (run, line.url.key)).fetchone()
    return known[0], False
