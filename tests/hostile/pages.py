"""Pages made to break a parser, or whoever opens what it wrote."""

import json
from collections.abc import Callable
from typing import Any

from tests.hostile.laboratory import Behaviour, Experiment, Ran, Seen, product
from tests.server import Route, page

BROKEN = ("ok", "partial", "not_product", "parse_error", "gone", "blocked")
ESCAPES = "\x1b[2J\x1b]0;basilisk\x07\x9b31m"
PAIRS = "\ud800"


def html(text: str | bytes) -> Route:
    return page(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


def ld(value: object) -> str:
    """A block of JSON-LD, which may be text that is hardly JSON."""
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script>'


def shown(**fields: object) -> str:
    """A product in JSON-LD with these fields in place of ordinary ones."""
    ordinary: dict[str, Any] = {
        "@type": "Product",
        "name": "Chair",
        "offers": {"price": "9.99", "priceCurrency": "EUR"},
    }
    return f"<!doctype html><title>Chair</title><h1>Chair</h1>{ld({**ordinary, **fields})}"


def priced(price: str) -> str:
    """A product whose price is this JSON."""
    offer = f'{{"price": {price}, "priceCurrency": "EUR"}}'
    return f'<title>Chair</title><h1>Chair</h1>{ld(f"""{{"@type": "Product", "name": "Chair", "offers": {offer}}}""")}'


def cell(column: str, expected: str) -> Callable[[Seen], None]:
    """How a column of the table reads."""

    def check(seen: Seen) -> None:
        assert seen.rows[0][column] == expected, seen.rows[0][column]

    return check


def exact(value: str) -> Callable[[Seen], None]:
    """JSON has the name as it is, and the table has it harmless."""

    def check(seen: Seen) -> None:
        assert seen.json_rows[0]["name"] == value, seen.json_rows[0]["name"]
        assert seen.rows[0]["name"] == "'" + value, seen.rows[0]["name"]

    return check


def no_price(seen: Seen) -> None:
    assert seen.rows[0]["price"] == "", seen.rows[0]["price"]


def no_basilisk(seen: Seen) -> None:
    assert "basilisk" not in seen.ran.stderr


def survives(name: str, text: str | bytes, end: str = "ok") -> Behaviour:
    """A typed outcome: this one."""
    return Behaviour(name, {"/": html(text)}, end, 1)


def odd(name: str, value: object) -> Behaviour:
    """A product whose every field is of a wrong type."""
    keys = ("name", "offers", "brand", "image", "sku", "gtin", "aggregateRating", "category", "description", "additionalProperty",
            "weight", "review", "isVariantOf", "hasVariant", "url", "color", "size", "@id", "@context")  # fmt: skip
    block = {"@type": "Product", **dict.fromkeys(keys, value)}
    text = f"<title>Chair</title><h1>Chair</h1>{ld(block)}{shown()}"
    return Behaviour(f"every field is {name}", {"/": html(text)}, "ok", 1)


FORMULAS = ("=1+2", "+1+2", "-1+2", "@SUM(1)", '=HYPERLINK("http://basilisk.example")', "=cmd|' /C calc'!A0", "＝1+2")

BEHAVIOURS = (
    survives("100,000 attributes", shown() + "<div " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</div>"),
    survives("100,000 attributes of one name", shown() + "<div " + "a=1 " * 100_000 + ">x</div>"),
    survives("an attribute of 5 MB", shown() + "<div a='" + "x" * 5_000_000 + "'>x</div>"),
    survives("100,000 nested elements", shown() + "<div>" * 100_000 + "x"),
    survives("100,000 nested inline elements", shown() + "<b>" * 100_000 + "x"),
    survives("100,000 nested tables", shown() + "<table><tr><td>" * 100_000 + "x"),
    survives("100,000 nested lists", shown() + "<ul><li>" * 100_000 + "x"),
    survives("100,000 forms and buttons", shown() + "<form><button>" * 100_000 + "x"),
    survives("misnested formatting", shown() + "<a><b><i><p>" * 20_000),
    survives("a million closing tags", shown() + "</p>" * 1_000_000),
    survives("an open comment", shown() + "<!-- " + "x" * 1_000_000),
    survives("an open tag", shown() + "<div " + "x" * 1_000_000),
    survives("an open script", shown() + "<script>" + "x" * 1_000_000),
    survives("an open CDATA", shown() + "<![CDATA[" + "x" * 1_000_000),
    survives("only open brackets", "<" * 1_000_000, "not_product no_product"),
    survives("only ampersands", shown() + "&" * 1_000_000),
    survives("billions of laughs", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
             '<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><html>' + shown() + "&c;" * 1000 + "</html>"),
    survives("9 MB of JSON on one line", shown() + ld([{"a": n} for n in range(500_000)])[:9_000_000] + "</script>"),
    survives("nested arrays", shown() + ld("[" * 2_000_000)),
    survives("nested arrays that are closed", shown() + ld("[" * 500_000 + "]" * 500_000)),
    survives("nested objects", shown() + ld('{"a":' * 500_000)),
    survives("nested state", shown() + "<script>window.__STATE__=" + '{"a":[' * 300_000 + "</script>"),
    survives("10,000 blocks of JSON-LD", shown() + ld({"@type": "Thing"}) * 10_000),
    survives("a graph in a circle", shown() + ld({"@graph": [{"@id": "#a", "@type": "Product", "isVariantOf": {"@id": "#a"}}]})),
    survives("microdata in a circle", shown() + '<div itemscope itemtype="https://schema.org/Product" id=a itemref="a b">'
             '<div id=b itemprop=isRelatedTo itemscope itemref=a></div></div>'),
    survives("JSON that is cut", "<title>Chair</title>" + shown() + '<script type="application/ld+json">{"@type": "Product", "na'),
    survives("JSON with comments and commas", ld('/* x */ {"@type": "Product", "name": "Chair", "offers": {"price": 5,},}')
             + "<h1>Chair</h1>"),
    *(odd(name, value) for name, value in {
        "null": None, "true": True, "a number": 7, "a text": "x", "an empty text": "", "a list": [], "an object": {},
        "a list of lists": [[[[]]]], "a list of null": [None, None], "an object of objects": {"name": {"name": {"name": {}}}},
        "a type": {"@type": "Product"}, "a type that is a list": {"@type": [["Product"], None, 5]}, "minus zero": -0.0,
        "a huge number": 10**300, "a long list": ["x"] * 20_000,
    }.items()),
    *(Behaviour(f"a price of {name}", {"/": html(priced(price))}, "partial", 1, no_price) for name, price in {
        "1e400": "1e400", "infinity": "Infinity", "not a number": "NaN", "1e400 in quotes": '"1e400"', "minus five": "-5",
        "a million digits in quotes": '"' + "9" * 1_000_000 + '"', "a word": '"call us"',
    }.items()),
    *(survives(f"a price of {name}", priced(price), "not_product no_product") for name, price in {
        "a million digits": "9" * 1_000_000, "a list": "[[]]", "an object": "{}", "true": "true", "nothing": '""',
        "many blanks": '"' + " " * 500_000 + '"',
    }.items()),
    Behaviour("a lone surrogate in JSON", {"/": html(shown(name="Chair \ud800 oak"))}, "ok", 1),
    Behaviour("NUL in a name", {"/": html(shown(name="Chair\0oak"))}, "ok", 1),
    Behaviour("NUL in the page", {"/": html(shown().replace("Chair", "Ch\0air").encode())}, "ok", 1),
    Behaviour("bidi controls in a name", {"/": html(shown(name="Chair\u202e\u2066oak\u200f"))}, "ok", 1),
    Behaviour("escape sequences in a name", {"/": html(shown(name="Chair" + ESCAPES))}, "ok", 1, no_basilisk),
    Behaviour("escape sequences everywhere", {"/": html(shown(name="Chair" + ESCAPES, brand=ESCAPES + "x", sku=ESCAPES + "1",
              description=ESCAPES + "x", category=ESCAPES + "x", image="http://a.example/" + ESCAPES))}, "ok", 1, no_basilisk),
    Behaviour("escape sequences in the title of a wall", {"/": page(f"<title>Just a moment...{ESCAPES}</title>".encode(),
              status=403)}, "blocked bot_wall", 1, no_basilisk),
    Behaviour("escape sequences in an URL", {"/%1b%5b2J%0d%0a%00": html(shown())}, {"/%1b%5b2J%0d%0a%00": "ok"}, 1),
    *(Behaviour(f"a name that is {name}", {"/": html(shown(name=name))}, "ok", 1, exact(name)) for name in FORMULAS),
    Behaviour("a name that is a number", {"/": html(shown(name="-12.5"))}, "ok", 1, cell("name", "-12.5")),
    Behaviour("quotes, commas and lines in a name", {"/": html(shown(name='Chair "oak", red;\nblue\r\n\tgreen'))}, "ok", 1),
    Behaviour("a formula after a line end", {"/": html(shown(sku="1\r\n=1+2"))}, "ok", 1),
    Behaviour("formulas in every field", {"/": html(shown(name="=1+2", brand="+x", sku="-x", mpn="@x", color="=x", size="-x",
              category="=x", description="=x", image="=x"))}, "ok", 1),
    Behaviour("a name of 1 MB", {"/": html(shown(name="x" * 1_000_000))}, "ok", 1),
    Behaviour("an address of a picture that is JavaScript", {"/": html(shown(image="javascript:alert(1)"))}, "ok", 1,
              cell("image", "")),
    Behaviour("a base that is JavaScript", {"/": html("<base href='javascript:'>" + shown(image="/1.jpg"))}, "ok", 1),
    Behaviour("10,000 pictures", {"/": html(shown(image=[f"/{n}.jpg" for n in range(10_000)]))}, "ok", 1),
    Behaviour("a page that is empty", {"/": html("")}, "not_product empty_page", 1),
    Behaviour("a page of blanks", {"/": html(" \n" * 1_000_000)}, "not_product empty_page", 1),
    Behaviour("a picture as HTML", {"/": html(b"\x89PNG\r\n\x1a\n" + bytes(999))}, "not_product not_html", 1),
    Behaviour("a PDF", {"/": page(b"%PDF-1.7", Content_Type="application/pdf")}, "not_product not_html", 1),
    Behaviour("a page as a picture", {"/": page(product(), Content_Type="image/png")}, "not_product not_html", 1),
    Behaviour("JSON", {"/": page(b'{"name": "Chair"}', Content_Type="application/json")}, "not_product not_html", 1),
    Behaviour("an archive as HTML", {"/": html(b"PK\x03\x04" + bytes(999))}, "not_product not_html", 1),
    Behaviour("no type", {"/": lambda reply: reply.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(product()),
              product()))}, "ok", 1),
    Behaviour("a type that is none", {"/": page(product(), Content_Type="chair")}, "ok", 1),
    Behaviour("two types", {"/": page(product(), Content_Type="text/html, text/html; charset=utf-8")}, "ok", 1),
    Behaviour("random bytes", {"/": html(bytes(n * 7919 % 256 for n in range(500_000)))}, "not_product no_product", 1),
    Behaviour("digits without end", {"/": html(shown() + "<p>" + "1" * 2_000_000 + "</p>")}, "ok", 1),
    Behaviour("prices without end", {"/": html(shown() + "<b>9,99 €</b>" * 100_000)}, "ok", 1),
    Behaviour("one word without end", {"/": html("<title>" + "a" * 1_000_000 + "</title>" + shown())}, "ok", 1),
    Behaviour("blanks within a price", {"/": html("<h1>Chair</h1><p class=price>1" + " " * 1_000_000 + "€</p>")},
              "not_product no_product", 1),
    Behaviour("a million entities", {"/": html(shown() + "&#x202e;" * 1_000_000)}, "ok", 1),
    Behaviour("styles without end", {"/": html(shown() + "<style>" + "a{b:c}" * 1_000_000 + "</style>")}, "ok", 1),
)  # fmt: skip


def quick(ran: Ran) -> None:
    assert ran.seconds < 150, f"took {ran.seconds:.0f} s"


EXPERIMENTS = (Experiment("pages", BEHAVIOURS, ("--ignore-robots",), "[run]\nparse_timeout = 60.0\n", check=quick),)
