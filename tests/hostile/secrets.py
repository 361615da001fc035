"""What the user gives, such as passwords, goes to its exact origin and is shown nowhere."""

import base64
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.hostile.cut import slam
from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Ran, Scene, Seen, command, product
from tests.server import Reply, Server, head, page, raw, redirect, resetting, wait_for_end

TOKEN, KEY, COOKIE, USER, PASSWORD = "t0ken-9f3a", "k3y-77b1", "c00kie-5d2e", "visitor", "pa55-e8c4"
OWN = ("authorization", "x-api-key", "cookie")
COOKIES = f"# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t{COOKIE}\n".encode()
NETRC = (
    f"machine 127.0.0.1 login {USER} password netrc-{PASSWORD}\ndefault login x password netrc-{PASSWORD}\n".encode()
)


def has_own_headers(seen: Seen) -> None:
    first = seen.asked[0].headers
    assert (first["authorization"], first["x-api-key"]) == (f"Bearer {TOKEN}", KEY)
    assert COOKIE in first["cookie"]


def other_gets_nothing(seen: Seen) -> None:
    for asked in seen.other.requests:
        if asked.path != "/listed":
            assert not set(OWN) & set(asked.headers), asked.headers
            assert not any(secret in str(asked) for secret in (TOKEN, KEY, COOKIE, PASSWORD))


def has_no_referer(seen: Seen) -> None:
    assert not any("referer" in asked.headers for asked in (*seen.asked, *seen.other.requests))


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def with_password(url: str) -> str:
    """As a careless list has it."""
    path = url.rpartition("/")[2]
    return url.replace("//", f"//{USER}:{PASSWORD}{path}@")


def each_has_its_own_password(seen: Seen) -> None:
    for asked in seen.asked:
        assert asked.headers["authorization"] == basic(USER, PASSWORD + asked.path[1:]), asked.path


def no_password_elsewhere(seen: Seen) -> None:
    assert seen.asked[0].headers["authorization"] == basic(USER, PASSWORD)
    assert "authorization" not in seen.other.requests[0].headers


def echo(reply: Reply) -> None:
    """A redirect that tells the other server what it was told."""
    redirect("/p", Set_Cookie="theirs=1; Domain=localhost; Path=/")(reply)


def cookies_stay_in_their_chain(seen: Seen) -> None:
    last = next(asked for asked in seen.asked if asked.path == "/2")
    assert "theirs" not in last.headers.get("cookie", "")


def nothing_is_told(ran: Ran) -> None:
    """Neither plain nor in base64, in no file and on no stream."""
    for secret in (TOKEN, KEY, COOKIE, PASSWORD):
        assert secret.encode() not in ran.written, secret
    assert base64.b64encode(f"{USER}:{PASSWORD}".encode()) not in ran.written


BEHAVIOURS = (
    Behaviour("own headers and cookies reach their origin", {"/": PRODUCT}, "ok", 1, has_own_headers),
    Behaviour("own headers on a redirect within the origin", {"/": redirect("/p"), "/p": PRODUCT}, "ok", 2,
              has_own_headers),
    *(Behaviour(f"own headers on a {status} to another port", lambda other, status=status:
                {"/": redirect(f"{other}/p", status=status)}, "ok", 1, other_gets_nothing, others={"/p": PRODUCT},
                other_requests=1, lists_other=True) for status in (301, 302, 303, 307, 308)),
    Behaviour("own headers on a redirect by two hops", lambda other: {"/": redirect("/b"), "/b": redirect(f"{other}/p")},
              "ok", 2, other_gets_nothing, others={"/p": PRODUCT}, other_requests=1, lists_other=True),
    Behaviour("no Referer", lambda other: {"/": redirect(f"{other}/p")}, "ok", 1, has_no_referer, others={"/p": PRODUCT},
              other_requests=1, lists_other=True),
    Behaviour("401 elsewhere asks in vain", lambda other: {"/": redirect(f"{other}/p")}, "http_error http_401", 1,
              other_gets_nothing, others={"/p": page(b"", status=401, WWW_Authenticate='Basic realm="x"')},
              other_requests=1, lists_other=True),
)  # fmt: skip


def has_no_authorization(seen: Seen) -> None:
    assert not any("authorization" in asked.headers for asked in seen.asked)


PASSWORDS = (
    Behaviour("a password in an URL", {"/": PRODUCT}, "ok", 1, each_has_its_own_password, entry=with_password),
    Behaviour("two passwords at one origin", {"/1": PRODUCT, "/2": PRODUCT}, {"/1": "ok", "/2": "ok"}, 2,
              each_has_its_own_password, entry=with_password),
    Behaviour("a password, on a retry", {"/1": resetting()}, {"/1": "network_error reset"}, 3, each_has_its_own_password,
              entry=with_password),
    Behaviour("a password on a redirect elsewhere", lambda other: {"/": redirect(f"{other}/p")}, "ok", 1,
              no_password_elsewhere, others={"/p": PRODUCT}, other_requests=1, lists_other=True, entry=with_password),
    Behaviour("a password in a Location", lambda other: {"/": redirect(with_password(f"{other}/"))}, "ok", 1,
              other_gets_nothing, others={"/": PRODUCT}, other_requests=1, lists_other=True),
    Behaviour("a password in a Location that is broken", {"/": redirect(f"http://{USER}:{PASSWORD}@[x/")},
              "invalid_url bad_redirect", 1),
    Behaviour("401 in spite of a password", {"/": page(b"", status=401)}, "http_error http_401", 1, entry=with_password),
    Behaviour(".netrc is not read", {"/": PRODUCT}, "ok", 1, has_no_authorization),
    Behaviour("cookies end with their chain", {"/1": echo, "/p": PRODUCT, "/2": page(product(), after_seconds=0.5)},
              {"/1": "ok", "/2": "ok"}, 3, cookies_stay_in_their_chain),
)  # fmt: skip


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


AUTHORITY, STRANGER = trustme.CA(), trustme.CA()
NOW = datetime.now(UTC)
GOOD = serving(AUTHORITY.issue_cert("127.0.0.1"))
BAD = {
    "from an unknown authority": serving(STRANGER.issue_cert("127.0.0.1")),
    "for another host": serving(AUTHORITY.issue_cert("shop.example")),
    "for another address": serving(AUTHORITY.issue_cert("127.0.0.2")),
    "that has expired": serving(
        AUTHORITY.issue_cert("127.0.0.1", not_before=NOW - timedelta(9), not_after=NOW - timedelta(1))
    ),
    "that is not valid yet": serving(AUTHORITY.issue_cert("127.0.0.1", not_before=NOW + timedelta(1))),
}
TLS = "network_error tls"


def securely(url: str) -> str:
    return url.replace("http://", "https://")


def openly(url: str) -> str:
    return url.replace("https://", "http://")


def mute(sock: socket.socket) -> None:
    """No handshake."""
    wait_for_end(sock)
    raise ConnectionAbortedError


def stammer(sock: socket.socket) -> None:
    """A handshake that comes, but slowly."""
    for byte in b"\x16\x03\x03\x40\x00\x02" + bytes(30):
        sock.sendall(bytes([byte]))
        time.sleep(0.2)
    raise ConnectionAbortedError


CERTIFICATES = (
    Behaviour("a good certificate", {"/": PRODUCT}, "ok", 1, has_own_headers, tls=GOOD),
    *(Behaviour(f"a certificate {name}", {"/": PRODUCT}, TLS, 0, tls=context) for name, context in BAD.items()),
    Behaviour("no TLS where it should be", {"/": PRODUCT}, TLS, 0, entry=securely, greet=lambda sock: sock.sendall(b"220\r\n")),
    Behaviour("TLS where none should be", {"/": PRODUCT}, "network_error reset", 0, tls=GOOD, entry=openly),
    Behaviour("silence instead of a handshake", {}, "timeout connect_timeout", 0, tls=GOOD, greet=mute),
    Behaviour("a reset instead of a handshake", {}, "network_error reset", 0, tls=GOOD, greet=slam),
    Behaviour("a handshake byte by byte", {}, "timeout connect_timeout", 0, tls=GOOD, greet=stammer),
    Behaviour("cut within TLS", {"/": raw(head(200, Content_Length=9999) + product())}, "network_error truncated", 3, tls=GOOD),
    Behaviour("own headers on a downgrade to http", lambda other: {"/": redirect(f"{other}/p")}, "ok", 1,
              other_gets_nothing, others={"/p": PRODUCT}, other_requests=1, lists_other=True, tls=GOOD),
)  # fmt: skip
INSECURE = tuple(Behaviour(f"accepted: {name}", {"/": PRODUCT}, tls=context) for name, context in BAD.items())


def says_that_nothing_was_verified(ran: Ran) -> None:
    assert "TLS certificates were not verified" in ran.stderr


def proxied(folder: Path) -> None:
    """A proxy that is asked for gets everything, and its password is no other's business."""
    with Server(lambda _: PRODUCT) as proxy:
        ran = command(
            folder, "http://shop.example/1", "-x", f"http://{USER}:{PASSWORD}@{proxy.host}", "--ignore-robots", "-v"
        )
        assert ran.exit_code == 0, ran.stderr
        assert proxy.requests[0].path == "http://shop.example/1"
        assert proxy.requests[0].headers["proxy-authorization"] == basic(USER, PASSWORD)
        nothing_is_told(ran)


def proxy_refuses(folder: Path) -> None:
    """Its password is not in the reason either."""
    with Server(lambda _: page(b"", status=407)) as proxy:
        ran = command(
            folder, "https://shop.example/1", "-x", f"http://{USER}:{PASSWORD}@{proxy.host}", "--ignore-robots", "-v"
        )
        assert [row["reason"] for row in ran.failures] == ["proxy"]
        nothing_is_told(ran)


def broken_urls(folder: Path) -> None:
    """What is no URL may hold a password all the same."""
    urls = [f"http://{USER}:{PASSWORD}@", f"http://{USER}:{PASSWORD}@[x/", f"htp://{USER}:{PASSWORD}@a/", f"//{USER}:{PASSWORD}@a/",
            f"http://{USER}:{PASSWORD}@a b/", f"http://{USER}:{PASSWORD}/x@a:99999/", f"http:{USER}:{PASSWORD}@a:x/"]  # fmt: skip
    (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    ran = command(folder, "urls.txt", "-v")
    assert len(ran.failures) == len(urls)
    nothing_is_told(ran)
    ran = command(folder, *urls[:2], "-v", "--log-format", "json")
    nothing_is_told(ran)


def headers_that_cannot_be_sent(folder: Path) -> None:
    """Are refused before the first request, without telling them."""
    with Server(lambda _: PRODUCT) as server:
        for header in (f"X-Api-Key: {KEY}\r\nEvil: 1", f"X-Api-Key: {KEY}\N{EURO SIGN}", f"X Api: {KEY}"):
            ran = command(folder, server.url("/1"), "-H", header)
            assert ran.exit_code == 2, ran.stderr
            nothing_is_told(ran)
        assert server.connections == 0


SCENES = (
    Scene("a proxy with a password", proxied),
    Scene("a proxy that refuses", proxy_refuses),
    Scene("passwords in lines that are no URLs", broken_urls),
    Scene("headers that cannot be sent", headers_that_cannot_be_sent),
)
GIVEN = ("-H", f"Authorization: Bearer {TOKEN}", "-H", f"X-Api-Key: {KEY}", "--cookies", "cookies.txt")
NO_PROXIES = dict.fromkeys(
    ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9/"
)
FILES = {"cookies.txt": COOKIES, ".netrc": NETRC, "_netrc": NETRC}

EXPERIMENTS = (
    Experiment("secrets", BEHAVIOURS, (*GIVEN, "--ignore-robots"), files=FILES, environment=NO_PROXIES,
               check=nothing_is_told),
    Experiment("passwords", PASSWORDS, ("--ignore-robots", "-t", "1"), files=FILES, environment=NO_PROXIES,
               check=nothing_is_told),
    Experiment("tls", CERTIFICATES, (*GIVEN, "--ignore-robots"), "[fetch]\nconnect_timeout = 3.0",
               {"SSL_CERT_FILE": "ca.pem"}, {**FILES, "ca.pem": AUTHORITY.cert_pem.bytes()}, check=nothing_is_told),
    Experiment("insecure", INSECURE, ("--insecure", "--ignore-robots"), check=says_that_nothing_was_verified),
)  # fmt: skip
