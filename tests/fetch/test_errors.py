"""The tree of errors: each survives pickling."""

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scraper import errors
from scraper.errors import FetchError, StatusError
from scraper.models import Page


def subclasses(kind: type[FetchError]) -> Iterator[type[FetchError]]:
    for below in kind.__subclasses__():
        yield below
        yield from subclasses(below)


@pytest.mark.parametrize("kind", set(subclasses(FetchError)) - {StatusError})
def test_errors_survive_pickling(kind: type[FetchError]) -> None:
    """They may cross a process boundary."""
    error = pickle.loads(pickle.dumps(kind("https://shop.example/", "dns", "shop.example: gone")))  # noqa: S301
    assert type(error) is kind
    assert (error.url, error.reason, str(error)) == ("https://shop.example/", "dns", "shop.example: gone")


def test_status_error_survives_pickling() -> None:
    """With its page and what the server asked for."""
    url = "https://shop.example/"
    page = Page(url, url, 503, "text/html", b"busy", datetime(2026, 1, 1, tzinfo=UTC))
    error = StatusError(url, "http_503", "shop.example: answered 503", page, "5")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert vars(copy) == vars(error)


def test_tree_is_drawn() -> None:
    """The docstring names every error below its base."""
    lines = (errors.__doc__ or "").splitlines()
    for kind in subclasses(FetchError):
        line = next(line for line in lines if line.split()[:1] == [kind.__name__])
        depth = len(kind.__mro__) - len(FetchError.__mro__)
        assert line.startswith("  " * (depth + 1) + kind.__name__)
