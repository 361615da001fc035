"""Content codings on bytes alone: undone, truncated, mislabelled, and bombs."""

import gzip
import sys
import zlib
from collections.abc import Iterable

import brotli
import pytest

from scraper.errors import BodyTooLarge, FetchError, TruncatedBody
from scraper.fetch.content import read_body
from scraper.urls import parse_url

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"<p>A chair of oak, 49.00 EUR</p>" * 200
URL = parse_url("https://shop.example/p/1")


def deflate_raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}
CASES = [
    *((name, pack(TEXT)) for name, pack in PACKERS.items()),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", deflate_raw(TEXT)),
    ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
    ("zstd", zstd.compress(TEXT[:100]) + zstd.compress(TEXT[100:])),
    ("GZip", gzip.compress(TEXT)),
    ("br, gzip", gzip.compress(brotli.compress(TEXT))),
    ("gzip,identity", gzip.compress(TEXT)),
    ("gzip, br, zstd", zstd.compress(brotli.compress(gzip.compress(TEXT)))),
    ("identity", TEXT),
    ("", TEXT),
    (None, TEXT),
]


def split(data: bytes, size: int) -> Iterable[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def read(coding: str | None, data: bytes, *, size: int = 1 << 16, max_bytes: int = 100_000) -> bytes:
    return read_body(URL, split(data, size), coding, max_bytes=max_bytes)


def failure(coding: str | None, data: bytes, *, max_bytes: int = 100_000) -> FetchError:
    with pytest.raises(FetchError) as caught:
        read(coding, data, max_bytes=max_bytes)
    assert caught.value.url == URL.href
    return caught.value


@pytest.mark.parametrize("size", [1, 7, 1 << 16])
@pytest.mark.parametrize(("coding", "data"), CASES)
def test_codings_are_undone(coding: str | None, data: bytes, size: int) -> None:
    """However the bytes arrive."""
    assert read(coding, data, size=size) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br", None])
def test_empty_body_is_empty(coding: str | None) -> None:
    """Whatever the header says: an empty answer often keeps it."""
    assert read(coding, b"") == b""


@pytest.mark.parametrize("tail", [b"\0" * 8, b"\0" * 600, b"junk", b"\x1e"])
def test_what_follows_gzip_is_ignored(tail: bytes) -> None:
    """Padding after the last member does no harm, as in browsers."""
    assert read("gzip", gzip.compress(TEXT) + tail, size=512) == TEXT


@pytest.mark.parametrize("tail", [b"\0" * 8, b"junk"])
@pytest.mark.parametrize(("coding", "data"), [("deflate", zlib.compress(TEXT)), ("br", brotli.compress(TEXT))])
def test_what_follows_a_single_stream_is_ignored(coding: str, data: bytes, tail: bytes) -> None:
    """These have no members, so nothing after the end is read."""
    assert read(coding, data + tail, size=len(data)) == TEXT


@pytest.mark.parametrize(("coding", "data"), [case for case in CASES if case[1] != TEXT])
def test_early_end_is_told(coding: str, data: bytes) -> None:
    """A coding that misses its last bytes is no page."""
    error = failure(coding, data[:-5])
    assert isinstance(error, TruncatedBody)
    assert error.reason == "truncated"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_plain_text_under_a_coding_is_told(coding: str) -> None:
    """A page that is not what its header says."""
    error = failure(coding, b"<!doctype html><title>Chair</title>" * 20)
    assert isinstance(error, TruncatedBody)
    assert error.reason == "bad_encoding"


@pytest.mark.parametrize("size", range(65_536, 65_550))
def test_output_may_outlast_its_input(size: int) -> None:
    """A full piece can leave some inside the decompressor although it has taken all there is."""
    assert read("deflate", deflate_raw(bytes(size))) == bytes(size)


def test_window_is_limited() -> None:
    """A sender may not ask for more than 8 MB of memory: RFC 9659."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 24})
    assert failure("zstd", packer.compress(TEXT) + packer.flush()).reason == "bad_encoding"


@pytest.mark.parametrize("coding", ["compress", "gzip, aes128gcm"])
def test_strange_codings_are_refused(coding: str) -> None:
    """Those that were not asked for."""
    assert failure(coding, TEXT).reason == "bad_encoding"


def test_many_codings_are_refused() -> None:
    """No honest page is in more than three on one another."""
    error = failure("gzip, gzip, gzip, gzip", TEXT)
    assert (type(error), error.reason) == (BodyTooLarge, "too_many_codings")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_large_pieces_of_large_bodies(coding: str) -> None:
    """One piece from the wire may hold much more than one step undoes."""
    text = b"".join(b"%x" % (number * 2654435761 % 2**32) for number in range(60_000))
    assert read(coding, PACKERS[coding](text), size=1 << 17, max_bytes=10**6) == text


@pytest.mark.parametrize(("coding", "data"), CASES)
def test_body_up_to_the_limit(coding: str | None, data: bytes) -> None:
    """The limit itself is allowed, one byte more is not."""
    limit = max(len(TEXT), len(data))
    assert read(coding, data, max_bytes=limit) == TEXT
    error = failure(coding, data, max_bytes=len(TEXT) - 1)
    assert isinstance(error, BodyTooLarge)
    assert error.reason == "body_too_large"


def test_limit_holds_on_the_wire() -> None:
    """Bytes count where they arrive, even if they decode to few."""
    padded = gzip.compress(b"") * 1000
    assert failure("gzip", padded, max_bytes=len(padded) - 1).reason == "body_too_large"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_bomb_is_stopped_by_its_ratio(coding: str) -> None:
    """Long before the limit."""
    error = failure(coding, PACKERS[coding](bytes(20_000_000)), max_bytes=10**9)
    assert isinstance(error, BodyTooLarge)
    assert error.reason == "decompression_ratio"


def test_short_pages_may_be_monotonous() -> None:
    """Up to a megabyte no ratio counts."""
    assert read("gzip", gzip.compress(bytes(1_000_000)), max_bytes=10**6) == bytes(1_000_000)


def test_bomb_within_a_coding_is_stopped() -> None:
    """The limits hold after every coding, not just after the last."""
    inner = brotli.compress(bytes(50_000_000))
    assert failure("br, gzip", gzip.compress(inner), max_bytes=10**9).reason == "decompression_ratio"


def test_no_more_is_read_than_needed() -> None:
    """The first chunk beyond the limit is the last one taken from the wire."""
    taken = []
    chunks = (taken.append(number) or bytes(1000) for number in range(100))
    with pytest.raises(BodyTooLarge, match=r"shop\.example: the body has more than 5500 bytes"):
        read_body(URL, chunks, None, max_bytes=5500)
    assert len(taken) == 6
