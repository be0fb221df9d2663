"""An envelope is read to the letter: the wire example is one, and every change to its members is not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.envelope import MAX_LADING, Envelope, MalformedError
from tests.unit.schemas.wire_bytes import changed, members, payload_of, to_bytes, without

VORIGE = "K8Tpy07TJZbiRpuOxpnk0b7UBFP5-a3-_5GP-2iLbjY"
ANSWERED = "019a9f3e-7c00-7abc-8def-0123456789aa"
REEKS = "0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d34"


def pointers(data: bytes) -> list[str]:
    """Name the places of all faults."""
    with pytest.raises(MalformedError) as refused:
        Envelope.parse(data)
    assert str(refused.value) == f"{len(refused.value.faults)} fault(s)"
    return [pointer for pointer, _ in refused.value.faults]


def test_wire_example(wire: dict[str, Any]) -> None:
    """The example event spells to the very bytes that its JWS signs, and those read back to the same value."""
    signed = payload_of(wire["envelop"])
    envelope = Envelope.parse(to_bytes(wire["event"]))
    assert envelope.spell() == signed
    assert Envelope.parse(signed) == envelope


def test_optional_members(wire: dict[str, Any]) -> None:
    """What may be there is taken, and spelled where the form has it."""
    event = wire["event"] | {"antwoordop": ANSWERED, "vorige": VORIGE, "vorigereeks": REEKS}
    envelope = Envelope.parse(to_bytes(event))
    assert (envelope.antwoordop, envelope.vorige, envelope.vorigereeks) == (ANSWERED, VORIGE, REEKS)
    assert Envelope.parse(envelope.spell()) == envelope


def test_every_member_is_needed(wire: dict[str, Any]) -> None:
    """Left out, each member is missed at its place, also the two that never differ."""
    for place in members(wire["event"]):
        assert pointers(to_bytes(without(wire["event"], place))) == ["#/" + "/".join(map(str, place))]


def test_null_is_no_value(wire: dict[str, Any]) -> None:
    """What may be absent is left out: two spellings of one envelope would be one too many."""
    for name in ("antwoordop", "vorige", "vorigereeks"):
        assert pointers(to_bytes(wire["event"] | {name: None})) == [f"#/{name}"]


def test_no_member_more(wire: dict[str, Any]) -> None:
    """An unknown member is refused, outside and inside ``data``; its name is the sender's text and is not repeated."""
    for place in (("subject",), ("Id",), ("dataschema",), ("data", "extra")):
        block = "".join(f"/{part}" for part in place[:-1])
        assert pointers(to_bytes(changed(wire["event"], place, "x"))) == [f"#{block}"]


@pytest.mark.parametrize("new", [None, "", " ", "x", 0, -1, 1.5, True, [], {}, ["x"], {"x": 1}])
def test_no_member_other(wire: dict[str, Any], new: object) -> None:
    """No member takes a value of another kind."""
    for place in members(wire["event"]):
        faults = pointers(to_bytes(changed(wire["event"], place, new)))
        assert all(pointer.startswith("#/" + str(place[0])) for pointer in faults)


CHANGED: list[tuple[tuple[str, ...], Any]] = [
    (("specversion",), "1.1"),
    (("id",), "019A9F3E-7C00-7ABC-8DEF-0123456789AB"),
    (("id",), "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10"),
    (("source",), "urn:nld:oin:00000099000000001001:systeem:huur"),
    (("type",), "nl.huurschuld.vroegsignaal"),
    (("type",), "nl.huurschuld.vroegsignaal.v0"),
    (("type",), "nl.huurschuld.vroegsignaal.v100"),
    (("type",), "nl.huurschuld.-vroeg.v1"),
    (("type",), "nl.huurschuld." + "a" * 70 + ".v1"),
    (("type",), "nl.huurschuld.vroegsignaal.v1\n"),
    (("time",), "2027-03-14 10:00:00Z"),
    (("time",), "2027-03-14T10:00:00"),
    (("time",), "2027-03-14T10:00:00.250Z"),
    (("verlooptijd",), "2027-03-28T10:00:00.000001Z"),
    (("time",), 1_795_341_600),
    (("datacontenttype",), "application/json; charset=utf-8"),
    (("beurs",), "https://seinpost.example/leidse-regio"),
    (("beurs",), "seinpost.example"),
    (("beurs",), "Seinpost.example/leidse-regio"),
    (("dossier",), "019a9f3e-7c00-7abc-8def-0123456789ab"),
    (("volgnummer",), 0),
    (("volgnummer",), 2**53 + 1),
    (("volgnummer",), "1"),
    (("volgnummer",), 1.0),
    (("data", "verzegeld"), VORIGE + "="),
    (("data", "inhoud"), VORIGE[:-1] + "Z"),
    (("data", "omvang"), 0),
    (("data", "omvang"), MAX_LADING + 1),
    (("data", "omvang"), "4999"),
]


@pytest.mark.parametrize(
    ("place", "new"), CHANGED, ids=[f"{'.'.join(place)} {str(new)[:40]}" for place, new in CHANGED]
)
def test_nearly_right(wire: dict[str, Any], place: tuple[str, ...], new: Any) -> None:
    """A nearly right value is one fault at its place, and no fault text repeats it."""
    with pytest.raises(MalformedError) as refused:
        Envelope.parse(to_bytes(changed(wire["event"], place, new)))
    ((pointer, text),) = refused.value.faults
    assert pointer == "#/" + "/".join(place)
    assert len(str(new)) < 5 or str(new) not in text


def test_between_members(wire: dict[str, Any]) -> None:
    """Nobody writes to itself, and a former reeks is named in the first message of the next one only."""
    assert pointers(to_bytes(wire["event"] | {"ontvanger": wire["event"]["source"]})) == ["#"]
    assert pointers(to_bytes(wire["event"] | {"vorigereeks": REEKS, "volgnummer": 2})) == ["#"]


def test_every_fault_at_once(wire: dict[str, Any]) -> None:
    """A sender that made three mistakes learns of three."""
    wrong = wire["event"] | {"id": "x", "volgnummer": 0, "extra": 1}
    assert sorted(pointers(to_bytes(wrong))) == ["#", "#/id", "#/volgnummer"]


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b'"x"', b"1", b'{"id":1,"id":1}', b"\xff"])
def test_no_object(data: bytes) -> None:
    """What is no JSON object is refused as a whole."""
    assert pointers(data) == ["#"]


def test_immutable(wire: dict[str, Any]) -> None:
    """What was read cannot be changed afterwards."""
    envelope = Envelope.parse(to_bytes(wire["event"]))
    with pytest.raises(ValidationError):
        envelope.volgnummer = 2
