"""Answers that end early, break, or are not what they claim."""

import gzip
import socket
import struct
import sys
import zlib

import brotli

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Seen, product
from tests.server import Reply, Route, head, in_turn, page, raw, resetting

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BODY = product()
WHOLE = head(200, Content_Length=len(BODY), Content_Type="text/html") + BODY
CHUNKED = head(200, Transfer_Encoding="chunked", Content_Type="text/html")
CHUNK = b"%x\r\n%b\r\n" % (len(BODY), BODY)
CUT = "network_error truncated"
RESET = "network_error reset"
CODING = "network_error bad_encoding"
NO_HTTP = "network_error bad_response"


def chunked(data: bytes) -> Route:
    """A chunked answer, cut after `data`."""
    return raw(CHUNKED + data)


def coded(data: bytes, coding: str) -> Route:
    """A body in a content coding; its length is right."""
    return page(data, Content_Encoding=coding)


def length(value: str, *more: str) -> Route:
    """A product with this Content-Length, perhaps several, after which the connection ends."""
    lines = "".join(f"Content-Length: {value}\r\n" for value in (value, *more))
    return raw(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{lines}\r\n".encode() + BODY)


def coding(value: str, data: bytes) -> Route:
    """With this Transfer-Encoding."""
    return raw(head(200, Content_Type="text/html", Transfer_Encoding=value) + data)


def slam(sock: socket.socket) -> None:
    """Resets the connection as soon as it stands."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionAbortedError


def hang_up(_: socket.socket) -> None:
    """Closes the connection as soon as it stands."""
    raise ConnectionAbortedError


def half_closing(reply: Reply) -> None:
    """Says that nothing more comes, and stays."""
    reply.send(head(200, Content_Length=9999) + BODY)
    reply._sock.shutdown(socket.SHUT_WR)
    reply.wait(1)
    reply.close()


def unasked(reply: Reply) -> None:
    """Two answers to one request, the second a little later, and for somebody else."""
    PRODUCT(reply)
    smuggled = product("Smuggled")
    reply.send(head(200, Content_Length=len(smuggled), Content_Type="text/html") + smuggled)


def no_smuggled_name(seen: Seen) -> None:
    assert {row["name"] for row in seen.rows} == {"Chair"}, seen.rows


BEHAVIOURS = (
    Behaviour("body shorter than its length", {"/": raw(head(200, Content_Length=9999) + BODY)}, CUT, 3),
    Behaviour("body one byte short", {"/": raw(WHOLE[:-1])}, CUT, 3),
    Behaviour("no body at all", {"/": raw(head(200, Content_Length=9999))}, CUT, 3),
    Behaviour("cut at first, then whole", {"/": in_turn(raw(WHOLE[:-1]), PRODUCT)}, "ok", 2),
    Behaviour("half closed within the body", {"/": half_closing}, CUT, 3),
    Behaviour("body longer than its length", {"/": raw(WHOLE + b"HTTP/1.1 500 Smuggled\r\n\r\n")}),
    Behaviour("no length, and the end of the connection", {"/": raw(head(200, Content_Type="text/html") + BODY)}),
    Behaviour("cut within a chunk", {"/": chunked(CHUNK[:-20])}, CUT, 3),
    Behaviour("cut between chunks", {"/": chunked(CHUNK)}, CUT, 3),
    Behaviour("cut within the size of a chunk", {"/": chunked(CHUNK + b"3")}, CUT, 3),
    Behaviour("cut before the last line end", {"/": chunked(CHUNK + b"0\r\n")}, "ok", None),
    Behaviour("a chunk without size", {"/": chunked(b"\r\n" + BODY)}, CUT, 3),
    Behaviour("a chunk size that is no number", {"/": chunked(b"chair\r\n" + BODY)}, CUT, 3),
    Behaviour("a negative chunk size", {"/": chunked(b"-5\r\n" + BODY + b"\r\n0\r\n\r\n")}, CUT, 3),
    Behaviour("a chunk larger than it says", {"/": chunked(b"5\r\n" + BODY + b"\r\n0\r\n\r\n")}, CUT, 3),
    Behaviour("a chunk smaller than it says", {"/": chunked(b"fff\r\n" + BODY + b"\r\n0\r\n\r\n")}, CUT, 3),
    Behaviour("a chunk size of sixteen F", {"/": chunked(b"F" * 16 + b"\r\n" + BODY)}, CUT, 3),
    Behaviour("a chunk size of a thousand F", {"/": chunked(b"F" * 1000 + b"\r\n" + BODY)}, CUT, 3),
    Behaviour("a chunk size line of 70 KB", {"/": chunked(b"1;" + b"x" * 70_000 + b"\r\nx\r\n")},
              "too_large too_many_headers", 1),
    Behaviour("chunked, but is not", {"/": chunked(BODY)}, CUT, 3),
    Behaviour("chunked, with a length too", {"/": raw(head(200, Content_Length=7, Transfer_Encoding="chunked",
              Content_Type="text/html") + CHUNK + b"0\r\n\r\n")}),
    Behaviour("trailers after the chunks", {"/": chunked(CHUNK + b"0\r\nX: y\r\n\r\n")}),
    Behaviour("chunks in a coding that was not asked for", {"/": coding("gzip, chunked",
              b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzip.compress(BODY)), gzip.compress(BODY)))}, NO_HTTP, 3),
    Behaviour("an unknown transfer coding", {"/": coding("xyz", BODY)}, NO_HTTP, 3),
    Behaviour("gzip cut in the middle", {"/": coded(gzip.compress(BODY)[:-40], "gzip")}, CUT, 3),
    Behaviour("gzip without its checksum", {"/": coded(gzip.compress(BODY)[:-8], "gzip")}, CUT, 3),
    Behaviour("gzip with a wrong checksum", {"/": coded(gzip.compress(BODY)[:-8] + bytes(8), "gzip")}, CODING, 3),
    Behaviour("deflate cut in the middle", {"/": coded(zlib.compress(BODY)[:-20], "deflate")}, CUT, 3),
    Behaviour("br cut in the middle", {"/": coded(brotli.compress(BODY)[:-20], "br")}, CUT, 3),
    Behaviour("zstd cut in the middle", {"/": coded(zstd.compress(BODY)[:-20], "zstd")}, CUT, 3),
    Behaviour("gzip that is none", {"/": coded(BODY, "gzip")}, CODING, 3),
    Behaviour("br that is none", {"/": coded(BODY, "br")}, CODING, 3),
    Behaviour("an unknown content coding", {"/": coded(BODY, "rot13")}, CODING, 3),
    Behaviour("gzip, then rubbish", {"/": coded(gzip.compress(BODY) + b"rubbish", "gzip")}),
    Behaviour("gzip in two members", {"/": coded(gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]), "gzip")}),
    Behaviour("deflate without its wrapper", {"/": coded(zlib.compress(BODY, wbits=-15), "deflate")}),
    *(Behaviour(f"{name} named as a coding", {"/": coded(BODY, name)}) for name in ("identity", "none", "UTF-8", "binary")),
    Behaviour("x-gzip, in capitals", {"/": coded(gzip.compress(BODY), "X-GZip")}),
    Behaviour("gzip of nothing", {"/": coded(b"", "gzip")}, "not_product empty_page"),
    Behaviour("a length with a plus", {"/": length("+99999")}, CUT, 3),
    Behaviour("a negative length", {"/": length("-1")}, "ok", None),
    Behaviour("a length that is no number", {"/": length("many")}, "ok", None),
    Behaviour("a length as programs write numbers", {"/": length("1_0")}, "ok", None),
    Behaviour("two lengths that agree", {"/": length(f"{len(BODY)}", f"{len(BODY)}")}),
    Behaviour("two lengths that do not", {"/": length(f"{len(BODY)}", "7")}, NO_HTTP, 3),
    Behaviour("reset on connecting", {}, RESET, 0, greet=slam),
    Behaviour("closed on connecting", {}, RESET, 0, greet=hang_up),
    Behaviour("reset before an answer", {"/": resetting()}, RESET, 3),
    Behaviour("closed before an answer", {"/": raw(b"")}, RESET, 3),
    Behaviour("reset within the status line", {"/": resetting(b"HTTP/1.1 20")}, RESET, 3),
    Behaviour("closed within the status line", {"/": raw(b"HTTP/1.1 20")}, CUT, 3),
    Behaviour("closed after the status line", {"/": raw(b"HTTP/1.1 200 OK\r\n")}, CUT, 3),
    Behaviour("closed within the headers", {"/": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: ")}, CUT, 3),
    Behaviour("closed after the headers", {"/": raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")}, CUT, 3),
    Behaviour("reset within the headers", {"/": resetting(b"HTTP/1.1 200 OK\r\nContent-Type: x\r\n")}, RESET, 3),
    Behaviour("reset after the headers", {"/": resetting(head(200, Content_Length=9999))}, CUT, 3),
    Behaviour("reset within the body", {"/": resetting(head(200, Content_Length=9999) + BODY)}, CUT, 3),
    Behaviour("reset within a chunk", {"/": resetting(CHUNKED + b"fff\r\n" + BODY)}, CUT, 3),
    Behaviour("reset at first, then a page", {"/": in_turn(resetting(), PRODUCT)}, "ok", 2),
    Behaviour("closed after 100 Continue", {"/": raw(b"HTTP/1.1 100 Continue\r\n\r\n")}, RESET, 3),
    Behaviour("404 cut within its body", {"/": raw(head(404, Content_Length=9999) + BODY)}, "gone http_404", 1),
    Behaviour("a redirect cut within its body", {"/": raw(head(302, Location="/p", Content_Length=99) + b"x"),
              "/p": PRODUCT}, "ok", 2),
    Behaviour("answers that nobody asked for, on kept connections", {f"/{n}": unasked for n in range(12)},
              {f"/{n}": "ok" for n in range(12)}, None, no_smuggled_name),
    Behaviour("kept connections that are closed when used", {f"/{n}": raw(WHOLE) for n in range(12)},
              {f"/{n}": "ok" for n in range(12)}, 12),
)  # fmt: skip

EXPERIMENTS = (Experiment("cut", BEHAVIOURS, ("--ignore-robots",)),)
