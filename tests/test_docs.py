"""What the documents say is so: their commands run, their tables are those of the program."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.cli import SETTINGS, main
from scraper.demo import DemoShop
from scraper.export.rows import COLUMNS
from scraper.models import Status
from tests.hostile.table import ROWS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.partition("  #")[0].strip() for line in re.findall(r"^    ((?:scrape|cat) .*)$", README, re.MULTILINE)]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| (?!promise|---)(.+?) \| (.+) \|$", SECURITY, re.MULTILINE)
MODULES = re.findall(r"`((?:\w+/)*\w+\.py)`", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shop() -> Iterator[DemoShop]:
    with DemoShop(delay_seconds=0.0) as shop:
        yield shop


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shop: DemoShop) -> Path:
    """With every file that the commands of the README name; they run here one after the other."""
    folder = tmp_path_factory.mktemp("readme")
    urls = shop.product_urls[:2]
    (folder / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
    (folder / "list.csv").write_text(f"link,note\n{urls[0]},chair\n", encoding="utf-8")
    (folder / "saved").mkdir()
    for number, page in enumerate(sorted((ROOT / "scraper" / "demo_shop").glob("product-*.html"))[:2]):
        (folder / "saved" / f"{number}.html").write_bytes(page.read_bytes())
    (folder / "urls.json").write_text(json.dumps({"0.html": urls[0], "1.html": urls[1]}), encoding="utf-8")
    return folder


def run(command: str, folder: Path, shop: DemoShop) -> subprocess.CompletedProcess[str]:
    command = command.replace("https://shop.example/chair", shop.product_urls[0])
    scrape = f'scrape() {{ "{sys.executable}" -c "from scraper.cli import main; main()" "$@"; }}\n'
    return subprocess.run(
        ["/bin/sh", "-c", scrape + command], cwd=folder, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_readme_run(command: str, folder: Path, shop: DemoShop) -> None:
    """As they stand there, one after the other."""
    result = run(command, folder, shop)
    assert result.returncode == 0, result.stderr


def test_the_readme_has_commands() -> None:
    """The pattern above finds them."""
    assert len(COMMANDS) >= 9


def test_the_python_of_the_readme_runs(shop: DemoShop, capsys: pytest.CaptureFixture[str]) -> None:
    """And prints a product."""
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(  # noqa: S102 - our own words
        code.replace("https://shop.example/chair", shop.product_urls[0]),
        {"__name__": "__main__"},
    )
    assert re.search(r"^\w.* \d+(\.\d+)? ([A-Z]{3}|None)$", capsys.readouterr().out, re.MULTILINE)


def test_the_readme_tells_every_status_column_and_command() -> None:
    """None more, none less."""
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == [status.value for status in Status]
    columns = README.partition("### Columns")[2].partition("Prices are")[0]
    assert tuple(re.findall(r"`(\w+)`", columns)) == COLUMNS
    assert [name for name in main.commands if f"scrape {name}" not in README and name not in ("run", "demo")] == []


def test_architecture_tells_every_module() -> None:
    """By name; those of `export/`, which are a format each, together."""
    named = {path.name for pattern in ("*.py", "fetch/*.py", "parse/*.py") for path in (ROOT / "scraper").glob(pattern)}
    assert named - {"__init__.py"} - {module.rpartition("/")[2] for module in MODULES} == set()
    known = {path.name for path in (ROOT / "scraper").rglob("*.py")} | {"test_architecture.py"}
    assert [module for module in MODULES if module.rpartition("/")[2] not in known] == []


def test_every_setting_has_its_option() -> None:
    """The table of settings names real options of `run`."""
    assert set(SETTINGS) <= {parameter.name for parameter in main.commands["run"].params}


def test_nothing_speaks_of_where_it_was_made() -> None:
    """No absolute path of a machine in what is shipped."""
    shipped = [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "Makefile", *(ROOT / "scraper").rglob("*.py")]
    found = [
        path.name for path in shipped if re.search(r"/(home|work|root|Users)/\w", path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("held_by", [held_by for _, held_by in PROMISES], ids=[promise[:60] for promise, _ in PROMISES])
def test_every_promise_is_held_by_a_test(held_by: str) -> None:
    """One that is there, or a group of the laboratory."""
    names = re.findall(r"`([^`]+)`", held_by)
    assert names
    for name in names:
        if name.startswith("GROUPS="):
            assert name.removeprefix("GROUPS=") in {group for group, _ in ROWS}
        else:
            path, _, test = name.partition("::")
            assert f"\ndef {test}(" in (ROOT / path).read_text(encoding="utf-8"), name


def test_there_are_promises() -> None:
    """The pattern above finds them."""
    assert len(PROMISES) >= 20
