"""The better way of the tutorials: a Session a thread, BeautifulSoup with lxml."""

import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from common import Row, arguments, read_product, write_rows
from soup import SoupPage

own = threading.local()


def scrape(url: str) -> Row:
    if not hasattr(own, "session"):
        own.session = requests.Session()
    response = own.session.get(url, timeout=60)
    response.raise_for_status()
    return read_product(url, SoupPage(response.text, "lxml"))


given = arguments()
with ThreadPoolExecutor(given.concurrency) as pool:
    write_rows(given.output, pool.map(scrape, given.urls))
