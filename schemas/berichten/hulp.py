"""The family of help: verwijzing (VRW), verwijzingsantwoord (VRA) and zorgmelding (ZGM).

A corporation never sends or gets a referral or its answer; of a report of concern it gets a receipt and no more.
"""
# ruff: noqa: N815 - field names are the wire's, as DDAS spells them

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.berichten.aanwezigheid import Presence, told
from schemas.berichten.berichttype import MessageType
from schemas.berichten.blokken import Contactpoging, Huurder, HuurderBijHulp
from schemas.berichten.klassen import DataClass
from schemas.berichten.projectie import Eindresultaat
from schemas.berichten.vormen import Blok, Datum, Toelichting
from schemas.values import MessageId, RandomId


class Verwijsdoel(StrEnum):
    """What the tenant is referred for (DOMAIN 3.4)."""

    SCHULDHULP = "SCHULDHULP"
    BUDGETCOACHING = "BUDGETCOACHING"
    MAATSCHAPPELIJK_WERK = "MAATSCHAPPELIJK_WERK"
    BEMOEIZORG = "BEMOEIZORG"
    OVERDRACHT_GEMEENTE = "OVERDRACHT_GEMEENTE"


class Urgentie(StrEnum):
    """How soon an answer is due; the covenant gives each its term (DOMAIN 3.2: 3 working days, in a crisis 1)."""

    NORMAAL = "NORMAAL"
    CRISIS = "CRISIS"


class Toestemming(StrEnum):
    """Whether the tenant agreed; without that there is only care that nobody asked for (bemoeizorg)."""

    JA = "JA"
    NEE_BEMOEIZORG = "NEE_BEMOEIZORG"


_MOVED = Presence(("vorigDossier",), "doel", (Verwijsdoel.OVERDRACHT_GEMEENTE,))
_UNASKED = {
    "if": {"properties": {"toestemming": {"const": Toestemming.NEE_BEMOEIZORG.value}}, "required": ["toestemming"]},
    "then": {"properties": {"doel": {"const": Verwijsdoel.BEMOEIZORG.value}}},
}


class Verwijzing(Blok):
    """VRW: a municipality hands a tenant over to help, or to the municipality the tenant moved to (DOMAIN 3.2).

    ``toestemming`` is NEE_BEMOEIZORG only where ``doel`` is BEMOEIZORG. ``vorigDossier`` is there exactly when
    ``doel`` is OVERDRACHT_GEMEENTE: that referral opens a dossier and names the one that ends.
    """

    model_config = told(_MOVED, _UNASKED)

    huurder: HuurderBijHulp
    doel: Annotated[Verwijsdoel, Field(strict=False), DataClass.P2]
    urgentie: Annotated[Urgentie, Field(strict=False), DataClass.P2]
    toestemming: Annotated[Toestemming, Field(strict=False), DataClass.P2]
    toelichting: Annotated[Toelichting | None, DataClass.P2] = None
    vorigDossier: Annotated[RandomId | None, DataClass.P2] = None

    @model_validator(mode="after")
    def _former_dossier_on_a_move(self) -> Self:
        _MOVED.hold(self)
        return self

    @model_validator(mode="after")
    def _agreed_or_unasked_care(self) -> Self:
        if self.toestemming is Toestemming.NEE_BEMOEIZORG and self.doel is not Verwijsdoel.BEMOEIZORG:
            raise ValueError("toestemming is NEE_BEMOEIZORG only when doel is BEMOEIZORG")
        return self


class Verwijzingsstatus(StrEnum):
    """How far the help is that was asked for (DOMAIN 3.4)."""

    AANGENOMEN = "AANGENOMEN"
    GEWEIGERD = "GEWEIGERD"
    LOOPT = "LOOPT"
    AFGEROND = "AFGEROND"


_DONE = Presence(("resultaat",), "status", (Verwijzingsstatus.AFGEROND,))


class Verwijzingsantwoord(Blok):
    """VRA: the helper takes a referral or not, tells of progress, and at the end what came of it.

    ``resultaat`` is there exactly when ``status`` is AFGEROND, as DDAS v1.2 spells it. It is the municipality's
    to know: to a landlord goes its projection only (DOMAIN 3.3).
    """

    model_config = told(_DONE)

    betreft: Annotated[MessageId, DataClass.P2]
    status: Annotated[Verwijzingsstatus, Field(strict=False), DataClass.P2]
    contactpogingen: Annotated[tuple[Contactpoging, ...], Field(strict=False, max_length=50)]
    resultaat: Annotated[Eindresultaat | None, Field(strict=False), DataClass.P2] = None
    datum: Annotated[Datum, DataClass.P2]

    @model_validator(mode="after")
    def _result_at_the_end(self) -> Self:
        _DONE.hold(self)
        return self


class Zorgcode(StrEnum):
    """What somebody saw at the dwelling: observations, no diagnosis and no cause. The list is a proposal.

    VERVUILING: the dwelling is filthy or overfull. VERWAARLOZING: people or animals there lack what they need.
    VERWARD_GEDRAG: somebody cannot be followed, or does not know where or when they are. ZORGMIJDING: help that is
    plainly needed is kept out. OVERLAST: neighbours suffer from what happens there. VEILIGHEID: there is danger to
    people, such as fire, gas, or violence.
    """

    VERVUILING = "VERVUILING"
    VERWAARLOZING = "VERWAARLOZING"
    VERWARD_GEDRAG = "VERWARD_GEDRAG"
    ZORGMIJDING = "ZORGMIJDING"
    OVERLAST = "OVERLAST"
    VEILIGHEID = "VEILIGHEID"


class KinderenInWoning(StrEnum):
    """Whether children live in the dwelling."""

    JA = "JA"
    NEE = "NEE"
    ONBEKEND = "ONBEKEND"


def _each_once(codes: tuple[Zorgcode, ...]) -> tuple[Zorgcode, ...]:
    if len(set(codes)) != len(codes):
        raise ValueError("each zorgcode once")
    return codes


class Zorgmelding(Blok):
    """ZGM: worries beyond money, told to the care line in codes alone (AVG art. 9; DOMAIN 1.2 and 3.2).

    A corporation may send it, so the tenant is known by the address and there is no text. Its legal basis is the
    weakest of all: the covenant keeps it switched off until an impact assessment has been made.
    """

    huurder: Huurder
    zorgcodes: Annotated[
        tuple[Annotated[Zorgcode, Field(strict=False)], ...],
        Field(strict=False, min_length=1, max_length=len(Zorgcode), json_schema_extra={"uniqueItems": True}),
        AfterValidator(_each_once),
        DataClass.P4,
    ]
    kinderenInWoning: Annotated[KinderenInWoning, Field(strict=False), DataClass.P4]
    inwonerGeinformeerd: Annotated[bool, DataClass.P4]


_REFERRAL = (
    "Wet gemeentelijke schuldhulpverlening art. 3; AVG art. 6, lid 1, onder e; mandaat of toestemming van de inwoner"
)

TYPEN = (
    MessageType(
        name="verwijzing",
        short="VRW",
        title_nl="Verwijzing",
        title_en="Referral to help",
        model=Verwijzing,
        legal_basis=_REFERRAL,
        purpose="De inwoner overdragen aan hulp, of aan de gemeente waarheen de inwoner is verhuisd.",
        description="De gemeente verwijst een inwoner naar een partner of draagt het dossier over aan een andere "
        "gemeente. De inwoner is bekend met BSN of met het adres, nooit met beide.",
    ),
    MessageType(
        name="verwijzingsantwoord",
        short="VRA",
        title_nl="Antwoord op een verwijzing",
        title_en="Answer to a referral",
        model=Verwijzingsantwoord,
        legal_basis=_REFERRAL,
        purpose="De gemeente laten weten of de hulp is aangenomen, hoe zij loopt en waarmee zij eindigt.",
        description="De partner of de andere gemeente neemt een verwijzing aan of weigert haar, meldt de voortgang "
        "en aan het eind het resultaat. Een corporatie krijgt dit bericht nooit.",
    ),
    MessageType(
        name="zorgmelding",
        short="ZGM",
        title_nl="Zorgmelding",
        title_en="Report of concern",
        model=Zorgmelding,
        legal_basis="AVG art. 6, lid 1, onder a of d, en art. 9, lid 2, onder a of c; "
        "niet in gebruik voordat een DPIA is gedaan",
        purpose="Zorgen melden die verder gaan dan geld, zodat het meldpunt hulp zoekt.",
        description="Een corporatie of gemeente meldt het Meldpunt Zorg en Overlast in codes wat zij bij de woning "
        "heeft gezien. Het meldpunt antwoordt de gemeente; een corporatie krijgt alleen een ontvangstbewijs.",
    ),
)
"""The types of this family."""
