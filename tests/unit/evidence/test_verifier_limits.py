"""The offline verifier on what is left out, replaced, suspended or malformed; and whether it stands alone."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gateway.errors import EvidenceError
from gateway.evidence.verifier import Report, verify_bundle
from gateway.evidence.verifier.reading import WrongError
from gateway.evidence.verifier.register import Register as VerifiersRegister
from gateway.rules.register import Register
from tests.unit.evidence.scene import (
    BEURS,
    HULP,
    HUUR,
    Scene,
    b64,
    check_signature,
    kid,
    root,
    sha,
    spell,
)
from tests.unit.evidence.test_verifier import ANCHORS, FOLDER, HONEST, LIES, failed, message, verify


def said(report: Report) -> str:
    return "\n".join(remark.text for remark in report.remarks)


def test_a_missing_message_is_said() -> None:
    """What others of the file name shows that it was left out: an earlier message, and one that is answered."""
    scene = Scene()
    report = verify(scene.bundle(replace(scene.delen(), berichten=scene.messages[1:])))
    assert report.ok
    assert "an earlier message is missing: " in said(report)
    assert "the message that is answered is missing: 019a9f3e-7c00-7abc-8def-000000000001" in said(report)


def test_a_verdict_left_out_is_said() -> None:
    """An exporter can leave out what the recipient signed and what came later; the report does not hide that."""
    scene = Scene()
    alone = replace(scene.messages[0], ontvangstbewijzen=scene.messages[0].ontvangstbewijzen[:1])
    report = verify(scene.bundle(replace(scene.delen(), berichten=[alone])))
    assert report.ok
    assert "no verdict of the recipient: 019a9f3e-7c00-7abc-8def-000000000001" in said(report)
    assert "completeness is not shown" in said(report)


def test_a_replaced_key_is_known_whatever_is_left_out() -> None:
    """A replaced key counts for nothing, and its successor's line cannot be left out of the register."""
    hands = {"ontvangen": "hulp-oud", "tweede": "hulp-oud"}
    scene = Scene(hands=hands, lies={"boeking": {"sleutel": kid("hulp-oud")}})
    delen = scene.delen()
    assert {"geboekt", "envelop"} <= failed(verify(scene.bundle(delen)))
    without = [body for body in delen.register if json.loads(body).get("kid") != kid("hulp")]
    assert "register" in failed(verify(scene.bundle(replace(delen, register=without))))


def test_a_register_that_never_was_is_found() -> None:
    """Every register root that is quoted is compared, also when the log has grown since."""
    never = {"register": {"omvang": 10, "wortel": b64(sha(b"never"))}}
    scene = Scene(lies={"eerste-regel": never, "eerste-aanvaard": never})
    scene.suspend(HULP)
    assert "aanvaard" in failed(verify(scene.bundle()))
    honest = Scene()
    honest.suspend(HULP)
    report = verify(honest.bundle())
    assert report.ok
    assert f"suspended since: Gemeente Leiden, {HULP}" in said(report)


def test_an_old_key_counts_in_the_state_in_which_it_was_active() -> None:
    """What was signed before the successor came stays good."""
    scene = Scene()
    old = {"omvang": 8, "wortel": b64(root([sha(b"\x00" + body) for body in scene.register[:8]]))}
    lies = {"boeking": {"register": old, "sleutel": kid("hulp-oud")}}
    assert verify(Scene(hands={"ontvangen": "hulp-oud"}, lies=lies).bundle()).ok
    lies = {"boeking": {"register": old}}
    assert failed(verify(Scene(lies=lies).bundle())) == {"geboekt"}


@pytest.mark.parametrize("mailbox", [HUUR, HULP])
def test_the_suspended_take_no_part(mailbox: str) -> None:
    """Nothing is accepted from or for a suspended party, and none of its receipts is booked."""
    expected = {"aanvaard"} | ({"geboekt"} if mailbox == HULP else set())
    assert failed(verify(Scene(suspended=[mailbox]).bundle())) >= expected


def test_a_later_receipt_key_is_signed_by_the_one_before() -> None:
    """The exchange's keys follow one another like a party's; receipts of a state are by the key of that state."""
    for voucher, good in (("beurs", True), ("beurs-2", False), (None, False)):
        scene = Scene()
        scene.add_key("beurs-2", {"beurs": BEURS}, "ontvangstbewijzen", voucher)
        assert verify(scene.bundle()).ok is good

    class Later(Scene):
        def write_register(self) -> None:
            super().write_register()
            self.add_key("beurs-2", {"beurs": BEURS}, "ontvangstbewijzen", "beurs")

    assert {"aanvaard", "geboekt"} <= failed(verify(Later().bundle()))
    names = ("eerste-aanvaard", "tweede-aanvaard", "geboekt", "niet-afgeleverd", "afgewezen")
    assert verify(Later(hands=dict.fromkeys(names, "beurs-2")).bundle()).ok


def replayed(bodies: list[bytes]) -> tuple[bool, bool]:
    """Tell whether the verifier, and whether a connector, takes a register log as it stands."""
    register = VerifiersRegister(check_signature)
    try:
        for body in bodies:
            register.append(body.decode())
    except WrongError:
        ours = False
    else:
        ours = True
    try:
        return ours, Register.fold(bodies).root.raw == register.roots[-1]
    except EvidenceError:
        return ours, False


@pytest.mark.parametrize(
    ("lies", "hands"),
    [
        ({}, {}),
        *(({name: lie}, {}) for name, lie, check in LIES if check == "registerregel"),
        ({"sleutel-huur": {"postvak": HULP}}, {}),
        ({"beurs": {"beurs": "elders.example/beurs"}}, {}),
        *(({}, {name: hand}) for name in ("bewijs-huur", "bewijs-hulp") for hand in ("huur", "hulp", "hulp-oud")),
    ],
)
def test_the_replay_agrees_with_that_of_connectors(lies: dict[str, Any], hands: dict[str, str]) -> None:
    """The verifier's replay takes and refuses what a connector's does (without the scene's unreal covenant, seal)."""
    kept = [body for body in Scene(lies, hands).register if b'"tekst"' not in body and b'"AKP"' not in body]
    ours, theirs = replayed(kept)
    assert ours is theirs


def test_time_is_compared_to_the_millisecond() -> None:
    """The log keeps milliseconds of a moment; more than that in the envelope is no difference."""
    assert verify(Scene(lies={"eerste": {"verlooptijd": "2026-12-06T10:00:00.000999Z"}}).bundle()).ok
    lie = {"eerste": {"verlooptijd": "2026-12-06T10:00:00.001Z"}}
    assert "aanvaard" in failed(verify(Scene(lies=lie).bundle()))


def test_parts_outside_the_manifest_are_refused() -> None:
    """No part may stand beside the four, and none may be left out."""
    value = json.loads(HONEST)
    for changed in ({**value["delen"], "extra": []}, {k: v for k, v in value["delen"].items() if k != "register"}):
        assert failed(verify(spell({**value, "delen": changed}) + b"\n")) == {"canoniek"}


@pytest.mark.parametrize("part", ["berichten", "controlepunten", "logregels", "register"])
@pytest.mark.parametrize(
    "wrong", [None, True, 0, "x", [], {}, [None], [{}], {"a": None}, {"a": {"b": 1}}, [{"index": True}]]
)
def test_parts_of_another_form_fail_cleanly(part: str, wrong: object) -> None:
    """Whatever stands where a part should be: a failing report, no exception."""
    value = json.loads(HONEST)
    value["delen"][part] = wrong
    assert not verify(spell(value) + b"\n").ok


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("aë{", max_size=8) | st.sampled_from(["A" * 43, "e30"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_value_anywhere_fails_cleanly(data: st.DataObject) -> None:
    """Another JSON value at any place of the file: a failing report, no exception."""
    value = json.loads(HONEST)
    node, key = value, "delen"
    while isinstance(node[key], (dict, list)) and node[key] and data.draw(st.integers(0, 5)):
        node = node[key]
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
    other = data.draw(JSON)
    assume(spell(other) != spell(node[key]))
    node[key] = other
    assert not verify(spell(value) + b"\n").ok


@settings(deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_jws_is_read_cleanly(header: bytes, payload: bytes) -> None:
    """Noise inside a JWS, the manifest included: a failing report, no exception."""
    noise = f"{b64(header)}.{b64(payload)}.{'A' * 86}"
    assert failed(verify(spell({**json.loads(HONEST), "manifest": noise}) + b"\n")) == {"manifest"}
    scene = Scene()
    first, second, third = scene.messages
    messages = [replace(first, envelop=noise), replace(second, ontvangstbewijzen=[noise]), third]
    report = verify(scene.bundle(replace(scene.delen(), berichten=messages)))
    assert failed(report) == {"envelop", "ontvangstbewijzen"}


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 9), JSON)
def test_any_register_line_is_read_cleanly(index: int, value: Any) -> None:
    """Noise where a register line should be, logged and signed all the same: a failing report, no exception."""
    scene = Scene()
    scene.register[index] = spell(value)
    assert "registerregel" in failed(verify(scene.bundle()))


def test_a_verifier_that_trusts_any_signature_would_be_seen() -> None:
    """Planted: with signature checks that always say yes, the wrong hand passes; so the tests rest on them."""
    scene = Scene()
    *others, booked = scene.messages[0].ontvangstbewijzen
    forged = scene.bundle(
        message(ontvangstbewijzen=[*others, booked.rpartition(".")[0] + "." + "A" * 86])(scene.delen())
    )
    assert failed(verify(forged)) == {"geboekt"}
    assert verify_bundle(forged, lambda *_: True, lambda *_: True, ANCHORS).ok


def test_it_stands_alone() -> None:
    """The folder imports the standard library and itself only, and runs without the rest of the product."""
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert str(node.module).split(".")[0] in sys.stdlib_module_names
            if isinstance(node, ast.Import):
                assert all(name.name.split(".")[0] in sys.stdlib_module_names for name in node.names)
    program = "import verifier; print(verifier.verify_bundle(b'', None, None).ok)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parent)!r}); {program}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"


def test_a_refusal_by_the_recipient_holds_with_its_code() -> None:
    """*geweigerd* counts with the very code that the recipient signed."""
    assert verify(Scene(code="verzegeling-onjuist").bundle()).ok
    lie = {"boeking": {"code": "type-onbekend"}}
    assert failed(verify(Scene(lies=lie, code="verzegeling-onjuist").bundle())) == {"geboekt"}


def test_a_refused_payload_does_not_count() -> None:
    """What a recipient could not take in may be left out, or differ: it is said, and the file is good."""
    scene = Scene(code="verzegeling-onjuist")
    for inhoud, remark in ((None, "payload left out"), ("{}", "does not count"), ("geen JSON", "does not count")):
        altered = message(inhoud=inhoud)(scene.delen())
        report = verify(scene.bundle(altered))
        assert report.ok
        assert f"{remark}" in said(report)
    honest = Scene()
    assert failed(verify(honest.bundle(message(inhoud="{}")(honest.delen())))) == {"inhoud"}


def test_bundle_is_deterministic() -> None:
    """The same parts make the same bytes."""
    assert Scene().bundle() == HONEST
