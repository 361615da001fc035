"""The soak in short: `make soak` is the long form."""

from tests.soak import faults, kills


def test_killed_at_any_moment_the_table_is_that_of_an_undisturbed_run() -> None:
    """Byte for byte, with few URLs fetched again, also with parsing processes and while outputs are written."""
    toll = kills.soak(5, 300, seed=2, say=lambda _: None)
    assert toll.kills == 5


def test_every_url_is_accounted_for_where_a_third_of_the_requests_fail() -> None:
    """Against the book that the servers keep."""
    assert "300 URLs" in faults.soak(300, seed=3)
