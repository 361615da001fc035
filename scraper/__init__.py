"""A parallel product scraper."""

__version__ = "0.1.0"
