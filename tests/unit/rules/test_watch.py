"""What ends of messages do to terms, whatever the order in which they come, and what a sweep tells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import pytest

from gateway.rules.register import Register, Version
from gateway.rules.rows import Bearing, Message, Settlement, Term
from gateway.rules.terms import met, start
from gateway.rules.watch import Sweep, after_ends, tell
from gateway.tlog.tree import Head, leaf_hash
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, Salt

REGIO = load_covenant(leidse_regio())
REGISTER = Register(Head.empty(), versies=(Version(REGIO.digest, REGIO.ingang, REGIO),))
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
REEKS = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DIGEST, MOMENT, SALT = Digest.of(b"x"), 1_795_341_601_250, Salt.from_raw(bytes(16))
SIGNAL, FEEDBACK = "nl.huurschuld.vroegsignaal.v1", "nl.huurschuld.terugkoppeling.v1"


def message(index: int, source: Mailbox, ontvanger: Mailbox, type_code: str) -> Message:
    number = MessageId(f"019a9f3e-7c00-7abc-8def-{index:012x}")
    return Message(
        index, bytes(32), source, number, ontvanger, REEKS, type_code, DIGEST, REEKS, 1, None, MOMENT, MOMENT, 57,
        DIGEST, REGIO.digest, "kid",
    )  # fmt: skip


ASKED, ANSWER = message(0, HUUR, VROEG, SIGNAL), message(1, VROEG, HUUR, FEEDBACK)
SECOND = message(2, VROEG, HUUR, FEEDBACK)
MESSAGES = {0: ASKED, 1: ANSWER}
(RUNNING,) = start(ASKED, REGIO)
MET = met(RUNNING, FEEDBACK, 1, REGIO)


def end(of: int, outcome: str, moment: int = MOMENT) -> Settlement:
    return Settlement(9, bytes(32), of, outcome, None, None, moment, "kid")


def after(term: Term, *ends: Settlement) -> Term:
    (found,) = after_ends(ends, bearings(ends), [term], REGISTER) or [term]
    return found


def bearings(ends: Sequence[Settlement]) -> list[Bearing]:
    """Give question and answers as these ends leave them."""
    last = {end.message: end.outcome for end in ends}
    about = [("vraag", ASKED), ("antwoord", ANSWER), ("antwoord", SECOND)]
    return [Bearing(0, how, m.idx, m.type, last.get(m.idx)) for how, m in about if how == "vraag" or m.idx in last]


@pytest.mark.parametrize(
    ("term", "of", "outcome", "state"),
    [
        (RUNNING, 0, "ontvangen", "loopt"),
        (RUNNING, 0, "geweigerd", "vervallen"),
        (RUNNING, 0, "niet-afgeleverd", "vervallen"),
        (MET, 1, "ontvangen", "vervuld"),
        (MET, 1, "geweigerd", "loopt"),
        (MET, 1, "niet-afgeleverd", "loopt"),
        (MET._replace(state="loopt"), 1, "ontvangen", "vervuld"),
        (RUNNING._replace(state="vervallen", next_at=None), 0, "ontvangen", "loopt"),
    ],
)
def test_each_end_moves_its_terms(term: Term, of: int, outcome: str, state: str) -> None:
    """Own terms begin or lapse; terms that the message met stay met, run again, or are met again."""
    assert after(term, end(of, outcome)).state == state


def test_what_did_not_move_is_not_written() -> None:
    """A term is given back only if it changed, and as it stands after everything."""
    ends = [end(1, "ontvangen")]
    assert after_ends(ends, bearings(ends), [MET], REGISTER) == []


@pytest.mark.parametrize("ends", [((1, "geweigerd"), (2, "ontvangen")), ((2, "ontvangen"), (1, "geweigerd"))])
def test_a_second_answer_counts_when_the_first_is_refused(ends: tuple[tuple[int, str], ...]) -> None:
    """In whatever order the receipts are booked."""
    found = after(MET, *(end(of, outcome) for of, outcome in ends))
    assert (found.state, found.reply) == ("vervuld", 2)


def test_a_row_that_does_not_agree_with_its_covenant_stays_as_it_is() -> None:
    """A term of an unknown covenant, or under a code that it does not have, moves by nothing."""
    bad = [RUNNING._replace(covenant=Digest.of(b"other")), RUNNING._replace(code="onbekend")]
    ends = [end(0, "geweigerd")]
    assert after_ends(ends, bearings(ends), bad, REGISTER) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0)])
def test_a_term_ends_up_alike_when_everything_was_received(order: tuple[int, ...]) -> None:
    """Given up and received after all, in whatever order question and answer are booked: it is met."""
    ends = [end(0, "ontvangen"), end(1, "niet-afgeleverd"), end(1, "ontvangen")]
    assert after(MET, *(ends[i] for i in order)).state == "vervuld"


def sweep(now: int) -> Sweep:
    return Sweep(REGISTER, now, now, 5, "kid")


def test_a_sweep_tells_what_has_passed_and_moves_on() -> None:
    """Each level has its entry, its leaf and its readers; the term remembers that it was told."""
    found = sweep(RUNNING.due + 60 * 86_400_000)
    tell([RUNNING], MESSAGES, found, repeat(SALT))
    assert [(n.idx, n.level, n.due) for n in found.notices] == [(5, 1, RUNNING.due), (6, 2, RUNNING.due)]
    assert [n.leaf for n in found.notices] == [leaf_hash(body) for body in found.bodies]
    assert found.readers == [(VROEG,), (HUUR, VROEG)]
    assert found.terms == [RUNNING._replace(level=2, next_at=None)]
    assert found.next_index == 7


def test_the_readers_are_boxes_also_of_rows_that_were_read_back() -> None:
    """A row that comes from the database holds plain texts; who is told does not depend on that."""
    plain = RUNNING._replace(source=str(HUUR), ontvanger=str(VROEG))  # type: ignore[arg-type]  # as the store gives it
    found = sweep(RUNNING.due)
    tell([plain], MESSAGES, found, repeat(SALT))
    assert found.readers == [(VROEG,)]


def test_a_row_that_is_not_right_is_parked() -> None:
    """A term that would be due for ever, or is of no covenant, no code or no message, keeps no other waiting."""
    bad = [
        RUNNING._replace(state="vervuld"),
        RUNNING._replace(covenant=Digest.of(b"other")),
        RUNNING._replace(code="onbekend"),
        RUNNING._replace(message=7),
    ]
    found = sweep(RUNNING.due)
    tell([*bad, RUNNING], MESSAGES, found, repeat(SALT))
    assert (found.parked, [n.message for n in found.notices]) == (bad, [0])


def test_a_moved_calendar_moves_the_term() -> None:
    """When the calendar gives a later moment than the stored one, nothing is told yet and the moment is put right."""
    found = sweep(RUNNING.due - 1)
    tell([RUNNING._replace(next_at=RUNNING.due - 1)], MESSAGES, found, repeat(SALT))
    assert (found.notices, found.terms) == ([], [RUNNING])
