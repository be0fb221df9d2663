"""When an answer is due and who is told, on the covenant of the Leiden region."""

from __future__ import annotations

from datetime import datetime

import pytest

from gateway.covenant.terms import due, levels, pick_up_by, told
from schemas.covenants import leidse_regio, load_covenant
from schemas.covenants.model import AMSTERDAM
from schemas.covenants.regels import Melding, Termijn
from schemas.values import Mailbox, Oin, from_milliseconds, to_milliseconds

REGIO = load_covenant(leidse_regio())
TERUGKOPPELING = REGIO.termijn("terugkoppeling")
HUUR = Mailbox.of(Oin("00000099000000001000"), "huur")
VROEG = Mailbox.of(Oin("00000099000000101000"), "vroegsignalering")
STRANGER = Mailbox.of(Oin("00000099000000999000"), "huur")


def at(moment: str) -> int:
    """Read a time in Amsterdam."""
    return to_milliseconds(datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM))


def spelled(moment: int) -> str:
    """Spell a moment as a time in Amsterdam."""
    return from_milliseconds(moment).astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")


def a_term(*meldingen: dict[str, object], binnen: str = "5 werkdagen") -> Termijn:
    """Make a reply term with these levels."""
    fields = TERUGKOPPELING.model_dump() | {"binnen": binnen, "meldingen": meldingen}
    return Termijn.model_validate(fields)


def test_a_signal_is_collected_within_a_working_day_and_answered_within_five() -> None:
    """The regional covenant: accepted on Thursday before Easter 2027, each step ends where the calendar says."""
    by = pick_up_by(REGIO, at("2027-03-25 15:00"))
    assert spelled(by) == "2027-03-31 00:00"  # Good Friday, Easter Monday: collected on Tuesday
    over = due(TERUGKOPPELING, at("2027-03-25 16:00"))
    assert spelled(over) == "2027-04-06 00:00"
    assert [spelled(moment) for moment in levels(TERUGKOPPELING, over)] == ["2027-04-06 00:00", "2027-04-13 00:00"]


def test_levels_never_descend() -> None:
    """A covenant whose levels are not in order gives each the moment of the latest before it, at least."""
    over = at("2026-11-28 00:00")
    term = a_term({"na": "1 week", "aan": ["ontvanger"]}, {"aan": ["afzender"]}, {"na": "8 dagen", "aan": ["afzender"]})
    assert [spelled(moment) for moment in levels(term, over)] == [
        "2026-12-05 00:00",
        "2026-12-05 00:00",
        "2026-12-08 00:00",  # the eighth day is a Saturday
    ]


@pytest.mark.parametrize(
    ("aan", "boxes"),
    [
        (["ontvanger"], (VROEG,)),
        (["afzender", "ontvanger"], (HUUR, VROEG)),
        (["ontvanger", "afzender"], (VROEG, HUUR)),
        (["GEM"], (VROEG,)),
        (["GEM", "ontvanger"], (VROEG,)),
        (["COR", "GEM"], (HUUR, VROEG)),
        (["SHV"], ()),
    ],
)
def test_only_the_parties_of_the_message_are_told(aan: list[str], boxes: tuple[Mailbox, ...]) -> None:
    """Each once, in the covenant's order; a kind means those of the two that are of it, and nobody else."""
    (melding,) = a_term({"aan": aan}).meldingen
    assert told(melding, HUUR, VROEG, REGIO) == boxes


def test_who_left_the_covenant_is_of_no_kind() -> None:
    """A mailbox that no participant has is told as sender, but not as one of a kind."""
    assert told(Melding.model_validate({"aan": ["COR"]}), STRANGER, VROEG, REGIO) == ()
    assert told(Melding.model_validate({"aan": ["afzender"]}), STRANGER, VROEG, REGIO) == (STRANGER,)
