"""Rules on payment plans: a plan that keeps them passes, and one planted violation is found, where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.covenant.content import objections
from schemas.berichten.regeling import RegelingWeigerreden
from schemas.covenants import load_covenant
from tests.unit.covenant.written import CONVENANT, TESTED, Written, helped, toets

AKKOORD = {"besluit": "AKKOORD"}


def by_test(**fields: Any) -> dict[str, Any]:
    """Give the fields of a tested plan."""
    return {"bestaansminimumToets": {**TESTED, **fields}, "voorlopigTot": None}


@pytest.mark.parametrize("side", ["voorstel", "besluit"])
def test_r1_nobody_agrees_below_the_minimum(side: str) -> None:
    """R1: AKKOORD is refused when the proposal or the decision itself says VOLDOET_NIET."""
    dossier, _ = helped()
    failed = by_test(uitkomst="VOLDOET_NIET")
    plan = dossier.add("BRV", "SHV>COR", failed if side == "voorstel" else None, which="volledig")
    message = dossier.make("BRB", "COR>SHV", AKKOORD, on=plan)
    if side == "besluit":  # the model refuses this one by itself; the rule does not lean on that
        message = message._replace(bericht={**(message.bericht or {}), **failed})
    assert ("r1-voldoet-niet", "/besluit") in dossier.objected(message)
    assert dossier.objected(dossier.make("BRB", "COR>SHV", on=plan, which="tegenvoorstel")) == []


@pytest.mark.parametrize(("most", "objected"), [(6000, False), (5999, True)])
def test_r2_the_decisions_own_maximum(most: int, objected: bool) -> None:
    """R2: the term that was proposed is within the maximum of the test in the decision."""
    dossier, _ = helped()
    plan = dossier.add("BRV", "COR>GEM", which="volledig")
    own = {**AKKOORD, "bestaansminimumToets": {**TESTED, "maxTermijnbedragCent": most}}
    found = dossier.objected(dossier.make("BRB", "GEM>COR", own, on=plan))
    assert (("r2-boven-maximum", "/bestaansminimumToets/maxTermijnbedragCent") in found) is objected


@pytest.mark.parametrize(("day", "objected"), [("2027-01-31", False), ("2027-02-01", True)])
def test_r3_untested_only_while_provisional(day: str, objected: bool) -> None:
    """R3: an untested plan is agreed on until it stops being provisional; a test of one's own lifts that."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    plan = dossier.add("BRV", "COR>GEM")
    found = dossier.objected(dossier.make("BRB", "GEM>COR", {**AKKOORD, "datum": day}, on=plan))
    assert (("r3-niet-meer-voorlopig", "/besluit") in found) is objected
    own = {**AKKOORD, "datum": day, "bestaansminimumToets": toets("GEM>COR")}
    assert dossier.objected(dossier.make("BRB", "GEM>COR", own, on=plan)) == []


def test_r3_counts_the_day_of_sending() -> None:
    """An early date in the decision does not help one that is sent late."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    plan = dossier.add("BRV", "COR>GEM")
    late = dossier.make("BRB", "GEM>COR", AKKOORD, on=plan, days=73)
    assert dossier.objected(late) == [("r3-niet-meer-voorlopig", "/besluit")]


HELPERS = {
    "GEM": "00000099000000101000",
    "SHV": "00000099000000201000",
    "SWT": "00000099000000202000",
    "COR": "00000099000000001000",
    "MZO": "00000099000000206000",
    "nobody": "00000099000000999000",
}


@pytest.mark.parametrize("tester", HELPERS)
@pytest.mark.parametrize("other", ["GEM", "SHV"])
def test_r4_who_tests(tester: str, other: str) -> None:
    """R4: the party of the message that is no corporation; anybody else's number would tell of a partner."""
    dossier, _ = helped()
    expected = [] if tester == other else [("r4-toetser", "/bestaansminimumToets/toetser")]
    test = by_test(toetser=HELPERS[tester])
    for way in (f"COR>{other}", f"{other}>COR"):
        assert dossier.objected(dossier.make("BRV", way, test, which="volledig")) == expected
    plan = dossier.add("BRV", f"COR>{other}")
    own = {**AKKOORD, "bestaansminimumToets": test["bestaansminimumToets"]}
    assert dossier.objected(dossier.make("BRB", f"{other}>COR", own, on=plan)) == expected


def test_r4_is_the_covenants() -> None:
    """R4: a party of a kind that the covenant does not name did not test, whoever it is."""
    text = CONVENANT.text.replace('toetsers = ["GEM", "SHV", "SWT"]', 'toetsers = ["GEM", "SWT"]')
    other, (dossier, _) = load_covenant(text.encode()), helped()
    for tester in ("SHV", "COR"):
        message = dossier.make("BRV", "SHV>COR", by_test(toetser=HELPERS[tester]), which="volledig")
        found = objections(other, message, dossier.passed, sending=False)
        assert [one.code for one in found] == ["r4-toetser"]


@pytest.mark.parametrize("reason", RegelingWeigerreden)
@pytest.mark.parametrize("other", ["GEM", "SHV"])
def test_a_reason_of_the_books_is_the_corporations(reason: RegelingWeigerreden, other: str) -> None:
    """Unpaid current rent and an earlier broken plan are what a corporation knows; nobody else refuses with them."""
    dossier, _ = helped()
    refused = {"besluit": "WEIGERING", "weigerreden": reason.value}
    of_the_books = reason in ("LOPENDE_HUUR_NIET_BETAALD", "EERDERE_REGELING_VERBROKEN")
    expected = [("reden-van-corporatie", "/weigerreden")] if of_the_books else []
    plan, back = dossier.add("BRV", f"COR>{other}"), dossier.add("BRV", f"{other}>COR", which="volledig")
    assert dossier.objected(dossier.make("BRB", f"{other}>COR", refused, on=plan)) == expected
    assert dossier.objected(dossier.make("BRB", f"COR>{other}", refused, on=back)) == []


@pytest.mark.parametrize(("start", "objected"), [("2027-06-10", False), ("2027-06-11", True)])
def test_r7_a_test_expires(start: str, objected: bool) -> None:
    """R7: a test of 10 December counts for plans that start by 10 June."""
    dossier, _ = helped()
    found = dossier.objected(dossier.make("BRV", "SHV>COR", {"startdatum": start}, which="volledig"))
    assert found == ([("r7-toets-verlopen", "/bestaansminimumToets")] if objected else [])


@pytest.mark.parametrize(("day", "objected"), [("2026-12-10", False), ("2026-12-11", True)])
def test_r7_a_missed_term_wants_a_new_test(day: str, objected: bool) -> None:
    """R7: after a term was missed an older test does not count any more, in a proposal or when agreeing to one."""
    dossier, _ = helped()
    plan = dossier.add("BRV", "SHV>COR", which="volledig")
    dossier.add("BRS", "COR>SHV", {"status": "GEMIST", "restantCent": 5, "datum": day}, on=plan)
    again = dossier.make("BRV", "SHV>COR", which="volledig")
    code = "r7-toets-voor-gemiste-termijn"
    assert dossier.objected(again) == ([(code, "/bestaansminimumToets")] if objected else [])
    agreed = dossier.make("BRB", "COR>SHV", AKKOORD, on=plan)
    assert dossier.objected(agreed) == ([(code, "/besluit")] if objected else [])
