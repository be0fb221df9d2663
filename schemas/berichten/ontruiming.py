"""The family of the eviction: dreigende-ontruiming (DON), ontruimingsantwoord (DOA) and ontruimingsuitkomst (OUT).

What one message can show is checked here. Terms, and what must have happened before, are for the covenant
(DOMAIN 3.5): the gateway warns and proves, it does not forbid.
"""
# ruff: noqa: N815 - field names are the wire's

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.berichten.aanwezigheid import Presence, told
from schemas.berichten.berichttype import MessageType
from schemas.berichten.blokken import Achterstand
from schemas.berichten.geldvormen import Zaaknummer
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import Blok, Datum, Organisatienaam
from schemas.values import MessageId

AANZEGDAGEN = 3
"""The days between the order to leave and the eviction at the least (Rv art. 555)."""

MORATORIUM_MAANDEN = 6
"""How long a court may keep an eviction off at the most (Fw art. 287b)."""


class Ontruimingsfase(StrEnum):
    """How near an eviction is (DOMAIN 3.5, C4 to C7)."""

    VOORNEMEN_DAGVAARDING = "VOORNEMEN_DAGVAARDING"
    DAGVAARDING = "DAGVAARDING"
    VONNIS = "VONNIS"
    AANGEZEGD = "AANGEZEGD"


class Minderjarigen(StrEnum):
    """Whether minors live in the dwelling."""

    JA = "JA"
    NEE = "NEE"
    ONBEKEND = "ONBEKEND"


def _each_once(value: tuple[MessageId, ...]) -> tuple[MessageId, ...]:
    if len(set(value)) != len(value):
        raise ValueError("expected each signal once")
    return value


SignaalIds = Annotated[
    tuple[MessageId, ...],
    Field(strict=False, max_length=50, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]
"""The early signals that went before, each once; a threat without any is told all the same (DOMAIN 3.5)."""

_ANNOUNCED = Presence(fields=("ontruimingOp",), on="fase", values=(Ontruimingsfase.AANGEZEGD,))


class DreigendeOntruiming(Blok):
    """DON: the corporation tells of each step towards an eviction, and of the signals before it (DOMAIN 1.1, 1.4).

    ``ontruimingOp`` is there exactly when the day was announced, and no sooner than Rv art. 555 allows.
    """

    model_config = told(_ANNOUNCED)

    fase: Annotated[Ontruimingsfase, Field(strict=False), DataClass.P2]
    fasedatum: Annotated[Datum, DataClass.P2]
    signaalIds: Annotated[SignaalIds, DataClass.P2]
    achterstand: Achterstand
    ontruimingOp: Annotated[Datum | None, DataClass.P2] = None
    zaaknummer: Annotated[Zaaknummer | None, DataClass.P2] = None
    deurwaarder: Annotated[Organisatienaam | None, DataClass.P2] = None
    minderjarigen: Annotated[Minderjarigen | None, Field(strict=False), DataClass.P2] = None

    @model_validator(mode="after")
    def _announced_in_time(self) -> Self:
        _ANNOUNCED.hold(self)
        if self.ontruimingOp is not None and (self.ontruimingOp - self.fasedatum).days < AANZEGDAGEN:
            raise ValueError(f"ontruimingOp is at least {AANZEGDAGEN} days after fasedatum (Rv art. 555)")
        return self


class Antwoorduitkomst(StrEnum):
    """How far the municipality is with the tenant, as the landlord may see it (DOMAIN 3.3)."""

    GESPREK_GEPLAND = "GESPREK_GEPLAND"
    GESPREK_GEVOERD = "GESPREK_GEVOERD"
    GEEN_CONTACT = "GEEN_CONTACT"
    HULP_GEACCEPTEERD = "HULP_GEACCEPTEERD"
    HULP_NIET_AANGENOMEN = "HULP_NIET_AANGENOMEN"


_PLANNED = Presence(fields=("gesprekGeplandOp",), on="uitkomst", values=(Antwoorduitkomst.GESPREK_GEPLAND,))
_HELD = Presence(
    fields=("gevoerdOp",),
    on="uitkomst",
    values=(
        Antwoorduitkomst.GESPREK_GEVOERD,
        Antwoorduitkomst.HULP_GEACCEPTEERD,
        Antwoorduitkomst.HULP_NIET_AANGENOMEN,
    ),
)
_GRANTED = Presence(fields=("moratoriumVerleendTot",), on="moratoriumAangevraagd", values=(True,), required=False)


class Ontruimingsantwoord(Blok):
    """DOA: the municipality answers a threatening eviction (Wgs art. 4(2): a talk within three working days).

    ``datum`` is the day of the answer: what was held lies on it or before, what is planned, asked for or
    granted on it or after. ``moratoriumVerleendTot`` is what the court granted, six months at the most.
    """

    model_config = told(_PLANNED, _HELD, _GRANTED)

    betreft: Annotated[MessageId, DataClass.P2]
    uitkomst: Annotated[Antwoorduitkomst, Field(strict=False), DataClass.P2]
    datum: Annotated[Datum, DataClass.P2]
    gesprekGeplandOp: Annotated[Datum | None, DataClass.P2] = None
    gevoerdOp: Annotated[Datum | None, DataClass.P2] = None
    verzoekUitstelTot: Annotated[Datum | None, DataClass.P2] = None
    moratoriumAangevraagd: Annotated[bool, DataClass.P2]
    moratoriumVerleendTot: Annotated[Datum | None, DataClass.P2] = None

    @model_validator(mode="after")
    def _dates_of_the_outcome(self) -> Self:
        for rule in (_PLANNED, _HELD, _GRANTED):
            rule.hold(self)
        return self

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        for name in ("gesprekGeplandOp", "verzoekUitstelTot", "moratoriumVerleendTot"):
            day: date | None = getattr(self, name)
            if day is not None and day < self.datum:
                raise ValueError(f"{name} is not before datum")
        if self.gevoerdOp is not None and self.gevoerdOp > self.datum:
            raise ValueError("gevoerdOp is not after datum")
        if self.moratoriumVerleendTot is not None and not _within_months(
            self.datum, self.moratoriumVerleendTot, MORATORIUM_MAANDEN
        ):
            raise ValueError(f"moratoriumVerleendTot is at most {MORATORIUM_MAANDEN} months after datum (Fw art. 287b)")
        return self


def _within_months(start: date, end: date, months: int) -> bool:
    """Tell whether ``end`` is no later than the same day ``months`` on, or the last of a month that has no such day."""
    passed = (end.year - start.year) * 12 + end.month - start.month
    return passed < months or (passed == months and end.day <= start.day)


class Afloop(StrEnum):
    """What became of an eviction."""

    AFGEWEND = "AFGEWEND"
    UITGESTELD = "UITGESTELD"
    UITGEVOERD = "UITGEVOERD"
    VRIJWILLIG_VERTROKKEN = "VRIJWILLIG_VERTROKKEN"


_POSTPONED = Presence(fields=("nieuweDatum",), on="uitkomst", values=(Afloop.UITGESTELD,))


class Ontruimingsuitkomst(Blok):
    """OUT: the corporation tells what became of an eviction. Postponed means to a later day, ``nieuweDatum``."""

    model_config = told(_POSTPONED)

    uitkomst: Annotated[Afloop, Field(strict=False), DataClass.P2]
    datum: Annotated[Datum, DataClass.P2]
    nieuweDatum: Annotated[Datum | None, DataClass.P2] = None

    @model_validator(mode="after")
    def _postponed_to_a_later_day(self) -> Self:
        _POSTPONED.hold(self)
        if self.nieuweDatum is not None and self.nieuweDatum <= self.datum:
            raise ValueError("nieuweDatum is after datum")
        return self


_GRONDSLAG = "Convenant voorkomen huisuitzetting bij huurschuld; Wet gemeentelijke schuldhulpverlening art. 4, lid 2"

TYPEN: tuple[MessageType, ...] = (
    MessageType(
        name="dreigende-ontruiming",
        short="DON",
        title_nl="Dreigende ontruiming",
        title_en="Threatening eviction",
        model=DreigendeOntruiming,
        legal_basis=_GRONDSLAG,
        purpose="De gemeente elke stap naar een ontruiming melden, zodat zij op tijd met de huurder spreekt.",
        description="De corporatie meldt dat zij wil dagvaarden, heeft gedagvaard, een vonnis heeft of een ontruiming "
        "heeft aangezegd, na welke signalen en bij welke achterstand.",
    ),
    MessageType(
        name="ontruimingsantwoord",
        short="DOA",
        title_nl="Antwoord op een dreigende ontruiming",
        title_en="Answer to a threatening eviction",
        model=Ontruimingsantwoord,
        legal_basis=_GRONDSLAG,
        purpose="De corporatie laten weten of er met de huurder is gesproken, en zo nodig om uitstel vragen.",
        description="De gemeente laat weten of een gesprek gepland of gevoerd is en of de huurder hulp aanneemt, "
        "vraagt zo nodig om uitstel, en meldt of een moratorium is aangevraagd of verleend.",
    ),
    MessageType(
        name="ontruimingsuitkomst",
        short="OUT",
        title_nl="Uitkomst van een ontruiming",
        title_en="Outcome of an eviction",
        model=Ontruimingsuitkomst,
        legal_basis="Convenant voorkomen huisuitzetting bij huurschuld; Wet gemeentelijke schuldhulpverlening art. 3",
        purpose="Laten weten hoe een dreigende ontruiming is afgelopen, zodat de gemeente haar hulp daarop inricht.",
        description="De corporatie meldt dat een ontruiming is afgewend, uitgesteld of uitgevoerd, "
        "of dat de huurder zelf is vertrokken.",
    ),
)
"""The types of this family."""
