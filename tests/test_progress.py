"""Progress and summary: the numbers, what each display shows, and that foreign text cannot steer a terminal."""

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from scraper.models import Status
from scraper.progress import (
    LineProgress,
    Progress,
    SilentProgress,
    Summary,
    TerminalProgress,
    format_duration,
    format_progress,
    format_summary,
    printable,
    progress_display,
    progress_json,
    summary_json,
)

HOSTILE = "[red]shop[/red]\x1b[2J\r\x9b1m\x7f\u202e\u2066\u2028\ud800.example"
ESCAPED = r"[red]shop[/red]\x1b[2J\r\x9b1m\x7f\u202e\u2066\u2028\ud800.example"

HALFWAY = Progress(
    counts={Status.OK: 1150, Status.PARTIAL: 30, Status.GONE: 40, Status.TIMEOUT: 20},
    total=5000,
    total_is_final=True,
    elapsed_seconds=20.0,
    in_flight=10,
    rate=62.1,
    slowest=(("shop.example", 4.1), ("other.example", 2.0)),
)

FINISHED = Summary(
    counts={Status.OK: 4650, Status.PARTIAL: 50, Status.GONE: 200, Status.TIMEOUT: 100},
    lines=5000,
    pages=4980,
    fetched=4980,
    resumed=0,
    warned=0,
    wall_seconds=80.0,
    fetch_seconds=776.0,
    failed_hosts=(
        ("shop.example", {"http_404": 200}),
        ("other.example", {"reset": 97, "dns": 2, "refused": 1, "tls": 1}),
    ),
    invalid_lines=(),
    outputs=("products.csv", "products.failures.csv"),
    errors=(),
    store="products.db",
    interrupted=False,
    unread=False,
    insecure=False,
    resume_hint=None,
)


class Terminal(io.StringIO):
    """Says that it is one, and no more."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def no_clock() -> float:
    return 0.0


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    while not condition():
        time.sleep(0.01)


def console(stream: io.StringIO, width: int = 100) -> Console:
    """A terminal, whatever the environment of the tests says."""
    return Console(file=stream, force_terminal=True, width=width, legacy_windows=False, _environ={"TERM": "xterm"})


def on_terminal(*updates: Progress, width: int = 100) -> str:
    """What the display has written to a terminal once it showed the last update."""
    stream = io.StringIO()
    last = f"{updates[-1].done:,} of"
    with TerminalProgress(console(stream, width)) as show:
        for progress in updates:
            show(progress)
        until(lambda: last in stream.getvalue())
    return stream.getvalue()


def screen(written: str) -> list[str]:
    """The lines that the display wrote first, without its own styles and cursor movements."""
    return [
        line.strip()
        for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written).replace("\r", "\n").split("\n")
        if line.strip()
    ]


def test_progress_counts_products_and_the_rest() -> None:
    """Partial products are products; everything else is not."""
    assert (HALFWAY.done, HALFWAY.ok, HALFWAY.failed) == (1240, 1180, 60)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 3760 / 62.1),
        ({"total": 1240}, 0.0),
        ({"total_is_final": False}, None),
        ({"rate": 0.0}, None),
    ],
)
def test_time_left_is_told_only_where_it_is_known(change: dict[str, object], expected: float | None) -> None:
    """Neither an unread list nor a standstill allows a guess."""
    assert replace(HALFWAY, **change).seconds_left == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.0 s"),
        (3.21, "3.2 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 00 s"),
        (62, "1 min 02 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (3725, "1 h 02 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_durations_have_two_units_and_never_sixty_of_one(seconds: float, text: str) -> None:
    """Rounding comes before splitting into units."""
    assert format_duration(seconds) == text


@pytest.mark.parametrize("text", ["shop.example", "müller.example", "商店.example", "a b", "données-été.csv", "[red]"])
def test_printable_text_stays_as_it_is(text: str) -> None:
    """Only what a terminal would obey or hide is escaped."""
    assert printable(text) == text


def test_control_characters_and_bidi_controls_are_escaped() -> None:
    """Escape sequences, C1 codes, DEL, line separators, bidi controls and lone surrogates become readable."""
    assert printable(HOSTILE) == ESCAPED
    bidi = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert printable(bidi) == "".join(f"\\u{ord(c):04x}" for c in bidi)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            {},
            "1,240 of 5,000 done, 62.1 pages/s, 1,180 products, 60 failed, 1 min 01 s left; "
            "slowest: shop.example 4.1 s, other.example 2.0 s",
        ),
        (
            {"total_is_final": False, "slowest": ()},
            "1,240 of 5,000+ done, 62.1 pages/s, 1,180 products, 60 failed",
        ),
        (
            {"counts": {Status.OK: 1}, "total": 1, "slowest": ((HOSTILE, 61.0),)},
            f"1 of 1 done, 62.1 pages/s, 1 product, 0 failed, 0.0 s left; slowest: {ESCAPED} 1 min 01 s",
        ),
    ],
)
def test_line_for_logs_leaves_out_what_is_not_known(change: dict[str, object], line: str) -> None:
    """Time left and slowest hosts appear once there are any."""
    assert format_progress(replace(HALFWAY, **change)) == line  # type: ignore[arg-type]


def test_line_is_written_every_ten_seconds() -> None:
    """Of updates that come twice a second, one in twenty is written, the first after ten seconds."""
    stream, now = io.StringIO(), 0.0
    with LineProgress(stream, clock=lambda: now) as show:
        for tick in range(60):
            now = tick / 2
            show(replace(HALFWAY, counts={Status.OK: tick}))
    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["20", "40"]


def test_json_lines_are_one_object_each() -> None:
    """The JSON form has the numbers as numbers, and null for what is not known."""
    stream = io.StringIO()
    with LineProgress(stream, every_seconds=0.0, clock=no_clock, formatter=progress_json) as show:
        show(HALFWAY)
        show(replace(HALFWAY, total_is_final=False, slowest=((HOSTILE, 1.0),)))
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["counts"] == {"ok": 1150, "partial": 30, "gone": 40, "timeout": 20}
    assert (first["event"], first["done"], first["ok"], first["failed"], first["total"]) == (
        "progress",
        1240,
        1180,
        60,
        5000,
    )
    assert first["slowest"][0] == {"host": "shop.example", "seconds": 4.1}
    assert second["seconds_left"] is None
    assert second["slowest"] == [{"host": HOSTILE, "seconds": 1.0}]


@pytest.mark.parametrize("width", [80, 120])
def test_terminal_shows_three_lines(width: int) -> None:
    """Bar, position and time left; tally and speed; slowest hosts. All of it fits into 80 columns."""
    bar, numbers, slowest, *_ = screen(on_terminal(HALFWAY, width=width))
    assert bar.startswith("━")
    assert bar.endswith("━ 1,240 of 5,000, 1 min 01 s left")
    assert numbers == "1,180 products, 60 failed, 62.1 pages/s, 10 in flight, 20.0 s so far"
    assert slowest == "slowest: shop.example 4.1 s, other.example 2.0 s"


def test_terminal_says_that_the_total_still_grows() -> None:
    """A plus stands behind a total that is not final, and no time left is guessed."""
    assert screen(on_terminal(replace(HALFWAY, total_is_final=False)))[0].endswith("━ 1,240 of 5,000+")


def test_terminal_refreshes_at_most_five_times_a_second() -> None:
    """Ten thousand updates in a moment are drawn a few times only."""
    began = time.monotonic()
    written = on_terminal(*(replace(HALFWAY, counts={Status.OK: done}) for done in range(10_000)))
    assert written.count("so far") <= 5 * (time.monotonic() - began) + 2


def test_terminal_is_clean_afterwards() -> None:
    """The display takes its three lines away and shows the cursor again, for the summary to follow."""
    written = on_terminal(HALFWAY)
    assert written.count("\x1b[?25h") == 1
    assert written.endswith("\x1b[1A\x1b[2K" * 3)


def test_terminal_never_obeys_a_host() -> None:
    """Markup in a host is shown, control characters are escaped."""
    written = on_terminal(replace(HALFWAY, slowest=((HOSTILE, 1.0),)))
    assert f"slowest: {ESCAPED} 1.0 s" in written


def test_terminal_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that go to standard output during the run do not pass through the display."""
    stream = io.StringIO()
    with TerminalProgress(console(stream)):
        print("url,name")
    assert capsys.readouterr().out == "url,name\n"
    assert "url,name" not in stream.getvalue()


@pytest.mark.parametrize(
    ("stream", "options", "expected"),
    [
        (Terminal(), {}, TerminalProgress),
        (io.StringIO(), {}, LineProgress),
        (Terminal(), {"log_format": "json"}, LineProgress),
        (Terminal(), {"quiet": True}, SilentProgress),
        (Terminal(), {"no_progress": True}, SilentProgress),
        (io.StringIO(), {"quiet": True, "log_format": "json"}, SilentProgress),
    ],
)
def test_display_suits_the_stream(
    stream: io.StringIO, options: dict[str, object], expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar only on a terminal; nothing at all if that is wished."""
    monkeypatch.setenv("TERM", "xterm")
    chosen = {"quiet": False, "no_progress": False, "log_format": "text"} | options
    assert type(progress_display(stream=stream, **chosen)) is expected  # type: ignore[arg-type]


def test_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cannot move its cursor shows no bar."""
    monkeypatch.setenv("TERM", "dumb")
    display = progress_display(stream=Terminal(), quiet=False, no_progress=False, log_format="text")
    assert type(display) is LineProgress


def test_silent_display_shows_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """It takes every progress and writes none."""
    with SilentProgress() as show:
        show(HALFWAY)
    assert capfd.readouterr() == ("", "")


def test_rich_is_imported_for_a_terminal_only() -> None:
    """A run in a pipe does not pay for what it does not show."""
    code = (
        "import io, sys; from scraper.progress import *;"
        "progress_display(stream=io.StringIO(), quiet=False, no_progress=False, log_format='text');"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 1),
        ({"counts": {Status.OK: 4999, Status.PARTIAL: 1}}, 0),
        ({"counts": {Status.OK: 4999, Status.CANCELLED: 1}}, 1),
        ({"counts": {Status.OK: 5000}, "unread": True}, 1),
    ],
)
def test_exit_code_is_zero_only_if_every_url_is_a_product(change: dict[str, object], code: int) -> None:
    """One that is not, or a list that was not read to its end, makes it 1."""
    assert replace(FINISHED, **change).exit_code == code  # type: ignore[arg-type]


def test_speed_is_told_of_this_process() -> None:
    """Speed-up is against the sum of the fetch times, and a run without any time has none."""
    assert (FINISHED.speed_up, FINISHED.pages_per_second) == (9.7, 62.25)
    nothing = replace(FINISHED, wall_seconds=0.0, fetched=0)
    assert (nothing.speed_up, nothing.pages_per_second) == (0.0, 0.0)


def test_summary_says_everything_in_order() -> None:
    """Counts that add up, hosts, speed, files."""
    assert format_summary(FINISHED).splitlines() == [
        "  4,650  ok",
        "     50  partial",
        "    200  gone",
        "    100  timeout",
        "  -----",
        "  5,000 lines, 4,980 pages",
        "",
        "Hosts where something failed, and why:",
        "  200  shop.example: http_404",
        "  101  other.example: reset 97, dns 2, refused 1, ...",
        "",
        "4,980 pages in 1 min 20 s, 62.2 pages/s, 9.7 times as fast as one by one",
        "Written: products.csv, products.failures.csv",
        "Everything is kept in products.db",
    ]


def test_every_status_has_its_line_in_the_summary() -> None:
    """No status can be missing from the sum."""
    counts = {status: number for number, status in enumerate(reversed(Status), start=1)}
    text = format_summary(replace(FINISHED, counts=counts, lines=sum(counts.values())))
    rows = re.findall(r"^ +(\d+)  (\w+)$", text, re.MULTILINE)
    assert {Status(name): int(number) for number, name in rows} == counts


def test_summary_of_a_stopped_run_says_how_to_go_on() -> None:
    """What was resumed, what is missing, what was risked, and the command to run again."""
    stopped = replace(
        FINISHED, resumed=500, interrupted=True, unread=True, insecure=True, outputs=(), resume_hint="scrape urls.txt"
    )
    assert format_summary(stopped).splitlines()[-6:] == [
        "500 pages from the run before.",
        "Everything is kept in products.db",
        "TLS certificates were not verified.",
        "Stopped before the end.",
        "The list was not read to its end.",
        "To go on: scrape urls.txt",
    ]


def test_summary_says_how_many_rows_have_warnings() -> None:
    """They are products like others, and nobody reads 5,000 cells."""
    assert "12 rows to look at: the column warnings says why." in format_summary(replace(FINISHED, warned=12))
    assert "warnings" not in format_summary(FINISHED)


@pytest.mark.parametrize("change", [{"fetched": 0, "fetch_seconds": 0.0}, {"fetch_seconds": 60.0}])
def test_summary_claims_no_speed_up_where_there_was_none(change: dict[str, object]) -> None:
    """Nothing fetched, or more waited than fetched, is no reason to boast."""
    assert "as fast" not in format_summary(replace(FINISHED, **change))  # type: ignore[arg-type]


def test_summary_names_the_first_lines_that_are_no_urls() -> None:
    """Where they stand and why, and how many more there are."""
    counts = {**FINISHED.counts, Status.INVALID_URL: 7}
    text = format_summary(replace(FINISHED, counts=counts, invalid_lines=("urls.txt:5: no URL: chair\x1b",)))
    assert "Lines that are no URLs:\n  urls.txt:5: no URL: chair\\x1b\n  and 6 more\n" in text


def test_summary_shows_ten_hosts() -> None:
    """The rest is only counted."""
    hosts = tuple((f"host{rank}.example", {"dns": 100 - rank}) for rank in range(12))
    text = format_summary(replace(FINISHED, failed_hosts=hosts))
    assert text.count(": dns") == 10
    assert "  and 2 more hosts\n" in text


def test_summary_escapes_hosts_reasons_and_files() -> None:
    """Nothing foreign reaches the terminal as it is."""
    text = format_summary(
        replace(
            FINISHED, failed_hosts=((HOSTILE, {HOSTILE: 1}),), outputs=(HOSTILE,), store=HOSTILE, resume_hint=HOSTILE
        )
    )
    assert text.count(ESCAPED) == 5
    assert printable(text.replace("\n", " ")) == text.replace("\n", " ")


def test_summary_as_json_is_one_line_of_ascii() -> None:
    """The JSON form holds the same facts, with hostile text intact but escaped."""
    line = summary_json(replace(FINISHED, failed_hosts=((HOSTILE, {"dns": 7}),)), exit_code=1)
    assert line.isascii()
    assert not re.search(r"[\x00-\x1f]", line)
    facts = json.loads(line)
    assert (facts["event"], facts["exit_code"], facts["speed_up"]) == ("summary", 1, 9.7)
    assert sum(facts["counts"].values()) == facts["lines"] == 5000
    assert facts["failed_hosts"] == [{"host": HOSTILE, "reasons": {"dns": 7}}]
