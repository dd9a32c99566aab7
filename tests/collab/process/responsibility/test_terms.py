"""Terms as values: days in Berlin, and what the clock makes of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collab.errors import Invalid
from collab.process.actors import ARENA_ROLES, IDEA_ROLES, Role
from collab.process.responsibility.terms import DAYS_MAX, NEEDS_END, Term, TermState, make_term

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def term(role: Role = Role.DEPUTY, first: date | None = None, last: date | None = None) -> Term:
    last = last or date(2026, 12, 24)
    return make_term(role, at_idea=role in IDEA_ROLES, first=first, last=last, now=NOW)


def test_r10_a_term_begins_with_a_day_in_berlin_and_ends_with_one() -> None:
    found = term(first=date(2027, 3, 1), last=date(2027, 4, 1))
    assert found.valid_from == datetime(2027, 2, 28, 23, tzinfo=UTC)
    assert found.valid_until == datetime(2027, 4, 1, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("first", [None, date(2026, 11, 26)])
def test_r10_a_term_that_begins_today_begins_now(first: date | None) -> None:
    assert term(first=first).valid_from == NOW


def test_r10_the_clock_plans_runs_and_ends_a_term() -> None:
    found, second = term(first=date(2026, 12, 1)), timedelta(seconds=1)
    assert found.state(found.valid_from - second) is TermState.PLANNED
    assert found.state(found.valid_from) is TermState.RUNNING
    assert found.state(found.valid_until) is TermState.RUNNING
    assert found.state(found.valid_until + second) is TermState.ENDED


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (date(2026, 11, 25), date(2026, 12, 1), {"first": "in-the-past"}),
        (None, date(2026, 11, 25), {"last": "in-the-past"}),
        (date(2026, 12, 2), date(2026, 12, 1), {"last": "before-the-beginning"}),
        (None, date(2026, 11, 26) + timedelta(days=DAYS_MAX + 1), {"last": "too-far-away"}),
    ],
)
def test_r10_days_that_make_no_term_are_named(
    first: date | None, last: date, fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        term(first=first, last=last)
    assert refusal.value.data["fields"] == fields
    term(last=date(2026, 11, 26) + timedelta(days=DAYS_MAX))


@pytest.mark.parametrize("role", [*sorted(IDEA_ROLES), Role.GUEST])
def test_r10_only_some_roles_have_terms(role: Role) -> None:
    at_idea = role in IDEA_ROLES
    if role in {Role.EDITOR, Role.PARTNER}:
        assert make_term(role, at_idea=True, first=None, last=date(2026, 12, 1), now=NOW)
        return
    with pytest.raises(Invalid):
        make_term(role, at_idea=at_idea, first=None, last=date(2026, 12, 1), now=NOW)


def test_ac_g1_and_g5_deputies_and_partners_have_an_end() -> None:
    assert Role.DEPUTY in NEEDS_END & ARENA_ROLES
    assert Role.PARTNER in NEEDS_END & IDEA_ROLES
