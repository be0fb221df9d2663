"""Rules on the early signal and its feedback: the landlord's duty (Bgs art. 2), repeated and higher signals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from gateway.covenant.case import Case, Objection
from gateway.covenant.conditions import value_at
from gateway.covenant.passage import VROEGSIGNAAL, WIJZIGING, Passed, amount, is_higher
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.covenants import Spoornaam
from schemas.covenants.model import Gemeente

_TERUGKOPPELING = code_of("terugkoppeling")
_INGETROKKEN = "INGETROKKEN"
_DUTY = "incassoVerantwoording"


def signal_objections(case: Case) -> Iterator[Objection]:
    """Give the objections to a signal, or to feedback that calls one repeated."""
    if case.candidate.type == VROEGSIGNAAL:
        if case.told.stand(Spoornaam.HULP) == _INGETROKKEN:
            yield objection("signaal-na-intrekking")
        yield from _dwelling(case)
        yield from _duty(case)
    if case.candidate.type == _TERUGKOPPELING and case.says("resultaat") == "HERHAALDE_MELDING":
        yield from _repeated(case)


def _dwelling(case: Case) -> Iterator[Objection]:
    """A signal goes to the municipality of the dwelling; its threshold binds the sender, and no crisis waits for it."""
    postcode = case.says("huurder.postcode")
    if postcode is None:
        return
    gemeente = case.convenant.gemeente_van(postcode)
    if gemeente is None or case.convenant.gemeente_deelnemer(gemeente.code).oin != case.candidate.ontvanger.oin:
        yield objection("andere-gemeente", "/huurder/postcode")
    elif case.sending and case.says("crisissignaal") is not True and _below(case, gemeente):
        yield objection("onder-drempel", "/achterstand")


def _below(case: Case, gemeente: Gemeente) -> bool:
    cents = amount(case.candidate)
    begun, measured = case.day("achterstand.ontstaansdatum"), case.day("achterstand.peildatum")
    if cents is None or begun is None or measured is None:
        return False
    days, most = (measured - begun).days, gemeente.maximumDagen
    return cents < gemeente.minimumCent or days < gemeente.minimumDagen or (most is not None and days > most)


def _duty(case: Case) -> Iterator[Objection]:
    """Bgs art. 2, a to d: each step was taken before the signal was sent, for these arrears, and in a sane order."""
    steps = dict(_steps(case))
    for pointer, day in steps.items():
        if day > case.today:
            yield objection("bgs-na-verzending", pointer)
    begun = case.day("achterstand.ontstaansdatum")
    for group in ("contactpogingen", "herinneringen", "gewezenOpSchuldhulpOp", "aanbodGegevensdelingOp"):
        days = [day for pointer, day in steps.items() if pointer.startswith(f"/{_DUTY}/{group}")]
        if begun is not None and days and max(days) < begun:
            yield objection("bgs-voor-ontstaan", f"/{_DUTY}/{group}")
    offered, reminded = case.day(f"{_DUTY}.aanbodGegevensdelingOp"), _days(case.says(f"{_DUTY}.herinneringen"))
    if offered is not None and reminded and offered < min(reminded):
        yield objection("bgs-aanbod-voor-herinnering", f"/{_DUTY}/aanbodGegevensdelingOp")


def _steps(case: Case) -> Iterator[tuple[str, date]]:
    """Give each date of the duty, and the day of the arrears, by its place."""
    for at, attempt in enumerate(case.says(f"{_DUTY}.contactpogingen") or ()):
        yield from ((f"/{_DUTY}/contactpogingen/{at}/datum", day) for day in _days([value_at(attempt, "datum")]))
    for at, day in enumerate(_days(case.says(f"{_DUTY}.herinneringen"))):
        yield f"/{_DUTY}/herinneringen/{at}", day
    for path in (f"{_DUTY}.gewezenOpSchuldhulpOp", f"{_DUTY}.aanbodGegevensdelingOp", "achterstand.peildatum"):
        found = case.day(path)
        if found is not None:
            yield f"/{path.replace('.', '/')}", found


def _days(values: Sequence[Any] | None) -> list[date]:
    return [date.fromisoformat(value) for value in values or () if isinstance(value, str)]


def _repeated(case: Case) -> Iterator[Objection]:
    """Repeated is: told before, of the same arrears, and not higher; if higher it must be taken up (LCV)."""
    signal = case.named(case.says("signaalId"), VROEGSIGNAAL)
    if signal is None or signal.bericht is None:
        return
    before = list(case.of_type(VROEGSIGNAAL, WIJZIGING))
    before = before[: before.index(signal)]
    if not any(_since(one) in (None, _since(signal)) for one in before if one.type == VROEGSIGNAAL):
        yield objection("geen-herhaling", "/resultaat")
    elif is_higher(_as_changed(case, signal), before):
        yield objection("hoger-oppakken", "/resultaat")


def _since(signal: Passed) -> object:
    return value_at(signal.bericht, "achterstand.ontstaansdatum")


def _as_changed(case: Case, signal: Passed) -> Passed:
    """Give the signal with the amount that was told of it last."""
    changes = [one for one in case.of_type(WIJZIGING) if value_at(one.bericht, "signaalId") == signal.id]
    return next((one for one in reversed(changes) if amount(one) is not None), signal)
