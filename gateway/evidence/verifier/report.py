"""What the verifier tells: each check by name, and whether all of them hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Check(NamedTuple):
    """One thing that was checked: ``tekst`` in Dutch and ``text`` in English say why it failed, or that it holds."""

    name: str
    subject: str
    ok: bool
    tekst: str
    text: str


class Remark(NamedTuple):
    """What the file does not show, or what the reader is to compare: in Dutch, and in English."""

    tekst: str
    text: str


class Account(NamedTuple):
    """What the file shows of one message, without its content; worth what ``Report.ok`` and ``anchored`` say.

    ``moment`` is that of the log entry of its acceptance or refusal; ``uitkomst`` is a kind of receipt.
    """

    id: str
    type: str
    source: str
    ontvanger: str
    moment: str
    uitkomst: str


@dataclass(frozen=True, slots=True)
class Report:
    """Every check, and ``remarks`` on what the file does not show. ``ok`` if no check failed.

    Without ``anchored`` the log keys were taken from the file itself: it agrees with itself, no more. Whoever
    relies on the file asks for both ``ok`` and ``anchored``.
    """

    checks: tuple[Check, ...]
    remarks: tuple[Remark, ...]
    anchored: bool
    messages: tuple[Account, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether everything holds."""
        return bool(self.checks) and all(check.ok for check in self.checks)
