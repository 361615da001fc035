"""The command line as a user meets it: files, exit codes, one clear line for every mistake."""

import csv
import errno
import json
import os
import platform
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scraper import cli
from scraper.cli import SETTINGS, configure, main
from scraper.config import Config
from scraper.export import EXPORTERS
from scraper.export.rows import COLUMNS
from tests.server import Reply, Server, page, silent
from tests.test_pipeline import PRODUCT, product_page

Serve = Callable[..., Server]


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def scrape(*arguments: str, stdin: str | bytes | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, [*arguments], input=stdin, env=env)


def rows(path: str = "products.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: str, *lines: str) -> str:
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def shop(serve: Serve) -> Server:
    """A thousand products, two pages of other kinds, no robots.txt."""
    routes = {f"/{n}": page(product_page(f"Chair {n}", f"{n}.50")) for n in range(1, 1000)}
    return serve({**routes, "/about": page(b"<title>About us</title><h1>About us</h1><p>We like chairs.")})


def test_the_main_job(serve: Serve) -> None:
    """A list in; table, store and failures out; the summary adds up; 1 since a URL is no product."""
    server = shop(serve)
    write("urls.txt", server.url("/2"), "# a comment", "", server.url("/absent"), "nonsense", server.url("/1"))
    result = scrape("urls.txt", "--threads", "4")
    assert result.exit_code == 1
    assert [(row["name"], row["price"], row["currency"]) for row in rows()] == [
        ("Chair 2", "2.50", "EUR"),
        ("Chair 1", "1.50", "EUR"),
    ]
    assert [(row["url"], row["status"], row["reason"]) for row in rows("products.failures.csv")] == [
        (server.url("/absent"), "gone", "http_404"),
        ("nonsense", "invalid_url", "no_scheme"),
    ]
    assert "urls.txt:5" in rows("products.failures.csv")[1]["message"]
    assert Path("products.db").is_file()
    for line in ("2  ok", "1  gone", "1  invalid_url", "4 lines", "products.csv", "products.failures.csv"):
        assert line in result.stderr
    assert result.stdout == ""


def test_the_header_is_always_whole(serve: Serve) -> None:
    """Every column stands in the table, whatever the pages say."""
    scrape(shop(serve).url("/1"))
    with Path("products.csv").open(encoding="utf-8", newline="") as stream:
        assert tuple(next(csv.reader(stream))) == COLUMNS


def test_all_products_is_exit_0_and_leaves_no_failures_behind(serve: Serve) -> None:
    """A failures file of an earlier run would tell of what is no more."""
    write("products.failures.csv", "url,status")
    result = scrape(shop(serve).url("/1"), shop(serve).url("/2"))
    assert result.exit_code == 0, result.stderr
    assert not Path("products.failures.csv").exists()


def test_outputs_in_several_formats_and_on_standard_output(serve: Serve) -> None:
    """Each suffix its format; rows to standard output, everything else to standard error."""
    url = shop(serve).url("/7")
    result = scrape(url, "-o", "out.csv", "-o", "out.jsonl", "-o", "out.json")
    assert result.exit_code == 0, result.stderr
    assert rows("out.csv")[0]["price"] == "7.50"
    assert json.loads(Path("out.jsonl").read_text(encoding="utf-8"))["price"] == "7.50"
    assert json.loads(Path("out.json").read_text(encoding="utf-8"))[0]["name"] == "Chair 7"
    assert Path("out.db").is_file()
    result = scrape(url, "-o", "-", "--format", "jsonl")
    assert json.loads(result.stdout)["name"] == "Chair 7"


def test_lists_from_standard_input_and_columns(serve: Serve) -> None:
    """A dash reads what is piped in; csv and jsonl lists name their column."""
    server = shop(serve)
    assert scrape("-", stdin=f"{server.url('/1')}\n{server.url('/2')}\n").exit_code == 0
    assert len(rows()) == 2
    write("list.csv", "id,Link", f"7,{server.url('/3')}")
    assert scrape("list.csv", "--url-column", "Link", "--fresh").exit_code == 0
    assert [row["name"] for row in rows()] == ["Chair 3"]


def test_failures_are_a_valid_list(serve: Serve) -> None:
    """Given again, with outputs of its own, they are fetched again."""
    server = shop(serve)
    scrape(server.url("/1"), server.url("/about"), "-o", "a.csv")
    result = scrape("a.failures.csv", "-o", "b.csv")
    assert result.exit_code == 1
    assert [row["reason"] for row in rows("b.failures.csv")] == ["no_product"]


def test_retry_failed_completes_the_table(serve: Serve) -> None:
    """What has its row is not fetched again; the table then holds both."""
    is_broken = threading.Event()
    is_broken.set()

    def route(reply: Reply) -> None:
        (page(b"", status=404) if is_broken.is_set() else PRODUCT)(reply)

    server = serve({"/1": PRODUCT, "/2": route})
    write("urls.txt", server.url("/1"), server.url("/2"))
    assert scrape("urls.txt").exit_code == 1
    is_broken.clear()
    result = scrape("urls.txt", "--retry-failed")
    assert result.exit_code == 0, result.stderr
    assert [row["url"] for row in rows()] == [server.url("/1"), server.url("/2")]
    assert Counter(server.paths)["/1"] == 1


def test_a_finished_list_is_a_new_run_in_the_same_store(serve: Serve) -> None:
    """That is price monitoring: the store keeps both."""
    url = shop(serve).url("/1")
    assert scrape(url).exit_code == scrape(url).exit_code == 0
    with sqlite3.connect("products.db") as db:
        assert db.execute("SELECT COUNT(*) FROM runs WHERE finished_at IS NOT NULL").fetchone() == (2,)
        assert db.execute("SELECT COUNT(*) FROM products").fetchone() == (2,)
    db.close()


def test_export_writes_any_run_again(serve: Serve) -> None:
    """Also an older one; to standard output as csv if nothing else is said."""
    server = shop(serve)
    scrape(server.url("/1"))
    scrape(server.url("/2"))
    assert "Chair 2" in scrape("export", "products.db").stdout
    assert scrape("export", "products.db", "--run", "1", "-o", "first.jsonl").exit_code == 0
    assert "Chair 1" in Path("first.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Missing argument 'SOURCES...'"),
        (("absent.txt",), 2, "absent.txt: "),
        (("ftp://a.example/",), 2, "ftp://a.example/: "),
        (("-", "-"), 2, "only once"),
        (("urls.txt", "--threads", "0"), 2, "run.threads must be at least 1, not 0"),
        (("urls.txt", "--delay", "nan"), 2, "politeness.delay must be at least 0, not nan"),
        (("urls.txt", "--threads", "many"), 2, "'many' is not a valid integer"),
        (("urls.txt", "--max-body", "10 apples"), 2, "'10 apples' is no size"),
        (("urls.txt", "-H", "nonsense"), 2, "'Name: value'"),
        (("urls.txt", "-o", "products.pdf"), 2, "products.pdf: no format has this suffix"),
        (("urls.txt", "-o", "-"), 2, "name its format with --format"),
        (("urls.txt", "--format", "xml", "-o", "-"), 2, "xml"),
        (("urls.txt", "-o", "no/such/folder/products.csv"), 3, "its folder does not exist"),
        (("urls.txt", "-o", "folder.csv"), 3, "a directory"),
        (("urls.txt", "--store", "urls.txt"), 2, "urls.txt: would be read and overwritten"),
        (("urls.txt", "--config", "absent.toml"), 2, "absent.toml: cannot be read"),
        (("urls.txt", "--retry-failed"), 2, "nothing to retry"),
        (("urls.txt", "--cookies", "absent.cookies"), 2, "absent.cookies cannot be read: No such file"),
        (("urls.txt", "--cookies", "urls.txt"), 2, "urls.txt is no Netscape cookie file"),
        (("urls.txt", "--proxy", "nonsense"), 2, "proxy"),
        (("products.failures.csv",), 2, "would be read and overwritten"),
        (("urls.txt", "--colour"), 2, "No such option"),
        (("export", "absent.db"), 2, "absent.db: there is no result store"),
        (("export", "urls.txt"), 3, "file is not a database; move it away, or name another store"),
        (("export", "urls.txt", "-f", "csv", "-o", "./urls.txt"), 2, "urls.txt: would be read and overwritten"),
        (("urls.txt", "--store", "no/such/folder/x.db"), 3, "its folder does not exist; create it first"),
        (("extract", "absent.html"), 2, "absent.html: cannot be read"),
    ],
)
def test_mistakes_get_one_clear_line(arguments: tuple[str, ...], code: int, message: str) -> None:
    """What, where and what to do; the right code; no traceback; nothing is fetched or left behind."""
    write("urls.txt", "http://127.0.0.1:9/")
    write("products.failures.csv", "url", "http://127.0.0.1:9/")
    Path("folder.csv").mkdir()
    before = sorted(Path().iterdir())
    result = scrape(*arguments) if arguments else scrape("run")
    assert result.exit_code == code, result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) <= (4 if "Usage:" in result.stderr else 1)
    assert sorted(Path().iterdir()) == before


def test_a_bad_site_rule_is_refused_before_the_first_request() -> None:
    """With the table and the near field's name."""
    write("config.toml", '[sites."a.example"]', 'pric = ".now"')
    result = scrape("http://127.0.0.1:9/")
    assert result.exit_code == 2
    assert "did you mean 'price'?" in result.stderr


def test_a_reader_of_an_export_may_leave(serve: Serve) -> None:
    """As `scrape export products.db | head -1` does: no complaint."""
    assert scrape(shop(serve).url("/1")).exit_code == 0
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "scraper", "export", "products.db"]
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, timeout=100, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.parametrize(("value", "told"), [("many", "'many' is not a valid integer"), ("0", "must be at least 1")])
def test_a_bad_variable_is_named(value: str, told: str) -> None:
    """Whoever set it long ago, in another file, did not write the option."""
    result = scrape("http://127.0.0.1:9/", env={"SCRAPE_THREADS": value})
    assert result.exit_code == 2
    assert "SCRAPE_THREADS" in result.stderr
    assert "--threads" not in result.stderr
    assert told in result.stderr


def test_a_misspelt_variable_is_refused() -> None:
    """It would change nothing, without a word."""
    result = scrape("http://127.0.0.1:9/", env={"SCRAPE_THREAD": "4"})
    assert (result.exit_code, result.stderr) == (
        2,
        "scrape: SCRAPE_THREAD: there is no such setting; did you mean SCRAPE_THREADS?\n",
    )


def test_variables_of_other_programs_may_be_named_alike(serve: Serve) -> None:
    assert scrape(shop(serve).url("/1"), env={"SCRAPE_INTERVAL": "15s"}).exit_code == 0


def test_command_line_wins_over_environment_over_file(serve: Serve) -> None:
    """Each level in its turn decides the outputs."""
    url = shop(serve).url("/1")
    write("config.toml", "[output]", 'files = ["file.csv"]')
    scrape(url)
    scrape(url, env={"SCRAPE_OUTPUT": "environment.csv"})
    scrape(url, "-o", "option.csv", env={"SCRAPE_OUTPUT": "environment.csv"})
    assert sorted(str(path) for path in Path().glob("*.csv")) == ["environment.csv", "file.csv", "option.csv"]


def test_the_file_can_be_named_by_environment(serve: Serve) -> None:
    """For jobs that run from anywhere; the option wins over it."""
    for name in ("a", "b"):
        write(f"{name}.toml", "[output]", f'files = ["{name}.csv"]')
    scrape(shop(serve).url("/1"), env={"SCRAPE_CONFIG": "a.toml"})
    assert Path("a.csv").exists()
    scrape(shop(serve).url("/1"), "--config", "b.toml", env={"SCRAPE_CONFIG": "a.toml"})
    assert Path("b.csv").exists()


def test_switches_of_the_file_can_be_set_by_environment(serve: Serve) -> None:
    """A flag is given by its variable as well."""
    server = serve({"/robots.txt": page(b"User-agent: *\nDisallow: /"), "/1": PRODUCT})
    assert scrape(server.url("/1")).exit_code == 1
    assert scrape(server.url("/1"), env={"SCRAPE_IGNORE_ROBOTS": "1"}).exit_code == 0


def test_headers_and_user_agent_are_sent(serve: Serve) -> None:
    """To the list's own origin."""
    server = shop(serve)
    scrape(server.url("/1"), "-H", "X-Key: 42", "-U", "tester/1.0")
    asked = server.requests[-1]
    assert (asked.headers["x-key"], asked.headers["user-agent"]) == ("42", "tester/1.0")


def test_site_rules_win(serve: Serve) -> None:
    """A selector of the configuration is read before anything else the page says, also in processes."""
    url = serve({"/1": page(product_page() + b"<b class=ours>17,90 EUR</b>")}).url("/1")
    write("config.toml", '[sites."127.0.0.1"]', 'price = ".ours"')
    for processes in ("0", "1"):
        assert scrape(url, "--processes", processes).exit_code == 0
        assert (rows()[0]["price"], json.loads(rows()[0]["sources"])["price"]) == ("17.90", "rule")


def test_quiet_verbose_and_json(serve: Serve) -> None:
    """Nothing but errors; every failure as it comes; lines for programs."""
    url = shop(serve).url("/about")
    assert scrape(url, "--quiet").stderr == ""
    assert f"not_product no_product: {url}" in scrape(url, "-v").stderr
    lines = [json.loads(line) for line in scrape(url, "--log-format", "json").stderr.splitlines()]
    assert lines[-1]["counts"] == {"not_product": 1}


def test_texts_of_pages_cannot_steer_the_terminal(serve: Serve) -> None:
    """No control character of a list or a page is printed as it is."""
    result = scrape("-", "-v", stdin="http://\x1b[2J\x1b]0;title\x07/\n")
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert "\x07" not in result.output


def test_insecure_is_said_in_the_summary(serve: Serve) -> None:
    """Whoever reads the log must know."""
    assert "not verified" in scrape(shop(serve).url("/1"), "--insecure").stderr


def test_extract_reads_saved_pages(serve: Serve) -> None:
    """One object a file: all columns, or null with the reason."""
    Path("chair.html").write_bytes(product_page())
    Path("about.html").write_bytes(b"<title>About us</title><h1>About us</h1><p>We like chairs.")
    write("map.json", json.dumps({"https://a.example/chair": "chair.html"}))
    result = scrape("extract", "chair.html", "about.html", "--urls", "map.json")
    assert result.exit_code == 0, result.stderr
    chair, about = (json.loads(line) for line in result.stdout.splitlines())
    assert chair["file"] == "chair.html"
    assert set(chair["product"]) == set(COLUMNS)
    assert (chair["product"]["url"], chair["product"]["price"]) == ("https://a.example/chair", "9.99")
    assert chair["product"]["sources"]["price"] == "jsonld"
    assert (about["product"], about["status"], about["reason"]) == (None, "not_product", "no_product")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help(command: str) -> None:
    """With a sentence of its own."""
    result = scrape(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {command} ")


def test_help_comes_without_the_network_libraries() -> None:
    """What only a run needs is not imported for `--help`."""
    code = "import sys, scraper.cli; print(sorted({'requests', 'rich', 'bs4', 'sqlite3'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def start(*arguments: str, grace_seconds: float = 3.0) -> subprocess.Popen[str]:
    """The command in a process of its own, for what ends processes; with all signals as at a terminal."""
    code = f"""
import signal, scraper.pipeline
from scraper.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
scraper.pipeline.GRACE_SECONDS = {grace_seconds}
main()
"""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 100
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_signal_ends_the_run_in_order(serve: Serve, number: signal.Signals, code: int) -> None:
    """Outputs of what arrived, counts that add up, and how to go on; the next run takes up the rest."""
    is_slow = threading.Event()
    is_slow.set()

    def route(reply: Reply) -> None:
        (silent if is_slow.is_set() and int(reply.asked.path[1:]) > 30 else PRODUCT)(reply)

    server = serve(lambda asked: route if asked.path != "/robots.txt" else page(b"", status=404))
    write("urls.txt", *(server.url(f"/{n}") for n in range(1, 61)))
    process = start("urls.txt", "--log-format", "json")
    wait_for(lambda: len(server.paths) > 35)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=100)
    assert process.returncode == code, stderr
    summary = json.loads(stderr.splitlines()[-1])
    assert (summary["exit_code"], summary["resume_hint"]) == (code, "run the same command again")
    assert "Traceback" not in stderr
    done, cancelled = rows(), rows("products.failures.csv")
    assert len(done) + len(cancelled) == 60
    assert {row["status"] for row in cancelled} == {"cancelled"}
    is_slow.clear()
    assert scrape("urls.txt").exit_code == 0
    assert len(rows()) == 60
    assert Counter(server.paths)["/1"] == 1


def test_a_second_ctrl_c_ends_it_at_once(serve: Serve) -> None:
    """The store stays whole; further ones, which come while it ends, change nothing."""
    server = serve(lambda asked: silent if asked.path == "/2" else PRODUCT)
    write("urls.txt", server.url("/1"), server.url("/2"))
    process = start("urls.txt", "--ignore-robots", grace_seconds=3600.0)
    wait_for(lambda: len(server.paths) == 2)
    wait_for(lambda: "Chair" in scrape("export", "products.db").stdout)  # it is committed within a second

    def has_ended() -> bool:
        process.send_signal(signal.SIGINT)
        return process.poll() is not None

    wait_for(has_ended)
    _, stderr = process.communicate(timeout=100)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "Chair" in scrape("export", "products.db").stdout


def test_a_second_ctrl_c_is_heard_while_the_terminal_takes_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after Ctrl-S: the first one has stopped the run by then."""
    stopping, stopped = cli._Stopping(), threading.Event()
    stopping.attach(stopped.set)
    monkeypatch.setattr(cli, "_say_at_once", lambda _: stopping.receive(signal.SIGINT, None))
    with pytest.raises(KeyboardInterrupt):
        stopping.receive(signal.SIGINT, None)
    assert stopped.is_set()


def test_the_table_is_that_of_the_list(serve: Serve) -> None:
    """Though another list was run into the same store meanwhile."""
    server = shop(serve)
    write("a.txt", server.url("/1"), server.url("/2"), server.url("/about"))
    write("b.txt", server.url("/3"))
    for arguments, names in (
        (["a.txt"], ["Chair 1", "Chair 2"]),
        (["b.txt"], ["Chair 3"]),
        (["a.txt", "--retry-failed"], ["Chair 1", "Chair 2"]),
    ):
        result = scrape(*arguments)
        assert [row["name"] for row in rows()] == names
        assert result.exit_code == (1 if "a.txt" in arguments else 0)


def test_killed_at_any_moment_the_same_command_completes_it(serve: Serve) -> None:
    """Three kills on the way: every URL once in the table, in order, and few fetched twice."""
    server = shop(serve)
    urls = [server.url(f"/{n}") for n in range(1, 401)]
    write("urls.txt", *urls)
    for _ in range(3):
        before = len(server.paths)
        process = start("urls.txt")
        wait_for(lambda before=before: len(server.paths) > before + 80)
        process.kill()
        process.communicate()
    assert scrape("urls.txt").exit_code == 0
    assert [row["url"] for row in rows()] == urls
    pages = Counter(path for path in server.paths if path != "/robots.txt")
    assert set(pages) == {f"/{n}" for n in range(1, 401)}
    assert pages.total() - 400 <= 3 * (32 + 10 + 10)  # a kill: a batch, what is in flight, and what finished meanwhile


def test_one_run_a_store(serve: Serve) -> None:
    """A second one is told who holds it, and fetches nothing."""
    server = serve({"/1": silent})
    process = start(server.url("/1"), "--ignore-robots", "-o", "products.csv")
    wait_for(lambda: len(server.paths) == 1)
    result = scrape(server.url("/2"))
    assert result.exit_code == 3
    assert f"in use by another run (process {process.pid}, since" in result.stderr
    assert server.paths == ["/1"]
    process.kill()
    process.communicate()


def test_an_empty_list_leaves_the_outputs_as_they_were(serve: Serve) -> None:
    """A list that lost its content must not cost yesterday's table."""
    write("products.csv", "yesterday")
    write("urls.txt", "# nothing", "")
    result = scrape("urls.txt")
    assert result.exit_code == 2
    assert "no URL in urls.txt" in result.stderr
    assert Path("products.csv").read_text(encoding="utf-8") == "yesterday\n"


def test_a_list_that_breaks_off_is_told_beside_the_summary(serve: Serve) -> None:
    """What was read is written; the code says that the list was not whole."""
    write("good.txt", shop(serve).url("/1"))
    write("bad.csv", "link", "x")
    result = scrape("good.txt", "bad.csv")
    assert result.exit_code == 2
    assert len(rows()) == 1
    assert "1 line" in result.stderr
    assert "bad.csv: no column 'url' among 'link'; name it with --url-column" in result.stderr
    summary, _complaint = scrape("good.txt", "bad.csv", "--log-format", "json").stderr.splitlines()
    assert json.loads(summary)["exit_code"] == 2


def test_an_output_that_fails_costs_no_other(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are written, and the next identical command writes it without fetching again."""
    server = shop(serve)

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setitem(EXPORTERS, "jsonl", fail)
        result = scrape(server.url("/1"), "-o", "a.csv", "-o", "b.jsonl", "-o", "c.json")
    assert result.exit_code == 3
    assert "b.jsonl: cannot be written: the disk is full" in result.stderr
    assert (Path("a.csv").exists(), Path("b.jsonl").exists(), Path("c.json").exists()) == (True, False, True)
    asked = len(server.paths)
    assert scrape(server.url("/1"), "-o", "a.csv", "-o", "b.jsonl", "-o", "c.json").exit_code == 0
    assert Path("b.jsonl").exists()
    assert len(server.paths) == asked


def test_a_parser_function_is_found_beside_the_configuration(serve: Serve) -> None:
    """As the installed command is started, whose path does not hold the current folder; also in processes."""
    url = serve({"/1": page(product_page())}).url("/1")
    write("my_rules.py", "def parse(soup):", "    return {'name': soup.h1.text + '!', 'price': '5.00'}")
    write("config.toml", '[sites."127.0.0.1"]', 'parser = "my_rules:parse"')
    for processes in ("0", "1"):
        process = start(url, "--processes", processes)
        _, stderr = process.communicate(timeout=100)
        assert process.returncode == 0, stderr
        assert (rows()[0]["name"], rows()[0]["price"]) == ("Chair!", "5.00")


def test_an_unexpected_error_is_a_line_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a traceback only for those who ask."""

    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("scraper.run.run_job", stumble)
    result = scrape("http://127.0.0.1:9/")
    assert (result.exit_code, "unexpected ZeroDivisionError: oops" in result.stderr) == (3, True)
    assert "Traceback" not in result.stderr
    assert "Traceback" in scrape("--debug", "http://127.0.0.1:9/").stderr


def test_demo_shows_both_times_and_the_table() -> None:
    """Ten pages by one thread and by ten; many times as fast even with pages that take no time to speak of."""
    result = scrape("demo", "--delay", "0.1")
    assert result.exit_code == 0, result.stderr
    times = re.search(r"one by one +(\d+\.\d+) s\n10 threads +(\d+\.\d+) s\n(\d+\.\d) times as fast", result.stdout)
    assert times
    assert float(times[3]) == pytest.approx(float(times[1]) / float(times[2]), rel=0.1)
    assert float(times[3]) > 3
    assert len(rows()) == 10
    assert all(row["name"][:20] in result.stdout for row in rows())
    assert scrape("demo", "--delay", "0").exit_code == 0


def test_demo_overwrites_no_table_of_yours() -> None:
    """A products.csv that the demonstration did not write stays."""
    write("products.csv", "mine")
    result = scrape("demo", "--delay", "0")
    assert result.exit_code == 2
    assert "products.csv: exists" in result.stderr
    assert Path("products.csv").read_text(encoding="utf-8") == "mine\n"


def test_a_run_under_nohup_outlives_its_terminal(serve: Serve) -> None:
    """A signal that whoever started the run has ignored stays ignored."""
    server = serve(lambda asked: page(product_page(), after_seconds=0.5) if asked.path != "/robots.txt" else page(b""))
    code = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from scraper.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code, server.url("/1"), "-q"], stderr=subprocess.PIPE)
    wait_for(lambda: len(server.paths) == 2)
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=100)
    assert process.returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [("-o", "x.db", "-f", "csv"), ("-o", "a.csv", "-o", "a.failures.csv"), ("-o", "a.csv", "-o", "./a.csv")],
)
def test_no_output_overwrites_another_or_the_store(arguments: tuple[str, ...]) -> None:
    """Each file the run writes must be its own."""
    result = scrape("http://127.0.0.1:9/", *arguments)
    assert result.exit_code == 2
    assert "files of their own" in result.stderr
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("threads", 3), ("processes", 2), ("per_host", 4), ("delay", 5.0), ("max_retry_after", 6.0), ("retries", 7),
        ("timeout", 8.0), ("deadline", 9.0), ("max_body", 99), ("user_agent", "x/1"), ("cookies", Path("c")),
        ("proxy", "http://p.example"), ("insecure", True), ("output", ("o.csv",)), ("store", "s.db"),
    ],
)  # fmt: skip
def test_every_option_sets_its_own_key(option: str, value: object) -> None:
    """That one, and no other."""
    nothing = dict.fromkeys([*SETTINGS, "config_path", "headers", "ignore_robots"])
    config = configure({**nothing, option: value})
    table, key = SETTINGS[option]
    assert config == replace(Config(), **{table: replace(getattr(Config(), table), **{key: value})})


def test_given_headers_join_those_of_the_file() -> None:
    """And win over one of the same name."""
    write("config.toml", "[fetch.headers]", 'A = "1"', 'B = "2"')
    nothing = dict.fromkeys([*SETTINGS, "config_path", "ignore_robots"])
    assert configure({**nothing, "headers": (("B", "3"),)}).fetch.headers == {"A": "1", "B": "3"}


def test_an_encoding_that_is_named_is_used(serve: Serve) -> None:
    """For lists that say nothing of it themselves."""
    server = serve(lambda _: PRODUCT)
    Path("urls.txt").write_bytes(server.url("/стул").encode("windows-1251"))
    scrape("urls.txt", "--encoding", "windows-1251", "--ignore-robots")
    assert server.paths == ["/%D1%81%D1%82%D1%83%D0%BB"]


def test_the_same_list_is_known_from_another_folder(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is resumed by the file, not by how it is named."""
    url = shop(serve).url("/1")
    write("urls.txt", url)
    scrape("urls.txt", "-o", "products.csv")
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert scrape("../urls.txt", "-o", "../products.csv", "--retry-failed").exit_code == 0


def test_interrupted_by_force_the_hint_names_what_to_leave_out(serve: Serve) -> None:
    """The same command with --fresh would start over again."""
    server = serve(lambda asked: silent if asked.path == "/2" else PRODUCT)
    process = start(server.url("/1"), server.url("/2"), "--ignore-robots", "--fresh")
    wait_for(lambda: len(server.paths) == 2)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=100)
    assert "run the same command again, without --fresh" in stderr


def test_whoever_watched_may_go_and_the_run_goes_on(serve: Serve) -> None:
    """A reader of standard error that leaves costs no row, and no page is blamed."""
    server = serve(lambda asked: page(b"", status=404) if asked.path != "/1" else PRODUCT)
    write("urls.txt", *(server.url(f"/{n}") for n in range(1, 40)))
    process = start("urls.txt", "-v", "--ignore-robots")
    assert process.stderr
    process.stderr.close()
    with process:
        assert process.wait(100) == 1
    assert len(rows()) == 1
    assert {row["reason"] for row in rows("products.failures.csv")} == {"http_404"}


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("raise SystemExit(7)", "system_exit"),
        ("raise KeyboardInterrupt", "parser_raised"),
        ("raise GeneratorExit", "generator_exit"),
        ("raise ZeroDivisionError", "zero_division_error"),
        ("import os; os._exit(0)", "parser_died"),
        ("while True: pass", "parse_timeout"),
        ("import re; re.match('(a|aa)+$', 'a' * 99 + 'b')", "parse_timeout"),
        ("[b'x' * 10**6 for _ in range(10**5)]", "parse_memory"),
    ],
)
def test_a_parser_that_fails_costs_its_page(serve: Serve, deed: str, reason: str) -> None:
    """Whatever it does, and without `--processes`."""
    server = serve({"/1": page(product_page()), "/2": page(product_page("Bad"))})
    write("my_rules.py", "def parse(soup):", "    if soup.h1.text == 'Bad':", f"        {deed}", "    return {}")
    write(
        "config.toml", "[run]", "parse_timeout = 2.0", '[sites."127.0.0.1"]', 'parser = "my_rules:parse"', 'name = "h1"'
    )
    process = start(server.url("/1"), server.url("/2"), "--ignore-robots")
    _, stderr = process.communicate(timeout=100)
    assert process.returncode == 1, stderr
    assert [row["name"] for row in rows()] == ["Chair"]
    assert [(row["status"], row["reason"]) for row in rows("products.failures.csv")] == [("parse_error", reason)]


def test_no_secret_of_a_url_is_kept(serve: Serve) -> None:
    """Neither in the store nor in a table nor on the screen, whether the URL is good or broken."""
    server = shop(serve)
    good = server.url("/1").replace("http://", "http://user:hidden@")
    write("urls.txt", good, "http://user:hid/den@a b/", "https:\\/\\/user:hidden@[x/")
    result = scrape("urls.txt", good, "-v")
    assert result.exit_code == 1
    kept = b"".join(path.read_bytes() for path in Path().glob("products.*")) + result.output.encode()
    assert b"hidden" not in kept
    assert b"hid/den" not in kept


def test_what_a_parser_prints_stays_off_standard_output(serve: Serve) -> None:
    """Rows go there, and nothing else."""
    url = serve({"/1": page(product_page())}).url("/1")
    write("my_rules.py", "def parse(soup):", "    print('rubbish')", "    return {'name': 'Chair', 'price': '5'}")
    write("config.toml", '[sites."127.0.0.1"]', 'parser = "my_rules:parse"')
    process = start(url, "-o", "-", "-f", "jsonl")
    stdout, stderr = process.communicate(timeout=100)
    assert json.loads(stdout)["name"] == "Chair"
    assert "rubbish" in stderr


def test_a_reader_of_the_rows_may_go(serve: Serve) -> None:
    """One line says so; the store has everything."""
    server = serve(lambda _: page(product_page("Chair " + "x" * 500)))
    write("urls.txt", *(server.url(f"/{n}") for n in range(300)))
    process = start("urls.txt", "-o", "-", "-f", "jsonl", "--ignore-robots", "--no-progress")
    assert process.stdout
    process.stdout.close()
    with process:
        assert process.stderr
        stderr = process.stderr.read()
    assert process.returncode == 3
    assert "standard output: cannot be written" in stderr
    assert "Traceback" not in stderr
    assert "Exception ignored" not in stderr


def test_a_reader_of_extracted_pages_may_go() -> None:
    """As any filter in a pipe: no message, no traceback."""
    for number in range(50):
        Path(f"{number}.html").write_bytes(product_page("Chair " + "x" * 3000))
    process = start("extract", *(f"{number}.html" for number in range(50)))
    with process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == ""


_HEAPS = """
import ctypes, sys, threading
from scraper.cli import main
main(sys.argv[1:], standalone_mode=False)
barrier = threading.Barrier(4)
def allocate():
    barrier.wait()
    kept = bytearray(50_000)
    barrier.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has many heaps, and tells of them")
def test_the_threads_of_a_run_share_one_heap(tmp_path: Path) -> None:
    (tmp_path / "urls.txt").touch()
    heaps = [
        subprocess.run(
            [sys.executable, "-c", _HEAPS, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, check=True, text=True
        ).stdout.count("<heap ")
        for arguments in (("run", "urls.txt"), ("--version",))
    ]
    assert heaps[0] == 1 < heaps[1]
