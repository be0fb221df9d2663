"""What came of a signal reaches a landlord as the right-hand column of DOMAIN 3.3 says, and as nothing more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.client.compose import Draft, Mark, seal_draft, spell_payload
from gateway.connector.contents import INSIDE, check_bericht, projected
from gateway.covenant.contacts import CONTACT as CONTACT_FIELD
from gateway.covenant.content import objections
from gateway.covenant.passage import Passed
from gateway.errors import RejectedError
from keys.jwk import PrivateSealingKey
from schemas.berichten.berichttype import code_of
from schemas.berichten.projectie import PROJECTIE, Eindresultaat, project
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Mailbox, MessageId, RandomId, Salt
from tests.properties.projectie.allowed import RIGHT_HAND_COLUMN
from tests.properties.schemas.berichten_made import BY_CODE

VST = code_of("terugkoppeling")
CONVENANT = load_covenant(leidse_regio())
MARK = Mark(
    MessageId("019a9f3e-7c00-7abc-8def-000000000002"), Salt.from_raw(bytes(16)), datetime(2026, 12, 1, tzinfo=UTC)
)
GEMEENTE = Mailbox("urn:nld:oin:00000099000000101000:systeem:vroegsignalering")
CORPORATIE = Mailbox("urn:nld:oin:00000099000000001000:systeem:huur")

LANDLORD_SEES = {
    "Niet opgepakt: herhaalde melding": "HERHAALDE_MELDING",
    "Niet opgepakt: onterecht signaal": "ONTERECHT_SIGNAAL",
    "Inwoner is overleden": "OVERLEDEN",
    "Persoon is geen inwoner (meer) in de gemeente": "GEEN_INWONER",
    "Niet opgepakt: andere reden": "NIET_OPGEPAKT",
    "Inwoner al bekend bij schuldhulpverlening": "HULP_LOOPT",
    "Inwoner heeft al een ander lopend traject": "HULP_LOOPT",
    "Definitief geen contact kunnen krijgen": "GEEN_CONTACT",
    "Geen reactie na eerder contact": "GEEN_CONTACT",
    "Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering": "HULP_NIET_AANGENOMEN",
    "Inwoner heeft zelf al betaald/betalingsregeling getroffen": "ZELF_OPGELOST",
    "(Budget)advies en/of quick fix": "HULP_GEACCEPTEERD",
    "Vervolghulp en/of verwijzing": "HULP_GEACCEPTEERD",
    "Vervolghulp en/of verwijzing financieel": "HULP_GEACCEPTEERD",
    "Vervolghulp en/of verwijzing niet financieel": "AFGESLOTEN",
    "Verwijzing zonder tussenkomst inwoner": "AFGESLOTEN",
}
"""DOMAIN 3.3, copied by hand."""

CASES = BY_CODE[VST].map(lambda bericht: {k: v for k, v in bericht.items() if k not in ("status", "resultaat")})
"""Feedback without its result: signal, date and whom to call, as any municipality's software may give them."""

Json = dict[str, Any]
Spell = Callable[[Json, str], bytes]


def draft(case: Json, result: str) -> Draft:
    """Make the message as a municipality's connector does: its own end result goes in, the projection travels."""
    bericht = projected(CONVENANT, VST, {**case, INSIDE: result})
    check_bericht(VST, bericht)
    dossier = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")
    answered = MessageId("019a9f3e-7c00-7abc-8def-000000000001")
    return Draft(GEMEENTE, CORPORATIE, dossier, VST, bericht, datetime(2026, 12, 15, tzinfo=UTC), answered)


def spelled(case: Json, result: str) -> bytes:
    """Give the bytes that the corporation reads."""
    return spell_payload(draft(case, result), MARK)


def told_apart(spell: Spell, case: Json) -> list[tuple[str, str]]:
    """Name the pairs of results that look alike to a landlord by the table, and yet differ in the bytes."""
    payloads = {result: spell(case, result) for result in LANDLORD_SEES}
    return [
        (one, other)
        for one, other in combinations(LANDLORD_SEES, 2)
        if LANDLORD_SEES[one] == LANDLORD_SEES[other] and payloads[one] != payloads[other]
    ]


def test_the_tables_are_the_domain_s() -> None:
    """The code's table and the covenant's are the one that was copied by hand; no result is missing."""
    assert {str(inside): str(seen) for inside, seen in PROJECTIE.items()} == LANDLORD_SEES
    assert {str(inside): str(seen) for inside, seen in CONVENANT.projectie.items()} == LANDLORD_SEES
    assert LANDLORD_SEES.keys() == {result.value for result in Eindresultaat}
    assert set(LANDLORD_SEES.values()) == RIGHT_HAND_COLUMN


@given(CASES)
def test_results_with_one_right_hand_value_are_the_same_bytes(case: Json) -> None:
    """What a corporation receives is a function of the right-hand column: the bytes are equal, padding and all."""
    assert told_apart(spelled, case) == []
    for result, seen in LANDLORD_SEES.items():
        bericht = json.loads(spelled(case, result))["bericht"]
        assert (bericht["status"], bericht["resultaat"]) == project(Eindresultaat(result))
        assert bericht["resultaat"] == seen
        assert bericht.keys() == {*case, "status", "resultaat"}


@given(CASES)
def test_no_result_shows_in_the_size(case: Json) -> None:
    """Whatever the result, what is sealed is equally long: the exchange and the network learn nothing from it."""
    assert len({len(spelled(case, result)) for result in LANDLORD_SEES}) == 1


def test_no_result_shows_in_the_envelope() -> None:
    """The sealed text is equally long too, so ``omvang`` is the same for every result."""
    key = PrivateSealingKey.generate().public
    case = {
        "signaalId": "019a9f3e-7c00-7abc-8def-000000000001",
        "datum": "2026-12-01",
        "behandelaarContact": {"naam": "A. Modelaar", "telefoon": "+31710000000"},
    }
    sizes = {seal_draft(draft(case, result), MARK, key, key).data.omvang for result in LANDLORD_SEES}
    assert len(sizes) == 1


@given(CASES, st.sampled_from(list(LANDLORD_SEES)))
def test_the_inside_never_travels(case: Json, result: str) -> None:
    """Neither the field nor the words of the end result are in the bytes."""
    payload = spelled(case, result)
    assert INSIDE.encode() not in payload
    assert json.dumps(result, ensure_ascii=False).encode() not in payload


@given(CASES, st.sampled_from(list(LANDLORD_SEES)))
def test_the_inside_is_refused_by_the_type(case: Json, result: str) -> None:
    """Software that does not project cannot send an end result, nor a result beside it."""
    with pytest.raises(RejectedError):
        check_bericht(VST, {**case, INSIDE: result})
    with pytest.raises(RejectedError):
        check_bericht(VST, {**case, "status": "Niet opgepakt", "resultaat": result})
    with pytest.raises(RejectedError):
        projected(CONVENANT, VST, {**case, "resultaat": "NIET_OPGEPAKT", INSIDE: result})


def test_a_projection_that_tells_is_found() -> None:
    """Planted: one byte more for one of two results that must look alike, and a day that follows the result."""

    def longer(case: Json, result: str) -> bytes:
        return spelled(case, result) + (b" " if result.endswith("financieel") else b"")

    def later(case: Json, result: str) -> bytes:
        told = result == "Geen reactie na eerder contact"
        return spelled({**case, "datum": "2026-12-02"} if told else case, result)

    case = {"signaalId": str(MARK.id), "datum": "2026-12-01",
            "behandelaarContact": {"naam": "A. Modelaar", "telefoon": "+31710000000"}}  # fmt: skip
    assert ("Vervolghulp en/of verwijzing", "Vervolghulp en/of verwijzing financieel") in told_apart(longer, case)
    assert told_apart(later, case) == [
        ("Definitief geen contact kunnen krijgen", "Geen reactie na eerder contact"),
    ]


CONTACT = {"naam": "Team Vroegsignalering", "telefoon": "+31000000000"}


def refused(contact: object, *, sending: bool) -> bool:
    """Tell whether an end refuses feedback with this contact for what stands in the contact."""
    bericht = {"signaalId": str(MARK.id), "status": "Opgepakt", "datum": "2026-12-01", CONTACT_FIELD: contact}
    told = Passed(MARK.id, VST, GEMEENTE, CORPORATIE, None, bericht, datetime(2026, 12, 1, tzinfo=UTC))
    found = objections(CONVENANT, told, [], sending=sending)
    return ("ander-contact", f"/{CONTACT_FIELD}") in [(one.code, one.pointer) for one in found]


@pytest.mark.parametrize("sending", [True, False])
@given(BY_CODE[VST].map(lambda bericht: bericht[CONTACT_FIELD]), st.sampled_from(["naam", "telefoon", "email", None]))
def test_a_contact_says_what_the_covenant_says(sending: bool, made: Json, part: str | None) -> None:
    """Whatever a municipality puts in the contact, or in one field of it, goes only if the covenant says just that."""
    contact = made if part is None else {**CONTACT, part: made.get(part)}
    assert refused(contact, sending=sending) is (contact != CONTACT)


@pytest.mark.parametrize("sending", [True, False])
def test_prose_in_a_contact_is_refused(sending: bool) -> None:
    """Planted: a reason in the place of a name is refused at both ends; the covenant's own contact is not."""
    told = "Verblijft illegaal of gedetineerd, niet bellen"
    assert refused({**CONTACT, "naam": told}, sending=sending)
    assert not refused(CONTACT, sending=sending)
    assert all(one.contact.model_dump(exclude_none=True) == CONTACT for one in CONVENANT.gemeenten)
