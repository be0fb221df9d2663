"""The offline verifier believes an honest evidence file, and nothing that differs from it by a byte or by a fact."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.evidence import checkers, verifier
from gateway.evidence.bundle import Delen
from gateway.evidence.verifier import Report, verify_bundle
from keys.jwk import parse_public
from tests.unit.evidence.scene import (
    BEURS,
    HULP,
    HUUR,
    Scene,
    b64,
    check_note,
    check_signature,
    jwk,
    kid,
    sha,
    sign,
    spell,
    vkey,
)

HONEST = Scene().bundle()
ANCHORS = (vkey("register"),)
OTHER = b64(sha(b"iets anders"))
SECOND = "019a9f3e-7c00-7abc-8def-000000000002"
FOLDER = Path(verifier.__file__).parent


def verify(data: bytes, anchors: tuple[str, ...] = ANCHORS) -> Report:
    return verify_bundle(data, check_signature, check_note, anchors)


def failed(report: Report) -> set[str]:
    return {check.name for check in report.checks if not check.ok}


def test_an_honest_file_holds() -> None:
    """Everything is checked, nothing fails, and what is left out is said."""
    report = verify(HONEST)
    assert failed(report) == set()
    assert report.ok
    assert report.anchored
    assert {check.name for check in report.checks} == {
        "canoniek", "controlepunt", "registerregel", "register", "logregel", "anker", "manifest", "deel", "envelop",
        "inhoud", "ontvangstbewijzen", "aanvaard", "afgewezen", "ontvangen", "geboekt", "niet-afgeleverd",
    }  # fmt: skip
    compare = "compare with its owner the fingerprint of the first key of"
    assert [remark.text for remark in report.remarks] == [
        "payload left out: 019a9f3e-7c00-7abc-8def-000000000003",
        f"not delivered according to the exchange, without a verdict of the recipient: {SECOND}",
        f"{compare} Ons Doel, {HUUR}: {fingerprint('huur')}",
        f"{compare} Gemeente Leiden, {HULP}: {fingerprint('hulp-oud')}",
        "completeness is not shown: what a party did not keep, or left out, is not there",
    ]
    assert all(remark.tekst for remark in report.remarks)


def fingerprint(name: str) -> str:
    return parse_public(jwk(name)).fingerprint()


def test_the_product_checks_signatures_alike() -> None:
    """The checkers that the command hands over give the same report, for honest and for forged files."""
    for data in (
        HONEST,
        Scene(hands={"geboekt": "huur"}).bundle(),
        Scene(lies={"ontvangen": {"blad": OTHER}}).bundle(),
    ):
        ours = verify_bundle(data, checkers.check_signature, checkers.check_note, ANCHORS)
        assert ours == verify(data)


def test_without_anchor_it_says_so() -> None:
    """A file that names its own log keys agrees with itself only; an unknown log key is no anchor."""
    report = verify(HONEST, ())
    assert report.ok
    assert not report.anchored
    assert any("not anchored" in text for _, text in report.remarks)
    assert failed(verify(HONEST, (vkey("elders"),))) == {"anker"}
    assert failed(verify(HONEST, (vkey("verkeer"),))) == {"anker"}


@pytest.mark.parametrize("part", range(8))
def test_every_changed_byte_fails(part: int) -> None:
    """One bit of any byte of the file: never in order, and never anything but a report (issue: evidence)."""
    for position in range(part, len(HONEST), 8):
        changed = HONEST[:position] + bytes([HONEST[position] ^ 1 << position % 7]) + HONEST[position + 1 :]
        report = verify(changed)
        assert not report.ok, position


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]\n", b"null\n", b"1\n", b'{"delen":{},"manifest":""}\n', b"\xff", HONEST[:-1], HONEST + b"\n",
        b"[" * 100_000, b"9" * 5000, b'{"a":1,"a":1}\n', b"1.5\n", b"NaN\n", b'"\\ud800"\n', b" " + HONEST,
    ],
)  # fmt: skip
def test_noise_fails_cleanly(data: bytes) -> None:
    """Whatever the bytes, one failing check and no exception."""
    report = verify(data)
    assert failed(report) == {"canoniek"}
    assert not report.anchored


def test_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a limit to what is taken in."""
    monkeypatch.setattr("gateway.evidence.verifier.case.MAX_BYTES", len(HONEST) - 1)
    assert failed(verify(HONEST)) == {"canoniek"}


def test_no_report_is_not_in_order() -> None:
    """A report without checks says nothing."""
    assert not Report((), (), anchored=True).ok


LIES: list[tuple[str, dict[str, Any], str]] = [
    ("eerste", {"beurs": "elders.example/beurs"}, "envelop"),
    ("eerste", {"dossier": "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c11"}, "envelop"),
    ("eerste", {"source": HULP}, "envelop"),
    ("eerste", {"data": None}, "inhoud"),
    ("eerste-inhoud", {"dossier": "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c11"}, "inhoud"),
    ("eerste-inhoud", {"afzender": HULP}, "inhoud"),
    ("eerste-inhoud", {"antwoordop": "019a9f3e-7c00-7abc-8def-000000000009"}, "inhoud"),
    ("tweede-inhoud", {"antwoordop": None}, "inhoud"),
    ("eerste-aanvaard", {"digest": OTHER}, "aanvaard"),
    ("eerste-aanvaard", {"soort": "afgewezen"}, "aanvaard"),
    ("eerste-aanvaard", {"tijd": "2026-11-22T09:00:00.000Z"}, "aanvaard"),
    ("eerste-aanvaard", {"convenant": OTHER}, "aanvaard"),
    ("eerste-aanvaard", {"register": {"omvang": 10, "wortel": OTHER}}, "aanvaard"),
    ("eerste-aanvaard", {"logboek": {"oorsprong": "elders/verkeer", "index": 0, "blad": OTHER}}, "aanvaard"),
    ("eerste-aanvaard", {"logboek": None}, "aanvaard"),
    ("eerste-regel", {"digest": OTHER}, "aanvaard"),
    ("eerste-regel", {"volgnummer": 9}, "aanvaard"),
    ("eerste-regel", {"sleutel": OTHER}, "aanvaard"),
    ("eerste-regel", {"soort": "aangeboden"}, "aanvaard"),
    ("eerste-regel", {"verlooptijd": "2026-12-07T10:00:00.000Z"}, "aanvaard"),
    ("eerste-regel", {"verlooptijd": "morgen"}, "aanvaard"),
    ("eerste-regel", {"type": "nl.huurschuld.wijziging.v1"}, "aanvaard"),
    ("ontvangen", {"blad": OTHER}, "ontvangen"),
    ("ontvangen", {"digest": OTHER}, "ontvangen"),
    ("ontvangen", {"id": "019a9f3e-7c00-7abc-8def-000000000009"}, "ontvangen"),
    ("boeking", {"bewijs": OTHER}, "geboekt"),
    ("boeking", {"sleutel": kid("hulp-oud")}, "geboekt"),
    ("boeking", {"aanvaard": 2}, "geboekt"),
    ("boeking", {"soort": "geweigerd"}, "geboekt"),
    ("boeking", {"register": {"omvang": 5, "wortel": OTHER}}, "geboekt"),
    ("boeking", {"register": {"omvang": 11, "wortel": OTHER}}, "geboekt"),
    ("boeking", {"register": {"omvang": -1, "wortel": OTHER}}, "geboekt"),
    ("eerste-regel", {"convenant": OTHER}, "aanvaard"),
    ("geboekt", {"bewijs": OTHER}, "geboekt"),
    ("geboekt", {"tijd": "2026-11-22T09:00:00.000Z"}, "geboekt"),
    ("afloop", {"aangeboden": 1}, "niet-afgeleverd"),
    ("afloop", {"aanvaard": 0}, "niet-afgeleverd"),
    ("niet-afgeleverd", {"volgnummer": 3}, "niet-afgeleverd"),
    ("afgewezen", {"code": "te-groot"}, "afgewezen"),
    ("weigering", {"sleutel": OTHER}, "afgewezen"),
    ("beurs", {"vkeyverkeer": vkey("elders")}, "anker"),
    ("beurs", {"beurs": "elders.example/beurs"}, "anker"),
    ("sleutel-huur", {"postvak": HULP}, "manifest"),
    ("sleutel-huur", {"gebruik": "verzegelen"}, "envelop"),
    ("sleutel-beurs", {"beurs": "elders.example/beurs"}, "aanvaard"),
    ("sleutel-beurs", {"jwk": {"kty": "EC"}}, "registerregel"),
    ("beurs", {"soort": "convenant"}, "registerregel"),
    ("convenant", {"soort": "beurs"}, "registerregel"),
    ("convenant", {"soort": "onbekend"}, "registerregel"),
    ("convenant", {"tekst": "iets anders"}, "registerregel"),
    ("certificaat", {"serienummer": None}, "registerregel"),
    ("deelnemer-Ons Doel", {"oin": HULP[12:32]}, "registerregel"),
    ("deelnemer-Ons Doel", {"postvakken": []}, "registerregel"),
    ("deelnemer-Ons Doel", {"soort": "geschorst"}, "registerregel"),
    ("sleutel-huur", {"bewijs": None}, "registerregel"),
    ("sleutel-huur", {"kid": kid("hulp")}, "registerregel"),
    ("sleutel-huur", {"jwk": jwk("hulp")}, "registerregel"),
    ("sleutel-huur", {"beurs": BEURS}, "registerregel"),
    ("sleutel-huur", {"gebruik": "ontvangstbewijzen"}, "registerregel"),
    ("sleutel-huur", {"gebruik": "iets"}, "registerregel"),
    ("sleutel-hulp", {"bewijs": None}, "registerregel"),
    ("sleutel-zegel", {"gebruik": "ondertekenen"}, "registerregel"),
    ("sleutel-zegel", {"jwk": jwk("hulp")}, "registerregel"),
    ("sleutel-zegel", {"postvak": HUUR}, "registerregel"),
    ("bewijs-hulp", {"jwk": jwk("huur")}, "registerregel"),
    ("bewijs-hulp", {"postvak": HUUR}, "registerregel"),
    ("bewijs-hulp", {"beurs": "elders.example/beurs"}, "registerregel"),
    ("bewijs-zegel", {"gebruik": "ondertekenen"}, "registerregel"),
    ("controlepunt-verkeer", {"origin": "elders.example/beurs/verkeer"}, "controlepunt"),
    ("controlepunt-verkeer", {"size": 0}, "logregel"),
    ("controlepunt-register", {"size": "010"}, "controlepunt"),
    ("controlepunt-register", {"size": 9}, "register"),
    ("controlepunt-register", {"size": 11}, "register"),
    ("controlepunt-register", {"root": base64.b64encode(sha(b"")).decode()}, "register"),
    ("manifest", {"soort": "bewijs2"}, "manifest"),
    ("manifest", {"opsteller": HULP}, "manifest"),
    ("manifest", {"opgesteld": "gisteren"}, "manifest"),
    ("manifest", {"dossier": "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c11"}, "envelop"),
    ("manifest", {"delen": {}}, "deel"),
    ("manifest", {"extra": "lid"}, "manifest"),
]


@pytest.mark.parametrize(("name", "lie", "check"), LIES, ids=[f"{name}: {next(iter(lie))}" for name, lie, _ in LIES])
def test_every_lie_is_found(name: str, lie: dict[str, Any], check: str) -> None:
    """Facts that disagree are found by the check that is there for them, though everything is signed and logged."""
    report = verify(Scene(lies={name: lie}).bundle())
    assert check in failed(report)


@pytest.mark.parametrize(
    ("name", "hand", "check"),
    [
        ("eerste", "hulp", "envelop"),
        ("eerste", "vreemd", "envelop"),
        ("tweede", "hulp-oud", "envelop"),
        ("eerste-aanvaard", "huur", "aanvaard"),
        ("ontvangen", "huur", "ontvangen"),
        ("ontvangen", "beurs", "ontvangen"),
        ("ontvangen", "hulp-oud", "geboekt"),
        ("geboekt", "hulp", "geboekt"),
        ("afgewezen", "huur", "afgewezen"),
        ("niet-afgeleverd", "hulp", "niet-afgeleverd"),
        ("manifest", "beurs", "manifest"),
        ("manifest", "vreemd", "manifest"),
        ("bewijs-huur", "hulp", "registerregel"),
        ("bewijs-hulp", "hulp", "registerregel"),
        ("bewijs-hulp", "huur", "registerregel"),
        ("bewijs-zegel", "hulp-oud", "registerregel"),
    ],
)
def test_each_role_signs_its_own(name: str, hand: str, check: str) -> None:
    """A good signature by the wrong party, or by a key that was replaced, counts for nothing."""
    assert check in failed(verify(Scene(hands={name: hand}).bundle()))


NO_ALG = f"{b64(spell({'alg': 'none', 'kid': 'a', 'typ': 'bericht+jws'}))}.e30."
Alter = Callable[[Delen], Delen]


def message(**changes: Any) -> Alter:
    return lambda d: replace(d, berichten=[replace(d.berichten[0], **changes), *d.berichten[1:]])


def receipts(chosen: slice, times: int = 1) -> Alter:
    return lambda d: message(ontvangstbewijzen=d.berichten[0].ontvangstbewijzen[chosen] * times)(d)


def line(**changes: Any) -> Alter:
    return lambda d: replace(d, logregels=[replace(d.logregels[0], **changes), *d.logregels[1:]])


def checkpoints(**changes: Any) -> Alter:
    return lambda d: replace(d, controlepunten=[replace(c, **changes) for c in d.controlepunten])


def unsigned(d: Delen) -> Delen:
    return replace(d, controlepunten=[replace(c, nota=c.nota.split("— ", 1)[0]) for c in d.controlepunten])


ALTERED: list[tuple[str, Alter, str]] = [
    ("no message", lambda d: replace(d, berichten=[]), "canoniek"),
    ("message twice", lambda d: replace(d, berichten=[*d.berichten, d.berichten[0]]), "envelop"),
    ("no receipts", receipts(slice(0)), "ontvangstbewijzen"),
    ("no booking", receipts(slice(2)), "ontvangstbewijzen"),
    ("no acceptance", receipts(slice(1, 3)), "ontvangstbewijzen"),
    ("no verdict", receipts(slice(0, 3, 2)), "ontvangstbewijzen"),
    ("receipts twice", receipts(slice(3), 2), "ontvangstbewijzen"),
    ("another's receipts", lambda d: message(ontvangstbewijzen=d.berichten[1].ontvangstbewijzen)(d), "aanvaard"),
    ("no JWS", message(envelop="x"), "envelop"),
    ("alg none", message(envelop=NO_ALG), "envelop"),
    ("other typ", message(envelop=sign(b"{}", "huur", "sleutel+jws")), "envelop"),
    ("other receipt typ", message(ontvangstbewijzen=(sign(b"{}", "huur", "bewijs"),)), "ontvangstbewijzen"),
    ("other payload", message(inhoud="{}"), "inhoud"),
    ("less padding", lambda d: message(inhoud=str(d.berichten[0].inhoud)[:-1])(d), "inhoud"),
    ("traffic line missing", lambda d: replace(d, logregels=d.logregels[1:]), "aanvaard"),
    ("traffic line twice", lambda d: replace(d, logregels=[*d.logregels, d.logregels[0]]), "logregel"),
    ("line at another index", line(index=1), "logregel"),
    ("line at no index", line(index=-1), "logregel"),
    ("other line", line(body=b"{}"), "logregel"),
    ("proof too short", line(inclusie=[]), "logregel"),
    ("proof too long", lambda d: line(inclusie=[*d.logregels[0].inclusie, bytes(32)])(d), "logregel"),
    ("no register", lambda d: replace(d, register=[]), "register"),
    ("first line missing", lambda d: replace(d, register=d.register[1:]), "anker"),
    ("last line missing", lambda d: replace(d, register=d.register[:-1]), "register"),
    ("successor missing", lambda d: replace(d, register=[*d.register[:8], *d.register[9:]]), "register"),
    ("register line twice", lambda d: replace(d, register=[*d.register, d.register[-1]]), "register"),
    ("register out of order", lambda d: replace(d, register=[*d.register[:3], *d.register[:2:-1]]), "register"),
    ("register line spelled otherwise", lambda d: replace(d, register=[d.register[0] + b" "]), "registerregel"),
    ("one checkpoint", lambda d: replace(d, controlepunten=d.controlepunten[:1]), "controlepunt"),
    ("checkpoint of another log", checkpoints(logboek="verkeer"), "controlepunt"),
    ("unsigned checkpoint", unsigned, "controlepunt"),
    ("other log key", checkpoints(vkey=vkey("elders")), "controlepunt"),
    ("no log key", checkpoints(vkey="x"), "controlepunt"),
]


@pytest.mark.parametrize(("alter", "check"), [case[1:] for case in ALTERED], ids=[case[0] for case in ALTERED])
def test_a_dishonest_exporter_is_found(alter: Alter, check: str) -> None:
    """An exporter who signs over altered parts gets no further than one who alters the file."""
    scene = Scene()
    assert check in failed(verify(scene.bundle(alter(scene.delen()))))
