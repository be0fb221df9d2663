"""JWK: one form for every key, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey
from jwcrypto import jwk as jwcrypto_jwk

from keys.encoding import decode, encode, thumbprint
from keys.errors import KeyFormError
from keys.jwk import (
    LogKey,
    PrivateSealingKey,
    PrivateSigningKey,
    PublicSealingKey,
    PublicSigningKey,
    parse_private,
    parse_public,
)

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGNING = PrivateSigningKey.generate()
SEALING = PrivateSealingKey.generate()
LOG = LogKey.generate()
PRIVATE = [SIGNING, SEALING, LOG]


def test_the_example_keys_are_read_and_spelled_alike(wire: dict[str, Any]) -> None:
    """Every key of the wire example comes back member for member."""
    for jwk in wire["keys"].values():
        assert parse_private(jwk).jwk() == jwk
        public = {name: value for name, value in jwk.items() if name not in {"d", "priv"}}
        assert parse_public(public).jwk() == public


@pytest.mark.parametrize("key", PRIVATE, ids=["signing", "sealing", "log"])
def test_private_keys_come_back(key: PrivateSigningKey | PrivateSealingKey | LogKey) -> None:
    """What is written down is read as the same key."""
    again = parse_private(key.jwk())
    assert type(again) is type(key)
    assert again == key
    assert hash(again) == hash(key)
    assert again.jwk() == key.jwk()


def test_public_keys_are_equal_by_thumbprint() -> None:
    """Two readings of one key are one key in a set; different keys are two, whatever their kind."""
    assert {parse_public(SIGNING.public.jwk()), SIGNING.public} == {SIGNING.public}
    assert {parse_public(SEALING.public.jwk()), SEALING.public} == {SEALING.public}
    assert len({SIGNING.public, SEALING.public, PrivateSigningKey.generate().public}) == 3
    assert parse_public(SIGNING.public.jwk()) is parse_public(SIGNING.public.jwk())


def test_other_implementations_give_the_same_thumbprint() -> None:
    """Joserfc and jwcrypto read our EC and Ed25519 keys and name them alike (RFC 7638)."""
    assert ECKey.import_key(SIGNING.public.jwk()).thumbprint() == SIGNING.kid
    assert jwcrypto_jwk.JWK(**SIGNING.public.jwk()).thumbprint() == SIGNING.kid
    okp = {name: LOG.jwk()[name] for name in ("kty", "crv", "x")}
    assert jwcrypto_jwk.JWK(**okp).thumbprint() == LOG.kid


def test_fingerprints_can_be_read_aloud() -> None:
    """Sixteen groups of four hexadecimal digits, the same digest as the kid."""
    groups = SIGNING.public.fingerprint().split(" ")
    assert [len(group) for group in groups] == [4] * 16
    assert encode(bytes.fromhex("".join(groups))) == SIGNING.kid
    assert SEALING.public.fingerprint() != SIGNING.public.fingerprint()
    assert len(LOG.fingerprint()) == 79


@pytest.mark.parametrize("key", PRIVATE, ids=["signing", "sealing", "log"])
def test_no_repr_shows_a_secret(key: PrivateSigningKey | PrivateSealingKey | LogKey) -> None:
    """A private key in a log line or a traceback gives nothing away."""
    jwk = key.jwk()
    secret = jwk.get("d", jwk.get("priv", ""))
    for shown in (repr(key), str(key)):
        assert secret not in shown
        assert decode(secret).hex() not in shown
        assert repr(decode(secret)) not in shown


def _renamed(jwk: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Change members and give the key the kid that goes with them, so that only the fault itself remains."""
    members = {name: value for name, value in {**jwk, **changes}.items() if value is not ...}
    required = {"EC": ("crv", "kty", "x", "y"), "AKP": ("alg", "kty", "pub")}.get(str(members.get("kty")), ("kty",))
    if "kid" not in changes:
        members["kid"] = thumbprint({name: str(members.get(name)) for name in required})
    return members


EC, AKP = SIGNING.public.jwk(), SEALING.public.jwk()
RAW = decode(AKP["pub"])
OTHER = PrivateSigningKey.generate()

FALSE_PUBLIC: dict[str, Any] = {
    "nothing": {},
    "private half inside": SIGNING.jwk(),
    "private seed inside": SEALING.jwk(),
    "log key": {name: value for name, value in LOG.jwk().items() if name != "d"},
    "point not on the curve": _renamed(EC, y=encode((int.from_bytes(decode(EC["y"])) ^ 1).to_bytes(32))),
    "point at infinity": _renamed(EC, x=encode(bytes(32)), y=encode(bytes(32))),
    "x over the field": _renamed(EC, x=encode((P + 1).to_bytes(32))),
    "x of 31 bytes": _renamed(EC, x=encode(decode(EC["x"])[1:])),
    "x of 33 bytes": _renamed(EC, x=encode(b"\0" + decode(EC["x"]))),
    "x padded": _renamed(EC, x=EC["x"] + "="),
    "x with a newline": _renamed(EC, x=EC["x"] + "\n"),
    "x and y swapped": _renamed(EC, x=EC["y"], y=EC["x"]),
    "no y": _renamed(EC, y=...),
    "x is a number": EC | {"x": 5},
    "x is null": EC | {"x": None},
    "x is empty": _renamed(EC, x=""),
    "crv P-384": _renamed(EC, crv="P-384"),
    "crv secp256k1": _renamed(EC, crv="secp256k1"),
    "kty RSA": _renamed(EC, kty="RSA"),
    "kty oct": {"kty": "oct", "k": "AAAA", "alg": "HS256", "use": "sig", "kid": "A" * 43},
    "kty ec": _renamed(EC, kty="ec"),
    "alg none": EC | {"alg": "none"},
    "alg HS256": EC | {"alg": "HS256"},
    "alg ES384": EC | {"alg": "ES384"},
    "no alg": _renamed(EC, alg=...),
    "use enc": EC | {"use": "enc"},
    "no use": _renamed(EC, use=...),
    "key_ops": EC | {"key_ops": ["verify"]},
    "x5c": EC | {"x5c": ["MIIB"]},
    "x5u": EC | {"x5u": "https://x.example"},
    "kid of another": EC | {"kid": OTHER.kid},
    "kid not a thumbprint": EC | {"kid": "huur-1"},
    "no kid": {name: value for name, value in EC.items() if name != "kid"},
    "kid with loose bits": EC | {"kid": EC["kid"][:-1] + "B"},
    "many members": {f"m{number}": "" for number in range(100)},
    "very long member": EC | {"x": "A" * 100_000},
    "pub too short": _renamed(AKP, pub=encode(RAW[:-1])),
    "pub too long": _renamed(AKP, pub=encode(RAW + b"\0")),
    "pub of zeros in X25519": _renamed(AKP, pub=encode(RAW[:1184] + bytes(32))),
    "pub of small order in X25519": _renamed(AKP, pub=encode(RAW[:1184] + b"\x01" + bytes(31))),
    "coefficient not reduced": _renamed(AKP, pub=encode(b"\xff\xff\xff" + RAW[3:])),
    "coefficient equal to the modulus": _renamed(AKP, pub=encode(bytes([0x01, RAW[1] & 0xF0 | 0x0D]) + RAW[2:])),
    "last coefficient not reduced": _renamed(AKP, pub=encode(RAW[:1151] + b"\xff" + RAW[1152:])),
    "pub padded": _renamed(AKP, pub=AKP["pub"] + "="),
    "sealing alg of another suite": _renamed(AKP, alg="HPKE-8-KE"),
    "sealing key for signing": AKP | {"use": "sig"},
    "members of two kinds": EC | {"pub": AKP["pub"]},
}


@pytest.mark.parametrize("name", FALSE_PUBLIC)
def test_a_false_public_key_is_refused(name: str) -> None:
    """One fault is enough, and the text repeats nothing of the key."""
    with pytest.raises(KeyFormError) as caught:
        parse_public(FALSE_PUBLIC[name])
    assert EC["x"] not in str(caught.value)


def test_not_an_object_is_no_key() -> None:
    """What JSON may hold in place of an object is refused in the same way."""
    for value in (None, [], "EC", 1):
        with pytest.raises(KeyFormError):
            parse_public(value)  # type: ignore[arg-type]
        with pytest.raises(KeyFormError):
            parse_private(value)  # type: ignore[arg-type]


FALSE_PRIVATE: dict[str, Any] = {
    "nothing": {},
    "public only": SIGNING.public.jwk(),
    "public sealing only": SEALING.public.jwk(),
    "d of another": SIGNING.jwk() | {"d": OTHER.jwk()["d"]},
    "d is zero": SIGNING.jwk() | {"d": encode(bytes(32))},
    "d is the order": SIGNING.jwk() | {"d": encode(ORDER.to_bytes(32))},
    "d over the order": SIGNING.jwk() | {"d": encode((ORDER + 5).to_bytes(32))},
    "d of 33 bytes": SIGNING.jwk() | {"d": encode(b"\0" + decode(SIGNING.jwk()["d"]))},
    "d padded": SIGNING.jwk() | {"d": SIGNING.jwk()["d"] + "="},
    "seed of another": SEALING.jwk() | {"priv": encode(bytes(32))},
    "seed of 31 bytes": SEALING.jwk() | {"priv": encode(bytes(31))},
    "expanded ML-KEM key": SEALING.jwk() | {"priv": encode(bytes(64))},
    "log seed of another": LOG.jwk() | {"d": encode(bytes(32))},
    "log seed of 33 bytes": LOG.jwk() | {"d": encode(bytes(33))},
    "EdDSA in place of Ed25519": LOG.jwk() | {"alg": "EdDSA"},
    "X25519": LOG.jwk() | {"crv": "X25519"},
}


@pytest.mark.parametrize("name", FALSE_PRIVATE)
def test_a_false_private_key_is_refused(name: str) -> None:
    """The private half must be the public one's, to the letter; the text holds nothing of it."""
    with pytest.raises(KeyFormError) as caught:
        parse_private(FALSE_PRIVATE[name])
    assert caught.value.__cause__ is None
    assert SIGNING.jwk()["d"] not in str(caught.value)


def test_seeds_have_one_length() -> None:
    """A seed of another length makes no key."""
    with pytest.raises(ValueError, match="32 bytes"):
        LogKey(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        PrivateSealingKey.from_seed(bytes(33))
    assert isinstance(PublicSealingKey.from_raw(RAW), PublicSealingKey)
    assert isinstance(SIGNING.public, PublicSigningKey)
