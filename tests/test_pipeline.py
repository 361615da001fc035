"""A whole run against a real loopback server with real threads: every URL to its outcome."""

import errno
import json
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from scraper.config import Config, FetchConfig, PolitenessConfig, RetryConfig, RunConfig
from scraper.errors import ConnectFailed, ConnectionGone, InputError, ResourceError, StoreError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Request
from scraper.fetch.resolver import MAX_LOOKUPS
from scraper.frontier import NO_ANSWER, Frontier
from scraper.models import Failure, Outcome, Page, Product, Status
from scraper.parse.page import parse_page
from scraper.pipeline import Pipeline, Stats, _silence
from scraper.progress import Progress
from scraper.sources import Line, parse_entry
from scraper.store import ResultStore, Snapshot
from tests.server import Reply, Route, Server, head, in_turn, page, redirect, resetting, silent

Serve = Callable[..., Server]
CONFIG = Config(
    run=RunConfig(threads=8),
    politeness=PolitenessConfig(robots=False),
    retry=RetryConfig(backoff=0.01),
    fetch=FetchConfig(timeout=30.0, deadline=60.0),
)


def product_page(name: str = "Chair", price: str = "9.99") -> bytes:
    return f"""<!doctype html><title>{name}</title><script type="application/ld+json">
    {{"@context": "https://schema.org", "@type": "Product", "name": "{name}", "image": "https://a.example/1.jpg",
      "offers": {{"@type": "Offer", "price": "{price}", "priceCurrency": "EUR",
                  "availability": "https://schema.org/InStock"}}}}
    </script><h1>{name}</h1>""".encode()


PRODUCT = page(product_page())


def lines(urls: Iterable[str]) -> Iterator[Line]:
    return (parse_entry(url, f"urls.txt:{number}") for number, url in enumerate(urls, start=1))


def run(
    folder: Path, urls: Iterable[str], config: Config = CONFIG, **callbacks: Callable[..., None]
) -> tuple[list[Outcome], Stats]:
    """Outcomes by given line, and what the run measured."""
    path = folder / "products.db"
    with ResultStore(path) as store:
        pipeline = Pipeline(
            config, Fetcher(config.fetch), store, store.begin(["urls.txt"]), on_outcome=callbacks.get("on_outcome")
        )
        stats = pipeline.run(lines(urls), callbacks.get("on_progress"))
        with Snapshot(path) as snapshot:
            return list(snapshot.outcomes()), stats


def statuses(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.status.value for outcome in outcomes]


def test_every_line_has_its_outcome_in_order(serve: Serve, tmp_path: Path) -> None:
    """Products, failures, lines that are no URL, and duplicates that are fetched once."""
    server = serve({"/1": PRODUCT, "/gone": page(b"", status=404)})
    urls = [server.url("/1"), "nonsense", server.url("/gone"), server.url("/1#again"), "http://"]
    outcomes, stats = run(tmp_path, urls)
    assert statuses(outcomes) == ["ok", "invalid_url", "gone", "ok", "invalid_url"]
    assert [outcome.url for outcome in outcomes] == urls
    assert isinstance(outcomes[1], Failure)
    assert outcomes[1].message.startswith("urls.txt:2: ")
    assert sorted(server.paths) == ["/1", "/gone"]
    assert stats.fetched == 2


@pytest.mark.parametrize("threads", [1, 4, 32])
def test_any_number_of_threads_comes_to_the_same(serve: Serve, tmp_path: Path, threads: int) -> None:
    """Every page once, whoever fetches it."""
    server = serve(lambda asked: page(product_page(name=f"Chair {asked.path[1:]}")))
    config = replace(CONFIG, run=RunConfig(threads=threads), politeness=PolitenessConfig(robots=False, per_host=100))
    outcomes, _ = run(tmp_path, (server.url(f"/{n}") for n in range(200)), config)
    assert [outcome.name for outcome in outcomes if isinstance(outcome, Product)] == [f"Chair {n}" for n in range(200)]
    assert Counter(server.paths) == Counter(f"/{n}" for n in range(200))
    assert server.max_in_flight <= threads


def test_threads_wait_side_by_side(serve: Serve, tmp_path: Path) -> None:
    """Ten pages that come only when all ten are asked for: the sum of the fetch times is more than the wall time."""
    all_asked = threading.Barrier(10)

    def together(reply: Reply) -> None:
        all_asked.wait(30)
        page(product_page(), after_seconds=0.3)(reply)

    server = serve(lambda _: together)
    config = replace(CONFIG, run=RunConfig(threads=10))
    _, stats = run(tmp_path, (server.url(f"/{n}") for n in range(10)), config)
    assert stats.fetch_seconds > max(stats.wall_seconds, 10 * 0.3)


def test_a_slow_host_holds_up_nobody(serve: Serve, tmp_path: Path) -> None:
    """One host is silent to all it is asked; twenty others are done while it still waits."""
    slow = serve(lambda _: silent)
    fast = [serve({"/": PRODUCT}, address=f"127.0.0.{n}") for n in range(2, 22)]
    urls = [slow.url(f"/{n}") for n in range(30)] + [server.url("/") for server in fast]
    config = replace(CONFIG, politeness=PolitenessConfig(robots=False, per_host=4), retry=RetryConfig(retries=0))
    order: list[str] = []
    with ResultStore(tmp_path / "products.db") as store:
        pipeline = Pipeline(
            config,
            Fetcher(config.fetch),
            store,
            store.begin(["x"]),
            on_outcome=lambda outcome: order.append(outcome.status),
        )

        def stop_when_the_others_are_done(progress: Progress) -> None:
            if progress.ok == len(fast):
                pipeline.stop()

        pipeline.run(lines(urls), stop_when_the_others_are_done)
    assert order[: len(fast)] == ["ok"] * len(fast)
    assert slow.max_in_flight == 4


def test_retries_until_it_works(serve: Serve, tmp_path: Path) -> None:
    """A passing 503 costs attempts, not the URL; the waiting is the frontier's."""
    server = serve({"/": in_turn(page(b"", status=503), page(b"", status=503), PRODUCT)})
    outcomes, _ = run(tmp_path, [server.url()])
    assert statuses(outcomes) == ["ok"]
    assert server.paths == ["/"] * 3


@pytest.mark.parametrize(
    ("route", "attempts", "status", "reason"),
    [
        (page(b"", status=503), 3, "http_error", "http_503"),
        (page(b"", status=404), 1, "gone", "http_404"),
        (page(b"", status=503, Retry_After="3600"), 1, "http_error", "retry_after"),
        (page(b"x" * 40_000), 1, "too_large", "body_too_large"),
        (redirect("/"), 1, "http_error", "redirect_loop"),
        (redirect("ftp://a.example/"), 1, "invalid_url", "bad_redirect"),
        (page(b"<title>About us</title><h1>About us</h1><p>We like chairs."), 1, "not_product", "no_product"),
    ],
)
def test_failures_have_status_reason_and_attempts(
    serve: Serve, tmp_path: Path, route: Route, attempts: int, status: str, reason: str
) -> None:
    """What is worth another attempt gets two more; the rest is said at once."""
    server = serve({"/": route})
    config = replace(CONFIG, fetch=replace(CONFIG.fetch, max_body=20_000))
    [outcome], _ = run(tmp_path, [server.url()], config)
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason, outcome.attempts) == (status, reason, attempts)
    assert len(server.paths) == attempts


def test_retry_after_holds_the_host(serve: Serve, tmp_path: Path) -> None:
    """Nothing is sent to the host before it is over, and the URL then gets its row."""
    server = serve({"/1": in_turn(page(b"", status=429, Retry_After="1"), PRODUCT), "/2": PRODUCT})
    config = replace(CONFIG, run=RunConfig(threads=1))
    outcomes, _ = run(tmp_path, [server.url("/1"), server.url("/2")], config)
    assert statuses(outcomes) == ["ok", "ok"]
    assert server.paths == ["/1", "/1", "/2"]
    assert server.requests[1].time - server.requests[0].time >= 0.99


def test_redirects_are_followed_across_hosts(serve: Serve, tmp_path: Path) -> None:
    """The row has both URLs; the target counts as the other host's request."""
    target = serve({"/chair": PRODUCT}, address="127.0.0.2")
    server = serve({"/": redirect(target.url("/chair"))})
    outcomes, _ = run(tmp_path, [server.url(), target.url("/chair")])
    assert statuses(outcomes) == ["ok", "ok"]
    assert (outcomes[0].url, outcomes[0].final_url) == (server.url(), target.url("/chair"))


def test_a_redirect_to_a_private_address_that_nobody_listed_is_refused(serve: Serve, tmp_path: Path) -> None:
    """A shop cannot send the scraper into the network it runs in."""
    secret = serve({"/": PRODUCT, "/robots.txt": page(b"")}, address="127.0.0.2")
    server = serve({"/": redirect(secret.url()), "/robots.txt": page(b"")})
    config = replace(CONFIG, politeness=PolitenessConfig(robots=True))
    [outcome], _ = run(tmp_path, [server.url()], config)
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == ("invalid_url", "private_address")
    assert secret.paths == []


def test_at_most_per_host_in_flight_measured_at_the_server(serve: Serve, tmp_path: Path) -> None:
    """However many threads there are."""
    server = serve(lambda _: page(product_page(), after_seconds=0.02))
    config = replace(CONFIG, run=RunConfig(threads=32), politeness=PolitenessConfig(robots=False, per_host=3))
    run(tmp_path, (server.url(f"/{n}") for n in range(60)), config)
    assert server.max_in_flight == 3


def test_the_gap_measured_at_the_server(serve: Serve, tmp_path: Path) -> None:
    """Any number of threads keeps the delay between two requests to one host."""
    server = serve({"/robots.txt": page(b""), **{f"/{n}": PRODUCT for n in range(6)}})
    config = replace(CONFIG, politeness=PolitenessConfig(delay=0.5))
    run(tmp_path, (server.url(f"/{n}") for n in range(4)), config)
    times = [asked.time for asked in server.requests]
    assert len(times) == 5
    assert times[-1] - times[0] > 3.1 * 0.5  # four gaps; a server that is late to see the first makes them look shorter


def test_a_gap_does_not_wait_for_slow_answers(serve: Serve, tmp_path: Path) -> None:
    """The delay is from request to request: a host that takes long is asked for the next page meanwhile."""
    all_asked = threading.Barrier(4)

    def together(reply: Reply) -> None:
        all_asked.wait(30)
        PRODUCT(reply)

    server = serve(lambda _: together)
    config = replace(CONFIG, politeness=PolitenessConfig(robots=False, delay=0.05))
    outcomes, _ = run(tmp_path, (server.url(f"/{n}") for n in range(4)), config)
    assert statuses(outcomes) == ["ok"] * 4


def test_robots_is_fetched_once_and_obeyed(serve: Serve, tmp_path: Path) -> None:
    """By any number of threads; what it forbids is not asked for."""
    rules = page(b"User-agent: *\nDisallow: /secret/\n", Content_Type="text/plain")
    server = serve({"/robots.txt": rules, "/secret/1": PRODUCT, **{f"/{n}": PRODUCT for n in range(20)}})
    config = replace(CONFIG, politeness=PolitenessConfig())
    urls = [server.url("/secret/1"), *(server.url(f"/{n}") for n in range(20))]
    outcomes, _ = run(tmp_path, urls, config)
    assert statuses(outcomes) == ["robots"] + ["ok"] * 20
    assert isinstance(outcomes[0], Failure)
    assert (outcomes[0].reason, outcomes[0].attempts) == ("disallowed", 0)
    assert server.paths[0] == "/robots.txt"
    assert Counter(server.paths)["/robots.txt"] == 1
    assert "/secret/1" not in server.paths


def test_robots_that_cannot_be_had_forbid_all(serve: Serve, tmp_path: Path) -> None:
    """RFC 9309, section 2.3.1.4: after retries, a 5xx means that nothing is fetched."""
    server = serve({"/robots.txt": page(b"", status=500), "/1": PRODUCT, "/2": PRODUCT})
    config = replace(CONFIG, politeness=PolitenessConfig())
    outcomes, _ = run(tmp_path, [server.url("/1"), server.url("/2")], config)
    assert statuses(outcomes) == ["robots", "robots"]
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, Failure)} == {"robots_unavailable"}
    assert server.paths == ["/robots.txt"] * 3


def test_a_dead_host_is_asked_for_robots_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One URL fails for the reason that its robots.txt did; the others are given up after a probe."""
    monkeypatch.setattr("scraper.frontier.PROBE_SECONDS", 0.05)
    config = replace(CONFIG, politeness=PolitenessConfig())
    outcomes, _ = run(tmp_path, [f"http://127.0.0.1:9/{n}" for n in range(50)], config)
    assert statuses(outcomes) == ["network_error"] * 50
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert [failure.reason for failure in failures] == ["refused", *["dead_host"] * 49]
    assert {failure.attempts for failure in failures} == {0}


def test_a_redirect_may_lead_to_a_private_host_that_the_list_names_later(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes again until the list is read, and the host's robots.txt is asked for when it may be."""
    monkeypatch.setattr("scraper.pipeline.UNREAD_SECONDS", 0.05)
    later = serve({"/robots.txt": page(b"User-agent: *\nDisallow: /no\n"), "/": PRODUCT}, address="127.0.0.2")
    strange = serve(lambda _: PRODUCT, address="127.0.0.3")
    server = serve({"/": redirect(later.url()), "/strange": redirect(strange.url())})
    failed = threading.Event()

    def urls() -> Iterator[str]:
        yield from (server.url(), server.url("/strange"))
        failed.wait(0.6)  # as one of them does at once without the rest of the list
        yield later.url("/no")

    config = replace(CONFIG, politeness=PolitenessConfig())
    outcomes, _ = run(tmp_path, urls(), config, on_outcome=lambda _: failed.set())
    assert statuses(outcomes) == ["ok", "invalid_url", "robots"]
    assert later.paths == ["/robots.txt", "/"]
    assert strange.paths == []


def test_a_list_that_breaks_ends_the_waiting_for_it(serve: Serve, tmp_path: Path) -> None:
    """For a host that the rest of the list might have named."""
    strange = serve(lambda _: PRODUCT, address="127.0.0.3")
    server = serve({"/": redirect(strange.url())})

    def urls() -> Iterator[str]:
        yield server.url()
        raise InputError("urls.txt: cannot be read")

    outcomes, _ = run(tmp_path, urls())
    assert statuses(outcomes) == ["invalid_url"]


def test_credentials_of_the_list_go_to_their_origin_and_not_into_the_store(serve: Serve, tmp_path: Path) -> None:
    """Also when the URL is read back from the store."""
    other = serve({"/": PRODUCT}, address="127.0.0.2")
    server = serve({"/": redirect(other.url())})
    outcomes, _ = run(tmp_path, [server.url().replace("http://", "http://user:secret@"), other.url()])
    assert statuses(outcomes) == ["ok", "ok"]
    assert server.requests[0].headers["authorization"] == "Basic dXNlcjpzZWNyZXQ="
    assert not any("authorization" in asked.headers for asked in other.requests)
    assert "secret" not in outcomes[0].url
    assert b"secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_list_is_fetched_while_it_is_read(serve: Serve, tmp_path: Path) -> None:
    """A producer that waits for the first row before it gives the second URL is not waited for."""
    server = serve({"/1": PRODUCT, "/2": PRODUCT})
    arrived = threading.Event()

    def slowly() -> Iterator[str]:
        yield server.url("/1")
        assert arrived.wait(30)
        yield server.url("/2")

    outcomes, _ = run(tmp_path, slowly(), on_outcome=lambda _: arrived.set())
    assert statuses(outcomes) == ["ok", "ok"]


def test_a_list_that_breaks_off_costs_nothing_that_was_read(serve: Serve, tmp_path: Path) -> None:
    """The run goes on with what there is and reports the error."""
    server = serve({"/1": PRODUCT})

    def broken() -> Iterator[str]:
        yield server.url("/1")
        raise InputError("urls.txt.gz: truncated")

    outcomes, stats = run(tmp_path, broken())
    assert statuses(outcomes) == ["ok"]
    assert (stats.is_fed, str(stats.feed_error)) == (False, "urls.txt.gz: truncated")


def test_stop_drops_what_takes_too_long_and_the_next_run_takes_it_up(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts add up after a stop as well: what is not done is cancelled."""
    monkeypatch.setattr("scraper.pipeline.GRACE_SECONDS", 0.2)
    is_slow = threading.Event()
    is_slow.set()

    def route(reply: Reply) -> None:
        (silent if is_slow.is_set() and reply.asked.path != "/0" else PRODUCT)(reply)

    server = serve(lambda _: route)
    urls = [server.url(f"/{n}") for n in range(40)]
    path = tmp_path / "products.db"
    with ResultStore(path) as store:
        pipeline = Pipeline(
            CONFIG, Fetcher(CONFIG.fetch), store, store.begin(["x"]), on_outcome=lambda _: pipeline.stop()
        )
        began = time.monotonic()
        stats = pipeline.run(lines(urls))
        assert time.monotonic() - began < CONFIG.fetch.timeout
    with Snapshot(path) as snapshot:
        assert (stats.is_stopped, snapshot.counts()) == (True, {"ok": 1, "cancelled": 39})
    is_slow.clear()
    with ResultStore(path) as store:
        Pipeline(CONFIG, Fetcher(CONFIG.fetch), store, store.begin(["x"])).run(lines(urls))
    with Snapshot(path) as snapshot:
        assert snapshot.counts() == {"ok": 40}
    assert Counter(server.paths)["/0"] == 1


def test_a_store_that_fails_ends_the_run(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than fetching what cannot be kept."""
    server = serve(lambda _: PRODUCT)

    def full(*_: object, **__: object) -> None:
        raise StoreError("products.db: the disk is full")

    monkeypatch.setattr(ResultStore, "add", full)
    with pytest.raises(StoreError, match="disk is full"):
        run(tmp_path, (server.url(f"/{n}") for n in range(1000)))
    assert len(server.paths) < 100


def test_an_unexpected_error_costs_one_url(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours is an outcome as well, and the others go on."""
    server = serve({"/1": PRODUCT, "/2": PRODUCT})

    def stumble(page: Page, sites: object) -> Outcome:
        if page.url.endswith("/1"):
            raise ZeroDivisionError
        return parse_page(page, {})

    monkeypatch.setattr("scraper.pipeline.parse_page", stumble)
    outcomes, _ = run(tmp_path, [server.url("/1"), server.url("/2")])
    assert statuses(outcomes) == ["parse_error", "ok"]
    assert isinstance(outcomes[0], Failure)
    assert outcomes[0].reason == "internal_error"


def test_progress_ends_at_the_total(serve: Serve, tmp_path: Path) -> None:
    """The last report knows everything; reports never go back."""
    server = serve(lambda _: page(product_page(), after_seconds=0.05))
    seen: list[Progress] = []
    run(tmp_path, [*(server.url(f"/{n}") for n in range(30)), "nonsense"], on_progress=seen.append)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    last = seen[-1]
    assert (last.done, last.total, last.ok, last.failed, last.total_is_final) == (31, 31, 30, 1, True)
    assert last.slowest[0][0] == server.host


def test_a_dripping_page_ends_at_the_deadline(serve: Serve, tmp_path: Path) -> None:
    """Every byte comes in time, the page does not."""

    def drip(reply: Reply) -> None:
        reply.send(head(200, Content_Length=1000))
        reply.drip(b"x" * 1000, 0.05)

    server = serve({"/": drip})
    config = replace(CONFIG, retry=RetryConfig(retries=0), fetch=FetchConfig(timeout=30.0, deadline=0.6))
    [outcome], _ = run(tmp_path, [server.url()], config)
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == ("timeout", "deadline")


@pytest.mark.parametrize("processes", [0, 1])
def test_the_parser_is_loaded_only_where_it_parses(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """Before the first page comes; a process loads it for itself."""
    server = serve({"/": PRODUCT})
    loaded: list[str] = []
    monkeypatch.setattr("scraper.pipeline.load", lambda: loaded.append("here"))
    [outcome], _ = run(tmp_path, [server.url()], replace(CONFIG, run=RunConfig(processes=processes)))
    assert isinstance(outcome, Product)
    assert bool(loaded) == (processes == 0)


class InstantFetcher:
    """Answers every request at once, without a network."""

    def fetch(self, request: Request, *, on_sent: Callable[[], None], **_: object) -> Page:
        on_sent()
        return Page(request.given.href, request.url.href, 200, "text/html", b"<h1>Chair</h1>", datetime.now(UTC))

    def let_go(self) -> None:
        """Nothing is reserved."""

    def abort(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """Nothing is open."""


class CountingFetcher(InstantFetcher):
    """Counts the fetching threads that there are at its first request."""

    threads = 0

    def fetch(self, request: Request, *, on_sent: Callable[[], None], **_: object) -> Page:
        self.threads = self.threads or sum(thread.name.startswith("fetch") for thread in threading.enumerate())
        return super().fetch(request, on_sent=on_sent)


def test_all_threads_are_there_for_the_first_url(tmp_path: Path) -> None:
    """Those that are busy would leave little time to start the others."""
    config = replace(CONFIG, run=RunConfig(threads=50))
    fetcher = CountingFetcher()
    with ResultStore(tmp_path / "products.db") as store:
        Pipeline(config, cast(Fetcher, fetcher), store, store.begin(["x"])).run(lines(["http://shop.example/1"]))
    assert fetcher.threads == 50


class NeedyFetcher(InstantFetcher):
    """Fails so many times for want of something."""

    def __init__(self, error: BaseException, times: float) -> None:
        self.error = error
        self.times = times

    def fetch(self, request: Request, *, on_sent: Callable[[], None], **_: object) -> Page:
        self.times -= 1
        if self.times >= 0:
            raise self.error
        return super().fetch(request, on_sent=on_sent)

    def release(self) -> None:
        """Nothing is kept."""


def run_needy(folder: Path, error: BaseException, times: float) -> tuple[Stats, list[Outcome]]:
    path = folder / "products.db"
    with ResultStore(path) as store:
        pipeline = Pipeline(CONFIG, cast(Fetcher, NeedyFetcher(error, times)), store, store.begin(["x"]))
        stats = pipeline.run(lines(f"http://a.example/{n}" for n in range(40)))
        with Snapshot(path) as snapshot:
            return stats, list(snapshot.outcomes())


@pytest.mark.parametrize(
    ("error", "times"),
    [
        (ResourceError("too many open files"), 1),
        (ResourceError("too many open files"), 7),
        (ResourceError("too many open files"), 12),
        (OSError(errno.EMFILE, "Too many open files", "scraper/parse/page.py"), 5),
        (ImportError("liblexbor.so: cannot open shared object file: Too many open files"), 5),
    ],
)
def test_what_the_machine_lacks_for_a_while_costs_no_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, times: int
) -> None:
    """Threads end until as many are left as there is room for; the last one waits. No attempt is counted."""
    monkeypatch.setattr("scraper.pipeline.SHORTAGE_SECONDS", 0.0)
    stats, outcomes = run_needy(tmp_path, error, times)
    assert stats.shortage is None
    assert {(outcome.status, getattr(outcome, "attempts", 1)) for outcome in outcomes} == {("not_product", 1)}


@pytest.mark.parametrize("error", [ResourceError("too many open files"), MemoryError()], ids=repr)
def test_what_the_machine_lacks_for_good_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """No URL is blamed: all are still to be done."""
    monkeypatch.setattr("scraper.pipeline.SHORTAGE_SECONDS", 0.0)
    stats, outcomes = run_needy(tmp_path, error, float("inf"))
    assert isinstance(stats.shortage, ResourceError)
    assert stats.is_stopped
    assert set(statuses(outcomes)) == {"cancelled"}


def peak_bytes(folder: Path, count: int) -> int:
    """Most memory that a run over so many URLs, sorted by host, takes at a time; one thread holds one page only."""
    urls = (f"http://host{n * 4 // count}.example/{n}" for n in range(count))
    with ResultStore(folder / f"{count}.db") as store:
        config = replace(CONFIG, run=RunConfig(threads=1))
        pipeline = Pipeline(config, cast(Fetcher, InstantFetcher()), store, store.begin(["x"]))
        tracemalloc.start()
        stats = pipeline.run(lines(urls))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert stats.fetched == count
    return peak


def test_memory_is_flat_in_the_length_of_the_list(tmp_path: Path) -> None:
    """Ten times the URLs take little more: they wait in the store. Measured apart from what other tests left behind."""
    code = f"""
from pathlib import Path
from tests.test_pipeline import peak_bytes
print([peak_bytes(Path({str(tmp_path)!r}), count) for count in (50, 600, 6000)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=280)
    _, short, long = json.loads(done.stdout)
    assert long - short < 2_000_000


def test_after_a_stop_no_thread_stays_behind(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dropped is cut off, not waited for; nor is it recorded as the server's failure."""
    monkeypatch.setattr("scraper.pipeline.GRACE_SECONDS", 0.1)
    server = serve(lambda asked: PRODUCT if asked.path == "/0" else silent)
    config = replace(CONFIG, fetch=FetchConfig(timeout=60.0, deadline=60.0), retry=RetryConfig(retries=0))
    path = tmp_path / "products.db"
    with ResultStore(path) as store:
        pipeline = Pipeline(
            config, Fetcher(config.fetch), store, store.begin(["x"]), on_outcome=lambda _: pipeline.stop()
        )
        pipeline.run(lines(server.url(f"/{n}") for n in range(8)))
        wait_until(lambda: not any(thread.name.startswith("fetch") for thread in threading.enumerate()))
    with Snapshot(path) as snapshot:
        assert snapshot.counts() == {"ok": 1, "cancelled": 7}


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_the_gap_holds_where_the_server_gives_up_a_kept_connection(serve: Serve, tmp_path: Path) -> None:
    """The request is made again in due time, not at once, and counts as no retry."""
    server = serve({"/1": PRODUCT, "/2": in_turn(resetting(), PRODUCT)})
    config = replace(
        CONFIG,
        run=RunConfig(threads=1),
        retry=RetryConfig(retries=0),
        politeness=PolitenessConfig(robots=False, delay=0.5),
    )
    outcomes, _ = run(tmp_path, [server.url("/1"), server.url("/2")], config)
    assert [outcome.status for outcome in outcomes] == [Status.OK, Status.OK]
    times = [request.time for request in server.requests]
    assert len(times) == 3
    assert times[-1] - times[0] > 1.1 * 0.5  # two gaps; a busy machine makes them look shorter


def test_the_gap_holds_there_for_robots_too(serve: Serve, tmp_path: Path) -> None:
    """Where a hop of robots.txt meets the connection that the first has left."""
    server = serve({"/robots.txt": redirect("/r"), "/r": in_turn(resetting(), page(b"")), "/1": PRODUCT})
    politeness = PolitenessConfig(delay=0.5)
    config = replace(CONFIG, run=RunConfig(threads=1), retry=RetryConfig(retries=0), politeness=politeness)
    outcomes, _ = run(tmp_path, [server.url("/1")], config)
    assert statuses(outcomes) == ["ok"]
    assert server.paths == ["/robots.txt", "/r", "/r", "/1"]
    times = [request.time for request in server.requests]
    assert times[2] - times[0] > 1.1 * 0.5


def test_names_that_nobody_answers_for_cost_no_other_name(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than are looked up at a time: who comes behind them has its turn when it can, and is not blamed."""
    over = threading.Event()
    asked: set[object] = set()

    def getaddrinfo(host: bytes, port: int, *how: int) -> list[tuple[object, ...]]:
        if how[-1] == socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not an address")
        asked.add(host)
        if host.startswith(b"dead"):
            over.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "nobody knows")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    def let_go(progress: Progress) -> None:
        if progress.done >= MAX_LOOKUPS:  # they have failed, and are still looked up
            looks.append(progress)
            if len(looks) > 10:  # longer than a name is waited for
                over.set()

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    port = serve({"/": PRODUCT}).host.partition(":")[2]
    looks: list[Progress] = []
    config = replace(CONFIG, run=RunConfig(threads=MAX_LOOKUPS + 1), retry=RetryConfig(retries=0))
    config = replace(config, fetch=FetchConfig(connect_timeout=1.0))

    def urls() -> Iterator[str]:
        yield from (f"http://dead{n}.example:{port}/" for n in range(MAX_LOOKUPS))
        wait_until(lambda: len(asked) == MAX_LOOKUPS)
        yield f"http://shop.example:{port}/"

    outcomes, _ = run(tmp_path, urls(), config, on_progress=let_go)
    assert statuses(outcomes) == ["network_error"] * MAX_LOOKUPS + ["ok"]


def test_a_kept_connection_that_is_gone_is_no_sign_of_life() -> None:
    """Nor one of death; a reset on a fresh one is."""
    gone, reset = (kind("http://a.example/", "reset", "broke") for kind in (ConnectionGone, ConnectFailed))
    assert (_silence(gone), _silence(reset)) == (None, NO_ANSWER)


@pytest.mark.parametrize("route", [page(b"", status=503), page(b"", status=429), silent], ids=["503", "429", "timeout"])
def test_an_overloaded_host_is_asked_for_less(serve: Serve, tmp_path: Path, route: Route) -> None:
    """Whether or not the failing attempt was the last one: after six that failed, three are in flight at most."""
    all_asked, may_answer = threading.Barrier(6), threading.Event()
    held: list[Reply] = []

    def fail(reply: Reply) -> None:
        all_asked.wait(30)  # a failure that is asked for after the first has failed would halve again
        route(reply)

    def hold(reply: Reply) -> None:
        held.append(reply)
        assert may_answer.wait(30)
        PRODUCT(reply)

    server = serve(lambda asked: fail if int(asked.path[1:]) < 6 else hold)
    in_flight: list[int] = []

    def watch(progress: Progress) -> None:
        if progress.done == 6 and len(held) >= 3:
            in_flight.append(len(held))
        if len(in_flight) > 3:
            may_answer.set()

    config = replace(CONFIG, retry=RetryConfig(retries=0), politeness=PolitenessConfig(robots=False, per_host=6))
    config = replace(config, fetch=FetchConfig(timeout=5.0))
    run(tmp_path, (server.url(f"/{n}") for n in range(12)), config, on_progress=watch)
    assert in_flight[:4] == [3] * 4


def test_waiting_lines_reach_the_frontier_whoever_moves_them(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last lines may be moved by the watching thread while the feeding one ends."""
    server = serve(lambda _: PRODUCT)
    offer = Frontier.offer

    def slowly(self: Frontier, pending: dict[str, int]) -> None:
        if threading.current_thread() is threading.main_thread():
            threading.Event().wait(0.3)
        offer(self, pending)

    def urls() -> Iterator[str]:
        for n in range(6):
            yield server.url(f"/{n}")
            threading.Event().wait(0.1)

    monkeypatch.setattr(Frontier, "offer", slowly)
    outcomes, _ = run(tmp_path, urls())
    assert statuses(outcomes) == ["ok"] * 6


def test_outcomes_are_committed_while_the_run_goes_on(serve: Serve, tmp_path: Path) -> None:
    """Within a second, also when there are too few to fill a batch: so little is lost by a kill."""
    committed = threading.Event()

    def slow(reply: Reply) -> None:
        assert committed.wait(30)
        PRODUCT(reply)

    server = serve({"/1": PRODUCT, "/2": slow})

    def look(_: Progress) -> None:
        with Snapshot(tmp_path / "products.db") as snapshot:
            if snapshot.counts().get(Status.OK):
                committed.set()

    outcomes, _ = run(tmp_path, [server.url("/1"), server.url("/2")], on_progress=look)
    assert statuses(outcomes) == ["ok", "ok"]


def test_what_a_callback_raises_ends_the_run(serve: Serve, tmp_path: Path) -> None:
    """Once, and not as the page's fault."""
    server = serve(lambda _: PRODUCT)

    def stumble(_: Outcome) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run(tmp_path, [server.url("/1")], on_outcome=stumble)
    with Snapshot(tmp_path / "products.db") as snapshot:
        assert snapshot.counts() == {"ok": 1}


def test_a_silent_host_does_not_slow_the_others(serve: Serve, tmp_path: Path) -> None:
    """With more URLs than there are threads, it holds its share of them and no more."""
    slow = serve(lambda _: silent)
    fast = [serve(lambda _: page(product_page(), after_seconds=0.01), address=f"127.0.0.{n}") for n in range(2, 8)]
    urls = [slow.url(f"/{n}") for n in range(30)] + [server.url(f"/{n}") for n in range(20) for server in fast]
    config = replace(CONFIG, politeness=PolitenessConfig(robots=False), retry=RetryConfig(retries=0))
    with ResultStore(tmp_path / "products.db") as store:
        pipeline = Pipeline(config, Fetcher(config.fetch), store, store.begin(["x"]))
        in_flight: list[int] = []

        def watch(progress: Progress) -> None:
            if progress.ok < 100:
                in_flight.append(slow.in_flight)
            if progress.ok == 120:
                pipeline.stop()

        pipeline.run(lines(urls), watch)
    assert max(in_flight, default=0) <= 2


def test_a_host_that_falls_silent_is_given_up(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a reason, and without waiting for each of its URLs; the other host has all its rows."""
    monkeypatch.setattr("scraper.frontier.PROBE_SECONDS", 0.1)
    dead = serve(lambda _: resetting())
    good = serve(lambda _: PRODUCT, address="127.0.0.2")
    urls = [dead.url(f"/{n}") for n in range(100)] + [good.url(f"/{n}") for n in range(10)]
    outcomes, _ = run(tmp_path, urls)
    assert statuses(outcomes) == ["network_error"] * 100 + ["ok"] * 10
    failures = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert Counter(failure.reason for failure in failures)["dead_host"] > 60
    assert len(dead.paths) < 45
    # Those that were tried end with what was found, the others with why they were not.
    assert {failure.reason for failure in failures if failure.attempts} == {"reset"}
    assert {failure.reason for failure in failures if not failure.attempts} == {"dead_host"}
