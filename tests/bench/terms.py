"""What terms cost: a sweep over very many of them, and a decision of the covenant. Figures are told, never asserted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from uuid import uuid4

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from gateway.app import Gateway, Salts, found, opened
from gateway.clock import system_clock
from gateway.covenant.sending import Earlier, Seen, may_send
from gateway.flow.escalate import Escalate
from gateway.rules.rows import Content, Log, Message, Term
from gateway.rules.terms import start
from gateway.tlog.tree import leaf_hash
from schemas.covenants import Bereikt, Convenant, leidse_regio
from schemas.envelope import Envelope
from schemas.values import Digest, Mailbox, MessageId, Oin, RandomId, from_milliseconds, spell_second, to_milliseconds
from tests.bench.site import HOSTS, ORIGIN

OPEN, SOME, BATCH, CALLS = 100_000, (0, 1_000, 256), 1_000, 20_000
HOUR = 3_600_000
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
SIGNAL, CHANGE = "nl.huurschuld.vroegsignaal.v1", "nl.huurschuld.wijziging.v1"
ANY = Digest.of(b"")
CONTENT = Content("envelop", "lading")


@dataclass(slots=True)
class Costs:
    """Every sample of every measure, by what and in what unit; how many terms were open, and notices told in all."""

    open_terms: int
    samples: dict[str, list[float]] = field(default_factory=dict)
    told: int = 0

    def add(self, name: str, value: float) -> None:
        """Add the sample of one round."""
        self.samples.setdefault(name, []).append(value)


async def measure_terms(root: Path, rounds: int, *, small: bool) -> Costs:
    """Found an exchange with very many open terms in ``root``, and measure so many rounds."""
    scale = 100 if small else 1
    costs = Costs(OPEN // scale)
    await found(root / "termijnen", ORIGIN, HOSTS, leidse_regio())
    async with opened(root / "termijnen") as gateway:
        convenant = gateway.registry.current.convenant
        assert convenant is not None
        terms = await _fill(gateway, convenant, costs.open_terms)
        for _ in range(rounds):
            for due in SOME:
                await _sweep(gateway, [terms.pop() for _ in range(due // scale)], costs)
            _decide(convenant, CALLS // scale, costs)
    return costs


def show_costs(costs: Costs, console: Console) -> None:
    """Print the medians."""
    table = Table(
        title=f"Over {costs.open_terms:,} open terms; {costs.told} notices told", title_justify="left", box=SIMPLE
    )
    for title in ("measure", "median", "least", "greatest"):
        table.add_column(title, justify="left" if title == "measure" else "right", no_wrap=True)
    for name, values in costs.samples.items():
        table.add_row(name, *(f"{value:,.2f}" for value in (median(values), min(values), max(values))))
    console.print(table)


async def _sweep(gateway: Gateway, terms: list[Term], costs: Costs) -> None:
    """Let these terms be an hour late, and sweep."""
    late = to_milliseconds(system_clock()) - HOUR
    if terms:
        async with gateway.store.record() as tx:
            await tx.append(Log.VERKEER, (await tx.head(Log.VERKEER)).moment, [_body()])
            await tx.keep_terms([term._replace(begun=late - HOUR, due=late, next_at=late) for term in terms])
    notary = gateway.inspect.notary
    escalate = Escalate(gateway.store, gateway.registry, notary, gateway.bells, system_clock, Salts())
    begin = time.perf_counter()
    told = await escalate()
    seconds = time.perf_counter() - begin
    assert told == len(terms), "a sweep tells what is due, and nothing else"
    costs.told += told
    costs.add(f"sweep, {told:,} due: ms", 1e3 * seconds)
    if told:
        costs.add(f"sweep, {told:,} due: µs a notice", 1e6 * seconds / told)


def _decide(convenant: Convenant, calls: int, costs: Costs) -> None:
    now = to_milliseconds(system_clock())
    earlier = [Earlier(HUUR, VROEG, SIGNAL, Bereikt.ONTVANGEN), Earlier(VROEG, HUUR, SIGNAL, Bereikt.ONTVANGEN)] * 4
    known = Seen(frozenset((HUUR.oin, VROEG.oin)), None, earlier)
    signal, change, message = _envelope(SIGNAL, now), _envelope(CHANGE, now), _message(0, now, convenant)
    assert may_send(convenant, signal, Seen(), now).objection is None
    assert may_send(convenant, change, known, now).objection is None
    costs.add("decision, first signal: µs", _micros(calls, lambda: may_send(convenant, signal, Seen(), now)))
    costs.add("decision, past a gate: µs", _micros(calls, lambda: may_send(convenant, change, known, now)))
    costs.add("start of a signal's terms: µs", _micros(calls, lambda: start(message, convenant)))


def _micros(calls: int, call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        call()
    return 1e6 * (time.perf_counter() - begin) / calls


async def _fill(gateway: Gateway, convenant: Convenant, count: int) -> list[Term]:
    """Accept so many signals whose answer is due later; give their terms."""
    terms: list[Term] = []
    size, now = min(BATCH, count), to_milliseconds(system_clock())
    for _ in range(count // size):
        async with gateway.store.record() as tx:
            head, bodies = (await tx.head(Log.VERKEER)).head.size, [_body() for _ in range(size)]
            messages = [_message(head + n, now, convenant, leaf_hash(body)) for n, body in enumerate(bodies)]
            await tx.append(Log.VERKEER, now, bodies)
            await tx.accept(messages, [CONTENT] * size)
            started = [term for message in messages for term in start(message, convenant)]
            await tx.keep_terms(started)
        terms += started
    return terms


def _body() -> bytes:
    return f'{{"zout":"{uuid4()}"}}'.encode()


def _message(idx: int, now: int, convenant: Convenant, leaf: bytes = bytes(32)) -> Message:
    unique = RandomId(str(uuid4()))
    return Message(
        idx, leaf, HUUR, _identifier(now, unique), VROEG, unique, SIGNAL, ANY, unique, 1, None,
        now + 400 * HOUR, now, 3, ANY, convenant.digest, "kid",
    )  # fmt: skip


def _envelope(type_code: str, now: int) -> Envelope:
    attributes = {
        "id": _identifier(now, str(uuid4())),
        "source": HUUR,
        "type": type_code,
        "time": spell_second(from_milliseconds(now)),
        "ontvanger": VROEG,
        "beurs": ORIGIN,
        "dossier": str(uuid4()),
        "reeks": str(uuid4()),
        "volgnummer": 1,
        "verlooptijd": spell_second(from_milliseconds(now + 14 * 24 * HOUR)),
        "data": {"verzegeld": ANY, "inhoud": ANY, "omvang": len(CONTENT.lading or "")},
    }
    return Envelope.model_validate(attributes)


def _identifier(now: int, unique: str) -> MessageId:
    """Make a UUID of version 7 of a moment and a random UUID."""
    moment = f"{now:012x}"
    return MessageId(f"{moment[:8]}-{moment[8:]}-7{unique[15:]}")
