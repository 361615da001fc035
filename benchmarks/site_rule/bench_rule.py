"""A site rule as a user may write one, all in BeautifulSoup, and dear: for what parsing processes are there."""

from bs4 import BeautifulSoup, Tag

STOCK = {
    **dict.fromkeys(("In stock", "Auf Lager", "En stock"), "InStock"),
    **dict.fromkeys(("Out of stock", "Nicht auf Lager", "Rupture de stock"), "OutOfStock"),
    **dict.fromkeys(("Pre-order", "Vorbestellbar", "Précommande"), "PreOrder"),
}


def parse(soup: BeautifulSoup) -> dict[str, object]:
    """The product, and how many others and reviews the page shows."""
    image = soup.select_one("img.product-image")
    others = [_text(card, ".card__title") for card in soup.select("main .card")]
    reviews = [_text(review, ".review__text") for review in soup.select("main .review")]
    return {
        "name": _text(soup, "h1.product-title"),
        "price": _text(soup, ".product-price .price-now"),
        "availability": STOCK[_text(soup, ".product-stock")],
        "sku": _text(soup, ".product-number .sku"),
        "image": image["src"] if image else None,
        "attributes": {"others": str(len(others)), "words": str(sum(len(review.split()) for review in reviews))},
    }


def _text(element: Tag, selector: str) -> str:
    found = element.select_one(selector)
    return found.get_text(strip=True) if found else ""
