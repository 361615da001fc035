"""A page in BeautifulSoup."""

from bs4 import BeautifulSoup


class SoupPage:
    """The means of `common.Page`."""

    def __init__(self, html: str, parser: str) -> None:
        self.html = html
        self._soup = BeautifulSoup(html, parser)

    def text(self, css: str) -> str | None:
        element = self._soup.select_one(css)
        return element.get_text(strip=True) if element else None

    def attribute(self, css: str, name: str) -> str | None:
        element = self._soup.select_one(css)
        return element[name] if element else None

    def texts(self, css: str) -> list[str]:
        return [element.get_text() for element in self._soup.select(css)]
