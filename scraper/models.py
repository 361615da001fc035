"""What travels between the parts: Page, Product, Failure; Outcome = Product | Failure.

Everything here is frozen and picklable, since it crosses threads and processes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """What a URL ended as; every URL ends as exactly one of these."""

    OK = "ok"
    """A product with at least a name and a price, or a name and a stated unavailability."""
    PARTIAL = "partial"
    """A product whose name or price is missing."""
    NOT_PRODUCT = "not_product"
    """A real page that shows no single product: an article, a listing, a home page."""
    BLOCKED = "blocked"
    """A bot wall, captcha, login wall, consent wall or parked domain."""
    GONE = "gone"
    """404, 410, or a page that says so with 200."""
    ROBOTS = "robots"
    """robots.txt forbids the URL."""
    HTTP_ERROR = "http_error"
    """Any other status that is not 2xx, after retries."""
    NETWORK_ERROR = "network_error"
    """DNS, connection refused or reset, TLS, truncated body, after retries."""
    TIMEOUT = "timeout"
    """Connecting, reading or the whole request took too long, after retries."""
    TOO_LARGE = "too_large"
    """Over the byte limit, on the wire or decompressed."""
    INVALID_URL = "invalid_url"
    """Cannot be requested: no host, wrong scheme, or a forbidden address."""
    PARSE_ERROR = "parse_error"
    """The parser raised, died or ran past its limit."""
    CANCELLED = "cancelled"
    """Not done when the run was stopped; the next run takes it up."""

    @property
    def is_product(self) -> bool:
        """Whether the URL has a row in the outputs."""
        return self in (Status.OK, Status.PARTIAL)


_NO_PAGE = frozenset({204, 205, 206, 207, 208, 226})
"""No content, reset, a part, several things, seen already, only what changed."""


def is_page(http_status: int) -> bool:
    """Whether an answer with this status is a whole page; an unknown 2xx counts as 200 (RFC 9110, section 15)."""
    return 200 <= http_status < 300 and http_status not in _NO_PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server, its content codings undone, before anything is read from it."""

    url: str
    """As requested first, before redirects."""
    final_url: str
    http_status: int
    content_type: str | None
    """The Content-Type header as sent, with its charset parameter; None if there was none."""
    body: bytes
    fetched_at: datetime
    """When the answer was complete, in UTC."""
    elapsed_seconds: float = 0.0
    """Time on the network: all attempts and redirects, without the waiting between them."""
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Product:
    """One product as one page shows it. None, or an empty collection: the page does not say."""

    url: str
    final_url: str
    status: Status
    http_status: int
    fetched_at: datetime
    name: str | None = None
    brand: str | None = None
    price: Decimal | None = None
    """What a buyer pays now, in units of `currency`, tax included where the page shows both."""
    regular_price: Decimal | None = None
    """The struck-through or list price, only where it is above `price`."""
    currency: str | None = None
    """ISO 4217."""
    price_text: str | None = None
    """The price as the source wrote it."""
    price_valid_until: str | None = None
    """ISO 8601 date."""
    availability: str | None = None
    """Short name of a member of https://schema.org/ItemAvailability, for instance InStock."""
    condition: str | None = None
    """Short name of a member of https://schema.org/OfferItemCondition."""
    sku: str | None = None
    gtin: str | None = None
    """8, 12, 13 or 14 digits whose check digit is right."""
    mpn: str | None = None
    product_id: str | None = None
    product_group_id: str | None = None
    color: str | None = None
    size: str | None = None
    category: str | None = None
    """Breadcrumbs joined by ` > `."""
    description: str | None = None
    """Plain text."""
    image: str | None = None
    """Absolute URL of the main image."""
    images: tuple[str, ...] = ()
    rating: Decimal | None = None
    rating_max: Decimal | None = None
    review_count: int | None = None
    seller: str | None = None
    shipping_price: Decimal | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Further properties by the name that the page gives them."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Evidence: field -> rule, jsonld, microdata, rdfa, microformats, opengraph, state, html; host for what its other
    pages told."""
    warnings: tuple[str, ...] = ()
    """Sentences on what a reader should know, such as two sources that disagree."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a URL has no product row."""

    url: str
    status: Status
    reason: str
    """A stable word, finer than the status: dns, refused, http_503, soft_404, listing ..."""
    message: str
    """A sentence for people."""
    http_status: int | None = None
    attempts: int = 0
    final_url: str | None = None
    fetched_at: datetime | None = None


Outcome = Product | Failure
