"""The family of suspension: opschortingsverzoek (OPV) and opschortingsbesluit (OPB)."""
# ruff: noqa: N815 - field names are the wire's, as DDAS spells them

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.berichten.aanwezigheid import Presence, told
from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import Blok, Datum
from schemas.values import MessageId

LONGEST = timedelta(days=30)
"""How long a suspension may last: the national covenant's 30 days (DOMAIN 1.1); longer is another request."""


def _check_period(first: date, end: date) -> None:
    """Hold a suspension against its bounds; ``end`` is the first day on which collection may go on."""
    if end <= first:
        raise ValueError("tot is after vanaf")
    if end - first > LONGEST:
        raise ValueError("tot is at most 30 days after vanaf")


class Opschortingsverzoek(Blok):
    """OPV: the municipality or the debt helper asks to pause collection, after help was accepted (DOMAIN 1.1).

    The pause runs from the day ``vanaf`` up to, not including, the day ``tot``.
    """

    vanaf: Annotated[Datum, DataClass.P2]
    tot: Annotated[Datum, DataClass.P2]
    hulpGeaccepteerdOp: Annotated[Datum, DataClass.P2]
    lopendeHuurAfgesproken: Annotated[bool, DataClass.P2]

    @model_validator(mode="after")
    def _help_first(self) -> Self:
        _check_period(self.vanaf, self.tot)
        if self.hulpGeaccepteerdOp > self.vanaf:
            raise ValueError("hulpGeaccepteerdOp is not after vanaf")
        return self


class BesluitOverOpschorting(StrEnum):
    """What the corporation decided."""

    TOEGEKEND = "TOEGEKEND"
    GEWEIGERD = "GEWEIGERD"


class Weigerreden(StrEnum):
    """Why a corporation does not pause. Each follows from its own books or from what it was told. A proposal."""

    LOPENDE_HUUR_NIET_BETAALD = "LOPENDE_HUUR_NIET_BETAALD"
    GEEN_HULP_GEACCEPTEERD = "GEEN_HULP_GEACCEPTEERD"
    EERDER_OPGESCHORT = "EERDER_OPGESCHORT"
    ONTRUIMING_AANGEZEGD = "ONTRUIMING_AANGEZEGD"


_GRANTED = Presence(("vanaf", "tot"), "besluit", (BesluitOverOpschorting.TOEGEKEND,))
_REFUSED = Presence(("weigerreden",), "besluit", (BesluitOverOpschorting.GEWEIGERD,))


class Opschortingsbesluit(Blok):
    """OPB: the corporation pauses collection, or says by code why not (DOMAIN 3.2).

    ``vanaf`` and ``tot`` are there exactly when ``besluit`` is TOEGEKEND, and bounded as in the request;
    ``weigerreden`` exactly when it is GEWEIGERD.
    """

    model_config = told(_GRANTED, _REFUSED)

    betreft: Annotated[MessageId, DataClass.P2]
    besluit: Annotated[BesluitOverOpschorting, Field(strict=False), DataClass.P2]
    vanaf: Annotated[Datum | None, DataClass.P2] = None
    tot: Annotated[Datum | None, DataClass.P2] = None
    weigerreden: Annotated[Weigerreden | None, Field(strict=False), DataClass.P2] = None
    datum: Annotated[Datum, DataClass.P2]

    @model_validator(mode="after")
    def _period_or_reason(self) -> Self:
        _GRANTED.hold(self)
        _REFUSED.hold(self)
        if self.vanaf is not None and self.tot is not None:
            _check_period(self.vanaf, self.tot)
        return self


_BASIS = "Landelijk Convenant Vroegsignalering, opschorting van de incasso na aanvaarde hulp"

TYPEN = (
    MessageType(
        name="opschortingsverzoek",
        short="OPV",
        title_nl="Verzoek om opschorting",
        title_en="Request to suspend collection",
        model=Opschortingsverzoek,
        legal_basis=_BASIS,
        purpose="De incasso laten rusten zolang de hulp op gang komt, zonder extra kosten voor de huurder.",
        description="De gemeente of de schuldhulpverlener vraagt de corporatie de incasso ten hoogste dertig dagen "
        "op te schorten, nadat de huurder hulp heeft aanvaard.",
    ),
    MessageType(
        name="opschortingsbesluit",
        short="OPB",
        title_nl="Besluit over opschorting",
        title_en="Decision on suspension",
        model=Opschortingsbesluit,
        legal_basis=_BASIS,
        purpose="Laten weten of en hoe lang de incasso rust.",
        description="De corporatie schort de incasso op, met begin en einde, of weigert dat met een code.",
    ),
)
"""The types of this family."""
