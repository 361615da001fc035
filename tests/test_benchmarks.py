"""What the benchmarks measure with: the same pages for everybody, and rows that are held against the truth."""

import csv
import gzip
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.bench import Result, Seen, Table, defects_of, mark, ratios
from benchmarks.clients import RowCheck, check_rows
from benchmarks.latency_server import host, wait_truth
from benchmarks.measure import CommandFailed, Usage, run
from benchmarks.pages import FIELDS, KINDS, SIZES, MadePage, make_page, make_page_set
from benchmarks.servers import serve_latency
from scraper.export.rows import to_row
from scraper.extract import extract_files
from scraper.models import Page, Product
from scraper.parse.page import parse_page

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pages() -> list[MadePage]:
    """As many as the mix of sizes needs to be whole."""
    return [make_page(number) for number in range(200)]


def test_a_page_is_its_number(pages: list[MadePage]) -> None:
    """In another process, and whatever was made before it."""
    program = "import sys; from benchmarks.pages import make_page; sys.stdout.buffer.write(make_page(7).html)"
    other = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True)
    assert other.stdout == pages[7].html
    assert len({page.html for page in pages}) == len(pages)


def test_sizes_are_those_of_shops(pages: list[MadePage]) -> None:
    """Each kind in each size; the mean is about 138 KB, and gzip makes it about five times smaller."""
    assert {(page.kind, page.size) for page in pages} == {(kind, size) for kind in KINDS for size in SIZES.values()}
    assert fmean(len(page.html) for page in pages) == pytest.approx(138_000, rel=0.03)
    for size in SIZES.values():
        assert fmean(len(page.html) for page in pages if page.size == size) == pytest.approx(size, rel=0.04)
    some = [page.html for page in pages[:40]]
    assert sum(map(len, some)) / sum(len(gzip.compress(html)) for html in some) == pytest.approx(5, rel=0.15)


def test_a_set_on_disk_has_its_truth(tmp_path: Path) -> None:
    """Compressed as a server sends it, and made once."""
    made = make_page_set(tmp_path, range(4), 30_000)
    page = make_page(3, 30_000)
    path = made.folder / f"{made.paths[3][1:]}.gz"
    assert gzip.decompress(path.read_bytes()) == page.html
    assert made.truths[made.paths[3]] == page.product.truth
    path.write_bytes(b"")
    assert make_page_set(tmp_path, range(4), 30_000) == made
    assert path.read_bytes() == b""


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_is_read_from_every_kind(kind: str, pages: list[MadePage], tmp_path: Path) -> None:
    """All fields that the benchmarks compare; first by our program, then by what holds its rows against the truth."""
    sample = [page for page in pages if page.kind == kind][:6]
    for page in sample:
        (tmp_path / f"{page.product.number}.html").write_bytes(page.html)
    paths = [tmp_path / f"{page.product.number}.html" for page in sample]
    urls = {f"{page.product.number}.html": page.product.url for page in sample}
    rows = extract_files(paths, urls=urls, sites={})
    table = tmp_path / "products.csv"
    write_table(table, [{**row["product"], "url": page.product.url} for page, row in zip(sample, rows, strict=True)])
    check = check_rows(table, {page.product.url: page.product.truth for page in sample})
    assert check.mistakes == ()
    assert check.all_right


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ("url", *FIELDS), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


ROW = {"name": "Cup", "price": "5.5", "currency": "EUR", "availability": "InStock", "sku": "C", "image": "https://c/1"}
TRUTH = {**ROW, "price": "5.50", "image": ["https://c/1", "https://c/2"]}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"url": "a", **ROW}, {"url": "b", **ROW}], (2, 0, 0, 0)),
        ([{"url": "a", **ROW}], (1, 0, 1, 0)),
        ([{"url": "a", **ROW}, {"url": "b", **ROW, "price": ""}], (1, 1, 0, 0)),
        ([{"url": "a", **ROW}, {"url": "b", **ROW, "image": "https://c/3"}], (1, 1, 0, 0)),
        ([{"url": "a", **ROW}, {"url": "b", **ROW}, {"url": "b", **ROW}], (3, 0, 0, 1)),
        ([{"url": "a", **ROW}, {"url": "b", **ROW}, {"url": "c", **ROW}], (2, 1, 0, 0)),
    ],
)
def test_rows_are_held_against_the_truth(
    rows: list[dict[str, Any]], expected: tuple[int, int, int, int], tmp_path: Path
) -> None:
    """Right, wrong, missing and doubled ones are told apart; numbers are compared as numbers."""
    table = tmp_path / "products.csv"
    write_table(table, rows)
    check = check_rows(table, {"a": TRUTH, "b": TRUTH})
    assert (check.right, check.wrong, check.missing, check.doubled) == expected
    assert check.all_right == (expected == (2, 0, 0, 0))


def test_cpu_time_is_that_of_all_processes(tmp_path: Path) -> None:
    """A child's and a grandchild's, as they count it themselves."""
    busy = "import time\nwhile time.process_time() < 0.1: pass"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)\n{busy}"
    assert run([sys.executable, "-c", program], folder=tmp_path, timeout_seconds=60).cpu_seconds >= 0.2


@pytest.mark.parametrize(
    ("program", "message"),
    [("import time; time.sleep(60)", "ended with -9"), ("raise SystemExit('no such thing')", "no such thing")],
)
def test_a_command_that_fails_is_no_figure(program: str, message: str, tmp_path: Path) -> None:
    """It is ended after its time; what it said is told."""
    with pytest.raises(CommandFailed, match=message):
        run([sys.executable, "-c", program], folder=tmp_path, timeout_seconds=0.5)


@pytest.mark.timeout(100)
def test_nothing_outlives_its_command(tmp_path: Path) -> None:
    """What it left running would spoil the next measurement."""
    child = "import time; time.sleep(60)"
    program = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid)"
    run([sys.executable, "-c", program], folder=tmp_path, timeout_seconds=60)
    stat = Path("/proc", (tmp_path / "said.txt").read_text(encoding="ascii").strip(), "stat")
    while stat.exists() and stat.read_text(encoding="ascii").split()[2] != "Z":  # else this test runs into its timeout
        time.sleep(0.01)


def test_the_latency_server_counts_and_tells_the_truth() -> None:
    """On each of its hosts; robots.txt is no page."""
    with serve_latency(2) as server:
        assert server.take_seen(0) == Seen(0, 0)
        assert requests.get(f"http://{host(1)}:{server.port}/robots.txt", timeout=60).status_code == 404
        for number in (0, 1):
            url = server.url(number, 1, number)
            body = requests.get(url, timeout=60).content
            product = parse_page(Page(url, url, 200, None, body, datetime.now(UTC)), {})
            assert isinstance(product, Product)
            row = to_row(product)
            assert {field: row[field] for field in FIELDS} == wait_truth(number)
        assert server.take_seen(2) == Seen(2, 1)
        assert server.take_seen(0) == Seen(0, 0)


def result(right: int, wrong: int = 0, seen: int = 2) -> Result:
    rows = RowCheck(right, wrong, 2 - right - wrong, 0, ("b: price: ''",))
    return Result(Usage(1.0, 1.0, 1), 2, rows, Seen(seen))


def test_defects_stand_below_the_table() -> None:
    """Rows that are wrong, and requests that nobody saw; each once."""
    runs = {"a": [result(2), result(2)], "b": [result(1, wrong=1)] * 2, "c": [result(2, seen=1)]}
    assert [mark(name, results) for name, results in runs.items()] == ["a", "b (rows wrong)", "c"]
    assert defects_of(runs) == (
        "b: 1 rows wrong, 0 missing, 0 doubled; b: price: ''",
        "c: 1 requests for 2 pages",
    )
    table = Table("T", "Note.", ("client", "ms"), (("a", "1.0"), ("bcdefgh", "2")), defects_of(runs))
    assert str(table).splitlines()[4:8] == [
        "| client  | ms  |",
        "| ------- | --- |",
        "| a       | 1.0 |",
        "| bcdefgh | 2   |",
    ]
    assert "**Defect:** c: 1 requests" in str(table)


def test_a_ratio_is_that_of_one_round() -> None:
    """With how far the rounds were apart."""
    assert f"{ratios([4.0, 9.0, 8.0], [2.0, 3.0, 4.0]):.1f}" == "2.0 (2.0 to 3.0)"


def test_without_nginx_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the exit code is not 0."""
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    outcome = CliRunner().invoke(main, ["T5", "--alone"])
    assert outcome.exit_code == 2
    assert "bench: nginx is missing" in outcome.stderr.splitlines()[-1]
