"""An exchange in miniature that makes evidence files, honest or with one planted lie, signed all the same.

Signs with ``cryptography`` directly, so that no code of the product vouches for itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from gateway.evidence.bundle import Bericht, Controlepunt, Delen, Logregel, Opdracht, build
from schemas.values import Mailbox, RandomId

BEURS = "seinpost.example/leidse-regio"
HUUR = "urn:nld:oin:00000099000000001000:systeem:huur"
HULP = "urn:nld:oin:00000099000000101000:systeem:vroegsignalering"
DOSSIER = "5e0c2f66-9d1b-4c1e-8a55-0b2f6d3a9c10"
REEKS = "0b0f1a52-5c9e-4b1e-9b8e-6a4c4f1a2d33"
TIJD = "2026-11-22T10:00:01.250Z"
TEKST = 'titel = "ë"\n'
Json = dict[str, Any]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


COVENANT = b64(sha(TEKST.encode()))


def spell(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@cache
def private(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(sha(name.encode())) >> 1, ec.SECP256R1())


@cache
def kid(name: str) -> str:
    return b64(sha(spell({k: v for k, v in jwk(name, "").items() if k in ("crv", "kty", "x", "y")})))


def jwk(name: str, thumbprint: str | None = None) -> dict[str, str]:
    point = private(name).public_key().public_numbers()
    members = {"kty": "EC", "crv": "P-256", "x": b64(point.x.to_bytes(32)), "y": b64(point.y.to_bytes(32))}
    return {**members, "alg": "ES256", "use": "sig", "kid": kid(name) if thumbprint is None else thumbprint}


@cache
def sealing_jwk(name: str) -> dict[str, str]:
    """Give a sealing key's JWK; nothing is sealed with it here."""
    members = {"kty": "AKP", "alg": "HPKE-9-KE", "pub": b64(sha(name.encode()) * 38)}
    return {**members, "use": "enc", "kid": b64(sha(spell(members)))}


def sign(payload: bytes, name: str, typ: str) -> str:
    header = spell({"alg": "ES256", "kid": kid(name), "typ": typ})
    signing_input = f"{b64(header)}.{b64(payload)}"
    r, s = decode_dss_signature(
        private(name).sign(signing_input.encode(), ec.ECDSA(SHA256(), deterministic_signing=True))
    )
    return f"{signing_input}.{b64(r.to_bytes(32) + s.to_bytes(32))}"


def digest(jws: str) -> str:
    return b64(sha(jws.rpartition(".")[0].encode()))


def log_key(log: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha(log.encode()))


def vkey(log: str) -> str:
    name, raw = f"{BEURS}/{log}", b"\x01" + log_key(log).public_key().public_bytes_raw()
    key_id = sha(name.encode() + b"\n" + raw).hex()[:8]
    return f"{name}+{key_id}+{base64.b64encode(raw).decode()}"


def root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha(b"\x01" + root(leaves[:half]) + root(leaves[half:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


@lru_cache(maxsize=4096)
def _es256(x: str, y: str, signing_input: bytes, signature: bytes) -> bool:
    def number(text: str) -> int:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=="))

    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        ec.EllipticCurvePublicNumbers(number(x), number(y), ec.SECP256R1()).public_key().verify(
            der, signing_input, ec.ECDSA(SHA256())
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def check_signature(key: Mapping[str, str], signing_input: bytes, signature: bytes) -> bool:
    return _es256(key["x"], key["y"], signing_input, signature)


@lru_cache(maxsize=4096)
def check_note(vkey: str, text: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(vkey.split("+", 2)[2])[1:]).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


class Scene:
    """One dossier: a message received, an answer undelivered, a message that the exchange refused.

    ``lies`` gives members to replace (or, if None, to leave out) by name of the object, before it is signed or
    logged; ``hands`` gives the key that signs an object instead of the right one. With a ``code`` the
    recipient refuses the first message. ``suspended`` are mailboxes whose party was suspended before all messages.
    """

    def __init__(
        self,
        lies: Mapping[str, Json] | None = None,
        hands: Mapping[str, str] | None = None,
        code: str | None = None,
        suspended: Sequence[str] = (),
    ) -> None:
        self.lies, self.hands = lies or {}, hands or {}
        self.verdict = "geweigerd" if code else "ontvangen"
        self.outcome: Json = {"soort": self.verdict, "code": code}
        self.register: list[bytes] = []
        self.traffic: list[bytes] = []
        self.messages: list[Bericht] = []
        self.write_register()
        for mailbox in suspended:
            self.suspend(mailbox)
        self.first = self.received()
        self.undelivered()
        self.refused()

    def told(self, name: str, honest: Json) -> Json:
        changed = {**honest, **self.lies.get(name, {})}
        return {key: value for key, value in changed.items() if value is not None}

    def sign(self, name: str, value: Json, right: str, typ: str) -> str:
        return sign(spell(self.told(name, value)), self.hands.get(name, right), typ)

    def log(self, name: str, entry: Json, log: list[bytes]) -> Json:
        """Append an entry; return what a receipt says about it."""
        salt = b64(sha(f"{name}{len(log)}".encode())[:16])
        log.append(spell(self.told(name, {**entry, "tijd": TIJD, "zout": salt})))
        return {"oorsprong": f"{BEURS}/verkeer", "index": len(log) - 1, "blad": b64(sha(b"\x00" + log[-1]))}

    def write_register(self) -> None:
        self.log(
            "beurs",
            {"soort": "beurs", "beurs": BEURS, "vkeyregister": vkey("register"), "vkeyverkeer": vkey("verkeer")},
            self.register,
        )
        self.log("convenant", {"soort": "convenant", "digest": COVENANT, "tekst": TEKST}, self.register)
        for name, box in (("Ons Doel", HUUR), ("Gemeente Leiden", HULP)):
            entry = {"soort": "deelnemer", "oin": box[12:32], "naam": name, "postvakken": [box]}
            self.log(f"deelnemer-{name}", entry, self.register)
        self.log("certificaat", {"soort": "certificaat", "oin": HUUR[12:32], "serienummer": "0a"}, self.register)
        self.add_key("beurs", {"beurs": BEURS}, "ontvangstbewijzen", None)
        self.add_key("huur", {"postvak": HUUR}, "ondertekenen", "huur")
        self.add_key("hulp-oud", {"postvak": HULP}, "ondertekenen", "hulp-oud")
        self.add_key("hulp", {"postvak": HULP}, "ondertekenen", "hulp-oud")
        self.add_key("zegel", {"postvak": HULP}, "verzegelen", "hulp")

    def add_key(self, name: str, owner: Json, use: str, voucher: str | None) -> None:
        """Register a key, vouched for by another, by itself, or (the first of the exchange) by nobody."""
        key = sealing_jwk(name) if use == "verzegelen" else jwk(name)
        said = {"beurs": BEURS, "postvak": next(iter(owner.values())), "gebruik": use, "jwk": key}
        proof = {} if voucher is None else {"bewijs": self.sign(f"bewijs-{name}", said, voucher, "sleutel+jws")}
        entry = {"soort": "sleutel", **owner, "gebruik": use, "kid": key["kid"], "jwk": key, **proof}
        self.log(f"sleutel-{name}", entry, self.register)

    def suspend(self, mailbox: str) -> None:
        self.log("geschorst", {"soort": "geschorst", "oin": mailbox[12:32]}, self.register)

    @property
    def state(self) -> Json:
        leaves = [sha(b"\x00" + body) for body in self.register]
        return {"omvang": len(leaves), "wortel": b64(root(leaves))}

    def envelope(self, number: int, source: str, to: str, name: str, **more: str) -> tuple[str, str, Json]:
        """Return envelope, payload and what both the receipts and the log say about the message."""
        facts = {"id": f"019a9f3e-7c00-7abc-8def-{number:012d}", "ontvanger": to, "dossier": DOSSIER}
        facts["type"] = "nl.huurschuld.vroegsignaal.v1"
        answer = {"antwoordop": more["antwoordop"]} if "antwoordop" in more else {}
        payload = self.told(
            f"{name}-inhoud",
            {
                **facts,
                **answer,
                "afzender": source,
                "zout": "4PyrmHI2ywK7pJGfnqgoDQ",
                "bericht": {"aantalMaanden": 1.2},
            },
        )
        inhoud = spell(payload).decode().ljust(512)
        event = {
            **facts, **more, "specversion": "1.0", "source": source, "time": "2026-11-22T10:00:00Z", "beurs": BEURS,
            "datacontenttype": "application/json", "reeks": REEKS, "volgnummer": number,
            "verlooptijd": "2026-12-06T10:00:00Z",
            "data": {"verzegeld": b64(sha(b"jwe")), "inhoud": b64(sha(inhoud.encode())), "omvang": 900},
        }  # fmt: skip
        jws = self.sign(name, event, "huur" if source == HUUR else "hulp", "bericht+jws")
        return jws, inhoud, {"id": facts["id"], "source": source, "ontvanger": to, "digest": digest(jws)}

    def accept(self, about: Json, jws: str, name: str) -> tuple[str, Json]:
        header, event = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in jws.split(".")[:2])
        copied = {key: event[key] for key in ("dossier", "type", "reeks", "volgnummer", "antwoordop") if key in event}
        decided = {"register": self.state, "convenant": COVENANT}
        place = self.log(
            f"{name}-regel",
            {
                **about,
                **copied,
                **decided,
                "soort": "aanvaard",
                "sleutel": header["kid"],
                "verlooptijd": "2026-12-06T10:00:00.000Z",
            },
            self.traffic,
        )
        said = {**about, **decided, "soort": "aanvaard", "logboek": place, "tijd": TIJD}
        return self.sign(f"{name}-aanvaard", said, "beurs", "aanvaard+jws"), place

    def received(self) -> str:
        jws, inhoud, about = self.envelope(1, HUUR, HULP, "eerste")
        accepted, place = self.accept(about, jws, "eerste")
        read = self.sign(
            self.verdict,
            {**about, **self.outcome, "blad": place["blad"], "tijd": "2026-11-22T10:00:02.000Z"},
            "hulp",
            f"{self.verdict}+jws",
        )
        entry = {**about, **self.outcome, "aanvaard": place["index"], "bewijs": digest(read)}
        booked = self.log("boeking", {**entry, "sleutel": kid("hulp"), "register": self.state}, self.traffic)
        said = {**about, "soort": "geboekt", "bewijs": digest(read), "logboek": booked, "tijd": TIJD}
        proofs = (accepted, read, self.sign("geboekt", said, "beurs", "geboekt+jws"))
        self.messages.append(Bericht(jws, proofs, inhoud))
        return digest(jws)

    def undelivered(self) -> None:
        before = {"antwoordop": "019a9f3e-7c00-7abc-8def-000000000001"}
        jws, inhoud, about = self.envelope(2, HULP, HUUR, "tweede", **before)
        accepted, place = self.accept(about, jws, "tweede")
        told = {**about, "soort": "niet-afgeleverd", "reeks": REEKS, "volgnummer": 2}
        ended = self.log("afloop", {**told, "aanvaard": place["index"]}, self.traffic)
        notice = self.sign("niet-afgeleverd", {**told, "logboek": ended, "tijd": TIJD}, "beurs", "niet-afgeleverd+jws")
        self.messages.append(Bericht(jws, (accepted, notice), inhoud))

    def refused(self) -> None:
        jws, _, about = self.envelope(3, HUUR, HULP, "derde", vorige=self.first)
        told = {**about, "soort": "afgewezen", "reeks": REEKS, "volgnummer": 3, "code": "niet-toegestaan"}
        place = self.log("weigering", {**told, "sleutel": kid("huur")}, self.traffic)
        said = self.sign("afgewezen", {**told, "logboek": place, "tijd": TIJD}, "beurs", "afgewezen+jws")
        self.messages.append(Bericht(jws, (said,)))

    def delen(self) -> Delen:
        return Delen(
            self.messages,
            [self.checkpoint("register", self.register), self.checkpoint("verkeer", self.traffic)],
            lines(self.traffic),
            self.register,
        )

    def checkpoint(self, log: str, bodies: Sequence[bytes]) -> Controlepunt:
        head = base64.b64encode(root([sha(b"\x00" + body) for body in bodies])).decode()
        said = self.told(f"controlepunt-{log}", {"origin": f"{BEURS}/{log}", "size": len(bodies), "root": head})
        text = f"{said['origin']}\n{said['size']}\n{said['root']}\n"
        made = bytes.fromhex(vkey(log).split("+")[1]) + log_key(log).sign(text.encode())
        witness = base64.b64encode(bytes(76)).decode()
        note = f"{text}\n— {BEURS}/{log} {base64.b64encode(made).decode()}\n— getuige.example {witness}\n"
        return Controlepunt(log, vkey(log), note)

    def bundle(self, delen: Delen | None = None) -> bytes:
        order = Opdracht(RandomId(DOSSIER), Mailbox(HUUR), "2027-01-15T09:00:00Z")

        def manifest(payload: bytes) -> str:
            return self.sign("manifest", json.loads(payload), "huur", "bewijs+jws")

        return build(delen or self.delen(), order, manifest)


def lines(bodies: Sequence[bytes]) -> list[Logregel]:
    leaves = [sha(b"\x00" + body) for body in bodies]
    return [Logregel(i, body, path(i, leaves)) for i, body in enumerate(bodies)]
