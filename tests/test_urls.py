"""URLs: what can be requested, and what counts as the same page."""

import pytest

from scraper.errors import InvalidUrl
from scraper.urls import MAX_URL_LENGTH, parse_url


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("http://shop.example", "http://shop.example/"),
        ("  HTTPS://Shop.Example:443/P  ", "https://shop.example/P"),
        ("https://shop.example/a/./b/../c", "https://shop.example/a/c"),
        ("https://shop.example/p?id=1#reviews", "https://shop.example/p?id=1"),
        ("https://shop.example/größe?q=日本", "https://shop.example/gr%C3%B6%C3%9Fe?q=%E6%97%A5%E6%9C%AC"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://user:secret@shop.example/p", "http://shop.example/p"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http:\\\\shop.example\\p", "http://shop.example/p"),
    ],
)
def test_reads_urls_as_browsers_do(text: str, href: str) -> None:
    """Case, ports, dot segments, spaces, IDN and odd addresses come out in one form."""
    assert parse_url(text).href == href


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("shop.example/p", "no_scheme"),
        ("just words", "no_scheme"),
        ("http://", "no_host"),
        ("https:///", "no_host"),
        ("http://shop.example:99999/", "malformed"),
        ("http://exa mple/", "malformed"),
        ("http://shop.example/\ud800", "malformed"),
        ("ftp://shop.example/p", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("http://shop.example/" + "x" * MAX_URL_LENGTH, "too_long"),
    ],
)
def test_refuses_what_cannot_be_requested(text: str, reason: str) -> None:
    """Each kind of text that is no http(s) URL has a reason of its own."""
    with pytest.raises(InvalidUrl) as caught:
        parse_url(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://shop.example/p#a", "http://shop.example/p#b"),
        ("http://shop.example/p?b=2&a=1", "http://shop.example/p?a=1&b=2"),
        ("http://shop.example/p?", "http://shop.example/p"),
        ("http://shop.example/%7euser/%c3%a9", "http://shop.example/~user/é"),
        ("http://SHOP.example:80/p", "http://shop.example/p"),
    ],
)
def test_same_page_has_the_same_key(one: str, other: str) -> None:
    """Fragments, the order of parameters and needless escapes do not make another page."""
    assert parse_url(one).key == parse_url(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://shop.example/p", "https://shop.example/p"),
        ("http://shop.example/p", "http://shop.example/p/"),
        ("http://shop.example/p?s=1&s=2", "http://shop.example/p?s=2&s=1"),
        ("http://shop.example/a%2Fb", "http://shop.example/a/b"),
        ("http://shop.example/P", "http://shop.example/p"),
    ],
)
def test_other_pages_have_other_keys(one: str, other: str) -> None:
    """Nothing that a server may tell apart is folded together."""
    assert parse_url(one).key != parse_url(other).key


def test_host_and_origin_name_the_port_only_if_it_is_unusual() -> None:
    """Politeness is per host, http and https together; credentials are per origin."""
    url = parse_url("https://a:b%21@shop.example:8443/p")
    assert (url.host, url.origin, url.credentials) == (
        "shop.example:8443",
        "https://shop.example:8443",
        ("a", "b!"),
    )
    assert parse_url("https://shop.example/").host == parse_url("http://shop.example/").host
