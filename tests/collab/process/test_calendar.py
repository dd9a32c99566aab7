"""Berlin's clock, holidays and deadlines, against an independent reading of the same rules."""

import os
import random
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest

from collab.process.calendar.berlin import (
    BERLIN,
    SUMMER,
    WINTER,
    berlin_date,
    end_of_day,
    start_of_day,
    summer,
)
from collab.process.calendar.deadlines import (
    COUNT_MAX,
    Span,
    Unit,
    add_working_days,
    due,
    due_day,
    is_over,
    working_days_between,
)
from collab.process.calendar.holidays import easter, holidays, is_working_day

SEED = int(os.environ.get("ARENA_TEST_SEED") or random.randrange(2**32))
CHANGES = {
    2020: ("2020-03-29", "2020-10-25"),
    2024: ("2024-03-31", "2024-10-27"),
    2025: ("2025-03-30", "2025-10-26"),
    2026: ("2026-03-29", "2026-10-25"),
    2027: ("2027-03-28", "2027-10-31"),
}
EASTER = {
    1818: "1818-03-22", 1943: "1943-04-25", 1961: "1961-04-02", 1981: "1981-04-19",
    2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21",
    2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28",
    2038: "2038-04-25", 2285: "2285-03-22",
}  # fmt: skip


@pytest.fixture
def dice() -> random.Random:
    sys.stdout.write(f"ARENA_TEST_SEED={SEED}\n")
    return random.Random(SEED)


@pytest.mark.parametrize("year", CHANGES)
def test_r1_summer_time_begins_and_ends_on_the_published_days(year: int) -> None:
    begins, ends = summer(year)
    assert (begins.date().isoformat(), ends.date().isoformat()) == CHANGES[year]


def test_r1_the_clock_agrees_with_one_that_looks_at_every_day(dice: random.Random) -> None:
    for _ in range(3000):
        moment = datetime(1996, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(2 * 10**9))
        here = moment.astimezone(BERLIN)
        assert here.utcoffset() == offset_by_looking(moment), moment
        assert here.astimezone(UTC) == moment, moment


@pytest.mark.parametrize("year", [1996, 2023, 2026, 2027, 2040])
def test_r1_no_moment_is_lost_or_doubled_where_the_clock_changes(year: int) -> None:
    for change in summer(year):
        around = [change.replace(tzinfo=UTC) + timedelta(minutes=m) for m in range(-150, 151, 5)]
        assert [at.astimezone(BERLIN).astimezone(UTC) for at in around] == around
        assert [at.astimezone(BERLIN).utcoffset() for at in around] == [
            offset_by_looking(at) for at in around
        ]


def test_r1_the_hour_that_october_repeats_is_told_apart_by_fold() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    assert first.utcoffset() == SUMMER
    assert first.replace(fold=1).utcoffset() == WINTER


@pytest.mark.skipif(
    "Europe/Berlin" not in zoneinfo.available_timezones(), reason="no time zone data here"
)
def test_r1_the_clock_is_that_of_the_time_zone_database(dice: random.Random) -> None:
    reference = zoneinfo.ZoneInfo("Europe/Berlin")
    for _ in range(3000):
        moment = datetime(1996, 1, 1, tzinfo=UTC)
        moment += timedelta(minutes=dice.randrange(30_000_000))
        fold = dice.randrange(2)
        ours, theirs = (moment.replace(tzinfo=each, fold=fold) for each in (BERLIN, reference))
        assert ours.utcoffset() == theirs.utcoffset(), (ours, fold)
        assert ours.tzname() == theirs.tzname()


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 3, 28), "2026-03-27T23:00:00", "2026-03-28T22:59:59"),
        (date(2026, 3, 29), "2026-03-28T23:00:00", "2026-03-29T21:59:59"),
        (date(2026, 10, 24), "2026-10-23T22:00:00", "2026-10-24T21:59:59"),
        (date(2026, 10, 25), "2026-10-24T22:00:00", "2026-10-25T22:59:59"),
    ],
)
def test_r1_a_day_lasts_23_or_25_hours_where_the_clock_changes(
    day: date, start: str, end: str
) -> None:
    assert start_of_day(day) == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert end_of_day(day) == datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert berlin_date(start_of_day(day)) == berlin_date(end_of_day(day)) == day


@pytest.mark.parametrize("year", EASTER)
def test_r2_easter_is_on_the_published_day(year: int) -> None:
    assert easter(year).isoformat() == EASTER[year]


def test_r2_holidays_of_berlin() -> None:
    assert [day.isoformat() for day in holidays(2026)] == [
        "2026-01-01", "2026-03-08", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14",
        "2026-05-25", "2026-10-03", "2026-12-25", "2026-12-26",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("2018-03-08", False), ("2019-03-08", True), ("2027-03-08", True),
        ("2017-10-31", True), ("2018-10-31", False), ("2026-11-01", False),
        ("2020-05-08", True), ("2021-05-08", False), ("2025-05-08", True), ("2026-05-08", False),
        ("1989-10-03", False), ("1990-10-03", True), ("2026-06-04", False),
    ],
)  # fmt: skip
def test_r2_holidays_that_began_or_were_there_once(day: str, is_one: bool) -> None:
    asked = date.fromisoformat(day)
    assert (asked in holidays(asked.year)) is is_one


def test_r2_working_days_by_looking(dice: random.Random) -> None:
    for _ in range(300):
        day = date(2015, 1, 1) + timedelta(days=dice.randrange(9000))
        count = dice.randrange(1, 60)
        found = add_working_days(day, count)
        assert is_working_day(found)
        assert working_days_between(day, found) == count
        assert working_days_between(day, found - timedelta(days=1)) == count - 1


@pytest.mark.parametrize(
    ("since", "count", "expected"),
    [
        (date(2026, 11, 26), 1, date(2026, 11, 27)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2027, 3, 5), 1, date(2027, 3, 9)),  # 8 March, in Berlin only
        (date(2026, 12, 23), 3, date(2026, 12, 29)),
        (date(2025, 5, 7), 1, date(2025, 5, 9)),  # once
    ],
)
def test_r2_working_days_leave_out_weekends_and_holidays(
    since: date, count: int, expected: date
) -> None:
    assert add_working_days(since, count) == expected


def test_r3_a_deadline_ends_with_its_last_day_in_berlin_also_over_the_change() -> None:
    offered = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)  # the 17th in Berlin, winter time
    assert due(offered, Span(2, Unit.WEEKS)) == datetime(2026, 3, 31, 21, 59, 59, tzinfo=UTC)
    offered = datetime(2026, 10, 20, 21, 59, tzinfo=UTC)  # still the 20th, summer time
    assert due(offered, Span(10)) == datetime(2026, 11, 3, 22, 59, 59, tzinfo=UTC)


def test_r3_a_deadline_is_over_after_its_last_second_not_before(dice: random.Random) -> None:
    for _ in range(300):
        since = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=dice.randrange(4 * 10**8))
        span = Span(dice.randrange(1, 40), dice.choice(list(Unit)))
        ends = due(since, span)
        last = due_day(berlin_date(since), span)
        assert berlin_date(ends) == last
        assert not is_over(ends, ends)
        assert is_over(ends, ends + timedelta(seconds=1))
        assert berlin_date(ends + timedelta(seconds=1)) == last + timedelta(days=1)


@pytest.mark.parametrize("count", [0, -1, COUNT_MAX + 1])
def test_r3_a_span_is_bounded(count: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(count)


def offset_by_looking(moment: datetime) -> timedelta:
    """Berlin's offset, found by looking at every day of the two months."""
    year = moment.astimezone(UTC).year
    begins, ends = (
        max(day for day in days_of(year, month) if day.isoweekday() == 7) for month in (3, 10)
    )
    first = datetime(year, 3, begins.day, 1, tzinfo=UTC)
    last = datetime(year, 10, ends.day, 1, tzinfo=UTC)
    return timedelta(hours=2 if first <= moment < last else 1)


def days_of(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, 32)]
