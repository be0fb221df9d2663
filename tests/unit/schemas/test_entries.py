"""A log entry has one spelling, and only that spelling is read back: whoever replays a log reads what was meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.entries import parse_register, parse_traffic
from schemas.envelope import MalformedError
from schemas.strict import canonical_json
from tests.unit.schemas.wire_bytes import changed, members, without

DIGEST = "K8Tpy07TJZbiRpuOxpnk0b7UBFP5-a3-_5GP-2iLbjY"
TIJD = "2026-11-22T10:00:01.250Z"
HUUR = "urn:nld:oin:00000099000000001000:systeem:huur"
LEIDEN = "urn:nld:oin:00000099000000101000:systeem:vroegsignalering"
REEKS = "0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33"
SALTED = {"tijd": TIJD, "zout": "4PyrmHI2ywK7pJGfnqgoDQ"}
STAND = {"omvang": 57, "wortel": DIGEST}
ABOUT = SALTED | {"id": "019a9f3e-7c00-7abc-8def-0123456789ab", "source": HUUR, "ontvanger": LEIDEN, "digest": DIGEST}
SPENT = {"reeks": REEKS, "volgnummer": 1}

TRAFFIC: list[dict[str, Any]] = [
    ABOUT
    | SPENT
    | {
        "soort": "aanvaard",
        "dossier": "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10",
        "type": "nl.huurschuld.terugkoppeling.v1",
        "antwoordop": "019a9f3e-7c00-7abc-8def-0123456789aa",
        "verlooptijd": "2026-12-06T10:00:00.000Z",
        "sleutel": DIGEST,
        "register": STAND,
        "convenant": DIGEST,
    },
    ABOUT | SPENT | {"soort": "afgewezen", "code": "niet-toegestaan", "sleutel": DIGEST, "convenant": DIGEST},
    ABOUT | {"soort": "aangeboden", "aanvaard": 4},
    ABOUT | {"soort": "ontvangen", "aanvaard": 4, "bewijs": DIGEST, "sleutel": DIGEST, "register": STAND},
    ABOUT
    | {
        "soort": "geweigerd",
        "aanvaard": 4,
        "bewijs": DIGEST,
        "sleutel": DIGEST,
        "code": "opent-niet",
        "register": STAND,
    },
    ABOUT | SPENT | {"soort": "niet-afgeleverd", "aanvaard": 4, "aangeboden": 5},
    SALTED | {"soort": "opnieuw-opgehaald", "ontvanger": LEIDEN, "vanaf": 0, "aantal": 12},
]
JWK = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
REGISTER: list[dict[str, Any]] = [
    SALTED | {"soort": "beurs", "beurs": "seinpost.example/leidse-regio", "vkeyregister": "a+b", "vkeyverkeer": "c+d"},
    SALTED | {"soort": "convenant", "digest": DIGEST, "tekst": 'naam = "Proef"\n# é\n'},
    SALTED | {"soort": "deelnemer", "oin": "00000099000000001000", "naam": "Ons Doel", "postvakken": [HUUR]},
    SALTED | {"soort": "geschorst", "oin": "00000099000000001000"},
    SALTED
    | {
        "soort": "sleutel",
        "postvak": HUUR,
        "gebruik": "ondertekenen",
        "kid": DIGEST,
        "jwk": JWK,
        "bewijs": "a.b.c",
    },
    SALTED
    | {
        "soort": "sleutel",
        "beurs": "seinpost.example/leidse-regio",
        "gebruik": "ontvangstbewijzen",
        "kid": DIGEST,
        "jwk": JWK,
    },
    SALTED | {"soort": "certificaat", "oin": "00000099000000001000", "serienummer": "0a1b"},
    SALTED | {"soort": "certificaat-ingetrokken", "oin": "00000099000000001000", "serienummer": "0a1b"},
]
ALL = [(parse_traffic, entry) for entry in TRAFFIC] + [(parse_register, entry) for entry in REGISTER]
OPTIONAL = {"antwoordop", "aangeboden", "code", "convenant", "postvak", "beurs", "bewijs"}
NEEDED = {
    "beurs": {"beurs"},
    "aanvaard": {"convenant"},
    "afgewezen": {"code"},
    "ontvangen": {"bewijs"},
    "geweigerd": {"bewijs"},
    "termijn-overschreden": {"convenant"},
    "waarschuwing": {"convenant"},
}
"""Which of these a kind of entry cannot do without."""
each_entry = pytest.mark.parametrize(
    ("parse", "entry"), ALL, ids=[f"{at} {entry['soort']}" for at, (_, entry) in enumerate(ALL)]
)


@each_entry
def test_round_trip(parse: Any, entry: dict[str, Any]) -> None:
    """Read from its canonical spelling, an entry gives those bytes as its leaf again."""
    body = canonical_json(entry)
    read = parse(body)
    assert read.soort == entry["soort"]
    assert read.body() == body
    assert parse(read.body()) == read


@each_entry
def test_other_spellings(parse: Any, entry: dict[str, Any]) -> None:
    """The same entry with space, another order, escapes, another offset or an explicit null is no log entry."""
    reordered = dict(sorted(entry.items(), reverse=True))
    respelled = [
        json.dumps(entry, sort_keys=True, ensure_ascii=False).encode(),
        json.dumps(reordered, separators=(",", ":"), ensure_ascii=False).encode(),
        canonical_json(entry) + b"\n",
        canonical_json(entry).replace(b'"soort"', b'"so\\u006frt"'),
        canonical_json(entry | {"tijd": "2026-11-22T11:00:01.250+01:00"}),
        canonical_json(entry | {"tijd": "2026-11-22T10:00:01.25Z"}),
        *(canonical_json(entry | {name: None}) for name in OPTIONAL - entry.keys()),
    ]
    for body in respelled:
        refused(parse, body)


@each_entry
def test_no_member_less_or_more(parse: Any, entry: dict[str, Any]) -> None:
    """Every member that is not optional is needed, and there is room for no other."""
    for place in members(entry):
        if place[0] == "jwk" and len(place) > 1:
            continue
        shorter = canonical_json(without(entry, place))
        if place[0] in OPTIONAL - NEEDED.get(entry["soort"], set()):
            assert parse(shorter).body() == shorter
        else:
            refused(parse, shorter)
    refused(parse, canonical_json(entry | {"toelichting": "x"}))


@each_entry
@pytest.mark.parametrize("new", [None, "", 1.5, True, [], {}, [[]], {"a": {}}])
def test_no_member_other(parse: Any, entry: dict[str, Any], new: object) -> None:
    """A value of another kind is refused at every member, and never an error of another sort."""
    for place in members(entry):
        if (place[-1], new) in FREE:
            continue
        refused(parse, canonical_json(changed(entry, place, new)))


FREE = [(name, "") for name in ("naam", "tekst", "vkeyregister", "vkeyverkeer", "bewijs", *JWK, "type")]
FREE += [("postvakken", []), ("jwk", {})]
"""Where the form is the writer's business: the exchange alone writes entries."""


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"1", b'"postvakken"', b'["postvakken"]', b"{}", b"\xff", b"{"])
def test_no_entry(body: bytes) -> None:
    """Whatever else stands in a log is no entry, and said so in one way."""
    refused(parse_traffic, body)
    refused(parse_register, body)


def test_each_log_its_own() -> None:
    """A register entry is none of the traffic log, nor the other way round."""
    for entry in TRAFFIC:
        refused(parse_register, canonical_json(entry))
    for entry in REGISTER:
        refused(parse_traffic, canonical_json(entry))


def refused(parse: Any, body: bytes) -> None:
    """Hold that ``body`` is refused as a whole, in words that hold nothing of it."""
    with pytest.raises(MalformedError) as caught:
        parse(body)
    assert caught.value.faults[0][0] == "#"
    assert caught.value.faults[0][1] in {"no log entry", "not in canonical form"}
