"""Chains of redirects, without a network."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.cookies import RequestsCookieJar

from scraper.errors import InvalidUrl, TooManyRedirects
from scraper.fetch.redirect import Redirect, Request, parse_location
from scraper.urls import parse_url


def start(url: str) -> Request:
    return Request(parse_url(url), parse_url(url))


def step(request: Request, location: str, *, limit: int = 10, **cookies: str) -> Request:
    """Follows a redirect that sets these cookies."""
    jar = request.jar
    if cookies:
        jar = jar.copy() if jar is not None else RequestsCookieJar()
        jar.update(cookies)
    return request.follow(Redirect(parse_url(location, request.url.href), 302, jar), max_redirects=limit)


def test_follow_keeps_where_it_came_from() -> None:
    """The chain knows its start and all that was asked before."""
    request = step(step(start("http://a.example/"), "/b"), "http://c.example/")
    assert request.given.href == "http://a.example/"
    assert request.url.href == "http://c.example/"
    assert request.hops == ("http://a.example/", "http://a.example/b")


@pytest.mark.parametrize(
    ("location", "own"),
    [
        ("/b", True),
        ("http://a.example/b", True),
        ("https://a.example/", False),
        ("http://a.example:81/", False),
        ("http://www.a.example/", False),
        ("http://b.example/", False),
    ],
)
def test_own_origin_is_exact(location: str, own: bool) -> None:
    """Another scheme, port or name is somebody else."""
    assert step(start("http://a.example/"), location).own_origin is own


def test_chain_that_comes_home_is_own_again() -> None:
    """Credentials belong to the origin, not to the way there."""
    assert step(step(start("http://a.example/"), "http://b.example/"), "http://a.example/c").own_origin


def test_private_addresses_are_for_listed_hosts() -> None:
    """A redirect may lead to a private address on the given host only, and never again once it left."""
    request = start("http://intranet/")
    assert request.private_allowed
    assert step(request, "https://intranet/b").private_allowed
    abroad = step(request, "http://router/")
    assert not abroad.private_allowed
    assert not step(abroad, "http://intranet/c").private_allowed


def test_circle_is_told_at_once() -> None:
    """The same URL again ends the chain."""
    request = step(start("http://a.example/"), "/b")
    with pytest.raises(TooManyRedirects) as caught:
        step(request, "/")
    assert caught.value.reason == "redirect_loop"


def test_redirect_to_itself_is_a_circle() -> None:
    """Also without a second URL."""
    with pytest.raises(TooManyRedirects, match="circle"):
        step(start("http://a.example/"), "/#top")


def test_new_cookie_is_worth_asking_again() -> None:
    """A server that sets a cookie and sends us back gets its second request; without news a third is a circle."""
    request = step(start("http://a.example/"), "/consent")
    request = step(request, "/", seen="1")
    request = step(request, "/consent", seen="1")
    with pytest.raises(TooManyRedirects) as caught:
        step(request, "/", seen="1")
    assert caught.value.reason == "redirect_loop"


def test_redirects_are_limited() -> None:
    """The limit counts redirects: that many are followed, one more is not."""
    request = start("http://a.example/0")
    for number in range(1, 4):
        request = step(request, f"/{number}", limit=3)
    with pytest.raises(TooManyRedirects, match="more than 3 redirects") as caught:
        step(request, "/4", limit=3)
    assert caught.value.reason == "too_many_redirects"


def test_endless_news_are_limited_too() -> None:
    """A cookie that is new every time is no way around the limit."""
    request = start("http://a.example/")
    for number in range(3):
        request = step(request, "/", limit=3, count=str(number))
    with pytest.raises(TooManyRedirects, match="more than 3"):
        step(request, "/", limit=3, count="3")


@pytest.mark.parametrize(
    ("location", "href"),
    [
        ("/b?c=d#e", "https://a.example/b?c=d"),
        ("//b.example", "https://b.example/"),
        ("../x y", "https://a.example/x%20y"),
        ("?page=2", "https://a.example/p/1?page=2"),
        (" https://b.example/ ", "https://b.example/"),
        ("/gr\u00c3\u00bcn", "https://a.example/gr%C3%BCn"),
        ("/gr\u00fcn", "https://a.example/gr%FCn"),
        ("https:\\\\b.example\\c", "https://b.example/c"),
    ],
)
def test_location_is_read_as_browsers_do(location: str, href: str) -> None:
    """Relative ones are resolved, bytes are UTF-8 where they can be, the fragment goes."""
    assert parse_location(location, parse_url("https://a.example/p/1")).href == href


@pytest.mark.parametrize(
    "location", ["", " ", "ftp://a.example/", "javascript:alert(1)", "http://", "http://[x", "data:,"]
)
def test_location_that_cannot_be_fetched(location: str) -> None:
    """Nothing, or something other than a web URL, is a bad redirect; the message does not quote it."""
    with pytest.raises(InvalidUrl) as caught:
        parse_location(location, parse_url("https://a.example/p/1"))
    assert caught.value.reason == "bad_redirect"
    assert str(caught.value) == "a.example: redirects to something that is not a URL to fetch"


@given(st.text() | st.text("/\\\\.:@%#?[]0123456789abcxhtps \t\r\n\0\x1b\xff"))
def test_any_location_is_an_url_or_refused(location: str) -> None:
    """What comes of it can stand in a request line: plain ASCII, http or https, without user or fragment."""
    url = parse_url("http://a.example/b/c?d")
    with suppress(InvalidUrl):
        target = parse_location(location, url)
        assert target.href.startswith(("http://", "https://"))
        assert target.href.isascii()
        assert not set(target.href) & set(' #\t\r\n\0\x1b"<>')
        assert "@" not in target.host


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.none() | st.integers(0, 2))), st.integers(0, 12)
)
def test_every_chain_ends(hops: list[tuple[str, int, int | None]], most: int) -> None:
    """After as many redirects as are allowed, and sooner where it asks the same with the same cookies again."""
    request = start("http://a.example/0")
    asked = [(request.url.href, {})]
    for host, path, cookie in hops:
        cookies = {} if cookie is None else {"seen": f"{cookie}"}
        try:
            request = step(request, f"http://{host}.example/{path}", limit=most, **cookies)
        except TooManyRedirects:
            return
        jar = dict(request.jar.items()) if request.jar is not None else {}
        assert (request.url.href, jar) != asked[-1]
        asked.append((request.url.href, jar))
        assert len(asked) <= most + 1
        assert request.own_origin == (host == "a")
