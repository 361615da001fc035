"""Fetching: one attempt at a URL, and the rules of what may be fetched. Knows no HTML."""
