"""Redirects that lead round in circles, nowhere, or inside."""

from collections.abc import Callable, Mapping

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Seen, product
from tests.server import Reply, Route, page, redirect

BAD = "invalid_url bad_redirect"
LOOP = "http_error redirect_loop"
PRIVATE = "invalid_url private_address"


def chain(hops: int, **headers: str) -> Mapping[str, Route]:
    """So many redirects to a product."""
    steps = {f"/{n}": redirect(f"/{n + 1}", **headers) for n in range(1, hops)}
    return {"/": redirect("/1", **headers), **steps, f"/{hops}": PRODUCT}


def to(location: str, status: int = 302) -> Mapping[str, Route]:
    """A redirect to there, and products wherever somebody may end up."""
    pages = dict.fromkeys(("/p", "/a/p", "/p%20q", "/%C3%BC", "/%FF", "/%FC", "//p", "/?q=1"), PRODUCT)
    return {"/": raw_redirect(location.encode(), status), **pages}


def raw_redirect(location: bytes, status: int = 302, more: bytes = b"") -> Route:
    """Its Location is these bytes."""
    start = b"HTTP/1.1 %d Found\r\nContent-Length: 0\r\n" % status
    return lambda reply: reply.send(start + more + b"Location: " + location + b"\r\n\r\n")


def bad(name: str, location: str, end: str = BAD) -> Behaviour:
    return Behaviour(name, to(location), end, 1)


def good(name: str, location: str) -> Behaviour:
    return Behaviour(name, to(location), "ok", 2)


def inside(name: str, location: str) -> Behaviour:
    """A redirect to the other server, which the list does not name; `{port}` is where it listens."""
    return Behaviour(
        name,
        lambda other: {"/": redirect(location.format(port=other.rpartition(":")[2]))},
        PRIVATE, 1, not_even_connected, others={"/": PRODUCT, "/listed": PRODUCT},
    )  # fmt: skip


def not_even_connected(seen: Seen) -> None:
    assert seen.other.connections == 0


def until_cookie(reply: Reply) -> None:
    """Sends everybody in a circle who brings no cookie."""
    if "seen=1" in reply.asked.headers.get("cookie", ""):
        PRODUCT(reply)
    else:
        redirect("/", Set_Cookie="seen=1")(reply)


def always_new_cookie(reply: Reply) -> None:
    """A circle that looks like none."""
    redirect("/", Set_Cookie=f"seen={len(reply.server.requests)}")(reply)


def ever_deeper(reply: Reply) -> None:
    """Each URL leads to a new one."""
    redirect(reply.asked.path + "x")(reply)


def there(other: str) -> Route:
    """A redirect that says whence it comes."""
    return lambda reply: redirect(f"{other}/p?{reply.asked.host}")(reply)


def back(reply: Reply) -> None:
    """A redirect to whence somebody came."""
    redirect(f"http://{reply.asked.path.partition('?')[2]}/q")(reply)


def final_url_is(path: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.rows[0]["final_url"] == seen.server.url(path), seen.rows[0]["final_url"]

    return check


BEHAVIOURS = (
    *(Behaviour(f"{n} with a Location", to("/p", n), "ok", 2) for n in (301, 302, 303, 307, 308)),
    *(Behaviour(f"{n} with a Location", to("/p", n), f"http_error http_{n}", 1) for n in (300, 304, 305, 306)),
    Behaviour("201 with a Location", {"/": page(product(), status=201, Location="/p")}),
    Behaviour("301 without a Location", {"/": page(b"", status=301)}, "http_error http_301", 1),
    Behaviour("ten hops", chain(10), "ok", 11, final_url_is("/10")),
    Behaviour("eleven hops", chain(11), "http_error too_many_redirects", 11),
    Behaviour("hops without end", {"/": ever_deeper, **{"/" + "x" * n: ever_deeper for n in range(1, 20)}},
              "http_error too_many_redirects", 11),
    Behaviour("a circle of one", to("/"), LOOP, 1),
    Behaviour("a circle of three", {"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/")}, LOOP, 3),
    Behaviour("a circle by fragment", to("/#here"), LOOP, 1),
    Behaviour("a circle until a cookie is there", {"/": until_cookie}, "ok", 2),
    Behaviour("a circle with ever new cookies", {"/": always_new_cookie}, "http_error too_many_redirects", 11),
    Behaviour("to an URL that the list has too", {"/": redirect("/p"), "/p": PRODUCT}, {"/": "ok", "/p": "ok"}, 3),
    Behaviour("of three URLs to the same one", {**{f"/{n}": redirect("/p") for n in range(3)}, "/p": PRODUCT},
              {f"/{n}": "ok" for n in range(3)}, 6),
    Behaviour("to a page that is gone", to("/gone"), "gone http_404", 2),
    good("to a path", "/p"),
    good("to a relative path", "p"),
    good("to dots", "/x/../a/./p"),
    good("to a query", "?q=1"),
    good("with blanks around", "  /p  "),
    good("with a blank inside", "/p q"),
    good("with a tab inside", "/\tp"),
    good("with a fragment", "/p#top"),
    good("with a letter beyond ASCII", "/ü"),
    good("percent-encoded", "/%C3%BC"),
    good("with http: and no slash, which is a path", "http:p"),
    good("with http: and one slash, which is a path", "http:/p"),
    good("with backslashes", "\\p"),
    Behaviour("in Latin-1", {**to(""), "/": raw_redirect(b"/\xfc")}, "ok", 2, final_url_is("/%FC")),
    Behaviour("in bytes of no charset", {**to(""), "/": raw_redirect(b"/\xff")}, "ok", 2),
    Behaviour("without a scheme", lambda other: {"/": redirect(other.removeprefix("http:") + "/listed")}, "ok", 1,
              other_requests=1, lists_other=True),
    Behaviour("to another host of the list", lambda other: {"/": redirect(f"{other}/p")}, "ok", 1, others={"/p": PRODUCT},
              other_requests=1, lists_other=True),
    Behaviour("there and back", lambda other: {"/": there(other), "/q": PRODUCT}, "ok", 2, final_url_is("/q"),
              others={"/p": back}, other_requests=1, lists_other=True),
    bad("to nothing", ""),
    bad("to a blank", "   "),
    bad("to no host", "http://"),
    bad("to a host with a blank", "http://a b/"),
    bad("to a broken address", "http://[::1/"),
    bad("to an address with too large a number", "http://1.2.3.256/"),
    bad("to a port that is too large", "http://127.0.0.1:65536/"),
    bad("to a port that is no number", "http://127.0.0.1:chair/"),
    bad("to a percent sign as host", "http://%/"),
    bad("to 9,000 characters", "/" + "x" * 9000),
    *(bad(f"to {scheme}", location) for scheme, location in {
        "a file": "file:///etc/passwd", "FTP": "ftp://127.0.0.1/p", "gopher": "gopher://127.0.0.1:70/_x",
        "JavaScript": "javascript:alert(1)", "data": "data:text/html,<h1>Chair</h1>", "mail": "mailto:a@shop.example",
        "blob": "blob:http://127.0.0.1/1", "a web socket": "ws://127.0.0.1/", "about": "about:blank",
        "view-source": "view-source:http://127.0.0.1/", "an unknown scheme": "shop+x://127.0.0.1/",
    }.items()),
    bad("to escape sequences", "http://\x1b[2J\x1b]0;x\x07/"),
    Behaviour("to two places", {"/": raw_redirect(b"/p", more=b"Location: /q\r\n"), "/p": PRODUCT, "/q": PRODUCT},
              "gone http_404", 2),
    Behaviour("to one place, said twice", {"/": raw_redirect(b"/p", more=b"Location: /p\r\n"), "/p": PRODUCT}, "ok", 2),
    Behaviour("with a body that is a product", {"/": page(product(), status=302, Location="/gone")}, "gone http_404", 2),
    Behaviour("by the page, which is not followed", {"/": page(b'<meta http-equiv=refresh content="0; url=/p">Moved'),
              "/p": PRODUCT}, "not_product no_product", 1),
    Behaviour("with bare carriage returns", {"/": raw_redirect(b"/p\rSet-Cookie: x=y"), "/p": PRODUCT}, "gone http_404", 2),
)  # fmt: skip

GUARD = (
    *(inside(name, location) for name, location in {
        "another port": "http://127.0.0.1:{port}/", "another address": "http://127.0.0.2:{port}/",
        "localhost": "http://localhost:{port}/", "LOCALHOST": "http://LOCALHOST:{port}/",
        "zeros": "http://0.0.0.0:{port}/", "zero": "http://0:{port}/",
        "hexadecimal": "http://0x7f.1:{port}/", "hexadecimal whole": "http://0x7f000001:{port}/",
        "decimal": "http://2130706433:{port}/", "octal": "http://0177.0.0.1:{port}/", "short": "http://127.1:{port}/",
        "padded": "http://127.000.000.001:{port}/", "percent-encoded": "http://%31%32%37.0.0.1:{port}/",
        "full-width digits": "http://１２７.０.０.１:{port}/", "circled digits": "http://①②⑦.0.0.1:{port}/",
        "ideographic stops": "http://127。0。0。1:{port}/", "a dot at the end": "http://127.0.0.1.:{port}/",
        "IPv6": "http://[::1]:{port}/", "IPv6 written out": "http://[0:0:0:0:0:0:0:1]:{port}/",
        "IPv6 unspecified": "http://[::]:{port}/", "mapped": "http://[::ffff:127.0.0.1]:{port}/",
        "mapped in hexadecimal": "http://[::ffff:7f00:1]:{port}/", "compatible": "http://[::127.0.0.1]:{port}/",
        "translated": "http://[64:ff9b::7f00:1]:{port}/", "user info": "http://shop.example@127.0.0.1:{port}/",
        "user info twice": "http://shop.example@shop.example@127.0.0.1:{port}/",
        "backslash and user info": "http://127.0.0.1:{port}\\@shop.example/",
        "backslashes": "\\\\127.0.0.1:{port}/", "tabs": "ht\ttp://127.0.0.1:{port}/",
        "a soft hyphen": "http://127.0.\u00ad0.1:{port}/", "https": "https://127.0.0.1:{port}/",
    }.items()),
    Behaviour("by two hops", lambda other: {"/": redirect("/b"), "/b": redirect(f"{other}/")}, PRIVATE, 2,
              not_even_connected),
)  # fmt: skip

EXPERIMENTS = (
    Experiment("redirects", BEHAVIOURS, ("--ignore-robots",)),
    Experiment("guard", GUARD, ("--ignore-robots",)),
)
