"""Points as people type them, and when people meet again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collab.errors import Invalid
from collab.process.workshop.harvest import (
    PLACE_CHARS_MAX,
    TEXT_CHARS_MAX,
    PointKind,
    check_meeting,
    check_point,
)

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 20, tzinfo=UTC)


def test_hv7_a_point_says_what_by_whom_and_until_when() -> None:
    said = check_point("task", " Angebote holen \r\n", "  Ana  Berg", "2026-12-01", today=TODAY)
    assert said.kind is PointKind.TASK
    assert (said.text, said.who, said.due) == ("Angebote holen", "Ana Berg", date(2026, 12, 1))
    bare = check_point("open_point", "x" * TEXT_CHARS_MAX, "", "", today=TODAY)
    assert (bare.who, bare.due) == ("", None)
    late = check_point("task", "x", "", "2026-11-01", today=TODAY, known=date(2026, 11, 1))
    assert late.due == date(2026, 11, 1)


def test_hv7_a_faulty_point_is_refused_with_every_field() -> None:
    with pytest.raises(Invalid) as refusal:
        check_point("dance", "x" * (TEXT_CHARS_MAX + 1), "y" * 61, "2026-11-25", today=TODAY)
    assert refusal.value.data["fields"] == {
        "kind": "unknown-choice",
        "who": "too-long",
        "text": "too-long",
        "due": "in-the-past",
    }


@pytest.mark.parametrize(
    ("day", "begins", "ends", "starts_at", "hours"),
    [
        ("2026-12-03", "18:30", "21:00", datetime(2026, 12, 3, 17, 30, tzinfo=UTC), 2.5),
        ("2027-07-01", "18:00", "20:00", datetime(2027, 7, 1, 16, tzinfo=UTC), 2),
        ("2026-12-03", "22:00", "00:30", datetime(2026, 12, 3, 21, tzinfo=UTC), 2.5),
        # The night in which the clocks go forward is an hour shorter.
        ("2027-03-27", "23:00", "04:00", datetime(2027, 3, 27, 22, tzinfo=UTC), 4),
        ("2026-11-26", "00:00", "23:59", datetime(2026, 11, 25, 23, tzinfo=UTC), 23 + 59 / 60),
    ],
)
def test_hv8_people_meet_again_by_the_clock_in_berlin(
    day: str, begins: str, ends: str, starts_at: datetime, hours: float
) -> None:
    found = check_meeting(day, begins, ends, " Rathaus,\n Saal 2 ", now=NOW)
    assert found is not None
    assert (found.starts_at, found.place) == (starts_at, "Rathaus, Saal 2")
    assert found.ends_at - found.starts_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        (("", "18:00", "", ""), {"day": "missing", "ends": "missing"}),
        (("", "", "", "Rathaus"), {"day": "missing", "begins": "missing", "ends": "missing"}),
        (("3.12.", "18 Uhr", "25:00", ""), dict.fromkeys(("day", "begins", "ends"), "malformed")),
        (("2026-12-03", "18:00+01:00", "19:00", ""), {"begins": "malformed"}),
        (("2026-11-25", "18:00", "19:00", ""), {"day": "in-the-past"}),
        (("2028-12-03", "18:00", "19:00", ""), {"day": "too-far-away"}),
        (("2026-12-03", "18:00", "18:00", ""), {"ends": "out-of-range"}),
        (("2026-12-03", "18:00", "19:00", "x" * (PLACE_CHARS_MAX + 1)), {"place": "too-long"}),
    ],
)
def test_hv8_a_faulty_date_is_refused_with_every_field(
    said: tuple[str, str, str, str], faults: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        check_meeting(*said, now=NOW)
    assert refusal.value.data["fields"] == faults


def test_hv8_nothing_at_all_is_no_date() -> None:
    assert check_meeting("", "", "", "  ", now=NOW) is None
