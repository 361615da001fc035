"""A server whose pages take a given time: `/wait/MILLISECONDS/NUMBER.html`, on many addresses of this machine.

One event loop that only waits, so that thousands of requests can wait at once. `/-/count` answers what it saw since it
was last asked. Run as `python -m benchmarks.latency_server HOSTS`; it prints its port once it listens.
"""

import asyncio
import json
import socket
import sys
from dataclasses import dataclass

from benchmarks.pages import Truth

_BACKLOG = 4096


@dataclass(slots=True)
class Counts:
    """What the server saw."""

    requests: int = 0
    """Of pages; not of robots.txt."""
    waiting: int = 0
    most_waiting: int = 0


def wait_path(milliseconds: int, number: int) -> str:
    """Of a page that takes so long."""
    return f"/wait/{milliseconds}/{number}.html"


def wait_truth(number: int) -> Truth:
    """What its page says."""
    return {
        "name": f"Waiting Room Chair {number}",
        "price": f"{1 + number % 900}.50",
        "currency": "EUR",
        "availability": "InStock",
        "sku": f"WR-{number}",
        "image": f"https://cdn.shop-static.example/wait/{number}.jpg",
    }


def _wait_page(number: int) -> bytes:
    truth = wait_truth(number)
    offer = {
        "@type": "Offer",
        "price": truth["price"],
        "priceCurrency": truth["currency"],
        "availability": f"https://schema.org/{truth['availability']}",
    }
    markup = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": truth["name"],
        "sku": truth["sku"],
        "image": truth["image"],
        "offers": offer,
    }
    return f"""<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>{truth["name"]}</title>
<script type="application/ld+json">{json.dumps(markup)}</script></head>
<body><main><h1>{truth["name"]}</h1><p class="price">{truth["price"].replace(".", ",")} €</p></main></body></html>
""".encode()


class Connection(asyncio.Protocol):
    """One connection, kept open; requests are answered in turn."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request: at once, or when its time has come."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._answer(head.split(b" ", 2)[1].decode("ascii"))

    def _answer(self, path: str) -> None:
        match path.split("/"):
            case ["", "wait", milliseconds, name]:
                self._counts.requests += 1
                self._counts.waiting += 1
                self._counts.most_waiting = max(self._counts.most_waiting, self._counts.waiting)
                body = _wait_page(int(name.removesuffix(".html")))
                asyncio.get_running_loop().call_later(int(milliseconds) / 1000, self._end_wait, body)
            case ["", "-", "count"]:
                counts = {"requests": self._counts.requests, "most_waiting": self._counts.most_waiting}
                self._send(200, json.dumps(counts).encode())
                self._counts.requests = self._counts.most_waiting = 0
            case _:
                self._send(404, b"not here")

    def _end_wait(self, body: bytes) -> None:
        self._counts.waiting -= 1
        self._send(200, body)

    def _send(self, status: int, body: bytes) -> None:
        head = (
            f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Found'}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head.encode() + body)


def host(number: int) -> str:
    """The address of the host of that number."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def _listen(hosts: int) -> list[socket.socket]:
    """A socket a host, all on the same port."""
    first = socket.create_server((host(0), 0), backlog=_BACKLOG)
    port = first.getsockname()[1]
    return [first, *(socket.create_server((host(number), port), backlog=_BACKLOG) for number in range(1, hosts))]


async def serve(hosts: int) -> None:
    """Until the process is ended."""
    counts = Counts()
    loop = asyncio.get_running_loop()
    sockets = _listen(hosts)
    servers = [await loop.create_server(lambda: Connection(counts), sock=sock, backlog=_BACKLOG) for sock in sockets]
    sys.stdout.write(f"{sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
