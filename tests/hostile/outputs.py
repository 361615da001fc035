"""What a run writes, and where it cannot."""

import json
import subprocess
import sys
from pathlib import Path

from tests.hostile.laboratory import PRODUCT, Ran, Scene, command, inspect_texts, product
from tests.server import Server, page

NOT_WRITTEN = (2, 3)
NAME = '=1+2,"x"\u2028\u0085 \'\t\r\n<b>'


def run(folder: Path, *arguments: str) -> Ran:
    ran = command(folder, *arguments, "--ignore-robots", "-v")
    complaints = list(inspect_texts(ran))
    assert not complaints, complaints
    return ran


def formats_agree(folder: Path) -> None:
    """CSV, JSON and JSON Lines hold the same rows, and JSON holds them exactly."""
    name = json.dumps(NAME)[1:-1].replace("<", "\\u003c")
    with Server(lambda _: page(product(name=name))) as server:
        ran = run(
            folder,
            server.url("/1"),
            server.url("/2"),
            "-o",
            "products.csv",
            "-o",
            "products.jsonl",
            "-o",
            "products.json",
        )
    assert ran.exit_code == 0, ran.stderr
    assert json.loads((folder / "products.json").read_text(encoding="utf-8")) == ran.json_rows
    assert [row["url"] for row in ran.rows] == [row["url"] for row in ran.json_rows]
    assert ran.rows[0]["name"].startswith("'=1+2"), ran.rows[0]["name"]
    assert ran.json_rows[0]["name"].startswith("=1+2"), ran.json_rows[0]["name"]
    assert len((folder / "products.jsonl").read_bytes().splitlines()) == 2


def nothing_is_asked(name: str, *arguments: str, prepare: str = "") -> Scene:
    """An output that cannot be written is told before the first request."""

    def play(folder: Path) -> None:
        if prepare:
            (folder / prepare).mkdir()
        with Server(lambda _: PRODUCT) as server:
            ran = run(folder, server.url("/1"), *arguments)
            assert ran.exit_code in NOT_WRITTEN, ran.stderr
            assert server.connections == 0
        assert "scrape: " in ran.stderr, ran.stderr
        assert ran.stderr.count("\n") == 1, ran.stderr

    return Scene(name, play)


def closed_streams(folder: Path) -> None:
    """Whoever started it may have closed them; that costs no row, and nothing is mixed into a file."""
    with Server(lambda _: PRODUCT) as server:
        closing = ["/bin/sh", "-c", 'exec "$@" 0<&- 1>&- 2>&-', "sh", sys.executable, "-m", "scraper"]
        done = subprocess.run([*closing, server.url("/1"), "-o", "products.csv"], cwd=folder, check=False, timeout=300)
        assert done.returncode == 0
    assert (folder / "products.csv").read_text(encoding="utf-8").count(server.url("/1")) == 2


def stdout_is_pure(folder: Path) -> None:
    """Rows, and nothing else."""
    with Server({"/1": PRODUCT}) as server:
        ran = run(folder, server.url("/1"), server.url("/2"), "-o", "-", "-f", "jsonl")
    assert [json.loads(line)["name"] for line in ran.stdout.splitlines()] == ["Chair"]


def odd_locale(folder: Path) -> None:
    """Whatever the surroundings say of encodings."""
    with Server(lambda _: page(product(name="Стул \U0001f4ba"))) as server:
        for locale in ("C", "POSIX", "de_DE.ISO-8859-1"):
            ran = command(folder, server.url("/1"), "--ignore-robots", "-v", environment={
                "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0",
            })  # fmt: skip
            assert ran.exit_code == 0, ran.stderr
            assert ran.rows[0]["name"] == "Стул \U0001f4ba"


SCENES = (
    Scene("formats agree", formats_agree),
    Scene("standard output is pure", stdout_is_pure),
    Scene("odd locales", odd_locale),
    Scene("streams that are closed", closed_streams),
    nothing_is_asked("a folder as output", "-o", "folder.csv", prepare="folder.csv"),
    nothing_is_asked("a folder as store", "--store", "folder.db", prepare="folder.db"),
    nothing_is_asked("an output in no folder", "-o", "absent/products.csv"),
    nothing_is_asked("a store in no folder", "--store", "absent/products.db"),
    nothing_is_asked("an unknown format", "-o", "products.doc"),
    nothing_is_asked("two outputs of one name", "-o", "a.csv", "-o", "./a.csv"),
    nothing_is_asked("an output that is the store", "-o", "a.csv", "--store", "a.csv"),
    nothing_is_asked("cookies that are none", "--cookies", "absent.txt"),
    nothing_is_asked("a configuration that is none", "--config", "absent.toml"),
)  # fmt: skip
