"""One page to one outcome: the sources of a product, asked in turn, and what the page is where they find none."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from scraper.config import SiteRules
from scraper.errors import ConfigError
from scraper.models import Outcome, Page, Status
from scraper.parse.candidate import Candidate
from scraper.parse.classify import (
    LISTED_PRODUCTS,
    classify_answer,
    classify_rest,
    failure,
    is_article,
    is_product_template,
    is_soft_404,
)
from scraper.parse.country import country_of, currency_meant
from scraper.parse.document import Document, text_of
from scraper.parse.html import extract_html
from scraper.parse.jsonld import extract_jsonld
from scraper.parse.merge import Subject, choose, merge, read_open, settled, unread
from scraper.parse.microdata import extract_microdata
from scraper.parse.microformats import extract_microformats
from scraper.parse.opengraph import extract_opengraph, is_product_type
from scraper.parse.rdfa import extract_rdfa
from scraper.parse.rules import ParserFailed, extract_rules, rules_for
from scraper.parse.schema_org import address_key, is_front_page
from scraper.parse.shop_name import shop_test
from scraper.parse.shown_price import may_be_net, may_be_reduced
from scraper.parse.shown_stock import contradiction
from scraper.parse.state import extract_state
from scraper.parse.values import clean_text

SOURCES: tuple[Callable[[Document], Sequence[Candidate]], ...] = (
    extract_jsonld, extract_microdata, extract_rdfa, extract_microformats, extract_state, extract_opengraph,
)  # fmt: skip
_STRUCTURED = ("jsonld", "microdata", "rdfa", "microformats", "state")
LARGE_BYTES = 1_000_000
"""Of a body: above, parsing may take seconds."""
_TILLS = frozenset({
    "cart", "basket", "bag", "checkout", "shopping-cart", "shoppingcart", "warenkorb", "kasse", "panier", "commande",
    "carrito", "cesta", "carrello", "cassa", "carrinho", "winkelwagen", "winkelmand", "koszyk", "zamowienie", "kosik",
    "kosar", "cos", "sepet", "sepetim", "varukorg", "kassa", "kurv", "indkobskurv", "handlekurv", "handlevogn",
    "ostoskori", "korzina", "koshyk", "kolichka", "cart.php", "basket.php", "cart.aspx", "wishlist", "merkzettel",
    "confirmation", "order-received", "thank-you", "thankyou",
})  # fmt: skip
"""What shows things as if it sold them."""
_NO_PRICES = ("0", "0.0", "0.00")
_IDENTIFYING = ("price", "price_text", "availability", "sku", "gtin", "mpn", "brand")


@dataclass(frozen=True, slots=True)
class Examination:
    """The outcome of a page, and what its sources said on the way to it."""

    outcome: Outcome
    found: tuple[Candidate, ...] = ()
    """Every product that a source read; none where the outcome was plain before any was asked."""
    chosen: tuple[Candidate, ...] = ()
    """The one of each source that the page may be about, that of the site's rules first."""
    subject: Subject | None = None
    """By what they were chosen and are normalised; None where no source was asked."""


def parse_page(page: Page, sites: Mapping[str, SiteRules] | None = None) -> Outcome:
    """The product that a page shows, or why it shows none. Whatever the page is, it raises MemoryError at most.

    `sites` are the rules of the configuration by host. An exception becomes a failure with its type as the reason.
    """
    return examine(page, sites, thorough=False).outcome


def may_take_long(page: Page, sites: Mapping[str, SiteRules]) -> bool:
    """Whether parsing needs a limit that holds: the body is large, or the site has a function of the user's."""
    rules = _rules_of(page, sites)
    return len(page.body) > LARGE_BYTES or (rules is not None and rules.parser is not None)


def _rules_of(page: Page, sites: Mapping[str, SiteRules]) -> SiteRules | None:
    return (rules_for(page.final_url, sites) or rules_for(page.url, sites)) if sites else None


def examine(page: Page, sites: Mapping[str, SiteRules] | None = None, *, thorough: bool = True) -> Examination:
    """As `parse_page`, with what every source said.

    Unless `thorough`, the visible page of what is evidently a product is only asked for what the other sources leave
    open, which saves half the time.
    """
    try:
        return _examine(page, sites or {}, thorough=thorough)
    except ConfigError as error:
        return Examination(failure(page, Status.PARSE_ERROR, "rule", clean_text(str(error)) or ""))
    except ParserFailed as failed:
        return Examination(failure(page, Status.PARSE_ERROR, _reason(failed.kind), clean_text(str(failed)) or ""))
    except MemoryError:  # whose fault it is depends on how much there was
        raise
    except (Exception, SystemExit, GeneratorExit) as error:  # the one place where any page may do anything
        kind, told = type(error).__name__, clean_text(str(error), limit=300) or "no message"
        return Examination(failure(page, Status.PARSE_ERROR, _reason(kind), f"{kind} while parsing: {told}"))


def _reason(kind: str) -> str:
    """The name of an exception as a reason: `ZeroDivisionError` is `zero_division_error`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()


def _examine(page: Page, sites: Mapping[str, SiteRules], *, thorough: bool) -> Examination:
    document = Document(page)
    if refused := classify_answer(document):
        return Examination(refused)
    rules = _rules_of(page, sites)
    ruled = extract_rules(document, rules) if rules else None
    if rules and ruled is None:
        return Examination(failure(page, Status.NOT_PRODUCT, "no_product", "The site's parser found no product."))
    subject = _subject(document)
    found = [extract(document) for extract in SOURCES]
    marked = [best for candidates in found if (best := choose(candidates, subject))]
    told = read_open([*([ruled] if ruled else []), *marked], subject)
    known = settled(told, subject)
    if any(candidate.fields.get("is_range") for candidate in marked):
        known -= {"price"}
    is_priced = any("price" in given for given in told.values())
    is_ruled = ruled is not None and bool(ruled.fields) and not is_soft_404(document)
    evident = is_ruled or _is_marked_product(document, marked)
    shown = extract_html(document, known if evident and not thorough else (), is_priced=is_priced)
    noticed = (*ruled.warnings, *unread(ruled, subject)) if ruled else ()
    outcome: Outcome
    if is_ruled or _is_product(document, marked, shown, evident=evident):
        seen_stock = _seen_stock(document, told)
        outcome = merge(page, read_open(shown, subject, told), subject, noticed, seen_stock=seen_stock)
    else:
        rest = classify_rest(document, _listed([*found, shown]))
        outcome = replace(rest, message=" ".join([rest.message, "; ".join(noticed)]).strip())
    chosen = (*([ruled] if ruled and ruled.fields else []), *marked, *shown)
    return Examination(outcome, tuple(chain.from_iterable([*found, shown])), chosen, subject)


def _seen_stock(document: Document, told: Mapping[str, Mapping[str, object]]) -> str | None:
    """What the page shows of its stock against what the most trusted source says, unless that is the site's rule."""
    marked = next(((source, given["availability"]) for source, given in told.items() if "availability" in given), None)
    if marked is None or marked[0] == "rule":
        return None
    return contradiction(document, text_of(document.heading), str(marked[1]))


def _listed(found: Sequence[Sequence[Candidate]]) -> int:
    """How many products the most talkative source names, or how many prices stand in a grid."""
    named = [len({str(candidate.fields.get("name")) for candidate in candidates}) for candidates in found]
    shown = [candidate.fields.get("listed_prices") for candidates in found for candidate in candidates]
    return max([*named, *(count for count in shown if isinstance(count, int))], default=0)


def _subject(document: Document) -> Subject:
    return Subject(
        document.urls, document.titles, document.shows, country_of(document), document.absolute_url,
        shop_test(document), partial(may_be_reduced, document), partial(may_be_net, document), document.links_to,
        partial(currency_meant, document),
    )  # fmt: skip


def _is_marked_product(document: Document, marked: Sequence[Candidate]) -> bool | None:
    """Whether the page is about one product by what its markup says; None where that leaves it to what it shows."""
    structured = [own.fields for own in marked if own.source in _STRUCTURED and own.fields.get("name")]
    if any(own.get("price") not in (None, *_NO_PRICES) for own in structured):
        return True
    if is_soft_404(document):
        return False
    if is_product_type(document) or is_product_template(document):
        return True
    if is_article(document):
        return False
    if any(own.get(key) not in (None, *_NO_PRICES) for own in structured for key in _IDENTIFYING):
        return True
    return True if any(own.source == "opengraph" and own.fields.get("price") for own in marked) else None


def _is_product(
    document: Document, marked: Sequence[Candidate], shown: Sequence[Candidate], *, evident: bool | None
) -> bool:
    """Whether what the sources found is evidence enough that the page is about one product."""
    is_range = any(own.fields.get("is_range") and own.fields.get("name") for own in marked)
    if is_range and any(_shows_many(one.fields) for one in shown):
        return False
    if evident is not None:
        return evident
    is_declared = any(own.source in _STRUCTURED and not own.fields.get("name") for own in marked)
    is_sold = any(one.fields.get("is_sold") or (is_declared and one.fields.get("price_text")) for one in shown)
    return is_sold and not is_front_page(document.urls) and not _is_till(document.urls)


def _is_till(urls: Sequence[str]) -> bool:
    """Whether all addresses end as those of carts, tills and thanks for an order."""
    return bool(urls) and all(address_key(url)[0].rpartition("/")[2] in _TILLS for url in urls)


def _shows_many(shown: Mapping[str, object]) -> bool:
    """Whether the visible page has prices in a grid, and none by itself."""
    listed = shown.get("listed_prices")
    return not shown.get("price_text") and isinstance(listed, int) and listed >= LISTED_PRODUCTS
