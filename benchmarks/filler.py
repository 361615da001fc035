"""What a shop ships around its product: styles, scripts, icons, menus, cards of other products, reviews.

Each function answers about as many bytes as it is asked for, never cut within an element.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from benchmarks.words import BRANDS, MATERIALS, SERIES, THINGS, Locale

T = TypeVar("T")


def fill(size: int, part: Callable[[], str]) -> str:
    """Parts until there are `size` bytes of them."""
    parts: list[str] = []
    while size > 0:
        parts.append(part())
        size -= len(parts[-1].encode())
    return "".join(parts)


def code(random: Random, digits: int = 8) -> str:
    """Hexadecimal, as in the names of hashed files."""
    return f"{random.getrandbits(4 * digits):0{digits}x}"


def pick(random: Random, values: tuple[T, ...]) -> T:
    """One of them; unlike `Random.choice`, sure to be the same in every version of Python."""
    return values[int(random.random() * len(values))]


def between(random: Random, least: int, most: int) -> int:
    """A number, both ends included."""
    return least + int(random.random() * (most - least + 1))


def sentence(random: Random, locale: Locale) -> str:
    """Words of the language; nobody reads them."""
    text = " ".join(pick(random, locale.words) for _ in range(between(random, 6, 14)))
    return f"{text[0].upper()}{text[1:]}."


def product_name(random: Random) -> str:
    """Of a piece of furniture or the like."""
    return f"{pick(random, SERIES)} {pick(random, THINGS)}, {pick(random, MATERIALS)} {between(random, 20, 240)} cm"


def price(random: Random) -> Decimal:
    """Between nine and 2,499, most of them below 400."""
    return Decimal(int(9 + 2490 * random.random() ** 3)) + pick(random, tuple(map(Decimal, ("0.00", "0.50", "0.95"))))


def styles(random: Random, size: int) -> str:
    """What is inlined for the first paint."""
    properties = ("margin", "padding", "border-radius", "font-size", "line-height", "width", "max-width", "gap", "top")

    def rule() -> str:
        declarations = ";".join(
            f"{pick(random, properties)}:{between(random, 0, 64)}px" for _ in range(between(random, 2, 5))
        )
        return (
            f".{pick(random, COMPONENTS)}__{code(random, 4)}{{display:flex;{declarations};color:#{code(random, 6)}}}\n"
        )

    return fill(size, rule)


COMPONENTS = (
    "header", "nav", "mega-menu", "gallery", "buybox", "swatch", "tabs", "card", "grid", "footer", "modal", "drawer",
    "newsletter", "badge", "rating", "review", "breadcrumb", "price",
)  # fmt: skip


def script(random: Random, size: int) -> str:
    """What a bundler leaves of a program."""
    verbs = (
        "init",
        "render",
        "observe",
        "track",
        "load",
        "push",
        "bind",
        "update",
        "resolve",
        "emit",
        "mount",
        "fetch",
    )
    nouns = ("Cart", "Slider", "Consent", "Layer", "Price", "Stock", "User", "Route", "Image", "Menu", "Search", "Form")

    def function() -> str:
        name = f"{pick(random, verbs)}{pick(random, nouns)}"
        return (
            f"function {name}(e,t){{var n=e.{pick(random, verbs)}||{{}},r=t[{between(random, 0, 99)}];"
            f'if(!n.{pick(random, nouns).lower()})return null;n.id="{code(random, 6)}";'
            f'for(var i=0;i<{between(random, 2, 60)};i++)r&&r.{pick(random, verbs)}("{pick(random, COMPONENTS)}",i<n.length);'
            f"return window.{pick(random, nouns)}Module.{name}.call(this,n,r)}};"
            f"e.{pick(random, verbs)}((t)=>t>{between(random, 2, 60)}?e.{name}(t):null);"
        )

    return fill(size, function)


def icons(random: Random, size: int) -> str:
    """Pictures in the page itself."""

    def icon() -> str:
        path = "".join(
            f"{pick(random, tuple('MLCQ'))}{between(random, 0, 24)} {between(random, 0, 24)}.{between(random, 0, 99)}"
            for _ in range(12)
        )
        return f'<symbol id="i-{pick(random, COMPONENTS)}-{code(random, 4)}" viewBox="0 0 24 24"><path d="{path}z"/></symbol>'

    return f'<svg xmlns="http://www.w3.org/2000/svg" hidden>{fill(size, icon)}</svg>\n'


def menu(random: Random, size: int) -> str:
    """All departments of the shop in the head of each page."""

    def entry() -> str:
        name = f"{pick(random, MATERIALS)} {pick(random, THINGS)}s"
        slug = name.lower().replace(" ", "-")
        return (
            f'<li class="nav__item nav__item--level-{between(random, 1, 3)}"><a class="nav__link" href="/c/{slug}-{between(random, 100, 9999)}/" '
            f'data-track="nav" data-position="{between(random, 1, 60)}"><span class="nav__text">{name}</span></a></li>\n'
        )

    return f'<nav class="mega-menu" aria-label="Main"><ul class="nav__list">\n{fill(size, entry)}</ul></nav>\n'


def cards(random: Random, locale: Locale, size: int, make_card: Callable[[Random, Locale], str]) -> str:
    """Other products with their prices, which are not this page's."""
    heading = f'<section class="recommendations"><h2>{locale.labels["related"]}</h2><div class="grid">\n'
    return f"{heading}{fill(size, lambda: make_card(random, locale))}</div></section>\n"


def card(random: Random, locale: Locale) -> str:
    """One other product."""
    name, picture = product_name(random), f"https://cdn.shop-static.example/i/{code(random)}/{code(random, 4)}"
    sources = ", ".join(f"{picture}_{width}.jpg {width}w" for width in (320, 480, 640))
    return (
        f'<article class="card card--{code(random, 4)}" data-id="{between(random, 10000, 99999)}"><a class="card__link" href="{card_link(random, name)}">'
        f'<img class="card__image" loading="lazy" src="{picture}_320.jpg" srcset="{sources}" alt="{name}" width="320" height="320">'
        f'<span class="card__brand">{pick(random, BRANDS).replace("&", "&amp;")}</span><h3 class="card__title">{name}</h3></a>'
        f'<div class="card__price"><span class="card__amount">{locale.format_price(price(random))}</span></div>'
        f'<div class="stars" style="--rating:{between(random, 30, 50)}%"></div>'
        f'<button class="card__button" type="button" data-sku="X-{code(random, 5)}">{locale.labels["buy"]}</button></article>\n'
    )


def card_link(random: Random, name: str) -> str:
    """Where a card leads."""
    return f"/p/{name.lower().replace(',', '').replace(' ', '-')}-{between(random, 10000, 99999)}.html"


def reviews(random: Random, locale: Locale, size: int) -> str:
    """What customers are made to say."""

    def review() -> str:
        day = f"20{between(random, 21, 25)}-{between(random, 1, 12):02}-{between(random, 1, 28):02}"
        text = " ".join(sentence(random, locale) for _ in range(between(random, 1, 5)))
        return (
            f'<li class="review" id="review-{code(random, 6)}"><div class="review__head"><span class="review__stars">{between(random, 2, 5)}/5</span>'
            f'<strong class="review__title">{sentence(random, locale)}</strong><span class="review__author">{pick(random, SERIES)} {code(random, 1).upper()}.</span>'
            f'<time datetime="{day}">{day}</time></div><p class="review__text">{text}</p></li>\n'
        )

    body = fill(size, review)
    return f'<section class="reviews" id="reviews"><h2>{locale.labels["reviews"]}</h2><ul>\n{body}</ul></section>\n'


def settings(random: Random, locale: Locale, size: int) -> dict[str, Any]:
    """What a shop's program carries along: translations, switches, the tree of departments, experiments."""
    entries: dict[str, Any] = {}

    def entry() -> str:
        key = f"{pick(random, COMPONENTS)}.{pick(random, COMPONENTS)}.{code(random, 4)}"
        entries[key] = pick(
            random,
            (
                sentence(random, locale),
                {"enabled": random.random() < 0.5, "variant": code(random, 2), "weight": between(random, 0, 100)},
                {
                    "label": f"{pick(random, MATERIALS)} {pick(random, THINGS)}",
                    "path": f"/c/{code(random, 4)}/",
                    "items": [],
                },
            ),
        )
        return json.dumps({key: entries[key]})

    fill(size, entry)
    return entries
