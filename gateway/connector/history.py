"""What has passed in a dossier as this party has it, opened on the fly: nothing of it is kept in the clear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gateway.connector import inbox, outbox
from gateway.connector.inbox import Incoming, Judgement
from gateway.connector.outbox import Outgoing, State
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db
from gateway.covenant.passage import Passed
from keys import sealing, signing
from keys.errors import KeysError
from keys.jwk import PrivateSealingKey
from schemas.envelope import Envelope
from schemas.receipts import Aanvaard, ReceiptKind
from schemas.strict import NotStrictJsonError, parse_json
from schemas.values import RandomId, parse_instant

_COUNTED = frozenset({State.GESPOOLD, State.AANVAARD, State.ONTVANGEN})
"""The states of a sent message that may have its effect: not refused, and not without an end."""


class _Stored(NamedTuple):
    """A stored message with its place in the log; one of ours that is not accepted yet comes after all others."""

    at: float
    place: int
    message: Incoming | Outgoing
    aanvaard: Aanvaard | None


def passed(db: Db, dossier: RandomId, keys: PartyKeys, below: float | None = None, above: int = -1) -> list[Passed]:
    """Give the messages of a dossier in the order of the log, our own that are not accepted yet last.

    Left out is what was refused, by the exchange or by its recipient, what was never delivered, and what is held
    for its sender's key. ``below``: only what stands at a lower index; infinity gives all that was accepted.
    ``above``: only what stands at a higher index.
    """
    found = sorted(_stored(db, dossier), key=lambda one: (one.at, one.place))
    return [_opened(one, keys) for one in found if one.at > above and (below is None or one.at < below)]


def accepted(db: Db, dossier: RandomId, keys: PartyKeys) -> list[Passed]:
    """Give what ``passed`` gives, without what the exchange has not accepted yet."""
    return passed(db, dossier, keys, float("inf"))


def envelope_of(envelop: str) -> Envelope:
    """Read an envelope that was verified before it was stored."""
    return Envelope.parse(signing.read(envelop, signing.ENVELOPE_TYP).payload)


def aanvaard_of(jws: str) -> Aanvaard:
    """Read an *aanvaard* that was verified before it was stored."""
    return Aanvaard.parse(signing.read(jws, ReceiptKind.AANVAARD.typ).payload)


def unseal(jwe: str, keys: Mapping[str, PrivateSealingKey]) -> bytes | None:
    """Open what is sealed for us; nothing when it was destroyed, or does not open."""
    try:
        return sealing.open_sealed(jwe, keys[sealing.recipient(jwe)])
    except (KeysError, KeyError):
        return None


def own_bericht(message: Outgoing, keys: PartyKeys) -> Mapping[str, Any] | None:
    """Open the copy that we keep of a message of ours; nothing once it was destroyed."""
    return _bericht(message.own_copy, keys[message.subject.source].sealing)


def _stored(db: Db, dossier: RandomId) -> Iterator[_Stored]:
    for sent in outbox.of_dossier(db, dossier):
        if sent.state in _COUNTED:
            told = None if sent.aanvaard is None else aanvaard_of(sent.aanvaard)
            yield _Stored(float("inf") if told is None else told.logboek.index, sent.place, sent, told)
    for got in inbox.of_dossier(db, dossier):
        if got.judgement is Judgement.ONTVANGEN:
            told = aanvaard_of(got.offered.aanvaard)
            yield _Stored(told.logboek.index, got.place, got, told)


def _opened(stored: _Stored, keys: PartyKeys) -> Passed:
    message = stored.message
    if isinstance(message, Outgoing):
        envelop, bericht = message.envelop, own_bericht(message, keys)
        moment = parse_instant(message.spooled_at) if stored.aanvaard is None else stored.aanvaard.tijd
    else:
        envelop, moment = message.offered.envelop, aanvaard_of(message.offered.aanvaard).tijd
        bericht = _bericht(message.offered.lading, keys[message.subject.ontvanger].sealing)
    e = envelope_of(envelop)
    return Passed(e.id, e.type, e.source, e.ontvanger, e.antwoordop, bericht, moment)


def _bericht(jwe: str, keys: Mapping[str, PrivateSealingKey]) -> Mapping[str, Any] | None:
    """Give the bericht in a sealed payload, if it opens and has one: that was checked when it was stored."""
    try:
        payload = parse_json(unseal(jwe, keys) or b"")
    except NotStrictJsonError:
        return None
    found = payload.get("bericht") if isinstance(payload, dict) else None
    return found if isinstance(found, dict) else None
