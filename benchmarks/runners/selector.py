"""A page in parsel, which Scrapy and Crawlee share."""

from parsel import Selector


class SelectorPage:
    """The means of `common.Page`."""

    def __init__(self, html: str, selector: Selector) -> None:
        self.html = html
        self._selector = selector

    def text(self, css: str) -> str | None:
        text = self._selector.css(f"{css}::text").get()
        return text.strip() if text is not None else None

    def attribute(self, css: str, name: str) -> str | None:
        return self._selector.css(f"{css}::attr({name})").get()

    def texts(self, css: str) -> list[str]:
        return self._selector.css(f"{css}::text").getall()
