"""Adopt: a new version of the covenant enters the register, and takes effect at its moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import Clock
from gateway.errors import RejectedError
from gateway.flow.registry import Registry
from gateway.rules.register import MAX_ENTRY, Register, Version, begins, fits
from gateway.rules.rows import Log
from gateway.store.port import Store
from schemas.covenants import Convenant, CovenantError, load_covenant
from schemas.entries import ConvenantEntry
from schemas.problems import Problem
from schemas.values import Salt, from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class Adopted:
    """A version, from when on it holds, and whether that was so already; ``remain``: what takes effect besides it.

    ``remain`` are the versions that were announced and that this one does not replace, the first to begin first.
    """

    convenant: Convenant
    vanaf: datetime
    again: bool = False
    remain: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Adopt:
    """Put a version of the covenant in the register."""

    store: Store
    registry: Registry
    clock: Clock
    salt: Callable[[], Salt]

    async def __call__(self, text: bytes) -> Adopted:
        """Log a version of the covenant; until it begins, the one before it holds.

        It begins at once, or at the moment that it names itself. One that was announced takes effect all the same,
        unless this one begins at that very moment. A version again that holds or is announced changes nothing.
        Decisions of the past, and the terms that they started, stay with the version that they quote.

        Raises:
            RejectedError: the text is no covenant, or a participant that has joined would lose its place or one of
                its mailboxes: its messages could no longer end. Nothing is logged.
        """
        convenant = _loaded(text)
        async with self.store.record() as tx:
            register = await self.registry.at(tx)
            moment = max(to_milliseconds(self.clock()), (await tx.head(Log.REGISTER)).moment)
            tijd = from_milliseconds(moment)
            coming = register.announced(tijd)
            known = [v for v in (register.version_at(tijd), *coming) if v and v.digest == convenant.digest]
            if known:
                return Adopted(convenant, known[0].vanaf, again=True, remain=_beside(known[0].vanaf, coming))
            _demand_room(convenant, register)
            vanaf = begins(convenant, tijd)
            adopted = Adopted(convenant, vanaf, remain=_beside(vanaf, coming))
            body = ConvenantEntry(
                tijd=tijd, zout=self.salt(), digest=convenant.digest, tekst=convenant.text, vanaf=adopted.vanaf
            ).body()
            if not fits(body):
                reason = f"the covenant is too large: as an entry it has {len(body)} bytes, and {MAX_ENTRY} at most"
                raise RejectedError(Problem.ONGELDIGE_INVOER, reason, [("#/tekst", reason)])
            register.apply(body)  # what no connector could replay is never written
            await tx.append(Log.REGISTER, moment, [body])
        async with self.store.read() as view:
            await self.registry.at(view)
        return adopted


def _beside(vanaf: datetime, coming: tuple[Version, ...]) -> tuple[Version, ...]:
    return tuple(version for version in coming if version.vanaf != vanaf)


def _loaded(text: bytes) -> Convenant:
    try:
        return load_covenant(text)
    except CovenantError as error:
        raise RejectedError(Problem.ONGELDIGE_INVOER, str(error), [("#/tekst", str(error))]) from None


def _demand_room(convenant: Convenant, register: Register) -> None:
    """Every participant that takes part keeps its place and its mailboxes."""
    for party in register.parties.values():
        deelnemer = convenant.deelnemer(party.oin)
        if not party.geschorst and (deelnemer is None or not set(party.postvakken) <= set(deelnemer.postvakken)):
            reason = f"participant {party.oin} has joined, and would lose its place or a mailbox"
            raise RejectedError(Problem.ONGELDIGE_INVOER, reason, [("#/tekst", reason)])
