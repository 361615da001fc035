"""robots.txt in all its forms (RFC 9309), and the limits of politeness as servers see them."""

import gzip
from collections.abc import Callable, Mapping
from itertools import pairwise

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Seen
from tests.server import Reply, Route, endless, head, in_turn, page, raw, redirect, resetting, silent

CLOSED = "robots disallowed"
UNKNOWN = "robots robots_unavailable"
ALL = b"User-agent: *\nDisallow: /\n"


def text(body: bytes | str, **headers: str | int) -> Route:
    return page(body.encode() if isinstance(body, str) else body, **{"Content_Type": "text/plain", **headers})


def rules(body: bytes | str) -> Mapping[str, Route]:
    """A shop with this robots.txt."""
    return {"/robots.txt": text(body), "/": PRODUCT, "/p": PRODUCT}


def shop(robots: Route) -> Mapping[str, Route]:
    """A shop whose robots.txt is answered so."""
    return {"/robots.txt": robots, "/": PRODUCT}


def allowed(name: str, body: bytes | str) -> Behaviour:
    return Behaviour(name, rules(body), "ok", 2, robots_came_first)


def closed(name: str, body: bytes | str) -> Behaviour:
    return Behaviour(name, rules(body), CLOSED, 1)


def robots_came_first(seen: Seen) -> None:
    paths = seen.server.paths
    assert paths[0] == "/robots.txt", paths
    assert paths.count("/robots.txt") == 1, paths


def no_page_was_asked_for(seen: Seen) -> None:
    assert set(seen.server.paths) <= {"/robots.txt"}, seen.server.paths


def chain(hops: int, body: bytes) -> Mapping[str, Route]:
    """A robots.txt behind so many redirects."""
    steps = {f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, hops)}
    return {"/robots.txt": redirect("/r1"), **steps, f"/r{hops}": text(body), "/": PRODUCT}


def apart(seconds: float) -> Callable[[Seen], None]:
    """Requests come with this gap: on the whole, since a server that is late to see one makes single gaps look shorter."""

    def check(seen: Seen) -> None:
        assert sum(seen.gaps) > seconds * (len(seen.gaps) - 0.5), seen.gaps

    return check


def together_at_most(count: int) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.server.max_in_flight <= count, seen.server.max_in_flight

    return check


def apart_in_other(seconds: float) -> Callable[[Seen], None]:
    """Also where only a robots.txt of another host leads."""

    def check(seen: Seen) -> None:
        times = sorted(asked.time for asked in seen.other.requests)
        gaps = [after - before for before, after in pairwise(times)]
        assert sum(gaps) > seconds * (len(gaps) - 0.5), gaps

    return check


def not_connected(seen: Seen) -> None:
    assert seen.other.connections == 0


def no_product_was_asked_for(seen: Seen) -> None:
    assert "/" not in seen.server.paths


BEHAVIOURS = (
    *(Behaviour(f"{n}", shop(page(ALL, status=n)), "ok", 2, robots_came_first) for n in (400, 401, 403, 404, 410, 429, 451)),
    *(Behaviour(f"{n}", shop(page(b"", status=n)), UNKNOWN, 3, no_page_was_asked_for) for n in (500, 502, 503, 504)),
    Behaviour("503 once", shop(in_turn(page(b"", status=503), text(ALL))), CLOSED, 2, no_page_was_asked_for),
    Behaviour("503 with a long Retry-After", shop(page(b"", status=503, Retry_After="3600")), UNKNOWN, 1),
    Behaviour("204", shop(lambda reply: reply.send(head(204))), "ok", 2),
    Behaviour("reset", shop(resetting()), "network_error reset", 3, no_page_was_asked_for),
    Behaviour("cut", shop(raw(head(200, Content_Length=999) + ALL)), "network_error truncated", 3, no_page_was_asked_for),
    Behaviour("no HTTP", shop(raw(b"SSH-2.0\r\n")), "network_error bad_response", 3, no_page_was_asked_for),
    Behaviour("without end", shop(endless(head(200) + b"User-agent: *\nDisallow: /\n", b"# x\n" * 999)), CLOSED, 1),
    Behaviour("without end, and allowed", shop(endless(head(200) + b"User-agent: *\nAllow: /\n", b"# x\n" * 999)), "ok", 2),
    Behaviour("gzip", shop(text(gzip.compress(ALL), Content_Encoding="gzip")), CLOSED, 1),
    Behaviour("a gzip bomb", shop(text(gzip.compress(ALL + b"\n" * 10**8), Content_Encoding="gzip")), CLOSED, 1),
    Behaviour("headers without end", shop(endless(head(200)[:-2], b"X: y\r\n" * 99)), "too_large too_many_headers", 1,
              no_page_was_asked_for),
    Behaviour("one fetch for twenty URLs", {"/robots.txt": text(""), **{f"/{n}": PRODUCT for n in range(20)}},
              {f"/{n}": "ok" for n in range(20)}, 21, robots_came_first),
    Behaviour("one refusal for twenty URLs", {"/robots.txt": text(ALL)}, {f"/{n}": CLOSED for n in range(20)}, 1),
    Behaviour("five redirects", chain(5, ALL), CLOSED, 6),
    Behaviour("six redirects", chain(6, ALL), "ok", 7),
    Behaviour("a circle of redirects", shop(redirect("/robots.txt")), "ok", 2),
    Behaviour("a redirect to nothing", shop(redirect("")), "ok", 2),
    Behaviour("a redirect to a file", shop(redirect("file:///etc/passwd")), "ok", 2),
    Behaviour("a redirect to 404", shop(redirect("/absent")), "ok", 3),
    Behaviour("a redirect to 500", {**shop(redirect("/r")), "/r": page(b"", status=500)}, UNKNOWN, None,
              no_product_was_asked_for),
    Behaviour("a redirect inside", lambda other: shop(redirect(f"{other}/robots.txt")), "ok", 2,
              not_connected),
    Behaviour("a redirect to another host of the list", lambda other: shop(redirect(f"{other}/r")), CLOSED, 1,
              others={"/r": text(ALL)}, other_requests=2, lists_other=True),
    Behaviour("the rules of a redirect's target", lambda other: {"/robots.txt": text(""), "/": redirect(f"{other}/p")},
              CLOSED, 2, others={"/robots.txt": text("User-agent: *\nDisallow: /p"), "/p": PRODUCT}, other_requests=1,
              lists_other=True),
    Behaviour("a redirect to a forbidden path", {**rules("User-agent: *\nDisallow: /p"), "/": redirect("/p")}, CLOSED, 2),
    closed("forbids all", ALL),
    closed("in capitals", "USER-AGENT: *\nDISALLOW: /"),
    closed("with a byte order mark", b"\xef\xbb\xbf" + ALL),
    closed("with CRLF", ALL.replace(b"\n", b"\r\n")),
    closed("with CR", ALL.replace(b"\n", b"\r")),
    closed("with blanks everywhere", "  User-agent :  *  \n\t Disallow : /  # all\n"),
    closed("with rubbish between", b"\xff\xfe\x00rubbish\nUser-agent: *\nFoo: bar\n: :\nDisallow: /\n"),
    closed("with NUL", b"User-agent: *\nX: \0\nDisallow: /\n"),
    closed("for scrape", "User-agent: scrape\nDisallow: /\n\nUser-agent: *\nAllow: /"),
    closed("for scrape, in a list of names", "User-agent: other\nUser-agent: Scrape\nDisallow: /"),
    closed("for scrape, in two groups", "User-agent: scrape\nAllow: /x\n\nUser-agent: scrape\nDisallow: /"),
    allowed("for a name that ours begins with", "User-agent: scrap\nDisallow: /\n"),
    closed("for scrape with a version", "User-agent: scrape/1.0\nDisallow: /\n"),
    closed("by the longer path", "User-agent: *\nAllow: /\nDisallow: /$\n"),
    closed("by a wildcard", "User-agent: *\nDisallow: *\n"),
    closed("before the limit", ALL + b"#" * 600_000),
    closed("with a crawl delay of a year", ALL + b"Crawl-delay: 31536000\n"),
    closed("with a line of 400 KB", b"User-agent: *\n# " + b"x" * 400_000 + b"\nDisallow: /\n"),
    closed("a sitemap between", "User-agent: *\nSitemap: http://127.0.0.1/s.xml\nDisallow: /"),
    allowed("empty", ""),
    allowed("forbids nothing", "User-agent: *\nDisallow:"),
    allowed("without a group", "Disallow: /"),
    allowed("for another", "User-agent: scraper\nDisallow: /\nUser-agent: bot\nDisallow: /\n"),
    allowed("for scrape all is allowed", "User-agent: *\nDisallow: /\n\nUser-agent: scrape\nAllow: /"),
    allowed("for scrape nothing is said", "User-agent: *\nDisallow: /\n\nUser-agent: scrape\nCrawl-delay: 0\n"),
    allowed("by the longer path, the other way", "User-agent: *\nDisallow: /\nAllow: /$\n"),
    allowed("both as long", "User-agent: *\nDisallow: /\nAllow: /\n"),
    allowed("behind the limit", b"#" * 600_000 + b"\n" + ALL),
    allowed("HTML in its place", b"<!doctype html><title>Shop</title>\nUser-agent: *\nDisallow: /\n"),
    allowed("random bytes", bytes(range(256)) * 1000),
    allowed("30,000 rules", "User-agent: *\n" + "".join(f"Disallow: /x{n}\n" for n in range(30_000))),
    allowed("14,000 groups", "".join(f"User-agent: b{n}\nDisallow: /\n" for n in range(14_000))),
    Behaviour("wildcards that explode", {"/robots.txt": text("User-agent: *\nDisallow: /" + "*a" * 40 + "*b$\n"),
              "/" + "a" * 3000: PRODUCT}, {"/" + "a" * 3000: "ok"}, 2),
    Behaviour("a crawl delay", {"/robots.txt": text("User-agent: *\nCrawl-delay: 1"), **{f"/{n}": PRODUCT
              for n in range(4)}}, {f"/{n}": "ok" for n in range(4)}, 5, apart(1.0)),
    *(Behaviour(f"a crawl delay that is {name}", rules(f"User-agent: *\nCrawl-delay: {value}\n"), "ok", 2)
      for name, value in {"negative": "-1", "no number": "soon", "infinite": "inf", "not a number": "nan"}.items()),
)  # fmt: skip


def slowly(reply: Reply) -> None:
    """A page that takes a while, so that requests overlap if they may."""
    reply.wait(0.1)
    PRODUCT(reply)


SILENT = (
    Behaviour("silence", shop(silent), "timeout read_timeout", 2, no_page_was_asked_for),
    Behaviour("byte by byte, for ever", shop(lambda reply: reply.drip(head(200) + b"# x\n" * 999, 0.1)), "timeout deadline", 2,
              no_page_was_asked_for),
    Behaviour("silence for twenty URLs", shop(silent), {f"/{n}": "timeout read_timeout" for n in range(20)}, 2),
)  # fmt: skip

LIMITS = (
    Behaviour("at most so many at once", {f"/{n}": slowly for n in range(20)}, {f"/{n}": "ok" for n in range(20)}, 21,
              together_at_most(3)),
    Behaviour("at most so many, with redirects", {**{f"/{n}": redirect(f"/p{n}") for n in range(12)},
              **{f"/p{n}": slowly for n in range(12)}}, {f"/{n}": "ok" for n in range(12)}, 25, together_at_most(3)),
    Behaviour("at most so many, with retries", {f"/{n}": in_turn(page(b"", status=500, after_seconds=0.1), slowly)
              for n in range(12)}, {f"/{n}": "ok" for n in range(12)}, 25, together_at_most(3)),
)  # fmt: skip

GAPS = (
    Behaviour("a gap between pages", {f"/{n}": PRODUCT for n in range(8)}, {f"/{n}": "ok" for n in range(8)}, 9, apart(1.0)),
    Behaviour("a gap between hops", {"/": redirect("/1"), "/1": redirect("/2"), "/2": redirect("/3"), "/3": PRODUCT}, "ok", 5,
              apart(1.0)),
    Behaviour("a gap between attempts", {"/": in_turn(resetting(), page(b"", status=500), PRODUCT)}, "ok", 4, apart(1.0)),
    Behaviour("a gap between the hops of robots.txt", chain(4, b""), "ok", 6, apart(1.0)),
    Behaviour("a gap for the hops of another's robots.txt", lambda other: shop(redirect(f"{other}/r")), "ok", 2,
              apart_in_other(1.0), others={"/r": redirect("/r2"), "/r2": redirect("/r3"), "/r3": text("")},
              other_requests=4, lists_other=True),
)  # fmt: skip

EXPERIMENTS = (
    Experiment("robots", BEHAVIOURS),
    Experiment("silent_robots", SILENT, ("--timeout", "2", "--deadline", "4", "--retries", "1")),
    Experiment("limits", LIMITS, ("--per-host", "3")),
    Experiment("gaps", GAPS, ("--delay", "1")),
)
