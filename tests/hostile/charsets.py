"""Texts in every charset of the web, and labels that lie."""

from collections.abc import Callable

from tests.hostile.laboratory import Behaviour, Experiment, Seen
from tests.server import Route, page

CHAIRS = {
    "de": "Stühle für Größen", "ru": "Стул дубовый складной", "el": "Καρέκλα ξύλινη", "ja": "椅子と机のセット", "zh": "橡木椅子和桌子",
    "tw": "橡木椅子與桌子", "ko": "의자와 책상 세트", "he": "כיסא עץ אלון", "ar": "كرسي من خشب", "tr": "Ahşap sandalye ğış", "pl": "Krzesło dębowe żółte",
    "vi": "Ghế gỗ sồi", "th": "เก้าอี้ไม้โอ๊ค", "lt": "Kėdė ąžuolinė šviesi",
}  # fmt: skip


def text(name: str, meta: str = "") -> str:
    """A page that shows a product, whose name stands in a heading too."""
    return (
        f'<!doctype html><html><head>{meta}<title>{name}</title><script type="application/ld+json">{{"@type": "Product",'
        f' "name": "{name}", "offers": {{"price": "9.99", "priceCurrency": "EUR"}}}}</script></head><h1>{name}</h1>'
    )


def named(name: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.rows[0]["name"] == name, seen.rows[0]["name"]
        assert seen.json_rows[0]["name"] == name

    return check


def served(body: bytes, charset: str | None) -> Route:
    return page(body, Content_Type="text/html" if charset is None else f"text/html; charset={charset}")


def by_header(label: str, codec: str, name: str) -> Behaviour:
    return Behaviour(f"header {label}", {"/": served(text(name).encode(codec), label)}, "ok", 1, named(name))


def by_meta(label: str, codec: str, name: str) -> Behaviour:
    meta = f"<meta charset={label}>"
    return Behaviour(f"meta {label}", {"/": served(text(name, meta).encode(codec), None)}, "ok", 1, named(name))


def marked(name: str, mark: bytes, codec: str, charset: str | None) -> Behaviour:
    chair = CHAIRS["ru"]
    return Behaviour(name, {"/": served(mark + text(chair).encode(codec), charset)}, "ok", 1, named(chair))


def mislabelled(label: str) -> Behaviour:
    """A label that browsers do not know counts as none, whatever Python knows."""
    chair = CHAIRS["de"]
    return Behaviour(f"label {label}", {"/": served(text(chair).encode(), label)}, "ok", 1, named(chair))


HTTP_EQUIV = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'

BEHAVIOURS = (
    by_header("utf-8", "utf-8", CHAIRS["ja"]),
    by_header("UTF8", "utf-8", CHAIRS["ru"]),
    by_header('"utf-8"', "utf-8", CHAIRS["ko"]),
    by_header("'utf-8'", "utf-8", CHAIRS["el"]),
    by_header("utf-16", "utf-16-le", CHAIRS["ru"]),
    by_header("utf-16le", "utf-16-le", CHAIRS["ja"]),
    by_header("utf-16be", "utf-16-be", CHAIRS["ja"]),
    by_header("gb18030", "gb18030", CHAIRS["zh"] + " 𠀀"),
    by_header("gbk", "gbk", CHAIRS["zh"]),
    by_header("gb2312", "gbk", CHAIRS["zh"]),
    by_header("big5", "big5", CHAIRS["tw"]),
    by_header("shift_jis", "shift_jis", CHAIRS["ja"]),
    by_header("windows-31j", "cp932", CHAIRS["ja"] + "①"),
    by_header("euc-jp", "euc_jp", CHAIRS["ja"]),
    by_header("iso-2022-jp", "iso2022_jp", CHAIRS["ja"]),
    by_header("euc-kr", "cp949", CHAIRS["ko"] + "똠"),
    by_header("windows-1250", "cp1250", CHAIRS["pl"]),
    by_header("windows-1251", "cp1251", CHAIRS["ru"]),
    by_header("windows-1252", "cp1252", CHAIRS["de"] + " €"),
    by_header("iso-8859-1", "cp1252", CHAIRS["de"] + " €"),
    by_header("latin1", "cp1252", CHAIRS["de"] + " “x”"),
    by_header("us-ascii", "cp1252", CHAIRS["de"]),
    by_header("windows-1253", "cp1253", CHAIRS["el"]),
    by_header("windows-1254", "cp1254", CHAIRS["tr"]),
    by_header("iso-8859-9", "cp1254", CHAIRS["tr"]),
    by_header("windows-1255", "cp1255", CHAIRS["he"]),
    by_header("windows-1256", "cp1256", CHAIRS["ar"]),
    by_header("windows-1257", "cp1257", CHAIRS["lt"]),
    by_header("windows-874", "cp874", CHAIRS["th"]),
    by_header("tis-620", "cp874", CHAIRS["th"]),
    by_header("iso-8859-2", "iso8859_2", CHAIRS["pl"]),
    by_header("iso-8859-5", "iso8859_5", CHAIRS["ru"]),
    by_header("iso-8859-15", "iso8859_15", CHAIRS["de"] + " €"),
    by_header("koi8-r", "koi8_r", CHAIRS["ru"]),
    by_header("koi8-u", "koi8_u", "Стілець їжак"),
    by_header("macintosh", "mac_roman", CHAIRS["de"]),
    by_header("x-mac-cyrillic", "mac_cyrillic", CHAIRS["ru"]),
    by_meta("windows-1251", "cp1251", CHAIRS["ru"]),
    by_meta("gb18030", "gb18030", CHAIRS["zh"]),
    by_meta("shift_jis", "shift_jis", CHAIRS["ja"]),
    by_meta("'euc-kr'", "euc_kr", CHAIRS["ko"]),
    by_meta("utf-16", "utf-8", CHAIRS["ru"]),
    Behaviour("meta http-equiv", {"/": served(text(CHAIRS["ru"], HTTP_EQUIV).encode("cp1251"), None)}, "ok", 1,
              named(CHAIRS["ru"])),
    Behaviour("meta in a comment", {"/": served(text(CHAIRS["ru"], "<!-- <meta charset=koi8-r> -->").encode(), None)},
              "ok", 1, named(CHAIRS["ru"])),
    Behaviour("header before meta", {"/": served(text(CHAIRS["de"], "<meta charset=koi8-r>").encode(), "utf-8")}, "ok", 1,
              named(CHAIRS["de"])),
    Behaviour("unknown header, then meta", {"/": served(text(CHAIRS["ru"], HTTP_EQUIV).encode("cp1251"), "chair")}, "ok", 1,
              named(CHAIRS["ru"])),
    marked("mark of UTF-8", b"\xef\xbb\xbf", "utf-8", None),
    marked("mark of UTF-16LE", b"\xff\xfe", "utf-16-le", None),
    marked("mark of UTF-16BE", b"\xfe\xff", "utf-16-be", None),
    marked("mark of UTF-8 against the header", b"\xef\xbb\xbf", "utf-8", "iso-8859-1"),
    marked("mark of UTF-16LE against the header", b"\xff\xfe", "utf-16-le", "utf-8"),
    marked("mark of UTF-16BE against the header", b"\xfe\xff", "utf-16-be", "windows-1251"),
    *map(mislabelled, ("zlib_codec", "zlib", "rot13", "rot_13", "unicode_escape", "raw_unicode_escape", "base64", "hex_codec",
                       "bz2", "quopri", "uu", "idna", "punycode", "utf-7", "undefined", "mbcs", "oem", "charmap", "utf_8_sig",
                       "cp037", "utf-32", "chair", "%00", "x" * 5000, "../../etc/passwd")),
    Behaviour("meta zlib_codec", {"/": served(text(CHAIRS["de"], "<meta charset=zlib_codec>").encode(), None)}, "ok", 1,
              named(CHAIRS["de"])),
    Behaviour("nothing said, UTF-8", {"/": served(text(CHAIRS["ko"]).encode(), None)}, "ok", 1, named(CHAIRS["ko"])),
    Behaviour("nothing said, windows-1251", {"/": served(text(CHAIRS["ru"]).encode("cp1251"), None)}, "ok", 1,
              named(CHAIRS["ru"])),
    Behaviour("nothing said, Shift_JIS", {"/": served(text(CHAIRS["ja"]).encode("shift_jis"), None)}, "ok", 1,
              named(CHAIRS["ja"])),
    Behaviour("utf-8, with a byte that is none", {"/": served(text("Chair").encode().replace(b"</h1>", b" \xff</h1>"), "utf-8")},
              "ok", 1, named("Chair")),
    Behaviour("utf-8 that is windows-1252", {"/": served(text("Stühle").encode("cp1252"), "utf-8")}, "ok"),
    Behaviour("utf-16 of an odd length", {"/": served(text("Chair").encode("utf-16-le") + b"x", "utf-16")}, "ok", 1,
              named("Chair")),
    Behaviour("utf-16 with half a pair", {"/": served(text("Chair").encode("utf-16-le") + b"\x00\xd8", "utf-16")}, "ok", 1,
              named("Chair")),
    Behaviour("surrogates in UTF-8", {"/": served(text("Chair \ud83d\ude00").encode("utf-8", "surrogatepass"), "utf-8")}),
    Behaviour("iso-2022-jp with escapes only", {"/": served(b"\x1b$B\x1b(B" * 9999 + text("Chair").encode(), "iso-2022-jp")},
              "ok", 1, named("Chair")),
    Behaviour("a page without one letter of a known charset", {"/": served(bytes(range(128, 256)) * 999, None)},
              "not_product no_product"),
)  # fmt: skip

EXPERIMENTS = (Experiment("charsets", BEHAVIOURS, ("--ignore-robots",)),)
