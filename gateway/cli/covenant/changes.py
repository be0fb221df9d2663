"""What differs between two covenants, for people and for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from gateway.cli.covenant.articles import heading
from gateway.cli.speech import out
from gateway.covenant.differing import Change, Difference
from schemas.covenants import Convenant

SECTIONS = {
    "convenant": "The covenant itself",
    "bewaring": "Retention",
    "bezorgvenster": "Delivery window of the month",
    "grenzen": "Bounds",
    "projectie": "What the corporation sees of a result",
    "gemeente": "Municipalities",
    "deelnemer": "Participants",
    "bericht": "Message types",
    "route": "Routes",
    "poort": "Gates",
    "termijn": "Reply terms",
    "inhoudstermijn": "Terms on content",
    "spoor": "Tracks",
    "stap": "Steps",
}
_TYPE = re.compile(r"nl\.huurschuld\.([a-z-]+)\.v1\b")
SIGNS = {Change.ADDED: ("+", "green"), Change.REMOVED: ("-", "red"), Change.CHANGED: ("~", "yellow")}


def show_differences(one: Convenant, other: Convenant, found: Sequence[Difference]) -> None:
    """Print what was added (+), removed (-) and changed (~), by kind of thing."""
    if not found:
        out.print(f"✓ No difference: both are {heading(one)}.", soft_wrap=True)
        return
    out.print(f"From {heading(one)}\nto   {heading(other)}", soft_wrap=True)
    names: dict[str, str] = {d.oin: d.naam for d in (*one.deelnemers, *other.deelnemers)}
    names |= {g.code: g.naam for g in (*one.gemeenten, *other.gemeenten)}
    for section, items in groupby(found, key=lambda item: item.section):
        out.print(f"\n{SECTIONS[section]}", style="bold" if out.is_terminal else "")
        for item in items:
            sign, colour = SIGNS[item.change]
            line = f"  {sign} {_line(item, names)}"
            out.print(line, style=colour if out.is_terminal else "", soft_wrap=True)
    counts = {change: sum(item.change is change for item in found) for change in Change}
    out.print("\n" + ", ".join(f"{count} {change}" for change, count in counts.items()))


def as_json(item: Difference) -> dict[str, Any]:
    """Give a difference for a program."""
    return {
        "onderdeel": item.section,
        "naam": item.name,
        "wijziging": item.change,
        "veld": item.field,
        "voor": item.before,
        "na": item.after,
    }


def _line(item: Difference, names: Mapping[str, str]) -> str:
    name = _TYPE.sub(r"\1", " ".join(part for part in (item.name, names.get(item.name, "")) if part))
    if item.field is not None:
        where = f"{name}: {item.field}" if name else item.field
        return f"{where}: {_brief(item.before)} → {_brief(item.after)}"
    return name


def _brief(value: object) -> str:
    if value is None:
        return "(none)"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
