"""The forms of what a payment plan and a court case are known by: account, payment reference, case number."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from schemas.berichten.vormen import Kenmerk
from schemas.bsn import no_bsn


def _check_digits(value: str) -> str:
    """Hold an account number against its check digits (ISO 13616: mod 97 is 1)."""
    if int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 != 1:
        raise ValueError("expected a Dutch IBAN whose check digits are right")
    return value


Iban = Annotated[
    str,
    StringConstraints(pattern=r"^NL(0[2-9]|[1-8][0-9]|9[0-8])[A-Z]{4}[0-9]{10}$"),
    AfterValidator(_check_digits),
]
"""A Dutch account, without spaces (DOMAIN 4). Check digits run from 02 to 98, or one account had two spellings."""

Betaalreferentie = Kenmerk
"""What a tenant writes beside a payment: one mark, never a sentence, and no personal data (class G)."""

_ECLI = r"ECLI:NL:[A-Z]{1,7}:[0-9]{4}:[A-Z0-9.]{1,25}"
_ROLL = r"[0-9]{7,8}( [A-Z]{2} [A-Z]{4,5} [0-9]{2}-[0-9]{1,6})?"

Zaaknummer = Annotated[str, StringConstraints(pattern=rf"^({_ECLI}|{_ROLL})$", max_length=60), AfterValidator(no_bsn)]
"""A case at the cantonal court: its ECLI (DOMAIN 4), or its number, with or without the roll.

So ``ECLI:NL:RBDHA:2026:1234``, ``11234567`` or ``11234567 RL EXPL 26-1234``.
"""
