"""A small history in which everything is right, to plant mistakes in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from gateway.tlog.checkpoints import Checkpoint, sign_checkpoint
from gateway.tlog.notes import NoteSigner
from keys import signing
from keys.jwk import PrivateSigningKey
from tests.faults.history import Account, Attempt, Effect, Got, History, Kept, Promised, Sent
from tests.faults.proofs import encode, leaf_of, roots, signing_digest

BEURS = "localhost/proef"
SENDER = "urn:nld:oin:00000099000000001000:systeem:huur"
RECIPIENT = "urn:nld:oin:00000099000000101000:systeem:vroegsignalering"
DOSSIERS = ("d1", "d2")
REGISTER = NoteSigner(f"{BEURS}/register", b"r" * 32)
TRAFFIC = NoteSigner(f"{BEURS}/verkeer", b"v" * 32)
EXCHANGE_KEY, SENDER_KEY, RECIPIENT_KEY = (PrivateSigningKey.generate() for _ in range(3))


@dataclass
class Scene:
    """Messages 1 to 3 in two dossiers, each with its receipts, logged and under a checkpoint."""

    leaves: list[bytes] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    acked: dict[str, str] = field(default_factory=dict)

    def history(self, **changes: Any) -> History:
        """Put it together."""
        promises = [Promised("verkeer", index, encode(leaf)) for index, leaf in enumerate(self.leaves)]
        checkpoints = self._checkpoints()
        whole = {"checkpoints": checkpoints, "promises": promises, "register": _register()}
        whole |= {"covered": len(promises), "promised": len(promises)}
        accounts = [Account(SENDER, sent=self.sent, **whole), Account(RECIPIENT, got=self.got, **whole)]
        made = {
            "attempts": self.attempts,
            "acked": self.acked,
            "effects": self.effects,
            "accounts": accounts,
            "leaves": self.leaves,
        }
        return History(**{**made, **changes})

    def log(self) -> dict[str, Any]:
        """Append an entry, and promise it."""
        index, leaf = len(self.leaves), leaf_of(str(len(self.leaves)).encode())
        self.leaves.append(leaf)
        return {"oorsprong": f"{BEURS}/verkeer", "index": index, "blad": encode(leaf)}

    def _checkpoints(self) -> list[Kept]:
        register = [leaf_of(body) for body in _register()]
        found = []
        for log, leaves, signer in (("register", register, REGISTER), ("verkeer", self.leaves, TRAFFIC)):
            for size in (2, len(leaves)):
                head = Checkpoint(signer.name, size, roots(leaves, [size])[size])
                found.append(Kept(log, size, sign_checkpoint(head, signer)))
        return found


def right() -> Scene:
    """Everything went well."""
    scene = Scene()
    for number in range(6):
        _message(scene, number)
    return scene


def receipt(kind: str, sent: dict[str, str], key: PrivateSigningKey, **more: Any) -> str:
    """Sign a receipt."""
    return signing.sign(json.dumps({"soort": kind, **sent, **more}).encode(), key, f"{kind}+jws")


def subject(identifier: str, digest: str) -> dict[str, str]:
    """What every receipt names."""
    return {"id": identifier, "source": SENDER, "ontvanger": RECIPIENT, "digest": digest}


def _message(scene: Scene, number: int) -> None:
    thread, volgorde = (SENDER, RECIPIENT, DOSSIERS[number % 2]), number // 2 + 1
    identifier, digest, print_ = f"m{number}", f"digest{number}", f"bericht{number}"
    about = subject(identifier, digest)
    place = scene.log()
    aanvaard = receipt("aanvaard", about, EXCHANGE_KEY, logboek=place)
    ontvangen = receipt("ontvangen", about, RECIPIENT_KEY, blad=place["blad"])
    geboekt = receipt("geboekt", about, EXCHANGE_KEY, bewijs=signing_digest(ontvangen), logboek=scene.log())
    scene.attempts.append(Attempt(thread, volgorde, print_, "ok", number, identifier, digest))
    scene.acked[identifier] = hashlib.sha256(aanvaard.encode()).hexdigest()
    proofs = (("ontvangen", ontvangen, geboekt),)
    scene.sent.append(Sent(thread, identifier, digest, "r1", number + 1, aanvaard, proofs, print_))
    scene.got.append(Got(thread, identifier, digest, "ontvangen", ontvangen))
    scene.effects.append(Effect(thread, identifier, volgorde, print_, number + 1, number + 100))


def _register() -> list[bytes]:
    owners = (("beurs", BEURS, EXCHANGE_KEY), ("postvak", SENDER, SENDER_KEY), ("postvak", RECIPIENT, RECIPIENT_KEY))
    first = {"soort": "beurs", "beurs": BEURS, "vkeyregister": REGISTER.vkey, "vkeyverkeer": TRAFFIC.vkey}
    entries: list[dict[str, Any]] = [first]
    for name, owner, key in owners:
        use = "ontvangstbewijzen" if name == "beurs" else "ondertekenen"
        jwk = key.public.jwk()
        entries.append({"soort": "sleutel", name: owner, "gebruik": use, "kid": key.kid, "jwk": jwk})
    return [json.dumps(entry).encode() for entry in entries]
