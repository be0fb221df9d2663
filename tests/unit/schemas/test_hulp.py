"""Referral, its answer and the report of concern: what they say, how sensitive it is, and who may not learn it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from schemas.berichten.blokken import Contactpoging, Huurder, HuurderBijHulp
from schemas.berichten.hulp import (
    KinderenInWoning,
    Toestemming,
    Urgentie,
    Verwijsdoel,
    Verwijzing,
    Verwijzingsantwoord,
    Verwijzingsstatus,
    Zorgcode,
    Zorgmelding,
)
from schemas.berichten.klassen import DataClass, data_class, highest, leaves
from schemas.berichten.projectie import Eindresultaat
from schemas.values import Bsn

EXAMPLES = Path(__file__).parents[3] / "schemas" / "published" / "examples"
MODELS = (Verwijzing, Verwijzingsantwoord, Zorgmelding)
TEST_BSN = "999990019"


def _example(name: str, which: str = "minimaal") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name / f"{which}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("model", MODELS)
def test_every_leaf_has_a_class(model: type[BaseModel]) -> None:
    """How sensitive a field is stands on the field itself."""
    assert [path for path, field in leaves(model) if data_class(field) is None] == []


def test_classes_are_those_of_the_domain() -> None:
    """Only a referral holds a citizen service number; what a report of concern says is special data."""
    assert [highest(model) for model in MODELS] == [DataClass.P3, DataClass.P2, DataClass.P4]
    found = {path for model in MODELS for path, field in leaves(model) if data_class(field) is DataClass.P3}
    assert found == {"huurder.bsn"}
    concern = {path: data_class(field) for path, field in leaves(Zorgmelding) if not path.startswith("huurder.")}
    assert set(concern) == {"zorgcodes", "kinderenInWoning", "inwonerGeinformeerd"}
    assert set(concern.values()) == {DataClass.P4}


def test_helpers_know_a_tenant_as_everybody_does_but_for_the_number() -> None:
    """The two blocks of a tenant have the same fields, forms and classes; one may have a number besides."""
    helped, known = HuurderBijHulp.model_fields, Huurder.model_fields
    assert set(helped) - set(known) == {"bsn"}
    assert set(known) <= set(helped)
    for name in known:
        assert data_class(helped[name]) is data_class(known[name]), name
    left_out = {name for name in known if known[name].is_required() and not helped[name].is_required()}
    assert left_out == {"postcode", "huisnummer"}
    ours, theirs = (model.model_json_schema()["properties"] for model in (HuurderBijHulp, Huurder))
    for name in set(known) - left_out:
        assert ours[name] == theirs[name], name


def test_a_number_does_not_show_itself() -> None:
    """Neither the value, nor the block around it, nor an error puts a citizen service number in a log."""
    message = Verwijzing.model_validate(_example("verwijzing", "volledig-overdracht"))
    assert message.huurder.bsn == Bsn(TEST_BSN)
    assert TEST_BSN not in repr(message)
    with pytest.raises(ValidationError) as caught:
        HuurderBijHulp.model_validate({"referentieCorporatie": "7", "achternaam": "Denkbeeld", "bsn": TEST_BSN + "0"})
    assert TEST_BSN not in str(caught.value)


@pytest.mark.parametrize("model", [Verwijzingsantwoord, Zorgmelding])
def test_only_a_referral_has_text(model: type[BaseModel]) -> None:
    """What a corporation may send, and what answers a referral, has codes alone."""
    assert not [path for path, _ in leaves(model) if path.endswith("toelichting")]


@pytest.mark.parametrize(
    "text", ["a", "Belt \u2019s avonds \u2013 na zes uur…", "Spreekt Türkçe; kosten € 40 (zie brief)", "é", "a" * 280]
)
def test_a_remark_is_taken_as_it_is(text: str) -> None:
    """Latin letters, digits and the marks that people type pass."""
    assert Verwijzing.model_validate(_example("verwijzing") | {"toelichting": text}).toelichting == text


@pytest.mark.parametrize("text", ["", " ", " a", "a ", "a\n", "a\tb", "a" * 281, "Привет", "a\u202eb", 1, None])
def test_other_remarks_are_refused(text: object) -> None:
    """Empty, padded, longer, invisible or in other scripts: no."""
    given = _example("verwijzing", "volledig") | {"toelichting": text}
    if text is None:
        assert Verwijzing.model_validate(given).toelichting is None  # the catalogue refuses null, for every type
    else:
        with pytest.raises(ValidationError):
            Verwijzing.model_validate(given)


@pytest.mark.parametrize("purpose", Verwijsdoel)
@pytest.mark.parametrize("consent", Toestemming)
@pytest.mark.parametrize("moved", [True, False])
def test_what_goes_with_a_purpose(purpose: Verwijsdoel, consent: Toestemming, moved: bool) -> None:
    """Consent may lack only for unasked care; a former dossier is named exactly on a move."""
    given = _example("verwijzing") | {"doel": purpose.value, "toestemming": consent.value}
    given |= {"vorigDossier": "7c9e6679-7425-40de-944b-e07fc1f90ae7"} if moved else {}
    consented = consent is Toestemming.JA or purpose is Verwijsdoel.BEMOEIZORG
    if consented and moved is (purpose is Verwijsdoel.OVERDRACHT_GEMEENTE):
        assert Verwijzing.model_validate(given).doel is purpose
    else:
        with pytest.raises(ValidationError):
            Verwijzing.model_validate(given)


def test_a_former_dossier_is_a_dossier() -> None:
    """What names a dossier is no message id."""
    given = _example("verwijzing", "volledig-overdracht")
    with pytest.raises(ValidationError):
        Verwijzing.model_validate(given | {"vorigDossier": "019a9f3e-7c00-7abc-8def-0123456789ab"})


@pytest.mark.parametrize("status", Verwijzingsstatus)
@pytest.mark.parametrize("result", [None, *Eindresultaat])
def test_a_result_is_given_at_the_end(status: Verwijzingsstatus, result: Eindresultaat | None) -> None:
    """Finished help has one of the sixteen results of DDAS; help that is not, has none."""
    given = _example("verwijzingsantwoord") | {"status": status.value}
    given |= {} if result is None else {"resultaat": result.value}
    if (result is not None) is (status is Verwijzingsstatus.AFGEROND):
        assert Verwijzingsantwoord.model_validate(given).resultaat is result
    else:
        with pytest.raises(ValidationError):
            Verwijzingsantwoord.model_validate(given)


def test_there_are_at_most_fifty_attempts() -> None:
    """A list has an end."""
    attempt = {"datum": "2026-12-03", "soort": "Telefoon", "bereikt": False}
    given = _example("verwijzingsantwoord")
    taken = Verwijzingsantwoord.model_validate(given | {"contactpogingen": [attempt] * 50})
    assert taken.contactpogingen == (Contactpoging.model_validate(attempt),) * 50
    with pytest.raises(ValidationError):
        Verwijzingsantwoord.model_validate(given | {"contactpogingen": [attempt] * 51})


def test_concerns_stand_once() -> None:
    """All six concerns together pass; one of them twice does not."""
    every = [code.value for code in Zorgcode]
    given = _example("zorgmelding")
    assert Zorgmelding.model_validate(given | {"zorgcodes": every}).zorgcodes == tuple(Zorgcode)
    for wrong in ([], [every[0], every[0]], [*every, every[0]], ["SCHULDEN"]):
        with pytest.raises(ValidationError):
            Zorgmelding.model_validate(given | {"zorgcodes": wrong})


def test_a_report_of_concern_is_by_address() -> None:
    """A corporation may send it: there is no place for a citizen service number."""
    given = _example("zorgmelding")
    with pytest.raises(ValidationError):
        Zorgmelding.model_validate(given | {"huurder": given["huurder"] | {"bsn": TEST_BSN}})


def test_code_may_hand_in_python_values() -> None:
    """Software that makes a message may use the enumerations and values themselves."""
    tenant = {"referentieCorporatie": "7", "achternaam": "Denkbeeld", "bsn": Bsn(TEST_BSN)}
    built = Verwijzing.model_validate(
        {
            "huurder": tenant,
            "doel": Verwijsdoel.SCHULDHULP,
            "urgentie": Urgentie.CRISIS,
            "toestemming": Toestemming.JA,
        }
    )
    assert built == Verwijzing.model_validate(json.loads(built.model_dump_json(exclude_none=True)))
    concern = _example("zorgmelding") | {"zorgcodes": (Zorgcode.OVERLAST,), "kinderenInWoning": KinderenInWoning.NEE}
    assert Zorgmelding.model_validate(concern).zorgcodes == (Zorgcode.OVERLAST,)
