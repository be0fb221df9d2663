"""Giving a TLS context its own certificate and key, without the key ever reaching a disk."""

from __future__ import annotations

import os
import secrets
import ssl
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from keys.errors import CertificateError


def load_identity(context: ssl.SSLContext, certificate: str, key: EllipticCurvePrivateKey) -> None:
    """Load a certificate (PEM) with its key into ``context``.

    Python reads private keys from files only. It gets one that is encrypted under a password made for
    this call, readable by this user alone, and gone before this returns.

    Raises:
        CertificateError: the certificate and the key do not belong together, or the certificate is none.
    """
    password = secrets.token_bytes(32).hex().encode()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))
    handle, name = tempfile.mkstemp(prefix="seinpost-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(certificate.encode() + b"\n" + pem)
        context.load_cert_chain(name, password=password)
    except ssl.SSLError as error:
        raise CertificateError("the connection certificate does not belong to the connection key") from error
    finally:
        Path(name).unlink()
