"""An exchange and three parties in a temporary folder, made by the product's own flows. A run begins with a copy."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gateway.app import Gateway, found, opened
from gateway.clock import system_clock
from gateway.config import Folder
from gateway.flow.onboard import Joining, NewKey
from gateway.rules.register import key_statement
from gateway.rules.rows import Log
from keys import signing
from keys.certificates import make_request, make_tls_key
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from schemas.covenants import Soort, leidse_regio, load_covenant
from schemas.values import Mailbox
from tests.bench.mint import Party

ORIGIN = "localhost/leidse-regio"
HOSTS = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything stands: the exchange, a folder a party, and one for the floor."""

    root: Path
    sender: Party
    recipients: tuple[Party, ...]

    def folder(self, party: Party) -> Path:
        """A party's connection: ``certificate.pem`` with its key, and ``authority.pem``."""
        return self.root / party.mailbox.oin

    @property
    def floor(self) -> Path:
        """What the floor serves with."""
        return self.root / "floor"

    def exchange(self, run: str) -> Path:
        """A fresh copy of the exchange; the store was closed before, so the copy is whole."""
        copy = self.root / run
        shutil.copytree(self.root / "beurs", copy)
        return copy


async def build(root: Path) -> Site:
    """Found the exchange of the Leiden region in ``root`` and let one corporation and two municipalities join."""
    text = leidse_regio()
    convenant = load_covenant(text)
    corporations = [d for d in convenant.deelnemers if d.soort is Soort.COR]
    municipalities = [d for d in convenant.deelnemers if d.soort is Soort.GEM]
    await found(root / "beurs", ORIGIN, HOSTS, text)
    async with opened(root / "beurs") as gateway:
        parties = [
            await _join(gateway, root, d.postvakken) for d in (corporations[0], municipalities[0], municipalities[1])
        ]
        async with gateway.store.read() as view:
            size = (await view.head(Log.REGISTER)).head.size
            register = [body or b"" for body in await view.bodies(Log.REGISTER, 0, size)]
        _furnish_floor(gateway, root / "floor", parties[0])
    for party in parties[1:]:
        _furnish_recipient(root / party.mailbox.oin, party, parties[0], register)
    return Site(root, parties[0], tuple(parties[1:]))


async def _join(gateway: Gateway, root: Path, mailboxes: tuple[Mailbox, ...]) -> Party:
    """Join all mailboxes of a participant; the first one is used."""
    parties = [Party(box, PrivateSigningKey.generate(), PrivateSealingKey.generate()) for box in mailboxes]
    oin, tls_key = mailboxes[0].oin, make_tls_key()
    keys = [key for party in parties for key in _announced(party)]
    answer = await gateway.onboard.join(Joining(await gateway.onboard.invite(oin), make_request(tls_key, oin), keys))
    folder = root / oin
    folder.mkdir()
    (folder / "certificate.pem").write_bytes(answer["certificaat"].encode() + tls_key)
    (folder / "authority.pem").write_text(answer["autoriteit"])
    return parties[0]


def _announced(party: Party) -> list[NewKey]:
    keys = (("ondertekenen", party.signing.public.jwk()), ("verzegelen", party.sealing.public.jwk()))
    return [
        NewKey(
            party.mailbox,
            use,
            jwk,
            signing.sign(key_statement(ORIGIN, party.mailbox, use, jwk), party.signing, signing.KEY_TYP),
        )
        for use, jwk in keys
    ]


def _furnish_floor(gateway: Gateway, folder: Path, sender: Party) -> None:
    folder.mkdir()
    key, certificate = gateway.onboard.authority.issue_server(HOSTS, system_clock())
    (folder / "server.pem").write_text(certificate + key)
    shutil.copy(Folder(gateway.folder.path).authority, folder / "authority.pem")
    public = sender.signing.handle.public_key()
    (folder / "sender.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _furnish_recipient(folder: Path, party: Party, sender: Party, register: list[bytes]) -> None:
    """Write down what the recipient's process needs; the folder is private to this user and gone after the run."""
    value = {
        "postvak": party.mailbox,
        "ondertekenen": party.signing.jwk(),
        "verzegelen": party.sealing.jwk(),
        "register": [b64encode(body).decode() for body in register],
        "bevestigd": {sender.mailbox: sender.signing.kid},
    }
    (folder / "party.json").write_text(json.dumps(value))
