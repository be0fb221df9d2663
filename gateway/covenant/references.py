"""Does a message refer to what exists? To messages of its dossier, between the same two, of the right type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gateway.covenant.case import Case, Objection
from gateway.covenant.conditions import value_at
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of


class _Reference(NamedTuple):
    field: str
    types: tuple[str, ...]


def _to(field: str, *names: str) -> _Reference:
    return _Reference(field, tuple(code_of(name) for name in names))


_REFERENCES: Mapping[str, _Reference] = MappingProxyType(
    {
        code_of("terugkoppeling"): _to("signaalId", "vroegsignaal"),
        code_of("wijziging"): _to("signaalId", "vroegsignaal"),
        code_of("verwijzingsantwoord"): _to("betreft", "verwijzing", "zorgmelding"),
        code_of("opschortingsbesluit"): _to("betreft", "opschortingsverzoek", "ontruimingsantwoord"),
        code_of("saldo-opgave"): _to("betreft", "saldoverzoek"),
        code_of("regelingsbesluit"): _to("betreft", "regelingsvoorstel"),
        code_of("regelingsstatus"): _to("betreft", "regelingsvoorstel", "regelingsbesluit", "wijziging"),
        code_of("ontruimingsantwoord"): _to("betreft", "dreigende-ontruiming"),
    }
)
_DREIGING, _SIGNAAL = code_of("dreigende-ontruiming"), code_of("vroegsignaal")


def reference_objections(case: Case) -> Iterator[Objection]:
    """Give the objections to what a message refers to."""
    if case.candidate.type == _DREIGING:
        yield from _signals(case)
        return
    reference = _REFERENCES.get(case.candidate.type)
    if reference is None:
        return
    pointer, named = f"/{reference.field}", case.says(reference.field)
    if case.named(named, *reference.types) is None:
        yield objection("verwijst-naar-onbekend", pointer)
    elif case.candidate.antwoordop is not None and named not in _answered(case, reference):
        yield objection("verwijst-anders-dan-antwoord", pointer)


def _answered(case: Case, reference: _Reference) -> tuple[object, ...]:
    """Give what the message may refer to as an answer: what it answers, or what that one refers to itself.

    The second is for feedback on a changed signal: it answers the change and refers to the signal.
    """
    answered = case.candidate.antwoordop
    one = next((one for one in case.between if one.id == answered), None)
    if one is None or one.type in reference.types:
        return (answered,)
    return (answered, value_at(one.bericht, reference.field))


def _signals(case: Case) -> Iterator[Objection]:
    """Each signal that is named must exist; where none was given there is a caution instead (DOMAIN 3.5)."""
    if not any(case.of_type(_SIGNAAL)):
        return
    for at, named in enumerate(case.says("signaalIds") or ()):
        if case.named(named, _SIGNAAL) is None:
            yield objection("verwijst-naar-onbekend", f"/signaalIds/{at}")
