"""A small shop of our own, served on loopback: pages to try the scraper on, and a clock to measure it by.

Every product page takes `delay_seconds`, whoever asks and however many ask at once; all other pages come at once.
"""

import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from socketserver import TCPServer
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from scraper.config import Config, OutputConfig, RunConfig
from scraper.run import Job, choose_outputs, run_job

COMPARED_PAGES = 10
ROBOTS = b"User-agent: *\nDisallow: /checkout/\n"
NOT_FOUND = b"<!doctype html><html lang=en><title>Not found</title><h1>404: there is no such page</h1></html>\n"


class DemoShop:
    """Serves the shop while the `with` block runs; leaving it also ends the requests that still wait."""

    base_url: str
    """Without a slash at its end; set on entering, like `product_urls`."""
    product_urls: tuple[str, ...]

    def __init__(self, delay_seconds: float = 1.0, host: str = "127.0.0.1", port: int = 0) -> None:
        self._delay_seconds = delay_seconds
        self._address = (host, port)

    def __enter__(self) -> Self:
        pages = _read_pages()
        self._server = _Server(self._address, pages, self._delay_seconds)
        host, port = self._server.server_address[:2]
        self.base_url = f"http://{host!s}:{port}"
        self.product_urls = tuple(self.base_url + path for path in pages if _is_product(path))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo-shop", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same pages fetched twice: one by one, and by many threads."""

    pages: int
    threads: int
    one_by_one_seconds: float
    parallel_seconds: float

    @property
    def speed_up(self) -> float:
        """How many times as fast the threads were."""
        return self.one_by_one_seconds / self.parallel_seconds


def compare(shop: DemoShop, *, threads: int, output: Path) -> Comparison:
    """Scrape ten pages of the shop by one thread, then by `threads`; the second round leaves `output`."""
    urls = shop.product_urls[:COMPARED_PAGES]
    with TemporaryDirectory(prefix="scrape-demo-") as folder:
        one_by_one = _measure(urls, threads=1, output=Path(folder) / "one-by-one.csv", store=Path(folder) / "1.db")
        parallel = _measure(urls, threads=threads, output=output, store=Path(folder) / "2.db")
    return Comparison(len(urls), threads, one_by_one, parallel)


def _measure(urls: tuple[str, ...], *, threads: int, output: Path, store: Path) -> float:
    """Seconds of a whole run, from reading the list to the finished table."""
    outputs = choose_outputs([str(output)])
    config = Config(run=RunConfig(threads=threads), output=OutputConfig(store=str(store)))
    began = time.perf_counter()
    run_job(Job(urls, outputs, config))
    return time.perf_counter() - began


def _read_pages() -> dict[str, bytes]:
    """The shop's pages by their path, in the order of the paths."""
    folder = files("scraper") / "demo_shop"
    pages = {f"/{page.name}": page.read_bytes() for page in folder.iterdir() if page.name.endswith(".html")}
    pages["/"] = pages.pop("/index.html")
    return dict(sorted(pages.items()))


def _is_product(path: str) -> bool:
    return path.startswith("/product-")


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # connections that may wait to be accepted; the default of 5 is less than ten threads

    def __init__(self, address: tuple[str, int], pages: Mapping[str, bytes], delay_seconds: float) -> None:
        self.pages = pages
        self.delay_seconds = delay_seconds
        self.closing = threading.Event()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer also looks its own name up, which takes seconds where DNS is slow

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that goes away is no news
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30  # seconds until an idle connection is closed, which ends its thread

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if self.server.closing.wait(self.server.delay_seconds if _is_product(path) else 0):
            self.close_connection = True
        elif path == "/robots.txt":
            self._answer(HTTPStatus.OK, "text/plain; charset=utf-8", ROBOTS)
        elif path in self.server.pages:
            self._answer(HTTPStatus.OK, "text/html; charset=utf-8", self.server.pages[path])
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/html; charset=utf-8", NOT_FOUND)

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class' name)
        """Print nothing: the terminal belongs to the scraper."""
