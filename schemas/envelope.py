"""The envelope (envelop) of one message: CloudEvents attributes, NL GOV profile, read strictly.

The envelope tells the exchange everything it may know: who, to whom, which kind of
message, which dossier, which order, until when, and the digests that bind the sealed
payload. Nothing about the tenant stands in it.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, Self, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from schemas.strict import NotStrictJsonError, parse_json
from schemas.values import Digest, Mailbox, MessageId, RandomId, Second

MAX_LADING = 1_402_000
"""Longest sealed payload in characters: a payload of 1 MiB padded, sealed, in base64url."""

MAX_ENVELOP = 8_192
"""Longest signed envelope in characters."""

MAX_COLLECTED = 8_000_000
"""Most characters of messages (envelop and lading) that one collect hands out, unless the first alone is longer."""

TypeCode = Annotated[str, StringConstraints(pattern=r"^nl\.huurschuld\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]?$", max_length=80)]
Origin = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9-]+)+$", max_length=200)]
"""The origin of an exchange or of one of its logs, as a C2SP checkpoint spells it."""


class MalformedError(ValueError):
    """The bytes are no envelope or receipt; ``faults`` lists every one as (JSON pointer, what was expected)."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = faults


class Wire(BaseModel):
    """What travels: immutable, nothing unknown, no conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read strict JSON into a value that cannot be wrong.

        Raises:
            MalformedError: with every fault at once; its texts hold no input.
        """
        try:
            raw = parse_json(data)
            value = cls.model_validate(raw)
        except NotStrictJsonError as error:
            raise MalformedError([("#", str(error))]) from None
        except ValidationError as error:
            raise MalformedError([fault(e) for e in error.errors(include_url=False, include_input=False)]) from None
        faults = [(f"#/{name}", "Field required") for name in sorted(fixed(cls) - raw.keys())]
        faults += [(f"#/{name}", "leave out what is absent") for name, item in raw.items() if item is None]
        if faults:
            raise MalformedError(faults)
        return value

    def spell(self) -> bytes:
        """Spell as compact JSON, absent members left out; the same value always spells alike."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True, by_alias=True)


@cache
def fixed(kind: type[Wire]) -> frozenset[str]:
    """Name the members whose value never differs: code that makes one need not say them, what travels must."""
    return frozenset(
        field.alias or name for name, field in kind.model_fields.items() if get_origin(field.annotation) is Literal
    )


class Sealed(Wire):
    """What binds the payload: digest and length of the JWE, and digest of the padded payload inside."""

    verzegeld: Digest
    inhoud: Digest
    omvang: Annotated[int, Field(ge=1, le=MAX_LADING)]


class Envelope(Wire):
    """The signed facts of one message.

    ``volgnummer`` counts without gaps from 1 per source, ontvanger and ``reeks``. ``vorige`` is the
    digest of the sender's previous message in this dossier to this recipient. After ``verlooptijd``
    the exchange stops offering the message. ``time`` is the sender's claim and decides nothing.
    """

    model_config = ConfigDict(
        json_schema_extra={"if": {"required": ["vorigereeks"]}, "then": {"properties": {"volgnummer": {"const": 1}}}}
    )

    specversion: Literal["1.0"] = "1.0"
    id: MessageId
    source: Mailbox
    type: TypeCode
    time: Second
    datacontenttype: Literal["application/json"] = "application/json"
    ontvanger: Mailbox
    beurs: Origin
    dossier: RandomId
    antwoordop: MessageId | None = None
    reeks: RandomId
    volgnummer: Annotated[int, Field(ge=1, lt=2**53)]
    vorige: Digest | None = None
    vorigereeks: RandomId | None = None
    verlooptijd: Second
    data: Sealed

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.source == self.ontvanger:
            raise ValueError("ontvanger must be another mailbox than source")
        if self.vorigereeks is not None and self.volgnummer != 1:
            raise ValueError("vorigereeks belongs in the first message of a reeks")
        return self


_EXPECTED = {
    "extra_forbidden": "no other fields than the schema has",
    "too_short": "more items",
    "too_long": "fewer items",
}
"""Pydantic's words for a fault, where they speak of Python and not of the message."""


def fault(error: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's ErrorDetails
    """Point at a fault. The name of an unknown field is the sender's own text, so the block around it is named."""
    unknown = error["type"] == "extra_forbidden"
    place = error["loc"][:-1] if unknown else error["loc"]
    expected = _EXPECTED.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    return "#" + "".join(f"/{part}" for part in place), expected
