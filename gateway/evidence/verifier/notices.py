"""What the exchange told about a message of its own accord: a term that ended, a gate that stood closed.

Both are signed by the exchange alone and stand in the traffic log. Of each kind there may be several about one
message: one for every level of every term, one for every gate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .reading import fail, members, millisecond, same
from .report import Remark

NOTICES = ("termijn-overschreden", "waarschuwing")
"""The kinds, as in the JWS typ."""

_ABOUT = dict.fromkeys(("soort", "id", "source", "ontvanger", "digest", "convenant", "tijd"), str)
_FORMS: Mapping[str, dict[str, type]] = {
    "termijn-overschreden": {**_ABOUT, "logboek": dict, "termijn": str, "trede": int, "uiterlijk": str},
    "waarschuwing": {**_ABOUT, "logboek": dict, "poort": str},
}
_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_LEVELS = range(1, 10)

Named = tuple[str, str, int]
"""What a notice is about, besides the message: its kind, the code of the term or gate, the level (of a gate 0)."""


def check_notice(said: Mapping[str, Any], entry: Mapping[str, Any], convenant: object) -> Named:
    """Return what a notice names, once it says all that its log line says, and no more.

    ``convenant`` is the digest that the acceptance of the message quotes: a term and a gate are of that one.
    """
    form = _FORMS[str(said.get("soort"))]
    members(dict(said), form)
    same(said, entry, [name for name in form if name != "logboek"])
    if said["convenant"] != convenant:
        fail("de melding noemt een ander convenant", "the notice names another covenant")
    kind, level = str(said["soort"]), int(said.get("trede", 0))
    code = str(said["termijn" if kind == "termijn-overschreden" else "poort"])
    if not _CODE.fullmatch(code):
        fail("de melding noemt geen regel van een convenant", "the notice names no rule of a covenant")
    if kind == "termijn-overschreden":
        _check_term(level, said)
    return kind, code, level


def _check_term(level: int, said: Mapping[str, Any]) -> None:
    if level not in _LEVELS:
        fail("de melding noemt geen trede", "the notice names no level")
    if not _MOMENT.fullmatch(said["tijd"]) or not _MOMENT.fullmatch(said["uiterlijk"]):
        fail("geen tijdstip", "no moment")
    if millisecond(said["tijd"]) < millisecond(said["uiterlijk"]):
        fail("de termijn liep nog toen de melding werd gemaakt", "the term was still running when the notice was made")


def told(named: Named, until: object, subject: str) -> Remark:
    """Say a proved notice to the reader; ``until`` is the end of the term, ``subject`` the message."""
    kind, code, level = named
    if kind == "waarschuwing":
        return Remark(
            f"volgens de beurs aanvaard terwijl de poort {code} gesloten was: {subject}",
            f"accepted, according to the exchange, while the gate {code} was closed: {subject}",
        )
    return Remark(
        f"volgens de beurs is de termijn {code} overschreden, trede {level}, antwoord uiterlijk {until}: {subject}",
        f"according to the exchange the term {code} is overdue, level {level}, answer due by {until}: {subject}",
    )
