"""The application of one municipality, in a process of its own: takes messages out of the connector's inbox.

Run as ``python -m tests.faults.consumer DIR JOURNAL``. Its effect is a line in its journal, on disk together with
the turn up to which it read: killed anywhere, it goes on behind its last whole line (invariant I3).
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Any

from gateway.connector.connector import Connector
from gateway.connector.reading import Received
from tests.faults import journal
from tests.faults.berichten import fingerprint, volgorde_of

PAUSE_SECONDS = 0.1


def consume(connector: Connector, path: Path, stopped: list[bool]) -> None:
    """Take over what is handed over, until ``stopped`` holds something."""
    turn = max((line["beurt"] for line in journal.read(path)), default=0)
    effects = journal.Journal(path)
    while not stopped:
        found = connector.inbox(after=turn, limit=100)
        if found:
            effects.write([_effect(item) for item in found])
            turn = found[-1].turn
        else:
            time.sleep(PAUSE_SECONDS)


def _effect(item: Received) -> dict[str, Any]:
    e = item.envelope
    return {
        "beurt": item.turn,
        "source": e.source,
        "id": e.id,
        "ontvanger": e.ontvanger,
        "dossier": e.dossier,
        "volgorde": volgorde_of(item.bericht),
        "vingerafdruk": fingerprint(item.bericht),
    }


def main(folder: str, path: str) -> None:
    """Consume until SIGTERM."""
    stopped: list[bool] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    with Connector.open(Path(folder)) as connector:
        consume(connector, Path(path), stopped)


if __name__ == "__main__":
    main(*sys.argv[1:])
