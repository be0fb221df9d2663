"""The private keys of one party, mailbox by mailbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.client.trust import Trust
from keys.jwk import PrivateSealingKey, PrivateSigningKey
from schemas.values import Mailbox


@dataclass(frozen=True, slots=True)
class MailboxKeys:
    """One mailbox's private keys: the signing key in use, and every sealing key that messages may still be for.

    ``first_kid`` names the first signing key: the party confirms its own. ``former`` are the other
    signing keys by thumbprint: one of them is in use as long as the register has no newer one.
    """

    signing: PrivateSigningKey
    sealing: Mapping[str, PrivateSealingKey]
    first_kid: str
    former: Mapping[str, PrivateSigningKey] = field(default_factory=dict)

    def registered(self, mailbox: Mailbox, trust: Trust) -> PrivateSigningKey | None:
        """Give the signing key that the register has as active, if we hold it."""
        active = trust.register.signing_key(mailbox)
        held = {**self.former, self.signing.kid: self.signing}
        return None if active is None else held.get(active.kid)


PartyKeys = Mapping[Mailbox, MailboxKeys]
"""The keys of every mailbox of a party."""
