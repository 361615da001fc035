"""One request: statuses from mocks; headers, cookies, credentials and threads on loopback."""

import base64
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
import requests
import responses

from scraper.config import FetchConfig
from scraper.errors import ConfigError, ConnectFailed, ConnectTimeout, FetchError, InvalidUrl, ReadTimeout, StatusError
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Redirect, Request
from scraper.models import Page
from scraper.urls import parse_url
from tests.server import Reply, Server, head, in_turn, page, raw, redirect

SHOP = "https://shop.example/p/1"
Serve = Callable[..., Server]
NewFetcher = Callable[..., Fetcher]


def ask(url: str, given: str | None = None) -> Request:
    return Request(parse_url(url), parse_url(given or url))


def fetch_page(fetcher: Fetcher, url: str, given: str | None = None) -> Page:
    answer = fetcher.fetch(ask(url, given))
    assert isinstance(answer, Page)
    return answer


def fetch_redirect(fetcher: Fetcher, request: Request) -> Redirect:
    answer = fetcher.fetch(request)
    assert isinstance(answer, Redirect)
    return answer


def fetch_failure(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(ask(url))
    return caught.value


@responses.activate
@pytest.mark.parametrize("status", [200, 201, 203, 299])
def test_page_is_what_the_server_sent(status: int) -> None:
    """With the type as sent, the time of its end, and how long it took."""
    responses.get(SHOP, body=b"<h1>Chair</h1>", status=status, content_type="text/html; charset=koi8-r")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    fetcher = Fetcher(FetchConfig(), clock=itertools.count(100.0, 0.25).__next__, now=lambda: moment)
    answer = fetch_page(fetcher, SHOP, given="https://shop.example/old")
    assert answer.elapsed_seconds > 0
    assert answer == Page(
        url="https://shop.example/old",
        final_url=SHOP,
        http_status=status,
        content_type="text/html; charset=koi8-r",
        body=b"<h1>Chair</h1>",
        fetched_at=moment,
        elapsed_seconds=answer.elapsed_seconds,
    )


@responses.activate
@pytest.mark.parametrize("status", [206, 207, 300, 400, 401, 403, 404, 410, 429, 500, 503, 520, 999])
def test_other_statuses_are_errors(fetcher: Fetcher, status: int) -> None:
    """They keep the page, for what it says, and what the server asks for."""
    responses.get(SHOP, body=b"<title>Busy</title>", status=status, headers={"Retry-After": "7"})
    error = fetch_failure(fetcher, SHOP)
    assert isinstance(error, StatusError)
    assert (error.url, error.reason, error.retry_after) == (SHOP, f"http_{status}", "7")
    assert (error.page.http_status, error.page.body) == (status, b"<title>Busy</title>")
    assert str(error).startswith(f"shop.example: answered {status}")


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_are_errors(fetcher: Fetcher, serve: Serve, status: int) -> None:
    """Nobody asked for nothing."""
    error = fetch_failure(fetcher, serve({"/": lambda reply: reply.send(head(status))}).url())
    assert isinstance(error, StatusError)
    assert (error.reason, error.page.body, error.retry_after) == (f"http_{status}", b"", None)


@responses.activate
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_answers(fetcher: Fetcher, status: int) -> None:
    """Where to ask next is for the caller to follow; without a Location it is an error."""
    responses.get(SHOP, status=status, headers={"Location": "/p/2"})
    answer = fetch_redirect(fetcher, ask(SHOP))
    assert (answer.location.href, answer.http_status) == ("https://shop.example/p/2", status)
    responses.replace("GET", SHOP, status=status)
    assert fetch_failure(fetcher, SHOP).reason == f"http_{status}"


@responses.activate
def test_bad_location_is_an_error(fetcher: Fetcher) -> None:
    """It cannot be followed, so the chain ends."""
    responses.get(SHOP, status=302, headers={"Location": "mailto:shop@shop.example"})
    error = fetch_failure(fetcher, SHOP)
    assert (type(error), error.reason) == (InvalidUrl, "bad_redirect")


@responses.activate
@pytest.mark.parametrize(
    ("cause", "kind"), [(requests.ConnectionError(), ConnectFailed), (requests.ReadTimeout(), ReadTimeout)]
)
def test_failures_are_ours(fetcher: Fetcher, cause: Exception, kind: type[FetchError]) -> None:
    """No error of a library leaves the fetcher, and none is tried again here."""
    responses.get(SHOP, body=cause)
    error = fetch_failure(fetcher, SHOP)
    assert type(error) is kind
    assert error.__cause__ is cause
    assert len(responses.calls) == 1


def test_says_when_the_request_is_on_its_way(fetcher: Fetcher, serve: Serve) -> None:
    """After it is sent, before it is answered, so that the caller can count a gap from there."""
    is_sent = threading.Event()

    def answer_once_it_is_said(reply: Reply) -> None:
        assert is_sent.wait(30)
        page()(reply)

    server = serve({"/": answer_once_it_is_said})
    fetcher.fetch(ask(server.url()), on_sent=is_sent.set)
    assert server.paths == ["/"]


def test_headers_say_who_we_are(new_fetcher: NewFetcher, serve: Serve) -> None:
    """A name, what is read, and nothing that tells of a library."""
    server = serve({"/": page()})
    fetch_page(new_fetcher(user_agent="scrape/9"), server.url())
    assert server.requests[0].headers == {
        "host": server.host,
        "user-agent": "scrape/9",
        "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language": "en,*;q=0.5",
        "accept-encoding": "gzip, deflate, br, zstd",
    }


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/a%20b?c=d%7e",
        "/?",
        "//double",
        "/?rate=50%&name=a%20b",
        "/p|1?q={x}^`'",
        "/a;b=c?d=e&d=f",
        "/%C3%BC?q=%zz",
    ],
)
def test_target_is_sent_as_it_is(fetcher: Fetcher, serve: Serve, target: str) -> None:
    """As browsers send it; signed URLs fail when anything is encoded again."""
    server = serve(lambda _: page())
    url = parse_url(server.url(target)).href
    fetch_page(fetcher, url)
    assert server.paths == [url.removeprefix(server.url(""))]


def test_headers_of_the_user_go_to_the_given_origin_only(new_fetcher: NewFetcher, serve: Serve) -> None:
    """They may be keys. On the own origin they win over ours."""
    server = serve({"/": page()})
    fetcher = new_fetcher(headers={"X-Key": "secret", "accept-language": "de", "host": "inner.example"})
    fetch_page(fetcher, server.url())
    fetch_page(fetcher, server.url(), given=SHOP)
    own, other = server.requests
    assert (own.headers["x-key"], own.headers["accept-language"]) == ("secret", "de")
    assert (own.headers["host"], other.headers["host"]) == ("inner.example", server.host)
    assert "x-key" not in other.headers
    assert other.headers["accept-language"] != "de"


def test_credentials_go_to_the_given_origin_only(fetcher: Fetcher, serve: Serve) -> None:
    """Those of the list, whatever a redirect names."""
    server = serve({"/": page()})
    given = server.url().replace("//", "//jo%C3%A9:p%40ss@")
    fetch_page(fetcher, server.url("/?1"), given=given)
    fetch_page(fetcher, given, given="https://me:secret@shop.example/")
    own, other = server.requests
    assert own.headers["authorization"] == "Basic " + base64.b64encode("joé:p@ss".encode()).decode()
    assert "authorization" not in other.headers


def write_cookies(path: Path, *cookies: tuple[str, int, str]) -> Path:
    """A cookie file with (domain, expires, name=value)."""
    lines = ["# Netscape HTTP Cookie File"]
    lines += ["\t".join([host, "FALSE", "/", "FALSE", str(end), *pair.split("=")]) for host, end, pair in cookies]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_cookie_file_is_for_the_given_origin(new_fetcher: NewFetcher, serve: Serve, tmp_path: Path) -> None:
    """The cookies of its host are sent, also those of a session, but not those that are over."""
    server = serve({"/": page()})
    cookies = [("127.0.0.1", 0, "session=1"), ("127.0.0.1", 1, "old=1"), ("other.example", 0, "other=1")]
    fetcher = new_fetcher(cookies=write_cookies(tmp_path / "cookies.txt", *cookies))
    fetch_page(fetcher, server.url())
    fetch_page(fetcher, server.url(), given=SHOP)
    own, other = server.requests
    assert own.headers["cookie"] == "session=1"
    assert "cookie" not in other.headers


def test_cookies_live_as_long_as_their_chain(fetcher: Fetcher, serve: Serve) -> None:
    """A consent page sets one, deletes another, and sends us back; the next chain knows nothing of it."""
    server = serve(
        {
            "/": in_turn(redirect("/consent", Set_Cookie="a=1; Path=/"), page()),
            "/consent": redirect("/", Set_Cookie="b=2; Path=/"),
            "/forget": redirect("/", Set_Cookie="a=; Path=/; Max-Age=0"),
        }
    )
    request = ask(server.url())
    for path in ("/consent", "/"):
        request = request.follow(fetch_redirect(fetcher, request), max_redirects=5)
        assert request.url.href == server.url(path)
    fetcher.fetch(request)
    forgotten = fetch_redirect(fetcher, Request(parse_url(server.url("/forget")), request.given, jar=request.jar))
    fetch_page(fetcher, server.url())
    assert [asked.headers.get("cookie") for asked in server.requests] == [None, "a=1", "a=1; b=2", "a=1; b=2", None]
    assert forgotten.jar is not None
    assert forgotten.jar.get_dict() == {"b": "2"}
    assert request.jar is not None
    assert request.jar.get_dict() == {"a": "1", "b": "2"}  # still: a request that goes again, goes as it went


def test_cookies_of_file_and_chain_are_sent(new_fetcher: NewFetcher, serve: Serve, tmp_path: Path) -> None:
    """Both, where both are for the host."""
    server = serve({"/": redirect("/p", Set_Cookie="chain=2; Path=/"), "/p": page()})
    fetcher = new_fetcher(cookies=write_cookies(tmp_path / "cookies.txt", ("127.0.0.1", 0, "file=1")))
    request = ask(server.url())
    fetcher.fetch(request.follow(fetch_redirect(fetcher, request), max_redirects=5))
    assert sorted(server.requests[1].headers["cookie"].split("; ")) == ["chain=2", "file=1"]


def test_cookies_of_a_chain_stay_with_their_host(fetcher: Fetcher, serve: Serve) -> None:
    """One host's cookie is not for the next."""
    other = serve({"/": page()}, address="127.0.0.2")
    server = serve({"/": redirect(other.url(), Set_Cookie="a=1")})
    request = ask(server.url())
    request = request.follow(fetch_redirect(fetcher, request), max_redirects=5)
    fetcher.fetch(Request(request.url, request.given, jar=request.jar))
    assert request.jar
    assert "cookie" not in other.requests[0].headers


def test_surroundings_are_not_asked(
    fetcher: Fetcher, serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a .netrc nor the proxies of the environment: the command line says all."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server = serve({"/": page()})
    fetch_page(fetcher, server.url())
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("headers", [{"X-Key": "s3cret\nb: c"}, {"X-Key": "s3cret \u20ac"}, {"X-Key\r\n": "s3cret"}])
def test_headers_that_cannot_be_sent(headers: dict[str, str]) -> None:
    """Are told before the run, without their value."""
    with pytest.raises(ConfigError, match="X-Key") as caught:
        Fetcher(FetchConfig(headers=headers))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["shop.example:3128", "socks5://127.0.0.1:1080", "http://"])
def test_proxy_that_is_none(proxy: str) -> None:
    """Is told before the run."""
    with pytest.raises(ConfigError, match="proxy"):
        Fetcher(FetchConfig(proxy=proxy))


def test_cookie_that_cannot_be_sent(tmp_path: Path) -> None:
    """Headers hold no more than ISO 8859-1."""
    path = write_cookies(tmp_path / "cookies.txt", ("shop.example", 0, "price=49\u20ac"))
    with pytest.raises(ConfigError, match=r"cookies\.txt"):
        Fetcher(FetchConfig(cookies=path))


@pytest.mark.parametrize("text", [None, "session=1\n", "\x00\xff"])
def test_cookie_file_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    """Is told before the run, by its name."""
    path = tmp_path / "cookies.txt"
    if text:
        path.write_bytes(text.encode("iso-8859-1"))
    with pytest.raises(ConfigError, match=r"cookies\.txt"):
        Fetcher(FetchConfig(cookies=path))


def test_broken_body_of_an_error_hides_no_status(fetcher: Fetcher, serve: Serve) -> None:
    """The status says enough."""
    server = serve({"/": raw(head(503, Content_Length=100) + b"bu")})
    error = fetch_failure(fetcher, server.url())
    assert isinstance(error, StatusError)
    assert (error.reason, error.page.body) == ("http_503", b"")


def test_each_thread_keeps_its_own_connection(fetcher: Fetcher, serve: Serve) -> None:
    """Eight threads need eight connections, however many pages they fetch, and share none."""
    server = serve(lambda asked: page(asked.path.encode()))
    barrier = Barrier(8)

    def work(thread: int) -> list[bytes]:
        barrier.wait()
        return [fetch_page(fetcher, server.url(f"/{thread}/{number}")).body for number in range(25)]

    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(work, range(8)))
    assert bodies == [[f"/{thread}/{number}".encode() for number in range(25)] for thread in range(8)]
    assert server.connections == 8
    assert len({(asked.connection, asked.path.split("/")[1]) for asked in server.requests}) == 8


def test_nothing_is_asked_after_an_abort(serve: Serve) -> None:
    """Nor by a thread that makes its first request then."""
    server = serve({"/": page()})
    with closing(Fetcher(FetchConfig())) as fetcher:
        fetcher.abort()
        assert type(fetch_failure(fetcher, server.url())) is ConnectTimeout
    assert server.connections == 0


def test_close_ends_the_connections_of_all_threads(serve: Serve) -> None:
    """Those of threads that have ended, too; a server sees the end of each."""
    server = serve({"/": page()})
    fetcher = Fetcher(FetchConfig())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fetch_page, fetcher, server.url()).result()
    fetch_page(fetcher, server.url())
    fetcher.close()
    server.wait_until_idle()
    assert server.connections == 2
