"""What pages say in the languages of their readers, as patterns; one line an idea or a language."""

import re


def any_of(lines: str) -> str:
    """The alternatives of a pattern, written on lines of their own."""
    return "|".join(line.strip() for line in lines.strip().splitlines())


def _phrases(lines: str, *, start: str = "") -> re.Pattern[str]:
    return re.compile(f"{start}(?:{any_of(lines)})", re.I)


def _phrase_list(lines: str) -> tuple[str, ...]:
    """Plain phrases in lower case, parted by bars and line ends."""
    return tuple(phrase.strip().casefold() for line in lines.strip().splitlines() for phrase in line.strip().split("|"))


CAPTCHA = _phrases(
    r"""
    captcha|robot check
    are you (?:a )?robot
    """
)
BOT_WALL = _phrases(
    r"""
    just a moment|un instant|einen moment|attention required|access denied
    pardon our interruption|request (?:blocked|unsuccessful)|ddos|checking your browser
    are you (?:a )?human|security check|bot (?:detection|protection)
    verif(?:y|ying) (?:that )?you(?:'re| are)? (?:a )?human
    """
)
LOGIN = _phrases(
    r"""
    sign in\b|log ?in\b|anmelden\b|connexion\b|se connecter\b|iniciar sesión\b|accedi\b
    inloggen\b|logga in\b|entrar\b|zaloguj\b|přihlášení\b
    """,
    start="^",
)
CONSENT = _phrases(
    r"""
    before you continue|bevor sie (?:fortfahren|weiter)|avant de continuer|antes de continuar|prima di continuare
    voordat je (?:verder|doorgaat)|(?:we|this site) (?:value|respect)s? your privacy|your privacy (?:choices|matters)
    wir (?:verwenden|nutzen|benötigen).{0,40}(?:cookies|zustimmung)|(?:we|this site) uses? cookies
    cookie (?:consent|wall)
    (?:nous|ce site) utilis\w+ des cookies|respect de votre vie privée|utilizamos cookies|usiamo i cookie
    wij gebruiken cookies|souhlas s cookies|zgoda na (?:pliki )?cookies|datenschutzeinstellungen
    privatsphäre-einstellungen
    """
)
PARKED = _phrases(
    r"""
    domain (?:name )?(?:is |may be )?(?:for sale|parked|available for purchase)
    buy this domain|this domain has expired|domain steht zum verkauf|ce domaine est à vendre
    """
)
GONE = re.compile(
    any_of(
        r"""
    ^404\b|(?:error|erreur|fehler|http) *404|404 *(?:error\b|[-–|:])
    not found|page (?:cannot|could not|can't) be found|page (?:does not|doesn't|no longer) exists?
    (?:product|item|article|listing|ad) (?:\w+ ){0,7}no longer (?:available|exists?|sold)
    (?:artikel|produkt|angebot|seite) (?:ist |wurde )?(?:\w+ )?(?:nicht mehr (?:verfügbar|lieferbar)|entfernt|gelöscht)
    (?:produit|article|annonce|page) (?:n'est plus|n’est plus|supprimée?|a été supprimée?|n'est pas disponible)
    (?:producto|artículo|anuncio|página) (?:ya no|no existe|eliminad[oa])|(?:prodotto|articolo|annuncio) non (?:è )?più
    (?:produto|artigo|anúncio|página) (?:não existe|já não|não está mais|removid[oa])|pagina (?:bestaat|niet)
    (?:product|artikel) is niet meer|produkt (?:już )?nie jest już|strona nie istnieje|stránka neexistuje
    produkt (?:už )?není v nabídce
    az oldal nem található|pagina nu (?:a fost|există)|sidan finns inte|siden (?:findes|finnes) ikke|sivua ei löydy
    страница не (?:найдена|существует)|товар (?:удалён|удален|снят с)|сторінк[аи] не (?:знайдено|існує)|страницата не
    η σελίδα δεν|sayfa bulunamad|הדף לא נמצא|الصفحة غير موجودة|このページは存在|ページが見つかり|页面不存在|頁面不存在
    商品已下架|존재하지 않는
    nicht gefunden|introuvable|page non trouvée|n'existe (?:pas|plus)
    no encontrad[ao]|non trovat[ao]|não encontrad[ao]|niet gevonden|nie znaleziono|nenalezen
    hittades inte|ikke fundet|ikke funnet|ei löytynyt|bulunamad[ıi]|не найден
    見つかりません|找不到|찾을 수 없
    """
    )
)
"""In texts in lower case, where it is found six times as fast as whatever the case."""
NEEDS_SCRIPT = _phrases(
    r"""
    (?:enable|activate|turn on|requires?|need|without) javascript
    javascript (?:is |to be )?(?:enabled|disabled|required|not enabled|aktivieren)
    activez? (?:le )?javascript|habilit[ea] javascript
    """
)
BUY = _phrase_list(
    """
    add to cart|add to bag|add to basket|add to trolley|add to my bag|add to your bag|add to your basket|add to my cart
    add to shopping bag|add to shopping cart|add to shopping basket|add to order|buy now|buy it now
    add item to cart|order now|buy online|purchase now
    in den warenkorb|in den einkaufswagen|in meinen warenkorb|in den einkaufskorb|zum warenkorb hinzufügen|jetzt kaufen
    in warenkorb|jetzt bestellen
    ajouter au panier|ajouter à mon panier|ajouter au caddie|acheter|mettre au panier|ajouter au sac
    añadir al carrito|añadir a la cesta|añadir a la bolsa|añadir al carro|agregar al carrito|agregar al carro|comprar
    agregar a la bolsa|añadir a mi cesta|adicionar ao carrinho|adicionar à sacola|adicionar à cesta|adicionar ao cesto
    afegir al carret|afegir a la cistella|engadir ao carro|saskira gehitu
    aggiungi al carrello|acquista|aggiungi alla borsa|aggiungi alla shopping bag|metti nel carrello
    in winkelwagen|in winkelmand|in mijn winkelwagen|in mijn winkelmand|voeg toe aan winkel|toevoegen aan winkel
    do košíku|do košíka|vložit do|koupit|kúpiť|do koszyka|kup teraz|kosárba|megveszem|în coș|adaugă în coș
    adauga in cos|cumpără|lägg i varukorg|lägg i kundvagn|lägg i kundkorg|köp nu|læg i kurv|læg i indkøbskurv
    legg i handlekurv|legg i handlevogn|legg i kurv|kjøp nå|køb nu|lisää ostoskoriin|lisää koriin|osta nyt|ostukorvi
    lisa korvi
    pievienot grozam|ielikt grozā|į krepšelį|dodaj u košaricu|dodaj u korpu|u košaricu|v košarico|dodaj v košarico
    kupi odmah|kupi zdaj
    в корзину|купить|добавить в корзину|у кошик|в кошик|купити|придбати|добави в количка|в количката|купи
    добави в кошницата|додади во кошничка|στο καλάθι|προσθήκη στο καλάθι|αγόρασε
    sepete ekle|sepete at|satın al|səbətə|savatga|себетке|הוסף לסל|הוספה לסל|לסל הקניות|קנה עכשיו
    أضف إلى|اضف الى|أضف للسلة|إضافة إلى|اشتري|افزودن به سبد|カートに入れる|カートに追加|買い物かご|今すぐ購入
    購入手続き|購入する
    加入购物车|加入購物車|立即購買|立即购买|放入購物車|加入購物袋|我要購買|直接購買|장바구니|바로구매|구매하기
    thêm vào giỏ|mua ngay|beli sekarang|tambah ke keranjang|tambahkan ke keranjang|masukkan keranjang|tambah ke troli
    หยิบใส่ตะกร้า|เพิ่มลงตะกร้า|ใส่ตะกร้า|ซื้อเลย|ซื้อสินค้า|कार्ट में|अभी खरीदें
    """
)
BUY_LABELS = frozenset(
    _phrase_list(
        """
        add|buy|order|purchase|kaufen|bestellen|hinzufügen|ajouter|commander|añadir|agregar|adicionar|aggiungi|ordina
        kopen|toevoegen|köp|beställ|køb|bestil|kjøp|bestill|osta|tilaa|kup|dodaj|kupuję|přidat|objednat|pridať|objednať
        megrendelem|cumpara|adaugă|поръчай|заказать|замовити|αγορά|προσθήκη|kupi|dodaj v košarico|pirkti|pirkt
        """
    )
)
"""All that a button says by which one buys."""
SOLD_OUT_BUTTONS = _phrase_list(
    """
    sold out|out of stock|notify me|email me when|currently unavailable|join waitlist|join the waitlist|back in stock
    ausverkauft|nicht verfügbar|benachrichtig|épuisé|rupture de stock|m'avertir|me prévenir|agotado|avísame|avisarme
    sin stock|esgotado|avise-me|avisar-me|esaurito|non disponibile|avvisami|uitverkocht|houd me op de hoogte|vyprodáno
    hlídat dostupnost|vypredané|wyprzedan|powiadom|brak w magazynie|elfogyott|értesít|stoc epuizat|anunță-mă|slutsåld
    bevaka|udsolgt|utsolgt|varsle meg|loppuunmyyty|нет в наличии|сообщить о поступлении|уведомить|повідомити|изчерпан
    εξαντλήθηκε|tükendi|gelince haber|אזל|نفذ|売り切れ|在庫切れ|入荷お知らせ|再入荷|售罄|缺货|缺貨|到貨通知|已售完
    補貨中|품절|재입고
    hết hàng|stok habis|สินค้าหมด|rasprodano|razprodano|läbi müüdud|izpārdots|išparduota
    """
)
STOCK_LINES = {
    phrase: state
    for state, phrases in {
        "InStock": """
            in stock|in stock now|available|available now|available online|in stock online|in stock & ready to ship
            in stock and ready to ship|item in stock|product in stock|ready to ship|usually ships within 24 hours
            in stock, ready to ship
            auf lager|sofort lieferbar|lieferbar|sofort verfügbar|vorrätig|ab lager lieferbar|sofort versandfertig
            auf lager, sofort lieferbar|online verfügbar|verfügbar|artikel sofort verfügbar
            en stock|disponible|disponible en ligne|disponible immédiatement|produit en stock|article en stock
            en existencia|hay existencias|hay stock|con stock|en stock online|disponible online
            disponibile|disponibilità immediata|disponibile subito|in magazzino|prodotto disponibile|disponibile online
            em estoque|em stock|disponível|produto disponível|disponível em stock
            op voorraad|direct leverbaar|online op voorraad|uit voorraad leverbaar|leverbaar|voorradig
            i lager|finns i lager|på lager|i lager online|varastossa|heti saatavilla|på lager online
            skladem|je skladem|zboží je skladem|skladom|na sklade|na skladě|na sklade ihneď k odberu
            dostępny|dostępna|na stanie|w magazynie|produkt dostępny|dostępny od ręki
            raktáron|készleten|elérhető|raktáron van|în stoc|in stoc|în stoc furnizor|stoc suficient|disponibil
            в наличии|есть в наличии|есть на складе|на складе|в наявності|є в наявності|є на складі|в наличност|налично
            na zalihi|na zalogi|dostupno|na stanju|laos|laos olemas|ir noliktavā|pieejams|yra sandėlyje|turime
            stokta var|stokta|mevcut|διαθέσιμο|άμεσα διαθέσιμο|σε απόθεμα|במלאי|קיים במלאי|متوفر|متوفر في المخزون|موجود
            在庫あり|在庫あり。|即納|有货|有貨|現貨|现货|有庫存|재고 있음|còn hàng|có hàng|tersedia|มีสินค้า|พร้อมส่ง
            """,
        "OutOfStock": """
            out of stock|currently unavailable|currently out of stock|temporarily out of stock|unavailable|not available
            not in stock|this item is out of stock|this product is out of stock|out of stock online|not available online
            nicht auf lager|nicht verfügbar|derzeit nicht verfügbar|nicht lieferbar|momentan nicht verfügbar
            zurzeit nicht verfügbar|aktuell nicht verfügbar|nicht vorrätig|derzeit nicht lieferbar
            indisponible|rupture de stock|en rupture de stock|actuellement indisponible|non disponible|stock épuisé
            no disponible|sin stock|sin existencias|fuera de stock|no disponible por el momento
            actualmente no disponible
            non disponibile|attualmente non disponibile|prodotto non disponibile|fuori stock
            temporaneamente non disponibile|agotado temporalmente|temporalmente agotado|tilapäisesti loppu
            tillfälligt slutsåld|midlertidigt udsolgt|midlertidig utsolgt|dočasně nedostupné|chwilowo niedostępny
            z.zt. nicht lieferbar|dieser artikel steht derzeit nicht zur verfügung
            indisponível|produto indisponível|sem estoque|sem stock|fora de estoque|niet op voorraad|niet leverbaar
            niet beschikbaar|tijdelijk niet leverbaar|slut i lager|ej i lager|ikke på lager|ei varastossa
            tillfälligt slut
            není skladem|nedostupné|momentálně nedostupné|momentálne nedostupné|nie je na sklade|niedostępny
            brak na stanie
            produkt niedostępny|brak w magazynie|nincs raktáron|nincs készleten|nem elérhető|indisponibil
            nu este în stoc
            lipsă stoc|нет в наличии|нет на складе|товара нет в наличии|временно отсутствует|немає в наявності
            закінчився|закінчилось|закончился|закончились
            няма в наличност|няма наличност|nije dostupno|nema na zalihi|ni na zalogi|otsas|nav pieejams|neturime
            stokta yok|stok yok|mevcut değil|μη διαθέσιμο|εξαντλήθηκε|אזל המלאי|לא במלאי|غير متوفر|نفدت الكمية|ناموجود
            在庫なし|在庫切れ|缺货|缺貨|无货|暫無庫存|補貨中|재고 없음|hết hàng|stok habis|tidak tersedia|สินค้าหมด
            """,
        "SoldOut": """
            sold out|ausverkauft|vergriffen|épuisé|agotado|esaurito|esgotado|uitverkocht|slutsåld|slutsålt|udsolgt
            utsolgt
            loppuunmyyty|vyprodáno|vypredané|wyprzedany|wyprzedane|elfogyott|stoc epuizat|распродано|продано|изчерпан
            tükendi|売り切れ|完売|售罄|已售完|품절|rasprodano|razprodano|läbi müüdud|izpārdots|išparduota
            sold|verkauft|bereits verkauft|vendu|vendido|venduto|verkocht|sprzedane|prekė išparduota
            """,
        "InStoreOnly": """
            in store only|in-store only|available in store only|only available in store|nur in der filiale
            nur in der filiale erhältlich|nur im markt erhältlich|uniquement en magasin|disponible uniquement en magasin
            solo en tienda|solo in negozio|apenas na loja|alleen in de winkel|endast i butik|kun i butik|kun i butikk
            vain myymälästä|tylko w sklepie stacjonarnym|pouze na prodejně|csak üzletben|только в магазине
            """,
        "PreOrder": """
            pre-order|preorder|vorbestellbar|précommande|preventa|prevendita|pré-venda|voorbestellen|przedsprzedaż
            předobjednávka|предзаказ|передзамовлення|ön sipariş|予約受付中|预售|預購|예약판매
            """,
    }.items()
    for phrase in _phrase_list(phrases)
}
"""Lines that say nothing but a state of stock -> its name in schema.org."""
STOCK_LABELS = frozenset(
    _phrase_list(
        """
        availability|stock|stock status|verfügbarkeit|lagerbestand|lagerstatus|lieferstatus|disponibilité|disponibilidad
        disponibilità|disponibilidade|disponibilitate|beschikbaarheid|voorraad|tillgänglighet|lagersaldo|tilgængelighed
        tilgjengelighet|saatavuus|dostępność|dostupnost|dostupnosť|elérhetőség|készlet|raktárkészlet|наличност|наличие
        доступность|наявність|διαθεσιμότητα|stok durumu|stokta|זמינות|حالة المخزون|التوفر|在庫|在庫状態|库存|庫存|재고
        tình trạng|stok|สถานะ
        """
    )
)
"""Before the state of a product's stock."""
ELSEWHERE = _phrases(
    r"""
    \bin[- ]?stores?\b|\bpick[- ]?up|collect|\be-?books?\b|kindle|audiobook|hörbuch|filiale|abhol|\bmarkt\b|magasin
    retrait|\btienda|recogida|negozio|ritir|\bloja|levantamento|retirada|winkel|afhaal|\bbutik|sklep|odbiór|prodejn
    osobní odběr|predajn|üzlet|\bmagazin|магазин|самовывоз|самовивіз|κατάστημα|mağaza
    """
)
"""Of a way of sale that is not by this page."""
LIST_PRICE = _phrases(
    r"""
    \b(?:was|list price|old price|before|instead of|rrp|msrp|statt|uvp|avant|au lieu de|prima|antes|původně|było)\b
    \b(?:en vez de|precio anterior|precio normal|prix conseillé|invece di|prezzo di listino)\b
    \b(?:adviesprijs|bolo|namiesto|zamiast|førpris|ord\.? pris)\b
    \b(?:cena regularna|běžná cena|eredeti ár|preț vechi|vanha hinta|tidigare pris|старая цена|стара ціна|стара цена)\b
    \b(?:bisheriger preis|precio de lista|redna cena|stara cena|ovh|m\.?r\.?p|normalpris|giá (?:gốc|niêm yết))\b
    \b(?:gammalt pris|gammel pris|harga (?:normal|asli)|liste fiyatı|eski fiyat|(?:αρχική|παλιά) τιμή|τιμή καταλόγου)
    原價|原价|市[價价]|定価|希望小売価格|参考価格|소비자가|정가
    """
)

SHOP_WORDS = frozenset(
    _phrase_list(
        """
        buy|online|at|from|by|on|shop|the|best|price|official|store|kaufen|bei|günstig|jetzt|im|bestellen|acheter|chez
        en|ligne|sur|achat|comprar|tienda|acquista|su|da|kopen|bij|koop|köp|hos|køb|kjøp|osta|kup|koupit|купить|в|по
        цене|satın|al|-
        """
    )
)
"""Around a product's name in titles."""
INSTALMENT = _phrases(
    r"""
    \b(?:instal?lments?|monthly|per month|monatlich|(?:monats)?raten?|mensua\w+|cuotas?|parcelas?|\d+ ?x de|rate da)\b
    \b(?:payments? of|interest[- ]free|sans frais|sin inter[eé]s|sem juros|rat[ay]? po|splát\w*|taksit\w*)\b
    \bdelbetal|рассрочк|每期|分期|月々|할부
    """
)
"""Before or after an amount that is paid more than once."""
OTHER_PRICE = _phrases(
    r"""
    \b(?:najniższa cena|lowest price|prix le plus bas|niedrigster preis|precio más bajo|prezzo più basso)\b
    \b(?:laagste prijs|nejnižší cena)\b
    \b(?:members?|club price|points?|pfand|deposit|statiegeld|consigne|pant|transfer(?:encia)?|pix)\b
    \b(?:salary|wages?|gehalt|salaire|salario|salário|stipendio|salaris|wynagrodzenie|зарплата)\b
    \b(?:shipping|delivery|versand|livraison|envío|spedizione|over|from \d+ (?:pcs|pieces)|ab \d+ (?:stk|stück))\b
    \b(?:con tarjeta|autoship|subscribe(?: & save)?)\b
    """
)
"""Right before or after a price that is none of the whole: for members, for carriage, for work, the lowest of late."""
VOUCHER = _phrases(
    r"""
    (?:\w+[- ])?(?:gutschein|voucher|coupon|discount|rabatt|rabat|korting|sconto|remise|réduction|descuento|desconto)
    (?:de )?(?:slev|zľav|zniżk|kedvezmény|reducere|отстъпк|скидк|знижк|έκπτωση|indirim|kazan|alennuk|offerts|off)\b
    クーポン|割引|쿠폰|할인|优惠券|優惠券|خصم
    """,
    start=r"\s?",
)
"""Right after an amount that is taken off whatever is bought."""
DISCOUNT = _phrases(
    r"""
    [-−–]\s?\d{1,2}(?:[.,]\d)?\s?%
    \d{1,2}\s?% (?:off|rabatt|korting|desc|sconto|slev|zľav|remise)
    """
)


def _labels(lines: str) -> frozenset[str]:
    """Labels parted by bars and line ends."""
    return frozenset(filter(None, (label.strip() for line in lines.splitlines() for label in line.split("|"))))


def _numbered(stems: str, endings: str) -> str:
    """Every stem with every ending, as languages that glue words and those that do not have them."""
    return "|".join(f"{stem} {ending}" for stem in stems.split("|") for ending in endings.split("|"))


_NUMBER_ENDINGS = "no|nr|num|number|nummer|numero|code|kod|id"

LABELS = {
    "gtin": _labels(
        _numbered("EAN|GTIN|UPC|ISBN|JAN|EAN 13|GTIN 13", _NUMBER_ENDINGS)
        + """
        |EAN|EAN13|EAN8|GTIN|GTIN8|GTIN12|GTIN13|GTIN14|UPC|UPCA|ISBN|ISBN10|ISBN13|JAN|JANコード|EAN UPC|EAN GTIN
        GTIN EAN|UPC EAN|EAN ISBN|ISBN EAN|EAN kód|Kód EAN|Kod EAN|EAN koodi|Code EAN|Código EAN|Codice EAN|EAN číslo
        EAN-code|JAN/ISBN
        Barcode|Bar code|Strichcode|Barcode Nummer|Code barres|Code à barres|Código de barras|Codice a barre
        Kod kreskowy|Čiarový kód|Čárový kód|Streckkod|Stregkode|Strekkode|Viivakoodi|Vonalkód|Cod de bare|Баркод
        Штрихкод|Штрих-код|Barkod|Triipkood|Svītrkods|Brūkšninis kodas|Črtna koda|Γραμμωτός κώδικας|ברקוד|الباركود
        条形码|條碼|国际条码|國際條碼|バーコード|바코드|Mã vạch|国際標準図書番号
        """
    ),
    "mpn": _labels(
        _numbered(
            "Manufacturer part|Manufacturers part|Mfr part|Mfg part|Mfr|Mfg|Manufacturer|Vendor part|OEM|OEM part|"
            "Manufacturer reference|Manufacturer product|Manufacturer item",
            _NUMBER_ENDINGS,
        )
        + "|"
        + _numbered(
            "Part|Model|Item model|Modell|Herstellerartikel|Hersteller Artikel|Hersteller|Hersteller Teile|"
            "Modelo|Modello|Modèle|Modelli|Fabrikant",
            _NUMBER_ENDINGS,
        )
        + """
        |MPN|P/N|PN|Part #|Mfr. #|MPN SKU|Model|Models|Modell|Item model number|Model name number|Part number (P/N)
        Manufacturer Part Number (MPN)|Artikelnummer des Herstellers|Teilenummer|Modell Artikelnummer|Modellbezeichnung
        Référence fabricant|Référence du fabricant|Référence constructeur|Réf fabricant|Numéro de modèle
        Numéro du modèle|Numéro de modèle de l'article|Numéro de pièce fabricant|Numéro du modèle de l'article
        Codice produttore|Numero modello|Numero di modello|Numero modello articolo|Codice modello|Modello|Modèle|Modelo
        Referencia del fabricante|Referencia fabricante|Número de modelo|Número de pieza|Número de modelo del producto
        Número da peça|Referência do fabricante|Kód výrobce|Kód výrobcu|Číslo modelu|Číslo výrobce|Kod producenta
        Symbol producenta|Numer katalogowy producenta|Gyártói cikkszám|Cikkszám gyártói|Cod producător
        Cod produs producător
        Fabrikantcode|Fabrikant artikelnummer|Typenummer|Modelnummer|Tillverkarens artikelnummer
        Tillverkarens artikelnr|Leverandørens varenummer|Producentens varenummer|Produsentens varenummer
        Valmistajan tuotekoodi|Valmistajan tuotenumero|Mallinumero|Tootja kood|Ražotāja kods|Gamintojo kodas
        Код производителя|Модель|Номер модели|Код модели|Парт-номер|Артикул производителя|Код виробника
        Артикул виробника
        Üretici kodu|Model numarası|Model kodu|Model No|Κωδικός κατασκευαστή|מק"ט יצרן|رقم الموديل|رقم القطعة
        型番|モデル番号|メーカー型番|型号|型號|产品型号|商品型號|모델명|모델번호|품번
        """
    ),
    "sku": _labels(
        _numbered(
            "Item|Product|Prod|Article|Artikel|Art|Style|Catalog|Catalogue|Stock|Produkt|Bestell|Best|Web|Kat|Ref|"
            "Reference|Part SKU|Varu|Vare|Tuote|Katalog|Order|Variant|Material",
            _NUMBER_ENDINGS,
        )
        + """
        |SKU|SKU no|SKU number|SKU code|SKU ID|ASIN|UGS|Item #|Item SKU|Product SKU|Style|Stock code|Stock #|Listing ID
        Style #|Article|Art. #|DPCI|Catalog #|Cat no|Cat. number|Product ref|Product reference|Our reference|Item ref
        Artikel Nr.|Artikelkennung|Artikelnummer|Bestellnummer|Sachnummer|Produkt ID
        Référence|Référence produit|Référence article|Référence interne|Réf|Réf.|Ref|Ref.|Code article|Code produit
        N° article|Numéro d'article|Réf produit|Réf. article|N° de référence
        Referencia|Referência|Código|Código do produto|Código del producto|Código de producto|Código de artículo|Cód
        Cód. do produto|Código interno|Número de referencia|Número de artículo|Número de producto|Código produto
        Cod. ref|Ref.ª|PZN|MINSAN|Minsan|Код на продукта|Код на артикула|کد کالا|کد محصول
        Codice|Codice articolo|Codice prodotto|Cod.|Cod. art.|Cod. articolo|Cod. prodotto|Riferimento|Art. cod.
        Artikelcode|Productcode|Productnummer|Bestelnummer|Referentie|Artikelnr
        Kód|Kód produktu|Kód zboží|Kód tovaru|Objednací kód|Číslo produktu|Číslo zboží|Katalogové číslo|Kat. číslo
        Kod|Kod produktu|Kod towaru|Nr katalogowy|Numer katalogowy|Symbol|Indeks|Numer artykułu|Nr artykułu|Nr produktu
        Cikkszám|Termékkód|Termék kód|Cod produs|Cod articol|Cod|Código SKU|Šifra|Šifra artikla|Šifra izdelka
        Šifra proizvoda
        Artikkelinumero|Artikelnr.|Varenr|Varenummer|Tuotenumero|Tuotekoodi|Tootekood|Preces kods|Prekės kodas|Kods
        Kodas
        Артикул|Артикул товара|Код товара|Код|Код продукта|Код товару|Артикул товару|Каталожный номер|Каталожен номер
        Кат. номер|Шифра|Номер артикула|Арт|Арт. №
        Ürün kodu|Stok kodu|Ürün No|Κωδικός|Κωδικός προϊόντος|Κωδ|מק"ט|מקט|رمز المنتج|رقم المنتج|كود المنتج
        商品番号|品番|商品コード|商品管理番号|商品编号|商品編號|货号|貨號|产品编号|產品編號|상품번호|상품코드|제품코드
        Mã sản phẩm|Mã SP
        Mã hàng|Kode produk|Kode barang|รหัสสินค้า
        """
    ),
    "brand": _labels(
        """
        Varemærke|Thương hiệu sản phẩm|Brand|Brand name|Brands|Designer|Marke|Markenname|Marque|Marca|Merk|Märke
        Varumärke|Mærke|Merke|Merkki|Brändi|Tuotemerkki|Marka|Značka|Márka|Brand-ul|Zīmols|Bränd|Kaubamärk
        Prekės ženklas|Brend|Blagovna znamka|Robna marka|Бренд|Марка|Торговая марка|Торгова марка|Μάρκα|מותג
        العلامة التجارية|الماركة|ブランド|ブランド名|品牌|品牌名稱|브랜드|Thương hiệu|Merek|ยี่ห้อ|แบรนด์|ब्रांड
        """
    ),
    "maker": _labels(
        """
        Manufactured by|Made by|Domaine viticole|Hãng|Manufacturer|Maker|Publisher|Producer
        Hersteller|Verlag|Fabricant|Éditeur|Editeur|Fabricante|Editorial|Editora|Produttore|Editore|Casa editrice
        Fabrikant|Uitgever|Tillverkare|Förlag|Producent|Produsent|Valmistaja|Wydawnictwo|Wydawca|Výrobce|Výrobca
        Nakladatel|Nakladatelství|Vydavateľstvo|Gyártó|Kiadó|Producător|Producator|Ražotājs|Tootja|Gamintojas
        Proizvođač|Proizvajalec|Производитель|Издательство|Виробник|Производител|Κατασκευαστής|Εκδότης|Üretici|יצרן
        メーカー|厂商|制造商|제조사|Hãng sản xuất|Nhà sản xuất
        """
    ),
    "color": _labels(
        """
        Color|Colour|Farbe|Couleur|Coloris|Colore|Cor|Kleur|Färg|Farve|Farge|Väri|Kolor|Barva|Farba|Szín|Culoare|Цвет
        Колір|Цвят|Värv|Krāsa|Spalva|Boja|Χρώμα|Renk|צבע|اللون|カラー|色|颜色|顏色|색상|Màu sắc|Warna|สี
        """
    ),
    "size": _labels(
        """
        Size|Größe|Taille|Talla|Taglia|Tamanho|Maat|Storlek|Størrelse|Koko|Rozmiar|Velikost|Veľkosť|Méret|Mărime|Размер
        Розмір|Suurus|Izmērs|Dydis|Veličina|Μέγεθος|Beden|מידה|المقاس|サイズ|尺码|尺寸|사이즈|Kích thước|Ukuran
        """
    ),
    "condition": _labels(
        """
        Condition|Item condition|Zustand|Artikelzustand|État|Etat|Estado|Condición|Condizione|Condizioni|Staat|Conditie
        Skick|Stand|Tilstand|Kunto|Stan|Stav|Állapot|Stare|Состояние|Стан|Состояние товара|商品の状態|状态|상품 상태
        """
    ),
}
"""Field -> what its label may be, whatever its case, blanks and punctuation; a maker is the brand if none is named."""
