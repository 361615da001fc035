"""What pages show of price and stock, as shops write it, through the whole parser."""

import json
from decimal import Decimal

import pytest

from scraper.models import Product
from scraper.parse.page import parse_page
from tests.parse.pages import page_of

RELATED = (
    '<section class="related"><h3><a href="/p/2">Bowl</a></h3><b class="price">€3.00</b>'
    "<button>Add to cart</button></section>"
)
OUT = "<p>Out of stock</p>"
ADD = '<form action="/cart/add"><button>Add to cart</button></form>'


def product_of(box: str, *, language: str = "en", host: str = "shop.example.com", marked: str | None = None) -> Product:
    """The product of a page with this beside its heading; `marked` is the availability of its JSON-LD."""
    offer = {"price": "12.50", "priceCurrency": "EUR", "availability": f"https://schema.org/{marked}"}
    block = json.dumps({"@type": "Product", "name": "Blue Mug", "offers": offer})
    head = f'<script type="application/ld+json">{block}</script>' if marked else ""
    body = f"<main><h1>Blue Mug</h1><div><p>SKU: M-100</p>{box}</div></main>{RELATED}"
    page = page_of(f'<html lang="{language}"><title>Blue Mug</title>{head}{body}', url=f"https://{host}/p/1")
    product = parse_page(page)
    assert isinstance(product, Product)
    return product


@pytest.mark.parametrize(
    ("box", "language", "price", "currency"),
    [
        ("<p class=price>$10.00 - $25.00</p>", "en", "10", "USD"),
        ("<p class=price>Was £20.00 Now £15.00</p>", "en-GB", "15", "GBP"),
        ("<p><b>RRP £20.00</b> <b>£15.00</b> <b>Save £5.00</b></p>", "en-GB", "15", "GBP"),
        ("<i class=price>£3.00</i><i class=unit>£1.50 per 100g</i>", "en-GB", "3", "GBP"),
        ("<p class=price>£10.00 <small>ex. VAT</small></p><p class=price>£12.00 <small>inc. VAT</small></p>",
         "en-GB", "12", "GBP"),
        ("<b>10,00 zł netto</b><b>12,30 zł brutto</b>", "pl", "12.30", "PLN"),
        ("<p class=price-excl>£10.00 ex VAT</p>", "en-GB", "10", "GBP"),
        ("<p class=price>£20.00</p><p class=member>Members pay £18.00</p>", "en-GB", "20", "GBP"),
        ("<p>4 interest-free payments of <i class=price>$30.00</i></p><i class=price>$120.00</i>", "en", "120", "USD"),
        ("<i class=preco>R$ 1.299,00</i><i>em 10x de R$ 129,90</i>", "pt-BR", "1299", "BRL"),
        ("<p>Por: <b>R$ 149,00</b></p><p>ou 3x de R$ 49,67</p>", "pt-BR", "149", "BRL"),
        ("<p class=price>1,29 €</p><p>zzgl. 0,25 € Pfand</p>", "de", "1.29", "EUR"),
        ("<p class=price>12,50 € inkl. MwSt., zzgl. Versand</p>", "de", "12.50", "EUR"),
        ("<p>Free delivery</p><p class=price>£12.50</p>", "en-GB", "12.50", "GBP"),
        ("<p>Delivery: <b class=price>£3.95</b></p><p class=price>£12.50</p>", "en-GB", "12.50", "GBP"),
        ("<b><h2><a href=/p/1?a=b>Blue Mug</a></h2><i class=price>€5</i></b>", "de", "5", "EUR"),
        ("<p>Najniższa cena z 30 dni: <i class=price>9,00 zł</i></p><i class=price>10,00 zł</i>", "pl", "10", "PLN"),
        ("<p class=price>€10</p><table class=tier-prices><td>ab 5<td>€9</table>", "de", "10", "EUR"),
        ("<i class=price>$50<sup>99</sup></i>", "en", "50.99", "USD"),
        ("<i class=price>1 299:-</i>", "sv", "1299", "SEK"),
        ("<p>1 299:-</p>", "sv", "1299", "SEK"),
        ("<p class=price>KSh 1,299.00</p>", "en", "1299.00", "KES"),
        ("<p class=price>LE 450.00</p>", "en", "450.00", "EGP"),
        ("<p class=price>Tk 1,250</p>", "en", "1250", "BDT"),
        ("<p class=price>2500 DA</p>", "fr", "2500", "DZD"),
        ("<p class=price>199 Dhs</p>", "fr-MA", "199", "MAD"),
        ("<p class=price>12.500 Kz</p>", "pt", "12500", "AOA"),
        ("<p>Q149.00</p>", "es", "149.00", "GTQ"),
        ("<p class=size>Q1 2024, 5 km</p><p class=price>€5</p>", "en", "5", "EUR"),
        ("<b class=price><i>3</i><i>€</i><i>49</i></b>", "fr", "3.49", "EUR"),
        ("<b class=price><i>$</i><i>99</i><i>50</i></b>", "en", "99.50", "USD"),
        ("<p class=price>From $799 or $33.29/mo. for 24 mo.</p>", "en", "799", "USD"),
        ("<p class=amount data-price=50.00 data-currency=USD></p>", "de", "50", "USD"),
        ("<i class=price>١٬٢٩٩٫٠٠ ر.س</i>", "ar", "1299", "SAR"),
        ("<i class=price>R 1 299,00</i>", "en-ZA", "1299", "ZAR"),
        ("<i class=price>S/ 129.90</i>", "es-PE", "129.90", "PEN"),
        ("<i class=price>$1,299.00</i>", "en-CA", "1299", "CAD"),
        ("<p class=regular-price><i class=price>$24.95</i></p>", "en", "24.95", "USD"),
        ("<p class=price><s>89,00 €</s> jetzt 79,00 €</p>", "de", "79", "EUR"),
        ("<p class=price>85p <small>inc. VAT</small></p>", "en-GB", "0.85", "GBP"),
        ("<p class=price><b>Was $249.00 - $319.00</b> <i>Now $189.00</i></p>", "en-US", "189", "USD"),
        ("<p class=prix-a>68,00 € TTC / bouteille 75 cl</p><p class=prix-b>Caisse de 6 : 396,00 €</p>",
         "fr", "68", "EUR"),
        ("<ul><li><h2>14,24€</h2><li>Χωρίς ΦΠΑ: 11,48€</ul>", "el", "14.24", "EUR"),
        ("<p class=price><b style='text-decoration: line-through'>₪ 299</b><b>₪ 249</b></p>", "he-IL", "249", "ILS"),
        ("<p><span class=coret>Rp 425.000</span> <b>Rp 325.000</b></p>", "id-ID", "325000", "IDR"),
        ("<p>網路價 <b>NT$27,900</b></p><p>分期 12期 每期 NT$2,325</p>", "zh-TW", "27900", "TWD"),
        ("<b class='ui huge header' id=product-price>109,00 €</b><b class=header><i class=price>2 €</i></b>",
         "fr", "109", "EUR"),
        ("<b class=eski-fiyat>2.499,00 TL</b><b class=yeni-fiyat>1.799,00 TL</b>", "tr", "1799", "TRY"),
        ("<p class=prijs>van 3,95 voor 2,95 €</p>", "nl", "2.95", "EUR"),
        ("<p class=prijs>12,50</p>", "nl-NL", "12.50", "EUR"),
        ("<p class=pricebox><em>17,45 € / 100 St</em> <b>3,49 €</b></p>", "de", "3.49", "EUR"),
        ("<p class=precios><b>Precio Normal <em>S/ 249.90</em></b><b>Precio Online <em>S/ 189.90</em></b>"
         "<b>Precio con Tarjeta <em>S/ 169.90</em></b></p>", "es-PE", "189.90", "PEN"),
        ("<p><b><i class=price-a>129 Kč</i></b> -18 % <i class=price-b>106,61 Kč bez DPH</i></p>", "cs", "129", "CZK"),
    ],
)  # fmt: skip
def test_price_beside_others(box: str, language: str, price: str, currency: str) -> None:
    """The price of one piece to anybody, with tax, at once; in the currency of its sign, or of the page's country."""
    product = product_of(box, language=language)
    assert (product.price, product.currency) == (Decimal(price), currency)


@pytest.mark.parametrize(
    ("box", "price", "regular"),
    [
        ("<i class=price-standard>€20</i><i class=price-final>€15</i>", "15", "20"),
        ("<i class=regular-price>€20</i><i class=price>€15</i>", "15", "20"),
        ("<p><i class=price-full>€20</i> <i class=price>€19</i> (-5%)</p>", "19", "20"),
        ("<p><i class=prezzo-a>€20</i> <i class=prezzo-b>€19</i> (-5%)</p>", "19", "20"),
        ("<p>UVP: <i class=price>€20</i></p><i class=price>€15</i>", "15", "20"),
        ("<p class=price>€15</p><p>Save €5</p>", "15", None),
        ("<i class=lowasprice>€20</i>", "20", None),
        ("<p class='price with-list-price'>€15<i class=list-price>€20</i></p>", "15", "20"),
        ("<i class=price>€15</i><b style='text-decoration: line-through'>€20</b>", "15", "20"),
        ("<i class=price>€15</i><b class='text-gray line-through'>€20</b>", "15", "20"),
        ("<i class=price>€15</i><p>Cena regularna: <i class=price>€20</i></p>", "15", "20"),
        ("<i class=price>€15</i><p>Τιμή καταλόγου: <i class=price>€20</i></p>", "15", "20"),
    ],
)
def test_list_price_by_name_by_words_or_by_a_discount(box: str, price: str, regular: str | None) -> None:
    """What is called full, or stands higher in a box that tells a discount, is struck beside a lower price."""
    product = product_of(box)
    assert (product.price, product.regular_price) == (Decimal(price), Decimal(regular) if regular else None)


def test_markup_of_a_net_price() -> None:
    """A customer pays the tax, whatever the shop tells programs."""
    boxes = (
        "<p>zzgl. MwSt. (21 %):</p><b class=price>12,50 €</b>",
        "<p>inkl. MwSt. (21 %):</p><b class=price>15,13 €</b>",
    )
    product = product_of("".join(boxes), language="de", marked="InStock")
    assert (str(product.price), product.sources["price"]) == ("15.13", "html")
    assert str(product_of(boxes[0], language="de", marked="InStock").price) == "12.50"


def test_what_a_voucher_takes_off_is_no_price() -> None:
    """Where the price is told on request, the only amount may be in a notice of the shop."""
    box = "<p>Preis auf Anfrage</p><p>Newsletter abonnieren und 5 € Gutschein sichern</p>"
    block = json.dumps({"@type": "Product", "name": "Blue Mug", "sku": "M-100", "offers": {"price": 0}})
    page = page_of(f'<script type="application/ld+json">{block}</script><h1>Blue Mug</h1>{box}')
    product = parse_page(page)
    assert isinstance(product, Product)
    assert product.price is None


@pytest.mark.parametrize("word", ["deskinfo", "coretech-theme", "starability"])
def test_words_that_only_look_like_old_prices(word: str) -> None:
    product = product_of(f"<div class={word}><p class='price {word}'>€12.50</p></div>{ADD}")
    assert str(product.price) == "12.50"


def test_price_of_the_markup_that_is_struck_through() -> None:
    """A page that shows the price of its markup struck beside a lower one sells for the lower one, and warns."""
    product = product_of("<s>€12.50</s> <b class=price>€9.00</b>", marked="InStock")
    assert (product.price, product.regular_price) == (Decimal("9.00"), Decimal("12.50"))
    assert product.warnings == ("price: html says 9.00, but jsonld 12.50; took 9.00",)


def test_a_list_price_beside_a_declared_price() -> None:
    """A meta element that repeats the price as the list price tells nothing of any other."""
    meta = '<meta property="product:price:amount" content="15"><meta property="product:price:currency" content="EUR">'
    shown = "<p>SKU: M-100</p><p class=price>€15</p><del>€20</del>"
    product = parse_page(page_of(f"<title>Blue Mug</title>{meta}<h1>Blue Mug</h1>{shown}{ADD}"))
    assert isinstance(product, Product)
    assert product.regular_price == 20


def test_a_sign_is_missing_on_a_countrys_domain() -> None:
    """An amount without any sign is in the money of the country."""
    product = product_of("<b class=cena>20 639,-</b>", language="cs", host="shop.example.cz")
    assert (product.price, product.currency) == (Decimal(20639), "CZK")


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ("<p>In stock: 6</p>", "InStock"),
        ("<p>6 in stock</p>", "InStock"),
        ("<p>Auf Lager (3 Stück)</p>", "InStock"),
        ("<p>In stock: 0</p>", "OutOfStock"),
        (ADD, "InStock"),
        ("<p>In stock - delivered in two days</p>", "InStock"),
        ("<p>In stock</p><p class=store-stock>Not available in your store</p>" + ADD, "InStock"),
        ("<button>Pre-order now</button>", "PreOrder"),
        ("<button disabled>Pre-order now</button>", None),
        ("<button disabled>Sold out</button>", "SoldOut"),
        ('<button class="disabled wc-variation-selection-needed">Add to cart</button>', "InStock"),
        ("<p>Наличност: Изчерпан</p>" + ADD, "SoldOut"),
        ("<p>Availability: <b>Out of stock</b></p>" + ADD, "OutOfStock"),
        ("<p>Pick up in store: <b>Not available</b></p>", None),
        ("<p>Ebook: not available</p>", None),
        ("<p>Nur in der Filiale erhältlich</p>", "InStoreOnly"),
        ("<p>Verkauft</p>", "SoldOut"),
        ("<p>Закінчився</p>", "OutOfStock"),
        ("<p>Lagerstatus: Utsolgt på nett</p>" + ADD, "SoldOut"),
        ("<p>Διαθεσιμότητα: Κατόπιν παραγγελίας</p>" + ADD, "BackOrder"),
        ("<button>Köp</button>", "InStock"),
        ("<button>Add</button>", "InStock"),
        ("<button>Add a note</button>", None),
        ("<p>Agotado temporalmente</p>", "OutOfStock"),
    ],
)
def test_stock_without_markup(box: str, shown: str | None) -> None:
    """By a line, else by what the product's own buttons let one do."""
    assert product_of(f"<p class=price>€12.50</p>{box}").availability == shown


@pytest.mark.parametrize(
    ("marked", "box", "shown"),
    [
        ("InStock", f"{OUT}<button disabled>Add to cart</button>", "OutOfStock"),
        ("InStock", "<b>Sold out</b><form action=/cart/add><button disabled>Sold out</button></form>", "SoldOut"),
        ("InStock", "<button disabled>Add to cart</button>", None),
        ("InStock", "<li>S <i>Sold out</i></li><li>M</li>", None),
        ("InStock", f"<li>S <i>Sold out</i></li><li>M</li>{ADD}", None),
        ("OutOfStock", ADD, "InStock"),
        ("OutOfStock", OUT + ADD, None),
        ("OutOfStock", "<button>Add</button>", None),
        ("OutOfStock", "<button>Order</button>", None),
        ("OutOfStock", "<b>Nicht auf Lager</b>" + ADD, None),
        ("OutOfStock", "<button disabled>Add to cart</button>", None),
        ("OutOfStock", "<button>Notify me</button>", None),
        ("Discontinued", "", None),
        ("InStock", f"<b class=add-to-cart><button disabled>Add to cart</button></b>{OUT}", "OutOfStock"),
        ("OutOfStock", f"<p>Backorder: ships in 2 weeks</p>{ADD}", "BackOrder"),
        ("OutOfStock", f"<p>Temporarily out of stock – more due soon</p>{ADD}", None),
        ("LimitedAvailability", "<p class=stock>Dieser Artikel steht derzeit nicht zur Verfügung!</p>", "OutOfStock"),
    ],
)
def test_stock_that_contradicts_the_markup(marked: str, box: str, shown: str | None) -> None:
    """The page wins where its button and its lines say the same, and a warning tells so; else the markup stays."""
    product = product_of(f"<p class=price>€12.50</p>{box}", marked=marked)
    assert product.availability == (shown or marked)
    assert product.sources["availability"] == ("html" if shown else "jsonld")
    told = (f"availability: jsonld says {marked}, but html {shown}; took {shown}",) if shown else ()
    assert product.warnings == told


@pytest.mark.parametrize(
    ("box", "language", "expected"),
    [
        ('<i class=gallery><img class=lazy src=/placeholder.gif data-src=/m.jpg alt="Blue Mug"></i>', "en",
         {"image": "https://shop.example.com/m.jpg"}),
        ('<p class=gallery><b class=slide style="background-image:url(/m.jpg)"></b></p>', "en",
         {"image": "https://shop.example.com/m.jpg"}),
        ("<b class=ui-review__rating>4.6</b><b class=ui-review__amount>(1,234)</b>", "en",
         {"rating": Decimal("4.6"), "review_count": 1234}),
        ("<meta itemprop=ratingValue content=4.4><i itemprop=reviewCount>21</i>", "en",
         {"rating": Decimal("4.4"), "review_count": 21}),
        ("<section class=related><p>4.1 out of 5</p></section>", "en", {"rating": None}),
        ("<p>4,5 von 5 Sternen</p><p>1.234 Bewertungen</p>", "de", {"rating": Decimal("4.5"), "review_count": 1234}),
        ("<p>Brand: Acme | Model: BM-1 | EAN: 4006381333931</p>", "en",
         {"brand": "Acme", "mpn": "BM-1", "gtin": "4006381333931"}),
        ("<p class=vendor>by <a href=/brands/acme>Acme</a></p>", "en", {"brand": "Acme"}),
        ("<p>Manufactured by: Acme</p>", "en", {"brand": "Acme"}),
        ("<p>ΚΑΤΑΣΚΕΥΑΣΤΗΣ: Acme</p>", "el", {"brand": "Acme"}),
        ("<p>Color</p><select><option>Choose an option</select>", "en", {"color": None}),
        ("<p>Size: <a>Size guide</a></p>", "en", {"size": None}),
        ("<p>Part: X - Brand: <a>Acme</a></p>", "en", {"brand": "Acme"}),
        ("<p>Brand: <a>Acme</a> | EAN: 4006381333931</p>", "en", {"brand": "Acme", "gtin": "4006381333931"}),
        ("<p>Manufacturer: Acme Ltd</p><p>Brand: Acme</p>", "en", {"brand": "Acme"}),
        ("<p>제조사</p><p>곰돌푸드</p><p>브랜드</p><p>곰돌</p>", "ko", {"brand": "곰돌"}),
        ("<p>Hersteller: Acme GmbH</p>" + "<p>Text</p>" * 20 + "<p>Brands</p><p>Fashion</p>", "de",
         {"brand": "Acme GmbH"}),
        ("<p>Varemærke: Acme</p>", "da", {"brand": "Acme"}),
        ("<p>Производитель: <a>MANN-FILTER</a></p>", "ru", {"brand": "MANN-FILTER"}),
        ("<p>國際條碼：4006381333931</p>", "zh-TW", {"gtin": "4006381333931"}),
        ("<p>Color: Select Blue</p>", "en", {"color": None}),
        ("<p>Color:</p><p>Qty</p>", "en", {"color": None}),
        ("<p>Color</p><button>Add to cart</button>", "en", {"color": None}),
    ],
)  # fmt: skip
def test_properties_that_a_page_shows(box: str, language: str, expected: dict[str, object]) -> None:
    """Lazy and background pictures, lone ratings, labels on one line; never a prompt or another product's rating."""
    product = product_of(f"<p class=price>€12.50</p>{box}", language=language)
    assert {key: getattr(product, key) for key in expected} == expected


@pytest.mark.parametrize(
    ("shown", "sku"),
    [
        ("<b class=product-sku>AB-1044</b>", "AB-1044"),
        ("<p>Art.-Nr. 10 445 667</p>", "10 445 667"),
        ("<p>SKU: <b class=sku>MDK</b></p>", "MDK"),
        ("<b class=sku>N/A</b>", None),
        ("<p>sku : ab1044</p>", "ab1044"),
        ("<p>Ref: SLIM-FIT</p>", "SLIM-FIT"),
        ("<b class=product-sku>Choose a size first</b>", None),
        ("<b class=sku>ID</b>", None),
        ("<p>Артикул: W 914/2</p>", "W 914/2"),
        ("<p>Код на продукта: AB-M</p>", "AB-M"),
        ("<p>Réf. : 918273 - Marque : <a>Acme</a></p>", "918273"),
        ("<p>Brand: <a>Acme</a> | SKU: SO193</p>", "SO193"),
    ],
)
def test_code_by_label_or_by_its_place(shown: str, sku: str | None) -> None:
    """A code stands after its label, or in an element called its place."""
    product = parse_page(page_of(f"<h1>Blue Mug</h1><p class=price>€12.50</p>{shown}{ADD}"))
    assert isinstance(product, Product)
    assert product.sku == sku


def test_logo_is_no_heading() -> None:
    """An h1 that leads to the front page names the shop."""
    body = "<title>Blue Mug - Acme</title><h1><a href=/>Acme</a></h1><h2>Blue Mug</h2><p class=price>€12.50</p>" + ADD
    product = parse_page(page_of(body))
    assert isinstance(product, Product)
    assert product.name == "Blue Mug"


def test_a_price_in_the_heading_is_not_its_name() -> None:
    """What is called a price is cut out of the name, and read as one."""
    product = parse_page(page_of(f"<h1>Ring <b class=price>$99.00</b></h1><p>SKU: RG-1</p>{ADD}"))
    assert isinstance(product, Product)
    assert (product.name, product.price) == ("Ring", Decimal(99))


def test_a_button_counts_where_the_price_is_for_scripts_only() -> None:
    """A price in the state that the page does not show yet proves the button as well as a shown one."""
    items = '[{"item_name":"Ring","item_id":"R-1","price":9.5}]'
    state = f'{{"event":"view_item","ecommerce":{{"currency":"EUR","items":{items}}}}}'
    product = parse_page(page_of(f"<title>Ring</title><h1>Ring</h1>{ADD}<script>dataLayer.push({state})</script>"))
    assert isinstance(product, Product)
    assert (product.price, product.availability) == (Decimal("9.5"), "InStock")


def test_no_currency_without_a_price() -> None:
    """A currency says nothing where no amount is in it."""
    product = parse_page(
        page_of(
            '<h1>Ring</h1><script type="application/ld+json">{"@type":"Product","name":"Ring",'
            '"sku":"R1","offers":{"price":0,"priceCurrency":"EUR"}}</script>'
        )
    )
    assert isinstance(product, Product)
    assert product.currency is None
