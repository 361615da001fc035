"""Displayed text and machine values -> amount and currency, for the shops of the whole world."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

_MOST_TEXT = 2_000
"""Characters looked at before whitespace is collapsed; pages indent."""
_MOST_SHOWN = 200
_MOST_AMOUNT = Decimal(10**12)
_FLOAT_DIGITS = 15
"""Decimal digits that survive a float; what follows them is noise."""
_WIDEST_RANGE = 20
"""How many times its lower end the upper end of a price range may be."""
_DEEPEST_SALE = 3
"""How many times a sale price the old price right beside it may be; more is rather a saving or an instalment."""


@dataclass(frozen=True, slots=True)
class Price:
    """One price as a text shows it."""

    amount: Decimal
    currency: str | None
    """ISO 4217; None if the text does not decide."""
    text: str
    """The raw text, whitespace collapsed."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# ISO 4217, active codes that money is paid in, and BGN, which pages still show beside the euro.
CURRENCIES = _words(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV
    WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """
)

# In shops, whatever ISO 4217 says: nobody prices in fractions of these.
_NO_DECIMALS = _words(
    """
    AFN ALL AMD BIF CLP COP CRC DJF GNF HUF IDR IQD IRR ISK JPY KHR KMF KRW LAK LBP MGA MMK MNT PYG RSD RWF SOS SYP TZS
    UGX UZS VND VUV XAF XOF XPF YER
    """
)

# A few units of these buy nothing: where their shops write a dot before three digits, it groups thousands.
_DOT_GROUPS = _NO_DECIMALS | _words("ARS CVE DZD MKD")

# Which marks stand before three decimals.
_THREE_DECIMALS = {"BHD": ".", "JOD": ".", "KWD": ".", "LYD": ".,", "OMR": ".", "TND": ".,"}

_COUNTRY_CURRENCY = dict(
    pair.split(":")
    for pair in _words(
        """
    ad:EUR ae:AED af:AFN ag:XCD ai:XCD al:ALL am:AMD ao:AOA ar:ARS as:USD at:EUR au:AUD aw:AWG ax:EUR az:AZN ba:BAM
    bb:BBD bd:BDT be:EUR bf:XOF bg:EUR bh:BHD bi:BIF bj:XOF bl:EUR bm:BMD bn:BND bo:BOB br:BRL bs:BSD bt:BTN bw:BWP
    by:BYN bz:BZD ca:CAD cd:CDF cf:XAF cg:XAF ch:CHF ci:XOF ck:NZD cl:CLP cm:XAF cn:CNY co:COP cr:CRC cu:CUP cv:CVE
    cw:XCG cy:EUR cz:CZK de:EUR dj:DJF dk:DKK dm:XCD do:DOP dz:DZD ec:USD ee:EUR eg:EGP er:ERN es:EUR et:ETB fi:EUR
    fj:FJD fk:FKP fm:USD fo:DKK fr:EUR ga:XAF gb:GBP gd:XCD ge:GEL gf:EUR gg:GBP gh:GHS gi:GIP gl:DKK gm:GMD gn:GNF
    gp:EUR gq:XAF gr:EUR gt:GTQ gu:USD gw:XOF gy:GYD hk:HKD hn:HNL hr:EUR ht:HTG hu:HUF id:IDR ie:EUR il:ILS im:GBP
    in:INR iq:IQD ir:IRR is:ISK it:EUR je:GBP jm:JMD jo:JOD jp:JPY ke:KES kg:KGS kh:KHR ki:AUD km:KMF kn:XCD kp:KPW
    kr:KRW kw:KWD ky:KYD kz:KZT la:LAK lb:LBP lc:XCD li:CHF lk:LKR lr:LRD ls:LSL lt:EUR lu:EUR lv:EUR ly:LYD ma:MAD
    mc:EUR md:MDL me:EUR mf:EUR mg:MGA mh:USD mk:MKD ml:XOF mm:MMK mn:MNT mo:MOP mq:EUR mr:MRU ms:XCD mt:EUR mu:MUR
    mv:MVR mw:MWK mx:MXN my:MYR mz:MZN na:NAD nc:XPF ne:XOF ng:NGN ni:NIO nl:EUR no:NOK np:NPR nr:AUD nz:NZD om:OMR
    pa:PAB pe:PEN pf:XPF pg:PGK ph:PHP pk:PKR pl:PLN pr:USD ps:ILS pt:EUR pw:USD py:PYG qa:QAR re:EUR ro:RON rs:RSD
    ru:RUB rw:RWF sa:SAR sb:SBD sc:SCR sd:SDG se:SEK sg:SGD sh:SHP si:EUR sk:EUR sl:SLE sm:EUR sn:XOF so:SOS sr:SRD
    ss:SSP st:STN sv:USD sx:XCG sy:SYP sz:SZL tc:USD td:XAF tg:XOF th:THB tj:TJS tl:USD tm:TMT tn:TND to:TOP tr:TRY
    tt:TTD tv:AUD tw:TWD tz:TZS ua:UAH ug:UGX uk:GBP us:USD uy:UYU uz:UZS va:EUR vc:XCD ve:VES vg:USD vi:USD vn:VND
    vu:VUV wf:XPF ws:WST xk:EUR ye:YER yt:EUR za:ZAR zm:ZMW zw:ZWG
        """
    )
)

# What signs and names mean. Case is ignored; a dot may follow letters.
_SIGNS = {
    sign: code
    for code, signs in {
        "AED": "د.إ",
        "AFN": "؋ افغانی",
        "ALL": "lek lekë",
        "AMD": "֏ դրամ դր",
        "ARS": "AR$",
        "AUD": "A$ AU$ AUD$",
        "AZN": "₼ manat",
        "BDT": "৳ tk টাকা",
        "BGN": "лв лева leva",
        "BHD": "د.ب",
        "BOB": "$b boliviano bolivianos",
        "BRL": "R$ reais",
        "BZD": "BZ$",
        "CAD": "C$ CA$ CAD$ CDN$ $CA $CAD",
        "CHF": "franken",
        "CLP": "CLP$ $CLP",
        "CNY": "元 人民币 块 RMB CN¥ yuan",
        "COP": "COP$ $COP",
        "CRC": "₡ colones",
        "CZK": "kč kc korun",
        "DKK": "dkr",
        "DOP": "RD$",
        "DZD": "د.ج",
        "EGP": "ج.م E£ جنيه",
        "ETB": "ብር",
        "EUR": "€ euro euros eiro eurot euroa eurų evra ευρώ евро يورو ユーロ 欧元 유로",
        "FJD": "FJ$",
        "GBP": "£",
        "GEL": "₾ ლარი ლ лари",
        "GHS": "₵ GH₵ GH¢ GHC cedis",
        "GTQ": "quetzales",
        "HKD": "HK$ 港元 港幣",
        "HNL": "lempiras",
        "HUF": "forint",
        "IDR": "Rp rupiah",
        "ILS": '₪ ש"ח ש״ח שח NIS',
        "INR": "₹",
        "IQD": "د.ع",
        "JMD": "J$",
        "JOD": "د.أ د.ا",
        "JPY": "円 JP¥ yen エン 日元",
        "KGS": "\u20c0",
        "KHR": "៛ riel",
        "KRW": "₩ 원 won",
        "KWD": "د.ك",
        "KZT": "₸ тенге теңге тг",
        "LAK": "₭ ກີບ",
        "LBP": "ل.ل",
        "LKR": "රු",
        "LYD": "د.ل",
        "MAD": "د.م",
        "MDL": "леев",
        "MGA": "ariary",
        "MKD": "ден денари",
        "MMK": "ကျပ် kyat kyats",
        "MNT": "₮ төгрөг",
        "MOP": "MOP$",
        "MXN": "MX$ MXN$ $MXN Mex$",
        "MYR": "ringgit",
        "MZN": "meticais",
        "NAD": "N$",
        "NGN": "₦ naira",
        "NIO": "córdobas",
        "NOK": "nkr",
        "NPR": "नेरू",
        "NZD": "NZ$ NZD$",
        "OMR": "ر.ع",
        "PAB": "B/",
        "PEN": "S/ soles",
        "PHP": "₱",
        "PLN": "zł zl złotych złote złoty",
        "PYG": "₲ guaraníes",
        "QAR": "ر.ق",
        "RON": "lei leu",
        "RSD": "дин динара dinara рсд",
        "RUB": "₽ руб рублей рубля рубль р RUR",
        "SAR": "ر.س \u20c1",
        "SEK": "skr kronor",
        "SGD": "S$ SG$",
        "THB": "฿ บาท baht",
        "TJS": "сомонӣ сомони",
        "TND": "د.ت",
        "TRY": "₺ TL lira",
        "TTD": "TT$",
        "TWD": "NT$ NTD 新台幣 台幣",
        "UAH": "₴ грн гривень гривні гривна",
        "USD": "US$ USD$ U$S $US $USD",
        "UYU": "$U UY$",
        "UZS": "сум сўм so'm",
        "VND": "₫ đ vnđ đồng",
        "XCD": "EC$",
        "XPF": "CFP FCFP",
        "YER": "ر.ي",
    }.items()
    for sign in signs.casefold().split(" ")
}

# Signs of several currencies: the country decides, then the table above, then nobody.
_SHARED = {
    sign: _words(codes)
    for signs, codes in {
        "$": "ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NIO NZD SBD SGD SRD TTD "
        "TWD USD UYU XCD",
        "dollar dollars": "AUD CAD HKD NZD SGD TWD USD",
        "£": "EGP FKP GBP GIP LBP SDG SHP SSP SYP",
        "¥": "CNY JPY",
        "元": "CNY HKD TWD",
        "kr": "DKK ISK NOK SEK",
        "kroner": "DKK NOK",
        "rs": "INR LKR MUR NPR PKR SCR",
        "rupees": "INR LKR MUR NPR PKR SCR",
        "रु रू": "INR NPR",
        "peso pesos": "ARS CLP COP CUP DOP MXN PHP UYU",
        "bs": "BOB VES",
        "br": "BYN ETB",
        "руб рублей р": "BYN RUB",
        "lei": "MDL RON",
        "сом": "KGS TJS",
        "manat": "AZN TMT",
        "dhs dirham dirhams درهم": "AED MAD",
        "دينار": "BHD DZD IQD JOD KWD LYD TND",
        "ريال ریال": "IRR OMR QAR SAR YER",
        "جنيه": "EGP SDG",
        "cfa fcfa": "XAF XOF",
    }.items()
    for sign in signs.split()
}

# Ordinary words or units in another case (km, ft), or too short to be sure of.
_CASED = dict(
    pair.split(":")
    for pair in _words(
        """
        BD:BHD BsF:VES Bs.S:VES Bs.D:VES DA:DZD DT:TND Fr:CHF fr:CHF FR:CHF SFr:CHF sFr:CHF Ft:HUF FT:HUF Gs:PYG JD:JOD
        KD:KWD KM:BAM KSh:KES Ksh:KES KSH:KES LD:LYD LE:EGP MRf:MVR MTn:MZN NRs:NPR QR:QAR RM:MYR SR:SAR TSh:TZS Tsh:TZS
        TSH:TZS USh:UGX Ush:UGX USH:UGX VT:VUV din:RSD Din:RSD
        """
    )
)
_INITIALS = {"R": "ZAR", "Q": "GTQ", "L": "HNL", "K": "ZMW"}
"""Signs only before a number, and only where nothing says otherwise."""

_ALSO_WORDS = _words("all amd bam bob cad cop cup gel lak mad mop pen ron sos top try")
"""Codes that count only in capitals."""

_LETTER = r"[^\W\d_]"
_RUN_ON = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""Scripts that put no space between words."""


def _is_spaced_letter(character: str) -> bool:
    return character.isalpha() and not _RUN_ON.match(character)


def _any_of(signs: Iterable[str]) -> str:
    """A regex for whole signs, `$CAD` before `$`: letters do not count inside a word, and take a dot."""
    kinds: dict[tuple[bool, bool], list[str]] = {}
    for sign in signs:
        kinds.setdefault((_is_spaced_letter(sign[0]), _is_spaced_letter(sign[-1])), []).append(sign)
    return "|".join(
        (rf"(?<!{_LETTER})" if starts else "") + any_of(kind) + (rf"\.?(?!{_LETTER})" if ends else "")
        for (starts, ends), kind in sorted(kinds.items(), key=lambda item: item[0] == (False, False))
    )


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest that fits.

    Those that begin alike stand together: a text is compared with a few beginnings at each place, not with all words.
    """
    rests: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    branches = [re.escape(first) + (f"(?:{'|'.join(rest)})" if rest != [""] else "") for first, rest in rests.items()]
    return f"(?:{'|'.join(branches)})"


_ANY_CASE = _SIGNS.keys() | _SHARED.keys() | {code.lower() for code in CURRENCIES} - _ALSO_WORDS
_SIGN = "(?:{}|{})".format(
    _any_of(
        CURRENCIES | _CASED.keys() | {form for sign in _ANY_CASE for form in (sign, sign.upper(), sign.capitalize())}
    ),
    rf"(?<!\w)[{''.join(_INITIALS)}](?=\s?\d)",
)
_CENTS = "\x1f"
"""Stands for the decimal mark that is no more than a change of size: 12 <sup>99</sup>."""

_COUNTED = (
    r"\s?(?:[x×*]|[kmc]?g|[mc]?l|[mck]?m|[kmgt]b|mah|k?w|v|k?hz|mp|oz|lbs?|inch|[\"″]|packs?|pcs?|pieces?|items?|stk|stück"
    r"|st|szt|ks|шт|db|for|für|pour|per|por|years?|days?|months?|hours?|reviews?|stars?|ratings?|sold|left)"
    rf"(?!{_LETTER})"
)
"""What makes the number before it a count or a measure."""

_TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:\ \d{{3}}(?!\d))+(?:[.,٫{_CENTS}]\d+)?|\d+(?:[.,'٫٬{_CENTS}]\d+)*|(?<!\d)\.\d\d(?!\d))"
    rf"|(?P<sign>{_SIGN})"
)
_SPLIT_CENTS = re.compile(
    rf"({_SIGN}\s?)?(?<![\d.,])(\d{{1,3}}(?:[., ]\d{{3}})+|\d+)(?: [.,]? ?|[.,] )(\d\d)(?!\s?[.,]?[\d%])"
    rf"(?(1)(?!(?i:{_COUNTED}))|(?=\s?(?:$|{_SIGN})))"
)
_MAY_BE_SPLIT = re.compile(r"\d(?: [.,]? ?|[.,] )\d\d")
_SPACED_DOLLAR = re.compile(r"\b(US|AU|CA|HK|MX|NT|NZ) (?=\$)|(?<=\$) (?=(?:US|CA)\b)")
_SIGN_FOR_MARK = re.compile(r"(\d)€(\d\d)(?![\d.,%€])")
_RAISED_CENTS = re.compile(r"(?<=\d)[⁰¹²³⁴-⁹]{2}(?![⁰¹²³⁴-⁹])")
_RAISED = re.compile(r"[⁰¹²³⁴-⁹]+")

_GROUPED = re.compile(r"\d+|\d{1,3}([.,'٬ ])\d{3}(?:\1\d{3})*|\d{1,2}(?:[,٬]\d{2})+[,٬]\d{3}")
_GAP = re.compile(r"\s?[.,:]?[-–—=*/]{0,2}\s?")
_RANGE = re.compile(r"\s?(?:[-–—~〜～]|to|bis|à|a|do|до|tot|til|till)\s?")

_FREE = re.compile(
    r"\W*(?:free|gratis|grátis|gratuit|kostenlos|zdarma|ücretsiz|бесплатно|безкоштовно|無料|免费|무료)\s?(?:$|[^\w\s])",
    re.I,
)
_NOTHING = re.compile(r"0+(?:[.,]0*)?[-–—]?")
_FREE_OF_CHARGE = re.compile(
    r"(?<![^\W\d_])(?:free|gratis|grátis|gratuit[aeo]?s?|gratuita|kostenlos\w{0,2}|kostenfrei\w{0,2}|versandkostenfrei|offerts?|offerte"
    r"|darmow[aey]|za darmo|zdarma|zadarmo|ingyenes|besplatn[aeo]|brezplačn[aeo]|безплатн[ао]|ilmainen|fri frakt"
    r"|fraktfritt?|gratuită|δωρεάν|ücretsiz|bedava|бесплатн\w{1,3}|безкоштовн\w{1,3})(?![^\W\d_])"
    r"|無料|免费|免費|包邮|免運|무료|مجان|رایگان|חינם|miễn phí|ฟรี|मुफ्त",
    re.I,
)
_SAVING_BEFORE = re.compile(
    r"\b(?:save|saving|spare|sparen sie|économisez|ahorra|ahorre|risparmi|economize|bespaar|spara|ušetříte"
    r"|taniej o|oszczędzasz)\W{0,3}(?:up to |bis zu )?\S{0,3}\s?$",
    re.I,
)
_MINUS_BEFORE = re.compile(r"(?:^|[\s(])-(?:[^\s\d]{1,3}\s?)?$")
_NOT_A_PRICE_AFTER = re.compile(
    r"\s?(?:[%٪¢]|cents?\b|ct\b)"
    r"|(?:\s?[^\s\d]{1,4})?\s(?:off|discount|rabatt|rabat|korting|sleva|descuento|desconto|remise|sconto)\b"
    r"|[km]\b"
    r"|\s?(?:万|萬|억|만|億|亿|千|(?:lakhs?|lacs?|crores?|cr|millions?|mio|mln|млн|тыс|mil|millones|milhões|triệu|tr|nghìn"
    rf"|juta|jt|ribu|rb)(?!{_LETTER}))",
    re.I,
)
_COUNTED_AFTER = re.compile(rf"{_COUNTED}|[a-z]|/\d", re.I)
_NAMED_BEFORE = re.compile(
    r"(?:[a-z]\+?|[#№/]|(?<![^\W\d_])(?:tel|telefon|phone|call|fax|hotline|whatsapp|тел)\W{0,3}|[☎✆℡]\s?)$", re.I
)
_OLD_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:was|rrp|msrp|srp|uvp|pvp|statt|instead of|list price|regular price|regular|originally|ehemals"
    r"|bisher|au lieu de|avant|antes|prima|anziché|van|voor|tidligere|før|tidigare|ord\.? ?pris|stara cena|zamiast"
    r"|původně|běžná cena|старая цена|вместо|eski fiyat)\W{0,2}(?:[^\s\d]{1,4} ?)?$",
    re.I,
)
_TAX = r"(?:vat|tax|gst|btw|iva|mwst\.?|ust\.?|moms|mva|tva|dph|pdv|kdv|ндс|пдв)"
_UNTAXED_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?:(?:ex(?:cl?)?|excluding|without|ohne|sans|sin|senza|bez|zonder|без)\.? ?{_TAX}|net|netto)"
    r" ?(?:price)?: ?(?:[^\s\d]{1,4} ?)?$",
    re.I,
)
_UNTAXED_AFTER = re.compile(
    r"[^\d:]{0,6}?(?<![^\W\d_])(?:"
    rf"(?:ex(?:cl?)?|excluding|without|ohne|exkl|sans|sin|senza|bez|zonder|zzgl|plus|без)\.? ?{_TAX}|{_TAX} ex(?:cl?)?"
    r"|net|netto|ht|hors taxes)(?![^\W\d_]|\.? ?:)",
    re.I,
)
_UNIT_PRICE_AFTER = re.compile(
    r"\D{0,8}?(?:/|\b(?:per|pro|je|par|al|za|por))\s?\d{0,4}\s?(?:k?g|[mc]?l|lb|oz|m2?)\b", re.I
)
_MONEY_AFTER = re.compile(r"[.,]?\s?[-–—]{1,2}(?!\s?\d)|/-")

_DIALLED = re.compile(
    r"(?<![\w.,])(?:"
    rf"\+\d{{1,3}}[ (./-]{{1,2}}\d[\d ()./{_CENTS}-]{{5,16}}\d"  # +49 30 123456
    rf"|(?:\d{{1,3}}[ -]?)?\(0?\d{{2,5}}\)[ -]?\d[\d ./{_CENTS}-]{{4,12}}\d"  # (555) 123-4567
    rf"|0\d{{1,4}}[ /-]\d[\d /{_CENTS}-]{{3,12}}\d"  # 030 1234567
    r"|\d{2,5}(?:-\d{2,5}){1,4}"  # 555-123-4567
    r"|\d{3}\.\d{3}\.\d{4}"
    rf"|\d{{1,5}}(?:[ {_CENTS}]\d{{2,5}}){{2,5}}"  # 8 800 555 35 35
    r")(?!\w|[.,]\w)"
)
_FEWEST_DIALLED = 7
_MOST_POWER = 2
_THOUSANDS = re.compile(r"\+?[1-9]\d{0,2}(?:[ .]\d{3})+(?:[ \x1f]\d\d)?")
_EXPONENT = re.compile(r"\d{1,16}(?:\.\d{1,20})?e[+-]?(\d{1,20})", re.I | re.ASCII)


_WHOLE_SIGNS = frozenset(
    sign
    for sign in CURRENCIES | _CASED.keys() | {form for s in _ANY_CASE for form in (s, s.upper(), s.capitalize())}
    if unicodedata.is_normalized("NFKC", sign) and re.fullmatch(r"[^\s\d.,']+", sign)
)
_PLAIN = re.compile(
    r"(?:([^\s\d.,]{1,5}) ?)?([0-9]{1,12}(?:[.,][0-9]{1,3})?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}"
    r"|[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{2}|[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,[0-9]{2})?)(?: ?([^\s\d.,]{1,5}))?"
)
"""Most prices: a number as most countries write it, and at most one sign; the long way reads them the same."""


def parse_price(
    text: str, *, currency: str | None = None, country: str | None = None, decimal_separator: str | None = None
) -> Price | None:
    """The first price that a text shows; None if there is none, or it is free.

    `currency` is what markup said; it wins over a sign that several currencies share. `country`, ISO 3166 in
    lower case, decides such a sign where markup is silent. Of a range the lower end counts, and so does the lower
    of an old and a new price side by side. What is said to be an old price or one without tax counts last.

    >>> parse_price("Now only €1.299,00 incl. VAT").amount
    Decimal('1299.00')
    >>> parse_price("2 x 24.990 $", country="cl")
    Price(amount=Decimal('24990'), currency='CLP', text='2 x 24.990 $')
    """
    shown = _shown(text)
    known = _iso_code(currency)
    home = _COUNTRY_CURRENCY.get((country or "").lower())
    best: tuple[int, Price] | None = None
    for number in _plain_number(shown) or _any_numbers(shown):
        decided = _decide(number.signs, known, home)
        amount = _decimal(number.text, decided or home, decimal_separator)
        if amount is None:
            continue
        is_sale = best is not None and number.beside_last and amount < best[1].amount <= _DEEPEST_SALE * amount
        if best is None or number.rank < best[0] or is_sale:
            best = number.rank, Price(amount, decided, shown)
    return best[1] if best else None


def parse_amount(
    text: str, *, currency: str | None = None, country: str | None = None, decimal_separator: str | None = None
) -> Decimal | None:
    """The amount of the first price that a text shows.

    >>> parse_amount("1'299.– CHF")
    Decimal('1299')
    """
    price = parse_price(text, currency=currency, country=country, decimal_separator=decimal_separator)
    return price.amount if price else None


def parse_machine_amount(value: object, *, currency: str | None = None) -> Decimal | None:
    """The amount that JSON-LD, meta or microdata content states, where a dot is a decimal mark.

    Only a currency whose shops use no decimals, or few, turns `24.990` into thousands. Floats lose their binary noise.
    None for 0, which shops write where they mean no price; see `parse_shipping_price`.

    >>> parse_machine_amount(29.990000000000002), parse_machine_amount("24.990", currency="CLP")
    (Decimal('29.99'), Decimal('24990'))
    """
    if isinstance(value, str):
        return _machine_text_amount(value[:_MOST_TEXT].strip(), _iso_code(currency))
    if isinstance(value, Decimal):
        is_amount = value.is_finite() and 0 < value <= _MOST_AMOUNT
        return _machine_text_amount(f"{value:.{_FLOAT_DIGITS}g}", _iso_code(currency)) if is_amount else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _in_bounds(Decimal(f"{value:.{_FLOAT_DIGITS}g}")) if 0 < value <= _MOST_AMOUNT else None


def parse_shipping_price(value: object, *, currency: str | None = None) -> Decimal | None:
    """As `parse_machine_amount`, but that 0 is an amount, and so is `free`, in the languages of shops.

    What is free from some amount on is not known to be free.

    >>> parse_shipping_price("Free shipping"), parse_shipping_price(0.0), parse_shipping_price("4,90 €")
    (Decimal('0'), Decimal('0'), Decimal('4.90'))
    """
    if not isinstance(value, bool) and isinstance(value, int | float | Decimal):
        return Decimal(0) if value == 0 else parse_machine_amount(value, currency=currency)
    if not isinstance(value, str):
        return None
    reading = _normalised(_shown(value))
    if _NOTHING.fullmatch(_without_signs(reading)):
        return Decimal(0)
    amount = parse_machine_amount(value, currency=currency)
    if not _FREE_OF_CHARGE.search(reading):
        return amount
    return Decimal(0) if amount is None else None


def _without_signs(reading: str) -> str:
    return _TOKEN.sub(lambda token: "" if token.lastgroup == "sign" else token[0], reading).strip()


def parse_currency(text: str, *, country: str | None = None) -> str | None:
    """The ISO 4217 code that a text names by code, sign or word.

    >>> parse_currency("eur"), parse_currency("12 $"), parse_currency("12 $", country="au")
    ('EUR', None, 'AUD')
    """
    if code := _iso_code(text):
        return code
    reading = _normalised(_shown(text))
    if code := _iso_code(reading):
        return code
    signs = [token[0] for token in _TOKEN.finditer(reading) if token.lastgroup == "sign"]
    return _decide(signs, None, _COUNTRY_CURRENCY.get((country or "").lower()))


def possible_currencies(text: str) -> frozenset[str]:
    """All that the signs of a text may mean; one if any of them is that of one currency only.

    >>> sorted(possible_currencies("12 kr")), possible_currencies("US$ 5"), possible_currencies("5")
    (['DKK', 'ISK', 'NOK', 'SEK'], frozenset({'USD'}), frozenset())
    """
    names = [token[0].rstrip(".") for token in _TOKEN.finditer(_normalised(_shown(text))) if token.lastgroup == "sign"]
    certain = _decide([name for name in names if not _is_shared(name)], None, None)
    if certain:
        return frozenset({certain})
    meanings = {code for name in names for code in (*_SHARED.get(name.casefold(), ()), _meaning(name, None)) if code}
    return frozenset(meanings)


def currency_of_country(country: str) -> str | None:
    """What is paid with in a country, ISO 3166.

    >>> currency_of_country("se"), currency_of_country("GB")
    ('SEK', 'GBP')
    """
    return _COUNTRY_CURRENCY.get(country.lower())


def is_thousands_mark(mark: str, currency: str | None) -> bool | None:
    """What a mark before three digits is by the habits of a currency; None where these leave it open.

    >>> is_thousands_mark(".", "CLP"), is_thousands_mark(",", "TND"), is_thousands_mark(".", "EUR")
    (True, False, None)
    """
    if mark in _THREE_DECIMALS.get(currency or "", ""):
        return False
    return True if currency in (_DOT_GROUPS if mark == "." else _NO_DECIMALS) else None


def _shown(text: str) -> str:
    shown = " ".join(text[:_MOST_TEXT].split())
    return shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN].rpartition(" ")[0]


_LOOKALIKES = str.maketrans(dict.fromkeys("’‘ʼʻ′`´", "'") | {"−": "-", "،": ",", "·": ".", "‚": ","})


def _normalised(shown: str) -> str:
    """One way of writing: ASCII digits, plain signs, no invisible characters, `_CENTS` where cents are set apart."""
    text = shown.translate(_LOOKALIKES)
    if not (text.isascii() and text.isprintable()):
        text = _RAISED_CENTS.sub(lambda cents: " " + cents[0], text)
        text = _RAISED.sub(lambda note: note[0] if len(note[0]) == 2 else "", text)
        text = unicodedata.normalize("NFKC", text)
        text = "".join(str(unicodedata.decimal(c, c)) for c in text if unicodedata.category(c) not in ("Cf", "Cc"))
    if "$" in text:
        text = _SPACED_DOLLAR.sub(lambda place: place[1] or "", text)
    text = _SIGN_FOR_MARK.sub(rf"\1{_CENTS}\2€", text)
    return _SPLIT_CENTS.sub(rf"\1\2{_CENTS}\3", text) if _MAY_BE_SPLIT.search(text) else text


@dataclass(frozen=True, slots=True)
class _Number:
    """A number that may be a price."""

    text: str
    signs: list[str]
    """Its own, then those of the text that belong to no number."""
    rank: int = 0
    """0 with a sign of its own, 1 if that price is old or without tax, 2 if it is written as money, else 3;
    4 for a price per kilogram, litre or metre."""
    beside_last: bool = False
    """Whether it is the second of just two prices that stand side by side."""


def _plain_number(shown: str) -> tuple[_Number, ...]:
    plain = _PLAIN.fullmatch(shown)
    if plain is None:
        return ()
    signs = [sign for sign in plain.group(1, 3) if sign]
    return (_Number(plain[2], signs),) if len(signs) < 2 and _WHOLE_SIGNS.issuperset(signs) else ()


def _any_numbers(shown: str) -> Iterable[_Number]:
    if not any(map(str.isnumeric, shown)):
        return ()
    reading = _normalised(shown)
    return () if _FREE.match(reading) else _numbers(reading)


def _numbers(text: str) -> Iterator[_Number]:
    tokens = list(_TOKEN.finditer(text))
    if all(token.lastgroup == "number" for token in tokens) and _DIALLED.search(text):
        text = _DIALLED.sub(_without_telephone, text)
        tokens = list(_TOKEN.finditer(text))
    bound, loose = _bind(text, tokens)
    for place, token in enumerate(tokens):
        is_bound = place in bound
        if token.lastgroup == "number" and not _is_other(text, token, is_bound=is_bound):
            beside = len(bound) == 2 and is_bound and _is_beside(text, tokens, place)
            yield _Number(token[0], bound.get(place, []) + loose, _rank(text, token, is_bound=is_bound), beside)


def _without_telephone(dialled: re.Match[str]) -> str:
    """Nothing, unless there are too few digits for a telephone, or they are grouped by thousands."""
    is_short = sum(map(str.isdigit, dialled[0])) < _FEWEST_DIALLED
    return dialled[0] if is_short or _THOUSANDS.fullmatch(dialled[0]) else ""


def _is_beside(text: str, tokens: list[re.Match[str]], place: int) -> bool:
    """Whether only signs and spaces stand between the number before this place and the number at it."""
    before = place - 1
    while before >= 0 and tokens[before].lastgroup == "sign":
        before -= 1
    gaps = [_gap(text, tokens, between) or "" for between in range(before, place)]
    return before >= 0 and not "".join(gaps).strip(" /|")


def _bind(text: str, tokens: list[re.Match[str]]) -> tuple[dict[int, list[str]], list[str]]:
    """Which signs belong to the number at which place, and which to none. A sign belongs to its nearest number."""
    bound: dict[int, list[str]] = {}
    loose: list[str] = []
    for place, token in enumerate(tokens):
        if token.lastgroup != "sign":
            continue
        gaps = {place - 1: _gap(text, tokens, place - 1), place + 1: _gap(text, tokens, place)}
        near = [
            (len(gap), other in bound, other)
            for other, gap in gaps.items()
            if gap is not None and tokens[other].lastgroup == "number" and _GAP.fullmatch(gap)
        ]
        if near:
            bound.setdefault(min(near)[2], []).append(token[0])
        else:
            loose.append(token[0])
    for place in range(len(tokens) - 2, -1, -1):
        if place not in bound and place + 1 in bound and _is_range(text, *tokens[place : place + 2]):
            bound[place] = bound[place + 1]
    return bound, loose


def _gap(text: str, tokens: list[re.Match[str]], place: int) -> str | None:
    """What stands between the token at this place and the next."""
    return text[tokens[place].end() : tokens[place + 1].start()] if 0 <= place < len(tokens) - 1 else None


def _is_range(text: str, low: re.Match[str], high: re.Match[str]) -> bool:
    """Whether two tokens are the ends of a price range, unlike `Model 5 - 899 €`."""
    if low.lastgroup != "number" or not _RANGE.fullmatch(text, low.end(), high.start()):
        return False
    start, end = _decimal(low[0], None, None), _decimal(high[0], None, None)
    return start is not None and end is not None and start < end <= _WIDEST_RANGE * start


def _is_other(text: str, number: re.Match[str], *, is_bound: bool) -> bool:
    """Whether a number is a saving, a percentage, in thousands or, without a sign of its own, a count or a measure."""
    before, after = text[: number.start()], text[number.end() :]
    if _NOT_A_PRICE_AFTER.match(after) or _MINUS_BEFORE.search(before) or _SAVING_BEFORE.search(before):
        return True
    return not is_bound and bool(_COUNTED_AFTER.match(after) or _NAMED_BEFORE.search(before))


def _rank(text: str, number: re.Match[str], *, is_bound: bool) -> int:
    if _UNIT_PRICE_AFTER.match(text, number.end()):
        return 4
    if is_bound:
        return 1 if _is_second_choice(text, number) else 0
    return 2 if re.search(r"\D\d\d$", number[0]) or _MONEY_AFTER.match(text, number.end()) else 3


def _is_second_choice(text: str, number: re.Match[str]) -> bool:
    """Whether a price is said to be an old one, or one without tax."""
    before = text[: number.start()]
    return bool(
        _OLD_BEFORE.search(before) or _UNTAXED_BEFORE.search(before) or _UNTAXED_AFTER.match(text, number.end())
    )


def _iso_code(text: str | None) -> str | None:
    code = (text or "").strip().upper()
    return code if code in CURRENCIES else None


def _is_shared(sign: str) -> bool:
    return sign in _INITIALS or (sign not in _CASED and sign.casefold() in _SHARED)


def _meaning(sign: str, home: str | None) -> str | None:
    if home and home in _SHARED.get(sign.casefold(), ()):
        return home
    return _CASED.get(sign) or _INITIALS.get(sign) or _SIGNS.get(sign.casefold()) or _iso_code(sign)


def _decide(signs: list[str], known: str | None, home: str | None) -> str | None:
    """The currency of the first sign that only one has; else what is known; else what the country makes of them."""
    names = [sign.rstrip(".") for sign in signs]
    certain = (_meaning(name, None) for name in names if not _is_shared(name))
    likely = (_meaning(name, home) for name in names)
    return next(filter(None, certain), None) or known or next(filter(None, likely), None)


def _decimal(number: str, currency: str | None, decimal_separator: str | None) -> Decimal | None:
    mark = decimal_separator or _decimal_mark(number, currency)
    if _CENTS in number:
        if currency is None or currency in _NO_DECIMALS or currency in _THREE_DECIMALS:
            return None
        mark = _CENTS
    whole, _, decimals = number.rpartition(mark) if mark and mark in number else (number, "", "")
    if not _GROUPED.fullmatch(whole or "0") or not (decimals or "0").isdigit():
        return None
    return _in_bounds(Decimal(f"{re.sub(r'[^0-9]', '', whole) or 0}.{decimals}"))


def _decimal_mark(number: str, currency: str | None) -> str | None:
    """Which separator of a number begins its decimals; None if all separate thousands."""
    separators: list[str] = re.findall(r"[.,٫]", number)
    if not separators:
        return None
    mark = separators[-1]
    whole, _, decimals = number.rpartition(mark)
    is_group = len(decimals) == 3 and mark != "٫" and mark not in _THREE_DECIMALS.get(currency or "", "")
    if is_group and (separators.count(mark) > 1 or re.fullmatch(r"[1-9]\d{0,2}", whole)):
        return None
    return mark


def _machine_text_amount(text: str, currency: str | None) -> Decimal | None:
    if power := _EXPONENT.fullmatch(text):
        return _in_bounds(Decimal(f"{Decimal(text):f}")) if len(power[1]) <= _MOST_POWER else None
    is_grouped = currency in _DOT_GROUPS and re.fullmatch(r"\d{1,3}\.\d{3}", text)
    if not is_grouped and re.fullmatch(r"\d{1,16}(?:\.\d{1,20})?", text, re.ASCII):
        return _in_bounds(Decimal(text if len(text) <= _FLOAT_DIGITS else f"{float(text):.{_FLOAT_DIGITS}g}"))
    return parse_amount(text, currency=currency)


def _in_bounds(amount: Decimal) -> Decimal | None:
    return amount if 0 < amount <= _MOST_AMOUNT else None
