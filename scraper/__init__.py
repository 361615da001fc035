"""A parallel product scraper: lists of URLs in, one clean table of products out."""

TYPE_CHECKING = False  # as type checkers know it; `typing` would take longer to load than Ctrl-C should be in doubt

__version__ = "0.1.0"

if TYPE_CHECKING:
    from scraper.api import scrape
    from scraper.models import Failure, Outcome, Product, Status

__all__ = ["Failure", "Outcome", "Product", "Status", "__version__", "scrape"]


def __getattr__(name: str) -> object:
    """Import what is asked for only then, so that `scrape --help` need not wait for the network libraries."""
    if name == "scrape":
        from scraper.api import scrape

        return scrape
    if name in __all__:
        from scraper import models

        return getattr(models, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
