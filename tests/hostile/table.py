"""All behaviours, by group."""

from tests.hostile import (
    charsets,
    cut,
    lists,
    outputs,
    pages,
    redirects,
    retries,
    robots,
    secrets,
    sizes,
    slow,
    statuses,
)
from tests.hostile.laboratory import THE_RUN, Experiment, Scene

EXPERIMENTS: tuple[Experiment, ...] = tuple(
    experiment
    for group in (retries, slow, pages, robots, sizes, cut, statuses, redirects, secrets, charsets)
    for experiment in group.EXPERIMENTS
)  # fmt: skip
SCENES: dict[str, tuple[Scene, ...]] = {
    "lists": lists.SCENES,
    "outputs": outputs.SCENES,
    "retries": retries.SCENES,
    "secrets": secrets.SCENES,
}
ROWS = [
    *((experiment.name, THE_RUN) for experiment in EXPERIMENTS),
    *((experiment.name, behaviour.name) for experiment in EXPERIMENTS for behaviour in experiment.behaviours),
    *((group, scene.name) for group, scenes in SCENES.items() for scene in scenes),
]
"""Group and name of each row."""
