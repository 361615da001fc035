"""`python -m tests.fuzz TARGET CORPUS [OPTION...]`: coverage-guided fuzzing with atheris, which `make fuzz` installs.

CORPUS is a folder that keeps what was found to be new; OPTIONs are those of libFuzzer, such as -max_total_time=600.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-untyped]

with atheris.instrument_imports(include=["scraper"]):
    from tests.fuzz.targets import TARGETS, TOKEN, seeds

MOST_REPEATED = 2_000


def mutator(known: list[bytes]) -> Callable[[bytes, int, int], bytes]:
    """What changes an input: half of the time libFuzzer, half of the time by whole tags, strings and words."""
    tokens = sorted({token for seed in known for token in TOKEN.findall(seed)})

    def mutate(data: bytes, most_bytes: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311
        if not tokens or chance.random() < 0.5:
            return bytes(atheris.Mutate(data, most_bytes))
        pieces = TOKEN.findall(data)
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.randrange(len(pieces) + 1)
            end = at + chance.choice((0, 1, 1, 3, 10))
            own = pieces[at:end]
            times = chance.choice((2, 3, 100, MOST_REPEATED))
            other = chance.choice(pieces or tokens)
            pieces[at:end] = chance.choice(([], [chance.choice(tokens)], [*own, other], [other, *own], own * times))
        return b"".join(pieces)[:most_bytes]

    return mutate


def main(name: str, corpus: str, *options: str) -> None:
    """Fuzz one target."""
    known = seeds(name)
    folder = Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(known):
        (folder / f"seed{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], corpus, *options], TARGETS[name], custom_mutator=mutator(known))
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
