"""Child processes: started, killed without warning, started again, and all ended whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 20.0


@dataclass(slots=True)
class Child:
    """One role that a process plays; ``endings`` are the exit codes of processes that ended unasked or improperly."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    asked: bool = False
    endings: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the campaign alone."""
        self.asked = False
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    def alive(self) -> bool:
        """Tell whether it runs; an end that nobody asked for, or an improper one, is remembered."""
        if self.process is not None and (status := self.process.poll()) is not None:
            self._ended(status)
        return self.process is not None

    def kill(self) -> None:
        """Kill -9, and wait until it is gone."""
        if self.alive() and self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.alive() and self.process is not None:
            self.asked = True
            self.process.terminate()

    def wait(self) -> None:
        """Wait until it has stopped as asked; one that does not is killed, and that is remembered."""
        if self.process is None:
            return
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self._ended(status)

    def _ended(self, status: int) -> None:
        self.process = None
        if not (self.asked and status in (0, -signal.SIGTERM)):  # the latter: asked before it was listening
            self.endings.append(status)


class Ensemble:
    """All children; on leaving none is left, whatever happened inside."""

    def __init__(self) -> None:
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every child at once."""
        for child in self.children:
            if child.process is not None and child.process.poll() is None:
                child.process.kill()
                child.process.wait()

    def add(self, child: Child) -> Child:
        """Start a child and keep it."""
        self.children.append(child)
        child.start()
        return child

    def dead(self) -> list[Child]:
        """Give children that ended by themselves."""
        return [child for child in self.children if not child.alive()]
