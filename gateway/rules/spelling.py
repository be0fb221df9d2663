"""How decisions about messages are spelled as log entries. By the thousand, from checked facts: no model is built."""

from __future__ import annotations

from typing import Any

from gateway.rules.rows import Message, Term
from schemas.entries import (
    AanvaardEntry,
    AfgewezenEntry,
    TermijnOverschredenEntry,
    WaarschuwingEntry,
)
from schemas.envelope import Envelope
from schemas.values import Digest, Salt, from_milliseconds, spell_instant

OVERDUE, WARNING = "termijn-overschreden", "waarschuwing"
"""The kinds of notice."""


def accepted_body(
    envelope: Envelope,
    signed: tuple[Digest, Digest],
    register: tuple[int, Digest],
    covenant: Digest,
    at: tuple[int, Salt],
) -> bytes:
    """Spell that a message was accepted; ``signed`` is its digest and key, ``at`` the moment and the salt."""
    return AanvaardEntry.spelled(
        **_about("aanvaard", envelope, signed[0], at),
        dossier=envelope.dossier,
        type=envelope.type,
        antwoordop=envelope.antwoordop,
        reeks=envelope.reeks,
        volgnummer=envelope.volgnummer,
        verlooptijd=spell_instant(envelope.verlooptijd),
        sleutel=signed[1],
        register={"omvang": register[0], "wortel": register[1]},
        convenant=covenant,
    )


def refused_body(
    envelope: Envelope, signed: tuple[Digest, Digest], code: str, covenant: Digest | None, at: tuple[int, Salt]
) -> bytes:
    """Spell that a message was refused."""
    return AfgewezenEntry.spelled(
        **_about("afgewezen", envelope, signed[0], at),
        reeks=envelope.reeks,
        volgnummer=envelope.volgnummer,
        code=code,
        sleutel=signed[1],
        convenant=covenant,
    )


def warning_body(message: Message, gate: str, at: tuple[int, Salt]) -> bytes:
    """Spell that a message was accepted though a gate stood closed."""
    return WaarschuwingEntry.spelled(
        **_about(WARNING, message, message.digest, at), aanvaard=message.idx, poort=gate, convenant=message.covenant
    )


def overdue_body(message: Message, term: Term, level: int, at: tuple[int, Salt]) -> bytes:
    """Spell that a level of a reply term was reached without an accepted answer."""
    return TermijnOverschredenEntry.spelled(
        **_about(OVERDUE, message, message.digest, at),
        aanvaard=message.idx,
        termijn=term.code,
        trede=level,
        uiterlijk=spell_instant(from_milliseconds(term.due)),
        convenant=term.covenant,
    )


def _about(soort: str, about: Envelope | Message, digest: Digest, at: tuple[int, Salt]) -> dict[str, Any]:
    return {
        "soort": soort,
        "tijd": spell_instant(from_milliseconds(at[0])),
        "zout": at[1],
        "id": about.id,
        "source": about.source,
        "ontvanger": about.ontvanger,
        "digest": digest,
    }
