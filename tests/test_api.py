"""The Python side: iterating yields outcomes as they come, and leaving early stops the run."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scraper import Failure, Product, scrape
from scraper.config import PolitenessConfig
from scraper.errors import ConfigError, InputError
from tests.server import Reply, Server, in_turn, page, silent
from tests.test_pipeline import CONFIG, PRODUCT, product_page

Serve = Callable[..., Server]


def test_yields_an_outcome_for_every_url(serve: Serve) -> None:
    """Products and failures, also of what is no URL; a URL given twice comes once."""
    server = serve({"/1": PRODUCT, "/2": page(product_page("Table"))})
    urls = [server.url("/1"), server.url("/2"), "nonsense", server.url("/absent"), server.url("/1")]
    outcomes = {outcome.url: outcome for outcome in scrape(urls, threads=4)}
    assert {url: outcome.status.value for url, outcome in outcomes.items()} == {
        server.url("/1"): "ok",
        server.url("/2"): "ok",
        "nonsense": "invalid_url",
        server.url("/absent"): "gone",
    }
    assert isinstance(outcomes[server.url("/2")], Product)
    failure = outcomes["nonsense"]
    assert isinstance(failure, Failure)
    assert failure.message.startswith("item 3: ")


def test_outcomes_come_before_the_run_has_ended(serve: Serve) -> None:
    """The first is there while the second page is still on its way."""
    may_answer = threading.Event()

    def slow(reply: Reply) -> None:
        assert may_answer.wait(30)
        PRODUCT(reply)

    server = serve({"/1": PRODUCT, "/2": slow})
    outcomes = scrape([server.url("/1"), server.url("/2")], config=CONFIG)
    assert next(outcomes).url == server.url("/1")
    may_answer.set()
    assert [outcome.url for outcome in outcomes] == [server.url("/2")]


def test_leaving_the_loop_stops_the_run(serve: Serve) -> None:
    """Of an endless list only what was ahead is fetched; no thread stays behind."""
    server = serve(lambda _: PRODUCT)
    before = threading.active_count()
    endless = (server.url(f"/{n}") for n in itertools.count())
    taken = list(itertools.islice(iterate(endless), 5))
    assert len(taken) == 5
    deadline = time.monotonic() + 60
    while any(thread.name.startswith("fetch") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
    assert threading.active_count() <= before + len(server.requests)
    fetched = len(server.paths)
    threading.Event().wait(0.2)
    assert len(server.paths) == fetched


def iterate(urls: Iterator[str]) -> Iterator[Product | Failure]:
    outcomes = scrape(urls, config=replace(CONFIG, politeness=PolitenessConfig(robots=False)))
    try:
        yield from outcomes
    finally:
        outcomes.close()


def test_a_slow_caller_holds_up_the_fetching(serve: Serve) -> None:
    """The hand-over is bounded: a caller that takes nothing is not buried in outcomes."""
    server = serve(lambda _: PRODUCT)
    outcomes = scrape((server.url(f"/{n}") for n in range(1000)), config=CONFIG)
    next(outcomes)
    threading.Event().wait(0.5)
    assert len(server.paths) < 200
    assert len(list(outcomes)) == 999


def test_a_store_makes_a_call_resumable(serve: Serve, tmp_path: Path) -> None:
    """The second call yields what the first had not done."""
    server = serve({"/1": PRODUCT, "/2": in_turn(silent, PRODUCT)})
    urls = [server.url("/1"), server.url("/2")]
    first = scrape(urls, config=CONFIG, store=tmp_path / "products.db")
    assert next(first).url == urls[0]
    first.close()
    second = scrape(urls, config=CONFIG, store=tmp_path / "products.db")
    assert [outcome.url for outcome in second] == [urls[1]]


def test_a_path_is_a_list(serve: Serve, tmp_path: Path) -> None:
    """As the command line takes it."""
    server = serve({"/1": PRODUCT})
    (tmp_path / "urls.txt").write_text(f"# mine\n{server.url('/1')}\n", encoding="utf-8")
    assert [outcome.status.value for outcome in scrape(tmp_path / "urls.txt", config=CONFIG)] == ["ok"]


def test_mistakes_are_errors_of_the_program(tmp_path: Path) -> None:
    """Of one tree, with a sentence."""
    with pytest.raises(InputError, match=r"absent\.txt"):
        list(scrape(tmp_path / "absent.txt"))
    with pytest.raises(ConfigError, match="at least 1"):
        list(scrape([], threads=0))


def test_an_error_of_the_callers_own_list_is_raised_again(serve: Serve) -> None:
    """After the outcomes of what came before; a cut list is never taken for a whole one."""
    server = serve({"/1": PRODUCT})

    def urls() -> Iterator[str]:
        yield server.url("/1")
        raise RuntimeError("database went away")

    seen = []
    with pytest.raises(RuntimeError, match="database went away"):
        seen.extend(scrape(urls(), config=CONFIG))
    assert [outcome.url for outcome in seen] == [server.url("/1")]


def test_a_text_is_no_list() -> None:
    """Or every letter of it would be a URL."""
    with pytest.raises(TypeError, match="give a list of URLs, or a Path"):
        list(scrape("urls.txt"))
