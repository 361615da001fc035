"""The pictures of the product that a page shows, in the largest form that it names."""

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from scraper.parse.described import description_of
from scraper.parse.document import Document
from scraper.parse.places import Places

_GALLERY_WORDS = (
    "gallery", "galerie", "galeria", "main-image", "mainimage", "main_image", "product-image", "productimage",
    "product_image", "product-photo", "product-img", "product-media", "product__media", "product-cover", "zoom",
    "landing", "lightbox", "fotorama", "main-img", "mainimg", "big-image", "bigimage", "packshot", "picture", "photo",
    "product", "image", "thumbnail",
)  # fmt: skip
"""The most telling first."""
_ZOOMED_ATTRIBUTES = (
    "data-zoom-image", "data-zoom", "data-large_image", "data-large", "data-full", "data-old-hires", "data-highres",
    "data-original", "data-image",
)  # fmt: skip
_PLAIN_ATTRIBUTES = ("data-lazy-src", "data-lazy", "data-src", "src", "content")
_SET_ATTRIBUTES = ("srcset", "data-srcset")
_UNWANTED = re.compile(
    r"logo(?!n)|place-?_?holder|no[-_]?(?:image|img|photo|picture)|sprite|spacer|transparent\.|\.svg"
    r"|(?:^|[/_.-])(?:icons?|blank|pixel|1x1|loading|loader|lazy|avatar|badges?|banner|payments?|captcha|empty)(?:[/_.-]|$)",
    re.I,
)
_DESCRIPTOR = re.compile(r"(?<!\S)(\S+)\s{1,9}(\d{1,5}(?:\.\d{1,3})?)[wx]\s{0,9}(?:,|$)")
_PICTURE_URL = re.compile(r"https?://[^\s\"'<>()]{1,500}?\.(?:jpe?g|png|webp|avif)(?![A-Za-z])", re.I)
_IS_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:$|[?#])", re.I)
_IS_RASTER = re.compile(r"\.(?:jpe?g|png|webp|avif)(?:$|[?#])", re.I)
_BACKGROUND = re.compile(r"""background(?:-image)?\s{0,4}:[^;]{0,60}?url\(["']?([^"')]{1,1000})""", re.I)
_MOST_BACKGROUNDS = 20
_MOST_IMAGES = 400
_MOST_ABOVE = 6
_SMALLEST_SIDE = 60
_FARTHEST = 2
"""Levels above the heading up to which a picture that is called nothing is its product's."""


def extract_images(document: Document, name: str) -> list[str]:
    """The picture described as the product is named, else the first one in a gallery of the product."""
    images = document.tree.tags("img")[:_MOST_IMAGES]
    described = (node for node in images if _is_described(node, name.casefold()))
    for nodes in (described, _in_gallery(images, document.places)):
        if url := next((url for node in nodes if not _is_small(node) and (url := largest_url(node))), None):
            return [url]
    return _in_backgrounds(document) or _nearest(images, document.places)


def _nearest(images: Iterable[LexborNode], places: Places) -> list[str]:
    """The first picture of those that stand nearest to the heading, where nothing tells more of any."""
    near = [
        (place.height, order, node)
        for order, node in enumerate(images)
        if (place := places.of(node)) is not None and not place.aside and place.height <= _FARTHEST
    ]
    for _, _, node in sorted(near, key=lambda entry: entry[:2]):
        url = None if _is_small(node) else largest_url(node)
        if url and _IS_RASTER.search(url):
            return [url]
    return []


def _in_backgrounds(document: Document) -> list[str]:
    """The first picture that is the background of an element in a gallery."""
    for node in document.tree.css('[style*="url("]')[:_MOST_BACKGROUNDS]:
        place, style = document.places.of(node), _BACKGROUND.search(node.attributes.get("style") or "")
        words = " ".join(_descriptions(node))
        if (
            style
            and place
            and not place.aside
            and any(word in words for word in _GALLERY_WORDS)
            and is_picture(style[1])
        ):
            return [style[1]]
    return []


def _in_gallery(images: Iterable[LexborNode], places: Places) -> Iterator[LexborNode]:
    """Pictures in elements called galleries, those of the most telling word first, then by their order."""
    ranked = []
    for order, node in enumerate(images):
        words = " ".join(_descriptions(node))
        rank = next((rank for rank, word in enumerate(_GALLERY_WORDS) if word in words), None)
        if rank is not None:
            ranked.append((rank // 4, order, node))
    for _, _, node in sorted(ranked, key=lambda entry: entry[:2]):
        place = places.of(node)
        if place is not None and not place.aside:
            yield node


def _descriptions(node: LexborNode) -> Iterator[str]:
    above: LexborNode | None = node
    for _ in range(_MOST_ABOVE):
        if above is None:
            return
        yield description_of(above)
        above = above.parent


def _is_small(image: LexborNode) -> bool:
    sides = (image.attributes.get(key) or "" for key in ("width", "height"))
    return any(side.isascii() and side.isdigit() and int(side[:6]) < _SMALLEST_SIDE for side in sides)


def _is_described(image: LexborNode, name: str) -> bool:
    alt = (image.attributes.get("alt") or "").strip().casefold()
    if min(len(alt), len(name)) <= 3:
        return False
    return name in alt or (alt in name and 2 * len(alt) >= len(name))


def largest_url(image: LexborNode) -> str | None:
    """The URL of an image element in the largest form named, or of the picture that it links to; None for ornaments."""
    attributes = {name: value.strip() for name, value in image.attributes.items() if value}
    zoomed = [attributes[name] for name in _ZOOMED_ATTRIBUTES if name in attributes]
    sets = [largest for name in _SET_ATTRIBUTES if (largest := _largest_of(attributes.get(name, "")))]
    plain = [attributes[name] for name in _PLAIN_ATTRIBUTES if name in attributes]
    other = (match[0] for value in attributes.values() if (match := _PICTURE_URL.search(value)))
    return next((url for url in (*zoomed, *_linked_picture(image), *sets, *plain, *other) if is_picture(url)), None)


def _linked_picture(image: LexborNode) -> list[str]:
    parent = image.parent
    href = parent.attributes.get("href") if parent is not None and parent.tag == "a" else None
    return [href] if href and _IS_PICTURE.search(href) else []


def _largest_of(srcset: str) -> str | None:
    """The URL of the greatest width or density in a srcset."""
    sized = [(float(match[2]), match[1]) for match in _DESCRIPTOR.finditer(srcset[:20_000])]
    return max(sized, key=lambda entry: entry[0])[1].lstrip(",") if sized else None


def is_picture(url: str) -> bool:
    """Whether the URL's last parts do not sound like a logo, a placeholder or another ornament."""
    if url.startswith("data:") or not url or " " in url:
        return False
    path = url.split("?", 1)[0]
    return not _UNWANTED.search("/".join(path.rsplit("/", 2)[-2:]))
