"""The views of one page: text, tree, soup; each made once, when first asked for."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import ada_url
import charset_normalizer
import webencodings  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.models import Page
from scraper.parse.aboutness import Home
from scraper.parse.broken_json import load_values
from scraper.parse.described import DescribedElements, description_of
from scraper.parse.embedded_json import Script
from scraper.parse.places import Places

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.I)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_COMMENT = re.compile(rb"<!--(?:-?>|.*?(?:--!?>|\Z))", re.S)
_META_WINDOW_BYTES = 4096
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,40})")
_NEVER_DEEP = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "circle", "ellipse", "image", "line", "path", "polygon", "polyline", "rect", "stop", "use",
    "dd", "dt", "li", "option", "p", "tbody", "td", "th", "tr",
})  # fmt: skip
"""Elements without content, and those that the next of their like closes unless something else is nested between."""
_MANY_STARTS = 10_000
_DEEPEST = 3_000
_MOST_ATTRIBUTES = 2_000
_SHORTEST_OVERLOADED = 2 * _MOST_ATTRIBUTES
_LONGEST_SPACE = 16
"""Between the sign of equality and a quote, looked through; where there is more, there may be a sign before it."""
_MOST_SCRIPTS = 1_000
_UNSEEN = "script, style, template, svg"
_SPACE = r" \t\n\r\f"  # of HTML; Unicode has more
_TAG_START = rf"<[a-zA-Z][^{_SPACE}/>]*+"
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_VALUE = rf"(?:{_QUOTED}|[^{_SPACE}>\"'][^{_SPACE}>]*+)"
_NAME_AND_SIGN = rf"[{_SPACE}/]*+[^{_SPACE}/>][^{_SPACE}/>=]*+(?:[{_SPACE}]*+=[{_SPACE}]*+"
_NAME_AND_VALUE = rf"{_NAME_AND_SIGN}{_VALUE}?+)?+"
_START = re.compile(_TAG_START)
_ATTRIBUTE = re.compile(rf"{_NAME_AND_SIGN}(?:{_QUOTED}|(?P<bare>(?=[^{_SPACE}>\"'])))?+)?+")
"""But for a value without quotes, whose end is looked for once for all places in it."""
_BARE_END = re.compile(rf"[{_SPACE}>]|\Z")
_WHOLE_TAG = re.compile(rf"{_TAG_START}(?:{_NAME_AND_VALUE})*+[{_SPACE}/]*+")
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_DETECTION_WINDOW_BYTES = 4096
_DETECTABLE = [
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "koi8_r"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
_WEB_LABELS = {"cp874": "windows-874", "euc_jp": "euc-jp", "euc_kr": "euc-kr", "koi8_r": "koi8-r"}
_NUMBER = re.compile(r"\d(?:[\d.,' \u00a0\u202f]{0,15}\d)?")
_MARK = re.compile(r"\D")
_has_digit = re.compile(r"\d").search
_LONGEST_SHORT_LINE = 200
_MOST_STATING = 50
_NEXT = 4
"""Lines that are not blank."""
_NEAR = 12
"""Lines that may be."""
_NAMED = ", ".join((
    '[class*="title" i]', '[class*="name" i]', '[id*="title" i]', "[itemprop=name]", "h2", "h3",
))  # fmt: skip
_MOST_HEADINGS = 20
_MOST_NAMED = 200
_SHORTEST_NAME = 4
_LONGEST_NAME = 300
_HEAD_TAGS = ("title", "meta", "link", "base", "h1")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARKS = (*_UTF16_MARKS, b"\xef\xbb\xbf")
_UTF8 = webencodings.lookup("utf-8")


class Document:
    """One page as its readers need it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._beside: dict[str, list[str]] = {}

    @cached_property
    def text(self) -> str:
        """The body decoded, with U+FFFD for what cannot be."""
        return decode_declared(self.page.body, self._declared)

    @cached_property
    def _declared(self) -> webencodings.Encoding | None:
        return declared_encoding(self.page.body, self.page.content_type)

    @property
    def tree(self) -> LexborHTMLParser:
        """The HTML5 tree without the contents that nobody sees."""
        return self._parsed[0]

    @property
    def scripts(self) -> list[Script]:
        """The script elements that have a content, in the order of the page."""
        return self._parsed[1]

    @cached_property
    def _parsed(self) -> tuple[LexborHTMLParser, list[Script]]:
        text = cut_where_bottomless(self.text)
        # As bytes where those are what the text says: encoding it anew costs a quarter of the parser's time.
        as_sent = self._declared is _UTF8 and text is self.text and not self.page.body.startswith(_BYTE_ORDER_MARKS)
        try:
            tree = LexborHTMLParser(self.page.body if as_sent else text)
        except SelectolaxError as error:  # lexbor takes any text, if there is memory for its tree
            raise MemoryError from error
        unseen = tree.css(_UNSEEN)
        elements = [node for node in unseen if node.tag == "script"][:_MOST_SCRIPTS]
        scripts = [Script(node.attributes, content) for node in elements if (content := node.text())]
        for node in reversed(unseen):  # so that one inside another is gone before it
            node.decompose()
        return tree, scripts

    @cached_property
    def lines(self) -> list[str]:
        """What the page says, one entry a text node."""
        body = self.tree.body
        texts = body.text(separator="\0", skip_empty=True).split("\0") if body else []
        return ["" if text.isspace() else " ".join(text.split()) for text in texts]

    @cached_property
    def described(self) -> DescribedElements:
        """The elements that have a class or an id."""
        return DescribedElements(self.tree)

    @cached_property
    def soup(self) -> "BeautifulSoup":
        """A tree of its own for a site's parser function, which may change it as it likes."""
        from bs4 import BeautifulSoup  # here, since few runs need it and it takes 50 ms

        return BeautifulSoup(self.text, "html.parser")

    @cached_property
    def numeric_lines(self) -> list[str]:
        """Those of the short lines that hold a digit."""
        return [line for line in self.lines if line and len(line) <= _LONGEST_SHORT_LINE and _has_digit(line)]

    def shows(self, amount: Decimal) -> bool:
        """Whether a short line of the page states this amount, in whatever notation: 1.234,50 is 1234.5."""
        return next(self._stating(amount), None) is not None

    def beside(self, amount: Decimal) -> list[str]:
        """The lines that stand next to those that state this amount, and these themselves."""
        written = str(amount)
        if written not in self._beside:
            self._beside[written] = self._lines_beside(amount)
        return self._beside[written]

    def _lines_beside(self, amount: Decimal) -> list[str]:
        near: dict[int, str] = {}
        for at in islice(self._stating(amount), _MOST_STATING):
            stretch = range(max(0, at - _NEAR), min(at + _NEAR + 1, len(self.lines)))
            said = [place for place in stretch if self.lines[place]]
            middle = said.index(at)
            near.update((place, self.lines[place]) for place in said[max(0, middle - _NEXT) : middle + _NEXT + 1])
        return list(near.values())

    def _stating(self, amount: Decimal) -> Iterator[int]:
        """The places of the lines that state an amount."""
        written = digits_of(amount)
        last_group = str(int(amount) or "")[-3:]  # no digit of .99 stands before its mark
        return (
            place
            for place, line in enumerate(self.lines)
            if last_group in line and len(line) <= _LONGEST_SHORT_LINE and not written.isdisjoint(numbers_in(line))
        )

    @cached_property
    def jsonld(self) -> list[object]:
        """The values of the JSON-LD blocks that can be read."""
        blocks = (script.text for script in self.scripts if "ld+json" in script.kind)
        return [value for text in blocks for value in load_values(text)]

    @cached_property
    def _heads(self) -> dict[str, list[LexborNode]]:
        """The elements that tell of the page itself, by tag; all in one walk over the tree."""
        found: dict[str, list[LexborNode]] = {tag: [] for tag in _HEAD_TAGS}
        for node in self.tree.css(", ".join(_HEAD_TAGS)):
            found[node.tag or ""].append(node)
        return found

    @cached_property
    def links(self) -> list[dict[str, str | None]]:
        """The attributes of the link elements."""
        return [node.attributes for node in self._heads["link"]]

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Lower-case name or property of the meta elements -> their contents that are not blank, in order."""
        found: dict[str, list[str]] = {}
        for node in self._heads["meta"]:
            attributes = node.attributes
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            content = attributes.get("content")
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), []).append(content.strip())
        return found

    def meta(self, *names: str) -> str | None:
        """The first content of the first of these meta names that the page has."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)

    @cached_property
    def title(self) -> str:
        """The text of the title element."""
        return text_of(next(iter(self._heads["title"]), None))

    @cached_property
    def heading(self) -> LexborNode | None:
        """The element that names the page's main thing: the h1 most like the title, else another that it holds."""
        title = " ".join(filter(None, (self.title, self.meta("og:title")))).casefold()
        headings = _with_texts(self._heads["h1"][:_MOST_HEADINGS])
        if own := [entry for entry in headings if not _is_logo(entry[0])]:
            return max(own, key=lambda heading: _likeness(heading[1], title))[0]
        named = _with_texts(self.tree.css(_NAMED)[:_MOST_NAMED])
        held = [(len(text), node) for node, text in named if _is_name(text) and text.casefold() in title]
        return max(held, key=lambda entry: entry[0], default=(0, headings[0][0] if headings else None))[1]

    @cached_property
    def places(self) -> Places:
        """Where elements stand towards the heading."""
        return Places(self.heading or self.tree.body)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """What the page calls its main thing: in its heading, its title, its og:title."""
        return tuple(filter(None, (text_of(self.heading), self.title, self.meta("og:title"))))

    @cached_property
    def home(self) -> Home:
        """What names and addresses of products are compared with."""
        return Home.of(self.titles, self.urls)

    @cached_property
    def region(self) -> str | None:
        """The country in the page's language label, in lower case: `us` for en-US."""
        root = self.tree.css_first("html")
        label = (
            (root.attributes.get("lang") or root.attributes.get("xml:lang") if root else None)
            or self.meta("og:locale")
            or ""
        )
        last = re.split(r"[-_]", label.strip().lower())[-1]
        return last if len(last) == 2 and len(label.strip()) > 2 else None

    @cached_property
    def base_url(self) -> str:
        """What relative URLs are relative to."""
        href = next((href for base in self._heads["base"] if (href := base.attributes.get("href"))), None)
        return (join_url(self.page.final_url, href) if href else None) or self.page.final_url

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The addresses of this page: as answered, as asked for, and as it names itself."""
        canonical = (link.get("href") for link in self.links if "canonical" in (link.get("rel") or "").lower().split())
        own = [next(canonical, None), self.meta("og:url")]
        named = [join_url(self.page.final_url, url) for url in own if url]
        return tuple(dict.fromkeys(url for url in (self.page.final_url, self.page.url, *named) if url))

    def links_to(self, path: str) -> bool:
        """Whether a link of the page leads to a path, in lower case and without a slash at its end."""
        hrefs = (link.attributes.get("href") for link in self.tree.tags("a"))
        return any(href and href.partition("?")[0].rstrip("/").lower().endswith(path) for href in hrefs)

    def absolute_url(self, value: object) -> str | None:
        """`value` as an absolute http(s) URL; None if it is none."""
        return join_url(self.base_url, value) if isinstance(value, str) else None


def digits_of(amount: Decimal) -> set[str]:
    """An amount as it may be written, without marks: whole, in hundredths, and with as many decimals as it has."""
    own = len(f"{amount:f}".partition(".")[2])
    decimals = {2, max(own, 2), *([0] if amount == int(amount) else [])}
    return {f"{amount:.{count}f}".replace(".", "").lstrip("0") for count in decimals}


def numbers_in(line: str) -> list[str]:
    """The digits of the numbers in a line, without the marks between them."""
    return [_MARK.sub("", number).lstrip("0") for number in _NUMBER.findall(line)]


def join_url(base: str, url: str) -> str | None:
    """The absolute http(s) URL that `url` means on a page at `base`; None if there is none.

    >>> join_url("https://shop.example/p/1", "../i/1.jpg")
    'https://shop.example/i/1.jpg'
    >>> join_url("https://shop.example/", "data:image/gif;base64,R0lGOD")
    """
    try:
        joined = ada_url.join_url(base, url.strip())
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def decode(body: bytes, content_type: str | None) -> str:
    """The text of an HTML body: by byte order mark, header, meta element, as UTF-8, or as it looks like, in this order.

    Labels are read as browsers read them (WHATWG Encoding), so that latin1 means windows-1252.
    """
    return decode_declared(body, declared_encoding(body, content_type))


def decode_declared(body: bytes, declared: webencodings.Encoding | None) -> str:
    """As `decode`, with the encoding that header or meta element name."""
    if declared:
        return _decode_as(body, declared)
    try:
        return body.decode("utf-8-sig") if not body.startswith(_UTF16_MARKS) else _decode_as(body, _UTF8)
    except UnicodeDecodeError:
        return _decode_as(body, _detected(body))


def declared_encoding(body: bytes, content_type: str | None) -> webencodings.Encoding | None:
    """The encoding that the header names, else the one that a meta element does."""
    return _declared_in_header(content_type) or _declared_in_meta(body)


def _decode_as(body: bytes, encoding: webencodings.Encoding) -> str:
    # WHATWG decodes gbk as its superset gb18030; Python's gbk codec knows two bytes only.
    if encoding.name == "gbk":
        encoding = webencodings.lookup("gb18030")
    text: str = webencodings.decode(body, encoding, errors="replace")[0]
    return text


def _declared_in_header(content_type: str | None) -> webencodings.Encoding | None:
    match = _HEADER_CHARSET.search(content_type or "")
    return webencodings.lookup(match[1]) if match else None


def _declared_in_meta(body: bytes) -> webencodings.Encoding | None:
    match = _META_CHARSET.search(_COMMENT.sub(b"", body[:_META_WINDOW_BYTES]))
    encoding = webencodings.lookup(match[1].decode("ascii")) if match else None
    # A meta element that could be read as ASCII is not in UTF-16, whatever it says.
    return _UTF8 if encoding and encoding.name.startswith("utf-16") else encoding


def _detected(body: bytes) -> webencodings.Encoding:
    """The charset that the text around the first foreign byte looks like; only a stretch of it is looked at."""
    first = _NON_ASCII.search(body)
    start = max(0, body.rfind(b">", 0, first.start()) + 1) if first else 0
    sample = body[start : start + _DETECTION_WINDOW_BYTES]
    whole = sample[: sample.rfind(b"<")] if b"<" in sample else sample
    best = charset_normalizer.from_bytes(whole, cp_isolation=_DETECTABLE).best()
    name = best.encoding if best else "windows-1252"
    return webencodings.lookup(_WEB_LABELS.get(name, name)) or webencodings.lookup("windows-1252")


def cut_where_bottomless(text: str) -> str:
    """The text without tags of thousands of attributes, up to where thousands of elements stand open.

    An HTML5 parser compares an attribute with all before it in its tag, and looks up through all open elements at every
    tag, so that endless ones cost the square of their number.
    """
    text = _without_overloaded(text)
    tags = text.count("<")
    if tags < _MANY_STARTS or tags - text.count("</") < _MANY_STARTS:
        return text
    opened: dict[str, int] = {}
    depth = 0
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if name in _NEVER_DEEP:
            continue
        if not tag[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
        if depth > _DEEPEST:
            return text[: tag.start()]
    return text


def _without_overloaded(text: str) -> str:
    """The text without tags of too many attributes, but for what they hold from their last end tag on.

    For what looks like a tag may be code, `if (i<n) …` without any `>` up to that of `</script>`.
    """
    kept: list[str] = []
    at = 0
    for start, end in _overloaded_tags(text):
        kept.append(text[at:start])
        last = text.rfind("</", start, end)
        at = end + 1 if last < 0 else last
    if not at:
        return text
    rest = "".join([*kept, text[at:]])
    joined = next(_overloaded_tags(rest), None)  # of what stood on both sides of another
    return rest[: joined[0]] if joined else rest


def _overloaded_tags(text: str) -> Iterator[tuple[int, int]]:
    """Where the tags with more attributes than any sane one start and end; exact, and linear."""
    at = 0
    for start, end in _stretches(text):
        bare = [0, 0]
        attributes: dict[int, int] = {}  # in a stretch, so that each of its places is looked at once
        at = max(at, start)
        while tag := _START.search(text, at, end - _SHORTEST_OVERLOADED):
            at = tag.end()
            if _count_attributes(text, at, attributes, bare) >= _MOST_ATTRIBUTES:
                at = _WHOLE_TAG.match(text, tag.start()).end()  # type: ignore[union-attr]  # it has begun
                yield tag.start(), at


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of the text that may hold a tag of very many attributes, since none surely ends in them.

    A `>` surely ends a tag, whichever it may be in, unless the last quote before it opens a value: `a="b>`.
    """
    end = 0
    double = single = -1  # the last quotes before the end
    while end < len(text):
        start, seen, end = end, end, text.find(">", end + _SHORTEST_OVERLOADED // 2)
        while end >= 0:
            double = max(double, text.rfind('"', seen, end))
            single = max(single, text.rfind("'", seen, end))
            opened = double if _opens_value(text, double) else single if _opens_value(text, single) else -1
            if opened < 0:
                break
            closed = text.find(text[opened], end)
            seen, end = end, text.find(">", closed) if closed >= 0 else -1
        end = len(text) if end < 0 else end
        if end - start >= _SHORTEST_OVERLOADED:
            yield start, end


def _opens_value(text: str, quote: int) -> bool:
    before = text[quote - 1] if quote > 0 else ""
    if before.isspace():
        before = text[max(quote - _LONGEST_SPACE, 0) : quote].rstrip()[-1:] or "="
    return before == "="


def _count_attributes(text: str, at: int, known: dict[int, int], bare: list[int]) -> int:
    """How many attributes follow from a place in a tag on; `known` is what is known of other places, and grows."""
    passed = []
    start, end = bare
    while at not in known and (attribute := _ATTRIBUTE.match(text, at)):
        passed.append(at)
        at = attribute.end()
        if attribute["bare"] is not None:
            if not start <= at < end:
                start, end = at, _BARE_END.search(text, at).start()  # type: ignore[union-attr]  # there is always one
            at = end
    bare[:] = start, end
    count = known.setdefault(at, 0)
    known.update(zip(reversed(passed), range(count + 1, count + len(passed) + 1), strict=True))
    return count + len(passed)


def _with_texts(nodes: Iterable[LexborNode]) -> list[tuple[LexborNode, str]]:
    """The nodes that have a text, each with it."""
    return [(node, text) for node in nodes if (text := text_of(node))]


def _is_logo(heading: LexborNode) -> bool:
    """Whether a heading is the shop's name, which leads to its front page."""
    return "logo" in description_of(heading) or heading.css_first('a[href="/"], a[rel=home]') is not None


def _is_name(text: str) -> bool:
    return _SHORTEST_NAME <= len(text) <= _LONGEST_NAME


def _likeness(text: str, title: str) -> float:
    """The share of the words of `text` that the title has."""
    words = text.casefold().split()
    return sum(word in title for word in words) / len(words)


def text_of(node: LexborNode | None) -> str:
    """The text below a node, whitespace collapsed; empty for None."""
    return " ".join(node.text(separator=" ").split()) if node else ""
