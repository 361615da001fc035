"""The way of the tutorials: requests.get and BeautifulSoup in a ThreadPoolExecutor."""

from concurrent.futures import ThreadPoolExecutor

import requests
from common import Row, arguments, read_product, write_rows
from soup import SoupPage


def scrape(url: str) -> Row:
    response = requests.get(url, timeout=60)
    response.raise_for_status()
    return read_product(url, SoupPage(response.text, "html.parser"))


given = arguments()
with ThreadPoolExecutor(given.concurrency) as pool:
    write_rows(given.output, pool.map(scrape, given.urls))
