"""Whole files or nothing: what is read is never half a table."""

import errno
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from scraper.errors import ExportError

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
}


def export_file(path: Path, write: Callable[[TextIO], int]) -> int:
    """What `write` answers, after the file holds all it wrote; if it raises, the file is as before.

    Follows symbolic links. Devices, pipes and the likes of /dev/stdout are written to directly. Raises ExportError.
    """
    try:
        if _is_written_directly(path):
            with path.open("a", encoding="utf-8", newline="") as stream:  # "w" would empty a file behind /dev/stdout
                return write(stream)
        return _replace(Path(os.path.realpath(path)), write)
    except OSError as error:
        raise _unwritable(path, error) from error


def check_writable(path: Path) -> None:
    """Raise ExportError if `export_file` is bound to fail. Leaves nothing behind."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not _is_written_directly(path):
            with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
                pass
        elif not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _unwritable(path, error) from error


def _is_written_directly(path: Path) -> bool:
    return bool(_DESCRIPTOR.fullmatch(str(path))) or (path.exists() and not path.is_file())


def _replace(target: Path, write: Callable[[TextIO], int]) -> int:
    temporary = target.with_name(f".scrape-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as stream:
            count = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _unwritable(path: Path, error: OSError) -> ExportError:
    advice = _ADVICE.get(error.errno or 0) or f"{error.strerror or error}; choose another path"
    return ExportError(f"{path}: cannot be written: {advice}")
