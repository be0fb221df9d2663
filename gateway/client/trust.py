"""What a party trusts: the register log as it replayed it itself, and the first keys that a person compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.errors import EvidenceError, RejectedError
from gateway.rules.register import KeySpan, Register
from keys.jwk import PublicSealingKey, PublicSigningKey
from schemas.problems import Problem
from schemas.receipts import RegisterState
from schemas.values import Digest, Mailbox

SIGN = "ondertekenen"
RECEIPTS = "ontvangstbewijzen"
CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of an exchange's nodes may differ before a quoted state counts as old."""


@dataclass(frozen=True, slots=True)
class Trust:
    """A register replayed and checked against its signed checkpoint.

    ``roots[n]`` is its root after n entries, ``times[n]`` the moment of entry n.
    """

    register: Register = field(default_factory=Register.empty)
    roots: tuple[Digest, ...] = ()
    times: tuple[datetime, ...] = ()
    confirmed: Mapping[Mailbox, str] = field(default_factory=dict)

    @property
    def beurs(self) -> str:
        """The exchange's origin; its traffic log is ``<beurs>/verkeer``."""
        return self.register.beurs

    def holds(self, state: RegisterState) -> bool:
        """Tell whether a quoted register state is one that we replayed: same size, same root."""
        return state.omvang < len(self.roots) and self.roots[state.omvang] == state.wortel

    def check_quote(self, state: RegisterState, moment: datetime) -> None:
        """Return only if the exchange may quote this register state for a decision of that moment.

        Raises:
            EvidenceError: it is not a state that we replayed, or a newer one stood when the decision was made:
                then a key that was replaced, perhaps because it leaked, would count again (DESIGN, Storage).
        """
        if not self.holds(state):
            raise EvidenceError("the exchange quotes a register state that is not the one we replayed")
        if state.omvang < len(self.times) and self.times[state.omvang] + CLOCKS_APART < moment:
            raise EvidenceError("the exchange quotes an old register state: a newer one stood already")

    def first_key(self, mailbox: Mailbox) -> PublicSigningKey | None:
        """The first signing key of a mailbox; every later one is signed by the one before (the fold checks)."""
        history = self.register.history(mailbox, SIGN)
        key = history[0].key if history else None
        return key if isinstance(key, PublicSigningKey) else None

    def is_confirmed(self, mailbox: Mailbox) -> bool:
        """Tell whether a person compared the fingerprint of the mailbox's first key."""
        first = self.first_key(mailbox)
        return first is not None and self.confirmed.get(mailbox) == first.kid

    def signing_key(self, mailbox: Mailbox, kid: str, omvang: int) -> PublicSigningKey | None:
        """The mailbox's signing key of that thumbprint, if it was the active one in the state of that size."""
        span = self.register.key(mailbox, SIGN, kid)
        return _signing(span) if span is not None and _active_at(span, omvang) else None

    def any_signing_key(self, mailbox: Mailbox, kid: str) -> PublicSigningKey | None:
        """The mailbox's signing key of that thumbprint, active or not."""
        return _signing(self.register.key(mailbox, SIGN, kid))

    def was_replaced(self, mailbox: Mailbox, kid: str) -> bool:
        """Tell whether this is a former signing key: it counts only where the log shows that it was active."""
        span = self.register.key(mailbox, SIGN, kid)
        return span is not None and span.until is not None

    def receipt_key(self, kid: str) -> PublicSigningKey | None:
        """The exchange's receipt key of that thumbprint, active or not."""
        return _signing(self.register.key(self.beurs, RECEIPTS, kid))

    def sealing_key(self, mailbox: Mailbox) -> PublicSealingKey:
        """The key to seal for: seen in the register log, of a mailbox whose first key a person confirmed.

        Raises:
            RejectedError: the recipient has no key, is suspended, or is not confirmed yet; the text says which.
        """
        key = self.register.sealing_key(mailbox)
        if key is None or not self.register.owns(mailbox):
            raise RejectedError(Problem.ONTVANGER_ONBEKEND, "the recipient has no active sealing key in the register")
        if not self.is_confirmed(mailbox):
            raise RejectedError(Problem.SLEUTEL_ONBEKEND, "compare the recipient's fingerprint and confirm it first")
        return key


def _active_at(span: KeySpan, omvang: int) -> bool:
    return span.since < omvang and (span.until is None or omvang <= span.until)


def _signing(span: KeySpan | None) -> PublicSigningKey | None:
    return span.key if span is not None and isinstance(span.key, PublicSigningKey) else None
