"""When mails leave, what one link ends, and what a line of a mail may hold."""

from datetime import UTC, datetime, timedelta

from collab.process.following.mailing import (
    ATTEMPTS_MAX,
    Addressed,
    Choice,
    Followed,
    Kind,
    is_quiet,
    last_due,
    one_line,
    retry_at,
    rhythm,
    without,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_n9_attempts_are_bounded_and_further_and_further_apart() -> None:
    moments = [retry_at(attempt, NOW) for attempt in range(1, ATTEMPTS_MAX + 1)]
    assert moments[-1] is None
    waits = [moment - NOW for moment in moments if moment is not None]
    assert waits == sorted(set(waits))
    assert (waits[0], len(waits)) == (timedelta(minutes=5), ATTEMPTS_MAX - 1)


def test_n10_a_link_ends_its_kind_of_mail_and_no_other() -> None:
    everything = Choice(Addressed.INSTANT, Followed.DAILY)
    left = {kind: without(everything, kind) for kind in Kind}
    assert {kind: (each.addressed, each.followed) for kind, each in left.items()} == {
        Kind.ADDRESSED: (Addressed.NEVER, Followed.DAILY),
        Kind.FOLLOWED: (Addressed.INSTANT, Followed.NEVER),
        Kind.ALL: (Addressed.NEVER, Followed.NEVER),
    }
    assert rhythm(Choice(Addressed.DIGEST, Followed.NEVER)) is Followed.DAILY


def test_n8_mornings_are_those_of_berlin_and_of_working_days() -> None:
    at = NOW.replace
    cases = {
        # A Tuesday in winter: one minute before seven, and seven.
        at(month=11, day=24, hour=5, minute=59): at(month=11, day=23, hour=6, minute=0),
        at(month=11, day=24, hour=6, minute=0): at(month=11, day=24, hour=6, minute=0),
        # A Sunday: the last working day was Friday.
        at(month=11, day=29, hour=12, minute=0): at(month=11, day=27, hour=6, minute=0),
        # Summer time, and the day after Whit Monday.
        at(month=5, day=25, hour=12, minute=0): at(month=5, day=22, hour=5, minute=0),
        at(month=5, day=26, hour=5, minute=0): at(month=5, day=26, hour=5, minute=0),
    }
    assert {now: last_due(Followed.DAILY, now) for now in cases} == cases
    whit_monday = at(month=5, day=25, hour=12, minute=0)
    assert last_due(Followed.WEEKLY, whit_monday) == at(month=5, day=18, hour=5, minute=0)
    tuesday = whit_monday + timedelta(days=1)
    assert last_due(Followed.WEEKLY, tuesday) == at(month=5, day=26, hour=5, minute=0)
    assert [is_quiet(at(hour=hour, minute=0)) for hour in (5, 6, 18, 19)] == [
        True,
        False,
        False,
        True,
    ]


def test_n11_a_line_has_no_breaks_nothing_unseen_and_an_end() -> None:
    assert one_line("a\r\nb\tc\u2028d\u202ee\x00f") == "a b c d e f"
    assert one_line("x" * 200) == "x" * 200
    assert one_line("x" * 201) == "x" * 199 + "…"
