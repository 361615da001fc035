"""Lists that are no lists, and lines that are no URLs."""

import gzip
from pathlib import Path

from tests.hostile.laboratory import PRODUCT, Ran, Scene, command, inspect_texts
from tests.server import Server

REFUSED = 2


def shop() -> Server:
    return Server(lambda _: PRODUCT)


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> Ran:
    """A run whose texts are fit to be seen."""
    ran = command(folder, *arguments, "--ignore-robots", "-v", stdin=stdin)
    complaints = list(inspect_texts(ran))
    assert not complaints, complaints
    return ran


def weird_lines(folder: Path) -> None:
    """Each becomes a failure with its line number; the rest goes on."""
    lines = {
        "shop.example/chair": "no_scheme", "chair": "no_scheme", "ftp://shop.example/": "bad_scheme", "javascript:alert(1)": "bad_scheme",
        "data:text/html,x": "bad_scheme", "file:///etc/passwd": "bad_scheme", "mailto:a@shop.example": "bad_scheme", "http://": "no_host",
        "http:///": "no_host", "http://[::1/": "malformed", "http://a b/": "malformed", "http://1.2.3.4.5.256/": "malformed",
        "http://shop.example:99999/": "malformed", "http://shop.example:x/": "malformed", "http://%00/": "malformed",
        "http://" + "a" * 9000 + "/": "too_long", "http://shop.example/" + "x" * 9000: "too_long", "http://shop.example/" + "x" * 70_000: "too_long",
        "=cmd|' /C calc'!A0": "no_scheme", "+1+2": "no_scheme", "-1": "no_scheme", "@SUM(1)": "no_scheme",
        "\x1b[2J\x1b]0;basilisk\x07": "no_scheme", "\u202ehttp": "no_scheme",
        "<script>alert(1)</script>": "no_scheme", "%s%n{0}${x}": "no_scheme", "[bold red]x[/]": "no_scheme",
    }  # fmt: skip
    with shop() as server:
        content = "\n".join([*lines, server.url("/1")]).encode("utf-8", "surrogatepass")
        (folder / "urls.txt").write_bytes(content)
        ran = run(folder, "urls.txt")
    assert ran.exit_code == 1, ran.stderr
    assert [row["status"] for row in ran.rows] == ["ok"]
    assert {row["status"] for row in ran.failures} == {"invalid_url"}
    wanted = [reason for reason in lines.values() if reason]
    found = [row["reason"] for row in ran.failures]
    assert [reason for reason in found if reason in wanted][: len(wanted)], found
    by_line = {int(row["message"].partition("urls.txt:")[2].partition(":")[0]): row["reason"] for row in ran.failures}
    for number, reason in enumerate(lines.values(), start=1):
        assert reason is None or by_line[number] == reason, (number, by_line[number], reason)


ODD_LISTS: dict[str, tuple[bytes, int]] = {
    "duplicates.txt": (b"{0}/1\n{0}/1\n{0}/1#x\n  {0}/1  \n", 4),
    "marked.txt": ("\ufeff{0}/2\r\n{0}/3".encode(), 2),
    "carriage.txt": (b"{0}/4\r{0}/5\r", 2),
    "latin.txt": (b"{0}/caf\xe9\n{0}/6\n", 2),
    "wide.txt": ("\ufeff{0}/7\n{0}/8\n".encode("utf-16-le"), 2),
    "quoted.csv": (b'url,x\r\n"{0}/9?a=1,2","=1+2"\r\n{0}/10,\r\n', 2),
    "semicolons.csv": (b"x;url\n1;{0}/11\n2;{0}/12\n", 2),
    "strings.jsonl": (b'{"url": "{0}/13"}\n"{0}/14"\n', 2),
    "packed.txt.gz": (b"{0}/15\n<{0}/16>\n", 2),
}
"""Content, in which {0} stands for the shop, and the rows that come of it."""


def odd_lists(folder: Path) -> None:
    """Every form that a list may have; an URL that stands twice is asked for once."""
    with shop() as server:
        for name, (content, _) in ODD_LISTS.items():
            wide = name == "wide.txt"
            content = content.replace(
                "{0}".encode("utf-16-le" if wide else "ascii"), server.url("").encode("utf-16-le" if wide else "ascii")
            )
            (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        ran = run(folder, *ODD_LISTS)
        assert ran.exit_code == 0, ran.stderr
        assert len(ran.rows) == sum(count for _, count in ODD_LISTS.values()), [row["url"] for row in ran.rows]
        assert len(server.requests) == len(set(server.paths)) == 17, server.paths


def refused(name: str, content: bytes, told: str) -> Scene:
    """What is no list is told in a line, before any request."""

    def play(folder: Path) -> None:
        (folder / name).write_bytes(content)
        ran = run(folder, name)
        assert ran.exit_code == REFUSED, ran.stderr
        assert told in ran.stderr, ran.stderr
        assert not (folder / "products.csv").exists()

    return Scene(f"{name} is refused", play)


def binary_as_list(folder: Path) -> None:
    """Lines of rubbish, each a failure, none a crash."""
    (folder / "urls.txt").write_bytes(bytes(n * 7919 % 256 for n in range(200_000)))
    ran = run(folder, "urls.txt")
    assert ran.exit_code in (1, REFUSED), ran.stderr
    assert not ran.rows


def bomb_as_list(folder: Path) -> None:
    """A list that unpacks to a gigabyte of one line costs no memory."""
    (folder / "urls.txt.gz").write_bytes(gzip.compress(b"x" * 10**8, 9))
    ran = run(folder, "urls.txt.gz")
    assert ran.exit_code == 1, ran.stderr
    assert [row["reason"] for row in ran.failures] == ["too_long"]
    assert ran.peak_bytes < 150_000_000, ran.peak_bytes


def cut_archive(folder: Path) -> None:
    """What was read of it is done; the exit code says that it broke off."""
    with shop() as server:
        lines = "".join(f"{server.url(f'/{n * 7919 % 1000}')}\n" for n in range(300)).encode()
        (folder / "urls.txt.gz").write_bytes(gzip.compress(lines)[:-400])
        ran = run(folder, "urls.txt.gz")
    assert ran.exit_code == REFUSED, ran.stderr
    assert "complete?" in ran.stderr


def standard_input(folder: Path) -> None:
    """Of any kind of line ends, and without one at the end."""
    with shop() as server:
        lines = f"\ufeff{server.url('/1')}\r\n\r\n# x\r\n{server.url('/2')}\n\n\t{server.url('/3')}  ".encode()
        ran = run(folder, "-", "-o", "-", "-f", "jsonl", stdin=lines)
    assert ran.exit_code == 0, ran.stderr
    assert ran.stdout.count(b"\n") == 3


def no_file(folder: Path) -> None:
    """And a folder, and a wrong scheme: one line each."""
    (folder / "folder").mkdir()
    for name in ("absent.txt", "folder", "ftp://shop.example/", "a\x1b[2J.txt"):
        ran = run(folder, name)
        assert ran.exit_code == REFUSED, ran.stderr
        assert ran.stderr.count("\n") == 1, ran.stderr


def failures_as_list(folder: Path) -> None:
    """The table of failures can be given back as it is, whatever its lines were."""
    with Server({"/1": PRODUCT}) as server:
        (folder / "urls.txt").write_text(f"{server.url('/absent?=1,2')}\n=1+2\n{server.url('/1')}\n", encoding="utf-8")
        first = run(folder, "urls.txt")
        again = run(folder, "products.failures.csv", "-o", "again.csv")
    assert len(first.failures) == 2
    assert again.exit_code == 1, again.stderr
    assert "  2 lines" in again.stderr, again.stderr


SCENES = (
    Scene("odd lists", odd_lists),
    Scene("weird lines", weird_lines),
    Scene("binary as list", binary_as_list),
    Scene("a bomb as list", bomb_as_list),
    Scene("an archive that is cut", cut_archive),
    Scene("standard input", standard_input),
    Scene("files that are none", no_file),
    Scene("the failures as a list", failures_as_list),
    refused("empty.txt", b"", "no URL"),
    refused("sheet.xlsx", b"PK\x03\x04" + bytes(99), "spreadsheet"),
    refused("store.db", b"SQLite format 3\0" + bytes(99), "database"),
    refused("page.html", b"<!doctype html>", "web page"),
    refused("nocolumn.csv", b"a,b\n1,2\n", "no column"),
    refused("broken.csv.gz", b"\x1f\x8b" + bytes(99), "broken.csv.gz"),
)  # fmt: skip
