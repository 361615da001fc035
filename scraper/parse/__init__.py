"""Parsing: pure functions from a page to a product. Knows no network, clock or file.

What a run calls stands here, and imports the parser when it is called: its patterns take a while, and the first
requests need not wait for them.
"""

from collections.abc import Mapping

from scraper.config import SiteRules
from scraper.models import Outcome, Page


def load() -> None:
    """Import the parser."""
    import scraper.parse.page  # noqa: F401


def parse_page(page: Page, sites: Mapping[str, SiteRules]) -> Outcome:
    """As `scraper.parse.page.parse_page`."""
    from scraper.parse.page import parse_page

    return parse_page(page, sites)


def may_take_long(page: Page, sites: Mapping[str, SiteRules]) -> bool:
    """As `scraper.parse.page.may_take_long`."""
    from scraper.parse.page import may_take_long

    return may_take_long(page, sites)


def check_rules(sites: Mapping[str, SiteRules]) -> None:
    """As `scraper.parse.rules.check_rules`."""
    if sites:
        from scraper.parse.rules import check_rules

        check_rules(sites)
