"""The family of the balance: saldoverzoek (SLV) and saldo-opgave (SLA), after those of the Schuldenknooppunt."""
# ruff: noqa: N815 - field names are the wire's, as DDAS spells them

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import BedragCent, Blok, Datum, Kenmerk
from schemas.values import MessageId


class Saldoverzoek(Blok):
    """SLV: who arranges a tenant's debts asks for the balance, on the tenant's mandate (DOMAIN 3.2).

    ``referenties`` are the corporation's own, of claims that the asker knows of; the corporation answers with all.
    """

    mandaatDatum: Annotated[Datum, DataClass.P2]
    referenties: Annotated[tuple[Kenmerk, ...], Field(strict=False, max_length=50), DataClass.P1]


class Vorderingsoort(StrEnum):
    """What a claim is for (DOMAIN 3.4)."""

    HUUR = "HUUR"
    SERVICEKOSTEN = "SERVICEKOSTEN"
    KOSTEN = "KOSTEN"
    RENTE = "RENTE"


class Vordering(Blok):
    """One claim that is unpaid: what is left of it, and since when it is due."""

    soort: Annotated[Vorderingsoort, Field(strict=False), DataClass.P2]
    ontstaansdatum: Annotated[Datum, DataClass.P2]
    bedragCent: Annotated[BedragCent, DataClass.P2]
    bijDeurwaarder: Annotated[bool, DataClass.P2]


class SaldoOpgave(Blok):
    """SLA: the corporation's claims on one day, ``peildatum``, and the rent of a month. No claims: nothing is owed."""

    betreft: Annotated[MessageId, DataClass.P2]
    peildatum: Annotated[Datum, DataClass.P2]
    vorderingen: Annotated[tuple[Vordering, ...], Field(strict=False, max_length=200)]
    maandhuurCent: Annotated[BedragCent, DataClass.P2]

    @model_validator(mode="after")
    def _begun_before_measured(self) -> Self:
        if any(claim.ontstaansdatum > self.peildatum for claim in self.vorderingen):
            raise ValueError("ontstaansdatum of a claim is not after peildatum")
        return self


_BASIS = "Mandaat van de inwoner; Wet gemeentelijke schuldhulpverlening art. 8"

TYPEN = (
    MessageType(
        name="saldoverzoek",
        short="SLV",
        title_nl="Saldoverzoek",
        title_en="Request for the balance",
        model=Saldoverzoek,
        legal_basis=_BASIS,
        purpose="Weten wat de huurder de corporatie schuldig is, om de schulden te regelen.",
        description="De schuldhulpverlener of de gemeente vraagt de corporatie het saldo, met mandaat van de huurder.",
    ),
    MessageType(
        name="saldo-opgave",
        short="SLA",
        title_nl="Saldo-opgave",
        title_en="Statement of the balance",
        model=SaldoOpgave,
        legal_basis=_BASIS,
        purpose="De openstaande vorderingen en de maandhuur opgeven aan wie de schulden regelt.",
        description="De corporatie geeft op een peildatum elke openstaande vordering op, en de huur van een maand.",
    ),
)
"""The types of this family."""
