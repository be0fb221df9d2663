"""Reply terms: whose turn it is, until when, and what was told of it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from gateway.errors import RejectedError
from gateway.flow.terms import Overview, Terms, TermStanding
from gateway.web.api.messages import answer
from gateway.web.server import Call, Route, Who
from schemas.problems import Problem
from schemas.values import RandomId, from_milliseconds, spell_instant


def routes(terms: Terms) -> list[Route]:
    """The rows of this module that parties use."""

    async def own(call: Call) -> web.Response:
        return answer(_overview(await terms.overview(call.party)))

    async def of_dossier(call: Call) -> web.Response:
        try:
            dossier = RandomId(call.request.match_info["id"])
        except ValueError:
            raise RejectedError(Problem.NIET_GEVONDEN) from None
        return answer(_overview(await terms.dossier(call.party, dossier)))

    return [
        Route("GET", "/v1/termijnen", Who.PARTY, own),
        Route("GET", "/v1/dossiers/{id}/termijnen", Who.PARTY, of_dossier),
    ]


def local_routes(terms: Terms) -> list[Route]:
    """The row for whoever may open the local socket."""

    async def everything(_: Call) -> web.Response:
        return answer(_overview(await terms.everything()))

    return [Route("GET", "/beheer/termijnen", Who.ADMIN, everything)]


def _overview(found: Overview) -> dict[str, Any]:
    return {"termijnen": [_spelled(standing) for standing in found.terms], "meer": found.more}


def _spelled(standing: TermStanding) -> dict[str, Any]:
    term, message = standing.term, standing.message
    spelled = {
        "code": term.code,
        "stand": term.state,
        "begin": spell_instant(from_milliseconds(term.begun)),
        "einde": spell_instant(from_milliseconds(term.due)),
        "niveau": term.level,
        "id": message.id,
        "source": message.source,
        "ontvanger": message.ontvanger,
        "type": message.type,
        "dossier": message.dossier,
    }
    later = {} if term.next_at is None else {"volgendeMelding": spell_instant(from_milliseconds(term.next_at))}
    return spelled | later | ({} if standing.answer is None else {"antwoord": standing.answer})
