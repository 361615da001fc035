"""Large bodies take turns."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from scraper.config import FetchConfig
from scraper.errors import FetchError
from scraper.fetch.budget import Budget
from scraper.fetch.fetcher import Fetcher
from tests.fetch.test_connection import ask, body_of
from tests.server import Server, page


def test_what_does_not_fit_waits() -> None:
    """Until another thread lets go; one fits however large it is."""
    shared = Budget(100)
    assert shared.reserve(1000, seconds=0.0)
    with ThreadPoolExecutor(1) as pool:
        assert not pool.submit(shared.reserve, 1, seconds=0.0).result()
        waiting = pool.submit(shared.reserve, 60, seconds=60.0)
        shared.release()
        assert waiting.result()
    assert shared.reserve(40, seconds=0.0)


def test_large_bodies_take_turns(serve: Callable[..., Server]) -> None:
    """Nobody is blamed for the wait, however long it is; small ones do not wait."""
    server = serve({"/large": page(bytes(3_000_000)), "/small": page(b"x")})
    now = 0.0
    with closing(Fetcher(FetchConfig(deadline=30.0), clock=lambda: now)) as fetcher, ThreadPoolExecutor(2) as pool:
        fetcher._large = Budget(5_000_000)
        fetcher.fetch(ask(server.url("/large")))
        second = pool.submit(body_of, fetcher, server.url("/large"))
        assert pool.submit(body_of, fetcher, server.url("/small")).result(30) == b"x"
        with pytest.raises(TimeoutError):
            second.result(1.0)
        now += 3600
        with pytest.raises(TimeoutError):
            second.result(1.0)
        fetcher.let_go()
        assert len(second.result(30)) == 3_000_000


def test_who_waits_ends_with_the_run(serve: Callable[..., Server]) -> None:
    """As who reads does."""
    server = serve({"/": page(bytes(3_000_000))})
    with closing(Fetcher(FetchConfig())) as fetcher, ThreadPoolExecutor(1) as pool:
        fetcher._large = Budget(5_000_000)
        fetcher.fetch(ask(server.url()))
        second = pool.submit(body_of, fetcher, server.url())
        with pytest.raises(TimeoutError):
            second.result(0.5)
        fetcher.abort()
        assert isinstance(second.exception(30), FetchError)
