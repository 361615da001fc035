"""Decisions on retries, with a clock and a chance of our own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.config import DAY_SECONDS, RetryConfig
from scraper.errors import (
    BodyTooLarge,
    ConnectFailed,
    ConnectTimeout,
    DeadlineExceeded,
    FetchError,
    InvalidUrl,
    ReadTimeout,
    StatusError,
    TooManyRedirects,
    TruncatedBody,
    UntrustedCertificate,
)
from scraper.fetch.retry import LONGEST_RETRY_AFTER, Again, GiveUp, RetryPolicy, parse_retry_after
from scraper.models import Page

NOW = datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC)
URL = "https://shop.example/p/1"
CONFIG = RetryConfig(retries=2, backoff=1.0, max_backoff=3.0, max_retry_after=60.0)


def answered(status: int, retry_after: str | None = None) -> StatusError:
    page = Page(URL, URL, status, "text/html", b"busy", NOW)
    return StatusError(URL, f"http_{status}", f"shop.example: answered {status}", page, retry_after)


def decide(error: FetchError, *, attempt: int = 1, jitter: float = 1.0, config: RetryConfig = CONFIG) -> Again | GiveUp:
    return RetryPolicy(config).decide(error, attempt=attempt, now=NOW, jitter=lambda: jitter)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 30.0),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 30.0),
        ("Sun Nov  6 08:49:37 1994", 30.0),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 30.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
        ("9" * 10_000, LONGEST_RETRY_AFTER),
        ("Sun, 06 Nov 9994 08:49:37 GMT", LONGEST_RETRY_AFTER),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
        ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", None),
    ],
)
def test_retry_after_has_two_forms(text: str, seconds: float | None) -> None:
    """Seconds and all three date formats are read, absurd ones are cut, others are None."""
    assert parse_retry_after(text, now=NOW) == seconds


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 505, 520, 599])
def test_passing_statuses_are_tried_again(status: int) -> None:
    """The server may think otherwise in a moment."""
    assert isinstance(decide(answered(status)), Again)


@pytest.mark.parametrize("status", [204, 304, 400, 401, 403, 404, 410, 451, 600])
def test_final_statuses_are_not_tried_again(status: int) -> None:
    """Asking again would get the same answer, so the error is reported as it is."""
    error = answered(status)
    assert decide(error) == GiveUp(error)


@pytest.mark.parametrize("kind", [ConnectFailed, ConnectTimeout, ReadTimeout, DeadlineExceeded, TruncatedBody])
def test_network_failures_are_tried_again(kind: type[FetchError]) -> None:
    """What broke on the way may work the next time, after a pause of this URL alone."""
    assert decide(kind(URL, "reason", "message")) == Again(1.0, whole_host=False)


@pytest.mark.parametrize("kind", [InvalidUrl, TooManyRedirects, BodyTooLarge, UntrustedCertificate])
def test_lasting_failures_are_not_tried_again(kind: type[FetchError]) -> None:
    """What the URL or the server is, it stays."""
    error = kind(URL, "reason", "message")
    assert decide(error) == GiveUp(error)


@pytest.mark.parametrize(("attempt", "jitter", "seconds"), [(1, 1.0, 1.0), (2, 1.0, 2.0), (3, 1.0, 3.0), (3, 0.5, 1.5)])
def test_backoff_doubles_up_to_its_bound(attempt: int, jitter: float, seconds: float) -> None:
    """The wait is a random part of an upper bound that grows with the attempts, but not for ever."""
    config = replace(CONFIG, retries=9)
    assert decide(answered(500), attempt=attempt, jitter=jitter, config=config) == Again(seconds, whole_host=False)


def test_retries_end() -> None:
    """The attempt after the last retry reports its error, whatever the server asks for."""
    error = answered(503, "1")
    assert isinstance(decide(error, attempt=2), Again)
    assert decide(error, attempt=3) == GiveUp(error)


def test_retry_after_wins_and_holds_for_the_host() -> None:
    """What the server asks for replaces the backoff, and all its URLs wait."""
    date = (NOW + timedelta(seconds=20)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert decide(answered(429, "60"), jitter=0.0) == Again(60.0, whole_host=True)
    assert decide(answered(503, date), jitter=0.0) == Again(20.0, whole_host=True)


def test_too_long_a_retry_after_gives_up() -> None:
    """The reported error says how long the server asked for, and keeps its page."""
    error = answered(503, "3600")
    decision = decide(error)
    assert isinstance(decision, GiveUp)
    assert isinstance(decision.error, StatusError)
    assert (decision.error.reason, decision.error.page) == ("retry_after", error.page)
    assert "3600 s" in str(decision.error)
    assert "60 s" in str(decision.error)


def test_malformed_retry_after_is_as_none() -> None:
    """Garbage in the header leaves the backoff as it is."""
    assert decide(answered(503, "soon")) == Again(1.0, whole_host=False)


@given(st.text() | st.text("0123456789 -+.:,GMTSunNov"))
def test_any_retry_after_is_a_bounded_time_or_nothing(text: str) -> None:
    """Whatever a server writes there."""
    seconds = parse_retry_after(text, now=NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


@given(st.integers(-(10**9), 10**9))
def test_both_forms_of_retry_after_say_the_same(seconds: int) -> None:
    """Up to what is past, and what is too far."""
    expected = min(max(seconds, 0), LONGEST_RETRY_AFTER)
    assert parse_retry_after(format_datetime(NOW + timedelta(seconds=seconds), usegmt=True), now=NOW) == expected
    assert seconds < 0 or parse_retry_after(f"{seconds}", now=NOW) == expected


@given(
    st.builds(
        RetryConfig,
        retries=st.integers(0, 100),
        backoff=st.floats(0, DAY_SECONDS),
        max_backoff=st.floats(0, DAY_SECONDS),
        max_retry_after=st.floats(0, DAY_SECONDS),
    ),
    st.integers(1, 200),
    st.sampled_from([200, 302, 404, 408, 425, 429, 451, 500, 501, 503, 599, 600, 999]),
    st.none() | st.integers(0, 10**7).map(str) | st.text(),
    st.floats(0, 1),
)
def test_waits_and_attempts_have_bounds(
    config: RetryConfig, attempt: int, status: int, retry_after: str | None, jitter: float
) -> None:
    """Those of the configuration, whatever a server asks for."""
    decision = decide(answered(status, retry_after), attempt=attempt, jitter=jitter, config=config)
    if isinstance(decision, Again):
        assert attempt <= config.retries
        assert status in (408, 425, 429) or 500 <= status < 600
        assert 0 <= decision.after_seconds <= (config.max_retry_after if decision.whole_host else config.max_backoff)
    elif decision.error.reason == "retry_after":
        assert parse_retry_after(retry_after or "", now=NOW) > config.max_retry_after
    else:
        assert decision.error.reason == f"http_{status}"
