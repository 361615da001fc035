"""Files that are whole or as they were."""

import errno
import fcntl
import os
import stat
import tempfile
import threading
from pathlib import Path
from typing import TextIO

import pytest

from scraper.errors import ExportError
from scraper.export.atomic import check_writable, export_file


def write(stream: TextIO) -> int:
    stream.write("größe\r\n")
    return 7


def write_half(stream: TextIO) -> int:
    stream.write("half")
    stream.flush()
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_is_written_and_its_count_answered(tmp_path: Path) -> None:
    """UTF-8, line endings as they are, nothing beside it, an older file replaced."""
    path = tmp_path / "products.csv"
    path.write_text("old and longer than the new")
    assert export_file(path, write) == 7
    assert path.read_bytes() == "größe\r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_readers_see_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    """While it is being written, the name still means the old file."""
    path = tmp_path / "products.csv"
    path.write_text("old")

    def look(stream: TextIO) -> int:
        stream.write("new")
        stream.flush()
        assert path.read_text() == "old"
        return 1

    assert export_file(path, look) == 1
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), ValueError("bug"), KeyboardInterrupt()])
def test_a_writer_that_fails_halfway_changes_nothing(tmp_path: Path, error: BaseException) -> None:
    """The old file is intact and no temporary one left; only errors of the system become ExportError."""
    path = tmp_path / "products.csv"
    path.write_text("old")

    def fail(stream: TextIO) -> int:
        stream.write("half")
        raise error

    with pytest.raises(ExportError if isinstance(error, OSError) else type(error)):
        export_file(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_a_new_file(tmp_path: Path) -> None:
    """The umask decides, as for any file, and not the habits of temporary files."""
    old = os.umask(0o027)
    try:
        export_file(tmp_path / "products.csv", write)
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "products.csv").stat().st_mode) == 0o640


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link(tmp_path: Path, there: bool) -> None:
    """What it points to is written, also when it is not there yet."""
    (tmp_path / "target").mkdir()
    target, link = tmp_path / "target" / "real.csv", tmp_path / "products.csv"
    if there:
        target.write_text("old")
    link.symlink_to("target/real.csv")
    check_writable(link)
    export_file(link, write)
    assert link.is_symlink()
    assert target.read_text() == "größe\n"


def test_a_named_pipe_is_written_directly(tmp_path: Path) -> None:
    """It is still a pipe afterwards, and its reader has everything."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    check_writable(path)
    writer = threading.Thread(target=export_file, args=(path, write))
    writer.start()
    assert path.read_bytes() == "größe\r\n".encode()
    writer.join()
    assert path.is_fifo()


def test_a_pipe_that_nobody_reads_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening it would wait for ever."""
    monkeypatch.setattr("scraper.export.atomic.PATIENCE_SECONDS", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ExportError, match="nobody reads it"):
        export_file(tmp_path / "pipe", write)


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    """And nothing that another run is writing just now."""
    (tmp_path / ".scrape-0123456789abcdef.tmp").write_text("half")
    (tmp_path / ".other.tmp").write_text("not ours")

    def look(stream: TextIO) -> int:
        check_writable(tmp_path / "other.csv")
        (own,) = tmp_path.glob(".scrape-*.tmp")
        assert own.stat().st_ino == os.fstat(stream.fileno()).st_ino
        return write(stream)

    assert export_file(tmp_path / "products.csv", look) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other.tmp", "products.csv"]


def test_a_file_that_was_cleared_away_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may look in the moment between the two."""
    is_first = True
    lock = fcntl.flock

    def clear_and_lock(stream: TextIO, how: int) -> None:
        nonlocal is_first
        if is_first:
            is_first = False
            next(tmp_path.glob(".scrape-*.tmp")).unlink()
        lock(stream, how)

    monkeypatch.setattr(fcntl, "flock", clear_and_lock)
    assert export_file(tmp_path / "products.csv", write) == 7
    assert (tmp_path / "products.csv").read_bytes() == "größe\r\n".encode()


def test_devices_are_written_directly() -> None:
    """/dev/null takes everything and stays a device."""
    check_writable(Path("/dev/null"))
    assert export_file(Path("/dev/null"), write) == 7
    assert Path("/dev/null").is_char_device()


def test_a_file_behind_a_descriptor_is_added_to(tmp_path: Path) -> None:
    """As in `scrape -o /dev/stdout >> file`: the shell's file is neither emptied nor replaced."""
    with (tmp_path / "out").open("ab") as stream:
        stream.write(b"before ")
        stream.flush()
        path = Path(f"/dev/fd/{stream.fileno()}")
        check_writable(path)
        export_file(path, write)
    assert (tmp_path / "out").read_bytes() == "before größe\r\n".encode()


IMPOSSIBLE = [
    ("missing/products.csv", "its folder does not exist; create it first"),
    *([("/proc/products.csv", "its folder takes no files; choose another")] if Path("/proc").is_dir() else []),
    ("file/products.csv", "what should be its folder is a file"),
    ("folder", "a directory; name a file in it"),
    ("x" * 300, "its name is too long; choose another"),
]


@pytest.mark.parametrize(("name", "words"), IMPOSSIBLE)
def test_what_cannot_be_written_is_told_early(tmp_path: Path, name: str, words: str) -> None:
    """Checking and writing say the same, name the file, and leave nothing behind."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for attempt in (check_writable, lambda path: export_file(path, write)):
        with pytest.raises(ExportError) as caught:
            attempt(tmp_path / name)
        assert str(caught.value).startswith(f"{tmp_path / name}: cannot be written: {words}")
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder"}


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """The reason is in words, and what to do."""
    with pytest.raises(ExportError, match="the disk is full; free some space"):
        export_file(tmp_path / "products.csv", write_half)


def test_a_device_that_is_full_is_told() -> None:
    """What fails only when the file is closed is not lost."""
    with pytest.raises(ExportError, match="/dev/full: cannot be written: the disk is full"):
        export_file(Path("/dev/full"), write)


def test_a_file_takes_its_name_only_when_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All bytes are handed over before the disk is asked to keep them; if it cannot, nothing changes."""
    sizes = []

    def fail(descriptor: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ExportError, match="Input/output error"):
        export_file(tmp_path / "products.csv", write)
    assert sizes == [len("größe\r\n".encode())]
    assert list(tmp_path.iterdir()) == []


def test_a_link_into_a_missing_folder_is_told_early(tmp_path: Path) -> None:
    """The folder of the target counts, not that of the link."""
    (tmp_path / "products.csv").symlink_to("missing/real.csv")
    with pytest.raises(ExportError, match="its folder does not exist"):
        check_writable(tmp_path / "products.csv")


def test_a_device_without_permission_is_told_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked, not opened: opening a pipe waits for its reader."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ExportError, match="permission denied"):
        check_writable(Path("/dev/null"))


def test_a_read_only_folder_is_told_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission denied, and where to change it; the system is asked, since root may write everywhere."""

    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(ExportError, match="permission denied; allow writing to its folder"):
        check_writable(tmp_path / "products.csv")


def test_checking_leaves_files_alone(tmp_path: Path) -> None:
    """Neither an old file nor its folder changes, and no new file appears."""
    path = tmp_path / "products.csv"
    check_writable(path)
    assert not path.exists()
    path.write_text("old")
    check_writable(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o444])
def test_a_file_that_is_replaced_keeps_its_rights(tmp_path: Path, mode: int) -> None:
    """From the moment on that anything is in it; also behind a symbolic link, which stays one."""
    path, link = tmp_path / "products.csv", tmp_path / "link.csv"
    path.write_text("old")
    path.chmod(mode)
    link.symlink_to(path)
    while_written: list[int] = []

    def look(stream: TextIO) -> int:
        while_written.append(stat.S_IMODE(os.fstat(stream.fileno()).st_mode))
        return write(stream)

    export_file(link, look)
    assert [*while_written, stat.S_IMODE(path.stat().st_mode)] == [mode, mode]
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "größe\n"


def test_a_new_file_has_the_rights_of_the_umask(tmp_path: Path) -> None:
    """As any other that the user makes."""
    before = os.umask(0o027)
    try:
        export_file(tmp_path / "products.csv", write)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "products.csv").stat().st_mode) == 0o640
