"""JWS: the bytes of the wire example, and two other implementations that read what we write."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey
from jwcrypto import jwk as jwcrypto_jwk
from jwcrypto import jws as jwcrypto_jws

from keys import signing
from keys.encoding import decode, encode
from keys.errors import SignatureError
from keys.jwk import PrivateSigningKey, parse_private
from keys.signer import KeySigner

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _three(wire: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        ("sender_signing", signing.ENVELOPE_TYP, wire["envelop"]),
        ("exchange_receipts", signing.AANVAARD_TYP, wire["aanvaard"]["jws"]),
        ("recipient_signing", signing.ONTVANGEN_TYP, wire["ontvangen"]["jws"]),
    ]


def _key(wire: dict[str, Any], name: str) -> PrivateSigningKey:
    key = parse_private(wire["keys"][name])
    assert isinstance(key, PrivateSigningKey)
    return key


def test_the_wire_example_reproduces_byte_for_byte(wire: dict[str, Any]) -> None:
    """Each JWS of the example verifies, and signing its payload again gives the same text."""
    for name, typ, jws in _three(wire):
        key = _key(wire, name)
        payload = signing.verify(signing.read(jws, typ), key.public)
        assert signing.sign(payload, key, typ) == jws
        assert signing.sign(payload, KeySigner(key), typ) == jws


def test_the_digest_is_that_of_the_signing_input(wire: dict[str, Any]) -> None:
    """The example's digest comes out of reading and out of ``digest`` alike."""
    assert signing.read(wire["envelop"], signing.ENVELOPE_TYP).digest == wire["digest"]
    assert signing.digest(wire["envelop"]) == wire["digest"]
    assert wire["aanvaard"]["payload"]["digest"] == wire["digest"]


def test_a_changed_but_valid_signature_has_the_same_digest(sender: PrivateSigningKey) -> None:
    """ECDSA lets anybody turn s into n - s; the JWS then still verifies, and is known by the same digest."""
    jws = signing.sign(b"{}", sender, signing.ENVELOPE_TYP)
    head, _, last = jws.rpartition(".")
    raw = decode(last)
    other = head + "." + encode(raw[:32] + (ORDER - int.from_bytes(raw[32:])).to_bytes(32))
    assert other != jws
    assert signing.verify(signing.read(other, signing.ENVELOPE_TYP), sender.public) == b"{}"
    assert signing.digest(other) == signing.digest(jws)


def test_joserfc_reads_what_we_sign(wire: dict[str, Any]) -> None:
    """An independent implementation verifies the example and finds the same payload."""
    for name, typ, jws in _three(wire):
        key = ECKey.import_key(_key(wire, name).public.jwk())
        found = joserfc_jws.deserialize_compact(jws, key, algorithms=["ES256"])
        assert found.protected["typ"] == typ
        assert found.payload == signing.read(jws, typ).payload


def test_jwcrypto_reads_what_we_sign(wire: dict[str, Any]) -> None:
    """A second independent implementation does so too."""
    for name, typ, jws in _three(wire):
        found = jwcrypto_jws.JWS()
        found.allowed_algs = ["ES256"]
        found.deserialize(jws, jwcrypto_jwk.JWK(**_key(wire, name).public.jwk()))
        assert found.payload == signing.read(jws, typ).payload


def test_we_read_what_others_sign(sender: PrivateSigningKey) -> None:
    """A party may bring its own software: the order of header members is not ours to set."""
    header = {"typ": signing.ENVELOPE_TYP, "kid": sender.kid, "alg": "ES256"}
    by_joserfc = joserfc_jws.serialize_compact(header, b'{"a":1}', ECKey.import_key(sender.jwk()), algorithms=["ES256"])
    token = jwcrypto_jws.JWS(b'{"a":1}')
    token.add_signature(jwcrypto_jwk.JWK(**sender.jwk()), None, json.dumps(header))
    for jws in (by_joserfc, token.serialize(compact=True)):
        assert signing.verify(signing.read(jws, signing.ENVELOPE_TYP), sender.public) == b'{"a":1}'


def test_the_others_also_refuse_a_false_signature(wire: dict[str, Any], sender: PrivateSigningKey) -> None:
    """The second readers do check: over another payload, all three refuse the signature."""
    header, _, signature = wire["envelop"].split(".")
    forged = f"{header}.{encode(b'{}')}.{signature}"
    with pytest.raises(SignatureError):
        signing.verify(signing.read(forged, signing.ENVELOPE_TYP), sender.public)
    with pytest.raises(Exception, match="bad_signature"):
        joserfc_jws.deserialize_compact(forged, ECKey.import_key(sender.public.jwk()), algorithms=["ES256"])
    with pytest.raises(jwcrypto_jws.InvalidJWSSignature):
        jwcrypto_jws.JWS().deserialize(forged, jwcrypto_jwk.JWK(**sender.public.jwk()))


def test_verification_is_safe_from_many_threads(wire: dict[str, Any], sender: PrivateSigningKey) -> None:
    """One key object and one header cache serve a pool of threads."""
    forged = wire["envelop"][:-4] + "AAAA"

    def check(number: int) -> bool:
        jws = forged if number % 2 else wire["envelop"]
        try:
            signing.verify(signing.read(jws, signing.ENVELOPE_TYP), sender.public)
        except SignatureError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(check, range(200))) == [number % 2 == 0 for number in range(200)]


def test_a_signer_that_gives_something_else_is_caught() -> None:
    """A token that answers in DER, as PKCS#11 modules may, never gets onto the wire."""

    class Token:
        kid = "A" * 43

        def sign(self, data: bytes) -> bytes:
            return ec.generate_private_key(ec.SECP256R1()).sign(data, ec.ECDSA(SHA256()))

    with pytest.raises(SignatureError) as caught:
        signing.sign(b"{}", Token(), signing.ENVELOPE_TYP)
    assert caught.value.code == "handtekening-vorm"
