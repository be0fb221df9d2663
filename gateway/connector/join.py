"""Joining an exchange with a one-time invitation ``SP1.<geheim>.<vingerafdruk>`` (docs/api.md, Aanmelden).

Nothing is trusted but the fingerprint in the invitation: the authority that the exchange shows must be
the one it names. Keys are made here, once, and never leave; running it again sends the same request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from gateway.client.tls import anchored_context, unanchored_context
from gateway.client.transport import HttpTransport, Transport
from gateway.connector.directory import TLS_KEY, Directory, Settings, sealing_name, signing_name, write_whole
from gateway.errors import ConfigurationError, UnavailableError
from gateway.rules.register import key_statement
from keys import certificates, signing
from keys.encoding import decode
from keys.errors import KeyRingError
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from keys.keyring import KeyRing, Secret
from schemas.envelope import MalformedError, Origin, Wire
from schemas.values import Mailbox, Oin

Dial = Callable[[str, ssl.SSLContext], AbstractAsyncContextManager[Transport]]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code: the secret to show, and the SHA-256 of the authority's certificate (DER)."""

    code: str
    fingerprint: bytes

    @classmethod
    def parse(cls, text: str) -> Invitation:
        """Read an invitation.

        Raises:
            ConfigurationError: it is none; ask the administrator for another, and copy it whole.
        """
        parts = text.strip().split(".")
        try:
            lengths = [len(decode(part)) for part in parts[1:]]
        except ValueError:
            lengths = []
        if parts[0] != "SP1" or lengths != [16, 32]:
            raise ConfigurationError("an invitation looks like SP1.<secret>.<fingerprint>; copy it whole")
        return cls(parts[1], decode(parts[2]))


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who joins: an OIN, the names of its mailboxes, its directory, and the secret for its key ring."""

    oin: Oin
    postvakken: Sequence[str]
    directory: Directory
    secret: Secret

    @property
    def mailboxes(self) -> list[Mailbox]:
        """The mailboxes in full."""
        return [Mailbox.of(self.oin, name) for name in self.postvakken]


class _Authority(Wire):
    beurs: Origin
    autoriteit: str


class _Admission(Wire):
    certificaat: str
    autoriteit: str
    beurs: Origin
    vkey_register: str = Field(alias="register")
    vkey_verkeer: str = Field(alias="verkeer")


async def join(url: str, invitation: str, applicant: Applicant, dial: Dial = HttpTransport) -> Settings:
    """Join, or finish a joining that was interrupted; give the settings that were written.

    On return the directory holds the key ring, the certificate, the authority and ``connector.toml``.

    Raises:
        ConfigurationError: the invitation is none, or the exchange is not the one that it names.
        RejectedError: the exchange refuses: the code was used, has expired, or is for another OIN.
        UnavailableError: no answer; run it again.
    """
    invited, directory = Invitation.parse(invitation), applicant.directory
    if directory.settings_file.exists():
        return directory.settings()
    directory.make()
    async with dial(url, unanchored_context()) as stranger:
        authority = _parse(_Authority, await stranger.get("/v1/autoriteit"))
    check_authority(authority.autoriteit, invited.fingerprint)
    request = _request(applicant, authority.beurs)
    async with dial(url, anchored_context(authority.autoriteit)) as exchange:
        answer = await exchange.post("/v1/aanmeldingen", {"code": invited.code, **request})
    admission = _parse(_Admission, json.dumps(answer).encode())
    if (admission.beurs, admission.autoriteit) != (authority.beurs, authority.autoriteit):
        raise ConfigurationError("the exchange answered with another name or authority than it showed before")
    return _settle(url, applicant, admission)


def check_authority(pem: str, fingerprint: bytes) -> None:
    """Return only if this is the authority that the invitation names.

    Raises:
        ConfigurationError: it is another; somebody may be in between. Do not go on.
    """
    try:
        der = ssl.PEM_cert_to_DER_cert(pem)
    except ValueError:
        raise ConfigurationError("the exchange shows no authority") from None
    if not hmac.compare_digest(hashlib.sha256(der).digest(), fingerprint):
        raise ConfigurationError("the exchange is not the one that the invitation names; do not go on, call it")


def _request(applicant: Applicant, beurs: str) -> dict[str, Any]:
    """Give the request, made once and kept: a certificate request is signed with chance, and must stay the same."""
    kept = applicant.directory.request_file
    if kept.exists():
        found: dict[str, Any] = json.loads(kept.read_text("utf-8"))
        if found.pop("voor") == [beurs, applicant.oin, list(applicant.postvakken)]:
            return found
    ring = _ring(applicant)
    request = {
        "verzoek": certificates.make_request(ring.secret(TLS_KEY), applicant.oin),
        "sleutels": [key for mailbox in applicant.mailboxes for key in _announcements(ring, mailbox, beurs)],
    }
    write_whole(kept, json.dumps({"voor": [beurs, applicant.oin, list(applicant.postvakken)], **request}))
    return request


def _ring(applicant: Applicant) -> KeyRing:
    path = applicant.directory.ring_file
    ring = KeyRing.open(path, applicant.secret) if path.exists() else KeyRing.create(path, applicant.secret)
    _add_tls_key(ring)
    for mailbox in applicant.mailboxes:
        if not ring.all(signing_name(mailbox)):
            ring.add(signing_name(mailbox), PrivateSigningKey.generate())
        if not ring.all(sealing_name(mailbox)):
            ring.add(sealing_name(mailbox), PrivateSealingKey.generate())
    ring.save()
    return ring


def _add_tls_key(ring: KeyRing) -> None:
    try:
        ring.secret(TLS_KEY)
    except KeyRingError:
        ring.put_secret(TLS_KEY, certificates.make_tls_key())


def _announcements(ring: KeyRing, mailbox: Mailbox, beurs: str) -> list[dict[str, Any]]:
    signer = ring.active(signing_name(mailbox), PrivateSigningKey)
    sealer = ring.active(sealing_name(mailbox), PrivateSealingKey)
    return [
        _announcement(mailbox, "ondertekenen", signer.public.jwk(), beurs, signer),
        _announcement(mailbox, "verzegelen", sealer.public.jwk(), beurs, signer),
    ]


def _announcement(
    mailbox: Mailbox, use: str, jwk: dict[str, str], beurs: str, signer: PrivateSigningKey
) -> dict[str, Any]:
    proof = signing.sign(key_statement(beurs, mailbox, use, jwk), signer, signing.KEY_TYP)
    return {"postvak": mailbox, "gebruik": use, "jwk": jwk, "bewijs": proof}


def _settle(url: str, applicant: Applicant, admission: _Admission) -> Settings:
    directory = applicant.directory
    settings = Settings(
        url=url.rstrip("/"),
        oin=applicant.oin,
        postvakken=list(applicant.postvakken),
        beurs=admission.beurs,
        register_vkey=admission.vkey_register,
        verkeer_vkey=admission.vkey_verkeer,
    )
    write_whole(directory.authority_file, admission.autoriteit)
    write_whole(directory.certificate_file, admission.certificaat)
    write_whole(directory.settings_file, settings.spell())  # last: it says that joining is done
    return settings


def _parse(model: type[Any], data: bytes) -> Any:  # noqa: ANN401
    try:
        return model.parse(data)
    except MalformedError as error:
        raise UnavailableError("the exchange's answer does not have the form of docs/api.md") from error
