"""Stock and condition, by tokens and in the words of shops."""

import pytest

from scraper.parse.availability import parse_availability, parse_condition


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
    ("English", "In stock - shipping: 0 kr", "In stock: 0"),
    ("English", "In stock (delivery: 0 EUR)", "In stock (0 pcs)"),
    ("German", "Auf Lager, Versand: 0 EUR", "Auf Lager: 0 Stück"),
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
