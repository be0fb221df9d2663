"""What holds of every term, whenever it begins and however long it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.covenant.calendar import is_working_day, later, until
from schemas.covenants.model import AMSTERDAM
from schemas.covenants.vormen import Eenheid, Termijnduur

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
UNITS = st.sampled_from(Eenheid)
COUNTS = st.integers(1, 40)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load the holidays before the first example: its time is not that of the example."""
    is_working_day(date(2026, 1, 1))


def last_day(over: datetime) -> date:
    """Give the day with which a term ended."""
    return (over - timedelta(microseconds=1)).astimezone(AMSTERDAM).date()


@given(MOMENTS, MOMENTS, COUNTS, UNITS)
def test_who_begins_later_ends_no_sooner(one: datetime, other: datetime, count: int, unit: Eenheid) -> None:
    """The end is monotone in the beginning."""
    length = Termijnduur(aantal=count, eenheid=unit)
    first, second = sorted((one, other))
    assert until(first, length) <= until(second, length)


@given(MOMENTS, COUNTS, UNITS)
def test_a_longer_term_ends_no_sooner(begun: datetime, count: int, unit: Eenheid) -> None:
    """The end is monotone in the length, and lies after the beginning."""
    shorter, longer = (Termijnduur(aantal=n, eenheid=unit) for n in (count, count + 1))
    assert begun < until(begun, shorter) <= until(begun, longer)
    assert begun < later(begun, shorter) <= until(begun, shorter)


@given(MOMENTS, COUNTS, st.sampled_from([Eenheid.DAG, Eenheid.WEEK, Eenheid.MAAND, Eenheid.WERKDAG]))
def test_the_last_day_is_a_working_day_and_ends_at_midnight(begun: datetime, count: int, unit: Eenheid) -> None:
    """No term but one of hours ends on a Saturday, a Sunday, a holiday, or in the middle of a day."""
    over = until(begun, Termijnduur(aantal=count, eenheid=unit))
    assert is_working_day(last_day(over))
    assert over.astimezone(AMSTERDAM).time() == datetime.min.time()


@given(MOMENTS, COUNTS)
def test_so_many_working_days_are_in_it(begun: datetime, count: int) -> None:
    """From the day after the beginning up to and including the last day there are exactly that many."""
    day, found = begun.astimezone(AMSTERDAM).date(), 0
    last = last_day(until(begun, Termijnduur(aantal=count, eenheid=Eenheid.WERKDAG)))
    while day < last:
        day += timedelta(days=1)
        found += is_working_day(day)
    assert found == count


@given(MOMENTS, COUNTS)
def test_no_term_of_days_is_extended_further_than_need_be(begun: datetime, count: int) -> None:
    """Between the counted last day and the day on which it ends there is no working day."""
    counted = begun.astimezone(AMSTERDAM).date() + timedelta(days=count)
    last = last_day(until(begun, Termijnduur(aantal=count, eenheid=Eenheid.DAG)))
    between = [counted + timedelta(days=n) for n in range((last - counted).days)]
    assert counted <= last
    assert not any(is_working_day(day) for day in between)


@given(MOMENTS, COUNTS)
def test_hours_are_hours(begun: datetime, count: int) -> None:
    """A term of hours knows no calendar and no change of the clock."""
    assert until(begun, Termijnduur(aantal=count, eenheid=Eenheid.UUR)) - begun == timedelta(hours=count)
