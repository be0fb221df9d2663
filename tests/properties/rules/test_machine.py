"""The rules as a machine: whatever comes, in whatever order, nothing is lost, doubled or out of order (I1-I5, I8)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gateway.rules.deliveries import AuthenticReceipt, Booked, Ledger, NotBooked, book, expire
from gateway.rules.facts import Authentic, Facts, history
from gateway.rules.messages import NotYet, judge
from gateway.rules.register import KeySpan, Party, Register, Version
from gateway.rules.rows import (
    QUESTION,
    REPLY,
    Bearing,
    Content,
    DossierKey,
    Message,
    Notice,
    Reached,
    Reeks,
    Refusal,
    Settlement,
    Term,
    Waiting,
)
from gateway.rules.watch import Sweep, after_ends, tell
from gateway.tlog.tree import Head, leaf_hash
from keys.jwk import PrivateSigningKey
from schemas.covenants import leidse_regio, load_covenant
from schemas.entries import parse_traffic
from schemas.envelope import Envelope, Sealed
from schemas.receipts import Geweigerd, Ontvangen
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, Salt, to_milliseconds

BEURS = "proef.example/regio"
START = datetime(2026, 11, 22, 10, tzinfo=UTC)
HUUR = [Mailbox.of(Oin(f"0000009900000000{n}000"), "huur") for n in (1, 2)]
VROEG = [Mailbox.of(Oin(f"00000099000000{n}000"), "vroegsignalering") for n in (101, 102)]
BOXES = [*HUUR, *VROEG]
DOSSIERS = [RandomId(f"5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c1{n}") for n in range(3)]
REEKSEN = [RandomId(f"0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d3{n}") for n in range(2)]
NAMES = ("vroegsignaal", "terugkoppeling", "wijziging", "onbekend", "dreigende-ontruiming", "opschortingsverzoek")
TYPES = [f"nl.huurschuld.{name}.v1" for name in NAMES]
KEYS = {box: PrivateSigningKey.generate().public for box in BOXES}
SALT = Salt.from_raw(bytes(16))
COVENANT = load_covenant(leidse_regio())
OPENING = {regel.code for regel in COVENANT.berichten if any(route.opent for route in regel.routes)}
REGISTER = Register(
    Head.empty(),
    beurs=BEURS,
    versies=(Version(COVENANT.digest, COVENANT.ingang, COVENANT),),
    parties={box.oin: Party(box.oin, "", (box,)) for box in BOXES},
    spans={(box, "ondertekenen"): (KeySpan(KEYS[box], 0),) for box in BOXES},
)

messages = st.builds(
    dict,
    id=st.integers(0, 12),
    source=st.sampled_from(BOXES),
    ontvanger=st.sampled_from(BOXES),
    type=st.sampled_from(TYPES),
    dossier=st.sampled_from(DOSSIERS),
    reeks=st.sampled_from(REEKSEN),
    ahead=st.sampled_from([0, 0, 0, 0, 1, 2, -1, -2]),
    beurs=st.sampled_from([BEURS] * 5 + ["andere.example/regio"]),
    days=st.sampled_from([14, 14, 14, 14, 1, 60]),
    text=st.integers(0, 3),
    answers=st.one_of(st.none(), st.integers(0, 12)),
)


class Exchange(RuleBasedStateMachine):
    """Keeps facts as the store does, and hands them to the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.now = to_milliseconds(START)
        self.bodies: list[bytes] = []
        self.accepted: dict[tuple[Mailbox, MessageId], Message] = {}
        self.refused: dict[tuple[Mailbox, MessageId, Digest], Refusal] = {}
        self.reeksen: dict[tuple[Mailbox, Mailbox, RandomId], Reeks] = {}
        self.dossiers: dict[RandomId, frozenset[Oin]] = {}
        self.due: set[int] = set()
        self.settled: dict[int, list[Settlement]] = {}
        self.seen: list[Authentic] = []
        self.receipts: list[AuthenticReceipt] = []
        self.numbers = count()
        self.terms: dict[tuple[int, str], Term] = {}
        self.notices: list[Notice] = []
        self.replies: set[tuple[int, int]] = set()

    def compose(self, fields: dict[str, Any]) -> Authentic:
        source, ontvanger, reeks = fields["source"], fields["ontvanger"], fields["reeks"]
        last = self.reeksen.get((source, ontvanger, reeks), Reeks(0, 0)).last
        moment = START + timedelta(milliseconds=self.now - to_milliseconds(START))
        envelope = Envelope.model_construct(
            id=MessageId(f"019a9f3e-7c00-7abc-8def-{fields['id']:012x}"),
            source=source,
            ontvanger=ontvanger,
            type=fields["type"],
            time=moment,
            beurs=fields["beurs"],
            dossier=fields["dossier"],
            antwoordop=fields.get("antwoordop") or self.answered(fields.get("answers"), source, ontvanger),
            reeks=reeks,
            volgnummer=max(1, last + 1 + fields["ahead"]),
            verlooptijd=moment + timedelta(days=fields["days"]),
            data=Sealed.model_construct(verzegeld=Digest.of(b""), inhoud=Digest.of(b""), omvang=1),
        )
        digest = Digest.of(envelope.spell() + bytes([fields["text"]]))
        return Authentic(envelope, digest, KEYS[source].kid, Content("", ""))

    def answered(self, which: int | None, source: Mailbox, ontvanger: Mailbox) -> MessageId | None:
        """Give a message to answer: most often one that went the other way."""
        if which is None:
            return None
        fitting = [m.id for m in self.accepted.values() if (m.ontvanger, m.source) == (source, ontvanger)]
        return fitting[which % len(fitting)] if fitting else MessageId(f"019a9f3e-7c00-7abc-8def-{which:012x}")

    def earlier(self) -> dict[DossierKey, list[Reached]]:
        """Read what each organisation sent or is to receive in each dossier, as the store does."""
        found: dict[DossierKey, list[Reached]] = {}
        for m in sorted(self.accepted.values()):
            last = self.settled.get(m.idx, [None])[-1]  # type: ignore[list-item]  # none, if it did not end
            row = Reached(m.source, m.ontvanger, m.type, False, last.outcome if last else None)
            for oin in {m.source.oin, m.ontvanger.oin}:
                found.setdefault((m.dossier, oin), []).append(row)
        return found

    @rule(batch=st.lists(messages, min_size=1, max_size=6), again=st.lists(st.integers(0, 200), max_size=3))
    def hand_in(self, batch: list[dict[str, Any]], again: list[int]) -> None:
        """Judge a batch: new messages, among them repeats of old ones."""
        items = [self.compose(fields) for fields in batch]
        items += [self.seen[i % len(self.seen)] for i in again if self.seen]
        self.seen += items
        before = {item.digest: self.known(item) for item in items}
        facts = Facts(
            REGISTER, self.now, len(self.bodies), "kid", dict(self.accepted), dict(self.refused),
            dict(self.reeksen), dict(self.dossiers),
        )  # fmt: skip
        facts.earlier.update((key, history(rows)) for key, rows in self.earlier().items())
        for term in self.terms.values():
            facts.terms.setdefault(term.message, []).append(term)
        judgement = judge(items, facts, iter(lambda: SALT, None))
        self.terms |= judgement.terms
        self.replies.update(judgement.replies)
        self.notices += judgement.notices
        assert all(len(set(boxes)) == 2 for boxes in judgement.readers)
        assert len(judgement.decisions) == len(items)
        for item, decision in zip(items, judgement.decisions, strict=True):
            if before[item.digest] is not None:
                assert not isinstance(decision, NotYet)
                assert decision.row == before[item.digest]
                assert decision.again
        self.keep(judgement.bodies, judgement.accepted, judgement.refused, judgement.notices)
        for item, decision in zip(items, judgement.decisions, strict=True):
            assert isinstance(decision, NotYet) or decision.row == self.known(item)

    @rule(dossier=st.sampled_from(DOSSIERS), number=st.integers(41, 60))
    def signal(self, dossier: RandomId, number: int) -> None:
        """Begin a dossier, or go on in it, with a proper signal."""
        fields = {"id": number, "source": HUUR[0], "ontvanger": VROEG[0], "dossier": dossier, "type": TYPES[0]}
        self.hand_in([fields | {"reeks": REEKSEN[0], "ahead": 0, "beurs": BEURS, "days": 14, "text": 0}], [])

    @rule(which=st.integers(0, 200), number=st.integers(13, 40))
    def answer(self, which: int, number: int) -> None:
        """Answer a signal, whatever became of it."""
        signals = [m for m in self.accepted.values() if m.type == TYPES[0]]
        if not signals:
            return
        asked = signals[which % len(signals)]
        fields = {"id": number, "source": asked.ontvanger, "ontvanger": asked.source, "dossier": asked.dossier}
        rest = {"type": TYPES[1], "reeks": REEKSEN[0], "ahead": 0, "beurs": BEURS, "days": 14, "text": 0}
        self.hand_in([fields | rest | {"antwoordop": asked.id}], [])

    def known(self, item: Authentic) -> Message | Refusal | None:
        message = self.accepted.get(item.key)
        if message is not None and message.digest == item.digest:
            return message
        return self.refused.get((*item.key, item.digest))

    def keep(self, bodies: list[bytes], accepted: list[Message], refused: list[Refusal], notices: list[Notice]) -> None:
        """Write as the store does: each id once, each row with its entry."""
        start = len(self.bodies)
        self.bodies += bodies
        rows = (*accepted, *refused, *notices)
        assert sorted(row.idx for row in rows) == list(range(start, len(self.bodies)))
        for row in accepted:
            assert (row.source, row.id) not in self.accepted
            self.accepted[row.source, row.id] = row
            self.due.add(row.idx)
            members = self.dossiers.get(row.dossier, frozenset())
            self.dossiers[row.dossier] = members | {row.source.oin, row.ontvanger.oin}
        for refusal in refused:
            assert (refusal.source, refusal.id, refusal.digest) not in self.refused
            self.refused[refusal.source, refusal.id, refusal.digest] = refusal
        spent = [(r, r.volgnummer) for r in accepted] + [(r, 0) for r in refused if r.spent]
        for row, taken in spent:
            key = (row.source, row.ontvanger, row.reeks)
            old = self.reeksen.get(key, Reeks(0, 0))
            self.reeksen[key] = Reeks(max(old.last, row.volgnummer), max(old.accepted, taken))

    @rule(
        which=st.integers(0, 200), refuse=st.booleans(), wrong=st.sampled_from(["", "", "", "digest", "blad", "box"])
    )  # fmt: skip
    def receive(self, which: int, wrong: str, *, refuse: bool) -> None:
        """Book a receipt for some message, right or wrong."""
        if not self.accepted:
            return
        message = list(self.accepted.values())[which % len(self.accepted)]
        other = Digest.of(b"anders")
        facts = {
            "id": message.id,
            "source": message.source,
            "ontvanger": message.source if wrong == "box" else message.ontvanger,
            "digest": other if wrong == "digest" else message.digest,
            "blad": other if wrong == "blad" else Digest.from_raw(message.leaf),
            "tijd": START + timedelta(seconds=next(self.numbers)),
        }
        receipt = Geweigerd(**facts, code="opent-niet") if refuse else Ontvangen(**facts)
        jws = receipt.spell().decode()
        item = AuthenticReceipt(receipt, jws, Digest.of(jws.encode()), KEYS[receipt.ontvanger].kid)
        self.receipts.append(item)
        booked_before = any(s.receipt for s in self.settled.get(message.idx, ()))
        (outcome,) = self.book([item])
        assert isinstance(outcome, NotBooked if wrong or booked_before else Booked)

    @rule(which=st.integers(0, 200))
    def receive_again(self, which: int) -> None:
        """A receipt that comes again gets what it got, and books nothing."""
        if not self.receipts:
            return
        before = len(self.bodies)
        (outcome,) = self.book([self.receipts[which % len(self.receipts)]])
        assert isinstance(outcome, NotBooked) or outcome.again
        assert len(self.bodies) == before

    def book(self, items: list[AuthenticReceipt]) -> list[Booked | NotBooked]:
        ledger = self.ledger()
        outcomes = book(items, ledger, iter(lambda: SALT, None))
        self.settle(ledger)
        return outcomes

    @rule(days=st.sampled_from([1, 7, 20]))
    def time_goes_on(self, days: int) -> None:
        """End whatever is overdue, twice: the second time ends nothing."""
        self.now += days * 86_400_000
        for turn in range(2):
            by_index = {m.idx: m for m in self.accepted.values()}
            overdue = [Waiting(i, None, 1) for i in sorted(self.due) if by_index[i].expires <= self.now]
            assert not (turn and overdue)
            ledger = self.ledger()
            expire(overdue, by_index, ledger, iter(lambda: SALT, None))
            assert all(len(boxes) == 2 for boxes in ledger.readers)
            self.settle(ledger)

    @rule()
    def sweep(self) -> None:
        """Tell what is due, twice: the second time nothing is."""
        for turn in range(2):
            due = [t for t in self.terms.values() if t.state == "loopt" and t.next_at and t.next_at <= self.now]
            assert not (turn and due)
            found = Sweep(REGISTER, self.now, self.now, len(self.bodies), "kid")
            tell(due, {m.idx: m for m in self.accepted.values()}, found, iter(lambda: SALT, None))
            self.bodies += found.bodies
            self.notices += found.notices
            self.terms |= {(t.message, t.code): t for t in found.terms}

    def ledger(self) -> Ledger:
        settled = {index: list(rows) for index, rows in self.settled.items()}
        return Ledger(REGISTER, self.now, len(self.bodies), "kid", dict(self.accepted), settled, {})

    def settle(self, ledger: Ledger) -> None:
        self.bodies += ledger.bodies
        for row in ledger.settlements:
            self.settled.setdefault(row.message, []).append(row)
            self.due.discard(row.message)
        ended = {end.message for end in ledger.settlements}
        touched = ended | {asked for asked, reply in self.replies if reply in ended}
        known = [term for term in self.terms.values() if term.message in touched]
        moved = after_ends(ledger.settlements, self.bearings(), known, REGISTER)
        self.terms |= {(t.message, t.code): t for t in moved}

    def bearings(self) -> list[Bearing]:
        """Read what terms follow from, as the store does."""
        by_index = {m.idx: m for m in self.accepted.values()}
        pairs = [(i, QUESTION, i) for i in by_index] + [(asked, REPLY, reply) for asked, reply in sorted(self.replies)]
        last = {index: rows[-1].outcome for index, rows in self.settled.items()}
        return [Bearing(of, how, i, by_index[i].type, last.get(i)) for of, how, i in pairs]

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        """Every number up to the last of a reeks was spent exactly once, by a message or by a refusal (I4)."""
        spent: Counter[Any] = Counter()
        for row in (*self.accepted.values(), *(r for r in self.refused.values() if r.spent)):
            spent[row.source, row.ontvanger, row.reeks, row.volgnummer] += 1
        assert set(spent.values()) <= {1}
        for key, reeks in self.reeksen.items():
            assert all(spent[(*key, number)] for number in range(1, reeks.last + 1))

    @invariant()
    def gaps_are_explained(self) -> None:
        """A message tells from which refused number on the numbers before it are missing, up to the message before."""
        for row in self.accepted.values():
            key = (row.source, row.ontvanger, row.reeks)
            before = [m.volgnummer for m in self.accepted.values() if (m.source, m.ontvanger, m.reeks) == key]
            previous = max((n for n in before if n < row.volgnummer), default=0)
            assert row.gap_from == (previous + 1 if previous + 1 < row.volgnummer else None)

    @invariant()
    def counts_add_up(self) -> None:
        """Every accepted message waits or ended; none did both, none neither (I1, I8)."""
        indexes = {m.idx for m in self.accepted.values()}
        assert indexes == self.due | self.settled.keys()
        assert not self.due & self.settled.keys()

    @invariant()
    def an_end_is_proved(self) -> None:
        """Ended by a receipt once at most, and then by the recipient's own; expired once at most (I5, I9)."""
        for rows in self.settled.values():
            assert sum(row.receipt is not None for row in rows) <= 1
            assert sum(row.receipt is None for row in rows) <= 1
        by_jws = {item.jws: item.receipt for item in self.receipts}
        by_index = {m.idx: m for m in self.accepted.values()}
        for row in (row for rows in self.settled.values() for row in rows if row.receipt is not None):
            receipt, message = by_jws[row.receipt], by_index[row.message]
            assert (receipt.ontvanger, receipt.digest) == (message.ontvanger, message.digest)

    @invariant()
    def every_row_has_its_entry(self) -> None:
        """Row and entry say the same, and the leaf hash is the entry's (I2, law 2)."""
        ends = [row for rows in self.settled.values() for row in rows]
        rows = [*self.accepted.values(), *self.refused.values(), *ends, *self.notices]
        assert sorted(row.idx for row in rows) == list(range(len(self.bodies)))
        for row in rows[-5:]:
            assert row.leaf == leaf_hash(self.bodies[row.idx])
            assert parse_traffic(self.bodies[row.idx]).tijd

    @invariant()
    def only_members_write(self) -> None:
        """In each dossier the first message opened it, and every later sender was a member by then."""
        members: dict[RandomId, set[Oin]] = {}
        for row in sorted(self.accepted.values()):
            known = members.setdefault(row.dossier, set())
            assert row.source.oin in known if known else row.type in OPENING
            known |= {row.source.oin, row.ontvanger.oin}

    @invariant()
    def each_level_is_told_once(self) -> None:
        """No level of a term and no gate is told twice, and none before its moment (I9)."""
        told = Counter((n.message, n.soort, n.code, n.level) for n in self.notices)
        assert not told or max(told.values()) == 1
        assert all(n.due is None or n.due <= n.moment for n in self.notices)
        for term in self.terms.values():
            assert {n.level for n in self.notices if n.message == term.message and n.level} == set(
                range(1, term.level + 1)
            )

    @invariant()
    def terms_follow_from_messages(self) -> None:
        """A running term awaits an answer, a met one has an answer that stands, a lapsed one asks for nothing."""
        for term in self.terms.values():
            ends = [row.outcome for row in self.settled.get(term.message, [])][-1:]
            if term.state == "vervallen":
                assert ends in (["geweigerd"], ["niet-afgeleverd"])
            if term.state == "vervuld":
                assert term.reply is not None
                answer = [row.outcome for row in self.settled.get(term.reply, [])][-1:]
                assert answer in ([], ["ontvangen"])


TestExchange = Exchange.TestCase
TestExchange.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_machine_can_fail() -> None:
    """A reeks that turns back, as the store once did, breaks the numbering at once."""
    machine = Exchange()
    for fields in ({"type": TYPES[0]}, {"type": TYPES[3]}, {"type": TYPES[0]}):
        sent = {"id": len(machine.bodies), "source": HUUR[0], "ontvanger": VROEG[0], "dossier": DOSSIERS[0]}
        rest = {"reeks": REEKSEN[0], "ahead": 0, "beurs": BEURS, "days": 14, "text": 0}
        machine.hand_in([sent | rest | fields], [])
    machine.numbers_have_no_gaps()
    (key,) = machine.reeksen
    machine.reeksen[key] = Reeks(2, 1)
    sent = {"id": 9, "source": HUUR[0], "ontvanger": VROEG[0], "dossier": DOSSIERS[0], "type": TYPES[0]}
    machine.hand_in([sent | {"reeks": REEKSEN[0], "ahead": 0, "beurs": BEURS, "days": 14, "text": 0}], [])
    try:
        machine.numbers_have_no_gaps()
    except AssertionError:
        return
    raise RuntimeError("the machine did not notice")
