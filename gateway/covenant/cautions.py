"""What a corporation and a municipality are warned of before an eviction; it warns and proves, it never blocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from gateway.covenant.calendar import until
from gateway.covenant.case import Case, Objection
from gateway.covenant.conditions import value_at
from gateway.covenant.passage import OUTSIDE, VROEGSIGNAAL, WIJZIGING
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.berichten.ontruiming import Ontruimingsfase
from schemas.covenants import AMSTERDAM, Spoornaam

_DREIGING, _VERZOEK, _ANTWOORD, _BESLUIT = (
    code_of(name)
    for name in ("dreigende-ontruiming", "opschortingsverzoek", "ontruimingsantwoord", "opschortingsbesluit")
)


def case_cautions(case: Case) -> Iterator[Objection]:
    """Give what is to be said beside a message; nothing when the covenant does not apply (woonfraude)."""
    if case.passage.stand(Spoornaam.UITKOMST) == OUTSIDE:
        return
    if case.candidate.type == WIJZIGING and case.says("reden") == "REGELING_GETROFFEN":
        yield objection("r8-regeling-zonder-toets", "/reden")
    if case.candidate.type == _DREIGING:
        yield from _signal_age(case)
        yield from _skipped(case)
        if case.says("fase") == "AANGEZEGD":
            yield from _announced(case)


def _signal_age(case: Case) -> Iterator[Objection]:
    """A summons wants a signal of two to six months old (Rechtbank Rotterdam 2024; DOMAIN 1.1).

    Signals come every month, so one of the right age is enough; if there is none, the last one decides.
    """
    signals = [one.moment for one in case.of_type(VROEGSIGNAAL)]
    if not signals or not case.says("signaalIds"):
        yield objection("geen-signaal", "/signaalIds")
        return
    day = case.day("fasedatum")
    if day is None or case.says("fase") not in ("VOORNEMEN_DAGVAARDING", "DAGVAARDING"):
        return
    grenzen, moment = case.convenant.grenzen, datetime.combine(day, time(12), AMSTERDAM)
    fresh = [moment < until(given, grenzen.signaalGeldig) for given in signals]
    ripe = [moment >= until(given, grenzen.dagvaardingNa) for given in signals]
    if not fresh[-1]:
        yield objection("signaal-te-oud", "/fasedatum")
    elif not any(a and b for a, b in zip(fresh, ripe, strict=True)):
        yield objection("dagvaarding-te-vroeg", "/fasedatum")


def _skipped(case: Case) -> Iterator[Objection]:
    """Each phase follows on the one before it; what counts is what the two told each other, so both say the same."""
    phases = [phase.value for phase in Ontruimingsfase]
    told = [value_at(one.bericht, "fase") for one in case.of_type(_DREIGING)]
    reached = max((phases.index(phase) for phase in told if phase in phases), default=-1)
    if case.says("fase") in phases[reached + 2 :]:
        yield objection("fase-overgeslagen", "/fase")


def _announced(case: Case) -> Iterator[Objection]:
    if _unanswered(case):
        yield objection("verzoek-onbeantwoord", "/fase")
    day: date | None = case.day("ontruimingOp")
    if day is not None and (day - case.today).days < case.convenant.grenzen.aanzeggingDagen:
        yield objection("aanzegging-te-kort", "/ontruimingOp")


def _unanswered(case: Case) -> bool:
    """A request to suspend, or one to postpone, from whomever this party has it, without a decision."""
    answered = {one.antwoordop for one in case.earlier if one.type == _BESLUIT}
    asked = (
        one.id
        for one in case.earlier
        if one.type == _VERZOEK or (one.type == _ANTWOORD and value_at(one.bericht, "verzoekUitstelTot") is not None)
    )
    return any(one not in answered for one in asked)
