"""Requirements: what may be asked, and that every answer says why."""

import pytest

from collab.errors import Invalid
from collab.process.casefile.requirements import (
    BECAUSE_CHARS_MAX,
    NAME_CHARS_MAX,
    TEXT_CHARS_MAX,
    RequirementState,
    check_answer,
    check_requirement,
)


def test_f7_white_space_and_line_ends_do_not_count() -> None:
    asked = check_requirement(" Stufenlos.\r\nÜberall. ", "  ")
    assert (asked.text, asked.recorded_for) == ("Stufenlos.\nÜberall.", None)


def test_f7_a_requirement_is_bounded_and_names_every_fault() -> None:
    longest = check_requirement("x" * TEXT_CHARS_MAX, "y" * NAME_CHARS_MAX)
    assert len(longest.text) == TEXT_CHARS_MAX
    with pytest.raises(Invalid) as refusal:
        check_requirement("x" * (TEXT_CHARS_MAX + 1), "y" * (NAME_CHARS_MAX + 1))
    assert refusal.value.data == {"fields": {"text": "too-long", "recorded_for": "too-long"}}


@pytest.mark.parametrize("state", RequirementState)
def test_f8_every_answer_says_why(state: RequirementState) -> None:
    assert check_answer(state.value, " So. ") == (state, "So.")
    with pytest.raises(Invalid) as refusal:
        check_answer(state.value, " ")
    assert refusal.value.data == {"fields": {"because": "empty"}}


def test_f8_an_answer_is_bounded_and_knows_its_states() -> None:
    with pytest.raises(Invalid) as refusal:
        check_answer("perhaps", "x" * (BECAUSE_CHARS_MAX + 1))
    assert refusal.value.data == {"fields": {"state": "unknown-choice", "because": "too-long"}}
