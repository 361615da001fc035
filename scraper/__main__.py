"""`python -m scraper` is `scrape`."""

from scraper.entry import main

main()
