"""Reading terms as the exchange tells them: nothing but terms is taken for terms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.cli.terms import _lateness
from gateway.client.terms import Terms, fetch_terms, read_terms
from gateway.errors import UnavailableError
from gateway.flow.terms import Overview, TermStanding
from gateway.rules.rows import Message, Term
from gateway.web.api.terms import _overview
from schemas.strict import canonical_json, parse_json
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId

HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
ID = MessageId("019a9f3e-7c00-7abc-8def-0123456789ab")
DOSSIER = RandomId("0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33")
DIGEST = Digest.of(b"x")
MESSAGE = Message(
    7, bytes(32), HUUR, ID, VROEG, DOSSIER, "nl.huurschuld.vroegsignaal.v1", DIGEST, DOSSIER, 3, None, 0, 0, 57, DIGEST,
    DIGEST, "kid",
)  # fmt: skip
RUNNING = Term(7, "terugkoppeling", HUUR, VROEG, 0, 1_795_341_601_250, "loopt", 1, 1_795_341_601_250, DIGEST, None)
MET = RUNNING._replace(state="vervuld", next_at=None, reply=9)


def told(*terms: Term) -> Any:
    """Give the answer of the exchange, as it comes over the network."""
    standings = [TermStanding(term, MESSAGE, ID if term.reply else None) for term in terms]
    return parse_json(canonical_json(_overview(Overview(standings, more=False))))


class Answering:
    """A transport that gives one answer, and keeps what was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.asked = answer, ""

    async def get(self, path: str, limit: int = 0) -> bytes:
        self.asked = path
        return self.answer[: limit or None]

    async def post(self, *_: object, **__: object) -> Any:
        raise NotImplementedError


def test_what_the_exchange_spells_is_read_whole() -> None:
    """Reading and spelling again gives what was told, for a term that runs and one that was met."""
    answer = told(RUNNING, MET)
    assert read_terms(answer).model_dump(mode="json", exclude_none=True) == answer


def test_whose_turn_it_is_and_how_late() -> None:
    """Only a running term is anybody's turn, and only that can be late; the moment itself is late by nothing yet."""
    running, met = read_terms(told(RUNNING, MET)).termijnen
    due = datetime(2026, 11, 22, 10, 0, 1, 250_000, tzinfo=UTC)
    assert (running.turn, met.turn, running.einde) == (VROEG.oin, None, due)
    assert [running.late_seconds(due + timedelta(seconds=n)) for n in (-9, 0, 90)] == [0, 0, 90]
    assert met.late_seconds(due + timedelta(days=9)) == 0


def test_what_a_later_version_adds_is_left_out() -> None:
    """A member that is not known yet does no harm."""
    answer = told(RUNNING)
    answer["termijnen"][0]["kleur"] = "rood"
    assert read_terms(answer | {"totaal": 1}) == read_terms(told(RUNNING))


@pytest.mark.parametrize(
    "change",
    [
        {"stand": "weg"},
        {"code": "a\x1b[2J"},
        {"id": "x"},
        {"einde": "2026-11-22"},
        {"niveau": "1"},
        {"type": "iets\nanders"},
        {"ontvanger": None},
    ],
)
def test_an_answer_that_is_no_terms_is_no_answer(change: dict[str, Any]) -> None:
    """One wrong member, and nothing is shown of it: what it says would reach a terminal."""
    answer = told(RUNNING)
    answer["termijnen"][0] |= change
    with pytest.raises(UnavailableError):
        read_terms(answer)
    with pytest.raises(UnavailableError):
        read_terms([])


async def test_where_terms_are_asked() -> None:
    """The running ones, or all of a dossier."""
    way = Answering(canonical_json(told(RUNNING)))
    assert isinstance(await fetch_terms(way), Terms)
    assert way.asked == "/v1/termijnen"
    await fetch_terms(way, DOSSIER)
    assert way.asked == f"/v1/dossiers/{DOSSIER}/termijnen"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "-"), (59, "just now"), (60, "1 minute"), (3_599, "59 minutes"), (7_200, "2 hours"), (90_000, "1 day")],
)
def test_how_late_is_said(seconds: int, words: str) -> None:
    """In the greatest unit that fits, rounded down; never broken over two lines."""
    assert _lateness(seconds) == words.replace(" ", "\N{NO-BREAK SPACE}")
