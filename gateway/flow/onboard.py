"""Onboard: how a participant comes in with a one-time code, gets successor keys, and is suspended.

Each is one transaction of register entries; what a participant may do follows from the register alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.clock import Clock
from gateway.errors import RejectedError
from gateway.flow.gate import Peer
from gateway.flow.registry import Registry
from gateway.rules.register import Register, check_key_proof
from gateway.rules.rows import Log, Logged
from gateway.store.port import Store, Transaction
from keys.certificates import Authority, serial_hex
from keys.errors import CertificateError, KeysError
from schemas.entries import CertificaatEntry, DeelnemerEntry, Entry, GeschorstEntry, SleutelEntry
from schemas.problems import Problem
from schemas.strict import canonical_json, parse_json
from schemas.values import Digest, Mailbox, Oin, Salt, from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that is handed in, with the proof that it may be."""

    mailbox: Mailbox
    use: str
    jwk: Mapping[str, str]
    proof: str


@dataclass(frozen=True, slots=True)
class Joining:
    """A request to join: the secret of the code, a certificate request (PEM), and the keys of every mailbox."""

    secret: bytes
    request: str
    keys: Sequence[NewKey]


@dataclass(frozen=True, slots=True)
class Onboard:
    """Admit, renew, suspend."""

    store: Store
    registry: Registry
    authority: Authority
    clock: Clock
    salt: Callable[[], Salt]
    secret: Callable[[], bytes]
    certificate_days: int
    invitation_hours: int

    async def invite(self, oin: Oin) -> bytes:
        """Give a one-time secret with which a participant of the covenant may join; it is kept as a hash only.

        Raises:
            RejectedError: the covenant has no such participant, or it has joined already: its keys can only be
                followed by ones that they sign.
        """
        convenant = self.registry.current.convenant
        deelnemer = convenant.deelnemer(oin) if convenant else None
        if deelnemer is None:
            raise RejectedError(Problem.NIET_TOEGESTAAN)
        if self.registry.current.party(oin) is not None:
            raise RejectedError(Problem.AL_TOEGETREDEN)
        secret = self.secret()
        until = to_milliseconds(self.clock()) + self.invitation_hours * 3_600_000
        async with self.store.keep() as tx:
            await tx.invite(hashlib.sha256(secret).digest(), oin, deelnemer.naam, deelnemer.postvakken, until)
        return secret

    async def join(self, joining: Joining) -> dict[str, str]:
        """Admit a participant: mailboxes, keys and certificate become register entries together.

        The same request again gets the same answer. On return the participant is active.

        Raises:
            RejectedError: the code is unknown, used for another request, or too old; or a key or the request is wrong.
        """
        digest = Digest.of(canonical_json([joining.request, [k.proof for k in joining.keys]]))
        secret_hash = hashlib.sha256(joining.secret).digest()
        async with self.store.record() as tx:
            found = await tx.invitation(secret_hash)
            if found is None or (found[4] is None and found[3] < to_milliseconds(self.clock())):
                raise RejectedError(Problem.UITNODIGING_ONGELDIG)
            oin, naam, mailboxes, _, used = found
            if used is not None:
                return _repeated(used, digest)
            answer = await self._admit(tx, joining, oin, naam, mailboxes)
            await tx.use_invitation(secret_hash, canonical_json({"verzoek": digest, **answer}).decode())
        await self._fold()
        return answer

    async def _admit(
        self, tx: Transaction, joining: Joining, oin: Oin, naam: str, mailboxes: tuple[Mailbox, ...]
    ) -> dict[str, str]:
        now = self.clock()
        try:
            certificate = self.authority.issue(joining.request.encode(), oin, naam, now, self.certificate_days)
        except CertificateError as error:
            raise RejectedError(Problem.ONGELDIGE_INVOER, str(error), [("#/verzoek", str(error))]) from None
        register = await self.registry.at(tx)
        steps: list[Callable[[Register], Entry]] = [
            lambda _: self._entry(DeelnemerEntry, soort="deelnemer", oin=oin, naam=naam, postvakken=mailboxes),
            *(self._key_step(key, mailboxes) for key in _ordered(joining.keys)),
            lambda _: self._entry(CertificaatEntry, soort="certificaat", oin=oin, serienummer=serial_hex(certificate)),
        ]
        after = await self._append(tx, register, steps)
        if any(after.signing_key(box) is None or after.sealing_key(box) is None for box in mailboxes):
            raise RejectedError(Problem.ONGELDIGE_INVOER, "", [("#/sleutels", "two keys for every mailbox")])
        return {
            "certificaat": certificate,
            "autoriteit": self.authority.certificate_pem,
            "beurs": register.beurs,
            "register": register.vkeys[0],
            "verkeer": register.vkeys[1],
        }

    async def renew_key(self, peer: Peer, key: NewKey) -> Logged:
        """Make a successor the active key of the peer's mailbox; the one before vouches for it.

        Raises:
            RejectedError: the mailbox is not the peer's, or the proof is not by its active signing key.
        """
        if key.mailbox.oin != peer.oin or not self.registry.current.owns(key.mailbox):
            raise RejectedError(Problem.NIET_GEVONDEN)
        async with self.store.record() as tx:
            register = await self.registry.at(tx)
            if register.signing_key(key.mailbox) is None:
                raise RejectedError(Problem.SLEUTEL_ONBEKEND)
            after = await self._append(tx, register, [self._key_step(key, (key.mailbox,))])
            (leaf,) = await tx.hashes(Log.REGISTER, 0, after.size - 1, after.size)
        await self._fold()
        return Logged(after.size - 1, leaf)

    async def suspend(self, oin: Oin) -> None:
        """Suspend a participant and revoke its certificates, open connections included; twice is the same as once.

        Raises:
            RejectedError: there is no such participant.
        """
        async with self.store.record() as tx:
            register = await self.registry.at(tx)
            party = register.party(oin)
            if party is None:
                raise RejectedError(Problem.NIET_GEVONDEN)
            if party.geschorst:
                return
            serials = [s for s, owner in register.certificates.items() if owner == oin and s not in register.revoked]
            await self._append(
                tx,
                register,
                [
                    lambda _: self._entry(GeschorstEntry, soort="geschorst", oin=oin),
                    *(self._revocation(oin, serial) for serial in serials),
                ],
            )
            await tx.withdraw(oin)
        await self._fold()

    async def revocation_list(self) -> str:
        """Give the revocation list as of now, signed by the authority (PEM)."""
        return self.authority.revocation_list(self.clock(), sorted(int(s, 16) for s in self.registry.current.revoked))

    def _key_step(self, key: NewKey, mailboxes: tuple[Mailbox, ...]) -> Callable[[Register], Entry]:
        def step(register: Register) -> Entry:
            if key.mailbox not in mailboxes:
                raise RejectedError(Problem.ONGELDIGE_INVOER, "", [("#/sleutels", "a mailbox that is not yours")])
            try:
                parsed = check_key_proof(register, key.mailbox, key.use, key.jwk, key.proof)
            except KeysError as error:
                raise RejectedError(Problem.HANDTEKENING_ONGELDIG, str(error)) from None
            return self._entry(
                SleutelEntry,
                soort="sleutel",
                postvak=key.mailbox,
                gebruik=key.use,
                kid=parsed.kid,
                jwk=dict(key.jwk),
                bewijs=key.proof,
            )

        return step

    def _revocation(self, oin: Oin, serial: str) -> Callable[[Register], Entry]:
        return lambda _: self._entry(CertificaatEntry, soort="certificaat-ingetrokken", oin=oin, serienummer=serial)

    def _entry(self, kind: type[Entry], **facts: Any) -> Entry:  # noqa: ANN401 - the entry's own fields
        moment = from_milliseconds(to_milliseconds(self.clock()))
        return kind.model_construct(tijd=moment, zout=self.salt(), **facts)

    async def _append(
        self, tx: Transaction, register: Register, steps: Sequence[Callable[[Register], Entry]]
    ) -> Register:
        """Append entries, each made from the register that the ones before it give: the fold is the check."""
        moment = max(to_milliseconds(self.clock()), (await tx.head(Log.REGISTER)).moment)
        bodies = []
        for step in steps:
            body = step(register).model_copy(update={"tijd": from_milliseconds(moment)}).body()
            register = register.apply(body)
            bodies.append(body)
        await tx.append(Log.REGISTER, moment, bodies)
        return register

    async def _fold(self) -> None:
        async with self.store.read() as view:
            await self.registry.at(view)


def _ordered(keys: Sequence[NewKey]) -> list[NewKey]:
    """Signing keys first: they vouch for the others."""
    return sorted(keys, key=lambda key: key.use != "ondertekenen")


def _repeated(used: str, digest: Digest) -> dict[str, str]:
    answer: dict[str, str] = parse_json(used)
    if answer.pop("verzoek") != digest:
        raise RejectedError(Problem.UITNODIGING_ONGELDIG)
    return answer
