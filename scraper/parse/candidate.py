"""What one source says about one product, before anything is normalised."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """One product as one source writes it.

    Keys are the fields of `Product`, values are raw: of whatever type and form the page has. `price` and
    `regular_price` are machine amounts; `price_text` and `regular_price_text` are as displayed. `url` is the product's
    own address, where the source gives one.
    """

    source: str
    fields: Mapping[str, object]
    listed: bool = False
    """The source itself says that the page is about something else: an entry of a list, a related product."""
    warnings: tuple[str, ...] = ()
    """What the source was to read and did not find."""
