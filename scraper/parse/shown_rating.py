"""The rating that a page shows: in words (`4,7 von 5 Sternen`), in attributes for programs, as a share of its stars."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.parse.described import description_of
from scraper.parse.document import Document
from scraper.parse.price_elements import upwards
from scraper.parse.scoped import value_of

_OUT_OF = "out of|von|sur|su|de|av|af|z|van|из|ud af|od|din|の|/|out of a possible"
_RATING = re.compile(
    rf"(?<![\d.,])(?P<value>\d{{1,2}}(?:[.,]\d{{1,4}})?)\s*(?:stars?\s*)?(?:{_OUT_OF})\s*(?P<best>5|10)(?:[.,]00?)?(?![\d.,%])",
    re.I,
)
_BEST_FIRST = re.compile(r"(?P<best>5|10)\s?(?:つ星のうち|점 만점에|星中)\s?(?P<value>\d(?:[.,]\d{1,4})?)")
_COUNTED = (
    r"ratings?|reviews?|(?:stern|kunden|produkt)?(?:e?bewertung|rezension|meinung)(?:en)?"
    r"|évaluations?|avis(?: clients?| vérifiés?)?|notes?\b|commentaires?|votes?\b|opinions?\b|testimonials?"
    r"|recension[ei]|valutazion[ei]|giudizi|valoraci(?:ón|ones)|opini(?:ón|ones)|reseñas?|calificaciones|comentarios?"
    r"|avaliaç(?:ão|ões)|análises|críticas|beoordeling(?:en)?|recensies?|reviews|waarderingen"
    r"|hodnocen[íi]|hodnotení|hodnotenia|recenz[eijíu]+|opini[aei]?|ocen[ay]?"
    r"|vélemény|értékelés|recenzii|evaluări|opinii"
    r"|omdömen|recensioner|betyg|anmeldelser|vurderinger|omtaler|arvostelua?|arviota?|arvustus(?:t)?|atsauksmes|atsiliepim"
    r"|отзыв(?:а|ов)?|оценок|оцен(?:ки|ка)|відгук(?:и|ів)?|отзива?|рецензи|κριτικ|αξιολογήσεις"
    r"|değerlendirme|yorum|ביקורות|חוות דעת|تقييم|مراجع|件のレビュー|レビュー|件|則評價|条评价|则评价|評價"
    r"|개의? (?:리뷰|후기|상품평)|đánh giá|ulasan|penilaian|รีวิว"
)
_COUNT = re.compile(
    r"^\W{0,3}(?P<count>\d{1,3}(?:[., \u00a0\u202f]\d{3})++(?!\d)|\d{1,7}+(?!\d))\s*+\)?\s*+"
    rf"(?:\w{{2,12}} ){{0,2}}(?:{_COUNTED})",
    re.I,
)
_LABELLED_COUNT = re.compile(rf"^(?:{_COUNTED})\s*[:(]\s*(?P<count>\d{{1,7}})\s*\)?$", re.I)
_BARE_COUNT = re.compile(r"^\(\s*(?P<count>\d{1,3}(?:[.,]\d{3})*|\d{1,7})\s*\)$")
_LONGEST_LINE = 60
_RATING_WORDS = (
    "rating", "star", "review", "bewertung", "score", "opinion", "hodnocen", "ocen", "note", "avis", "valora",
    "prev-badge", "stamped", "yotpo", "loox",
)  # fmt: skip
_SINGLE_REVIEW = re.compile(
    r"review[-_ ]?(?:item|list|card|body|content|entry)|comment|filter|histogram|breakdown|individual"
    r"|distribution|progress|rating[-_]?bars?\b|write|(?:add|your|new|submit)[-_ ]?(?:review|rating)|review[-_ ]?form"
)
_VALUE_ATTRIBUTES = (
    "data-average-rating", "data-rating", "data-score", "data-rate", "data-average", "data-rating-value", "data-stars",
    "data-review-score", "rating", "score", "data-bewertung", "data-rating-average",
)  # fmt: skip
_COUNT_ATTRIBUTES = (
    "data-number-of-reviews", "data-review-count", "data-reviews-count", "data-rating-count", "data-raters",
    "data-count",
    "data-reviews", "data-total-reviews", "data-num-reviews",
)  # fmt: skip
_SAID_ATTRIBUTES = ("aria-label", "title", "alt", "data-tooltip")
_NUMBER = re.compile(r"\d{1,2}(?:[.,]\d{1,10})?")
_SCORED = re.compile(
    r"(?:[^\d$€£¥]{0,30}[\s:])?(?P<value>[1-4][.,]\d{1,2}|5[.,]00?)(?:\s*(?:[(|·•-]|stars?\b|average\b)[^%$€£¥]{0,40})?",
    re.I,
)
"""A rating with its decimals, alone or with a label before it and a count behind."""
_SCORE_WORDS = ("rating", "average", "score", "bewertung", "valora", "avaliac", "ocen", "hodnocen", "stars")
_STATES = {
    "half": re.compile(r"half|[-_]50\b|partial"),
    "empty": re.compile(
        r"empty|(?:star|fa)-o\b|star-?outline|[-_]0\b|[-_]0[-_]|inactive|unfilled|\boff\b|-off\b|grey|gray|blank"
    ),
    "full": re.compile(r"full|fill|(?<!in)active|\bon\b|-on\b|select|check|gold|yellow|orange|[-_]100\b"),
}
"""What a star is called that counts a half, nothing, or one; the first that fits."""
_SHARES = {"full": Decimal(1), "half": Decimal("0.5"), "empty": Decimal(0)}
_STARS = 5
_GLYPHS = re.compile(r"(★{1,4})☆{1,4}")
"""Five stars written out; all of them full are as often an ornament."""
_NUMBERED = re.compile(
    r"(?:stars?|rat(?:ing|e)|ratingbox)(?:[-_]{1,2}(?:filled[-_])?(?P<whole>[0-5])(?:[-_.,](?P<half>[05]))?|s?(?P<tens>[0-4][05]|50)"
    r"|\s(?P<word>one|two|three|four|five))(?![\w.,]|-\w)"
)
_WORDS = {word: str(number) for number, word in enumerate(("one", "two", "three", "four", "five"), 1)}
_STAR_WIDTH = re.compile(r"(?:^|;)\s*width:\s*(?P<share>\d{1,3}(?:\.\d{1,6})?)\s*%")
_MOST_ELEMENTS = 60
_MOST_RATED_LINES = 5
_FARTHEST = 12
_REVIEW_HEIGHT = 5


def extract_rating(document: Document) -> dict[str, object]:
    """The first rating that the page states, its scale, and the first number of ratings or reviews."""
    if found := _in_words(document.numeric_lines, document):
        return found | {"review_count": _count(document.numeric_lines)}
    if found := _in_properties(document):
        return found
    elements = list(_rated_elements(document))
    found = next((found for read in _READERS for node in elements if (found := read(node))), {})
    found = found or _by_name(elements, document)
    count = _count(document.numeric_lines) if found else None
    return found | {"review_count": count or _count_in(elements)}


def _in_words(lines: Sequence[str], document: Document) -> dict[str, object]:
    rated = (
        (line, found)
        for line in lines
        if len(line) <= _LONGEST_LINE and ("5" in line or "10" in line) and (found := _read(line))
    )
    return next((found for line, found in islice(rated, _MOST_RATED_LINES) if _is_own(line, document)), {})


def _is_own(line: str, document: Document) -> bool:
    """Whether a line stands nowhere but among other products."""
    if '"' in line or "\\" in line:
        return True
    holding = document.tree.css(f'body *:lexbor-contains("{line}")')
    return not holding or any(
        place is not None and not place.among_others for place in map(document.places.of, holding[-1:])
    )


def _read(text: str) -> dict[str, object]:
    match = _RATING.search(text) or _BEST_FIRST.search(text)
    return {"rating": match["value"], "rating_max": match["best"]} if match and _is_possible(match) else {}


def _in_properties(document: Document) -> dict[str, object]:
    """The properties of a rating that belongs to no product's item, if it is the only one."""
    values = document.tree.css("[itemprop=ratingValue]")
    place = document.places.of(values[0]) if len(values) == 1 else None
    if place is None or place.among_others:
        return {}
    counts = document.tree.css("[itemprop=reviewCount], [itemprop=ratingCount]")
    return {
        "rating": value_of(values[0], values[0].attributes),
        "review_count": value_of(counts[0], counts[0].attributes) if counts else None,
    }


def _is_possible(match: re.Match[str]) -> bool:
    return 0 < Decimal(match["value"].replace(",", ".")) <= Decimal(match["best"])


def _count(lines: Sequence[str]) -> str | None:
    short = (line for line in lines if len(line) <= _LONGEST_LINE)
    return next((match["count"] for line in short if (match := _COUNT.match(line) or _labelled(line))), None)


def _labelled(line: str) -> re.Match[str] | None:
    is_likely = (line[-1] == ")" or line[-1].isdigit()) and (":" in line or "(" in line)
    return _LABELLED_COUNT.match(line) if is_likely else None


def _rated_elements(document: Document) -> Iterator[LexborNode]:
    """The elements called ratings that stand in the product's own part of the page."""
    for node in document.described.having(_RATING_WORDS)[:_MOST_ELEMENTS]:
        place = document.places.of(node)
        is_own = place is not None and place.height <= _FARTHEST and not place.among_others
        if is_own and not any(
            _SINGLE_REVIEW.search(description_of(element)) for element in upwards(node, _REVIEW_HEIGHT)
        ):
            yield node


def _in_attributes(node: LexborNode) -> dict[str, object]:
    attributes = node.attributes
    for name in _SAID_ATTRIBUTES:
        said = (attributes.get(name) or "")[: 2 * _LONGEST_LINE].strip(" .")
        if found := _read(said) or (_read_scored(said) if "star" in said.lower() else {}):
            return found
    for name in _VALUE_ATTRIBUTES:
        value = (attributes.get(name) or "").strip()
        if _NUMBER.fullmatch(value) and 0 < Decimal(value.replace(",", ".")) <= 5:
            return {"rating": value, "rating_max": "5"}
    return {}


def _read_scored(text: str) -> dict[str, object]:
    scored = _SCORED.fullmatch(text)
    return {"rating": scored["value"], "rating_max": "5"} if scored else {}


def _by_text(node: LexborNode) -> dict[str, object]:
    """A rating that is all the element says but for a label and a count: `4.6 (12)`."""
    text = " ".join(node.text(separator=" ")[: 4 * _LONGEST_LINE].split())
    glyphs = _GLYPHS.match(text)
    if glyphs and len(glyphs[0]) == _STARS:
        return {"rating": str(len(glyphs[1])), "rating_max": "5"}
    is_likely = "(" in text or any(word in description_of(node) for word in _SCORE_WORDS)
    if not text or len(text) > _LONGEST_LINE or not is_likely:
        return {}
    return _read(text) or _read_scored(text)


def _by_name(elements: Iterable[LexborNode], document: Document) -> dict[str, object]:
    """Stars of which the class tells how many are coloured, if those nearest to the heading agree."""
    told: dict[int, set[str]] = {}
    for node in elements:
        number, place = _NUMBERED.search(description_of(node)), document.places.of(node)
        if number and place and node.tag not in ("label", "input", "option"):
            told.setdefault(place.height, set()).add(_numbered(number))
    nearest = told[min(told)] if told else set()
    return {"rating": nearest.pop(), "rating_max": "5"} if len(nearest) == 1 and "0.0" not in nearest else {}


def _numbered(number: re.Match[str]) -> str:
    if number["word"]:
        return _WORDS[number["word"]]
    return ".".join(number["tens"]) if number["tens"] else f"{number['whole']}.{number['half'] or 0}"


def _by_stars(node: LexborNode) -> dict[str, object]:
    """Five stars, the first of which are called full and the rest empty."""
    parts = list(node.iter())
    stars = [star for star in parts if "star" in f"{star.tag} {description_of(star)}"] if len(parts) >= _STARS else []
    states = [_state(star) for star in stars] if len(stars) == _STARS else []
    shares = [_SHARES[state] for state in states if state]
    if len(shares) < _STARS or shares != sorted(shares, reverse=True) or not shares[0]:
        return {}
    return {"rating": f"{sum(shares):f}", "rating_max": "5"}


def _state(star: LexborNode) -> str | None:
    named = " ".join(description_of(one) for one in (star, *star.iter()))
    return next((state for state, called in _STATES.items() if called.search(named)), None)


def _by_width(node: LexborNode) -> dict[str, object]:
    """Stars of which a share is coloured: `width: 90%` is 4.5 of 5."""
    if not any(word in description_of(node) for word in ("star", "rating")):
        return {}
    for element in (node, *node.iter()):
        match = _STAR_WIDTH.search((element.attributes.get("style") or "").lower())
        share = Decimal(match["share"]) if match else Decimal(0)
        if 0 < share <= 100:
            return {"rating": f"{(share / 20).normalize():f}", "rating_max": "5"}
    return {}


_READERS = (_in_attributes, _by_text, _by_width, _by_stars)
"""From what states the rating to what it can be guessed from."""


def _count_in(elements: Sequence[LexborNode]) -> str | None:
    for node in elements:
        attributes = node.attributes
        for name in _COUNT_ATTRIBUTES:
            value = (attributes.get(name) or "").strip()
            if value.isdigit() and value.isascii() and value != "0":
                return value
        text = " ".join(node.text(separator=" ")[: 4 * _LONGEST_LINE].split())
        if len(text) <= _LONGEST_LINE and (match := _BARE_COUNT.match(text) or _COUNT.match(text)):
            return match["count"]
    return None
