"""The messages that the played dossiers consist of: invented people, real rules. All dates are around today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from schemas.values import MessageId, Oin, RandomId

TEST_BSN = "999990019"
"""A citizen service number of the published test set; no person has it."""
ARREARS_CENT = 184_500


@dataclass(slots=True)
class Thread:
    """One dossier as it is played: what was sent so far, by its label, and under which dossiers."""

    today: date
    oins: Mapping[str, Oin]
    ids: dict[str, MessageId] = field(default_factory=dict)
    dossiers: dict[str, RandomId] = field(default_factory=dict)

    def day(self, shift: int) -> str:
        """Spell the day so many days from today."""
        return (self.today + timedelta(days=shift)).isoformat()


Bericht = Callable[[Thread], Mapping[str, Any]]


def signaal(**changes: object) -> Bericht:
    """An early signal about two months of rent."""

    def make(thread: Thread) -> Mapping[str, Any]:
        return {
            "huurder": {
                "referentieCorporatie": "HK-2026-0417",
                "voorletters": "J.",
                "achternaam": "Voorbeeld",
                "postcode": "2312AB",
                "huisnummer": 12,
            },
            "achterstand": _arrears(thread),
            "incassoVerantwoording": {
                "contactpogingen": [{"datum": thread.day(-20), "soort": "Telefoon", "bereikt": False}],
                "gewezenOpSchuldhulpOp": thread.day(-25),
                "herinneringen": [thread.day(-40), thread.day(-25)],
                "aanbodGegevensdelingOp": thread.day(-25),
                "reactieHuurder": "GEEN_REACTIE",
            },
            "crisissignaal": False,
            "warmeOverdracht": False,
            "regelingLoopt": False,
            "convenantUitsluiting": "GEEN",
            **changes,
        }

    return make


def terugkoppeling(status: str, resultaat: str | None = None) -> Bericht:
    """What the municipality tells the corporation."""

    def make(thread: Thread) -> Mapping[str, Any]:
        found = {} if resultaat is None else {"resultaat": resultaat}
        return {
            "signaalId": thread.ids["VSM"],
            "status": status,
            **found,
            "datum": thread.day(0),
        }

    return make


def wijziging(reden: str) -> Bericht:
    """A change or withdrawal of the signal."""
    return lambda thread: {"signaalId": thread.ids["VSM"], "reden": reden}


def verwijzing(doel: str, **changes: object) -> Bericht:
    """A referral, with the citizen service number where debt help or another municipality gets it."""

    def make(thread: Thread) -> Mapping[str, Any]:
        moved = {"vorigDossier": thread.dossiers["dossier"]} if doel == "OVERDRACHT_GEMEENTE" else {}
        return {
            "huurder": {"referentieCorporatie": "HK-2026-0417", "achternaam": "Voorbeeld", "bsn": TEST_BSN},
            "doel": doel,
            "urgentie": "NORMAAL",
            "toestemming": "JA",
            **moved,
            **changes,
        }

    return make


def verwijzingsantwoord(status: str, resultaat: str | None = None) -> Bericht:
    """What the helper answers."""

    def make(thread: Thread) -> Mapping[str, Any]:
        found = {} if resultaat is None else {"resultaat": resultaat}
        return {
            "betreft": thread.ids["VRW"],
            "status": status,
            "contactpogingen": [],
            **found,
            "datum": thread.day(0),
        }

    return make


def opschortingsverzoek(thread: Thread) -> Mapping[str, Any]:
    """Thirty days of rest, current rent agreed."""
    return {
        "vanaf": thread.day(0),
        "tot": thread.day(30),
        "hulpGeaccepteerdOp": thread.day(0),
        "lopendeHuurAfgesproken": True,
    }


def opschortingsbesluit(thread: Thread) -> Mapping[str, Any]:
    """The rest is granted as asked."""
    granted = {"besluit": "TOEGEKEND", "vanaf": thread.day(0), "tot": thread.day(30)}
    return {"betreft": thread.ids["OPV"], **granted, "datum": thread.day(0)}


def saldoverzoek(thread: Thread) -> Mapping[str, Any]:
    """The balance is asked for, on a mandate."""
    return {"mandaatDatum": thread.day(-1), "referenties": []}


def saldo_opgave(thread: Thread) -> Mapping[str, Any]:
    """One claim, for rent."""
    claim = {
        "soort": "HUUR",
        "ontstaansdatum": thread.day(-60),
        "bedragCent": ARREARS_CENT,
        "bijDeurwaarder": False,
    }
    return {
        "betreft": thread.ids["SLV"],
        "peildatum": thread.day(0),
        "vorderingen": [claim],
        "maandhuurCent": 92_250,
    }


def regelingsvoorstel(by: str, uitkomst: str = "VOLDOET", termijn_cent: int = 18_450) -> Bericht:
    """Ten terms, tested by the party in that role."""

    def make(thread: Thread) -> Mapping[str, Any]:
        return {
            "totaalCent": ARREARS_CENT,
            "termijnbedragCent": termijn_cent,
            "aantalTermijnen": 10,
            "startdatum": thread.day(7),
            "bestaansminimumToets": {
                "uitkomst": uitkomst,
                "methode": "VTLB",
                "toetsdatum": thread.day(0),
                "toetser": thread.oins[by],
                "maxTermijnbedragCent": 20_000,
            },
        }

    return make


def regelingsbesluit(besluit: str, betreft: str = "BRV") -> Bericht:
    """The decision on a proposal."""
    return lambda thread: {"betreft": thread.ids[betreft], "besluit": besluit, "datum": thread.day(0)}


def regelingsstatus(status: str, restant_cent: int, betreft: str = "BRV") -> Bericht:
    """How the plan goes."""
    return lambda thread: {
        "betreft": thread.ids[betreft],
        "status": status,
        "datum": thread.day(0),
        "restantCent": restant_cent,
    }


def dreiging(fase: str) -> Bericht:
    """A step towards an eviction."""

    def make(thread: Thread) -> Mapping[str, Any]:
        on = {"ontruimingOp": thread.day(21)} if fase == "AANGEZEGD" else {}
        return {
            "fase": fase,
            "fasedatum": thread.day(0),
            "signaalIds": [thread.ids["VSM"]],
            "achterstand": _arrears(thread),
            **on,
        }

    return make


def ontruimingsantwoord(uitkomst: str, betreft: str, **changes: object) -> Bericht:
    """What the municipality answers to it."""

    def make(thread: Thread) -> Mapping[str, Any]:
        planned = uitkomst == "GESPREK_GEPLAND"
        when = {} if uitkomst == "GEEN_CONTACT" else {"gesprekGeplandOp" if planned else "gevoerdOp": thread.day(0)}
        return {
            "betreft": thread.ids[betreft],
            "uitkomst": uitkomst,
            "datum": thread.day(0),
            **when,
            "moratoriumAangevraagd": False,
            **changes,
        }

    return make


def ontruimingsuitkomst(uitkomst: str) -> Bericht:
    """What became of the eviction."""
    return lambda thread: {"uitkomst": uitkomst, "datum": thread.day(0)}


def afsluiting(uitkomst: str) -> Bericht:
    """The end of a dossier; what is kept of it is kept for eighteen months."""
    return lambda thread: {"uitkomst": uitkomst, "datum": thread.day(0), "bewarenTot": thread.day(548)}


def _arrears(thread: Thread) -> Mapping[str, Any]:
    return {
        "bedragCent": ARREARS_CENT,
        "peildatum": thread.day(-2),
        "ontstaansdatum": thread.day(-60),
        "aantalMaanden": 2,
    }


# What the covenant does not let pass


def signaal_zonder_herinnering(thread: Thread) -> Mapping[str, Any]:
    """A signal of a landlord that sent no written reminder (Bgs art. 2(c))."""
    whole = signaal()(thread)
    return {**whole, "incassoVerantwoording": {**whole["incassoVerantwoording"], "herinneringen": []}}


def terugkoppeling_met_reden(thread: Thread) -> Mapping[str, Any]:
    """An answer that tells the landlord more than it may know."""
    return {**terugkoppeling("Niet opgepakt", "NIET_OPGEPAKT")(thread), "reden": "DETENTIE"}


def reply_to_nobody(thread: Thread) -> Mapping[str, Any]:
    """An answer to a signal that its sender never got."""
    signal = "019a9f3e-7c00-7abc-8def-0123456789ab"
    return {"signaalId": signal, "status": "Opgepakt", "datum": thread.day(0)}


def zorgmelding(thread: Thread) -> Mapping[str, Any]:
    """A report of concern."""
    seen = {"zorgcodes": ["VERVUILING"], "kinderenInWoning": "ONBEKEND", "inwonerGeinformeerd": True}
    return {"huurder": signaal()(thread)["huurder"], **seen}
