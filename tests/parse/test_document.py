"""Bytes to text, tree and absolute URLs."""

import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.parse import document
from scraper.parse.document import cut_where_bottomless, decode, join_url
from tests.parse.pages import document_of

CHARSETS = [
    ("BOM over header", "\ufeffé".encode(), "text/html; charset=windows-1251", "é"),
    ("UTF-16 BOM", "Größe".encode("utf-16"), None, "Größe"),
    ("UTF-16 BOM over header", "Größe".encode("utf-16"), "text/html; charset=utf-8", "Größe"),
    ("header over meta", '<meta charset="utf-8">Ünye'.encode("iso-8859-9"), "text/html;charset=ISO-8859-9", "Ünye"),
    ("quoted header", "цена".encode("koi8-r"), 'text/html; charset="KOI8-R"', "цена"),
    (
        "unknown header, meta",
        '<meta charset="gb18030">价格㐀'.encode("gb18030"),
        "text/html; charset=nonsense",
        "价格㐀",
    ),
    ("gb2312 means gb18030", '<meta charset="gb2312">㐀'.encode("gb18030"), None, "㐀"),
    (
        "http-equiv",
        "<meta http-equiv=Content-Type content='text/html; charset=Shift_JIS'>弁当".encode("shift_jis"),
        None,
        "弁当",
    ),
    ("windows-1251", '<meta charset="windows-1251">цена'.encode("windows-1251"), "text/html", "цена"),
    ("latin1 means windows-1252", '<meta charset="latin1">5 €'.encode("windows-1252"), None, "5 €"),
    ("meta cannot be UTF-16", '<meta charset="utf-16">5 €'.encode(), None, "5 €"),
    ("strict UTF-8 without a label", "5 € für 日本".encode(), "text/html", "5 € für 日本"),
    ("Python's own codecs are no charsets", b'<meta charset="rot13">price', "text/html; charset=zlib_codec", "price"),
    (
        "meta in a comment",
        b"<!-- <meta charset=koi8-r> -->" + '<meta charset="cp1251">цена'.encode("cp1251"),
        None,
        "цена",
    ),
    ("meta after an empty comment", b"<!--><meta charset=cp1251><!-- -->" + "цена".encode("cp1251"), None, "цена"),
    ("meta past the window", b" " * 5_000 + '<meta charset="koi8-r">é'.encode(), None, "é"),
]


@pytest.mark.parametrize(
    ("body", "header", "expected"), [case[1:] for case in CHARSETS], ids=[case[0] for case in CHARSETS]
)
def test_charset_precedence(body: bytes, header: str | None, expected: str) -> None:
    """BOM, header, meta element, strict UTF-8: the first that names a charset of the web decides."""
    assert decode(body, header).endswith(expected)


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", "Чайник стальной, объём два литра. Добавить товар в корзину, доставка завтра утром."),
        ("shift_jis", "ステンレスのやかん、容量は二リットルです。商品をカートに入れる。明日の朝にお届けします。"),
        ("gb18030", "不锈钢水壶，容量两升。加入购物车，明天早上送货。价格包括税费，可以退货。"),
    ],
)
def test_undeclared_charset_is_detected(charset: str, text: str) -> None:
    """Bytes without any label that are no UTF-8 are read as what they look like."""
    assert decode(f"<html><p>{text}</p>".encode(charset), None) == f"<html><p>{text}</p>"


def test_undecodable_bytes_become_replacement_characters() -> None:
    """A declared charset is kept even where single bytes break it."""
    assert decode(b"caf\xff", "text/html; charset=utf-8") == "caf\ufffd"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/i/a.jpg", "https://shop.example/i/a.jpg"),
        (" //cdn.example/a b.jpg\n", "https://cdn.example/a%20b.jpg"),
        ("data:image/png;base64,AAAA", None),
        ("javascript:void(0)", None),
        ("http://[bad", None),
        ("ftp://shop.example/a.jpg", None),
    ],
)
def test_urls_are_absolute_http(url: str, expected: str | None) -> None:
    """Relative URLs are resolved; what is no http(s) URL is none."""
    assert join_url("https://shop.example/p/1", url) == expected


def test_base_element_rules_relative_urls() -> None:
    """URLs are relative to the base element, itself relative to the page."""
    document = document_of('<base href="/de/">', url="https://shop.example/p/1")
    assert document.absolute_url("i/a.jpg") == "https://shop.example/de/i/a.jpg"


def test_scripts_are_the_elements_with_a_content() -> None:
    """In a comment there is none, an unclosed one goes to the end, and tags are read in either case."""
    body = "<!-- <script>a</script> --><SCRIPT id=x Type=Text/JSON>b</SCRIPT><script src=c></script><script>d < 1"
    scripts = document_of(body).scripts
    assert [(dict(one.attributes), one.kind, one.text) for one in scripts] == [
        ({"id": "x", "type": "Text/JSON"}, "text/json", "b"), ({}, "", "d < 1"),
    ]  # fmt: skip


def test_tree_holds_no_script_text() -> None:
    """Scripts and styles are not what a page says."""
    document = document_of("<h1>Cup</h1><script>var price = 5</script><style>p{}</style>")
    assert document.lines == ["Cup"]


def test_jsonld_in_a_comment_is_not_on_the_page() -> None:
    """A commented-out block is no data, one after the comment is."""
    block = '<script type="application/ld+json">{"name": "%s"}</script>'
    document = document_of(f"<!-- {block % 'old'} -->{block % 'new'}")
    assert document.jsonld == [{"name": "new"}]
    assert document_of(f"<!-- {block % 'old'}").jsonld == []
    assert document_of(f"<!-- note -->{block % 'a'}<!-- note -->{block % 'b'}").jsonld == [{"name": "a"}, {"name": "b"}]


def test_ordinary_depth_is_kept_whole() -> None:
    """Only nesting beyond sense is cut."""
    wide = "<div><p>x</p></div>" * 10_000
    assert cut_where_bottomless(wide) == wide
    assert len(cut_where_bottomless("<div>" * 12_000)) < 6_000 * len("<div>")


HOSTILE: dict[str, Callable[[int], str]] = {
    "attributes of one tag": lambda size: f"<p {_counted('a{} ', size)}>",
    "attributes with values": lambda size: "<p " + _counted('a{}="{}" ', size) + ">",
    "attributes between slashes": lambda size: f"<p{_counted('/a{}', size)}",
    "many tags with nearly too many attributes": lambda size: f"<p {_counted('a{} ', 7_000)}>" * (size // 11_000),
    "elements of one name": lambda size: "<div>" * (size // 5),
    "elements of many names": lambda size: _counted("<x{}>", size),
    "elements nested nearly too deep": lambda size: "<div>" * 2_999 + "<div></div>" * (size // 11),
    "end tags that close nothing": lambda size: "<x><div></x>" * (size // 12),
    "tags without an end": lambda size: _counted("<a{}", size),
    "the end of the tag hidden, but not where one would look": lambda size: "<a " + _hidden_attributes(size),
    "a tag within a value of another": lambda size: f"""<a b="<b c='">' d="<p>" {_hidden_attributes(size)}""",
    "a space of another alphabet before a value": lambda size: f'<a b=\xa0" {_hidden_attributes(size)}"',
    "a tag that another's removal makes": lambda size: f'<a b="<b c=\'">\' {"d " * 2_000}>" {_hidden_attributes(size)}',
    "values without an end": lambda size: _counted('<p a="x b={}', size),
}
"""Pages on which an HTML5 parser takes time that grows with the square of their size."""


def _counted(form: str, size: int) -> str:
    """`size` characters, about, of a form with a number for each pair of braces."""
    return "".join(form.replace("{}", str(number)) for number in range(size // (len(form) + 3)))


def _hidden_attributes(size: int) -> str:
    """Attributes, and in all places values that look like the elements of a page."""
    elements = "<p class=x>y</p>" * 300
    return (
        "".join(f'z{number}="{elements}" {_counted(f"a{number}_{{}} ", 9_000)}' for number in range(size // 14_000))
        + ">"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_nesting_and_attributes_take_linear_time(name: str) -> None:
    """Four times the page takes a few times as long, and never seconds."""
    small, large = (min(_seconds(HOSTILE[name](size)) for _ in range(2)) for size in (250_000, 1_000_000))
    assert large < 3
    assert large < 10 * max(small, 0.02)


def _seconds(text: str) -> float:
    start = time.process_time()
    assert document_of(text).tree.body is not None
    return time.process_time() - start


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"<b>x</b><p {'a ' * 3_000}>y", "<b>x</b>y"),
        (f"<b>x</b><p {'a ' * 3_000}><p {'a ' * 3_000}", "<b>x</b>"),
        (f"<script>i<n;{'x = y; ' * 3_000}</script><h1>Cup</h1>", "<script>i</script><h1>Cup</h1>"),
        (f"<p {'a ' * 1_500}>y", None),
        (f"<p a='{'a ' * 300_000}'>y", None),
        (f"<p a={'a' * 300_000}>y", None),
        (f"<script>i<n;{'a;' * 30_000}</script>y", None),
        ("<p><td><li>" * 10_000, None),
        ("<svg>" + "<circle/><br>" * 20_000, None),
    ],
)
def test_only_what_is_endless_is_cut(text: str, kept: str | None) -> None:
    """Thousands of attributes are; long values, code, and tags that nest nothing are not."""
    assert cut_where_bottomless(text) == (text if kept is None else kept)


PIECES = [
    *("<a", "<b ", "</a", ">", "=", '"', "'", " ", "\n", "\xa0", "/", "c", "d="),
    *("='>", '=">"', "<!--", "-->", " e f g h i"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_tag_of_too_many_attributes_is_left(text: str) -> None:
    """However it is quoted: the parser, which is exact, finds none in what is left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_MOST_ATTRIBUTES", 4)
        patch.setattr(document, "_SHORTEST_OVERLOADED", 8)
        left = cut_where_bottomless(text)
    most = max(len(node.attributes) for node in LexborHTMLParser(left).css("*"))
    assert most < 4


@pytest.mark.parametrize(
    ("amount", "line"),
    [
        ("0.99", "$.99"), ("0.99", "$0.99"), ("0.05", "0,05 €"), ("12.345", "KD 12.345"), ("12.500", "12.500 د.ك"),
        ("12.5", "12.50"), ("12", "12.00"), ("1E+3", "1,000"), ("1234567.5", "12,34,567.50"),
    ],
)  # fmt: skip
def test_amount_is_found_however_it_is_written(amount: str, line: str) -> None:
    """Without a digit before its mark, too, and with three decimals."""
    assert document_of(f"<p>{line}</p>").shows(Decimal(amount))


@pytest.mark.parametrize(("amount", "line"), [("19.9", "199"), ("12.5", "12.500"), ("12", "120"), ("0.99", "9.90")])
def test_other_amount_is_not_taken_for_it(amount: str, line: str) -> None:
    """Decimals are no digits of the whole."""
    assert not document_of(f"<p>{line}</p>").shows(Decimal(amount))


@pytest.mark.parametrize(("body", "line"), [(b"\xef\xbb\xbf<h1>Cup</h1>", "Cup"), (b"<h1>Cup \xff</h1>", "Cup \ufffd")])
def test_tree_has_the_text_as_decoded(body: bytes, line: str) -> None:
    """Bytes that are no text, and marks of their order, do not get into it as they are."""
    assert document_of(body, content_type="text/html; charset=utf-8").lines == [line]


def test_a_tree_without_room_is_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser itself says no more than that it failed, which would be blamed on the page."""

    def fail(_: object) -> None:
        raise SelectolaxError("Can't parse HTML.")

    monkeypatch.setattr(document, "LexborHTMLParser", fail)
    with pytest.raises(MemoryError):
        document_of("<h1>Chair</h1>").tree  # noqa: B018 - it is made here
