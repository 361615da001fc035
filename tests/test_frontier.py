"""Which URL may go now: slots, gaps, due times, robots; with a clock of our own, and once with real threads."""

import itertools
import threading
from collections import Counter, deque
from dataclasses import replace

import pytest

from scraper.config import PolitenessConfig
from scraper.errors import ConnectFailed
from scraper.fetch.robots import ALLOW_ALL, parse_robots
from scraper.frontier import (
    MAX_WAITING,
    NO_ANSWER,
    NO_CONNECTION,
    PROBE_SECONDS,
    SILENCE_BEFORE_PROBE,
    Frontier,
    Task,
    Verdict,
)
from scraper.urls import Url, parse_url


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pending:
    """As the store: the pending URLs of every host in order, numbered from 1."""

    def __init__(self, *urls: str) -> None:
        self.rows: dict[str, list[tuple[int, Url, str]]] = {}
        for page, text in enumerate(urls, start=1):
            url = parse_url(text)
            self.rows.setdefault(url.host, []).append((page, url, text))

    def __call__(self, host: str, page: int, limit: int) -> list[tuple[int, Url, str]]:
        return [row for row in self.rows.get(host, []) if row[0] > page][:limit]

    @property
    def counts(self) -> dict[str, int]:
        return {host: len(rows) for host, rows in self.rows.items()}


def make(
    *urls: str, clock: Clock | None = None, robots: bool = False, threads: int = 1000, **config: float
) -> Frontier:
    """A frontier that has been offered the URLs, and will be offered no more."""
    pending = Pending(*urls)
    frontier = Frontier(
        replace(PolitenessConfig(robots=robots), **config),  # type: ignore[arg-type]
        pending,
        threads=threads,
        clock=clock or Clock(),
    )
    frontier.offer(pending.counts)
    frontier.close()
    return frontier


def take(frontier: Frontier) -> Task:
    task = frontier.poll()
    assert isinstance(task, Task), task
    return task


def tasks_now(frontier: Frontier) -> list[Task]:
    """All tasks that may go at this moment, in the order they are handed out; none is finished."""
    return list(itertools.takewhile(lambda found: isinstance(found, Task), iter(frontier.poll, None)))  # type: ignore[arg-type]


def drain(frontier: Frontier) -> list[str]:
    """The URLs of `tasks_now`."""
    return [task.given for task in tasks_now(frontier)]


A, B, C = (f"http://{host}.example/" for host in "abc")


def test_hosts_take_turns() -> None:
    """A list that is sorted by host is not fetched host after host."""
    frontier = make(A + "1", A + "2", B + "1", B + "2")
    assert drain(frontier) == [A + "1", B + "1", A + "2", B + "2"]


def test_a_host_has_no_more_in_flight_than_its_limit() -> None:
    """The third URL goes when one of two in flight is finished."""
    frontier = make(A + "1", A + "2", A + "3", per_host=2)
    first = take(frontier)
    assert drain(frontier) == [A + "2"]
    frontier.finish(first, Verdict())
    assert drain(frontier) == [A + "3"]


def test_a_full_host_does_not_hold_up_others() -> None:
    """While one host is at its limit, the others' URLs go."""
    frontier = make(A + "1", A + "2", A + "3", B + "1", per_host=1)
    assert drain(frontier) == [A + "1", B + "1"]


def test_the_gap_counts_from_the_moment_of_sending() -> None:
    """With a delay of 2 s the second URL goes 2 s after the first was sent, however long connecting took."""
    clock = Clock()
    frontier = make(A + "1", A + "2", B + "1", clock=clock, delay=2.0)
    task = take(frontier)
    assert drain(frontier) == [B + "1"]
    clock.now += 3.0
    assert drain(frontier) == []
    frontier.sent(task)
    assert frontier.poll() == clock.now + 2.0
    clock.now += 1.999
    assert drain(frontier) == []
    clock.now += 0.001
    assert drain(frontier) == [A + "2"]


def test_sending_late_does_not_shorten_a_pause() -> None:
    """A Retry-After that came meanwhile is longer than the gap."""
    clock = Clock()
    frontier = make(A + "1", A + "2", A + "3", clock=clock, delay=2.0)
    first = take(frontier)
    frontier.sent(first)
    clock.now += 2
    second = take(frontier)
    frontier.finish(first, Verdict(pause_seconds=30))
    frontier.sent(second)
    assert frontier.poll() == clock.now + 30


def test_a_request_that_could_not_be_sent_keeps_the_gap() -> None:
    """Failing to connect is a request to the host as well."""
    clock = Clock()
    frontier = make(A + "1", A + "2", clock=clock, delay=2.0)
    frontier.finish(take(frontier), Verdict())
    assert frontier.poll() == clock.now + 2.0


def test_a_url_that_was_not_requested_costs_no_gap() -> None:
    """What robots.txt forbids is passed over at once."""
    frontier = make(A + "1", A + "2", delay=60.0)
    frontier.finish(take(frontier), Verdict(requested=False))
    assert drain(frontier) == [A + "2"]


def test_a_retry_is_a_due_time() -> None:
    """It goes when it is due, before fresh URLs of its host, and with its next attempt's number."""
    clock = Clock()
    frontier = make(A + "1", A + "2", A + "3", clock=clock)
    task = take(frontier)
    frontier.finish(task, Verdict(again=replace(task, attempt=2), after_seconds=5))
    take(frontier)
    clock.now += 5
    again = take(frontier)
    assert (again.given, again.attempt) == (A + "1", 2)
    assert drain(frontier) == [A + "3"]


def test_a_pause_holds_the_whole_host_and_no_other() -> None:
    """A Retry-After: nothing to this host before it is over."""
    clock = Clock()
    frontier = make(A + "1", A + "2", B + "1", clock=clock)
    task = take(frontier)
    frontier.finish(task, Verdict(again=task, after_seconds=30, pause_seconds=30))
    assert drain(frontier) == [B + "1"]
    assert frontier.poll() == clock.now + 30
    clock.now += 30
    assert drain(frontier) == [A + "1", A + "2"]


def test_a_redirect_goes_on_at_its_target_host() -> None:
    """It obeys the target's gap and limit, not those of the host that redirected."""
    clock = Clock()
    frontier = make(A + "1", B + "1", clock=clock, delay=2.0)
    task = take(frontier)
    frontier.sent(take(frontier))
    moved = replace(task, request=replace(task.request, url=parse_url(B + "moved")))
    frontier.finish(task, Verdict(again=moved))
    assert drain(frontier) == []
    clock.now += 2
    again = take(frontier)
    assert again.request.url.href == B + "moved"
    assert again.given == A + "1"


def test_the_host_that_will_be_busy_longest_goes_first() -> None:
    """With a gap, the host with most URLs must never wait for others, or the run would wait for it in the end."""
    urls = ["http://a.example/1", *(f"http://b.example/{n}" for n in range(9)), "http://c.example/1"]
    assert [task.request.url.host for task in tasks_now(make(*urls, delay=1))] == [
        "b.example",
        "a.example",
        "c.example",
    ]


def test_a_page_follows_upon_its_robots_txt() -> None:
    """With many hosts and few threads the first products come early; after that, hosts take turns."""
    frontier = make(*(f"http://{host}.example/{n}" for host in "abc" for n in (1, 2)), robots=True, threads=1)
    order = []
    for _ in range(5):
        task = take(frontier)
        order.append(task.request.url.href.removeprefix("http://"))
        frontier.finish(task, Verdict(robots=ALLOW_ALL if task.page is None else None))
    assert order == [f"{host}.example/{path}" for host in "abc" for path in ("robots.txt", "1")][:5]


def test_without_a_gap_hosts_take_turns() -> None:
    """However many URLs one has."""
    urls = ["http://a.example/1", *(f"http://b.example/{n}" for n in range(3))]
    hosts = [task.request.url.host for task in tasks_now(make(*urls, threads=2))]
    assert hosts == ["a.example", "b.example", "b.example", "b.example"]


def test_an_overloaded_host_gets_half_and_recovers_slowly() -> None:
    """Eight in flight that all fail halve the limit once; each round of successes raises it by one."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(200)), clock=clock, per_host=8)
    tasks = [take(frontier) for _ in range(8)]
    clock.now += 1
    for task in tasks:
        frontier.finish(task, Verdict(overloaded=True))
    clock.now += 1
    tasks = [take(frontier) for _ in range(4)]
    assert drain(frontier) == []
    for _ in range(2):
        for task in tasks:
            frontier.finish(task, Verdict())
        tasks = tasks_now(frontier)
    assert len(tasks) == 5


def test_robots_is_asked_once_before_anything_else() -> None:
    """The first task of an origin is its robots.txt; nothing else of the host goes until it is known."""
    frontier = make(A + "1", A + "2", robots=True)
    errand = take(frontier)
    assert (errand.page, errand.request.url.href) == (None, A + "robots.txt")
    assert drain(frontier) == []
    rules = parse_robots(b"User-agent: *\nDisallow: /2\n", user_agent="scrape")
    frontier.finish(errand, Verdict(robots=rules))
    tasks = tasks_now(frontier)
    assert [task.given for task in tasks] == [A + "1", A + "2"]
    assert all(task.robots is rules for task in tasks)


def test_each_origin_of_a_host_has_its_own_robots() -> None:
    """Over http and https a host shares its slots, not its rules (RFC 9309, section 2.3)."""
    frontier = make("http://a.example/1", "https://a.example/1", robots=True)
    asked = []
    while isinstance(task := frontier.poll(), Task):
        asked.append(task.request.url.href)
        frontier.finish(task, Verdict(robots=None if task.page else task.robots))
    assert asked == [
        "http://a.example/robots.txt",
        "http://a.example/1",
        "https://a.example/robots.txt",
        "https://a.example/1",
    ]


def test_robots_is_tried_again_before_anything_else() -> None:
    """While its retry waits, no page of the host goes, and other hosts do."""
    clock = Clock()
    frontier = make(A + "1", B + "1", robots=True, clock=clock)
    errand = take(frontier)
    frontier.finish(errand, Verdict(again=replace(errand, attempt=2), after_seconds=5))
    assert [task.request.url.host for task in tasks_now(frontier)] == ["b.example"]
    clock.now += 5
    again = take(frontier)
    assert (again.request.url.href, again.attempt) == (A + "robots.txt", 2)
    error = ConnectFailed(A, "refused", "refused")
    frontier.finish(again, Verdict(robots=error))
    assert take(frontier).robots is error


def test_robots_of_a_redirects_target_carry_no_trust() -> None:
    """Asking a strange host for robots.txt, too, neither sends the user's headers nor reaches private addresses."""
    frontier = make(A + "1", robots=True)
    errand = take(frontier)
    frontier.finish(errand, Verdict(robots=errand.robots))
    task = take(frontier)
    request = replace(task.request, url=parse_url(B + "x"), private_allowed=False)
    frontier.finish(task, Verdict(again=replace(task, request=request)))
    strange = take(frontier)
    assert strange.request.url.href == B + "robots.txt"
    assert not strange.request.own_origin
    assert not strange.request.private_allowed


def test_the_longer_of_delay_and_crawl_delay_wins() -> None:
    """It holds from robots.txt itself on."""
    clock = Clock()
    frontier = make(A + "1", A + "2", robots=True, clock=clock, delay=1.0)
    rules = parse_robots(b"User-agent: *\nCrawl-delay: 4\n", user_agent="scrape")
    frontier.finish(take(frontier), Verdict(robots=rules))
    assert frontier.poll() == clock.now + 4
    clock.now += 4
    frontier.sent(take(frontier))
    assert frontier.poll() == clock.now + 4


def test_ends_when_all_is_finished_and_not_before() -> None:
    """A task in flight may still come back as a retry."""
    frontier = make(A + "1")
    task = take(frontier)
    assert isinstance(frontier.poll(), float)
    frontier.finish(task, Verdict())
    assert frontier.poll() is None


def test_waits_for_the_list_to_be_read() -> None:
    """Idle hosts do not end a run whose list is still being read."""
    pending = Pending(A + "1")
    frontier = Frontier(PolitenessConfig(robots=False), pending, threads=10, clock=Clock())
    assert isinstance(frontier.poll(), float)
    frontier.offer(pending.counts)
    frontier.finish(take(frontier), Verdict())
    assert isinstance(frontier.poll(), float)
    frontier.close()
    assert frontier.poll() is None


def test_stop_wakes_everybody() -> None:
    """Workers that sleep for a URL get None."""
    frontier = Frontier(PolitenessConfig(), Pending(), threads=10)
    answers: list[Task | None] = []
    threads = [threading.Thread(target=lambda: answers.append(frontier.take())) for _ in range(5)]
    for thread in threads:
        thread.start()
    frontier.stop()
    for thread in threads:
        thread.join(10)
    assert answers == [None] * 5


def test_waiting_retries_are_bounded() -> None:
    """A host that fails everything does not fill the memory with retries: its fresh URLs wait."""
    frontier = make(*(f"{A}{n}" for n in range(MAX_WAITING + 50)))
    for _ in range(MAX_WAITING):
        task = take(frontier)
        frontier.finish(task, Verdict(again=task, after_seconds=60))
    assert drain(frontier) == []


def test_listed_hosts_are_those_of_the_list() -> None:
    """A host that only a redirect names is not listed, so it may have no private address."""
    frontier = make(A + "1")
    task = take(frontier)
    frontier.finish(task, Verdict(again=replace(task, request=replace(task.request, url=parse_url(B)))))
    assert frontier.is_listed("a.example")
    assert not frontier.is_listed("b.example")
    assert not frontier.is_listed("c.example")


@pytest.mark.parametrize("threads", [1, 8, 64])
def test_many_threads_take_every_url_once_within_the_limits(threads: int) -> None:
    """Real threads, retries and gaps: each URL is handed out as often as asked, never too many of a host at once."""
    urls = [f"http://h{n % 7}.example/{n}" for n in range(700)]
    pending = Pending(*urls)
    frontier = Frontier(PolitenessConfig(robots=False, per_host=3), pending, threads=threads)
    lock = threading.Lock()
    taken: Counter[str] = Counter()
    flying: Counter[str] = Counter()
    most: Counter[str] = Counter()

    def work() -> None:
        while (task := frontier.take()) is not None:
            host = task.request.url.host
            with lock:
                taken[task.given] += 1
                flying[host] += 1
                most[host] = max(most[host], flying[host])
            with lock:
                flying[host] -= 1
            is_first_of_ten = task.attempt == 1 and task.page is not None and task.page % 10 == 0
            again = replace(task, attempt=2) if is_first_of_ten else None
            frontier.finish(task, Verdict(again=again, after_seconds=0.01))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for host, count in pending.counts.items():
        frontier.offer({host: count})
    frontier.close()
    for worker in workers:
        worker.join(60)
    assert not any(worker.is_alive() for worker in workers)
    assert taken == Counter(urls) + Counter(urls[9::10])
    assert max(most.values()) <= 3


def test_a_task_that_comes_due_wakes_a_sleeper() -> None:
    """Also when the sleeper fell asleep before there was anything to wait for, and the others are busy."""
    pending = Pending(A + "1", B + "1")
    frontier = Frontier(PolitenessConfig(robots=False), pending, threads=10)
    taken: list[str] = []
    came = threading.Event()

    def sleep_and_take() -> None:
        task = frontier.take()
        if task is not None:
            taken.append(task.request.url.href)
            came.set()

    sleeper = threading.Thread(target=sleep_and_take)
    frontier.offer({"a.example": 1})
    busy = frontier.take()
    assert busy is not None
    sleeper.start()
    threading.Event().wait(0.05)  # so that it sleeps before the next lines
    frontier.finish(busy, Verdict(again=busy, after_seconds=0.2))
    frontier.offer({"b.example": 1})
    assert frontier.take() is not None or came.wait(0)
    assert came.wait(60)
    frontier.stop()
    sleeper.join(60)


def test_a_single_slot_is_never_lost() -> None:
    """However often a host is overloaded, one request at a time may go."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(20)), clock=clock, per_host=4)
    for _ in range(10):
        clock.now += 1
        task = take(frontier)
        clock.now += 1
        frontier.finish(task, Verdict(overloaded=True))
    assert len(drain(frontier)) == 1


def test_a_shorter_crawl_delay_does_not_win() -> None:
    """Over the delay that the user asked for."""
    clock = Clock()
    frontier = make(A + "1", robots=True, clock=clock, delay=5.0)
    rules = parse_robots(b"User-agent: *\nCrawl-delay: 1\n", user_agent="scrape")
    frontier.finish(take(frontier), Verdict(robots=rules))
    assert frontier.poll() == clock.now + 5


def test_a_slow_host_gets_no_more_than_its_share_while_others_can_go() -> None:
    """It never gives a thread back, and still the others have theirs at every moment."""
    hosts = ["slow", *(f"h{n}" for n in range(4))]
    frontier = make(*(f"http://{host}.example/{n}" for n in range(50) for host in hosts), threads=10)
    flying = [take(frontier) for _ in range(10)]
    for _ in range(30):
        quick = next(task for task in flying if "slow" not in task.given)
        flying.remove(quick)
        frontier.finish(quick, Verdict())
        flying.append(take(frontier))
    assert sum("slow" in task.given for task in flying) == 2


def test_a_lone_host_may_have_all_threads() -> None:
    """A share is only kept free for hosts that can use it."""
    frontier = make(*(f"{A}{n}" for n in range(20)), B + "1", threads=10)
    assert len(tasks_now(frontier)) == 11


REFUSALS = SILENCE_BEFORE_PROBE // NO_CONNECTION


def silence(frontier: Frontier, count: int, kind: int = NO_CONNECTION) -> None:
    """So many requests in a row get no answer."""
    for _ in range(count):
        frontier.finish(take(frontier), Verdict(silence=kind))


@pytest.mark.parametrize("kind", [NO_CONNECTION, NO_ANSWER])
def test_a_host_that_seems_dead_is_only_probed(kind: int) -> None:
    """After some requests without any answer, one goes after a while; other hosts do not notice."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(50)), B + "1", clock=clock)
    frontier.finish(take(frontier), Verdict())
    assert take(frontier).given == B + "1"
    silence(frontier, SILENCE_BEFORE_PROBE // kind - 1, kind)
    tasks = tasks_now(frontier)
    assert len(tasks) > 1
    for task in tasks:
        frontier.finish(task, Verdict(silence=kind))
    assert frontier.poll() == clock.now + PROBE_SECONDS
    clock.now += PROBE_SECONDS
    assert len(drain(frontier)) == 1


def test_an_answer_to_a_probe_revives_the_host() -> None:
    """As if nothing had been."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(50)), clock=clock, per_host=5)
    silence(frontier, REFUSALS)
    clock.now += PROBE_SECONDS
    frontier.finish(take(frontier), Verdict())
    assert len(drain(frontier)) == 5


def test_a_host_that_answers_no_probe_is_given_up() -> None:
    """Whatever is left of it, retries that wait too, comes at once, with the reason in place of its rules."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(30)), clock=clock, delay=5.0)
    task = take(frontier)
    frontier.finish(task, Verdict(again=task, after_seconds=10_000, silence=NO_CONNECTION))
    for _ in range(REFUSALS):
        clock.now += PROBE_SECONDS
        silence(frontier, 1)
    rest = tasks_now(frontier)
    assert len(rest) == 30 - REFUSALS
    assert {str(getattr(task.robots, "reason", None)) for task in rest} == {"dead_host"}
    for task in rest:
        frontier.finish(task, Verdict(requested=False))
    assert frontier.poll() is None


@pytest.mark.parametrize("revives", [True, False])
def test_a_host_without_a_connection_for_its_robots_is_probed(revives: bool) -> None:
    """One URL ends with that; the rest waits until robots.txt is asked for once more, and goes, or is given up."""
    clock = Clock()
    frontier = make(*(f"{A}{n}" for n in range(9)), robots=True, clock=clock)
    error = ConnectFailed(A, "refused", "a.example: the connection was refused")
    frontier.finish(take(frontier), Verdict(robots=error, silence=NO_CONNECTION))
    (first,) = tasks_now(frontier)
    assert (first.page, first.robots) == (1, error)
    frontier.finish(first, Verdict(requested=False))
    assert frontier.poll() == clock.now + PROBE_SECONDS
    clock.now += PROBE_SECONDS
    (probe,) = tasks_now(frontier)
    assert probe.request.url.href == A + "robots.txt"
    frontier.finish(probe, Verdict(robots=ALLOW_ALL) if revives else Verdict(robots=error, silence=NO_CONNECTION))
    rest = tasks_now(frontier)
    assert [task.page for task in rest] == [*range(2, 10)]
    assert {getattr(task.robots, "reason", None) for task in rest} == {None if revives else "dead_host"}


def test_an_origin_without_a_connection_does_not_kill_the_other() -> None:
    """The host answers over https; that nobody listens on port 80 costs the URLs of http only."""
    frontier = make("https://a.example/1", A + "1", A + "2", "https://a.example/2", robots=True)
    error = ConnectFailed(A, "refused", "a.example: the connection was refused")
    for rules, silence in ((ALLOW_ALL, 0), (error, NO_CONNECTION)):
        robots = next(task for task in tasks_now(frontier) if task.page is None)
        frontier.finish(robots, Verdict(robots=rules, silence=silence))
    reasons = {task.given: getattr(task.robots, "reason", None) for task in tasks_now(frontier)}
    assert reasons == {A + "1": "refused", A + "2": "refused", "https://a.example/2": None}


def test_a_kept_connection_that_is_gone_says_nothing_of_its_host() -> None:
    """It is no sign of life: what was counted before it still counts."""
    frontier = make(*(f"{A}{n}" for n in range(50)), per_host=5)
    silence(frontier, REFUSALS - 1)
    task = take(frontier)
    frontier.finish(task, Verdict(again=task, after_seconds=10_000, silence=None))
    silence(frontier, 1)
    assert drain(frontier) == []


def test_answers_in_between_keep_a_host_alive() -> None:
    """A host that drops many requests, but answers some, is flaky and not dead."""
    frontier = make(*(f"{A}{n}" for n in range(200)))
    for _ in range(10):
        silence(frontier, REFUSALS - 1)
        frontier.finish(take(frontier), Verdict())
    assert len(drain(frontier)) > 1


def test_a_redirected_robots_goes_to_the_host_it_is_at() -> None:
    """Before that host's pages, within its slots; the rules are those of the origin that asked."""
    frontier = make(A + "1", B + "1", robots=True, per_host=1)
    first, second = take(frontier), take(frontier)
    hop = replace(first, request=replace(first.request, url=parse_url(B + "r")))
    frontier.finish(first, Verdict(again=hop))
    assert drain(frontier) == []
    frontier.finish(second, Verdict(robots=second.robots))
    there = take(frontier)
    assert (there.page, there.request.url.href, drain(frontier)) == (None, B + "r", [])
    rules = parse_robots(b"User-agent: *\nDisallow: /1\n", user_agent="scrape")
    frontier.finish(there, Verdict(robots=rules))
    assert {task.given: task.robots is rules for task in tasks_now(frontier)} == {A + "1": True, B + "1": False}


def test_hosts_that_ask_each_other_for_robots_are_not_stuck() -> None:
    """Each waits for a request that is made at the other."""
    frontier = make(A + "1", B + "1", robots=True)
    first, second = take(frontier), take(frontier)
    for task, target in ((first, B), (second, A)):
        hop = replace(task, request=replace(task.request, url=parse_url(target + "r")))
        frontier.finish(task, Verdict(again=hop))
    for task in tasks_now(frontier):
        assert task.request.url.href in (A + "r", B + "r")
        frontier.finish(task, Verdict(robots=task.robots))
    assert sorted(task.given for task in tasks_now(frontier)) == [A + "1", B + "1"]


def test_the_schedule_does_not_grow_with_the_urls() -> None:
    """Entries that no longer count are cleared away, however busy the other hosts are."""
    frontier = make(*(f"http://h{n % 4}.example/{n}" for n in range(4000)), threads=8)
    flying = deque(take(frontier) for _ in range(8))
    for _ in range(3000):
        frontier.finish(flying.popleft(), Verdict())
        flying.append(take(frontier))
    assert sum(map(len, frontier._schedules.values())) < 300
