"""The family of the end: afsluiting (AFS)."""
# ruff: noqa: N815 - field names are the wire's

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.berichten.berichttype import MessageType
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import Blok, Datum


class Dossieruitkomst(StrEnum):
    """How a dossier ended (DOMAIN 3.5). UITGESLOTEN is the corporation's word alone; why is not said here.

    What is no business of the other side is GESLOTEN_ANDERS, one value whatever it was.
    """

    OPGELOST = "OPGELOST"
    ONTRUIMD = "ONTRUIMD"
    INGETROKKEN = "INGETROKKEN"
    UITGESLOTEN = "UITGESLOTEN"
    GESLOTEN_ANDERS = "GESLOTEN_ANDERS"


class Afsluiting(Blok):
    """AFS: a dossier closes, and the clock of its retention starts (AVG art. 5(1)(e)).

    What is kept of the case is kept until ``bewarenTot``, a day after ``datum``.
    """

    uitkomst: Annotated[Dossieruitkomst, Field(strict=False), DataClass.G]
    datum: Annotated[Datum, DataClass.G]
    bewarenTot: Annotated[Datum, DataClass.G]

    @model_validator(mode="after")
    def _kept_for_a_while(self) -> Self:
        if self.bewarenTot <= self.datum:
            raise ValueError("bewarenTot is after datum")
        return self


TYPEN: tuple[MessageType, ...] = (
    MessageType(
        name="afsluiting",
        short="AFS",
        title_nl="Afsluiting",
        title_en="Closing of a dossier",
        model=Afsluiting,
        legal_basis="AVG art. 5, lid 1, onder e",
        purpose="Een dossier sluiten en de bewaartermijn laten ingaan.",
        description="De gemeente of de corporatie sluit een dossier en noemt tot wanneer gegevens bewaard blijven.",
    ),
)
"""The types of this family."""
