"""What the visible page gives, part by part: stock, pictures, ratings, brands, codes in addresses."""

from decimal import Decimal

import pytest

from scraper.parse.described import DescribedElements
from scraper.parse.html import extract_html
from scraper.parse.phrases import LABELS
from scraper.parse.shop_name import shop_test, without_shop
from scraper.parse.shown_brand import extract_brand
from scraper.parse.shown_image import extract_images
from scraper.parse.shown_price import may_be_reduced
from scraper.parse.shown_rating import extract_rating
from scraper.parse.shown_stock import extract_availability
from scraper.parse.url_code import code_in_url
from tests.parse.pages import document_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("price",), ["a", "c"]), (("buy",), ["b"]), (("none",), []), (("price", "buy"), ["a", "b", "c"])],
)
def test_elements_by_words_of_class_or_id(words: tuple[str, ...], expected: list[str]) -> None:
    """Elements are found by class and id, whatever the case, in the order of the page."""
    tree = document_of("<p id=a class='x PRICE\n y'></p><p id=b class=buy></p><p id=c class=price></p><p></p>").tree
    assert [node.id for node in DescribedElements(tree).having(words)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Auf Lager</p>", "InStock"),
        ("<p>✓ In stock.</p>", "InStock"),
        ("<li>Наличие: Есть в наличии</li>", "InStock"),
        ("<p>Esgotado</p>", "SoldOut"),
        ("<p>在庫あり</p>", "InStock"),
        ("<p>Sold out</p><button>Add to cart</button>", "InStock"),
        ("<p>Available in the forests of Finland</p>", None),
        ("<button>Dodaj do koszyka</button>", "InStock"),
        ("<button>Legg i handlekurv</button>", "InStock"),
        ("<input type=submit value='Lägg i varukorg'>", "InStock"),
        ("<input type=Button value='Ajouter au panier'>", "InStock"),
        ("<button class=add-to-basket-button>Add to basket</button>", "InStock"),
        ("<div class=basket-summary><button>Add to basket</button></div>", None),
        ("<button aria-disabled=true>Add to cart</button>", None),
        ("<button>Benachrichtigen Sie mich: benachrichtigt</button>", "OutOfStock"),
        ("<p>In stock</p><div class=related><p class=stock>Out of stock</p></div>", "InStock"),
        ("<p class=stock-filter>In stock</p>", "InStock"),
    ],
)
def test_availability_in_words_and_buttons(body: str, expected: str | None) -> None:
    """A line that says nothing else counts, and a button that can be pressed more than a line that may be hidden."""
    document = document_of(f"<main><h1>Cup</h1>{body}</main>")
    assert extract_availability(document, "Cup", document.tree.body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div class=gallery><img srcset='/s.jpg 300w, /l.jpg 900w' src=/s.jpg></div>", ["/l.jpg"]),
        ("<div class=gallery><img src=/s.jpg data-zoom-image=/l.jpg></div>", ["/l.jpg"]),
        ("<div class=gallery><a href=/l.jpg><img src=/s.jpg></a></div>", ["/l.jpg"]),
        ("<div class=gallery><img src='data:image/gif;base64,R0' data-src=/l.jpg></div>", ["/l.jpg"]),
        ("<div class=gallery><img src=/placeholder.png></div><img class=product-image src=/l.jpg>", ["/l.jpg"]),
        ("<div class=gallery><img src=/i/logo.png></div>", []),
        ("<div class=gallery><img width=1 height=1 src=/t.gif></div>", []),
        ("<div class=related><img class=product-image src=/other.jpg></div>", []),
        ("<img src=/l.jpg><p><img src=/far.jpg></p>", ["/l.jpg"]),
        ("<img src=/flag.gif><img width=20 src=/s.jpg>", []),
        ("<div class=related><img src=/other.jpg></div>", []),
    ],
)
def test_largest_picture_of_the_product(body: str, expected: list[str]) -> None:
    """The largest form that an element names counts; logos, placeholders, pixels and other products' do not."""
    document = document_of(f"<main><h1>Cup</h1>{body}</main>")
    assert extract_images(document, "Cup") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div class=stars aria-label='Rated 4.5 out of 5'></div>", ("4.5", "5", None)),
        ("<div class=rating><span class=stars style='width: 90%'></span></div><a>12 reviews</a>", ("4.5", "5", "12")),
        ("<div class=rating data-score=4.7 data-count=9></div>", ("4.7", "5", "9")),
        ("<div class=rating-summary>(123)</div>", (None, None, "123")),
        ("<p>4,7 van 5</p><p>31 beoordelingen</p>", ("4,7", "5", "31")),
        ("<p>5つ星のうち4.2</p><p>18件のレビュー</p>", ("4.2", "5", "18")),
        ("<div class=related><div class=rating data-score=4.7></div></div>", (None, None, None)),
        ("<div class=review-item><div class=rating data-score=2></div></div>", (None, None, None)),
        ("<div class=write-review><div class=rating data-score=2></div></div>", (None, None, None)),
        ("<p>4.70 / 5.00</p>", ("4.70", "5", None)),
        ("<div class=rating><i>average</i> <b>4.7</b> <i>out of</i> <b>5</b></div>", ("4.7", "5", None)),
        ("<b class=rating><i>4.7</i></b>", ("4.7", "5", None)),
        ("<p class=rating>4.7 (31)</p>", ("4.7", "5", None)),
        ("<p class=rating>Note : 4,7</p>", ("4,7", "5", None)),
        ("<p class=rating>★★★★☆ (12 reviews)</p>", ("4", "5", None)),
        ("<p class=rating>★★★★★</p>", (None, None, None)),
        ("<p class=rating-size>5.5 mm</p>", (None, None, None)),
        ("<p class=score-offer>from €4.70</p>", (None, None, None)),
        ("<i class=stars title='4.7 stars, 31 reviews'></i>", ("4.7", "5", None)),
        ("<p class=rating><i class=stars style='width: 93%'></i><b class=rating-value>4.7</b></p>", ("4.7", "5", None)),
        ("<div class=ratingbar><i class=rating-5 style='width: 78%'></i></div>", (None, None, None)),
        (
            "<p class=stars>"
            + "<i class='star full'></i>" * 3
            + "<i class='star half'></i><i class='star empty'></i></p>",
            ("3.5", "5", None),
        ),
        ("<p class=stars>" + "<i class='fa star-o'></i>" * 5 + "</p>", (None, None, None)),
        ("<p class=stars>" + "<i class=star></i>" * 5 + "</p>", (None, None, None)),
        ("<i class='star-rating Four'></i></main><i class='star-rating Two'></i>", ("4", "5", None)),
        ("<i class='rating-box rating-4-5'></i>", ("4.5", "5", None)),
        ("<i class='stars stars45'></i>", ("4.5", "5", None)),
        ("<label class=rating-1>1</label><label class=rating-2>2</label>", (None, None, None)),
        ("<i class=rating-1></i><i class=rating-2></i>", (None, None, None)),
    ],
)
def test_rating_in_attributes_and_words(body: str, expected: tuple[str | None, ...]) -> None:
    """A rating is read from labels for the blind, attributes for scripts, its text, and how the stars are drawn."""
    document = document_of(f"<main><h1>Cup</h1>{body}</main>")
    found = extract_rating(document)
    assert tuple(found.get(key) for key in ("rating", "rating_max", "review_count")) == expected


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(
    ("body", "rating"),
    [
        pytest.param("<b class=rating-value>5</b>", "5", id="a whole number alone"),
        pytest.param("<p class=rating>92 %</p>", "92", id="a share of those who are content"),
        pytest.param("<p><b>4.7</b><i>out of 5</i></p>", "4.7", id="in pieces that nothing calls a rating"),
    ],
)
def test_known_gaps_of_ratings(body: str, rating: str) -> None:
    """Numbers that may as well be a count, a discount or a size."""
    assert extract_rating(document_of(f"<main><h1>Cup</h1>{body}</main>")).get("rating") == rating


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div class=product-brand>Acme</div>", "Acme"),
        ("<a href=/brands/acme><img alt=Acme></a>", "Acme"),
        ("<div class=product-brand>4711</div>", None),
        ("<div class=product-brand>Acme Tools, Inc.</div>", "Acme Tools, Inc."),
        ("<div class=product-brand>Clara P.</div>", "Clara P."),
        ("<div class=product-brand>All about the brand.</div>", None),
        ("<ul class=brands><li><a href=/b>Bolt</a><li><a href=/c>Cork</a></ul>", None),
        ("<a href=/brands/>Brands</a>", None),
        ("<a href=/brands/acme><img title=Acme></a>", "Acme"),
        ("<div class=related><div class=product-brand>Acme</div></div>", None),
    ],
)
def test_brand_without_a_label(body: str, expected: str | None) -> None:
    """An element called brand or a link to one names it, unless it is another product's or a number."""
    document = document_of(f"<main><h1>Cup</h1>{body}</main>")
    assert extract_brand(document, "Cup") == expected


@pytest.mark.parametrize(
    ("trail", "expected"),
    [
        ("<a>Home</a> &gt; <a>Cups</a> &gt; Blue Cup", "Home > Cups"),
        ("<a>Home -</a> <a>Cups »</a>", "Home > Cups"),
        ("<a>« Back</a> <a>Home</a> <a>Cups</a>", "Home > Cups"),
        ("<a>Back to results</a> <a>Home</a> <a>Back Covers</a>", "Home > Back Covers"),
        ("<a>Zurück zur Liste</a> <a>Tassen</a>", "Tassen"),
        ("<a>Backpacks</a> <a>Day packs</a>", "Backpacks > Day packs"),
        ("<ul><li><a>Home</a><li><a>Cups</a><ul><li><a>Bowls</a><li><a>Jugs</a></ul></ul>", "Home > Cups"),
        ("<ul><li><ul><li><a>Home</a><li><a>Cups</a></ul></ul>", "Home > Cups"),
    ],
)
def test_category_by_breadcrumbs(trail: str, expected: str) -> None:
    """The links of the trail, without marks between them, ways back, and menus that unfold from it."""
    document = document_of(f"<div class=breadcrumbs>{trail}</div><main><h1>Blue Cup</h1></main>")
    (shown,) = extract_html(document)
    assert shown.fields["category"] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<b>19,99 €</b> <i>29,99 €</i>", True),
        ("<b>19,99 €</b> <i>€ 22.999</i>", False),
        ("<b>19,99 €</b> <i>199,90 €</i>", True),
        ("<b>19.99</b> <i>14.99</i>", True),
        ("<b>1.999,00 €</b> <i>19,99 €</i>", False),
        ("<b>19,99 €</b> <i>19.99 EUR</i> <i>(120)</i> <i>120 ratings</i>", False),
        ("<b>19,99 €</b>" + "<i>x</i>" * 4 + "<i>29,99 €</i>", False),
        ("<b>19,99 €</b>" + "<i> </i>" * 4 + "<i>29,99 €</i>", True),
        ("<i>29,99 €</i>", False),
    ],
)
def test_money_beside_the_price(body: str, expected: bool) -> None:
    """It may be reduced only where a line next to it, blank ones aside, states other money of its magnitude."""
    price = Decimal("1999") if "1.999" in body else Decimal("19.99")
    assert may_be_reduced(document_of(f"<main><h1>Cup</h1>{body}</main>"), price) is expected


@pytest.mark.parametrize(("price", "expected"), [("34.900", True), ("34.90", False)])
def test_money_in_thousandths_beside_the_price(price: str, expected: bool) -> None:
    """Where the price has three decimals, so has what it may be reduced from."""
    document = document_of(f"<main><h1>Cup</h1><b>KD {price}</b> <i>KD 344.900</i></main>")
    assert may_be_reduced(document, Decimal(price)) is expected


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://shop.example/p/cup-738291.html", '{"id":"738291"}', "738291"),
        ("https://shop.example/p/cup?pid=A-12", "<i data-id='A-12'>", "A-12"),
        ("https://shop.example/p/cup-738291", "", None),
        ("https://shop.example/2024/cup", '"2024"', None),
        ("https://shop.example/B00ABCDE12/", 'x="B00ABCDE12"', "B00ABCDE12"),
    ],
)
def test_code_in_the_address(url: str, text: str, expected: str | None) -> None:
    """A number of the address counts where the page uses it, too."""
    assert code_in_url((url,), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lamp | Kiln", "Lamp"),
        ("Lamp - shop", "Lamp"),
        ("$15 · Lamp", "Lamp"),
        ("Kiln", "Kiln"),
        ("Lamp - Blue", "Lamp - Blue"),
        ("Gift card - $50", "Gift card - $50"),
    ],
)
def test_name_without_the_shop(text: str, expected: str) -> None:
    """The shop's name after a name and a price before it are cut, whatever else is separated stays."""
    document = document_of("<meta property=og:site_name content=Kiln>", url="https://www.shop.example/x")
    assert without_shop(text, shop_test(document)) == expected


def test_settled_fields_are_not_read() -> None:
    """What better sources give is not looked for on the visible page."""
    document = document_of("<h1>Cup</h1><p class=price>5 €</p><p>Auf Lager</p><p>SKU: A1</p>")
    (shown,) = extract_html(document, {"price", "regular_price", "availability", "sku", "gtin", "mpn", "brand"})
    assert shown.fields.keys().isdisjoint({"price_text", "availability"})


def test_labels_are_told_apart() -> None:
    """No label stands for two fields, or its value would depend on the order of a table."""
    keys = ["".join(filter(str.isalnum, label.casefold())) for labels in LABELS.values() for label in set(labels)]
    fields = {key: {f for f, labels in LABELS.items() for label in labels if _key(label) == key} for key in set(keys)}
    assert {key: sorted(found) for key, found in fields.items() if len(found) > 1} == {}


def _key(label: str) -> str:
    return "".join(filter(str.isalnum, label.casefold()))
