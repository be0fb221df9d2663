"""The family of the early signal: vroegsignaal (VSM), terugkoppeling (VST) and wijziging (VSI)."""
# ruff: noqa: N815 - field names are the wire's, as DDAS spells them

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from schemas.berichten.berichttype import MessageType
from schemas.berichten.blokken import Achterstand, Huurder, IncassoVerantwoording
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import Blok, Datum, Email, Telefoon, Werknaam
from schemas.values import MessageId


class ConvenantUitsluiting(StrEnum):
    """Whether the covenant leaves the tenant out; the signal itself goes on (DOMAIN 3.5). No word about residence."""

    GEEN = "GEEN"
    WOONFRAUDE = "WOONFRAUDE"


class Vroegsignaal(Blok):
    """VSM: a corporation tells the municipality of the dwelling that a tenant is in arrears (Bgs art. 2).

    ``medehuurder`` is the other of two tenants of one tenancy, known by the same block.
    """

    huurder: Huurder
    medehuurder: Huurder | None = None
    achterstand: Achterstand
    incassoVerantwoording: IncassoVerantwoording
    crisissignaal: Annotated[bool, DataClass.P2]
    warmeOverdracht: Annotated[bool, DataClass.P2]
    regelingLoopt: Annotated[bool, DataClass.P2]
    convenantUitsluiting: Annotated[ConvenantUitsluiting, Field(strict=False), DataClass.P4]


class Signaalstatus(StrEnum):
    """How far a signal is, as the landlord may see it: DDAS Signaalstatus without its reasons."""

    OPGEPAKT = "Opgepakt"
    NIET_OPGEPAKT = "Niet opgepakt"
    AFGEROND = "Afgerond"


class Resultaat(StrEnum):
    """What came of a signal, as the landlord may see it (DOMAIN 3.3, right-hand column; DDAS definitions).

    ``NIET_OPGEPAKT`` stands for every "andere reden" alike: unlawful stay, detention, an
    exclusion list and lack of staff must not be told apart, so there is nothing finer.
    """

    HERHAALDE_MELDING = "HERHAALDE_MELDING"
    ONTERECHT_SIGNAAL = "ONTERECHT_SIGNAAL"
    OVERLEDEN = "OVERLEDEN"
    GEEN_INWONER = "GEEN_INWONER"
    NIET_OPGEPAKT = "NIET_OPGEPAKT"
    HULP_LOOPT = "HULP_LOOPT"
    GEEN_CONTACT = "GEEN_CONTACT"
    HULP_NIET_AANGENOMEN = "HULP_NIET_AANGENOMEN"
    ZELF_OPGELOST = "ZELF_OPGELOST"
    HULP_GEACCEPTEERD = "HULP_GEACCEPTEERD"
    AFGESLOTEN = "AFGESLOTEN"


RESULTATEN: Mapping[Signaalstatus, tuple[Resultaat, ...]] = MappingProxyType(
    {
        Signaalstatus.OPGEPAKT: (),
        Signaalstatus.NIET_OPGEPAKT: (
            Resultaat.NIET_OPGEPAKT,
            Resultaat.HERHAALDE_MELDING,
            Resultaat.ONTERECHT_SIGNAAL,
            Resultaat.OVERLEDEN,
            Resultaat.GEEN_INWONER,
        ),
        Signaalstatus.AFGEROND: (
            Resultaat.HULP_LOOPT,
            Resultaat.GEEN_CONTACT,
            Resultaat.HULP_NIET_AANGENOMEN,
            Resultaat.ZELF_OPGELOST,
            Resultaat.HULP_GEACCEPTEERD,
            Resultaat.AFGESLOTEN,
        ),
    }
)
"""Which results go with which status; a status that ends a signal comes with exactly one of its results.

Each result has one status: if it had two, the choice between them could tell apart what one result hides.
"""


class BehandelaarContact(Blok):
    """Whom to call at the municipality: the point that the covenant gives for it, in every message and no other.

    A name or a team may itself tell a reason, so ``gateway.covenant.contacts`` refuses any that is not the covenant's.
    """

    naam: Annotated[Werknaam, DataClass.P2]
    telefoon: Annotated[Telefoon, DataClass.P2]
    email: Annotated[Email | None, DataClass.P2] = None


def _result_conditions() -> dict[str, Any]:
    """Say the table ``RESULTATEN`` in JSON Schema."""
    return {
        "allOf": [
            {
                "if": {"properties": {"status": {"const": status.value}}, "required": ["status"]},
                "then": {
                    "properties": {"resultaat": {"enum": [result.value for result in results]}},
                    "required": ["resultaat"],
                }
                if results
                else {"properties": {"resultaat": False}},
            }
            for status, results in RESULTATEN.items()
        ]
    }


class Terugkoppeling(Blok):
    """VST: the municipality tells what became of a signal, no more than the landlord may know (DOMAIN 3.3).

    ``Opgepakt`` has no ``resultaat`` yet; the other two have exactly one of their own:

    ============== ================================================================================
    status         resultaat
    ============== ================================================================================
    Opgepakt       absent
    Niet opgepakt  NIET_OPGEPAKT, HERHAALDE_MELDING, ONTERECHT_SIGNAAL, OVERLEDEN, GEEN_INWONER
    Afgerond       HULP_LOOPT, GEEN_CONTACT, HULP_NIET_AANGENOMEN, ZELF_OPGELOST, HULP_GEACCEPTEERD,
                   AFGESLOTEN
    ============== ================================================================================

    Every other reason is NIET_OPGEPAKT, one value whatever the reason was: there is no text, no second
    code and no field whose presence could tell. ``projectie`` gives the row for each result inside.
    """

    model_config = ConfigDict(json_schema_extra=_result_conditions())

    signaalId: Annotated[MessageId, DataClass.P2]
    status: Annotated[Signaalstatus, Field(strict=False), DataClass.P2]
    resultaat: Annotated[Resultaat | None, Field(strict=False), DataClass.P2] = None
    datum: Annotated[Datum, DataClass.P2]
    behandelaarContact: BehandelaarContact

    @model_validator(mode="after")
    def _result_at_the_end(self) -> Self:
        allowed = RESULTATEN[self.status]
        if self.resultaat is None and allowed:
            raise ValueError("a status that ends the signal needs a resultaat")
        if self.resultaat is not None and self.resultaat not in allowed:
            raise ValueError("this resultaat does not go with this status")
        return self


class WijzigingReden(StrEnum):
    """Why a signal is changed or withdrawn."""

    BETAALD = "BETAALD"
    REGELING_GETROFFEN = "REGELING_GETROFFEN"
    BEDRAG_GEWIJZIGD = "BEDRAG_GEWIJZIGD"
    BEZWAAR_HUURDER = "BEZWAAR_HUURDER"
    VERKEERDE_PERSOON = "VERKEERDE_PERSOON"
    UITSLUITING = "UITSLUITING"


_CHANGED = WijzigingReden.BEDRAG_GEWIJZIGD


class Wijziging(Blok):
    """VSI: the corporation corrects or withdraws a signal (AVG art. 5(1)(d) and 19).

    ``achterstand`` is there exactly when the amount changed: in any other case the municipality does
    not need it (AVG art. 5(1)(c)), and after an objection or a mix-up it must not get it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"reden": {"const": _CHANGED.value}}, "required": ["reden"]},
            "then": {"required": ["achterstand"]},
            "else": {"properties": {"achterstand": False}},
        }
    )

    signaalId: Annotated[MessageId, DataClass.P2]
    reden: Annotated[WijzigingReden, Field(strict=False), DataClass.P2]
    achterstand: Achterstand | None = None

    @model_validator(mode="after")
    def _arrears_when_changed(self) -> Self:
        if (self.achterstand is not None) != (self.reden is _CHANGED):
            raise ValueError("achterstand is given exactly when reden is BEDRAG_GEWIJZIGD")
        return self


TYPEN = (
    MessageType(
        name="vroegsignaal",
        short="VSM",
        title_nl="Vroegsignaal",
        title_en="Early signal",
        model=Vroegsignaal,
        legal_basis="Besluit gemeentelijke schuldhulpverlening art. 2; AVG art. 6, lid 1, onder c",
        purpose="De gemeente een huurachterstand melden, zodat zij contact zoekt en hulp aanbiedt.",
        description="Een corporatie meldt de gemeente van de woning dat een huurder achterloopt met de huur, "
        "en verantwoordt wat zij zelf eerst heeft gedaan.",
    ),
    MessageType(
        name="terugkoppeling",
        short="VST",
        title_nl="Terugkoppeling",
        title_en="Feedback on a signal",
        model=Terugkoppeling,
        legal_basis="Wet gemeentelijke schuldhulpverlening art. 3, lid 1, onder b; "
        "Landelijk Convenant Vroegsignalering",
        purpose="De corporatie laten weten wat er met het signaal is gedaan, voor zover zij dat mag weten.",
        description="De gemeente laat weten of een signaal is opgepakt en wat de uitkomst is. "
        "Waarom een signaal om een andere reden niet is opgepakt, staat er nooit in.",
    ),
    MessageType(
        name="wijziging",
        short="VSI",
        title_nl="Wijziging of intrekking",
        title_en="Change or withdrawal of a signal",
        model=Wijziging,
        legal_basis="AVG art. 5, lid 1, onder d, en art. 19",
        purpose="Een gemeld signaal verbeteren of intrekken.",
        description="De corporatie wijzigt het bedrag van een eerder signaal of trekt het signaal in.",
    ),
)
"""The types of this family."""
