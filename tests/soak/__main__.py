"""`python -m tests.soak`: kills, then faults, then a long run; each tells what it counted."""

import argparse
import time

from tests.soak import faults, kills, steady


def main() -> None:
    """The soak, or parts of it."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--rounds", type=int, default=100, help="kills; 0 leaves them out")
    parser.add_argument("--urls", type=int, default=10_000, help="of the servers that fail; 0 leaves them out")
    parser.add_argument("--minutes", type=float, default=20, help="of the long run; 0 leaves it out")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.rounds:
        began = time.monotonic()
        toll = kills.soak(given.rounds, 2_000, seed=given.seed, say=lambda line: print(f"  {line}", flush=True))
        print(f"kills: {toll}, in {time.monotonic() - began:.0f} s: every table as if never disturbed", flush=True)
    if given.urls:
        began = time.monotonic()
        print(f"faults: {faults.soak(given.urls, seed=given.seed)}, in {time.monotonic() - began:.0f} s", flush=True)
    if given.minutes:
        print(f"steady: {steady.soak(given.minutes)}", flush=True)


main()
