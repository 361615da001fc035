"""Public addresses and the many others."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import InvalidUrl
from scraper.fetch.guard import is_private_literal, is_public
from scraper.urls import parse_url

PUBLIC = ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "168.63.129.16",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:168.63.129.16",
    "2002:7f00:1::1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_internet_addresses_are_public(address: str) -> None:
    """Global addresses are, also inside an IPv6 one."""
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses_are_not_public(address: str) -> None:
    """Private, local, shared, reserved and multicast ones are not, whatever wraps them."""
    assert not is_public(address)


def test_only_addresses_are_literals() -> None:
    """A name says nothing about its address, but for those of this very machine."""
    assert is_private_literal("127.0.0.1")
    assert all(map(is_private_literal, ("localhost", "LOCALHOST.", "shop.localhost")))
    assert not is_private_literal("mylocalhost")
    assert not is_private_literal("8.8.8.8")
    assert not is_private_literal("shop.example")


PRIVATE_NETWORKS = [
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
WRAPS = ["::ffff:{}", "::{}", "64:ff9b::{}", "::ffff:0:{}"]
private = st.sampled_from(PRIVATE_NETWORKS).flatmap(lambda network: st.ip_addresses(network=network))


def number(value: int, base: str) -> str:
    """As the parsers of old read it: decimal, octal with a zero, hexadecimal."""
    return {"decimal": f"{value}", "octal": f"0{value:o}", "hex": f"0x{value:x}", "HEX": f"0X{value:X}"}[base]


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """An IPv4 address that is private, as browsers still read it: of one to four numbers, in odd digits."""
    value = int(draw(private))
    heads = draw(st.integers(0, 3))
    parts = [value >> 8 * (3 - n) & 0xFF for n in range(heads)] + [value & (1 << 8 * (4 - heads)) - 1]
    text = ".".join(number(part, draw(st.sampled_from(["decimal", "octal", "hex", "HEX"]))) for part in parts)
    ways: list[Callable[[str], str]] = [
        str,
        lambda text: f"{text}.",
        lambda text: f"user:pass@{text}",
        lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
        lambda text: text.replace(".", "\u3002"),
        lambda text: "".join(chr(ord(letter) + 0xFEE0) if letter.isdigit() else letter for letter in text),
        lambda text: text.replace("0", "0\u00ad"),
        lambda text: f"\t{text}\n",
    ]
    return draw(st.sampled_from(ways))(text)


@given(spellings())
def test_no_spelling_of_a_private_address_passes(spelling: str) -> None:
    """Whatever is read as an URL at all has the address plainly in it, where the guard sees it."""
    with suppress(InvalidUrl):
        assert is_private_literal(urlsplit(parse_url(f"http://{spelling}/").href).hostname or "")


@given(private, st.sampled_from(WRAPS))
def test_no_wrap_of_a_private_address_passes(address: IPv4Address, wrap: str) -> None:
    """IPv6 has many ways to carry an IPv4 address."""
    wrapped = ip_address(wrap.format(address))
    assert not is_public(str(wrapped))
    assert is_private_literal(urlsplit(parse_url(f"http://[{wrapped}]/").href).hostname or "")


@given(st.ip_addresses(v=6, network="2002::/16"))
def test_what_6to4_carries_decides(address: IPv6Address) -> None:
    """It is a public address only if the one inside is."""
    inside = address.sixtofour
    assert inside is not None
    assert is_public(str(address)) == is_public(str(inside))
