"""Names that nobody answers for."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from scraper.errors import FetchError, ResourceError
from scraper.fetch import resolver
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.redirect import Request
from scraper.fetch.resolver import MAX_LOOKUPS, STALLED_SECONDS, NoPlaceError, Resolver
from scraper.urls import parse_url

ANSWER = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]


class Names:
    """A name service; names that begin with `dead` are answered when all is over."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.asked: Counter[bytes] = Counter()

    def getaddrinfo(self, host: bytes, *how: int) -> object:
        if how[-1] == socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "not an address")
        self.asked[host] += 1
        if host.startswith(b"dead"):
            self.over.wait(30)
        if host.startswith(b"absent"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return ANSWER


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    names = Names()
    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    yield names
    names.over.set()


def ask(resolver: Resolver, host: str, seconds: float = 5.0) -> object:
    return resolver.resolve(host.encode(), 80, socket.AF_INET, seconds=seconds)


def test_names_have_addresses(names: Names) -> None:
    """Or none, which is told as getaddrinfo tells it."""
    resolver = Resolver()
    assert ask(resolver, "shop.example") == ANSWER
    with pytest.raises(socket.gaierror, match="unknown"):
        ask(resolver, "absent.example")


def test_addresses_need_no_lookup() -> None:
    """Nor a thread."""
    before = threading.active_count()
    assert Resolver().resolve(b"127.0.0.1", 80, socket.AF_UNSPEC, seconds=0.0)[0][4] == ("127.0.0.1", 80)
    assert threading.active_count() == before


def test_a_name_that_nobody_answers_for_costs_its_time_only(names: Names) -> None:
    """However many ask for it, it is looked up once, and others have their answers."""
    resolver = Resolver()
    for _ in range(5):
        with pytest.raises(socket.gaierror, match=r"no answer in 0\.01 s"):
            ask(resolver, "dead.example", 0.01)
    assert ask(resolver, "shop.example") == ANSWER
    assert names.asked == {b"dead.example": 1, b"shop.example": 1}


def fill(resolver: Resolver) -> None:
    """With names that nobody answers for."""
    for number in range(MAX_LOOKUPS):
        with pytest.raises(socket.gaierror):
            ask(resolver, f"dead{number}.example", 0.0)


def test_lookups_are_so_many_at_most(names: Names) -> None:
    """Who comes then waits for a place, in vain or not."""
    resolver = Resolver()
    fill(resolver)
    with pytest.raises(NoPlaceError):
        ask(resolver, "shop.example", 0.01)
    assert b"shop.example" not in names.asked
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask_again, resolver, "shop.example")
        names.over.set()
        assert waiting.result(timeout=30) == ANSWER  # as soon as there is a place


def ask_again(resolver: Resolver, host: str) -> object:
    """Until there is a place."""
    while True:
        with suppress(NoPlaceError):
            return ask(resolver, host)


def test_a_place_that_never_comes_is_not_waited_for(names: Names) -> None:
    """Names fail once no lookup has ended for a minute, or a run would not end."""
    now = 1000.0
    resolver = Resolver(clock=lambda: now)
    fill(resolver)
    now += STALLED_SECONDS
    with pytest.raises(NoPlaceError):
        ask(resolver, "shop.example", 0.01)
    now += 1
    with pytest.raises(socket.gaierror, match="no answer"):
        ask(resolver, "shop.example", 0.01)


def test_no_thread_to_give_is_no_fault_of_the_name(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves no lookup behind that others would wait for."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    looking = Resolver()
    with monkeypatch.context() as patch:
        patch.setattr(resolver.threading.Thread, "start", refuse)
        with pytest.raises(ResourceError):
            ask(looking, "shop.example")
    assert ask(looking, "shop.example") == ANSWER


def test_a_request_for_such_a_name_ends_in_time(names: Names, new_fetcher: Callable[..., Fetcher]) -> None:
    """As one whose name cannot be resolved."""
    url = parse_url("http://dead.example/")
    with pytest.raises(FetchError) as caught:
        new_fetcher(connect_timeout=0.05).fetch(Request(url, url))
    assert caught.value.reason == "dns"
