"""What counts as seen, and how long news stay said."""

from datetime import UTC, datetime, timedelta

from collab.process.events.kinds import EVENTS
from collab.process.following.heard import HEARD, Heard
from collab.process.following.visits import (
    NOTED_EVERY,
    SAID_FOR,
    Point,
    Visit,
    is_worth_noting,
    looked,
)
from collab.process.version import TextVersion

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def point(event: int, minutes: float = 0, seq: int = 1) -> Point:
    return Point(event, TextVersion(1, seq, f"{seq:064d}"), NOW + timedelta(minutes=minutes))


def test_n5_news_stay_said_for_a_while_and_begin_anew_after_it() -> None:
    first = looked(None, point(3), has_news=False)
    assert (first.before, first.still_said(NOW)) == (None, None)
    told = looked(first, point(7, 60), has_news=True)
    assert (told.seen, told.before) == (point(7, 60), point(3))
    again = looked(told, point(8, 70), has_news=True)
    assert again.before == point(3), "what comes meanwhile is said together with it"
    end = point(0, 60).at + SAID_FOR
    assert again.still_said(end - timedelta(seconds=1)) == point(3)
    assert again.still_said(end) is None
    later = looked(again, point(9, 60 + 30), has_news=True)
    assert later.before == point(8, 70)


def test_n4_seeing_an_older_page_takes_nothing_back() -> None:
    visit = Visit(point(9, 5, seq=4))
    after = looked(visit, point(3, 0, seq=2), has_news=False)
    assert after == visit
    assert not is_worth_noting(visit, after)


def test_n4_a_look_at_nothing_new_is_written_down_now_and_then() -> None:
    visit = Visit(point(9))
    soon = looked(visit, point(9, NOTED_EVERY / timedelta(minutes=1) - 0.01), has_news=False)
    late = looked(visit, point(9, NOTED_EVERY / timedelta(minutes=1)), has_news=False)
    assert [is_worth_noting(visit, each) for each in (soon, late)] == [False, True]


def test_n2_followers_hear_of_public_acts_and_of_what_is_said_once() -> None:
    assert HEARD["stage_changed"] is Heard.ACT
    assert HEARD["comment_added"] is Heard.COMMENT
    for kind in ("suggestion_made", "suggestion_accepted", "suggestion_declined"):
        assert HEARD[kind] is Heard.SUGGESTION
    assert {"comment_edited", "comment_hidden", "comment_resolved"}.isdisjoint(HEARD)
    assert all(EVENTS[kind].public for kind in HEARD)
