"""Which changes of state DOMAIN 3.5 allows, written from that table and not from the covenant's file."""

from __future__ import annotations

TABLE: dict[str, dict[str, str]] = {
    "hulp": {
        "NIET_GEMELD": "GEMELD OVERGEDRAGEN",
        "GEMELD": "CONTACT_LOOPT NIET_OPGEPAKT INGETROKKEN",
        "CONTACT_LOOPT": "GEEN_CONTACT HULP_NIET_AANGENOMEN HULP_GEACCEPTEERD",
        "GEEN_CONTACT": "CONTACT_LOOPT",
        "HULP_NIET_AANGENOMEN": "CONTACT_LOOPT",
        "HULP_GEACCEPTEERD": "IN_TRAJECT",
        "IN_TRAJECT": "HULP_AFGEROND GEEN_CONTACT",
        "HULP_AFGEROND": "",
        "OVERGEDRAGEN": "CONTACT_LOOPT",
        "NIET_OPGEPAKT": "GEMELD",
        "INGETROKKEN": "",
    },
    "incasso": {
        "SOCIALE_INCASSO": "OPGESCHORT REGELING_ACTIEF VOORNEMEN_DAGVAARDING",
        "OPGESCHORT": "SOCIALE_INCASSO REGELING_ACTIEF",
        "REGELING_ACTIEF": "OPGELOST SOCIALE_INCASSO GEDAGVAARD VONNIS AANGEZEGD",
        "VOORNEMEN_DAGVAARDING": "GEDAGVAARD OPGESCHORT REGELING_ACTIEF",
        "GEDAGVAARD": "VONNIS REGELING_ACTIEF",
        "VONNIS": "AANGEZEGD REGELING_ACTIEF",
        "AANGEZEGD": "MORATORIUM REGELING_ACTIEF AFGEWEND ONTRUIMD",
        "MORATORIUM": "AANGEZEGD REGELING_ACTIEF",
        "AFGEWEND": "",
        "OPGELOST": "",
        "VERTROKKEN": "",
        "ONTRUIMD": "",
    },
    "uitkomst": {
        "OPEN": "CONVENANT_NVT OPGELOST ONTRUIMD INGETROKKEN GESLOTEN_ANDERS",
        "CONVENANT_NVT": "OPGELOST ONTRUIMD INGETROKKEN UITGESLOTEN GESLOTEN_ANDERS",
        "OPGELOST": "",
        "ONTRUIMD": "",
        "INGETROKKEN": "",
        "UITGESLOTEN": "",
        "GESLOTEN_ANDERS": "",
    },
}
"""Each track's states, and the states of its column *Leaves to*."""

BESIDE: dict[tuple[str, str, str], str] = {
    ("hulp", "NIET_GEMELD", "HULP_GEACCEPTEERD"): "a helper's first message is the referral (H5 leaves on VRW)",
    (
        "hulp",
        "NIET_GEMELD",
        "CONTACT_LOOPT",
    ): "DON without a signal is delivered, and obliges to a talk",
    ("hulp", "NIET_GEMELD", "INGETROKKEN"): "the signal's content was erased after the tenant's objection",
    ("hulp", "GEMELD", "IN_TRAJECT"): "3.3: already known to debt help, told as HULP_LOOPT",
    ("hulp", "CONTACT_LOOPT", "IN_TRAJECT"): "as above",
    ("hulp", "CONTACT_LOOPT", "NIET_OPGEPAKT"): "H9 is entered on VST: found out later that the tenant moved or died",
    ("hulp", "CONTACT_LOOPT", "HULP_AFGEROND"): "H7 is entered on VST: solved by the tenant",
    ("hulp", "CONTACT_LOOPT", "INGETROKKEN"): "opt-out: unless help was accepted",
    ("hulp", "GEEN_CONTACT", "INGETROKKEN"): "as above",
    ("hulp", "HULP_NIET_AANGENOMEN", "INGETROKKEN"): "as above",
    ("hulp", "NIET_OPGEPAKT", "INGETROKKEN"): "as above",
    ("hulp", "HULP_GEACCEPTEERD", "GEEN_CONTACT"): "3.3: no reaction after earlier contact (H3 is entered on VST)",
    ("hulp", "HULP_GEACCEPTEERD", "HULP_AFGEROND"): "H7 is entered on VST",
    ("hulp", "HULP_AFGEROND", "CONTACT_LOOPT"): "1.1: a higher signal must be taken up; DON obliges to a talk",
    ("hulp", "NIET_OPGEPAKT", "CONTACT_LOOPT"): "Wgs art. 4(2): DON obliges to a talk whatever went before",
    ("incasso", "SOCIALE_INCASSO", "OPGELOST"): "3.4: VSI BETAALD",
    ("incasso", "OPGESCHORT", "OPGELOST"): "as above",
    ("incasso", "VOORNEMEN_DAGVAARDING", "OPGELOST"): "as above",
    (
        "incasso",
        "REGELING_ACTIEF",
        "MORATORIUM",
    ): "a broken plan returns to where it was; C8 leaves to C3 too",
    **{
        ("incasso", stand, end): "3.4: OUT, told of an eviction that did not come so far"
        for stand in ("VOORNEMEN_DAGVAARDING", "GEDAGVAARD", "VONNIS", "MORATORIUM")
        for end in ("AFGEWEND", "VERTROKKEN")
    },
    ("incasso", "AANGEZEGD", "VERTROKKEN"): "as above",
    ("uitkomst", "OPEN", "UITGESLOTEN"): "the signal that told of woonfraude was erased",
    **{
        ("incasso", van, naar): "3.5: DON is delivered but flagged; the gateway warns and proves; it does not forbid"
        for van, phases in {
            "SOCIALE_INCASSO": "GEDAGVAARD VONNIS AANGEZEGD",
            "OPGESCHORT": "VOORNEMEN_DAGVAARDING GEDAGVAARD VONNIS AANGEZEGD",
            "REGELING_ACTIEF": "VOORNEMEN_DAGVAARDING",
            "VOORNEMEN_DAGVAARDING": "VONNIS AANGEZEGD",
            "GEDAGVAARD": "AANGEZEGD",
        }.items()
        for naar in phases.split()
    },
}
"""What the column *Leaves to* does not list, and other words of DOMAIN call for; each with those words."""


def allowed(spoor: str, van: str, naar: str) -> bool:
    """Tell whether a track may go from one state to the other."""
    return naar in TABLE[spoor][van].split() or (spoor, van, naar) in BESIDE
