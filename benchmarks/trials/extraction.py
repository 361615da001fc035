"""Saved pages to products, without a network: `scrape extract`."""

import csv
import gzip
import json
from pathlib import Path

from benchmarks.bench import Bench, Table
from benchmarks.clients import SCRAPE, RowCheck, check_rows
from benchmarks.measure import Spread, Usage, run
from benchmarks.pages import FIELDS, KINDS, PageSet

_PAGES = 200


def extraction(bench: Bench) -> list[Table]:
    """Pages a second of CPU time, of all kinds and of each."""
    sets = {"all": bench.pages(range(_PAGES))}
    for number, kind in enumerate(KINDS):
        sets[kind] = bench.pages(range(number, _PAGES * len(KINDS), len(KINDS)))
    results: dict[str, list[tuple[Usage, RowCheck]]] = {name: [] for name in sets}
    for _ in range(bench.runs):
        for name, pages in sets.items():
            results[name].append(_extract(bench, pages))
    rows = [
        (
            name,
            f"{len(sets[name].paths):,}",
            f"{Spread.of([len(sets[name].paths) / usage.cpu_seconds for usage, _ in runs]):.0f}",
            f"{Spread.of([1000 * usage.cpu_seconds / len(sets[name].paths) for usage, _ in runs]):.2f}",
            f"{Spread.of([usage.peak_bytes / 1e6 for usage, _ in runs]):.0f}",
        )
        for name, runs in results.items()
    ]
    faults = {
        f"{name}: {check.wrong} rows wrong, {check.missing} missing: {'; '.join(check.mistakes[:2])}": None
        for name, runs in results.items()
        for _, check in runs
        if not check.all_right
    }
    return [
        Table(
            "T6: scrape extract",
            "Saved pages of all sizes; one core, start-up included.",
            ("pages of", "pages", "pages/s a core", "CPU ms a page", "memory MB"),
            tuple(rows),
            tuple(faults),
        )
    ]


def _extract(bench: Bench, pages: PageSet) -> tuple[Usage, RowCheck]:
    folder = bench.new_folder()
    truths = {}
    for path, truth in pages.truths.items():
        saved = folder / Path(path).name
        saved.write_bytes(gzip.decompress((pages.folder / f"{path[1:]}.gz").read_bytes()))
        truths[saved.name] = truth
    urls = {name: f"https://www.shop.example/p/{name}" for name in truths}
    (folder / "urls.json").write_text(json.dumps(urls), encoding="utf-8")
    command = (str(SCRAPE), "extract", "--urls", "urls.json", *truths)
    usage = run(command, folder=folder, timeout_seconds=300)
    check = check_rows(_as_table(folder / "said.txt", folder / "rows.csv"), truths)
    bench.say(f"extract: {len(truths)} pages, CPU {usage.cpu_seconds:.2f} s, {check.right:,} right")
    return usage, check


def _as_table(lines: Path, table: Path) -> Path:
    """The JSON lines as a table that can be checked; the file is the URL."""
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ("url", *FIELDS), extrasaction="ignore")
        writer.writeheader()
        for line in lines.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            writer.writerow({**(row["product"] or {}), "url": row["file"]})
    return table
