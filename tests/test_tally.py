"""What is counted for people to see."""

from types import SimpleNamespace
from typing import cast

from scraper.feed import Feed
from scraper.models import Status
from scraper.tally import HOSTS_PER_PAGE, Tally

FEED = cast(Feed, SimpleNamespace(invalid_lines=0, new_pages=0, is_done=True))


def test_many_hosts_are_not_ranked_at_every_look() -> None:
    """The display looks five times a second; a new slowest host is seen after some pages."""
    tally = Tally({}, lambda: 0.0)
    for number in range(100 * HOSTS_PER_PAGE):
        tally.add(f"host{number}.example", Status.OK, 1.0)
    tally.add("slow.example", Status.OK, 9.0)
    assert tally.progress(FEED, 0).slowest[0] == ("slow.example", 9.0)
    tally.add("slower.example", Status.OK, 99.0)
    assert tally.progress(FEED, 0).slowest[0] == ("slow.example", 9.0)
    for _ in range(100):
        tally.add("host1.example", Status.OK, 1.0)
    assert tally.progress(FEED, 0).slowest[0] == ("slower.example", 99.0)
