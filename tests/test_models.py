"""What travels between threads and processes."""

import dataclasses
import pickle

import pytest

from scraper.models import Page, Status
from tests.test_pool import page
from tests.test_store import FAILED, FULL


@pytest.mark.parametrize("thing", [FULL, FAILED, page("x")], ids=lambda thing: type(thing).__name__)
def test_models_survive_pickling(thing: object) -> None:
    """On the way to a process and back."""
    assert pickle.loads(pickle.dumps(thing)) == thing  # noqa: S301 - our own bytes


@pytest.mark.parametrize("thing", [FULL, FAILED, page("x")], ids=lambda thing: type(thing).__name__)
def test_models_cannot_be_changed(thing: Page) -> None:
    """Whoever holds one may read it without a lock."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        thing.url = "other"  # type: ignore[misc]


def test_only_two_statuses_are_rows() -> None:
    """Everything else is a failure."""
    assert [status for status in Status if status.is_product] == [Status.OK, Status.PARTIAL]
