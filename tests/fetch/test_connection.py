"""Sockets on loopback: servers that are slow, broken, endless, private or not to be trusted."""

import gzip
import select
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
import trustme

from scraper.config import FetchConfig
from scraper.errors import (
    BodyTooLarge,
    ConnectFailed,
    ConnectTimeout,
    DeadlineExceeded,
    FetchError,
    InvalidUrl,
    ReadTimeout,
    StatusError,
    TruncatedBody,
    UntrustedCertificate,
)
from scraper.fetch import connection
from scraper.fetch.connection import Exchange
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect, Request
from scraper.models import Page
from scraper.urls import parse_url
from tests.server import (
    Reply,
    Route,
    Server,
    dripping,
    endless,
    free_address,
    head,
    in_turn,
    page,
    raw,
    redirect,
    resetting,
    silent,
)

BODY = b"<h1>Chair</h1>"
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"x" * 9000 + b"\r\n\r\n"
CHUNKED = head(200, Transfer_Encoding="chunked")
TIMEOUTS: dict[type[FetchError], dict[str, float]] = {
    ReadTimeout: {"timeout": 0.3},
    DeadlineExceeded: {"deadline": 0.5},
}
"""What a fetcher must not wait for long, to come upon such an error."""
Serve = Callable[..., Server]
NewFetcher = Callable[..., Fetcher]


def ask(url: str, *, private_allowed: bool = True) -> Request:
    return Request(parse_url(url), parse_url(url), private_allowed=private_allowed)


def body_of(fetcher: Fetcher, url: str) -> bytes:
    answer = fetcher.fetch(ask(url))
    assert isinstance(answer, Page)
    return answer.body


def failure(fetcher: Fetcher, request: Request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(request)
    return caught.value


@pytest.mark.parametrize(
    ("route", "kind", "reason"),
    [
        (silent, ReadTimeout, "read_timeout"),
        (lambda reply: (reply.send(head(200)), silent(reply)), ReadTimeout, "read_timeout"),
        (dripping(head(200) + BODY * 100), DeadlineExceeded, "deadline"),
        (dripping(b"HTTP/1.1 100 Continue\r\n\r\n" * 99), DeadlineExceeded, "deadline"),
        (dripping(CHUNKED + b"1\r\nx\r\n" * 99), DeadlineExceeded, "deadline"),
        (lambda reply: (reply.send(head(200)), reply.drip(BODY * 99, 0.05)), DeadlineExceeded, "deadline"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\nX-Y: " + b"z" * 9000 + b"\r\n\r\n"), BodyTooLarge, "too_many_headers"),
        (
            endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: " + b"x" * 9000 + b"\r\n\r\n"),
            BodyTooLarge,
            "too_many_headers",
        ),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-Y: z\r\n"), BodyTooLarge, "too_many_headers"),
        (endless(b"HTTP/1.1 200 OK\r\nX-Y: ", b"z" * 1000), BodyTooLarge, "too_many_headers"),
        (endless(head(200), BODY * 100), BodyTooLarge, "body_too_large"),
        (endless(CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n"), BodyTooLarge, "body_too_large"),
        (raw(head(200, Content_Length=99) + BODY), TruncatedBody, "truncated"),
        (raw(head(200, Content_Length="+99") + BODY), TruncatedBody, "truncated"),
        (raw(head(200, Content_Length="9" * 30) + BODY), BodyTooLarge, "body_too_large"),
        (raw(CHUNKED + b"5\r\nchair\r\n"), TruncatedBody, "truncated"),
        (raw(CHUNKED + b"5\r\ncha"), TruncatedBody, "truncated"),
        *(
            (raw(CHUNKED + size + b"\r\n<h1>Chair</h1>\r\n0\r\n\r\n"), TruncatedBody, "truncated")
            for size in (
                b"nonsense",
                b"0xe",
                b"+e",
                b"-e",
                b" e",
                b"0_e",
                b"",
                b"e e",
                b"e\0",
                b"f" * 17,
                b"\xd9\xa1\xd9\xa4",
            )
        ),
        (raw(CHUNKED + b"d\r\n<h1>Chair</h1>\r\n0\r\n\r\n"), TruncatedBody, "truncated"),
        (raw(CHUNKED + b"e\r\n<h1>Chair</h1>0\r\n\r\n"), TruncatedBody, "truncated"),
        (raw(CHUNKED + b"e\r\n<h1>Chair</h1>xx0\r\n\r\n"), TruncatedBody, "truncated"),
        (raw(CHUNKED + b"e\r\n<h1>Chair</h1>"), TruncatedBody, "truncated"),
        (raw(CHUNKED + b"e;" + b"x" * 70_000 + b"\r\n" + BODY), BodyTooLarge, "too_many_headers"),
        (resetting(head(200, Content_Length=99) + BODY), TruncatedBody, "truncated"),
        (resetting(), ConnectFailed, "reset"),
        (raw(b""), ConnectFailed, "reset"),
        (raw(b"SSH-2.0-Server\r\n"), ConnectFailed, "bad_response"),
        (raw(b"HTTP/2 200 OK\r\n\r\n" + BODY), ConnectFailed, "bad_response"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Ty"), TruncatedBody, "truncated"),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + BODY), ConnectFailed, "bad_response"),
        (endless(CHUNKED + b"0\r\n", b"X-Y: z\r\n"), BodyTooLarge, "too_many_headers"),
        (raw(b"HTTP/1.1 20 OK\r\n\r\n" + BODY), ConnectFailed, "bad_response"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 14, 7\r\n\r\n" + BODY), ConnectFailed, "bad_response"),
        (
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n" + BODY),
            BodyTooLarge,
            "body_too_large",
        ),
        (raw(head(200)[:-2] + b"Content-Encoding: gzip\r\n" * 4 + b"\r\n" + BODY), BodyTooLarge, "too_many_codings"),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 101 + b"\r\n" + BODY), BodyTooLarge, "too_many_headers"),
        (raw(b"HTTP/1.1 200 OK\r\nX-Y: " + b"z" * 65536 + b"\r\n\r\n" + BODY), BodyTooLarge, "too_many_headers"),
        (page(gzip.compress(bytes(10**7)), Content_Encoding="gzip"), BodyTooLarge, "decompression_ratio"),
        (page(BODY, Content_Encoding="gzip"), TruncatedBody, "bad_encoding"),
    ],
)
def test_bad_servers_end_soon(
    new_fetcher: NewFetcher, serve: Serve, route: Route, kind: type[FetchError], reason: str
) -> None:
    """Whatever a server does, its request ends by the deadline, and says why."""
    server = serve({"/": route})
    error = failure(new_fetcher(max_body=2_000_000, **TIMEOUTS.get(kind, {})), ask(server.url()))
    assert (type(error), error.reason) == (kind, reason)
    assert str(error).startswith(server.host)


@pytest.mark.parametrize(
    "answer",
    [
        head(200, Content_Length=14) + BODY,
        head(200) + BODY,
        CHUNKED + b"7\r\n<h1>Cha\r\n7;x=y\r\nir</h1>\r\n0\r\nTrailer: x\r\n\r\n",
        CHUNKED + b"000E \t\n<h1>Chair</h1>\n0\n\n",
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        head(200, Content_Length="-1") + BODY,
        head(200, Content_Length="1_0") + BODY,
        head(200, Content_Length="\u0661") + BODY,
        b"HTTP/1.1 100 Continue\r\n\r\n" + head(200) + BODY,
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" * 2 + head(200) + BODY,
        b"HTTP/1.1 200 OK\r\n no name\r\nno colon\r\nno name : x\r\nContent-Length:14\r\n\r\n" + BODY + b"more",
        b"HTTP/1.1 200\ncontent-length: 14\nContent-Length: 14\nX: y\n folded\n\n" + BODY + b"more",
        *(
            b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\n" % length + BODY
            for length in (b"many", b"1_0", b"", b"0x9")
        ),
        b"HTTP/1.1 200 OK\r\nContent-Length: +" + b"0" * 5000 + b"14\r\n\r\n" + BODY + b"more",
    ],
)
def test_good_answers_of_all_kinds(fetcher: Fetcher, serve: Serve, answer: bytes) -> None:
    """Known length, none, chunks, interim answers before, and lines among the headers that are none."""
    assert body_of(fetcher, serve({"/": raw(answer)}).url()) == BODY


def test_slow_answer_may_take_its_time(new_fetcher: NewFetcher, serve: Serve) -> None:
    """Silence is measured from byte to byte, not from the start."""
    server = serve({"/": dripping(head(200, Content_Length=14) + BODY, gap_seconds=0.02)})
    assert body_of(new_fetcher(timeout=1.0), server.url()) == BODY


def test_patience_ends_with_the_deadline() -> None:
    """A wait is cut to what is left; when nothing is, it is over."""
    moments = iter([100.0, 110.0, 120.0, 130.0])
    exchange = Exchange(FetchConfig(timeout=15, deadline=30), lambda: next(moments))
    exchange.begin(ask("http://shop.example/"))
    assert [exchange.patience(15), exchange.patience(15)] == [15, 10]
    with pytest.raises(TimeoutError):
        exchange.patience(15)


def test_silence_ends_with_the_deadline(new_fetcher: NewFetcher, serve: Serve) -> None:
    """Even where longer silence is allowed."""
    server = serve({"/": silent})
    assert type(failure(new_fetcher(timeout=60, deadline=0.3), ask(server.url()))) is DeadlineExceeded


def test_redirects_do_not_wait_for_their_bodies(new_fetcher: NewFetcher, serve: Serve) -> None:
    """Where to go is known; a connection is not worth the time."""
    server = serve({"/": lambda reply: (reply.send(head(302, Location="/p", Content_Length=9)), reply.wait(60))})
    begun = time.monotonic()
    assert isinstance(new_fetcher().fetch(ask(server.url())), Redirect)
    assert time.monotonic() - begun < 20


def test_requests_are_sent_at_once(fetcher: Fetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nagle's algorithm would wait for more of them."""
    options = []
    real = connection._Socket.connect
    monkeypatch.setattr(
        connection._Socket,
        "connect",
        lambda sock, to: options.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)) or real(sock, to),
    )
    body_of(fetcher, serve({"/": page(BODY)}).url())
    assert options
    assert all(options)


def test_connection_is_kept(fetcher: Fetcher, serve: Serve) -> None:
    """For pages, errors and redirects alike."""
    server = serve({"/": page(BODY), "/chunks": lambda reply: reply.send(CHUNKED + b"1\r\nx\r\n0\r\n\r\n")})
    moved = serve({"/": page(b"<a>here</a>", status=301, Location="/p")})
    for _ in range(5):
        body_of(fetcher, server.url())
        body_of(fetcher, server.url("/chunks"))
        failure(fetcher, ask(server.url("/404")))
        fetcher.fetch(ask(moved.url()))
    assert (server.connections, moved.connections) == (1, 1)


def test_connections_are_kept_to_few_hosts(fetcher: Fetcher, serve: Serve) -> None:
    """The one asked longest ago is given up."""
    servers = [serve({"/": page(BODY)}) for _ in range(connection.HOSTS_KEPT + 1)]
    for server in servers:
        body_of(fetcher, server.url())
    servers[0].wait_until_idle()
    body_of(fetcher, servers[1].url())
    assert servers[1].connections == 1


def test_long_redirects_are_not_read(fetcher: Fetcher, serve: Serve) -> None:
    """A new connection costs less."""
    server = serve({"/": page(bytes(1_000_000), status=302, Location="/p")})
    for _ in range(2):
        assert isinstance(fetcher.fetch(ask(server.url())), Redirect)
    assert server.connections == 2


def test_unread_answers_are_not_mistaken_for_the_next(fetcher: Fetcher, serve: Serve) -> None:
    """A connection on which something is left is not used again."""
    routes = {"/": page(BODY), "/long": endless(head(302, Location="/"), b"x"), "/slow": None}
    routes["/slow"] = lambda reply: (reply.send(head(302, Location="/", Content_Length=9)), reply.wait(60))
    routes["/broken"] = lambda reply: reply.send(head(302, Location="/", Transfer_Encoding="chunked") + b"x\r\n" + BODY)
    routes["/more"] = page(BODY + b"HTTP/1.1 500 Smuggled\r\n\r\n", Content_Length=len(BODY))
    server = serve(routes)
    for path in ("/long", "/slow", "/broken"):
        assert isinstance(fetcher.fetch(ask(server.url(path))), Redirect)
        assert body_of(fetcher, server.url()) == BODY
    assert body_of(fetcher, server.url("/more")) == BODY
    assert body_of(fetcher, server.url()) == BODY


def closing_quietly(reply: Reply) -> None:
    """Ends the connection when the next request on it has come, as a server does whose patience ran out just then."""
    if any(asked.connection == reply.asked.connection for asked in reply.server.requests[:-1]):
        reply.reset()
    else:
        page(BODY)(reply)


@pytest.mark.parametrize(
    "odd",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nodd!\r\n0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    ],
)
def test_connection_is_not_kept_where_an_answer_may_end_elsewhere(
    new_fetcher: NewFetcher, serve: Serve, odd: bytes
) -> None:
    """What comes then, however late, would be taken for the answer to the next request."""
    server = serve({"/": page(BODY), "/odd": lambda reply: reply.send(odd)})
    fetcher = new_fetcher(timeout=1.0)
    with suppress(FetchError):
        fetcher.fetch(ask(server.url("/odd")))
    assert body_of(fetcher, server.url()) == BODY
    assert server.connections == 2


@pytest.mark.parametrize("answer", [b"HTTP/1.1 204 No Content\r\n\r\n", head(304, Content_Length=0)])
def test_connection_is_kept_after_an_answer_without_a_body(fetcher: Fetcher, serve: Serve, answer: bytes) -> None:
    """There is nothing that could come late."""
    server = serve({"/": page(BODY), "/none": lambda reply: reply.send(answer)})
    failure(fetcher, ask(server.url("/none")))
    assert body_of(fetcher, server.url()) == BODY
    assert server.connections == 1


def test_closed_connection_is_replaced_unseen(fetcher: Fetcher, serve: Serve) -> None:
    """A kept connection that the server gives up just then is not the URL's fault."""
    server = serve({"/": closing_quietly})
    assert [body_of(fetcher, server.url()) for _ in range(3)] == [BODY] * 3
    assert (server.connections, len(server.requests)) == (3, 5)


def test_server_that_always_closes_is_told(fetcher: Fetcher, serve: Serve) -> None:
    """A fresh connection that breaks is a failure, and costs one request more at most."""
    server = serve({"/": in_turn(page(BODY), resetting())})
    assert body_of(fetcher, server.url()) == BODY
    assert failure(fetcher, ask(server.url())).reason == "reset"
    assert failure(fetcher, ask(server.url())).reason == "reset"
    assert len(server.requests) == 4


def test_silence_on_a_kept_connection_is_a_timeout(new_fetcher: NewFetcher, serve: Serve) -> None:
    """It is not asked again: the server has the request."""
    fetcher = new_fetcher(timeout=1.0)
    server = serve({"/": in_turn(page(BODY), silent)})
    assert body_of(fetcher, server.url()) == BODY
    assert type(failure(fetcher, ask(server.url()))) is ReadTimeout
    assert len(server.requests) == 2


def test_nobody_there_is_refused(fetcher: Fetcher) -> None:
    """A port that nothing listens on."""
    assert failure(fetcher, ask(f"http://{free_address('127.0.3.4')}/")).reason == "refused"


def test_full_backlog_is_a_connect_timeout(new_fetcher: NewFetcher) -> None:
    """A server that accepts nobody."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(address)
        error = failure(new_fetcher(connect_timeout=0.3), ask(f"http://127.0.0.1:{address[1]}/"))
        for sock in waiting:
            sock.close()
    assert type(error) is ConnectTimeout


@pytest.mark.parametrize("name", ["a..example", "x" * 64 + ".example", "nobody.invalid"])
def test_unknown_names(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Also those that are no names at all."""
    monkeypatch.setattr(socket, "getaddrinfo", _knows_nobody)
    assert failure(fetcher, ask(f"http://{name}/")).reason == "dns"


def _knows_nobody(host: bytes | str, *_: object) -> None:
    if isinstance(host, str):
        host.encode("idna")  # as the real one does
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(host: bytes, port: int, *_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_next_address_is_tried(fetcher: Fetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with one dead address is not dead."""
    server = serve({"/": page(BODY)})
    resolve_to(monkeypatch, "127.0.0.9", "127.0.0.1")
    url = server.url().replace("127.0.0.1", "shop.example")
    assert body_of(fetcher, url) == BODY
    assert server.requests[0].host.startswith("shop.example:")


def test_addresses_share_the_time_to_connect(new_fetcher: NewFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that swallows everything leaves some for the next."""
    waits: list[float | None] = []

    def connect(sock: socket.socket, _: object) -> None:
        waits.append(sock.gettimeout())
        raise ConnectionRefusedError

    monkeypatch.setattr(connection._Socket, "connect", connect)
    resolve_to(monkeypatch, "127.0.0.9", "127.0.0.1")
    assert failure(new_fetcher(connect_timeout=4, deadline=60), ask("http://shop.example/")).reason == "refused"
    assert waits == [2, 2]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"]])
def test_private_address_is_refused(
    fetcher: Fetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    """A name that leads to one, even among others, is not asked unless the user listed it."""
    server = serve({"/": page(BODY)})
    resolve_to(monkeypatch, *addresses)
    url = server.url().replace("127.0.0.1", "shop.example")
    error = failure(fetcher, ask(url, private_allowed=False))
    assert (type(error), error.reason) == (InvalidUrl, "private_address")
    assert server.connections == 0


def test_private_address_is_refused_on_a_redirect(fetcher: Fetcher, serve: Serve) -> None:
    """A page of the list may not send us to a server in the house."""
    inside = serve({"/": page(b"secret")}, address="127.0.0.2")
    server = serve({"/": redirect(inside.url())})
    request = ask(server.url())
    answer = fetcher.fetch(request)
    assert isinstance(answer, Redirect)
    assert failure(fetcher, request.follow(answer, max_redirects=5)).reason == "private_address"
    assert inside.connections == 0


def test_private_address_is_refused_on_a_kept_connection(fetcher: Fetcher, serve: Serve) -> None:
    """Which another URL, one of the list, may have opened."""
    server = serve({"/": page(BODY)})
    assert body_of(fetcher, server.url()) == BODY
    assert failure(fetcher, ask(server.url(), private_allowed=False)).reason == "private_address"
    assert len(server.requests) == 1


def test_proxy_gets_the_whole_url(new_fetcher: NewFetcher, serve: Serve) -> None:
    """And its own credentials; a proxy in the house is the user's choice."""
    proxy = serve(lambda asked: page(asked.path.encode()))
    fetcher = new_fetcher(proxy=f"http://me:secret@{proxy.host}")
    answer = fetcher.fetch(ask("http://shop.example/a?rate=50%", private_allowed=False))
    assert isinstance(answer, Page)
    assert answer.body == b"http://shop.example/a?rate=50%"
    assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://localhost:8080/", "https://[::1]/"])
def test_proxy_is_not_sent_inside(new_fetcher: NewFetcher, serve: Serve, url: str) -> None:
    """Behind it, an address that a redirect names is as private."""
    proxy = serve(lambda _: page())
    error = failure(new_fetcher(proxy=f"http://{proxy.host}"), ask(url, private_allowed=False))
    assert error.reason == "private_address"
    assert proxy.connections == 0


@pytest.mark.parametrize("url", ["http://shop.example/", "https://shop.example/"])
def test_proxy_that_fails_is_named(new_fetcher: NewFetcher, serve: Serve, url: str) -> None:
    """One that is not there, and one that refuses the tunnel; no message tells its password."""
    refusing = serve(lambda _: page(b"no", status=407))
    dead = new_fetcher(proxy="http://me:secret@127.0.0.1:1")
    assert failure(dead, ask(url)).reason == "proxy"
    error = failure(new_fetcher(proxy=f"http://me:secret@{refusing.host}"), ask(url))
    assert error.reason == ("proxy" if url.startswith("https") else "http_407")
    assert "secret" not in str(error)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusting(
    new_fetcher: NewFetcher, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Fetcher]]:
    """A fetcher that trusts the authority of the tests."""
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setattr(connection, "DEFAULT_CA_BUNDLE_PATH", path)
        fetchers: dict[tuple[tuple[str, Any], ...], Fetcher] = {}

        def trusting(**settings: Any) -> Fetcher:
            key = tuple(settings.items())
            fetchers[key] = fetchers.get(key) or new_fetcher(**settings)
            return fetchers[key]

        yield trusting


def test_unknown_certificate_is_refused(fetcher: Fetcher, serve: Serve, tls: ssl.SSLContext) -> None:
    """And not tried again."""
    error = failure(fetcher, ask(serve({"/": page()}, tls=tls).url()))
    assert (type(error), error.reason, error.retryable) == (UntrustedCertificate, "tls", False)


def test_unknown_certificate_may_be_accepted(new_fetcher: NewFetcher, serve: Serve, tls: ssl.SSLContext) -> None:
    """If the user says so; without a warning for every connection."""
    assert body_of(new_fetcher(insecure=True), serve({"/": page(BODY)}, tls=tls).url()) == BODY


def test_certificate_is_for_the_name(
    trusting: Callable[..., Fetcher], serve: Serve, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one in the URL, whatever address was connected to."""
    server = serve({"/": page(BODY)}, tls=tls)
    assert body_of(trusting(), server.url()) == BODY
    resolve_to(monkeypatch, "127.0.0.1")
    error = failure(trusting(), ask(server.url().replace("127.0.0.1", "shop.example")))
    assert type(error) is UntrustedCertificate


def test_plain_server_behind_https(fetcher: Fetcher) -> None:
    """Is a failure of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(_answer_plainly, listener)
        error = failure(fetcher, ask(f"https://127.0.0.1:{listener.getsockname()[1]}/"))
    assert (type(error), error.reason) == (ConnectFailed, "tls")


def _answer_plainly(listener: socket.socket) -> None:
    client, _ = listener.accept()
    with client:
        client.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
        client.recv(1 << 16)


def test_reset_before_the_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        accepted.close()
        select.select([client], [], [], 5)  # the reset has come
        with pytest.raises(ConnectionResetError):
            connection.tls_context(verify=False).wrap_socket(client, server_hostname="127.0.0.1")


def test_silence_instead_of_a_handshake(new_fetcher: NewFetcher) -> None:
    """Is no connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        fetcher = new_fetcher(connect_timeout=0.3)
        assert type(failure(fetcher, ask(f"https://127.0.0.1:{listener.getsockname()[1]}/"))) is ConnectTimeout


@pytest.mark.parametrize(
    ("route", "kind"),
    [
        (silent, ReadTimeout),
        (dripping(head(200) + BODY * 100), DeadlineExceeded),
        (raw(head(200, Content_Length=99) + BODY), TruncatedBody),
        (resetting(), ConnectFailed),
        (page(status=503), StatusError),
    ],
)
def test_bad_servers_end_soon_over_tls(
    trusting: Callable[..., Fetcher], serve: Serve, tls: ssl.SSLContext, route: Route, kind: type[FetchError]
) -> None:
    """The deadline holds there as well."""
    fetcher = trusting(**TIMEOUTS.get(kind, {}))
    assert type(failure(fetcher, ask(serve({"/": route}, tls=tls).url()))) is kind


def test_kept_connection_over_tls(trusting: Callable[..., Fetcher], serve: Serve, tls: ssl.SSLContext) -> None:
    """Is kept, and replaced unseen when the server closes it."""
    server = serve({"/": page(BODY), "/closing": closing_quietly}, tls=tls)
    assert [body_of(trusting(), server.url()) for _ in range(3)] == [BODY] * 3
    assert server.connections == 1
    assert body_of(trusting(), server.url("/closing")) == BODY
    assert server.connections == 2


def tunnel(reply: Reply) -> None:
    """A proxy's answer to CONNECT."""
    host, port = reply.asked.path.split(":")
    with socket.create_connection((host, int(port))) as inner:
        reply.send(b"HTTP/1.1 200 OK\r\n\r\n")
        others = {inner: reply._sock, reply._sock: inner}
        while True:
            for sock in select.select(list(others), [], [])[0]:
                if not (data := sock.recv(1 << 16)):
                    return reply.close()
                others[sock].sendall(data)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_deadline_holds_behind_a_proxy_that_speaks_tls(
    new_fetcher: NewFetcher, trusting: Callable[..., Fetcher], serve: Serve, tls: ssl.SSLContext, scheme: str
) -> None:
    """Where TLS goes through TLS, too; and the proxy's certificate is verified as any other."""
    answers = {"/": page(BODY), "/drip": dripping(head(200) + BODY * 100), "/hints": endless(b"", HINT)}
    forwarding = serve(lambda asked: answers[f"/{asked.path.rpartition('/')[2]}"], tls=tls)
    tunnelling = serve(lambda _: tunnel, tls=tls)
    base, proxy = (
        ("http://shop.example", forwarding) if scheme == "http" else (serve(answers, tls=tls).url(""), tunnelling)
    )
    fetcher = new_fetcher(proxy=proxy.url(""))
    assert body_of(fetcher, f"{base}/") == BODY
    assert failure(new_fetcher(proxy=proxy.url(""), deadline=1.0), ask(f"{base}/drip")).reason == "deadline"
    assert failure(fetcher, ask(f"{base}/hints")).reason == "too_many_headers"
