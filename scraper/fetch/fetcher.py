"""One request, made well: exactly one HTTP exchange a call, and no waiting.

Retries and redirects are further calls; when they may go is for the frontier to say.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from http.client import HTTPException
from http.cookiejar import CookieJar, LoadError, MozillaCookieJar
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import check_header_validity
from urllib3.util.timeout import Timeout

from scraper.config import FetchConfig
from scraper.errors import ConfigError, ConnectionGone, FetchError, InvalidUrl, StatusError
from scraper.fetch.budget import Budget
from scraper.fetch.connection import (
    CERTIFICATE_VARIABLES,
    Adapter,
    Exchange,
    private_address,
    tls_context,
    trusted_certificates,
)
from scraper.fetch.content import ACCEPT_ENCODING, body_too_large, read_body, read_start
from scraper.fetch.guard import is_private_literal
from scraper.fetch.redirect import Redirect, Request, parse_location
from scraper.fetch.resolver import Resolver
from scraper.fetch.translate import translated
from scraper.models import Page, is_page
from scraper.urls import parse_url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 1 << 16
_DRAIN_BYTES = 1 << 14
"""A redirect's body up to this is read, to keep the connection; it holds nothing of use."""
_DRAIN_SECONDS = 0.5
_RESERVE_SECONDS = 0.5

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,*;q=0.5",
    "Accept-Encoding": ACCEPT_ENCODING,
}


class Fetcher:
    """Fetches from any thread; each has a session of its own.

    Raises ConfigError for headers that cannot be sent, cookies or certificates that cannot be read, and a proxy that is
    none.
    """

    def __init__(
        self,
        config: FetchConfig,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._config = config
        self._timeout = cast(Any, Timeout(connect=config.connect_timeout, read=config.timeout))
        self._clock = clock
        self._now = now
        self._headers = {**_HEADERS, "User-Agent": config.user_agent}
        merged = CaseInsensitiveDict({**self._headers, **config.headers})
        self._own_headers = {"Host" if name.lower() == "host" else name: value for name, value in merged.items()}
        _check_headers(self._own_headers)
        self._cookies = _load_cookies(config.cookies) if config.cookies else None
        self._proxies = _proxies(config.proxy) if config.proxy else {}
        if not (config.insecure or Path(trusted_certificates()).is_file()):
            raise ConfigError(
                f"{trusted_certificates()}: no file of certificates; see {', '.join(CERTIFICATE_VARIABLES)}"
            )
        self._context = cache(partial(tls_context, verify=not config.insecure))  # made for the first https URL
        self._resolver = Resolver()
        self._large = Budget()
        self._local = threading.local()
        self._lock = threading.Lock()  # guards the three below
        self._sessions: list[requests.Session] = []
        self._exchanges: list[Exchange] = []
        self._is_aborted = False

    def fetch(
        self,
        request: Request,
        *,
        on_sent: Callable[[], None] = lambda: None,
        cut_at_bytes: int | None = None,
        resend: bool = True,
    ) -> Page | Redirect:
        """The answer to `request`: a page, or where to ask next. Every failure is a FetchError.

        `on_sent` is called when the request is on its way, before the answer. A status that is neither is a
        StatusError, which holds what the page says. With `cut_at_bytes` a longer body is cut there; without, the
        configured limit makes it an error. If the server had closed the kept connection, the request is sent once more
        on a fresh one; unless `resend`, that is a ConnectionGone.
        """
        self.let_go()
        self._check_proxied(request)
        adapter = self._adapter(request.url.href)
        exchange = adapter.exchange
        prepared = self._prepare(request)
        begun = self._clock()
        exchange.begin(request, on_sent)
        with translated(exchange, self._config, answered=False):
            response = self._send(adapter, prepared, resend=resend)
        with closing(response):
            location = response.headers.get("Location")
            if location is None or response.status_code not in _REDIRECTS:
                return self._read_page(exchange, response, begun, cut_at_bytes)
            target = parse_location(location, request.url)
            _drain(exchange, response)
            jar = _chain_jar(request.jar, prepared, response)
            return Redirect(target, response.status_code, jar)

    def abort(self) -> None:
        """Ends the requests under way in all threads, and lets no other follow; they fail."""
        with self._lock:
            self._is_aborted = True
            exchanges = list(self._exchanges)
        for exchange in exchanges:
            exchange.abort()

    def let_go(self) -> None:
        """Says that this thread has no use for the page of its last request any more, which may have been large."""
        self._large.release()

    def release(self) -> None:
        """Closes the connections that this thread keeps; it may make new ones."""
        if hasattr(self._local, "session"):
            self._local.session.close()

    def close(self) -> None:
        """Closes the connections of all threads."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._exchanges = []
        for session in sessions:
            session.close()

    def _adapter(self, href: str) -> Adapter:
        if not hasattr(self._local, "session"):
            self._local.session = self._new_session()
        return cast(Adapter, self._local.session.get_adapter(href))

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        exchange = Exchange(self._config, self._clock, self._resolver)
        adapter = Adapter(exchange, self._context)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        with self._lock:
            self._sessions.append(session)
            self._exchanges.append(exchange)
            if self._is_aborted:
                exchange.abort()
        return session

    def _check_proxied(self, request: Request) -> None:
        """Behind a proxy the address is not ours to see, unless the URL is written with one."""
        hostname = (urlsplit(request.url.href).hostname or "") if self._config.proxy else ""
        if not request.private_allowed and is_private_literal(hostname):
            raise private_address(request.url)

    def _prepare(self, request: Request) -> requests.PreparedRequest:
        """By hand, since `requests` would quote the URL again."""
        prepared = requests.PreparedRequest()
        prepared.method = "GET"
        prepared.url = request.url.href
        # A plain dict: urllib3 copies it, and the names that differ in case only are one already.
        headers = self._own_headers if request.own_origin else self._headers
        prepared.headers = cast(Any, {"Host": request.url.host, **headers})
        if request.own_origin and request.given.credentials:
            user, password = request.given.credentials
            prepared = HTTPBasicAuth(user.encode(), password.encode())(prepared)
        jar = self._jar(request)
        if jar is not None:
            prepared.prepare_cookies(jar)
        return prepared

    def _jar(self, request: Request) -> CookieJar | None:
        if self._cookies is None or not request.own_origin:
            return request.jar
        jar = RequestsCookieJar()
        jar.update(self._cookies)
        jar.update(request.jar or RequestsCookieJar())
        return jar

    def _send(self, adapter: Adapter, prepared: requests.PreparedRequest, *, resend: bool) -> requests.Response:
        """Once more on a fresh connection if the server had closed the kept one: that is no fault of the URL."""
        send = partial(adapter.send, prepared, stream=True, timeout=self._timeout, proxies=self._proxies)
        try:
            return send()
        except requests.ConnectionError:
            if not adapter.exchange.is_stale:
                raise
            if not resend:
                url = adapter.exchange.request.url
                raise ConnectionGone(url.href, "reset", f"{url.host}: had closed the kept connection") from None
        return send()

    def _read_page(
        self, exchange: Exchange, response: requests.Response, begun: float, cut_at_bytes: int | None
    ) -> Page:
        request, status = exchange.request, response.status_code
        try:
            body = self._read_body(exchange, response, cut_at_bytes)
        except FetchError:
            if is_page(status):
                raise
            body = b""  # the status says enough
        page = Page(
            url=request.given.href,
            final_url=request.url.href,
            http_status=status,
            content_type=response.headers.get("Content-Type"),
            body=body,
            fetched_at=self._now(),
            elapsed_seconds=self._clock() - begun,
        )
        if is_page(status):
            return page
        message = f"{request.url.host}: answered {status}{_phrase(status)}"
        raise StatusError(request.url.href, f"http_{status}", message, page, response.headers.get("Retry-After"))

    def _read_body(self, exchange: Exchange, response: requests.Response, cut_at_bytes: int | None) -> bytes:
        coding = response.headers.get("Content-Encoding")
        chunks = iter(partial(response.raw.read1, _CHUNK_BYTES, decode_content=False), b"")
        url, most = exchange.request.url, self._config.max_body
        with translated(exchange, self._config, answered=True):
            if cut_at_bytes is not None:
                return read_start(url, chunks, coding, max_bytes=cut_at_bytes)
            if (response.raw.length_remaining or 0) > most:  # need not be waited for
                raise body_too_large(url, most)
            length = response.raw.length_remaining if coding is None else None
            on_large = partial(self._reserve, exchange, most if length is None else length)
            return read_body(url, chunks, coding, max_bytes=most, on_large=on_large)

    def _reserve(self, exchange: Exchange, size: int) -> None:
        """Wait until there is room for a large body, which does not count as time of the server."""
        began = self._clock()
        while not self._large.reserve(size, seconds=_RESERVE_SECONDS):
            exchange.extend(self._clock() - began)
            began = self._clock()
            exchange.patience(_RESERVE_SECONDS)  # ends with the run
        exchange.extend(self._clock() - began)


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        try:
            if not _HEADER_NAME.fullmatch(name):
                raise ConfigError(f"[fetch] headers: {name!r} is no name of a header")
            check_header_validity((name, value))
            value.encode("iso-8859-1")
        except (requests.exceptions.InvalidHeader, UnicodeError) as error:
            raise ConfigError(f"[fetch] headers: {name!r} has a value that cannot be sent in a header") from error


def _load_cookies(path: Path) -> MozillaCookieJar:
    jar = MozillaCookieJar(path)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
        for cookie in jar:
            f"{cookie.name}{cookie.value}".encode("iso-8859-1")  # all that a header can hold
            cookie.expires = cookie.expires or None  # curl writes 0 for cookies of a session
    except LoadError as error:  # which is an OSError too
        raise ConfigError(f"[fetch] cookies: {path} is no Netscape cookie file") from error
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"[fetch] cookies: {path} cannot be read: {reason}") from error
    return jar


def _proxies(proxy: str) -> dict[str, str]:
    try:
        parse_url(proxy)
    except InvalidUrl as error:
        raise ConfigError("[fetch] proxy: must be the http or https URL of a proxy") from error
    return {"http": proxy, "https": proxy}


def _chain_jar(
    jar: RequestsCookieJar | None, prepared: requests.PreparedRequest, response: requests.Response
) -> RequestsCookieJar | None:
    """The cookies of the chain after this answer, which may set or delete some."""
    if "Set-Cookie" not in response.headers:
        return jar
    grown = jar.copy() if jar is not None else RequestsCookieJar()
    extract_cookies_to_jar(grown, prepared, response.raw)  # type: ignore[no-untyped-call]
    return grown


def _drain(exchange: Exchange, response: requests.Response) -> None:
    """Reads a short body, so that the connection can be kept; one that was not read to its end will be closed."""
    exchange.hurry(_DRAIN_SECONDS)
    left = _DRAIN_BYTES
    with suppress(HTTPException, OSError):
        while left > 0 and (chunk := response.raw.read1(left, decode_content=False)):
            left -= len(chunk)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
