"""What the covenant says about messages: who sends them to whom, what comes first, what is answered by when."""
# ruff: noqa: N815 - field names are those of the file, which its readers read

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.covenants.sporen import Spoornaam, Standen
from schemas.covenants.vormen import (
    Data,
    Duur,
    EenSoort,
    Lengte,
    Naam,
    Regel,
    Soort,
    Typen,
    Veld,
    Voorwaarde,
    once,
)
from schemas.envelope import TypeCode


class Route(Data):
    """One way that a type may go, from a kind of participant to a kind.

    ``gebied``: both must work for one municipality at least. ``opent``: it may be the first message of a dossier.
    ``naHulp``: only after the tenant accepted help; content tells, so the connectors judge it (DOMAIN 3.1).
    """

    van: EenSoort
    naar: EenSoort
    gebied: bool = True
    opent: bool = False
    naHulp: bool = False


class Verlooptijd(Data):
    """How long after acceptance a message is offered: the least and the most a sender may ask, and the usual."""

    minimum: Duur
    standaard: Duur
    maximum: Duur

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if not self.minimum <= self.standaard <= self.maximum:
            raise ValueError("minimum, standaard and maximum ascend")
        return self


class BerichtRegel(Data):
    """What the covenant says about one type: who sends it to whom, why, and for how long.

    A type that is not ``inGebruik`` may be sent by nobody. ``antwoordOp``: the types that it may answer;
    ``antwoordVerplicht``: it must answer one. ``bewaarDagen``: how long the sealed payload stays collectable
    after receipt.
    """

    code: TypeCode
    inGebruik: bool = True
    routes: Annotated[tuple[Route, ...], Field(strict=False, min_length=1), AfterValidator(once)]
    grondslag: Regel
    doel: Regel
    antwoordOp: Typen = ()
    antwoordVerplicht: bool = False
    verlooptijd: Verlooptijd
    bewaarDagen: Annotated[int, Field(ge=1, le=3650)] = 30

    @model_validator(mode="after")
    def _answers_something(self) -> Self:
        if self.antwoordVerplicht and not self.antwoordOp:
            raise ValueError("antwoordVerplicht needs antwoordOp")
        return self

    def route(self, van: Soort, naar: Soort) -> Route | None:
        """Give the route between two kinds, if the type may go that way."""
        return next((route for route in self.routes if (route.van, route.naar) == (van, naar)), None)


class Betrokkene(StrEnum):
    """A party of a message."""

    AFZENDER = "afzender"
    ONTVANGER = "ontvanger"


Wie = Annotated[Betrokkene, Field(strict=False)] | EenSoort
"""A party of the message, or whoever of the dossier is of that kind."""


class Melding(Data):
    """One escalation level: ``na`` the term ended (at once, when absent), these are told."""

    na: Lengte | None = None
    aan: Annotated[tuple[Wie, ...], Field(strict=False, min_length=1), AfterValidator(once)]


class Termijn(Data):
    """A reply term that the exchange watches: ``binnen`` that time a message ``op`` is answered ``door`` another.

    It begins when the recipient received the message, or the pick-up term after the exchange accepted it, whichever
    comes first.
    """

    code: Naam
    op: TypeCode
    door: Annotated[tuple[TypeCode, ...], Field(strict=False, min_length=1), AfterValidator(once)]
    binnen: Lengte
    meldingen: Annotated[tuple[Melding, ...], Field(strict=False, min_length=1, max_length=9)]


class Vervulling(Data):
    """A message that meets a term on content: its type, and what its fields say."""

    type: TypeCode
    als: Voorwaarde = Field(default_factory=dict)


class Inhoudstermijn(Data):
    """A term on content, which the connectors of both parties watch.

    A message ``op`` whose fields say ``als`` obliges its ``plichtige`` to something ``binnen`` that time, counted from
    its receipt, or from the end of the day in the field ``vanaf``; only if the tracks of ``mits`` are in one of these
    states once it has passed. One of ``vervuld`` that comes later meets it,
    whoever of the two sends it. ``meldingen`` are the lengths of time after its end at which a person is told again.
    """

    code: Naam
    op: TypeCode
    als: Voorwaarde = Field(default_factory=dict)
    mits: dict[Annotated[Spoornaam, Field(strict=False)], Standen] = Field(default_factory=dict)
    vanaf: Veld | None = None
    binnen: Lengte
    plichtige: Annotated[Betrokkene, Field(strict=False)]
    vervuld: Annotated[tuple[Vervulling, ...], Field(strict=False)] = ()
    grondslag: Regel
    meldingen: Annotated[tuple[Lengte, ...], Field(strict=False, max_length=9)] = ()


class Bereikt(StrEnum):
    """How far an earlier message must have come. It counts as notified once offered, never once accepted (DESIGN)."""

    AANVAARD = "aanvaard"
    AANGEBODEN = "aangeboden"
    ONTVANGEN = "ontvangen"


class Eerder(Data):
    """An earlier message of the dossier that opens a gate; between whichever kinds, unless they are named."""

    type: TypeCode
    van: EenSoort | None = None
    naar: EenSoort | None = None
    bereikt: Annotated[Bereikt, Field(strict=False)] = Bereikt.AANVAARD


class Gevolg(StrEnum):
    """What a closed gate does: the message is refused, or it goes on and both parties are warned."""

    BLOKKEERT = "blokkeert"
    WAARSCHUWT = "waarschuwt"


class Poort(Data):
    """A gate at the exchange: ``voor`` a type (on the way from ``van`` to ``naar``, if named) one of ``eerst`` came."""

    code: Naam
    voor: TypeCode
    van: EenSoort | None = None
    naar: EenSoort | None = None
    eerst: Annotated[tuple[Eerder, ...], Field(strict=False, min_length=1)]
    gevolg: Annotated[Gevolg, Field(strict=False)]
    reden: Regel
