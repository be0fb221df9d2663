"""Making an evidence file (docs/bewijs.md): typed parts in, canonical bytes with a signed manifest out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.tlog.tree import leaf_hash
from schemas.strict import canonical_json
from schemas.values import Digest, Mailbox, RandomId

TYP = "bewijs+jws"
"""The ``typ`` of the manifest."""


@dataclass(frozen=True, slots=True)
class Bericht:
    """One message: signed envelope, receipts (compact JWS), and the padded payload as it was sealed, if known.

    ``ontvangstbewijzen`` holds *aanvaard* or *afgewezen*, then, if there are any, the recipient's receipt with
    its *geboekt*, and *niet-afgeleverd*; and any *termijn-overschreden* and *waarschuwing* about an accepted one.
    The order is free.
    """

    envelop: str
    ontvangstbewijzen: Sequence[str]
    inhoud: str | None = None


@dataclass(frozen=True, slots=True)
class Logregel:
    """One entry of the traffic log, with its proof against the checkpoint in the same file (RFC 6962, leaf upwards)."""

    index: int
    body: bytes
    inclusie: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Controlepunt:
    """A log's signed checkpoint, and the note key (vkey) that signed it; ``logboek`` is register or verkeer."""

    logboek: str
    vkey: str
    nota: str


@dataclass(frozen=True, slots=True)
class Delen:
    """Everything that the file shows.

    ``logregels`` has every line of the traffic log that a receipt points to; ``register`` is the whole register log,
    body by body, up to its checkpoint: every key with who vouched for it, and none left out.
    """

    berichten: Sequence[Bericht]
    controlepunten: Sequence[Controlepunt]
    logregels: Sequence[Logregel]
    register: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Opdracht:
    """Who makes the file, of which dossier, when (RFC 3339, UTC, as ``schemas.values`` spells it)."""

    dossier: RandomId
    opsteller: Mailbox
    opgesteld: str


def build(delen: Delen, opdracht: Opdracht, sign: Callable[[bytes], str]) -> bytes:
    """Return the file. The same parts give the same bytes if the signature is deterministic.

    ``sign`` makes a compact JWS of kind ``TYP`` over the bytes it is given, with the signing key of ``opsteller``.
    Nothing is checked here: have the result verified before it is handed over.
    """
    parts = _spell(delen)
    manifest = {
        "soort": "bewijs",
        "dossier": opdracht.dossier,
        "opgesteld": opdracht.opgesteld,
        "opsteller": opdracht.opsteller,
        "delen": {name: Digest.of(canonical_json(part)) for name, part in parts.items()},
    }
    return canonical_json({"delen": parts, "manifest": sign(canonical_json(manifest))}) + b"\n"


def _spell(delen: Delen) -> dict[str, Any]:
    return {
        "berichten": [_message(item) for item in delen.berichten],
        "controlepunten": [
            {"logboek": item.logboek, "nota": item.nota, "vkey": item.vkey} for item in delen.controlepunten
        ],
        "logregels": [_line(item) for item in delen.logregels],
        "register": [body.decode() for body in delen.register],
    }


def _message(item: Bericht) -> dict[str, Any]:
    spelled: dict[str, Any] = {"envelop": item.envelop, "ontvangstbewijzen": list(item.ontvangstbewijzen)}
    return spelled if item.inhoud is None else {**spelled, "inhoud": item.inhoud}


def _line(item: Logregel) -> dict[str, Any]:
    return {
        "blad": Digest.from_raw(leaf_hash(item.body)),
        "inclusie": [Digest.from_raw(part) for part in item.inclusie],
        "index": item.index,
        "regel": item.body.decode(),
    }
