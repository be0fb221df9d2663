"""Whether a message may be sent: each rule of the covenant, and that a verdict never tells what others do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.covenant.sending import Earlier, Ruling, Seen, may_send, parties_ruling
from schemas.covenants import Bereikt, Poort, leidse_regio, load_covenant
from schemas.covenants.lines import line_of
from schemas.envelope import Envelope
from schemas.problems import Problem
from schemas.values import Mailbox, MessageId, Oin, RandomId, to_milliseconds

COVENANT = load_covenant(leidse_regio())
LINES = COVENANT.text.split("\n")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
MESSAGE = MessageId("019a9f3e-7c00-7abc-8def-000000000001")
BOXES = [Mailbox.of(Oin(f"00000099000000{n:03d}000"), "a") for n in (*range(1, 9), *range(101, 106), *range(201, 207))]
COR, OTHER, GEM, DORP, SHV, SWT, MZO = (BOXES[n] for n in (0, 1, 8, 9, 13, 14, 18))
FAR = (Bereikt.AANVAARD, Bereikt.AANGEBODEN, Bereikt.ONTVANGEN)
OWN = frozenset((COR.oin, GEM.oin))


def code(name: str) -> str:
    return f"nl.huurschuld.{name}.v1"


def earlier(source: Mailbox, ontvanger: Mailbox, name: str, bereikt: Bereikt = Bereikt.AANVAARD) -> Earlier:
    return Earlier(source, ontvanger, code(name), bereikt)


def ruling(
    way: tuple[Mailbox, Mailbox],
    name: str,
    seen: Seen = Seen(),  # noqa: B008 - an immutable value
    *,
    answers: bool | None = None,
    lasts: timedelta = timedelta(days=14),
) -> Ruling:
    """Judge a message; it names one that it answers if ``seen`` has one, unless ``answers`` says otherwise."""
    names_one = seen.answered is not None if answers is None else answers
    envelope = Envelope.model_construct(
        id=MESSAGE,
        source=way[0],
        ontvanger=way[1],
        type=code(name),
        dossier=RandomId("5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10"),
        antwoordop=MESSAGE if names_one else None,
        verlooptijd=NOW + lasts,
    )
    return may_send(COVENANT, envelope, seen, to_milliseconds(NOW))


def said(found: Ruling) -> str:
    """Give the line of the covenant's file that decided."""
    return LINES[line_of(COVENANT.text, found.place) - 1].strip()


def test_a_first_signal_passes_and_names_its_route() -> None:
    """A corporation opens a dossier with a municipality, by the line of the file that says so."""
    found = ruling((COR, GEM), "vroegsignaal")
    assert found == Ruling(place=("bericht", 0, "routes", 0))
    assert said(found) == '{ van = "COR", naar = "GEM", opent = true },'


@pytest.mark.parametrize(("source", "naar"), [(COR, OTHER), (SWT, COR), (MZO, COR), (GEM, DORP), (GEM, GEM)])
def test_who_may_never_send_a_signal(source: Mailbox, naar: Mailbox) -> None:
    """Default deny: no route, no message; the file's list of routes is the reason."""
    assert ruling((source, naar), "vroegsignaal").objection is Problem.NIET_TOEGESTAAN


def test_an_area_is_shared_or_the_route_says_that_it_need_not_be() -> None:
    """A team of another municipality gets no referral; another municipality may, at a move."""
    seen = Seen(frozenset((GEM.oin,)))
    assert ruling((GEM, SWT), "verwijzing", seen).objection is None
    found = ruling((DORP, SWT), "verwijzing", Seen(frozenset((DORP.oin,))))
    assert (found.objection, said(found)) == (Problem.NIET_TOEGESTAAN, '{ van = "GEM", naar = "SWT" },')
    assert ruling((GEM, DORP), "verwijzing").objection is None


@pytest.mark.parametrize("name", ["onbekend", "saldo", "zorgmelding"])
def test_what_the_covenant_does_not_name_or_use_is_not_sent(name: str) -> None:
    """A type that is not in the file, and one that is not in use, are unknown whoever sends it."""
    assert {ruling(way, name).objection for way in product(BOXES, repeat=2)} == {Problem.TYPE_ONBEKEND}


def test_the_line_of_a_type_out_of_use() -> None:
    """The reason is the line that puts it out of use."""
    assert said(ruling((COR, MZO), "zorgmelding")) == "inGebruik = false"


def test_a_stranger_to_the_covenant_neither_sends_nor_receives() -> None:
    """An organisation that the covenant does not name is nobody in it."""
    stranger = Mailbox.of(Oin("00000099000000999000"), "a")
    assert ruling((stranger, GEM), "vroegsignaal") == Ruling(Problem.NIET_TOEGESTAAN)
    assert ruling((COR, stranger), "vroegsignaal") == Ruling(Problem.NIET_TOEGESTAAN)


def test_only_some_routes_open_a_dossier() -> None:
    """A signal does, a threat, and a referral to another municipality; a referral to a partner does not."""
    opened = {
        (regel.code.split(".")[2], way[0].oin[14:17], way[1].oin[14:17])
        for regel in COVENANT.berichten
        for way in product((COR, GEM, DORP, SHV, SWT, MZO), repeat=2)
        if ruling(way, regel.code.split(".")[2]).objection is None
    }
    assert opened == {
        ("vroegsignaal", "001", "101"),
        ("vroegsignaal", "001", "102"),
        ("dreigende-ontruiming", "001", "101"),
        ("dreigende-ontruiming", "001", "102"),
        ("verwijzing", "101", "102"),
        ("verwijzing", "102", "101"),
    }


def test_unknown_and_foreign_dossiers_answer_alike() -> None:
    """To whoever is no member, another's dossier is like one that does not exist (I11)."""
    for regel, way in product(COVENANT.berichten, product(BOXES, repeat=2)):
        name, source = regel.code.split(".")[2], way[0].oin
        foreign = {ruling(way, name, Seen(frozenset(some) - {source})) for some in (OWN, {way[1].oin}, {SHV.oin})}
        assert len(foreign) == 1
        opens = any(route.opent for route in regel.routes)
        assert opens or foreign == {ruling(way, name)}


@given(st.sets(st.sampled_from(BOXES)), st.sets(st.sampled_from(BOXES)), st.sampled_from(COVENANT.berichten))
def test_who_else_is_in_a_dossier_changes_nothing(some: set[Mailbox], more: set[Mailbox], regel: object) -> None:
    """A verdict rests on the sender's own membership alone."""
    name = getattr(regel, "code", "").split(".")[2]
    for own, way in product((set(), {COR}), ((COR, GEM), (COR, SHV), (COR, MZO))):
        one, two = (frozenset(box.oin for box in who - {COR} | own) for who in (some, more))
        assert ruling(way, name, Seen(one)) == ruling(way, name, Seen(two))


@pytest.mark.parametrize(
    ("answered", "names_one", "fits"),
    [
        ("vroegsignaal", True, True),
        ("wijziging", True, True),
        ("dreigende-ontruiming", True, False),
        (None, True, False),
        (None, False, False),
    ],
)
def test_an_answer_answers(answered: str | None, *, names_one: bool, fits: bool) -> None:
    """Obliged to answer: one of the types it may answer, known to its sender; absent and unknown are refused."""
    found = ruling((GEM, COR), "terugkoppeling", Seen(OWN, answered and code(answered)), answers=names_one)
    assert found.objection is (None if fits else Problem.ANTWOORDOP_ONJUIST)
    assert fits or said(found).startswith('antwoordOp = ["nl.huurschuld.vroegsignaal.v1"')


def test_an_answer_that_need_not_be_one() -> None:
    """A proposal may stand alone or follow a decision; a signal answers nothing."""
    assert ruling((COR, GEM), "regelingsvoorstel", Seen(OWN)).objection is None
    assert ruling((COR, GEM), "regelingsvoorstel", Seen(OWN, code("regelingsbesluit"))).objection is None
    wrong = Seen(OWN, code("vroegsignaal"))
    assert ruling((COR, GEM), "regelingsvoorstel", wrong).objection is Problem.ANTWOORDOP_ONJUIST
    assert ruling((COR, GEM), "vroegsignaal", Seen(), answers=True).objection is Problem.ANTWOORDOP_ONJUIST


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
    found = ruling((COR, GEM), "vroegsignaal", lasts=lasts)
    assert found.objection is (None if fits else Problem.VERLOOPTIJD_ONJUIST)
    assert fits or said(found).startswith("verlooptijd = ")


OPENED = [
    ((COR, GEM), "wijziging", earlier(COR, GEM, "vroegsignaal")),
    ((GEM, COR), "opschortingsverzoek", earlier(GEM, COR, "terugkoppeling")),
    ((GEM, COR), "opschortingsverzoek", earlier(GEM, COR, "ontruimingsantwoord")),
    ((SHV, COR), "opschortingsverzoek", earlier(SHV, GEM, "verwijzingsantwoord")),
    ((SHV, COR), "saldoverzoek", earlier(SHV, GEM, "verwijzingsantwoord")),
    ((SHV, COR), "regelingsvoorstel", earlier(SHV, GEM, "verwijzingsantwoord")),
    ((COR, SHV), "regelingsvoorstel", earlier(SHV, COR, "saldoverzoek")),
    ((COR, GEM), "regelingsstatus", earlier(GEM, COR, "regelingsbesluit")),
    ((COR, SHV), "regelingsstatus", earlier(COR, SHV, "regelingsbesluit")),
    ((COR, GEM), "ontruimingsuitkomst", earlier(COR, GEM, "dreigende-ontruiming")),
]
"""Messages that pass a gate, with the earlier one that opens it."""


@pytest.mark.parametrize(("way", "name", "key"), OPENED)
def test_a_gate_is_closed_until_what_opens_it_came(way: tuple[Mailbox, Mailbox], name: str, key: Earlier) -> None:
    """Nothing, another type, and the right type on another way or between others leave it closed."""
    members = frozenset((*OWN, SHV.oin, way[0].oin))
    alike = {COR: OTHER, GEM: DORP}
    stranger = key._replace(source=alike.get(key.source, MZO), ontvanger=alike.get(key.ontvanger, MZO))
    others = (key._replace(type=code("afsluiting")), key._replace(source=MZO, ontvanger=SWT), stranger)
    for seen in ((), *((other,) for other in others), others):
        found = ruling(way, name, Seen(members, earlier=seen))
        assert found.objection is Problem.POORT_GESLOTEN
        assert said(found) == "[[poort]]"
    assert ruling(way, name, Seen(members, earlier=(*others, key))).objection is None


def test_every_gate_that_fits_must_be_open() -> None:
    """The outcome goes to the care desk only if the desk was involved, and a threat was reported."""
    threat, worry = earlier(COR, GEM, "dreigende-ontruiming"), earlier(COR, MZO, "zorgmelding")
    for seen in ((), (threat,), (worry,)):
        found = ruling((COR, MZO), "ontruimingsuitkomst", Seen(OWN, earlier=seen))
        assert found.objection is Problem.POORT_GESLOTEN
    assert ruling((COR, MZO), "ontruimingsuitkomst", Seen(OWN, earlier=(threat, worry))).objection is None


@pytest.mark.parametrize("bereikt", FAR)
def test_a_closed_gate_that_warns_lets_the_message_pass(bereikt: Bereikt) -> None:
    """A threat goes on without a signal; a signal counts as notified once offered, never once accepted."""
    seen = Seen(OWN, earlier=(earlier(COR, GEM, "vroegsignaal", bereikt),))
    found = ruling((COR, GEM), "dreigende-ontruiming", seen)
    assert found.objection is None
    assert [poort.code for poort in found.warnings] == ([] if bereikt is not FAR[0] else ["signaal-voor-dreiging"])


def test_a_warning_rests_on_what_both_parties_saw() -> None:
    """A signal to another municipality keeps no warning from one that never got it: both are told."""
    seen: Sequence[Earlier] = (earlier(COR, DORP, "vroegsignaal", Bereikt.ONTVANGEN),)
    assert ruling((COR, GEM), "dreigende-ontruiming", Seen(OWN, earlier=seen)).warnings
    assert not ruling((COR, DORP), "dreigende-ontruiming", Seen(OWN, earlier=seen)).warnings


MESSAGES = st.builds(
    Earlier,
    st.sampled_from(BOXES),
    st.sampled_from(BOXES),
    st.sampled_from([regel.code for regel in COVENANT.berichten]),
    st.sampled_from(FAR),
)


@given(st.lists(MESSAGES, max_size=6), st.lists(MESSAGES, max_size=6), st.sampled_from(COVENANT.poorten))
def test_what_others_send_changes_nothing(own: list[Earlier], others: list[Earlier], gate: Poort) -> None:
    """Whatever passed between others in the dossier: refusal and warning are those of what the parties saw."""
    for way in product((COR, GEM, SHV), repeat=2):
        hidden = [m for m in others if way[0] not in m[:2]]
        name = gate.voor.split(".")[2]
        members = frozenset(box.oin for box in BOXES)
        assert ruling(way, name, Seen(members, earlier=own)) == ruling(
            way, name, Seen(members, earlier=[*hidden, *own])
        )
        unseen = [m for m in others if way[1] not in m[:2]]
        one, two = (ruling(way, name, Seen(members, earlier=e)) for e in (own, [*unseen, *own]))
        assert two.objection is not None or one.objection is not None or one.warnings == two.warnings


def test_the_parties_alone() -> None:
    """A connector learns before it signs anything whether the way exists at all, with the same verdict and line."""
    for regel, way in product(COVENANT.berichten, product(BOXES, repeat=2)):
        found = parties_ruling(COVENANT, regel.code, *way)
        judged = ruling(way, regel.code.split(".")[2])
        assert found.objection in (None, judged.objection)
        assert found.objection is None or found == judged
