"""Where a page sells, and what a bare sign means there."""

import pytest

from scraper.models import Product
from scraper.parse.country import country_of, currency_meant
from scraper.parse.page import parse_page
from scraper.parse.price import possible_currencies
from tests.parse.pages import document_of, page_of


@pytest.mark.parametrize(
    ("host", "language", "expected"),
    [
        ("shop.example.de", "en-US", "de"),
        ("shop.io", "en-US", "us"),
        ("shop.nu", "sv", "se"),
        ("shop.io", "en", None),
        ("shop.io", "de", None),
        ("shop.example", "", None),
        ("shop.example", "sv", "se"),
        ("shop.example", "DA", "dk"),
        ("shop.example", "nb", "no"),
        ("shop.example", "is", "is"),
        ("shop.example", "de-CH", "ch"),
        ("shop.example", "zh-Hant-TW", "tw"),
        ("127.0.0.1", "sv", "se"),
    ],
)
def test_country_by_domain_then_region_then_language(host: str, language: str, expected: str | None) -> None:
    """A country's domain names it, unless the world uses it; else the language's region, or its only country."""
    assert country_of(document_of(f"<html lang='{language}'>", url=f"https://{host}/p")) == expected


@pytest.mark.parametrize(
    ("head", "body", "text", "expected"),
    [
        ("", "<script>var s = {currencyCode: 'CAD'}</script>", "$5", "CAD"),
        ("", '<script>{"currency" : "aud"}</script>', "$5", "AUD"),
        ("", "<p>Shipping from USD 5</p>", "$5", "USD"),
        ("", "<p>5 CAD or CAD $7, was 9 CAD</p><p>about 4 USD</p>", "$5", "CAD"),
        ("", "<p>5 CAD or CAD $7</p><p>about 4 USD</p>", "$5", None),
        ("", "<p>5 CAD</p><p>4 USD</p>", "$5", None),
        ("", "<p>CAD drawings</p>", "$5", "USD"),
        ("", "<p>Shipping from EUR 5</p>", "$5", None),
        ("<meta property=og:locale content=en_US>", "", "$5", "USD"),
        ("<meta property=og:locale content=en_US>", "", "5 kr", None),
        ("<meta property=og:locale content=en>", "", "$5", "USD"),
        ("<link rel=alternate hreflang=en-au href=/p/1><link rel=alternate hreflang=en-us href=/us>", "", "$5", "AUD"),
        ("<meta property=og:locale content=en_US>", "<script>x={currency:'CAD'}</script>", "$5", "CAD"),
        ("", "", "$5", "USD"),
        ("", "", "5 kr", None),
    ],
)
def test_currency_meant_elsewhere(head: str, body: str, text: str, expected: str | None) -> None:
    """Scripts and amounts with a code tell, by majority; then the locales; else English dollars are American."""
    document = document_of(f"<html lang=en><head>{head}</head><body>{body}</body>")
    assert currency_meant(document, possible_currencies(text)) == expected


@pytest.mark.parametrize("price", ["$42.50", "42.50"])
def test_currency_that_markup_names_for_no_product(price: str) -> None:
    """It is that of the price beside the heading, whatever other currencies the page offers."""
    shown = f"<h1>Cup</h1><b class=price>{price}</b><p>SKU: A-1</p><p>Shown in CAD, EUR or USD"
    body = f"<meta itemprop=priceCurrency content=CAD>{shown}"
    product = parse_page(page_of(f"<html lang=en><title>Cup</title>{body}"))
    assert isinstance(product, Product)
    assert (str(product.price), product.currency) == ("42.50", "CAD")


@pytest.mark.parametrize(
    ("language", "price", "currency"),
    [
        ("sv", "249 kr", "SEK"),
        ("da", "249 kr.", "DKK"),
        ("nb", "kr 249", "NOK"),
        ("is", "4.990 kr.", "ISK"),
        ("ja", "¥4,990", "JPY"),
        ("en-GB", "£42.50", "GBP"),
        ("en-US", "$42.50", "USD"),
        ("en", "$42.50", "USD"),
        ("de-CH", "Fr. 42.50", "CHF"),
        ("id", "Rp150.000", "IDR"),
        ("ms", "RM99.00", "MYR"),
        ("hi", "Rs.1,499", "INR"),
    ],
)
def test_shown_price_has_the_currency_of_its_language(language: str, price: str, currency: str | None) -> None:
    """A page without markup, on a host that tells nothing, is known by its language alone."""
    page = f"<html lang={language}><title>Cup</title><h1>Cup</h1><p class=price>{price}</p><p>SKU: A-1</p>"
    product = parse_page(page_of(page))
    assert isinstance(product, Product)
    assert product.currency == currency
