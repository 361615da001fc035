"""Connections that go only where they may, and end when they must.

`requests` knows a timeout for silence, but none for the whole; and it resolves a name without showing the address.
Both are decided on the socket, so the adapter here lets urllib3 use connections, and these use sockets, of our own.
"""

import contextlib
import functools
import http.client
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import create_urllib3_context

from scraper.config import FetchConfig
from scraper.errors import BodyTooLarge, InvalidUrl
from scraper.fetch.guard import is_public
from scraper.fetch.redirect import Request
from scraper.urls import Url

MAX_HEAD_BYTES = 256 * 1024
"""Most bytes before the body, interim answers included."""

MAX_HEADERS = 100
MAX_HEADER_LINE_BYTES = 64 * 1024

HOSTS_KEPT = 5
"""Hosts to which one thread keeps a connection; many threads must not run out of file descriptors."""


def private_address(url: Url) -> InvalidUrl:
    """What is raised instead of a request that must not be made."""
    return InvalidUrl(url.href, "private_address", f"{url.host}: has a private address, and is not in the list")


class Exchange:
    """What the connections of one thread must know of the request under way; `begin` sets it anew for each."""

    def __init__(self, config: FetchConfig, clock: Callable[[], float]) -> None:
        self._config = config
        self._clock = clock
        self._reading: socket.socket | None = None
        self._is_aborted = False

    def begin(self, request: Request, on_sent: Callable[[], None] = lambda: None) -> None:
        """The deadline of `request` counts from now; `on_sent` is for when it has been written."""
        self.request = request
        self.on_sent = on_sent
        self.target = ""
        self.is_reading_head = False
        self.is_reused = False
        self.has_connected = False
        self.received_bytes = 0
        self._due = self._clock() + self._config.deadline

    @property
    def is_past_deadline(self) -> bool:
        """Whether the time for the whole request is over."""
        return self._clock() >= self._due

    @property
    def is_stale(self) -> bool:
        """Whether the request went out on a kept connection and nothing came back: the server may have closed it."""
        return self.is_reused and not self.received_bytes

    def patience(self, timeout: float) -> float:
        """Seconds that a step may take which may take `timeout` by itself; raises TimeoutError after the deadline."""
        left = self._due - self._clock()
        if left <= 0 or self._is_aborted:
            raise TimeoutError
        return min(timeout, left)

    def hurry(self, seconds: float) -> None:
        """The rest is not worth more than `seconds`."""
        self._due = min(self._due, self._clock() + seconds)

    def abort(self) -> None:
        """End what is under way, from another thread, and let nothing follow: it fails as if the server had gone."""
        self._is_aborted = True
        if sock := self._reading:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # also under TLS, whose own would wait for an answer

    def receive(self, read: Callable[[], int], sock: socket.socket) -> int:
        """Reads from `sock` as long as may be waited."""
        self._reading = sock
        sock.settimeout(self.patience(self._config.timeout))
        count = read()
        self.received_bytes += count
        if self.is_reading_head and self.received_bytes > MAX_HEAD_BYTES:
            url = self.request.url
            raise BodyTooLarge(url.href, "too_many_headers", f"{url.host}: more than {MAX_HEAD_BYTES} bytes of headers")
        return count

    def admit(self, address: str) -> None:
        """Raises InvalidUrl if the request must not reach this IP address."""
        if not self.request.private_allowed and not is_public(address):
            raise private_address(self.request.url)


class _Socket(socket.socket):
    """Every read heeds the deadline."""

    exchange: Exchange

    def recv_into(self, *args: Any) -> int:
        return self.exchange.receive(functools.partial(super().recv_into, *args), self)


class _TlsSocket(_Socket, ssl.SSLSocket):
    pass


_INTERIM = re.compile(rb"HTTP/1\.\d +1(?!01)\d\d\b")  # 101 is final: no HTTP follows
_HEADER_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?=[ \t]*:)")


class _Response(http.client.HTTPResponse):
    """Is strict where http.client guesses (a head that ends early, unknown codings), and lenient as browsers are.

    http.client takes 103 Early Hints for the final answer, and a line without a colon for the end of all headers.
    """

    def begin(self) -> None:
        stream = self.fp
        self.fp = cast(Any, io.BytesIO(_read_head(stream)))
        try:
            super().begin()
        finally:
            self.fp = stream
        coding = self.headers.get("Transfer-Encoding", "identity").strip().lower()
        if coding != ("chunked" if self.chunked else "identity"):
            raise http.client.UnknownTransferEncoding(coding)

    def _read_and_discard_trailer(self) -> None:
        with contextlib.suppress(http.client.IncompleteRead):  # the body was whole before
            for _ in _header_lines(self.fp):
                pass


def _read_head(stream: io.BufferedIOBase) -> bytes:
    """The status line and the headers of the final answer, without what is no header; else what stands in its place."""
    while True:
        status = stream.readline(MAX_HEADER_LINE_BYTES + 1)
        if not status or not status.startswith(b"HTTP/"[: len(status)]):
            return status
        _check_line(status)
        lines = list(_header_lines(stream))
        if not _INTERIM.match(status):
            return b"".join([status, *_well_formed(lines), b"\r\n"])


def _header_lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """The lines up to the empty one."""
    for _ in range(MAX_HEADERS + 1):
        line = _check_line(stream.readline(MAX_HEADER_LINE_BYTES + 1))
        if line in (b"\r\n", b"\n"):
            return
        yield line
    raise http.client.HTTPException(f"more than {MAX_HEADERS} headers")


def _check_line(line: bytes) -> bytes:
    if len(line) > MAX_HEADER_LINE_BYTES:
        raise http.client.LineTooLong("header line")
    if not line.endswith(b"\n"):
        raise http.client.IncompleteRead(line)
    return line


def _well_formed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Those that are headers, with the lines that continue one."""
    is_kept = False
    for line in lines:
        if line[:1] not in (b" ", b"\t"):
            name = _HEADER_NAME.match(line)
            is_kept = name is not None
            line = name[0] + line[name.end() :].lstrip(b" \t") if name else line
        if is_kept:
            yield line


class _Connection(HTTPConnection):
    response_class = _Response

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exchange = exchange

    def _new_conn(self) -> socket.socket:
        self.exchange.has_connected = True
        try:
            return self._connect_any(self._resolve())
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no connection in time") from error
        except OSError as error:
            raise NewConnectionError(self, "no connection") from error

    def _resolve(self) -> list[tuple[Any, ...]]:
        # As bytes: getaddrinfo applies IDNA 2003 to str, and fails on names that are none.
        host = self._dns_host.encode("ascii")
        return socket.getaddrinfo(host, self.port, allowed_gai_family(), socket.SOCK_STREAM)

    def _connect_any(self, addresses: list[tuple[Any, ...]]) -> socket.socket:
        """The first address that answers; each has its share of the time left."""
        if not self.proxy:
            for *_, address in addresses:
                self.exchange.admit(address[0])
        failure: OSError = ConnectionError("no address")
        share = float(self.timeout or 0) / max(len(addresses), 1)
        for family, kind, protocol, _, address in addresses:
            sock = _Socket(family, kind, protocol)
            sock.exchange = self.exchange
            try:
                for option in self.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(self.exchange.patience(share))
                sock.connect(address)
            except OSError as error:
                sock.close()
                failure = error
            else:
                return sock
        raise failure

    def putrequest(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Sends the target as the URL has it: urllib3 would encode some of it again."""
        self.exchange.is_reused = not (self.is_closed or self.exchange.has_connected)
        if self.exchange.is_reused and not self.proxy:
            self.exchange.admit(self.sock.getpeername()[0])
        super().putrequest(method, self.exchange.target, *args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        self.exchange.on_sent()
        self.exchange.is_reading_head = True
        try:
            return super().getresponse()
        finally:
            self.exchange.is_reading_head = False


class _TlsConnection(_Connection, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no TLS handshake in time") from error
        cast(_TlsSocket, self.sock).exchange = self.exchange


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection

    def _validate_conn(self, conn: Any) -> None:
        """Connects, without urllib3's warning for every connection that the user asked not to verify."""
        if conn.is_closed:
            conn.connect()


class Adapter(HTTPAdapter):
    """The transport of one thread."""

    def __init__(self, exchange: Exchange, context: Callable[[], ssl.SSLContext]) -> None:
        self.exchange = exchange
        self._context = context
        self._pools = {
            "http": functools.partial(_Pool, exchange=exchange),
            "https": functools.partial(_TlsPool, exchange=exchange),
        }
        super().__init__(pool_connections=HOSTS_KEPT, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With pools of our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """With pools of our connections."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """With the TLS context of all threads, where one is needed."""
        host, _ = super().build_connection_pool_key_attributes(*args, **kwargs)
        if host["scheme"] != "https":
            return host, {}
        context = self._context()
        return host, {"ssl_context": context, "cert_reqs": context.verify_mode}

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """The context has the certificates already; requests would load them for every connection."""

    def request_url(self, request: Any, proxies: Any) -> str:
        """Kept aside for the connection, before anything encodes it again or drops an empty query."""
        target = super().request_url(request, proxies)
        self.exchange.target = "/" + request.url.split("/", 3)[3] if target.startswith("/") else target
        return target


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """One for all threads; loading the certificates takes longer than many a request."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
    context.sslsocket_class = _TlsSocket
    if verify:
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
