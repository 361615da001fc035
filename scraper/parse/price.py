"""Displayed text and machine values -> amount and currency, for the shops of the whole world."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scraper.parse.currencies import (
    ALSO_WORDS,
    BY_COUNTRY,
    CASED,
    CURRENCIES,
    DOT_GROUPS,
    INITIALS,
    NO_DECIMALS,
    SHARED,
    SIGNS,
    THREE_DECIMALS,
)

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


_ANY_CASE = SIGNS.keys() | SHARED.keys() | {code.lower() for code in CURRENCIES} - ALSO_WORDS
_SIGN = "(?:{}|{})".format(
    _any_of(
        CURRENCIES | CASED.keys() | {form for sign in _ANY_CASE for form in (sign, sign.upper(), sign.capitalize())}
    ),
    rf"(?<!\w)[{''.join(INITIALS)}](?=\s?\d)",
)
_CENTS = "\x1f"
"""Stands for the decimal mark that is no more than a change of size: 12 <sup>99</sup>."""

_COUNTED = (
    r"\s?(?:[x×]|\*(?=\s?\d)|[kmc]?g|[mc]?l|[mck]?m|[kmgt]b|mah|k?w|v|k?hz|mp|oz|lbs?|inch|[\"″]|packs?|pcs?|pieces?|items?|stk|stück"
    r"|st|szt|ks|шт|db|for|für|pour|per|por|years?|days?|months?|hours?|reviews?|stars?|ratings?|sold|left)"
    rf"(?!{_LETTER})"
)
"""What makes the number before it a count or a measure."""

_TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:\ \d{{3}}(?!\d))+(?:[.,٫{_CENTS}]\d+)?|\d+(?:[.,'٫٬{_CENTS}]\d+)*|(?<!\d)\.\d\d(?!\d))"
    rf"|(?P<sign>{_SIGN})"
)
_SPLIT_CENTS = re.compile(
    rf"({_SIGN}\s?)?(?<![\d.,])(\d{{1,3}}(?:[., ]\d{{3}})+|\d+)(?: ([.,]?) ?|([.,]) )(\d\d)(?!\s?[.,]?[\d%])"
    rf"(?(1)(?!(?i:{_COUNTED}))|(?=\s?(?:$|{_SIGN})))"
)
_MAY_BE_SPLIT = re.compile(r"\d(?: [.,]? ?|[.,] )\d\d")
_SPACED_DOLLAR = re.compile(r"\b(US|AU|CA|HK|MX|NT|NZ) (?=\$)|(?<=\$) (?=(?:US|CA)\b)")
_SIGN_FOR_MARK = re.compile(r"(\d)€(?: (?=\d\d$))?(\d\d)(?![\d.,%€])")
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
_LETTERS_BEFORE = re.compile(rf"{_LETTER}-$")
_LETTERS_AFTER = re.compile(rf"-{_LETTER}")
_OLD_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:was|rrp|msrp|srp|uvp|pvp|statt|instead of|list price|regular price|regular|originally|ehemals"
    r"|bisher|au lieu de|avant|antes|prima|anziché|van|voor|tidligere|før|tidigare|ord\.? ?pris|stara cena|zamiast"
    r"|původně|běžná cena|старая цена|вместо|eski fiyat)\W{0,2}(?:[^\s\d]{1,4} ?)?"
    r"(?:\d[\d.,]{0,12} ?[-–—] ?(?:[^\s\d]{1,4} ?)?)?$",
    re.I,
)
_TAX = r"(?:vat|tax|gst|btw|iva|mwst\.?|ust\.?|moms|mva|tva|dph|pdv|kdv|ндс|пдв|φπα)"
_UNTAXED_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?:(?:ex(?:cl?)?|excluding|without|ohne|sans|sin|senza|bez|zonder|без|χωρίς)\.? ?{_TAX}|net|netto)"
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
_PENCE = re.compile(r"(?<![\w.,£])([1-9]\d?(?:\.\d)?)p(?!\w)")
_FEWEST_DIALLED = 7
_MOST_POWER = 2
_THOUSANDS = re.compile(r"\+?[1-9]\d{0,2}(?:[ .]\d{3})+(?:[ \x1f]\d\d)?")
_ENDS_IN_CENTS = re.compile(r"\D\d\d$")
_MACHINE = re.compile(r"\d{1,16}(?:\.\d{1,20})?", re.ASCII)
_EXPONENT = re.compile(r"\d{1,16}(?:\.\d{1,20})?e[+-]?(\d{1,20})", re.I | re.ASCII)


_WHOLE_SIGNS = frozenset(
    sign
    for sign in CURRENCIES | CASED.keys() | {form for s in _ANY_CASE for form in (s, s.upper(), s.capitalize())}
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
    home = BY_COUNTRY.get((country or "").lower())
    best: tuple[int, Price] | None = None
    for number in _plain_number(shown) or _any_numbers(shown):
        decided = _decide(number.signs, known, home)
        amount = _decimal(number.text, decided or home, decimal_separator)
        if amount is None:
            continue
        is_sale = best is not None and number.beside_last and amount < best[1].amount <= _DEEPEST_SALE * amount
        if best is None or number.rank < best[0] or is_sale:
            best = number.rank, Price(amount, decided, shown)
    return best[1] if best else _in_pence(shown, known or home)


def _in_pence(shown: str, currency: str | None) -> Price | None:
    """85p, in the country of the pound."""
    pence = _PENCE.search(shown) if currency == "GBP" else None
    return Price(Decimal(pence[1]) / 100, currency, shown) if pence else None


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
    return _decide(signs, None, BY_COUNTRY.get((country or "").lower()))


def possible_currencies(text: str) -> frozenset[str]:
    """All that the signs of a text may mean; one if any of them is that of one currency only.

    >>> sorted(possible_currencies("12 kr")), possible_currencies("US$ 5"), possible_currencies("5")
    (['DKK', 'ISK', 'NOK', 'SEK'], frozenset({'USD'}), frozenset())
    """
    names = [token[0].rstrip(".") for token in _TOKEN.finditer(_normalised(_shown(text))) if token.lastgroup == "sign"]
    certain = _decide([name for name in names if not _is_shared(name)], None, None)
    if certain:
        return frozenset({certain})
    meanings = {code for name in names for code in (*SHARED.get(name.casefold(), ()), _meaning(name, None)) if code}
    return frozenset(meanings)


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
    return _SPLIT_CENTS.sub(_joined, text) if _MAY_BE_SPLIT.search(text) else text


def _joined(split: re.Match[str]) -> str:
    """An amount and its cents; a dot between them is a decimal mark, whatever the spaces around it."""
    sign, whole, mark, other_mark, cents = split.groups(default="")
    return f"{sign}{whole}{'.' if '.' in (mark, other_mark) else _CENTS}{cents}"


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
    if _LETTERS_BEFORE.search(before) and _LETTERS_AFTER.match(after):
        return True
    if _NOT_A_PRICE_AFTER.match(after) or _MINUS_BEFORE.search(before) or _SAVING_BEFORE.search(before):
        return True
    return not is_bound and bool(_COUNTED_AFTER.match(after) or _NAMED_BEFORE.search(before))


def _rank(text: str, number: re.Match[str], *, is_bound: bool) -> int:
    if _UNIT_PRICE_AFTER.match(text, number.end()):
        return 4
    if is_bound:
        return 1 if _is_second_choice(text, number) else 0
    is_money = _ENDS_IN_CENTS.search(number[0]) or _MONEY_AFTER.match(text, number.end())
    return 2 if is_money and not _OLD_BEFORE.search(text[: number.start()]) else 3


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
    return sign in INITIALS or (sign not in CASED and sign.casefold() in SHARED)


def _excludes(sign: str, known: str | None) -> bool:
    """Whether a sign is of several currencies, but not of this one."""
    return known is not None and known not in SHARED.get(sign.casefold(), (known,))


def _meaning(sign: str, home: str | None) -> str | None:
    if home and home in SHARED.get(sign.casefold(), ()):
        return home
    return CASED.get(sign) or INITIALS.get(sign) or SIGNS.get(sign.casefold()) or _iso_code(sign)


def _decide(signs: list[str], known: str | None, home: str | None) -> str | None:
    """The currency of the first sign that only one has; else what is known; else what the country makes of them.

    A shared sign that cannot mean what is known means what it mostly does: `£` is no dollar.
    """
    names = [sign.rstrip(".") for sign in signs]
    certain = (_meaning(name, None) for name in names if not _is_shared(name) or _excludes(name, known))
    likely = (_meaning(name, home) for name in names)
    return next(filter(None, certain), None) or known or next(filter(None, likely), None)


def _decimal(number: str, currency: str | None, decimal_separator: str | None) -> Decimal | None:
    mark = decimal_separator or _decimal_mark(number, currency)
    if _CENTS in number:
        if currency is None or currency in NO_DECIMALS or currency in THREE_DECIMALS:
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
    is_group = len(decimals) == 3 and mark != "٫" and mark not in THREE_DECIMALS.get(currency or "", "")
    if is_group and (separators.count(mark) > 1 or re.fullmatch(r"[1-9]\d{0,2}", whole)):
        return None
    return mark


def _machine_text_amount(text: str, currency: str | None) -> Decimal | None:
    if power := _EXPONENT.fullmatch(text):
        return _in_bounds(Decimal(f"{Decimal(text):f}")) if len(power[1]) <= _MOST_POWER else None
    is_grouped = currency in DOT_GROUPS and re.fullmatch(r"\d{1,3}\.\d{3}", text)
    if not is_grouped and _MACHINE.fullmatch(text):
        return _in_bounds(Decimal(text if len(text) <= _FLOAT_DIGITS else f"{float(text):.{_FLOAT_DIGITS}g}"))
    return parse_amount(text, currency=currency)


def _in_bounds(amount: Decimal) -> Decimal | None:
    return amount if 0 < amount <= _MOST_AMOUNT else None
