"""A key that was replaced counts for nothing that came after: no exchange can revive it by quoting an old register."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.connector.connector import Connector
from gateway.errors import EvidenceError, RejectedError
from gateway.rules.register import key_statement
from keys import signing
from keys.jwk import PrivateSigningKey
from schemas.covenants import leidse_regio, load_covenant
from schemas.entries import ConvenantEntry, SleutelEntry
from schemas.problems import Problem
from schemas.receipts import RegisterState
from schemas.values import Digest, Mailbox
from tests.unit.connector.exchange import BEURS, HUUR, VROEG
from tests.unit.connector.region import Region, amounts, kinds, message, state_of


def replace_key(region: Region, owner: Connector, mailbox: Mailbox) -> PrivateSigningKey:
    """Let the register log replace a mailbox's signing key; the connector goes on with the old one, as a thief does."""
    new = PrivateSigningKey.generate()
    jwk = new.public.jwk()
    proof = signing.sign(
        key_statement(BEURS, mailbox, "ondertekenen", jwk), owner.keys[mailbox].signing, signing.KEY_TYP
    )
    region.exchange.note(SleutelEntry, postvak=mailbox, gebruik="ondertekenen", kid=new.kid, jwk=jwk, bewijs=proof)
    return new


async def test_old_state_is_quoted(
    region: Region, corporatie: Connector, gemeente: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message under a stolen, replaced key is not taken in when the exchange quotes the register of before."""
    old = region.exchange.stand()
    replace_key(region, corporatie, HUUR)
    monkeypatch.setattr(region.exchange, "stand", lambda: old)
    region.clock.tick(600)
    stolen = corporatie.spool_message(message(7))
    await region.step(corporatie)
    await region.step(gemeente)
    assert amounts(gemeente) == []
    assert list(kinds(gemeente)) == ["bericht"]
    assert state_of(corporatie, stolen.id) == "gespoold"
    assert list(kinds(corporatie)) == ["ontvangstbewijs"]


async def test_quoted_state_goes_back(
    region: Region, corporatie: Connector, gemeente: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two leaves of which the later one quotes the older register convict the exchange, with both receipts."""
    old = region.exchange.stand()
    corporatie.spool_message(message(1))
    text = load_covenant(leidse_regio())
    region.exchange.note(ConvenantEntry, digest=text.digest, tekst=text.text)
    await region.settle(corporatie, gemeente, rounds=2)
    monkeypatch.setattr(region.exchange, "stand", lambda: old)
    corporatie.spool_message(message(2))
    await region.step(corporatie)
    await region.step(gemeente)
    assert amounts(gemeente) == [1]
    for connector in (corporatie, gemeente):
        raised = connector.overview().alarms[0].alarm
        assert (raised.kind, raised.grave, raised.material.count("\n")) == ("teruggang", True, 1)
        with pytest.raises(EvidenceError):
            await region.step(connector)


async def test_unknown_state_at_the_sender(
    region: Region, corporatie: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An aanvaard that quotes a register that nobody replayed is no proof: the message stays spooled."""
    sent = corporatie.spool_message(message())
    state = RegisterState(omvang=region.exchange.state.size, wortel=Digest.of(b"another"))
    monkeypatch.setattr(region.exchange, "stand", lambda: state)
    await region.step(corporatie)
    assert state_of(corporatie, sent.id) == "gespoold"
    assert list(kinds(corporatie)) == ["ontvangstbewijs"]


async def test_verdict_booked_before_its_key_was_replaced(
    region: Region, corporatie: Connector, gemeente: Connector
) -> None:
    """A receipt under a former key counts when the log shows that it was booked while the key was active."""
    sent = corporatie.spool_message(message())
    await region.step(corporatie)
    await region.settle(gemeente, rounds=2)
    replace_key(region, gemeente, VROEG)
    await region.settle(corporatie, rounds=2)
    assert state_of(corporatie, sent.id) == "ontvangen"
    assert corporatie.overview().alarms == []


@pytest.mark.parametrize("lie", ["honest leaf", "old state", "no entry", "other entry"])
async def test_verdict_under_a_replaced_key(
    region: Region, corporatie: Connector, gemeente: Connector, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    """A receipt that a thief signs after the key was replaced is not believed, whatever the exchange shows."""
    sent, old = corporatie.spool_message(message()), region.exchange.stand()
    await region.step(corporatie)
    replace_key(region, gemeente, VROEG)
    region.clock.tick(600)
    if lie == "old state":
        monkeypatch.setattr(region.exchange, "stand", lambda: old)
    await region.settle(gemeente, rounds=2)

    def cut(_: str, path: str) -> None:
        if "/logregel/" in path and lie == "no entry":
            raise RejectedError(Problem.NIET_GEVONDEN)

    region.line.cut = cut
    if lie == "other entry":
        region.exchange.mischief = lambda path, answer: (
            region.exchange.verkeer.bodies[0] if "/logregel/" in path else answer
        )
    await region.settle(corporatie, rounds=2)
    assert state_of(corporatie, sent.id) == "aanvaard"
    assert list(kinds(corporatie)) == ["ontvangstbewijs"]


async def test_own_receipt_signed_before_renewal(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """A receipt that was not booked before our own key was replaced is signed again with the new one, by itself."""
    sent = corporatie.spool_message(message())
    await region.step(corporatie)
    await region.step(gemeente)
    region.exchange.minds_keys, old = True, gemeente.keys[VROEG]
    new = replace_key(region, gemeente, VROEG)
    gemeente.keys[VROEG] = replace(old, signing=new, former={old.signing.kid: old.signing})
    await region.settle(gemeente, corporatie, rounds=3)
    assert state_of(corporatie, sent.id) == "ontvangen"
    assert gemeente.overview().alarms == []


async def test_own_key_replaced_elsewhere(region: Region, corporatie: Connector, gemeente: Connector) -> None:
    """Without the key that the register has, the receipt stays as it is and a person must look."""
    corporatie.spool_message(message())
    await region.step(corporatie)
    await region.step(gemeente)
    region.exchange.minds_keys = True
    replace_key(region, gemeente, VROEG)
    await region.settle(gemeente, rounds=3)
    assert list(kinds(gemeente)) == ["ontvangstbewijs"]
