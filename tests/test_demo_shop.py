"""The demo shop: what it serves, that ten at once wait no longer than one, and that closing ends every wait."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, RemoteDisconnected
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from scraper.demo import Comparison, DemoShop


@pytest.fixture(scope="module")
def shop() -> Iterator[DemoShop]:
    with DemoShop(delay_seconds=0.0) as shop:
        yield shop


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=60)


def product_pages(shop: DemoShop) -> list[BeautifulSoup]:
    return [BeautifulSoup(get(url).text, "html.parser") for url in shop.product_urls]


def connect(shop: DemoShop) -> HTTPConnection:
    return HTTPConnection(urlsplit(shop.base_url).netloc, timeout=60)


def test_shop_has_twelve_product_pages_of_real_size(shop: DemoShop) -> None:
    """Every product URL answers a page of 5 to 20 KB."""
    sizes = [len(get(url).content) for url in shop.product_urls]
    assert len(sizes) == len(set(shop.product_urls)) == 12
    assert all(5_000 <= size <= 20_000 for size in sizes)


def test_a_third_each_has_json_ld_microdata_and_neither(shop: DemoShop) -> None:
    """The shop has something to read for every kind of source."""
    pages = product_pages(shop)
    has_jsonld = [page.select_one("script[type='application/ld+json']") is not None for page in pages]
    has_microdata = [page.select_one("[itemtype='https://schema.org/Product']") is not None for page in pages]
    kinds = list(zip(has_jsonld, has_microdata, strict=True))
    assert [kinds.count(kind) for kind in ((True, False), (False, True), (False, False))] == [4, 4, 4]


def test_prices_are_in_three_currencies_each_in_its_language(shop: DemoShop) -> None:
    """German pages write comma decimals and euros, English ones dollars, Swedish ones kronor."""
    written = {
        "de": re.compile(r"(\d{1,3}\.)*\d{1,3},\d\d\N{NO-BREAK SPACE}€"),
        "en-US": re.compile(r"\$(\d{1,3},)*\d{1,3}\.\d\d"),
        "sv": re.compile(r"(\d{1,3}\N{NO-BREAK SPACE})*\d{1,3}\N{NO-BREAK SPACE}kr"),
    }
    languages = []
    for page in product_pages(shop):
        languages.append(page.html["lang"])
        assert written[page.html["lang"]].fullmatch(page.select_one(".amount").text)
    assert [languages.count(language) for language in written] == [4, 4, 4]


def test_one_product_is_sold_out_and_one_reduced(shop: DemoShop) -> None:
    """Availability and old prices have something to be read from."""
    pages = product_pages(shop)
    assert sum(page.select_one("[href='https://schema.org/OutOfStock']") is not None for page in pages) == 1
    assert [page.s.text for page in pages if page.s] == ["was $79.00"]


def test_json_ld_states_the_price_that_the_page_shows(shop: DemoShop) -> None:
    """The data for machines and the text for people agree."""
    for page in product_pages(shop):
        if script := page.select_one("script[type='application/ld+json']"):
            data = json.loads(script.string)
            (product,) = (node for node in data.get("@graph", [data]) if node["@type"] == "Product")
            shown = re.sub(r"\D", "", page.select_one(".amount").text)
            assert shown in product["offers"]["price"].replace(".", "")
            assert product["name"] == page.h1.text


def test_every_link_of_the_shop_leads_to_a_page_of_it(shop: DemoShop) -> None:
    """Only links below /checkout/, which robots.txt forbids, lead nowhere; none leads out."""
    links = {
        urljoin(url, a["href"]).partition("#")[0]
        for url in (shop.base_url + "/", shop.base_url + "/journal-cast-iron-care.html", *shop.product_urls)
        for a in BeautifulSoup(get(url).content, "html.parser").select("a[href]")
    }
    pages = {link for link in links if "/checkout/" not in link and "/media/" not in link}
    assert pages >= {shop.base_url + "/", *shop.product_urls}
    assert {get(link).status_code for link in pages} == {200}
    assert all(link.startswith(shop.base_url) for link in links)


def test_robots_txt_forbids_the_checkout_only(shop: DemoShop) -> None:
    """A scraper that obeys robots.txt may read every product."""
    answer = get(shop.base_url + "/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == "User-agent: *\nDisallow: /checkout/\n"


def test_a_path_that_is_no_page_is_404(shop: DemoShop) -> None:
    """Neither an unknown product nor a path out of the folder is found."""
    for path in ("/product-unknown.html", "/index.html", "/../demo.py"):
        with requests.Session() as session:
            assert session.get(shop.base_url + path, timeout=60).status_code == 404


def test_query_does_not_change_the_page(shop: DemoShop) -> None:
    """Tracking parameters and the search form reach the page of the path."""
    url = shop.product_urls[0]
    assert get(url + "?utm_source=letter").content == get(url).content


def test_connection_is_kept_for_the_next_request(shop: DemoShop) -> None:
    """Two answers, the first a 404, come over one connection."""
    connection = connect(shop)
    try:
        statuses = []
        for path in ("/nowhere", "/"):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            statuses.append((answer.status, connection.sock is not None))
        assert statuses == [(404, True), (200, True)]
    finally:
        connection.close()


def test_ten_threads_are_nearly_ten_times_as_fast_as_one() -> None:
    """The delay of one request does not hold up another."""
    with DemoShop(delay_seconds=0.3) as shop, ThreadPoolExecutor(10) as pool:
        urls = shop.product_urls[:10]
        began = time.perf_counter()
        assert all(map(get, urls))
        halfway = time.perf_counter()
        assert all(pool.map(get, urls))
        speed_up = (halfway - began) / (time.perf_counter() - halfway)
    assert speed_up > 5  # nearly ten; half of it is left to a busy machine


def test_only_product_pages_wait() -> None:
    """The home page, the article, robots.txt and a 404 come at once, however long a product takes."""
    with DemoShop(delay_seconds=60) as shop:
        paths = ("/", "/journal-cast-iron-care.html", "/robots.txt", "/nowhere")
        assert [get(shop.base_url + path).status_code for path in paths] == [200, 200, 200, 404]


def test_a_burst_of_connections_is_accepted() -> None:
    """A hundred connections opened before any is served all get their page."""
    with DemoShop(delay_seconds=0.05) as shop:
        connections = [connect(shop) for _ in range(100)]
        for connection in connections:
            connection.request("GET", urlsplit(shop.product_urls[0]).path)
        statuses = [connection.getresponse().status for connection in connections]
        for connection in connections:
            connection.close()
    assert statuses == [200] * 100


def test_closing_ends_the_requests_that_wait() -> None:
    """Leaving the block hangs up on a request that would have waited for an hour."""
    with DemoShop(delay_seconds=3600) as shop:
        connection = connect(shop)
        connection.request("GET", urlsplit(shop.product_urls[0]).path)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()


def test_closing_frees_the_port_and_the_thread() -> None:
    """A shop can be opened again where the last one stood."""
    before = set(threading.enumerate())
    with DemoShop() as first:
        port = urlsplit(first.base_url).port
        (serving,) = set(threading.enumerate()) - before
    assert not serving.is_alive()
    with DemoShop(delay_seconds=0, port=port or 0) as second:
        assert second.base_url == first.base_url
        assert get(second.base_url + "/").status_code == 200


def test_client_that_hangs_up_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed, neither for a request nor for a connection that was reset."""
    with DemoShop(delay_seconds=0.05) as shop:
        for _ in range(5):
            connection = connect(shop)
            connection.request("GET", urlsplit(shop.product_urls[0]).path)
            connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close by a reset
            connection.close()
        get(shop.product_urls[0])
    assert capfd.readouterr() == ("", "")


def test_comparison_says_how_many_times_as_fast() -> None:
    """Ten seconds against one is ten times as fast."""
    assert Comparison(pages=10, threads=10, one_by_one_seconds=10.0, parallel_seconds=1.0).speed_up == 10.0
