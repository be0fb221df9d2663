"""What differs between two covenants, in the terms in which people agree on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel

from schemas.covenants import BerichtRegel, Convenant, Stap, Termijnduur

Things = dict[tuple[str, str], Mapping[str, Any]]

_TABLES = {
    "gemeente": "code",
    "deelnemer": "oin",
    "poort": "code",
    "termijn": "code",
    "inhoudstermijn": "code",
    "spoor": "naam",
}
_ORDER = ("convenant", "bewaring", "bezorgvenster", "grenzen", "projectie", "gemeente", "deelnemer", "bericht",
          "route", "poort", "termijn", "inhoudstermijn", "spoor", "stap")  # fmt: skip
_BLOCKS = ("bewaring", "bezorgvenster", "grenzen", "projectie")
_OURS = {"digest", "text"}


class Change(StrEnum):
    """What became of a thing, or of one of its fields."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One difference: of a thing (``field`` absent), or of a field of a thing that both have.

    ``before`` and ``after`` are JSON values: the thing or the field in either covenant, absent where it is not.
    """

    section: str
    name: str
    change: Change
    field: str | None = None
    before: Any = None
    after: Any = None


def differences(one: Convenant, other: Convenant) -> list[Difference]:
    """Give what was added, removed and changed from one covenant to another, in the order of the file.

    Comments, order of things and spelling make no difference; the order of a track's steps does, because the
    first step that fits is taken.
    """
    before, after = _things(one), _things(other)
    names = dict.fromkeys((*before, *after))
    found = [item for key in names for item in _differ(key, before.get(key), after.get(key))]
    if not any(item.section == "stap" for item in found) and one.stappen != other.stappen:
        found.append(Difference("stap", "order of the steps", Change.CHANGED))
    return sorted(found, key=lambda item: _ORDER.index(item.section))


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is any of six things
    """Spell a value of the covenant as JSON, with names and lengths of time as the file has them."""
    match value:
        case Termijnduur() | StrEnum() | date():
            return value.isoformat() if isinstance(value, date) else str(value)
        case BaseModel():
            fields = {info.alias or name: getattr(value, name) for name, info in type(value).model_fields.items()}
            return {name: plain(item) for name, item in fields.items() if item is not None and name not in _OURS}
        case timedelta():
            hours = value // timedelta(hours=1)
            return f"{hours} uur" if hours % 24 else f"{hours // 24} dagen"
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple():
            return [plain(item) for item in value]
    return value


def _things(convenant: Convenant) -> Things:
    """Give everything that a covenant says, by what kind of thing it is and what it is known by."""
    whole = plain(convenant)
    found: Things = {("convenant", ""): {key: whole[key] for key in ("naam", "versie", "geldigVanaf")}}
    found |= {(block, ""): whole[block] for block in _BLOCKS}
    for table, key in _TABLES.items():
        found |= {(table, item[key]): item for item in whole[table]}
    for regel in convenant.berichten:
        found[("bericht", regel.code)] = {key: item for key, item in plain(regel).items() if key != "routes"}
        found |= dict(_routes(regel))
    return found | dict(_steps(convenant.stappen))


def _routes(regel: BerichtRegel) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    for route in regel.routes:
        yield ("route", f"{regel.code} {route.van} → {route.naar}"), plain(route)


def _steps(stappen: tuple[Stap, ...]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any]]]:
    """A step has no name, so it is known by all that it says: a changed one is removed and added."""
    for stap in stappen:
        said = {key: item for key, item in plain(stap).items() if item not in ([], {}, False)}
        rest = ", ".join(f"{key} {_brief(item)}" for key, item in said.items() if key not in ("spoor", "bij", "naar"))
        yield ("stap", f"{stap.spoor}: {stap.bij} → {stap.naar} ({rest})"), said


def _brief(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {_brief(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "/".join(_brief(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _differ(
    key: tuple[str, str], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if before is None:
        yield Difference(*key, Change.ADDED, after=after)
    elif after is None:
        yield Difference(*key, Change.REMOVED, before=before)
    else:
        for field in dict.fromkeys((*before, *after)):
            if before.get(field) != after.get(field):
                yield Difference(*key, Change.CHANGED, field, before.get(field), after.get(field))
