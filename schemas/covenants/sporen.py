"""The tracks of a dossier: help, collection and outcome, as tables of states and steps (DOMAIN 3.5)."""
# ruff: noqa: N815 - field names are those of the file, which its readers read

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from schemas.covenants.vormen import Data, EenSoort, Stand, Typen, Veld, Voorwaarde, once
from schemas.envelope import TypeCode

TERUG = "TERUG"
"""As the next state of a step: the state in which the track was before it came to this one."""

BLIJFT = "BLIJFT"
"""As the next state of a step: the same; the message is in turn and changes nothing here."""

Standen = Annotated[tuple[Stand, ...], Field(strict=False), AfterValidator(once)]


class Spoornaam(StrEnum):
    """Help and collection run beside each other; the outcome ends both."""

    HULP = "hulp"
    INCASSO = "incasso"
    UITKOMST = "uitkomst"


class Spoor(Data):
    """A track: its states, the first of which it begins in. In the states of ``eind`` nothing more is owed on it.

    ``bewaakt``: the types whose order it rules: one that fits no step of this track is out of turn. ``naEind``: the
    types that may still be sent when the track uitkomst has ended; they move nothing any more.
    """

    naam: Annotated[Spoornaam, Field(strict=False)]
    standen: Annotated[Standen, Field(min_length=1)]
    eind: Standen = ()
    bewaakt: Typen = ()
    naEind: Typen = ()

    @model_validator(mode="after")
    def _ends_known(self) -> Self:
        if not set(self.eind) <= set(self.standen) or {TERUG, BLIJFT} & set(self.standen):
            raise ValueError(f"eind names states of the track, and {TERUG} and {BLIJFT} are none")
        return self


class Stap(Data):
    """One step of a track: a message in one of the states ``van`` brings it to ``naar``.

    ``als``: what its fields say; ``alsOp``: what the fields of the message that it answers say. ``mits``: another
    track is in one of these states. ``hoger``: its arrears are above those of the signal before it. ``door``: only when
    a participant of that kind sends it. ``tot``: on the day in that field the track falls back to
    ``daarna``, by itself. ``naar`` TERUG: to the state before this one if it is of ``terug``, else to ``daarna``.
    """

    spoor: Annotated[Spoornaam, Field(strict=False)]
    van: Annotated[Standen, Field(min_length=1)]
    bij: TypeCode
    door: EenSoort | None = None
    als: Voorwaarde = Field(default_factory=dict)
    alsOp: Voorwaarde = Field(default_factory=dict)
    mits: dict[Annotated[Spoornaam, Field(strict=False)], Standen] = Field(default_factory=dict)
    hoger: bool = False
    naar: Stand
    terug: Standen = ()
    tot: Veld | None = None
    daarna: Stand | None = None

    @model_validator(mode="after")
    def _falls_back_somewhere(self) -> Self:
        if (self.naar == TERUG) != bool(self.terug):
            raise ValueError(f"terug goes with naar = {TERUG}")
        if (self.daarna is not None) != (self.tot is not None or self.naar == TERUG):
            raise ValueError(f"daarna goes with tot, and with naar = {TERUG}")
        return self
