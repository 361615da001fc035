"""What a page is when it is no product."""

import pytest

from scraper.models import Failure, Status
from scraper.parse.page import parse_page
from tests.parse.pages import page_of


@pytest.mark.parametrize(
    ("http_status", "body", "expected"),
    [
        (404, "<h1>Cup</h1>", (Status.GONE, "http_404")),
        (410, "", (Status.GONE, "http_410")),
        (403, "<h1>Forbidden</h1>", (Status.HTTP_ERROR, "http_403")),
        (429, "", (Status.HTTP_ERROR, "http_429")),
        (503, "<title>Robot Check</title>", (Status.BLOCKED, "captcha")),
        (418, "<title>Just a moment...</title>", (Status.BLOCKED, "bot_wall")),
        (500, "<h1>Error</h1>", (Status.HTTP_ERROR, "http_500")),
        (451, "", (Status.HTTP_ERROR, "http_451")),
        (203, "<h1>Hello</h1>", (Status.NOT_PRODUCT, "no_product")),
    ],
)
def test_other_status_codes(http_status: int, body: str, expected: tuple[Status, str]) -> None:
    """A code other than 200 decides, unless the body is a wall."""
    outcome = parse_page(page_of(body, http_status=http_status))
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == expected


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7", "application/pdf", "not_html"),
        (b"%PDF-1.7", "text/html", "not_html"),
        (b"\x89PNG\r\n", "image/png", "not_html"),
        (b"{}", "application/json", "not_html"),
        (b" \n", "text/html", "empty_page"),
        (b"<p>Hello", None, "no_product"),
        (b"<p>Hello", "text/html; charset=utf-8", "no_product"),
    ],
)
def test_pages_that_are_not_html(body: bytes, content_type: str | None, reason: str) -> None:
    """Type and first bytes tell a document or picture from a page; a page without a type is one."""
    outcome = parse_page(page_of(body, content_type=content_type))
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.NOT_PRODUCT, reason)


def test_type_of_an_answer_is_told_as_plain_text() -> None:
    """A header may hold anything; a message is a line for people."""
    outcome = parse_page(page_of(b"%PDF-1.7", content_type="image/\x1b[2Jpng; " + "x" * 60_000))
    assert isinstance(outcome, Failure)
    assert outcome.message == f"The answer is no HTML page (image/[2Jpng; {'x' * 86})."


@pytest.mark.parametrize(
    "title", ["Seite nicht gefunden", "Page introuvable", "404", "Página no encontrada", "ページが見つかりません"]
)
def test_soft_404_in_several_languages(title: str) -> None:
    """A page that says in its title that it is gone is gone."""
    outcome = parse_page(page_of(f"<title>{title}</title><p>Try our search.</p>"))
    assert isinstance(outcome, Failure)
    assert (outcome.status, outcome.reason) == (Status.GONE, "soft_404")


def test_refusal_in_json_is_a_refusal() -> None:
    """The code decides before the content type."""
    outcome = parse_page(page_of("{}", http_status=403, content_type="application/json"))
    assert outcome.status is Status.HTTP_ERROR


def test_product_wins_over_a_captcha_in_its_review_form() -> None:
    """A captcha script on a page with a product is part of some form."""
    block = '{"@type": "Product", "name": "Cup", "offers": {"price": 5, "priceCurrency": "EUR"}}'
    body = f'<script type="application/ld+json">{block}</script><div class="g-recaptcha"></div>'
    assert parse_page(page_of(body)).status is Status.OK


def test_a_declared_product_with_an_article_about_it() -> None:
    """A page that calls itself a product is one, whatever else its data declares."""
    article = '<script type="application/ld+json">{"@type": "Article", "name": "On cups"}</script>'
    body = f'<meta property="og:type" content="product"><meta property="og:title" content="Cup">{article}'
    assert parse_page(page_of(body)).status is Status.PARTIAL


@pytest.mark.parametrize("body_class", ["single single-product postid-7", "catalog-product-view page"])
def test_a_template_of_products_that_calls_itself_an_article(body_class: str) -> None:
    """The class that a platform gives to the body of its products tells more than a plugin's constant og:type."""
    shown = "<h1>Cup</h1><p class=price>5 €</p><button>Add to cart</button>"
    body = f'<meta property="og:type" content="article"><body class="{body_class}">{shown}'
    assert parse_page(page_of(body)).status is Status.OK


@pytest.mark.parametrize(
    ("path", "status"),
    [("warenkorb", Status.NOT_PRODUCT), ("order/thank-you/", Status.NOT_PRODUCT), ("cup", Status.OK)],
)
def test_carts_show_things_as_if_they_sold_them(path: str, status: Status) -> None:
    """A page whose address ends as that of a cart or of thanks for an order sells nothing by itself."""
    body = "<h1>Cup</h1><p class=price>5 €</p><p>SKU: C-10</p><button>Order now</button>"
    assert parse_page(page_of(body, url=f"https://shop.example/{path}")).status is status


def test_a_model_number_is_no_error_code() -> None:
    """404 within a name says nothing."""
    body = "<title>Drill 404</title><h1>Drill 404</h1><p class=price>5 €</p><button>Add to cart</button>"
    assert parse_page(page_of(body)).status is Status.OK


@pytest.mark.parametrize("kind", ["Article", "NewsArticle", "Event", "Recipe", "RealEstateListing", "TouristTrip"])
def test_things_to_read_are_articles(kind: str) -> None:
    """A page whose data declares an article, event or recipe is one."""
    body = f'<h1>On cups</h1><script type="application/ld+json">{{"@type": "{kind}", "name": "On cups"}}</script>'
    outcome = parse_page(page_of(body))
    assert isinstance(outcome, Failure)
    assert outcome.reason == "article"
