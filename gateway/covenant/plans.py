"""Payment plans: the subsistence minimum, R1 to R4 and R7 (DOMAIN 3.5), and whose reason a refusal gives.

R2 within one message stands in its model; here is what needs the proposal, the covenant or what came before. R5 and R6
are in what the messages hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from gateway.covenant.calendar import until
from gateway.covenant.case import Case, Objection
from gateway.covenant.conditions import value_at
from gateway.covenant.passage import Passed, day_at
from gateway.covenant.wording import objection
from schemas.berichten.berichttype import code_of
from schemas.berichten.regeling import RegelingWeigerreden
from schemas.covenants import AMSTERDAM, Soort

_VOORSTEL, _BESLUIT, _STATUS = (code_of(f"regelings{name}") for name in ("voorstel", "besluit", "status"))
_TEST = "bestaansminimumToets"
_AT = f"/{_TEST}"
_OF_THE_BOOKS = frozenset(
    {RegelingWeigerreden.LOPENDE_HUUR_NIET_BETAALD.value, RegelingWeigerreden.EERDERE_REGELING_VERBROKEN.value}
)
"""Reasons that only a corporation knows; of anyone else they would tell what somebody else told it of the tenant."""

Block = Mapping[str, Any]


def plan_objections(case: Case) -> Iterator[Objection]:
    """Give the objections to a proposal or a decision on a plan."""
    if case.candidate.type == _VOORSTEL:
        yield from _tester(case)
        yield from _expired(case, case.says(_TEST), case.day("startdatum"), _AT)
    if case.candidate.type == _BESLUIT:
        yield from _tester(case)
        if case.says("weigerreden") in _OF_THE_BOOKS and case.kinds[0] is not Soort.COR:
            yield objection("reden-van-corporatie", "/weigerreden")
        proposal = case.named(case.says("betreft"), _VOORSTEL)
        if case.says("besluit") == "AKKOORD" and proposal is not None and proposal.bericht is not None:
            yield from _agreement(case, proposal.bericht)


def _tester(case: Case) -> Iterator[Objection]:
    """R4: by whom the covenant names, and never by a corporation whatever it names.

    Of a corporation's message it is the other party: any other organisation that is named would tell the corporation
    of a partner (DOMAIN 3.3).
    """
    tester = case.says(f"{_TEST}.toetser")
    if tester is None:
        return
    deelnemer = case.convenant.deelnemer(tester)
    allowed = set(case.convenant.grenzen.toetsers) - {Soort.COR}
    parties = (case.candidate.source.oin, case.candidate.ontvanger.oin)
    elsewhere = Soort.COR in case.kinds and tester not in parties
    if elsewhere or deelnemer is None or deelnemer.soort not in allowed:
        yield objection("r4-toetser", f"{_AT}/toetser")


def _agreement(case: Case, proposal: Block) -> Iterator[Objection]:
    proposed, own = proposal.get(_TEST), case.says(_TEST)
    outcomes = [value_at(test, "uitkomst") for test in (proposed, own)]
    if "VOLDOET_NIET" in outcomes:
        yield objection("r1-voldoet-niet", "/besluit")
    most, term = value_at(own, "maxTermijnbedragCent"), proposal.get("termijnbedragCent")
    if isinstance(most, int) and isinstance(term, int) and term > most:
        yield objection("r2-boven-maximum", f"{_AT}/maxTermijnbedragCent")
    tested = own if outcomes[1] not in (None, "NIET_GETOETST") else proposed
    if value_at(tested, "uitkomst") == "NIET_GETOETST":
        yield from _provisional(case, day_at(proposal, "voorlopigTot"))
    yield from _expired(case, tested, day_at(proposal, "startdatum"), _AT if tested is own else "/besluit")


def _provisional(case: Case, end: date | None) -> Iterator[Objection]:
    """R3: agreed while the plan is still provisional, by the decision's own day and by that of its sending."""
    if end is None or max(case.today, case.day("datum") or case.today) > end:
        yield objection("r3-niet-meer-voorlopig", "/besluit")


def _expired(case: Case, test: Any, start: date | None, pointer: str) -> Iterator[Objection]:  # noqa: ANN401 - JSON
    """R7: the test still counts on the day the plan starts, and no term was missed since."""
    tested = day_at(test, "toetsdatum")
    if tested is None:
        return
    over = until(datetime.combine(tested, time(12), AMSTERDAM), case.convenant.grenzen.toetsGeldig)
    if start is not None and datetime.combine(start, time(), AMSTERDAM) >= over:
        yield objection("r7-toets-verlopen", pointer)
    if any(_missed_after(one, tested) for one in case.of_type(_STATUS)):
        yield objection("r7-toets-voor-gemiste-termijn", pointer)


def _missed_after(status: Passed, tested: date) -> bool:
    day = day_at(status.bericht, "datum")
    return value_at(status.bericht, "status") == "GEMIST" and day is not None and day > tested
