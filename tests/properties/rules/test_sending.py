"""Who may send what to whom: the whole matrix of the covenant, told a second time and held against the decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.covenant.sending import may_send
from schemas.covenants import leidse_regio, load_covenant
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, to_milliseconds

COVENANT = load_covenant(leidse_regio())
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SIGNAAL, ANTWOORD, WIJZIGING = (f"nl.huurschuld.{t}.v1" for t in ("vroegsignaal", "terugkoppeling", "wijziging"))
OINS = [Oin(f"00000099000000{n:03d}000") for n in (*range(1, 9), *range(101, 106), *range(201, 207))]
CORPORATIONS, MUNICIPALITIES = set(OINS[:8]), set(OINS[8:13])
DOSSIER = RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10")


def envelope(source: Oin, ontvanger: Oin, kind: str = SIGNAAL, lasts: timedelta = timedelta(days=14)) -> Envelope:
    return Envelope.model_construct(
        id=MessageId("019a9f3e-7c00-7abc-8def-000000000001"),
        source=Mailbox.of(source, "a"),
        ontvanger=Mailbox.of(ontvanger, "b"),
        type=kind,
        dossier=DOSSIER,
        verlooptijd=NOW + lasts,
        inhoud=Digest.of(b""),
    )


def verdict(message: Envelope, members: frozenset[Oin] | None) -> Problem | None:
    return may_send(COVENANT, message, members, to_milliseconds(NOW))


def expected(source: Oin, ontvanger: Oin, kind: str, *, member: bool | None) -> Problem | None:
    """The covenant in our own words: signals and changes go from corporations to municipalities, answers back."""
    pair = (CORPORATIONS, MUNICIPALITIES) if kind != ANTWOORD else (MUNICIPALITIES, CORPORATIONS)
    if source not in pair[0] or ontvanger not in pair[1]:
        return Problem.NIET_TOEGESTAAN
    allowed = kind == SIGNAAL if member is None else member
    return None if allowed else Problem.DOSSIER_ONBEKEND


def test_the_participants_are_the_nineteen_of_the_covenant() -> None:
    """The matrix below is about everybody."""
    assert [deelnemer.oin for deelnemer in COVENANT.deelnemers] == OINS
    assert {regel.code for regel in COVENANT.berichten} == {SIGNAAL, ANTWOORD, WIJZIGING}


@pytest.mark.parametrize("kind", [SIGNAAL, ANTWOORD, WIJZIGING])
def test_every_pair_for_every_type(kind: str) -> None:
    """Nineteen by nineteen: in a new dossier, as a member, and as a stranger to it."""
    allowed = 0
    for source, ontvanger in product(OINS, repeat=2):
        message = envelope(source, ontvanger, kind)
        others = frozenset(OINS) - {source}
        for members, member in ((None, None), (frozenset((source,)), True), (others, False)):
            found = verdict(message, members)
            assert found is expected(source, ontvanger, kind, member=member), (source, ontvanger, members)
            allowed += found is None
    assert allowed == (80 if kind == SIGNAAL else 40)


@pytest.mark.parametrize("kind", [ANTWOORD, WIJZIGING])
@pytest.mark.parametrize("source", OINS)
def test_unknown_and_foreign_answer_alike(kind: str, source: Oin) -> None:
    """To whoever is no member, another's dossier is like one that does not exist (I11)."""
    for ontvanger in OINS:
        message = envelope(source, ontvanger, kind)
        foreign = {verdict(message, frozenset(OINS) - {source}), verdict(message, frozenset((ontvanger,)) - {source})}
        assert foreign == {verdict(message, None)}


@given(st.sets(st.sampled_from(OINS)), st.sets(st.sampled_from(OINS)))
def test_what_others_do_in_a_dossier_changes_nothing(some: set[Oin], more: set[Oin]) -> None:
    """A verdict rests on the sender's own membership: who else is in the dossier makes no difference."""
    source, ontvanger = OINS[0], OINS[8]
    for own in (set(), {source}):
        one, two = (frozenset(who - {source} | own) for who in (some, more))
        assert verdict(envelope(source, ontvanger), one) is verdict(envelope(source, ontvanger), two)


@pytest.mark.parametrize("kind", ["nl.huurschuld.onbekend.v1", "nl.huurschuld.vroegsignaal.v2", ""])
def test_what_the_covenant_does_not_name_is_not_sent(kind: str) -> None:
    """Default deny: a type that is not in the file is unknown, whoever sends it."""
    assert {verdict(envelope(s, o, kind), None) for s, o in product(OINS, repeat=2)} == {Problem.TYPE_ONBEKEND}


def test_a_stranger_to_the_covenant_neither_sends_nor_receives() -> None:
    """An organisation that the covenant does not name is nobody in it."""
    stranger = Oin("00000099000000999000")
    assert verdict(envelope(stranger, OINS[8]), None) is Problem.NIET_TOEGESTAAN
    assert verdict(envelope(OINS[0], stranger), None) is Problem.NIET_TOEGESTAAN


@pytest.mark.parametrize(
    ("lasts", "fits"),
    [
        (timedelta(days=5), True),
        (timedelta(days=5) - timedelta(milliseconds=1), False),
        (timedelta(days=30), True),
        (timedelta(days=30, milliseconds=1), False),
        (timedelta(0), False),
        (timedelta(days=-1), False),
    ],
)
def test_the_bounds_of_the_verlooptijd(lasts: timedelta, *, fits: bool) -> None:
    """The minimum and the maximum are allowed, a millisecond beyond is not."""
    assert verdict(envelope(OINS[0], OINS[8], lasts=lasts), None) is (None if fits else Problem.VERLOOPTIJD_ONJUIST)
