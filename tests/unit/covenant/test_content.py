"""Every rule on content: a message that keeps it passes, and one planted violation is found, where it stands."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.covenant.contacts import contact_of
from gateway.covenant.content import Objection, objections
from gateway.covenant.wording import WORDING
from schemas.covenants import leidse_regio, load_covenant
from tests.unit.covenant.written import BOXES, CONVENANT, PERIOD, TESTED, Written, helped, phase, threatened

UNKNOWN = "019a9f3e-7c00-7abc-8def-ffffffffffff"
AKKOORD = {"besluit": "AKKOORD"}
REPEATED = {"status": "Niet opgepakt", "resultaat": "HERHAALDE_MELDING"}
DUTY = "incassoVerantwoording"


def test_a_whole_sound_dossier_has_no_objection() -> None:
    """Each message of an ordinary dossier passes at both ends."""
    dossier = Written()

    def pass_on(short: str, way: str, fields: dict[str, Any] | None = None, **more: Any) -> Any:
        made = dossier.make(short, way, fields, **more)
        assert dossier.objected(made, sending=True) == [], short
        assert dossier.warned(made) == [], short
        return dossier.add(short, way, fields, **more)

    signal = pass_on("VSM", "COR>GEM")
    pass_on("VST", "GEM>COR", on=signal)
    changed = pass_on("VSI", "COR>GEM", on=signal, which="volledig")
    pass_on("VST", "GEM>COR", {"signaalId": signal.id}, on=changed)
    pass_on("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "HULP_GEACCEPTEERD"}, on=signal)
    referral = pass_on("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    pass_on("VRA", "SHV>GEM", on=referral)
    asked = pass_on("OPV", "SHV>COR", which="volledig")
    pass_on("OPB", "COR>SHV", which="volledig", on=asked)
    balance = pass_on("SLV", "SHV>COR")
    pass_on("SLA", "COR>SHV", on=balance)
    plan = pass_on("BRV", "SHV>COR", which="volledig")
    agreed = pass_on("BRB", "COR>SHV", AKKOORD, on=plan)
    pass_on("BRS", "COR>SHV", {"status": "GESTART", "restantCent": 5}, on=agreed)
    pass_on("BRS", "COR>SHV", on=plan)
    pass_on("AFS", "GEM>COR", {"uitkomst": "OPGELOST"})


@pytest.mark.parametrize("short", ["OPV", "SLV"])
def test_only_after_help(short: str) -> None:
    """DOMAIN 3.1: a municipality's request to a corporation waits for accepted help, at either end."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    accepted, _ = helped()
    for sending in (True, False):
        assert ("hulp-niet-aanvaard", "") in dossier.objected(dossier.make(short, "GEM>COR"), sending=sending)
        assert accepted.objected(accepted.make(short, "GEM>COR"), sending=sending) == []


@pytest.mark.parametrize("short", ["OPV", "SLV"])
def test_debt_help_only_after_its_referral(short: str) -> None:
    """Debt help is held to it by its own connector; a corporation's refusal would tell it what the municipality did."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    message = dossier.make(short, "SHV>COR")
    assert ("hulp-niet-aanvaard", "") in dossier.objected(message, sending=True)
    assert dossier.objected(message) == []
    referral = dossier.add("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    dossier.add("VRA", "SHV>GEM", on=referral)
    assert ("hulp-niet-aanvaard", "") not in dossier.objected(dossier.make(short, "SHV>COR"), sending=True)


def test_help_that_runs_counts_as_accepted() -> None:
    """A corporation that learned HULP_LOOPT and no more answers a debt helper."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "HULP_LOOPT"}, on=signal)
    assert dossier.objected(dossier.make("SLV", "SHV>COR")) == []


def test_an_answer_is_not_cut_off_when_help_ends() -> None:
    """What was asked while help ran is answered and reported on afterwards; a new subject is not begun."""
    dossier, signal = helped()
    asked = dossier.add("SLV", "SHV>COR")
    plan = dossier.add("BRV", "SHV>COR", which="volledig")
    dossier.add("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "GEEN_CONTACT"}, on=signal)
    assert dossier.objected(dossier.make("SLA", "COR>SHV", on=asked)) == []
    assert dossier.objected(dossier.make("BRS", "COR>SHV", on=plan)) == []
    begun = dossier.make("BRV", "COR>SHV")
    assert ("hulp-niet-aanvaard", "") in dossier.objected(begun, sending=True)
    assert dossier.objected(begun) == []  # or the corporation would learn what the helper knows


NUMBER = {"huurder.bsn": "999990019", "huurder.postcode": None, "huurder.huisnummer": None}


@pytest.mark.parametrize(
    ("way", "doel", "allowed"),
    [
        ("GEM>SHV", "SCHULDHULP", True),
        ("GEM>GEM2", "OVERDRACHT_GEMEENTE", True),
        ("GEM>SWT", "BUDGETCOACHING", False),
        ("GEM>MZO", "BEMOEIZORG", False),
        ("SHV>GEM", "SCHULDHULP", False),
        ("GEM>COR", "SCHULDHULP", False),
        ("COR>GEM", "SCHULDHULP", False),
    ],
)
def test_number_only_where_the_covenant_says(way: str, doel: str, allowed: bool) -> None:
    """UAVG 46: from a municipality to whom the covenant names; never to or from a corporation."""
    former = {"vorigDossier": "7c9e6679-7425-40de-944b-e07fc1f90ae7"} if doel == "OVERDRACHT_GEMEENTE" else {}
    found = Written().objected(Written().make("VRW", way, {**NUMBER, **former, "doel": doel, "toestemming": "JA"}))
    assert (("bsn-niet-toegestaan", "/huurder/bsn") in found) is not allowed


def test_number_is_found_however_deep() -> None:
    """A field of that name in a block that no model has is found as well."""
    message = Written().make("VSM", "COR>GEM")
    message = message._replace(bericht={**(message.bericht or {}), "lijst": [{}, {"x": {"bsn": "999990019"}}]})
    assert Written().objected(message) == [("bsn-niet-toegestaan", "/lijst/1/x/bsn")]


@pytest.mark.parametrize(("way", "doel"), [("GEM>GEM2", "SCHULDHULP"), ("GEM>SHV", "OVERDRACHT_GEMEENTE")])
def test_hand_over_is_between_municipalities(way: str, doel: str) -> None:
    """OVERDRACHT_GEMEENTE goes exactly from municipality to municipality."""
    former = {"vorigDossier": "7c9e6679-7425-40de-944b-e07fc1f90ae7"} if doel == "OVERDRACHT_GEMEENTE" else {}
    message = Written().make("VRW", way, {"doel": doel, "toestemming": "JA", **former})
    assert Written().objected(message) == [("overdracht-tussen-gemeenten", "/doel")]


@pytest.mark.parametrize(("to", "expected"), [("MZO", []), ("SWT", [("bemoeizorg-naar-meldpunt", "/toestemming")])])
def test_unasked_care_goes_to_the_desk(to: str, expected: list[tuple[str, str]]) -> None:
    """Without consent a referral goes to the care and nuisance desk only."""
    assert Written().objected(Written().make("VRW", f"GEM>{to}")) == expected


def test_only_a_corporation_excludes() -> None:
    """UITGESLOTEN comes from the corporation, whoever else might know."""
    assert Written().objected(Written().make("AFS", "COR>GEM")) == []
    assert Written().objected(Written().make("AFS", "GEM>COR")) == [("uitgesloten-door-corporatie", "/uitkomst")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({f"{DUTY}.gewezenOpSchuldhulpOp": "2026-11-21"}, ("bgs-na-verzending", f"/{DUTY}/gewezenOpSchuldhulpOp")),
        ({f"{DUTY}.aanbodGegevensdelingOp": "2026-11-21"}, ("bgs-na-verzending", f"/{DUTY}/aanbodGegevensdelingOp")),
        ({f"{DUTY}.herinneringen": ["2026-10-24", "2026-11-21"]}, ("bgs-na-verzending", f"/{DUTY}/herinneringen/1")),
        ({"achterstand.peildatum": "2026-11-21"}, ("bgs-na-verzending", "/achterstand/peildatum")),
        (
            {f"{DUTY}.contactpogingen": [{"datum": "2026-11-21", "soort": "Brief", "bereikt": False}]},
            ("bgs-na-verzending", f"/{DUTY}/contactpogingen/0/datum"),
        ),
        (
            {f"{DUTY}.contactpogingen": [{"datum": "2026-09-30", "soort": "Brief", "bereikt": False}]},
            ("bgs-voor-ontstaan", f"/{DUTY}/contactpogingen"),
        ),
        ({f"{DUTY}.herinneringen": ["2026-09-30"]}, ("bgs-voor-ontstaan", f"/{DUTY}/herinneringen")),
        ({f"{DUTY}.gewezenOpSchuldhulpOp": "2026-09-30"}, ("bgs-voor-ontstaan", f"/{DUTY}/gewezenOpSchuldhulpOp")),
        (
            {f"{DUTY}.aanbodGegevensdelingOp": "2026-10-23"},
            ("bgs-aanbod-voor-herinnering", f"/{DUTY}/aanbodGegevensdelingOp"),
        ),
    ],
)
def test_duty_in_time_and_in_order(fields: dict[str, Any], expected: tuple[str, str]) -> None:
    """Bgs art. 2: each step lies after the arrears arose and not after the day of sending; the offer in a reminder."""
    dossier = Written()
    assert dossier.objected(dossier.make("VSM", "COR>GEM", fields)) == [expected]


def test_an_older_step_beside_a_new_one_is_no_objection() -> None:
    """Of several reminders the last one counts."""
    dossier = Written()
    fields = {f"{DUTY}.herinneringen": ["2026-08-10", "2026-10-24"]}
    assert dossier.objected(dossier.make("VSM", "COR>GEM", fields)) == []


@pytest.mark.parametrize(
    ("to", "postcode", "objected"),
    [("GEM", "2312AB", False), ("GEM", "2351AB", True), ("GEM2", "2351AB", False), ("GEM", "1011AB", True)],
)
def test_a_signal_goes_to_the_municipality_of_the_dwelling(to: str, postcode: str, objected: bool) -> None:
    """To another one, or of a dwelling in none, it is refused at both ends."""
    message = Written().make("VSM", f"COR>{to}", {"huurder.postcode": postcode})
    expected = [("andere-gemeente", "/huurder/postcode")] if objected else []
    assert Written().objected(message) == Written().objected(message, sending=True) == expected


@pytest.mark.parametrize(
    ("fields", "objected"),
    [
        ({"achterstand.bedragCent": 10000}, False),
        ({"achterstand.bedragCent": 9999}, True),
        ({"achterstand.ontstaansdatum": "2026-10-21", "achterstand.peildatum": "2026-11-20"}, False),
        ({"achterstand.ontstaansdatum": "2026-10-22", "achterstand.peildatum": "2026-11-20"}, True),
        ({"achterstand.bedragCent": 9999, "crisissignaal": True}, False),
    ],
)
def test_below_the_threshold_nothing_is_reported(fields: dict[str, Any], objected: bool) -> None:
    """The sender holds itself to the municipality's threshold; the recipient takes in what comes, and so a crisis."""
    message = Written().make("VSM", "COR>GEM", fields)
    assert ("onder-drempel" in [code for code, _ in Written().objected(message, sending=True)]) is objected
    assert "onder-drempel" not in [code for code, _ in Written().objected(message)]


def test_no_signal_after_withdrawal() -> None:
    """After an objection of the tenant no signal follows in the dossier; the recipient refuses it too."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    dossier.add("VSI", "COR>GEM", {"reden": "BEZWAAR_HUURDER"}, on=signal)
    assert dossier.objected(dossier.make("VSM", "COR>GEM")) == [("signaal-na-intrekking", "")]


def test_whether_it_was_withdrawn_is_not_what_a_partner_told() -> None:
    """Help was accepted, so the objection changed nothing; that a partner lost the tenant since does not show."""
    dossier, signal = helped()
    referral = dossier.add("VRW", "GEM>SHV", {"doel": "SCHULDHULP", "toestemming": "JA"})
    dossier.add("VRA", "SHV>GEM", on=referral)
    ended = {"status": "AFGEROND", "resultaat": "Geen reactie na eerder contact"}
    dossier.add("VRA", "SHV>GEM", ended, on=referral, which="volledig")
    dossier.add("VSI", "COR>GEM", {"reden": "BEZWAAR_HUURDER"}, on=signal)
    assert dossier.stand("hulp") == "INGETROKKEN"
    assert dossier.objected(dossier.make("VSM", "COR>GEM")) == []


def test_repeated_is_told_before_and_not_higher() -> None:
    """HERHAALDE_MELDING needs an earlier signal of the same arrears that is not lower."""
    dossier = Written()
    first = dossier.add("VSM", "COR>GEM")
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=first)) == [("geen-herhaling", "/resultaat")]
    repeat = dossier.add("VSM", "COR>GEM")
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=repeat)) == []
    higher = dossier.add("VSM", "COR>GEM", {"achterstand.bedragCent": 60001})
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=higher)) == [("hoger-oppakken", "/resultaat")]
    other = dossier.add("VSM", "COR>GEM", {"achterstand.ontstaansdatum": "2026-10-02"})
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=other)) == [("geen-herhaling", "/resultaat")]


def test_a_repeat_whose_amount_was_raised_is_higher() -> None:
    """The amount told last of a signal is its amount."""
    dossier = Written()
    dossier.add("VSM", "COR>GEM")
    repeat = dossier.add("VSM", "COR>GEM")
    dossier.add("VSI", "COR>GEM", {"achterstand.bedragCent": 70000}, on=repeat, which="volledig")
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=repeat)) == [("hoger-oppakken", "/resultaat")]


def test_erased_signals_are_not_judged() -> None:
    """What is not known any more makes no objection."""
    dossier = Written()
    first = dossier.add("VSM", "COR>GEM")
    dossier.erase(first)
    assert dossier.objected(dossier.make("VST", "GEM>COR", REPEATED, on=first)) == []


@pytest.mark.parametrize(
    ("short", "way", "pointer"),
    [
        ("VST", "GEM>COR", "/signaalId"),
        ("VSI", "COR>GEM", "/signaalId"),
        ("VRA", "SHV>GEM", "/betreft"),
        ("OPB", "COR>GEM", "/betreft"),
        ("SLA", "COR>GEM", "/betreft"),
        ("BRB", "COR>GEM", "/betreft"),
        ("BRS", "COR>GEM", "/betreft"),
        ("DOA", "GEM>COR", "/betreft"),
    ],
)
def test_references_name_what_exists(short: str, way: str, pointer: str) -> None:
    """An unknown id, one of another type, and one between other parties are refused alike."""
    dossier, signal = helped()
    elsewhere = dossier.add("VRW", "GEM>SWT", {"doel": "SCHULDHULP", "toestemming": "JA"})
    wrong = dossier.add("AFS", "GEM>COR") if short in ("VST", "VSI") else signal
    for named in (UNKNOWN, wrong.id, elsewhere.id):
        message = dossier.make(short, way, {pointer[1:]: named})
        assert ("verwijst-naar-onbekend", pointer) in dossier.objected(message)


def test_a_reference_is_what_is_answered() -> None:
    """``betreft`` and ``antwoordop`` do not name two messages; of a changed signal the change may be answered."""
    dossier, signal = helped()
    first, second = dossier.add("OPV", "GEM>COR"), dossier.add("OPV", "GEM>COR")
    message = dossier.make("OPB", "COR>GEM", {"betreft": first.id}, on=second)
    assert dossier.objected(message) == [("verwijst-anders-dan-antwoord", "/betreft")]
    later = dossier.add("VSM", "COR>GEM", {"achterstand.bedragCent": 70000})
    changed = dossier.add("VSI", "COR>GEM", {"reden": "UITSLUITING"}, on=later)
    wrong = dossier.make("VST", "GEM>COR", {"signaalId": signal.id}, on=changed)
    assert dossier.objected(wrong) == [("verwijst-anders-dan-antwoord", "/signaalId")]
    assert dossier.objected(dossier.make("VST", "GEM>COR", {"signaalId": later.id}, on=changed)) == []


def test_each_named_signal_exists() -> None:
    """A threatening eviction names signals of its dossier, each of them."""
    dossier, signal = threatened()
    fields = {**phase("VOORNEMEN_DAGVAARDING"), "signaalIds": [signal.id, UNKNOWN]}
    message = dossier.make("DON", "COR>GEM", fields, days=90)
    assert dossier.objected(message) == [("verwijst-naar-onbekend", "/signaalIds/1")]


@pytest.mark.parametrize(
    ("period", "objected"),
    [
        (PERIOD, False),
        ({"vanaf": "2026-12-20", "tot": "2027-01-10"}, False),
        ({"vanaf": "2026-12-15", "tot": "2027-01-10"}, True),
        ({"vanaf": "2026-12-20", "tot": "2027-01-16"}, True),
    ],
)
def test_a_pause_is_within_what_was_asked(period: dict[str, str], objected: bool) -> None:
    """A corporation grants what was asked, or less; not earlier and not longer."""
    dossier, _ = helped()
    asked = dossier.add("OPV", "GEM>COR", which="volledig")
    found = dossier.objected(dossier.make("OPB", "COR>GEM", period, on=asked, which="volledig"))
    assert found == ([("opschorting-buiten-verzoek", "/tot")] if objected else [])


def test_a_pause_lasts_thirty_days_at_most() -> None:
    """Whatever was asked; the model says so too, and the rule does not lean on that."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING")
    postponed = {"datum": "2026-12-01", "verzoekUitstelTot": "2027-03-01"}
    asked = dossier.add("DOA", "GEM>COR", postponed, on=dossier.passed[-1])
    message = dossier.make("OPB", "COR>GEM", on=asked, which="volledig")
    assert dossier.objected(message) == []
    message = message._replace(bericht={**(message.bericht or {}), "tot": "2027-01-16"})
    assert dossier.objected(message) == [("opschorting-buiten-verzoek", "/tot")]


def test_no_postponement_that_nobody_asked_for() -> None:
    """An answer that asks for none is not granted one."""
    dossier, _ = threatened("VOORNEMEN_DAGVAARDING")
    asked = dossier.add("DOA", "GEM>COR", on=dossier.passed[-1])
    message = dossier.make("OPB", "COR>GEM", on=asked, which="volledig")
    assert dossier.objected(message) == [("geen-uitstel-gevraagd", "/betreft")]


def test_turn_order_binds_the_sender_alone() -> None:
    """What comes in out of turn may have crossed: only the sender's own connector refuses it."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    early = dossier.make("VST", "GEM>COR", {"status": "Afgerond", "resultaat": "AFGESLOTEN"}, on=signal)
    assert dossier.objected(early, sending=True) == [("beurt-hulp", "")]
    assert dossier.objected(early) == []
    plan = dossier.make("OUT", "COR>GEM", {"uitkomst": "AFGEWEND"})
    assert dossier.objected(plan, sending=True) == [("beurt-incasso", "")]
    close = dossier.make("AFS", "COR>GEM", {"uitkomst": "ONTRUIMD"})
    assert dossier.objected(close, sending=True) == [("beurt-uitkomst", "")]


def test_every_code_has_words_without_a_person() -> None:
    """Codes are stable names; texts are fixed, in two languages, and hold no value of any message."""
    for code, texts in WORDING.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert all(text.endswith(".") and "{" not in text for text in texts)
        assert texts[0] != texts[1]


def test_an_objection_tells_nothing_of_the_message() -> None:
    """Nothing that the message says stands in the objections to it."""
    dossier, _ = helped()
    by_itself = {"bestaansminimumToets": {**TESTED, "toetser": "00000099000000001000"}, "voorlopigTot": None}
    message = dossier.make("BRV", "COR>GEM", by_itself, which="volledig")
    found = objections(CONVENANT, message, dossier.passed, sending=False)
    assert [type(one) for one in found] == [Objection]
    assert "00000099" not in " ".join(found[0])


@pytest.mark.parametrize(
    "contact",
    [
        {"naam": "Verblijft illegaal of gedetineerd, niet bellen", "telefoon": "+31000000000"},
        {"naam": "Team Vroegsignalering", "telefoon": "+31000000001"},
        {"naam": "Team Vroegsignalering", "telefoon": "+31000000000", "email": "team@leiden.example"},
    ],
)
@pytest.mark.parametrize("sending", [True, False])
def test_the_contact_is_the_covenant_s(contact: dict[str, str], sending: bool) -> None:
    """DOMAIN 3.3: no word that a municipality writes reaches a corporation; any other contact is refused, both ends."""
    dossier = Written()
    signal = dossier.add("VSM", "COR>GEM")
    told = dossier.make("VST", "GEM>COR", {"behandelaarContact": contact}, on=signal)
    assert dossier.objected(told, sending=sending) == [("ander-contact", "/behandelaarContact")]


def test_the_contact_is_the_sender_s_own() -> None:
    """A municipality gives its own contact, not that of another one; whoever is none has none to give."""
    changed = load_covenant(leidse_regio().replace(b"+31000000000", b"+31000000009", 1))
    assert contact_of(changed, BOXES["GEM"].oin) == {"naam": "Team Vroegsignalering", "telefoon": "+31000000009"}
    assert contact_of(changed, BOXES["GEM2"].oin) == {"naam": "Team Vroegsignalering", "telefoon": "+31000000000"}
    assert contact_of(changed, BOXES["SHV"].oin) is None
