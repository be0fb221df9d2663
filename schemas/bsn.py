"""A citizen service number (BSN) has no place in anything from or to a corporation (UAVG art. 46; DOMAIN 1.2)."""

from __future__ import annotations

import re
import unicodedata

from schemas.values import Bsn

_NINE = re.compile(
    r"(?<![0-9])(?=([0-9]{9}|[0-9]{3}([. ])[0-9]{3}\2[0-9]{3}|[0-9]{4}([. ])[0-9]{2}\3[0-9]{3})(?![0-9]))"
)
"""Nine digits that are not part of a longer run, also as people print them: ``999 990 019`` or ``9999.90.019``.

It looks ahead and takes nothing, so that groups of digits before a number do not hide it: ``123 999 990 019``.
"""


def find_bsn(text: str) -> bool:
    """Tell whether ``text`` holds nine digits that pass the 11-proof.

    One in eleven other nine-digit numbers passes too: whoever refuses on this must leave
    room for a form of its own (a corporation's pattern for its references). Digits of other
    scripts and full-width digits count as the digits that they mean.
    """
    plain = text if text.isascii() else "".join(_plain(char) for char in unicodedata.normalize("NFKC", text))
    return any(_passes(found[1]) for found in _NINE.finditer(plain))


def no_bsn(text: str) -> str:
    """Give ``text`` back, or raise ``ValueError`` that does not repeat it."""
    if find_bsn(text):
        raise ValueError("expected no citizen service number (BSN)")
    return text


def _plain(char: str) -> str:
    return str(unicodedata.decimal(char, char))


def _passes(found: str) -> bool:
    digits = re.sub(r"[. ]", "", found)
    return digits != "000000000" and Bsn.holds(digits)
