"""What robots.txt says to this program (RFC 9309); parsed by `protego`."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from protego import Protego

from scraper.errors import InvalidUrl, StatusError, TooManyRedirects
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect, Request
from scraper.urls import parse_url

MAX_ROBOTS_BYTES = 500 * 1024
"""The rest is not read; section 2.5 asks for at least as many."""
MAX_CRAWL_DELAY = 30.0
"""Longest Crawl-delay that is obeyed, in seconds."""
MAX_ROBOTS_REDIRECTS = 5

_PRODUCT_TOKEN = re.compile(r"[A-Za-z_-]+")
_USER_AGENT = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([A-Za-z_-]+)[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_SOMEBODY_ELSE = "~"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin."""

    rules: Protego
    product_token: str
    """How the rules name this program, for instance `scrape` of `scrape/0.1`."""

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return self.rules.can_fetch(url, self.product_token)

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests, at most MAX_CRAWL_DELAY; None if not said."""
        delay = self.rules.crawl_delay(self.product_token)
        return None if delay is None else min(max(delay, 0.0), MAX_CRAWL_DELAY)


ALLOW_ALL = Robots(Protego.parse(""), "*")
"""What counts where there is no robots.txt."""


def parse_robots(body: bytes, *, user_agent: str) -> Robots:
    """The rules in the body of a robots.txt; none in a web page served in its place."""
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("<"):
        return ALLOW_ALL
    token = _PRODUCT_TOKEN.match(user_agent)
    name = token[0] if token else "*"
    return Robots(Protego.parse(_USER_AGENT.sub(partial(_name_exactly, own=name.lower()), text)), name)


def _name_exactly(line: re.Match[str], own: str) -> str:
    """The line with our name or that of somebody else: `protego` takes `scr` for us, and `scrape/1.0` not."""
    return line[1] + (own if line[2].lower() == own else _SOMEBODY_ELSE)


def robots_request(request: Request) -> Request:
    """The first request for the rules of the origin of `request`."""
    return replace(request, url=parse_url("/robots.txt", base=request.url.href), hops=(), jar=None, fresh_from=0)


def ask_robots(fetcher: Fetcher, request: Request, *, user_agent: str, resend: bool = True) -> Robots | Redirect:
    """One request for a robots.txt: the rules, or where they are; `resend` is for the fetcher.

    One that does not exist (4xx) allows all. Raises InvalidUrl if it is nowhere to be asked for, which allows all too,
    and another FetchError if it may exist but cannot be had: what is not known to be allowed is forbidden (sections
    2.3.1.3 and 2.3.1.4).
    """
    try:
        answer = fetcher.fetch(request, cut_at_bytes=MAX_ROBOTS_BYTES, resend=resend)
    except StatusError as error:
        if error.page.http_status >= 500:
            raise
        return ALLOW_ALL
    return answer if isinstance(answer, Redirect) else parse_robots(answer.body, user_agent=user_agent)


def follow_robots(request: Request, redirect: Redirect) -> Request | None:
    """The next request for a robots.txt; None if it leads nowhere, so that all is allowed (section 2.3.1.2)."""
    try:
        return request.follow(redirect, max_redirects=MAX_ROBOTS_REDIRECTS)
    except TooManyRedirects:
        return None


def fetch_robots(fetcher: Fetcher, request: Request, *, user_agent: str) -> Robots:
    """The rules of the origin of `request`, by as many requests as it takes."""
    following: Request | None = robots_request(request)
    with suppress(InvalidUrl):
        while following:
            answer = ask_robots(fetcher, following, user_agent=user_agent)
            if isinstance(answer, Robots):
                return answer
            following = follow_robots(following, answer)
    return ALLOW_ALL
