"""That fuzzing can begin: what it calls, and where it starts."""

import pytest

from tests.fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("name", TARGETS)
def test_target_takes_its_seeds(name: str) -> None:
    """And bytes that are none of them."""
    known = seeds(name)
    assert known
    for data in (b"", b"x", *known[:20]):
        TARGETS[name](data)
