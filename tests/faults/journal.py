"""A client's own record: one JSON object a line, on disk before anything is done about it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


class Journal:
    """Appends lines and flushes them to the disk; a line that a kill cut short is taken off when it is opened again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        kept = whole(path.read_bytes())
        os.ftruncate(self._file, len(kept))

    def write(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Put lines on disk, all stamped with the moment (nanoseconds of the machine's monotonic clock)."""
        at = time.monotonic_ns()
        data = "".join(json.dumps({"at": at, **line}, separators=(",", ":")) + "\n" for line in lines)
        os.write(self._file, data.encode())
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class Tail:
    """Follows a journal as it grows; reads only what is new."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0

    def new(self) -> Iterator[dict[str, Any]]:
        """Give the whole lines that were added since the last look."""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._offset)
                data = whole(file.read())
            self._offset += len(data)
            yield from map(json.loads, data.splitlines())


def whole(data: bytes) -> bytes:
    """Give the part up to the last line end."""
    return data[: data.rfind(b"\n") + 1]


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Give every whole line."""
    if path.exists():
        for line in whole(path.read_bytes()).splitlines():
            yield json.loads(line)
