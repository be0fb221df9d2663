"""Values that cannot be wrong: parsed once at the edge, trusted inside.

Each value is an immutable subclass of ``str`` or ``int``, so it travels through
JSON, SQL and dictionaries as what it is. Building one validates it; a wrong one
raises ``ValueError`` with a text that never repeats the rejected input, because
the input may be personal data.
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import CoreSchema, core_schema


class Text(str):
    """A string of one fixed form; subclasses name the form."""

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str]]
    expected: ClassVar[str]

    def __new__(cls, value: str) -> Self:
        """Return the value, or raise ``ValueError`` telling what was expected."""
        if not isinstance(value, str) or not cls.pattern.fullmatch(value) or not cls.holds(value):
            raise ValueError(f"expected {cls.expected}")
        return str.__new__(cls, value)

    @classmethod
    def holds(cls, value: str) -> bool:  # noqa: ARG003 - the hook's signature; most forms need no more than their pattern
        """Tell whether a value of the right shape is also right in itself."""
        return True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Accept the string form in every mode, and nothing else."""
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(strict=True), serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Publish the pattern, so that outsiders check the same thing."""
        return {"type": "string", "pattern": f"^{cls.pattern.pattern}$", "description": cls.expected}


class Oin(Text):
    """An organisation's number (OIN): 20 characters, the structure of Logius' OIN-Stelsel chapter 6."""

    __slots__ = ()
    pattern = re.compile(r"000000(0[1-9]|10|99)[0-9A-Z]{12}")
    expected = "an OIN: 20 characters, prefix 00000001 to 00000010 or 00000099"

    @classmethod
    def holds(cls, value: str) -> bool:
        """KvK-based numbers (03) end in 0000, sub-OINs (04) and test numbers (99) in 000."""
        ending = {"03": "0000", "04": "000", "99": "000"}.get(value[6:8], "")
        return value.endswith(ending)


class Mailbox(Text):
    """A mailbox (postvak): ``urn:nld:oin:<20>:systeem:<name>``, the NL GOV CloudEvents ``source``."""

    __slots__ = ()
    pattern = re.compile(r"urn:nld:oin:000000(0[1-9]|10|99)[0-9A-Z]{12}:systeem:[a-z][a-z0-9-]{0,39}")
    expected = "a mailbox: urn:nld:oin:<OIN>:systeem:<name>"

    @classmethod
    def holds(cls, value: str) -> bool:
        """The OIN inside obeys its own structure."""
        return Oin.holds(value[12:32])

    @classmethod
    def of(cls, oin: Oin, name: str) -> Self:
        """Name the mailbox ``name`` of the organisation ``oin``."""
        return cls(f"urn:nld:oin:{oin}:systeem:{name}")

    @property
    def oin(self) -> Oin:
        """Whose mailbox it is; what was checked with the whole is not checked again."""
        return str.__new__(Oin, self[12:32])

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return self[41:]


class MessageId(Text):
    """A message's id: UUID version 7 (RFC 9562), lower case."""

    __slots__ = ()
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    expected = "a UUID of version 7, lower case"


class RandomId(Text):
    """A dossier or a reeks: a random UUID (version 4, RFC 9562), lower case."""

    __slots__ = ()
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    expected = "a UUID of version 4, lower case"


class Digest(Text):
    """A SHA-256 digest in base64url without padding, read strictly: 43 characters, one spelling only."""

    __slots__ = ()
    pattern = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
    expected = "a SHA-256 digest in base64url, 43 characters"

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Digest ``data``."""
        return cls.from_raw(hashlib.sha256(data).digest())

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """Spell 32 raw bytes."""
        if len(raw) != 32:
            raise ValueError("a digest has 32 bytes")
        return str.__new__(cls, base64.urlsafe_b64encode(raw)[:43].decode())

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return base64.urlsafe_b64decode(self + "=")


class Salt(Text):
    """16 random bytes in base64url, read strictly: keeps a digest from giving anything away."""

    __slots__ = ()
    pattern = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
    expected = "16 bytes in base64url, 22 characters"

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """Spell 16 raw bytes."""
        if len(raw) != 16:
            raise ValueError("a salt has 16 bytes")
        return str.__new__(cls, base64.urlsafe_b64encode(raw)[:22].decode())

    @property
    def raw(self) -> bytes:
        """The 16 bytes."""
        return base64.urlsafe_b64decode(self + "==")


class Postcode(Text):
    """A Dutch postcode without a space; SA, SD and SS are never issued."""

    __slots__ = ()
    pattern = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")
    expected = "a postcode such as 2311AA, without a space"

    @classmethod
    def holds(cls, value: str) -> bool:
        """The letters are ones that exist."""
        return value[4:] not in {"SA", "SD", "SS"}


class Gemeentecode(Text):
    """A municipality's CBS code, four digits, such as 0546 for Leiden."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{4}")
    expected = "a municipality code of four digits"


class Bsn(Text):
    """A citizen service number: nine digits that pass the 11-proof (9a+8b+...+2h-i), not all zeros."""

    __slots__ = ()
    pattern = re.compile(r"[0-9]{9}")
    expected = "a citizen service number"

    @classmethod
    def holds(cls, value: str) -> bool:
        """The weighted sum is a multiple of eleven."""
        weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
        total = sum(w * int(c) for w, c in zip(weights, value, strict=True))
        return total % 11 == 0 and value != "000000000"

    def __repr__(self) -> str:
        """Never show the number: it would end up in a log."""
        return "Bsn(*********)"


class Cents(int):
    """An amount of money in whole euro cents, zero or more; DDAS speaks whole euros, we never round."""

    __slots__ = ()

    def __new__(cls, value: int) -> Self:
        """Return the amount, or raise ``ValueError``; a ``bool`` is no amount."""
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
            raise ValueError("expected an amount in whole cents, zero or more")
        return int.__new__(cls, value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        """Accept an integer in every mode, and nothing else."""
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.int_schema(strict=True, ge=0, lt=10**12),
            serialization=core_schema.plain_serializer_function_ser_schema(int),
        )


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


@lru_cache(maxsize=256)
def parse_instant(value: str) -> datetime:
    """Read an RFC 3339 moment with any offset; the result is UTC. Raises ``ValueError``."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("expected an RFC 3339 moment such as 2026-11-22T10:00:00Z")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):  # overflow: an offset that leads out of the years 1 to 9999
        raise ValueError("expected a moment that exists, such as 2026-11-22T10:00:00Z") from None


def spell_instant(value: datetime) -> str:
    """Spell a moment in UTC with milliseconds and ``Z`` (API Design Rules date-time/timezone)."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def spell_second(value: datetime) -> str:
    """Spell a moment in UTC in whole seconds and ``Z``; what lies under a second is dropped."""
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def to_milliseconds(moment: datetime) -> int:
    """Give whole milliseconds since 1970, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """Give the UTC moment of whole milliseconds since 1970."""
    return _EPOCH + value * _MILLISECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    if not isinstance(value, str):  # a list has no hash for the cache to look under
        raise ValueError("expected an RFC 3339 moment such as 2026-11-22T10:00:00Z")  # noqa: TRY004 - pydantic gathers ValueError only
    return parse_instant(value)


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(spell_instant, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_INSTANT.pattern}$"}),
]
"""A moment, in UTC inside, RFC 3339 outside."""

_SECOND = re.compile(_INSTANT.pattern.replace(r"(\.[0-9]{1,6})?", ""))


def _second(value: object) -> datetime:
    if isinstance(value, str) and not _SECOND.fullmatch(value):
        raise ValueError("expected an RFC 3339 moment in whole seconds such as 2026-11-22T10:00:00Z")
    return _instant(value).replace(microsecond=0)


Second = Annotated[
    datetime,
    BeforeValidator(_second),
    PlainSerializer(spell_second, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_SECOND.pattern}$"}),
]
"""A moment in whole seconds: a text with a fraction is refused, of our own clock the fraction is dropped."""
