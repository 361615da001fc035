"""What the benchmarks measure with: the same pages for everybody, and rows that are held against the truth."""

import csv
import gzip
import subprocess
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from benchmarks.clients import check_rows
from benchmarks.pages import FIELDS, KINDS, SIZES, MadePage, make_page, make_page_set
from scraper.extract import extract_files

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
    assert {(page.kind, page.size) for page in pages} == {(kind, size) for kind in KINDS for size in SIZES}
    assert fmean(len(page.html) for page in pages) == pytest.approx(138_000, rel=0.03)
    for name, size in SIZES.items():
        assert fmean(len(page.html) for page in pages if page.size == name) == pytest.approx(size, rel=0.04)
    some = [page.html for page in pages[:40]]
    assert sum(map(len, some)) / sum(len(gzip.compress(html)) for html in some) == pytest.approx(5, rel=0.15)


def test_a_set_on_disk_has_its_truth(tmp_path: Path) -> None:
    """Compressed as a server sends it, and made once."""
    made = make_page_set(tmp_path, 4, "small")
    page = make_page(3, "small")
    path = made.folder / f"{made.paths[3][1:]}.gz"
    assert gzip.decompress(path.read_bytes()) == page.html
    assert made.truths[made.paths[3]] == page.product.truth
    path.write_bytes(b"")
    assert make_page_set(tmp_path, 4, "small") == made
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
