"""Watched: terms move in the transaction that books what they follow from."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.rules.register import Register
from gateway.rules.rows import Settlement
from gateway.rules.watch import after_ends
from gateway.store.port import Transaction


async def move_terms(
    tx: Transaction, messages: Sequence[int], register: Register, ends: Sequence[Settlement] = ()
) -> None:
    """Move the terms that follow from these messages, by index; ``ends`` are those that were booked just now."""
    known = await tx.touched(messages) if messages else []
    if not known:
        return
    bearings = await tx.bearings(list({term.message for term in known}))
    moved = after_ends(ends, bearings, known, register)
    if moved:
        await tx.keep_terms(moved)
