"""What the exchange tells of a message besides receipts: kept as signed, told once, shown with its message."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gateway.connector.exporting import export_dossier
from keys.jwk import PrivateSigningKey
from schemas.notices import TermijnOverschreden, Waarschuwing
from schemas.receipts import ReceiptKind
from schemas.strict import parse_json
from schemas.values import Digest
from tests.unit.connector.exchange import HUUR, VROEG
from tests.unit.connector.region import BERICHT, DOSSIER
from tests.unit.connector.story import HULP, Story, shown

MISSED: dict[str, Any] = {"termijn": "terugkoppeling", "trede": 1}


def missed(story: Story, signal: str, *to: str, **facts: Any) -> str:
    late = {"uiterlijk": story.region.clock() - timedelta(days=1)}
    return story.region.exchange.tell(signal, TermijnOverschreden, *to, **(MISSED | late | facts))


def kept(story: Story) -> list[list[ReceiptKind]]:
    return [[proof.kind for proof in one.proofs] for c in story.all for one in c.records(DOSSIER)]


async def test_notices_of_both_kinds_to_both_parties(story: Story) -> None:
    """Sender and recipient keep each notice with the message, promise its leaf, confirm it, and tell a person."""
    signal = await story.signal()
    missed(story, signal, HUUR, VROEG)
    story.region.exchange.tell(signal, Waarschuwing, HUUR, VROEG, poort="signaal-voor-dreiging")
    await story.settle()
    notices = [ReceiptKind.TERMIJN_OVERSCHREDEN, ReceiptKind.WAARSCHUWING]
    assert kept(story) == [[ReceiptKind.ONTVANGEN, *notices]] * 2
    for connector in (story.corporatie, story.gemeente):
        seen = connector.overview()
        told = [(one.alarm.kind, one.alarm.subject, one.alarm.grave) for one in seen.alarms]
        assert told == [
            ("termijn", f"{signal} terugkoppeling", False),
            ("waarschuwing", f"{signal} signaal-voor-dreiging", False),
        ]
        assert seen.covered == seen.promised > 3
        proofs = [(proof.kind, proof.code, proof.level) for proof in shown(connector).steps[0].proofs[2:]]
        assert proofs == [(notices[0], "terugkoppeling", 1), (notices[1], "signaal-voor-dreiging", None)]
        standing = connector.status(signal)  # type: ignore[arg-type]
        assert standing is not None
        assert len(standing.proofs) == 5
    assert story.region.exchange.back[HUUR] == story.region.exchange.back[VROEG] == []


async def test_notice_that_comes_before_its_message(story: Story) -> None:
    """A warning that is handed out before the message it is about is kept for it."""
    signal = story.spool(story.corporatie, "vroegsignaal", VROEG, shown_signal())
    await story.region.step(story.corporatie)
    story.region.exchange.tell(signal.id, Waarschuwing, VROEG, poort="signaal-voor-dreiging")
    story.region.exchange.mischief = without_messages
    await story.region.step(story.gemeente)
    assert story.gemeente.records(DOSSIER) == []
    story.region.exchange.mischief = lambda _, answer: answer
    await story.settle()
    assert [proof.kind for proof in story.gemeente.records(DOSSIER)[0].proofs][1:] == [ReceiptKind.WAARSCHUWING]


def shown_signal() -> Any:
    return BERICHT


def without_messages(path: str, answer: Any) -> Any:
    return answer | {"berichten": []} if path == "/v1/postvak/_ophalen" else answer


async def test_repeated_notice_is_told_once(story: Story) -> None:
    """The same bytes again change nothing, also after a person settled the alarm; a next level is told anew."""
    signal = await story.signal()
    jws = missed(story, signal, HUUR)
    await story.settle()
    (raised,) = story.corporatie.overview().alarms
    assert story.corporatie.settle_alarm(raised.place)
    story.region.exchange.give_back(HUUR, jws, None)
    await story.settle()
    assert story.corporatie.overview().alarms == []
    missed(story, signal, HUUR, trede=2)
    await story.settle()
    (raised,) = story.corporatie.overview().alarms
    assert raised.alarm.detail.endswith("notice 2")
    assert len(story.corporatie.records(DOSSIER)[0].proofs) == 3


async def forged(story: Story, signal: str) -> None:
    honest, story.region.exchange.key = story.region.exchange.key, PrivateSigningKey.generate()
    missed(story, signal, HUUR)
    story.region.exchange.key = honest


async def of_no_covenant(story: Story, signal: str) -> None:
    missed(story, signal, HUUR, convenant=Digest.of(b"another"))


async def foreign(story: Story, _: str) -> None:
    referral = await story.referred()
    missed(story, referral, HUUR)


async def misplaced(story: Story, signal: str) -> None:
    missed(story, signal, HULP)


@pytest.mark.parametrize("tell", [forged, of_no_covenant, foreign, misplaced])
async def test_worthless_notice(story: Story, tell: Any) -> None:
    """Not signed by the exchange, under no covenant, or about others' messages: an alarm, confirmed, and not kept."""
    signal = await story.help_accepted()
    await tell(story, signal)
    await story.settle()
    alarms = [one.alarm.kind for c in story.all for one in c.overview().alarms]
    assert alarms == ["ontvangstbewijs"]
    assert not any(ReceiptKind.TERMIJN_OVERSCHREDEN in proofs for proofs in kept(story))
    assert not any(story.region.exchange.back.values())


async def test_notices_go_into_evidence(story: Story) -> None:
    """The file shows the notices among the receipts of their message, and the log line of each."""
    signal = await story.signal()
    jws = [missed(story, signal, HUUR), missed(story, signal, HUUR, trede=2)]
    await story.settle()
    story.region.exchange.publish()
    data = await export_dossier(story.corporatie, story.region.line, DOSSIER, "2026-11-22T10:00:00.000Z")
    delen = parse_json(data)["delen"]
    assert delen["berichten"][0]["ontvangstbewijzen"][-2:] == jws
    assert [line["regel"].count('"termijn-overschreden"') for line in delen["logregels"]] == [0, 0, 1, 1]
