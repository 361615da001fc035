"""Raw text -> clean text, identifiers, schema.org words, ratings, counts, dates."""

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeGuard

_MARKUP_FACTOR = 8
"""Raw characters looked at for each character wanted: markup and entities take room."""
_MOST_PHRASE = 200
_MOST_CODE = 80
_MOST_NUMBER = 10**30
_MOST_RATING = 100
_MOST_COUNT = 10**9

_INVISIBLE = frozenset(("Cc", "Cf", "Co", "Cs"))
_JOINED_SCRIPTS = r"[\u0600-\u07bf\u0860-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
_JOINERS = re.compile(rf"(?<={_JOINED_SCRIPTS})[\u200c\u200d](?={_JOINED_SCRIPTS})")
"""Part of the spelling where letters change shape with their neighbours: Arabic, Indic and their kin."""
_UNSEEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_LINE_TAG = re.compile(r"</?(?:p|div|br|li|[uod]l|d[td]|h[1-6]|table|t[rdh]|section|hr)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!doctype[^<>]*>", re.I)
_ENDLESS_REFERENCE = re.compile(r"&#x?[0-9a-f]{20,}", re.I)
"""Too long for `int`, which `html.unescape` would hand it to."""


def clean_text(text: object, *, limit: int = 1_000) -> str | None:
    """Plain text of at most `limit` characters: no tags, entities, invisible characters or runs of whitespace.

    Numbers become text; anything else that is not text is None, as is text without a visible character. Joiners stay
    where Persian or Hindi spells with them.

    >>> clean_text("  Caf&amp;eacute; <b>Table</b>  &lt;br&gt;No. 5 ")
    'Café Table No. 5'
    """
    if isinstance(text, str):
        raw = text[: _MARKUP_FACTOR * limit]
    elif _is_number(text) and -_MOST_NUMBER < text < _MOST_NUMBER:
        raw = str(text) if isinstance(text, int) else f"{text:.15g}"
    else:
        return None
    plain = _without_tags(_unescaped(_without_tags(_unescaped(_without_tags(raw)))))
    return " ".join(_visible(plain).split())[:limit].rstrip() or None


def _is_number(value: object) -> TypeGuard[int | float | Decimal]:
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _visible(text: str) -> str:
    if " ".join(text.split()).isprintable():
        return text
    kept = {joiner.start() for joiner in _JOINERS.finditer(text)}
    return "".join(
        character
        for place, character in enumerate(text)
        if character.isspace() or place in kept or unicodedata.category(character) not in _INVISIBLE
    )


def _without_tags(text: str) -> str:
    return _TAG.sub("", _LINE_TAG.sub(" ", _UNSEEN.sub(" ", text))) if "<" in text else text


def _unescaped(text: str) -> str:
    return html.unescape(_ENDLESS_REFERENCE.sub(" ", text)) if "&" in text else text


_GTIN_NAME = r"(?:gtin|ean|upc|isbn|jan|barcode)(?:[-\s]?(?:8|1[0234])(?!\d))?(?:-?[ae]\b)?"
_GTIN_LABEL = re.compile(rf"(?:\W*(?:urn|code|number|no|{_GTIN_NAME}))*\W*", re.I)
_LABELLED_GTIN = re.compile(
    rf"(?<![^\W_]){_GTIN_NAME}(?:[-\s]?(?:code|number|no))?[.\s]{{0,2}}[:#=]?\s{{0,2}}(\d[\d\s–-]{{6,24}}[\dx])(?!\w)",
    re.I,
)
_WHOLE_AS_FLOAT = re.compile(r"\d{8,14}\.0{1,2}", re.ASCII)
_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9X]", re.I)
_IN_ORDER = "01234567890123456789"
_FEWEST_DIGITS = 6
"""That a number with zeros before it has, if it is more than a shop's own count."""


def parse_gtin(text: object) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits whose check digit is right; an ISBN-10 becomes its ISBN-13.

    Of a list the first counts; in other text only what is called a GTIN, EAN, UPC or ISBN. A UPC-E, where so called,
    is written in full, and a number of 11 digits gets back the zero that JSON took. Repeated or counted-up digits are
    fillers, whatever their check digit.

    >>> parse_gtin("EAN: 4006381333931"), parse_gtin("ISBN 0-306-40615-2"), parse_gtin("4006381333932")
    ('4006381333931', '9780306406157', None)
    """
    shown = clean_text(text, limit=_MOST_PHRASE) or ""
    if _is_number(text) and len(shown) == len("36000291452"):
        shown = f"0{shown}"
    parts = [*re.split(r"[,;|/]", shown), *_LABELLED_GTIN.findall(shown)]
    found = next((gtin for part in parts if (gtin := _gtin(part.strip()))), None)
    return found or (_upc_in_full(shown) if re.search(r"\bupc", shown, re.I) else None)


def _gtin(shown: str) -> str | None:
    code = _GTIN_LABEL.sub("", shown, count=1)
    if _ISSN.fullmatch(code):
        return None
    code = code.partition(".")[0] if _WHOLE_AS_FLOAT.fullmatch(code) else code
    digits = re.sub(r"[\s\-–.]", "", code).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        digits = _isbn13(digits) or ""
    is_complete = re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits) and _check_digit(digits[:-1]) == digits[-1]
    return digits if is_complete and not _is_filler(digits[:-1]) else None


def _is_filler(body: str) -> bool:
    """Whether digits were typed for want of a number: repeated, counted up or down, hardly more than zeros."""
    counted = body in _IN_ORDER or body[::-1] in _IN_ORDER
    return counted or len(set(body)) == 1 or len(body.lstrip("0")) < _FEWEST_DIGITS


def _upc_in_full(shown: str) -> str | None:
    """The UPC-A that a UPC-E of 8 digits stands for (GS1 General Specifications, section 7.10)."""
    code = re.sub(r"[\s-]", "", _GTIN_LABEL.sub("", shown, count=1))
    if not re.fullmatch(r"[01][0-9]{7}", code):
        return None
    system, maker, last, check = code[0], code[1:6], code[6], code[7]
    zeros = {"3": 3, "4": 4}.get(last)
    if last in "012":
        body = f"{maker[:2]}{last}0000{maker[2:]}"
    elif zeros:
        body = f"{maker[:zeros]}00000{maker[zeros:]}"
    else:
        body = f"{maker}0000{last}"
    return _gtin(f"{system}{body}{check}")


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
    return "".join(c for c in decomposed if c not in "\u200c\u200d" and not unicodedata.combining(c))


@dataclass(frozen=True)
class _Phrases:
    """Phrases by their patterns, `|` and line ends between them. What is ASCII is not looked for in other scripts.

    They are compiled when first needed, which many runs never do: their pages say it in tokens.
    """

    lines: str

    @cached_property
    def every(self) -> re.Pattern[str]:
        return re.compile("|".join(self._patterns()))

    @cached_property
    def ascii(self) -> re.Pattern[str]:
        return re.compile("|".join(pattern for pattern in self._patterns() if pattern.isascii()))

    def _patterns(self) -> list[str]:
        parts = (pattern for line in self.lines.strip().splitlines() for pattern in _alternatives(line.strip()))
        return [_folded(pattern) for pattern in parts]

    def occur_in(self, words: str) -> bool:
        return bool((self.ascii if words.isascii() else self.every).search(words))


def _alternatives(pattern: str) -> Iterator[str]:
    """The parts between those `|` that stand in no group."""
    start = depth = 0
    for place, character in enumerate(pattern):
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            yield pattern[start:place]
            start = place + 1
    yield pattern[start:]


_AVAILABILITY_TOKENS = {
    "backorder": "BackOrder",
    "onbackorder": "BackOrder",
    "backordered": "BackOrder",
    "availablefororder": "BackOrder",
    "discontinued": "Discontinued",
    "instock": "InStock",
    "available": "InStock",
    "notsold": "InStock",
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
    "Discontinued": _Phrases(
        r"""
        discontinued|no longer (?:available|in stock|sold|stocked)
        nicht mehr (?:\w+ )?(?:lieferbar|verfügbar|erhältlich|im sortiment)|n'est plus (?:disponible|commercialisé)
        plus commercialisé|descatalogado|ya no (?:está )?disponible|descontinuado|fuori produzione
        non più disponibile|niet meer (?:leverbaar|verkrijgbaar)|utgått|udgået|poistunut|wycofan[yea]|ukončen
        снят[оа]? с (?:производства|продажи)|знят[оа]? з виробництва|販売終了|停产|停產|下架|단종
        (?:produit|article) arrêté|megszűnt|(?:produs|articol) retras|спрян от производство|καταργήθηκε|üretimi durdu
        توقف (?:إنتاج|تولید)|הופסק|ngừng kinh doanh|tidak diproduksi|เลิกผลิต|बंद हो गया|\bukinut|ukinjen
        повучено из продаје|tootmine lõpeta|ražošana pārtraukta|nebegaminam|descatalogat|prodej ukonč|predaj ukonč
        """
    ),
    "SoldOut": _Phrases(
        r"""
        sold out|ausverkauft|vergriffen|épuisé|agotad[oa]|esaurit[oa]|esgotad[oa]|uitverkocht|slutsåld|udsolgt
        utsolgt|loppuunmyyty|wyprzedan[yea]|vyprodán|vypredan|elfogyott|stoc epuizat|изчерпан|распродан|розпродан
        εξαντλ|tükendi|نفد|نفذ|אזל|売り切れ|売切|完売|品切れ|售罄|售完|품절|hết hàng|habis|สินค้าหมด|หมดสต็อก
        หมดชั่วคราว|rasprodan|razprodan|välja müüdud|izpārdot|išparduot|تمام شد|बिक गया|распродат|exhaurit
        """
    ),
    "OutOfStock": _Phrases(
        r"""
        \bnot (?:\w+ ){0,3}(?:available|in stock)|unavailable|out of stock|\boos\b
        (?<!\d)0 (?:in stock|available|left)|(?:notify|e-?mail) me|back in stock
        nicht (?:\w+ ){0,2}(?:verfügbar|lieferbar|vorrätig|auf lager|erhältlich|bestellbar)
        (?:\bpas|\bnon) (?:\w+ ){0,2}(?:disponible|en stock)|plus en stock|indisponible|rupture
        \bno (?:\w+ ){0,2}(?:disponible|hay (?:stock|existencias))|sin (?:stock|existencias)|fuera de stock
        non (?:\w+ ){0,2}disponibil|\bindisponivel|não disponível|(?:sem|fora de) (?:estoque|stock)
        niet (?:\w+ ){0,2}(?:leverbaar|beschikbaar|op voorraad)|(?:ej|inte|slut) i lager|tillfälligt slut
        ikke (?:\w+ ){0,2}(?:på lager|tilgjengelig)|ikke (?:\w+ ){0,2}tilgængelig
        ei (?:ole )?(?:varastossa|saatavilla|saadaval)
        niedostępn|brak (?:w magazynie|towaru|na stanie)|není (?:\w+ )?sklad|nedostupn|nie je (?:na sklade|skladom)
        nincs (?:raktáron|készleten)|nem (?:elérhető|rendelhető)|indisponibil|nu este (?:disponibil|în stoc)
        lipsă stoc|няма (?:в )?наличност|не е налич|нет (?:в наличии|на складе)|недоступ|отсутству|закончил
        немає (?:в|у) наявності|відсутн|закінчи|(?:μη|δεν είναι) διαθέσιμ|χωρίς απόθεμα|stokta (?:yok|bulunm)
        stok yok|mevcut değil|temin edilem|غير (?:متوفر|متاح)|לא (?:במלאי|זמין)|חסר במלאי|ناموجود|موجود نیست
        在庫(?:なし|無し|切れ|がありません)|入荷待ち|缺货|缺貨|无货|無貨|[无無][库庫]存|재고\s?없음|không có sẵn
        tidak tersedia|ไม่มีสินค้า|स्टॉक में नहीं|उपलब्ध नहीं|nije (?:dostup|na zalihi)|nema na
        није (?:на стању|доступ)|нема на стању|ei ole (?:laos|müügil)|sense (?:estoc|existències)
        ni (?:na zalogi|na voljo)|otsas|nav (?:noliktavā|pieejam)|nėra (?:sandėlyje|prekyboje)|neturime
        """
    ),
    "PreOrder": _Phrases(
        r"""
        pre-?\s?order|vorbestell|précommande|preventa|prevendita|preordin|pré-venda|pre-venda|voorbestel|förbeställ
        forudbestil|forhåndsbestill|ennakkotil|przedsprzedaż|předobjedn|predobjedn|előrendel|precomand|предзаказ
        предварителна поръчка|передзамовл|προπαραγγελ|ön sipariş|طلب مسبق|הזמנה מוקדמת|予約|预售|預購|預售|예약
        đặt trước|پیشسفارش|پیش سفارش|สั่งจอง|प्री-?\s?ऑर्डर|prednarudžb|prednaroči|преднаруџ|ettetelli|priekšpasūt
        išankstinis užsaky|reserva anticipada
        """
    ),
    "MadeToOrder": _Phrases(r"made to order|auf maß gefertigt|受注生産|주문 ?제작"),
    "BackOrder": _Phrases(
        r"""
        back-?\s?order|available (?:for|to) order|auf bestellung|nachbestellt|sur commande|bajo pedido|por encargo
        su ordinazione|sob encomenda|op bestelling|beställningsvara|bestillingsvare|na zamówienie|na objednávku
        rendelésre|la comandă|под заказ|по поръчка|під замовлення|κατόπιν παραγγελίας|取り寄せ|sipariş üzerine
        tilaustuote|عند الطلب|בהזמנה מיוחדת|سفارشی|可[预預][订訂]|đặt hàng theo yêu cầu|\bindent\b|สินค้าสั่งพิเศษ
        ऑर्डर पर|백오더|\bpo narudžbi|\bpo naročilu|по поруџбини|\btellimisel|pēc pasūtījuma|pagal užsakym|sota comanda
        """
    ),
    "LimitedAvailability": _Phrases(
        r"""
        only \d+ left|limited (?:availability|stock)|low (?:in )?stock|few left|last (?:one|items|pieces)
        nur noch \d+|nur noch wenige|plus que \d+|derni[eè]r(?:e?s)? (?:pièces|articles)|[uú]ltimas unidades
        quedan? \d+|ultimi pezzi|nog (?:maar )?\d+ op voorraad|laatste stuks|ostatnie sztuki|poslední kus
        残り(?:わずか|\d+)|[仅僅]剩|ultimi (?:\d+ )?pezzi|[uú]ltimas (?:peças|unitats)|[uú]ltimes unitats
        (?:endast|bara) \d+ (?:kvar|i lager)|kun \d+ (?:tilbage|igjen|på lager)|vain \d+ jäljellä|poslední kus
        posledné kus|utolsó darab|ultimele buc|последн\w{1,3} (?:брой|шт)|последњи комад|остал[оаи]сь? \d+
        залиши\w{2,4} \d+|τελευταία (?:τεμ|κομμ)|\bson \d+ (?:ürün|adet)|بقي \d+|נותרו \d+|\d+개 남음
        \d+ عدد (?:در انبار )?باقی|chỉ còn \d+|\bsisa \d+|เหลือ(?:เพียง)? \d+|केवल \d+ बचे|zadnji (?:komad|kos)
        viimased (?:tooted|eksempl)
        pēdējie gab|paskutini\w{1,3} vnt|paskutiniai vienet
        """
    ),
    "InStoreOnly": _Phrases(
        r"""
        in[- ]stores? only|only in stores?|nur (?:im markt|in der filiale)|uniquement en magasin
        s[oó]lo (?:en tienda|in negozio)|apenas na loja|somente na loja|alleen in de winkel|(?:endast|bara) i butik
        kun i butikk?|vain myymäl|tylko w sklepie stacj|pouze (?:na|v) prodejn|len v predajni|csak (?:az )?üzlet
        doar în magazin|само (?:в магазин|у продавн)|только в магазин|(?:тільки|лише) (?:в|у) магазин
        μόνο στο κατάστ|sadece mağaza|في المتجر فقط|בחנות בלבד|فقط در فروشگاه|店舗限定|[仅僅]限?[门門]店|매장 전용
        chỉ bán tại|hanya di toko|เฉพาะหน้าร้าน|केवल स्टोर|samo [uv] trgovini|ainult (?:kauplus|poes)|tikai veikal
        tik parduotuv|només a la botiga
        """
    ),
    "OnlineOnly": _Phrases(
        r"""
        online only|only online|nur online|exclusivité web|uniquement en ligne|s[oó]lo online|exclusivo online
        alleen online|(?:endast|bara|kun) (?:online|på nett?)|vain verko|(?:tylko|pouze|len|csak|doar|sadece) online
        (?:само|только|тільки|лише) онлајн|(?:само|только|тільки|лише) онлайн|μόνο online|عبر الإنترنت فقط
        באינטרנט בלבד|فقط آنلاین|(?:オンライン|ネット|web)限定|[仅僅]限?[线線]上|온라인 전용|chỉ bán online
        hanya online|เฉพาะออนไลน์|केवल ऑनलाइन|samo (?:online|na spletu)|ainult (?:veebi|e-poe)|tikai internetā
        tik internetu|només en línia
        """
    ),
    "InStock": _Phrases(
        r"""
        \bin stock|\bavailable|auf lager|lieferbar|verfügbar|vorrätig|en stock|disponible|disponibil|hay existencias
        em (?:estoque|stock)|disponível|op voorraad|leverbaar|beschikbaar|\bi lager|på lager|tillgänglig|tilgængelig
        tilgjengelig|varastossa|saatavilla|dostępn|w magazynie|na stanie|skladem|skladom|na sklade|dostupn|raktáron
        készleten|elérhető|în stoc|наличн|налич[еи]н|в наличии|на складе|в наявності|є на складі|σε απόθεμα|διαθέσιμ
        stokta|mevcut|متوفر|متاح|במלאי|זמין|موجود|在庫(?:あり|有)|即納|[有现現][货貨]|재고\s?있음|구매 가능|còn hàng
        có sẵn|tersedia|มีสินค้า|พร้อมส่ง|स्टॉक में|उपलब्ध|na zalihi|na zalogi|na voljo|\blaos\b|saadaval|noliktavā
        pieejam|sandėlyje|\bturime|на стању|en estoc
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
    "RefurbishedCondition": _Phrases(
        r"""
        refurb|renewed|reconditioned|generalüberholt|reconditionné|remis à neuf|reacondicionado|ricondizionat
        recondicionado|gereviseerd|renoverad|odnowion|repasovan|felújított|восстановлен|відновлен|整備済|翻新|리퍼
        """
    ),
    "DamagedCondition": _Phrases(
        r"""
        \bdamaged|for parts|defective|beschädigt|\bdefekt|endommagé|dañado|danneggiat|danificado|beschadigd|ジャンク
        """
    ),
    "UsedCondition": _Phrases(
        r"""
        \bused\b|second[- ]?hand|pre-?\s?owned|like new|gebraucht|wie neu|occasion|comme neuf|usad[oa]|usat[oa]
        de segunda mano|seminov[oa]|tweedehands|gebruikt|begagnad|\bbrugt|\bbrukt|käytetty|używan|použit|bazar
        használt|folosit|\bб/?у\b|подержан|вживан|μεταχειρισμέν|ikinci el|مستعمل|中古|二手|중고
        """
    ),
    "NewCondition": _Phrases(
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


def _named(text: object, tokens: dict[str, str], phrases: dict[str, _Phrases]) -> str | None:
    shown = _folded(clean_text(text, limit=_MOST_PHRASE) or "")
    token = re.sub(r"[\W_]", "", re.split(r"[/#:]", shown.rstrip("/# "))[-1])
    if token in tokens:
        return tokens[token]
    words = shown.replace("_", " ")
    return next((name for name, pattern in phrases.items() if pattern.occur_in(words)), None)


_BEST_FIRST = re.compile(r"\d+\s?(?:つ星のうち|점 만점에|星中)|(?:满分|滿分)\s?\d+\s?分?")
_RATING = re.compile(r"(?<![\d.,])(?<!-)(\d{1,3})(?:[.,](\d{1,10}))?(?![.,]?\d)")


def parse_rating(text: object) -> Decimal | None:
    """The first number as a rating, on whatever scale; None for 0, which means that nobody rated.

    See `parse_rating_max` for the scale.

    >>> parse_rating("4,5 von 5 Sternen"), parse_rating("90%")
    (Decimal('4.5'), Decimal('90'))
    """
    shown = _BEST_FIRST.sub("", _western_digits(text))
    if not (number := _RATING.search(shown)):
        return None
    rating = Decimal(f"{number[1]}.{number[2]}" if number[2] else number[1])
    return rating if 0 < rating <= _MOST_RATING else None


_STATED_MAX = re.compile(
    r"\d\s?(?:/|out of|of|von|sur|su|de|van|av|af|z|z[e]|из|от|din|üzerinden)\s?(5|10|100)(?:[.,]0)?(?![\d.,]*\d)"
    r"|\b(5|10)(?:\s?つ星のうち|점 만점에)|[满滿]分(5|10)|\d\s?([%٪])",
    re.I,
)


def parse_rating_max(text: object) -> Decimal | None:
    """The maximum that the text of a rating states.

    >>> parse_rating_max("4,5 von 5 Sternen"), parse_rating_max("90 %"), parse_rating_max("4.5")
    (Decimal('5'), Decimal('100'), None)
    """
    stated = _STATED_MAX.search(_western_digits(text))
    if not stated:
        return None
    return Decimal(100) if stated[4] else Decimal(stated[1] or stated[2] or stated[3])


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


_MONTHS = {name: place for place, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_ORDINAL = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:-?([0-9]{2})-?|[./年] ?([0-9]{1,2})[./月] ?)([0-9]{1,2})(?![0-9])")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?![0-9])")
_NAMED_MONTH = re.compile(
    rf"(?:[a-z]{{3,9}},? )?(?:{_ORDINAL}[ -]{_MONTH},?[ -]|{_MONTH} {_ORDINAL},? )([0-9]{{4}})(?![0-9])",
    re.I,
)
_MONTHS_A_YEAR = 12


def parse_date(text: object) -> str | None:
    """The ISO 8601 date that a text begins with, as written, whatever its time zone; None if it may be another day.

    Takes ISO 8601, other writings with the year first, English names of months, and numbers of which one cannot be
    a month.

    >>> parse_date("2030-12-31T23:59:59+01:00"), parse_date("31.12.2030"), parse_date("05/06/2030")
    ('2030-12-31', '2030-12-31', None)
    """
    shown = clean_text(text, limit=_MOST_PHRASE) or ""
    for read in (_year_first, _year_last, _named_month):
        if parts := read(shown):
            try:
                return date(*parts).isoformat()
            except ValueError:
                return None
    return None


def _year_first(shown: str) -> tuple[int, int, int] | None:
    parts = _YEAR_FIRST.match(shown)
    return (int(parts[1]), int(parts[2] or parts[3]), int(parts[4])) if parts else None


def _year_last(shown: str) -> tuple[int, int, int] | None:
    if not (parts := _YEAR_LAST.match(shown)):
        return None
    day, month, year = map(int, parts.groups())
    if day <= _MONTHS_A_YEAR < month:
        return year, day, month
    return (year, month, day) if day > _MONTHS_A_YEAR or day == month else None


def _named_month(shown: str) -> tuple[int, int, int] | None:
    if not (parts := _NAMED_MONTH.match(shown)):
        return None
    return int(parts[5]), _MONTHS[(parts[2] or parts[3]).lower()], int(parts[1] or parts[4])


_CODE_LABEL = re.compile(
    r"\A(?:sku|mpn|model(?:l|o|ll)?|modèle|модель|item|product|produkt|part|art|artikel|article|artículo|articolo|ref|référence"
    r"|referencia|reference|riferimento|код|артикул|kod|código|codice|型番|货号|品番)"
    r"(?:[.\s-]*(?:no|nr|number|nummer|num|code|id|sku|mpn|товара))*[.\s]*(?:[:：#№=]+|(?<=no\.)|(?<=nr\.))\s*"
    r"|\A(?:sku|mpn|ref)\.?\s(?=\S{0,40}\d)",
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
