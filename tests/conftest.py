"""What every test may rely on: no proxy or certificate of the surroundings, and a loopback server at hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from scraper.fetch.connection import CERTIFICATE_VARIABLES
from tests.server import Server

# Both are about the time that an example takes, which on a busy machine says nothing.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in CERTIFICATE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a Server with the arguments given; it ends with the test."""
    with ExitStack() as stack:

        def start(*args: Any, **kwargs: Any) -> Server:
            return stack.enter_context(Server(*args, **kwargs))

        yield start
