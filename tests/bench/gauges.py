"""Reading a server and its machine from outside: CPU and memory from /proc, flushes from a page that it shares."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.flushes import FlushPage

_TICK = os.sysconf("SC_CLK_TCK")
_CHECKPOINT_AT = slice(12, 16)
SYNCS_PER_CHECKPOINT = 3
"""SQLite flushes the WAL, then the database, and the WAL's new header when it begins it again."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """What a server had used at one moment."""

    cpu_seconds: float
    syncs: int
    peak_mb: float
    busy_seconds: float
    moment: float


@dataclass(frozen=True, slots=True)
class Watched:
    """A running server; without a flush page its flushes are not known."""

    pid: int
    port: int
    page: FlushPage | None = None
    wal: Path | None = None

    def read(self) -> Gauge:
        """Read the gauges now."""
        return Gauge(cpu_seconds(self.pid), self._syncs(), peak_mb(self.pid), busy_seconds(), time.perf_counter())

    def _syncs(self) -> int:
        cells = self.page.cells if self.page else (0, 0)
        return int(cells[0]) + int(cells[1]) + SYNCS_PER_CHECKPOINT * _checkpoints(self.wal)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def busy_seconds() -> float:
    """CPU seconds that the whole machine used since it started, what a hypervisor took away included."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICK


def peak_mb(pid: int) -> float:
    """The most memory that a process ever had resident, in MB (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError("the process is gone")


def _checkpoints(wal: Path | None) -> int:
    """How often SQLite began its write-ahead log again: the sequence number in its header."""
    if wal is None or not wal.exists():
        return 0
    with wal.open("rb") as file:
        return int.from_bytes(file.read(16)[_CHECKPOINT_AT])
