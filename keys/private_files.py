"""Files that only their owner may read: written whole or not at all, refused when others can read them (T6)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from keys.errors import KeyRingError

_MAX_BYTES = 4 * 1024 * 1024


def read_private(path: Path) -> bytes:
    """Read a file of at most 4 MiB that nobody but its owner can read.

    Raises:
        KeyRingError: it is absent, no ordinary file, too large, or readable by group or others.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            _check_reach(path, os.fstat(descriptor).st_mode)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(_MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise KeyRingError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > _MAX_BYTES:
        raise KeyRingError(f"{path} is larger than such a file can be")
    return data


def create_private(path: Path, data: bytes) -> None:
    """Write a new file, readable by its owner only; on return it is on disk, whole.

    Raises:
        KeyRingError: there is such a file already (it is left alone), or the disk refuses.
    """
    with _folder(path), _written(path, data) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise KeyRingError(f"{path} exists already and is left alone") from None


def replace_private(path: Path, data: bytes, expected: bytes) -> None:
    """Replace a file whose content is still ``expected``; after a crash it holds the old bytes or the new ones.

    Raises:
        KeyRingError: another process changed it meanwhile (open it again, repeat the change), or the disk refuses.
    """
    with _folder(path):
        if read_private(path) != expected:
            raise KeyRingError(f"{path} was changed by another process: open it again and repeat the change")
        with _written(path, data) as temporary:
            temporary.replace(path)


def _check_reach(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyRingError(f"{path} is not an ordinary file")
    if stat.S_IMODE(mode) & 0o077:
        raise KeyRingError(f"{path} can be read or changed by others: run chmod 600 on it, and ask who has read it")


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[None]:
    """Hold the folder's lock; on leaving in peace, what was renamed in it is on disk."""
    try:
        descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise KeyRingError(f"cannot write {path}: {error.strerror}") from None


@contextlib.contextmanager
def _written(path: Path, data: bytes) -> Iterator[Path]:
    """Give a flushed temporary file beside ``path``; it never stays."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
