"""Scrapy with its own selectors."""

from collections.abc import Iterator
from typing import Any

from common import read_product
from scrapy.http import TextResponse
from scrapy_common import ListSpider, crawl
from selector import SelectorPage


class Spider(ListSpider):
    """Reads products with CSS."""

    def parse(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        yield read_product(response.url, SelectorPage(response.text, response.selector))


crawl(Spider)
