"""The bounds of prepared decisions and of acts on many ideas."""

import pytest

from collab.errors import Invalid
from collab.process.board.prepared import (
    ACTS_MAX,
    LIST_NAME_CHARS_MAX,
    check_list_name,
    check_many,
    check_reason,
)
from collab.process.gates.unmet import REASON_CHARS_MAX


def test_b7_some_ideas_each_once_and_not_too_many() -> None:
    refs = [f"2026-{number:05d}" for number in range(1, ACTS_MAX + 2)]
    check_many(refs[:ACTS_MAX])
    for wrong, code in (([], "empty"), (refs, "too-many-ideas"), (refs[:1] * 2, "twice")):
        with pytest.raises(Invalid) as refusal:
            check_many(wrong)
        assert refusal.value.data["fields"] == {"refs": code}


def test_b8_a_list_has_a_name_of_one_bounded_line() -> None:
    assert check_list_name(" Sitzung \n im  Mai ") == "Sitzung im Mai"
    assert check_list_name("x" * LIST_NAME_CHARS_MAX)
    for wrong, code in (("\n", "empty"), ("x" * (LIST_NAME_CHARS_MAX + 1), "too-long")):
        with pytest.raises(Invalid) as refusal:
            check_list_name(wrong)
        assert refusal.value.data["fields"] == {"list_name": code}


def test_b8_a_reason_may_still_be_missing_but_not_be_too_long() -> None:
    assert check_reason("  ") == ""
    assert len(check_reason("x" * REASON_CHARS_MAX)) == REASON_CHARS_MAX
    with pytest.raises(Invalid):
        check_reason("x" * (REASON_CHARS_MAX + 1))
