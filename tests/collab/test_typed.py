"""What people type into fields, as it is stored."""

import pytest

from collab.errors import Invalid
from collab.process.suggestions.wording import check_words
from collab.typed import checked, tidied


@pytest.mark.parametrize("mark", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_o2_marks_that_turn_letters_round_are_left_out(mark: str) -> None:
    assert tidied(f"a{mark}b") == "ab"
    assert check_words(f"a{mark}b", "idea") == "ab"
    with pytest.raises(Invalid):
        checked(mark, "text", 10)


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا", "a\u200eb", "e\u0301"])
def test_o2_writing_from_right_to_left_stays_as_it_is(text: str) -> None:
    assert tidied(text) == text
