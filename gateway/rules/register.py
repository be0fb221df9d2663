"""The register: who takes part, with which keys, under which covenant; folded from the register log.

The gateway and every connector fold the same entries with this code, so a key cannot be shown to
one party and hidden from another (DESIGN, Two logs). The fold refuses what the log should never
hold: a key that the one before did not sign, an unknown mailbox, a covenant under another's digest. A covenant is
checked when it is adopted, and never again: a later check must not close a register that was begun before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gateway.errors import EvidenceError
from gateway.tlog.tree import Head, append, leaf_hash
from keys import signing
from keys.errors import KeysError
from keys.jwk import PublicSealingKey, PublicSigningKey, parse_public
from schemas.covenants import Convenant, CovenantError, read_covenant
from schemas.entries import (
    BeursEntry,
    CertificaatEntry,
    ConvenantEntry,
    DeelnemerEntry,
    GeschorstEntry,
    SleutelEntry,
    parse_register,
)
from schemas.envelope import MalformedError
from schemas.strict import canonical_json
from schemas.values import Digest, Mailbox, Oin, from_milliseconds, to_milliseconds

PublicKey = PublicSigningKey | PublicSealingKey


@dataclass(frozen=True, slots=True)
class Party:
    """A participant as the register has it now."""

    oin: Oin
    naam: str
    postvakken: tuple[Mailbox, ...]
    geschorst: bool = False


@dataclass(frozen=True, slots=True)
class KeySpan:
    """A key with the register indexes between which it was the active one; ``until`` is absent while it is."""

    key: PublicKey
    since: int
    until: int | None = None


class Version(NamedTuple):
    """A covenant that was logged, and from when on it holds; ``convenant`` is absent if this program cannot read it."""

    digest: Digest
    vanaf: datetime
    convenant: Convenant | None


@dataclass(frozen=True, slots=True)
class Register:
    """The state after ``head.size`` entries. Immutable: ``apply`` gives the next one."""

    head: Head
    beurs: str = ""
    vkeys: tuple[str, str] = ("", "")
    versies: tuple[Version, ...] = ()
    """Every covenant that was logged, oldest first, those that this program cannot read included."""
    parties: Mapping[Oin, Party] = field(default_factory=dict)
    spans: Mapping[tuple[str, str], tuple[KeySpan, ...]] = field(default_factory=dict)
    certificates: Mapping[str, Oin] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()

    @classmethod
    def empty(cls) -> Register:
        """Before the first entry."""
        return cls(Head.empty())

    @classmethod
    def fold(cls, bodies: Iterable[bytes]) -> Register:
        """Replay a whole register log."""
        state = cls.empty()
        for body in bodies:
            state = state.apply(body)
        return state

    @property
    def size(self) -> int:
        """How many entries were folded."""
        return self.head.size

    @property
    def root(self) -> Digest:
        """The root of the register log at this state."""
        return Digest.from_raw(self.head.root)

    @property
    def convenant(self) -> Convenant | None:
        """The newest covenant that was logged, in force or announced: participants are looked up there."""
        return self.versies[-1].convenant if self.versies else None

    @property
    def convenanten(self) -> tuple[tuple[Convenant, datetime], ...]:
        """Every covenant that can be read, with the moment from which it holds, in the order in which they begin."""
        begun = sorted(self.versies, key=lambda version: version.vanaf)  # stable: of one moment the last logged is last
        return tuple((version.convenant, version.vanaf) for version in begun if version.convenant is not None)

    def version_at(self, moment: datetime) -> Version | None:
        """Give the version in force at a moment: of those begun the last to begin, and of these the last logged.

        A version that was announced takes effect at its moment, whatever was adopted meanwhile for an earlier one.
        """
        begun = [version for version in reversed(self.versies) if version.vanaf <= moment]
        return max(begun, key=lambda version: version.vanaf, default=None)

    def announced(self, moment: datetime) -> tuple[Version, ...]:
        """Give the versions that will take effect after a moment, in the order in which they do."""
        coming = [v for v in self.versies if v.vanaf > moment and self.version_at(v.vanaf) is v]
        return tuple(sorted(coming, key=lambda version: version.vanaf))

    def convenant_at(self, moment: datetime) -> Convenant | None:
        """Give the covenant in force at a moment; nothing if there is none, or none that this program can read."""
        version = self.version_at(moment)
        return None if version is None else version.convenant

    def version(self, digest: Digest) -> Version | None:
        """Give the version that a decision quotes, the last logged under that digest."""
        return next((version for version in reversed(self.versies) if version.digest == digest), None)

    def convenant_by_digest(self, digest: Digest) -> Convenant | None:
        """Give the covenant that a decision quotes, so that it is explained by the rules of its time."""
        version = self.version(digest)
        return None if version is None else version.convenant

    def party(self, oin: Oin) -> Party | None:
        """The participant, or nothing."""
        return self.parties.get(oin)

    def owns(self, mailbox: Mailbox) -> bool:
        """Tell whether the mailbox is one of an active participant."""
        party = self.parties.get(mailbox.oin)
        return party is not None and not party.geschorst and mailbox in party.postvakken

    def signing_key(self, mailbox: Mailbox) -> PublicSigningKey | None:
        """The mailbox's active signing key."""
        key = self._active(mailbox, "ondertekenen")
        return key if isinstance(key, PublicSigningKey) else None

    def sealing_key(self, mailbox: Mailbox) -> PublicSealingKey | None:
        """The mailbox's one active sealing key: it decides, never the message."""
        key = self._active(mailbox, "verzegelen")
        return key if isinstance(key, PublicSealingKey) else None

    def receipt_key(self) -> PublicSigningKey | None:
        """The key with which the exchange signs receipts now."""
        key = self._active(self.beurs, "ontvangstbewijzen")
        return key if isinstance(key, PublicSigningKey) else None

    def history(self, owner: str, use: str) -> tuple[KeySpan, ...]:
        """Every key that ``owner`` (a mailbox, or the exchange's origin) had for ``use``, oldest first."""
        return self.spans.get((owner, use), ())

    def key(self, owner: str, use: str, kid: str) -> KeySpan | None:
        """A key of ``owner`` by its thumbprint, active or not."""
        return next((span for span in self.history(owner, use) if span.key.kid == kid), None)

    def apply(self, body: bytes) -> Register:
        """Give the state after one more entry.

        Raises:
            EvidenceError: the entry may not stand here; nothing after it can be trusted.
        """
        try:
            entry = parse_register(body)
            head, _ = append(self.head, [leaf_hash(body)])
            return replace(_APPLY[type(entry)](self, entry), head=head)
        except (MalformedError, KeysError) as error:
            raise EvidenceError(f"register entry {self.size} cannot be read: {error}") from error

    def _active(self, owner: str, use: str) -> PublicKey | None:
        spans = self.spans.get((owner, use))
        return spans[-1].key if spans and spans[-1].until is None else None


def begins(convenant: Convenant, logged: datetime) -> datetime:
    """Give from when on a covenant holds that is logged at a moment: at once, unless it says a later one itself.

    A whole millisecond, as entries spell it, and never before the covenant's own.
    """
    return max(logged, from_milliseconds(to_milliseconds(convenant.ingang + timedelta(microseconds=999))))


MAX_ENTRY = 0xFFFF
"""Most bytes of an entry of the register log: its bundles give the length in two bytes (C2SP tlog-tiles)."""


def fits(body: bytes) -> bool:
    """Tell whether an entry can be published, however JSON spelled what it holds."""
    return len(body) <= MAX_ENTRY


def key_statement(beurs: str, owner: str, use: str, jwk: Mapping[str, str]) -> bytes:
    """Spell what a key's ``bewijs`` signs: that this key is for this use, of this mailbox, at this exchange."""
    return canonical_json({"beurs": beurs, "postvak": owner, "gebruik": use, "jwk": dict(jwk)})


_VOUCHING = {False: "ondertekenen", True: "ontvangstbewijzen"}


def check_key_proof(register: Register, owner: str, use: str, jwk: Mapping[str, str], proof: str) -> PublicKey:
    """Tell that a new key is vouched for, and give it parsed.

    A first signing key vouches for itself (possession); any other key is signed by the owner's
    active signing key, and a later receipt key of the exchange by the one before. A lost key
    cannot be replaced this way (DESIGN, Keys).

    Raises:
        KeysError: the key or its proof is not right; the owner must make another.
    """
    key = parse_public(jwk)
    use_right = isinstance(key, PublicSealingKey) == (use == "verzegelen")
    voucher = register._active(owner, _VOUCHING[owner == register.beurs]) or key  # noqa: SLF001 - part of the fold
    if not use_right or not isinstance(voucher, PublicSigningKey):
        raise signing.SignatureError("sleutel-onbekend", "the key is of another kind than its use")
    unverified = signing.read(proof, signing.KEY_TYP)
    if signing.verify(unverified, voucher) != key_statement(register.beurs, owner, use, jwk):
        raise signing.SignatureError("sleutel-onbekend", "the proof is about another key")
    return key


def _beurs(state: Register, entry: BeursEntry) -> Register:
    if state.size:
        raise EvidenceError("a register log names its exchange once, first")
    return replace(state, beurs=entry.beurs, vkeys=(entry.vkeyregister, entry.vkeyverkeer))


def _convenant(state: Register, entry: ConvenantEntry) -> Register:
    text = entry.tekst.encode()
    if Digest.of(text) != entry.digest:
        raise EvidenceError("the covenant's digest is not that of its text")
    convenant = _readable(text)
    vanaf = entry.vanaf or entry.tijd
    too_soon = convenant is not None and entry.vanaf is not None and vanaf < convenant.ingang
    if vanaf < entry.tijd or too_soon:
        raise EvidenceError("a covenant does not hold before its entry, nor before it says itself")
    return replace(state, versies=(*state.versies, Version(entry.digest, vanaf, convenant)))


def _readable(text: bytes) -> Convenant | None:
    """Read a logged version; of a form that this program does not know it is only remembered that it is there."""
    try:
        return read_covenant(text)
    except CovenantError:
        return None


def _deelnemer(state: Register, entry: DeelnemerEntry) -> Register:
    if any(mailbox.oin != entry.oin for mailbox in entry.postvakken):
        raise EvidenceError("a mailbox belongs to another organisation")
    party = Party(entry.oin, entry.naam, entry.postvakken)
    return replace(state, parties={**state.parties, entry.oin: party})


def _geschorst(state: Register, entry: GeschorstEntry) -> Register:
    party = state.parties.get(entry.oin)
    if party is None:
        raise EvidenceError("an unknown participant cannot be suspended")
    return replace(state, parties={**state.parties, entry.oin: replace(party, geschorst=True)})


def _sleutel(state: Register, entry: SleutelEntry) -> Register:
    owner = entry.postvak or entry.beurs
    if owner is None or (entry.postvak and entry.beurs) or (entry.beurs and entry.beurs != state.beurs):
        raise EvidenceError("a key belongs to one mailbox or to this exchange")
    if (entry.gebruik == "ontvangstbewijzen") != (entry.beurs is not None):
        raise EvidenceError("receipt keys are the exchange's, all others a mailbox's")
    if entry.postvak is not None:
        party = state.parties.get(entry.postvak.oin)
        if party is None or entry.postvak not in party.postvakken:
            raise EvidenceError("a key for a mailbox that is not there")
        key = check_key_proof(state, owner, entry.gebruik, entry.jwk, entry.bewijs or "")
    elif state.history(owner, entry.gebruik):
        key = check_key_proof(state, owner, entry.gebruik, entry.jwk, entry.bewijs or "")
    else:
        key = parse_public(entry.jwk)  # the first: anchored by the authority's fingerprint in every invitation
    if key.kid != entry.kid:
        raise EvidenceError("a key under another key's thumbprint")
    before = state.spans.get((owner, entry.gebruik), ())
    closed = tuple(replace(span, until=state.size) if span.until is None else span for span in before)
    return replace(state, spans={**state.spans, (owner, entry.gebruik): (*closed, KeySpan(key, state.size))})


def _certificaat(state: Register, entry: CertificaatEntry) -> Register:
    if entry.soort == "certificaat-ingetrokken":
        return replace(state, revoked=state.revoked | {entry.serienummer})
    return replace(state, certificates={**state.certificates, entry.serienummer: entry.oin})


_APPLY: Mapping[type, Callable[[Register, Any], Register]] = {
    BeursEntry: _beurs,
    ConvenantEntry: _convenant,
    DeelnemerEntry: _deelnemer,
    GeschorstEntry: _geschorst,
    SleutelEntry: _sleutel,
    CertificaatEntry: _certificaat,
}
