"""What pages say in the languages of their readers, as patterns; one line an idea or a language."""

import re


def any_of(lines: str) -> str:
    """The alternatives of a pattern, written on lines of their own."""
    return "|".join(line.strip() for line in lines.strip().splitlines())


def _phrases(lines: str, *, start: str = "") -> re.Pattern[str]:
    return re.compile(f"{start}(?:{any_of(lines)})", re.I)


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
PARKED = _phrases(
    r"""
    domain (?:name )?(?:is |may be )?(?:for sale|parked|available for purchase)
    buy this domain|this domain has expired|domain steht zum verkauf|ce domaine est à vendre
    """
)
GONE = _phrases(
    r"""
    ^404\b|(?:error|erreur|fehler|http) *404|404 *(?:error\b|[-–|:])
    not found|page (?:cannot|could not|can't) be found|page (?:does not|doesn't|no longer) exists?
    product (?:is )?no longer available
    nicht gefunden|introuvable|page non trouvée|n'existe (?:pas|plus)
    no encontrad[ao]|non trovat[ao]|não encontrad[ao]|niet gevonden|nie znaleziono|nenalezen
    hittades inte|ikke fundet|ikke funnet|ei löytynyt|bulunamadı|не найден
    見つかりません|找不到|찾을 수 없
    """
)
NEEDS_SCRIPT = _phrases(
    r"""
    (?:enable|activate|turn on|requires?|need|without) javascript
    javascript (?:is |to be )?(?:enabled|disabled|required|not enabled|aktivieren)
    activez? (?:le )?javascript|habilit[ea] javascript
    """
)
BUY = _phrases(
    r"""
    add to (?:\w+ )?(?:cart|bag|basket|trolley)|buy (?:it )?now
    in den (?:\w+ )?(?:warenkorb|einkaufswagen)|jetzt kaufen
    ajouter (?:au|à mon) panier|acheter
    añadir (?:al carrito|a la (?:cesta|bolsa))|agregar al carrito|comprar|adicionar ao carrinho
    aggiungi al carrello|acquista|in winkelwagen
    do košík[ua]|vložit|kúpiť|koupit|do koszyka|kup teraz|kosárba
    lägg i (?:varukorg|kundvagn)|köp|læg i kurv|legg i (?:handlekurv|kurv)|lisää ostoskoriin
    korvi\b|pievienot grozam|ielikt grozā|į krepšelį|sepete ekle
    в корзину|купить|カートに入れる|加入购物车|加入購物車|立即購買|立即购买|장바구니|أضف إلى
    """
)
LIST_PRICE = _phrases(
    r"""
    \b(?:was|list price|old price|before|rrp|msrp|statt|uvp|avant|prima|antes|původně|było)\b
    原價|原价|定価
    """
)

LABELS = {
    "gtin": any_of(
        r"""
        EAN(?:[ -]?(?:13|8|code|kód|kod))*|GTIN(?:[ -]?(?:8|12|13|14))?|ISBN(?:[ -]?1[03])?|UPC|JAN(?:コード)?
        Barcode|Strichcode|Code[- ]barres|Código de barras|Codice a barre|Kod kreskowy|Čiarový kód|Čárový kód
        Streckkod|条形码
        """
    ),
    "mpn": any_of(
        r"""
        MPN|P/?N|Part ?(?:number|no\.?)(?: \(P/N\))?|Mfr\.? (?:part )?(?:no\.?|number|#)
        Manufacturer(?:'s)? (?:part |reference |product )?(?:number|code|no\.?|#)
        (?:Item )?Model (?:number|no\.?|code)
        Herstellernummer|Hersteller-?(?:Artikel)?-?(?:Nr\.?|nummer)|Artikelnummer des Herstellers
        Modellnummer|Modell-?/?Artikelnummer
        Référence (?:du )?(?:fabricant|constructeur)|Numéro (?:de|du) modèle(?: de l'article)?
        Codice produttore|Numero (?:di )?modello(?: articolo)?
        Referencia del fabricante|Número de modelo|Kód výrobc[eu]|Kod producenta|Symbol producenta|型番
        """
    ),
    "sku": any_of(
        r"""
        SKU|ASIN|Item (?:no\.?|number|code|#)|Product (?:code|no\.?|number|ID)|Catalog(?:ue)? (?:no\.?|number)
        Style(?: no\.?| #| code| number)?|Art(?:icle|ikel|\.)?[ .-]*(?:nummer|number|no\.?|nr\.?|num\.?|#)
        Best(?:ell)?[-.]?(?:nr|nummer)\.?
        Référence(?: produit)?|Réf\.?|Ref\.?|Referencia|Referência
        Codice(?: articolo| prodotto)?|Cod\.?(?: art\.?| prod(?:otto)?\.?)?|Código(?: do produto| del producto)?
        Kód(?: produktu| zboží| tovaru)?|Objednací kód|Kod(?: produktu| towaru)?|Nr\.? katalogowy|Symbol
        Preces kods|Tootekood|Tuotenumero|Varen(?:ummer|r\.?)|Artikul|Артикул|Код товара|Ürün kodu
        商品番号|品番|商品编号
        """
    ),
    "brand": any_of(
        r"""
        Brand(?: name)?|Manufacturer|Marke|Hersteller|Marque|Fabricant|Marca|Fabricante|Produttore|Merk
        Märke|Mærke|Merke|Merkki|Marka|Producent|Značka|Výrobce|Výrobca|Gyártó|Zīmols|Ražotājs|Bränd|Tootja
        Производитель|Бренд|メーカー|ブランド|品牌
        """
    ),
}
"""Field -> what its label may be."""
