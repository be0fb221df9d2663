"""Whatever stands in an envelope, a receipt, a log entry or a value: it is read whole, or refused as we promise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entries import parse_register, parse_traffic
from schemas.envelope import Envelope, MalformedError
from schemas.publish import WIRE
from schemas.strict import canonical_json
from schemas.values import (
    Bsn,
    Cents,
    Digest,
    Gemeentecode,
    Mailbox,
    MessageId,
    Oin,
    Postcode,
    RandomId,
    Salt,
    Text,
    from_milliseconds,
    parse_instant,
    spell_instant,
    spell_second,
    to_milliseconds,
)
from tests.unit.schemas.wire_bytes import changed, members, to_bytes

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "uitwisseling" / "examples"
FULL = {name: json.loads((EXAMPLES / name / "volledig.json").read_text("utf-8")) for name in WIRE}
KINDS: list[type[Text]] = [Oin, Mailbox, MessageId, RandomId, Digest, Salt, Postcode, Gemeentecode, Bsn]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.sampled_from(list(WIRE)), JSON)
def test_other_json_is_no_wire(name: str, value: object) -> None:
    """Any other JSON value is refused with faults that point somewhere."""
    with pytest.raises(MalformedError) as caught:
        WIRE[name][0].parse(canonical_json(value))
    assert all(pointer.startswith("#") and text for pointer, text in caught.value.faults)


@given(st.sampled_from(list(WIRE)), st.data())
def test_one_member_changed(name: str, data: st.DataObject) -> None:
    """A member replaced by anything is refused with a fault, or read and then spelled so that it reads alike."""
    place = data.draw(st.sampled_from(list(members(FULL[name]))))
    new = data.draw(JSON)
    try:
        read = WIRE[name][0].parse(to_bytes(changed(FULL[name], place, new)))
    except MalformedError:
        return
    assert WIRE[name][0].parse(read.spell()) == read


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    """No bytes crash a reader of what travels or of what is logged."""
    for read in (Envelope.parse, parse_traffic, parse_register):
        with pytest.raises(MalformedError):
            read(data)


@given(JSON)
def test_other_json_is_no_entry(value: object) -> None:
    """No other JSON value is a log entry, also beside a kind that exists."""
    for read in (parse_traffic, parse_register):
        for body in (
            value,
            {"soort": value},
            {"soort": "aanvaard", "x": value},
            {"soort": "deelnemer", "postvakken": value},
        ):
            with pytest.raises(MalformedError):
                read(canonical_json(body))


@given(st.sampled_from(KINDS), st.data())
def test_a_value_is_its_form(kind: type[Text], data: st.DataObject) -> None:
    """What matches a form is the value or refused in fixed words; with anything before or behind it, it is refused."""
    text = data.draw(st.from_regex(kind.pattern, fullmatch=True))
    try:
        assert kind(text) == text
    except ValueError as error:
        assert str(error) == f"expected {kind.expected}"  # noqa: PT017 - both outcomes are fine
    if kind not in {Mailbox, Oin}:  # longer text may be one, too
        extra = data.draw(st.characters())
        for longer in (extra + text, text + extra):
            with pytest.raises(ValueError, match="expected"):
                kind(longer)


@given(st.sampled_from(KINDS), st.text())
def test_any_text_is_refused_in_fixed_words(kind: type[Text], text: str) -> None:
    """A refusal never depends on what was refused."""
    if not kind.pattern.fullmatch(text):
        with pytest.raises(ValueError, match=r"^expected") as refused:
            kind(text)
        assert str(refused.value) == f"expected {kind.expected}"


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_raw_bytes_come_back(digest: bytes, salt: bytes) -> None:
    """Every digest and every salt has a spelling that is read strictly and gives its bytes back."""
    assert Digest(Digest.from_raw(digest)).raw == digest
    assert Salt(Salt.from_raw(salt)).raw == salt


@given(st.integers())
def test_cents(value: int) -> None:
    """An amount is what it says, or refused."""
    if 0 <= value < 10**12:
        assert Cents(value) == value
    else:
        with pytest.raises(ValueError, match="whole cents"):
            Cents(value)


@given(MOMENTS, OFFSETS)
def test_moments_come_back(moment: datetime, offset: timezone) -> None:
    """However a moment is spelled, it is read as itself; spelled by us it is cut to what our spelling holds."""
    spelled = moment.astimezone(offset).isoformat()
    assert parse_instant(spelled) == moment
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse_instant(spell_instant(moment)) == cut == from_milliseconds(to_milliseconds(moment))
    assert parse_instant(spell_second(moment)) == moment.replace(microsecond=0)


@given(
    st.text()
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?[+-][0-9]{2}:[0-9]{2}")
)
def test_any_text_as_moment(text: str) -> None:
    """Any text is a moment in UTC, or refused in words that hold nothing of it."""
    try:
        assert parse_instant(text).tzinfo is UTC
    except ValueError as error:
        assert str(error).endswith("such as 2026-11-22T10:00:00Z")  # noqa: PT017 - both outcomes are fine
