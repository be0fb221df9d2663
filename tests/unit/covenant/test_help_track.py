"""The help track among municipalities and helpers: a hand-over, the end of a referral, and care nobody asked for."""

from __future__ import annotations

import pytest

from tests.unit.covenant.written import Written, helped

MOVED = {
    "doel": "OVERDRACHT_GEMEENTE",
    "toestemming": "JA",
    "vorigDossier": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
}
REFERRED = {"doel": "SCHULDHULP", "toestemming": "JA"}


def test_a_hand_over_opens_a_dossier() -> None:
    """H8: the first message of the new dossier; the new municipality takes it and goes on from contact to an end."""
    dossier = Written()
    moved = dossier.make("VRW", "GEM>GEM2", MOVED)
    assert dossier.objected(moved, sending=True) == []
    dossier.passed.append(moved)
    assert dossier.stand("hulp") == "OVERGEDRAGEN"
    for fields, which, expected in (({}, "minimaal", "CONTACT_LOOPT"), ({}, "volledig", "HULP_AFGEROND")):
        answer = dossier.make("VRA", "GEM2>GEM", fields, on=moved, which=which)
        assert dossier.objected(answer, sending=True) == []
        dossier.passed.append(answer)
        assert dossier.stand("hulp") == expected
    closing = dossier.make("AFS", "GEM>GEM2", {"uitkomst": "GESLOTEN_ANDERS"})
    assert dossier.objected(closing, sending=True) == []


def test_a_hand_over_may_be_refused() -> None:
    """A municipality that is not the tenant's says so, and nothing changes."""
    dossier = Written()
    moved = dossier.add("VRW", "GEM>GEM2", MOVED)
    refusal = dossier.make("VRA", "GEM2>GEM", {"status": "GEWEIGERD"}, on=moved)
    assert dossier.objected(refusal, sending=True) == []
    dossier.passed.append(refusal)
    assert dossier.stand("hulp") == "OVERGEDRAGEN"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("Vervolghulp en/of verwijzing financieel", "HULP_AFGEROND"),
        ("Definitief geen contact kunnen krijgen", "GEEN_CONTACT"),
        ("Geen reactie na eerder contact", "GEEN_CONTACT"),
    ],
)
def test_how_a_referral_ends(result: str, expected: str) -> None:
    """H6 leaves to H7, and to H3 when the tenant could not be reached any more; then the corporation may be told so."""
    dossier, signal = helped()
    referral = dossier.add("VRW", "GEM>SHV", REFERRED)
    dossier.add("VRA", "SHV>GEM", on=referral)
    dossier.add("VRA", "SHV>GEM", {"resultaat": result}, on=referral, which="volledig")
    assert dossier.stand("hulp") == expected
    told = {"status": "Afgerond", "resultaat": "GEEN_CONTACT"}
    silent = dossier.broken(dossier.make("VST", "GEM>COR", told, on=signal))
    assert silent == (None if expected == "GEEN_CONTACT" else "hulp")


def test_unasked_care_is_no_accepted_help() -> None:
    """That the care desk took a referral and finished it opens nothing towards the corporation."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", on=signal)
    referral = dossier.add("VRW", "GEM>MZO")
    dossier.add("VRA", "MZO>GEM", on=referral)
    dossier.add("VRA", "MZO>GEM", on=referral, which="volledig")
    assert dossier.position().idle == ()
    assert dossier.stand("hulp") == "CONTACT_LOOPT"
    assert ("hulp-niet-aanvaard", "") in dossier.objected(dossier.make("SLV", "GEM>COR"))


def test_a_report_of_concern_opens_contact_again() -> None:
    """H3 leaves to H2 on a report of concern by the municipality; one of the corporation is not seen by it."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", on=signal)
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "GEEN_CONTACT"}, on=signal)
    dossier.add("ZGM", "COR>MZO")
    assert dossier.stand("hulp") == "GEEN_CONTACT"
    dossier.add("ZGM", "GEM>MZO")
    assert dossier.stand("hulp") == "CONTACT_LOOPT"


def test_a_withdrawn_signal_is_still_answered() -> None:
    """The reply that the exchange waits for can be given: not taken up. Help that was accepted is not undone."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VSI", "COR>GEM", {"reden": "VERKEERDE_PERSOON"}, on=signal)
    assert dossier.stand("hulp") == "INGETROKKEN"
    told = {"status": "Niet opgepakt", "resultaat": "ONTERECHT_SIGNAAL"}
    assert dossier.broken(dossier.make("VST", "GEM>COR", told, on=signal)) is None
    accepted, signal = helped()
    accepted.add("VSI", "COR>GEM", {"reden": "BEZWAAR_HUURDER"}, on=signal)
    assert accepted.stand("hulp") == "HULP_GEACCEPTEERD"
    assert accepted.position().idle == ()
