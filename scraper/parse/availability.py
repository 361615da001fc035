"""The words of shops for stock and condition -> the names that schema.org has for them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from scraper.parse.values import MOST_PHRASE, clean_text


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
        nicht (?:\w+ ){0,2}(?:verfügbar|zur verfügung|lieferbar|vorrätig|auf lager|erhältlich|bestellbar)
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


_PIECES = r"(?:pcs?|st|stk|stück|szt|ks|шт|db|items?|units?|left)"
_NONE_LEFT = re.compile(
    rf"^\W*0\s+[^\W\d]+\s+[^\W\d]+\W*$|^[^\d:(–,;-]*[:(–-]\s*0(?:\s*{_PIECES}\b\.?)?\s*\)?\s*$", re.I
)
_MOST_COUNTED = 100


def parse_availability(text: object) -> str | None:
    """Short name of a schema.org ItemAvailability, from its URL, a feed's token or a stock phrase.

    >>> parse_availability("https://schema.org/InStock"), parse_availability("Momentan nicht lieferbar")
    ('InStock', 'OutOfStock')
    """
    found = _named(text, _AVAILABILITY_TOKENS, _AVAILABILITY_PHRASES)
    return (
        "OutOfStock"
        if found == "InStock" and isinstance(text, str) and _NONE_LEFT.search(text[:_MOST_COUNTED])
        else found
    )


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


_NO_LETTER = re.compile(r"[\W_]")
_BEFORE_TOKEN = re.compile(r"[/#:]")


def _named(text: object, tokens: dict[str, str], phrases: dict[str, _Phrases]) -> str | None:
    shown = _folded(clean_text(text, limit=MOST_PHRASE) or "")
    token = _NO_LETTER.sub("", _BEFORE_TOKEN.split(shown.rstrip("/# "))[-1])
    if token in tokens:
        return tokens[token]
    words = shown.replace("_", " ")
    return next((name for name, pattern in phrases.items() if pattern.occur_in(words)), None)
