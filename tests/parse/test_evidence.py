"""What makes a page one of a product, and what only looks like it."""

import pytest

from scraper.models import Outcome, Product
from scraper.parse.page import parse_page
from tests.parse.pages import page_of

SKU = "<p>SKU: M-100</p>"
CARD = "<li><a href=/p/{0}>Mug {0}</a><b class=price>€5.00</b></li>"


def outcome_of(body: str, *, head: str = "", url: str = "https://shop.example.com/p/1") -> Outcome:
    """What a page called Blue Mug with this in it comes to."""
    return parse_page(page_of(f"<html lang=en><title>Blue Mug</title>{head}<main>{body}</main>", url=url))


@pytest.mark.parametrize(
    "body",
    [
        f"{SKU}<p class=price>€5</p>",
        "<p class=price>€5</p><form action=/cart/add><button>Add to cart</button></form>",
        "<p class=price>€5</p><input type=image alt='Add to cart' src=/b.gif>",
        "<p class=price>€5</p><input type=image src=/img/btn_add_to_cart.gif>",
        "<p class=price>€5</p><input type=image name='ctl00$addToCart' src=/b.gif>",
        "<p class=price>€5</p><a class=btn href=/c><img src=/b.gif alt='In den Warenkorb'></a>",
        "<p class=price>€5</p><form action=/x/wg-order?shop><input type=submit></form>",
        "<p class=price>€5</p><form action=add_cart.asp><input type=image src=/b.gif></form>",
        "<p class=price>€5</p><p>In stock: 6</p>",
        "<p class=price>€5</p><s class=price>€7</s>",
        "<div itemscope itemtype=http://schema.org/Product><p class=price>€5</p></div>",
    ],
)
def test_price_with_what_only_products_have(body: str) -> None:
    """A price makes a product beside its number, stock, old price or markup, or a button to buy, drawn or written."""
    outcome = outcome_of(f"<h1>Blue Mug</h1>{body}")
    assert isinstance(outcome, Product)
    assert (str(outcome.price), outcome.name) == ("5", "Blue Mug")


@pytest.mark.parametrize(
    "body",
    [
        "<p class=price>€5</p>",
        "<p class=price>€5</p><input type=image alt='Search' src=/b.gif>",
        f"{SKU}<p>Salary: €25,000</p>",
        f"{SKU}<p class=price-break-note>2 more for the next price of <b>€5</b></p>",
        f"{SKU}<p>As low as <b class=asLowAsPrice>€5</b></p>",
        f"<ul>{''.join(CARD.format(number) for number in range(3))}</ul><button>Add to cart</button>",
    ],
)
def test_price_of_something_else(body: str) -> None:
    """Wages, steps of quantity and cards of other products, be they of one price, make none."""
    assert not isinstance(outcome_of(f"<h1>Blue Mug</h1>{body}"), Product)


@pytest.mark.parametrize(("site", "is_product"), [("Kiln", True), ("Blue Mug", False)])
def test_a_type_that_all_pages_of_a_site_have(site: str, is_product: bool) -> None:
    """og:type says product on every page of some sites, which og:title then calls by the site's name."""
    metas = {"og:type": "product", "og:title": "Blue Mug", "og:site_name": site}
    head = "".join(f'<meta property="{key}" content="{value}">' for key, value in metas.items())
    assert isinstance(outcome_of("<h1>Blue Mug</h1>", head=head), Product) is is_product


def item(name: str) -> str:
    """A product with an offer in microdata."""
    return (
        f"<li itemscope itemtype=http://schema.org/Product><b itemprop=name>{name}</b>"
        "<i itemprop=offers itemscope><i itemprop=price content=5></i></i></li>"
    )


def test_a_front_page_is_about_none_of_several_products() -> None:
    """However much one of them is called like the shop."""
    items = "".join(map(item, ("Blue Mug", "Red Mug")))
    assert isinstance(outcome_of(f"<h1>Blue Mug</h1>{items}"), Product)
    assert not isinstance(outcome_of(f"<h1>Blue Mug</h1>{items}", url="https://shop.example.com/"), Product)
    broken = "<i itemscope itemtype=http://schema.org/Product></i>"
    assert isinstance(outcome_of(f"<h1>Blue Mug</h1>{item('Blue Mug')}{broken}", url="https://a.example/"), Product)


def test_half_a_name_does_not_make_one_of_many_the_pages_own() -> None:
    """A category is called like the first word of all that is in it."""
    items = "".join(item(f"Mug {name}") for name in ("Ava", "Bo", "Cleo", "Dean", "Elf", "Fay"))
    assert not isinstance(outcome_of(f"<h1>Mug</h1>{items}", url="https://shop.example.com/mugs"), Product)


@pytest.mark.parametrize(
    ("heading", "slug", "name"),
    [
        ("Free delivery above €35", "large-blue-mug", "Large Blue Mug"),
        ("Free delivery above €35", "p/1", "Free delivery above €35"),
        ("Blue Mug, 300 ml", "large-blue-mug", "Blue Mug, 300 ml"),
    ],
)
def test_a_banner_is_no_name(heading: str, slug: str, name: str) -> None:
    """Where heading and title share no word, the address decides."""
    body = f"<title>Large Blue Mug</title><main><h1>{heading}</h1>{SKU}<p class=price>€5</p></main>"
    outcome = parse_page(page_of(body, url=f"https://shop.example.com/{slug}"))
    assert isinstance(outcome, Product)
    assert outcome.name == name
