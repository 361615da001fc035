"""Scrapy with extruct as it comes, which reads all markup; what has none is read as in `scrapy_parsel`."""

from collections.abc import Iterator
from typing import Any

import extruct
from common import read_jsonld, read_product
from scrapy.http import TextResponse
from scrapy_common import ListSpider, crawl
from selector import SelectorPage


class Spider(ListSpider):
    """Reads products from their markup."""

    def parse(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        found = extruct.extract(response.text, base_url=response.url)
        fields = read_jsonld(found["json-ld"])
        yield (
            {"url": response.url, **fields}
            if fields
            else read_product(response.url, SelectorPage(response.text, response.selector))
        )


crawl(Spider)
