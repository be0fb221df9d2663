"""Making messages: sealed and signed as a connector would, before the measured part begins."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.client.compose import Draft, Mark, Place, SealedDraft, message_id, sign_draft, spell_payload
from keys import sealing
from keys.jwk import PrivateSealingKey, PrivateSigningKey, PublicSealingKey
from schemas.envelope import Sealed
from schemas.values import Digest, Mailbox, RandomId, Salt

TYPE = "nl.huurschuld.vroegsignaal.v1"
TERM = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Party:
    """A participant with one mailbox, and its keys."""

    mailbox: Mailbox
    signing: PrivateSigningKey
    sealing: PrivateSealingKey


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sent: by how many callers, how many requests each, how many messages a request.

    Every caller has a ``reeks`` of its own: numbers in one have no gaps. The first ``warm`` requests of each are
    not measured.
    """

    callers: int
    requests: int
    batch: int
    warm: int

    @property
    def messages(self) -> int:
        """How many messages are measured."""
        return self.callers * self.requests * self.batch

    @property
    def warm_messages(self) -> int:
        """How many messages go before."""
        return self.callers * self.warm * self.batch


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes messages of one sender; a payload is a ``vroegsignaal`` padded to 2 KiB."""

    beurs: str
    sender: Party
    bericht: Mapping[str, Any]
    now: datetime

    def write(self, path: Path, plan: Plan, recipients: Sequence[tuple[Mailbox, PublicSealingKey]]) -> None:
        """Write a file of requests as ``load`` reads it; callers take turns among the recipients."""
        with path.open("wb") as file:
            for caller in range(plan.callers):
                messages = self.messages(*recipients[caller % len(recipients)])
                for _ in range(plan.warm + plan.requests):
                    items = [next(messages) for _ in range(plan.batch)]
                    body = json.dumps(items[0] if plan.batch == 1 else items, separators=(",", ":"))
                    file.write(f"{caller}\t{plan.batch}\t{body}\n".encode())

    def messages(self, ontvanger: Mailbox, key: PublicSealingKey) -> Iterator[dict[str, str]]:
        """Give the messages of one new ``reeks``, each in a dossier of its own, without end."""
        reeks, volgnummer, last = _random_id(), 0, None
        while True:
            volgnummer += 1
            last = message_id(self.now, os.urandom(10), last)
            draft = Draft(self.sender.mailbox, ontvanger, _random_id(), TYPE, self.bericht, self.now + TERM)
            sealed = _seal(draft, Mark(last, Salt.from_raw(os.urandom(16)), self.now), key)
            composed = sign_draft(sealed, Place(reeks, volgnummer), self.beurs, self.sender.signing)
            yield {"envelop": composed.envelop, "lading": composed.lading}


def _seal(draft: Draft, mark: Mark, key: PublicSealingKey) -> SealedDraft:
    """As ``seal_draft``, without the sender's own copy: it never leaves the sender."""
    payload = spell_payload(draft, mark)
    lading = sealing.seal(payload, key)
    data = Sealed(verzegeld=Digest.of(lading.encode()), inhoud=Digest.of(payload), omvang=len(lading))
    return SealedDraft(draft, mark, lading, "", data)


def _random_id() -> RandomId:
    return RandomId(str(UUID(bytes=os.urandom(16), version=4)))
