"""The API's own description, OpenAPI 3.1, readable without a certificate (API Design Rules, publish-openapi)."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from gateway.web.api.messages import Bericht, Ophaalverzoek, answer
from gateway.web.api.parties import Aanmelding, Sleutel
from gateway.web.server import API_VERSION, Call, Route, Who

BODIES = {
    "/v1/berichten": {"oneOf": [{"$ref": "#/components/schemas/Bericht"}, {"$ref": "#/components/schemas/Berichten"}]},
    "/v1/postvak/_ophalen": {"$ref": "#/components/schemas/Ophaalverzoek"},
    "/v1/sleutels": {"$ref": "#/components/schemas/Sleutel"},
    "/v1/aanmeldingen": {"$ref": "#/components/schemas/Aanmelding"},
}

PURPOSE = {
    "/v1/berichten": "Berichten aanbieden",
    "/v1/postvak/_ophalen": "Een postvak legen en ontvangstbewijzen inleveren",
    "/v1/berichten/{oin}/{id}": "De stand van een bericht",
    "/v1/dossiers/{id}": "De eigen berichten van een dossier",
    "/v1/dossiers/{id}/termijnen": "De eigen antwoordtermijnen van een dossier",
    "/v1/termijnen": "De eigen lopende antwoordtermijnen",
    "/v1/deelnemers": "Deelnemers met hun actieve sleutels",
    "/v1/sleutels": "Een opvolgende sleutel inleveren",
    "/v1/convenant": "Het geldende convenant",
    "/v1/aanmeldingen": "Toetreden met een uitnodiging",
    "/v1/autoriteit": "De beurs en haar certificaatautoriteit",
    "/v1/intrekkingslijst": "De intrekkingslijst (CRL)",
}


def routes(rows: list[Route]) -> list[Route]:
    """The row of this module, describing the other rows."""
    document = describe(rows)

    async def openapi(_: Call) -> web.Response:
        return answer(document, headers={"Access-Control-Allow-Origin": "*"})

    return [Route("GET", "/v1/openapi.json", Who.PUBLIC, openapi)]


def describe(rows: list[Route]) -> dict[str, Any]:
    """Give the OpenAPI document of the ``/v1`` rows."""
    paths: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.path.startswith("/v1/"):
            paths.setdefault(row.path.removeprefix("/v1"), {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Seinpost",
            "version": API_VERSION,
            "description": "Berichtenuitwisseling voor het voorkomen van huisuitzetting bij huurschuld.",
            "contact": {
                "name": "Beheer van deze beurs",
                "url": "https://example.org/seinpost",
                "email": "beheer@example.org",
            },
        },
        "servers": [{"url": "/v1"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"mtls": {"type": "mutualTLS", "description": "Het certificaat noemt het OIN."}},
            "headers": {"API-Version": {"schema": {"type": "string", "const": API_VERSION}}},
        },
    }


def _operation(row: Route) -> dict[str, Any]:
    version = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleem"}}}
    operation: dict[str, Any] = {
        "summary": PURPOSE[row.path],
        "operationId": f"{row.method.lower()}{''.join(part.title() for part in re.findall('[a-z]+', row.path)[1:])}",
        "security": [{"mtls": []}] if row.who is Who.PARTY else [{}],
        "responses": {
            "2XX": {"description": "Gelukt", "headers": version},
            "4XX": {"description": "De aanvrager moet iets veranderen", "headers": version, "content": problem},
            "5XX": {"description": "Later opnieuw", "headers": version, "content": problem},
        },
    }
    parameters = re.findall(r"{(\w+)}", row.path)
    if parameters:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parameters
        ]
    if row.path in BODIES and row.method == "POST":
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": BODIES[row.path]}}}
    return operation


def _schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for model in (Bericht, Ophaalverzoek, Sleutel, Aanmelding):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[model.__name__] = schema
    schemas["Berichten"] = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Bericht"},
        "minItems": 1,
        "maxItems": 500,
    }
    schemas["Probleem"] = {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "ontvangstbewijs": {"type": "string", "description": "Het bewijs afgewezen (JWS)"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                },
            },
        },
    }
    return schemas
