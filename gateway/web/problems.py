"""Errors become problem documents (RFC 9457) here, through one map; nothing below knows an HTTP status."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.errors import EvidenceError, GatewayError, RejectedError
from schemas.problems import Problem
from schemas.strict import canonical_json
from schemas.texts import text

CONTENT_TYPE = "application/problem+json"

STATUS: dict[Problem, int] = {
    Problem.ONGELDIGE_INVOER: 400,
    Problem.GEEN_JSON: 400,
    Problem.TE_GROOT: 413,
    Problem.HANDTEKENING_ONGELDIG: 401,
    Problem.KOP_ONBEKEND: 400,
    Problem.ALGORITME_ONBEKEND: 400,
    Problem.SLEUTEL_ONBEKEND: 401,
    Problem.CERTIFICAAT_ONTBREEKT: 401,
    Problem.CERTIFICAAT_INGETROKKEN: 403,
    Problem.CERTIFICAAT_ONBEKEND: 403,
    Problem.DEELNEMER_GESCHORST: 403,
    Problem.AFZENDER_ONJUIST: 403,
    Problem.BEURS_ONJUIST: 422,
    Problem.ONTVANGER_ONBEKEND: 422,
    Problem.TYPE_ONBEKEND: 422,
    Problem.NIET_TOEGESTAAN: 403,
    Problem.VERLOOPTIJD_ONJUIST: 422,
    Problem.ANTWOORDOP_ONJUIST: 422,
    Problem.POORT_GESLOTEN: 409,
    Problem.NIET_VOLGENS_CONVENANT: 422,
    Problem.VERZEGELING_ONJUIST: 422,
    Problem.ID_BESTAAT: 409,
    Problem.VOLGNUMMER_ONJUIST: 409,
    Problem.VOLGNUMMER_ONTBREEKT: 409,
    Problem.DOSSIER_ONBEKEND: 422,
    Problem.NIET_GEVONDEN: 404,
    Problem.METHODE_ONBEKEND: 405,
    Problem.MEDIATYPE_ONBEKEND: 415,
    Problem.TE_VEEL_GEWEIGERD: 429,
    Problem.NIET_BESCHIKBAAR: 503,
    Problem.TE_LANGZAAM: 408,
    Problem.INTERNE_FOUT: 500,
    Problem.BEWIJS_ONJUIST: 422,
    Problem.BEWIJS_BESTAAT: 409,
    Problem.AL_TOEGETREDEN: 409,
    Problem.UITNODIGING_ONGELDIG: 403,
}
"""Every problem has one status; a test holds this against the closed list."""


def problem(error: GatewayError, language: str = "nl") -> dict[str, Any]:
    """Spell an error as a problem document. Its texts never repeat what was sent."""
    code = Problem.INTERNE_FOUT if isinstance(error, EvidenceError) else error.code
    words = text(code.value, language)
    document: dict[str, Any] = {
        "type": f"urn:seinpost:probleem:{code.value}",
        "title": words.title,
        "status": STATUS[code],
        "detail": " ".join(part for part in (words.explanation, words.next_step) if part),
        "code": code.value,
    }
    if isinstance(error, RejectedError):
        if error.faults:
            document["errors"] = [{"pointer": pointer, "detail": detail} for pointer, detail in error.faults]
        if error.receipt:
            document["ontvangstbewijs"] = error.receipt
    return document


def respond(error: GatewayError, request: web.BaseRequest) -> web.Response:
    """Answer with a problem document, in the language the caller prefers (Dutch unless English is asked)."""
    language = "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "nl"
    document = problem(error, language)
    headers = {"Retry-After": "2"} if document["status"] in (429, 503) else {}
    return web.Response(
        body=canonical_json(document), status=document["status"], content_type=CONTENT_TYPE, headers=headers
    )
