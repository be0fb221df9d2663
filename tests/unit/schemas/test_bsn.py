"""Citizen service numbers are found, and other numbers mostly are not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.berichten.vormen import Kenmerk, Referentie
from schemas.bsn import find_bsn, no_bsn

TEST_PERSONS = ("999990019", "999993653", "999990482", "999995017", "999990408", "999994669", "000009921")


@pytest.mark.parametrize("number", TEST_PERSONS)
@pytest.mark.parametrize("around", ["{}", "BSN {}", "nr.{};", "x{}y", "({})", "-{}-", "{}, en {}"])
def test_a_number_is_found_wherever_it_stands(number: str, around: str) -> None:
    """The numbers of the registry's test persons are found inside any text."""
    assert find_bsn(around.format(number, number))


@pytest.mark.parametrize("number", ["999 990 019", "999.990.019", "9999.90.019", "9999 90 019"])
def test_a_number_is_found_as_people_print_it(number: str) -> None:
    """Dots and spaces in the places where forms have them do not hide a number."""
    assert find_bsn(f"inzake {number}.")


@pytest.mark.parametrize("text", ["123 999 990 019", "123.999.990.019", "999990020 999990019", "1234 9999.90.019"])
def test_digits_before_a_number_do_not_hide_it(text: str) -> None:
    """Groups of digits may be read in more ways than one; every way is tried."""
    assert find_bsn(text)


def test_digits_of_other_scripts_count() -> None:
    """Full-width and Arabic digits do not hide a number."""
    assert find_bsn("".join(chr(0xFF10 + int(digit)) for digit in "999990019"))
    assert find_bsn("".join(chr(0x660 + int(digit)) for digit in "999990019"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "111111111",  # DDAS samples fail the 11-proof
        "123456789",
        "999012345",
        "000000000",
        "99999001",
        "9999900190",  # part of a longer run
        "1999990019",
        "+31600001234",
        "0546010000000001",
        "2026-11-20",
        "999-990-019",
        "99999 0019",
        "Voorbeeld",
    ],
)
def test_other_text_passes(text: str) -> None:
    """Numbers of another length or that fail the 11-proof are no citizen service numbers."""
    assert not find_bsn(text)
    assert no_bsn(text) == text


def test_the_refusal_does_not_repeat_the_number() -> None:
    """An error ends up in a log; the number must not."""
    with pytest.raises(ValueError, match="no citizen service number") as caught:
        no_bsn("999990019")
    assert "999990019" not in str(caught.value)


@pytest.mark.parametrize("form", [Referentie, Kenmerk])
@pytest.mark.parametrize("text", ["999990019", "H999990019", "H-999990019", "9999.90.019", "999990019-2026"])
def test_no_reference_is_one(form: Any, text: str) -> None:
    """UAVG art. 46: a corporation's own mark may not be read as a number either; the error tells what to do."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(form).validate_python(text)
    (error,) = caught.value.errors()
    assert "letter or a dash between its digits" in error["msg"]
    assert text not in error["msg"]


@pytest.mark.parametrize("form", [Referentie, Kenmerk])
@pytest.mark.parametrize("text", ["H-2026-00123", "H9999-90019", "123456789", "0999990019"])
def test_other_references_are_taken(form: Any, text: str) -> None:
    """Nine digits that fail the 11-proof, and digits with something between them, are references."""
    assert TypeAdapter(form).validate_python(text) == text
