"""What an exchange may answer, read strictly: problems become the errors that they came from, bundles add up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.client.logs import split_bundle
from gateway.client.post import Post, Round
from gateway.client.problems import error_of
from gateway.client.proofs import claimed_subject
from gateway.client.transport import MAX_ANSWER
from gateway.errors import EvidenceError, GatewayError, RejectedError, UnavailableError
from schemas.envelope import MAX_COLLECTED, MAX_LADING
from schemas.problems import Problem
from schemas.values import Mailbox

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)
HUUR = Mailbox("urn:nld:oin:00000099000000001000:systeem:huur")


@pytest.mark.parametrize("code", [Problem.NIET_BESCHIKBAAR, Problem.VOLGNUMMER_ONTBREEKT, Problem.TE_LANGZAAM])
def test_send_again(code: Problem) -> None:
    """These codes say that nothing was decided: the same bytes are to be sent again."""
    error = error_of({"code": code.value, "status": 409})
    assert isinstance(error, UnavailableError)
    assert error.code is code


def test_refusal_carries_everything() -> None:
    """A refusal keeps its code, its faults and the signed receipt."""
    error = error_of(
        {
            "code": "niet-toegestaan",
            "status": 403,
            "detail": "x",
            "errors": [{"pointer": "#/a", "detail": "b"}, "no object"],
            "ontvangstbewijs": "a.b.c",
        }
    )
    assert isinstance(error, RejectedError)
    assert (error.code, error.detail, error.receipt) == (Problem.NIET_TOEGESTAAN, "x", "a.b.c")
    assert error.faults == (("#/a", "b"),)


@pytest.mark.parametrize("errors", [5, True, "x", {"a": 1}, None])
def test_faults_that_are_no_list(errors: Any) -> None:
    """Faults that are no list are no faults; the refusal stays a refusal."""
    error = error_of({"code": "niet-toegestaan", "status": 403, "errors": errors})
    assert isinstance(error, RejectedError)
    assert error.faults == ()


@pytest.mark.parametrize("nummer", [-1, 2**63, 2**70])
async def test_numbers_that_fit_no_database(nummer: int) -> None:
    """The number of a receipt that cannot be kept makes the answer no answer."""
    answer = {"ontvangstbewijzen": [{"nummer": nummer, "bewijs": "x"}]}
    with pytest.raises(UnavailableError):
        await Post(Canned(answer)).collect(Round(HUUR))


@given(JSON, st.integers(0, 700))
def test_any_document_is_an_error(document: Any, status: int) -> None:
    """Whatever stands where a problem should: it becomes one of the two errors, and a 5xx never a refusal."""
    error = error_of(document, status)
    assert isinstance(error, (RejectedError, UnavailableError))
    if not isinstance(document, dict) and status >= 500:
        assert isinstance(error, UnavailableError)


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_bundle_comes_apart(bodies: list[bytes]) -> None:
    """A bundle gives back its bodies; cut anywhere inside a body it is refused."""
    data = b"".join(len(body).to_bytes(2, "big") + body for body in bodies)
    assert split_bundle(data) == bodies
    if bodies:
        with pytest.raises(EvidenceError):
            split_bundle(data[:-1])


@given(st.binary(max_size=600))
def test_any_bytes_for_a_bundle(data: bytes) -> None:
    """Any bytes either come apart completely or are refused."""
    try:
        bodies = split_bundle(data)
    except EvidenceError:
        return
    assert sum(len(body) + 2 for body in bodies) == len(data)


@given(
    st.text(max_size=200)
    | st.from_regex(r"[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{86}", fullmatch=True)
)
def test_any_text_for_a_receipt(text: str) -> None:
    """Any text that is no receipt is refused as evidence, and nothing else is raised."""
    with pytest.raises(EvidenceError):
        claimed_subject(text)


class Canned:
    """A transport with one answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def get(self, path: str, limit: int = MAX_ANSWER) -> bytes:
        raise AssertionError(path, limit)

    async def post(self, path: str, body: object, limit: int = MAX_ANSWER, wait_seconds: float = 0.0) -> Any:
        self.limit = limit
        assert path
        assert body
        assert limit > wait_seconds
        return self.answer


@pytest.mark.parametrize(
    "answer",
    [
        {"uitkomsten": []},
        {"uitkomsten": [{"aanvaard": "a"}, {"aanvaard": "b"}]},
        {"uitkomsten": "x"},
        [],
        {"uitkomsten": [{"aanvaard": 5}]},
    ],
)
async def test_answers_of_another_form(answer: Any) -> None:
    """An answer with another form or another number of outcomes is no answer: the outcome is unknown."""
    with pytest.raises(UnavailableError):
        await Post(Canned(answer)).submit([("e", "l")])


async def test_outcomes_in_order() -> None:
    """Outcomes stay in the order of the question; an empty one is an unknown outcome."""
    answer = {"uitkomsten": [{"aanvaard": "a"}, {"probleem": {"code": "te-groot", "status": 413}}, {}]}
    found = await Post(Canned(answer)).submit([("e", "l")] * 3)
    assert found[0] == "a"
    assert isinstance(found[1], RejectedError)
    assert isinstance(found[2], UnavailableError)


@given(JSON)
async def test_any_answer_to_a_collect(answer: Any) -> None:
    """Any JSON is either read as docs/api.md says or an unknown outcome."""
    try:
        collected = await Post(Canned(answer)).collect(Round(HUUR))
    except UnavailableError:
        return
    assert all(isinstance(one, GatewayError) for one in collected.uitkomsten)


async def test_answers_may_say_more() -> None:
    """A member that a later exchange adds to an answer does not stop an older connector."""
    answer = {"uitkomsten": [{"aanvaard": "a", "nieuw": 1}], "ook": []}
    assert await Post(Canned(answer)).submit([("e", "l")]) == ["a"]


async def test_no_longer_answer_than_an_honest_one() -> None:
    """A collect takes what an honest exchange hands out at most, and not many times that."""
    canned = Canned({})
    await Post(canned).collect(Round(HUUR))
    assert MAX_COLLECTED + MAX_LADING < canned.limit < 2 * MAX_COLLECTED
