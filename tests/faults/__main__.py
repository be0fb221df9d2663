"""``python -m tests.faults``: exit status 0 only if every acknowledged message arrived once, in order, unchanged."""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from gateway.errors import ConfigurationError
from tests.faults.campaign import run
from tests.faults.report import facts, show

DISK = Path("/var/tmp")  # noqa: S108 - the system's own place for large files that outlive a boot: a disk, not memory


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make faults ARGS='...'", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of the gateway, and as many of connectors (default 50)")
    parser.add_argument("--seed", default="", help="repeat a schedule; a new one if not given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found to this file too")
    parser.add_argument("--dir", type=Path, help=f"where to put the exchange: on a disk (default {DISK})")
    parser.add_argument("--keep", action="store_true", help="leave the folder with journals, spools and logs")
    return parser.parse_args()


def main() -> int:
    """Run a campaign and tell what was found."""
    asked = arguments()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    seed = asked.seed or secrets.token_hex(4)
    root = Path(tempfile.mkdtemp(prefix="seinpost-faults-", dir=asked.dir or DISK))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    console.print(f"seed {seed}, in {root}", soft_wrap=True)
    status, keep = 1, asked.keep
    try:
        outcome = run(root, asked.kills, seed, lambda text: _say(console, text))
        found = facts(outcome, seed)
        if asked.json:
            asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        show(found, console)
        status, keep = int(bool(outcome.violations)), keep or bool(outcome.violations)
    except KeyboardInterrupt:
        console.print("stopped; nothing is concluded")
        status = 130
    except ConfigurationError as error:
        console.print(error.detail, soft_wrap=True)
        status, keep = 4, True
    finally:
        if keep:
            console.print(f"left in {root}", soft_wrap=True)
        else:
            shutil.rmtree(root, ignore_errors=True)
    return status


def _say(console: Console, text: str) -> None:
    if console.is_terminal:
        console.print(f"\r\x1b[2K{text}", end="", soft_wrap=True)
    else:
        console.print(text, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
