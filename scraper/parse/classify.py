"""What a page is when it is not, or not only, a product: a wall, an error page, a listing, an article."""

import re

from scraper.models import Failure, Page, Status, is_page
from scraper.parse import phrases, schema_org
from scraper.parse.document import Document, text_of
from scraper.parse.jsonld import walk
from scraper.parse.values import clean_text

_HTML_TYPES = (
    "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "application/octet-stream",
)  # fmt: skip
_MOST_KIND = 100
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"RIFF")

_CAPTCHA_MARKS = (
    "captcha-delivery.com", "px-captcha", "g-recaptcha", "h-captcha", "hcaptcha.com/1/api.js",
    "/errors/validatecaptcha", "challenges.cloudflare.com/turnstile", "arkoselabs.com", "geetest", "smartcaptcha",
)  # fmt: skip
_WALL_MARKS = (
    "cf-chl-", "_cf_chl_opt", "cdn-cgi/challenge-platform/h/", "_incapsula_resource", "/_sec/cp_challenge",
    "awswafintegration", "kpsdk",
)  # fmt: skip
_PARKING_MARKS = ("sedoparking", "parkingcrew", "bodis.com", "hugedomains.com")
_ARTICLE_TYPES = frozenset({
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "review", "criticreview", "recipe",
    "event", "musicevent", "sportsevent", "theaterevent", "jobposting", "hotel", "course", "qapage",
    "discussionforumposting", "collectionpage", "searchresultspage", "realestatelisting", "apartment", "house",
    "singlefamilyresidence", "accommodation", "hotelroom", "lodgingbusiness", "touristtrip", "festival",
})  # fmt: skip
_PRODUCT_BODIES = frozenset({"single-product", "catalog-product-view"})
_APP_ROOT = '#root, #app, #__next, #__nuxt, app-root, [id="react-root"], [ng-app], [data-reactroot]'
_SHORT_PAGE_CHARACTERS = 1_500
_SHELL_CHARACTERS = 250
LISTED_PRODUCTS = 10


def failure(page: Page, status: Status, reason: str, message: str) -> Failure:
    """The failure of this page."""
    return Failure(
        page.url, status, reason, message,
        http_status=page.http_status, attempts=page.attempts, final_url=page.final_url, fetched_at=page.fetched_at,
    )  # fmt: skip


def classify_answer(document: Document) -> Failure | None:
    """What the answer is, if that is plain before any product is looked for."""
    page = document.page
    if page.http_status in (404, 410):
        return failure(page, Status.GONE, f"http_{page.http_status}", f"The server answered {page.http_status}.")
    if not is_page(page.http_status):
        refused = failure(
            page, Status.HTTP_ERROR, f"http_{page.http_status}", f"The server answered {page.http_status}."
        )
        return (_wall(document) if is_html(page) else None) or refused
    if not is_html(page):
        kind = clean_text(page.content_type, limit=_MOST_KIND) or "of no type"
        return failure(page, Status.NOT_PRODUCT, "not_html", f"The answer is no HTML page ({kind}).")
    if not page.body.strip():
        return failure(page, Status.NOT_PRODUCT, "empty_page", "The answer has no content.")
    return None


def is_html(page: Page) -> bool:
    """Whether the body may be read as HTML, by its type and its first bytes."""
    kind = re.split("[;,]", page.content_type or "text/html", maxsplit=1)[0].strip().lower()  # some send two
    return (kind in _HTML_TYPES or "/" not in kind) and not page.body.startswith(_MAGIC)


def classify_rest(document: Document, listed: int) -> Failure:
    """Why a page shows no single product; `listed` is the number of products or prices that it lists."""
    page = document.page
    if found := _wall(document) or _parked(document) or _login(document) or _consent(document):
        return found
    if is_soft_404(document):
        return failure(page, Status.GONE, "soft_404", "The page says that it does not exist.")
    if listed >= LISTED_PRODUCTS:
        return failure(page, Status.NOT_PRODUCT, "listing", f"The page lists {listed} products.")
    if is_article(document):
        return failure(page, Status.NOT_PRODUCT, "article", "The page is an article, an event or the like.")
    if _needs_javascript(document):
        return failure(page, Status.NOT_PRODUCT, "needs_javascript", "The page is empty without JavaScript.")
    return failure(page, Status.NOT_PRODUCT, "no_product", "Nothing on the page is a product.")


def _characters(document: Document) -> int:
    return sum(map(len, document.lines))


def _wall(document: Document) -> Failure | None:
    """A captcha or a bot wall: by title, or by its scripts on a page that says little else."""
    source = document.text.lower() if _characters(document) < _SHORT_PAGE_CHARACTERS else ""
    if phrases.CAPTCHA.search(document.title) or any(mark in source for mark in _CAPTCHA_MARKS):
        return failure(document.page, Status.BLOCKED, "captcha", "The page asks to solve a captcha.")
    if phrases.BOT_WALL.search(document.title) or any(mark in source for mark in _WALL_MARKS):
        return failure(document.page, Status.BLOCKED, "bot_wall", "The page is a bot wall.")
    return None


def _parked(document: Document) -> Failure | None:
    if _characters(document) >= _SHORT_PAGE_CHARACTERS:
        return None
    said = any(phrases.PARKED.search(line) for line in (document.title, *document.lines))
    if said or any(mark in document.text for mark in _PARKING_MARKS):
        return failure(document.page, Status.BLOCKED, "parked_domain", "The domain is parked or for sale.")
    return None


def _login(document: Document) -> Failure | None:
    heading = text_of(document.tree.css_first("h1"))
    has_form = document.tree.css_first("input[type=password]") is not None
    if has_form and (phrases.LOGIN.search(document.title) or phrases.LOGIN.search(heading)):
        return failure(document.page, Status.BLOCKED, "login_wall", "The page asks to log in.")
    return None


def _consent(document: Document) -> Failure | None:
    """A page with little but the question for consent."""
    if _characters(document) >= _SHORT_PAGE_CHARACTERS:
        return None
    heading = text_of(document.tree.css_first("h1, h2"))
    if any(phrases.CONSENT.search(text) for text in (document.title, heading)):
        return failure(document.page, Status.BLOCKED, "consent_wall", "The page asks for consent first.")
    return None


def is_soft_404(document: Document) -> bool:
    """Whether title or heading of the page say that it does not exist."""
    heading = text_of(document.tree.css_first("h1") or document.tree.css_first("h2"))
    return any(len(text) < 120 and bool(phrases.GONE.search(text.lower())) for text in (document.title, heading))


def is_article(document: Document) -> bool:
    """Whether the page declares itself something to read, to visit or to cook."""
    if (document.meta("og:type") or "").lower().startswith("article"):
        return True
    return any(schema_org.types(node) & _ARTICLE_TYPES for node, aside in walk(document.jsonld) if not aside)


def is_product_template(document: Document) -> bool:
    """Whether the body is of the class that WooCommerce and Magento give to the pages of products."""
    body = document.tree.body
    return body is not None and not _PRODUCT_BODIES.isdisjoint(body.attrs.sget("class").split())


def _needs_javascript(document: Document) -> bool:
    shown = _characters(document)
    if shown >= _SHORT_PAGE_CHARACTERS:
        return False
    prompted = any(phrases.NEEDS_SCRIPT.search(line) for line in document.lines)
    return prompted or (shown < _SHELL_CHARACTERS and document.tree.css_first(_APP_ROOT) is not None)
