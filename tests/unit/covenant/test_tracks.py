"""The tracks of a dossier: each rule that is not plainly a row of the covenant's tables, and what may come next."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gateway.covenant.conditions import holds, value_at
from gateway.covenant.tracks import follow, next_steps
from schemas.covenants import Soort, Spoornaam
from tests.unit.covenant.written import BEGIN, CONVENANT, PERIOD, Written, helped, threatened

AKKOORD = {"besluit": "AKKOORD"}
GRANTED = {"besluit": "TOEGEKEND", "weigerreden": None, **PERIOD}


@pytest.mark.parametrize(
    ("als", "expected"),
    [
        ({}, True),
        ({"a": ("x", "y")}, True),
        ({"a": ("y",)}, False),
        ({"a": ("*",)}, True),
        ({"b": ("*",)}, False),
        ({"blok.waar": (True,)}, True),
        ({"blok.waar": (False,)}, False),
        ({"blok.een": (True,)}, False),
        ({"a.dieper": ("*",)}, False),
        ({"a": ("x",), "blok.waar": (False,)}, False),
    ],
)
def test_conditions(als: dict[str, tuple[str | bool, ...]], expected: bool) -> None:
    """Every field named has one of its values; absent has none, and true is not 1."""
    assert holds(als, {"a": "x", "blok": {"waar": True, "een": 1}}) is expected


def test_no_field_in_no_content() -> None:
    """Erased content has no fields."""
    assert value_at(None, "a.b") is None


def test_tracks_begin_in_their_first_state() -> None:
    """Nothing passed: each track is in the first state of the covenant's file, and no message brought it there."""
    position = follow(CONVENANT, [], BEGIN)
    assert [str(stand) for stand in position.stand.values()] == ["NIET_GEMELD", "SOCIALE_INCASSO", "OPEN"]
    assert set(position.since.values()) == {None}
    assert position.turns == position.idle == ()


def test_each_change_names_its_message() -> None:
    """A turn says which message, which track, from where to where."""
    dossier, signal = helped()
    turns = dossier.position().turns
    assert [(t.van, t.naar) for t in turns] == [
        ("NIET_GEMELD", "GEMELD"),
        ("GEMELD", "CONTACT_LOOPT"),
        ("CONTACT_LOOPT", "HULP_GEACCEPTEERD"),
    ]
    assert turns[0].message == signal.id
    assert dossier.position().since[Spoornaam.HULP] == dossier.passed[-1].id


def test_higher_signal_is_taken_up_again() -> None:
    """After a result only a signal above the amount told last opens contact; as high is no more than a repeat."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", on=signal)
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "GEEN_CONTACT"}, on=signal)
    dossier.add("VSM", "COR>GEM")
    assert dossier.stand("hulp") == "GEEN_CONTACT"
    dossier.add("VSM", "COR>GEM", {"achterstand.bedragCent": 60001})
    assert dossier.stand("hulp") == "CONTACT_LOOPT"


def test_a_changed_amount_is_what_higher_compares_with() -> None:
    """A lowered amount makes the old one higher than it."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", {"status": "Niet opgepakt", "resultaat": "NIET_OPGEPAKT"}, on=signal)
    dossier.add("VSI", "COR>GEM", on=signal, which="volledig")
    dossier.add("VSM", "COR>GEM")
    assert dossier.stand("hulp") == "GEMELD"


def test_repeated_signal_in_a_running_case_changes_nothing() -> None:
    """While contact is sought, a repeat and the feedback that it is one leave the help track alone."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", on=signal)
    repeat = dossier.add("VSM", "COR>GEM")
    answer = dossier.make("VST", "GEM>COR", {"status": "Niet opgepakt", "resultaat": "HERHAALDE_MELDING"}, on=repeat)
    assert dossier.broken(answer) is None
    dossier.passed.append(answer)
    assert dossier.stand("hulp") == "CONTACT_LOOPT"
    assert dossier.position().idle == ()


def _paused() -> Written:
    dossier, _ = helped()
    asked = dossier.add("OPV", "GEM>COR", which="volledig")
    dossier.add("OPB", "COR>GEM", GRANTED, on=asked)
    return dossier


def test_pause_ends_by_itself() -> None:
    """A pause lasts up to the day in ``tot``, not through it: on that day, in Amsterdam, collection goes on."""
    dossier = _paused()
    assert dossier.position().until == {Spoornaam.INCASSO: date(2027, 1, 15)}
    assert dossier.stand("incasso", date(2027, 1, 14)) == "OPGESCHORT"
    assert dossier.stand("incasso", date(2027, 1, 15)) == "SOCIALE_INCASSO"
    position = dossier.position(date(2027, 1, 15))
    assert position.turns[-1][1:] == (Spoornaam.INCASSO, "OPGESCHORT", "SOCIALE_INCASSO")
    assert position.until == {}


def test_the_day_is_amsterdams() -> None:
    """At half past eleven at night in UTC it is the next day already."""
    passed = _paused().passed
    before = follow(CONVENANT, passed, datetime(2027, 1, 14, 22, 59, tzinfo=UTC))
    after = follow(CONVENANT, passed, datetime(2027, 1, 14, 23, 0, tzinfo=UTC))
    assert [p.stand[Spoornaam.INCASSO] for p in (before, after)] == ["OPGESCHORT", "SOCIALE_INCASSO"]


def test_pause_needs_the_rent_to_be_agreed() -> None:
    """``alsOp``: without current rent agreed in the request, granting it is no step."""
    dossier, _ = helped()
    asked = dossier.add("OPV", "GEM>COR")
    assert dossier.broken(dossier.make("OPB", "COR>GEM", GRANTED, on=asked)) == "incasso"
    assert dossier.broken(dossier.make("OPB", "COR>GEM", on=asked)) is None


def test_pause_needs_accepted_help() -> None:
    """``mits``: a request before help was accepted is out of turn, and says what is missing."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    assert dossier.broken(dossier.make("OPV", "GEM>COR")) == "incasso"
    steps = next_steps(CONVENANT, dossier.passed, dossier.now, Soort.GEM)
    assert [s.missing for s in steps if s.type.endswith("verzoek.v1")] == [("hulp: HULP_GEACCEPTEERD of IN_TRAJECT",)]


def test_help_accepted_at_a_threatening_eviction_counts() -> None:
    """A DOA that tells of accepted help opens the pause as a VST does."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING")
    dossier.add("VST", "GEM>COR", on=dossier.passed[0])
    fields = {"uitkomst": "HULP_GEACCEPTEERD", "gevoerdOp": "2027-06-09"}
    dossier.add("DOA", "GEM>COR", fields, on=dossier.passed[1])
    assert dossier.stand("hulp") == "HULP_GEACCEPTEERD"
    assert dossier.broken(dossier.make("OPV", "GEM>COR")) is None


@pytest.mark.parametrize(
    ("fasen", "expected"),
    [
        ([], "SOCIALE_INCASSO"),
        (["VOORNEMEN_DAGVAARDING"], "SOCIALE_INCASSO"),
        (["VOORNEMEN_DAGVAARDING", "DAGVAARDING"], "GEDAGVAARD"),
        (["VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS"], "VONNIS"),
        (["VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS", "AANGEZEGD"], "AANGEZEGD"),
    ],
)
def test_a_broken_plan_returns(fasen: list[str], expected: str) -> None:
    """From C5 to C8 a broken plan brings collection back to where it was; from before that, to its start."""
    dossier, _ = threatened(*fasen)
    plan = dossier.add("BRV", "COR>GEM")
    dossier.add("BRB", "GEM>COR", AKKOORD, on=plan)
    assert dossier.stand("incasso") == "REGELING_ACTIEF"
    dossier.add("BRS", "COR>GEM", {"status": "VERBROKEN", "restantCent": 5}, on=plan)
    assert dossier.stand("incasso") == expected


@pytest.mark.parametrize(("day", "expected"), [("2027-08-19", "MORATORIUM"), ("2027-08-20", "AANGEZEGD")])
def test_a_restored_state_still_ends(day: str, expected: str) -> None:
    """A moratorium that a broken plan returns to ends on its own day, even if that has gone by meanwhile."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING", "DAGVAARDING", "VONNIS", "AANGEZEGD")
    fields = {"datum": "2027-02-20", "moratoriumAangevraagd": True, "moratoriumVerleendTot": "2027-08-20"}
    dossier.add("DOA", "GEM>COR", fields, on=dossier.passed[-1])
    assert dossier.stand("incasso") == "MORATORIUM"
    plan = dossier.add("BRV", "COR>GEM")
    dossier.add("BRB", "GEM>COR", AKKOORD, on=plan)
    assert dossier.stand("incasso", date(2027, 9, 1)) == "REGELING_ACTIEF"
    dossier.add("BRS", "COR>GEM", {"status": "VERBROKEN", "restantCent": 5}, on=plan)
    assert dossier.stand("incasso", date.fromisoformat(day)) == expected


@pytest.mark.parametrize("fasen", [["VOORNEMEN_DAGVAARDING"], ["DAGVAARDING"], ["VONNIS"], ["AANGEZEGD"]])
def test_a_plan_made_alone_is_a_plan_in_any_phase(fasen: list[str]) -> None:
    """R8: told as a change, it is counted as a plan however far collection had come."""
    dossier, signal = threatened(*fasen)
    dossier.add("VSI", "COR>GEM", {"reden": "REGELING_GETROFFEN"}, on=signal)
    assert dossier.stand("incasso") == "REGELING_ACTIEF"


def test_a_plan_made_alone_ends_a_moratorium() -> None:
    """R8, from C8 too."""
    dossier, signal = threatened("AANGEZEGD")
    fields = {"datum": "2027-02-20", "moratoriumAangevraagd": True, "moratoriumVerleendTot": "2027-08-20"}
    dossier.add("DOA", "GEM>COR", fields, on=dossier.passed[-1])
    dossier.add("VSI", "COR>GEM", {"reden": "REGELING_GETROFFEN"}, on=signal)
    assert dossier.stand("incasso") == "REGELING_ACTIEF"


def test_crossed_messages_change_nothing() -> None:
    """A message that fits no step is listed as idle and leaves every track where it was."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    before = dossier.position().stand
    crossed = dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "AFGESLOTEN"}, on=signal)
    assert dossier.position().stand == before
    assert dossier.position().idle == (crossed.id,)


def test_types_that_no_track_watches_are_always_in_turn() -> None:
    """A question about the balance belongs to no track: never out of turn, never idle."""
    dossier, _ = helped()
    dossier.add("SLV", "GEM>COR")
    assert dossier.position().idle == ()


def test_after_the_end_everything_is_out_of_turn() -> None:
    """A closed dossier takes no message, and has no next step."""
    dossier, _ = helped()
    dossier.add("AFS", "COR>GEM", {"uitkomst": "GESLOTEN_ANDERS"})
    assert dossier.stand("uitkomst") == "GESLOTEN_ANDERS"
    assert next_steps(CONVENANT, dossier.passed, dossier.now) == []
    for late in (dossier.make("VSM", "COR>GEM"), dossier.make("SLV", "GEM>COR")):
        assert dossier.broken(late) == "uitkomst"


def test_steps_look_at_other_tracks_as_they_were() -> None:
    """A change that says paid ends collection; the closing of the same moment is a message of its own."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    paid = dossier.make("AFS", "COR>GEM", {"uitkomst": "OPGELOST"})
    assert dossier.broken(paid) == "uitkomst"
    dossier.add("VSI", "COR>GEM", on=signal)
    assert dossier.broken(paid) is None


def test_only_the_corporation_closes_as_excluded() -> None:
    """``door``: the same closing is in turn from the one and out of turn from the other."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM", {"convenantUitsluiting": "WOONFRAUDE"})
    assert dossier.stand("uitkomst") == "CONVENANT_NVT"
    assert dossier.broken(dossier.make("AFS", "COR>GEM")) is None
    assert dossier.broken(dossier.make("AFS", "GEM>COR")) == "uitkomst"


def test_outside_the_covenant_the_gates_are_off() -> None:
    """After woonfraude an outcome needs no steps before it, and nobody asks for a pause; signals keep their order."""
    dossier, signal = helped()
    outcome = dossier.make("OUT", "COR>GEM", {"uitkomst": "AFGEWEND"})
    assert dossier.broken(outcome) == "incasso"
    dossier.add("VSI", "COR>GEM", {"reden": "UITSLUITING"}, on=signal)
    assert dossier.broken(outcome) is None
    assert dossier.broken(dossier.make("OPV", "GEM>COR")) == "incasso"
    assert dossier.broken(dossier.make("VST", "GEM>COR", on=signal)) is None


def test_erased_content_takes_the_steps_that_ask_nothing() -> None:
    """A signal without its content is still a signal; what its feedback said is not known any more."""
    dossier, signal = helped()
    dossier.erase(signal)
    assert dossier.stand("hulp") == "HULP_GEACCEPTEERD"
    dossier.erase(dossier.passed[1])
    dossier.erase(dossier.passed[2])
    assert dossier.stand("hulp") == "GEMELD"
    assert dossier.position().idle == ()


def test_erasing_leaves_collection_where_it_was() -> None:
    """A pause that rested on accepted help still stands when what told of that help is erased."""
    dossier = _paused()
    for one in dossier.passed:
        if one.type.endswith(("vroegsignaal.v1", "terugkoppeling.v1")):
            dossier.erase(one)
    assert dossier.stand("incasso") == "OPGESCHORT"
    assert dossier.position().idle == ()


def test_erasing_does_not_reopen_a_dossier() -> None:
    """A dossier that was closed as excluded stays closed when the signal that said so is erased."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM", {"convenantUitsluiting": "WOONFRAUDE"})
    dossier.add("AFS", "COR>GEM")
    dossier.erase(signal)
    assert dossier.stand("uitkomst") == "UITGESLOTEN"


def test_a_withdrawal_may_follow_the_end() -> None:
    """``naEind``: the tenant may object after the dossier was closed; the message is in turn and moves no track."""
    dossier, signal = helped()
    dossier.add("AFS", "COR>GEM", {"uitkomst": "GESLOTEN_ANDERS"})
    before = dossier.position().stand
    late = dossier.make("VSI", "COR>GEM", {"reden": "BEZWAAR_HUURDER"}, on=signal)
    assert dossier.objected(late, sending=True) == []
    dossier.passed.append(late)
    assert dossier.position().stand == before
    assert dossier.position().idle == ()


def test_the_corporation_follows_what_it_has() -> None:
    """Without the messages of the partner, help stays accepted for the corporation while the municipality sees more."""
    dossier, _ = helped()
    referral = dossier.add("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    dossier.add("VRA", "SHV>GEM", on=referral)
    assert dossier.stand("hulp") == "IN_TRAJECT"
    dossier.passed = dossier.passed[:3]
    assert dossier.stand("hulp") == "HULP_GEACCEPTEERD"


def test_a_renewed_pause_has_a_new_end() -> None:
    """A pause granted during a pause lasts until the later day, and falls back to the same state."""
    dossier = _paused()
    period = {"vanaf": "2027-01-15", "tot": "2027-02-10"}
    asked = dossier.add("OPV", "GEM>COR", period, which="volledig")
    dossier.add("OPB", "COR>GEM", {**GRANTED, **period}, on=asked)
    assert dossier.stand("incasso", date(2027, 2, 9)) == "OPGESCHORT"
    assert dossier.stand("incasso", date(2027, 2, 10)) == "SOCIALE_INCASSO"


def test_next_steps_say_who_may_do_what() -> None:
    """After a signal the municipality answers; of a decision it is said that there is no proposal to answer."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    steps = next_steps(CONVENANT, dossier.passed, dossier.now)
    found = {(s.type.split(".")[2], s.door, s.naar): s.missing for s in steps if s.spoor is not Spoornaam.UITKOMST}
    assert found["terugkoppeling", Soort.GEM, "CONTACT_LOOPT"] == ()
    assert found["regelingsbesluit", Soort.GEM, "REGELING_ACTIEF"] == ("antwoordop: regelingsvoorstel",)
    assert ("terugkoppeling", Soort.COR, "CONTACT_LOOPT") not in found
    assert found["opschortingsbesluit", Soort.COR, "OPGESCHORT"] == (
        "hulp: HULP_GEACCEPTEERD of IN_TRAJECT",
        "antwoordop: opschortingsverzoek of ontruimingsantwoord lopendeHuurAfgesproken=true",
    )
    assert found["regelingsvoorstel", Soort.SHV, "SOCIALE_INCASSO"] == (
        "hulp: HULP_GEACCEPTEERD of IN_TRAJECT of HULP_AFGEROND",
    )


def test_next_steps_spell_a_plain_state() -> None:
    """A step that stays or returns is shown with the state that it would lead to."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING", "DAGVAARDING")
    plan = dossier.add("BRV", "COR>GEM")
    dossier.add("BRB", "GEM>COR", AKKOORD, on=plan)
    steps = next_steps(CONVENANT, dossier.passed, dossier.now, Soort.COR)
    broken = [s.naar for s in steps if s.als == {"status": ("VERBROKEN",)}]
    assert broken == ["GEDAGVAARD"]
    assert not {s.naar for s in steps} & {"TERUG", "BLIJFT"}


def test_a_higher_signal_is_asked_for_by_name() -> None:
    """Where only a higher amount would help, that is said."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", {"status": "Niet opgepakt", "resultaat": "NIET_OPGEPAKT"}, on=signal)
    steps = next_steps(CONVENANT, dossier.passed, dossier.now, Soort.COR)
    assert ("hoger: achterstand.bedragCent",) in [s.missing for s in steps if s.naar == "GEMELD"]
