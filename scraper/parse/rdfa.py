"""RDFa Lite (https://www.w3.org/TR/rdfa-lite/) in the vocabulary of schema.org."""

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document
from scraper.parse.scoped import Syntax, extract_items

_RDFA = Syntax(
    "rdfa",
    scope="typeof",
    type="typeof",
    property="property",
    prefixes=("schema:", "http://schema.org/", "https://schema.org/"),
)


def extract_rdfa(document: Document) -> list[Candidate]:
    """The products of the page in its order."""
    return extract_items(document, _RDFA)
