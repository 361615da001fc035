"""Every error of the libraries becomes one of ours."""

import errno
import http.client
import inspect
import os
import socket
import ssl
from types import ModuleType
from typing import Any

import pytest
import requests.exceptions
import urllib3.exceptions

from scraper.config import FetchConfig
from scraper.errors import (
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
from scraper.fetch import translate as translation
from scraper.fetch.connection import Exchange
from scraper.fetch.redirect import Request
from scraper.fetch.translate import translate
from scraper.urls import parse_url

CONFIG = FetchConfig(timeout=15, connect_timeout=5, deadline=30)
URL = parse_url("https://shop.example/p/1")
REASONS = {
    "requests": {
        "bad_encoding": "ContentDecodingError",
        "bad_response": "ConnectionError HTTPError InvalidHeader InvalidJSONError JSONDecodeError RequestException"
        " RetryError StreamConsumedError TooManyRedirects UnrewindableBodyError",
        "connect_timeout": "ConnectTimeout",
        "malformed": "InvalidSchema InvalidURL MissingSchema URLRequired",
        "proxy": "InvalidProxyURL ProxyError",
        "read_timeout": "ReadTimeout Timeout",
        "tls": "SSLError",
        "truncated": "ChunkedEncodingError",
    },
    "urllib3": {
        "bad_encoding": "DecodeError",
        "bad_response": "BodyNotHttplibCompatible ClosedPoolError EmptyPoolError FullPoolError HTTPError"
        " HeaderParsingError HostChangedError InvalidHeader MaxRetryError PoolError ProtocolError RequestError"
        " ResponseError ResponseNotChunked TimeoutStateError UnrewindableBodyError",
        "connect_timeout": "ConnectTimeoutError",
        "dns": "NameResolutionError",
        "malformed": "LocationParseError LocationValueError URLSchemeUnknown",
        "proxy": "ProxyError ProxySchemeUnknown ProxySchemeUnsupported",
        "read_timeout": "ReadTimeoutError TimeoutError",
        "tls": "SSLError",
        "truncated": "IncompleteRead InvalidChunkLength",
        "unreachable": "NewConnectionError",
    },
}
REASON_OF = {
    (module, name): reason
    for module, reasons in REASONS.items()
    for reason, names in reasons.items()
    for name in names.split()
}


def exceptions(module: ModuleType) -> list[Any]:
    """The exceptions that a module defines, with the name of its library."""
    library = module.__name__.partition(".")[0]
    kinds = {kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__}
    errors = {kind for kind in kinds if issubclass(kind, Exception) and not issubclass(kind, Warning)}
    return [
        pytest.param(kind, (library, kind.__name__), id=f"{library}.{kind.__name__}")
        for kind in sorted(errors, key=str)
    ]


def translated(error: Exception, *, answered: bool = False, seconds: float = 0.0) -> FetchError:
    """What an error becomes that comes after so many seconds."""
    ticks = iter([0.0, seconds])
    exchange = Exchange(CONFIG, lambda: next(ticks))
    exchange.begin(Request(URL, URL))
    return translate(error, exchange, CONFIG, answered=answered)


@pytest.mark.parametrize(("kind", "name"), exceptions(requests.exceptions) + exceptions(urllib3.exceptions))
def test_every_exception_is_translated(kind: type[Exception], name: tuple[str, str]) -> None:
    """One that a newer library adds fails here, until somebody has decided what it means."""
    assert translated(kind.__new__(kind)).reason == REASON_OF[name]


@pytest.mark.parametrize(
    ("cause", "kind", "reason"),
    [
        (socket.gaierror(-2, "unknown"), ConnectFailed, "dns"),
        (ConnectionRefusedError(111, "refused"), ConnectFailed, "refused"),
        (ConnectionResetError(104, "reset"), ConnectFailed, "reset"),
        (BrokenPipeError(32, "pipe"), ConnectFailed, "reset"),
        (http.client.RemoteDisconnected("closed"), ConnectFailed, "reset"),
        (ssl.SSLCertVerificationError(1, "self-signed"), UntrustedCertificate, "tls"),
        (ssl.SSLError(1, "handshake"), ConnectFailed, "tls"),
        (TimeoutError("timed out"), ReadTimeout, "read_timeout"),
        (http.client.BadStatusLine("x"), ConnectFailed, "bad_response"),
        (http.client.IncompleteRead(b""), TruncatedBody, "truncated"),
        (http.client.LineTooLong("header line"), BodyTooLarge, "too_many_headers"),
        (http.client.HTTPException("got more than 100 headers"), BodyTooLarge, "too_many_headers"),
        (http.client.InvalidURL("x"), ConnectFailed, "bad_response"),
    ],
)
def test_causes_count_however_deep(cause: Exception, kind: type[FetchError], reason: str) -> None:
    """Libraries pack the cause into two or three of their own."""
    packed = requests.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", cause))
    error = translated(packed)
    assert (type(error), error.reason) == (kind, reason)


def test_cause_of_a_failed_connection() -> None:
    """What the system said counts more than that there was no connection."""
    failed = urllib3.exceptions.NewConnectionError(None, "no connection")  # type: ignore[arg-type]
    failed.__cause__ = ConnectionRefusedError()
    assert translated(requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", failed))).reason == "refused"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        (requests.ConnectTimeout(), ConnectTimeout, "shop.example: no connection in 5 s"),
        (requests.ReadTimeout(), ReadTimeout, "shop.example: no answer in 15 s"),
        (requests.ConnectionError(), ConnectFailed, "shop.example: the exchange broke"),
        (requests.exceptions.InvalidURL("secret"), InvalidUrl, "shop.example: the URL cannot be requested"),
    ],
)
def test_messages_say_where_and_how_long(error: Exception, kind: type[FetchError], message: str) -> None:
    """A sentence of ours, with nothing of the libraries' texts, which may quote a password."""
    failure = translated(error)
    assert (type(failure), str(failure), failure.url) == (kind, message, URL.href)


def test_timeouts_after_the_deadline_are_the_deadline() -> None:
    """The last wait is cut to what was left."""
    assert type(translated(requests.ReadTimeout(), seconds=29.9)) is ReadTimeout
    error = translated(requests.ReadTimeout(), seconds=30)
    assert (type(error), error.reason, str(error)) == (DeadlineExceeded, "deadline", "shop.example: not done in 30 s")


def test_break_within_an_answer_is_a_truncated_body() -> None:
    """A reset before the answer is the connection's, one within it the body's."""
    error = urllib3.exceptions.ProtocolError("Connection broken", ConnectionResetError())
    assert type(translated(error)) is ConnectFailed
    within = translated(error, answered=True)
    assert (type(within), within.reason) == (TruncatedBody, "truncated")


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_what_the_machine_lacks_is_no_fault_of_the_url(number: int) -> None:
    """However deep the libraries pack it."""
    failed = urllib3.exceptions.NewConnectionError(None, "no connection")  # type: ignore[arg-type]
    failed.__cause__ = OSError(number, "Too many open files")
    with pytest.raises(ResourceError), translation.translated(Exchange(CONFIG, lambda: 0.0), CONFIG, answered=False):
        raise requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", failed))  # type: ignore[arg-type]


def test_a_name_is_not_unknown_for_want_of_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolving fails without them, and says that the name cannot be resolved."""

    def refuse(_: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "dup", refuse)
    with pytest.raises(ResourceError), translation.translated(Exchange(CONFIG, lambda: 0.0), CONFIG, answered=False):
        raise requests.ConnectionError(socket.gaierror(socket.EAI_AGAIN, "try again"))
