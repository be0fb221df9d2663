"""Gates and answers at the exchange: refused or warned by what the parties themselves saw, and told to them alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from gateway.errors import GatewayError
from gateway.flow.accept import Receipted, Verdict
from gateway.rules.facts import history
from gateway.rules.rows import Reached
from keys import signing
from schemas.covenants import Bereikt
from schemas.notices import Waarschuwing
from schemas.problems import Problem
from tests.exchange import DREIGING, VERWIJZING, WIJKTEAM, House, Party, read

OPSCHORTING = "nl.huurschuld.opschortingsverzoek.v1"
DOSSIER = str(uuid4())


def code_of(verdict: Verdict) -> Problem | None:
    return verdict.code if isinstance(verdict, GatewayError) else None


async def send(party: Party, to: Party, **changes: Any) -> Problem | None:
    """Send one message of the dossier; gives the objection."""
    (verdict,) = await party.send(party.message(to, **{"dossier": DOSSIER, **changes}))
    return code_of(verdict)


@pytest.fixture
async def asked(corporatie: Party, gemeente: Party) -> Receipted:
    """A signal with which the dossier begins."""
    return await corporatie.deliver(gemeente, dossier=DOSSIER)


async def test_a_closed_gate_refuses(house: House, corporatie: Party, gemeente: Party, asked: Receipted) -> None:
    """Before the gate's message was sent the type is refused, and the refusal is logged; after it the type passes."""
    assert await send(gemeente, corporatie, type=OPSCHORTING) is Problem.POORT_GESLOTEN
    assert (await house.entries())[-1]["code"] == "poort-gesloten"
    assert await send(gemeente, corporatie, antwoordop=asked.id) is None
    assert await send(gemeente, corporatie, type=OPSCHORTING) is None


async def test_a_gate_opens_within_a_call(corporatie: Party, gemeente: Party, asked: Receipted) -> None:
    """What opens the gate may stand before it in the same call; after it is too late."""
    batch = [
        gemeente.message(corporatie, type=OPSCHORTING, dossier=DOSSIER),
        gemeente.message(corporatie, dossier=DOSSIER, antwoordop=asked.id),
        gemeente.message(corporatie, type=OPSCHORTING, dossier=DOSSIER),
    ]
    assert [code_of(v) for v in await gemeente.send(*batch)] == [Problem.POORT_GESLOTEN, None, None]


async def test_what_was_refused_opens_nothing(corporatie: Party, gemeente: Party, asked: Receipted) -> None:
    """A message that its recipient refused does not count for a gate."""
    assert await send(gemeente, corporatie, antwoordop=asked.id) is None
    (handed,) = (await corporatie.collect()).messages
    await corporatie.collect(receipts=[corporatie.receipt(handed, "opent-niet")])
    assert await send(gemeente, corporatie, type=OPSCHORTING) is Problem.POORT_GESLOTEN


def test_how_far_a_message_came_is_what_a_gate_counts(corporatie: Party, gemeente: Party) -> None:
    """Not delivered counts as far as it was offered; refused does not count at all."""
    ends = [(False, None), (True, None), (True, "niet-afgeleverd"), (False, "niet-afgeleverd"), (True, "ontvangen")]
    rows = [Reached(corporatie.mailbox, gemeente.mailbox, "x", *end) for end in [*ends, (True, "geweigerd")]]
    far = [Bereikt.AANVAARD, Bereikt.AANGEBODEN, Bereikt.AANGEBODEN, Bereikt.AANVAARD, Bereikt.ONTVANGEN]
    assert [earlier.bereikt for earlier in history(rows)] == far


@pytest.mark.usefixtures("asked")
async def test_a_gate_that_warns_tells_both_parties(house: House, corporatie: Party, gemeente: Party) -> None:
    """The message is accepted; a leaf right after its own and a signed notice to its parties say what was missing."""
    team = await house.join(WIJKTEAM)
    await send(gemeente, team, type=VERWIJZING)
    threat = await corporatie.deliver(gemeente, type=DREIGING, dossier=DOSSIER)
    index = read(threat.receipt)["logboek"]["index"]
    entry = (await house.entries())[index + 1]
    assert (entry["soort"], entry["aanvaard"], entry["poort"]) == ("waarschuwing", index, "signaal-voor-dreiging")
    (one,), (two,) = [(await party.collect()).receipts for party in (corporatie, gemeente)]
    assert one == two
    notice = Waarschuwing.parse(signing.read(one.receipt, "waarschuwing+jws").payload)
    assert (notice.id, notice.poort, notice.logboek.index) == (threat.id, "signaal-voor-dreiging", index + 1)
    assert (notice.convenant, one.geboekt) == (house.covenant.digest, None)
    assert (await team.collect()).receipts == []
    await house.restart()
    assert (await corporatie.collect()).receipts == [one]


async def test_a_threat_without_any_signal_is_delivered_and_both_are_warned(corporatie: Party, gemeente: Party) -> None:
    """An eviction is never silenced (DOMAIN 3.5): it may be a dossier's first message, and the notice proves that."""
    threat = await corporatie.deliver(gemeente, type=DREIGING, dossier=DOSSIER)
    got = await gemeente.collect()
    assert len(got.messages) == 1
    assert got.receipts == (await corporatie.collect()).receipts
    (one,) = got.receipts
    notice = Waarschuwing.parse(signing.read(one.receipt, "waarschuwing+jws").payload)
    assert (notice.id, notice.poort) == (threat.id, "signaal-voor-dreiging")


@pytest.mark.usefixtures("asked")
async def test_a_repeat_warns_once(house: House, corporatie: Party, gemeente: Party) -> None:
    """The same message again gets its receipt, and no second warning (I3)."""
    message = corporatie.message(gemeente, type=DREIGING, dossier=DOSSIER)
    assert await corporatie.send(message) == await corporatie.send(message)
    assert (await house.kinds()).count("waarschuwing") == 1


@pytest.mark.usefixtures("asked")
async def test_an_open_gate_does_not_warn(house: House, corporatie: Party, gemeente: Party) -> None:
    """Once the signal was offered, a threat of eviction needs no warning."""
    await gemeente.collect()
    assert await send(corporatie, gemeente, type=DREIGING) is None
    assert "waarschuwing" not in await house.kinds()


async def test_an_answer_names_a_message_to_its_sender(
    house: House, corporatie: Party, gemeente: Party, asked: Receipted
) -> None:
    """No message, one that does not exist, of another dossier, or of others: all are refused alike."""
    team = await house.join(WIJKTEAM)
    elsewhere = await corporatie.deliver(gemeente)
    (referral,) = await gemeente.send(gemeente.message(team, type=VERWIJZING, dossier=DOSSIER))
    assert isinstance(referral, Receipted)
    unknown = "019a9f3e-7c00-7abc-8def-ffffffffffff"
    for wrong in (None, unknown, elsewhere.id, referral.id):
        assert await send(gemeente, corporatie, antwoordop=wrong) is Problem.ANTWOORDOP_ONJUIST
    assert await send(gemeente, corporatie, antwoordop=asked.id) is None


async def test_an_answer_is_judged_by_what_stands_before_it(corporatie: Party, gemeente: Party) -> None:
    """Every call has one sender, so an answer follows what it answers; to its own message nobody answers."""
    first = await corporatie.deliver(gemeente, dossier=DOSSIER)
    assert await send(corporatie, gemeente, antwoordop=first.id) is Problem.ANTWOORDOP_ONJUIST
