"""Problem documents back into the errors that they came from: the same classes on both sides of the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.errors import GatewayError, RejectedError, UnavailableError
from schemas.problems import Problem

_SEND_AGAIN = frozenset({Problem.NIET_BESCHIKBAAR, Problem.VOLGNUMMER_ONTBREEKT, Problem.TE_LANGZAAM})
MAX_TEXT = 500


def error_of(document: object, status: int = 0) -> GatewayError:
    """Give the error that a problem document, or an element ``probleem`` of a batch, tells of.

    A document that is none, and a code that this version does not know, count by their status:
    from 500 on (or unknown) the outcome is unknown and sending again is safe; else it is a refusal.
    """
    problem: Mapping[str, Any] = document if isinstance(document, dict) else {}
    code = _code(problem.get("code"))
    detail = _text(problem.get("detail")) or _text(problem.get("title"))
    status = problem["status"] if isinstance(problem.get("status"), int) else status
    if code in _SEND_AGAIN or status in (429, 503) or (code is None and not 400 <= status < 500):
        return UnavailableError(detail, code or Problem.NIET_BESCHIKBAAR)
    if status >= 500:
        return UnavailableError(detail or f"status {status}")
    receipt = problem.get("ontvangstbewijs")
    errors = problem.get("errors")
    faults = [_fault(f) for f in errors if isinstance(f, dict)] if isinstance(errors, list) else []
    return RejectedError(code or Problem.INTERNE_FOUT, detail, faults, receipt if isinstance(receipt, str) else None)


def _code(value: object) -> Problem | None:
    try:
        return Problem(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(value: object) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _fault(fault: Mapping[str, Any]) -> tuple[str, str]:
    return _text(fault.get("pointer")), _text(fault.get("detail"))
