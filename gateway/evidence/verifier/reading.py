"""Reading what stands in an evidence file strictly: one spelling for each value, or a reason why not."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, NoReturn


class WrongError(Exception):
    """Something does not hold: why, in Dutch and in English."""

    def __init__(self, tekst: str, text: str) -> None:
        super().__init__(text)
        self.tekst, self.text = tekst, text


class Jws(NamedTuple):
    """A compact JWS taken apart; nothing of it is believed yet."""

    typ: str
    kid: str
    payload: dict[str, Any]
    signing_input: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """What others quote it by: an ES256 signature can be changed and stay valid, the signing input not."""
        return digest(self.signing_input)


def fail(tekst: str, text: str) -> NoReturn:
    """Say that something does not hold, in Dutch and in English."""
    raise WrongError(tekst, text)


def of(value: Any, kind: type) -> Any:  # noqa: ANN401 - JSON is any of six things
    """Return the value if it is of that kind."""
    if not isinstance(value, kind) or isinstance(value, bool):
        fail("een lid ontbreekt of heeft een andere vorm", "a member is missing or of another form")
    return value


def members(value: Any, expected: Mapping[str, type]) -> dict[str, Any]:  # noqa: ANN401 - as above
    """Return the object if it has exactly these members, each of its kind."""
    found: dict[str, Any] = of(value, dict)
    if found.keys() != expected.keys():
        fail("er is een lid te veel of te weinig", "there is a member too many or too few")
    for name, kind in expected.items():
        of(found[name], kind)
    return found


def texts(values: Sequence[Any]) -> None:
    """Demand that all are strings."""
    for value in values:
        of(value, str)


def same(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str]) -> None:
    """Demand that both say the same under these names, or both nothing: in the same spelling, for 1 is not true."""
    for name in names:
        if canonical(one.get(name)) != canonical(other.get(name)):
            fail(f"'{name}' verschilt", f"'{name}' differs")


def millisecond(value: object) -> datetime:
    """Read a moment to the millisecond: what the log keeps of it."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        fail("geen tijdstip", "no moment")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def no_number(_: str) -> NoReturn:
    """Refuse a number that is not whole: its spelling is not the same everywhere."""
    fail("er staat een getal dat niet heel is", "there is a number that is not whole")


def parse(data: bytes, fraction: Callable[[str], Any] = no_number) -> Any:  # noqa: ANN401 - as above
    """Read JSON in which no member occurs twice."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            fail("een lid staat er dubbel", "a member occurs twice")
        return dict(pairs)

    try:
        return json.loads(
            data.decode(),
            object_pairs_hook=unique,
            parse_constant=no_number,
            parse_float=fraction,
        )
    except (ValueError, RecursionError):
        fail("geen JSON", "no JSON")


def canonical(value: Any) -> bytes:  # noqa: ANN401 - as above
    """Spell a value the one way: sorted members, no blanks, UTF-8."""
    try:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        fail("geen canonieke spelling mogelijk", "it has no canonical form")


def digest(data: bytes) -> str:
    """Spell the SHA-256 in base64url."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def unbase64(text: str) -> bytes:
    """Decode base64 in its one spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        fail("geen base64", "no base64")
    if base64.b64encode(raw).decode() != text:
        fail("geen canonieke base64", "no canonical base64")
    return raw


def unbase64url(text: str) -> bytes:
    """Decode base64url without padding, in its one spelling."""
    if re.search(r"[^A-Za-z0-9_-]", text):
        fail("geen base64url", "no base64url")
    return unbase64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def read(text: str, typ: str | None = None) -> Jws:
    """Take a compact JWS (RFC 7515) apart: header exactly alg ES256, kid and typ."""
    parts = text.split(".")
    if len(parts) != 3:
        fail("geen JWS", "no JWS")
    header = members(parse(unbase64url(parts[0])), {"alg": str, "kid": str, "typ": str})
    signature = unbase64url(parts[2])
    if header["alg"] != "ES256" or len(signature) != 64 or typ not in (None, header["typ"]):
        fail("een JWS van een andere soort", "a JWS of another kind")
    payload = of(parse(unbase64url(parts[1])), dict)
    return Jws(header["typ"], header["kid"], payload, f"{parts[0]}.{parts[1]}".encode(), signature)
