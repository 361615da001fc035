"""The servers that the clients are measured with, each in a process of its own, on loopback only."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.bench import Seen
from benchmarks.latency_server import host, wait_path
from benchmarks.pages import PageSet, Truth

_NGINX_CONFIG = """
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile {descriptors};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    default_type text/html;
    charset utf-8;
    log_format path '$uri';
    access_log {folder}/access.log path;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {pages};
        gzip_static always;
        gunzip on;
        location = /robots.txt {{ return 404; }}
    }}
}}
"""


class ServerMissing(Exception):
    """A program that the benchmarks need is not installed; its message says which."""


@dataclass(frozen=True, slots=True)
class PageServer:
    """nginx with the pages."""

    origin: str
    log: Path
    pages: PageSet

    def truths(self, share: float = 1.0) -> dict[str, Truth]:
        """URL -> truth of the pages, or of the first of them; at least one."""
        paths = self.pages.paths[: max(1, int(len(self.pages.paths) * share))]
        return {f"{self.origin}{path}": self.pages.truths[path] for path in paths}

    def take_seen(self, expected: int) -> Seen:
        """Since the last call; waits a moment for the log to show as many requests as are expected."""
        until = time.monotonic() + 2
        while (count := self._count()) < expected and time.monotonic() < until:
            time.sleep(0.05)
        with self.log.open("r+b") as log:
            log.truncate()
        return Seen(count)

    def _count(self) -> int:
        with self.log.open(encoding="utf-8", errors="replace") as log:
            return sum("/p/" in line for line in log)


def find_nginx() -> str:
    """The path of the program. Raises ServerMissing."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ServerMissing("nginx is missing; take it from the system's packages, as by: apt-get install nginx-light")
    return found


@contextmanager
def serve_pages(pages: PageSet, folder: Path) -> Iterator[PageServer]:
    """Start nginx in the folder and end it. Raises ServerMissing."""
    nginx = find_nginx()
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    is_root = os.geteuid() == 0
    config = folder / "nginx.conf"
    config.write_text(
        _NGINX_CONFIG.format(
            user="user root;" if is_root else "",
            folder=folder,
            pages=pages.folder,
            port=port,
            descriptors=min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
        ),
        encoding="utf-8",
    )
    with _running([nginx, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")]) as process:
        _await_port(port, process, folder / "error.log")
        yield PageServer(f"http://127.0.0.1:{port}", folder / "access.log", pages)


@dataclass(frozen=True, slots=True)
class LatencyServer:
    """The server whose pages take their time."""

    port: int

    def url(self, host_number: int, milliseconds: int, number: int) -> str:
        """Of a page on that host that takes so long."""
        return f"http://{host(host_number)}:{self.port}{wait_path(milliseconds, number)}"

    def take_seen(self, expected: int) -> Seen:  # noqa: ARG002 - it has always seen all
        """Since the last call."""
        with urlopen(f"http://{host(0)}:{self.port}/-/count") as answer:
            counts = json.load(answer)
        return Seen(counts["requests"], counts["most_waiting"])


@contextmanager
def serve_latency(hosts: int) -> Iterator[LatencyServer]:
    """Start the server on so many addresses and end it."""
    command = [sys.executable, "-m", "benchmarks.latency_server", str(hosts)]
    with _running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - said one line above
        yield LatencyServer(int(process.stdout.readline()))


@contextmanager
def _running(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=stdout)  # noqa: S603 - our own words
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ServerMissing(f"nginx does not start: {log.read_text() if log.exists() else 'no error log'}")
