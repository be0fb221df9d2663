"""Run the real ``seinpost`` command with its flushes counted: ``server.py PAGE serve DIR ...``."""

from __future__ import annotations

import sys
from pathlib import Path

from gateway.cli import main
from tests.bench.flushes import FlushPage, count_flushes

if __name__ == "__main__":
    count_flushes(FlushPage(Path(sys.argv.pop(1))))
    main()
