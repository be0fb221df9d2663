"""Whole dossiers, from the first signal to their end, as tables of who sends what to whom; and what nobody may send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.cli.demo import berichten as b
from gateway.cli.demo.berichten import Bericht

HOME = "dossier"
MOVED = "na verhuizing"


@dataclass(frozen=True, slots=True)
class Step:
    """One message: from role to role, its type by name, and what it says.

    ``label`` is what later steps know it by; ``answers`` the label of the message that it answers.
    """

    van: str
    naar: str
    type: str
    bericht: Bericht
    label: str = ""
    answers: str = ""
    dossier: str = HOME


@dataclass(frozen=True, slots=True)
class Dossier:
    """A played dossier: its steps in order, and in which states its outcome track ends at whom."""

    title: str
    steps: tuple[Step, ...]
    ends: Mapping[str, str]


COR, GEM, NEW, SHV = "corporatie", "gemeente", "nieuwe gemeente", "kredietbank"

_SIGNAL = Step(COR, GEM, "vroegsignaal", b.signaal(), "VSM")
_TAKEN_UP = Step(GEM, COR, "terugkoppeling", b.terugkoppeling("Opgepakt"), "", "VSM")
_BEGIN = (_SIGNAL, _TAKEN_UP)


def _result(resultaat: str, status: str = "Afgerond") -> Step:
    return Step(GEM, COR, "terugkoppeling", b.terugkoppeling(status, resultaat), "", "VSM")


_HELPED = (*_BEGIN, _result("HULP_GEACCEPTEERD"))


def _plan(van: str, naar: str, label: str = "BRV") -> tuple[Step, ...]:
    return (
        Step(van, naar, "regelingsvoorstel", b.regelingsvoorstel(naar if van == COR else van), label),
        Step(naar, van, "regelingsbesluit", b.regelingsbesluit("AKKOORD", label), "", label),
    )


def _goes(status: str, restant_cent: int, label: str = "BRV", naar: str = GEM) -> Step:
    return Step(COR, naar, "regelingsstatus", b.regelingsstatus(status, restant_cent, label))


def _threat(fase: str, answer: str) -> tuple[Step, ...]:
    return (
        Step(COR, GEM, "dreigende-ontruiming", b.dreiging(fase), fase),
        Step(GEM, COR, "ontruimingsantwoord", b.ontruimingsantwoord(answer, fase), "", fase),
    )


def _close(uitkomst: str, van: str = COR, naar: str = GEM, dossier: str = HOME) -> Step:
    return Step(van, naar, "afsluiting", b.afsluiting(uitkomst), dossier=dossier)


def _both(uitkomst: str) -> Mapping[str, str]:
    return {COR: uitkomst, GEM: uitkomst}


DOSSIERS = (
    Dossier(
        "resolved by the tenant",
        (
            *_BEGIN,
            _result("ZELF_OPGELOST"),
            Step(COR, GEM, "wijziging", b.wijziging("BETAALD")),
            _close("OPGELOST"),
        ),
        _both("OPGELOST"),
    ),
    Dossier(
        "a payment plan, kept",
        (
            *_HELPED,
            Step(COR, GEM, "regelingsvoorstel", b.regelingsvoorstel(GEM, "VOLDOET_NIET"), "BRV-laag"),
            Step(GEM, COR, "regelingsbesluit", b.regelingsbesluit("TEGENVOORSTEL", "BRV-laag"), "", "BRV-laag"),
            *_plan(GEM, COR),
            _goes("GESTART", 184_500),
            _goes("NAGEKOMEN", 92_250),
            _goes("VOLTOOID", 0),
            _close("OPGELOST"),
        ),
        _both("OPGELOST"),
    ),
    Dossier(
        "a payment plan, broken and resumed",
        (
            *_HELPED,
            *_plan(GEM, COR),
            _goes("GESTART", 184_500),
            _goes("GEMIST", 166_050),
            _goes("VERBROKEN", 166_050),
            *_plan(GEM, COR, "BRV-2"),
            _goes("GESTART", 166_050, "BRV-2"),
            _goes("VOLTOOID", 0, "BRV-2"),
            _close("OPGELOST"),
        ),
        _both("OPGELOST"),
    ),
    Dossier(
        "referred to Kredietbank Nederland",
        (
            *_HELPED,
            Step(GEM, SHV, "verwijzing", b.verwijzing("SCHULDHULP"), "VRW"),
            Step(SHV, GEM, "verwijzingsantwoord", b.verwijzingsantwoord("AANGENOMEN"), "", "VRW"),
            Step(SHV, COR, "opschortingsverzoek", b.opschortingsverzoek, "OPV"),
            Step(COR, SHV, "opschortingsbesluit", b.opschortingsbesluit, "", "OPV"),
            Step(SHV, COR, "saldoverzoek", b.saldoverzoek, "SLV"),
            Step(COR, SHV, "saldo-opgave", b.saldo_opgave, "", "SLV"),
            *_plan(SHV, COR),
            _goes("GESTART", 184_500, naar=SHV),
            _goes("VOLTOOID", 0, naar=SHV),
            Step(
                SHV,
                GEM,
                "verwijzingsantwoord",
                b.verwijzingsantwoord("AFGEROND", "Vervolghulp en/of verwijzing financieel"),
                "",
                "VRW",
            ),
            _result("AFGESLOTEN"),
            Step(COR, GEM, "wijziging", b.wijziging("BETAALD")),
            _close("OPGELOST"),
        ),
        _both("OPGELOST"),
    ),
    Dossier(
        "no contact; an eviction threatened and averted",
        (
            *_BEGIN,
            _result("GEEN_CONTACT"),
            *_threat("VOORNEMEN_DAGVAARDING", "GESPREK_GEPLAND"),
            *_threat("DAGVAARDING", "GESPREK_GEVOERD"),
            _result("HULP_GEACCEPTEERD"),
            *_plan(GEM, COR),
            Step(COR, GEM, "ontruimingsuitkomst", b.ontruimingsuitkomst("AFGEWEND")),
            _goes("VOLTOOID", 0),
            _close("OPGELOST"),
        ),
        _both("OPGELOST"),
    ),
    Dossier(
        "an eviction carried out",
        (
            *_BEGIN,
            _result("HULP_NIET_AANGENOMEN"),
            *_threat("VOORNEMEN_DAGVAARDING", "GEEN_CONTACT"),
            *_threat("DAGVAARDING", "GESPREK_GEPLAND"),
            *_threat("VONNIS", "HULP_NIET_AANGENOMEN"),
            *_threat("AANGEZEGD", "GESPREK_GEVOERD"),
            Step(COR, GEM, "ontruimingsuitkomst", b.ontruimingsuitkomst("UITGEVOERD")),
            _close("ONTRUIMD"),
        ),
        _both("ONTRUIMD"),
    ),
    Dossier(
        "housing fraud: reported, outside the covenant",
        (
            Step(COR, GEM, "vroegsignaal", b.signaal(convenantUitsluiting="WOONFRAUDE"), "VSM"),
            _result("NIET_OPGEPAKT", "Niet opgepakt"),
            _close("UITGESLOTEN"),
        ),
        _both("UITGESLOTEN"),
    ),
    Dossier(
        "the tenant objects: withdrawn and erased",
        (
            *_BEGIN,
            Step(COR, GEM, "wijziging", b.wijziging("BEZWAAR_HUURDER")),
            _close("INGETROKKEN"),
        ),
        _both("INGETROKKEN"),
    ),
    Dossier(
        "moved to another municipality",
        (
            *_BEGIN,
            Step(GEM, NEW, "verwijzing", b.verwijzing("OVERDRACHT_GEMEENTE"), "VRW", dossier=MOVED),
            Step(NEW, GEM, "verwijzingsantwoord", b.verwijzingsantwoord("AANGENOMEN"), "", "VRW", MOVED),
            _result("GEEN_INWONER", "Niet opgepakt"),
            _close("GESLOTEN_ANDERS", GEM, COR),
            Step(
                NEW,
                GEM,
                "verwijzingsantwoord",
                b.verwijzingsantwoord("AFGEROND", "(Budget)advies en/of quick fix"),
                "",
                "VRW",
                MOVED,
            ),
            _close("GESLOTEN_ANDERS", GEM, NEW, MOVED),
        ),
        {COR: "GESLOTEN_ANDERS", GEM: "GESLOTEN_ANDERS", NEW: "GESLOTEN_ANDERS"},
    ),
)
"""The dossiers that the demo plays, each to its end."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that the covenant forbids, tried in the dossier of the story ``inside`` after so many of its steps."""

    title: str
    step: Step
    inside: int = 0
    after: int = 0


TEAM, DESK, OTHER = "wijkteam", "meldpunt", "andere corporatie"

ATTEMPTS = (
    Attempt("a corporation tells another about a tenant", Step(COR, OTHER, "vroegsignaal", b.signaal())),
    Attempt("a neighbourhood team answers a corporation", Step(TEAM, COR, "terugkoppeling", b.reply_to_nobody)),
    Attempt("a signal without a written reminder", Step(COR, GEM, "vroegsignaal", b.signaal_zonder_herinnering)),
    Attempt("a report of concern, which is not in use", Step(COR, DESK, "zorgmelding", b.zorgmelding)),
    Attempt(
        "a municipality tells why a signal was not taken up",
        Step(GEM, COR, "terugkoppeling", b.terugkoppeling_met_reden, "", "VSM"),
        after=1,
    ),
    Attempt(
        "an eviction announced without anything before it",
        Step(COR, GEM, "dreigende-ontruiming", b.dreiging("AANGEZEGD")),
        after=2,
    ),
    Attempt(
        "a pause asked for before help was accepted",
        Step(GEM, COR, "opschortingsverzoek", b.opschortingsverzoek),
        after=2,
    ),
    Attempt(
        "a municipality excludes a tenant from the covenant",
        Step(GEM, COR, "afsluiting", b.afsluiting("UITGESLOTEN")),
        after=2,
    ),
    Attempt(
        "a citizen service number to a neighbourhood team",
        Step(GEM, TEAM, "verwijzing", b.verwijzing("MAATSCHAPPELIJK_WERK")),
        inside=1,
        after=3,
    ),
    Attempt(
        "a plan under the subsistence minimum is agreed to",
        Step(GEM, COR, "regelingsbesluit", b.regelingsbesluit("AKKOORD", "BRV-laag"), "", "BRV-laag"),
        inside=1,
        after=4,
    ),
)
"""What the demo tries in vain; each is refused with the reason."""
