"""Help, suspension and balance: each model reads what its conditions allow, and refuses each of them broken."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.berichten.hulp import Verwijsdoel, Verwijzingsstatus, Zorgcode
from schemas.berichten.opschorting import Weigerreden
from schemas.berichten.projectie import Eindresultaat
from schemas.catalogue import CATALOGUE, parse_bericht
from schemas.envelope import MalformedError
from schemas.publish import schema_of
from schemas.strict import parse_json
from schemas.values import Bsn
from tests.properties.schemas.berichten_made import BOOLEANS, TENANTS, Json
from tests.properties.schemas.hulp_made import (
    ADDRESS,
    BY_CODE,
    CONCERNS,
    DOSSIERS,
    NUMBERS,
    decisions,
    helped,
    periods,
    referrals,
    replies,
    requests,
    statements,
)

VALIDATORS = {
    code: Draft202012Validator(schema_of(CATALOGUE[code]), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for code in BY_CODE
}
REFERRAL, REPLY, CONCERN, REQUEST, DECISION, _, STATEMENT = BY_CODE
PURPOSES = st.sampled_from(Verwijsdoel)


def _refused(code: str, bericht: Json, *, schema_sees: bool = True) -> None:
    """Hold that the model refuses, and the schema too where it can say so."""
    with pytest.raises(MalformedError):
        parse_bericht(code, bericht)
    assert VALIDATORS[code].is_valid(bericht) is not schema_sees


def _taken(code: str, bericht: Json) -> None:
    """Hold that model and schema both take it, and that nothing is lost or added."""
    model = parse_bericht(code, parse_json(json.dumps(bericht)))
    spelled = model.model_dump_json(exclude_none=True)
    assert json.loads(spelled) == bericht
    assert parse_bericht(code, json.loads(spelled)) == model
    VALIDATORS[code].validate(bericht)


def _both(code: str, bericht: Json, *, allowed: bool) -> None:
    if allowed:
        _taken(code, bericht)
    else:
        _refused(code, bericht)


@pytest.mark.parametrize("code", BY_CODE)
@given(data=st.data())
def test_each_type_goes_round(code: str, data: st.DataObject) -> None:
    """JSON text to model to JSON text is the same, and the published schema takes it."""
    _taken(code, data.draw(BY_CODE[code]))


@given(referrals(), TENANTS, NUMBERS)
def test_number_and_address_exclude_one_another(made: Json, tenant: Json, number: str) -> None:
    """A tenant with a citizen service number has no part of an address, however small."""
    for part in {*ADDRESS} & tenant.keys():
        rest = {key: item for key, item in tenant.items() if key not in ADDRESS}
        _refused(REFERRAL, made | {"huurder": rest | {"bsn": number, part: tenant[part]}})
        _taken(REFERRAL, made | {"huurder": rest | {"bsn": number}})


@given(referrals(), TENANTS, st.sampled_from(["postcode", "huisnummer"]))
def test_somebody_is_known_by_something(made: Json, tenant: Json, missing: str) -> None:
    """Without a number both the postcode and the house number are asked for."""
    _refused(REFERRAL, made | {"huurder": {key: item for key, item in tenant.items() if key != missing}})


@given(referrals(), TENANTS, st.integers(0, 999_999_999).map(lambda number: f"{number:09d}"))
def test_a_number_passes_the_eleven_test(made: Json, tenant: Json, digits: str) -> None:
    """Nine digits count as a citizen service number exactly when they can be one."""
    rest = {key: item for key, item in tenant.items() if key not in ADDRESS} | {"bsn": digits}
    if Bsn.holds(digits):
        _taken(REFERRAL, made | {"huurder": rest})
    else:
        _refused(REFERRAL, made | {"huurder": rest}, schema_sees=False)


@given(helped(), PURPOSES, BOOLEANS, BOOLEANS, DOSSIERS)
def test_purpose_consent_and_former_dossier(
    tenant: Json, purpose: Verwijsdoel, agreed: bool, moved: bool, former: str
) -> None:
    """Only unasked care goes without consent, and a former dossier comes exactly with a move."""
    made: Json = {"huurder": tenant, "doel": str(purpose), "urgentie": "CRISIS"}
    made |= {"toestemming": "JA" if agreed else "NEE_BEMOEIZORG"} | ({"vorigDossier": former} if moved else {})
    consented = agreed or purpose is Verwijsdoel.BEMOEIZORG
    _both(REFERRAL, made, allowed=consented and moved is (purpose is Verwijsdoel.OVERDRACHT_GEMEENTE))


@given(referrals(), st.sampled_from("\n\r\t\x00\x7f\u2028\u200b\u00a0"), st.text("ab ", max_size=5))
def test_a_remark_is_one_printed_line(made: Json, hidden: str, around: str) -> None:
    """Nothing that does not print gets into a remark."""
    _refused(REFERRAL, made | {"toelichting": f"a{around}{hidden}{around}b"})


@given(referrals(), st.integers(281, 400))
def test_a_remark_is_short(made: Json, length: int) -> None:
    """A remark has at most 280 characters."""
    _taken(REFERRAL, made | {"toelichting": "a" * 280})
    _refused(REFERRAL, made | {"toelichting": "a" * length})


@given(referrals(), NUMBERS, st.sampled_from(["{0}{1}{2}", "{0} {1} {2}", "{0}.{1}.{2}"]))
def test_a_remark_holds_no_number(made: Json, number: str, form: str) -> None:
    """A citizen service number in a remark is refused, also as people print it."""
    spelled = form.format(number[:3], number[3:6], number[6:])
    _refused(REFERRAL, made | {"toelichting": f"Bekend onder {spelled}, bel eerst"}, schema_sees=False)


@given(replies(), st.sampled_from(Verwijzingsstatus), st.none() | st.sampled_from(Eindresultaat))
def test_a_result_comes_at_the_end(made: Json, status: Verwijzingsstatus, result: Eindresultaat | None) -> None:
    """A result is given exactly when the help is finished."""
    given_ = {key: item for key, item in made.items() if key != "resultaat"} | {"status": str(status)}
    given_ |= {} if result is None else {"resultaat": str(result)}
    _both(REPLY, given_, allowed=(result is not None) is (status is Verwijzingsstatus.AFGEROND))


@given(CONCERNS, st.lists(st.sampled_from(Zorgcode), max_size=8))
def test_each_concern_stands_once(made: Json, codes: list[Zorgcode]) -> None:
    """One concern or more, none of them twice."""
    bericht = made | {"zorgcodes": [str(code) for code in codes]}
    _both(CONCERN, bericht, allowed=bool(codes) and len(codes) == len(set(codes)))


@given(CONCERNS, NUMBERS)
def test_a_concern_knows_no_number(made: Json, number: str) -> None:
    """A corporation may report a concern, so there is no field for a citizen service number."""
    _refused(CONCERN, made | {"huurder": made["huurder"] | {"bsn": number}})


OTHER_LENGTHS = st.integers(-400, 0) | st.integers(31, 400)


def _stretched(made: Json, days: int) -> dict[str, Any]:
    return made | {"tot": (date.fromisoformat(made["vanaf"]) + timedelta(days=days)).isoformat()}


@given(requests(), OTHER_LENGTHS)
def test_a_pause_asked_for_is_one_to_thirty_days(made: Json, days: int) -> None:
    """No pause of no days, backwards, or longer than thirty; a schema cannot reckon."""
    _refused(REQUEST, _stretched(made, days), schema_sees=False)


@given(decisions().filter(lambda made: "vanaf" in made), OTHER_LENGTHS)
def test_a_pause_granted_is_one_to_thirty_days(made: Json, days: int) -> None:
    """The same bounds hold for what is granted."""
    _refused(DECISION, _stretched(made, days), schema_sees=False)


@given(requests(), st.integers(1, 400))
def test_help_is_accepted_before_a_pause(made: Json, days: int) -> None:
    """Help that is accepted after the pause began is no ground for it."""
    late = date.fromisoformat(made["vanaf"]) + timedelta(days=days)
    _refused(REQUEST, made | {"hulpGeaccepteerdOp": late.isoformat()}, schema_sees=False)


@given(decisions(), periods(), BOOLEANS, BOOLEANS, BOOLEANS, st.none() | st.sampled_from(Weigerreden))
def test_a_pause_is_granted_or_refused(
    made: Json, period: Json, granted: bool, begins: bool, ends: bool, reason: Weigerreden | None
) -> None:
    """Granted: both dates and no reason. Refused: a reason and no dates. Nothing between."""
    bericht: Json = {"betreft": made["betreft"], "datum": made["datum"]}
    bericht |= {"besluit": "TOEGEKEND" if granted else "GEWEIGERD"}
    bericht |= ({"vanaf": period["vanaf"]} if begins else {}) | ({"tot": period["tot"]} if ends else {})
    bericht |= {} if reason is None else {"weigerreden": str(reason)}
    _both(DECISION, bericht, allowed=begins is ends is granted and (reason is None) is granted)


@given(statements().filter(lambda made: bool(made["vorderingen"])), st.integers(1, 400))
def test_a_claim_is_due_on_the_day_of_the_statement(made: Json, days: int) -> None:
    """One claim of later than the day of the statement spoils it."""
    late = (date.fromisoformat(made["peildatum"]) + timedelta(days=days)).isoformat()
    claims = [*made["vorderingen"][:-1], made["vorderingen"][-1] | {"ontstaansdatum": late}]
    _refused(STATEMENT, made | {"vorderingen": claims}, schema_sees=False)


@given(statements(), st.sampled_from([0, -1, 10**12]))
def test_amounts_are_above_zero(made: Json, amount: int) -> None:
    """Neither the rent nor a claim is nothing, less than nothing, or beyond reason."""
    _refused(STATEMENT, made | {"maandhuurCent": amount})
    for claim in made["vorderingen"]:
        _refused(STATEMENT, made | {"vorderingen": [claim | {"bedragCent": amount}]})
