"""Each row of the table of behaviours is a test; they share the runs that `python -m tests.hostile` makes."""

import subprocess
import sys

import pytest

from tests.hostile.laboratory import investigate
from tests.hostile.table import EXPERIMENTS, ROWS, SCENES

# The first one waits for all runs, which together take minutes where others keep the machine busy.
pytestmark = pytest.mark.timeout(1200)

Complaints = dict[tuple[str, str], tuple[str, ...]]


@pytest.fixture(scope="module")
def complaints(request: pytest.FixtureRequest) -> Complaints:
    """Of the groups that were asked for."""
    asked = {item.callspec.params["group"] for item in request.session.items if hasattr(item, "callspec")
             and "group" in item.callspec.params}  # fmt: skip
    verdicts = investigate(
        [experiment for experiment in EXPERIMENTS if experiment.name in asked],
        {group: scenes for group, scenes in SCENES.items() if group in asked},
    )
    return {(verdict.group, verdict.name): verdict.complaints for verdict in verdicts}


@pytest.mark.parametrize(("group", "name"), ROWS, ids=map("/".join, ROWS))
def test_behaviour(complaints: Complaints, group: str, name: str) -> None:
    """It ends as the table says."""
    assert complaints[group, name] == ()


def test_names_are_distinct() -> None:
    """So that a failure names one behaviour."""
    assert len(set(ROWS)) == len(ROWS)


def test_there_are_many() -> None:
    """The table is not cut by accident."""
    assert len(ROWS) >= 190


def test_a_group_that_there_is_not_is_refused() -> None:
    """A slip in GROUPS must not pass as a table in which nothing failed."""
    command = [sys.executable, "-m", "tests.hostile", "slwo"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("no group slwo; there are ")
