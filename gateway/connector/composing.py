"""Spooling what an application wants sent: check, seal, number, sign, and keep, before anything travels."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from gateway.client.compose import Composed, Draft, Mark, SealedDraft, message_id, seal_draft, sign_draft
from gateway.client.trust import Trust
from gateway.clock import Clock
from gateway.connector import inbox, outbox
from gateway.connector.intake import MailboxKeys
from gateway.connector.monthly import ReportedRow, keep_reported
from gateway.connector.spool import Db, Spool
from gateway.covenant.sending import parties_allowed
from gateway.errors import RejectedError
from schemas.catalogue import parse_bericht
from schemas.envelope import MalformedError, fault
from schemas.problems import Problem
from schemas.values import Mailbox, MessageId, RandomId, Salt


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What an application asks to be sent.

    ``bericht`` is checked against the schema of ``type``. Left out: ``postvak`` is the party's only
    mailbox, or the one that got the message answered; ``dossier`` that of the message answered, or a
    new one; ``verlooptijd`` the covenant's default. ``row`` books a row of a monthly file with it.
    """

    type: str
    ontvanger: Mailbox
    bericht: Mapping[str, Any]
    dossier: RandomId | None = None
    antwoordop: MessageId | None = None
    verlooptijd: datetime | None = None
    postvak: Mailbox | None = None
    row: ReportedRow | None = None


@dataclass(slots=True)
class Composing:
    """Spools messages for one party."""

    spool: Spool
    keys: Mapping[Mailbox, MailboxKeys]
    clock: Clock
    chance: Callable[[int], bytes] = os.urandom
    last_id: MessageId | None = None

    def __call__(self, messages: Sequence[NewMessage], trust: Trust) -> list[Composed]:
        """Spool messages in order, all or none.

        On return every one is signed, numbered and on disk; it will be sent unchanged until a receipt
        or a definitive refusal comes. Sealing is done before the transaction, signing inside it.

        Raises:
            RejectedError: a message does not fit its schema, the covenant never lets it pass, or its recipient
            is unknown or not confirmed.
        """
        now = self.clock()
        sealed = [self._seal(self._draft(message, trust, now), trust, now) for message in messages]
        with self.spool.record() as db:
            return [self._number(db, message, one, trust, now) for message, one in zip(messages, sealed, strict=True)]

    def _draft(self, message: NewMessage, trust: Trust, now: datetime) -> Draft:
        check_bericht(message)
        source, dossier = message.postvak, message.dossier
        if message.antwoordop is not None and (source is None or dossier is None):
            with self.spool.read() as db:
                answered = inbox.find_by_id(db, message.antwoordop)
            if answered is not None:
                source, dossier = source or answered.subject.ontvanger, dossier or answered.dossier
        source = source or self._only_mailbox()
        check_parties(trust, message.type, source, message.ontvanger)
        return Draft(
            source,
            message.ontvanger,
            dossier or random_id(self.chance),
            message.type,
            message.bericht,
            message.verlooptijd or default_expiry(trust, message.type, now),
            message.antwoordop,
        )

    def _only_mailbox(self) -> Mailbox:
        if len(self.keys) != 1:
            raise RejectedError(Problem.AFZENDER_ONJUIST, "say from which of the mailboxes the message goes")
        return next(iter(self.keys))

    def _seal(self, draft: Draft, trust: Trust, now: datetime) -> SealedDraft:
        own = trust.register.sealing_key(draft.source)
        if own is None or draft.source not in self.keys:
            raise RejectedError(Problem.AFZENDER_ONJUIST, "this mailbox is not in the register, or not ours")
        self.last_id = message_id(now, self.chance(10), self.last_id)
        mark = Mark(self.last_id, Salt.from_raw(self.chance(16)), now)
        return seal_draft(draft, mark, trust.sealing_key(draft.ontvanger), own)

    def _number(self, db: Db, message: NewMessage, sealed: SealedDraft, trust: Trust, now: datetime) -> Composed:
        draft = sealed.draft
        place = outbox.take_place(db, draft.source, draft.ontvanger, draft.dossier)
        try:
            composed = sign_draft(sealed, place, trust.beurs, self.keys[draft.source].signing)
        except ValidationError as error:  # its text holds what was filled in
            faults = [fault(e) for e in error.errors(include_url=False, include_input=False)]
            raise RejectedError(Problem.ONGELDIGE_INVOER, "the message fits no envelope", faults) from None
        outbox.add(db, composed, now)
        if message.row is not None:
            keep_reported(db, message.row, composed.id)
        return composed


def check_bericht(message: NewMessage) -> None:
    """Return only if the bericht fits the schema of its type.

    Raises:
        RejectedError: with every fault at once; correct them.
    """
    try:
        parse_bericht(message.type, message.bericht)
    except MalformedError as error:
        raise RejectedError(Problem.ONGELDIGE_INVOER, "the bericht does not fit its schema", error.faults) from None


def check_parties(trust: Trust, code: str, source: Mailbox, ontvanger: Mailbox) -> None:
    """Return only if the covenant lets this sender send this type to this recipient, whatever the dossier.

    Raises:
        RejectedError: it never does: signed and sent, the message would only be refused, with its number spent.
    """
    convenant = trust.register.convenant
    objection = Problem.TYPE_ONBEKEND if convenant is None else parties_allowed(convenant, code, source, ontvanger)
    if objection is not None:
        raise RejectedError(objection, f"the covenant lets {source} send no {code} to {ontvanger}")


def random_id(chance: Callable[[int], bytes]) -> RandomId:
    """Mint a random UUID (version 4): a dossier or a reeks."""
    return RandomId(str(uuid.UUID(bytes=chance(16), version=4)))


def default_expiry(trust: Trust, code: str, now: datetime) -> datetime:
    """Give the moment after which the exchange stops offering a message of this type, by the covenant's default.

    Raises:
        RejectedError: the covenant in the register has no such type.
    """
    convenant = trust.register.convenant
    rule = convenant.bericht(code) if convenant is not None else None
    if rule is None:
        raise RejectedError(Problem.TYPE_ONBEKEND, "the covenant does not name this type")
    return now + rule.verlooptijd.standaard
