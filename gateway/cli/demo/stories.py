"""Whole dossiers, from the first signal to their end, as tables of who sends what to whom; and what nobody may send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.cli.demo import berichten as b
from gateway.cli.demo.berichten import Bericht, Thread
from gateway.covenant.wording import WORDING
from schemas.problems import Problem

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
    """A played dossier: its steps in order, and in which states its outcome track ends at whom.

    ``erased`` are the labels of the messages whose content their recipient must have destroyed by the end.
    """

    title: str
    steps: tuple[Step, ...]
    ends: Mapping[str, str]
    erased: tuple[str, ...] = ()


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
        erased=("VSM",),
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
class Because:
    """Why something must be refused: the problem and, where content decides, what is told about which place in it."""

    code: Problem
    pointer: str = ""
    told: str = ""

    def holds(self, code: Problem, faults: Sequence[tuple[str, str]]) -> bool:
        """Tell whether a refusal with this code and these faults is the one that was meant."""
        return code is self.code and (not self.told or (self.pointer, self.told) in faults)


def _forbidden(objection: str, pointer: str = "#") -> Because:
    """An objection of the covenant, by its code, as its English words tell it."""
    return Because(Problem.NIET_VOLGENS_CONVENANT, pointer, WORDING[objection][1])


def _unfit(pointer: str, told: str) -> Because:
    """A message that its schema does not let pass."""
    return Because(Problem.ONGELDIGE_INVOER, pointer, told)


_NO_ROUTE = Because(Problem.NIET_TOEGESTAAN)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that the covenant forbids, tried in the dossier of the story ``inside`` after so many of its steps."""

    title: str
    step: Step
    because: Because
    inside: int = 0
    after: int = 0


TEAM, DESK, OTHER = "wijkteam", "meldpunt", "andere corporatie"


def _reply_of_team(thread: Thread) -> Mapping[str, Any]:
    """A reply that fits its schema, so that only who sends it is wrong: the covenant has no contact for a team."""
    contact = {"naam": "Team", "telefoon": "+31000000000"}
    return {**b.reply_to_nobody(thread), "behandelaarContact": contact}


ATTEMPTS = (
    Attempt("a corporation tells another about a tenant", Step(COR, OTHER, "vroegsignaal", b.signaal()), _NO_ROUTE),
    Attempt("a neighbourhood team answers a corporation", Step(TEAM, COR, "terugkoppeling", _reply_of_team), _NO_ROUTE),
    Attempt(
        "a signal without a written reminder",
        Step(COR, GEM, "vroegsignaal", b.signaal_zonder_herinnering),
        _unfit("#/incassoVerantwoording/herinneringen", "more items"),
    ),
    Attempt(
        "a report of concern, which is not in use",
        Step(COR, DESK, "zorgmelding", b.zorgmelding),
        Because(Problem.TYPE_ONBEKEND),
    ),
    Attempt(
        "a municipality tells why a signal was not taken up",
        Step(GEM, COR, "terugkoppeling", b.terugkoppeling_met_reden, "", "VSM"),
        _unfit("#", "no other fields than the schema has"),
        after=1,
    ),
    Attempt(
        "a dossier closed as resolved while nothing is",
        Step(COR, GEM, "afsluiting", b.afsluiting("OPGELOST")),
        _forbidden("beurt-uitkomst"),
        after=2,
    ),
    Attempt(
        "a payment plan reported on that nobody agreed to",
        Step(COR, GEM, "regelingsstatus", b.regelingsstatus("NAGEKOMEN", 92_250, "VSM")),
        _forbidden("beurt-incasso"),
        after=2,
    ),
    Attempt(
        "a pause asked for before help was accepted",
        Step(GEM, COR, "opschortingsverzoek", b.opschortingsverzoek),
        _forbidden("hulp-niet-aanvaard"),
        after=2,
    ),
    Attempt(
        "a municipality excludes a tenant from the covenant",
        Step(GEM, COR, "afsluiting", b.afsluiting("UITGESLOTEN")),
        _forbidden("uitgesloten-door-corporatie", "#/uitkomst"),
        after=2,
    ),
    Attempt(
        "a citizen service number to a neighbourhood team",
        Step(GEM, TEAM, "verwijzing", b.verwijzing("MAATSCHAPPELIJK_WERK")),
        _forbidden("bsn-niet-toegestaan", "#/huurder/bsn"),
        inside=1,
        after=3,
    ),
    Attempt(
        "a plan under the subsistence minimum is agreed to",
        Step(GEM, COR, "regelingsbesluit", b.regelingsbesluit("AKKOORD", "BRV-laag"), "", "BRV-laag"),
        _forbidden("r1-voldoet-niet", "#/besluit"),
        inside=1,
        after=4,
    ),
)
"""What the demo tries in vain; each is refused, for the reason that it must be refused for and no other."""
