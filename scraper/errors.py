"""Every error of the program, in one tree.

ScraperError
  ConfigError          a configuration value cannot be used; names table and key
  InputError           a list of URLs cannot be read
  ExportError          an output cannot be written; names the file
  StoreError           the result store cannot be opened or written; names the file
  ResourceError        the machine has no more file descriptors, threads, processes or memory; no URL is to blame
  FetchError           one attempt at a URL failed; its class says as what the URL ends and whether to try again
    InvalidUrl         cannot be requested at all: no host, wrong scheme, forbidden address
    RobotsDisallowed   robots.txt forbids it
    ConnectFailed      DNS, refused, reset, TLS
      Postponed               nothing is known of the URL yet; asked for again in due time
        ConnectionGone        the server had closed the kept connection
        LookupsBusy           too many other names are being looked up
      UntrustedCertificate    the TLS certificate is not to be trusted; trying again changes nothing
    ConnectTimeout     no connection in time
    ReadTimeout        connected, then silence
    DeadlineExceeded   the whole attempt took too long, whatever the server sent
    StatusError        a status other than 200; holds the page
    TooManyRedirects   more redirects than allowed, or a circle
    TruncatedBody      the answer ended early or its encoding is broken
    BodyTooLarge       more bytes than allowed, on the wire or decompressed
"""

import errno
from typing import ClassVar

from scraper.models import Page, Status

SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})
"""Errors of the system by which something ran out, which is no fault of a server or a page."""


class ScraperError(Exception):
    """Base of all errors of this program. `str()` of it is one sentence for people."""


class ConfigError(ScraperError):
    """A configuration value cannot be used."""


class InputError(ScraperError):
    """A list of URLs cannot be read."""


class ExportError(ScraperError):
    """An output file cannot be written."""


class StoreError(ScraperError):
    """The result store cannot be opened or written."""


class ResourceError(ScraperError):
    """The machine has no more file descriptors, threads, processes or memory to give."""


class FetchError(ScraperError):
    """One attempt at a URL failed.

    All arguments go to `Exception` as they are, so that every subclass survives pickling.
    """

    status: ClassVar[Status] = Status.NETWORK_ERROR
    retryable: ClassVar[bool] = False

    def __init__(self, url: str, reason: str, message: str) -> None:
        super().__init__(url, reason, message)
        self.url = url
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class InvalidUrl(FetchError):
    """The URL cannot be requested at all."""

    status = Status.INVALID_URL


class RobotsDisallowed(FetchError):
    """robots.txt forbids the URL, or could not be had (RFC 9309, section 2.3.1.4)."""

    status = Status.ROBOTS


class ConnectFailed(FetchError):
    """No connection, or it broke before an answer."""

    retryable = True


class Postponed(ConnectFailed):
    """Something came between that is no fault of the URL, which is to be asked for again in due time."""


class ConnectionGone(Postponed):
    """The server had closed the kept connection."""


class LookupsBusy(Postponed):
    """Too many other names are being looked up for this one to be."""


class UntrustedCertificate(ConnectFailed):
    """The server's TLS certificate cannot be verified."""

    retryable = False


class ConnectTimeout(FetchError):
    """No connection in time."""

    status = Status.TIMEOUT
    retryable = True


class ReadTimeout(FetchError):
    """The server was silent for too long."""

    status = Status.TIMEOUT
    retryable = True


class DeadlineExceeded(FetchError):
    """The attempt took too long as a whole."""

    status = Status.TIMEOUT
    retryable = True


class StatusError(FetchError):
    """The server answered with something other than a page."""

    status = Status.HTTP_ERROR

    def __init__(self, url: str, reason: str, message: str, page: Page, retry_after: str | None) -> None:
        super().__init__(url, reason, message)
        self.args = (url, reason, message, page, retry_after)
        self.page = page
        self.retry_after = retry_after
        """The Retry-After header as sent; None if there was none."""


class TooManyRedirects(FetchError):
    """More redirects than allowed, or a circle."""

    status = Status.HTTP_ERROR


class TruncatedBody(FetchError):
    """The answer ended early, or its content coding is broken."""

    retryable = True


class BodyTooLarge(FetchError):
    """More bytes than allowed."""

    status = Status.TOO_LARGE
