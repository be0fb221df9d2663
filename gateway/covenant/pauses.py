"""Rules on the decision to suspend: within what was asked, and thirty days at the most (LCV; DOMAIN 1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gateway.covenant.case import Case, Objection
from gateway.covenant.passage import day_at
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.berichten.opschorting import LONGEST

_BESLUIT, _VERZOEK, _ANTWOORD = (
    code_of("opschortingsbesluit"),
    code_of("opschortingsverzoek"),
    code_of("ontruimingsantwoord"),
)


def pause_objections(case: Case) -> Iterator[Objection]:
    """Give the objections to a suspension or postponement that was granted."""
    asked = case.named(case.says("betreft"), _VERZOEK, _ANTWOORD)
    if case.candidate.type != _BESLUIT or case.says("besluit") != "TOEGEKEND":
        return
    if asked is None or asked.bericht is None:
        return
    first, last = day_at(asked.bericht, "vanaf"), day_at(asked.bericht, "tot")
    if asked.type == _ANTWOORD:
        last = day_at(asked.bericht, "verzoekUitstelTot")
        if last is None:
            yield objection("geen-uitstel-gevraagd", "/betreft")
            return
    if not _within(case.day("vanaf"), case.day("tot"), first, last):
        yield objection("opschorting-buiten-verzoek", "/tot")


def _within(begin: date | None, end: date | None, first: date | None, last: date | None) -> bool:
    if begin is None or end is None:
        return False
    return (first is None or begin >= first) and (last is None or end <= last) and end - begin <= LONGEST
