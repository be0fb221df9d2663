"""The covenant as data: participants, municipalities, what may be sent, how long it counts and is kept.

Every value has been checked when a ``Convenant`` exists, so its methods are plain look-ups. Whether
a message may be sent is decided elsewhere, on these data.
"""
# ruff: noqa: N815 - field names are those of the file, which its readers read

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from schemas.envelope import TypeCode
from schemas.values import Digest, Gemeentecode, Mailbox, Oin, Postcode

_DURATION = re.compile(r"([1-9][0-9]{0,3}) (uur|dag|dagen)")

Regel = Annotated[str, StringConstraints(pattern=r"^\S(.{0,298}\S)?$")]
"""One line of text for people."""


class Data(BaseModel):
    """Immutable, nothing unknown, no conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Soort(StrEnum):
    """What kind of participant: corporation, municipality, neighbourhood team, debt help, care and nuisance desk."""

    COR = "COR"
    GEM = "GEM"
    SWT = "SWT"
    SHV = "SHV"
    MZO = "MZO"


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("expected each value once")
    return values


Codes = Annotated[tuple[Gemeentecode, ...], Field(strict=False, min_length=1), AfterValidator(_once)]
Soorten = Annotated[tuple[Annotated[Soort, Field(strict=False)], ...], Field(strict=False), AfterValidator(_once)]
Typen = Annotated[tuple[TypeCode, ...], Field(strict=False), AfterValidator(_once)]
BoxName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Cijfers = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}$")]


def _in_order(bounds: tuple[str, str]) -> tuple[str, str]:
    if bounds[0] > bounds[1]:
        raise ValueError("expected the first postcode of a range before its last")
    return bounds


Gebied = Annotated[tuple[Cijfers, Cijfers], Field(strict=False), AfterValidator(_in_order)]


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("expected a duration such as '14 dagen' or '36 uur'")
    return timedelta(hours=int(found[1])) if found[2] == "uur" else timedelta(days=int(found[1]))


Duur = Annotated[timedelta, BeforeValidator(_duration)]


class Gemeente(Data):
    """A municipality: the four-digit postcodes of its dwellings, and from when on it wants arrears reported.

    ``postcodes`` are ranges, first and last included. ``maximumDagen`` is absent when the
    municipality sets no upper limit.
    """

    code: Gemeentecode
    naam: Regel
    postcodes: Annotated[tuple[Gebied, ...], Field(strict=False, min_length=1)]
    minimumCent: Annotated[int, Field(ge=0, lt=10**12)]
    minimumDagen: Annotated[int, Field(ge=0, le=3650)] = 30
    maximumDagen: Annotated[int, Field(ge=0, le=3650)] | None = None

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
        tuple[BoxName, ...], Field(strict=False, min_length=1, max_length=20, alias="postvakken"), AfterValidator(_once)
    ]

    @cached_property
    def postvakken(self) -> tuple[Mailbox, ...]:
        """Its mailboxes, in the order of the file."""
        return tuple(Mailbox.of(self.oin, name) for name in self.namen)

    def shares_area(self, other: Deelnemer) -> bool:
        """Tell whether both work for one municipality at least."""
        return not set(self.gebied).isdisjoint(other.gebied)


class Verlooptijd(Data):
    """How long after acceptance a message is offered: the least and the most a sender may ask, and the usual."""

    minimum: Duur
    standaard: Duur
    maximum: Duur

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.minimum <= self.standaard <= self.maximum:
            raise ValueError("minimum, standaard and maximum ascend")
        return self


class BerichtRegel(Data):
    """What the covenant says about one type: who sends it to whom, why, and for how long.

    ``opent``: it may be the first message of a dossier. ``antwoordOp``: the types that it may answer.
    ``bewaarDagen``: how long the sealed payload stays collectable after receipt.
    """

    code: TypeCode
    van: Soorten
    naar: Soorten
    grondslag: Regel
    doel: Regel
    opent: bool
    antwoordOp: Typen
    verlooptijd: Verlooptijd
    bewaarDagen: Annotated[int, Field(ge=1, le=3650)] = 30


class Bewaring(Data):
    """How long case data stay after a dossier closes, and how long the evidence log stays (DOMAIN 1.2)."""

    nietOpgepaktMaanden: Annotated[int, Field(ge=1, le=240)]
    afgerondMaanden: Annotated[int, Field(ge=1, le=240)]
    bewijsJaren: Annotated[int, Field(ge=1, le=100)]


class Convenant(Data):
    """The covenant that holds: one file, known by the digest of its bytes. Made by ``load_covenant`` only."""

    naam: Regel
    versie: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", max_length=20)]
    geldigVanaf: date
    bewaring: Bewaring
    gemeenten: Annotated[tuple[Gemeente, ...], Field(strict=False, min_length=1, alias="gemeente")]
    deelnemers: Annotated[tuple[Deelnemer, ...], Field(strict=False, min_length=1, alias="deelnemer")]
    berichten: Annotated[tuple[BerichtRegel, ...], Field(strict=False, min_length=1, alias="bericht")]
    digest: Digest
    text: str

    def deelnemer(self, oin: Oin) -> Deelnemer | None:
        """Give the participant with this number, if it is one."""
        return self._by_oin.get(oin)

    def bericht(self, type_code: str) -> BerichtRegel | None:
        """Give what the covenant says about a type; nothing means that it may not be sent."""
        return self._by_type.get(type_code)

    def gemeente(self, code: str) -> Gemeente:
        """Give the municipality with this code. Raises ``KeyError`` if the covenant does not have it."""
        return self._by_code[code]

    def gemeente_van(self, postcode: Postcode) -> Gemeente | None:
        """Give the municipality of a dwelling; ranges do not overlap, so there is one at most."""
        return next((gemeente for gemeente in self.gemeenten if gemeente.covers(postcode)), None)

    def gemeente_deelnemer(self, code: str) -> Deelnemer:
        """Give the municipality as a participant. Raises ``KeyError`` if the covenant does not have it."""
        return self._municipal[code]

    @cached_property
    def _by_oin(self) -> dict[str, Deelnemer]:
        return {deelnemer.oin: deelnemer for deelnemer in self.deelnemers}

    @cached_property
    def _by_type(self) -> dict[str, BerichtRegel]:
        return {regel.code: regel for regel in self.berichten}

    @cached_property
    def _by_code(self) -> dict[str, Gemeente]:
        return {gemeente.code: gemeente for gemeente in self.gemeenten}

    @cached_property
    def _municipal(self) -> dict[str, Deelnemer]:
        return {deelnemer.gebied[0]: deelnemer for deelnemer in self.deelnemers if deelnemer.soort is Soort.GEM}
