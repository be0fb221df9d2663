"""The blocks that messages share: the tenant, the arrears, and what the landlord did first (DOMAIN 3.4).

From and to a corporation a tenant is known by the address of the dwelling: ``Huurder`` has no field for a citizen
service number (DOMAIN 1.2). ``HuurderBijHulp`` may have one, for messages that no corporation sends or gets.
"""
# ruff: noqa: N815 - field names are the wire's, as DDAS spells them

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import (
    AantalMaanden,
    AdresseerbaarObjectId,
    BedragCent,
    Blok,
    Datum,
    Email,
    Huisletter,
    Huisnummer,
    Naam,
    Organisatienaam,
    Plaats,
    Referentie,
    Telefoon,
    Toevoeging,
    Voorletters,
    Voorvoegsel,
)
from schemas.values import Bsn, Postcode


class Vertegenwoordigersoort(StrEnum):
    """In which role somebody acts for the tenant; DDAS counts an administrator as an extension of the resident."""

    BEWINDVOERDER = "BEWINDVOERDER"
    CURATOR = "CURATOR"
    MENTOR = "MENTOR"
    GEMACHTIGDE = "GEMACHTIGDE"


class Vertegenwoordiger(Blok):
    """Who acts for the tenant."""

    soort: Annotated[Vertegenwoordigersoort, Field(strict=False), DataClass.P2]
    naam: Annotated[Organisatienaam, DataClass.P1]
    email: Annotated[Email | None, DataClass.P1] = None


class Huurder(Blok):
    """The tenant, by the address of the dwelling. Only contact details are statutory (Bgs art. 2)."""

    referentieCorporatie: Annotated[Referentie, DataClass.P1]
    voorletters: Annotated[Voorletters | None, DataClass.P1] = None
    voorvoegsel: Annotated[Voorvoegsel | None, DataClass.P1] = None
    achternaam: Annotated[Naam, DataClass.P1]
    postcode: Annotated[Postcode, DataClass.P1]
    huisnummer: Annotated[Huisnummer, DataClass.P1]
    huisletter: Annotated[Huisletter | None, DataClass.P1] = None
    huisnummertoevoeging: Annotated[Toevoeging | None, DataClass.P1] = None
    woonplaats: Annotated[Plaats | None, DataClass.P1] = None
    adresseerbaarObjectId: Annotated[AdresseerbaarObjectId | None, DataClass.P1] = None
    telefoon: Annotated[Telefoon | None, DataClass.P1] = None
    email: Annotated[Email | None, DataClass.P1] = None
    geboortedatum: Annotated[Datum | None, DataClass.P1] = None
    vertegenwoordiger: Vertegenwoordiger | None = None


_DWELLING = ("postcode", "huisnummer")
_ADDRESS = (*_DWELLING, "huisletter", "huisnummertoevoeging", "woonplaats", "adresseerbaarObjectId")


class HuurderBijHulp(Blok):
    """The tenant among municipalities and helpers: by ``bsn`` or by the address of the dwelling, never by both.

    DDAS v1.2 asks for exactly one of the two. Only a municipality and whoever it mandates may use the number
    (UAVG art. 46); to which recipients it may go is the covenant's rule, which the connectors hold a message against.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["bsn"], "properties": dict.fromkeys(_ADDRESS, False)},
                {"required": list(_DWELLING), "properties": {"bsn": False}},
            ]
        }
    )

    referentieCorporatie: Annotated[Referentie, DataClass.P1]
    bsn: Annotated[Bsn | None, DataClass.P3] = None
    voorletters: Annotated[Voorletters | None, DataClass.P1] = None
    voorvoegsel: Annotated[Voorvoegsel | None, DataClass.P1] = None
    achternaam: Annotated[Naam, DataClass.P1]
    postcode: Annotated[Postcode | None, DataClass.P1] = None
    huisnummer: Annotated[Huisnummer | None, DataClass.P1] = None
    huisletter: Annotated[Huisletter | None, DataClass.P1] = None
    huisnummertoevoeging: Annotated[Toevoeging | None, DataClass.P1] = None
    woonplaats: Annotated[Plaats | None, DataClass.P1] = None
    adresseerbaarObjectId: Annotated[AdresseerbaarObjectId | None, DataClass.P1] = None
    telefoon: Annotated[Telefoon | None, DataClass.P1] = None
    email: Annotated[Email | None, DataClass.P1] = None
    geboortedatum: Annotated[Datum | None, DataClass.P1] = None
    vertegenwoordiger: Vertegenwoordiger | None = None

    @model_validator(mode="after")
    def _number_or_address(self) -> Self:
        if self.bsn is None and (self.postcode is None or self.huisnummer is None):
            raise ValueError("bsn, or postcode with huisnummer")
        if self.bsn is not None and any(getattr(self, name) is not None for name in _ADDRESS):
            raise ValueError("bsn or the address, never both")
        return self


class Achterstand(Blok):
    """The arrears on one day, ``peildatum``, since the oldest due date that is unpaid, ``ontstaansdatum``."""

    bedragCent: Annotated[BedragCent, DataClass.P2]
    peildatum: Annotated[Datum, DataClass.P2]
    ontstaansdatum: Annotated[Datum, DataClass.P2]
    aantalMaanden: Annotated[AantalMaanden, DataClass.P2]

    @model_validator(mode="after")
    def _begun_before_measured(self) -> Self:
        if self.ontstaansdatum > self.peildatum:
            raise ValueError("ontstaansdatum is not after peildatum")
        return self


class Contactsoort(StrEnum):
    """How contact was sought: DDAS v1.2, EnumContactsoort."""

    ADMINISTRATIEF = "Administratief"
    AFSPRAAK_OP_LOCATIE = "Afspraak op locatie"
    BRIEF = "Brief"
    HUISBEZOEK = "Huisbezoek"
    KAARTJE = "Kaartje"
    MAIL = "Mail"
    ONBEKEND = "Onbekend"
    OVERIGE = "Overige"
    SMS_WHATSAPP = "SMS/Whatsapp"
    TELEFOON = "Telefoon"


class Contactpoging(Blok):
    """One attempt to speak with the tenant in person."""

    datum: Annotated[Datum, DataClass.P1]
    soort: Annotated[Contactsoort, Field(strict=False), DataClass.P1]
    bereikt: Annotated[bool, DataClass.P1]


class ReactieHuurder(StrEnum):
    """What the tenant answered to the offer. There is no refusal here: after one nothing may be sent (Bgs 2(d))."""

    GEEN_REACTIE = "GEEN_REACTIE"
    AKKOORD = "AKKOORD"


class IncassoVerantwoording(Blok):
    """What Bgs art. 2 asks of the landlord first, (a) to (d), each with its date: without all four nothing is sent."""

    contactpogingen: Annotated[tuple[Contactpoging, ...], Field(strict=False, min_length=1, max_length=50)]
    gewezenOpSchuldhulpOp: Annotated[Datum, DataClass.P1]
    herinneringen: Annotated[tuple[Datum, ...], Field(strict=False, min_length=1, max_length=50), DataClass.P1]
    aanbodGegevensdelingOp: Annotated[Datum, DataClass.P1]
    reactieHuurder: Annotated[ReactieHuurder, Field(strict=False), DataClass.P1]
