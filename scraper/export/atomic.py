"""Whole files or nothing: what is read is never half a table."""

import errno
import fcntl
import os
import re
import secrets
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from scraper.errors import ExportError

PATIENCE_SECONDS = 5.0
"""How long a pipe without a reader is waited for."""

_DESCRIPTOR = re.compile(r"/dev/(stdin|stdout|stderr|fd/\d+)|/proc/(self|\d+)/fd/\d+")
_ADVICE = {
    errno.ENOENT: "its folder does not exist; create it first",
    errno.ENOTDIR: "what should be its folder is a file; choose another path",
    errno.EISDIR: "a directory; name a file in it",
    errno.EACCES: "permission denied; allow writing to its folder, or choose another",
    errno.EPERM: "permission denied; allow writing to its folder, or choose another",
    errno.EROFS: "the file system is read-only; choose another folder",
    errno.ENOSPC: "the disk is full; free some space and export again",
    errno.EDQUOT: "the disk quota is used up; free some space and export again",
    errno.EPIPE: "its reader went away; export again",
    errno.ENXIO: "nobody reads it; start its reader and export again",
    errno.ENAMETOOLONG: "its name is too long; choose another",
    errno.EFBIG: "it would be larger than files may be here; choose another folder",
}


def export_file(path: Path, write: Callable[[TextIO], int]) -> int:
    """What `write` answers, after the file holds all it wrote; if it raises, the file is as before.

    Follows symbolic links; a file that was there keeps its rights. Devices, pipes and the likes of /dev/stdout are
    written to directly. Raises ExportError.
    """
    try:
        if _is_written_directly(path):
            with os.fdopen(_open_directly(path), "w", encoding="utf-8", newline="") as stream:
                return write(stream)
        return _replace(Path(os.path.realpath(path)), write)
    except OSError as error:
        raise _unwritable(path, error) from error


def check_writable(path: Path) -> None:
    """Raise ExportError if `export_file` is bound to fail. Leaves nothing behind, nor what a killed run has left."""
    try:
        if _is_directory(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not _is_written_directly(path):
            folder = Path(os.path.realpath(path)).parent
            with tempfile.TemporaryFile(dir=folder):
                _clear_abandoned(folder)
        elif not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_written_directly(path: Path) -> bool:
    return bool(_DESCRIPTOR.fullmatch(str(path))) or (path.exists() and not path.is_file())


def _open_directly(path: Path) -> int:
    """Not emptied, since it may be a file behind /dev/stdout; a pipe has a moment to get its reader."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            os.set_blocking(descriptor, True)
            return descriptor


def _is_directory(path: Path) -> bool:
    """As `path.is_dir()`, which hides that a name is too long."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return stat.S_ISDIR(path.stat().st_mode)
    return False


def _replace(target: Path, write: Callable[[TextIO], int]) -> int:
    _clear_abandoned(target.parent)
    with _temporary_beside(target) as (temporary, stream):
        _take_rights(stream.fileno(), target)  # before anything is in it that not everybody may read
        count = write(stream)
        stream.flush()
        os.fsync(stream.fileno())
        temporary.replace(target)  # while it is locked, or another run might clear it away
    with suppress(OSError):  # some file systems cannot
        _sync_folder(target.parent)
    return count


@contextmanager
def _temporary_beside(target: Path) -> Iterator[tuple[Path, TextIO]]:
    """A new file, locked as long as it is being written: what is not locked was left by a process that was killed."""
    while True:
        temporary = target.with_name(f".scrape-{secrets.token_hex(8)}.tmp")
        with temporary.open("x", encoding="utf-8", newline="") as stream:
            try:
                with suppress(OSError):  # without locks nothing is cleared away either
                    fcntl.flock(stream, fcntl.LOCK_EX)
                if os.fstat(stream.fileno()).st_nlink:  # else cleared away before it was locked
                    yield temporary, stream
                    return
            finally:
                temporary.unlink(missing_ok=True)


def _take_rights(descriptor: int, replaced: Path) -> None:
    """The mode of the file that is replaced, if there is one; its group and owner too, as far as we may give them."""
    with suppress(OSError):
        old = replaced.stat()
        for owner, group in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(OSError):
                os.fchown(descriptor, owner, group)
        is_same_group = os.fstat(descriptor).st_gid == old.st_gid
        os.fchmod(descriptor, old.st_mode & (0o777 if is_same_group else 0o707))  # those rights were another group's


def _clear_abandoned(folder: Path) -> None:
    for path in folder.glob(".scrape-*.tmp"):
        with suppress(OSError), path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, error: OSError) -> ExportError:
    advice = _ADVICE.get(error.errno or 0) or f"{error.strerror or error}; choose another path"
    if error.errno == errno.ENOENT and Path(os.path.realpath(path)).parent.is_dir():  # such as /proc
        advice = "its folder takes no files; choose another"
    return ExportError(f"{path}: cannot be written: {advice}")
