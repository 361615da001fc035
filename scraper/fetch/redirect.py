"""One chain of requests: from the URL of the list along its redirects, by rules of our own."""

from dataclasses import dataclass, replace
from urllib.parse import quote

from requests.cookies import RequestsCookieJar

from scraper.errors import InvalidUrl, TooManyRedirects
from scraper.urls import Url, parse_url

_ASCII = "".join(map(chr, range(128)))


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that names another URL to ask."""

    location: Url
    http_status: int
    jar: RequestsCookieJar | None
    """All cookies of the chain, those of this answer included."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be fetched next, and how the chain came to it."""

    url: Url
    given: Url
    """From the list."""
    hops: tuple[str, ...] = ()
    """The hrefs requested before, in order."""
    jar: RequestsCookieJar | None = None
    """Cookies set on the way; they live as long as the chain."""
    private_allowed: bool = True
    """Whether the host may have a private address: the user listed it."""
    fresh_from: int = 0
    """Index of the first hop since the chain last got a new cookie; coming back to an earlier one is no circle."""

    @property
    def own_origin(self) -> bool:
        """Whether the user's headers, credentials and cookies may be sent."""
        return self.url.origin == self.given.origin

    def follow(self, redirect: Redirect, *, max_redirects: int) -> "Request":
        """The request that `redirect` asks for.

        Raises TooManyRedirects with reason `redirect_loop` for a URL that was asked before with the same cookies,
        else with reason `too_many_redirects`.
        """
        hops = (*self.hops, self.url.href)
        fresh_from = self.fresh_from if _cookies(redirect.jar) == _cookies(self.jar) else len(hops)
        if redirect.location.href in hops[fresh_from:]:
            raise TooManyRedirects(self.url.href, "redirect_loop", f"{self.url.host}: redirects in a circle")
        if len(hops) > max_redirects:
            message = f"{self.url.host}: more than {max_redirects} redirects"
            raise TooManyRedirects(self.url.href, "too_many_redirects", message)
        return replace(
            self,
            url=redirect.location,
            hops=hops,
            jar=redirect.jar,
            private_allowed=self.private_allowed and redirect.location.host == self.given.host,
            fresh_from=fresh_from,
        )


def parse_location(location: str, url: Url) -> Url:
    """The URL that a Location header means in an answer of `url`; InvalidUrl with reason `bad_redirect` if none."""
    refusal = InvalidUrl(url.href, "bad_redirect", f"{url.host}: redirects to something that is not a URL to fetch")
    if not location.strip():
        raise refusal
    try:
        return parse_url(_decode_header(location), base=url.href)
    except InvalidUrl as error:
        raise refusal from error


def _decode_header(text: str) -> str:
    """As browsers read the bytes that stand in ISO 8859-1 here: as UTF-8, else each for itself."""
    try:
        octets = text.encode("iso-8859-1")
    except UnicodeError:
        return text  # from somebody who knew better
    try:
        return octets.decode()
    except UnicodeError:
        return quote(octets, safe=_ASCII)


def _cookies(jar: RequestsCookieJar | None) -> set[tuple[str, str, str, str | None]]:
    return {(cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in jar or ()}
