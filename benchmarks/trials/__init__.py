"""The measurements; each module holds one or two, each a function from the `Bench` to its tables."""

from collections.abc import Callable

from benchmarks.bench import Bench, Table
from benchmarks.trials.cpu_bound import cpu_bound
from benchmarks.trials.extraction import extraction
from benchmarks.trials.growth import doubling, many_urls
from benchmarks.trials.politeness import politeness
from benchmarks.trials.processes import processes
from benchmarks.trials.start_up import start_up
from benchmarks.trials.waiting import waiting

TRIALS: dict[str, Callable[[Bench], list[Table]]] = {
    "T1": cpu_bound,
    "T2": waiting,
    "T3": many_urls,
    "T4": processes,
    "T5": start_up,
    "T6": extraction,
    "T7": politeness,
    "T8": doubling,
}
