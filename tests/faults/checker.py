"""What goes in must come out: acked ⊆ effects ⊆ attempted, once, in order, unchanged, and every step proved.

Pure: from a history to its violations, so that planted mistakes show that each check can fail. An unknown outcome
is never counted as failed: such a message may have an effect or none.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gateway.tlog.checkpoints import open_checkpoint
from gateway.tlog.errors import NoteError
from gateway.tlog.notes import NoteVerifier
from tests.faults.history import Account, Effect, History, Sent
from tests.faults.proofs import Keys, ProofError, encode, leaf_of, roots, signing_digest


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise."""

    kind: str
    subject: str
    detail: str


def check(history: History) -> list[Violation]:
    """Give every violation."""
    return [violation for one in CHECKS for violation in one(history)]


def nothing_from_nowhere(history: History) -> Iterator[Violation]:
    """Every effect was attempted, and by its sender's knowledge not certainly failed."""
    failed = {(a.thread, a.volgorde) for a in history.attempts if a.outcome == "fail"}
    known = {(a.thread, a.volgorde) for a in history.attempts} - failed
    for effect in history.effects:
        if (effect.thread, effect.volgorde) not in known:
            yield Violation("phantom", effect.id, f"an effect of what was never sent (number {effect.volgorde})")


def nothing_twice(history: History) -> Iterator[Violation]:
    """No message has two effects, by its id and by the number inside it."""
    for name, keys in (
        ("id", [(e.thread[0], e.id) for e in history.effects]),
        ("number", [(*e.thread, str(e.volgorde)) for e in history.effects]),
    ):
        for key, count in Counter(keys).items():
            if count > 1:
                yield Violation("duplicate", str(key[-1]), f"{count} effects of one {name}")


def nothing_lost(history: History) -> Iterator[Violation]:
    """What the spool took, or the exchange acknowledged, or the sender still holds, had its effect."""
    effects = {effect.id for effect in history.effects}
    promised = {a.id: "kept by the spool" for a in history.attempts if a.outcome == "ok"}
    promised |= {s.id: "in the sender's spool" for account in history.accounts for s in account.sent}
    promised |= dict.fromkeys(history.acked, "acknowledged by the exchange")
    for identifier, why in promised.items():
        if identifier not in effects:
            yield Violation("lost", identifier, f"no effect, though {why}")


def in_order(history: History) -> Iterator[Violation]:
    """Per sender, recipient and dossier, effects follow the sender's own numbers."""
    threads: dict[tuple[str, str, str], list[Effect]] = defaultdict(list)
    for effect in sorted(history.effects, key=lambda e: (e.thread[1], e.turn)):
        threads[effect.thread].append(effect)
    for found in threads.values():
        for before, after in pairwise(found):
            if after.volgorde < before.volgorde or after.at < before.at:
                yield Violation("order", after.id, f"number {after.volgorde} came after {before.volgorde}")


def unchanged(history: History) -> Iterator[Violation]:
    """What arrived is what was asked for, under the id that the sender was given; the sender's own copy too."""
    asked = {(a.thread, a.volgorde): a for a in history.attempts}
    for effect in history.effects:
        attempt = asked.get((effect.thread, effect.volgorde))
        if attempt is None:
            continue
        if attempt.vingerafdruk != effect.vingerafdruk or attempt.id not in ("", effect.id):
            yield Violation("content", effect.id, "arrived otherwise than it was sent")
    arrived = {effect.id: effect.vingerafdruk for effect in history.effects}
    for sent in _sent(history):
        if sent.vingerafdruk is None or arrived.get(sent.id, sent.vingerafdruk) != sent.vingerafdruk:
            yield Violation("content", sent.id, "the sender's own copy is another")


def spool_keeps(history: History) -> Iterator[Violation]:
    """The spool still holds what it said it kept, to the digest; numbers run from 1 without gaps."""
    held = {sent.id: sent.digest for sent in _sent(history)}
    for attempt in history.attempts:
        if attempt.outcome == "ok" and held.get(attempt.id) != attempt.digest:
            yield Violation("spool", attempt.id, "the sender's spool does not hold what it kept")
    numbers: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for sent in _sent(history):
        numbers[sent.thread[0], sent.thread[1], sent.reeks].append(sent.volgnummer)
    for key, found in numbers.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield Violation("numbers", key[2], "volgnummers are not 1 to n")


def receipted(history: History) -> Iterator[Violation]:
    """Every message that a spool holds ended with the recipient's receipt; every signature verifies."""
    judge = _Judge(history)
    for sent in _sent(history):
        try:
            judge.message(sent)
        except ProofError as error:
            yield Violation("receipt", sent.id, str(error))


def acknowledged_once(history: History) -> Iterator[Violation]:
    """An acknowledgement that was seen is still held, to the byte."""
    held = {s.id: hashlib.sha256(s.aanvaard.encode()).hexdigest() for s in _sent(history) if s.aanvaard is not None}
    for identifier, digest in history.acked.items():
        if held.get(identifier) != digest:
            yield Violation("acknowledgement", identifier, "the aanvaard that was seen is not the one that is held")


def logs_agree(history: History) -> Iterator[Violation]:
    """All checkpoints that any client kept are heads of one log, and every promised leaf stands where promised."""
    register = [leaf_of(body) for body in max((a.register for a in history.accounts), key=len, default=())]
    leaves = {"register": register, "verkeer": list(history.leaves)}
    sizes = {k.size for account in history.accounts for k in account.checkpoints}
    heads = {log: roots(found, sizes) for log, found in leaves.items()}
    for account in history.accounts:
        vkeys = _vkeys(account)
        for kept in account.checkpoints:
            try:
                checkpoint = open_checkpoint(kept.note, NoteVerifier.parse(vkeys[kept.log]))
            except (NoteError, KeyError) as error:
                yield Violation("checkpoint", f"{kept.log}/{kept.size}", f"not signed by the log: {error}")
                continue
            if checkpoint.size != kept.size or heads[kept.log].get(kept.size) != checkpoint.root:
                yield Violation("checkpoint", f"{kept.log}/{kept.size}", f"kept by {account.mailbox}, of another log")
        for promise in account.promises:
            found = leaves[promise.log][promise.index : promise.index + 1]
            if [encode(leaf) for leaf in found] != [promise.leaf]:
                yield Violation("promise", f"{promise.log}/{promise.index}", "another leaf stands there, or none")
        if account.checkpoints and account.promises:
            largest = max((k.size for k in account.checkpoints if k.log == "verkeer"), default=0)
            if any(p.index >= largest for p in account.promises if p.log == "verkeer"):
                yield Violation("promise", account.mailbox, "promised beyond the largest checkpoint that it kept")


def sums_hold(history: History) -> Iterator[Violation]:
    """I8, from both ends: accepted = received + refused + not delivered, nothing pending, both sides the same."""
    sent, got = list(_sent(history)), [g for account in history.accounts for g in account.got]
    accepted = [s for s in sent if s.aanvaard is not None]
    ended = Counter(kind for s in accepted for kind, _, _ in s.proofs)
    pending = sum(not s.proofs for s in accepted)
    if len(accepted) != sum(ended.values()) + pending or pending:
        yield Violation("sum", "I8", f"{len(accepted)} accepted, {dict(ended)} ended, {pending} pending")
    received = Counter(g.judgement for g in got)
    if (ended["ontvangen"], ended["geweigerd"]) != (received["ontvangen"], received["geweigerd"]):
        yield Violation("sum", "I8", f"senders hold {dict(ended)}, recipients {dict(received)}")
    if received["ontvangen"] != len(history.effects):
        yield Violation("sum", "I3", f"{received['ontvangen']} received, {len(history.effects)} effects")


def content_with_it(history: History) -> Iterator[Violation]:
    """No connector has an open promise, a missing number, a waiting message or an alarm."""
    for a in history.accounts:
        for alarm in a.alarms:
            yield Violation("alarm", a.mailbox, alarm)
        if a.covered != a.promised or a.waiting or a.missing:
            text = f"{a.covered} of {a.promised} promises covered, {a.waiting} waiting, {a.missing} missing"
            yield Violation("connector", a.mailbox, text)


def nothing_odd(history: History) -> Iterator[Violation]:
    """No process ended by itself, and traffic went on after every kill."""
    for text in history.trouble:
        yield Violation("process", "campaign", text)


CHECKS: Sequence[Callable[[History], Iterator[Violation]]] = (
    nothing_from_nowhere,
    nothing_twice,
    nothing_lost,
    in_order,
    unchanged,
    spool_keeps,
    receipted,
    acknowledged_once,
    logs_agree,
    sums_hold,
    content_with_it,
    nothing_odd,
)


class _Judge:
    """Verifies the receipts of a message, with the keys of the register log as the parties replayed it."""

    def __init__(self, history: History) -> None:
        bodies: Sequence[bytes] = max((a.register for a in history.accounts), key=len, default=())
        self._keys = Keys(bodies)
        self._beurs = json.loads(bodies[0])["beurs"] if bodies else ""
        self._leaves = [encode(leaf) for leaf in history.leaves]
        self._handed_in = {(g.thread, g.id): g.receipt for account in history.accounts for g in account.got}

    def message(self, sent: Sent) -> None:
        """Return only if the message was accepted and received, all of it signed by whom it should be."""
        if sent.aanvaard is None:
            raise ProofError("never acknowledged by the exchange")
        accepted = self._keys.verify(sent.aanvaard, "aanvaard", self._beurs)
        self._about(accepted, sent, "aanvaard")
        self._logged(accepted)
        if [kind for kind, _, _ in sent.proofs] != ["ontvangen"]:
            raise ProofError(f"ended with {[kind for kind, _, _ in sent.proofs]} instead of one ontvangen")
        _, proof, geboekt = sent.proofs[0]
        received = self._keys.verify(proof, "ontvangen", sent.thread[1])
        self._about(received, sent, "ontvangen")
        if received["blad"] != accepted["logboek"]["blad"]:
            raise ProofError("ontvangen quotes another acceptance")
        if self._handed_in.get((sent.thread, sent.id)) != proof:
            raise ProofError("the sender holds another receipt than the recipient signed")
        booked = self._keys.verify(geboekt or "", "geboekt", self._beurs)
        self._about(booked, sent, "geboekt")
        self._logged(booked)
        if booked["bewijs"] != signing_digest(proof):
            raise ProofError("geboekt is about another receipt")

    def _about(self, claims: dict[str, object], sent: Sent, kind: str) -> None:
        expected = (sent.id, sent.thread[0], sent.thread[1], sent.digest)
        if (claims["id"], claims["source"], claims["ontvanger"], claims["digest"]) != expected:
            raise ProofError(f"a receipt {kind} about another message")

    def _logged(self, claims: dict[str, dict[str, object]]) -> None:
        place = claims["logboek"]
        index = int(str(place["index"]))
        if place["oorsprong"] != f"{self._beurs}/verkeer" or self._leaves[index : index + 1] != [place["blad"]]:
            raise ProofError("the log does not hold the leaf that a receipt promises")


def _sent(history: History) -> Iterator[Sent]:
    for account in history.accounts:
        yield from account.sent


def _vkeys(account: Account) -> dict[str, str]:
    if not account.register:
        return {}
    first = json.loads(account.register[0])
    return {"register": first["vkeyregister"], "verkeer": first["vkeyverkeer"]}
