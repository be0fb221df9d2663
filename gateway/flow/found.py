"""Found: the first entries of a new exchange: who it is, its receipt key, and the covenant that holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.errors import ConfigurationError
from gateway.rules.register import MAX_ENTRY, Register, begins, fits
from gateway.rules.rows import Log
from gateway.store.port import Store
from keys.jwk import PublicSigningKey
from schemas.covenants import Convenant
from schemas.entries import BeursEntry, ConvenantEntry, SleutelEntry
from schemas.values import Salt, from_milliseconds, to_milliseconds


@dataclass(frozen=True, slots=True)
class Found:
    """Begin the register log."""

    store: Store
    clock: Clock
    salt: Callable[[], Salt]

    async def __call__(
        self, beurs: str, vkeys: tuple[str, str], receipts: PublicSigningKey, covenant: Convenant
    ) -> None:
        """Write the first entries in one transaction. Nothing is accepted before the covenant says that it holds.

        Raises:
            ConfigurationError: the register was begun before, or the covenant fits no entry; nothing is changed.
        """
        async with self.store.record() as tx:
            if (await tx.head(Log.REGISTER)).head.size:
                raise ConfigurationError("this exchange was founded before")
            moment = to_milliseconds(self.clock())
            tijd = from_milliseconds(moment)
            entries = [
                BeursEntry(tijd=tijd, zout=self.salt(), beurs=beurs, vkeyregister=vkeys[0], vkeyverkeer=vkeys[1]),
                SleutelEntry(
                    tijd=tijd,
                    zout=self.salt(),
                    beurs=beurs,
                    gebruik="ontvangstbewijzen",
                    kid=receipts.kid,
                    jwk=receipts.jwk(),
                ),
                ConvenantEntry(
                    tijd=tijd,
                    zout=self.salt(),
                    digest=covenant.digest,
                    tekst=covenant.text,
                    vanaf=begins(covenant, tijd),
                ),
            ]
            bodies = [entry.body() for entry in entries]
            if not all(map(fits, bodies)):
                raise ConfigurationError(f"the covenant is too large: an entry has at most {MAX_ENTRY} bytes")
            Register.fold(bodies)  # what no connector could replay is never written
            await tx.append(Log.REGISTER, moment, bodies)
