"""Each value takes what is right, refuses what is nearly right, and never repeats what it refused."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.values import (
    Bsn,
    Cents,
    Digest,
    Gemeentecode,
    Instant,
    Mailbox,
    MessageId,
    Oin,
    Postcode,
    RandomId,
    Salt,
    Second,
    Text,
    from_milliseconds,
    parse_instant,
    spell_instant,
    spell_second,
    to_milliseconds,
)

RIGHT: list[tuple[type[Text], str]] = [
    (Oin, "00000001002220647000"),
    (Oin, "00000003123456780000"),
    (Oin, "00000004123456789000"),
    (Oin, "00000010ABCDEFGHIJKL"),
    (Oin, "00000099000000001000"),
    (Mailbox, "urn:nld:oin:00000099000000001000:systeem:huur"),
    (Mailbox, "urn:nld:oin:00000099000000001000:systeem:a" + "9" * 39),
    (MessageId, "019a9f3e-7c00-7abc-8def-0123456789ab"),
    (RandomId, "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10"),
    (Postcode, "2311AA"),
    (Postcode, "9999SB"),
    (Gemeentecode, "0546"),
    (Bsn, "999990019"),
]
WRONG: list[tuple[type[Text], str, str]] = [
    (Oin, "prefix 00", "00000000000000001000"),
    (Oin, "prefix 11", "00000011000000001000"),
    (Oin, "prefix 98", "00000098000000001000"),
    (Oin, "no leading zeros", "10000001000000001000"),
    (Oin, "19 characters", "0000009900000001000"),
    (Oin, "21 characters", "000000990000000010000"),
    (Oin, "lower case", "00000010abcdefghijkl"),
    (Oin, "KvK without four zeros", "00000003123456781000"),
    (Oin, "sub-OIN without three zeros", "00000004123456789001"),
    (Oin, "test number without three zeros", "00000099000000001001"),
    (Oin, "newline behind", "00000099000000001000\n"),
    (Oin, "other digits", "000000990000000010\u0660\u06600"),
    (Mailbox, "wrong OIN", "urn:nld:oin:00000099000000001001:systeem:huur"),
    (Mailbox, "no name", "urn:nld:oin:00000099000000001000:systeem:"),
    (Mailbox, "name begins with a digit", "urn:nld:oin:00000099000000001000:systeem:1"),
    (Mailbox, "capital", "urn:nld:oin:00000099000000001000:systeem:Huur"),
    (Mailbox, "name too long", "urn:nld:oin:00000099000000001000:systeem:a" + "b" * 40),
    (Mailbox, "another URN", "urn:nld:rsin:00000099000000001000:systeem:huur"),
    (Mailbox, "newline behind", "urn:nld:oin:00000099000000001000:systeem:huur\n"),
    (MessageId, "version 4", "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10"),
    (MessageId, "capitals", "019A9F3E-7C00-7ABC-8DEF-0123456789AB"),
    (MessageId, "variant", "019a9f3e-7c00-7abc-7def-0123456789ab"),
    (MessageId, "braces", "{019a9f3e-7c00-7abc-8def-0123456789ab}"),
    (RandomId, "version 7", "019a9f3e-7c00-7abc-8def-0123456789ab"),
    (RandomId, "no hyphens", "5e0c2f669d1b4c1e8a550b2f6d3a9c10"),
    (Digest, "padded", "K8Tpy07TJZbiRpuOxpnk0b7UBFP5-a3-_5GP-2iLbjY="),
    (Digest, "standard alphabet", "K8Tpy07TJZbiRpuOxpnk0b7UBFP5+a3+/5GP+2iLbjY"),
    (Digest, "spare bits", "K8Tpy07TJZbiRpuOxpnk0b7UBFP5-a3-_5GP-2iLbjZ"),
    (Digest, "42 characters", "K8Tpy07TJZbiRpuOxpnk0b7UBFP5-a3-_5GP-2iLbj"),
    (Salt, "spare bits", "4PyrmHI2ywK7pJGfnqgoDR"),
    (Salt, "padded", "4PyrmHI2ywK7pJGfnqgoDQ=="),
    (Postcode, "space", "2311 AA"),
    (Postcode, "lower case", "2311aa"),
    (Postcode, "leading zero", "0311AA"),
    (Postcode, "SA", "2311SA"),
    (Postcode, "SD", "2311SD"),
    (Postcode, "SS", "2311SS"),
    (Gemeentecode, "prefix", "GM0546"),
    (Gemeentecode, "three digits", "546"),
    (Bsn, "fails the proof", "999990018"),
    (Bsn, "zeros", "000000000"),
    (Bsn, "eight digits", "99999001"),
]


@pytest.mark.parametrize(("kind", "value"), RIGHT, ids=[f"{kind.__name__} {value}" for kind, value in RIGHT])
def test_right(kind: type[Text], value: str) -> None:
    """A right value is itself, by hand and through pydantic."""
    assert kind(value) == value
    found = TypeAdapter(kind).validate_python(value)
    assert found == value
    assert type(found) is kind
    assert TypeAdapter(kind).dump_json(found) == f'"{value}"'.encode()


@pytest.mark.parametrize(("kind", "why", "value"), WRONG, ids=[f"{kind.__name__} {why}" for kind, why, _ in WRONG])
def test_wrong(kind: type[Text], why: str, value: str) -> None:
    """A nearly right value is refused with a text that does not repeat it, by hand and through pydantic."""
    with pytest.raises(ValueError, match=f"^expected {kind.expected.split('(')[0][:20]}") as refused:
        kind(value)
    assert value.strip() not in str(refused.value), why
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize("kind", [Oin, Mailbox, Digest, Postcode, Bsn])
@pytest.mark.parametrize("value", [None, 1, b"2311AA", ["2311AA"]])
def test_only_strings(kind: type[Text], value: object) -> None:
    """What is no string is no such value."""
    with pytest.raises(ValueError, match="expected"):
        kind(value)  # type: ignore[arg-type]  # what a caller without types may do
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


def test_mailbox_parts() -> None:
    """A mailbox tells whose it is and what it is called."""
    mailbox = Mailbox.of(Oin("00000099000000001000"), "huur")
    assert mailbox == "urn:nld:oin:00000099000000001000:systeem:huur"
    assert (mailbox.oin, mailbox.name) == ("00000099000000001000", "huur")
    with pytest.raises(ValueError, match="mailbox"):
        Mailbox.of(mailbox.oin, "Huur")


def test_digest_raw() -> None:
    """A digest is SHA-256 in base64url, and gives its 32 bytes back."""
    raw = hashlib.sha256(b"seinpost").digest()
    assert Digest.of(b"seinpost").raw == raw
    assert Digest.from_raw(raw) == Digest(Digest.of(b"seinpost"))
    for wrong in (raw[:31], raw + b"\0"):
        with pytest.raises(ValueError, match="32 bytes"):
            Digest.from_raw(wrong)


def test_digest_one_spelling() -> None:
    """Of the four spellings that decode to the same 32 bytes, one is a digest."""
    digest = Digest.of(b"")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    taken = []
    for last in alphabet:
        try:
            taken.append(Digest(digest[:42] + last).raw)
        except ValueError:
            continue
    assert len(taken) == len(set(taken)) == 16


def test_salt_raw() -> None:
    """A salt is 16 bytes, there and back."""
    raw = bytes(range(16))
    assert Salt.from_raw(raw).raw == raw
    assert Salt(Salt.from_raw(raw)) == Salt.from_raw(raw)
    with pytest.raises(ValueError, match="16 bytes"):
        Salt.from_raw(raw[:15])


def test_bsn_hides_itself() -> None:
    """A citizen service number never shows in a repr."""
    assert "999990019" not in repr([Bsn("999990019")])


@pytest.mark.parametrize("value", [0, 1, 84_550, 10**12 - 1])
def test_cents_right(value: int) -> None:
    """Whole cents, zero or more, travel as a JSON number."""
    assert Cents(value) == value
    assert TypeAdapter(Cents).dump_json(TypeAdapter(Cents).validate_python(value)) == str(value).encode()


@pytest.mark.parametrize("value", [-1, 10**12, True, False, 1.0, "1", None])
def test_cents_wrong(value: object) -> None:
    """A negative amount, a fraction, a boolean or a text is no amount."""
    with pytest.raises(ValueError, match="whole cents"):
        Cents(value)  # type: ignore[arg-type]  # what a caller without types may do
    with pytest.raises(ValidationError):
        TypeAdapter(Cents).validate_python(value)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000Z"),
        ("2026-11-22T11:00:00+01:00", "2026-11-22T10:00:00.000Z"),
        ("2026-11-22T10:00:00.25Z", "2026-11-22T10:00:00.250Z"),
        ("2026-11-22T10:00:00.999999Z", "2026-11-22T10:00:00.999Z"),
        ("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z"),
    ],
)
def test_instant(spelled: str, meant: str) -> None:
    """Any offset is read; UTC with milliseconds is written, and reads back to itself."""
    assert spell_instant(parse_instant(spelled)) == meant
    assert spell_instant(parse_instant(meant)) == meant
    assert spell_second(parse_instant(spelled)) == meant[:19] + "Z"


@pytest.mark.parametrize(
    "value",
    [
        "2027-03-14T10:00:00",
        "2027-03-14 10:00:00Z",
        "2027-03-14T10:00Z",
        "2027-03-14T10:00:00z",
        "2027-03-14T10:00:00.1234567Z",
        "2027-03-14T10:00:00,5Z",
        "2027-03-14T25:00:00Z",
        "2026-02-30T10:00:00Z",
        "2027-03-14",
        "20270314T100000Z",
        "2027-03-14T10:00:00Z\n",
        "2027-03-14T10:00:0\u0660Z",
        "",
        "2027-03-14T10:00:00+24:00",
        "2027-03-14T10:00:00+01:60",
        "0000-03-14T10:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_instant_wrong(value: str) -> None:
    """No offset, another layout, a moment that does not exist or digits of another script: refused."""
    with pytest.raises(ValueError, match=r".") as refused:
        parse_instant(value)
    assert not value.strip() or value.strip() not in str(refused.value)
    for kind in (Instant, Second):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)


def test_instant_fields() -> None:
    """Fields take a text or an aware moment, never a number or a naive one, and spell their own way."""
    moment = datetime(2026, 11, 22, 11, 0, 0, 250_000, tzinfo=UTC)
    assert TypeAdapter(Instant).dump_json(moment) == b'"2026-11-22T11:00:00.250Z"'
    assert TypeAdapter(Second).dump_json(moment) == b'"2026-11-22T11:00:00Z"'
    assert TypeAdapter(Instant).validate_python(moment) == moment
    for wrong in (moment.replace(tzinfo=None), 0, 1.5, None):
        with pytest.raises(ValidationError):
            TypeAdapter(Instant).validate_python(wrong)


def test_second_has_no_fraction() -> None:
    """On the wire a second is whole; of a moment of our own what lies under it is dropped."""
    second = TypeAdapter(Second)
    whole = datetime(2026, 11, 22, 11, 0, 0, tzinfo=UTC)
    assert second.validate_python("2026-11-22T12:00:00+01:00") == whole
    assert second.validate_python(whole.replace(microsecond=250_000)) == whole
    for text in ("2026-11-22T11:00:00.250Z", "2026-11-22T11:00:00.0Z", "2026-11-22T11:00:00.000001+00:00"):
        with pytest.raises(ValidationError, match="whole seconds"):
            second.validate_python(text)


def test_milliseconds() -> None:
    """Milliseconds since 1970 are whole, rounded down, and give their moment back."""
    moment = datetime(2026, 11, 22, 10, 0, 0, 1_999, tzinfo=UTC)
    count = to_milliseconds(moment)
    assert from_milliseconds(count) == moment - timedelta(microseconds=999)
    assert to_milliseconds(from_milliseconds(0) - timedelta(microseconds=1)) == -1
