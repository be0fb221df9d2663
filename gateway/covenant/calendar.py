"""When a term is over: the Dutch calendar of the Algemene termijnenwet, counted in Europe/Amsterdam.

A holiday is what art. 3, first and second paragraph, of that act names: New Year's Day, Good Friday, Easter Monday,
King's Day, 5 May of every year, Ascension Day, Whit Monday and both Christmas days. Days that a decree makes equal to
them (third paragraph) are not known here. From 2101 on only weekends are known.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from schemas.covenants.model import AMSTERDAM
from schemas.covenants.vormen import Eenheid, Termijnduur

NEVER = datetime(9999, 12, 30, tzinfo=UTC)
"""A term that would end later ends here: no date in a message makes a term that cannot be counted."""

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Tell whether it is no Saturday, Sunday or holiday."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def until(begun: datetime, length: Termijnduur) -> datetime:
    """Give the first moment, in UTC, at which a term that began at ``begun`` (any offset) is over.

    Hours are exact. Anything else ends at midnight in Amsterdam, at the end of its last day; the day on which it
    began does not count. The last of ``n`` working days is the ``n``-th after that day. Days, weeks and months go by
    the calendar (31 January and a month is the last of February) and, where that is no working day, on to the next
    one (Algemene termijnenwet art. 1; applied to terms of every length, since the covenant sets them and no act).
    """
    try:
        if length.eenheid is Eenheid.UUR:
            return min(begun.astimezone(UTC) + timedelta(hours=length.aantal), NEVER)
        return _end(begun.astimezone(AMSTERDAM).date(), length.aantal, length.eenheid)
    except (OverflowError, ValueError):  # after the year 9999
        return NEVER


def later(ended: datetime, length: Termijnduur) -> datetime:
    """Give the moment that lies ``length`` after a term that was over at ``ended``.

    Days are counted from the last day of that term: one working day after a term that ended with Wednesday is the
    end of Thursday, although ``ended`` is the midnight with which Thursday begins.
    """
    if length.eenheid is Eenheid.UUR:
        return until(ended, length)
    return until(ended - timedelta(microseconds=1), length)


@lru_cache(maxsize=4096)
def _end(begun: date, count: int, unit: Eenheid) -> datetime:
    last = _working_days_after(begun, count) if unit is Eenheid.WERKDAG else _next_working_day(_on(begun, count, unit))
    return min(datetime.combine(last + _DAY, time(), AMSTERDAM).astimezone(UTC), NEVER)


def _working_days_after(day: date, count: int) -> date:
    while count:
        day += _DAY
        count -= is_working_day(day)
    return day


def _next_working_day(day: date) -> date:
    """Give the day itself if it is a working day."""
    while not is_working_day(day):
        day += _DAY
    return day


def _on(begun: date, count: int, unit: Eenheid) -> date:
    if unit is Eenheid.MAAND:
        return _months_after(begun, count)
    return begun + count * (7 * _DAY if unit is Eenheid.WEEK else _DAY)


def _months_after(day: date, count: int) -> date:
    """Give the day of the same number so many months on, or the last of that month if it has no such day."""
    years, month = divmod(day.month - 1 + count, 12)
    first = date(day.year + years, month + 1, 1)
    following = (first + 31 * _DAY).replace(day=1)
    return min(first + (day.day - 1) * _DAY, following - _DAY)


@lru_cache(maxsize=128)
def _holidays(year: int) -> frozenset[date]:
    """Give the holidays of a year; the package counts 5 May yearly only when asked for optional ones too."""
    from holidays import country_holidays  # noqa: PLC0415 - half a second: who counts no terms does not wait for it

    return frozenset(country_holidays("NL", years=year, categories=("public", "optional")))
