"""What can be wrong, as closed lists of codes. Which HTTP status a problem has is decided at the edge of the gateway.

Every code has a text for people in ``schemas.texts``. Codes are for ever: programs at other
parties act on them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.envelope import Wire

CodeText = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=60)]


class Problem(StrEnum):
    """Every answer that is not the one hoped for (RFC 9457)."""

    ONGELDIGE_INVOER = "ongeldige-invoer"
    GEEN_JSON = "geen-json"
    TE_GROOT = "te-groot"
    TE_LANGZAAM = "te-langzaam"
    MEDIATYPE_ONBEKEND = "mediatype-onbekend"
    METHODE_ONBEKEND = "methode-onbekend"
    NIET_GEVONDEN = "niet-gevonden"
    HANDTEKENING_ONGELDIG = "handtekening-ongeldig"
    KOP_ONBEKEND = "kop-onbekend"
    ALGORITME_ONBEKEND = "algoritme-onbekend"
    SLEUTEL_ONBEKEND = "sleutel-onbekend"
    CERTIFICAAT_ONTBREEKT = "certificaat-ontbreekt"
    CERTIFICAAT_INGETROKKEN = "certificaat-ingetrokken"
    CERTIFICAAT_ONBEKEND = "certificaat-onbekend"
    DEELNEMER_GESCHORST = "deelnemer-geschorst"
    AL_TOEGETREDEN = "al-toegetreden"
    UITNODIGING_ONGELDIG = "uitnodiging-ongeldig"
    AFZENDER_ONJUIST = "afzender-onjuist"
    BEURS_ONJUIST = "beurs-onjuist"
    ONTVANGER_ONBEKEND = "ontvanger-onbekend"
    TYPE_ONBEKEND = "type-onbekend"
    NIET_TOEGESTAAN = "niet-toegestaan"
    DOSSIER_ONBEKEND = "dossier-onbekend"
    VERLOOPTIJD_ONJUIST = "verlooptijd-onjuist"
    ANTWOORDOP_ONJUIST = "antwoordop-onjuist"
    POORT_GESLOTEN = "poort-gesloten"
    NIET_VOLGENS_CONVENANT = "niet-volgens-convenant"
    VERZEGELING_ONJUIST = "verzegeling-onjuist"
    ID_BESTAAT = "id-bestaat"
    VOLGNUMMER_ONJUIST = "volgnummer-onjuist"
    VOLGNUMMER_ONTBREEKT = "volgnummer-ontbreekt"
    BEWIJS_ONJUIST = "bewijs-onjuist"
    BEWIJS_BESTAAT = "bewijs-bestaat"
    TE_VEEL_GEWEIGERD = "te-veel-geweigerd"
    NIET_BESCHIKBAAR = "niet-beschikbaar"
    INTERNE_FOUT = "interne-fout"


class RefusalCode(StrEnum):
    """The problems that are logged, and named in an *afgewezen* receipt: sender known, message not taken."""

    BEURS_ONJUIST = Problem.BEURS_ONJUIST.value
    ONTVANGER_ONBEKEND = Problem.ONTVANGER_ONBEKEND.value
    TYPE_ONBEKEND = Problem.TYPE_ONBEKEND.value
    NIET_TOEGESTAAN = Problem.NIET_TOEGESTAAN.value
    DOSSIER_ONBEKEND = Problem.DOSSIER_ONBEKEND.value
    VERLOOPTIJD_ONJUIST = Problem.VERLOOPTIJD_ONJUIST.value
    ANTWOORDOP_ONJUIST = Problem.ANTWOORDOP_ONJUIST.value
    POORT_GESLOTEN = Problem.POORT_GESLOTEN.value
    VERZEGELING_ONJUIST = Problem.VERZEGELING_ONJUIST.value
    ID_BESTAAT = Problem.ID_BESTAAT.value
    VOLGNUMMER_ONJUIST = Problem.VOLGNUMMER_ONJUIST.value


class RecipientRefusal(StrEnum):
    """Why a recipient cannot take a message in, named in its *geweigerd* receipt: technical, never substantive."""

    NIET_VOOR_ONS_VERZEGELD = "niet-voor-ons-verzegeld"
    OPENT_NIET = "opent-niet"
    INHOUD_VERSCHILT = "inhoud-verschilt"
    VELDEN_VERSCHILLEN = "velden-verschillen"
    VOLDOET_NIET_AAN_SCHEMA = "voldoet-niet-aan-schema"
    NIET_VOLGENS_CONVENANT = Problem.NIET_VOLGENS_CONVENANT.value
    TE_GROOT = "te-groot"


class ProblemError(Wire):
    """One fault in what was sent: where (JSON pointer as a fragment), and what was expected there."""

    pointer: Annotated[str, StringConstraints(pattern=r"^#", max_length=500)]
    detail: Annotated[str, StringConstraints(max_length=500)]


class ProblemDocument(Wire):
    """A problem document (RFC 9457, API Design Rules error-handling): nothing in it repeats what was sent.

    ``ontvangstbewijs`` is the signed *afgewezen* when the refusal was logged.
    """

    type: Annotated[str, StringConstraints(pattern=r"^urn:seinpost:probleem:[a-z]+(-[a-z]+)*$", max_length=100)]
    title: Annotated[str, StringConstraints(max_length=200)]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, StringConstraints(max_length=2000)]
    code: CodeText
    errors: Annotated[tuple[ProblemError, ...], Field(strict=False)] = ()
    ontvangstbewijs: Annotated[str, StringConstraints(max_length=8192)] | None = None


def problem_type(code: Problem) -> str:
    """Spell the URI that identifies a problem."""
    return f"urn:seinpost:probleem:{code.value}"
