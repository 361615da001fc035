"""The pages that everything is measured on: made, always the same, each with its truth.

A page is its number: size, kind of markup, product and filler follow from it alone. Three sizes in proportions that
give a mean of about 138 KB, and four kinds:

- `jsonld`: JSON-LD in a script, as most shops have it;
- `microdata`: attributes on the visible elements;
- `state`: the product stands in the JSON of the page's program, its price and stock nowhere else;
- `visible`: only what people see.

All have what real pages have: styles, scripts, icons, a menu, other products with prices of their own, reviews. Sizes
are kept by how much of each there is. Gzip makes them about five times smaller, like the pages of real shops.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from hashlib import sha256
from html import escape
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import filler
from benchmarks.filler import between, code, pick
from benchmarks.words import BRANDS, LOCALES, Locale

SIZES = {"small": 30_000, "medium": 150_000, "large": 600_000}
"""Bytes before compression."""
KINDS = ("jsonld", "microdata", "state", "visible")
FIELDS = ("name", "price", "currency", "availability", "sku", "image")
"""What every runner writes of a page, beside its URL."""

_OF_TWO_HUNDRED = ("small",) * 98 + ("medium",) * 81 + ("large",) * 21

Truth = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Product:
    """What a page is about."""

    number: int
    locale: Locale
    name: str
    brand: str
    sku: str
    price: Decimal
    regular_price: Decimal | None
    availability: str
    picture: str
    """URL without the width and `.jpg`."""
    rating: str
    review_count: int
    description: str

    @property
    def path(self) -> str:
        """Of its page."""
        return f"/p/{self.number:07}-{self.sku.lower()}.html"

    @property
    def url(self) -> str:
        """As the shop names its page."""
        return f"https://www.{self.host}{self.path}"

    @property
    def host(self) -> str:
        """Of the shop; one a locale."""
        return f"shop-{self.locale.language[-2:].lower()}.example"

    def image(self, width: int = 1200) -> str:
        """The picture, in one of its widths."""
        return f"{self.picture}_{width}.jpg"

    @property
    def truth(self) -> Truth:
        """Field -> value, or a list of those that are right."""
        return {
            "name": self.name,
            "price": f"{self.price:f}",
            "currency": self.locale.currency,
            "availability": self.availability,
            "sku": self.sku,
            "image": [self.image(width) for width in WIDTHS],
        }


WIDTHS = (1200, 800, 400)


@dataclass(frozen=True, slots=True)
class MadePage:
    """One page of the set."""

    product: Product
    size: int
    """About so many bytes."""
    kind: str
    html: bytes


def make_page(number: int, size: int | None = None) -> MadePage:
    """The page of that number, in its own size or about the one asked for."""
    random = Random(f"product page {number}")  # noqa: S311 - not for secrets
    kind = KINDS[number % len(KINDS)]
    product = _product(random, number)
    size = size or SIZES[_OF_TWO_HUNDRED[number * 37 % 200]]  # 37 shares no factor with 200, so all are met once
    target = int(size * (0.9 + 0.2 * random.random()))
    return MadePage(product, size, kind, _TEMPLATES[kind](random, product, target).encode())


def _product(random: Random, number: int) -> Product:
    locale = pick(random, LOCALES)
    brand = pick(random, BRANDS)
    price = filler.price(random)
    return Product(
        number=number,
        locale=locale,
        name=f"{brand.split()[0]} {filler.product_name(random)}",
        brand=brand,
        sku=f"{brand[:2].upper()}-{between(random, 10000, 99999)}",
        price=price,
        regular_price=price + between(random, 5, 80) if random.random() < 0.3 else None,
        availability=pick(random, ("InStock",) * 8 + ("OutOfStock",) * 3 + ("PreOrder",)),
        picture=f"https://cdn.shop-static.example/i/{code(random)}/{code(random, 4)}",
        rating=f"{between(random, 30, 50) / 10}",
        review_count=between(random, 2, 400),
        description=" ".join(filler.sentence(random, locale) for _ in range(4)),
    )


# The four kinds


def _jsonld_page(random: Random, product: Product, size: int) -> str:
    reviews = [
        {
            "@type": "Review",
            "author": {"@type": "Person", "name": filler.sentence(random, product.locale)[:12].strip()},
            "reviewBody": filler.sentence(random, product.locale),
            "reviewRating": {"@type": "Rating", "ratingValue": between(random, 2, 5)},
        }
        for _ in range(size // 30_000)
    ]
    offer = {
        "@type": "Offer",
        "url": product.url,
        "price": f"{product.price:f}",
        "priceCurrency": product.locale.currency,
        "availability": f"https://schema.org/{product.availability}",
        "itemCondition": "https://schema.org/NewCondition",
        "seller": {"@type": "Organization", "name": product.host},
    }
    markup = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "image": [product.image(width) for width in WIDTHS],
        "description": product.description,
        "sku": product.sku,
        "brand": {"@type": "Brand", "name": product.brand},
        "offers": offer,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": product.rating,
            "reviewCount": product.review_count,
        },
        "review": reviews,
    }
    blocks = [_breadcrumbs(product), markup]
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(block, ensure_ascii=False)}</script>\n' for block in blocks
    )
    shown = _shown_product(product, prefix="pdp")
    return _document(random, product, size, head=scripts, main=shown)


def _breadcrumbs(product: Product) -> dict[str, Any]:
    steps = (product.locale.labels["home"], product.name.split(",")[0].split()[-1])
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": f"https://www.{product.host}/c/{position}/",
            }
            for position, name in enumerate(steps, 1)
        ],
    }


def _microdata_page(random: Random, product: Product, size: int) -> str:
    labels = product.locale.labels
    main = f"""<div itemscope itemtype="https://schema.org/Product" class="product-view">
<h1 class="product-view__title" itemprop="name">{escape(product.name)}</h1>
<div itemprop="brand" itemscope itemtype="https://schema.org/Brand"><meta itemprop="name" content="{escape(product.brand)}"></div>
<img class="product-view__image" itemprop="image" src="{product.image()}" alt="{escape(product.name)}">
<p class="product-view__number">{labels["sku"]}: <span itemprop="sku">{product.sku}</span></p>
<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
<meta itemprop="priceCurrency" content="{product.locale.currency}">
{_shown_regular_price(product)}<span class="product-view__price" itemprop="price" content="{product.price:f}">{product.locale.format_price(product.price)}</span>
<link itemprop="availability" href="https://schema.org/{product.availability}"><span class="product-view__stock">{labels[product.availability]}</span>
</div>
<div itemprop="aggregateRating" itemscope itemtype="https://schema.org/AggregateRating">
<meta itemprop="ratingValue" content="{product.rating}"><meta itemprop="reviewCount" content="{product.review_count}"></div>
<div itemprop="description"><p>{escape(product.description)}</p></div>
</div>
"""
    return _document(random, product, size, main=main, make_card=_microdata_card)


def _microdata_card(random: Random, locale: Locale) -> str:
    """Another product, marked up as the page's own is, which is common and a trap."""
    name = filler.product_name(random)
    return f"""<article class="card" itemscope itemtype="https://schema.org/Product">
<a itemprop="url" href="{filler.card_link(random, name)}"><img itemprop="image" loading="lazy" src="https://cdn.shop-static.example/i/{code(random)}/{code(random, 4)}_320.jpg" alt="{name}">
<h3 class="card__title" itemprop="name">{name}</h3></a><div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
<meta itemprop="priceCurrency" content="{locale.currency}"><span itemprop="price" content="{filler.price(random):f}">{locale.format_price(filler.price(random))}</span></div></article>
"""


def _state_page(random: Random, product: Product, size: int) -> str:
    """Price and stock come to the eye by the page's program only; it stands in one of two common forms."""
    is_next = product.number % 8 < len(KINDS)
    others = [_state_product(_product(random, between(random, 1, 9999)), is_next=is_next) for _ in range(6)]
    translations = filler.settings(random, product.locale, size // 4)
    if is_next:
        page_props = {
            "product": _state_product(product, is_next=True),
            "recommendations": others,
            "messages": translations,
        }
        state = {"props": {"pageProps": page_props}, "page": "/p/[slug]", "buildId": code(random), "isFallback": False}
        script = f'<script id="__NEXT_DATA__" type="application/json">{_script_json(state)}</script>\n'
    else:
        state = {
            "session": {"isLoggedIn": False, "currency": product.locale.currency},
            "translations": translations,
            "product": {"current": _state_product(product, is_next=False), "crossSelling": others},
        }
        script = f"<script>window.__INITIAL_STATE__ = {_script_json(state)};</script>\n"
    main = f"""<div class="Product_root__{code(random, 5)}"><h1 class="Product_title__{code(random, 5)}">{escape(product.name)}</h1>
<img class="Product_image__{code(random, 5)}" src="{product.image(800)}" alt="{escape(product.name)}">
<div class="Price_skeleton__{code(random, 5)}" aria-busy="true"></div><div class="Stock_skeleton__{code(random, 5)}" aria-busy="true"></div>
<p class="Product_text__{code(random, 5)}">{escape(product.description)}</p></div>
"""
    return _document(random, product, size, main=main, foot=script)


def _script_json(state: object) -> str:
    return json.dumps(state, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _state_product(product: Product, *, is_next: bool) -> dict[str, Any]:
    currency = product.locale.currency
    if is_next:
        return {
            "id": product.number,
            "sku": product.sku,
            "slug": product.path.removeprefix("/p/").removesuffix(".html"),
            "name": product.name,
            "brand": {"name": product.brand},
            "price": {"amount": f"{product.price:f}", "currencyCode": currency},
            "compareAtPrice": product.regular_price
            and {"amount": f"{product.regular_price:f}", "currencyCode": currency},
            "availability": product.availability,
            "images": [{"url": product.image(width), "width": width} for width in WIDTHS],
            "rating": {"average": float(product.rating), "count": product.review_count},
        }
    return {
        "code": product.sku,
        "url": product.path,
        "name": product.name,
        "manufacturer": product.brand,
        "price": {
            "currencyIso": currency,
            "value": float(product.price),
            "formattedValue": product.locale.format_price(product.price),
            "priceType": "BUY",
        },
        "stock": {"stockLevelStatus": _STOCK_LEVELS[product.availability]},
        "images": [
            {"imageType": "PRIMARY", "format": name, "url": product.image(width)}
            for name, width in zip(("zoom", "product", "thumbnail"), WIDTHS, strict=True)
        ],
        "averageRating": float(product.rating),
        "numberOfReviews": product.review_count,
    }


_STOCK_LEVELS = {"InStock": "inStock", "OutOfStock": "outOfStock", "PreOrder": "preOrder"}


def _visible_page(random: Random, product: Product, size: int) -> str:
    return _document(random, product, size, main=_shown_product(product, prefix="product"))


def _shown_product(product: Product, *, prefix: str) -> str:
    labels = product.locale.labels
    sources = ", ".join(f"{product.image(width)} {width}w" for width in WIDTHS)
    disabled = "" if product.availability != "OutOfStock" else " disabled"
    return f"""<div class="{prefix} {prefix}--{product.number % 7}" data-product-id="{product.number}">
<div class="{prefix}-gallery"><img class="{prefix}-image" src="{product.image()}" srcset="{sources}" alt="{escape(product.name)}" width="1200" height="1200"></div>
<div class="{prefix}-info"><p class="{prefix}-brand"><a href="/b/{product.brand[:3].lower()}/">{escape(product.brand)}</a></p>
<h1 class="{prefix}-title">{escape(product.name)}</h1>
<div class="{prefix}-rating" aria-label="{product.rating}/5"><span>{product.rating}</span> <a href="#reviews">({product.review_count})</a></div>
<div class="{prefix}-price">{_shown_regular_price(product)}<span class="price-now">{product.locale.format_price(product.price)}</span></div>
<p class="{prefix}-stock">{labels[product.availability]}</p>
<form class="{prefix}-form" action="/cart/add" method="post"><input type="hidden" name="id" value="{product.number}">
<input class="qty" type="number" name="quantity" value="1" min="1"><button class="{prefix}-buy" type="submit"{disabled}>{labels["buy"]}</button></form>
<p class="{prefix}-number">{labels["sku"]}: <span class="sku">{product.sku}</span></p></div>
<section class="{prefix}-description"><h2>{labels["description"]}</h2><p>{escape(product.description)}</p></section></div>
"""


def _shown_regular_price(product: Product) -> str:
    if product.regular_price is None:
        return ""
    before = product.locale.format_price(product.regular_price)
    return f'<del class="price-before">{product.locale.labels["before"]} {before}</del> '


# What is the same on all


def _document(
    random: Random,
    product: Product,
    size: int,
    *,
    main: str,
    head: str = "",
    foot: str = "",
    make_card: Callable[[Random, Locale], str] = filler.card,
) -> str:
    """The page around its product, filled up to the size."""
    locale = product.locale
    room = max(size - len((main + head + foot).encode()) - 2_500, 10_000)
    cards = min(room * 22 // 100, 30_000)
    reviews = min(room * 18 // 100, 40_000)
    menu = min(room * 18 // 100, 100_000)
    room -= cards + reviews + menu  # for what people do not see; it alone makes the largest pages large
    return f"""<!doctype html>
<html lang="{locale.language}">
<head>
<meta charset="utf-8">
<title>{escape(product.name)} | {product.host}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{escape(product.description)}">
<meta property="og:type" content="website">
<meta property="og:title" content="{escape(product.name)}">
<meta property="og:image" content="{product.image()}">
<meta property="og:site_name" content="{product.host}">
<meta name="csrf-token" content="{code(random, 40)}">
<link rel="canonical" href="{product.url}">
<link rel="preconnect" href="https://cdn.shop-static.example">
<link rel="stylesheet" href="/assets/app.{code(random)}.css">
<style>
{filler.styles(random, room * 25 // 100)}</style>
<script>
{filler.script(random, room * 25 // 100)}
</script>
{head}</head>
<body class="template-product">
{filler.icons(random, room * 10 // 100)}<header class="header"><a class="header__logo" href="/">{product.host}</a>
<form class="header__search" action="/search" role="search"><input type="search" name="q"></form><a class="header__cart" href="/cart">0</a></header>
{filler.menu(random, menu)}<main id="main">
{main}{filler.cards(random, locale, cards, make_card)}{filler.reviews(random, locale, reviews)}</main>
<footer class="footer"><p>{filler.sentence(random, locale)}</p><a href="/terms">{locale.labels["terms"]}</a>
<form class="newsletter" action="/newsletter"><input type="email" name="email"></form></footer>
{foot}<script type="application/json" id="shop-settings">{_script_json(filler.settings(random, locale, room * 20 // 100))}</script>
<script>
{filler.script(random, room * 20 // 100)}
</script>
<script src="/assets/app.{code(random)}.js" defer></script>
</body>
</html>
"""


_TEMPLATES = {
    "jsonld": _jsonld_page,
    "microdata": _microdata_page,
    "state": _state_page,
    "visible": _visible_page,
}


# The set on disk


@dataclass(frozen=True, slots=True)
class PageSet:
    """A folder of pages, compressed as a server sends them, and their truth."""

    folder: Path
    truths: dict[str, Truth]
    """Path of the page, as in its URL -> truth; in order of their numbers."""

    @property
    def paths(self) -> list[str]:
        """Of all pages."""
        return list(self.truths)


def make_page_set(folder: Path, numbers: range, size: int | None = None) -> PageSet:
    """Make the pages of these numbers, or take those that lie there, made by this same code."""
    folder = folder / f"{size or 'mixed'}-{numbers.start}-{numbers.stop}-{numbers.step}-{_code_digest()}"
    manifest = folder / "manifest.json"
    if not manifest.exists():
        (folder / "p").mkdir(parents=True, exist_ok=True)
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            entries = list(pool.map(partial(_write_page, folder, size), numbers, chunksize=25))
        manifest.write_text(json.dumps({"pages": entries}, ensure_ascii=False, indent=1), encoding="utf-8")
    pages = json.loads(manifest.read_text(encoding="utf-8"))["pages"]
    return PageSet(folder, {f"/{page['file'].removesuffix('.gz')}": page["expected"] for page in pages})


def _write_page(folder: Path, size: int | None, number: int) -> dict[str, Any]:
    page = make_page(number, size)
    path = folder / f"{page.product.path[1:]}.gz"
    path.write_bytes(gzip.compress(page.html, compresslevel=6, mtime=0))
    return {
        "file": f"{page.product.path[1:]}.gz",
        "url": page.product.url,
        "kind": page.kind,
        "bytes": len(page.html),
        "expected": page.product.truth,
    }


def _code_digest() -> str:
    """Of the code that makes pages, so that a changed one does not find old pages."""
    here = Path(__file__).parent
    sources: Iterator[bytes] = ((here / name).read_bytes() for name in ("words.py", "filler.py", "pages.py"))
    return sha256(b"".join(sources)).hexdigest()[:12]
