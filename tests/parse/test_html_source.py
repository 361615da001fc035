"""What a page shows its readers."""

import pytest

from scraper.parse.html import extract_html
from scraper.parse.labels import extract_labels
from scraper.parse.shop_name import bare_title
from scraper.parse.shown_price import find_prices
from scraper.parse.shown_rating import extract_rating
from scraper.parse.url_code import code_in_url
from tests.parse.pages import document_of


def shown(body: str) -> tuple[str | None, str | None]:
    """Price and regular price that a body shows."""
    document = document_of(f"<body>{body}</body>")
    found = find_prices(document, None)
    return (str(found.main.price.amount) if found.main else None), (
        str(found.regular.amount) if found.regular else None
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Cup</h1><p class=price>5,00 €</p>", ("5.00", None)),
        ("<h1>Cup</h1><p class=price><del>7 €</del> <ins class=price>5 €</ins></p>", ("5", "7")),
        ("<h1>Cup</h1><p class=old-price>7 €</p><p class=price>5 €</p>", ("5", "7")),
        ("<h1>Cup</h1><p class=price>UVP 7 €</p><p class=special-price>5 €</p>", ("5", "7")),
        ("<h1>Cup</h1><p class=SuggestedRetailPrice>7 €</p><p class=price>5 €</p>", ("5", "7")),
        ("<h1>Cup</h1><p class=price>7 €</p><p class='price now'>5 €</p>", ("5", None)),
        ("<h1>Cup</h1><p class=price>Back onto your customer card 1 €</p><p class=price>5 €</p>", ("5", None)),
        ("<h1>Cup</h1><p class=unit-price>2 €</p><p class=price>5 €</p>", ("5", None)),
        ("<h1>Cup</h1><p class=price>2 € / 100 ml</p><p class=price>5 €</p>", ("5", None)),
        ("<h1>Cup</h1><p class=installment-price>1 €</p><p class=price>5 €</p>", ("5", None)),
        ("<h1>Cup</h1><p class='price shipping'>3 €</p><p class=price>5 €</p>", ("5", None)),
        ("<div class=minicart><p class=price>9 €</p></div><h1>Cup</h1><p class=price>5 €</p>", ("5", None)),
        ("<main><h1>Cup</h1><p class=price>5 €</p></main><p class=price>4 €</p>", ("5", None)),
        ("<h1>Cup</h1><div class=related><p class=price>9 €</p></div>", (None, None)),
        ("<h1>Cup</h1><p class=price>19<sup>99</sup> €</p>", ("19.99", None)),
        ("<h1>Cup</h1><p class=price><b class=price-int>19</b><i class=price-rest>,99 €</i></p>", ("19.99", None)),
        ("<h1>Cup</h1><p>nothing named so</p><strong>12,50 €</strong>", ("12.50", None)),
        ("<h1>Cups</h1>" + "".join(f"<p class=price>{i} €</p>" for i in range(1, 9)), (None, None)),
        ("<h1>Cup</h1><p class=price>from 2020 on</p>", (None, None)),
    ],
)
def test_price_of_the_main_product(body: str, expected: tuple[str | None, str | None]) -> None:
    """The price to pay is told apart from old, unit, shipping, instalment and other products' prices."""
    assert shown(body) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["SKU: AB-12"], {"sku": "AB-12"}),
        (["Art.-Nr.", "AB-12"], {"sku": "AB-12"}),
        (["EAN:", "4006381333931"], {"gtin": "4006381333931"}),
        (["EAN: 4006381333932"], {}),
        (["Herstellernummer", ":", "X200"], {"mpn": "X200"}),
        (["Marque : Lumière"], {"brand": "Lumière"}),
        (["Manufacturer part number: Z-9", "Manufacturer: Acme"], {"mpn": "Z-9", "brand": "Acme"}),
        (["品番：KB-7"], {"sku": "KB-7"}),
        (["Brand new and unused"], {}),
        (["Reference works on cups"], {}),
        (["SKU: one", "SKU: A1", "SKU: B2"], {"sku": "A1"}),
    ],
)
def test_labelled_properties(lines: list[str], expected: dict[str, str]) -> None:
    """A label gives the value beside it or in the next line, if that can be one."""
    assert extract_labels(lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["4.5 out of 5", "1,204 ratings"], ("4.5", "5", "1,204")),
        (["4,7 von 5 Sternen", "(479 Bewertungen)"], ("4,7", "5", "479")),
        (["9.1/10"], ("9.1", "10", None)),
        (["6 out of 5"], (None, None, None)),
        (["12 reviews"], (None, None, None)),
    ],
)
def test_rating_in_words(lines: list[str], expected: tuple[str | None, ...]) -> None:
    """A rating names its scale; a count alone is none."""
    document = document_of("<h1>Cup</h1>" + "".join(f"<p>{line}</p>" for line in lines))
    found = extract_rating(document)
    assert tuple(found.get(key) for key in ("rating", "rating_max", "review_count")) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Blue Cup", "Blue Cup"),
        ("Blue Cup | Shop", "Blue Cup"),
        ("Shop - Blue Cup", "Blue Cup"),
        ("Anti-Rutsch-Matte – Shop", "Anti-Rutsch-Matte"),
    ],
)
def test_title_without_the_shop(title: str, expected: str) -> None:
    """The shop's name is cut from either end of a title, hyphens inside words are not."""
    assert bare_title(document_of(f"<title>{title}</title>")) == expected


def test_heading_is_the_h1_most_like_the_title() -> None:
    """A logo in an h1 does not name the product."""
    document = document_of("<title>Blue Cup | Shop</title><h1>Welcome here</h1><h1>Blue Cup</h1>")
    heading = document.heading
    assert heading is not None
    assert heading.text() == "Blue Cup"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p class=stock>Out of stock</p><button>Add to cart</button>", "OutOfStock"),
        ("<p class=stock style='display: none'>Out of stock</p><button>Add to cart</button>", "InStock"),
        ("<button>Comprar</button>", "InStock"),
        ("<button disabled>Add to cart</button>", None),
        ("<button>Search</button>", None),
    ],
)
def test_availability_by_stock_line_or_button(body: str, expected: str | None) -> None:
    """A visible stock line decides, else a button to buy that can be pressed."""
    document = document_of(f"<main><h1>Cup</h1><p class=price>5 €</p>{body}</main>")
    assert extract_html(document)[0].fields.get("availability") == expected


def test_main_image_is_described_as_the_product() -> None:
    """The picture whose alternative text is the name comes before the first in a gallery."""
    body = "<h1>Blue Cup</h1><div class=gallery><img src=/logo.png></div><img src=/cup.jpg alt='Blue Cup'>"
    assert extract_html(document_of(body))[0].fields["images"] == ["/cup.jpg"]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("<h1>Lamp 5 <i class=price>5</i></h1>", "Lamp 5"),
        ("<h1><b class=price>5 €</b> Lamp 25 €</h1>", "Lamp 25 €"),
        ("<h1 class=price-heading>Lamp 5</h1>", "Lamp 5"),
        ("<h1><span class=no-price>Lamp</span></h1>", "Lamp"),
        ("<h1>Lamp <span class=price>from <b>5</b> €</span> red</h1>", "Lamp red"),
    ],
)
def test_name_is_the_heading_without_the_prices_in_it(heading: str, name: str) -> None:
    """Not without the same digits elsewhere, and whole where the heading itself is called so."""
    assert extract_html(document_of(f"<title>Other</title>{heading}"))[0].fields["name"] == name


def test_struck_price_far_from_the_price_is_none_of_it() -> None:
    """One beside it is."""
    near, far = "<del>€ 9</del>", "<section><div><p><del>€ 8</del></p></div></section>"
    box = "<main><div><div><div><h1>Cup</h1><p><b class=price>€ 5</b>{}</p></div></div></div>{}</main>"
    assert shown(box.format(near, "")) == ("5", "9")
    assert shown(box.format("", far)) == ("5", None)


@pytest.mark.parametrize(("amounts", "price"), [((5, 5, 5, 5, 5), "5"), ((5, 6, 7, 8, 9), None)])
def test_a_grid_has_different_prices(amounts: tuple[int, ...], price: str | None) -> None:
    """One price that is repeated, for each of a product's sizes perhaps, is that of the product."""
    cells = "".join(f"<li><b class=price>€ {amount}</b></li>" for amount in amounts)
    assert shown(f"<main><h1>Cup</h1><ul>{cells}</ul></main>")[0] == price


def test_link_in_a_long_text_around_a_price_makes_it_nobody_elses() -> None:
    """A card of another product is small."""
    box = "<main><h1>Cup</h1><div><div><b class=price>€ 5</b></div><h3><a href=/other>Other</a></h3>{}</div></main>"
    assert shown(box.format(""))[0] is None
    assert shown(box.format("<p>" + "More of this cup. " * 100 + "</p>"))[0] == "5"


def test_links_beside_a_repeated_price_tell_nothing() -> None:
    """The price in the box and in a bar at the bottom, each with its own links."""
    bars = "".join(f"<div><b class=price>€ 5</b><a href=/{page}>{page}</a></div>" for page in ("shipping", "cart"))
    assert shown(f"<main><h1>Cup</h1>{bars}</main>")[0] == "5"


@pytest.mark.parametrize(("value", "code"), [("48213", "48213"), ("abcd", None)])
def test_number_in_a_query_has_a_digit(value: str, code: str | None) -> None:
    """And the page quotes it."""
    url = f"https://shop.example/p?id={value}"
    assert code_in_url([url], f'{{"id": "{value}"}}') == code
    assert code_in_url([url], "{}") is None
