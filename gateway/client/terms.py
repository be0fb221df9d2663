"""The reply terms that the exchange watches, as it tells them to a party or to its administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.client.transport import Transport, read_json
from gateway.errors import UnavailableError
from schemas.envelope import TypeCode
from schemas.values import Instant, Mailbox, MessageId, Oin, RandomId


class Term(BaseModel):
    """A term: ``ontvanger`` answers message ``id`` by ``einde``. What a later version adds is left out.

    ``niveau`` is the last escalation level that was told (0: none); ``antwoord`` the answer that met it last.
    """

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    stand: Literal["loopt", "vervuld", "vervallen"]
    begin: Instant
    einde: Instant
    niveau: Annotated[int, Field(ge=0)]
    id: MessageId
    source: Mailbox
    ontvanger: Mailbox
    type: TypeCode
    dossier: RandomId
    volgendeMelding: Instant | None = None  # noqa: N815 - its name on the wire
    antwoord: MessageId | None = None

    @property
    def turn(self) -> Oin | None:
        """Whose turn it is, while it runs."""
        return self.ontvanger.oin if self.stand == "loopt" else None

    def late_seconds(self, now: datetime) -> int:
        """Give for how long the answer is overdue, in whole seconds; 0 while it is not, or no longer."""
        return max(0, int((now - self.einde).total_seconds())) if self.turn else 0


class Terms(BaseModel):
    """Terms in the order in which they are due; ``meer`` if there are others after these."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    termijnen: list[Term]
    meer: bool


def read_terms(answer: object) -> Terms:
    """Read the answer of the exchange.

    Raises:
        UnavailableError: it is no list of terms; ask again, or ask the administrator which version runs.
    """
    try:
        return Terms.model_validate(answer)
    except ValidationError as error:
        raise UnavailableError("the exchange's answer is no list of terms") from error


async def fetch_terms(transport: Transport, dossier: RandomId | None = None) -> Terms:
    """Ask for the party's running terms, or for all its terms of a dossier, ended ones too.

    Raises:
        RejectedError: the party has no such dossier.
        UnavailableError: no answer, or no list of terms.
    """
    path = "/v1/termijnen" if dossier is None else f"/v1/dossiers/{dossier}/termijnen"
    return read_terms(read_json(await transport.get(path)))
