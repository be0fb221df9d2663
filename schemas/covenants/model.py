"""The covenant as data: participants, municipalities, what may be sent, how long it counts and is kept.

Every value has been checked when a ``Convenant`` exists, so its methods are plain look-ups. Whether
a message may be sent is decided elsewhere, on these data.
"""
# ruff: noqa: N815 - field names are those of the file, which its readers read

from __future__ import annotations

from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas.berichten.klassen import DataClass
from schemas.berichten.projectie import Eindresultaat
from schemas.berichten.signaal import BehandelaarContact, Resultaat
from schemas.covenants.regels import BerichtRegel, Inhoudstermijn, Poort, Termijn, Vervulling
from schemas.covenants.sporen import Spoor, Spoornaam, Stap
from schemas.covenants.vormen import (
    BoxName,
    Codes,
    Data,
    Gebied,
    Ingang,
    Lengte,
    Regel,
    Soort,
    Soorten,
    Stand,
    Typen,
    once,
)
from schemas.values import Digest, Gemeentecode, Mailbox, Oin, Postcode

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Gemeente(Data):
    """A municipality: the four-digit postcodes of its dwellings, and from when on it wants arrears reported.

    ``postcodes`` are ranges, first and last included. ``maximumDagen`` is absent when the
    municipality sets no upper limit. ``contact`` is the one point where corporations turn to: every terugkoppeling
    of the municipality names it, so that nobody can tell anything by what stands there.
    """

    code: Gemeentecode
    naam: Regel
    postcodes: Annotated[tuple[Gebied, ...], Field(strict=False, min_length=1)]
    minimumCent: Annotated[int, Field(ge=0, lt=10**12)]
    minimumDagen: Annotated[int, Field(ge=0, le=3650)] = 30
    maximumDagen: Annotated[int, Field(ge=0, le=3650)] | None = None
    contact: BehandelaarContact

    @model_validator(mode="after")
    def _below_maximum(self) -> Self:
        if self.maximumDagen is not None and self.maximumDagen < self.minimumDagen:
            raise ValueError("maximumDagen is not below minimumDagen")
        return self

    def covers(self, postcode: Postcode) -> bool:
        """Tell whether a dwelling with this postcode is in the municipality."""
        return any(first <= postcode[:4] <= last for first, last in self.postcodes)


class Deelnemer(Data):
    """A participant: its organisation's number, its kind, the municipalities it works for, its mailboxes by name."""

    oin: Oin
    naam: Regel
    soort: Annotated[Soort, Field(strict=False)]
    gebied: Codes
    namen: Annotated[
        tuple[BoxName, ...], Field(strict=False, min_length=1, max_length=20, alias="postvakken"), AfterValidator(once)
    ]

    @cached_property
    def postvakken(self) -> tuple[Mailbox, ...]:
        """Its mailboxes, in the order of the file."""
        return tuple(Mailbox.of(self.oin, name) for name in self.namen)

    def shares_area(self, other: Deelnemer) -> bool:
        """Tell whether both work for one municipality at least."""
        return not set(self.gebied).isdisjoint(other.gebied)


class Bewaring(Data):
    """How long case data stay after a dossier closes, and how long the evidence log stays (DOMAIN 1.2).

    ``klassen``: the months that fields of each data class stay at a connector after its dossier closed.
    """

    nietOpgepaktMaanden: Annotated[int, Field(ge=1, le=240)]
    afgerondMaanden: Annotated[int, Field(ge=1, le=240)]
    bewijsJaren: Annotated[int, Field(ge=1, le=100)]
    klassen: dict[Annotated[DataClass, Field(strict=False)], Annotated[int, Field(ge=0, le=1200)]]

    @model_validator(mode="after")
    def _every_class(self) -> Self:
        if set(self.klassen) != set(DataClass):
            raise ValueError("klassen names each data class: G, P1, P2, P3, P4")
        return self


class Bezorgvenster(Data):
    """The days of the month on which monthly files are delivered, first and last included (LCV)."""

    vanDag: Annotated[int, Field(ge=1, le=28)]
    totDag: Annotated[int, Field(ge=1, le=28)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.vanDag > self.totDag:
            raise ValueError("vanDag is not after totDag")
        return self

    def holds(self, day: date) -> bool:
        """Tell whether the day is one of them."""
        return self.vanDag <= day.day <= self.totDag


class Grenzen(Data):
    """Bounds that the connectors hold the content of messages to (DOMAIN 1.1, 1.3, 3.5).

    ``ophalen``: within this time a recipient collects; reply terms begin then at the latest. ``bsnNaar``: the kinds of
    participant that a citizen service number may go to, from a municipality. ``toetsers``: who may test the
    subsistence minimum (R4); ``toetsGeldig``: how long a test counts (R7). A summons is announced
    ``dagvaardingNa`` the signal at the earliest and while it is not older than ``signaalGeldig``, or both are warned.
    ``aanzeggingDagen``: so many days at least between the announcement of an eviction and its day. ``hulpStanden``: in
    these states of the help track help was accepted. ``wissen``: the contents that are destroyed at both ends when the
    tenant objects, each a type and what its fields say; all else of a dossier stays. ``sluit``: once a message of
    these types is accepted, its two parties owe each other no answer any more to what came before it in the dossier.
    """

    ophalen: Lengte
    bsnNaar: Soorten
    toetsers: Soorten
    toetsGeldig: Lengte
    dagvaardingNa: Lengte
    signaalGeldig: Lengte
    aanzeggingDagen: Annotated[int, Field(ge=0, le=365)]
    hulpStanden: Annotated[tuple[Stand, ...], Field(strict=False, min_length=1), AfterValidator(once)]
    wissen: Annotated[tuple[Vervulling, ...], Field(strict=False, min_length=1)]
    sluit: Typen = ()


class Convenant(Data):
    """The covenant that holds: one file, known by the digest of its bytes. Made by ``load_covenant`` only."""

    naam: Regel
    versie: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", max_length=20)]
    geldigVanaf: Ingang
    bewaring: Bewaring
    bezorgvenster: Bezorgvenster
    grenzen: Grenzen
    projectie: dict[Annotated[Eindresultaat, Field(strict=False)], Annotated[Resultaat, Field(strict=False)]]
    gemeenten: Annotated[tuple[Gemeente, ...], Field(strict=False, min_length=1, alias="gemeente")]
    deelnemers: Annotated[tuple[Deelnemer, ...], Field(strict=False, min_length=1, alias="deelnemer")]
    berichten: Annotated[tuple[BerichtRegel, ...], Field(strict=False, min_length=1, alias="bericht")]
    poorten: Annotated[tuple[Poort, ...], Field(strict=False, alias="poort")] = ()
    termijnen: Annotated[tuple[Termijn, ...], Field(strict=False, alias="termijn")] = ()
    inhoudstermijnen: Annotated[tuple[Inhoudstermijn, ...], Field(strict=False, alias="inhoudstermijn")] = ()
    sporen: Annotated[tuple[Spoor, ...], Field(strict=False, alias="spoor")]
    stappen: Annotated[tuple[Stap, ...], Field(strict=False, alias="stap")]
    digest: Digest
    text: str

    @cached_property
    def ingang(self) -> datetime:
        """From which moment on it holds, if it was adopted by then; a day begins at midnight in Amsterdam."""
        if isinstance(self.geldigVanaf, datetime):
            return self.geldigVanaf
        return datetime.combine(self.geldigVanaf, time(), AMSTERDAM)

    def deelnemer(self, oin: Oin) -> Deelnemer | None:
        """Give the participant with this number, if it is one."""
        return self._by_oin.get(oin)

    def bericht(self, type_code: str) -> BerichtRegel | None:
        """Give what the covenant says about a type; nothing means that it may not be sent."""
        return self._by_type.get(type_code)

    def plaats(self, type_code: str) -> int:
        """Give which of ``berichten`` a type is, from 0. Raises ``KeyError`` if the covenant does not have it."""
        return self._at[type_code]

    def gemeente(self, code: str) -> Gemeente:
        """Give the municipality with this code. Raises ``KeyError`` if the covenant does not have it."""
        return self._by_code[code]

    def gemeente_van(self, postcode: Postcode) -> Gemeente | None:
        """Give the municipality of a dwelling; ranges do not overlap, so there is one at most."""
        return next((gemeente for gemeente in self.gemeenten if gemeente.covers(postcode)), None)

    def gemeente_deelnemer(self, code: str) -> Deelnemer:
        """Give the municipality as a participant. Raises ``KeyError`` if the covenant does not have it."""
        return self._municipal[code]

    def poorten_voor(self, type_code: str) -> tuple[Poort, ...]:
        """Give the gates that a message of this type passes."""
        return self._gates.get(type_code, ())

    def termijnen_op(self, type_code: str) -> tuple[Termijn, ...]:
        """Give the reply terms that a message of this type starts."""
        return self._terms.get(type_code, ())

    def termijn(self, code: str) -> Termijn:
        """Give the reply term with this code. Raises ``KeyError`` if the covenant does not have it."""
        return self._term_by_code[code]

    def spoor(self, naam: Spoornaam) -> Spoor:
        """Give the track; each is there exactly once."""
        return self._tracks[naam]

    @cached_property
    def _by_oin(self) -> dict[str, Deelnemer]:
        return {deelnemer.oin: deelnemer for deelnemer in self.deelnemers}

    @cached_property
    def _by_type(self) -> dict[str, BerichtRegel]:
        return {regel.code: regel for regel in self.berichten}

    @cached_property
    def _at(self) -> dict[str, int]:
        return {regel.code: at for at, regel in enumerate(self.berichten)}

    @cached_property
    def _by_code(self) -> dict[str, Gemeente]:
        return {gemeente.code: gemeente for gemeente in self.gemeenten}

    @cached_property
    def _municipal(self) -> dict[str, Deelnemer]:
        return {deelnemer.gebied[0]: deelnemer for deelnemer in self.deelnemers if deelnemer.soort is Soort.GEM}

    @cached_property
    def _gates(self) -> dict[str, tuple[Poort, ...]]:
        return {p.voor: tuple(q for q in self.poorten if q.voor == p.voor) for p in self.poorten}

    @cached_property
    def _terms(self) -> dict[str, tuple[Termijn, ...]]:
        return {t.op: tuple(u for u in self.termijnen if u.op == t.op) for t in self.termijnen}

    @cached_property
    def _term_by_code(self) -> dict[str, Termijn]:
        return {termijn.code: termijn for termijn in self.termijnen}

    @cached_property
    def _tracks(self) -> dict[Spoornaam, Spoor]:
        return {spoor.naam: spoor for spoor in self.sporen}
