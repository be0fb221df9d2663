"""The messages that could be tried next in a dossier: every kind that moves a track, as a small real bericht."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from gateway.covenant.passage import Passed
from schemas.berichten.berichttype import code_of
from tests.unit.covenant.written import BOXES, SHORT, Written, toets

GRANTED = {"besluit": "TOEGEKEND", "weigerreden": None}


class Move(NamedTuple):
    """A message to try: its type and way, its fields, and what it answers or refers to (the newest of those types)."""

    short: str
    way: str
    fields: Mapping[str, Any]
    on: tuple[str, ...] = ()
    which: str = "minimaal"


def _results() -> list[Move]:
    ends = ("HULP_LOOPT", "GEEN_CONTACT", "HULP_NIET_AANGENOMEN", "ZELF_OPGELOST", "HULP_GEACCEPTEERD", "AFGESLOTEN")
    untaken = ("HERHAALDE_MELDING", "NIET_OPGEPAKT", "GEEN_INWONER")
    told = [{"status": "Afgerond", "resultaat": one} for one in ends]
    told += [{"status": "Niet opgepakt", "resultaat": one} for one in untaken]
    return [Move("VST", "GEM>COR", fields, ("VSM",)) for fields in [{}, {}, *told]]


def _changes() -> list[Move]:
    reasons = ("BETAALD", "REGELING_GETROFFEN", "BEZWAAR_HUURDER", "VERKEERDE_PERSOON", "UITSLUITING")
    return [Move("VSI", "COR>GEM", {"reden": one}, ("VSM",)) for one in reasons]


def _helping() -> list[Move]:
    return [
        Move("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"}),
        Move("VRW", "GEM>MZO", {}),
        *(Move("VRA", "SHV>GEM", {"status": one}, ("VRW",)) for one in ("AANGENOMEN", "GEWEIGERD", "LOOPT")),
        Move("VRA", "SHV>GEM", {}, ("VRW",), "volledig"),
        Move("VRA", "MZO>GEM", {}, ("VRW",), "volledig"),
        Move("SLV", "SHV>COR", {}),
        Move("SLV", "GEM>COR", {}),
    ]


def _pausing(today: date) -> list[Move]:
    period = {"vanaf": today.isoformat(), "tot": (today + timedelta(days=30)).isoformat()}
    asked = {**period, "hulpGeaccepteerdOp": today.isoformat()}
    refused = {"besluit": "GEWEIGERD", "weigerreden": "LOPENDE_HUUR_NIET_BETAALD"}
    moves = []
    for other in ("GEM", "SHV"):
        moves += [
            Move("OPV", f"{other}>COR", asked, which="volledig"),
            Move("OPV", f"{other}>COR", asked),
            Move("OPB", f"COR>{other}", GRANTED, ("OPV",)),
            Move("OPB", f"COR>{other}", refused, ("OPV",)),
        ]
    return [*moves, Move("OPB", "COR>GEM", GRANTED, ("DOA",))]


def _plans() -> list[Move]:
    moves = []
    for way, back in (("COR>GEM", "GEM>COR"), ("GEM>COR", "COR>GEM"), ("SHV>COR", "COR>SHV")):
        moves += [
            Move("BRV", way, {"bestaansminimumToets": toets(way)}, which="volledig"),
            Move("BRB", back, {"besluit": "AKKOORD"}, ("BRV",)),
            Move("BRB", back, {"besluit": "TEGENVOORSTEL"}, ("BRV",)),
        ]
    moves += [Move("BRS", "COR>GEM", {"status": "VERBROKEN", "restantCent": 5}, ("BRV", "BRB"))] * 2
    moves += [Move("BRS", "COR>GEM", {"status": s, "restantCent": 5}, ("BRV", "BRB")) for s in ("GESTART", "GEMIST")]
    return [*moves, Move("BRS", "COR>GEM", {}, ("BRV", "BRB"))]


def _evicting(today: date) -> list[Move]:
    soon, day = (today + timedelta(days=20)).isoformat(), today.isoformat()
    fasen = ("VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS")
    phases = [{"fase": one, "fasedatum": day} for one in fasen]
    phases.append({"fase": "AANGEZEGD", "fasedatum": day, "ontruimingOp": soon})
    talked = {"uitkomst": "HULP_GEACCEPTEERD", "datum": day, "gevoerdOp": day, "verzoekUitstelTot": soon}
    kept = {"datum": day, "moratoriumAangevraagd": True, "moratoriumVerleendTot": soon}
    outcomes = [{"uitkomst": one} for one in ("AFGEWEND", "UITGEVOERD", "VRIJWILLIG_VERTROKKEN")]
    return [
        *(Move("DON", "COR>GEM", fields, ("VSM",)) for fields in phases * 2),
        Move("DOA", "GEM>COR", talked, ("DON",)),
        Move("DOA", "GEM>COR", kept, ("DON",)),
        *(Move("OUT", "COR>GEM", fields) for fields in outcomes),
        Move("OUT", "COR>GEM", {"datum": day, "nieuweDatum": soon}, which="volledig"),
    ]


def _closing() -> list[Move]:
    ends = ("OPGELOST", "ONTRUIMD", "INGETROKKEN", "UITGESLOTEN", "GESLOTEN_ANDERS")
    return [Move("AFS", way, {"uitkomst": one}) for one in ends for way in ("COR>GEM", "GEM>COR")]


def openings(today: date) -> list[list[Move]]:
    """Give the ways in which a dossier may begin: as far as each of the longer roads has its first turn."""
    signal = [Move("VSM", "COR>GEM", {})]
    accepted = {"status": "Afgerond", "resultaat": "HULP_GEACCEPTEERD"}
    helped = [*signal, Move("VST", "GEM>COR", {}, ("VSM",)), Move("VST", "GEM>COR", accepted, ("VSM",))]
    asked, _, granted, *_ = _pausing(today)
    announced = [*signal, *_evicting(today)[:4]]
    plan = [Move("BRV", "COR>GEM", {"bestaansminimumToets": toets("COR>GEM")}, which="volledig")]
    plan.append(Move("BRB", "GEM>COR", {"besluit": "AKKOORD"}, ("BRV",)))
    kept = [*announced, _evicting(today)[9]]
    return [signal, helped, [*helped, asked, granted], announced, [*announced, *plan], kept, [*kept, *plan]]


def moves(today: date) -> dict[str, list[Move]]:
    """Give every move that could be tried on a day, by family."""
    signals = [
        Move("VSM", "COR>GEM", {}),
        Move("VSM", "COR>GEM", {"achterstand.bedragCent": 70000}),
        Move("VSM", "COR>GEM", {"achterstand.bedragCent": 80000}),
    ]
    return {
        "signals": signals,
        "results": _results(),
        "helping": _helping(),
        "pausing": _pausing(today),
        "plans": _plans(),
        "evicting": _evicting(today),
        "changes": [*_changes(), Move("VSM", "COR>GEM", {"convenantUitsluiting": "WOONFRAUDE"})],
        "closing": _closing(),
    }


def message(move: Move, dossier: Written) -> Passed | None:
    """Make a move's message, if what it answers or refers to is there."""
    types = [code_of(SHORT[one]) for one in move.on]
    pair = {BOXES[side] for side in move.way.split(">")}
    before = [one for one in dossier.passed if one.type in types and {one.source, one.ontvanger} == pair]
    if types and not before:
        return None
    if move.fields.get("besluit") == "TOEGEKEND" and _granted(before[-1])["tot"] is None:
        return None
    on = before[-1] if before else None
    fields = {**move.fields, **_granted(on)} if move.fields.get("besluit") == "TOEGEKEND" else move.fields
    return dossier.make(move.short, move.way, fields, which=move.which, on=on)


def _granted(asked: Passed | None) -> dict[str, Any]:
    """Grant what was asked."""
    said = (asked.bericht if asked else None) or {}
    return {"vanaf": said.get("vanaf", said.get("datum")), "tot": said.get("tot", said.get("verzoekUitstelTot"))}
