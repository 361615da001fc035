"""How often extraction is right on a folder of labelled pages: `python -m scraper.accuracy FOLDER`, or `make accuracy`.

The folder holds pages and a manifest.json:

    {"pages": [{"file": "1.html", "url": "https://shop.example/1", "expected": {"name": "Cup", "gtin": null}},
               {"file": "2.html", "url": "https://shop.example/about", "expected": null}]}

`expected` is null where the page shows no product. A field's truth is a value, a list of accepted values, or null where
the page has none; a field that is left out is not scored on that page. A folder without manifest.json may hold cases
instead, each a folder with page.html, page.json and expected.json, as in fixtures/pages.
"""

import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median
from typing import Any
from urllib.parse import unquote

import click

from scraper.errors import InputError
from scraper.extract import extract_files
from scraper.progress import printable

CORE = (
    "name", "price", "currency", "availability", "sku", "gtin", "mpn", "brand", "image", "rating", "review_count",
)  # fmt: skip
"""The fields whose mean F1 is the macro F1."""
FIELDS = (*CORE, "regular_price", "condition")
PAGE_RIGHT = ("name", "price", "currency")
"""The fields that must all be right for a page to be."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page and what is true of it."""

    path: Path
    url: str
    expected: Fields | None
    """None: it shows no product."""


@dataclass(slots=True)
class Count:
    """Right and wrong values of one field. A wrong value where there is a right one is both false and missing."""

    right: int = 0
    false: int = 0
    missing: int = 0

    @property
    def precision(self) -> float:
        """0.0 where nothing was told."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float:
        """0.0 where there was nothing to tell."""
        return _share(self.right, self.right + self.missing)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return _share(2 * self.right, 2 * self.right + self.false + self.missing)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One value that is not what it should be."""

    file: str
    field: str
    expected: object
    found: object


@dataclass(slots=True)
class Score:
    """What a corpus came to."""

    counts: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in FIELDS})
    mistakes: list[Mistake] = field(default_factory=list)
    product_pages: int = 0
    product_pages_right: int = 0
    other_pages: int = 0
    other_pages_silent: int = 0
    cpu_milliseconds: list[float] = field(default_factory=list)
    """One a page: read, parsed and written as a row."""

    @property
    def macro_f1(self) -> float:
        """The mean over the core fields."""
        return fmean(self.counts[name].f1 for name in CORE)

    @property
    def page_right(self) -> float:
        """The share of pages with name, price and currency right, or silent where there is no product."""
        return _share(self.product_pages_right + self.other_pages_silent, self.product_pages + self.other_pages)

    @property
    def cpu(self) -> dict[str, float]:
        """Milliseconds a page: the median, what nine in ten stay within, the most."""
        times = sorted(self.cpu_milliseconds)
        return {"median": median(times), "p90": times[(len(times) * 9 - 1) // 10], "max": times[-1]} if times else {}

    def add(self, page: LabelledPage, product: Fields | None) -> None:
        """Count one page; `product` is the row that was extracted, None if it is said to show none."""
        found = {name: value for name, value in (product or {}).items() if not _is_empty(value)}
        if page.expected is None:
            self.other_pages += 1
            self.other_pages_silent += found.keys().isdisjoint(CORE)
            self._count(page, dict.fromkeys(FIELDS), found)
        else:
            self.product_pages += 1
            expected = page.expected
            self.product_pages_right += all(
                is_right(name, expected[name], found.get(name)) for name in PAGE_RIGHT if name in expected
            )
            self._count(page, expected, found)

    def _count(self, page: LabelledPage, expected: Fields, found: Fields) -> None:
        for name in FIELDS:
            if name not in expected:
                continue
            truth, value, count = expected[name], found.get(name), self.counts[name]
            if is_right(name, truth, value):
                count.right += truth is not None
                continue
            count.false += value is not None
            count.missing += truth is not None
            self.mistakes.append(Mistake(str(page.path), name, truth, value))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def is_right(name: str, truth: object, value: object) -> bool:
    """Whether a field's value is what it should be, or one of what it may be; None is no value.

    >>> is_right("price", "10", "10.00"), is_right("sku", ["A-1", "A-2"], "a2"), is_right("mpn", None, "x")
    (True, True, False)
    """
    if truth is None or _is_empty(value):
        return truth is None and _is_empty(value)
    same = _SAME.get(name, _same_text)
    value = value[0] if isinstance(value, list) else value
    accepted = truth if isinstance(truth, list) else [truth]
    return not isinstance(value, dict) and any(same(one, value) for one in accepted)


_QUOTES = str.maketrans("’‘“”", "''\"\"", "\ufeff\u200b")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?|\.\d+")
_RATING_TOLERANCE = Decimal("0.05")
_STOCK = {
    "instock": "in", "limitedavailability": "in", "onlineonly": "in",
    "outofstock": "out", "soldout": "out", "discontinued": "out",
}  # fmt: skip

_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)$")
_LONG_NUMBER = re.compile(r"\d{5,}")
_SUFFIX = re.compile(r"\.[a-z0-9]{2,5}$")
_SIZE_MARK = re.compile(
    r"(?<![._-])[._-]+(?:s-?l?\d+|\d{2,4}x\d{0,4}|x\d{2,4}|_?sl\d+_?|_?ac_?.*|grande|large|medium|small|zoom|thumb"
    r"|\d{2,4})$"
)
_TOKEN = re.compile(r"[0-9a-z_~-]{9,}")


def _plain(value: object) -> str:
    """Without what does not matter in a text: case, kinds of space and quote, compatibility forms."""
    text = unicodedata.normalize("NFKC", str(value)).translate(_QUOTES)
    return " ".join(text.split()).casefold()


def _number(value: object) -> Decimal | None:
    text = str(value).strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _same_text(one: object, other: object) -> bool:
    return _plain(one) == _plain(other)


def _same_number(one: object, other: object) -> bool:
    number = _number(one)
    return number is not None and number == _number(other)


def _same_rating(one: object, other: object) -> bool:
    left, right = _number(one), _number(other)
    return left is not None and right is not None and abs(left - right) <= _RATING_TOLERANCE


def _characters(value: object) -> str:
    return re.sub(r"[^0-9a-z]", "", _plain(value))


def _same_code(one: object, other: object) -> bool:
    return _characters(one) == _characters(other) != ""


def _same_gtin(one: object, other: object) -> bool:
    return _characters(one).lstrip("0") == _characters(other).lstrip("0") != ""


def _member(value: object) -> str:
    """What a schema.org enumeration's member comes to; in stock and out of stock are all that is told apart."""
    last = re.split("[/#]", str(value).strip().rstrip("/"))[-1]
    name = re.sub(r"[^a-z]", "", last.casefold())
    return _STOCK.get(name, name)


def _same_member(one: object, other: object) -> bool:
    return _member(one) == _member(other)


def _same_brand(one: object, other: object) -> bool:
    left, right = (re.sub("[®™©]", "", _plain(value)).strip() for value in (one, other))
    return left == right


def _address(value: object) -> str:
    return unquote(str(value)).strip().casefold()


def _picture_keys(value: object) -> set[str]:
    """What tells a picture in whatever size: the address, its path, the file's name, the longest code in it."""
    address = re.sub("^[a-z]+:", "", _address(value)).lstrip("/").partition("#")[0]
    path = address.partition("?")[0]
    keys = {address}
    if _PICTURE.search(path) or _LONG_NUMBER.search(path):
        keys.add(path)
    stem = _SIZE_MARK.sub("", _SUFFIX.sub("", path.rstrip("/").rpartition("/")[2]))
    if len(stem) >= 8:
        keys.add(f"stem {stem}")
    codes = [token for token in _TOKEN.findall(path) if re.search(r"\d", token)]
    return keys | ({f"code {max(codes, key=len)}"} if codes else set())


def _same_picture(one: object, other: object) -> bool:
    truth, found = _address(one), _address(other)
    within = (len(truth) >= 10 and truth in found) or (len(found) >= 20 and found in truth)
    return within or not _picture_keys(one).isdisjoint(_picture_keys(other))


_SAME: dict[str, Callable[[object, object], bool]] = {
    "price": _same_number,
    "regular_price": _same_number,
    "availability": _same_member,
    "condition": _same_member,
    "sku": _same_code,
    "mpn": _same_code,
    "gtin": _same_gtin,
    "rating": _same_rating,
    "review_count": _same_number,
    "brand": _same_brand,
    "image": _same_picture,
}
"""Field -> whether two values of it are one; all others are texts."""


def load_corpus(folder: Path) -> list[LabelledPage]:
    """The labelled pages of a folder. Raises InputError."""
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    manifest = folder / "manifest.json"
    pages = _read_manifest(manifest) if manifest.is_file() else list(_read_cases(folder))
    if not pages:
        raise InputError(f"{folder}: holds neither a manifest.json with pages nor folders with an expected.json")
    for page in pages:
        if not page.path.is_file():
            raise InputError(f"{page.path}: there is no such page")
    return pages


def _read_manifest(path: Path) -> list[LabelledPage]:
    content = _load_json(path)
    entries = content.get("pages") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise InputError(f'{path}: must be {{"pages": [{{"file": …, "url": …, "expected": …}}]}}')
    return [_read_entry(entry, f"{path}: pages[{index}]", path.parent) for index, entry in enumerate(entries)]


def _read_entry(entry: object, where: str, folder: Path) -> LabelledPage:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str) or "expected" not in entry:
        raise InputError(f'{where}: must be an object with "file" and "expected"')
    url, expected = entry.get("url") or "", entry["expected"]
    if not isinstance(url, str):
        raise InputError(f'{where}: "url" must be a text')
    if expected is not None and not isinstance(expected, dict):
        raise InputError(f'{where}: "expected" must be an object, or null for a page without a product')
    return LabelledPage(folder / entry["file"], url, expected)


def _read_cases(folder: Path) -> Iterator[LabelledPage]:
    """The cases that a saved page can show: those that the server answered with 200, and with HTML."""
    for path in sorted(folder.glob("*/expected.json")):
        expected, about = _load_json(path), _load_json(path.with_name("page.json"))
        if about.get("http_status", 200) != 200 or "content_type" in about:
            continue
        is_product = expected.get("status") in ("ok", "partial")
        truth = {name: expected.get(name) for name in FIELDS} if is_product else None
        yield LabelledPage(path.with_name("page.html"), about.get("url", ""), truth)


def _load_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a JSON file that can be read: {error}") from error


def measure(pages: Sequence[LabelledPage], *, cpu_clock: Callable[[], float] = time.process_time) -> Score:
    """Extract every page as `scrape extract` does, without site rules, and count."""
    score = Score()
    urls = {str(page.path): page.url for page in pages}
    rows = extract_files([page.path for page in pages], urls=urls, sites={})
    for page in pages:
        began = cpu_clock()
        row = next(rows)
        score.cpu_milliseconds.append(1000 * (cpu_clock() - began))
        score.add(page, row["product"])
    return score


def format_score(score: Score, *, mistakes: int = 0) -> Iterator[str]:
    """The lines for people: the table, the pages, the time, and the first `mistakes`."""
    yield f"{'field':14} {'prec.':>6} {'recall':>6} {'F1':>6} {'TP':>5} {'FP':>5} {'FN':>5}"
    for name, count in score.counts.items():
        shares = f"{count.precision:6.3f} {count.recall:6.3f} {count.f1:6.3f}"
        aside = "" if name in CORE else "  (not in macro F1)"
        yield f"{name:14} {shares} {count.right:5} {count.false:5} {count.missing:5}{aside}"
    yield f"macro F1 {score.macro_f1:.3f}"
    yield f"page right {score.page_right:.3f}: {score.product_pages_right} of {score.product_pages} product pages, " + (
        f"{score.other_pages_silent} of {score.other_pages} other pages silent"
    )
    if times := score.cpu:
        yield f"CPU a page {times['median']:.1f} ms (median), {times['p90']:.1f} ms (90 %), {times['max']:.1f} ms (max)"
    for mistake in score.mistakes[:mistakes]:
        expected, found = _brief(mistake.expected), _brief(mistake.found)
        yield printable(f"  {mistake.file} {mistake.field}: expected {expected}, found {found}")


def _brief(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:110]


def score_json(score: Score) -> str:
    """All figures as JSON."""
    figures = {
        "fields": {
            name: {"precision": count.precision, "recall": count.recall, "f1": count.f1, **asdict(count)}
            for name, count in score.counts.items()
        },
        "macro_f1": score.macro_f1,
        "page_right": score.page_right,
        "product_pages": score.product_pages,
        "product_pages_right": score.product_pages_right,
        "other_pages": score.other_pages,
        "other_pages_silent": score.other_pages_silent,
        "cpu_milliseconds": score.cpu,
        "mistakes": [asdict(mistake) for mistake in score.mistakes],
    }
    return json.dumps(figures, indent=1)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--errors", "mistakes", type=click.IntRange(min=0), default=0, help="Show the first so many mistakes.")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
def main(folder: Path, mistakes: int, as_json: bool) -> None:
    """Extract the labelled pages of FOLDER and print how often each field is right."""
    try:
        score = measure(load_corpus(folder))
    except InputError as error:
        click.echo(f"accuracy: {printable(str(error))}", err=True)
        sys.exit(2)
    lines: Iterable[str] = [score_json(score)] if as_json else format_score(score, mistakes=mistakes)
    for line in lines:
        click.echo(line)


if __name__ == "__main__":
    main()
