"""JWE: the published vector, our own example, and everything that must not open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

from keys import sealing
from keys.encoding import decode, encode
from keys.errors import OpeningError, SealingError
from keys.jwk import PrivateSealingKey

PAYLOAD = b'{"id":1}'
ONE_TEXT = "the sealed payload does not open with this key"


def forge(
    key: PrivateSealingKey,
    info: str = "A256GCM",
    *,
    cek: bytes = b"k" * 32,
    iv: bytes = b"n" * 12,
    gap: str = "",
    **changes: Any,
) -> str:
    """Seal with our own hands, so that any header can stand there and still be authenticated."""
    suite = Suite(KEM.MLKEM768_X25519, KDF.SHAKE256, AEAD.AES_256_GCM)
    public = MLKEM768X25519PublicKey(key.public.lattice, key.public.curve)
    wrapped = suite.encrypt(cek, public, info=b"JOSE-HPKE rcpt\xff" + info.encode() + b"\xff")
    split = changes.pop("split", 1120)
    ours = {"alg": "HPKE-9-KE", "cty": "json", "enc": "A256GCM", "kid": key.kid, "typ": "lading+jwe"}
    members = {**ours, "ek": encode(wrapped[:split]), **changes}
    kept = {name: value for name, value in members.items() if value is not ...}
    header = encode(json.dumps(kept, separators=(",", ":" + gap)).encode())
    sealed = AESGCM(cek if len(cek) in {16, 32} else cek[:32]).encrypt(iv, PAYLOAD, header.encode())
    return ".".join((header, *(encode(part) for part in (wrapped[split:], iv, sealed[:-16], sealed[-16:]))))


def test_the_published_vector_opens(hpke_vector: dict[str, Any]) -> None:
    """The suite is frozen to the draft's own vector: key, thumbprint and plaintext."""
    key = PrivateSealingKey.from_seed(decode(hpke_vector["key"]["priv"]))
    assert key.kid == hpke_vector["key"]["kid"]
    assert key.jwk()["pub"] == hpke_vector["key"]["pub"]
    fixed = {"alg": "HPKE-9-KE", "enc": "A256GCM", "kid": str(key.kid)}
    assert sealing._open(hpke_vector["jwe"], key, fixed).decode().startswith(hpke_vector["plaintext_begins"])


def test_the_published_vector_is_no_message_of_ours(hpke_vector: dict[str, Any]) -> None:
    """Its header has no ``typ`` and ``cty``, so the strict reader refuses it."""
    key = PrivateSealingKey.from_seed(decode(hpke_vector["key"]["priv"]))
    with pytest.raises(OpeningError):
        sealing.open_sealed(hpke_vector["jwe"], key)
    with pytest.raises(OpeningError):
        sealing.recipient(hpke_vector["jwe"])


def test_the_wire_example_opens(wire: dict[str, Any], recipient: PrivateSealingKey) -> None:
    """The example's sealed payload gives the example's payload, byte for byte."""
    assert sealing.recipient(wire["lading"]) == recipient.kid
    assert sealing.open_sealed(wire["lading"], recipient) == wire["payload"].encode()
    assert len(wire["lading"]) == wire["event"]["data"]["omvang"]


def test_the_header_is_exactly_ours(recipient: PrivateSealingKey) -> None:
    """Six members, sorted, compact, as in the wire example."""
    header = decode(sealing.seal(PAYLOAD, recipient.public).split(".")[0])
    members = json.loads(header)
    assert list(members) == ["alg", "cty", "ek", "enc", "kid", "typ"]
    assert header == json.dumps(members, separators=(",", ":")).encode()


def test_sealing_twice_gives_two_texts(recipient: PrivateSealingKey) -> None:
    """Nobody sees that the same payload went out twice."""
    assert sealing.seal(PAYLOAD, recipient.public) != sealing.seal(PAYLOAD, recipient.public)


def test_the_forge_itself_opens(recipient: PrivateSealingKey) -> None:
    """Nothing but the fault in a row below keeps a forgery shut."""
    assert sealing.open_sealed(forge(recipient), recipient) == PAYLOAD


def forgeries(key: PrivateSealingKey) -> Iterator[tuple[str, str]]:
    extra = {"zip": "DEF", "crit": ["zip"], "jku": "https://x.example", "epk": {}, "p2c": 1, "apu": "A", "psk_id": "A"}
    for name, value in extra.items():
        yield f"member {name}", forge(key, **{name: value})
    for name in ("alg", "cty", "ek", "enc", "kid", "typ"):
        yield f"no {name}", forge(key, **{name: ...})
        yield f"{name} is a number", forge(key, **{name: 1})
        yield f"{name} is null", forge(key, **{name: None})
    for alg in ("HPKE-9", "HPKE-8-KE", "HPKE-0-KE", "RSA-OAEP", "ECDH-ES", "dir", "none", "hpke-9-ke", ""):
        yield f"alg {alg}", forge(key, alg=alg)
    for enc in ("A128GCM", "A256CBC-HS512", "A256gcm", ""):
        yield f"enc {enc}", forge(key, enc=enc)
    yield "enc A128GCM, keyed so", forge(key, "A128GCM", cek=b"k" * 16, enc="A128GCM")
    yield "info of another enc", forge(key, "A128GCM")
    yield "content key of 16 bytes", forge(key, cek=b"k" * 16)
    yield "content key of 33 bytes", forge(key, cek=b"k" * 33)
    for typ in ("JWE", "bericht+jws", "LADING+JWE"):
        yield f"typ {typ}", forge(key, typ=typ)
    yield "cty JWT", forge(key, cty="JWT")
    yield "kid of another", forge(key, kid="A" * 43)
    yield "ek too short", forge(key, ek=encode(bytes(1119)))
    yield "ek of zeros", forge(key, ek=encode(bytes(1120)))
    good = forge(key)
    parts = good.split(".")
    for number, name in enumerate(("header", "encrypted key", "iv", "ciphertext", "tag")):
        for what, text in {"empty": "", "padded": parts[number] + "=", "newline": parts[number] + "\n"}.items():
            yield f"{name} {what}", ".".join((*parts[:number], text, *parts[number + 1 :]))
    yield "four parts", ".".join(parts[:4])
    yield "six parts", good + "."
    yield "nothing", ""
    yield "not ASCII", good + "é"
    yield "short tag", ".".join((*parts[:4], parts[4][:16]))
    yield "iv of 16 bytes, used so", forge(key, iv=b"n" * 16)
    yield "iv of 8 bytes, used so", forge(key, iv=b"n" * 8)
    yield "ek one byte longer", forge(key, split=1121)
    body = decode(parts[3]) + decode(parts[4])
    yield "tag of 12 bytes, the rest before it", ".".join((*parts[:3], encode(body[:-12]), encode(body[-12:])))
    yield "tag of all bytes", ".".join((*parts[:3], "", encode(body)))
    yield "header with room for more", forge(key, gap=" " * 600)
    yield "16-byte iv", ".".join((*parts[:2], encode(bytes(16)), *parts[3:]))
    yield "empty header object", ".".join((encode(b"{}"), *parts[1:]))
    yield "header is an array", ".".join((encode(b"[]"), *parts[1:]))
    twice = decode(parts[0]).replace(b"{", b'{"alg": "none", ', 1)
    yield "alg twice", ".".join((encode(twice), *parts[1:]))
    yield "header too long", ".".join(("A" * 5000, *parts[1:]))


def test_no_forgery_opens_and_all_sound_alike(recipient: PrivateSealingKey) -> None:
    """Every fault gives the one error with the one text: no oracle."""
    names = set()
    for name, jwe in forgeries(recipient):
        with pytest.raises(OpeningError) as caught:
            sealing.open_sealed(jwe, recipient)
        assert (str(caught.value), caught.value.code) == (ONE_TEXT, "verzegeling-onjuist"), name
        assert caught.value.__cause__ is None
        names.add(name)
    assert len(names) >= 60


def test_another_key_does_not_open(recipient: PrivateSealingKey) -> None:
    """Not even when the header is changed to name that key."""
    thief = PrivateSealingKey.generate()
    jwe = sealing.seal(PAYLOAD, recipient.public)
    renamed = json.loads(decode(jwe.split(".")[0])) | {"kid": thief.kid}
    for attempt in (jwe, ".".join((encode(json.dumps(renamed).encode()), *jwe.split(".")[1:]))):
        with pytest.raises(OpeningError):
            sealing.open_sealed(attempt, thief)


def test_the_largest_payload_fits_its_bounds(recipient: PrivateSealingKey) -> None:
    """1 MiB seals and opens within the length that a reader accepts; a byte more does not seal."""
    payload = bytes(sealing.MAX_PAYLOAD)
    jwe = sealing.seal(payload, recipient.public)
    assert len(jwe) <= sealing.MAX_LADING
    assert sealing.open_sealed(jwe, recipient) == payload
    with pytest.raises(SealingError):
        sealing.seal(payload + b" ", recipient.public)
    with pytest.raises(OpeningError):
        sealing.open_sealed(jwe, recipient, len(jwe) - 1)


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 2048), (1, 2048), (2048, 2048), (2049, 4096), (4097, 8192), (600_000, 1024 * 1024)],
)
def test_padding_gives_powers_of_two(length: int, padded: int) -> None:
    """2, 4, 8, ... KiB; the JSON inside means the same."""
    assert len(sealing.pad(b"x" * length)) == padded
    assert json.loads(sealing.pad(b'{"a":1}')) == {"a": 1}
