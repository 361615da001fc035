"""Bodies, headers and compressions that are too large, or only look so."""

import gzip
import random
import sys
import zlib

import brotli

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Seen, product
from tests.server import Reply, Route, endless, head, page, raw, silent

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNKED = head(200, Transfer_Encoding="chunked", Content_Type="text/html")
LARGE = "too_large body_too_large"
RATIO = "too_large decompression_ratio"
HEADERS = "too_large too_many_headers"
ZEROS = bytes(40_000_000)


def noise(count: int) -> bytes:
    """Bytes of a page that compress badly."""
    letters = random.Random(1).choices(b"abcdefghijklmnop", k=count)  # noqa: S311 - the same ones every time
    return b"<!-- " + bytes(letters) + b" -->"


def encoded(body: bytes, coding: str) -> Route:
    """A page in this content coding."""
    return page(body, Content_Encoding=coding)


def with_headers(*lines: str) -> Route:
    """A product, with these header lines too."""
    body = product()
    start = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Type: text/html\r\n".encode()
    return lambda reply: reply.send(start + "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body)


def in_chunks(body: bytes, size: int) -> Route:
    """The body in chunks of this many bytes."""
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    coded = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))
    return lambda reply: reply.send(CHUNKED + coded)


def announcing(length: int) -> Route:
    """An answer that claims a length and begins."""

    def route(reply: Reply) -> None:
        reply.send(head(200, Content_Length=length) + product())
        silent(reply)

    return route


def thrice(body: bytes) -> bytes:
    return gzip.compress(gzip.compress(gzip.compress(body)))


def barely_read(seen: Seen) -> None:
    """A length that is told need not be waited for."""
    assert seen.ran.seconds < 150


BEHAVIOURS = (
    Behaviour("3 MB", {"/": page(product(more=f"<p>{'lorem ipsum ' * 8}</p>" * 29_000))}),
    Behaviour("just below the limit", {"/": page(product() + noise(9_999_000 - len(product())))}),
    Behaviour("3 MB in gzip", {"/": encoded(gzip.compress(product() + noise(3_000_000)), "gzip")}),
    Behaviour("3 MB in br", {"/": encoded(brotli.compress(product() + noise(3_000_000), quality=1), "br")}),
    Behaviour("3 MB in zstd", {"/": encoded(zstd.compress(product() + noise(3_000_000)), "zstd")}),
    Behaviour("3 MB in small chunks", {"/": in_chunks(product() + noise(3_000_000), 4000)}),
    Behaviour("a small page in chunks of one byte", {"/": in_chunks(product(), 1)}),
    Behaviour("just above the limit", {"/": page(product() + noise(10_000_000))}, LARGE),
    Behaviour("a body without length or end", {"/": endless(head(200), b"<p>x</p>" * 999)}, LARGE),
    Behaviour("chunks without end", {"/": endless(CHUNKED, b"3e8\r\n" + b"x" * 1000 + b"\r\n")}, LARGE),
    Behaviour("one chunk of 11 MB", {"/": in_chunks(noise(11_000_000), 1 << 40)}, LARGE),
    Behaviour("a length of a billion gigabytes", {"/": announcing(10**18)}, LARGE, check=barely_read),
    Behaviour("a length of twenty megabytes", {"/": announcing(20_000_000)}, LARGE),
    Behaviour("a length of a thousand digits", {"/": raw(head(200, Content_Length="9" * 1000) + product())}, LARGE),
    Behaviour("a length of five thousand digits", {"/": raw(head(200, Content_Length="9" * 5000) + product())}, LARGE),
    Behaviour("tiny chunks without end", {"/": endless(CHUNKED, b"1\r\nx\r\n" * 999)}, "too_large tiny_chunks"),
    Behaviour("a huge extension at every chunk", {"/": endless(CHUNKED, b"1;" + b"x" * 9000 + b"\r\nx\r\n")},
              "too_large tiny_chunks"),
    Behaviour("gzip bomb", {"/": encoded(gzip.compress(ZEROS), "gzip")}, RATIO),
    Behaviour("deflate bomb", {"/": encoded(zlib.compress(ZEROS), "deflate")}, RATIO),
    Behaviour("raw deflate bomb", {"/": encoded(zlib.compress(ZEROS, wbits=-15), "deflate")}, RATIO),
    Behaviour("br bomb", {"/": encoded(brotli.compress(ZEROS, quality=5), "br")}, RATIO),
    Behaviour("zstd bomb", {"/": encoded(zstd.compress(ZEROS), "zstd")}, RATIO),
    Behaviour("gzip bomb of many members", {"/": encoded(gzip.compress(bytes(900_000)) * 40, "gzip")}, RATIO),
    Behaviour("gzip within gzip within gzip", {"/": encoded(thrice(product()), "gzip, gzip, gzip")}),
    Behaviour("a bomb within gzip within gzip", {"/": encoded(thrice(ZEROS), "gzip, gzip, gzip")}, RATIO),
    Behaviour("a bomb of br within gzip", {"/": encoded(gzip.compress(brotli.compress(ZEROS, quality=5)), "br, gzip")},
              RATIO),
    Behaviour("four codings", {"/": encoded(gzip.compress(thrice(product())), "gzip, gzip, gzip, gzip")},
              "too_large too_many_codings"),
    Behaviour("four codings, each in a header of its own", {"/": with_headers(*["Content-Encoding: gzip"] * 4)},
              "too_large too_many_codings"),
    Behaviour("a thousand codings", {"/": encoded(product(), "gzip," * 999 + "gzip")}, "too_large too_many_codings"),
    Behaviour("a gzip bomb as 404", {"/": page(gzip.compress(ZEROS), status=404, Content_Encoding="gzip")},
              "gone http_404"),
    Behaviour("small, but a thousand to one", {"/": encoded(gzip.compress(product(more=" " * 900_000)), "gzip")}),
    Behaviour("a zstd window of a gigabyte", {"/": encoded(b"\x28\xb5\x2f\xfd\x00\xa0\x01\x00\x00", "zstd")},
              "network_error bad_encoding", 3),
    Behaviour("90 headers", {"/": with_headers(*(f"X-{n}: y" for n in range(88)))}),
    Behaviour("101 headers", {"/": with_headers(*(f"X-{n}: y" for n in range(99)))}, HEADERS),
    Behaviour("ten thousand headers", {"/": with_headers(*(f"X-{n}: y" for n in range(10_000)))}, HEADERS),
    Behaviour("a header line of 60 KB", {"/": with_headers("X: " + "y" * 60_000)}),
    Behaviour("a header line of 70 KB", {"/": with_headers("X: " + "y" * 70_000)}, HEADERS),
    Behaviour("240 KB of headers", {"/": with_headers(*(f"X-{n}: " + "y" * 60_000 for n in range(4)))}),
    Behaviour("300 KB of headers", {"/": with_headers(*(f"X-{n}: " + "y" * 60_000 for n in range(5)))}, HEADERS),
    Behaviour("a status line of 70 KB", {"/": raw(b"HTTP/1.1 200 " + b"O" * 70_000 + b"\r\n\r\n")}, HEADERS),
    Behaviour("a phrase of 60 KB", {"/": raw(b"HTTP/1.1 200 " + b"O" * 60_000 + b"\r\n\r\n" + product())}),
    Behaviour("a hundred early hints", {"/": raw(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100
              + head(200, Content_Length=len(product())) + product())}),
    Behaviour("a redirect with 11 MB", {"/": page(bytes(11_000_000), status=301, Location="/p"), "/p": PRODUCT},
              "ok", 2),
)  # fmt: skip

EXPERIMENTS = (Experiment("sizes", BEHAVIOURS, ("--ignore-robots",)),)
