"""Connections that break at any of their steps: connect, CONNECT of a proxy, handshake, send, first byte, body."""

import errno
import itertools
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import trustme

from scraper.errors import ConnectFailed, ConnectTimeout, FetchError, ReadTimeout, TruncatedBody
from scraper.fetch import connection
from scraper.fetch.fetcher import Fetcher
from scraper.models import Page
from tests.fetch.test_connection import BODY, ask, tunnel
from tests.server import Server, head

Serve = Callable[..., Server]
NewFetcher = Callable[..., Fetcher]

STEPS = {
    socket.socket: ("setsockopt", "connect", "getpeername", "sendall", "send", "recv", "recv_into"),
    ssl.SSLSocket: ("do_handshake", "send", "read"),
}
CHUNKED = head(200, Transfer_Encoding="chunked") + b"7\r\n<h1>Cha\r\n7\r\nir</h1>\r\n0\r\n\r\n"
BREAKS = (
    errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN, errno.ECONNABORTED, errno.ESHUTDOWN, errno.ETIMEDOUT,
    errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EINVAL, errno.EBADF,
)  # fmt: skip
WAYS = ["http", "https", "http by a proxy", "https by a proxy", "http by a TLS proxy", "https by a TLS proxy"]


class Breaking:
    """Lets one step of a fetcher's socket fail: the one with this number, counted over all of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._left = -1
        self._error = OSError()
        self.step = ""
        self.sockets: list[socket.socket] = []
        for kind, names in STEPS.items():
            for name in names:
                monkeypatch.setattr(kind, name, self._wrap(name, getattr(kind, name)))

    def at(self, number: int, error: OSError) -> None:
        self._left, self._error, self.step = number, error, ""

    def _wrap(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(sock, connection._Socket):
                return step(sock, *args, **kwargs)
            if sock not in self.sockets:
                self.sockets.append(sock)
            self._left -= 1
            if self._left == 0:
                self.step = name
                with suppress(OSError):  # nothing comes after it either
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
                raise self._error
            return step(sock, *args, **kwargs)

        return wrapped


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Breaking:
    return Breaking(monkeypatch)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=WAYS)
def way(
    request: pytest.FixtureRequest,
    serve: Serve,
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[str, dict[str, str]]]:
    """A page in chunks, and how a fetcher comes to it."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    scheme, _, proxy = request.param.partition(" by a ")
    server = serve({"/": lambda reply: reply.send(CHUNKED)}, tls=tls if scheme == "https" else None)
    settings = {}
    if proxy:
        route = tunnel if scheme == "https" else (lambda reply: reply.send(CHUNKED))
        settings["proxy"] = serve(lambda _: route, tls=tls if proxy == "TLS proxy" else None).url("")
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setattr(connection, "DEFAULT_CA_BUNDLE_PATH", path)
        yield server.url(), settings


def come_of(fetcher: Fetcher, url: str) -> bytes | FetchError:
    """The body of the page, or why there is none."""
    try:
        answer = fetcher.fetch(ask(url))
    except FetchError as error:
        return error
    assert isinstance(answer, Page)
    return answer.body


@pytest.mark.parametrize("number", BREAKS, ids=errno.errorcode.get)
def test_a_break_at_any_step_is_the_networks(
    new_fetcher: NewFetcher, way: tuple[str, dict[str, str]], breaking: Breaking, number: int
) -> None:
    """Told as such, at whatever step it comes; and no socket is left open."""
    url, settings = way
    steps = []
    for count in itertools.count(1):
        fetcher = new_fetcher(**settings)
        breaking.at(count, OSError(number, os.strerror(number)))
        outcome = come_of(fetcher, url)
        if isinstance(outcome, FetchError):
            assert isinstance(outcome, ConnectFailed | ConnectTimeout | ReadTimeout | TruncatedBody), breaking.step
            assert outcome.reason != "bad_response" or number not in (errno.ECONNRESET, errno.EPIPE), breaking.step
        else:
            assert outcome == BODY
        fetcher.close()
        assert [sock for sock in breaking.sockets if sock.fileno() >= 0] == [], (breaking.step, count)
        breaking.sockets.clear()
        if not breaking.step:
            break
        steps.append(breaking.step)
    assert "connect" in steps
    assert steps[-1] in ("read", "recv_into")


@pytest.mark.parametrize("number", [errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN], ids=errno.errorcode.get)
def test_a_break_of_a_kept_connection_is_not_seen(
    new_fetcher: NewFetcher, way: tuple[str, dict[str, str]], breaking: Breaking, number: int
) -> None:
    """Up to the first byte of the answer: the request is made again."""
    url, settings = way
    for count in itertools.count(1):
        fetcher = new_fetcher(**settings)
        assert come_of(fetcher, url) == BODY
        breaking.at(count, OSError(number, os.strerror(number)))
        assert come_of(fetcher, url) == BODY, breaking.step
        fetcher.close()
        assert [sock for sock in breaking.sockets if sock.fileno() >= 0] == [], (breaking.step, count)
        breaking.sockets.clear()
        if breaking.step in ("recv_into", "read"):
            break
        assert breaking.step
