"""What a campaign found: a table for people, and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.faults.campaign import Outcome

ROLES = ("gateway", "connector", "driver", "consumer")
SHOWN = 20


def facts(outcome: Outcome, seed: str) -> dict[str, Any]:
    """Give everything as JSON."""
    history, kills = outcome.history, outcome.kills
    loaded = [k for k in kills if not k.starting]
    outcomes = Counter(a.outcome for a in history.attempts)
    found = {
        "seed": seed,
        "filesystem": outcome.filesystem,
        "seconds": outcome.seconds,
        "kills": {role: sum(k.role == role for k in loaded) for role in ROLES},
        "kills_while_starting": len(kills) - len(loaded),
        "under_way_at_kill": _spread([k.under_way for k in loaded]),
        "attempted": len(history.attempts),
        "spooled": outcomes["ok"],
        "unknown": outcomes["unknown"],
        "failed": outcomes["fail"],
        "acknowledged": sum(s.aanvaard is not None for a in history.accounts for s in a.sent),
        "effects": len(history.effects),
        "dossiers": len({e.thread for e in history.effects}),
        "receipts": sum(len(s.proofs) for a in history.accounts for s in a.sent),
        "checkpoints": sum(len(a.checkpoints) for a in history.accounts),
        "promises": sum(len(a.promises) for a in history.accounts),
        "log_size": len(history.leaves),
        "recovery_seconds": {role: _spread(list(recoveries(outcome, role))) for role in ROLES[:2]},
        "violations": [{"kind": v.kind, "subject": v.subject, "detail": v.detail} for v in outcome.violations],
    }
    counted = found["kills"]["gateway"] + found["kills"]["connector"]
    return found | {"bound_per_kill": round(3 / counted, 4) if counted and not outcome.violations else None}


def recoveries(outcome: Outcome, role: str) -> Iterator[float]:
    """Give for each kill the seconds until a message arrived that was sent after it, through the party that was hit."""
    arrived = {(e.thread, e.volgorde): e.at for e in outcome.history.effects}
    ways = sorted(
        (a.at, arrived[a.thread, a.volgorde], a.thread)
        for a in outcome.history.attempts
        if (a.thread, a.volgorde) in arrived
    )
    names = _names(outcome)
    for kill in outcome.kills:
        if kill.role == role and not kill.starting:
            box = names.get(kill.name)
            after = [end for begin, end, thread in ways if begin > kill.at and (box is None or box in thread)]
            if after:
                yield (min(after) - kill.at) / 1e9


def show(found: dict[str, Any], console: Console) -> None:
    """Print the table that a visitor understands."""
    shown = Table(title=f"Kill -9 under load, seed {found['seed']}", title_justify="left", show_header=False)
    kills = found["kills"]
    rows = [
        ("kills", ", ".join(f"{n} {role}" for role, n in kills.items())),
        ("  and while starting up again", found["kills_while_starting"]),
        ("messages under way at a kill", _words(found["under_way_at_kill"])),
        ("messages asked for", found["attempted"]),
        ("  kept by the spool / outcome unknown", f"{found['spooled']} / {found['unknown']}"),
        ("acknowledged by the exchange", found["acknowledged"]),
        ("arrived at an application", found["effects"]),
        ("dossiers, each in order", found["dossiers"]),
        ("receipts of recipients verified", found["receipts"]),
        ("checkpoints kept by clients / promises", f"{found['checkpoints']} / {found['promises']}"),
        ("seconds to a new message, gateway", _words(found["recovery_seconds"]["gateway"])),
        ("seconds to a new message, connector", _words(found["recovery_seconds"]["connector"])),
        ("seconds", ", ".join(f"{part} {n:.0f}" for part, n in found["seconds"].items())),
        ("violations", len(found["violations"])),
    ]
    for name, value in rows:
        shown.add_row(name, str(value))
    console.print(shown)
    for violation in found["violations"][:SHOWN]:
        console.print(f"✗ {violation['kind']}: {violation['subject']}: {violation['detail']}", soft_wrap=True)
    if len(found["violations"]) > SHOWN:
        console.print(
            f"  and {len(found['violations']) - SHOWN} more, of {Counter(v['kind'] for v in found['violations'])}"
        )


def _names(outcome: Outcome) -> dict[str, str]:
    """Give the mailbox of each connector that was killed, by its child's name."""
    found = {}
    for role, boxes in (
        ("corporatie", sorted({a.thread[0] for a in outcome.history.attempts})),
        ("gemeente", sorted({a.thread[1] for a in outcome.history.attempts})),
    ):
        found |= {f"connector {role}-{n}": box for n, box in enumerate(boxes, 1)}
    return found


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"median": round(median(values), 2), "largest": round(max(values), 2), "n": len(values)}


def _words(spread: dict[str, float] | None) -> str:
    return "none" if spread is None else f"median {spread['median']:g}, at most {spread['largest']:g}"
