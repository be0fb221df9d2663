"""What a corporation may get, written out by hand from DOMAIN 3.1, 3.3 and 3.4: the product's tables are held to it.

Nothing here is read from the catalogue or the covenant. Whoever lets a corporation see more changes this list too,
and must write down why.
"""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """A field that a corporation may see: why, and for a list of codes exactly which of them."""

    why: str
    codes: frozenset[str] | None = None


def among(why: str, *codes: str) -> Field:
    return Field(why, frozenset(codes))


_ITS_OWN = "the id of a message that the corporation itself sent or got in this dossier"
_TEST = "DOMAIN 3.5, R6: of a test only the outcome, how, when, by whom, and the most a term may be"

PLAN_TEST = {
    "uitkomst": among(_TEST, "VOLDOET", "VOLDOET_NIET", "NIET_GETOETST"),
    "methode": among(_TEST, "BESLAGVRIJE_VOET", "VTLB", "BUDGETPLAN"),
    "toetsdatum": Field(_TEST),
    "toetser": Field(_TEST + "; R4: a party of the message, which a test of the rules on plans holds"),
    "maxTermijnbedragCent": Field(_TEST),
}
_PLAN_TEST = {f"bestaansminimumToets.{name}": field for name, field in PLAN_TEST.items()}

RIGHT_HAND_COLUMN = frozenset(
    {
        "HERHAALDE_MELDING",
        "ONTERECHT_SIGNAAL",
        "OVERLEDEN",
        "GEEN_INWONER",
        "NIET_OPGEPAKT",
        "HULP_LOOPT",
        "GEEN_CONTACT",
        "HULP_NIET_AANGENOMEN",
        "ZELF_OPGELOST",
        "HULP_GEACCEPTEERD",
        "AFGESLOTEN",
    }
)
"""DOMAIN 3.3: all that a landlord may ever know of what came of a signal."""

TO_CORPORATION: dict[str, dict[str, Field]] = {
    "terugkoppeling": {
        "signaalId": Field(_ITS_OWN),
        "status": among("DDAS Signaalstatus without its reasons", "Opgepakt", "Niet opgepakt", "Afgerond"),
        "resultaat": among("DOMAIN 3.3, the right-hand column", *RIGHT_HAND_COLUMN),
        "datum": Field("DOMAIN 3.4, VST"),
        "behandelaarContact.naam": Field("the covenant's own words: one contact point for corporations"),
        "behandelaarContact.telefoon": Field("the covenant's own, as above"),
        "behandelaarContact.email": Field("the covenant's own, as above"),
    },
    "opschortingsverzoek": {
        "vanaf": Field("what is asked of the corporation"),
        "tot": Field("what is asked of the corporation"),
        "hulpGeaccepteerdOp": Field("the ground of the request; that help was accepted is in the right-hand column"),
        "lopendeHuurAfgesproken": Field("the condition of a pause, about the corporation's own rent"),
    },
    "saldoverzoek": {
        "mandaatDatum": Field("the corporation must see that it may answer"),
        "referenties[]": Field("the corporation's own references"),
    },
    "regelingsvoorstel": {
        "totaalCent": Field("the plan"),
        "termijnbedragCent": Field("the plan"),
        "aantalTermijnen": Field("the plan"),
        "startdatum": Field("the plan"),
        "voorlopigTot": Field("the plan; R3"),
        "betaalreferentie": Field("the plan; the corporation's own reference"),
        "ibanCorporatie": Field("the corporation's own account"),
        **_PLAN_TEST,
    },
    "regelingsbesluit": {
        "betreft": Field(_ITS_OWN),
        "besluit": among("the answer to its own proposal", "AKKOORD", "WEIGERING", "TEGENVOORSTEL"),
        "datum": Field("the day of the answer"),
        "weigerreden": among(
            "about the plan and the rent, never about the tenant or other help",
            "TERMIJN_TE_HOOG",
            "TERMIJN_TE_LAAG",
            "DUUR_TE_LANG",
            "TOETS_ONTBREEKT",
            "LOPENDE_HUUR_NIET_BETAALD",
            "EERDERE_REGELING_VERBROKEN",
        ),
        **_PLAN_TEST,
    },
    "ontruimingsantwoord": {
        "betreft": Field(_ITS_OWN),
        "uitkomst": among(
            "DOMAIN 3.2, 16: planned, held, or the right-hand column",
            "GESPREK_GEPLAND",
            "GESPREK_GEVOERD",
            "GEEN_CONTACT",
            "HULP_GEACCEPTEERD",
            "HULP_NIET_AANGENOMEN",
        ),
        "datum": Field("the day of the answer"),
        "gesprekGeplandOp": Field("DOMAIN 3.4, DOA"),
        "gevoerdOp": Field("DOMAIN 3.4, DOA"),
        "verzoekUitstelTot": Field("what is asked of the corporation"),
        "moratoriumAangevraagd": Field("binds the corporation (Fw art. 287b)"),
        "moratoriumVerleendTot": Field("binds the corporation (Fw art. 287b)"),
    },
    "afsluiting": {
        "uitkomst": among(
            "how the dossier ended; UITGESLOTEN never from a municipality, which a test of its own holds",
            "OPGELOST",
            "ONTRUIMD",
            "INGETROKKEN",
            "UITGESLOTEN",
            "GESLOTEN_ANDERS",
        ),
        "datum": Field("AVG art. 5(1)(e)"),
        "bewarenTot": Field("AVG art. 5(1)(e)"),
    },
}
"""Each type that may go to a corporation, with every field of it."""

SENDERS_TO_CORPORATION = {
    "terugkoppeling": {"GEM"},
    "opschortingsverzoek": {"GEM", "SHV"},
    "saldoverzoek": {"GEM", "SHV"},
    "regelingsvoorstel": {"GEM", "SHV"},
    "regelingsbesluit": {"GEM", "SHV"},
    "ontruimingsantwoord": {"GEM"},
    "afsluiting": {"GEM"},
}
"""DOMAIN 3.1: corporation to corporation, team and care desk to corporation never; debt help in types 8 to 14 alone."""

FROM_COVENANT = {
    "terugkoppeling.behandelaarContact.naam",
    "terugkoppeling.behandelaarContact.telefoon",
    "terugkoppeling.behandelaarContact.email",
}
"""Texts that only repeat the covenant. No form of theirs is trusted: tests send others, which both ends refuse."""

TEXTS = {
    "saldoverzoek.referenties[]": "the corporation's own reference: one mark with a digit, no spaces",
    "regelingsvoorstel.betaalreferentie": "what the tenant writes beside a payment: one mark with a digit, no spaces",
    "regelingsvoorstel.ibanCorporatie": "an account, with its check digits",
    "dreigende-ontruiming.zaaknummer": "a number of the court, by pattern",
    "dreigende-ontruiming.deurwaarder": "the name of a firm",
    "vroegsignaal.referentieCorporatie": "the corporation's own reference, AN35",
    "vroegsignaal.voorletters": "contact details (Bgs art. 2)",
    "vroegsignaal.voorvoegsel": "contact details",
    "vroegsignaal.achternaam": "contact details",
    "vroegsignaal.huisletter": "contact details",
    "vroegsignaal.huisnummertoevoeging": "contact details",
    "vroegsignaal.woonplaats": "contact details",
    "vroegsignaal.adresseerbaarObjectId": "contact details",
    "vroegsignaal.telefoon": "contact details",
    "vroegsignaal.email": "contact details",
    "vroegsignaal.vertegenwoordiger.naam": "whom to talk to instead of the tenant",
    "vroegsignaal.vertegenwoordiger.email": "whom to talk to instead of the tenant",
}
"""Every text in a type from or to a corporation that is no code, date or id. ``huurder`` blocks count as their type."""

_LONGER = "in a longer run of digits or between dashes; not alone"

NINE_DIGITS = {
    "vroegsignaal.referentieCorporatie": _LONGER,
    "saldoverzoek.referenties[]": _LONGER,
    "vroegsignaal.adresseerbaarObjectId": "among the sixteen digits of the register of addresses",
    "vroegsignaal.telefoon": "after a country code",
    "vroegsignaal.vertegenwoordiger.naam": _LONGER,
    "dreigende-ontruiming.deurwaarder": _LONGER,
    "regelingsvoorstel.betaalreferentie": _LONGER,
    "regelingsvoorstel.ibanCorporatie": "among the ten digits of an account, with check digits over them",
}
"""Texts from or to a corporation, other than ids, in which nine digits fit among others. None takes them alone."""

_ABOUT = {"soort", "id", "source", "ontvanger", "digest", "tijd"}
_LEAF = {"logboek.oorsprong", "logboek.index", "logboek.blad"}
RECEIPTS = {
    "aanvaard": {*_ABOUT, *_LEAF, "register.omvang", "register.wortel", "convenant"},
    "afgewezen": {*_ABOUT, *_LEAF, "reeks", "volgnummer", "code", "convenant"},
    "ontvangen": {*_ABOUT, "blad"},
    "geweigerd": {*_ABOUT, "blad", "code"},
    "geboekt": {*_ABOUT, *_LEAF, "bewijs"},
    "niet-afgeleverd": {*_ABOUT, *_LEAF, "reeks", "volgnummer", "aangeboden"},
    "termijn-overschreden": {*_ABOUT, *_LEAF, "termijn", "trede", "uiterlijk", "convenant"},
    "waarschuwing": {*_ABOUT, *_LEAF, "poort", "convenant"},
}
"""Every field of what travels beside messages: who, when, where in the log, and a code; nothing of the content."""

RECIPIENT_REFUSALS = {
    "niet-voor-ons-verzegeld",
    "opent-niet",
    "inhoud-verschilt",
    "velden-verschillen",
    "voldoet-niet-aan-schema",
    "niet-volgens-convenant",
    "te-groot",
}
"""All that a recipient may say when it refuses: technical, never why it has something against the tenant's case."""
