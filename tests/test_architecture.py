"""Imports point one way, and threads start in one place."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "scraper"
LAYERS = [
    {"__main__"},
    {"entry"},
    {"accuracy", "cli"},
    {"api", "demo", "learn"},
    {"extract", "run"},
    {"explain", "pipeline"},
    {"tally"},
    {"feed"},
    {"export", "frontier", "pool", "progress", "store"},
    {"consensus", "records"},
    {"fetch", "parse", "sources"},
    {"urls"},
    {"config"},
    {"errors"},
    {"models"},
]
"""From the top; a module imports only from those below it."""
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
NETWORK = {"requests", "urllib3", "socket", "ssl", "http"}
MARKUP = {"bs4", "selectolax", "lxml", "html"}


def imported(path: Path) -> set[str]:
    """Full names of the modules that a file imports, lazily or not."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def part(module: str) -> str:
    """The part of the program that a full name belongs to; empty for other packages' modules."""
    names = module.split(".")
    return names[1] if names[0] == "scraper" and len(names) > 1 else ""


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_modules_import_only_from_below(path: Path) -> None:
    """So that each can be read and tested without those above it."""
    own = path.parts[0].removesuffix(".py")
    below = {name for name, rank in RANK.items() if rank > RANK[own]} | {own, ""}
    assert {part(module) for module in imported(path)} - below == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "parse"], ids=str)
def test_parsing_knows_no_network_clock_or_file(path: Path) -> None:
    """A pure function of the page."""
    assert {module.split(".")[0] for module in imported(path)} & (
        NETWORK | {"time", "pathlib", "os", "threading"}
    ) == set()


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "fetch"], ids=str)
def test_fetching_knows_no_markup(path: Path) -> None:
    """What a body means is for the parser."""
    assert {module.split(".")[0] for module in imported(path)} & MARKUP == set()


def test_threads_and_processes_start_in_the_pipeline() -> None:
    """And in what it is made of or runs in: the pool, lookups, the API, the demonstration."""
    starters = {
        str(path)
        for path in MODULES
        if any(call in (PACKAGE / path).read_text(encoding="utf-8") for call in ("Thread(", "Process(", "Executor("))
    }
    assert starters == {"pipeline.py", "pool.py", "api.py", "demo.py", "fetch/resolver.py"}
