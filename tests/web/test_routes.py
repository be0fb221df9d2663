"""The table of routes: each names who may use it, and who may not learns nothing (T7, I11)."""

from __future__ import annotations

import inspect as introspection
import json
import re
from typing import Any
from unittest.mock import Mock

import pytest

from gateway.app import local_app, network_app
from gateway.web import problems
from gateway.web.server import ROUTES, Route, Who, make_app
from schemas.problems import Problem
from tests.exchange import DE_SLEUTELS, ONS_DOEL, House, Party, eventually, read
from tests.web.answers import dressed, problem, unmoved
from tests.web.conftest import join
from tests.web.regenerate import PUBLISHED, description

ROWS: list[Route] = network_app(Mock())[ROUTES]
PUBLIC = {
    "/health/live", "/health/ready", "/log/{log}/checkpoint", "/log/{log}/tile/{path:.+}", "/v1/aanmeldingen",
    "/v1/autoriteit", "/v1/intrekkingslijst", "/v1/openapi.json",
}  # fmt: skip
PLAIN = {
    "log": "verkeer", "path": "000", "index": "0", "oin": str(ONS_DOEL), "id": "019a9f3e-7c00-7abc-8def-000000000001",
}  # fmt: skip


def filled(path: str) -> str:
    """Put something that could be there into a path."""
    return re.sub(r"{(\w+)(:[^}]*)?}", lambda match: PLAIN[match[1]], path)


def test_what_is_public_is_listed_here() -> None:
    """A route that becomes public, or stops being so, is a decision that this list makes too."""
    assert {row.path for row in ROWS if row.who is Who.PUBLIC} == PUBLIC
    assert {row.who for row in ROWS} == {Who.PUBLIC, Who.PARTY}
    assert {row.who for row in local_app(Mock())[ROUTES]} == {Who.ADMIN}


def test_a_route_without_who_cannot_be_made() -> None:
    """Who may use it is no option of a route, and administration is never on the network."""
    assert introspection.signature(Route).parameters["who"].default is introspection.Parameter.empty

    async def handler(_: Any) -> Any:
        raise NotImplementedError

    with pytest.raises(ValueError, match="never served"):
        make_app([Route("GET", "/beheer", Who.ADMIN, handler)], Mock(), lambda: None)


def test_every_problem_has_a_status() -> None:
    """The map from problems to statuses has no hole and no guess."""
    assert set(problems.STATUS) == set(Problem)
    assert all(400 <= status < 600 for status in problems.STATUS.values())


@pytest.fixture
async def routes(exchange: House) -> House:
    """An exchange whose logs are published."""

    async def published() -> bool:
        return (await exchange.ask("GET", "/log/verkeer/checkpoint")).status == 200

    await eventually(published)
    return exchange


async def test_without_a_certificate_only_the_public_is_there(routes: House) -> None:
    """Every other route answers 401, whatever is asked of it."""
    for row in ROWS:
        body = {} if row.method == "POST" else None
        reply = await routes.ask(row.method, filled(row.path), None, body)
        dressed(reply)
        if row.who is Who.PARTY:
            problem(reply, 401, "certificaat-ontbreekt")
        else:
            assert reply.status not in (401, 403, 500), row.path


async def test_what_is_not_there(routes: House) -> None:
    """An unknown path and a slash too many are 404; another method is 405 with what is allowed."""
    for path in (
        "/",
        "/v1",
        "/v1/",
        "/v1/berichten/",
        "/v2/berichten",
        "/health/live/",
        "/beheer/deelnemers",
        "/v1//x",
    ):
        problem(await routes.ask("GET", path), 404, "niet-gevonden")
    for row in ROWS:
        for method in {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GET", "POST"} - {row.method}:
            reply = await routes.ask(method, filled(row.path))
            problem(reply, 405, "methode-onbekend")
            assert row.method in reply.headers["Allow"].split(", ")


async def test_head_is_get_without_a_body(routes: House, sender: Party) -> None:
    """HEAD answers as GET does, with its length and nothing after it (RFC 9110)."""
    for row in (row for row in ROWS if row.method == "GET"):
        path, party = filled(row.path), sender if row.who is Who.PARTY else None
        if path == "/log/verkeer/tile/000" or "/entries/" in path:
            continue
        full, head = await routes.ask("GET", path, party), await routes.ask("HEAD", path, party)
        assert (head.status, head.body) == (full.status, b"")
        dressed(head)


HUGE = "x999/x999/x999/x999/x999/x999/999"


@pytest.mark.parametrize(
    "path",
    [
        "/log/ander/checkpoint",
        "/log/ander/tile/0/000",
        "/log/register/tile/63/" + HUGE,
        *(
            f"/log/verkeer/tile/{tile}"
            for tile in (
                "0/000", "0/000.p/1", "0/000.p/256", "0/000.p/0", "0/0", "00/000", "64/000", "0/" + HUGE, "entries/000",
                "0/..%2f..", "0/%00",
            )
        ),
    ],
)  # fmt: skip
async def test_a_tile_that_is_not_there(routes: House, path: str) -> None:
    """Whatever stands in the address of a tile, it is found or it is not."""
    problem(await routes.ask("GET", path), 404, "niet-gevonden")


@pytest.mark.parametrize("index", ["0", "1", "999999999999999", "9" * 40, "-1", "x", "1.0", "%31", "²"])
async def test_an_entry_that_is_not_there(sender: Party, index: str) -> None:
    """Whatever stands in the address of an entry, an empty log has none."""
    problem(await sender.get(f"/log/verkeer/logregel/{index}"), 404, "niet-gevonden")


@pytest.mark.parametrize("path", ["entries/000", "entries/000.p/255", "entries/" + HUGE, "entries/x"])
async def test_register_entries_that_are_not_there(sender: Party, path: str) -> None:
    """The same for the register's entries."""
    problem(await sender.get(f"/log/register/tile/{path}"), 404, "niet-gevonden")


async def test_a_stranger_sees_nothing_of_another(exchange: House, sender: Party, recipient: Party) -> None:
    """For each route that shows an object: the parties see it, to a stranger it is as what does not exist (I11)."""
    stranger = await join(exchange, DE_SLEUTELS)
    message = sender.message(recipient)
    assert (await sender.post("/v1/berichten", message)).status == 202
    refused = sender.message(recipient, type="nl.huurschuld.onbekend.v1")
    await sender.post("/v1/berichten", refused)
    handed = (await recipient.post("/v1/postvak/_ophalen", {"postvak": recipient.mailbox})).json["berichten"][0]
    receipts = {"postvak": recipient.mailbox, "ontvangstbewijzen": [recipient.receipt(handed)]}
    await recipient.post("/v1/postvak/_ophalen", receipts)
    about, tried = read(message["envelop"]), read(refused["envelop"])
    kinds = await exchange.kinds()
    assert kinds == ["aanvaard", "afgewezen", "aangeboden", "ontvangen"]
    both = {f"/v1/berichten/{sender.oin}/{about['id']}", f"/v1/dossiers/{about['dossier']}"}
    both |= {f"/log/verkeer/logregel/{index}" for index, kind in enumerate(kinds) if kind != "afgewezen"}
    own = {f"/v1/berichten/{sender.oin}/{tried['id']}", "/log/verkeer/logregel/1"}
    absent = await stranger.get(f"/v1/berichten/{sender.oin}/019a9f3e-7c00-7abc-8def-ffffffffffff")
    for path in both | own:
        assert (await sender.get(path)).status == 200, path
        assert (await recipient.get(path)).status == (200 if path in both else 404), path
        problem(foreign := await stranger.get(path), 404, "niet-gevonden")
        assert foreign.body == absent.body
    problem(await stranger.get(f"/v1/dossiers/{tried['dossier']}"), 404, "niet-gevonden")
    for mailbox in (sender.mailbox, recipient.mailbox, "urn:nld:oin:00000099000000999000:systeem:x"):
        reply = await stranger.post("/v1/postvak/_ophalen", {"postvak": mailbox, "vanaf": 0})
        problem(reply, 404, "niet-gevonden")
    reply = await stranger.post("/v1/sleutels", sender.key("ondertekenen", sender.signing))
    problem(reply, 404, "niet-gevonden")


async def test_a_stranger_cannot_change_another(exchange: House, sender: Party, recipient: Party) -> None:
    """Seeing for, or receipting for, another's mailbox changes nothing of it."""
    stranger = await join(exchange, DE_SLEUTELS)
    await sender.post("/v1/berichten", sender.message(recipient))
    handed = (await recipient.post("/v1/postvak/_ophalen", {"postvak": recipient.mailbox})).json["berichten"][0]
    async with unmoved(exchange):
        forged = [stranger.receipt(handed), stranger.receipt(handed, ontvanger=stranger.mailbox)]
        body = {"postvak": stranger.mailbox, "ontvangstbewijzen": forged, "gezien": [0, 1, 2, 3]}
        outcomes = (await stranger.post("/v1/postvak/_ophalen", body)).json["uitkomsten"]
        assert all(list(outcome) == ["probleem"] for outcome in outcomes)
    real = {"postvak": recipient.mailbox, "ontvangstbewijzen": [recipient.receipt(handed)]}
    await recipient.post("/v1/postvak/_ophalen", real)
    await stranger.post("/v1/postvak/_ophalen", body)
    post = (await sender.post("/v1/postvak/_ophalen", {"postvak": sender.mailbox})).json["ontvangstbewijzen"]
    assert len(post) == 1


async def test_openapi_is_public_and_is_what_is_published(routes: House) -> None:
    """The served description is the committed one; renew that with ``make docs``."""
    reply = await routes.ask("GET", "/v1/openapi.json")
    assert reply.status == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.json == json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert description() == PUBLISHED.read_text(encoding="utf-8")


def test_openapi_describes_every_route() -> None:
    """Each route of the API is in it, with who may use it and where its body and parameters stand."""
    document = json.loads(description())
    rows = {
        row.path.removeprefix("/v1"): row for row in ROWS if row.path.startswith("/v1/") and "openapi" not in row.path
    }
    assert document["paths"].keys() == rows.keys()
    for path, methods in document["paths"].items():
        (operation,) = methods.values()
        assert ("mtls" in str(operation["security"])) is (rows[path].who is Who.PARTY)
        assert [p["name"] for p in operation.get("parameters", [])] == re.findall(r"{(\w+)}", path)
        assert ("requestBody" in operation) is ("post" in methods)
    references = set(re.findall(r'"#/components/(\w+)/([\w-]+)"', description()))
    assert all(name in document["components"][kind] for kind, name in references)
