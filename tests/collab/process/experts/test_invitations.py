"""Asking somebody: few at a time, never against his will, and not again at once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid
from collab.process.experts.invitations import (
    ANSWER_CHARS_MAX,
    LAPSES_AFTER,
    NOTE_CHARS_MAX,
    OPEN_PER_IDEA_MAX,
    OPEN_PER_PERSON_MAX,
    QUESTION_CHARS_MAX,
    RESTS_FOR,
    Asked,
    InvitationState,
    check_answer,
    check_invitation,
    check_words,
    is_over,
)
from collab.process.experts.profiles import KEYWORD_CHARS_MAX, KEYWORDS_MAX, Profile, check_profile

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANA = UUID(int=1)
OPEN, ACCEPTED, DECLINED, LAPSED, WITHDRAWN = InvitationState


def refused(
    *before: Asked,
    in_team: bool = False,
    may_be_asked: bool = True,
    open_elsewhere: int = 0,
    now: datetime = NOW,
) -> str | None:
    """Why Ana may not be asked; None if she may."""
    try:
        check_invitation(
            before,
            ANA,
            in_team=in_team,
            may_be_asked=may_be_asked,
            open_elsewhere=open_elsewhere,
            now=now,
        )
    except Conflict as refusal:
        return refusal.code
    return None


def test_w5_who_does_not_want_to_be_asked_or_is_of_the_team_is_not() -> None:
    assert refused() is None
    assert refused(may_be_asked=False) == "expert-not-to-be-asked"
    assert refused(in_team=True) == "expert-in-team"


@pytest.mark.parametrize("state", [OPEN, ACCEPTED])
def test_w5_nobody_is_asked_twice_at_one_idea(state: InvitationState) -> None:
    assert refused(Asked(ANA, state, NOW)) == "expert-already-asked"
    assert refused(Asked(UUID(int=2), state, NOW)) is None


@pytest.mark.parametrize("state", [DECLINED, LAPSED])
def test_w5_who_did_not_say_yes_is_left_in_peace_for_thirty_days(state: InvitationState) -> None:
    before = Asked(ANA, state, NOW)
    assert refused(before, now=NOW + RESTS_FOR - timedelta(seconds=1)) == "expert-left-in-peace"
    assert refused(before, now=NOW + RESTS_FOR) is None


def test_w5_who_was_asked_by_mistake_may_be_asked_again() -> None:
    assert refused(Asked(ANA, WITHDRAWN, NOW)) is None


def test_w5_an_idea_asks_ten_at_a_time_and_a_person_is_asked_by_five() -> None:
    others = [Asked(UUID(int=n), OPEN, NOW) for n in range(2, 2 + OPEN_PER_IDEA_MAX)]
    assert refused(*others[:-1]) is None
    assert refused(*others) == "too-many-invitations"
    assert refused(*others[:-1], Asked(UUID(int=99), ACCEPTED, NOW)) is None
    assert refused(open_elsewhere=OPEN_PER_PERSON_MAX - 1) is None
    assert refused(open_elsewhere=OPEN_PER_PERSON_MAX) == "expert-asked-by-many"


def test_w5_an_invitation_lapses_after_two_weeks_if_nobody_answered() -> None:
    due = NOW + LAPSES_AFTER
    assert not is_over(OPEN, due, due - timedelta(seconds=1))
    assert is_over(OPEN, due, due)
    assert not is_over(ACCEPTED, due, due)


def test_w5_an_invitation_says_why_and_words_have_bounds() -> None:
    assert check_words(" Bitte \r\n", "") == ("Bitte", "")
    check_words("x" * NOTE_CHARS_MAX, "x" * QUESTION_CHARS_MAX)
    with pytest.raises(Invalid) as refusal:
        check_words(" \0 ", "x" * (QUESTION_CHARS_MAX + 1))
    assert refusal.value.data["fields"] == {"note": "missing", "question": "too-long"}
    assert check_answer("") == ""
    with pytest.raises(Invalid):
        check_answer("x" * (ANSWER_CHARS_MAX + 1))


def profile(
    ground: str = "research",
    *,
    dimensions: tuple[str, ...] = ("legal",),
    fields: tuple[str, ...] = (),
    keywords: tuple[str, ...] = (),
    about: str = "",
) -> Profile:
    """A profile of somebody who is not listed."""
    return check_profile(
        ground=ground,
        dimensions=dimensions,
        fields=fields,
        keywords=keywords,
        about=about,
        known_fields={"mobility"},
        is_listed=False,
        may_be_asked=False,
        shows_organisation=False,
    )


def test_w6_a_profile_holds_each_thing_once_and_in_order() -> None:
    found = profile(
        dimensions=("social", "legal", "social"),
        fields=("mobility", "mobility"),
        keywords=("Rampen  am\nGehweg", "rampen am gehweg", " "),
    )
    assert found.dimensions == ("legal", "social")
    assert found.fields == ("mobility",)
    assert found.keywords == ("Rampen am Gehweg",)


def test_w6_every_fault_of_a_profile_is_named() -> None:
    with pytest.raises(Invalid) as refusal:
        profile(
            "none",
            dimensions=("astrological",),
            fields=("moon",),
            keywords=tuple(f"Wort {n}" for n in range(KEYWORDS_MAX + 1)),
            about="x" * 601,
        )
    assert refusal.value.data["fields"] == {
        "ground": "unknown-choice",
        "dimensions": "unknown-choice",
        "fields": "unknown-choice",
        "keywords": "too-many",
        "about": "too-long",
    }


def test_w6_keywords_are_bounded_and_something_must_be_declared() -> None:
    profile(keywords=("x" * KEYWORD_CHARS_MAX,))
    for keywords, code in (((), "missing"), (("x" * (KEYWORD_CHARS_MAX + 1),), "too-long")):
        with pytest.raises(Invalid) as refusal:
            profile(dimensions=(), keywords=keywords)
        assert code in str(refusal.value.data["fields"])
