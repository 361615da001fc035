"""Clean text, identifiers, availability, condition, ratings, counts and dates."""

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.parse.values import (
    clean_text,
    parse_availability,
    parse_condition,
    parse_count,
    parse_date,
    parse_gtin,
    parse_mpn,
    parse_rating,
    parse_rating_max,
    parse_sku,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Oak \n\t table\u00a0", "Oak table"),
        ("Salt &amp; Pepper", "Salt & Pepper"),
        ("Salt &amp;amp; Pepper", "Salt & Pepper"),
        ("Caf&eacute; &#8217;n&#x2019;", "Café ’n’"),
        ("<p>One</p><p>Two <b>th</b>ree</p>", "One Two three"),
        ("&lt;p&gt;One&lt;br/&gt;Two&lt;/p&gt;", "One Two"),
        ("&amp;lt;b&amp;gt;Bold&amp;lt;/b&amp;gt;", "Bold"),
        ("a<script>alert(1)</script>b<style>p{}</style><!-- c -->d", "a b d"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 tea", "I <3 tea"),
        ("soft\u00adhyphen zero\u200bwidth \u202eturned\u202c \ufeffbom", "softhyphen zerowidth turned bom"),
        ("null\x00 bell\x07", "null bell"),
        ("half \ud83d emoji", "half emoji"),
        ("icon \ue001", "icon"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("کتاب\u200cهای نو", "کتاب\u200cهای نو"),
        ("ریال\u200c کتاب\u200c", "ریال کتاب"),
        ("क्\u200dष", "क्\u200dष"),
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
        ("Ka\u200cffee\u200d", "Kaffee"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\U0001f469"),
        ("Tom&#39;s &quot;Best&quot;", 'Tom\'s "Best"'),
        ("Tom&amp;#39;s", "Tom's"),
        ("M&amp;M&#x27;s", "M&M's"),
        ("Fish & Chips", "Fish & Chips"),
        ("AT&T", "AT&T"),
        ("R&D &unknown; kit", "R&D &unknown; kit"),
        ("&lt;3 mm", "<3 mm"),
        ("&nbsp;&ensp;Lamp&zwnj;&shy;", "Lamp"),
        ("&copy; Acme&trade; &reg;", "© Acme™ ®"),
        ("10&times;15&nbsp;cm", "10×15 cm"),
        ("Ma&ntilde;ana", "Mañana"),
        ("Größe&colon; 42", "Größe: 42"),
        ("<h1 class='t'>Oak <em>table</em></h1>", "Oak table"),
        ("Oak<br>table", "Oak table"),
        ("Oak<wbr>table", "Oaktable"),
        ("H<sub>2</sub>O", "H2O"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("a <b", "a <b"),
        ("x<style>p{}", "x"),
        ("<!-- hidden -->seen", "seen"),
        ("\ufeffBOM first", "BOM first"),
        ("left\u200eright\u200f", "leftright"),
        ("\u2066isolated\u2069", "isolated"),
        ("word\u2060joiner", "wordjoiner"),
        ("tab\tnew\r\nline\u2028sep\u3000wide", "tab new line sep wide"),
        ("e\u0301 combining", "e\u0301 combining"),
        ("日本語　商品", "日本語 商品"),
        (Decimal("4.50"), "4.50"),
        (Decimal(12), "12"),
        (Decimal("NaN"), None),
        (Decimal("sNaN"), None),
        (Decimal("Infinity"), None),
        (Decimal("1e40"), None),
        (42, "42"),
        (12.0, "12"),
        (4.5, "4.5"),
        ("", None),
        (" \u200b\n", None),
        ("<br>", None),
        (None, None),
        (True, None),
        (["a"], None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("&#" + "9" * 5_000 + ";x", ";x"),
    ],
    ids=lambda value: repr(value)[:40] if isinstance(value, str) else None,
)
def test_clean_text(text: object, plain: str | None) -> None:
    """What is left is what a reader would see."""
    assert clean_text(text) == plain


def test_clean_text_is_bounded() -> None:
    """No more characters are returned than wanted, and no space is left at the cut."""
    assert clean_text("word " * 1_000, limit=10) == "word word"


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("4006381333931", "4006381333931"),
        (4006381333931, "4006381333931"),
        (4006381333931.0, "4006381333931"),
        (" 4 006381 333931 ", "4006381333931"),
        ("400-6381-333931", "4006381333931"),
        ("EAN: 4006381333931", "4006381333931"),
        ("EAN-13: 4006381333931", "4006381333931"),
        ("ean134006381333931", None),
        ("ean4006381333931", "4006381333931"),
        ("GTIN 4006381333931", "4006381333931"),
        ("urn:gtin:4006381333931", "4006381333931"),
        ("Barcode: 96385074", "96385074"),
        ("96385074", "96385074"),
        ("036000291452", "036000291452"),
        ("UPC-A 0 36000 29145 2", "036000291452"),
        ("10012345678902", "10012345678902"),
        ("978-0-306-40615-7", "9780306406157"),
        ("ISBN 0-306-40615-2", "9780306406157"),
        ("ISBN-10: 080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        (Decimal(4006381333931), "4006381333931"),
        ("4006381333931.0", "4006381333931"),
        ("gtin13:4006381333931", "4006381333931"),
        ("EAN-Code: 4006381333931", "4006381333931"),
        ("EAN No. 4006381333931", "4006381333931"),
        ("JAN: 4901234567894", "4901234567894"),
        ("Barcode (EAN): 4006381333931", "4006381333931"),
        ("4006381333931, 96385074", "4006381333931"),
        ("4006381333932; 96385074", "96385074"),
        ("4006381333931|4006381333948", "4006381333931"),
        ("https://id.example/01/04006381333931", "04006381333931"),
        ("Oak table, EAN 4006381333931 (white)", "4006381333931"),
        ("Item 4711 EAN: 4006381333931", "4006381333931"),
        ("ISBN 978-0-306-40615-7, 320 pages", "9780306406157"),
        ("Item 4006381333931 in white", None),
        ("Best EAN 4006381333932", None),
        ("Korean 4006381333931", None),
        ("UPC: 036000291452", "036000291452"),
        ("UPC 36000291452", None),
        (36000291452, "036000291452"),
        (36000291453, None),
        (36000291452.0, "036000291452"),
        ("UPC-E: 04252614", "042100005264"),
        ("UPC 0 123456 5", "012345000065"),
        ("UPC-E 01201303", "012000000133"),
        ("UPC-E 07834911", None),
        ("04252614", None),
        ("ISSN 0317-8471", None),
        ("0317-8471", None),
        ("9638-5074", None),
        ("9770317847001", "9770317847001"),
        ("979-10-90636-07-1", "9791090636071"),
        ("ISBN: 0-8044-2957-X", "9780804429573"),
        ("ISBN 0-8044-2957-1", None),
        ("80-7203-717-7", None),
        ("00012345600012", "00012345600012"),
        ("1 00 12345 67890 2", "10012345678902"),
        ("04006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
        ("14006381333931", None),
        ("400638133393", None),
        ("40063813339311", None),
        ("4 0 0 6 3 8 1 3 3 3 9 3 1", "4006381333931"),
        ("4006381333931 4006381333948", None),
        ("12345670", None),
        ("123456789012", None),
        ("1234567890128", None),
        ("0123456789012", None),
        ("9876543210982", None),
        ("9999999999994", None),
        ("9999999999999", None),
        ("8888888888888", None),
        ("0000000000017", None),
        ("0000000012345", None),
        ("0000096385074", "0000096385074"),
        ("-4006381333931", "4006381333931"),
        ("+4006381333931", "4006381333931"),
        ("4.00638E+12", None),
        ("ean", None),
        ("EAN: n/a", None),
        ("EAN: Does not apply", None),
        ("4006381333932", None),
        ("0306406153", None),
        ("0000000000000", None),
        ("00000000", None),
        ("1111111111111", None),
        ("123", None),
        ("12345678901", None),
        ("400638133393X", None),
        ("n/a", None),
        ("", None),
        (None, None),
        (True, None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_gtin(text: object, gtin: str | None) -> None:
    """Only digits of a GTIN's length with the right check digit are one."""
    assert parse_gtin(text) == gtin


@pytest.mark.parametrize(
    ("text", "availability"),
    [
        ("https://schema.org/InStock", "InStock"),
        ("http://schema.org/OutOfStock", "OutOfStock"),
        ("https://schema.org/InStock/", "InStock"),
        ("https://schema.org/ItemAvailability#PreOrder", "PreOrder"),
        ("schema:SoldOut", "SoldOut"),
        ("https://schema.org/OnlineOnly", "OnlineOnly"),
        ("https://schema.org/InStoreOnly", "InStoreOnly"),
        ("https://schema.org/LimitedAvailability", "LimitedAvailability"),
        ("https://schema.org/Discontinued", "Discontinued"),
        ("https://schema.org/BackOrder", "BackOrder"),
        ("https://schema.org/PreSale", "PreSale"),
        ("https://schema.org/MadeToOrder", "MadeToOrder"),
        ("https://schema.org/Reserved", "Reserved"),
        ("in_stock", "InStock"),
        ("instock", "InStock"),
        ("IN STOCK", "InStock"),
        ("in-stock", "InStock"),
        ("available", "InStock"),
        ("out_of_stock", "OutOfStock"),
        ("out of stock", "OutOfStock"),
        ("oos", "OutOfStock"),
        ("preorder", "PreOrder"),
        ("pre-order", "PreOrder"),
        ("backorder", "BackOrder"),
        ("onbackorder", "BackOrder"),
        ("available for order", "BackOrder"),
        ("discontinued", "Discontinued"),
        ("low_stock", "LimitedAvailability"),
        ("<span>In&nbsp;stock</span>", "InStock"),
        ("", None),
        ("42", None),
        ("Blue, size 10", None),
        (None, None),
        (True, None),
    ],
)
def test_availability_of_machines(text: object, availability: str | None) -> None:
    """schema.org names and the tokens of product feeds."""
    assert parse_availability(text) == availability


# language, in stock, out of stock
STOCK_PHRASES = [
    ("English", "12 in stock, ready to ship", "This item is not currently available"),
    ("English", "Available now", "0 in stock"),
    ("English", "Usually in stock", "Notify me when it is back in stock"),
    ("English", "Yes, in stock!", "Currently unavailable"),
    ("German", "Auf Lager", "Momentan nicht lieferbar"),
    ("German", "Sofort lieferbar", "nicht verfügbar"),
    ("German", "VORRÄTIG", "Leider derzeit nicht auf Lager"),
    ("French", "En stock", "Rupture de stock"),
    ("French", "Produit disponible", "N’est pas disponible"),
    ("Spanish", "Disponible", "No disponible"),
    ("Spanish", "Hay existencias", "Sin existencias"),
    ("Italian", "Disponibile", "Non disponibile"),
    ("Italian", "Disponibilità immediata", "Al momento non è disponibile"),
    ("Portuguese", "Em estoque", "Sem estoque"),
    ("Portuguese", "Disponível", "Indisponível"),
    ("Dutch", "Op voorraad", "Niet op voorraad"),
    ("Dutch", "Direct leverbaar", "Tijdelijk niet leverbaar"),
    ("Swedish", "I lager", "Ej i lager"),
    ("Swedish", "Finns i lager", "Slut i lager"),
    ("Danish", "På lager", "Ikke på lager"),
    ("Norwegian", "Tilgjengelig", "Ikke tilgjengelig"),
    ("Finnish", "Varastossa", "Ei varastossa"),
    ("Finnish", "Saatavilla", "Ei saatavilla"),
    ("Polish", "Produkt dostępny", "Produkt niedostępny"),
    ("Polish", "W magazynie", "Brak w magazynie"),
    ("Czech", "Skladem", "Není skladem"),
    ("Czech", "Dostupné", "Nedostupné"),
    ("Slovak", "Skladom", "Nie je skladom"),
    ("Hungarian", "Raktáron", "Nincs raktáron"),
    ("Romanian", "În stoc", "Nu este în stoc"),
    ("Romanian", "Disponibil", "Indisponibil"),
    ("Bulgarian", "В наличност", "Няма в наличност"),
    ("Russian", "В наличии", "Нет в наличии"),
    ("Ukrainian", "В наявності", "Немає в наявності"),
    ("Greek", "Άμεσα διαθέσιμο", "Μη διαθέσιμο"),
    ("Greek", "ΔΙΑΘΕΣΙΜΟ", "ΜΗ ΔΙΑΘΕΣΙΜΟ"),
    ("Turkish", "Stokta var", "Stokta yok"),
    ("Arabic", "متوفر", "غير متوفر"),
    ("Hebrew", "במלאי", "לא במלאי"),
    ("Persian", "موجود", "ناموجود"),
    ("Japanese", "在庫あり", "在庫なし"),
    ("Chinese", "有货", "缺货"),
    ("Chinese", "現貨", "無貨"),
    ("Korean", "재고 있음", "재고 없음"),
    ("Vietnamese", "Còn hàng", "Không có sẵn"),
    ("Indonesian", "Tersedia", "Tidak tersedia"),
    ("Thai", "มีสินค้า", "ไม่มีสินค้า"),
    ("Hindi", "स्टॉक में", "स्टॉक में नहीं"),
    ("Croatian", "Dostupno", "Nije dostupno"),
    ("Slovene", "Na zalogi", "Ni na zalogi"),
    ("Estonian", "Saadaval", "Ei ole saadaval"),
    ("Latvian", "Ir noliktavā", "Nav noliktavā"),
    ("Lithuanian", "Turime sandėlyje", "Neturime"),
]


@pytest.mark.parametrize(("language", "in_stock", "out_of_stock"), STOCK_PHRASES)
def test_stock_phrases(language: str, in_stock: str, out_of_stock: str) -> None:
    """A denial is not mistaken for the words that it contains."""
    assert parse_availability(in_stock) == "InStock", language
    assert parse_availability(out_of_stock) == "OutOfStock", language


AVAILABILITIES = (
    *("InStock", "OutOfStock", "SoldOut", "PreOrder", "BackOrder", "LimitedAvailability", "Discontinued"),
    *("InStoreOnly", "OnlineOnly"),
)

# language, a phrase for each of the above
STATES_BY_LANGUAGE = [
    (
        "English",
        "Available from stock|Temporarily out of stock|SOLD OUT|Pre-order now|Available on back-order"
        "|Only 2 left in stock|This product has been discontinued|In store only|Online only",
    ),
    (
        "German",
        "Ab Lager lieferbar|Zurzeit nicht vorrätig|Leider ausverkauft|Jetzt vorbestellen|Auf Bestellung"
        "|Nur noch wenige Stück|Artikel nicht mehr lieferbar|Nur in der Filiale|Nur online erhältlich",
    ),
    (
        "French",
        "Disponible en stock|Actuellement indisponible|Produit épuisé|Précommander"
        "|Sur commande|Plus que 3 en stock|Produit arrêté|Uniquement en magasin|Exclusivité web",
    ),
    (
        "Spanish",
        "En stock|Fuera de stock|Agotado|Reservar: preventa|Bajo pedido"
        "|Últimas unidades|Producto descatalogado|Solo en tienda|Solo online",
    ),
    (
        "Italian",
        "Disponibile subito|Non disponibile al momento|Esaurito|Preordina ora"
        "|Disponibile su ordinazione|Ultimi 2 pezzi|Fuori produzione|Solo in negozio|Solo online",
    ),
    (
        "Portuguese",
        "Em estoque|Fora de estoque|Esgotado|Pré-venda|Sob encomenda"
        "|Últimas peças|Produto descontinuado|Apenas na loja física|Exclusivo online",
    ),
    (
        "Dutch",
        "Op voorraad|Niet leverbaar|Uitverkocht|Nu reserveren: pre-order|Op bestelling"
        "|Nog maar 2 op voorraad|Niet meer leverbaar|Alleen in de winkel|Alleen online",
    ),
    (
        "Swedish",
        "Finns i lager|Ej i lager|Slutsåld|Förbeställ nu|Beställningsvara"
        "|Endast 2 kvar i lager|Utgått ur sortimentet|Endast i butik|Endast online",
    ),
    (
        "Danish",
        "På lager|Ikke på lager|Udsolgt|Forudbestil|Bestillingsvare"
        "|Kun 2 tilbage på lager|Udgået|Kun i butik|Kun online",
    ),
    (
        "Norwegian",
        "På lager|Ikke på lager|Utsolgt|Forhåndsbestill|Bestillingsvare"
        "|Kun 2 igjen på lager|Utgått vare|Kun i butikk|Kun på nett",
    ),
    (
        "Finnish",
        "Varastossa|Ei varastossa|Loppuunmyyty|Ennakkotilaa|Tilaustuote"
        "|Vain 2 jäljellä|Poistunut valikoimasta|Vain myymälästä|Vain verkosta",
    ),
    (
        "Polish",
        "Dostępny od ręki|Produkt niedostępny|Wyprzedany|Przedsprzedaż|Na zamówienie"
        "|Ostatnie sztuki|Produkt wycofany|Tylko w sklepie stacjonarnym|Tylko online",
    ),
    (
        "Czech",
        "Skladem > 5 ks|Není skladem|Vyprodáno|Předobjednávka|Na objednávku"
        "|Poslední kusy|Prodej ukončen|Pouze na prodejně|Pouze online",
    ),
    (
        "Slovak",
        "Na sklade|Nie je na sklade|Vypredané|Predobjednávka"
        "|Na objednávku|Posledné kusy|Predaj ukončený|Len v predajni|Len online",
    ),
    (
        "Hungarian",
        "Raktáron|Nincs készleten|Elfogyott|Előrendelhető|Rendelésre"
        "|Utolsó darabok|Megszűnt termék|Csak az üzletben|Csak online",
    ),
    (
        "Romanian",
        "În stoc|Nu este în stoc|Stoc epuizat|Precomandă|La comandă"
        "|Ultimele bucăți|Produs retras|Doar în magazin|Doar online",
    ),
    (
        "Bulgarian",
        "В наличност|Няма в наличност|Изчерпан|Предварителна поръчка"
        "|По поръчка|Последни бройки|Спрян от производство|Само в магазина|Само онлайн",
    ),
    (
        "Russian",
        "Есть в наличии|Нет в наличии|Распродано|Предзаказ|Под заказ"
        "|Осталось 2 шт.|Снято с производства|Только в магазине|Только онлайн",
    ),
    (
        "Ukrainian",
        "Є в наявності|Немає в наявності|Розпродано|Передзамовлення|Під замовлення"
        "|Залишилось 2 шт.|Знято з виробництва|Тільки в магазині|Тільки онлайн",
    ),
    (
        "Greek",
        "Άμεσα διαθέσιμο|Μη διαθέσιμο|Εξαντλημένο|Προπαραγγελία|Κατόπιν παραγγελίας"
        "|Τελευταία τεμάχια|Καταργήθηκε|Μόνο στο κατάστημα|Μόνο online",
    ),
    (
        "Turkish",
        "Stokta var|Stokta yok|Tükendi|Ön sipariş|Sipariş üzerine"
        "|Son 2 ürün|Üretimi durduruldu|Sadece mağazada|Sadece online",
    ),
    (
        "Arabic",
        "متوفر في المخزون|غير متوفر حاليا|نفدت الكمية|طلب مسبق"
        "|متوفر عند الطلب|بقي 2 فقط|توقف إنتاجه|في المتجر فقط|عبر الإنترنت فقط",
    ),
    (
        "Hebrew",
        "במלאי|לא זמין כרגע|אזל המלאי|הזמנה מוקדמת|בהזמנה מיוחדת|נותרו 2 אחרונים|המוצר הופסק|בחנות בלבד|באינטרנט בלבד",
    ),
    (
        "Persian",
        "موجود در انبار|ناموجود|تمام شد|پیش‌سفارش|سفارشی"
        "|تنها ۲ عدد در انبار باقی مانده|توقف تولید|فقط در فروشگاه|فقط آنلاین",
    ),
    (
        "Japanese",
        "在庫あり|在庫なし|売り切れ|予約受付中|お取り寄せ商品|残りわずか|販売終了しました|店舗限定|オンライン限定",
    ),
    ("Chinese", "有货|缺货|已售罄|预售中|可预订|仅剩2件|已停产|仅限门店|仅限线上"),
    ("Korean", "재고 있음|재고 없음|품절|예약 판매|백오더|2개 남음|단종된 상품|매장 전용|온라인 전용"),
    (
        "Vietnamese",
        "Còn hàng|Không có sẵn|Hết hàng|Đặt trước|Đặt hàng theo yêu cầu"
        "|Chỉ còn 2 sản phẩm|Ngừng kinh doanh|Chỉ bán tại cửa hàng|Chỉ bán online",
    ),
    (
        "Indonesian",
        "Stok tersedia|Tidak tersedia|Stok habis|Pre order|Pesan dulu (indent)"
        "|Sisa 2|Sudah tidak diproduksi|Hanya di toko|Hanya online",
    ),
    ("Thai", "มีสินค้า|ไม่มีสินค้า|สินค้าหมด|สั่งจองล่วงหน้า|สินค้าสั่งพิเศษ|เหลือเพียง 2 ชิ้น|เลิกผลิต|เฉพาะหน้าร้าน|เฉพาะออนไลน์"),
    ("Hindi", "स्टॉक में है|स्टॉक में नहीं है|बिक गया|प्री-ऑर्डर|ऑर्डर पर उपलब्ध|केवल 2 बचे हैं|बंद हो गया|केवल स्टोर में|केवल ऑनलाइन"),
    (
        "Croatian",
        "Na zalihi|Nije dostupno|Rasprodano|Prednarudžba|Po narudžbi"
        "|Zadnji komadi|Proizvod ukinut|Samo u trgovini|Samo online",
    ),
    (
        "Slovene",
        "Na zalogi|Ni na zalogi|Razprodano|Prednaročilo|Po naročilu"
        "|Zadnji kosi|Izdelek ukinjen|Samo v trgovini|Samo na spletu",
    ),
    (
        "Serbian",
        "На стању|Није на стању|Распродато|Преднаруџбина|По поруџбини"
        "|Последњи комади|Повучено из продаје|Само у продавници|Само онлајн",
    ),
    (
        "Estonian",
        "Laos olemas|Ei ole laos|Välja müüdud|Ettetellimine|Tellimisel"
        "|Viimased tooted|Tootmine lõpetatud|Ainult kauplusest|Ainult veebis",
    ),
    (
        "Latvian",
        "Ir noliktavā|Nav noliktavā|Izpārdots|Priekšpasūtījums|Pēc pasūtījuma"
        "|Pēdējie gabali|Ražošana pārtraukta|Tikai veikalā|Tikai internetā",
    ),
    (
        "Lithuanian",
        "Yra sandėlyje|Nėra sandėlyje|Išparduota|Išankstinis užsakymas"
        "|Pagal užsakymą|Paskutiniai vienetai|Nebegaminama|Tik parduotuvėje|Tik internetu",
    ),
    (
        "Catalan",
        "En estoc|Sense estoc|Exhaurit|Reserva anticipada|Sota comanda"
        "|Últimes unitats|Descatalogat|Només a la botiga|Només en línia",
    ),
]


@pytest.mark.parametrize(("language", "phrases"), STATES_BY_LANGUAGE)
def test_every_state_in_every_language(language: str, phrases: str) -> None:
    """What a shop's badge says, in the languages of shops."""
    read = {phrase: parse_availability(phrase) for phrase in phrases.split("|")}
    assert read == dict(zip(phrases.split("|"), AVAILABILITIES, strict=True)), language


@pytest.mark.parametrize(
    ("text", "availability"),
    [
        pytest.param("Ships when it is back", "BackOrder", id="a promise"),
        pytest.param("Not only in store: also in stock online", "InStock", id="a denied limit"),
        pytest.param("No items are out of stock", "InStock", id="two denials"),
        pytest.param("Delivery in 2-3 days", "InStock", id="a time of delivery"),
    ],
)
@pytest.mark.xfail(strict=True)
def test_availability_gaps(text: str, availability: str) -> None:
    """Phrases that would need to be understood."""
    assert parse_availability(text) == availability


@pytest.mark.parametrize(
    ("availability", "phrases"),
    [
        (
            "SoldOut",
            "Sold out|Ausverkauft|Épuisé|Agotado|Esaurito|Esgotado|Uitverkocht|Slutsåld|Udsolgt|Utsolgt|Loppuunmyyty"
            "|Wyprzedane|Vyprodáno|Vypredané|Elfogyott|Stoc epuizat|Изчерпан|Распродано|Εξαντλήθηκε|ΕΞΑΝΤΛΗΘΗΚΕ|Tükendi"
            "|نفدت الكمية|אזל המלאי|売り切れ|售罄|품절|Hết hàng|Stok habis|สินค้าหมด|Rasprodano|Išparduota|Izpārdots",
        ),
        (
            "Discontinued",
            "No longer available|Nicht mehr lieferbar|N'est plus disponible|Ya no disponible|Fuori produzione"
            "|Niet meer leverbaar|Снят с производства|販売終了|已下架|단종",
        ),
        (
            "PreOrder",
            "Pre-order now|Jetzt vorbestellen|Précommande|Preventa|Pré-venda|Preordine|Förbeställ|Przedsprzedaż"
            "|Předobjednávka|Предзаказ|Ön sipariş|予約受付中|预售|예약구매|Đặt trước",
        ),
        (
            "BackOrder",
            "Available on backorder|Auf Bestellung|Sur commande|Bajo pedido|Su ordinazione|Sob encomenda|Op bestelling"
            "|Beställningsvara|Na zamówienie|Na objednávku|Под заказ|お取り寄せ",
        ),
        (
            "LimitedAvailability",
            "Only 3 left in stock|Nur noch 2 Stück|Plus que 2 disponibles|Últimas unidades|Ultimi pezzi disponibili"
            "|Nog 2 op voorraad|Ostatnie sztuki|残りわずか|仅剩2件",
        ),
        ("InStoreOnly", "In-store only|Available only in stores|Nur in der Filiale erhältlich"),
        ("OnlineOnly", "Available online only|Nur online erhältlich"),
        ("MadeToOrder", "Made to order"),
    ],
)
def test_further_availabilities(availability: str, phrases: str) -> None:
    """Each phrase of the list has the same meaning."""
    assert {phrase: parse_availability(phrase) for phrase in phrases.split("|")} == dict.fromkeys(
        phrases.split("|"), availability
    )


@pytest.mark.parametrize(
    ("condition", "texts"),
    [
        (
            "NewCondition",
            "https://schema.org/NewCondition|schema:NewCondition|new|Brand new|Neu|Neuware|Neuf|Nuevo|Nuova|Novo|Nieuw"
            "|Ny|Uusi|Nowy|Nové|Új|Nou|Новый|Sıfır|新品|全新|새상품|جديد|חדש",
        ),
        (
            "UsedCondition",
            "https://schema.org/UsedCondition|used|used_like_new|Pre-owned|Second hand|Like new|Gebraucht|Wie neu"
            "|D'occasion|Comme neuf|Usado|Usato|Tweedehands|Begagnad|Brugt|Käytetty|Używany|Použité|Használt|Folosit"
            "|б/у|中古|二手|중고",
        ),
        (
            "RefurbishedCondition",
            "https://schema.org/RefurbishedCondition|refurbished|Renewed|Generalüberholt|Reconditionné|Reacondicionado"
            "|Ricondizionato|Recondicionado|Odnowiony|Repasované|Восстановленный|整備済み品|翻新|리퍼",
        ),
        (
            "DamagedCondition",
            "https://schema.org/DamagedCondition|Damaged|For parts or repair|Beschädigt|Endommagé|Dañado|ジャンク",
        ),
    ],
)
def test_condition(condition: str, texts: str) -> None:
    """Each text of the list has the same meaning."""
    assert {text: parse_condition(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), condition)


@pytest.mark.parametrize("text", ["", "unknown", "Newton", "News", "focused", None, 1, True])
def test_no_condition(text: object) -> None:
    """Words that only contain such a word say nothing."""
    assert parse_condition(text) is None


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("4.5", "4.5"),
        ("4,5", "4.5"),
        (4.5, "4.5"),
        (5, "5"),
        ("4.5 out of 5", "4.5"),
        ("4.5/5", "4.5"),
        ("Rated 4.2 out of 5 stars", "4.2"),
        ("4,7 von 5 Sternen", "4.7"),
        ("5つ星のうち4.3", "4.3"),
        ("5점 만점에 4.8점", "4.8"),
        ("满分5分，4.6分", "4.6"),
        ("90%", "90"),
        ("90 %", "90"),
        ("9 of 10", "9"),
        ("8,5/10", "8.5"),
        ("4.5 / 5.0", "4.5"),
        ("4.8 sur 5", "4.8"),
        ("4,8 su 5", "4.8"),
        ("4.8 de 5", "4.8"),
        ("4,8 van de 5", "4.8"),
        ("4,8 av 5", "4.8"),
        ("4,8 z 5", "4.8"),
        ("4,8 из 5", "4.8"),
        ("★★★★☆ 4.2", "4.2"),
        ("Rating: 5", "5"),
        (Decimal("4.5"), "4.5"),
        (Decimal(5), "5"),
        (Decimal(0), None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        ("٤٫٥", "4.5"),
        (4.300000000000001, "4.3"),
        ("0", None),
        ("-4", None),
        ("101", None),
        ("1999", None),
        ("no reviews", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_rating(text: object, rating: str | None) -> None:
    """The first number between 0 and 100, whatever the decimal mark."""
    assert parse_rating(text) == (None if rating is None else Decimal(rating))


@pytest.mark.parametrize(
    ("text", "maximum"),
    [
        ("4.5/5", "5"),
        ("4.5 / 5.0", "5"),
        ("9 of 10", "10"),
        ("9 out of 10", "10"),
        ("Rated 4.5 out of 5 stars", "5"),
        ("8,5/10", "10"),
        ("90 %", "100"),
        ("90%", "100"),
        ("90٪", "100"),
        ("85/100", "100"),
        ("4,7 von 5 Sternen", "5"),
        ("4,7 sur 5", "5"),
        ("4,7 su 5", "5"),
        ("4,7 de 5", "5"),
        ("4,7 van 5", "5"),
        ("4,7 av 5", "5"),
        ("4,7 z 5", "5"),
        ("4,7 из 5", "5"),
        ("5つ星のうち4.3", "5"),
        ("5점 만점에 4.8점", "5"),
        ("满分5分，4.6分", "5"),
        ("4.5", None),
        ("4.5 (10)", None),
        ("4 of 57", None),
        ("4/50", None),
        ("", None),
        (4.5, None),
        (None, None),
    ],
)
def test_rating_max(text: object, maximum: str | None) -> None:
    """Only a scale that ratings have, and that the text names."""
    assert parse_rating_max(text) == (None if maximum is None else Decimal(maximum))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1.234 Bewertungen", 1234),
        ("1,234 reviews", 1234),
        ("1 234 avis", 1234),
        ("1’234 Bewertungen", 1234),
        ("1,234,567 ratings", 1234567),
        ("(56)", 56),
        ("56", 56),
        (56, 56),
        (12.0, 12),
        ("12.0", 12),
        ("4.5 (56)", 56),
        ("Rated 4.5 out of 5, 56 reviews", 56),
        ("4,5/5 - 56 avis", 56),
        ("1,234", 1234),
        ("12,34", None),
        ("1 234 567", 1234567),
        ("12\u00a0345 отзывов", 12345),
        ("1.234.567", 1234567),
        ("(1,234 customer reviews)", 1234),
        ("5/5 (12)", 12),
        ("4.5 von 5 (1.234)", 1234),
        ("4,5 de 5, 99 opiniones", 99),
        ("120 recensioni", 120),
        ("共 88 条评价", 88),
        ("후기 45개", 45),
        ("1.2 mil opiniones", None),
        ("1,5k", None),
        ("1.2万件", None),
        (Decimal(12), 12),
        ("レビュー 120件", 120),
        ("١٢٣ تقييم", 123),
        ("0", 0),
        ("4.5", None),
        ("12.5", None),
        ("-3", None),
        ("1.2k", None),
        ("3K reviews", None),
        ("95% (12)", 12),
        ("99999999999", None),
        ("no reviews", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_count(text: object, count: int | None) -> None:
    """The first whole number; abbreviated ones are too inexact to keep."""
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2030-12-31", "2030-12-31"),
        ("2030-12-31T23:59:59Z", "2030-12-31"),
        ("2030-12-31 23:59", "2030-12-31"),
        ("2030-12-31T23:59:59+01:00", "2030-12-31"),
        ("20301231", "2030-12-31"),
        (20301231, "2030-12-31"),
        ("2030-02-30", None),
        ("0000-01-01", None),
        ("2030-12", None),
        ("2030-12-311", None),
        ("2026-12-31T00:00:00.000Z", "2026-12-31"),
        ("2026-12-31T23:59", "2026-12-31"),
        ("2030/12/31", "2030-12-31"),
        ("2030/1/5", "2030-01-05"),
        ("2030.12.31", "2030-12-31"),
        ("2030. 12. 31.", "2030-12-31"),
        ("2030年12月31日", "2030-12-31"),
        ("31.12.2030", "2030-12-31"),
        ("31.12.2030 23:59", "2030-12-31"),
        ("31/12/2030", "2030-12-31"),
        ("31-12-2030", "2030-12-31"),
        ("12/31/2030", "2030-12-31"),
        ("5.5.2030", "2030-05-05"),
        ("05.06.2030", None),
        ("05/06/2030", None),
        ("31.13.2030", None),
        ("31.11.2030", None),
        ("13/32/2030", None),
        ("31.12.30", None),
        ("December 31, 2030", "2030-12-31"),
        ("Dec 31st, 2030", "2030-12-31"),
        ("31 Dec 2030", "2030-12-31"),
        ("Tue, 31 Dec 2030 23:59:59 GMT", "2030-12-31"),
        ("Tue Dec 31 2030 23:59:59 GMT+0100", "2030-12-31"),
        ("31-Dec-2030", "2030-12-31"),
        ("31 Decoration 2030", None),
        ("31 Foo 2030", None),
        ("1798675200", None),
        ("until further notice", None),
        ("", None),
        (None, None),
    ],
)
def test_date(text: object, day: str | None) -> None:
    """Only what can be no other day is taken, and the day must exist."""
    assert parse_date(text) == day


@pytest.mark.parametrize("parse", [parse_sku, parse_mpn])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB-12/3", "AB-12/3"),
        (12345, "12345"),
        (12345.0, "12345"),
        ("SKU: AB-12", "AB-12"),
        ("SKU:AB-12", "AB-12"),
        ("sku#12", "12"),
        ("MPN: X1", "X1"),
        ("Art.-Nr.: 4711", "4711"),
        ("Artikelnummer: 4711", "4711"),
        ("Item No. 55-1", "55-1"),
        ("Ref.: 00123", "00123"),
        ("Модель: Т-34", "Т-34"),
        ("Артикул: 9-А", "9-А"),
        ("品番：K5", "K5"),
        ("AB ref: 12", "AB ref: 12"),
        ("ARTEMIS-7", "ARTEMIS-7"),
        ("SKU-77", "SKU-77"),
        ("Item-5", "Item-5"),
        ("N/A", None),
        ("n.a.", None),
        ("null", None),
        ("undefined", None),
        ("None", None),
        ("-", None),
        ("0", None),
        ("SKU:", None),
        ("SKU: N/A", None),
        ("Does not apply", None),
        ("x" * 81, None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_codes(parse: object, text: object, code: str | None) -> None:
    """A code is kept as it is, without its label; placeholders are none."""
    assert callable(parse)
    assert parse(text) == code


@pytest.mark.parametrize(
    "text",
    [
        part * (5_000_000 // len(part))
        for part in ("<script ", "<!--", "&amp;", "&#9", "-", "no ", "1,", "SKU.", "nicht a ", "</script   ", "<", "9")
    ],
    ids=lambda text: text[:8],
)
def test_huge_text_costs_little(text: str) -> None:
    """Only the beginning of a text is looked at, and that in linear time."""
    started = time.perf_counter()
    clean_text(text, limit=20_000)
    for parse in (parse_gtin, parse_availability, parse_condition, parse_count, parse_date, parse_sku):
        parse(text)
    assert parse_rating(text) is None or parse_rating_max(text) is None
    assert time.perf_counter() - started < 2


_ANYTHING = st.one_of(
    st.text(),
    st.text(alphabet="<>&#;!-/ scriptx0123456789.,:'SKUno%\u200b\ud800٣", max_size=60),
    *(st.integers(), st.floats(), st.decimals(), st.booleans(), st.none(), st.binary(), st.lists(st.text())),
)


@given(_ANYTHING)
def test_anything_is_read_or_refused(value: object) -> None:
    """Nothing raises, and what is returned is well-formed."""
    plain = clean_text(value)
    assert plain is None or plain == " ".join(plain.split()) != ""
    assert re.fullmatch(r"[0-9]{8}|[0-9]{12,14}|", parse_gtin(value) or "")
    assert 0 <= (parse_rating(value) or 0) <= 100
    assert parse_rating_max(value) in {None, 5, 10, 100}
    assert (parse_count(value) or 0) >= 0
    assert (parse_availability(value) or "A").isalpha()
    assert (parse_condition(value) or "Condition").endswith("Condition")
    assert date.fromisoformat(parse_date(value) or "2000-01-01")
    assert parse_sku(value) != ""
