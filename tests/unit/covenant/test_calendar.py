"""Terms against the Dutch calendar of 2026 to 2030, written out by hand."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from gateway.covenant.calendar import NEVER, is_working_day, later, until
from schemas.covenants.model import AMSTERDAM
from schemas.covenants.vormen import Eenheid, Termijnduur, _span

HOLIDAYS = {
    2026: "01-01 04-03 04-06 04-27 05-05 05-14 05-25 12-25 12-26",
    2027: "01-01 03-26 03-29 04-27 05-05 05-06 05-17 12-25 12-26",
    2028: "01-01 04-14 04-17 04-27 05-05 05-25 06-05 12-25 12-26",
    2029: "01-01 03-30 04-02 04-27 05-05 05-10 05-21 12-25 12-26",
    2030: "01-01 04-19 04-22 04-27 05-05 05-30 06-10 12-25 12-26",
}
"""New Year, Good Friday, Easter Monday, King's Day, 5 May, Ascension, Whit Monday, Christmas (Atw art. 3)."""

CLOCK_CHANGES = {
    2026: ("03-29", "10-25"),
    2027: ("03-28", "10-31"),
    2028: ("03-26", "10-29"),
    2029: ("03-25", "10-28"),
    2030: ("03-31", "10-27"),
}


def ends(begun: str, length: str) -> str:
    """Spell in Amsterdam's time when a term is over that began at a time in Amsterdam."""
    moment = datetime.fromisoformat(begun).replace(tzinfo=AMSTERDAM)
    over = until(moment, _span(length))
    assert over.tzinfo is UTC
    return over.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_working_days_of_a_year(year: int) -> None:
    """Exactly the days that are no Saturday, no Sunday and not in the table are working days."""
    free = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    for day in (day for day in days if day.year == year):
        assert is_working_day(day) == (day.isoweekday() < 6 and day not in free), day


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-04-26", False),  # a Saturday anyway
        ("2025-04-28", True),  # the Monday after a King's Day that moved to Saturday
        ("2031-04-26", False),  # 27 April 2031 is a Sunday: it is kept on Saturday
        ("2031-04-28", True),
        ("2031-05-05", False),  # not only in the years that end in 0 and 5
        ("2032-05-05", False),
        ("2026-12-24", True),
        ("2026-12-31", True),
        ("2026-04-30", True),  # the Queen's Day of before
    ],
)
def test_days_that_are_easily_mistaken(day: str, *, working: bool) -> None:
    """King's Day never falls on a Monday, 5 May counts every year, and the days around feasts are worked."""
    assert is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("begun", "length", "over"),
    [
        ("2026-11-23 10:00", "5 werkdagen", "2026-12-01 00:00"),  # Monday; the fifth is Monday
        ("2026-11-23 00:00", "1 werkdag", "2026-11-25 00:00"),
        ("2026-11-22 23:59", "1 werkdag", "2026-11-24 00:00"),
        ("2026-11-21 10:00", "1 werkdag", "2026-11-24 00:00"),  # Saturday
        ("2026-04-02 16:00", "1 werkdag", "2026-04-08 00:00"),  # Maundy Thursday: Tuesday after Easter
        ("2026-04-02 16:00", "3 werkdagen", "2026-04-10 00:00"),
        ("2026-04-24 09:00", "3 werkdagen", "2026-05-01 00:00"),  # over King's Day on a Monday
        ("2026-05-04 09:00", "1 werkdag", "2026-05-07 00:00"),  # over 5 May
        ("2027-05-04 09:00", "1 werkdag", "2027-05-08 00:00"),  # 5 May and Ascension Day in a row
        ("2026-05-13 09:00", "5 werkdagen", "2026-05-22 00:00"),  # over Ascension Day
        ("2026-12-24 17:00", "5 werkdagen", "2027-01-05 00:00"),  # Christmas, New Year on a Friday
        ("2026-04-02 16:00", "1 dag", "2026-04-08 00:00"),  # Good Friday: on to Tuesday
        ("2026-04-02 16:00", "5 dagen", "2026-04-08 00:00"),
        ("2026-11-22 22:00", "14 dagen", "2026-12-08 00:00"),  # 6 December is a Sunday
        ("2026-11-23 10:00", "4 weken", "2026-12-22 00:00"),
        ("2026-11-27 10:00", "4 weken", "2026-12-29 00:00"),  # Christmas Day: on to Monday the 28th
        ("2027-01-31 10:00", "1 maand", "2027-03-02 00:00"),  # 28 February is a Sunday
        ("2028-01-31 10:00", "1 maand", "2028-03-01 00:00"),  # 29 February, a Tuesday
        ("2026-12-31 10:00", "2 maanden", "2027-03-02 00:00"),
        ("2026-10-31 10:00", "1 maand", "2026-12-01 00:00"),
        ("2026-08-31 10:00", "6 maanden", "2027-03-02 00:00"),
        ("2026-11-30 10:00", "13 maanden", "2027-12-31 00:00"),
        ("2026-11-22 22:45", "36 uur", "2026-11-24 10:45"),  # hours know no Sunday
    ],
)
def test_when_a_term_is_over(begun: str, length: str, over: str) -> None:
    """Terms over Easter, King's Day, 5 May, Ascension, Christmas, New Year and the ends of months end as law says."""
    assert ends(begun, length) == over


@pytest.mark.parametrize(("year", "which"), [(year, which) for year in CLOCK_CHANGES for which in (0, 1)])
def test_a_change_of_the_clock(year: int, which: int) -> None:
    """Over either change a day ends at midnight on the wall, and hours stay hours."""
    sunday = date.fromisoformat(f"{year}-{CLOCK_CHANGES[year][which]}")
    assert sunday.isoweekday() == 7
    saturday = sunday - timedelta(days=1)
    begun = datetime.combine(saturday, datetime.min.time(), AMSTERDAM) + timedelta(hours=12)
    shift = datetime.combine(saturday, datetime.min.time(), AMSTERDAM).utcoffset()
    monday = sunday + timedelta(days=1)
    while not is_working_day(monday):  # in 2027 the clock changes at Easter
        monday += timedelta(days=1)
    assert ends(f"{saturday} 12:00", "1 werkdag") == f"{monday + timedelta(days=1)} 00:00"
    assert ends(f"{saturday} 12:00", "2 dagen") == f"{monday + timedelta(days=1)} 00:00"
    assert until(begun, _span("24 uur")) - begun == timedelta(hours=24)
    over = until(begun, _span("24 uur")).astimezone(AMSTERDAM)
    assert over.utcoffset() != shift
    assert over.hour == (13 if which == 0 else 11)


def test_the_moment_may_come_with_any_offset() -> None:
    """The same moment gives the same end, and the day is that of Amsterdam."""
    summer = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight of 1 July
    assert until(summer, _span("1 werkdag")) == datetime(2026, 7, 2, 22, tzinfo=UTC)
    assert until(summer.astimezone(AMSTERDAM), _span("1 werkdag")) == datetime(2026, 7, 2, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended", "length", "moment"),
    [
        ("2026-11-26 00:00", "1 werkdag", "2026-11-27 00:00"),  # the term was over with Wednesday: the end of Thursday
        ("2026-11-28 00:00", "1 werkdag", "2026-12-01 00:00"),  # with Friday: the end of Monday
        ("2026-11-26 00:00", "2 uur", "2026-11-26 02:00"),
        ("2026-11-26 14:00", "1 werkdag", "2026-11-28 00:00"),  # a term of hours, over in the middle of Thursday
        ("2026-11-26 00:00", "1 week", "2026-12-03 00:00"),
    ],
)
def test_a_time_after_a_term(ended: str, length: str, moment: str) -> None:
    """What comes after a term is counted from its last day, not from the day after."""
    over = later(datetime.fromisoformat(ended).replace(tzinfo=AMSTERDAM), _span(length))
    assert over.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") == moment


@pytest.mark.parametrize("unit", list(Eenheid))
def test_no_moment_is_too_late(unit: Eenheid) -> None:
    """A term that would end after the last year that can be counted ends at ``NEVER``."""
    length = Termijnduur(aantal=9999, eenheid=unit)
    for begun in (NEVER, NEVER + timedelta(days=1, hours=23, minutes=30), datetime(9999, 12, 1, tzinfo=UTC)):
        assert until(begun, length) == NEVER
        assert later(begun, length) == NEVER
    assert NEVER.astimezone(AMSTERDAM).year == 9999


def test_who_counts_no_terms_does_not_load_the_holidays_of_the_world() -> None:
    """Importing the calendar does not import the package: it costs half a second."""
    code = "import sys, gateway.covenant.calendar; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_table_is_in_order() -> None:
    """The table that the tests rest on names each year's days once, in order."""
    for days in HOLIDAYS.values():
        assert all(a < b for a, b in pairwise(days.split()))
