"""What is warned of before an eviction: each caution planted once, and never in the way of the message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.covenant.written import Written, phase, threatened

UNKNOWN = "019a9f3e-7c00-7abc-8def-ffffffffffff"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (20, [("dagvaarding-te-vroeg", "/fasedatum")]),
        (62, []),
        (181, []),
        (185, [("signaal-te-oud", "/fasedatum")]),
    ],
)
def test_a_summons_wants_a_signal_of_the_right_age(days: int, expected: list[tuple[str, str]]) -> None:
    """Under two or over six months after the signal is warned of, and not forbidden."""
    dossier, signal = threatened()
    day = (dossier.now + timedelta(days=days)).date().isoformat()
    message = dossier.make("DON", "COR>GEM", phase("VOORNEMEN_DAGVAARDING", day), on=signal, days=days)
    assert dossier.warned(message) == expected
    assert dossier.objected(message, sending=True) == []


def test_monthly_signals_do_not_make_a_summons_early() -> None:
    """One signal of the right age is enough, however recent the last one is."""
    dossier, signal = threatened()
    dossier.add("VSM", "COR>GEM", days=80)
    message = dossier.make("DON", "COR>GEM", phase("VOORNEMEN_DAGVAARDING"), on=signal, days=10)
    assert dossier.warned(message) == []


def test_an_eviction_without_a_signal_is_flagged() -> None:
    """It is delivered: without a signal there is nothing that its signaalIds could name, so that is no objection."""
    message = Written().make("DON", "COR>GEM", {**phase("AANGEZEGD"), "signaalIds": [UNKNOWN]})
    assert Written().warned(message) == [("geen-signaal", "/signaalIds"), ("fase-overgeslagen", "/fase")]
    assert Written().objected(message) == []


def test_an_eviction_that_names_no_signal_is_flagged() -> None:
    """No signal to name is no reason to keep still: the list may be empty, and then both are warned."""
    dossier, _ = threatened()
    message = dossier.make("DON", "COR>GEM", {**phase("VOORNEMEN_DAGVAARDING"), "signaalIds": []}, days=90)
    assert dossier.warned(message) == [("geen-signaal", "/signaalIds")]
    assert dossier.objected(message, sending=True) == []


@pytest.mark.parametrize("fase", ["VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS", "AANGEZEGD"])
def test_an_eviction_is_never_silenced(fase: str) -> None:
    """DOMAIN 3.5: without any message before it a threat goes out, is taken in, and both are told what is missing."""
    dossier = Written()
    message = dossier.make("DON", "COR>GEM", {**phase(fase), "signaalIds": []})
    assert dossier.objected(message, sending=True) == dossier.objected(message) == []
    skipped = [] if fase == "VOORNEMEN_DAGVAARDING" else [("fase-overgeslagen", "/fase")]
    assert dossier.warned(message) == [("geen-signaal", "/signaalIds"), *skipped]
    dossier.passed.append(message)
    assert dossier.stand("incasso") == {"DAGVAARDING": "GEDAGVAARD"}.get(fase, fase)
    assert dossier.position().idle == ()


@pytest.mark.parametrize(
    ("told", "fase", "skipped"),
    [
        (["VOORNEMEN_DAGVAARDING"], "DAGVAARDING", False),
        (["VOORNEMEN_DAGVAARDING"], "VONNIS", True),
        (["VOORNEMEN_DAGVAARDING", "DAGVAARDING"], "DAGVAARDING", False),
        (["DAGVAARDING"], "AANGEZEGD", True),
        (["DAGVAARDING", "VONNIS"], "AANGEZEGD", False),
    ],
)
def test_a_skipped_phase_is_flagged(told: list[str], fase: str, skipped: bool) -> None:
    """A phase follows on the one before it, or both are warned; the same phase may be told again."""
    dossier, signal = threatened(*told)
    message = dossier.make("DON", "COR>GEM", phase(fase), on=signal)
    assert (("fase-overgeslagen", "/fase") in dossier.warned(message)) is skipped
    assert dossier.objected(message, sending=True) == []


@pytest.mark.parametrize("who", ["OPV", "DOA"])
def test_an_unanswered_request_is_flagged(who: str) -> None:
    """AANGEZEGD while a pause or a postponement was asked for and not decided on; once decided it is not."""
    dossier, signal = threatened("VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS")
    if who == "OPV":
        asked = dossier.add("OPV", "GEM>COR", which="volledig")
    else:
        asked = dossier.add(
            "DOA", "GEM>COR", {"datum": "2027-02-20", "verzoekUitstelTot": "2027-03-01"}, on=dossier.passed[-1]
        )
    message = dossier.make("DON", "COR>GEM", phase("AANGEZEGD"), on=signal)
    assert dossier.warned(message) == [("verzoek-onbeantwoord", "/fase")]
    dossier.add("OPB", "COR>GEM", on=asked)
    assert dossier.warned(message) == []


@pytest.mark.parametrize(
    ("day", "expected"), [("2027-03-04", []), ("2027-03-03", [("aanzegging-te-kort", "/ontruimingOp")])]
)
def test_an_eviction_is_announced_in_time(day: str, expected: list[tuple[str, str]]) -> None:
    """Between the message and the eviction lie the days that the covenant asks for."""
    dossier, signal = threatened("VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS")
    message = dossier.make("DON", "COR>GEM", phase("AANGEZEGD", "2027-02-18", day), on=signal)
    assert message.moment.date().isoformat() == "2027-02-18"
    assert dossier.warned(message) == expected


def test_a_plan_made_alone_is_flagged() -> None:
    """R8: it counts as not tested, and the municipality may ask for the test."""
    dossier, signal = threatened()
    message = dossier.make("VSI", "COR>GEM", {"reden": "REGELING_GETROFFEN"}, on=signal)
    assert dossier.warned(message) == [("r8-regeling-zonder-toets", "/reden")]
    assert dossier.objected(message, sending=True) == []


def test_no_caution_outside_the_covenant() -> None:
    """After woonfraude nobody is warned of an early summons or a short notice; the signal itself went on."""
    dossier = Written()
    signal = dossier.make("VSM", "COR>GEM", {"convenantUitsluiting": "WOONFRAUDE"})
    assert dossier.objected(signal, sending=True) == []
    dossier.passed.append(signal)
    message = dossier.make("DON", "COR>GEM", phase("AANGEZEGD", "2026-11-21", "2026-11-24"), on=signal)
    assert dossier.warned(message) == []
    assert dossier.objected(message, sending=True) == []
