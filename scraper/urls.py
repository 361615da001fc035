"""URLs as browsers read them (https://url.spec.whatwg.org), and the canonical form that tells duplicates."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from ada_url import URL

from scraper.errors import InvalidUrl

MAX_URL_LENGTH = 8192
"""Longer ones are refused; RFC 9110, section 4.1, asks for 8000 to be supported."""

_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SPACES_AND_CONTROLS = "".join(map(chr, range(33)))
_PERCENT = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class Url:
    """An http(s) URL that can be requested."""

    href: str
    """ASCII, percent-encoded, without fragment and credentials."""
    key: str
    """The canonical form: two URLs with the same key are the same page."""
    origin: str
    """Scheme, name and port: whom robots.txt and credentials belong to (RFC 6454)."""
    host: str
    """Name, with the port where it is not the scheme's own: whom politeness belongs to."""
    credentials: tuple[str, str] | None = None
    """User and password that stood in the URL."""


def parse_url(text: str, base: str | None = None) -> Url:
    """The URL that `text` means, against `base` if it is relative.

    Raises InvalidUrl, whose message quotes nothing of the text.

    >>> parse_url("HTTP://Bücher.example:80/a b?y=1&x=%7e#top").href
    'http://xn--bcher-kva.example/a%20b?y=1&x=%7e'
    >>> parse_url("/other", base="https://shop.example/a/b").href
    'https://shop.example/other'
    """
    if len(text) > MAX_URL_LENGTH:
        raise InvalidUrl(text[:100], "too_long", f"longer than {MAX_URL_LENGTH} characters")
    try:
        href = URL(text, base).href
    except (ValueError, UnicodeError) as error:
        raise _refusal(text) from error
    if not href.startswith(("http://", "https://")):
        raise InvalidUrl(text, "bad_scheme", "only http and https can be fetched")
    # What the parser answers is so regular that plain splitting is right, and faster than asking it for each part.
    scheme, _, rest = href.partition("#")[0].partition("://")
    authority, _, target = rest.partition("/")
    userinfo, _, host = authority.rpartition("@")
    origin = f"{scheme}://{host}"
    if len(origin) + len(target) >= MAX_URL_LENGTH:
        raise InvalidUrl(text[:100], "too_long", f"longer than {MAX_URL_LENGTH} characters when encoded")
    return Url(f"{origin}/{target}", _key(origin, target), origin, host, _credentials(userinfo))


def _credentials(userinfo: str) -> tuple[str, str] | None:
    user, _, password = userinfo.partition(":")
    return (unquote(user), unquote(password)) if userinfo else None


def _refusal(text: str) -> InvalidUrl:
    text = text.strip(_SPACES_AND_CONTROLS)
    if not _HAS_SCHEME.match(text):
        return InvalidUrl(text, "no_scheme", "not a URL: it must begin with http:// or https://")
    if not text.partition(":")[2].strip("/\\"):
        return InvalidUrl(text, "no_host", "a URL without a host")
    return InvalidUrl(text, "malformed", "not a URL that can be requested")


def _key(origin: str, target: str) -> str:
    path, _, query = target.partition("?")
    parameters = sorted(filter(None, query.split("&")), key=_name)
    return _normalise_escapes(f"{origin}/{path}?{'&'.join(parameters)}" if parameters else f"{origin}/{path}")


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _normalise_escapes(text: str) -> str:
    """Percent-encodings in one case, and none that is not needed (RFC 3986, section 6.2.2)."""
    return _PERCENT.sub(_normalise_escape, text) if "%" in text else text


def _normalise_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
