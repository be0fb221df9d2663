"""One script played in two worlds: with what partners exchange in the same dossiers, and without it.

The exchange is real. Both worlds start as copies of one folder, so keys, register and covenant are the same, and the
clock is moved by the script: whatever differs in what the corporation got, partner traffic made different.

Outside the script: the logs' checkpoints and tiles, which are public and count everybody's leaves; and the id of a
dossier that partners opened without the corporation, which it could only guess (122 random bits).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

from gateway.errors import GatewayError
from gateway.flow.collect import Handed, Request
from gateway.flow.terms import Terms
from gateway.rules.rows import Content, Log
from gateway.web.api import messages, parties, terms
from gateway.web.problems import problem
from keys import signing
from schemas.berichten.berichttype import code_of
from schemas.values import MessageId, Oin, RandomId
from tests.exchange import House, Party, read

START = datetime(2027, 1, 12, 9, tzinfo=UTC)
NAMES = {
    "corporatie": Oin("00000099000000001000"),
    "ander": Oin("00000099000000002000"),
    "leiden": Oin("00000099000000101000"),
    "leiderdorp": Oin("00000099000000102000"),
    "kredietbank": Oin("00000099000000201000"),
    "wijkteam": Oin("00000099000000202000"),
    "meldpunt": Oin("00000099000000206000"),
}
DOSSIERS = {
    "with help": "5e0c2f66-9d1b-4c1e-8a55-000000000001",
    "signalled": "5e0c2f66-9d1b-4c1e-8a55-000000000002",
    "foreign": "5e0c2f66-9d1b-4c1e-8a55-000000000003",
    "unknown": "5e0c2f66-9d1b-4c1e-8a55-000000000004",
    "moved": "5e0c2f66-9d1b-4c1e-8a55-000000000005",
}
OWN, COMMON, PARTNER = "0001", "0002", "0003"
"""Namespaces of ids: so that a message of partners takes none of the ids that both worlds share."""

MASKED = {
    "index": "a leaf's place in the log counts everybody's leaves",
    "blad": "the leaf's hash covers its random salt",
    "zout": "sixteen random bytes in every entry",
    "aangeboden": "the place in the log of the first hand-out",
    "aanvaard": "in an entry: the place in the log of the message that it is about",
    "vanaf": "in an entry: the place in the log from which the corporation collected again",
    "nummer": "what a receipt in the mailbox is known by is the place in the log of its entry",
    "bewijs": "in geboekt and in an entry: the digest of a receipt that quotes the leaf hash",
}
"""What may differ, by the name of its member, and why; besides these only signatures, which cover them.

Times, order, numbers of things, states, codes, the register's size and root are not masked: they are equal.
"""


def message_id(space: str, number: int) -> str:
    return f"019a9f3e-7c00-7abc-8def-{space}{number:08x}"


def masked(value: Any) -> Any:
    """Read every JWS in an answer, and leave out what the place in the log moves."""
    if isinstance(value, dict):
        return {key: masked(item) if _holds(key, item) else "masked" for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, str) and value.count(".") == 2 and value.startswith("eyJ"):
        head, _, _ = value.partition(".")
        return {"kop": json.loads(signing._decode(head)), "zegt": masked(read(value))}
    return value


def _holds(key: str, item: Any) -> bool:
    """Receipts stand under the same names as places and digests; those are read, not masked."""
    return key not in MASKED or (isinstance(item, str) and item.startswith("eyJ"))


@dataclass
class World:
    """One exchange with its parties, and all that the corporation got, as the API spells it."""

    house: House
    parties: dict[str, Party]
    with_partners: bool
    got: list[Any] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    passed: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """Accepted messages: sender, recipient, short name of the type, name of the dossier, id."""

    @property
    def corporatie(self) -> Party:
        return self.parties["corporatie"]

    def next_id(self, space: str) -> str:
        self.counts[space] = self.counts.get(space, 0) + 1
        return message_id(space, self.counts[space])

    def last(self, source: str, to: str, *names: str, dossier: str | None = None) -> str | None:
        """Give the id of the last accepted message on a way, of these types, in this dossier."""
        found = (
            identity
            for by, at, name, where, identity in reversed(self.passed)
            if (by, at) == (source, to) and name in (names or (name,)) and where == (dossier or where)
        )
        return next(found, None)

    def make(self, space: str, by: str, to: str, name: str, dossier: str, answers: str | None) -> dict[str, str]:
        """Compose the next message on a way; its number is taken."""
        party = self.parties[by]
        return party.message(
            self.parties[to], id=self.next_id(space), type=code_of(name), dossier=DOSSIERS[dossier], antwoordop=answers
        )

    async def post(self, by: str, made: dict[str, str]) -> Any:
        """Hand a message in, and give the answer as the API spells it."""
        (verdict,) = await self.house.gateway.accept(self.parties[by].peer, [Content(made["envelop"], made["lading"])])
        return messages._verdict(verdict)

    async def send(self, space: str, by: str, to: str, name: str, dossier: str, answers: str | None = None) -> Any:
        """Make and hand in a message, and remember it if it was accepted."""
        made = self.make(space, by, to, name, dossier, answers)
        answer = await self.post(by, made)
        if "aanvaard" in answer:
            self.passed.append((by, to, name, dossier, read(made["envelop"])["id"]))
        return answer

    async def empty(self, name: str, code: str | None = None, partner_code: str | None = None) -> None:
        """Let a party collect all that is due, and receipt it: the corporation's messages with ``code``, if any."""
        party, corporation = self.parties[name], self.corporatie.oin
        handed = (await party.collect(maximum=500)).messages
        codes = [code if read(one.aanvaard)["source"][12:32] == corporation else partner_code for one in handed]
        await party.collect(receipts=[party.receipt(one, said) for one, said in zip(handed, codes, strict=True)])

    async def note(self, asked: Awaitable[Any], spell: Callable[[Any], Any] = lambda value: value) -> None:
        """Write down an answer, or the problem in its place."""
        try:
            self.got.append(spell(await asked))
        except GatewayError as error:
            self.got.append({"probleem": problem(error)})


async def prepare(path: Path) -> House:
    """Make the folder that every world copies: an exchange that all parties have joined."""
    house = House(path)
    house.clock.now = START
    await house.open()
    for oin in NAMES.values():
        await house.join(oin)
    await house.close()
    return house


async def open_world(stage: House, path: Path, *, with_partners: bool) -> World:
    """Open a copy of the folder, in which the corporation has two dossiers, one of them with debt help."""
    copytree(stage.path, path)
    house = House(path)
    house.clock.now = START
    await house.open()
    for at, (oin, party) in enumerate(stage.parties.items()):
        reeks = f"0b0f1a52-5c9e-4b1e-9b8e-{at:012x}"
        house.parties[oin] = replace(party, house=house, numbers={}, reeks=reeks)
    world = World(house, {name: house.parties[oin] for name, oin in NAMES.items()}, with_partners)
    await _begin(world)
    return world


async def _begin(world: World) -> None:
    """What both worlds share before the script: without a referral debt help may not write to a corporation at all."""
    for by, dossier in (("corporatie", "with help"), ("corporatie", "signalled"), ("ander", "foreign")):
        await world.send(OWN if by == "corporatie" else COMMON, by, "leiden", "vroegsignaal", dossier)
    await world.empty("leiden")
    signal = world.last("corporatie", "leiden", dossier="with help")
    await world.send(COMMON, "leiden", "corporatie", "terugkoppeling", "with help", signal)
    await world.send(COMMON, "leiden", "kredietbank", "verwijzing", "with help")
    await world.empty("kredietbank")
    referral = world.last("leiden", "kredietbank")
    await world.send(COMMON, "kredietbank", "leiden", "verwijzingsantwoord", "with help", referral)
    await world.empty("leiden")
    assert len(world.passed) == 6


@dataclass(frozen=True)
class Step:
    """One act: a method of ``Play`` and what it is told. ``of_partners``: only in the world that has them."""

    act: str
    told: tuple[Any, ...] = ()
    of_partners: bool = False


class Play:
    """What the parties do. Everything that the corporation is answered or handed goes into ``world.got``."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def run(self, steps: Sequence[Step]) -> list[Any]:
        """Play a script and give, masked, what the corporation got."""
        await self.plays(steps)
        await self.collects(None)
        await self.looks_everything_up()
        return [masked(one) for one in self.world.got]

    async def plays(self, steps: Sequence[Step]) -> None:
        """Do what a script says, as far as this world has it."""
        for step in steps:
            if self.world.with_partners or not step.of_partners:
                await getattr(self, step.act)(*step.told)

    async def sends(self, name: str, to: str, dossier: str, answers: str | None, beside: Step | None = None) -> None:
        """The corporation sends; ``beside`` is a message of partners that comes in together with it."""
        world = self.world
        named = self._answered(to, answers)
        if beside is None or not world.with_partners:
            answer = await world.send(OWN, "corporatie", to, name, dossier, named)
        else:
            answer, _ = await asyncio.gather(
                world.send(OWN, "corporatie", to, name, dossier, named), getattr(self, beside.act)(*beside.told)
            )
        world.got.append(answer)

    def _answered(self, to: str, answers: str | None) -> str | None:
        if answers == "last":
            return self.world.last(to, "corporatie") or message_id(COMMON, 0xFFFF)
        if answers == "partner":
            return message_id(PARTNER, 1)
        return {"foreign": message_id(COMMON, 1), "unknown": message_id(COMMON, 0xFFFF)}.get(answers or "")

    async def repeats(self) -> None:
        """The corporation hands the same bytes in again, and an id of its own with other bytes."""
        world = self.world
        made = world.corporatie.message(world.parties["leiden"], id=world.next_id(OWN), dossier=DOSSIERS["signalled"])
        for _ in range(2):
            world.got.append(await world.post("corporatie", made))
        other = world.corporatie.message(
            world.parties["leiden"], id=read(made["envelop"])["id"], dossier=DOSSIERS["with help"]
        )
        world.got.append(await world.post("corporatie", other))

    async def collects(self, code: str | None, again: bool = False, maximum: int = 100) -> None:
        """The corporation goes a round: receipts for what it has, what it saw, and perhaps all again."""
        world, party = self.world, self.world.corporatie
        receipts = [party.receipt(one, code) for one in world.handed]
        first = min((read(one.aanvaard)["logboek"]["index"] for one in world.handed), default=0)
        request = Request(party.mailbox, receipts, tuple(world.numbers), maximum, again_from=first if again else None)
        try:
            collected = await world.house.gateway.collect(party.peer, request)
        except GatewayError as error:
            world.got.append({"probleem": problem(error)})
            return
        world.got.append(messages._collected(collected))
        world.handed += [one for one in collected.messages if one not in world.handed]
        world.numbers += [one.number for one in collected.receipts]

    async def forges(self) -> None:
        """The corporation signs for messages that it never got: one of partners, and one of nobody."""
        world, party = self.world, self.world.corporatie
        for by, space in (("leiden", PARTNER), ("wijkteam", PARTNER), ("wijkteam", COMMON)):
            facts = {"id": message_id(space, 1), "source": world.parties[by].mailbox, "ontvanger": party.mailbox}
            about = facts | {"digest": "A" * 43, "logboek": {"blad": "A" * 43}}
            fake = signing.sign(json.dumps(about).encode(), party.signing, "aanvaard+jws")
            collected = party.collect(receipts=[party.receipt({"aanvaard": fake})])
            await world.note(collected, messages._collected)

    async def looks_up(self, by: str, space: str, number: int) -> None:
        """The corporation asks for a message, of its own or of others."""
        world = self.world
        asked = world.house.gateway.inspect.message(
            world.corporatie.peer, world.parties[by].oin, MessageId(message_id(space, number))
        )
        await world.note(asked, messages._standing)

    async def looks_everything_up(self) -> None:
        """The corporation asks for every dossier, all terms, all participants, and every entry that there may be."""
        world, gateway, peer = self.world, self.world.house.gateway, self.world.corporatie.peer
        watched = Terms(gateway.store)
        await world.note(watched.overview(peer), terms._overview)
        for dossier in map(RandomId, DOSSIERS.values()):
            await world.note(gateway.inspect.dossier(peer, dossier), lambda found: list(map(messages._standing, found)))
            await world.note(watched.dossier(peer, dossier), terms._overview)
        world.got.append(parties.listing(gateway.registry.current))
        await self._reads_the_log()

    async def _reads_the_log(self) -> None:
        world = self.world
        async with world.house.gateway.store.read() as view:
            size = (await view.head(Log.VERKEER)).head.size
        shown, refused = [], []
        for index in range(size + 2):
            try:
                shown.append(json.loads(await world.house.gateway.inspect.entry(world.corporatie.peer, index)))
            except GatewayError as error:
                refused.append(problem(error))
        assert all(one == refused[0] for one in refused), "an entry of others and no entry answer alike"
        world.got += [shown, refused[0]]

    async def answers(self, by: str, name: str) -> None:
        """A municipality or debt help writes to the corporation, about what it sent last.

        Debt help writes only where both worlds let it: of what it tried before, the corporation gets the refusal with
        its code beside the next message (``gaten``), and that code follows from what partners exchanged.
        """
        world = self.world
        dossier = "with help" if by == "kredietbank" else "signalled"
        named = None
        if name in ("terugkoppeling", "ontruimingsantwoord", "regelingsbesluit"):
            named = world.last("corporatie", by, *ANSWERED[name], dossier=dossier)
        await world.send(COMMON, by, "corporatie", name, dossier, named)

    async def receives(self, by: str, code: str | None, partner_code: str | None) -> None:
        """A recipient of the corporation's messages empties its mailbox."""
        await self.world.empty(by, code, partner_code)

    async def waits(self, hours: int) -> None:
        """Time passes; what expired and which terms were missed is told."""
        gateway = self.world.house.gateway
        self.world.house.clock.tick(hours=hours)
        await gateway.expire()
        await gateway.escalate()

    async def refers(self, by: str, to: str, name: str, dossier: str) -> None:
        """Partners exchange a message, which may be one that the covenant refuses."""
        world = self.world
        named = world.last(to, by, "verwijzing", dossier=dossier) if name == "verwijzingsantwoord" else None
        await world.send(PARTNER, by, to, name, dossier, named)

    async def helps(self, by: str, code: str | None) -> None:
        """A partner empties its mailbox, and takes or refuses what was in it."""
        await self.world.empty(by, None, code)


ANSWERED = {
    "terugkoppeling": ("vroegsignaal", "wijziging"),
    "ontruimingsantwoord": ("dreigende-ontruiming",),
    "regelingsbesluit": ("regelingsvoorstel",),
}
