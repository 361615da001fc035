"""The one place where errors of the libraries become errors of this program."""

import http.client
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import requests.exceptions as of_requests
import urllib3.exceptions as of_urllib3

from scraper.config import FetchConfig
from scraper.errors import (
    SHORTAGES,
    BodyTooLarge,
    ConnectFailed,
    ConnectTimeout,
    DeadlineExceeded,
    FetchError,
    InvalidUrl,
    ReadTimeout,
    ResourceError,
    TruncatedBody,
    UntrustedCertificate,
)
from scraper.fetch.connection import Exchange


class _Row(NamedTuple):
    causes: tuple[type[Exception], ...]
    error: type[FetchError]
    reason: str
    sentence: str


_PROXY_CAUSES = (
    of_requests.ProxyError,
    of_requests.InvalidProxyURL,
    of_urllib3.ProxyError,
    of_urllib3.ProxySchemeUnknown,
    of_urllib3.ProxySchemeUnsupported,
)
_URL_CAUSES = (
    of_requests.URLRequired,
    of_requests.MissingSchema,
    of_requests.InvalidSchema,
    of_requests.InvalidURL,
    of_urllib3.LocationValueError,
)
_ENDED_EARLY = (
    http.client.IncompleteRead,
    of_urllib3.IncompleteRead,
    of_urllib3.InvalidChunkLength,
    of_requests.ChunkedEncodingError,
)
_NO_HTTP = (
    http.client.BadStatusLine,
    http.client.UnknownProtocol,
    http.client.ImproperConnectionState,
    http.client.InvalidURL,
    http.client.UnknownTransferEncoding,
    http.client.UnimplementedFileMode,
)

# The first row counts of which any class is among the causes, so the finer ones come first.
_ROWS = (
    _Row(_PROXY_CAUSES, ConnectFailed, "proxy", "the proxy does not let us through"),
    _Row((socket.gaierror, of_urllib3.NameResolutionError), ConnectFailed, "dns", "the name cannot be resolved"),
    _Row((ssl.SSLCertVerificationError,), UntrustedCertificate, "tls", "the TLS certificate is not to be trusted"),
    _Row((ssl.SSLError, of_urllib3.SSLError, of_requests.SSLError), ConnectFailed, "tls", "TLS failed"),
    _Row((ConnectionRefusedError,), ConnectFailed, "refused", "the connection was refused"),
    _Row((ConnectionError,), ConnectFailed, "reset", "the connection was closed before an answer"),
    _Row((of_urllib3.NewConnectionError,), ConnectFailed, "unreachable", "the host cannot be reached"),
    _Row(
        (of_requests.ConnectTimeout, of_urllib3.ConnectTimeoutError),
        ConnectTimeout,
        "connect_timeout",
        "no connection in {config.connect_timeout:g} s",
    ),
    _Row(
        (of_requests.Timeout, of_urllib3.TimeoutError, TimeoutError),
        ReadTimeout,
        "read_timeout",
        "no answer in {config.timeout:g} s",
    ),
    _Row(_ENDED_EARLY, TruncatedBody, "truncated", "the answer ended early"),
    _Row(
        (of_requests.ContentDecodingError, of_urllib3.DecodeError),
        TruncatedBody,
        "bad_encoding",
        "the body is not in the encoding that its header names",
    ),
    _Row(_URL_CAUSES, InvalidUrl, "malformed", "the URL cannot be requested"),
    _Row(_NO_HTTP, ConnectFailed, "bad_response", "the answer is not HTTP"),
    _Row(
        (http.client.HTTPException,), BodyTooLarge, "too_many_headers", "more headers, or longer ones, than can be read"
    ),
    _Row((Exception,), ConnectFailed, "bad_response", "the exchange broke"),
)

_TRANSLATED = (of_requests.RequestException, of_urllib3.HTTPError, http.client.HTTPException, OSError)


@contextmanager
def translated(exchange: Exchange, config: FetchConfig, *, answered: bool) -> Iterator[None]:
    """Raises what the libraries raise as a FetchError; `answered`: the head of the answer had come.

    Raises ResourceError where the machine lacks something.
    """
    try:
        yield
    except _TRANSLATED as error:
        if shortage := _shortage(error):
            raise ResourceError(f"the system says: {os.strerror(shortage)}") from error
        raise translate(error, exchange, config, answered=answered) from error


def translate(error: Exception, exchange: Exchange, config: FetchConfig, *, answered: bool) -> FetchError:
    """The error of this program that an error of the libraries, by all its causes, stands for."""
    url = exchange.request.url
    causes = tuple(_causes(error))
    row = next(row for row in _ROWS if any(isinstance(cause, row.causes) for cause in causes))
    if row.error in (ConnectTimeout, ReadTimeout) and exchange.is_past_deadline:
        row = _Row((), DeadlineExceeded, "deadline", "not done in {config.deadline:g} s")
    elif answered and issubclass(row.error, ConnectFailed):
        row = _Row((), TruncatedBody, "truncated", "the connection broke within the answer")
    return row.error(url.href, row.reason, f"{url.host}: {row.sentence.format(config=config)}")


def _shortage(error: Exception) -> int | None:
    """The number of the system's error by which something ran out; None for any other error."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            try:
                os.close(os.dup(0))  # resolving needs a descriptor too, and does not say when there is none
            except OSError as lack:
                cause = lack
        if isinstance(cause, OSError) and cause.errno in SHORTAGES:
            return cause.errno
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and what it holds: requests and urllib3 pack causes into arguments, `reason` and `__cause__`.

    Not `__context__`: that of a second try is the first one's failure.
    """
    yield error
    for cause in (*error.args, getattr(error, "reason", None), error.__cause__):
        if isinstance(cause, BaseException):
            yield from _causes(cause)
