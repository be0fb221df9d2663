"""The table of JOSE attacks (T10): every one is refused, and for its own reason.

Each forgery is signed with the true key wherever a signature is possible, so that only the fault named in its
row can be what gives it away.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from keys import signing
from keys.encoding import decode, encode
from keys.errors import SignatureError
from keys.jwk import PrivateSigningKey, parse_private

VECTORS = Path(__file__).parents[3] / "schemas" / "published" / "vectors"
TYP = signing.ENVELOPE_TYP
PAYLOAD = b'{"id":1}'
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _example(name: str) -> PrivateSigningKey:
    key = parse_private(json.loads((VECTORS / "wire-example.json").read_text("utf-8"))["keys"][name])
    assert isinstance(key, PrivateSigningKey)
    return key


KEY, OTHER = _example("sender_signing"), _example("recipient_signing")
GOOD = {"alg": "ES256", "kid": str(KEY.kid), "typ": TYP}


def forge(header: bytes | str, payload: str = encode(PAYLOAD), change: Callable[[bytes], bytes] = bytes) -> str:
    """Sign a header as it stands: bytes are encoded, a text is taken for the segment itself."""
    segment = encode(header) if isinstance(header, bytes) else header
    signing_input = f"{segment}.{payload}"
    return f"{signing_input}.{encode(change(KEY.sign(signing_input.encode())))}"


def with_header(**changes: Any) -> str:
    members = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return forge(json.dumps(members).encode())


def loosen(segment: str) -> str:
    """Set a bit that the last character of a base64url text does not use."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return segment[:-1] + alphabet[alphabet.index(segment[-1]) | 1]


def _parts() -> tuple[str, str, str]:
    header, payload, signature = with_header().split(".")
    return header, payload, signature


def algorithms() -> Iterator[tuple[str, str, str]]:
    names = "none None NONE nOnE HS256 HS384 HS512 RS256 RS512 PS256 PS512 ES384 ES512 ES256K EdDSA Ed25519 ML-DSA-44"
    for alg in (*names.split(), "es256", "ES256 ", "", "dir", "PBES2-HS256+A128KW", "HPKE-9-KE", "ES256\x00"):
        yield f"alg {alg!r}", "alg-onbekend", with_header(alg=alg)
    header, payload, _ = with_header(alg="none").split(".")
    yield "alg none, empty signature", "alg-onbekend", f"{header}.{payload}."
    secret = json.dumps(KEY.public.jwk()).encode()
    header, payload, _ = with_header(alg="HS256").split(".")
    tag = hmac.new(secret, f"{header}.{payload}".encode(), hashlib.sha256).digest()
    yield "HS256 with the public key as secret", "alg-onbekend", f"{header}.{payload}.{encode(tag)}"


def members() -> Iterator[tuple[str, str, str]]:
    extra: dict[str, Any] = {
        "jku": "https://aanvaller.example/jwks.json",
        "jwk": OTHER.public.jwk(),
        "x5u": "https://aanvaller.example/keten.pem",
        "x5c": ["MIIB"],
        "x5t": "AAAA",
        "x5t#S256": "A" * 43,
        "crit": ["b64"],
        "b64": False,
        "zip": "DEF",
        "p2c": 2**31,
        "p2s": "AAAA",
        "epk": OTHER.public.jwk(),
        "enc": "A256GCM",
        "cty": "JWT",
        "nonce": "x",
        "iat": 1,
        "ALG": "ES256",
        "": "",
    }
    for name, value in extra.items():
        yield f"header member {name!r}", "kop-onbekend", with_header(**{name: value})
    for name in GOOD:
        yield f"no {name}", "kop-onbekend", with_header(**{name: ...})
    yield "empty header object", "kop-onbekend", forge(b"{}")


def header_json() -> Iterator[tuple[str, str, str]]:
    good = json.dumps(GOOD)
    faulty: dict[str, bytes] = {
        "alg twice": good.replace("{", '{"alg":"none",', 1).encode(),
        "kid twice": good.replace("{", f'{{"kid":"{OTHER.kid}",', 1).encode(),
        "alg twice, once escaped": good.replace("{", '{"\\u0061lg":"none",', 1).encode(),
        "typ twice, the same": good.replace("{", f'{{"typ":"{TYP}",', 1).encode(),
        "array": b"[]",
        "text": b'"ES256"',
        "number": b"1",
        "null": b"null",
        "nothing": b"",
        "trailing comma": good.replace("}", ",}").encode(),
        "two values": good.encode() * 2,
        "NaN": good.replace("{", '{"a":NaN,', 1).encode(),
        "not UTF-8": good.encode().replace(b"ES256", b"ES\xff56"),
        "UTF-16": good.encode("utf-16"),
        "byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "single quotes": good.replace('"', "'").encode(),
        "deep": b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
    }
    for name, header in faulty.items():
        yield f"header is {name}", "kop-vorm", forge(header)
    for name in GOOD:
        for value in (1, None, True, ["ES256"], {}):
            yield f"{name} is {value!r}", "kop-vorm", with_header(**{name: value})


def encodings() -> Iterator[tuple[str, str, str]]:
    header, payload, signature = _parts()
    padded = {0: "====", 2: "==", 3: "="}
    yield "padded payload", "base64url-vorm", forge(header, payload + padded[len(payload) % 4])
    yield "padded header", "base64url-vorm", forge(header + padded[len(header) % 4])
    yield "padded signature", "base64url-vorm", f"{header}.{payload}.{signature}=="
    yield "loose last bits of the signature", "base64url-vorm", f"{header}.{payload}.{loosen(signature)}"
    yield "loose last bits of the payload", "base64url-vorm", forge(header, loosen(payload))
    spaced = json.dumps(GOOD).encode().ljust(139)
    yield "loose last bits of the header", "base64url-vorm", forge(loosen(encode(spaced)))
    for blank in "\n", "\r\n", " ", "\t", "\x00", "%", "+", "/", "=":
        yield f"{blank!r} in the payload", "base64url-vorm", forge(header, payload[:4] + blank + payload[4:])
        yield f"{blank!r} in the header", "base64url-vorm", forge(header[:4] + blank + header[4:])
        yield (
            f"{blank!r} in the signature",
            "base64url-vorm",
            f"{header}.{payload}.{signature[:4]}{blank}{signature[4:]}",
        )
    yield "newline at the end", "base64url-vorm", f"{header}.{payload}.{signature}\n"
    yield "space before", "base64url-vorm", f" {header}.{payload}.{signature}"
    yield "letter outside ASCII", "geen-jws", f"{header}.{payload}.{signature[:-1]}é"
    yield "a digit of another script", "geen-jws", f"{header}.{payload}.{signature[:-1]}\u0661"
    yield "one character in a segment", "base64url-vorm", forge(header, "A")


def structures() -> Iterator[tuple[str, str, str]]:
    header, payload, signature = _parts()
    flattened = {"protected": header, "payload": payload, "signature": signature}
    general = {"payload": payload, "signatures": [{"protected": header, "signature": signature}]}
    yield "nothing", "geen-jws", ""
    yield "one part", "geen-jws", header
    yield "no signature part", "geen-jws", f"{header}.{payload}"
    yield "four parts", "geen-jws", f"{header}.{payload}.{signature}."
    yield "five parts, a JWE", "geen-jws", f"{header}.A.A.A.{signature}"
    yield "flattened JSON", "geen-jws", json.dumps(flattened)
    yield "general JSON", "geen-jws", json.dumps(general)
    yield "empty header", "kop-vorm", f".{payload}.{signature}"
    yield "empty signature", "handtekening-vorm", f"{header}.{payload}."
    yield "longer than allowed", "te-lang", forge(header, "A" * signing.MAX_LENGTH)
    yield "header longer than its members", "te-lang", with_header(typ="a" * 600)


def signatures() -> Iterator[tuple[str, str, str]]:
    header, payload, signature = _parts()
    raw = decode(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    for name, value in {"63 bytes": raw[:-1], "65 bytes": raw + b"\0", "96 bytes": raw + raw[:32], "DER": der}.items():
        yield f"signature of {name}", "handtekening-vorm", f"{header}.{payload}.{encode(value)}"
    zero, order = bytes(32), ORDER.to_bytes(32)
    wrong = {
        "zero": zero + zero,
        "r is zero": zero + raw[32:],
        "s is zero": raw[:32] + zero,
        "r and s are the order": order + order,
        "r is one, s is one": (1).to_bytes(32) * 2,
        "all bits set": b"\xff" * 64,
        "r and s swapped": raw[32:] + raw[:32],
        "s little-endian": raw[:32] + raw[:31:-1],
        "one bit off": bytes([raw[0] ^ 1]) + raw[1:],
    }
    for name, value in wrong.items():
        yield f"signature: {name}", "handtekening-ongeldig", f"{header}.{payload}.{encode(value)}"
    other = OTHER.sign(f"{header}.{payload}".encode())
    yield "signed by another key", "handtekening-ongeldig", f"{header}.{payload}.{encode(other)}"
    yield "another payload", "handtekening-ongeldig", f"{header}.{encode(b'{}')}.{signature}"
    yield "empty payload", "handtekening-ongeldig", f"{header}..{signature}"
    spaced = encode(json.dumps(GOOD, indent=1).encode())
    yield "the same header spelled otherwise", "handtekening-ongeldig", f"{spaced}.{payload}.{signature}"
    yield "payload signed alone", "handtekening-ongeldig", f"{header}.{payload}.{encode(KEY.sign(PAYLOAD))}"


def kinds() -> Iterator[tuple[str, str, str]]:
    swapped = ["aanvaard", "afgewezen", "ontvangen", "geweigerd", "geboekt", "niet-afgeleverd", "sleutel", "bewijs"]
    for typ in (*(f"{name}+jws" for name in swapped), "BERICHT+JWS", "application/bericht+jws", "JWT", "JOSE", ""):
        yield f"typ {typ!r}", "typ-onjuist", with_header(typ=typ)
    odd = ("", "A", "A" * 42, "A" * 44, "../../etc/passwd", "' OR 1=1 --" + "A" * 32, "A" * 42 + "\n", "é" * 43)
    for kid in (*odd, str(KEY.kid)[:-1] + "B", str(KEY.kid) + "\n", str(KEY.kid) + "=", "+" * 42 + "A"):
        yield f"kid {kid!r}", "kid-vorm", with_header(kid=kid)
    yield "kid of another key", "sleutel-onbekend", with_header(kid=str(OTHER.kid))


TABLE = [row for rows in (algorithms, members, header_json, encodings, structures, signatures, kinds) for row in rows()]


def test_the_table_is_as_long_as_promised() -> None:
    """At least sixty attacks, no two the same (RELIABILITY T10)."""
    assert len({jws for _, _, jws in TABLE}) == len(TABLE) >= 60


def test_without_an_attack_the_same_forge_passes() -> None:
    """Nothing but the fault in a row keeps it out: the forge itself makes good JWS."""
    assert signing.verify(signing.read(with_header(), TYP), KEY.public) == PAYLOAD
    assert signing.verify(signing.read(with_header(alg="\u0045S256"), TYP), KEY.public) == PAYLOAD


@pytest.mark.parametrize(
    ("code", "jws"), [row[1:] for row in TABLE], ids=[row[0].encode("unicode_escape").decode() for row in TABLE]
)
def test_every_attack_is_refused_for_its_own_reason(code: str, jws: str) -> None:
    """The JWS is refused with the code of its row, and the text repeats nothing of it."""
    with pytest.raises(SignatureError) as caught:
        signing.verify(signing.read(jws, TYP), KEY.public)
    assert caught.value.code == code
    assert "aanvaller" not in str(caught.value)
    assert str(KEY.kid) not in str(caught.value)


@pytest.mark.parametrize("typ", ["aanvaard+jws", "sleutel+jws", "bewijs+jws"])
def test_a_message_is_no_receipt(typ: str) -> None:
    """A JWS of one kind is refused wherever another is expected."""
    with pytest.raises(SignatureError) as caught:
        signing.read(with_header(), typ)
    assert caught.value.code == "typ-onjuist"
