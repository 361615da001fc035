"""A fetcher whose timeouts are no matter, however busy the machine is; tests of timeouts set the one that they mean."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

from scraper.config import FetchConfig
from scraper.fetch.fetcher import Fetcher

PATIENT = {"timeout": 30.0, "connect_timeout": 30.0, "deadline": 60.0}


@pytest.fixture
def new_fetcher() -> Iterator[Callable[..., Fetcher]]:
    """Makes a Fetcher with these settings; it is closed with the test."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Fetcher:
            return stack.enter_context(closing(Fetcher(FetchConfig(**{**PATIENT, **settings}))))

        yield make


@pytest.fixture
def fetcher(new_fetcher: Callable[..., Fetcher]) -> Fetcher:
    return new_fetcher()
