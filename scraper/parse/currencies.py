"""The currencies of the world as shops write them: codes, signs, whose they are, how many decimals they have."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
"""ISO 4217, active codes that money is paid in, and BGN, which pages still show beside the euro."""

NO_DECIMALS = _words(
    """
    AFN ALL AMD BIF CLP COP CRC DJF GNF HUF IDR IQD IRR ISK JPY KHR KMF KRW LAK LBP MGA MMK MNT PYG RSD RWF SOS SYP TZS
    UGX UZS VND VUV XAF XOF XPF YER
    """
)
"""In shops, whatever ISO 4217 says: nobody prices in fractions of these."""

DOT_GROUPS = NO_DECIMALS | _words("ARS CVE DZD MKD")
"""A few units of these buy nothing: where their shops write a dot before three digits, it groups thousands."""

THREE_DECIMALS = {"BHD": ".", "JOD": ".", "KWD": ".", "LYD": ".,", "OMR": ".", "TND": ".,"}
"""Which marks stand before three decimals."""

BY_COUNTRY = dict(
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

SIGNS = {
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
        "CAD": "C$ CA$ CAN$ CAD$ CDN$ $CA $CAD",
        "CHF": "franken",
        "CLP": "CLP$ $CLP",
        "CNY": "元 圆 人民币 块 RMB CN¥ yuan",
        "COP": "COP$ $COP",
        "CRC": "₡ colones",
        "CZK": "kč kc korun",
        "DKK": "dkr",
        "DOP": "RD$",
        "DZD": "د.ج دج",
        "EGP": "ج.م E£ جنيه",
        "ETB": "ብር",
        "EUR": "€ euro euros eiro eurot euroa eurų evra ευρώ евро يورو ユーロ 欧元 유로",
        "FJD": "FJ$",
        "GBP": "£",
        "GEL": "₾ ლარი ლ лари lari",
        "GHS": "₵ GH₵ GH¢ GHC cedis",
        "GTQ": "quetzales",
        "GYD": "G$ GY$",
        "HKD": "HK$ 港元 港幣",
        "HNL": "lempiras",
        "HUF": "forint",
        "IDR": "Rp rupiah",
        "ILS": "₪ ש\"ח ש״ח ש'ח ש''ח שח NIS",
        "INR": "₹",
        "IQD": "د.ع ع.د",
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
        "LYD": "د.ل ل.د",
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
        "SDG": "ج.س",
        "SEK": "skr kronor",
        "SGD": "S$ SG$",
        "SYP": "ل.س",
        "THB": "฿ บาท baht",
        "TJS": "сомонӣ сомони",
        "TND": "د.ت",
        "TRY": "₺ TL lira",
        "TTD": "TT$",
        "TWD": "NT$ NTD 新台幣 台幣",
        "UAH": "₴ грн гривень гривні гривна hrn",
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
"""What signs and names mean. Case is ignored; a dot may follow letters."""

SHARED = {
    sign: _words(codes)
    for signs, codes in {
        "$": "ARS AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN NAD NIO NZD SBD SGD SRD TTD "
        "TWD USD UYU XCD",
        "dollar dollars": "AUD CAD HKD NZD SGD TWD USD",
        "£": "EGP FKP GBP GIP LBP SDG SHP SSP SYP",
        "¥": "CNY JPY",
        "元": "CNY HKD TWD",
        "圓": "HKD TWD",
        "c$": "CAD NIO",
        "kr": "DKK ISK NOK SEK",
        "kroner": "DKK NOK",
        "rs": "INR LKR MUR NPR PKR SCR",
        "rupees": "INR LKR MUR NPR PKR SCR",
        "ரூ": "INR LKR",
        "रु रू": "INR NPR",
        "peso pesos": "ARS CLP COP CUP DOP MXN PHP UYU",
        "bs": "BOB VES",
        "br": "BYN ETB",
        "руб рублей р": "BYN RUB",
        "lei": "MDL RON",
        "сом": "KGS TJS",
        "manat": "AZN TMT",
        "dh dhs dirham dirhams درهم": "AED MAD",
        "دينار": "BHD DZD IQD JOD KWD LYD TND",
        "ريال ریال": "IRR OMR QAR SAR YER",
        "جنيه": "EGP SDG",
        "cfa fcfa": "XAF XOF",
    }.items()
    for sign in signs.split()
}
"""Signs of several currencies: the country decides, then the table above, then nobody."""

CASED = dict(
    pair.split(":")
    for pair in _words(
        """
        BD:BHD BsF:VES Bs.S:VES Bs.D:VES DA:DZD DT:TND Fr:CHF fr:CHF FR:CHF SFr:CHF sFr:CHF FRw:RWF Ft:HUF FT:HUF Gs:PYG
        JD:JOD KD:KWD KM:BAM KSh:KES KShs:KES KSH:KES Ksh:KES Kshs:KES Kz:AOA LD:LYD LE:EGP Lps:HNL MRf:MVR MTn:MZN
        NRs:NPR QR:QAR RM:MYR SR:SAR TSH:TZS TSh:TZS Tsh:TZS USH:UGX USh:UGX Ush:UGX VT:VUV Vt:VUV din:RSD Din:RSD
        """
    )
)
"""Ordinary words or units in another case (km, ft), or too short to be sure of."""

INITIALS = {"R": "ZAR", "Q": "GTQ", "L": "HNL", "K": "ZMW"}
"""Signs only before a number, and only where nothing says otherwise."""

ALSO_WORDS = _words("all amd bam bob cad cop cup gel lak mad mop pen ron sos top try")
"""Codes that count only in capitals."""


def currency_of_country(country: str) -> str | None:
    """What is paid with in a country, ISO 3166.

    >>> currency_of_country("se"), currency_of_country("GB")
    ('SEK', 'GBP')
    """
    return BY_COUNTRY.get(country.lower())


def is_thousands_mark(mark: str, currency: str | None) -> bool | None:
    """What a mark before three digits is by the habits of a currency; None where these leave it open.

    >>> is_thousands_mark(".", "CLP"), is_thousands_mark(",", "TND"), is_thousands_mark(".", "EUR")
    (True, False, None)
    """
    if mark in THREE_DECIMALS.get(currency or "", ""):
        return False
    return True if currency in (DOT_GROUPS if mark == "." else NO_DECIMALS) else None
