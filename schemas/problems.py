"""Problem codes: the closed list of what can be wrong, each with texts in ``schemas.texts`` (RFC 9457 ``type``)."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """Why the exchange did not do what was asked. HTTP statuses are the web's business."""

    ONGELDIGE_INVOER = "ongeldige-invoer"
    GEEN_JSON = "geen-json"
    TE_GROOT = "te-groot"
    HANDTEKENING_ONGELDIG = "handtekening-ongeldig"
    KOP_ONBEKEND = "kop-onbekend"
    ALGORITME_ONBEKEND = "algoritme-onbekend"
    SLEUTEL_ONBEKEND = "sleutel-onbekend"
    CERTIFICAAT_ONTBREEKT = "certificaat-ontbreekt"
    CERTIFICAAT_INGETROKKEN = "certificaat-ingetrokken"
    CERTIFICAAT_ONBEKEND = "certificaat-onbekend"
    DEELNEMER_GESCHORST = "deelnemer-geschorst"
    AFZENDER_ONJUIST = "afzender-onjuist"
    BEURS_ONJUIST = "beurs-onjuist"
    ONTVANGER_ONBEKEND = "ontvanger-onbekend"
    TYPE_ONBEKEND = "type-onbekend"
    NIET_TOEGESTAAN = "niet-toegestaan"
    VERLOOPTIJD_ONJUIST = "verlooptijd-onjuist"
    VERZEGELING_ONJUIST = "verzegeling-onjuist"
    ID_BESTAAT = "id-bestaat"
    VOLGNUMMER_ONJUIST = "volgnummer-onjuist"
    VOLGNUMMER_ONTBREEKT = "volgnummer-ontbreekt"
    DOSSIER_ONBEKEND = "dossier-onbekend"
    BEWIJS_ONJUIST = "bewijs-onjuist"
    BEWIJS_BESTAAT = "bewijs-bestaat"
    UITNODIGING_ONGELDIG = "uitnodiging-ongeldig"
    NIET_GEVONDEN = "niet-gevonden"
    METHODE_ONBEKEND = "methode-onbekend"
    MEDIATYPE_ONBEKEND = "mediatype-onbekend"
    NIET_BESCHIKBAAR = "niet-beschikbaar"
    TE_LANGZAAM = "te-langzaam"
    INTERNE_FOUT = "interne-fout"


class RecipientRefusal(StrEnum):
    """Why a recipient refuses a message in *geweigerd*: technical reasons only, never substantive ones."""

    OPENT_NIET = "opent-niet"
    NIET_VOOR_ONS_VERZEGELD = "niet-voor-ons-verzegeld"
    INHOUD_VERSCHILT = "inhoud-verschilt"
    VELDEN_VERSCHILLEN = "velden-verschillen"
    VOLDOET_NIET_AAN_SCHEMA = "voldoet-niet-aan-schema"
    TE_GROOT = "te-groot"
