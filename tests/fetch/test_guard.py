"""Public addresses and the many others."""

import pytest

from scraper.fetch.guard import is_private_literal, is_public

PUBLIC = ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
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
    """A name says nothing about its address."""
    assert is_private_literal("127.0.0.1")
    assert not is_private_literal("8.8.8.8")
    assert not is_private_literal("shop.example")
