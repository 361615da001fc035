"""Servers that are busy, that ask to be asked later, or that have died."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Scene, Seen, command, product
from tests.server import Reply, Route, Server, free_address, in_turn, page, resetting

BUSY = "http_error http_503"
LONG = "http_error retry_after"


def busy(retry_after: str, status: int = 503) -> Route:
    """Asks to come again."""
    return page(b"busy", status=status, Retry_After=retry_after)


def then_well(retry_after: str, status: int = 503) -> dict[str, Route]:
    """Asks once to come again."""
    return {"/": in_turn(busy(retry_after, status), PRODUCT)}


def in_seconds(seconds: float) -> str:
    """An HTTP date."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def by_date(reply: Reply) -> None:
    """Asks to come again two seconds later, by the clock."""
    busy(in_seconds(2.0))(reply)


def waited(least: float, most: float = 60.0) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert least <= seen.gaps[0] <= most, seen.gaps

    return check


def whole_host_paused(seen: Seen) -> None:
    """After the six that were under way, nothing came while the server had asked for a pause."""
    assert seen.asked[6].time - seen.asked[0].time > 0.8


def at_once(seen: Seen) -> None:
    assert max(seen.gaps) < 30, seen.gaps


BEHAVIOURS = (
    Behaviour("Retry-After: 1", then_well("1"), "ok", 2, waited(0.95)),
    Behaviour("Retry-After: 1 with 429", then_well("1", 429), "ok", 2, waited(0.95)),
    Behaviour("Retry-After: 0", then_well("0"), "ok", 2, at_once),
    Behaviour("Retry-After by a date", {"/": in_turn(by_date, PRODUCT)}, "ok", 2, waited(0.9)),
    Behaviour("Retry-After by a date that is past", then_well("Wed, 21 Oct 2015 07:28:00 GMT"), "ok", 2, at_once),
    Behaviour("Retry-After in the form of RFC 850", then_well("Sunday, 06-Nov-94 08:49:37 GMT"), "ok", 2, at_once),
    Behaviour("Retry-After in the form of asctime", then_well("Sun Nov  6 08:49:37 1994"), "ok", 2, at_once),
    Behaviour("Retry-After as long as is obeyed", {"/": in_turn(busy("3"), PRODUCT)}, "ok", 2, waited(2.9)),
    Behaviour("Retry-After of an hour", {"/": busy("3600")}, LONG, 1),
    Behaviour("Retry-After of an hour with 429", {"/": busy("3600", 429)}, LONG, 1),
    Behaviour("Retry-After in a year", {"/": busy(in_seconds(3e7))}, LONG, 1),
    Behaviour("Retry-After in the year 9999", {"/": busy("Fri, 31 Dec 9999 23:59:59 GMT")}, LONG, 1),
    Behaviour("Retry-After of 400 digits", {"/": busy("9" * 400)}, LONG, 1),
    *(Behaviour(f"Retry-After: {name}", then_well(value), "ok", 2, at_once) for name, value in {
        "nothing": "", "a word": "soon", "negative": "-5", "a fraction": "99.5", "an exponent": "1e3", "not a number": "nan",
        "infinite": "inf", "other digits": "٣٦٠٠", "two": "10, 20", "a date that is none": "Mon, 99 Foo 2026 99:99:99 GMT",
        "a huge year": "Fri, 31 Dec 99999 23:59:59 GMT", "60 KB": "x" * 60_000, "hexadecimal": "0x10",
    }.items()),
    Behaviour("Retry-After on a page", {"/": page(product(), Retry_After="3600")}),
    Behaviour("Retry-After on 404", {"/": page(b"", status=404, Retry_After="3600")}, "gone http_404", 1),
    Behaviour("Retry-After on 403", {"/": page(b"", status=403, Retry_After="3600")}, "http_error http_403", 1),
    Behaviour("Retry-After on a redirect", {"/": page(b"", status=302, Location="/p", Retry_After="3600"), "/p": PRODUCT},
              "ok", 2, at_once),
    Behaviour("Retry-After holds the whole host", {f"/{n}": in_turn(busy("1"), PRODUCT) for n in range(6)},
              {f"/{n}": "ok" for n in range(6)}, 12, whole_host_paused),
    Behaviour("busy for ever", {"/": busy("0")}, BUSY, 3, at_once),
    Behaviour("well at the third time", {"/": in_turn(resetting(), busy("0"), PRODUCT)}, "ok", 3),
)  # fmt: skip


def dead_host(folder: Path, option: str = "-v") -> None:
    """Is given up soon, with few attempts, and the others do not notice."""
    dead = f"http://{free_address('127.0.3.2')}"
    with Server({f"/{n}": PRODUCT for n in range(40)}) as server:
        urls = [url for n in range(40) for url in (f"{dead}/{n}", server.url(f"/{n}"))]
        (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        began = monotonic()
        ran = command(folder, "urls.txt", option, "--per-host", "4")
        last = server.requests[-1].time - began
        assert len(ran.rows) == 40
        assert last < ran.seconds - 5, f"the others had to wait {last:.0f} of {ran.seconds:.0f} s"
        assert ran.seconds < 150, f"took {ran.seconds:.0f} s"
        reasons = [row["reason"] for row in ran.failures]
        assert set(reasons) == {"refused", "dead_host"}, reasons
        assert reasons.count("dead_host") > 20, reasons
        assert {row["status"] for row in ran.failures} == {"network_error"}


def restarted_host(folder: Path, option: str = "-v") -> None:
    """One that comes back meanwhile loses no more than what was tried before."""
    host = free_address("127.0.3.3")
    address, port = host.split(":")
    (folder / "urls.txt").write_text("\n".join(f"http://{host}/{n}" for n in range(40)), encoding="utf-8")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(command, folder, "urls.txt", option, "--per-host", "4")
        Event().wait(6)
        with Server(lambda _: PRODUCT, address=address, port=int(port)) as server:
            ran = running.result()
            assert len(ran.rows) >= 34, [row["reason"] for row in ran.failures]
            assert len([asked for asked in server.requests if asked.path != "/robots.txt"]) == len(ran.rows)
    assert {row["reason"] for row in ran.failures} <= {"refused"}
    assert ran.seconds < 150, f"took {ran.seconds:.0f} s"


SCENES = (
    Scene("a dead host beside a good one", dead_host),
    Scene("a dead host beside a good one, without robots.txt", partial(dead_host, option="--ignore-robots")),
    Scene("a host that is restarted", restarted_host),
    Scene("a host that is restarted, without robots.txt", partial(restarted_host, option="--ignore-robots")),
)
EXPERIMENTS = (Experiment("retries", BEHAVIOURS, ("--ignore-robots", "--max-retry-after", "3")),)
