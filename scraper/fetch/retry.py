"""Whether to try again, and when: a pure decision; the waiting is the frontier's."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.config import RetryConfig
from scraper.errors import FetchError, StatusError

LONGEST_RETRY_AFTER = 366 * 86400.0
"""Seconds that a Retry-After is cut to; more than any run lasts."""

_SECONDS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Again:
    """Try again later."""

    after_seconds: float
    whole_host: bool
    """The server asked for the pause: send it nothing else before."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Do not try again."""

    error: FetchError
    """The error to report."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter; a Retry-After wins over it."""

    config: RetryConfig

    def decide(self, error: FetchError, *, attempt: int, now: datetime, jitter: Callable[[], float]) -> Again | GiveUp:
        """What follows from `error` in the attempt with this number, counted from 1; `jitter` answers 0.0 to 1.0."""
        if attempt > self.config.retries or not _is_worth_another(error):
            return GiveUp(error)
        if isinstance(error, StatusError) and error.retry_after:
            asked = parse_retry_after(error.retry_after, now=now)
            if asked is not None:
                return self._obey(error, asked)
        ceiling = min(self.config.max_backoff, self.config.backoff * 2 ** (attempt - 1))
        return Again(jitter() * ceiling, whole_host=False)

    def _obey(self, error: StatusError, seconds: float) -> Again | GiveUp:
        longest = self.config.max_retry_after
        if seconds <= longest:
            return Again(seconds, whole_host=True)
        message = f"{error.message}, to be asked again in {seconds:.0f} s, which is more than {longest:g} s"
        return GiveUp(StatusError(error.url, "retry_after", message, error.page, error.retry_after))


def parse_retry_after(text: str, *, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header; None if it is malformed.

    Takes both forms, seconds and an HTTP date; a date in the past gives 0.0.
    Source: RFC 9110, section 10.2.3.

    >>> parse_retry_after("Wed, 21 Oct 2026 07:28:00 GMT", now=datetime(2026, 10, 21, 7, 27, 30, tzinfo=UTC))
    30.0
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return min(max((date - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)


def _is_worth_another(error: FetchError) -> bool:
    if isinstance(error, StatusError):
        status = error.page.http_status
        return status in (408, 425, 429) or 500 <= status < 600
    return error.retryable
