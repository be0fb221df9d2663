"""The steps of a reply term, one by one."""

from __future__ import annotations

import pytest

from gateway.covenant.terms import due, levels, pick_up_by
from gateway.rules.rows import Bearing, Message, Term
from gateway.rules.terms import following, met, overdue, received, start
from schemas.covenants import leidse_regio, load_covenant
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId

REGIO = load_covenant(leidse_regio())
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
ID = MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")
REEKS = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DIGEST, MOMENT, HOUR = Digest.of(b"x"), 1_795_341_601_250, 3_600_000
SIGNAL, FEEDBACK = "nl.huurschuld.vroegsignaal.v1", "nl.huurschuld.terugkoppeling.v1"
DUTY = REGIO.termijn("terugkoppeling")


def message(type_code: str = SIGNAL) -> Message:
    """Give an accepted message."""
    return Message(
        7, bytes(32), HUUR, ID, VROEG, REEKS, type_code, DIGEST, REEKS, 3, None, MOMENT, MOMENT, 57, DIGEST, DIGEST, "k"
    )


@pytest.fixture
def term() -> Term:
    """Give the term that a signal starts."""
    (term,) = start(message(), REGIO)
    return term


def test_a_signal_starts_its_term_when_it_should_have_been_collected(term: Term) -> None:
    """The row names the message, its parties, the covenant, and when the first notice is due."""
    begun = pick_up_by(REGIO, MOMENT)
    over = due(DUTY, begun)
    assert term == Term(7, "terugkoppeling", HUUR, VROEG, begun, over, "loopt", 0, over, REGIO.digest, None)


def test_what_asks_for_no_answer_starts_nothing() -> None:
    """An answer starts no term of its own."""
    assert start(message(FEEDBACK), REGIO) == []


def test_a_receipt_begins_the_term_sooner_and_never_later(term: Term) -> None:
    """It begins at the earlier of the receipt and the pick-up term."""
    early = received(term, MOMENT + HOUR, REGIO)
    assert (early.begun, early.due) == (MOMENT + HOUR, due(DUTY, MOMENT + HOUR))
    assert early.next_at == early.due < term.due
    assert received(term, term.begun + HOUR, REGIO) == term
    assert received(early, MOMENT + 2 * HOUR, REGIO) == early


def test_an_answer_of_the_right_type_meets_it_once(term: Term) -> None:
    """Another type leaves it running, and a second answer changes nothing."""
    assert met(term, SIGNAL, 9, REGIO) == term
    done = met(term, FEEDBACK, 9, REGIO)
    assert done == term._replace(state="vervuld", next_at=None, reply=9)
    assert met(done, FEEDBACK, 12, REGIO) == done
    assert overdue(done, term.due * 2, REGIO) == ([], done)


def own(outcome: str | None = None) -> Bearing:
    return Bearing(7, "vraag", 7, SIGNAL, outcome)


def answer(index: int, outcome: str | None = None, type_code: str = FEEDBACK) -> Bearing:
    return Bearing(7, "antwoord", index, type_code, outcome)


def closing(outcome: str | None = None) -> Bearing:
    return Bearing(7, "slot", 30, "nl.huurschuld.afsluiting.v1", outcome)


BAD = ("geweigerd", "niet-afgeleverd")


@pytest.mark.parametrize("bad", BAD)
def test_a_refused_answer_reopens_it_with_the_same_due(term: Term, bad: str) -> None:
    """What was told is not told again, and the answer stays named."""
    told, after = overdue(term, term.due, REGIO)
    again = following(met(after, FEEDBACK, 9, REGIO), [own(), answer(9, bad)], REGIO)
    assert told == [1]
    assert again == after._replace(reply=9)
    assert again.next_at == levels(DUTY, term.due)[1]
    assert following(again, [own(), answer(9, "ontvangen")], REGIO).state == "vervuld"


def test_any_answer_that_counts_meets_it(term: Term) -> None:
    """Once the first is refused another one takes its place, of the right type only."""
    first = met(term, FEEDBACK, 9, REGIO)
    after = following(first, [own(), answer(9, "geweigerd"), answer(12)], REGIO)
    assert (after.state, after.next_at, after.reply) == ("vervuld", None, 12)
    assert following(first, [own(), answer(9), answer(12)], REGIO) == first
    assert following(first, [own(), answer(9, "geweigerd"), answer(12, None, SIGNAL)], REGIO).state == "loopt"


@pytest.mark.parametrize("bad", BAD)
def test_a_term_lapses_with_its_message_and_runs_again_when_it_is_received_late(term: Term, bad: str) -> None:
    """Nothing is told of a lapsed term; received after all, it is due when it was. An answer meets it all the same."""
    gone = following(term, [own(bad)], REGIO)
    assert gone == term._replace(state="vervallen", next_at=None)
    assert overdue(gone, term.due * 2, REGIO) == ([], gone)
    assert following(received(gone, term.due + HOUR, REGIO), [own("ontvangen")], REGIO) == term
    assert following(gone, [own(bad), answer(9)], REGIO).state == "vervuld"
    assert following(met(term, FEEDBACK, 9, REGIO), [own(bad), answer(9, bad)], REGIO).state == "vervallen"


@pytest.mark.parametrize("bad", BAD)
def test_a_closing_that_counts_ends_it(term: Term, bad: str) -> None:
    """Closed, nothing is due between the two; a closing that came to nothing leaves it running."""
    gone = following(term, [own(), closing()], REGIO)
    assert gone == term._replace(state="vervallen", next_at=None)
    assert following(gone, [own("ontvangen"), closing(bad)], REGIO) == term
    assert following(gone, [own(), answer(9), closing()], REGIO).state == "vervuld"


def test_levels_are_told_in_order_and_once(term: Term) -> None:
    """Not a millisecond early; both at once when nobody looked for long; nothing when the clock goes back."""
    first, second = levels(DUTY, term.due)
    assert overdue(term, first - 1, REGIO) == ([], term)
    told, one = overdue(term, first, REGIO)
    assert (told, one.level, one.next_at) == ([1], 1, second)
    assert overdue(one, first, REGIO) == ([], one)
    assert overdue(one, first - HOUR, REGIO) == ([], one)
    told, two = overdue(one, second, REGIO)
    assert (told, two.level, two.next_at, two.state) == ([2], 2, None, "loopt")
    assert overdue(two, second * 2, REGIO) == ([], two)
    assert overdue(term, second, REGIO) == ([1, 2], two)
