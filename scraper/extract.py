"""Offline: saved pages in, one JSON object a page out, or for people the reasons."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scraper.config import SiteRules
from scraper.errors import InputError
from scraper.explain import explain
from scraper.export.rows import to_row
from scraper.models import Outcome, Page, Product
from scraper.parse.page import examine, parse_page
from scraper.progress import printable


def extract_files(
    paths: Iterable[Path], *, urls: Mapping[str, str], url: str = "", sites: Mapping[str, SiteRules]
) -> Iterator[dict[str, Any]]:
    """What each saved page shows: `file`, and `product` or null with the reason. Raises InputError.

    `urls` gives files their URLs by path or name; `url` is that of all others. Without a URL, links stay relative and
    are left out.
    """
    for path in paths:
        yield {"file": str(path), **_describe(parse_page(read_page(path, _url_of(path, urls) or url), sites))}


def explain_files(
    paths: Iterable[Path], *, urls: Mapping[str, str], url: str = "", sites: Mapping[str, SiteRules]
) -> Iterator[str]:
    """As `extract_files`, in lines for people: what each page came to and what every source said."""
    for index, path in enumerate(paths):
        page = read_page(path, _url_of(path, urls) or url)
        yield from [""] if index else []
        yield printable(str(path))
        yield from explain(examine(page, sites))


def load_urls(path: Path) -> dict[str, str]:
    """File -> URL from a JSON object that maps either to the other; null is no URL. Raises InputError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a JSON file that can be read: {error}") from error
    if not isinstance(content, dict) or not all(isinstance(value, str | None) for value in content.values()):
        raise InputError(f'{path}: must be one JSON object such as {{"page.html": "https://shop.example/p"}}')
    return {value if _is_url(key) else key: key if _is_url(key) else value for key, value in content.items() if value}


def _is_url(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def _url_of(path: Path, urls: Mapping[str, str]) -> str | None:
    return urls.get(str(path)) or urls.get(path.name)


def read_page(path: Path, url: str) -> Page:
    """A saved page as if it had just been fetched from `url`. Raises InputError."""
    try:
        body = path.read_bytes()
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    return Page(url, url, 200, None, body, saved_at)


def _describe(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Product):
        return {"product": to_row(outcome)}
    return {"product": None, "status": outcome.status, "reason": outcome.reason, "message": outcome.message}
