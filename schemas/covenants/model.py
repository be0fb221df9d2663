"""The covenant as data: who takes part, who may send what to whom, until when, and how long it is kept.

One file, versioned; its digest stands in every decision. Everything here comes from the file, so that the parties
can correct it without a release (DOMAIN: what is proposed is data).
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from schemas.envelope import TypeCode
from schemas.values import Cents, Digest, Gemeentecode, Mailbox, Oin, Postcode

MAX_BYTES = 40_000


class CovenantError(ValueError):
    """The file is no covenant; ``line`` is where (1 is the first), ``text`` what was expected."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


def _duration(value: object) -> timedelta:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) (uur|dagen|dag)", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('expected a duration such as "36 uur" or "14 dagen"')
    count = int(match[1])
    return timedelta(hours=count) if match[2] == "uur" else timedelta(days=count)


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
BoxName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class Soort(StrEnum):
    """What kind of participant (DOMAIN §3.1)."""

    COR = "COR"
    GEM = "GEM"
    SWT = "SWT"
    SHV = "SHV"
    MZO = "MZO"


class Row(BaseModel):
    """A table of the file: immutable, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Deelnemer(Row):
    """A participant: its kind, the municipalities it works for, and its mailboxes."""

    oin: Oin
    naam: Name
    soort: Soort
    gebied: Annotated[tuple[Gemeentecode, ...], Field(min_length=1)]
    postvaknamen: Annotated[tuple[BoxName, ...], Field(alias="postvakken", min_length=1)]

    @property
    def postvakken(self) -> tuple[Mailbox, ...]:
        """Its mailboxes, whole."""
        return tuple(Mailbox.of(self.oin, name) for name in self.postvaknamen)


class Reeks(Row):
    """A range of postcodes by their four digits, both ends included."""

    van: Annotated[int, Field(ge=1000, le=9999)]
    tot: Annotated[int, Field(ge=1000, le=9999)]


class Gemeente(Row):
    """A municipality: its postcodes, and from when arrears are a signal to it (each sets its own, DOMAIN §1.1)."""

    code: Gemeentecode
    naam: Name
    postcodes: Annotated[tuple[Reeks, ...], Field(min_length=1)]
    minimum_cent: Annotated[Cents, Field(alias="minimumCent")] = Cents(0)
    minimum_dagen: Annotated[int, Field(alias="minimumDagen", ge=0, le=365)] = 30
    maximum_dagen: Annotated[int | None, Field(alias="maximumDagen", ge=1, le=3650)] = None

    def holds(self, postcode: Postcode) -> bool:
        """Tell whether the postcode lies in one of its ranges."""
        return any(r.van <= int(postcode[:4]) <= r.tot for r in self.postcodes)


class Verlooptijd(Row):
    """How long the exchange offers a message: at least, if nothing is said, at most."""

    minimum: Duration
    standaard: Duration
    maximum: Duration

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.minimum <= self.standaard <= self.maximum:
            raise ValueError("minimum, standaard and maximum must not decrease")
        return self


class BerichtRegel(Row):
    """A message type: who may send it to whom, on which basis, for what, until when."""

    code: TypeCode
    van: Annotated[tuple[Soort, ...], Field(min_length=1)]
    naar: Annotated[tuple[Soort, ...], Field(min_length=1)]
    opent: bool = False
    grondslag: Name
    doel: Annotated[str, Field(min_length=1, max_length=300)]
    verlooptijd: Verlooptijd
    lading_na_ontvangst: Annotated[Duration, Field(alias="ladingNaOntvangst")]


class Bewaren(Row):
    """How long things are kept after a dossier ends."""

    logregels: Duration
    enveloppen: Duration


class Convenant(BaseModel):
    """A whole covenant; ``text`` is the file and ``digest`` that of its bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    naam: Name
    versie: Annotated[int, Field(ge=1)]
    geldig_vanaf: Annotated[date, Field(alias="geldigVanaf")]
    bewaren: Bewaren
    deelnemers: Annotated[tuple[Deelnemer, ...], Field(alias="deelnemer", min_length=2)]
    gemeenten: Annotated[tuple[Gemeente, ...], Field(alias="gemeente", min_length=1)]
    berichten: Annotated[tuple[BerichtRegel, ...], Field(alias="bericht", min_length=1)]
    text: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        _unique("deelnemer", [d.oin for d in self.deelnemers])
        _unique("gemeente", [g.code for g in self.gemeenten])
        _unique("bericht", [b.code for b in self.berichten])
        codes = {g.code for g in self.gemeenten}
        if any(not codes.issuperset(d.gebied) for d in self.deelnemers):
            raise ValueError("deelnemer: gebied names a municipality that the covenant does not have")
        ranges = sorted((r.van, r.tot) for g in self.gemeenten for r in g.postcodes)
        if any(a[1] < a[0] for a in ranges) or any(b[0] <= a[1] for a, b in pairwise(ranges)):
            raise ValueError("gemeente: postcode ranges overlap or are reversed")
        return self

    @cached_property
    def digest(self) -> Digest:
        """The digest that decisions quote."""
        return Digest.of(self.text.encode())

    @cached_property
    def _by_oin(self) -> dict[str, Deelnemer]:
        return {d.oin: d for d in self.deelnemers}

    @cached_property
    def _by_code(self) -> dict[str, BerichtRegel]:
        return {b.code: b for b in self.berichten}

    def deelnemer(self, oin: Oin) -> Deelnemer | None:
        """The participant with this number, or nothing."""
        return self._by_oin.get(oin)

    def bericht(self, code: str) -> BerichtRegel | None:
        """The rule of a message type, or nothing."""
        return self._by_code.get(code)

    def gemeente(self, code: str) -> Gemeente | None:
        """The municipality with this code, or nothing."""
        return next((g for g in self.gemeenten if g.code == code), None)

    def gemeente_van(self, postcode: Postcode) -> Gemeente | None:
        """The municipality in whose ranges the postcode lies, or nothing."""
        return next((g for g in self.gemeenten if g.holds(postcode)), None)

    def gemeente_deelnemer(self, code: str) -> Deelnemer | None:
        """The municipality as a participant, or nothing."""
        return next((d for d in self.deelnemers if d.soort is Soort.GEM and code in d.gebied), None)


def load_covenant(data: bytes) -> Convenant:
    """Read a covenant file.

    Raises:
        CovenantError: with the line and what was expected there.
    """
    if len(data) > MAX_BYTES:
        raise CovenantError(1, f"a covenant file has at most {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise CovenantError(data[: error.start].count(b"\n") + 1, "not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise CovenantError(int(found[1]) if found else text.count("\n") + 1, str(error)) from None
    if "text" in tables:
        raise CovenantError(1, "text is not a key of a covenant")
    try:
        return Convenant.model_validate({**tables, "text": text})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        where = ".".join(str(part) for part in first["loc"])
        raise CovenantError(_line(text, first["loc"], message), f"{where}: {message}" if where else message) from None


def _line(text: str, loc: tuple[Any, ...], message: str) -> int:
    """Find the line that a fault is about: the n-th table of its name, and the key in it."""
    name = str(loc[0]) if loc else message.partition(":")[0]
    number = loc[1] if len(loc) > 1 and isinstance(loc[1], int) else 0
    lines = text.splitlines()
    starts = [
        i for i, line in enumerate(lines) if re.match(rf"\s*\[\[?\s*{re.escape(name)}\b|{re.escape(name)}\s*=", line)
    ]
    start = starts[number] if number < len(starts) else 0
    keys = [part for part in loc[1:] if isinstance(part, str)]
    for i in range(start + 1, len(lines)):
        if lines[i].startswith("["):
            break
        if keys and re.match(rf"\s*{re.escape(keys[0])}\s*=", lines[i]):
            return i + 1
    return start + 1


def _unique(table: str, names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{table}: the same one occurs twice")
