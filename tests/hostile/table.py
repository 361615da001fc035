"""All behaviours, by group."""

from tests.hostile import cut, sizes, slow, statuses
from tests.hostile.laboratory import THE_RUN, Experiment, Scene

EXPERIMENTS: tuple[Experiment, ...] = (
    *slow.EXPERIMENTS, *sizes.EXPERIMENTS, *cut.EXPERIMENTS, *statuses.EXPERIMENTS,
)  # fmt: skip
SCENES: dict[str, tuple[Scene, ...]] = {}
ROWS = [
    *((experiment.name, THE_RUN) for experiment in EXPERIMENTS),
    *((experiment.name, behaviour.name) for experiment in EXPERIMENTS for behaviour in experiment.behaviours),
    *((group, scene.name) for group, scenes in SCENES.items() for scene in scenes),
]
"""Group and name of each row."""
