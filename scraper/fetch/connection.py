"""Connections that go only where they may, and end when they must.

`requests` knows a timeout for silence, but none for the whole; and it resolves a name without showing the address.
Both are decided on the socket, so the adapter here lets urllib3 use connections, and these use sockets, of our own.
"""

import contextlib
import errno
import functools
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family
from urllib3.util.ssl_ import create_urllib3_context

from scraper.config import FetchConfig
from scraper.errors import BodyTooLarge, InvalidUrl, LookupsBusy
from scraper.fetch.answer import Answer
from scraper.fetch.guard import is_public
from scraper.fetch.redirect import Request
from scraper.fetch.resolver import NoPlaceError, Resolver
from scraper.urls import Url

MAX_HEAD_BYTES = 256 * 1024
"""Most bytes before the body, interim answers included."""

CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

HOSTS_KEPT = 4
"""Hosts to which one thread keeps a connection; many threads must not run out of file descriptors."""


def private_address(url: Url) -> InvalidUrl:
    """What is raised instead of a request that must not be made."""
    return InvalidUrl(url.href, "private_address", f"{url.host}: has a private address, and is not in the list")


class Exchange:
    """What the connections of one thread must know of the request under way; `begin` sets it anew for each."""

    def __init__(self, config: FetchConfig, clock: Callable[[], float], resolver: Resolver | None = None) -> None:
        self._config = config
        self._clock = clock
        self.resolver = resolver or Resolver()
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

    def limit(self, sock: socket.socket) -> None:
        """Lets the next step on `sock` take as long as it may."""
        patience = self.patience(self._config.timeout)
        if sock.gettimeout() != patience:  # setting it is a system call
            sock.settimeout(patience)

    def hurry(self, seconds: float) -> None:
        """The rest is not worth more than `seconds`."""
        self._due = min(self._due, self._clock() + seconds)

    def extend(self, seconds: float) -> None:
        """So much was waited for what is no fault of the server."""
        self._due += seconds

    def abort(self) -> None:
        """End what is under way, from another thread, and let nothing follow: it fails as if the server had gone."""
        self._is_aborted = True
        if sock := self._reading:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # also under TLS, whose own would wait for an answer

    def receive(self, read: Callable[[], int], sock: socket.socket) -> int:
        """Reads from `sock` as long as may be waited."""
        self._reading = sock
        self.limit(sock)
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
    def getpeername(self) -> Any:
        """As `ssl` asks before the handshake; if the connection is gone by then, it would go on without one."""
        try:
            return super().getpeername()
        except OSError as error:
            self.close()  # nobody else may know it by now
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)) from error

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """As urllib3 reads where TLS goes through TLS."""
        buffer = bytearray(buflen)
        return bytes(buffer[: self.recv_into(buffer, None, flags)])


class _Connection(HTTPConnection):
    response_class = Answer

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
        seconds = self.exchange.patience(float(self.timeout or 0))
        try:
            return self.exchange.resolver.resolve(host, self.port, allowed_gai_family(), seconds=seconds)
        except NoPlaceError as error:
            url = self.exchange.request.url
            raise LookupsBusy(url.href, "dns", f"{url.host}: too many other names are being looked up") from error

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
                self._peer = address[0]
                return sock
        raise failure

    def request(self, method: str, *_: Any, headers: Mapping[str, str], **__: Any) -> None:  # type: ignore[override]
        """Sends the target as the URL has it, which urllib3 would encode again, and all at once."""
        exchange = self.exchange
        if self.sock is None:
            self.connect()
        exchange.is_reused = not exchange.has_connected
        if exchange.is_reused and not self.proxy:
            exchange.admit(self._peer)
        exchange.limit(self.sock)
        fields = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        self.sock.sendall(f"{method} {exchange.target} HTTP/1.1\r\n{fields}\r\n".encode("iso-8859-1"))

    def getresponse(self) -> Answer:  # type: ignore[override]
        self.exchange.on_sent()
        self.exchange.is_reading_head = True
        answer = Answer(self.sock)
        try:
            answer.begin()
        except BaseException:
            answer.close()
            raise
        finally:
            self.exchange.is_reading_head = False
        if answer.will_close:
            self.close()
        return answer


class _TlsConnection(_Connection, HTTPSConnection):
    def __init__(self, *args: Any, context: Callable[[], ssl.SSLContext], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._context = context

    def _connect_tls_proxy(self, hostname: str, sock: socket.socket) -> ssl.SSLSocket:
        """With our sockets and certificates; urllib3 would take others, which know no deadline."""
        secured = cast(_TlsSocket, self._context().wrap_socket(sock, server_hostname=hostname))
        secured.exchange = self.exchange
        self.proxy_is_verified = True
        return secured

    def connect(self) -> None:
        try:
            super().connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no TLS handshake in time") from error
        cast(_TlsSocket, self.sock).exchange = self.exchange


class _Pool(HTTPConnectionPool):
    ConnectionCls = cast(Any, _Connection)


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = cast(Any, _TlsConnection)

    def _validate_conn(self, conn: Any) -> None:
        """Connects, without urllib3's warning for every connection that the user asked not to verify."""
        if conn.is_closed:
            conn.connect()


class Adapter(HTTPAdapter):
    """The transport of one thread."""

    def __init__(self, exchange: Exchange, context: Callable[[], ssl.SSLContext]) -> None:
        self.exchange = exchange
        self._context = context
        self._last: tuple[str, Any] = ("", None)
        self._pools = {
            "http": functools.partial(_Pool, exchange=exchange),
            "https": functools.partial(_TlsPool, exchange=exchange, context=context),
        }
        super().__init__(pool_connections=HOSTS_KEPT, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With pools of our connections."""
        super().init_poolmanager(*args, **kwargs)
        self._equip(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """With pools of our connections."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        self._equip(manager)
        return manager

    def _equip(self, manager: Any) -> None:
        manager.pool_classes_by_scheme = self._pools
        # urllib3 leaves connections to the garbage collector, which may come for them late.
        manager.pools.dispose_func = HTTPConnectionPool.close

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """With the TLS context of all threads, where one is needed."""
        host, _ = super().build_connection_pool_key_attributes(*args, **kwargs)
        if host["scheme"] != "https":
            return host, {}
        context = self._context()
        return host, {"ssl_context": context, "cert_reqs": context.verify_mode}

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """The context has the certificates already; requests would load them for every connection."""

    def get_connection_with_tls_context(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The pool of the URL's origin; that of the last one is found at once."""
        origin = self.exchange.request.url.origin
        last = self._last  # read once: when the run ends, another thread may call `close`
        if last[0] != origin:
            last = self._last = (origin, super().get_connection_with_tls_context(request, *args, **kwargs))
        return last[1]

    def close(self) -> None:
        """Lets go of all connections."""
        self._last = ("", None)
        super().close()

    def request_url(self, request: Any, proxies: Any) -> str:
        """Kept aside for the connection, before anything encodes it again or drops an empty query."""
        self.exchange.target = "/" + request.url.split("/", 3)[3]
        if not proxies:
            return "/"
        target = super().request_url(request, proxies)
        if not target.startswith("/"):
            self.exchange.target = target
        return target

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        """Without a cookie jar and a charset, which nobody asks for."""
        response = requests.Response()
        response.status_code = resp.status
        response.headers = resp.headers
        response.raw = resp
        response.request = req
        return response


def trusted_certificates() -> str:
    """The file of the authorities to trust: the one that the surroundings name, as for other programs."""
    named = filter(None, map(os.environ.get, CERTIFICATE_VARIABLES))
    return next(named, DEFAULT_CA_BUNDLE_PATH)


def tls_context(*, verify: bool) -> ssl.SSLContext:
    """One for all threads; loading the certificates takes longer than many a request."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED if verify else ssl.CERT_NONE)
    context.sslsocket_class = _TlsSocket
    if verify:
        context.load_verify_locations(trusted_certificates())
    return context
