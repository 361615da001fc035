"""How Scrapy is started: its own settings but for the number of requests at once, logging and the console."""

from collections.abc import Iterator
from typing import Any

import scrapy
from common import COLUMNS, arguments
from scrapy.crawler import CrawlerProcess
from scrapy.http import TextResponse


class ListSpider(scrapy.Spider):
    """Fetches a list of URLs."""

    name = "list"

    async def start(self) -> Any:
        for url in self.urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: TextResponse) -> Iterator[dict[str, Any]]:
        raise NotImplementedError


def crawl(spider: type[ListSpider]) -> None:
    given = arguments()
    process = CrawlerProcess(
        settings={
            "CONCURRENT_REQUESTS": given.concurrency,
            "CONCURRENT_REQUESTS_PER_DOMAIN": given.concurrency,
            "FEEDS": {str(given.output): {"format": "csv", "fields": list(COLUMNS), "overwrite": True}},
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
            "DOWNLOAD_DELAY": 0,
        }
    )
    process.crawl(spider, urls=given.urls)
    process.start()
