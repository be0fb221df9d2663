"""The terms on content: begun, owed by whom, met by what, told when; on days of the Dutch calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.covenant.statutory import Obligation, obligations
from tests.unit.covenant.written import BOXES, CONVENANT, Written, helped, phase, threatened


def owed(dossier: Written) -> dict[str, Obligation]:
    """Give the obligations of a dossier by code; the last of each."""
    return {one.code: one for one in obligations(CONVENANT, dossier.passed)}


def amsterdam_midnight(day: int, month: int, year: int = 2026) -> datetime:
    """Give the end of a winter's day."""
    return datetime(year, month, day, 23, tzinfo=UTC)


def test_a_signal_obliges_the_municipality() -> None:
    """A first talk within four weeks, an end result within two months, from the moment the signal was taken."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    found = owed(dossier)
    assert set(found) == {"eerste-gesprek", "eindresultaat"}
    talk = found["eerste-gesprek"]
    assert (talk.message, talk.debtor, talk.begun) == (signal.id, BOXES["GEM"].oin, signal.moment)
    assert talk.due == amsterdam_midnight(18, 12)  # Friday 20 November and four weeks
    assert talk.levels == (talk.due, amsterdam_midnight(28, 12))  # five working days on, over both Christmas days
    assert found["eindresultaat"].due == amsterdam_midnight(20, 1, 2027)
    assert talk.met_by is None


def test_a_crisis_is_answered_in_three_working_days() -> None:
    """Wgs art. 4(2): a signal of a crisis given on Friday is talked about by Wednesday."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM", {"crisissignaal": True})
    found = owed(dossier)
    assert "eerste-gesprek" not in found
    assert found["eerste-gesprek-crisis"].due == amsterdam_midnight(25, 11)


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({}, False),
        ({"status": "Afgerond", "resultaat": "GEEN_CONTACT"}, True),
        ({"status": "Niet opgepakt", "resultaat": "NIET_OPGEPAKT"}, True),
    ],
)
def test_what_meets_a_talk(fields: dict[str, Any], met: bool) -> None:
    """Taking a signal up is no talk yet; an end is. The talk of the four weeks stays met."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    answer = dossier.add("VST", "GEM>COR", fields, on=signal)
    assert owed(dossier)["eerste-gesprek"].met_by == (answer.id if met else None)
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "AFGESLOTEN"}, on=signal)
    assert owed(dossier)["eerste-gesprek"].met_by == (answer.id if met else dossier.passed[-1].id)


def test_only_what_comes_later_meets() -> None:
    """A new signal is a new obligation, whatever was said of the one before."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", {"status": "Niet opgepakt", "resultaat": "NIET_OPGEPAKT"}, on=signal)
    dossier.add("VSM", "COR>GEM", {"achterstand.bedragCent": 70000})
    first, second = (one for one in obligations(CONVENANT, dossier.passed) if one.code == "eerste-gesprek")
    assert first.met_by == dossier.passed[1].id
    assert second.met_by is None


def test_only_the_two_parties_meet_it() -> None:
    """An answer between others is none."""
    dossier, _ = helped()
    crisis = dossier.add("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    dossier.add("VRA", "SWT>GEM", {"betreft": crisis.id}, on=crisis)
    assert owed(dossier)["antwoord-op-crisisverwijzing"].met_by is None
    dossier.add("VRA", "SHV>GEM", on=crisis)
    assert owed(dossier)["antwoord-op-crisisverwijzing"].met_by == dossier.passed[-1].id


def test_progress_is_owed_by_who_sent_the_last() -> None:
    """``plichtige = afzender``: the helper who took a referral tells of it every four weeks, until it is finished."""
    dossier, _ = helped()
    referral = dossier.add("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    dossier.add("VRA", "SHV>GEM", on=referral)
    assert owed(dossier)["voortgang-traject"].debtor == BOXES["SHV"].oin
    dossier.add("VRA", "SHV>GEM", {"status": "LOOPT"}, on=referral)
    done = dossier.add("VRA", "SHV>GEM", on=referral, which="volledig")
    progress = [one for one in obligations(CONVENANT, dossier.passed) if one.code == "voortgang-traject"]
    assert [one.met_by for one in progress] == [dossier.passed[-2].id, done.id]


def test_a_term_from_a_day_in_a_field() -> None:
    """``vanaf``: the outcome is told by the end of the working day after the day of the eviction."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS")
    assert "uitkomst-na-ontruimingsdatum" not in owed(dossier)
    dossier.add("DON", "COR>GEM", phase("AANGEZEGD", announced="2027-03-12"), on=dossier.passed[0])
    outcome = owed(dossier)["uitkomst-na-ontruimingsdatum"]
    assert outcome.debtor == BOXES["COR"].oin
    assert outcome.begun == datetime(2027, 3, 12, 22, 59, 59, tzinfo=UTC)
    assert outcome.due == amsterdam_midnight(15, 3, 2027)  # a Friday; the next working day is Monday
    assert outcome.levels[1] - outcome.due == timedelta(days=1)


def test_a_withdrawn_signal_obliges_to_nothing() -> None:
    """After an objection there is nobody to talk with."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VSI", "COR>GEM", {"reden": "BEZWAAR_HUURDER"}, on=signal)
    assert all(one.met_by == dossier.passed[-1].id for one in obligations(CONVENANT, dossier.passed))


def test_a_closed_dossier_owes_nothing() -> None:
    """Closing meets what was open; what comes in after it begins nothing. A closing out of turn closes nothing."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    dossier.add("AFS", "COR>GEM", {"uitkomst": "ONTRUIMD"})
    assert {one.met_by for one in obligations(CONVENANT, dossier.passed)} == {None}
    closing = dossier.add("AFS", "COR>GEM", {"uitkomst": "GESLOTEN_ANDERS"})
    dossier.add("VSM", "COR>GEM")
    found = obligations(CONVENANT, dossier.passed)
    assert {(one.message, one.met_by) for one in found} == {(dossier.passed[0].id, closing.id)}


@pytest.mark.parametrize(("fase", "owed"), [("VONNIS", False), ("AANGEZEGD", True)])
def test_a_request_is_decided_within_a_day_once_an_eviction_is_announced(fase: str, owed: bool) -> None:
    """DOMAIN 3.2, row 8: three working days, and one if the date was announced (``mits``)."""
    dossier, _ = threatened(fase)
    asked = dossier.add("OPV", "GEM>COR")
    found = [one for one in obligations(CONVENANT, dossier.passed) if one.message == asked.id]
    assert [one.code for one in found] == (["besluit-bij-aanzegging"] if owed else [])
    dossier.add("OPB", "COR>GEM", on=asked)
    assert all(one.met_by for one in obligations(CONVENANT, dossier.passed) if one.message == asked.id)


def test_what_was_erased_obliges_nobody() -> None:
    """An erased signal is owed nothing, and what it left is."""
    dossier, signal = threatened("VOORNEMEN_DAGVAARDING")
    dossier.erase(signal)
    assert {one.message for one in obligations(CONVENANT, dossier.passed)} == {dossier.passed[-1].id}
