"""`python -m tests.hostile [WORD...]`: the table of behaviours, or of the groups named, and how many pass."""

import sys
from itertools import groupby

from tests.hostile.laboratory import investigate
from tests.hostile.table import EXPERIMENTS, SCENES


def main(groups: list[str]) -> int:
    """Print a line for each behaviour; 1 if one failed, 2 for a group that there is not."""
    known = sorted({*SCENES, *(experiment.name for experiment in EXPERIMENTS)})
    if unknown := set(groups).difference(known):
        print(f"no group {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    verdicts = investigate(
        [experiment for experiment in EXPERIMENTS if not groups or experiment.name in groups],
        {group: scenes for group, scenes in SCENES.items() if not groups or group in groups},
    )
    for group, rows in groupby(verdicts, key=lambda verdict: verdict.group):
        print(f"\n{group}")
        for verdict in rows:
            print(f"  {'FAIL' if verdict.complaints else 'ok  '}  {verdict.name}")
            for complaint in verdict.complaints:
                print(f"          {complaint}")
    passed = sum(not verdict.complaints for verdict in verdicts)
    print(f"\n{passed} of {len(verdicts)} behaviours end as they should")
    return int(passed < len(verdicts))


sys.exit(main(sys.argv[1:]))
