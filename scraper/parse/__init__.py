"""Parsing: pure functions from a page to a product. Knows no network, clock or file."""
