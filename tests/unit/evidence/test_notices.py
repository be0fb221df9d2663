"""What the exchange told of terms and gates: proved like every other step, and nothing believed that is not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from gateway.evidence.bundle import Bericht
from gateway.evidence.verifier import Report
from gateway.evidence.verifier.logs import root_of
from gateway.evidence.verifier.notices import check_notice
from gateway.rules import receipts, spelling
from gateway.rules.rows import Message, Notice, Term
from schemas.values import Digest, Mailbox, MessageId, RandomId, Salt
from tests.unit.evidence.scene import (
    BEURS,
    COVENANT,
    DOSSIER,
    HULP,
    HUUR,
    REEKS,
    TIJD,
    Json,
    Scene,
    b64,
    kid,
    path,
    sha,
)
from tests.unit.evidence.test_verifier import failed, verify

FIRST = "019a9f3e-7c00-7abc-8def-000000000001"
DUE = "2026-11-22T09:00:00.000Z"
OTHER = b64(sha(b"iets anders"))
NOTICES = ("eerste-trede", "tweede-trede", "poort")


class Told(Scene):
    """The scene in which a term of the first message ended, twice told, and a gate stood closed before it."""

    def received(self) -> str:
        """Add the notices to the message that was received."""
        first = super().received()
        message = self.messages[0]
        accepted = json.loads(self.traffic[0])
        self.about = {name: accepted[name] for name in ("id", "source", "ontvanger", "digest")}
        told = [
            self.notice("poort", "waarschuwing", {"poort": "signaal-voor-dreiging"}),
            *(
                self.notice(name, "termijn-overschreden", {"termijn": "terugkoppeling", "trede": n, "uiterlijk": DUE})
                for n, name in enumerate(NOTICES[:2], 1)
            ),
        ]
        self.messages[0] = replace(message, ontvangstbewijzen=[*message.ontvangstbewijzen, *told])
        return first

    def notice(self, name: str, kind: str, facts: Json) -> str:
        """Log and sign one notice about the first message."""
        said = {**self.about, **facts, "soort": kind, "convenant": COVENANT}
        place = self.log(f"{name}-regel", {**said, "aanvaard": 0}, self.traffic)
        return self.sign(name, {**said, "logboek": place, "tijd": TIJD}, "beurs", f"{kind}+jws")


HONEST = Told()
FILE = HONEST.bundle()


def remarks(report: Report) -> list[tuple[str, str]]:
    return [(remark.tekst, remark.text) for remark in report.remarks]


def test_notices_hold_and_are_told() -> None:
    """Each of the three is checked, and the reader sees term, level and end, and the gate, in both languages."""
    report = verify(FILE)
    assert report.ok
    names = [check.name for check in report.checks]
    assert (names.count("termijn-overschreden"), names.count("waarschuwing")) == (2, 1)
    for level in (1, 2):
        tekst = f"volgens de beurs is de termijn terugkoppeling overschreden, trede {level}, antwoord uiterlijk {DUE}"
        text = f"according to the exchange the term terugkoppeling is overdue, level {level}, answer due by {DUE}"
        assert (f"{tekst}: {FIRST}", f"{text}: {FIRST}") in remarks(report)
    assert (
        f"volgens de beurs aanvaard terwijl de poort signaal-voor-dreiging gesloten was: {FIRST}",
        f"accepted, according to the exchange, while the gate signaal-voor-dreiging was closed: {FIRST}",
    ) in remarks(report)
    assert report.messages[0].uitkomst == "ontvangen"


@pytest.mark.parametrize("part", range(4))
def test_every_changed_byte_fails(part: int) -> None:
    """One bit of any byte of a file with notices: never in order."""
    for position in range(part, len(FILE), 4):
        changed = FILE[:position] + bytes([FILE[position] ^ 1 << position % 7]) + FILE[position + 1 :]
        assert not verify(changed).ok, position


TERM: list[Mapping[str, Any]] = [
    {"digest": OTHER},
    {"id": "019a9f3e-7c00-7abc-8def-000000000002"},
    {"source": HULP},
    {"ontvanger": HULP.replace("101000", "102000")},
    {"termijn": "verwijzingsantwoord"},
    {"termijn": None},
    {"trede": 2},
    {"trede": 3},
    {"trede": "1"},
    {"trede": None},
    {"uiterlijk": "2026-11-22T08:00:00.000Z"},
    {"uiterlijk": None},
    {"convenant": OTHER},
    {"convenant": None},
    {"tijd": "2026-11-22T10:00:02.000Z"},
    {"soort": "waarschuwing"},
    {"soort": "onbekend"},
    {"extra": "lid"},
    {"logboek": None},
    {"logboek": {"oorsprong": f"{BEURS}/verkeer", "index": 0, "blad": b64(sha(b"\x00" + HONEST.traffic[0]))}},
    {"logboek": {"oorsprong": f"{BEURS}/verkeer", "index": 2, "blad": b64(sha(b"\x00" + HONEST.traffic[2]))}},
    {"logboek": {"oorsprong": f"{BEURS}/verkeer", "index": 3, "blad": OTHER}},
    {"logboek": {"oorsprong": "elders.example/verkeer", "index": 3, "blad": b64(sha(b"\x00" + HONEST.traffic[3]))}},
]


@pytest.mark.parametrize("lie", TERM, ids=str)
def test_a_notice_that_differs_from_its_line_is_found(lie: Json) -> None:
    """What the exchange signs about a term is what it logged, about this message, at that leaf, at that level."""
    assert "termijn-overschreden" in failed(verify(Told({"eerste-trede": lie}).bundle()))


@pytest.mark.parametrize(
    "lie",
    [{"poort": "andere-poort"}, {"poort": None}, {"convenant": OTHER}, {"digest": OTHER}, {"termijn": "x"},
     {"tijd": "2026-11-22T10:00:02.000Z"}, {"soort": "termijn-overschreden"}, {"logboek": None}],
    ids=str,
)  # fmt: skip
def test_a_warning_that_differs_from_its_line_is_found(lie: Json) -> None:
    """The same holds for a gate."""
    assert "waarschuwing" in failed(verify(Told({"poort": lie}).bundle()))


@pytest.mark.parametrize(
    "lie",
    [{"aanvaard": 1}, {"aanvaard": None}, {"soort": "niet-afgeleverd"}, {"digest": OTHER}, {"convenant": OTHER},
     {"trede": 2}, {"trede": True}, {"termijn": "saldo-opgave"}, {"uiterlijk": "2026-11-22T08:00:00.000Z"}],
    ids=str,
)  # fmt: skip
def test_a_line_that_differs_is_found(lie: Json) -> None:
    """Nor may the log line say anything else, or be about another acceptance."""
    assert "termijn-overschreden" in failed(verify(Told({"eerste-trede-regel": lie}).bundle()))


@pytest.mark.parametrize(
    "lie",
    [{"convenant": OTHER}, {"trede": 0}, {"trede": 10}, {"trede": 2}, {"termijn": "Wat er ook staat"},
     {"uiterlijk": "2026-11-22T10:00:01.251Z"}, {"uiterlijk": "morgen"}, {"uiterlijk": "2026-13-22T10:00:00.000Z"}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_found_though_line_and_notice_agree(lie: Json) -> None:
    """Another covenant than the acceptance quotes, no such level, a level told twice, a term that still ran."""
    report = verify(Told({"eerste-trede": lie, "eerste-trede-regel": lie}).bundle())
    assert "termijn-overschreden" in failed(report)
    assert sum("overschreden" in tekst for tekst, _ in remarks(report)) == 1


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize("hand", ["huur", "hulp", "hulp-oud", "vreemd"])
def test_only_the_exchange_signs_a_notice(name: str, hand: str) -> None:
    """A party, or a stranger, tells no term and no gate."""
    kind = "waarschuwing" if name == "poort" else "termijn-overschreden"
    assert failed(verify(Told(hands={name: hand}).bundle())) == {kind}


def test_a_receipt_key_replaced_before_the_acceptance_tells_nothing_later() -> None:
    """Register states never go back: what follows an acceptance is not signed with a key that was gone by then."""

    class Later(Told):
        def write_register(self) -> None:
            super().write_register()
            self.add_key("beurs-2", {"beurs": BEURS}, "ontvangstbewijzen", "beurs")

    right = ("eerste-aanvaard", "tweede-aanvaard", "geboekt", "afgewezen")
    old = verify(Later(hands=dict.fromkeys(right, "beurs-2")).bundle())
    assert failed(old) == {"termijn-overschreden", "waarschuwing", "niet-afgeleverd"}
    assert verify(Later(hands=dict.fromkeys((*right, *NOTICES, "niet-afgeleverd"), "beurs-2")).bundle()).ok


def moved(scene: Told, to: int) -> list[Bericht]:
    """Give the messages, the notices of the first among the receipts of another."""
    messages = list(scene.messages)
    taken = messages[0].ontvangstbewijzen[3:]
    messages[0] = replace(messages[0], ontvangstbewijzen=messages[0].ontvangstbewijzen[:3])
    messages[to] = replace(messages[to], ontvangstbewijzen=[*messages[to].ontvangstbewijzen, *taken])
    return messages


def test_another_messages_notices_are_found() -> None:
    """A notice stands with its own message: with another it counts for nothing, and with a refused one never."""
    scene = Told()
    assert failed(verify(scene.bundle(replace(scene.delen(), berichten=moved(scene, 1))))) == {
        "termijn-overschreden",
        "waarschuwing",
    }
    assert failed(verify(scene.bundle(replace(scene.delen(), berichten=moved(scene, 2))))) == {
        "ontvangstbewijzen",
        "termijn-overschreden",
        "waarschuwing",
    }


def test_a_notice_twice_and_a_notice_without_its_line_are_found() -> None:
    """Each level is told once (I9), and no notice stands without the line that it promises."""
    scene = Told()
    first = scene.messages[0]
    twice = replace(first, ontvangstbewijzen=[*first.ontvangstbewijzen, first.ontvangstbewijzen[-1]])
    delen = scene.delen()
    assert failed(verify(scene.bundle(replace(delen, berichten=[twice, *scene.messages[1:]])))) == {
        "termijn-overschreden"
    }
    for index, kind in ((2, "waarschuwing"), (3, "termijn-overschreden"), (4, "termijn-overschreden")):
        less = [line for line in delen.logregels if line.index != index]
        assert failed(verify(scene.bundle(replace(delen, logregels=less)))) == {kind}


def test_a_notice_left_out_is_no_fault() -> None:
    """Who was told the second level only shows the second level only; completeness is never claimed."""
    scene = Told()
    first = scene.messages[0]
    fewer = replace(first, ontvangstbewijzen=[*first.ontvangstbewijzen[:3], first.ontvangstbewijzen[-1]])
    report = verify(scene.bundle(replace(scene.delen(), berichten=[fewer, *scene.messages[1:]])))
    assert report.ok
    assert [text for _, text in remarks(report) if "overdue" in text] == [
        f"according to the exchange the term terugkoppeling is overdue, level 2, answer due by {DUE}: {FIRST}"
    ]


def test_the_scene_proves_its_lines() -> None:
    """Planted: a notice's line with the proof of another line is in no log."""
    leaves = [sha(b"\x00" + body) for body in HONEST.traffic]
    assert root_of(leaves[3], 3, len(leaves), path(3, leaves)) is not None
    delen = HONEST.delen()
    wrong = [replace(line, inclusie=path(4, leaves)) if line.index == 3 else line for line in delen.logregels]
    assert {"logregel", "termijn-overschreden"} <= failed(verify(HONEST.bundle(replace(delen, logregels=wrong))))


def test_what_the_exchange_spells_is_what_the_verifier_takes() -> None:
    """Notice and log line, as the product spells them, hold to the byte, for every level and for a gate."""
    box, other, digest, reeks = Mailbox(HULP), Mailbox(HUUR), Digest(COVENANT), RandomId(REEKS)
    message = Message(
        0, b"", other, MessageId(FIRST), box, RandomId(DOSSIER), "nl.huurschuld.vroegsignaal.v1", digest, reeks, 1,
        None, 0, 0, 0, digest, digest, kid("beurs"),
    )  # fmt: skip
    term = Term(0, "terugkoppeling", other, box, 0, 1000, "loopt", 0, 1000, digest, None)
    at = (1001, Salt(b64(bytes(16))))
    for level in (1, 9):
        line = json.loads(spelling.overdue_body(message, term, level, at))
        row = Notice(3, bytes(32), 0, "termijn-overschreden", term.code, level, term.due, at[0], kid("beurs"))
        said = json.loads(receipts.spell_termijn_overschreden(message, row, f"{BEURS}/verkeer"))
        assert check_notice(said, line, COVENANT) == ("termijn-overschreden", "terugkoppeling", level)
    line = json.loads(spelling.warning_body(message, "signaal-voor-dreiging", at))
    row = Notice(3, bytes(32), 0, "waarschuwing", "signaal-voor-dreiging", 0, None, at[0], kid("beurs"))
    said = json.loads(receipts.spell_waarschuwing(message, row, f"{BEURS}/verkeer"))
    assert check_notice(said, line, COVENANT) == ("waarschuwing", "signaal-voor-dreiging", 0)
