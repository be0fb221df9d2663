"""Versions of the covenant: each takes effect at its moment, and what was decided before stays with its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from gateway.app import found
from gateway.cli.local import ask
from gateway.errors import ConfigurationError, RejectedError, UnavailableError
from gateway.flow.accept import Receipted
from gateway.rules.rows import Log
from schemas.covenants import leidse_regio, load_covenant
from schemas.entries import ConvenantEntry
from schemas.problems import Problem
from schemas.values import Digest, Salt, from_milliseconds, to_milliseconds
from tests.exchange import LEIDEN, ONS_DOEL, House, Party, read

TEXT = leidse_regio().decode()
OLD = Path(__file__).parents[1] / "unit/rules/convenant-1.0.0.toml"


def version(house: House, days: int = 0, **changed: str) -> bytes:
    """Spell a later version that begins so many days from now; ``changed`` replaces text."""
    begins = (house.clock() + timedelta(days=days)).isoformat(timespec="seconds")
    text = TEXT.replace("geldigVanaf = 2026-11-01", f"geldigVanaf = {begins}", 1).replace('"2.0.0"', '"2.1.0"', 1)
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def without(deelnemer: str) -> bytes:
    """Spell the covenant without one participant."""
    head, _, rest = TEXT.partition(f'[[deelnemer]]\noin = "{deelnemer}"')
    return (head + rest[rest.index("[[deelnemer]]") :]).encode()


async def quoted(party: Party, to: Party, **changes: Any) -> Any:
    """Send a message and give the digest of the covenant that its acceptance quotes."""
    return read((await party.deliver(to, **changes)).receipt)["convenant"]


async def test_a_version_takes_effect_at_its_moment(house: House, corporatie: Party, gemeente: Party) -> None:
    """Until it begins the one before it decides; from then on the new one, and entries and receipts quote it."""
    old = house.covenant.digest
    adopted = await house.gateway.adopt(version(house, days=3))
    assert adopted.vanaf == adopted.convenant.ingang
    assert await quoted(corporatie, gemeente) == old
    house.clock.now = adopted.vanaf - timedelta(milliseconds=1)
    assert await quoted(corporatie, gemeente) == old
    house.clock.now = adopted.vanaf
    assert await quoted(corporatie, gemeente) == adopted.convenant.digest
    await house.restart()
    assert await quoted(corporatie, gemeente) == adopted.convenant.digest
    entries = [e["convenant"] for e in await house.entries()]
    assert entries == [old, old, adopted.convenant.digest, adopted.convenant.digest]


async def test_its_rules_are_those_that_hold(house: House, corporatie: Party, gemeente: Party) -> None:
    """A type that the new version takes out of use is refused from its moment on, and not before."""
    type_ = 'code = "nl.huurschuld.vroegsignaal.v1"\nroutes'
    off = type_.replace("\nroutes", "\ninGebruik = false\nroutes")
    adopted = await house.gateway.adopt(version(house, 3, **{type_: off}))
    await corporatie.deliver(gemeente)
    house.clock.now = adopted.vanaf
    (verdict,) = await corporatie.send(corporatie.message(gemeente))
    assert isinstance(verdict, RejectedError)
    assert verdict.code is Problem.TYPE_ONBEKEND


async def test_a_running_term_stays_with_its_version(house: House, corporatie: Party, gemeente: Party) -> None:
    """A shorter term in a new version changes nothing for what was asked before; what is asked then is held to it."""
    await corporatie.deliver(gemeente)
    shorter = {'vroegsignaal.v1"\ndoor = ["nl.huurschuld.terugkoppeling.v1"]\nbinnen = "5 werkdagen"': (
        'vroegsignaal.v1"\ndoor = ["nl.huurschuld.terugkoppeling.v1"]\nbinnen = "1 uur"'
    )}  # fmt: skip
    adopted = await house.gateway.adopt(version(house, **shorter))
    await corporatie.deliver(gemeente)
    async with house.gateway.store.read() as view:
        found = await view.terms([0, 1])
    (old,), (new,) = found[0], found[1]
    assert old.begun == new.begun
    assert old.due > new.due
    assert (old.covenant, new.covenant) == (Digest.of(TEXT.encode()), adopted.convenant.digest)
    handed = (await gemeente.collect()).messages
    await gemeente.collect(receipts=[gemeente.receipt(message) for message in handed])
    house.clock.tick(days=60)
    await house.gateway.escalate()
    told = [e for e in await house.entries() if e["soort"] == "termijn-overschreden"]
    assert {(e["aanvaard"], e["convenant"]) for e in told} == {(0, old.covenant), (1, new.covenant)}


async def test_the_newest_again_changes_nothing(house: House) -> None:
    """Adopting what is the newest already logs nothing and tells from when on it holds."""
    first = await house.gateway.adopt(version(house, days=3))
    again = await house.gateway.adopt(first.convenant.text.encode())
    assert (first.again, again.again, again.vanaf) == (False, True, first.vanaf)
    assert len([e for e in await house.entries(Log.REGISTER) if e["soort"] == "convenant"]) == 2


async def test_a_version_of_the_past_holds_at_once(house: House, corporatie: Party, gemeente: Party) -> None:
    """It holds from its entry on, never before: no decision of the past is touched."""
    adopted = await house.gateway.adopt(TEXT.replace('"2.0.0"', '"2.0.1"', 1).encode())
    assert abs(adopted.vanaf - house.clock()) < timedelta(milliseconds=1)
    assert await quoted(corporatie, gemeente) == adopted.convenant.digest


@pytest.mark.usefixtures("corporatie")
async def test_nobody_who_joined_loses_its_place(house: House) -> None:
    """A version without a participant that has joined, or without its mailbox, is refused and not logged."""
    size = len(await house.entries(Log.REGISTER))
    other_mailbox = TEXT.replace('postvakken = ["huur"]', 'postvakken = ["anders"]', 1).encode()
    for text in (without(ONS_DOEL), other_mailbox, b"naam = "):
        with pytest.raises(RejectedError) as refused:
            await house.gateway.adopt(text)
        assert refused.value.code is Problem.ONGELDIGE_INVOER
    assert len(await house.entries(Log.REGISTER)) == size
    assert (await house.gateway.adopt(without("00000099000000002000"))).convenant.deelnemer(ONS_DOEL)


@pytest.mark.usefixtures("corporatie")
async def test_who_was_suspended_may_lose_its_place(house: House) -> None:
    """A participant that was suspended does not take part any more."""
    await house.gateway.onboard.suspend(ONS_DOEL)
    assert not (await house.gateway.adopt(without(ONS_DOEL))).again


async def test_nothing_is_accepted_before_the_first_holds(tmp_path: Path) -> None:
    """Parties may join before the covenant begins; their messages are refused until it does."""
    house = House(tmp_path / "beurs")
    begins = load_covenant(leidse_regio()).ingang
    house.clock.now = begins - timedelta(days=1)
    await house.open()
    try:
        corporatie, gemeente = await house.join(ONS_DOEL), await house.join(LEIDEN)
        (early,) = await corporatie.send(corporatie.message(gemeente))
        assert isinstance(early, RejectedError)
        assert early.code is Problem.NIET_TOEGESTAAN
        house.clock.now = begins
        assert await quoted(corporatie, gemeente) == house.covenant.digest
    finally:
        await house.close()


async def test_versions_over_the_api(exchange: House) -> None:
    """A party sees the one in force and those announced; the administrator adopts over the local socket."""
    gemeente = await exchange.join(LEIDEN)
    text = version(exchange, days=3).decode()
    body = {"tekst": text}
    first, again = [await ask(exchange.path, "POST", "/beheer/convenant", body) for _ in range(2)]
    assert (first["versie"], first["nieuw"], again["nieuw"]) == ("2.1.0", True, False)
    listed = (await ask(exchange.path, "GET", "/beheer/convenant"))["versies"]
    assert [(v["versie"], v["geldt"]) for v in listed] == [("2.0.0", True), ("2.1.0", False)]
    shown = (await gemeente.get("/v1/convenant")).json
    assert (shown["versie"], shown["tekst"]) == ("2.0.0", TEXT)
    assert [(v["digest"], v["tekst"]) for v in shown["aangekondigd"]] == [(first["digest"], text)]
    with pytest.raises(RejectedError):
        await ask(exchange.path, "POST", "/beheer/convenant", {"tekst": "naam = "})


async def test_an_old_dossier_goes_on_under_the_new_version(house: House, corporatie: Party, gemeente: Party) -> None:
    """An answer that comes under a new version meets the term that was begun under the old one."""
    dossier = str(uuid4())
    asked = await corporatie.deliver(gemeente, dossier=dossier)
    await house.gateway.adopt(version(house))
    answer = await gemeente.deliver(corporatie, dossier=dossier, antwoordop=asked.id)
    assert isinstance(answer, Receipted)
    async with house.gateway.store.read() as view:
        assert [t.state for t in (await view.terms([0]))[0]] == ["vervuld"]


async def test_an_announced_version_takes_effect_all_the_same(house: House) -> None:
    """One adopted later that begins earlier does not replace it; the answer says which were announced besides."""
    later = await house.gateway.adopt(version(house, days=3))
    sooner = await house.gateway.adopt(version(house, days=1, **{'"2.1.0"': '"2.0.1"'}))
    assert (later.remain, [v.digest for v in sooner.remain]) == ((), [later.convenant.digest])
    register = house.gateway.registry.current
    assert register.convenant_at(sooner.vanaf) == sooner.convenant
    assert register.convenant_at(later.vanaf) == later.convenant
    again = await house.gateway.adopt(later.convenant.text.encode())
    assert (again.again, [v.digest for v in again.remain]) == (True, [sooner.convenant.digest])
    same_moment = await house.gateway.adopt(later.convenant.text.replace('"2.1.0"', '"2.2.0"', 1).encode())
    assert (same_moment.vanaf, [v.digest for v in same_moment.remain]) == (later.vanaf, [sooner.convenant.digest])


async def in_old_hands(house: House) -> Digest:
    """Log, as in force, the covenant of the first version of this program; give its digest."""
    text = OLD.read_text(encoding="utf-8")
    digest = Digest.of(text.encode())
    salt = Salt.from_raw(bytes(16))
    async with house.gateway.store.record() as tx:
        moment = max(to_milliseconds(house.clock()), (await tx.head(Log.REGISTER)).moment)
        body = ConvenantEntry(tijd=from_milliseconds(moment), zout=salt, digest=digest, tekst=text).body()
        await tx.append(Log.REGISTER, moment, [body])
    return digest


async def test_under_a_covenant_that_cannot_be_read_nothing_is_accepted(
    house: House, corporatie: Party, gemeente: Party
) -> None:
    """The exchange opens and says which version it is; receipts are booked, and with a new version work goes on."""
    await corporatie.deliver(gemeente)
    digest = await in_old_hands(house)
    await house.restart()
    (why,) = house.gateway.reasons()
    assert digest in why
    with pytest.raises(UnavailableError):
        await corporatie.send(corporatie.compose(gemeente))
    (handed,) = (await gemeente.collect()).messages
    assert len((await gemeente.collect(receipts=[gemeente.receipt(handed)])).booked) == 1
    adopted = await house.gateway.adopt(version(house))
    assert house.gateway.reasons() == []
    assert await quoted(corporatie, gemeente) == adopted.convenant.digest


@pytest.mark.parametrize("begins", ["0001-01-01", "1999-12-31", "3000-01-01", "9999-12-31T23:59:59.999999Z"])
async def test_a_version_begins_in_our_time(house: House, begins: str) -> None:
    """A year at the edge of the calendar is refused where it stands, and crashes nothing."""
    text = TEXT.replace("geldigVanaf = 2026-11-01", f"geldigVanaf = {begins}", 1)
    with pytest.raises(RejectedError, match="from 2000 to 2999"):
        await house.gateway.adopt(text.encode())


async def test_what_does_not_fit_an_entry_is_not_logged(house: House, tmp_path: Path) -> None:
    """Tabs are spelled longer in an entry than in the file: what could never be published is refused beforehand."""
    text = TEXT + "# " + "\t" * (60_000 - len(TEXT)) + "\n"
    size = len(await house.entries(Log.REGISTER))
    with pytest.raises(RejectedError) as refused:
        await house.gateway.adopt(text.encode())
    assert refused.value.code is Problem.ONGELDIGE_INVOER
    assert len(await house.entries(Log.REGISTER)) == size
    with pytest.raises(ConfigurationError, match="too large"):
        await found(tmp_path / "nieuw", "proef.example/regio", ("localhost",), text.encode())
    assert not (tmp_path / "nieuw").exists()
