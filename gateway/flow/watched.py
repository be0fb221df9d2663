"""Watched: the terms of messages that end move in the transaction that books their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.rules.register import Register
from gateway.rules.rows import Message, Settlement, Term
from gateway.rules.watch import after_ends, begun_under
from gateway.store.port import Transaction


async def move_terms(
    tx: Transaction, ends: Sequence[Settlement], messages: Mapping[int, Message], register: Register
) -> None:
    """Move the terms that these messages started or met; ``messages`` by index. What cannot have moved is not read."""
    indexes = [end.message for end in ends]
    known: list[Term] = []
    if started := [i for i in indexes if _may_have(messages[i], register)]:
        known += [term for found in (await tx.terms(started)).values() for term in found]
    if replies := [i for i in indexes if _may_meet(messages[i], register)]:
        known += await tx.terms_met_by(replies)
    moved = after_ends(ends, messages, known, register) if known else []
    if moved:
        await tx.keep_terms(moved)


def _may_have(message: Message, register: Register) -> bool:
    own = begun_under(register, message.covenant)
    return own is None or bool(own.termijnen_op(message.type))


def _may_meet(message: Message, register: Register) -> bool:
    own = begun_under(register, message.covenant)
    return own is None or any(message.type in termijn.door for termijn in own.termijnen)
