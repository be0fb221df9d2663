"""What the covenant does not allow in its dossier is not signed; what a landlord may not know is not sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.connector import history
from gateway.connector.composing import NewMessage
from gateway.connector.connector import Connector
from gateway.errors import RejectedError
from schemas.berichten.projectie import Eindresultaat
from schemas.covenants import leidse_regio, load_covenant
from schemas.problems import Problem
from schemas.values import MessageId
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import BERICHT, DOSSIER, Region, message
from tests.unit.connector.story import CONTACT, HULP, Story, code

CONVENANT = load_covenant(leidse_regio())


@pytest.mark.parametrize(("language", "words"), [("nl", "niet aan de beurt"), ("en", "out of turn")])
async def test_message_out_of_turn(story: Story, language: Any, words: str) -> None:
    """A plan's end before a plan, or an end result before contact, is not signed; the reason is in one's language."""
    signal = await story.signal()
    ended = NewMessage(
        code("terugkoppeling"),
        HUUR,
        story.told(signal, status="Afgerond", resultaat="GEEN_CONTACT"),
        DOSSIER,
        signal,
    )
    with pytest.raises(RejectedError) as caught:
        story.gemeente.spool_message(ended, language)
    assert caught.value.code is Problem.NIET_VOLGENS_CONVENANT
    ((pointer, told),) = caught.value.faults
    assert pointer == "#"
    assert words in told
    assert story.gemeente.overview().outgoing == {}


async def test_reference_to_nothing(story: Story) -> None:
    """What a message refers to must be there; the fault says where in the bericht it stands."""
    signal = await story.signal()
    with pytest.raises(RejectedError) as caught:
        story.spool(story.corporatie, "wijziging", VROEG, {"signaalId": signal[:-1] + "0", "reden": "BETAALD"})
    assert [pointer for pointer, _ in caught.value.faults] == ["#/signaalId"]


async def test_refused_messages_do_not_count(story: Story) -> None:
    """A signal that the exchange refused cannot be changed: nobody has it."""
    story.region.exchange.refuse_next = 1
    refused = await story.signal()
    with pytest.raises(RejectedError) as caught:
        story.spool(story.corporatie, "wijziging", VROEG, {"signaalId": refused, "reden": "BETAALD"})
    assert caught.value.code is Problem.NIET_VOLGENS_CONVENANT


async def test_own_messages_count_before_they_are_sent(story: Story) -> None:
    """What is signed here counts at once, also among messages that are spooled together."""
    signal = story.spool(story.corporatie, "vroegsignaal", VROEG, BERICHT)
    told = {"signaalId": signal.id, "reden": "VERKEERDE_PERSOON"}
    change = NewMessage(code("wijziging"), VROEG, told, DOSSIER)
    with pytest.raises(RejectedError) as caught:
        story.corporatie.spool_messages([change, message()])
    assert caught.value.code is Problem.NIET_VOLGENS_CONVENANT
    assert story.corporatie.overview().outgoing == {"gespoold": 1}
    story.corporatie.spool_message(change)
    await story.settle()
    assert story.corporatie.overview().outgoing == {"ontvangen": 2}


def test_new_dossiers_are_not_opened(corporatie: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five hundred rows of a monthly file open nothing; a second signal in a dossier opens each message once."""
    opened: list[str] = []
    unseal = history.unseal
    monkeypatch.setattr(history, "unseal", lambda jwe, keys: opened.append(jwe) or unseal(jwe, keys))
    corporatie.spool_messages([message(n, None) for n in range(20)])
    corporatie.spool_messages([message(1), message(2), message(3)])
    assert opened == []
    corporatie.spool_messages([message(4), message(5)])
    assert len(opened) == len(set(opened)) == 3


@pytest.mark.parametrize("days", [1, 4.99, 31])
def test_expiry_outside_the_covenant(region: Region, corporatie: Connector, days: float) -> None:
    """Sooner than the covenant's minimum or later than its maximum is refused, and says which days are meant."""
    with pytest.raises(RejectedError) as caught:
        corporatie.spool_message(message(verlooptijd=region.clock() + timedelta(days=days)))
    assert caught.value.code is Problem.VERLOOPTIJD_ONJUIST
    assert caught.value.faults == (("#/verlooptijd", "expected a moment between 5 and 30 days from now"),)
    corporatie.spool_message(message(verlooptijd=region.clock() + timedelta(days=6)))


@pytest.mark.parametrize("result", list(Eindresultaat))
async def test_own_end_result_is_projected(story: Story, result: Eindresultaat) -> None:
    """Whatever the municipality registered, the corporation gets status and resultaat of the covenant, no more."""
    signal = await story.signal()
    await story.feedback(signal, status="Opgepakt")
    if CONVENANT.projectie[result].value == "HERHAALDE_MELDING":
        await story.send(story.corporatie, "vroegsignaal", VROEG, BERICHT)
        signal = story.gemeente.inbox()[-1].envelope.id
    await story.feedback(signal, eindresultaat=result.value)
    got = story.corporatie.inbox()[-1].bericht
    assert got is not None
    assert got["resultaat"] == CONVENANT.projectie[result].value
    assert got.keys() == {"signaalId", "datum", "behandelaarContact", "status", "resultaat"}
    for connector in story.all:
        assert not any(result.value.encode() in (r.payload or b"") for r in connector.records(DOSSIER))


@pytest.mark.parametrize("says", [{"eindresultaat": "ONRECHTMATIG"}, {"eindresultaat": 1}, {"eindresultaat": None}])
async def test_unknown_end_result(story: Story, says: dict[str, Any]) -> None:
    """Only what DDAS knows is projected; the field itself never travels."""
    signal = await story.signal()
    for more in (says, says | {"status": "Opgepakt"}, {"eindresultaat": Eindresultaat.BUDGETADVIES, "resultaat": "X"}):
        with pytest.raises(RejectedError) as caught:
            story.spool(story.gemeente, "terugkoppeling", HUUR, story.told(signal, **more), signal)
        assert caught.value.code is Problem.ONGELDIGE_INVOER
        assert [pointer for pointer, _ in caught.value.faults] == ["#/eindresultaat"]
    other = {"signaalId": signal, "reden": "BETAALD", "eindresultaat": Eindresultaat.BUDGETADVIES.value}
    with pytest.raises(RejectedError):
        story.spool(story.corporatie, "wijziging", VROEG, other)


async def test_cautions_come_with_what_was_signed(story: Story) -> None:
    """A summons that is announced too soon after the signal is signed, and the covenant's warning is told."""
    signal = await story.signal()
    bericht = {
        "fase": "VOORNEMEN_DAGVAARDING",
        "fasedatum": story.day(),
        "signaalIds": [signal],
        "achterstand": BERICHT["achterstand"],
    }
    composed = story.spool(story.corporatie, "dreigende-ontruiming", VROEG, bericht)
    assert [caution.code for caution in composed.cautions] == ["dagvaarding-te-vroeg"]
    assert all(caution.nl and caution.en for caution in composed.cautions)


async def test_partner_to_corporation_only_after_help(story: Story) -> None:
    """Debt help that was not asked cannot write to the corporation, and the corporation not to it."""
    signal = await story.signal()
    await story.feedback(signal, status="Opgepakt")
    asked = {
        "vanaf": story.day(),
        "tot": story.day(30),
        "hulpGeaccepteerdOp": story.day(),
        "lopendeHuurAfgesproken": True,
    }
    for sender, to in ((story.hulp, HUUR), (story.gemeente, HUUR)):
        with pytest.raises(RejectedError) as caught:
            story.spool(sender, "opschortingsverzoek", to, asked)
        assert caught.value.code is Problem.NIET_VOLGENS_CONVENANT
    with pytest.raises(RejectedError) as caught:
        story.spool(story.corporatie, "terugkoppeling", HULP, {"behandelaarContact": CONTACT})
    assert caught.value.code is Problem.ONGELDIGE_INVOER


@pytest.mark.parametrize("op", ["nothing", "another's", "what it may not answer"])
async def test_answer_to_the_wrong_message(story: Story, op: str) -> None:
    """Feedback answers a signal or a change that this municipality got from that corporation, and nothing else."""
    signal = await story.signal()
    own = await story.feedback(signal, status="Opgepakt")
    names = {"nothing": None, "another's": MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")}
    told = story.told(signal, status="Afgerond", resultaat="GEEN_CONTACT")
    with pytest.raises(RejectedError) as caught:
        story.spool(story.gemeente, "terugkoppeling", HUUR, told, names.get(op, own))
    assert caught.value.code is Problem.ANTWOORDOP_ONJUIST
    expected = "expected the id of a message from the recipient in this dossier: vroegsignaal or wijziging"
    assert caught.value.faults == (("#/antwoordop", expected),)
    story.spool(story.gemeente, "terugkoppeling", HUUR, told, signal)
    with pytest.raises(RejectedError) as caught:
        story.corporatie.spool_message(message(antwoordop=own))
    assert caught.value.faults[0][1].endswith(": nothing")


async def test_a_contact_left_out_is_filled_in(story: Story) -> None:
    """The connector gives the covenant's contact of its municipality, and signs no other."""
    signal = await story.signal()
    told = {
        name: value for name, value in story.told(signal, status="Opgepakt").items() if name != "behandelaarContact"
    }
    other = {**told, "behandelaarContact": {**CONTACT, "naam": "Vreemdelingenpolitie"}}
    with pytest.raises(RejectedError) as caught:
        story.spool(story.gemeente, "terugkoppeling", HUUR, other, signal)
    assert caught.value.code is Problem.NIET_VOLGENS_CONVENANT
    await story.send(story.gemeente, "terugkoppeling", HUUR, told, signal)
    got = story.corporatie.inbox()[-1].bericht
    assert got is not None
    assert got["behandelaarContact"] == CONTACT
