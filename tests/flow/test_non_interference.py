"""In one dossier the corporation does not learn that the municipality talks to partners, whatever it tries (I11).

A script is played in two worlds that differ only in what partners exchange. All that the corporation got must be equal
but for the members that ``worlds.MASKED`` names: places in the log, and what covers them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.covenant import sending
from gateway.flow import inspect
from gateway.flow.terms import Overview, Terms
from gateway.rules import watch
from gateway.store.sqlite.reading import SqliteReading
from schemas.values import Mailbox, Oin, RandomId
from tests.exchange import House
from tests.flow.worlds import COMMON, MASKED, NAMES, OWN, PARTNER, Play, Step, World, masked, open_world, prepare

CODES = st.sampled_from([None, None, "opent-niet", "niet-volgens-convenant"])
TO = st.sampled_from(["leiden", "leiden", "leiden", "kredietbank", "leiderdorp", "wijkteam", "meldpunt", "ander"])
TYPES = st.sampled_from(
    ["vroegsignaal", "wijziging", "dreigende-ontruiming", "opschortingsbesluit", "saldo-opgave", "regelingsvoorstel",
     "regelingsbesluit", "regelingsstatus", "ontruimingsuitkomst", "afsluiting", "zorgmelding", "verwijzing",
     "terugkoppeling"]
)  # fmt: skip
ANSWERS = st.sampled_from([None, None, "last", "last", "partner", "foreign", "unknown"])
INTO = st.sampled_from(["with help", "with help", "signalled", "signalled", "foreign", "unknown"])

REFERRALS = st.sampled_from(
    [("leiden", "wijkteam", "verwijzing"), ("leiden", "kredietbank", "verwijzing"),
     ("leiden", "meldpunt", "verwijzing"), ("leiden", "leiderdorp", "verwijzing"),
     ("wijkteam", "leiden", "verwijzingsantwoord"),
     ("kredietbank", "leiden", "verwijzingsantwoord"), ("meldpunt", "leiden", "verwijzingsantwoord"),
     ("leiderdorp", "leiden", "verwijzingsantwoord"), ("leiden", "leiderdorp", "afsluiting"),
     ("wijkteam", "corporatie", "terugkoppeling"), ("meldpunt", "corporatie", "verwijzingsantwoord"),
     ("wijkteam", "kredietbank", "verwijzing"), ("leiden", "meldpunt", "zorgmelding")]
)  # fmt: skip
REFERS = st.builds(
    lambda way, dossier: Step("refers", (*way, dossier), of_partners=True),
    REFERRALS,
    st.sampled_from(["with help", "signalled", "signalled", "moved"]),
)
PARTNERS = REFERS | st.builds(
    lambda by, code: Step("helps", (by, code), of_partners=True), st.sampled_from(["wijkteam", "meldpunt"]), CODES
)
TELLS = st.sampled_from(
    [("leiden", "terugkoppeling"), ("leiden", "opschortingsverzoek"), ("leiden", "saldoverzoek"),
     ("leiden", "ontruimingsantwoord"), ("leiden", "regelingsbesluit"), ("leiden", "afsluiting"),
     ("kredietbank", "saldoverzoek"), ("kredietbank", "opschortingsverzoek"), ("kredietbank", "regelingsvoorstel")]
)  # fmt: skip
COMMONS = st.one_of(
    st.builds(lambda *told: Step("sends", told), TYPES, TO, INTO, ANSWERS, st.none() | REFERS),
    st.builds(lambda way: Step("answers", way), TELLS),
    st.builds(
        lambda *told: Step("receives", told), st.sampled_from(["leiden", "kredietbank", "leiderdorp"]), CODES, CODES
    ),
    st.builds(lambda *told: Step("collects", told), CODES, st.booleans(), st.sampled_from([1, 2, 100])),
    st.builds(lambda hours: Step("waits", (hours,)), st.sampled_from([1, 30, 6 * 24, 15 * 24])),
    st.builds(
        lambda *told: Step("looks_up", told),
        st.sampled_from(["corporatie", "leiden", "wijkteam", "kredietbank"]),
        st.sampled_from([OWN, COMMON, PARTNER]),
        st.integers(1, 4),
    ),
    st.sampled_from([Step("repeats"), Step("forges"), Step("looks_everything_up")]),
)
SCRIPTS = st.lists(COMMONS | PARTNERS, min_size=4, max_size=14)

BUSY = [
    Step("refers", ("leiden", "wijkteam", "verwijzing", "signalled"), of_partners=True),
    Step("refers", ("leiden", "meldpunt", "verwijzing", "signalled"), of_partners=True),
    Step("helps", ("wijkteam", None), of_partners=True),
    Step("helps", ("meldpunt", "niet-volgens-convenant"), of_partners=True),
    Step("refers", ("wijkteam", "leiden", "verwijzingsantwoord", "signalled"), of_partners=True),
    Step("refers", ("leiden", "leiderdorp", "verwijzing", "signalled"), of_partners=True),
]
"""What partners do in a dossier that the corporation knows: refer, take, refuse, answer, let a term run out."""

TRIES = [
    Step("answers", ("leiden", "terugkoppeling")),
    Step("sends", ("dreigende-ontruiming", "leiderdorp", "signalled", None)),
    Step("sends", ("wijziging", "leiden", "signalled", None)),
    Step("sends", ("dreigende-ontruiming", "leiden", "with help", None, BUSY[0])),
    Step("sends", ("vroegsignaal", "leiden", "foreign", None)),
    Step("sends", ("wijziging", "leiden", "unknown", None)),
    Step("sends", ("opschortingsbesluit", "leiden", "signalled", "partner")),
    Step("sends", ("regelingsstatus", "leiden", "signalled", None)),
    Step("sends", ("ontruimingsuitkomst", "meldpunt", "signalled", None)),
    Step("sends", ("verwijzing", "wijkteam", "signalled", None)),
    Step("answers", ("leiden", "terugkoppeling")),
    Step("answers", ("kredietbank", "saldoverzoek")),
    Step("receives", ("leiden", None, "opent-niet")),
    Step("looks_everything_up"),
    Step("collects", (None,)),
    Step("sends", ("saldo-opgave", "kredietbank", "with help", "last")),
    Step("looks_up", ("leiden", PARTNER, 1)),
    Step("looks_up", ("leiden", COMMON, 0xFFFF)),
    Step("forges"),
    Step("repeats"),
    Step("waits", (15 * 24,)),
    Step("collects", ("opent-niet",)),
    Step("waits", (15 * 24,)),
    Step("collects", (None, True, 2)),
]
"""What a corporation may do and try."""

MIXED = [step for at, one in enumerate(TRIES) for step in ([BUSY[at], one] if at < len(BUSY) else [one])]
LEIDEN, CORPORATIE = NAMES["leiden"], Mailbox.of(NAMES["corporatie"], "huur")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The folder that every world copies."""
    return asyncio.run(prepare(tmp_path_factory.mktemp("beurs") / "beurs"))


async def play(stage: House, script: Sequence[Step], *, with_partners: bool) -> tuple[list[Any], World]:
    with TemporaryDirectory() as folder:
        world = await open_world(stage, Path(folder) / "beurs", with_partners=with_partners)
        try:
            return await Play(world).run(script), world
        finally:
            await world.house.close()


def both(stage: House, script: Sequence[Step]) -> tuple[list[Any], list[Any]]:
    """Give what the corporation got, with partner traffic and without it."""
    busy, _ = asyncio.run(play(stage, script, with_partners=True))
    quiet, _ = asyncio.run(play(stage, script, with_partners=False))
    return busy, quiet


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPTS)
def test_what_a_corporation_gets_does_not_tell_of_partners(stage: House, script: list[Step]) -> None:
    """Verdicts, receipts, messages, notices, terms, entries and look-ups are equal in both worlds."""
    busy, quiet = both(stage, script)
    assert busy == quiet


def codes_in(value: Any) -> set[str]:
    """Name every code that the corporation was told: problems, refusals, kinds of notices and receipts, states."""
    if isinstance(value, dict):
        told = {item for key, item in value.items() if key in ("code", "soort", "stand") and isinstance(item, str)}
        return told.union(*map(codes_in, value.values()))
    return set().union(*map(codes_in, value)) if isinstance(value, list) else set()


def test_the_script_tries_what_there_is_to_try(stage: House) -> None:
    """Partners did get through, the corporation met verdicts of every kind, and it still learned nothing."""
    busy, world = asyncio.run(play(stage, MIXED, with_partners=True))
    quiet, _ = asyncio.run(play(stage, MIXED, with_partners=False))
    assert busy == quiet
    assert {name for by, to, name, _, _ in world.passed if "corporatie" not in (by, to)} == {
        "vroegsignaal", "verwijzing", "verwijzingsantwoord",
    }  # fmt: skip
    assert {
        "aanvaard", "afgewezen", "ontvangen", "geweigerd", "geboekt", "niet-afgeleverd", "termijn-overschreden",
        "waarschuwing", "dossier-onbekend", "antwoordop-onjuist", "poort-gesloten", "niet-toegestaan", "niet-gevonden",
        "id-bestaat", "loopt", "vervuld",
    } <= codes_in(busy)  # fmt: skip


def test_it_is_not_woken_by_others(stage: House) -> None:
    """A corporation that waits is not answered because partners exchange something, or because one of them is late."""

    async def rung() -> bool:
        with TemporaryDirectory() as folder:
            world = await open_world(stage, Path(folder) / "beurs", with_partners=True)
            with world.house.gateway.bells.listening(CORPORATIE) as bell:
                await Play(world).plays([*BUSY, Step("waits", (4 * 24,))])
                early = await bell(0.01)
                await Play(world).answers("leiden", "terugkoppeling")
                late = await bell(0.01)
            await world.house.close()
        return late and not early

    assert asyncio.run(rung())


def _alike(stage: House, name: str, *ways: tuple[str, str | None]) -> list[Any]:
    """Let the corporation send one type into dossiers, answering something, and give what sets no two apart."""

    async def tried() -> list[Any]:
        with TemporaryDirectory() as folder:
            world = await open_world(stage, Path(folder) / "beurs", with_partners=True)
            await Play(world).plays(BUSY)
            for dossier, answers in ways:
                await Play(world).sends(name, "leiden", dossier, answers)
            await world.house.close()
        return [masked(one)["probleem"] for one in world.got]

    return [{**one, "ontvangstbewijs": one["ontvangstbewijs"]["zegt"]["code"]} for one in asyncio.run(tried())]


def test_a_foreign_dossier_answers_as_one_that_does_not_exist(stage: House) -> None:
    """To send into somebody else's dossier, or into one of two municipalities, is refused as into none at all."""
    foreign, unknown = _alike(stage, "wijziging", ("foreign", None), ("unknown", None))
    assert foreign == unknown
    assert foreign["code"] == "dossier-onbekend"


def test_a_message_of_partners_is_none_to_answer(stage: House) -> None:
    """To answer what the municipality sent a partner in this very dossier is refused as answering a random id."""
    own, foreign, none = _alike(
        stage, "opschortingsbesluit", ("signalled", "partner"), ("signalled", "foreign"), ("signalled", "unknown")
    )
    assert own == foreign == none
    assert own["code"] == "antwoordop-onjuist"


def _counting_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sending,
        "_member",
        lambda route, sender, members: route.opent if members is None else sender in members and len(members) < 4,
    )


def _anybody_s_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect, "_concerns", lambda *_: True)


def _anybody_s_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    real = inspect.parse_traffic

    def shown(body: bytes) -> Any:
        return real(body).model_copy(update={"soort": "aanvaard", "ontvanger": CORPORATIE})

    monkeypatch.setattr(inspect, "parse_traffic", shown)


def _the_whole_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    real = SqliteReading.dossier_messages

    async def whole(self: SqliteReading, dossier: RandomId, _: Oin) -> Any:
        return await real(self, dossier, LEIDEN)

    monkeypatch.setattr(SqliteReading, "dossier_messages", whole)


def _everybody_s_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    async def everything(self: Terms, _: Any) -> Overview:
        return await self.everything()

    monkeypatch.setattr(Terms, "overview", everything)


def _notices_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    real = watch.told
    monkeypatch.setattr(watch, "told", lambda *facts: tuple({*real(*facts), CORPORATIE}))


@pytest.mark.parametrize(
    "plant",
    [
        _counting_members,
        _anybody_s_message,
        _anybody_s_entry,
        _the_whole_dossier,
        _everybody_s_terms,
        _notices_for_all,
    ],
)
def test_a_leak_is_found(
    stage: House, monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """Planted: a verdict that counts members, look-ups and notices that are not held to the parties."""
    plant(monkeypatch)
    busy, quiet = both(stage, MIXED)
    assert busy != quiet


def test_what_is_masked_is_named() -> None:
    """Only the members on the list are left out; a receipt under such a name is read, and so is all the rest."""
    told = {"index": 1, "blad": "x", "tijd": "t", "aanvaard": 7, "register": {"omvang": 3, "wortel": "w"}}
    assert masked(told) == {**told, "index": "masked", "blad": "masked", "aanvaard": "masked"}
    assert all(MASKED.values())
