"""A loopback server whose answers are written byte by byte, so that they can be slow, broken or endless.

    with Server({"/p/1": page(b"<h1>Chair</h1>")}) as server:
        requests.get(server.url("/p/1"))
    assert server.paths == ["/p/1"]

A route is a function that gets a Reply and writes to it; when it returns, the connection waits for the next request,
unless the route closed it. A mapping of routes may be replaced by one function from Asked to a route.
"""

import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import Self

_LINGER_NONE = struct.pack("ii", 1, 0)  # closing sends a reset


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    time: float
    method: str
    path: str
    """With the query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    connection: int
    """Number of the connection, from 0: equal numbers were kept alive."""

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


class Reply:
    """What a route writes its answer to."""

    def __init__(self, server: "Server", sock: socket.socket, asked: Asked) -> None:
        self.server = server
        self.asked = asked
        self.is_closed = False
        self._sock = sock
        self._is_in_flight = True

    def send(self, data: bytes) -> None:
        self.begin()
        self._sock.sendall(data)

    def begin(self) -> None:
        """The request is not in flight any more: before its client can know, or the next would seem one too many."""
        if self._is_in_flight:
            self._is_in_flight = False
            self.server.count_out()

    def drip(self, data: bytes, gap_seconds: float) -> None:
        """One byte after the other."""
        for byte in data:
            self.send(bytes([byte]))
            self.wait(gap_seconds)

    def wait(self, seconds: float) -> None:
        """Sleeps, but no longer than the server lives."""
        if self.server.closing.wait(seconds):
            raise ConnectionAbortedError

    def wait_for_end(self) -> None:
        """Until the client has gone, or the server ends."""
        wait_for_end(self._sock)

    def close(self) -> None:
        """Ends the connection in order."""
        self.is_closed = True

    def reset(self) -> None:
        """Breaks the connection."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        self.close()


Route = Callable[[Reply], None]


class Server:
    """Serves on a loopback address until the `with` block ends."""

    def __init__(
        self,
        routes: Mapping[str, Route] | Callable[[Asked], Route],
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        threads: int = 64,
        tls: ssl.SSLContext | None = None,
        greet: Callable[[socket.socket], None] | None = None,
    ) -> None:
        """`greet` is called with each connection before anything is read from it; what it raises ends that one."""
        self._routes = routes if callable(routes) else lambda asked: _find(routes, asked.path)
        self._tls = tls
        self._greet = greet
        self._lock = threading.Lock()  # guards requests, connections, in_flight, max_in_flight, _socks
        self._changed = threading.Condition(self._lock)
        self._socks: set[socket.socket] = set()
        self.closing = threading.Event()
        self._pool = ThreadPoolExecutor(threads)
        self._listener = socket.create_server((address, port), backlog=256)
        self.host = f"{address}:{self._listener.getsockname()[1]}"
        self.requests: list[Asked] = []
        self.errors: list[Exception] = []
        """What routes raised; the first is raised again when the server ends."""
        self.connections = 0
        self.in_flight = 0
        self.max_in_flight = 0

    def __enter__(self) -> Self:
        self._acceptor = threading.Thread(target=self._accept)
        self._acceptor.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        self.drop_connections()
        self._pool.shutdown()
        if self.errors and kind is None:
            raise self.errors[0]

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}{path}"

    @property
    def paths(self) -> list[str]:
        with self._lock:
            return [asked.path for asked in self.requests]

    def wait_until_idle(self, seconds: float = 5.0) -> None:
        """Until no client is connected any more."""
        with self._lock:
            assert self._changed.wait_for(lambda: not self._socks, seconds), "clients are still connected"

    def count_out(self) -> None:
        """One request is no longer in flight."""
        with self._lock:
            self.in_flight -= 1

    def drop_connections(self) -> None:
        """Ends all connections, idle ones too."""
        with self._lock:
            for sock in self._socks:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                number, self.connections = self.connections, self.connections + 1
                self._socks.add(sock)
            self._pool.submit(self._serve, sock, number)

    def _serve(self, sock: socket.socket, number: int) -> None:
        stream = sock
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._greet:
                self._greet(sock)
            if self._tls:
                stream = self._tls.wrap_socket(sock, server_side=True)
                with self._lock:
                    self._socks.discard(sock)
                    self._socks.add(stream)
            with stream.makefile("rb") as requests:
                while (asked := _read(requests, number)) and self._answer(stream, asked):
                    pass
        except OSError:
            pass  # the client went away, or the server ends
        except Exception as error:
            self.errors.append(error)
        finally:
            stream.close()
            with self._lock:
                self._socks.discard(stream)
                self._changed.notify_all()

    def _answer(self, sock: socket.socket, asked: Asked) -> bool:
        """Whether the connection stays."""
        with self._lock:
            self.requests.append(asked)
            self.in_flight += 1
            self.max_in_flight = max(self.max_in_flight, self.in_flight)
        reply = Reply(self, sock, asked)
        try:
            self._routes(asked)(reply)
        finally:
            reply.begin()
        return not reply.is_closed


def _read(stream: object, number: int) -> Asked | None:
    """The next request; None when the client has closed."""
    lines = []
    while line := stream.readline():  # type: ignore[attr-defined]
        if line == b"\r\n":
            method, path, _ = lines[0].decode().split(" ")
            headers = BytesHeaderParser().parsebytes(b"".join(lines[1:]))
            lowered = {name.lower(): str(value) for name, value in headers.items()}
            return Asked(time.monotonic(), method, path, lowered, number)
        lines.append(line)
    return None


def _find(routes: Mapping[str, Route], path: str) -> Route:
    return routes.get(path) or routes.get(path.partition("?")[0]) or page(b"", status=404)


def free_address(host: str) -> str:
    """Where nobody listens nor will, on a host that no other test uses; clients have their ports on 127.0.0.1."""
    with socket.create_server((host, 0)) as free:
        return f"{host}:{free.getsockname()[1]}"


def wait_for_end(sock: socket.socket) -> None:
    """Until the other side has closed, or our own was shut down."""
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    poll.poll(600_000)


def head(status: int = 200, **headers: str | int) -> bytes:
    """The head of an answer; `_` in a header's name stands for `-`."""
    lines = [f"HTTP/1.1 {status} Reason"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def page(
    body: bytes = b"<html></html>", *, status: int = 200, after_seconds: float = 0.0, **headers: str | int
) -> Route:
    """A whole and proper answer."""
    headers = {"Content_Type": "text/html; charset=utf-8", "Content_Length": len(body), **headers}

    def route(reply: Reply) -> None:
        reply.wait(after_seconds)
        reply.send(head(status, **headers) + body)

    return route


def redirect(location: str, *, status: int = 302, **headers: str | int) -> Route:
    """A redirect with an empty body."""
    return page(b"", status=status, Location=location, **headers)


def raw(data: bytes) -> Route:
    """These bytes, then the end of the connection."""

    def route(reply: Reply) -> None:
        reply.send(data)
        reply.close()

    return route


def dripping(data: bytes, *, gap_seconds: float = 0.05) -> Route:
    """These bytes, one at a time."""
    return lambda reply: reply.drip(data, gap_seconds)


def endless(start: bytes, again: bytes) -> Route:
    """`again` after `start`, as fast as the client reads, for ever."""

    def route(reply: Reply) -> None:
        reply.send(start)
        while True:
            reply.send(again)

    return route


def silent(reply: Reply) -> None:
    """No answer, as long as client and server live."""
    reply.wait_for_end()
    raise ConnectionAbortedError


def resetting(data: bytes = b"") -> Route:
    """These bytes, then a reset."""

    def route(reply: Reply) -> None:
        reply.send(data)
        reply.reset()

    return route


def in_turn(*routes: Route) -> Route:
    """The first request gets the first route, and so on; the last one stays."""
    left = list(routes)
    lock = threading.Lock()

    def route(reply: Reply) -> None:
        with lock:
            chosen = left.pop(0) if len(left) > 1 else left[0]
        chosen(reply)

    return route
