"""Each receipt has one form and one spelling, and only a recipient's are read as a recipient's."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.envelope import MalformedError, Wire
from schemas.notices import NietAfgeleverd, TermijnOverschreden, Waarschuwing
from schemas.receipts import (
    Aanvaard,
    Afgewezen,
    Geboekt,
    Geweigerd,
    Ontvangen,
    Receipt,
    ReceiptKind,
    parse_recipient_receipt,
)
from tests.unit.schemas.wire_bytes import changed, members, payload_of, to_bytes, without

REEKS = "0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33"
KINDS: dict[str, type[Receipt]] = {
    "aanvaard": Aanvaard,
    "afgewezen": Afgewezen,
    "ontvangen": Ontvangen,
    "geweigerd": Geweigerd,
    "geboekt": Geboekt,
    "niet-afgeleverd": NietAfgeleverd,
    "termijn-overschreden": TermijnOverschreden,
    "waarschuwing": Waarschuwing,
}
WRONG = [None, "", "x", -1, 1.5, True, [], {}, 2**53]


def receipts(wire: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Give one receipt of every kind, in the order in which its members are spelled."""
    aanvaard = wire["aanvaard"]["payload"]
    about = {key: aanvaard[key] for key in ("id", "source", "ontvanger", "digest")}
    spent = {"reeks": REEKS, "volgnummer": 1}
    booked = {"logboek": aanvaard["logboek"], "tijd": aanvaard["tijd"]}
    return {
        "aanvaard": aanvaard,
        "ontvangen": wire["ontvangen"]["payload"],
        "afgewezen": {"soort": "afgewezen"}
        | about
        | spent
        | {"code": "niet-toegestaan", "convenant": about["digest"]}
        | booked,
        "geweigerd": {"soort": "geweigerd"}
        | about
        | {"blad": aanvaard["logboek"]["blad"], "code": "opent-niet", "tijd": aanvaard["tijd"]},
        "geboekt": {"soort": "geboekt"} | about | {"bewijs": about["digest"]} | booked,
        "niet-afgeleverd": {"soort": "niet-afgeleverd"} | about | spent | {"aangeboden": 3} | booked,
        "termijn-overschreden": {"soort": "termijn-overschreden"}
        | about
        | {"termijn": "terugkoppeling", "trede": 1, "uiterlijk": aanvaard["tijd"], "convenant": about["digest"]}
        | booked,
        "waarschuwing": {"soort": "waarschuwing"}
        | about
        | {"poort": "signaal-voor-dreiging", "convenant": about["digest"]}
        | booked,
    }


def test_wire_example(wire: dict[str, Any]) -> None:
    """The example receipts read and spell to the very bytes that are signed."""
    for kind, name in ((Aanvaard, "aanvaard"), (Ontvangen, "ontvangen")):
        signed = payload_of(wire[name]["jws"])
        receipt = kind.parse(signed)
        assert receipt.spell() == signed
        assert receipt == kind.parse(to_bytes(wire[name]["payload"]))


@pytest.mark.parametrize("name", KINDS)
def test_round_trip(wire: dict[str, Any], name: str) -> None:
    """A receipt spells to the bytes it was read from, in the order of its members."""
    data = to_bytes(receipts(wire)[name])
    assert KINDS[name].parse(data).spell() == data


@pytest.mark.parametrize("name", KINDS)
def test_no_member_less(wire: dict[str, Any], name: str) -> None:
    """Every member is needed, but for a hand-out that never was, and of a refusal its reason and its rules."""
    receipt = receipts(wire)[name]
    for place in members(receipt):
        shorter = to_bytes(without(receipt, place))
        if place == ("aangeboden",) or (name == "afgewezen" and place in {("code",), ("convenant",)}):
            assert KINDS[name].parse(shorter).spell() == shorter
        else:
            refused(KINDS[name], shorter, place)


@pytest.mark.parametrize("name", KINDS)
def test_no_member_more(wire: dict[str, Any], name: str) -> None:
    """An unknown member is refused at every level."""
    receipt = receipts(wire)[name]
    for place in [
        (),
        *(place for place in members(receipt) if isinstance(receipt[place[0]], dict) and len(place) == 1),
    ]:
        refused(KINDS[name], to_bytes(changed(receipt, (*place, "toelichting"), "x")), place)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("new", WRONG)
def test_no_member_other(wire: dict[str, Any], name: str, new: object) -> None:
    """No member takes a value of another kind."""
    receipt = receipts(wire)[name]
    for place in members(receipt):
        if place in {("code",), ("termijn",), ("poort",)} and new == "x":
            continue
        refused(KINDS[name], to_bytes(changed(receipt, place, new)), place)


@pytest.mark.parametrize("name", KINDS)
def test_no_other_kind(wire: dict[str, Any], name: str) -> None:
    """A receipt is never read as one of another kind."""
    for other, receipt in receipts(wire).items():
        if other != name:
            refused(KINDS[name], to_bytes(receipt), ("soort",))


@pytest.mark.parametrize("code", ["Opent-niet", "opent_niet", "-opent", "opent-", "opent--niet", "a" * 61, "op\n"])
def test_code_form(wire: dict[str, Any], code: str) -> None:
    """A code is words of small letters with single hyphens between."""
    refused(Geweigerd, to_bytes(receipts(wire)["geweigerd"] | {"code": code}), ("code",))


def test_kinds() -> None:
    """The list of kinds is closed, and each kind's JWS type is its name."""
    assert {kind.value for kind in ReceiptKind} == KINDS.keys()
    assert {kind.typ for kind in ReceiptKind} == {f"{name}+jws" for name in KINDS}


@pytest.mark.parametrize("kind", ReceiptKind)
def test_recipient_receipts(wire: dict[str, Any], kind: ReceiptKind) -> None:
    """A recipient hands in *ontvangen* and *geweigerd*; the exchange's own kinds are refused, whatever they hold."""
    data = to_bytes(receipts(wire)[kind.value])
    if kind in {ReceiptKind.ONTVANGEN, ReceiptKind.GEWEIGERD}:
        assert parse_recipient_receipt(kind, data) == KINDS[kind.value].parse(data)
        return
    with pytest.raises(MalformedError) as caught:
        parse_recipient_receipt(kind, data)
    assert [pointer for pointer, _ in caught.value.faults] == ["#/soort"]


def refused(kind: type[Wire], data: bytes, place: tuple[str | int, ...]) -> None:
    """Hold that ``data`` is refused with a fault at ``place``, or inside it."""
    with pytest.raises(MalformedError) as caught:
        kind.parse(data)
    wanted = "#" + "".join(f"/{part}" for part in place)
    assert any(f"{pointer}/".startswith(f"{wanted}/") for pointer, _ in caught.value.faults)
