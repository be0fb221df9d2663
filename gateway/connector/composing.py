"""Spooling what an application wants sent: check, seal, number, sign, and keep, before anything travels."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from gateway.client.compose import Composed, Draft, Mark, SealedDraft, message_id, seal_draft, sign_draft
from gateway.client.trust import Trust
from gateway.clock import Clock
from gateway.connector import contents, history, inbox, outbox
from gateway.connector.monthly import ReportedRow, keep_reported
from gateway.connector.partykeys import PartyKeys
from gateway.connector.spool import Db, Spool
from gateway.covenant.content import Objection
from gateway.covenant.passage import Passed
from gateway.errors import RejectedError
from schemas.covenants import Convenant
from schemas.envelope import fault
from schemas.problems import Problem
from schemas.texts import Language
from schemas.values import Mailbox, MessageId, RandomId, Salt


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What an application asks to be sent.

    ``bericht`` is checked against the schema of ``type``, and against the covenant and what has passed in its
    dossier. In a terugkoppeling ``eindresultaat`` may stand instead of status and resultaat: the municipality's own
    end result, of which only what a landlord may see is sent; ``behandelaarContact`` may be left out, for the
    covenant gives it. Left out: ``postvak`` is the party's only mailbox, or the one that got the message answered;
    ``dossier`` that of the message answered, or a new one; ``verlooptijd`` the covenant's default. ``row`` books a
    row of a monthly file with it.
    """

    type: str
    ontvanger: Mailbox
    bericht: Mapping[str, Any]
    dossier: RandomId | None = None
    antwoordop: MessageId | None = None
    verlooptijd: datetime | None = None
    postvak: Mailbox | None = None
    row: ReportedRow | None = None


class _Checked(NamedTuple):
    """A message that may be signed: what it says, its id and moment, and what the covenant warns of."""

    draft: Draft
    mark: Mark
    cautions: tuple[Objection, ...]


class _Desk(NamedTuple):
    """What messages spooled together are judged by; ``passed`` remembers each dossier, so it is opened once."""

    convenant: Convenant
    now: datetime
    language: Language
    passed: dict[RandomId, list[Passed]]


@dataclass(slots=True)
class Composing:
    """Spools messages for one party."""

    spool: Spool
    keys: PartyKeys
    clock: Clock
    chance: Callable[[int], bytes] = os.urandom
    last_id: MessageId | None = None

    def __call__(self, messages: Sequence[NewMessage], trust: Trust, language: Language = "en") -> list[Composed]:
        """Spool messages in order, all or none; each is judged with those before it.

        On return every one is signed, numbered and on disk; it will be sent unchanged until a receipt
        or a definitive refusal comes. Sealing is done before the transaction, signing inside it.

        Raises:
            RejectedError: a message does not fit its schema, the covenant does not let it pass in its dossier (each
            objection is a fault, in ``language``), or its recipient is unknown or not confirmed.
        """
        now = self.clock()
        desk = _Desk(contents.covenant_now(trust, now), now, language, {})
        checked = [self._check(message, desk) for message in messages]
        sealed = [self._seal(one, trust) for one in checked]
        with self.spool.record() as db:
            spooled = [self._number(db, m, one, trust, now) for m, one in zip(messages, sealed, strict=True)]
        return [replace(one, cautions=c.cautions) for one, c in zip(spooled, checked, strict=True)]

    def judge(self, messages: Sequence[NewMessage], trust: Trust, language: Language) -> list[RejectedError | None]:
        """Tell of each message what ``__call__`` would have against it, in order; nothing is kept.

        Raises:
            RejectedError: no covenant is known yet.
        """
        now = self.clock()
        desk = _Desk(contents.covenant_now(trust, now), now, language, {})
        return [self._objection(message, desk) for message in messages]

    def _objection(self, message: NewMessage, desk: _Desk) -> RejectedError | None:
        try:
            self._check(message, desk)
        except RejectedError as error:
            return error
        return None

    def _check(self, message: NewMessage, desk: _Desk) -> _Checked:
        bericht = contents.projected(desk.convenant, message.type, message.bericht)
        bericht = contents.with_contact(desk.convenant, message.type, bericht, next(iter(self.keys)).oin)
        contents.check_bericht(message.type, bericht)
        draft = self._draft(message, bericht, desk)
        self.last_id = message_id(desk.now, self.chance(10), self.last_id)
        mark = Mark(self.last_id, Salt.from_raw(self.chance(16)), desk.now)
        candidate = Passed(
            mark.id, draft.type, draft.source, draft.ontvanger, draft.antwoordop, draft.bericht, desk.now
        )
        if draft.dossier not in desk.passed:
            with self.spool.read() as db:
                desk.passed[draft.dossier] = history.passed(db, draft.dossier, self.keys)
        earlier = desk.passed[draft.dossier]
        contents.check_answer(desk.convenant, candidate, earlier)
        cautions = contents.check_content(desk.convenant, candidate, earlier, desk.language)
        earlier.append(candidate)
        return _Checked(draft, mark, cautions)

    def _draft(self, message: NewMessage, bericht: Mapping[str, Any], desk: _Desk) -> Draft:
        source, dossier = message.postvak, message.dossier
        if message.antwoordop is not None and (source is None or dossier is None):
            with self.spool.read() as db:
                answered = inbox.find_by_id(db, message.antwoordop)
            if answered is not None:
                source, dossier = source or answered.subject.ontvanger, dossier or answered.dossier
        source = source or self._only_mailbox()
        contents.check_parties(desk.convenant, message.type, source, message.ontvanger)
        return Draft(
            source,
            message.ontvanger,
            dossier or random_id(self.chance),
            message.type,
            bericht,
            contents.expiry(desk.convenant, message.type, message.verlooptijd, desk.now),
            message.antwoordop,
        )

    def _only_mailbox(self) -> Mailbox:
        if len(self.keys) != 1:
            raise RejectedError(Problem.AFZENDER_ONJUIST, "say from which of the mailboxes the message goes")
        return next(iter(self.keys))

    def _seal(self, checked: _Checked, trust: Trust) -> SealedDraft:
        draft = checked.draft
        own = trust.register.sealing_key(draft.source)
        if own is None or draft.source not in self.keys:
            raise RejectedError(Problem.AFZENDER_ONJUIST, "this mailbox is not in the register, or not ours")
        return seal_draft(draft, checked.mark, trust.sealing_key(draft.ontvanger), own)

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


def random_id(chance: Callable[[int], bytes]) -> RandomId:
    """Mint a random UUID (version 4): a dossier or a reeks."""
    return RandomId(str(uuid.UUID(bytes=chance(16), version=4)))
