"""How stored facts are spelled as receipts: the same row always gives the same bytes.

They are spelled by the thousand, from facts that were checked long before, so no model is built; a test holds these
spellings against the models of ``schemas``.
"""

from __future__ import annotations

from typing import Any

from gateway.rules.rows import Message, Notice, Refusal, Settlement
from schemas.strict import compact_json
from schemas.values import Digest, from_milliseconds, spell_instant


def spell_aanvaard(row: Message, origin: str) -> bytes:
    """Spell the promise that the exchange took responsibility for a message."""
    return compact_json(
        {
            **_about("aanvaard", row),
            "logboek": _leaf(origin, row.idx, row.leaf),
            "register": {"omvang": row.register_size, "wortel": row.register_root},
            "convenant": row.covenant,
            "tijd": _instant(row.moment),
        }
    )


def spell_afgewezen(row: Refusal, origin: str, *, why: bool = True) -> bytes:
    """Spell the proof that a sender tried, and why it was refused; without ``why`` it fills the recipient's gap."""
    code = {"code": row.code} if why else {}
    return compact_json(
        {
            **_about("afgewezen", row),
            "reeks": row.reeks,
            "volgnummer": row.volgnummer,
            **code,
            **({} if row.covenant is None else {"convenant": row.covenant}),
            "logboek": _leaf(origin, row.idx, row.leaf),
            "tijd": _instant(row.moment),
        }
    )


def spell_geboekt(message: Message, row: Settlement, proof: Digest, origin: str) -> bytes:
    """Spell the proof that a recipient's receipt was logged; ``proof`` is that receipt's digest."""
    return compact_json(
        {
            **_about("geboekt", message),
            "bewijs": proof,
            "logboek": _leaf(origin, row.idx, row.leaf),
            "tijd": _instant(row.moment),
        }
    )


def spell_niet_afgeleverd(message: Message, row: Settlement, origin: str) -> bytes:
    """Spell the notice that nothing was booked in time; ``aangeboden`` is absent if it never was handed out."""
    offered = {} if row.offered is None else {"aangeboden": row.offered}
    return compact_json(
        {
            **_about("niet-afgeleverd", message),
            "reeks": message.reeks,
            "volgnummer": message.volgnummer,
            **offered,
            "logboek": _leaf(origin, row.idx, row.leaf),
            "tijd": _instant(row.moment),
        }
    )


def spell_termijn_overschreden(message: Message, row: Notice, origin: str) -> bytes:
    """Spell the notice that a level of a reply term was reached; the term is one of the covenant of its message.

    Raises:
        ValueError: the row is of another kind of notice.
    """
    if row.due is None:
        raise ValueError("a notice of no term")
    return compact_json(
        {
            **_about(row.soort, message),
            "termijn": row.code,
            "trede": row.level,
            "uiterlijk": _instant(row.due),
            "convenant": message.covenant,
            "logboek": _leaf(origin, row.idx, row.leaf),
            "tijd": _instant(row.moment),
        }
    )


def spell_waarschuwing(message: Message, row: Notice, origin: str) -> bytes:
    """Spell the notice that a message was accepted though a gate stood closed."""
    return compact_json(
        {
            **_about(row.soort, message),
            "poort": row.code,
            "convenant": message.covenant,
            "logboek": _leaf(origin, row.idx, row.leaf),
            "tijd": _instant(row.moment),
        }
    )


def _about(soort: str, row: Message | Refusal) -> dict[str, Any]:
    return {"soort": soort, "id": row.id, "source": row.source, "ontvanger": row.ontvanger, "digest": row.digest}


def _leaf(origin: str, index: int, leaf: bytes) -> dict[str, Any]:
    return {"oorsprong": origin, "index": index, "blad": Digest.from_raw(leaf)}


def _instant(moment: int) -> str:
    return spell_instant(from_milliseconds(moment))
