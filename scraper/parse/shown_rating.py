"""The rating that a page shows in words: `4,7 von 5 Sternen`, `479 ratings`."""

import re
from collections.abc import Sequence

_OUT_OF = "out of|von|sur|su|de|av|af|z|van|из|の"
_RATING = re.compile(rf"\b(?P<value>\d{{1,2}}(?:[.,]\d{{1,4}})?)\s*(?:{_OUT_OF}|/)\s*(?P<best>5|10)(?![\d.,])", re.I)
_COUNT = re.compile(
    r"^\(?(?P<count>\d{1,3}(?:[., \u00a0]\d{3})*|\d{1,7})\s*\)?\s*(?:global |customer |verified |product )?"
    r"(?:ratings?|reviews?|(?:stern|kunden)?(?:e?bewertung|rezension)(?:en)?|évaluations?|avis(?: clients?)?|notes?\b"
    r"|recension[ei]|valoraci(?:ón|ones)|opini(?:ón|ones)|avaliaç(?:ão|ões)|beoordeling(?:en)?|hodnocen[íi]|recenz[ei]"
    r"|opini[ei]?|omdömen|anmeldelser|arvostelu[a]?|отзыв(?:а|ов)?|件のレビュー|則評價|条评价)",
    re.I,
)
_LONGEST_LINE = 60


def extract_rating(lines: Sequence[str]) -> dict[str, object]:
    """The first rating that the page states, its scale, and the first number of ratings or reviews."""
    short = [line for line in lines if line and len(line) <= _LONGEST_LINE and any(map(str.isdigit, line))]
    rating = next((match for line in short if (match := _RATING.search(line)) and _is_possible(match)), None)
    if rating is None:
        return {}
    count = next((match["count"] for line in short if (match := _COUNT.match(line))), None)
    return {"rating": rating["value"], "rating_max": rating["best"], "review_count": count}


def _is_possible(match: re.Match[str]) -> bool:
    return 0 < float(match["value"].replace(",", ".")) <= float(match["best"])
