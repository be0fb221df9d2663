"""Who a certificate is about: keys and requests for connections, and reading the OIN (PKI001, RFC 5280).

A certificate identifies a connection; messages are signed by registered keys. The two never mix.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from keys.encoding import spell_fingerprint
from keys.errors import CertificateError
from keys.es256 import PrivateSigningKey
from schemas.values import Digest, Oin

SOUND_HASHES = (SHA256, SHA384, SHA512)
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""All that the X.509 readers raise on what others send; most of these are no ``ValueError``."""
_MAX_PEM = 16_384


def make_tls_key() -> bytes:
    """Make a P-256 key for a connection; the PEM (PKCS #8) is a secret, for the key ring or a 0600 file."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_ec_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Read a private key on P-256 or P-384 from PEM.

    Raises:
        CertificateError: it is no such key; the text holds nothing of it.
    """
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CertificateError("not a private key in PEM without a passphrase") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        raise CertificateError("not a private key on P-256 or P-384")
    return key


def make_request(key: PrivateSigningKey | bytes, name: str) -> str:
    """Make a certificate request (PEM) signed with ``key`` (or its PEM), which proves that its maker holds it.

    ``name`` helps the reader; the authority writes the subject itself.

    Raises:
        CertificateError: the key or the name cannot be used.
    """
    subject = x509.Name([text_attribute(NameOID.COMMON_NAME, name)])
    handle = key.handle if isinstance(key, PrivateSigningKey) else load_ec_key(key)
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(handle, SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def read_request(pem: bytes | str) -> ec.EllipticCurvePublicKey:
    """Give the public key of a certificate request whose maker proved to hold the private half.

    Raises:
        CertificateError: it is no request, on no curve of ours, or its signature is not by that key.
    """
    try:
        data = as_bytes(pem)
        if len(data) > _MAX_PEM:
            raise CertificateError("the certificate request is larger than one can be")
        request = x509.load_pem_x509_csr(data)
        key = request.public_key()
        sound = isinstance(request.signature_hash_algorithm, SOUND_HASHES) and request.is_signature_valid
    except UNREADABLE:
        raise CertificateError("not a certificate request (PEM, PKCS #10)") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        raise CertificateError("a certificate is for a key on P-256 or P-384")
    if not sound:
        raise CertificateError("the certificate request is not signed by its own key")
    return key


def load_certificate(pem: bytes | str) -> x509.Certificate:
    """Read one certificate from PEM.

    Raises:
        CertificateError: it is none.
    """
    try:
        return x509.load_pem_x509_certificate(as_bytes(pem))
    except UNREADABLE:
        raise CertificateError("not a certificate (PEM)") from None


def oin_of(certificate: x509.Certificate | bytes | str) -> Oin:
    """Read whose certificate it is: the subject's one serialNumber (PKI001). Validity is the TLS layer's to judge.

    Raises:
        CertificateError: there is no such attribute, more than one, or it is no OIN: know nobody by it.
    """
    known = certificate if isinstance(certificate, x509.Certificate) else load_certificate(certificate)
    try:
        (only,) = known.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        return Oin(only.value if isinstance(only.value, str) else "")
    except UNREADABLE:
        raise CertificateError("the certificate's subject has not exactly one serialNumber that is an OIN") from None


def fingerprint(certificate: x509.Certificate | bytes | str) -> str:
    """Give the SHA-256 of the whole certificate as people compare it, in groups of four."""
    return spell_fingerprint(authority_fingerprint(certificate).raw)


def authority_fingerprint(certificate: x509.Certificate | bytes | str) -> Digest:
    """Give the SHA-256 of the whole certificate in base64url, as an invitation carries it."""
    known = certificate if isinstance(certificate, x509.Certificate) else load_certificate(certificate)
    return Digest.of(known.public_bytes(Encoding.DER))


def serial_hex(certificate: x509.Certificate | bytes | str) -> str:
    """Give the certificate's serial number as the register spells it: hexadecimal, small letters."""
    known = certificate if isinstance(certificate, x509.Certificate) else load_certificate(certificate)
    return f"{known.serial_number:x}"


def text_attribute(oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    """Make a subject attribute of 1 to 64 characters (RFC 5280 appendix A.1), without control characters.

    Raises:
        CertificateError: the value has another form.
    """
    if not 1 <= len(value) <= 64 or not value.isprintable():
        raise CertificateError("a name in a certificate has 1 to 64 printable characters")
    return x509.NameAttribute(oid, value)


def as_bytes(pem: bytes | str) -> bytes:
    """Give PEM as bytes; ``ValueError`` if it cannot be PEM."""
    return pem.encode("ascii") if isinstance(pem, str) else pem
