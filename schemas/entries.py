"""Log entries (logregels): what the two logs record, in canonical JSON (RFC 8785).

Entries hold ids, OINs, digests, codes and public keys; never a name of a person, an address,
an amount, a BSN or free text. Each carries 16 random bytes, so that its leaf hash gives
nothing away once its body is deleted.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from schemas.envelope import MalformedError, Origin, Wire
from schemas.receipts import Code, Index, RegisterState
from schemas.strict import NotStrictJsonError, canonical_json, parse_json
from schemas.values import Digest, Instant, Mailbox, MessageId, Oin, RandomId, Salt


class Entry(Wire):
    """One entry; ``tijd`` never decreases within a log."""

    soort: str
    tijd: Instant
    zout: Salt

    @staticmethod
    def spelled(**facts: Any) -> bytes:  # noqa: ANN401 - JSON is any of six things
        """Spell facts that were validated already as ``body`` would, moments spelled by the caller; ``None`` is absent.

        For entries that are written by the thousand: no model is built. A test holds the two spellings together.
        """
        return canonical_json({name: value for name, value in facts.items() if value is not None})

    def body(self) -> bytes:
        """Spell canonically: these bytes are the leaf."""
        return canonical_json(
            self.__pydantic_serializer__.to_python(self, mode="json", exclude_none=True, by_alias=True)
        )


class MessageEntry(Entry):
    """An entry about one message, in the traffic log."""

    id: MessageId
    source: Mailbox
    ontvanger: Mailbox
    digest: Digest


class AanvaardEntry(MessageEntry):
    """A message was accepted under this covenant, its sender's key being active in this register state."""

    soort: Literal["aanvaard"] = "aanvaard"
    dossier: RandomId
    type: str
    antwoordop: MessageId | None = None
    reeks: RandomId
    volgnummer: int
    verlooptijd: Instant
    sleutel: Digest
    stand: RegisterState = Field(alias="register")
    convenant: Digest


class AfgewezenEntry(MessageEntry):
    """A message of an authenticated party was refused; its number is spent if it was the next one."""

    soort: Literal["afgewezen"] = "afgewezen"
    reeks: RandomId
    volgnummer: int
    code: Code
    sleutel: Digest
    convenant: Digest | None = None


class AangebodenEntry(MessageEntry):
    """A message was handed to its recipient's connector for the first time."""

    soort: Literal["aangeboden"] = "aangeboden"
    aanvaard: Index


class BewijsEntry(MessageEntry):
    """A recipient's signed receipt was booked."""

    soort: Literal["ontvangen", "geweigerd"]
    aanvaard: Index
    bewijs: Digest
    sleutel: Digest
    code: Code | None = None
    stand: RegisterState = Field(alias="register")


class NietAfgeleverdEntry(MessageEntry):
    """A message expired without a booked receipt."""

    soort: Literal["niet-afgeleverd"] = "niet-afgeleverd"
    reeks: RandomId
    volgnummer: int
    aanvaard: Index
    aangeboden: Index | None = None


class TermijnOverschredenEntry(MessageEntry):
    """A reply term ended without an accepted answer; those whom the covenant names are told, once a level (I9)."""

    soort: Literal["termijn-overschreden"] = "termijn-overschreden"
    aanvaard: Index
    termijn: Code
    trede: int
    uiterlijk: Instant
    convenant: Digest


class WaarschuwingEntry(MessageEntry):
    """A message was accepted though a gate of the covenant stood closed; both its parties are told."""

    soort: Literal["waarschuwing"] = "waarschuwing"
    aanvaard: Index
    poort: Code
    convenant: Digest


class OpnieuwEntry(Entry):
    """A recipient collected again from an index on, after a restore."""

    soort: Literal["opnieuw-opgehaald"] = "opnieuw-opgehaald"
    ontvanger: Mailbox
    vanaf: Index
    aantal: int


TrafficEntry = Annotated[
    AanvaardEntry
    | AfgewezenEntry
    | AangebodenEntry
    | BewijsEntry
    | NietAfgeleverdEntry
    | TermijnOverschredenEntry
    | WaarschuwingEntry
    | OpnieuwEntry,
    Field(discriminator="soort"),
]


class BeursEntry(Entry):
    """The first register entry: which exchange this is and which keys sign its checkpoints (C2SP vkeys)."""

    soort: Literal["beurs"] = "beurs"
    beurs: Origin
    vkeyregister: str
    vkeyverkeer: str


class ConvenantEntry(Entry):
    """A covenant, whole: it holds from ``vanaf`` on, which is never before its entry; every decision quotes its digest.

    Without ``vanaf`` it holds from its entry on.
    """

    soort: Literal["convenant"] = "convenant"
    digest: Digest
    tekst: str
    vanaf: Instant | None = None


class DeelnemerEntry(Entry):
    """A participant was admitted with these mailboxes, or its mailboxes changed."""

    soort: Literal["deelnemer"] = "deelnemer"
    oin: Oin
    naam: str
    postvakken: tuple[Mailbox, ...]


class GeschorstEntry(Entry):
    """A participant was suspended: from here on nothing of it is accepted and nothing is for it."""

    soort: Literal["geschorst"] = "geschorst"
    oin: Oin


class SleutelEntry(Entry):
    """A key became the active one for its use, of a mailbox or of the exchange.

    ``bewijs`` is a JWS (typ ``sleutel+jws``) over {postvak, gebruik, jwk}: by the new key itself for a first
    signing key, by the mailbox's active signing key for every later one and for every sealing key.
    """

    soort: Literal["sleutel"] = "sleutel"
    postvak: Mailbox | None = None
    beurs: Origin | None = None
    gebruik: Literal["ondertekenen", "verzegelen", "ontvangstbewijzen"]
    kid: Digest
    jwk: dict[str, str]
    bewijs: str | None = None


class CertificaatEntry(Entry):
    """A connection certificate was issued to a participant, or revoked; named by serial number in hex."""

    soort: Literal["certificaat", "certificaat-ingetrokken"]
    oin: Oin
    serienummer: Annotated[str, Field(pattern=r"^[0-9a-f]{1,40}$")]


RegisterEntry = Annotated[
    BeursEntry | ConvenantEntry | DeelnemerEntry | GeschorstEntry | SleutelEntry | CertificaatEntry,
    Field(discriminator="soort"),
]

_TRAFFIC: TypeAdapter[Any] = TypeAdapter(TrafficEntry)
_REGISTER: TypeAdapter[Any] = TypeAdapter(RegisterEntry)


def parse_traffic(body: bytes) -> Any:  # noqa: ANN401 - one of TrafficEntry
    """Read one traffic entry; raises ``MalformedError`` also when the bytes are not its canonical spelling."""
    return _parse(_TRAFFIC, body)


def parse_register(body: bytes) -> Any:  # noqa: ANN401 - one of RegisterEntry
    """Read one register entry; raises ``MalformedError`` also when the bytes are not its canonical spelling."""
    return _parse(_REGISTER, body)


def _parse(adapter: TypeAdapter[Any], body: bytes) -> Any:  # noqa: ANN401
    try:
        value = parse_json(body)
        entry = adapter.validate_python(
            {**value, "postvakken": tuple(value["postvakken"])} if "postvakken" in value else value
        )
    except (NotStrictJsonError, ValidationError, TypeError):
        raise MalformedError([("#", "no log entry")]) from None
    if entry.body() != body:
        raise MalformedError([("#", "not in canonical form")])
    return entry
