"""Rules of robots.txt, and what its absence means."""

from collections.abc import Callable

import pytest

from scraper.errors import ConnectFailed, ReadTimeout, StatusError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Request
from scraper.fetch.robots import ALLOW_ALL, MAX_CRAWL_DELAY, Robots, fetch_robots, parse_robots
from scraper.urls import parse_url
from tests.server import Route, Server, page, raw, redirect, resetting, silent

AGENT = "scrape/0.1 (+https://shop.example/bot)"
CLOSED = b"User-agent: *\nDisallow: /\n"
Serve = Callable[..., Server]


def rules(text: str | bytes, agent: str = AGENT) -> Robots:
    return parse_robots(text.encode() if isinstance(text, str) else text, user_agent=agent)


def asked(fetcher: Fetcher, server: Server) -> Robots:
    url = parse_url(server.url("/p/1?a=b"))
    return fetch_robots(fetcher, Request(url, url), user_agent=AGENT)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/p/1", True),
        ("User-agent: *\nDisallow: /p/", "/p/1", False),
        ("User-agent: *\nDisallow: /p/", "/q", True),
        ("User-agent: *\nDisallow:", "/p/1", True),
        ("User-agent: *\nDisallow: /p\nAllow: /p/1", "/p/1", True),
        ("User-agent: *\nAllow: /p\nDisallow: /p", "/p", True),
        ("User-agent: *\nDisallow: /*.php$", "/a.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a.php?b", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: scrape\nAllow: /", "/p/1", True),
        ("User-agent: Scrape\nDisallow: /\n\nUser-agent: *\nAllow: /", "/p/1", False),
        ("User-agent: other\nUser-agent: scrape\nDisallow: /p", "/p/1", False),
        ("User-agent: other\nDisallow: /", "/p/1", True),
        ("User-agent: *\nDisallow: /%C3%BC", "/ü", False),
        ("User-agent: *\r\nDisallow: /p/ # shop", "/p/1", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("\ufeffUser-agent: *\nDisallow: /p/", "/p/1", False),
        (b"# \xff\xfe\nUser-agent: *\nDisallow: /p/", "/p/1", False),
        (b"\n <!DOCTYPE html>\nUser-agent: *\nDisallow: /", "/p/1", True),
    ],
)
def test_rules(text: str | bytes, path: str, allowed: bool) -> None:
    """The longest match of the group that names us decides, and Allow where both are as long."""
    assert rules(text).allows(parse_url(f"https://shop.example{path}").href) is allowed


@pytest.mark.parametrize(
    ("agent", "allowed"),
    [("scrape", False), ("My-Scrape/2 (scrape)", True), ("other/1", True), ("", True), ("1", True)],
)
def test_product_token_is_what_counts(agent: str, allowed: bool) -> None:
    """Versions and comments of the user agent mean nothing."""
    assert rules("User-agent: scrape\nDisallow: /", agent).allows("https://shop.example/") is allowed


@pytest.mark.parametrize(
    ("line", "delay"),
    [("", None), ("Crawl-delay: 2.5", 2.5), ("Crawl-delay: 86400", MAX_CRAWL_DELAY), ("Crawl-delay: -1", None)]
    + [(f"Crawl-delay: {word}", None) for word in ("soon", "nan", "inf")],
)
def test_crawl_delay(line: str, delay: float | None) -> None:
    """Seconds, up to what is bearable; nothing for nonsense."""
    assert rules(f"User-agent: *\n{line}\nDisallow: /cart").crawl_delay == delay


def test_rules_beyond_the_limit_are_not_read() -> None:
    """Half a megabyte is enough for rules."""
    comment = b"#" * 500 * 1024 + b"\n"
    assert rules(comment + CLOSED).allows("https://shop.example/p/1")
    assert not rules(CLOSED + comment).allows("https://shop.example/p/1")


def test_no_rules_allow_all() -> None:
    """And ask for no delay."""
    assert ALLOW_ALL.allows("https://shop.example/p/1")
    assert ALLOW_ALL.crawl_delay is None


def test_robots_of_the_origin_is_fetched(fetcher: Fetcher, serve: Serve) -> None:
    """Whatever page is wanted, and its rules are obeyed."""
    server = serve({"/robots.txt": page(CLOSED)})
    assert not asked(fetcher, server).allows(server.url("/p/1"))
    assert server.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    "route",
    [
        page(CLOSED, status=404),
        page(CLOSED, status=401),
        page(CLOSED, status=429),
        raw(b"HTTP/1.1 204 No Content\r\n\r\n"),
        redirect("/robots.txt"),
        redirect("ftp://shop.example/robots.txt"),
    ],
)
def test_robots_that_is_not_there_allows_all(fetcher: Fetcher, serve: Serve, route: Route) -> None:
    """Client errors, nothing, and redirects to nowhere: RFC 9309, section 2.3.1.3."""
    server = serve({"/robots.txt": route})
    assert asked(fetcher, server).allows(server.url("/p/1"))


@pytest.mark.parametrize(
    ("route", "kind"),
    [(page(CLOSED, status=503), StatusError), (resetting(), ConnectFailed), (silent, ReadTimeout)],
)
def test_robots_that_cannot_be_had_raises(
    new_fetcher: Callable[..., Fetcher], serve: Serve, route: Route, kind: type[Exception]
) -> None:
    """Rules may be there, so it is for the caller to wait or to leave the host alone."""
    fetcher = new_fetcher(timeout=0.3) if kind is ReadTimeout else new_fetcher()
    with pytest.raises(kind):
        asked(fetcher, serve({"/robots.txt": route}))


@pytest.mark.parametrize(("redirects", "allowed"), [(5, False), (6, True)])
def test_five_redirects_lead_to_rules(fetcher: Fetcher, serve: Serve, redirects: int, allowed: bool) -> None:
    """They count for the origin asked; after more there are none."""
    routes = {f"/{number}": redirect(f"/{number + 1}") for number in range(redirects)}
    routes |= {"/robots.txt": routes.pop("/0"), f"/{redirects}": page(CLOSED)}
    server = serve(routes)
    assert asked(fetcher, server).allows(server.url("/p/1")) is allowed


def test_a_long_robots_txt_is_cut_whatever_a_page_may_have(new_fetcher: Callable[..., Fetcher], serve: Serve) -> None:
    """At the 500 KiB that RFC 9309, section 2.5, asks for; what stands behind is not read."""
    rules = b"User-agent: *\nDisallow: /p/\n" + b"# comment\n" * 100_000 + b"Disallow: /q/\n"
    server = serve({"/robots.txt": page(rules)})
    robots = asked(new_fetcher(max_body=10_000), server)
    assert not robots.allows(server.url("/p/1"))
    assert robots.allows(server.url("/q/1"))
