"""The family of the payment plan: regelingsvoorstel (BRV), regelingsbesluit (BRB) and regelingsstatus (BRS).

What one message can show is checked here. Who may have tested (R4), whether a test has expired (R7) and
what an earlier message said are for the connectors (DOMAIN 3.5).
"""
# ruff: noqa: N815 - field names are the wire's

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.berichten.aanwezigheid import Presence, told
from schemas.berichten.berichttype import MessageType
from schemas.berichten.geldvormen import Betaalreferentie, Iban
from schemas.berichten.klassen import DataClass
from schemas.berichten.vormen import BedragCent, Blok, Datum
from schemas.values import Cents, MessageId, Oin

VOORLOPIG_DAGEN = 30
"""How long a plan that nobody tested may run (DOMAIN 3.5, R3)."""


class Toetsuitkomst(StrEnum):
    """Whether the tenant keeps the subsistence minimum under the plan."""

    VOLDOET = "VOLDOET"
    VOLDOET_NIET = "VOLDOET_NIET"
    NIET_GETOETST = "NIET_GETOETST"


class Toetsmethode(StrEnum):
    """How it was tested (DOMAIN 1.3); the gateway never computes it."""

    BESLAGVRIJE_VOET = "BESLAGVRIJE_VOET"
    VTLB = "VTLB"
    BUDGETPLAN = "BUDGETPLAN"


_TESTED = Presence(
    fields=("methode", "toetsdatum", "toetser", "maxTermijnbedragCent"),
    on="uitkomst",
    values=(Toetsuitkomst.VOLDOET, Toetsuitkomst.VOLDOET_NIET),
)


class BestaansminimumToets(Blok):
    """The test on the subsistence minimum: its outcome and the most a term may be, nothing about income (R5, R6).

    ``toetser`` is the organisation that tested. The four facts of a test are there exactly when one was made.
    """

    model_config = told(_TESTED)

    uitkomst: Annotated[Toetsuitkomst, Field(strict=False), DataClass.P2]
    methode: Annotated[Toetsmethode | None, Field(strict=False), DataClass.P2] = None
    toetsdatum: Annotated[Datum | None, DataClass.P2] = None
    toetser: Annotated[Oin | None, DataClass.P2] = None
    maxTermijnbedragCent: Annotated[Cents | None, DataClass.P2] = None

    @model_validator(mode="after")
    def _facts_of_a_test(self) -> Self:
        _TESTED.hold(self)
        return self


_PROVISIONAL = Presence(
    fields=("voorlopigTot",), on="bestaansminimumToets.uitkomst", values=(Toetsuitkomst.NIET_GETOETST,)
)


class Regelingsvoorstel(Blok):
    """BRV: one side proposes a payment plan (DOMAIN 1.3 and 3.5).

    The last term takes the rest, so the terms before it come to less than ``totaalCent``. A term of zero
    is deferral. A plan that nobody tested is provisional, until ``voorlopigTot`` at the latest (R3).
    """

    model_config = told(_PROVISIONAL)

    totaalCent: Annotated[BedragCent, DataClass.P2]
    termijnbedragCent: Annotated[Cents, DataClass.P2]
    aantalTermijnen: Annotated[int, Field(ge=1, le=120), DataClass.P2]
    startdatum: Annotated[Datum, DataClass.P2]
    bestaansminimumToets: BestaansminimumToets
    voorlopigTot: Annotated[Datum | None, DataClass.P2] = None
    betaalreferentie: Annotated[Betaalreferentie | None, DataClass.G] = None
    ibanCorporatie: Annotated[Iban | None, DataClass.G] = None

    @model_validator(mode="after")
    def _no_more_than_the_total(self) -> Self:
        if self.termijnbedragCent * (self.aantalTermijnen - 1) >= self.totaalCent:
            raise ValueError("all terms but the last come to less than totaalCent")
        return self

    @model_validator(mode="after")
    def _within_the_test(self) -> Self:
        test = self.bestaansminimumToets
        if test.maxTermijnbedragCent is not None and self.termijnbedragCent > test.maxTermijnbedragCent:
            raise ValueError("termijnbedragCent is no more than maxTermijnbedragCent of the test (R2)")
        if test.toetsdatum is not None and test.toetsdatum > self.startdatum:
            raise ValueError("toetsdatum is not after startdatum")
        return self

    @model_validator(mode="after")
    def _provisional_without_test(self) -> Self:
        _PROVISIONAL.hold(self)
        if self.voorlopigTot is not None and not 0 <= (self.voorlopigTot - self.startdatum).days <= VOORLOPIG_DAGEN:
            raise ValueError(f"voorlopigTot is 0 to {VOORLOPIG_DAGEN} days after startdatum (R3)")
        return self


class Besluit(StrEnum):
    """The answer to a proposal. With TEGENVOORSTEL a proposal of the other side follows, as a message of its own."""

    AKKOORD = "AKKOORD"
    WEIGERING = "WEIGERING"
    TEGENVOORSTEL = "TEGENVOORSTEL"


class RegelingWeigerreden(StrEnum):
    """Why a plan is refused: about the plan and the rent, never about the tenant or other help (DOMAIN 3.3).

    LOPENDE_HUUR_NIET_BETAALD and EERDERE_REGELING_VERBROKEN are of the corporation's own books, and no others.
    """

    TERMIJN_TE_HOOG = "TERMIJN_TE_HOOG"
    TERMIJN_TE_LAAG = "TERMIJN_TE_LAAG"
    DUUR_TE_LANG = "DUUR_TE_LANG"
    TOETS_ONTBREEKT = "TOETS_ONTBREEKT"
    LOPENDE_HUUR_NIET_BETAALD = "LOPENDE_HUUR_NIET_BETAALD"
    EERDERE_REGELING_VERBROKEN = "EERDERE_REGELING_VERBROKEN"


_REFUSED = Presence(fields=("weigerreden",), on="besluit", values=(Besluit.WEIGERING,))
_NEVER_BELOW = {
    "if": {"properties": {"besluit": {"const": Besluit.AKKOORD.value}}, "required": ["besluit"]},
    "then": {
        "properties": {
            "bestaansminimumToets": {
                "properties": {"uitkomst": {"not": {"const": Toetsuitkomst.VOLDOET_NIET.value}}},
            }
        }
    },
}


class Regelingsbesluit(Blok):
    """BRB: the other side agrees, refuses or will make a proposal of its own.

    ``bestaansminimumToets`` is the test by whoever decides, of a plan that a corporation proposed untested.
    Nobody agrees to a plan under the subsistence minimum (R1).
    """

    model_config = told(_REFUSED, _NEVER_BELOW)

    betreft: Annotated[MessageId, DataClass.P2]
    besluit: Annotated[Besluit, Field(strict=False), DataClass.P2]
    datum: Annotated[Datum, DataClass.P2]
    weigerreden: Annotated[RegelingWeigerreden | None, Field(strict=False), DataClass.P2] = None
    bestaansminimumToets: BestaansminimumToets | None = None

    @model_validator(mode="after")
    def _reason_of_a_refusal(self) -> Self:
        _REFUSED.hold(self)
        return self

    @model_validator(mode="after")
    def _never_below_the_minimum(self) -> Self:
        test = self.bestaansminimumToets
        if test is None:
            return self
        if self.besluit is Besluit.AKKOORD and test.uitkomst is Toetsuitkomst.VOLDOET_NIET:
            raise ValueError("no AKKOORD with VOLDOET_NIET (R1)")
        if test.toetsdatum is not None and test.toetsdatum > self.datum:
            raise ValueError("toetsdatum is not after datum")
        return self


class Regelingstand(StrEnum):
    """How a plan stands. After GEMIST the plan is tested again (R7), after VERBROKEN it has ended."""

    GESTART = "GESTART"
    NAGEKOMEN = "NAGEKOMEN"
    GEMIST = "GEMIST"
    VOLTOOID = "VOLTOOID"
    VERBROKEN = "VERBROKEN"


_PAID = {
    "if": {"properties": {"status": {"const": Regelingstand.VOLTOOID.value}}, "required": ["status"]},
    "then": {"properties": {"restantCent": {"const": 0}}},
    "else": {"properties": {"restantCent": {"exclusiveMinimum": 0}}},
}


class Regelingsstatus(Blok):
    """BRS: the corporation tells how a plan goes. Nothing remains exactly when it is completed."""

    model_config = told(_PAID)

    betreft: Annotated[MessageId, DataClass.P2]
    status: Annotated[Regelingstand, Field(strict=False), DataClass.P2]
    datum: Annotated[Datum, DataClass.P2]
    restantCent: Annotated[Cents, DataClass.P2]

    @model_validator(mode="after")
    def _nothing_left_when_completed(self) -> Self:
        if (self.restantCent == 0) != (self.status is Regelingstand.VOLTOOID):
            raise ValueError("restantCent is 0 exactly when status is VOLTOOID")
        return self


_GRONDSLAG = (
    "Overeenkomst met de huurder (AVG art. 6, lid 1, onder b); "
    "Wet gemeentelijke schuldhulpverlening art. 3 (AVG art. 6, lid 1, onder e)"
)

TYPEN: tuple[MessageType, ...] = (
    MessageType(
        name="regelingsvoorstel",
        short="BRV",
        title_nl="Regelingsvoorstel",
        title_en="Proposal of a payment plan",
        model=Regelingsvoorstel,
        legal_basis=_GRONDSLAG,
        purpose="Een betalingsregeling voorstellen waarbij de huurder het bestaansminimum houdt.",
        description="De corporatie, de gemeente of de schuldhulpverlener stelt een betalingsregeling voor. "
        "Van de toets op het bestaansminimum staan er alleen de uitkomst en het hoogste termijnbedrag in. "
        "Zonder toets is de regeling voorlopig, ten hoogste dertig dagen. Een termijnbedrag van nul is uitstel.",
    ),
    MessageType(
        name="regelingsbesluit",
        short="BRB",
        title_nl="Regelingsbesluit",
        title_en="Decision on a payment plan",
        model=Regelingsbesluit,
        legal_basis=_GRONDSLAG,
        purpose="Antwoorden op een voorgestelde betalingsregeling.",
        description="De andere partij gaat akkoord, weigert met een reden uit een vaste lijst, of doet zelf een "
        "voorstel. Met een regeling onder het bestaansminimum gaat niemand akkoord.",
    ),
    MessageType(
        name="regelingsstatus",
        short="BRS",
        title_nl="Regelingsstatus",
        title_en="State of a payment plan",
        model=Regelingsstatus,
        legal_basis=_GRONDSLAG,
        purpose="Laten weten hoe een betalingsregeling loopt, zodat hulp op tijd komt als een termijn is gemist.",
        description="De corporatie meldt dat een betalingsregeling is gestart, nagekomen, gemist, voltooid of "
        "verbroken, en wat er nog openstaat.",
    ),
)
"""The types of this family."""
