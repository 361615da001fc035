"""Pages as the fetcher would hand them over, in a line."""

from datetime import UTC, datetime
from typing import Any

from scraper.models import Page
from scraper.parse.document import Document

URL = "https://shop.example/p/1"


def page_of(
    body: str | bytes, *, url: str = URL, http_status: int = 200, content_type: str | None = "text/html"
) -> Page:
    """A page with this body."""
    raw = body if isinstance(body, bytes) else body.encode()
    return Page(url, url, http_status, content_type, raw, datetime(2026, 1, 2, tzinfo=UTC))


def document_of(body: str | bytes, **options: Any) -> Document:
    """The document of a page with this body."""
    return Document(page_of(body, **options))
