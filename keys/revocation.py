"""Revocation lists (RFC 5280 §5): believed only with their issuer's signature, and only until ``nextUpdate`` (T9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID

from keys.errors import CertificateError
from keys.subjects import SOUND_HASHES, UNREADABLE, as_bytes

_UNDERSTOOD = {ExtensionOID.CRL_NUMBER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER}


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What one issuer has revoked, as of ``this_update``; both moments are UTC."""

    serials: frozenset[int]
    this_update: datetime
    next_update: datetime

    @classmethod
    def parse(cls, pem: bytes | str, issuer: x509.Certificate) -> Self:
        """Read a list and check that ``issuer`` signed it.

        A partial list (delta, or for some reasons only) is refused: what it leaves out would pass for good.

        Raises:
            CertificateError: it is no whole list of this issuer; keep the one that you have until it is stale.
        """
        try:
            crl = x509.load_pem_x509_crl(as_bytes(pem))
            signed = crl.issuer == issuer.subject and _signed(crl, issuer)
            whole = all(extension.oid in _UNDERSTOOD or not extension.critical for extension in crl.extensions)
        except UNREADABLE:
            raise CertificateError("not a revocation list (PEM)") from None
        if not signed:
            raise CertificateError("the revocation list is not signed by the authority")
        if not whole or crl.next_update_utc is None:
            raise CertificateError("the revocation list is not a whole one with a moment of renewal")
        return cls(frozenset(entry.serial_number for entry in crl), crl.last_update_utc, crl.next_update_utc)

    def revoked(self, serial: int) -> bool:
        """Tell whether the certificate with this serial number stands on the list."""
        return serial in self.serials

    def stale(self, now: datetime) -> bool:
        """Tell whether the list no longer counts, or not yet: then let nobody in (fail closed)."""
        return not self.this_update <= now < self.next_update


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    if not isinstance(crl.signature_hash_algorithm, SOUND_HASHES):
        return False
    try:
        may_sign = issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return False
    return may_sign and crl.is_signature_valid(key)
