"""What a party asks of its exchange, as typed questions and answers; ``proofs`` and ``opening`` check their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from pydantic import ConfigDict, Field, ValidationError

from gateway.client.opening import Offered
from gateway.client.problems import error_of
from gateway.client.transport import Transport, read_json
from gateway.errors import GatewayError, UnavailableError
from schemas.envelope import MAX_COLLECTED, MAX_ENVELOP, MAX_LADING, Wire
from schemas.values import Mailbox, MessageId, Oin, RandomId

MAX_BATCH = 500
RECEIPT_ROOM = 4 * 1024

W = TypeVar("W", bound=Wire)


class _Answer(Wire):
    """An exchange may say more one day; what is not known here is passed over, what is signed never depends on it."""

    model_config = ConfigDict(extra="ignore")


class _Outcome(_Answer):
    aanvaard: str | None = None
    geboekt: str | None = None
    probleem: dict[str, Any] | None = None


class _Outcomes(_Answer):
    uitkomsten: list[_Outcome]


class _Message(_Answer):
    envelop: str = Field(max_length=MAX_ENVELOP)
    lading: str = Field(max_length=MAX_LADING)
    aanvaard: str
    gaten: list[str] = Field(default_factory=list)


class _Receipt(_Answer):
    nummer: Annotated[int, Field(ge=0, lt=2**63)]
    bewijs: str
    geboekt: str | None = None


class _Collected(_Answer):
    uitkomsten: list[_Outcome] = Field(default_factory=list)
    berichten: list[_Message] = Field(default_factory=list)
    ontvangstbewijzen: list[_Receipt] = Field(default_factory=list)
    meer: bool = False


@dataclass(frozen=True, slots=True)
class HandedBack:
    """A receipt or notice that waited in the mailbox; ``nummer`` confirms it in a later collect."""

    nummer: int
    bewijs: str
    geboekt: str | None


@dataclass(frozen=True, slots=True)
class Round:
    """One question to the mailbox. ``wachten`` is in seconds; ``vanaf`` collects again after a restore."""

    postvak: Mailbox
    ontvangstbewijzen: Sequence[str] = ()
    gezien: Sequence[int] = ()
    maximum: int = 100
    wachten: int = 0
    vanaf: int | None = None

    def body(self) -> dict[str, object]:
        """Spell the question as docs/api.md does."""
        body: dict[str, object] = {
            "postvak": self.postvak,
            "ontvangstbewijzen": list(self.ontvangstbewijzen),
            "gezien": list(self.gezien),
            "maximum": self.maximum,
            "wachten": self.wachten,
        }
        return body if self.vanaf is None else body | {"vanaf": self.vanaf}


@dataclass(frozen=True, slots=True)
class Collected:
    """The mailbox's answer; ``uitkomsten`` follow the receipts handed in: *geboekt*, or the error."""

    uitkomsten: list[str | GatewayError] = field(default_factory=list)
    berichten: list[Offered] = field(default_factory=list)
    ontvangstbewijzen: list[HandedBack] = field(default_factory=list)
    meer: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A party's post: every method raises ``UnavailableError`` or ``RejectedError`` as ``Transport`` does."""

    transport: Transport

    async def submit(self, messages: Sequence[tuple[str, str]]) -> list[str | GatewayError]:
        """Hand in (envelop, lading) pairs, at most 500; give *aanvaard* or the error of each, in order."""
        body = [{"envelop": envelop, "lading": lading} for envelop, lading in messages]
        limit = 64 * 1024 + len(messages) * 3 * RECEIPT_ROOM
        answer = _read(_Outcomes, await self.transport.post("/v1/berichten", body, limit))
        return _outcomes(answer.uitkomsten, len(messages))

    async def collect(self, asked: Round) -> Collected:
        """Hand in receipts, confirm what was seen, and collect, in one round trip."""
        messages = MAX_COLLECTED + MAX_LADING + MAX_ENVELOP
        limit = 1024 * 1024 + messages + (len(asked.ontvangstbewijzen) + 3 * asked.maximum) * RECEIPT_ROOM
        raw = await self.transport.post("/v1/postvak/_ophalen", asked.body(), limit, float(asked.wachten))
        answer = _read(_Collected, raw)
        return Collected(
            _outcomes(answer.uitkomsten, len(asked.ontvangstbewijzen)),
            [Offered(m.envelop, m.lading, m.aanvaard, tuple(m.gaten)) for m in answer.berichten],
            [HandedBack(r.nummer, r.bewijs, r.geboekt) for r in answer.ontvangstbewijzen],
            answer.meer,
        )

    async def status(self, source: Oin, identifier: MessageId) -> Any:  # noqa: ANN401
        """Give the exchange's view of one message of ours, unverified."""
        return read_json(await self.transport.get(f"/v1/berichten/{quote(source)}/{quote(identifier)}"))

    async def dossier(self, dossier: RandomId) -> Any:  # noqa: ANN401
        """Give the exchange's view of our messages in one dossier, unverified."""
        return read_json(await self.transport.get(f"/v1/dossiers/{quote(dossier)}"))

    async def entry(self, index: int) -> bytes:
        """Fetch the body of one entry of the traffic log that we are a party to, unverified."""
        return await self.transport.get(f"/log/verkeer/logregel/{index}")

    async def announce_key(self, statement: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Hand in a following key, signed by the one before (docs/api.md, Deelnemers en sleutels).

        For the command that renews a party's keys, which comes later.
        """
        return await self.transport.post("/v1/sleutels", dict(statement))


def _read(model: type[W], raw: object) -> W:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise UnavailableError("the exchange's answer does not have the form of docs/api.md") from error


def _outcomes(outcomes: Sequence[_Outcome], expected: int) -> list[str | GatewayError]:
    if len(outcomes) != expected:
        raise UnavailableError("the exchange answered another number of items than was asked")
    return [o.aanvaard or o.geboekt or error_of(o.probleem) for o in outcomes]
