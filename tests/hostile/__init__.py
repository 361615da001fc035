"""Everything a server, a page or a list can do to a scraper, done to this one through its command line."""
