"""Servers that take their time: silent, dripping, endless."""

import gzip
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Scene, Seen, command, product
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
    redirect,
    silent,
    wait_for_end,
)

CHUNKED = head(200, Transfer_Encoding="chunked", Content_Type="text/html")
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
READ = "timeout read_timeout"
DEADLINE = "timeout deadline"
HEADERS = "too_large too_many_headers"


def then_silent(data: bytes) -> Route:
    """These bytes, and nothing more."""

    def route(reply: Reply) -> None:
        reply.send(data)
        silent(reply)

    return route


def then_dripping(start: bytes, rest: bytes, *, gap_seconds: float = 0.2) -> Route:
    """`start` at once, then `rest` byte by byte for ever."""

    def route(reply: Reply) -> None:
        reply.send(start)
        while True:
            reply.drip(rest, gap_seconds)

    return route


def mute(sock: socket.socket) -> None:
    """Accepts a connection, and nothing more."""
    wait_for_end(sock)
    raise ConnectionAbortedError


def gap_of_timeouts(seen: Seen) -> None:
    assert min(seen.gaps) > 1, seen.gaps  # three, but the server may be late to see the first


BEHAVIOURS = (
    Behaviour("silent after the request", {"/": silent}, READ, 2, gap_of_timeouts),
    Behaviour("silent from the start", {}, READ, 0, greet=mute),
    Behaviour("status line byte by byte", {"/": then_dripping(b"", b"H")}, DEADLINE, 2),
    Behaviour("headers byte by byte", {"/": then_dripping(b"HTTP/1.1 200 OK\r\n", b"x")}, DEADLINE, 2),
    Behaviour("a header line now and then, for ever", {"/": then_dripping(head(200)[:-2], b"X: y\r\n")}, DEADLINE, 2),
    Behaviour("silent within the status line", {"/": then_silent(b"HTTP/1.1 2")}, READ, 2),
    Behaviour("silent within the headers", {"/": then_silent(b"HTTP/1.1 200 OK\r\nContent-")}, READ, 2),
    Behaviour("silent after the headers", {"/": then_silent(head(200, Content_Length=99))}, READ, 2),
    Behaviour("silent within the body", {"/": then_silent(head(200, Content_Length=9999) + product())}, READ, 2),
    Behaviour("silent without a length", {"/": then_silent(head(200) + product())}, READ, 2),
    Behaviour("silent within a chunk", {"/": then_silent(CHUNKED + b"3e8\r\n" + product())}, READ, 2),
    Behaviour("silent before the last chunk", {"/": then_silent(CHUNKED + b"2\r\nab\r\n")}, READ, 2),
    Behaviour("body byte by byte", {"/": then_dripping(head(200, Content_Length=9999), b"<p>")}, DEADLINE, 2),
    Behaviour("body without a length byte by byte", {"/": then_dripping(head(200), b"<p>")}, DEADLINE, 2),
    Behaviour("chunks byte by byte", {"/": then_dripping(CHUNKED, b"1\r\nx\r\n")}, DEADLINE, 2),
    Behaviour("the size of a chunk byte by byte", {"/": then_dripping(CHUNKED, b"0")}, DEADLINE, 2),
    Behaviour("trailers byte by byte", {"/": then_dripping(CHUNKED + b"0\r\n", b"X: y\r\n")}, DEADLINE, 2),
    Behaviour("trailers without end", {"/": endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 99)}, HEADERS),
    Behaviour("gzip byte by byte", {"/": then_dripping(head(200, Content_Encoding="gzip"),
              gzip.compress(product())[:-9] * 9)}, DEADLINE, 2),
    Behaviour("100 Continue now and then, for ever", {"/": then_dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n",
              gap_seconds=0.05)}, DEADLINE, 2),
    Behaviour("100 Continue, then nothing", {"/": then_silent(b"HTTP/1.1 100 Continue\r\n\r\n")}, READ, 2),
    Behaviour("102 Processing now and then, for ever", {"/": then_dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n",
              gap_seconds=0.02)}, DEADLINE, 2),
    Behaviour("early hints without end", {"/": endless(b"", HINTS * 99)}, HEADERS),
    Behaviour("header lines without end", {"/": endless(head(200)[:-2], b"X: y\r\n" * 99)}, HEADERS),
    Behaviour("a header line without end", {"/": endless(head(200)[:-2] + b"X: ", b"y" * 999)}, HEADERS),
    Behaviour("a status line without end", {"/": endless(b"HTTP/1.1 200 ", b"O" * 999)}, HEADERS),
    Behaviour("a redirect whose body never comes", {"/": then_silent(head(302, Location="/p", Content_Length=9)),
              "/p": PRODUCT}, "ok", 2),
    Behaviour("a redirect whose body never ends", {"/": endless(head(302, Location="/p"), b"x" * 999), "/p": PRODUCT},
              "ok", 2),
    Behaviour("a redirect to silence", {"/": redirect("/p"), "/p": silent}, READ, 3),
    Behaviour("404 whose body never comes", {"/": then_silent(head(404, Content_Length=99))}, "gone http_404", 1),
    Behaviour("404 whose body never ends", {"/": endless(head(404), b"x" * 999)}, "gone http_404", 1),
    Behaviour("503 whose body never comes", {"/": then_silent(head(503, Content_Length=99))}, "http_error http_503", 2),
    Behaviour("silent once", {"/": in_turn(silent, PRODUCT)}, "ok", 2),
    Behaviour("slow, and well within the limits", {"/": dripping(head(200, Content_Length=len(product())) + product(),
              gap_seconds=0.001)}, "ok", None),
    Behaviour("some seconds before a good answer", {"/": page(product(), after_seconds=0.5)}, "ok", None),
    Behaviour("many silent URLs beside a good host", {f"/{n}": silent for n in range(4)},
              {f"/{n}": READ for n in range(4)}, 8, lists_other=True),
)  # fmt: skip


def nobody_accepts(folder: Path) -> None:
    """The queue of connections is full, so that none is made; who is listed beside it does not notice."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as full,
        Server({"/1": PRODUCT}) as server,
        ExitStack() as waiting,
    ):
        for _ in range(4):
            sock = waiting.enter_context(socket.socket())
            sock.setblocking(False)
            sock.connect_ex(full.getsockname())
        (folder / "config.toml").write_text(
            "[fetch]\nconnect_timeout = 1.0\n[retry]\nbackoff = 0.02\n", encoding="utf-8"
        )
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        ran = command(folder, f"{url}/1", f"{url}/2", server.url("/1"), "--ignore-robots", "-v")
    assert len(ran.rows) == 1, ran.stderr
    assert {f"{row['status']} {row['reason']} {row['attempts']}" for row in ran.failures} == {
        "timeout connect_timeout 3"
    }


def nobody_listens(folder: Path) -> None:
    """And robots.txt cannot be had either, which is asked for thrice, for all URLs together."""
    url = f"http://{free_address('127.0.3.1')}"
    ran = command(folder, *(f"{url}/{n}" for n in range(20)), "-v")
    assert {f"{row['status']} {row['reason']}" for row in ran.failures} == {"network_error refused"}
    assert ran.seconds < 100, f"took {ran.seconds:.0f} s"


SCENES = (Scene("nobody accepts", nobody_accepts), Scene("nobody listens", nobody_listens))
EXPERIMENTS = (
    Experiment(
        "slow",
        BEHAVIOURS,
        ("--timeout", "3", "--deadline", "6", "--retries", "1", "--ignore-robots", "--max-body", "2MB"),
        "[fetch]\nconnect_timeout = 3.0\n",
        check=lambda ran: _ended_in_time(ran.seconds),
    ),
)


def _ended_in_time(seconds: float) -> None:
    assert seconds < 150, f"took {seconds:.0f} s"  # 30 on an idle machine
