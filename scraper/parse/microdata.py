"""Microdata (https://html.spec.whatwg.org/multipage/microdata.html): the products among a page's items."""

from scraper.parse.candidate import Candidate
from scraper.parse.document import Document
from scraper.parse.scoped import Syntax, extract_items

_MICRODATA = Syntax("microdata", scope="itemscope", type="itemtype", property="itemprop")


def extract_microdata(document: Document) -> list[Candidate]:
    """The products of the page in its order."""
    return extract_items(document, _MICRODATA)
