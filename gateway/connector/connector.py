"""One party's connector: what the command line, tests and applications use."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gateway.client.compose import Composed
from gateway.client.tls import client_context
from gateway.client.transport import HttpTransport, Transport
from gateway.client.trust import Trust
from gateway.clock import Clock, system_clock
from gateway.connector import (
    completeness,
    contents,
    dossier,
    history,
    inbox,
    ledger,
    listing,
    monthly,
    outbox,
    reading,
    terms,
)
from gateway.connector.agent import Agent, Party
from gateway.connector.collecting import Gain
from gateway.connector.composing import Composing, NewMessage, random_id
from gateway.connector.desk import Desk
from gateway.connector.directory import TLS_KEY, Directory, Settings, sealing_name, signing_name
from gateway.connector.dossier import Dossier, Summary
from gateway.connector.inbox import Missing
from gateway.connector.ledger import RaisedAlarm
from gateway.connector.listing import Sent
from gateway.connector.maandbestand import Identity
from gateway.connector.monthly import Earlier, Episode, ReportedRow
from gateway.connector.partykeys import MailboxKeys
from gateway.connector.reading import Received, Record, Standing
from gateway.connector.register import Replay
from gateway.connector.spool import Spool
from gateway.connector.terms import Owed
from gateway.covenant.tracks import Position, follow
from gateway.errors import ConfigurationError, RejectedError
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from keys.keyring import KeyRing, Secret
from schemas.problems import Problem
from schemas.texts import Language
from schemas.values import Digest, Mailbox, MessageId, RandomId

Dial = Callable[[str, ssl.SSLContext], AbstractAsyncContextManager[Transport]]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A mailbox's first signing key as people compare it, and whether somebody did."""

    mailbox: Mailbox
    naam: str
    fingerprint: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The spool in numbers: messages per state, promises covered of those given, what waits, what is missing."""

    outgoing: Mapping[str, int]
    incoming: Mapping[str, int]
    waiting: int
    covered: int
    promised: int
    missing: Sequence[Missing]
    alarms: Sequence[RaisedAlarm]


class Connector:
    """An open party directory. Close it, or use it as a context manager."""

    def __init__(self, directory: Directory, ring: KeyRing, clock: Clock, chance: Callable[[int], bytes]) -> None:
        self.directory, self.settings = directory, directory.settings()
        self.keys = _mailbox_keys(ring, self.settings)
        self.spool, self._desk, self._clock = Spool(directory.spool_file), Desk(), clock
        self._tls_key, self._chance = ring.secret(TLS_KEY), chance
        self._replay = Replay(self.spool, self._desk, self.settings.anchor)
        self._composing = Composing(self.spool, self.keys, clock, chance)
        with self.spool.record() as db:
            if not outbox.has_series(db):
                outbox.start_series(db, random_id(chance))
            for mailbox, keys in self.keys.items():
                if mailbox not in ledger.confirmed_keys(db):
                    ledger.confirm_key(db, mailbox, keys.first_kid, clock())
        self.reload()

    @classmethod
    def open(
        cls,
        root: Path,
        secret: Secret | None = None,
        clock: Clock = system_clock,
        chance: Callable[[int], bytes] = os.urandom,
    ) -> Connector:
        """Open a party's directory; without ``secret`` it is looked for as ``Directory.secret`` says.

        Raises:
            ConfigurationError: the directory was not joined, or there is no secret.
            KeyRingError: the secret is wrong, or the key ring is damaged.
        """
        directory = Directory(root)
        directory.settings()
        return cls(directory, KeyRing.open(directory.ring_file, secret or directory.secret()), clock, chance)

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Finish what was begun and close the spool."""
        self._desk.close()
        self.spool.close()

    @property
    def trust(self) -> Trust:
        """The register as replayed so far, and the confirmed keys."""
        return self._replay.trust

    def reload(self) -> Trust:
        """Take over what another process replayed or confirmed in the same spool."""
        return self._replay.reload()

    # Sending

    def spool_message(self, message: NewMessage, language: Language = "en") -> Composed:
        """Spool one message; see ``spool_messages``."""
        return self.spool_messages([message], language)[0]

    def spool_messages(self, messages: Sequence[NewMessage], language: Language = "en") -> list[Composed]:
        """Check, seal, number, sign and keep messages, all or none; ``run`` sends them, in this order.

        Raises:
            RejectedError: one does not fit its schema, or the covenant in its dossier (each objection is a fault, in
            ``language``), or its recipient is unknown or not confirmed.
        """
        return self._composing(messages, self.reload(), language)

    def judge(self, messages: Sequence[NewMessage], language: Language = "en") -> list[RejectedError | None]:
        """Tell of each message what ``spool_messages`` would have against it; nothing is kept."""
        return self._composing.judge(messages, self.reload(), language)

    def dossier_of(self, episode: Episode) -> RandomId:
        """Give the dossier of an arrears episode, the same one every time."""
        with self.spool.record() as db:
            return monthly.dossier_of(db, episode, random_id(self._chance))

    def reported(self, row: ReportedRow) -> Earlier | None:
        """Give what was sent before for a row of a monthly file."""
        with self.spool.read() as db:
            return monthly.reported(db, row)

    def reported_rows(self) -> dict[Identity, Digest]:
        """Give the content of every row of a monthly file that was sent before, by its identity."""
        with self.spool.read() as db:
            return {Identity(*identity): Digest(content) for identity, content in monthly.all_reported(db).items()}

    async def refresh(self, transport: Transport) -> Trust:
        """Replay the register log up to its newest checkpoint; see ``Replay.refresh``."""
        return await self._replay.refresh(transport)

    def after_restore(self) -> None:
        """Begin a new reeks: the spool was restored from a backup, and numbers may have been given out since.

        For the command that takes up work after a restore, which comes later.
        """
        with self.spool.record() as db:
            outbox.start_series(db, random_id(self._chance))
            completeness.restored(db, list(self.keys))

    # Reading

    def inbox(self, after: int = 0, limit: int = 100, unread: bool = False) -> list[Received]:
        """Give messages handed over after that turn, in order, opened on the fly."""
        with self.spool.read() as db:
            messages = inbox.handed_over(db, after, limit, unread)
        return reading.received(messages, self.keys)

    def mark_read(self, source: Mailbox, identifier: MessageId) -> bool:
        """Mark a message as read by the application; false when it was never handed over."""
        with self.spool.record() as db:
            return inbox.mark_read(db, source, identifier, self._clock())

    def status(self, identifier: MessageId) -> Standing | None:
        """Tell where a message stands, with its proofs; nothing when it is not known here."""
        with self.spool.read() as db:
            return reading.standing(db, identifier)

    def records(self, dossier: RandomId) -> list[Record]:
        """Give everything that is kept of a dossier: what evidence is made of."""
        with self.spool.read() as db:
            return reading.records(db, dossier, self.keys)

    def obligations(self, dossier: RandomId | None = None) -> list[Owed]:
        """List the terms on content, of one dossier or of all: the open ones first."""
        with self.spool.read() as db:
            return terms.listed(db, self._clock(), dossier)

    def dossier(self, identifier: RandomId) -> Dossier | None:
        """Show one dossier: its tracks, every message with its proofs, and what may come next.

        Raises:
            RejectedError: no covenant is known yet.
        """
        now = self._clock()
        convenant = contents.covenant_now(self.reload(), now)
        with self.spool.read() as db:
            return dossier.view(db, identifier, self.keys, convenant, now)

    def position(self, identifier: RandomId) -> Position:
        """Tell where the tracks of a dossier stand now, by what this party has of it; see ``dossier``."""
        now = self._clock()
        convenant = contents.covenant_now(self.reload(), now)
        with self.spool.read() as db:
            return follow(convenant, history.passed(db, identifier, self.keys), now)

    def dossiers(self, limit: int = 50) -> list[Summary]:
        """List the dossiers with their states, the last one touched first; see ``dossier``."""
        now = self._clock()
        convenant = contents.covenant_now(self.reload(), now)
        with self.spool.read() as db:
            return dossier.summaries(db, self.keys, convenant, now, limit)

    def sent(self, limit: int = 50) -> list[Sent]:
        """List what was sent, newest first, whatever became of it."""
        with self.spool.read() as db:
            return listing.sent(db, limit)

    def refused(self, limit: int = 50) -> list[Sent]:
        """List what was refused or not delivered, newest first."""
        with self.spool.read() as db:
            return listing.sent(db, limit, listing.REFUSED)

    def overview(self) -> Overview:
        """Count what is in the spool."""
        with self.spool.read() as db:
            covered, promised = ledger.count_promises(db)
            return Overview(
                outbox.counts(db),
                inbox.counts(db),
                inbox.waiting(db),
                covered,
                promised,
                inbox.missing(db),
                ledger.open_alarms(db),
            )

    # Trusting

    def fingerprints(self) -> list[Fingerprint]:
        """Give every mailbox in the register with the fingerprint that people compare over another channel."""
        trust, found = self.reload(), []
        for party in trust.register.parties.values():
            for mailbox in party.postvakken:
                if (key := trust.first_key(mailbox)) is not None:
                    print_ = key.fingerprint()
                    found.append(Fingerprint(mailbox, party.naam, print_, trust.is_confirmed(mailbox)))
        return found

    def confirm(self, mailbox: Mailbox, fingerprint: str) -> None:
        """Trust a mailbox's first key from here on: a person compared the fingerprint.

        Raises:
            RejectedError: the mailbox has no key, or its fingerprint is another; do not go on, call that party.
        """
        key = self.reload().first_key(mailbox)
        if key is None or "".join(fingerprint.split()) != "".join(key.fingerprint().split()):
            raise RejectedError(Problem.SLEUTEL_ONBEKEND, "the register has another fingerprint for this mailbox")
        with self.spool.record() as db:
            ledger.confirm_key(db, mailbox, key.kid, self._clock())
        self.reload()

    def settle_alarm(self, place: int) -> bool:
        """Record that a person dealt with an alarm; false when it is not open."""
        with self.spool.record() as db:
            return ledger.settle_alarm(db, place, self._clock())

    # Working

    def agent(self, transport: Transport) -> Agent:
        """Give the agent that works for this party over an open transport."""
        name, vkey = str(self.settings.oin), self.settings.verkeer_vkey
        chance = self._fraction
        return Agent(Party(name, self.spool, self._desk, self._replay, self.keys, self._clock, chance, vkey), transport)

    def dial(self, dial: Dial = HttpTransport) -> AbstractAsyncContextManager[Transport]:
        """Give the way to this party's exchange, over mutual TLS."""
        try:
            authority = self.directory.authority_file.read_text("utf-8")
            certificate = self.directory.certificate_file.read_text("utf-8")
        except OSError as error:
            raise ConfigurationError(f"{self.directory.root} has no certificate; join again") from error
        return dial(self.settings.url, client_context(authority, certificate, self._tls_key))

    async def step(self, dial: Dial = HttpTransport) -> Gain:
        """Do one round of everything, without waiting; see ``Agent.step``."""
        async with self.dial(dial) as transport:
            return await self.agent(transport).step()

    async def run(self, stop: asyncio.Event, dial: Dial = HttpTransport) -> None:
        """Work until ``stop`` is set; see ``Agent.run``."""
        async with self.dial(dial) as transport:
            await self.agent(transport).run(stop)

    async def collect_again(self, vanaf: int, dial: Dial = HttpTransport) -> Gain:
        """After a restore: collect again everything from a log index on, to the last; what is known is recognised.

        From here on until all of it is here nobody is refused for what only our own part of a dossier can tell. If
        this ends early, what the exchange still offers comes with the ordinary rounds; the same call again is safe.

        For the command that takes up work after a restore, which comes later.
        """
        with self.spool.record() as db:
            completeness.restored(db, list(self.keys))
        total = Gain()
        async with self.dial(dial) as transport:
            for collect in self.agent(transport).collecting:
                total += await collect(vanaf=vanaf)
                gain = Gain(more=True)
                while gain.anything:  # what was known is no gain, but its receipt is handed in again
                    gain = await collect()
                    total += gain
        return total

    def _fraction(self) -> float:
        return int.from_bytes(self._chance(4), "big") / 2**32


def _mailbox_keys(ring: KeyRing, settings: Settings) -> dict[Mailbox, MailboxKeys]:
    found = {}
    for mailbox in settings.mailboxes:
        sealing: dict[str, PrivateSealingKey] = {
            key.kid: key for key in ring.all(sealing_name(mailbox), PrivateSealingKey)
        }
        signing = ring.all(signing_name(mailbox), PrivateSigningKey)
        active = ring.active(signing_name(mailbox), PrivateSigningKey)
        found[mailbox] = MailboxKeys(active, sealing, signing[-1].kid, {key.kid: key for key in signing})
    return found
