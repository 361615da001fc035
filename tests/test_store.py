"""The result store: nothing lost, nothing twice, from any thread and after any death."""

import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from scraper.errors import InputError, InvalidUrl, StoreError
from scraper.models import Failure, Outcome, Product, Status
from scraper.sources import Line
from scraper.store import MAX_UNCOMMITTED, PendingUrls, ResultStore, Snapshot
from scraper.urls import parse_url

SOURCES = ["urls.txt"]
NOON = datetime(2026, 5, 1, 12, 0, 0, 123000, UTC)
FULL = Product(
    url="https://a.example/1",
    final_url="https://a.example/chair",
    status=Status.OK,
    http_status=200,
    fetched_at=NOON,
    name="Chair „Käthe“ 椅子",
    brand="Holz & Söhne",
    price=Decimal("1299.00"),
    regular_price=Decimal("1499.90"),
    currency="EUR",
    price_text="1.299,00 €",
    price_valid_until="2026-12-31",
    availability="InStock",
    condition="NewCondition",
    sku="K-1",
    gtin="4006381333931",
    mpn="M1",
    product_id="77",
    product_group_id="7",
    color="oak",
    size="L",
    category="Home > Chairs",
    description="Solid.",
    image="https://a.example/1.jpg",
    images=("https://a.example/1.jpg", "https://a.example/2.jpg"),
    rating=Decimal("4.5"),
    rating_max=Decimal(5),
    review_count=12,
    seller="Shop",
    shipping_price=Decimal("4.90"),
    attributes={"Wood": "oak"},
    sources={"name": "jsonld"},
    warnings=("price: html shows 1199.00",),
)
FAILED = Failure("https://a.example/2", Status.TIMEOUT, "deadline", "too slow", None, 3, "https://a.example/2", NOON)


def line(text: str) -> Line:
    try:
        return Line(text, "urls.txt:1", parse_url(text))
    except InvalidUrl as error:
        return Line(text, "urls.txt:1", None, error.reason, str(error))


def lines(*texts: str) -> list[Line]:
    return [line(text) for text in texts]


def add(store: ResultStore, page: int, outcome: Outcome) -> None:
    store.add(page, outcome, attempts=1, elapsed_seconds=0.5)


def outcomes(path: Path) -> list[Outcome]:
    with Snapshot(path) as snapshot:
        return list(snapshot.outcomes())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "products.db"


@pytest.fixture
def store(path: Path) -> Iterator[ResultStore]:
    with ResultStore(path) as store:
        store.begin(SOURCES)
        yield store


def test_the_example_product_says_something_of_every_field() -> None:
    """So that the round trip below leaves no column out."""
    assert [entry.name for entry in fields(Product) if not getattr(FULL, entry.name)] == []


def test_outcomes_come_back_as_they_were(store: ResultStore, path: Path) -> None:
    """Every field survives: decimals with their zeros, lists, texts of the world, failures with their reason."""
    store.enqueue(lines(FULL.url, FAILED.url))
    store.add(1, FULL, attempts=1, elapsed_seconds=0.5)
    store.add(2, FAILED, attempts=3, elapsed_seconds=0.5)
    store.flush()
    assert outcomes(path) == [FULL, FAILED]
    assert str(outcomes(path)[0].price) == "1299.00"  # type: ignore[union-attr]


def test_an_empty_product_comes_back_empty(store: ResultStore, path: Path) -> None:
    """None stays None and empty stays empty."""
    bare = Product(FULL.url, FULL.final_url, Status.PARTIAL, 200, NOON)
    store.enqueue(lines(bare.url))
    add(store, 1, bare)
    store.flush()
    assert outcomes(path) == [bare]


def test_lone_surrogates_do_not_lose_a_batch(store: ResultStore, path: Path) -> None:
    """Text that is no Unicode is stored with replacement characters."""
    store.enqueue(lines(FULL.url))
    add(store, 1, replace(FULL, name="a\ud800b", attributes={"k": "\udfff"}))
    store.flush()
    [product] = outcomes(path)
    assert isinstance(product, Product)
    assert (product.name, product.attributes) == ("a?b", {"k": "?"})


def test_every_given_line_has_its_outcome(store: ResultStore, path: Path) -> None:
    """In the list's order: duplicates share a page, invalid lines have their reason, what is not done is cancelled."""
    pending = store.enqueue(lines("https://a.example/1", "nonsense", "https://a.example/1#x", "https://b.example/2"))
    assert pending == {"a.example": 1, "b.example": 1}
    add(store, 1, FULL)
    store.flush()
    assert [(outcome.url, outcome.status) for outcome in outcomes(path)] == [
        ("https://a.example/1", "ok"),
        ("nonsense", "invalid_url"),
        ("https://a.example/1#x", "ok"),
        ("https://b.example/2", "cancelled"),
    ]
    with Snapshot(path) as snapshot:
        assert snapshot.counts() == {"ok": 2, "invalid_url": 1, "cancelled": 1}
        assert snapshot.page_count() == 2


def test_pending_urls_are_read_by_host_and_in_order(store: ResultStore, path: Path) -> None:
    """From behind a page, up to a limit, without what is done."""
    store.enqueue(lines(*(f"https://{host}.example/{n}" for n in range(4) for host in "ab")))
    add(store, 5, FULL)
    store.flush()
    pending = PendingUrls(path, 1)
    assert pending.after("a.example", 1, 10) == [
        (3, "https://a.example/1", "https://a.example/1"),
        (7, "https://a.example/3", "https://a.example/3"),
    ]
    assert len(pending.after("b.example", 0, 3)) == 3
    pending.close()


def test_commits_by_count_and_by_time(path: Path) -> None:
    """A full batch is committed by itself; a started one when it is old enough."""
    now = [0.0]
    with ResultStore(path, clock=lambda: now[0]) as store:
        store.begin(SOURCES)
        store.enqueue(lines(*(f"https://a.example/{n}" for n in range(MAX_UNCOMMITTED + 1))))
        for page in range(1, MAX_UNCOMMITTED + 1):
            assert not any(isinstance(outcome, Product) for outcome in outcomes(path))
            add(store, page, FULL)
        assert sum(isinstance(outcome, Product) for outcome in outcomes(path)) == MAX_UNCOMMITTED
        add(store, MAX_UNCOMMITTED + 1, FULL)
        store.flush(older_than_seconds=0.5)
        assert isinstance(outcomes(path)[-1], Failure)
        now[0] = 0.5
        store.flush(older_than_seconds=0.5)
        assert isinstance(outcomes(path)[-1], Product)


def test_an_interrupted_run_is_resumed(path: Path) -> None:
    """What is done stays; what is not is pending again, once."""
    with ResultStore(path) as store:
        store.begin(SOURCES)
        store.enqueue(lines("https://a.example/1", "nonsense", "https://a.example/2"))
        add(store, 1, FULL)
    with ResultStore(path) as store:
        run = store.begin(SOURCES)
        assert (run.id, run.done) == (1, {"ok": 1})
        assert store.enqueue(lines("https://a.example/1", "nonsense", "https://a.example/2")) == {"a.example": 1}
        assert [outcome.status for outcome in outcomes(path)] == ["ok", "invalid_url", "cancelled"]


@pytest.mark.parametrize(
    ("finished", "sources", "fresh"), [(True, SOURCES, False), (False, ["other.txt"], False), (False, SOURCES, True)]
)
def test_a_new_run_begins(path: Path, finished: bool, sources: list[str], fresh: bool) -> None:
    """After a finished run, for another list, or when asked; the old run stays in the store."""
    with ResultStore(path) as store:
        store.begin(SOURCES)
        store.enqueue(lines(FULL.url))
        add(store, 1, FULL)
        if finished:
            store.finish()
    with ResultStore(path) as store:
        run = store.begin(sources, fresh=fresh)
        assert (run.id, run.done) == (2, {})
        assert outcomes(path) == []
        with Snapshot(path, run=1) as snapshot:
            assert list(snapshot.outcomes()) == [FULL]


def test_retry_failed_forgets_the_failures_only(path: Path) -> None:
    """Also of a finished run; products stay as they are."""
    with ResultStore(path) as store:
        store.begin(SOURCES)
        store.enqueue(lines(FULL.url, FAILED.url))
        add(store, 1, FULL)
        add(store, 2, FAILED)
        store.finish()
    with ResultStore(path) as store:
        assert store.begin(SOURCES, retry_failed=True).done == {"ok": 1}
        assert store.enqueue(lines(FULL.url, FAILED.url)) == {"a.example": 1}


def test_retry_failed_needs_the_same_list(path: Path) -> None:
    """Another list's failures are not what was asked for."""
    with ResultStore(path) as store:
        store.begin(SOURCES)
        with pytest.raises(InputError, match="nothing to retry"):
            store.begin(["other.txt"], retry_failed=True)


def test_failed_hosts_are_ranked(store: ResultStore, path: Path) -> None:
    """With how often each reason was given, for the closing summary."""
    store.enqueue(lines(*(f"https://a.example/{n}" for n in range(3)), "https://b.example/", "https://c.example/"))
    for page, reason in enumerate(["dns", "deadline", "deadline", "dns"], start=1):
        add(store, page, replace(FAILED, reason=reason))
    add(store, 5, FULL)
    store.flush()
    with Snapshot(path) as snapshot:
        assert snapshot.failed_hosts() == [("a.example", {"deadline": 2, "dns": 1}), ("b.example", {"dns": 1})]


def test_another_list_in_between_does_not_end_an_interrupted_run(path: Path) -> None:
    """Each list has its own last run in the store."""
    for sources in (SOURCES, ["other.txt"]):
        with ResultStore(path) as store:
            store.begin(sources)
            store.enqueue(lines(FULL.url))
            if sources != SOURCES:
                store.finish()
    with ResultStore(path) as store:
        assert store.begin(SOURCES).id == 1


def test_a_run_that_is_not_there_is_named(store: ResultStore, path: Path) -> None:
    """With those that are."""
    with pytest.raises(InputError, match="has no run 9; its runs are 1"):
        Snapshot(path, run=9)


def test_the_first_invalid_lines_are_told(store: ResultStore, path: Path) -> None:
    """Where they stand, why, and what they say; none of those that a redirect made invalid."""
    store.enqueue(lines("nonsense", FULL.url, "http://"))
    add(store, 2, replace(FAILED, status=Status.INVALID_URL))
    store.flush()
    with Snapshot(path) as snapshot:
        assert [line.rpartition(": ")[2] for line in snapshot.invalid_lines(9)] == ["nonsense", "http://"]
        assert len(snapshot.invalid_lines(1)) == 1


def test_one_process_holds_a_store(store: ResultStore, path: Path) -> None:
    """A second one is told who does; readers are let in."""
    with pytest.raises(StoreError, match=rf"in use by another run \(process {os.getpid()}, since 20"):
        ResultStore(path)
    assert outcomes(path) == []


def test_the_lock_ends_with_its_process(path: Path) -> None:
    """Killed at any moment, a process leaves nothing that must be cleaned up."""
    code = f"""
import os, signal
from pathlib import Path
from scraper.store import ResultStore
store = ResultStore(Path({str(path)!r}))
store.begin({SOURCES!r})
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -signal.SIGKILL
    with ResultStore(path) as store:
        assert store.begin(SOURCES).id == 1


def test_refuses_what_is_no_store(path: Path, tmp_path: Path) -> None:
    """Other files are left alone, and named in one line."""
    path.write_bytes(b"not a database " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        ResultStore(path)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(StoreError, match="not a result store of this program"):
        ResultStore(foreign)
    with pytest.raises(InputError, match="there is no result store"):
        Snapshot(tmp_path / "absent.db")
    assert not (tmp_path / "absent.db").exists()


def test_refuses_a_store_of_another_version(store: ResultStore, path: Path) -> None:
    """A newer program may have written it."""
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="written by another version of this program"):
        ResultStore(path)


def fill(path: Path, count: int) -> None:
    with ResultStore(path) as store:
        run = store.begin(SOURCES)
        store.enqueue([line(f"https://a.example/{n}") for n in range(count)])
        for page in range(1, count + 1):
            add(store, page, replace(FULL, name=f"Chair {page}"))
        assert run.id == 1


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[: len(content) // 2],
    "cut to less than a page": lambda content: content[:100],
    "without its last page": lambda content: content[:-4096],
    "header overwritten": lambda content: bytes(100) + content[100:],
    "rubbish within": lambda content: content[: 4096 * 9] + b"\xa5" * 4096 * 3 + content[4096 * 12 :],
    "empty pages at the end": lambda content: content[: -4096 * 3] + bytes(4096 * 3),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_noticed_before_anything_is_done(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """And the file is left as it is, for whoever can mend it."""
    fill(path, 100)
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(StoreError, match="move it away, or name another store") as caught:
        ResultStore(path)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == damaged


def test_damage_within_a_row_is_told_when_it_is_read(path: Path) -> None:
    """SQLite checks its own pages, not what stands in them."""
    fill(path, 3)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE products SET images = substr(images, 1, 9) WHERE page = 2")
    db.close()
    with Snapshot(path) as snapshot, pytest.raises(StoreError, match="damaged: move it away"):
        list(snapshot.products())


def test_a_full_disk_costs_nothing_that_was_committed(path: Path) -> None:
    """The error says so; with room again, the run goes on after what it has."""
    added = 0

    def fill_up() -> None:
        nonlocal added
        with ResultStore(path) as store:
            store.begin(SOURCES)
            store.enqueue([line(f"https://a.example/{n}") for n in range(1000)])
            pages = store._db.execute("PRAGMA page_count").fetchone()[0]
            store._db.execute(f"PRAGMA max_page_count = {pages + 20}")
            for added in range(1000):
                add(store, added + 1, FULL)

    with pytest.raises(StoreError, match="disk is full; free some space"):
        fill_up()
    with ResultStore(path) as store:
        done = store.begin(SOURCES).done
    assert MAX_UNCOMMITTED <= done[Status.OK] == added // MAX_UNCOMMITTED * MAX_UNCOMMITTED


def test_a_store_that_is_taken_away_is_told(path: Path, tmp_path: Path) -> None:
    """What goes into a file without a name is lost; the one that was moved away has what came before."""
    store = ResultStore(path)
    store.begin(SOURCES)
    store.enqueue(lines("https://a.example/1", "https://a.example/2"))
    add(store, 1, FULL)
    store.flush()
    path.rename(tmp_path / "elsewhere.db")
    add(store, 2, FULL)
    for end in (store.flush, store.close):
        with pytest.raises(StoreError, match="moved, replaced or deleted"):
            end()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to(path)], ids=["fifo", "dir", "loop"])
def test_what_is_no_file_is_no_store(path: Path, make: Callable[[Path], None]) -> None:
    """And nothing waits for it."""
    make(path)
    with pytest.raises(StoreError, match=r"not a file|Is a directory|symbolic links"):
        ResultStore(path)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does")
def test_a_snapshot_needs_no_writing(path: Path) -> None:
    """A finished store can be read where nobody may write, as from an archive."""
    fill(path, 3)
    code = f"""
from pathlib import Path
from scraper.store import Snapshot
with Snapshot(Path({str(path)!r})) as snapshot:
    print(sum(1 for _ in snapshot.products()))
"""
    folder = shlex.quote(str(path.parent))
    mount = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && ! touch {folder}/x 2>/dev/null"
    apart = [shutil.which("unshare") or "", "-mr", "sh", "-c"]
    if not apart[0] or subprocess.run([*apart, mount], check=False, capture_output=True).returncode:
        pytest.skip("may not mount here")
    command = f"{mount} && {shlex.join([sys.executable, '-c', code])}"
    done = subprocess.run([*apart, command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_a_closed_store_takes_no_commits(path: Path) -> None:
    """A worker that comes too late gets an error, not silence."""
    store = ResultStore(path)
    store.begin(SOURCES)
    store.close()
    with pytest.raises(StoreError):
        store.enqueue(lines(FULL.url))


@pytest.mark.parametrize("threads", [2, 16])
def test_many_threads_add_without_losing_anything(store: ResultStore, path: Path, threads: int) -> None:
    """While others add, one enqueues and one reads; every outcome is there once, with its own content."""
    count = 400
    store.enqueue(lines(*(f"https://a.example/{n}" for n in range(count))))
    pages = iter(range(1, count + 1))
    lock = threading.Lock()
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                with lock:
                    page = next(pages, None)
                if page is None:
                    return
                add(store, page, replace(FULL, url=f"https://a.example/{page - 1}", sku=f"S{page}"))
                if page % 50 == 0:
                    store.enqueue(lines(f"https://b.example/{page}"))
                    outcomes(path)
        except BaseException as error:
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    store.flush()
    assert errors == []
    products = [outcome for outcome in outcomes(path) if isinstance(outcome, Product)]
    assert [(product.url, product.sku) for product in products] == [
        (f"https://a.example/{n}", f"S{n + 1}") for n in range(count)
    ]


def test_retry_failed_takes_up_an_interrupted_run_as_well(path: Path) -> None:
    """What was not done is pending like what failed."""
    with ResultStore(path) as store:
        store.begin(SOURCES)
        store.enqueue(lines(FULL.url, FAILED.url, "https://a.example/3"))
        add(store, 1, FULL)
        add(store, 2, FAILED)
    with ResultStore(path) as store:
        assert store.begin(SOURCES, retry_failed=True).done == {"ok": 1}
        assert store.enqueue(lines(FULL.url, FAILED.url, "https://a.example/3")) == {"a.example": 2}


def test_rows_are_read_as_their_host_tells(store: ResultStore, path: Path) -> None:
    """Markup that groups thousands with a dot is told by the host's other rows; the row says so in a warning."""
    texts = ["1.299", "899", "2.199", "649", "3.495", "1.049", "2.799", "1.155", "1.399.000"]
    store.enqueue(lines(*(f"https://a.example/{n}" for n in range(len(texts)))))
    for page, text in enumerate(texts, start=1):
        price = Decimal(text) if text.count(".") < 2 else Decimal(1399000)
        row = replace(FULL, price=price, regular_price=None, price_text=text, sources={"price": "jsonld"}, warnings=())
        add(store, page, row)
    store.flush()
    with Snapshot(path) as snapshot:
        for _ in range(2):
            first, second, *rest = snapshot.products()
            assert (first.price, len(first.warnings)) == (Decimal(1299), 1)
            assert (second.price, second.warnings) == (Decimal(899), ())
            assert snapshot.warned == sum(bool(row.warnings) for row in (first, second, *rest)) > 0
