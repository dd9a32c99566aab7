"""Statements and their reviews: what is stored, and what the gate sees."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.alignment.statements import (
    FIELDS_OF_ACTION,
    GUIDING_IDEAS,
    LINE_CHARS_MAX,
    TEXT_CHARS_MAX,
    Review,
    Statement,
    Verdict,
    Words,
    alignment_facts,
    check_answer,
    check_review,
    check_words,
)

AUTHOR, ANNA, BEN = (UUID(int=each) for each in (1, 2, 3))
TEAM = [AUTHOR]
IDEA, FIELD = (GUIDING_IDEAS, "resilient"), (FIELDS_OF_ACTION, "learning_together")
STATED = [Statement(IDEA, 2, 90), Statement(FIELD, 1, 40)]


def said(
    goal: tuple[str, str] = IDEA,
    revision: int = 2,
    by: UUID = ANNA,
    verdict: Verdict = Verdict.AGREE,
    *,
    is_answered: bool = False,
) -> Review:
    """A review of the statement as it is now, unless told."""
    return Review(goal, revision, by, verdict, is_answered)


WHOLE = [said(), said(FIELD, 1)]


def test_f20_a_statement_needs_a_contribution_and_nothing_else() -> None:
    assert check_words(Words(" Spart Wasser. ")) == Words("Spart Wasser.")
    with pytest.raises(Invalid) as refusal:
        check_words(Words(" \n", effect="Mehr Schatten"))
    assert refusal.value.data == {"fields": {"contribution": "missing"}}


def test_f20_every_text_that_is_too_long_is_named_and_the_longest_passes() -> None:
    text, line = "x" * TEXT_CHARS_MAX, "x" * LINE_CHARS_MAX
    check_words(Words(text, text, line, text))
    with pytest.raises(Invalid) as refusal:
        check_words(Words(text + "x", text + "x", line + "x", text + "x"))
    assert set(refusal.value.data["fields"]) == {"contribution", "effect", "indicator", "conflict"}  # type: ignore[call-overload]


@pytest.mark.parametrize("verdict", ["doubt", "question"])
def test_f21_a_doubt_and_a_question_say_what_about(verdict: str) -> None:
    with pytest.raises(Invalid):
        check_review(verdict, " ")
    assert check_review(verdict, " Woran? ")[1] == "Woran?"


def test_f21_who_agrees_need_not_say_why_and_other_verdicts_do_not_exist() -> None:
    assert check_review("agree", "") == (Verdict.AGREE, "")
    with pytest.raises(Invalid):
        check_review("perfect", "")


def test_f22_an_answer_says_something_within_its_bound() -> None:
    assert check_answer("x" * TEXT_CHARS_MAX)
    for text in ("", "x" * (TEXT_CHARS_MAX + 1)):
        with pytest.raises(Invalid):
            check_answer(text)


def test_ac_a10_nobody_outside_the_team_is_nobody_at_all() -> None:
    assert alignment_facts(STATED, [], TEAM).reviewers == 0
    by_author = [said(by=AUTHOR), said(FIELD, 1, AUTHOR)]
    assert alignment_facts(STATED, by_author, TEAM).reviewers == 0
    assert alignment_facts(STATED, WHOLE, TEAM).reviewers == 1


def test_f23_a_reviewer_has_read_every_statement() -> None:
    assert alignment_facts(STATED, WHOLE[:1], TEAM).reviewers == 0
    half_each = [said(by=ANNA), said(FIELD, 1, BEN)]
    assert alignment_facts(STATED, half_each, TEAM).reviewers == 0


def test_f23_a_review_of_an_earlier_text_does_not_count() -> None:
    assert alignment_facts(STATED, [said(revision=1), said(FIELD, 1)], TEAM).reviewers == 0


def test_f23_without_statements_there_is_nothing_to_have_reviewed() -> None:
    assert alignment_facts([], WHOLE, TEAM).reviewers == 0


def test_f23_lengths_are_told_by_catalogue() -> None:
    found = alignment_facts(STATED, [], TEAM)
    assert (found.guiding_ideas, found.fields) == ({"resilient": 90}, {"learning_together": 40})


@pytest.mark.parametrize("revision", [1, 2])
def test_ac_m7c_a_doubt_is_open_until_it_is_answered_also_about_an_earlier_text(
    revision: int,
) -> None:
    doubt = said(revision=revision, verdict=Verdict.DOUBT)
    assert alignment_facts(STATED, [doubt], TEAM).doubts_open == 1
    answered = said(revision=revision, verdict=Verdict.DOUBT, is_answered=True)
    assert alignment_facts(STATED, [answered], TEAM).doubts_open == 0


def test_f22_a_later_review_takes_the_place_of_ones_own_doubt_only() -> None:
    doubt = said(revision=1, verdict=Verdict.DOUBT)
    assert alignment_facts(STATED, [doubt, said(by=BEN)], TEAM).doubts_open == 1
    assert alignment_facts(STATED, [said(), doubt], TEAM).doubts_open == 0


def test_f22_a_question_keeps_nobody_waiting_and_a_withdrawn_statement_neither() -> None:
    assert alignment_facts(STATED, [said(verdict=Verdict.QUESTION)], TEAM).doubts_open == 0
    assert alignment_facts(STATED[1:], [said(verdict=Verdict.DOUBT)], TEAM).doubts_open == 0


@given(
    st.lists(
        st.builds(
            said,
            goal=st.sampled_from([IDEA, FIELD]),
            revision=st.integers(1, 2),
            by=st.sampled_from([AUTHOR, ANNA, BEN]),
            verdict=st.sampled_from(Verdict),
            is_answered=st.booleans(),
        ),
        unique_by=lambda each: (each.goal, each.revision, each.person_id),
    )
)
def test_f23_the_order_of_reviews_is_no_matter(reviews: list[Review]) -> None:
    assert alignment_facts(STATED, reviews, TEAM) == alignment_facts(STATED, reviews[::-1], TEAM)
