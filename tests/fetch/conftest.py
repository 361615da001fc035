"""A fetcher with short timeouts."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from scraper.config import FetchConfig
from scraper.fetch.fetcher import Fetcher

QUICK = {"timeout": 0.3, "connect_timeout": 0.3, "deadline": 0.5}


@pytest.fixture
def new_fetcher() -> Iterator[Callable[..., Fetcher]]:
    """Makes a Fetcher with these settings; it is closed with the test."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Fetcher:
            return stack.enter_context(closing(Fetcher(FetchConfig(**{**QUICK, **settings}))))

        yield make


@pytest.fixture
def fetcher(new_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return new_fetcher()
