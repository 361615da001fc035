"""Crawlee for Python with its Parsel crawler; results in memory, as many requests at once as the others."""

import asyncio
import logging
from datetime import timedelta

from common import Row, arguments, read_product, write_rows
from crawlee import ConcurrencySettings
from crawlee.crawlers import ParselCrawler, ParselCrawlingContext
from crawlee.storage_clients import MemoryStorageClient
from selector import SelectorPage


async def main() -> None:
    given = arguments()
    rows: list[Row] = []
    crawler = ParselCrawler(
        storage_client=MemoryStorageClient(),
        concurrency_settings=ConcurrencySettings(
            min_concurrency=given.concurrency,
            desired_concurrency=given.concurrency,
            max_concurrency=given.concurrency,
        ),
        request_handler_timeout=timedelta(minutes=2),
        configure_logging=False,
    )
    logging.getLogger("crawlee").setLevel(logging.WARNING)

    @crawler.router.default_handler
    async def read(context: ParselCrawlingContext) -> None:
        html = (await context.http_response.read()).decode("utf-8")
        rows.append(read_product(context.request.url, SelectorPage(html, context.selector)))

    await crawler.run(given.urls)
    write_rows(given.output, rows)


asyncio.run(main())
