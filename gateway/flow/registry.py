"""The register as this process has folded it; the log is the truth, this is its newest known state."""

from __future__ import annotations

from datetime import datetime

from gateway.rules.register import Register
from gateway.rules.rows import Log
from gateway.store.port import Reading


class Registry:
    """Holds the current register. Read ``current`` freely; inside a transaction ask ``at`` for that moment's."""

    def __init__(self) -> None:
        self.current = Register.empty()

    async def at(self, reading: Reading) -> Register:
        """Give the register as the snapshot or transaction has it, folding only what is new."""
        head = (await reading.head(Log.REGISTER)).head
        state = self.current
        if state.size < head.size:
            for body in await reading.bodies(Log.REGISTER, state.size, head.size):
                state = state.apply(body or b"")
            if state.size > self.current.size:  # another reader may have folded further meanwhile: never back
                self.current = state
        return state


def unread(register: Register, moment: datetime) -> list[str]:
    """Say why nothing can be accepted, if the version in force is of a form that this program does not know."""
    version = register.version_at(moment)
    if version is None or version.convenant is not None:
        return []
    return [f"covenant {version.digest} is in force and this program cannot read it; adopt one that it can read"]
