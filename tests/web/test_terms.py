"""What the API tells of reply terms: each party its own, the administrator all, nobody anything else (I11)."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.cli.local import ask
from gateway.flow.terms import MOST
from gateway.rules.rows import Term
from schemas.values import RandomId, from_milliseconds, spell_instant, to_milliseconds
from tests.exchange import DE_SLEUTELS, House, Party
from tests.store import facts
from tests.web.answers import problem
from tests.web.conftest import join

HOUR = 3_600_000
OTHER = RandomId("6e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c11")


@pytest.fixture
def soon(exchange: House) -> int:
    """A moment that no worker reaches while a test runs."""
    return to_milliseconds(exchange.clock()) + 1000 * HOUR


def running(message: int, due: int, **changes: Any) -> Term:
    """Give a term of a message that runs until then."""
    return facts.term(message, begun=due - HOUR, due=due, next_at=due, **changes)


async def put(house: House, *terms: Term, **changes: Any) -> list[int]:
    """Store a message for each term, with the term; the term's own message index is not looked at."""
    async with house.gateway.store.record() as tx:
        begin = (await tx.counts())["aanvaard"]
        changes = {"expires": to_milliseconds(house.clock()) + 10**10, **changes}
        messages = await facts.accept(tx, *range(begin + 1, begin + 1 + len(terms)), **changes)
        kept = [term._replace(message=m.idx) for m, term in zip(messages, terms, strict=True)]
        await tx.keep_terms(
            [term._replace(source=messages[0].source, ontvanger=messages[0].ontvanger) for term in kept]
        )
    return [message.idx for message in messages]


async def test_both_parties_see_a_running_term(exchange: House, sender: Party, recipient: Party, soon: int) -> None:
    """With what was asked, by whom, of whom, since when, until when, and when the next notice comes."""
    await put(exchange, running(0, soon, level=1))
    expected = {
        "code": "antwoord",
        "stand": "loopt",
        "begin": spell_instant(from_milliseconds(soon - HOUR)),
        "einde": spell_instant(from_milliseconds(soon)),
        "niveau": 1,
        "id": facts.number(1),
        "source": sender.mailbox,
        "ontvanger": recipient.mailbox,
        "type": "nl.huurschuld.vroegsignaal.v1",
        "dossier": facts.DOSSIER,
        "volgendeMelding": spell_instant(from_milliseconds(soon)),
    }
    for party in (sender, recipient):
        reply = await party.get("/v1/termijnen")
        assert (reply.status, reply.json) == (200, {"termijnen": [expected], "meer": False})


async def test_a_third_party_sees_nothing(exchange: House, sender: Party, recipient: Party, soon: int) -> None:
    """To another corporation there is no term, and the dossier is one that does not exist."""
    stranger = await join(exchange, DE_SLEUTELS)
    await put(exchange, running(0, soon))
    assert (await stranger.get("/v1/termijnen")).json == {"termijnen": [], "meer": False}
    for dossier in (facts.DOSSIER, OTHER, "x"):
        problem(await stranger.get(f"/v1/dossiers/{dossier}/termijnen"), 404, "niet-gevonden")
    await put(exchange, running(0, soon), ontvanger=facts.HULP, source=recipient.mailbox)
    assert len((await recipient.get("/v1/termijnen")).json["termijnen"]) == 2
    assert len((await sender.get("/v1/termijnen")).json["termijnen"]) == 1
    assert len((await sender.get(f"/v1/dossiers/{facts.DOSSIER}/termijnen")).json["termijnen"]) == 1


async def test_a_dossier_shows_what_was_met_and_lapsed(exchange: House, sender: Party, soon: int) -> None:
    """In the order in which they are due; a term that was met names its answer, one that ended no next notice."""
    (answer,) = await put(exchange, running(0, soon), dossier=OTHER)
    done = running(0, soon - HOUR, state="vervuld", reply=answer)._replace(next_at=None)
    gone = running(0, soon - 2 * HOUR, state="vervallen")._replace(next_at=None)
    await put(exchange, done, gone, running(0, soon - 3 * HOUR))
    found = (await sender.get(f"/v1/dossiers/{facts.DOSSIER}/termijnen")).json["termijnen"]
    assert [(one["stand"], one.get("antwoord"), "volgendeMelding" in one) for one in found] == [
        ("loopt", None, True),
        ("vervallen", None, False),
        ("vervuld", facts.number(1), False),
    ]
    open_ones = (await sender.get("/v1/termijnen")).json["termijnen"]
    assert [one["id"] for one in open_ones] == [facts.number(4), facts.number(1)]


async def test_an_answer_is_bounded_and_says_so(exchange: House, sender: Party, soon: int) -> None:
    """What is due first is shown, and that there is more."""
    await put(exchange, *(running(0, soon + n) for n in range(MOST + 1)))
    reply = (await sender.get("/v1/termijnen")).json
    assert (len(reply["termijnen"]), reply["meer"]) == (MOST, True)
    assert reply["termijnen"][0]["einde"] == spell_instant(from_milliseconds(soon))


async def test_the_administrator_sees_everybodys(exchange: House, soon: int) -> None:
    """Over the local socket, spelled as for a party; on the network the row is not there."""
    await put(exchange, running(0, soon))
    await put(exchange, running(0, soon - HOUR), source=facts.VROEG, ontvanger=facts.HULP)
    found = await ask(exchange.path, "GET", "/beheer/termijnen")
    assert [one["source"] for one in found["termijnen"]] == [facts.VROEG, facts.HUUR]
    problem(await exchange.ask("GET", "/beheer/termijnen"), 404, "niet-gevonden")
