"""What a municipality knows, and what of it a landlord may see (DOMAIN 3.3). For the municipality's own software."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from schemas.berichten.signaal import RESULTATEN, Resultaat, Signaalstatus


class Eindresultaat(StrEnum):
    """How a case of early signals ended, as the municipality registers it: DDAS v1.2, EnumEindresultaat."""

    BUDGETADVIES = "(Budget)advies en/of quick fix"
    DEFINITIEF_GEEN_CONTACT = "Definitief geen contact kunnen krijgen"
    GEEN_REACTIE_NA_CONTACT = "Geen reactie na eerder contact"
    AL_BEKEND = "Inwoner al bekend bij schuldhulpverlening"
    ANDER_TRAJECT = "Inwoner heeft al een ander lopend traject"
    ZELF_BETAALD = "Inwoner heeft zelf al betaald/betalingsregeling getroffen"
    OVERLEDEN = "Inwoner is overleden"
    REGELT_HET_ZELF = "Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering"
    ANDERE_REDEN = "Niet opgepakt: andere reden"
    HERHAALDE_MELDING = "Niet opgepakt: herhaalde melding"
    ONTERECHT_SIGNAAL = "Niet opgepakt: onterecht signaal"
    GEEN_INWONER = "Persoon is geen inwoner (meer) in de gemeente"
    VERVOLGHULP = "Vervolghulp en/of verwijzing"
    VERVOLGHULP_FINANCIEEL = "Vervolghulp en/of verwijzing financieel"
    VERVOLGHULP_NIET_FINANCIEEL = "Vervolghulp en/of verwijzing niet financieel"
    VERWIJZING_ZONDER_INWONER = "Verwijzing zonder tussenkomst inwoner"


PROJECTIE: Mapping[Eindresultaat, Resultaat] = MappingProxyType(
    {
        Eindresultaat.HERHAALDE_MELDING: Resultaat.HERHAALDE_MELDING,
        Eindresultaat.ONTERECHT_SIGNAAL: Resultaat.ONTERECHT_SIGNAAL,
        Eindresultaat.OVERLEDEN: Resultaat.OVERLEDEN,
        Eindresultaat.GEEN_INWONER: Resultaat.GEEN_INWONER,
        Eindresultaat.ANDERE_REDEN: Resultaat.NIET_OPGEPAKT,
        Eindresultaat.AL_BEKEND: Resultaat.HULP_LOOPT,
        Eindresultaat.ANDER_TRAJECT: Resultaat.HULP_LOOPT,
        Eindresultaat.DEFINITIEF_GEEN_CONTACT: Resultaat.GEEN_CONTACT,
        Eindresultaat.GEEN_REACTIE_NA_CONTACT: Resultaat.GEEN_CONTACT,
        Eindresultaat.REGELT_HET_ZELF: Resultaat.HULP_NIET_AANGENOMEN,
        Eindresultaat.ZELF_BETAALD: Resultaat.ZELF_OPGELOST,
        Eindresultaat.BUDGETADVIES: Resultaat.HULP_GEACCEPTEERD,
        Eindresultaat.VERVOLGHULP: Resultaat.HULP_GEACCEPTEERD,
        Eindresultaat.VERVOLGHULP_FINANCIEEL: Resultaat.HULP_GEACCEPTEERD,
        Eindresultaat.VERVOLGHULP_NIET_FINANCIEEL: Resultaat.AFGESLOTEN,
        Eindresultaat.VERWIJZING_ZONDER_INWONER: Resultaat.AFGESLOTEN,
    }
)
"""The landlord's view of every result. Many to one on purpose, and there is no way back."""


def project(result: Eindresultaat) -> tuple[Signaalstatus, Resultaat]:
    """Give the status and the result that a landlord may see."""
    seen = PROJECTIE[result]
    return next(status for status, results in RESULTATEN.items() if seen in results), seen
