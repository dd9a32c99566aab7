"""Where a suggestion belongs, what it may say, and which ones compete."""

import pytest

from collab.errors import Invalid
from collab.process.suggestions.wording import (
    REASON_CHARS_MAX,
    WORDS_CHARS_MAX,
    check_reason,
    check_words,
    kind_of,
)
from collab.sync.suggesting.changes import Piece, pieces, smallest
from collab.sync.suggesting.passages import Passage, find, groups, passage_at

TEXT = "Am See steht eine Bank. Am Park steht eine Bank. Am Ufer steht keine."


def test_q4_of_the_same_words_those_with_the_same_surroundings_are_meant() -> None:
    second = TEXT.index("eine Bank", 30)
    passage = passage_at(TEXT, second, second + 9)
    assert find(TEXT, passage) == second
    assert find("Neu davor. " + TEXT, passage) == second + 11


def test_q4_short_words_in_other_surroundings_are_not_meant() -> None:
    passage = passage_at(TEXT, 0, 2)
    assert find("Ganz anders ist es Am Tag nach allem.", passage) is None
    long = passage_at(TEXT, 0, 40)
    assert find("Davor. " + TEXT[:40] + "!", long) == 7


def test_q4_words_that_stand_twice_alike_are_not_guessed() -> None:
    assert find("ja nein ja", Passage("ja")) is None
    assert find("ja nein", Passage("ja")) == 0


def test_q4_a_point_is_found_between_its_surroundings() -> None:
    point = passage_at(TEXT, 23, 23)
    assert find(TEXT, point) == 23
    assert find(TEXT.replace("Am Park", "Im Park"), point) == 23
    assert find("Nichts davon steht noch hier.", point) is None
    assert find("", Passage("")) == 0
    assert find("etwas", Passage("")) is None


def test_q4_breaks_count_as_spaces() -> None:
    assert find("eins zwei drei", Passage("eins\nzwei")) == 0


def test_q5_what_overlaps_or_meets_in_a_point_competes() -> None:
    ranges = [(10, 20), (0, 5), (15, 30), None, (5, 8), (30, 30), (40, 40), (40, 40)]
    assert groups(ranges) == [[1], [4], [0, 2, 5], [6, 7]]


def test_q1_a_suggestion_says_something_else_than_the_text() -> None:
    assert kind_of("alt", "neu") == "replace"
    assert kind_of("alt", "") == "delete"
    assert kind_of("", "neu") == "insert"
    assert kind_of("a b", "a\nb") == "replace"
    for quote, words in (("", ""), ("gleich", "gleich")):
        with pytest.raises(Invalid):
            kind_of(quote, words)


def test_q1_words_and_reasons_are_bounded_and_clean() -> None:
    assert check_words("eins \r\n\r\n zwei\x07\tdrei", "idea") == "eins\nzwei drei"
    assert check_words("eins\nzwei", "title") == "eins zwei"
    assert len(check_words("x" * WORDS_CHARS_MAX, "idea")) == WORDS_CHARS_MAX
    assert check_reason(" so \0") == "so"
    for faulty in ("x" * (WORDS_CHARS_MAX + 1), "\ud800"):
        with pytest.raises(Invalid):
            check_words(faulty, "idea")
    for reason in ("x" * (REASON_CHARS_MAX + 1), "\udfff"):
        with pytest.raises(Invalid):
            check_reason(reason)
    with pytest.raises(Invalid):
        check_reason(" ", is_needed=True)


@pytest.mark.parametrize("name", ["end", "prefix", "quote", "start", "suffix"])
def test_q1_a_passage_is_bounded_field_by_field(name: str) -> None:
    for value in ("x" * 5_001, "\x00"):
        with pytest.raises(Invalid) as refused:
            Passage(**{"quote": "ja", name: value}).checked()
        code = "too-long" if len(value) > 1 else "malformed"
        assert refused.value.data["fields"] in ({name: code}, {name: "malformed"})


def test_q3_the_smallest_change_is_found_by_whole_words() -> None:
    assert smallest("eine alte Bank", "eine neue Bank") == Piece(5, 9, "neue")
    assert smallest("eine Bank", "eine schöne Bank") == Piece(5, 5, "schöne ")
    assert smallest("gleich", "gleich") is None
    assert pieces("a b c d", "a x c y") == [Piece(2, 3, "x"), Piece(6, 7, "y")]
