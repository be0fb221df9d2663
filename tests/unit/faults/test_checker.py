"""The checker itself: silent when all is right, and it names each mistake that is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from keys import signing
from tests.faults.checker import CHECKS, check
from tests.faults.history import Account, Attempt, History, Kept
from tests.unit.faults.scene import (
    EXCHANGE_KEY,
    RECIPIENT,
    RECIPIENT_KEY,
    SENDER,
    SENDER_KEY,
    Scene,
    receipt,
    right,
    subject,
)

THREAD = (SENDER, RECIPIENT, "d1")


def account(history: History, number: int, **changes: Any) -> History:
    """Change what one party holds."""
    accounts: list[Account] = list(history.accounts)
    accounts[number] = replace(accounts[number], **changes)
    return replace(history, accounts=accounts)


def proof(scene: Scene, place: int, **changes: Any) -> None:
    """Change the receipt of one message: ``kind``, ``jws`` or ``geboekt``."""
    kind, jws, geboekt = scene.sent[place].proofs[0]
    changed = (changes.get("kind", kind), changes.get("jws", jws), changes.get("geboekt", geboekt))
    scene.sent[place] = replace(scene.sent[place], proofs=(changed,))


def lost(scene: Scene) -> History:
    del scene.effects[3]
    return scene.history()


def lost_before_the_receipt(scene: Scene) -> History:
    del scene.effects[3], scene.sent[3], scene.got[3]
    del scene.acked["m3"]
    return scene.history()


def twice(scene: Scene) -> History:
    scene.effects.append(replace(scene.effects[2], turn=99, at=999))
    return scene.history()


def twice_under_another_id(scene: Scene) -> History:
    scene.effects.append(replace(scene.effects[4], id="m4-again", turn=99, at=999))
    return scene.history()


def out_of_order(scene: Scene) -> History:
    scene.effects[2], scene.effects[4] = (
        replace(scene.effects[4], turn=3, at=102),
        replace(scene.effects[2], turn=5, at=104),
    )
    return scene.history()


def altered(scene: Scene) -> History:
    scene.effects[1] = replace(scene.effects[1], vingerafdruk="other")
    return scene.history()


def under_another_id(scene: Scene) -> History:
    scene.attempts[1] = replace(scene.attempts[1], id="m9")
    return scene.history()


def from_nowhere(scene: Scene) -> History:
    scene.effects.append(replace(scene.effects[0], id="m9", volgorde=9, turn=99, at=999))
    return scene.history()


def failed_yet_arrived(scene: Scene) -> History:
    scene.attempts[0] = replace(scene.attempts[0], outcome="fail", id="", digest="")
    return scene.history()


def no_receipt(scene: Scene) -> History:
    scene.sent[2] = replace(scene.sent[2], proofs=())
    return scene.history()


def never_accepted(scene: Scene) -> History:
    scene.sent[2] = replace(scene.sent[2], aanvaard=None)
    return scene.history()


def receipt_by_another(scene: Scene) -> History:
    blad = {"blad": "x"}
    proof(scene, 2, jws=receipt("ontvangen", subject("m2", "digest2"), SENDER_KEY, **blad))
    return scene.history()


def receipt_of_another_message(scene: Scene) -> History:
    proof(scene, 2, jws=scene.sent[3].proofs[0][1])
    return scene.history()


def receipt_with_a_flipped_bit(scene: Scene) -> History:
    jws = scene.sent[2].proofs[0][1]
    head, payload, signature = jws.split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    proof(scene, 2, jws=f"{head}.{payload}.{flipped}")
    return scene.history()


def receipt_for_another_use(scene: Scene) -> History:
    jws = signing.sign(b"{}", RECIPIENT_KEY, "geweigerd+jws")
    proof(scene, 2, jws=jws)
    return scene.history()


def refused(scene: Scene) -> History:
    proof(scene, 2, kind="geweigerd")
    return scene.history()


def not_booked(scene: Scene) -> History:
    proof(scene, 2, geboekt=None)
    return scene.history()


def booked_another(scene: Scene) -> History:
    proof(scene, 2, geboekt=scene.sent[4].proofs[0][2])
    return scene.history()


def acknowledged_with_another_leaf(scene: Scene) -> History:
    place = {"oorsprong": "localhost/proef/verkeer", "index": 4, "blad": "x" * 43}
    aanvaard = receipt("aanvaard", subject("m2", "digest2"), EXCHANGE_KEY, logboek=place)
    scene.sent[2] = replace(scene.sent[2], aanvaard=aanvaard)
    return scene.history()


def acknowledgement_changed(scene: Scene) -> History:
    scene.acked["m2"] = "0" * 64
    return scene.history()


def spool_lost_it(scene: Scene) -> History:
    del scene.sent[5], scene.got[5], scene.effects[5]
    return scene.history()


def number_skipped(scene: Scene) -> History:
    scene.sent[5] = replace(scene.sent[5], volgnummer=7)
    return scene.history()


def forked(scene: Scene) -> History:
    other = right()
    other.leaves[1] = b"\x07" * 32
    history = scene.history()
    kept = [*history.accounts[1].checkpoints, *other.history().accounts[0].checkpoints]
    return account(history, 1, checkpoints=kept)


def unsigned_checkpoint(scene: Scene) -> History:
    history = scene.history()
    note = history.accounts[0].checkpoints[0].note.replace("localhost", "elsewhere")
    return account(history, 0, checkpoints=[Kept("register", 2, note)])


def promise_broken(scene: Scene) -> History:
    history = scene.history()
    first, *rest = history.accounts[0].promises
    return account(history, 0, promises=[replace(first, leaf="x" * 43), *rest])


def promise_open(scene: Scene) -> History:
    return account(scene.history(), 0, covered=0)


def promise_beyond(scene: Scene) -> History:
    history = scene.history()
    small = [kept for kept in history.accounts[0].checkpoints if kept.size == 2]
    return account(history, 0, checkpoints=small)


def number_missing(scene: Scene) -> History:
    return account(scene.history(), 1, missing=1)


def alarmed(scene: Scene) -> History:
    return account(scene.history(), 1, alarms=["bewijs: x: y"])


def sums_differ(scene: Scene) -> History:
    del scene.got[0]
    return scene.history()


def died(scene: Scene) -> History:
    return scene.history(trouble=["gateway ended by itself"])


PLANTED: list[tuple[Callable[[Scene], History], str]] = [
    (lost, "lost"),
    (lost_before_the_receipt, "lost"),
    (twice, "duplicate"),
    (twice_under_another_id, "duplicate"),
    (out_of_order, "order"),
    (altered, "content"),
    (under_another_id, "content"),
    (from_nowhere, "phantom"),
    (failed_yet_arrived, "phantom"),
    (no_receipt, "receipt"),
    (never_accepted, "receipt"),
    (receipt_by_another, "receipt"),
    (receipt_of_another_message, "receipt"),
    (receipt_with_a_flipped_bit, "receipt"),
    (receipt_for_another_use, "receipt"),
    (refused, "receipt"),
    (not_booked, "receipt"),
    (booked_another, "receipt"),
    (acknowledged_with_another_leaf, "receipt"),
    (acknowledgement_changed, "acknowledgement"),
    (spool_lost_it, "spool"),
    (number_skipped, "numbers"),
    (forked, "checkpoint"),
    (unsigned_checkpoint, "checkpoint"),
    (promise_broken, "promise"),
    (promise_beyond, "promise"),
    (promise_open, "connector"),
    (number_missing, "connector"),
    (alarmed, "alarm"),
    (sums_differ, "sum"),
    (died, "process"),
]


def test_silent_when_all_is_right() -> None:
    """A history in which everything is right has no violation."""
    assert check(right().history()) == []


@pytest.mark.parametrize(("plant", "kind"), PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_planted_mistake_is_named(plant: Callable[[Scene], History], kind: str) -> None:
    """Each planted mistake is reported, under its own name."""
    assert kind in {violation.kind for violation in check(plant(right()))}


def test_every_check_can_fail() -> None:
    """No check is only for show: each one reports something for at least one planted mistake."""
    idle = set(CHECKS)
    for plant, _ in PLANTED:
        idle -= {one for one in idle if list(one(plant(right())))}
    assert idle == set()


def test_unknown_is_not_failed() -> None:
    """A message whose outcome its sender does not know may have an effect, or none."""
    scene = right()
    scene.attempts[1] = replace(scene.attempts[1], outcome="unknown", id="", digest="")
    scene.attempts.append(Attempt(THREAD, 9, "never spooled", "unknown", 50))
    assert check(scene.history()) == []
