"""Raw text -> clean text, identifiers, schema.org words, ratings, counts, dates."""

import html
import re
import unicodedata
from datetime import date
from decimal import Decimal

_MARKUP_FACTOR = 8
"""Raw characters looked at for each character wanted: markup and entities take room."""
_MOST_PHRASE = 200
_MOST_CODE = 80
_MOST_NUMBER = 10**30
_MOST_RATING = 100
_MOST_COUNT = 10**9

_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs"))
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_LINE_TAG = re.compile(r"</?(?:p|div|br|li|[uod]l|d[td]|h[1-6]|table|t[rdh]|section|hr)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!doctype[^<>]*>", re.I)
_ENDLESS_REFERENCE = re.compile(r"&#x?[0-9a-f]{20,}", re.I)
"""Too long for `int`, which `html.unescape` would hand it to."""


def clean_text(text: object, *, limit: int = 1_000) -> str | None:
    """Plain text of at most `limit` characters: no tags, entities, invisible characters or runs of whitespace.

    Numbers become text; anything else that is not text is None, as is text without a visible character.

    >>> clean_text("  Caf&amp;eacute; <b>Table</b>  &lt;br&gt;No. 5 ")
    'Café Table No. 5'
    """
    if isinstance(text, str):
        raw = text[: _MARKUP_FACTOR * limit]
    elif isinstance(text, int | float) and not isinstance(text, bool) and abs(text) < _MOST_NUMBER:
        raw = f"{text:.15g}" if isinstance(text, float) else str(text)
    else:
        return None
    plain = _without_tags(_unescaped(_without_tags(_unescaped(_without_tags(raw)))))
    visible = "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join(visible.split())[:limit].rstrip() or None


def _without_tags(text: str) -> str:
    return _TAG.sub("", _LINE_TAG.sub(" ", _UNSEEN.sub(" ", text))) if "<" in text else text


def _unescaped(text: str) -> str:
    return html.unescape(_ENDLESS_REFERENCE.sub(" ", text)) if "&" in text else text


_GTIN_LABEL = re.compile(
    r"(?:\W*(?:urn|gtin|ean|upc|isbn|jan|barcode|code|number|no)(?:[-\s]?(?:8|1[0234])(?!\d))?(?:-?[ae]\b)?)*\W*", re.I
)


def parse_gtin(text: object) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits whose check digit is right; an ISBN-10 becomes its ISBN-13.

    >>> parse_gtin("EAN: 4006381333931"), parse_gtin("ISBN 0-306-40615-2"), parse_gtin("4006381333932")
    ('4006381333931', '9780306406157', None)
    """
    shown = clean_text(text, limit=_MOST_PHRASE) or ""
    digits = re.sub(r"[\s\-–.]", "", _GTIN_LABEL.sub("", shown, count=1)).upper()
    if not re.fullmatch(r"[0-9]{8,14}|[0-9]{9}X", digits) or len(set(digits)) == 1:
        return None
    if len(digits) == 10:
        return _isbn13(digits)
    return digits if len(digits) in (8, 12, 13, 14) and _check_digit(digits[:-1]) == digits[-1] else None


def _check_digit(body: str) -> str:
    """The GS1 check digit: weights 3 and 1 in turn, from the right."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _isbn13(isbn10: str) -> str | None:
    total = sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(isbn10))
    body = "978" + isbn10[:-1]
    return None if total % 11 else body + _check_digit(body)


def _folded(text: str) -> str:
    """Without case and accents, which headlines and hasty shops leave out."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _phrases(lines: str) -> re.Pattern[str]:
    """Any of the patterns, which `|` and line ends separate."""
    return re.compile(_folded("|".join(line.strip() for line in lines.strip().splitlines())))


_AVAILABILITY_TOKENS = {
    "backorder": "BackOrder",
    "onbackorder": "BackOrder",
    "backordered": "BackOrder",
    "availablefororder": "BackOrder",
    "discontinued": "Discontinued",
    "instock": "InStock",
    "available": "InStock",
    "instoreonly": "InStoreOnly",
    "limitedavailability": "LimitedAvailability",
    "limitedstock": "LimitedAvailability",
    "limited": "LimitedAvailability",
    "lowstock": "LimitedAvailability",
    "madetoorder": "MadeToOrder",
    "onlineonly": "OnlineOnly",
    "outofstock": "OutOfStock",
    "oos": "OutOfStock",
    "notinstock": "OutOfStock",
    "notavailable": "OutOfStock",
    "unavailable": "OutOfStock",
    "preorder": "PreOrder",
    "onpreorder": "PreOrder",
    "presale": "PreSale",
    "reserved": "Reserved",
    "soldout": "SoldOut",
}

# Tried in this order: what says no stands before the words that it denies.
_AVAILABILITY_PHRASES = {
    "Discontinued": _phrases(
        r"""
        discontinued|no longer (?:available|in stock|sold|stocked)
        nicht mehr (?:\w+ )?(?:lieferbar|verfügbar|erhältlich|im sortiment)|n'est plus (?:disponible|commercialisé)
        plus commercialisé|descatalogado|ya no (?:está )?disponible|descontinuado|fuori produzione
        non più disponibile|niet meer (?:leverbaar|verkrijgbaar)|utgått|udgået|poistunut|wycofan[yea]|ukončen
        снят[оа]? с (?:производства|продажи)|знят[оа]? з виробництва|販売終了|停产|停產|下架|단종
        """
    ),
    "SoldOut": _phrases(
        r"""
        sold out|ausverkauft|vergriffen|épuisé|agotad[oa]|esaurit[oa]|esgotad[oa]|uitverkocht|slutsåld|udsolgt
        utsolgt|loppuunmyyty|wyprzedan[yea]|vyprodán|vypredan|elfogyott|stoc epuizat|изчерпан|распродан|розпродан
        εξαντλ|tükendi|نفد|نفذ|אזל|売り切れ|売切|完売|品切れ|售罄|售完|품절|hết hàng|habis|สินค้าหมด|หมดสต็อก
        หมดชั่วคราว|rasprodan|razprodan|välja müüdud|izpārdot|išparduot
        """
    ),
    "OutOfStock": _phrases(
        r"""
        \bnot (?:\w+ ){0,3}(?:available|in stock)|unavailable|out of stock|\boos\b
        (?<!\d)0 (?:in stock|available|left)|(?:notify|e-?mail) me|back in stock
        nicht (?:\w+ ){0,2}(?:verfügbar|lieferbar|vorrätig|auf lager|erhältlich|bestellbar)
        (?:\bpas|\bnon) (?:\w+ ){0,2}(?:disponible|en stock)|plus en stock|indisponible|rupture
        \bno (?:\w+ ){0,2}(?:disponible|hay (?:stock|existencias))|sin (?:stock|existencias)|fuera de stock
        non (?:\w+ ){0,2}disponibil|\bindisponivel|não disponível|(?:sem|fora de) (?:estoque|stock)
        niet (?:\w+ ){0,2}(?:leverbaar|beschikbaar|op voorraad)|(?:ej|inte|slut) i lager|tillfälligt slut
        ikke (?:\w+ ){0,2}(?:på lager|tilgængelig|tilgjengelig)|ei (?:ole )?(?:varastossa|saatavilla|saadaval)
        niedostępn|brak (?:w magazynie|towaru|na stanie)|není (?:\w+ )?sklad|nedostupn|nie je (?:na sklade|skladom)
        nincs (?:raktáron|készleten)|nem (?:elérhető|rendelhető)|indisponibil|nu este (?:disponibil|în stoc)
        lipsă stoc|няма (?:в )?наличност|не е налич|нет (?:в наличии|на складе)|недоступ|отсутству|закончил
        немає (?:в|у) наявності|відсутн|закінчи|(?:μη|δεν είναι) διαθέσιμ|χωρίς απόθεμα|stokta (?:yok|bulunm)
        stok yok|mevcut değil|temin edilem|غير (?:متوفر|متاح)|לא (?:במלאי|זמין)|חסר במלאי|ناموجود|موجود نیست
        在庫(?:なし|無し|切れ|がありません)|入荷待ち|缺货|缺貨|无货|無貨|[无無][库庫]存|재고\s?없음|không có sẵn
        tidak tersedia|ไม่มีสินค้า|स्टॉक में नहीं|उपलब्ध नहीं|nije (?:dostup|na zalihi)|nema na
        ni (?:na zalogi|na voljo)|otsas|nav (?:noliktavā|pieejam)|nėra (?:sandėlyje|prekyboje)|neturime
        """
    ),
    "PreOrder": _phrases(
        r"""
        pre-?\s?order|vorbestell|précommande|preventa|prevendita|preordin|pré-venda|pre-venda|voorbestel|förbeställ
        forudbestil|forhåndsbestill|ennakkotil|przedsprzedaż|předobjedn|predobjedn|előrendel|precomand|предзаказ
        предварителна поръчка|передзамовл|προπαραγγελ|ön sipariş|طلب مسبق|הזמנה מוקדמת|予約|预售|預購|預售|예약
        đặt trước
        """
    ),
    "MadeToOrder": _phrases(r"made to order|auf maß gefertigt|受注生産"),
    "BackOrder": _phrases(
        r"""
        back-?\s?order|available (?:for|to) order|auf bestellung|nachbestellt|sur commande|bajo pedido|por encargo
        su ordinazione|sob encomenda|op bestelling|beställningsvara|bestillingsvare|na zamówienie|na objednávku
        rendelésre|la comandă|под заказ|по поръчка|під замовлення|κατόπιν παραγγελίας|取り寄せ|sipariş üzerine
        """
    ),
    "LimitedAvailability": _phrases(
        r"""
        only \d+ left|limited (?:availability|stock)|low (?:in )?stock|few left|last (?:one|items|pieces)
        nur noch \d+|nur noch wenige|plus que \d+|derni[eè]r(?:e?s)? (?:pièces|articles)|[uú]ltimas unidades
        quedan? \d+|ultimi pezzi|nog (?:maar )?\d+ op voorraad|laatste stuks|ostatnie sztuki|poslední kus
        残り(?:わずか|\d+)|[仅僅]剩
        """
    ),
    "InStoreOnly": _phrases(
        r"""
        in[- ]stores? only|only in stores?|nur (?:im markt|in der filiale)|uniquement en magasin
        """
    ),
    "OnlineOnly": _phrases(r"online only|only online|nur online|exclusivité web|uniquement en ligne|solo online"),
    "InStock": _phrases(
        r"""
        \bin stock|\bavailable|auf lager|lieferbar|verfügbar|vorrätig|en stock|disponible|disponibil|hay existencias
        em (?:estoque|stock)|disponível|op voorraad|leverbaar|beschikbaar|\bi lager|på lager|tillgänglig|tilgængelig
        tilgjengelig|varastossa|saatavilla|dostępn|w magazynie|na stanie|skladem|skladom|na sklade|dostupn|raktáron
        készleten|elérhető|în stoc|наличн|налич[еи]н|в наличии|на складе|в наявності|є на складі|σε απόθεμα|διαθέσιμ
        stokta|mevcut|متوفر|متاح|במלאי|זמין|موجود|在庫(?:あり|有)|即納|[有现現][货貨]|재고\s?있음|구매 가능|còn hàng
        có sẵn|tersedia|มีสินค้า|พร้อมส่ง|स्टॉक में|उपलब्ध|na zalihi|na zalogi|na voljo|\blaos\b|saadaval|noliktavā
        pieejam|sandėlyje|\bturime
        """
    ),
}


def parse_availability(text: object) -> str | None:
    """Short name of a schema.org ItemAvailability, from its URL, a feed's token or a stock phrase.

    >>> parse_availability("https://schema.org/InStock"), parse_availability("Momentan nicht lieferbar")
    ('InStock', 'OutOfStock')
    """
    return _named(text, _AVAILABILITY_TOKENS, _AVAILABILITY_PHRASES)


_CONDITION_TOKENS = {
    "newcondition": "NewCondition",
    "usedcondition": "UsedCondition",
    "refurbishedcondition": "RefurbishedCondition",
    "damagedcondition": "DamagedCondition",
}

_CONDITION_PHRASES = {
    "RefurbishedCondition": _phrases(
        r"""
        refurb|renewed|reconditioned|generalüberholt|reconditionné|remis à neuf|reacondicionado|ricondizionat
        recondicionado|gereviseerd|renoverad|odnowion|repasovan|felújított|восстановлен|відновлен|整備済|翻新|리퍼
        """
    ),
    "DamagedCondition": _phrases(
        r"""
        \bdamaged|for parts|defective|beschädigt|\bdefekt|endommagé|dañado|danneggiat|danificado|beschadigd|ジャンク
        """
    ),
    "UsedCondition": _phrases(
        r"""
        \bused\b|second[- ]?hand|pre-?\s?owned|like new|gebraucht|wie neu|occasion|comme neuf|usad[oa]|usat[oa]
        de segunda mano|seminov[oa]|tweedehands|gebruikt|begagnad|\bbrugt|\bbrukt|käytetty|używan|použit|bazar
        használt|folosit|\bб/?у\b|подержан|вживан|μεταχειρισμέν|ikinci el|مستعمل|中古|二手|중고
        """
    ),
    "NewCondition": _phrases(
        r"""
        \bnew\b|\bneu(?:ware|e[rs]?)?\b|\bneu(?:f|ve)\b|\bnuev[oa]\b|\bnuov[oa]\b|\bnov[oaýáé]\b|\bnieuw\b
        \bny(?:tt?)?\b|\buusi\b|\bnow[yea]\b|\búj\b|\bnou[aă]?\b|\bнов(?:ый|ая|ое)\b|\bнов(?:ий|а|е)\b|\bκαινούρι
        \bsıfır\b|جديد|חדש|新品|全新|새\s?상품|새\s?제품
        """
    ),
}


def parse_condition(text: object) -> str | None:
    """Short name of a schema.org OfferItemCondition, from its URL, a feed's token or a word for it.

    >>> parse_condition("schema:UsedCondition"), parse_condition("Generalüberholt")
    ('UsedCondition', 'RefurbishedCondition')
    """
    return _named(text, _CONDITION_TOKENS, _CONDITION_PHRASES)


def _named(text: object, tokens: dict[str, str], phrases: dict[str, re.Pattern[str]]) -> str | None:
    shown = _folded(clean_text(text, limit=_MOST_PHRASE) or "")
    token = re.sub(r"[\W_]", "", re.split(r"[/#:]", shown.rstrip("/# "))[-1])
    if token in tokens:
        return tokens[token]
    words = shown.replace("_", " ")
    return next((name for name, pattern in phrases.items() if pattern.search(words)), None)


_BEST_FIRST = re.compile(r"\d+\s?(?:つ星のうち|점 만점에|星中)|(?:满分|滿分)\s?\d+\s?分?")
_RATING = re.compile(r"(?<![\d.,])(?<!-)(\d{1,3})(?:[.,](\d{1,10}))?(?![.,]?\d)")


def parse_rating(text: object) -> Decimal | None:
    """The first number as a rating, on whatever scale; None for 0, which means that nobody rated.

    >>> parse_rating("4,5 von 5 Sternen"), parse_rating("90%")
    (Decimal('4.5'), Decimal('90'))
    """
    shown = _BEST_FIRST.sub("", _western_digits(text))
    if not (number := _RATING.search(shown)):
        return None
    rating = Decimal(f"{number[1]}.{number[2]}" if number[2] else number[1])
    return rating if 0 < rating <= _MOST_RATING else None


_COUNT = re.compile(
    r"(?<![\d.,])(?<!-)(\d{1,3}(?:([.,' ’])\d{3})(?:\2\d{3})*|\d{1,10})(?:\.0)?(?![.,]?\d)(?!\s?[%٪k万]|\s?mil\b)", re.I
)


_SCORE = re.compile(r"\d[.,]?\d*\s?(?:/|out of|von|sur|su|de|van|av|из|z)\s?(?:5|10|100)\b", re.I)


def parse_count(text: object) -> int | None:
    """The first whole number beside a score, its thousands grouped or not: how many ratings or reviews there are.

    >>> parse_count("1.234 Bewertungen"), parse_count("4.5 out of 5 (56)"), parse_count(12.0)
    (1234, 56, 12)
    """
    if not (number := _COUNT.search(_SCORE.sub(" ", _western_digits(text)))):
        return None
    count = int(re.sub(r"\D", "", number[1]))
    return count if count <= _MOST_COUNT else None


def _western_digits(text: object) -> str:
    shown = clean_text(text, limit=_MOST_PHRASE) or ""
    return "".join(str(unicodedata.decimal(c, c)) for c in shown).replace("٫", ".").replace("٬", ",")


def parse_date(text: object) -> str | None:
    """The ISO 8601 date of an ISO date or date and time, as written, whatever its time zone.

    >>> parse_date("2030-12-31T23:59:59+01:00"), parse_date("31.12.2030")
    ('2030-12-31', None)
    """
    parts = re.match(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?![0-9])", clean_text(text, limit=_MOST_PHRASE) or "")
    try:
        return date(*map(int, parts.groups())).isoformat() if parts else None
    except ValueError:
        return None


_CODE_LABEL = re.compile(
    r"\A(?:sku|mpn|model(?:l|o|ll)?|modèle|модель|item|product|produkt|part|art|artikel|article|artículo|articolo|ref|référence"
    r"|referencia|reference|riferimento|код|артикул|kod|código|codice|型番|货号|品番)"
    r"(?:[.\s-]*(?:no|nr|number|nummer|num|code|id|sku|mpn|товара))*[.\s]*(?:[:：#№=]+|(?<=no\.)|(?<=nr\.))\s*",
    re.I,
)
_PLACEHOLDER = re.compile(
    r"[\W_0]*|n\W?a\W?|nan|null|nil|none|undefined|unknown|tbd|does not apply|not (?:available|applicable|specified)",
    re.I,
)


def parse_sku(text: object) -> str | None:
    """A seller's or maker's code without its label; None for placeholders and for what is too long to be a code.

    >>> parse_sku("SKU: AB-12/3"), parse_sku("N/A")
    ('AB-12/3', None)
    """
    code = _CODE_LABEL.sub("", clean_text(text, limit=_MOST_PHRASE) or "", count=1)
    return None if len(code) > _MOST_CODE or _PLACEHOLDER.fullmatch(code) else code


def parse_mpn(text: object) -> str | None:
    """A maker's part number; see `parse_sku`."""
    return parse_sku(text)
