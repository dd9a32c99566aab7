"""What changed between two texts by lines, and where it belongs in a third."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.sync.merging import lines as merging
from collab.sync.merging.lines import Edit, hunks, place

LINES = st.lists(st.sampled_from("abcdefg"), max_size=12)


def applied(text: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """The text after the edits, from the bottom up."""
    made = list(text)
    for edit in reversed(edits):
        made[edit.at : edit.at + edit.removed] = edit.added
    return made


def merged(old: str, new: str, copy: str) -> str | None:
    """The copy with what makes ``new`` of ``old``; a letter is a line."""
    edits = place(hunks(list(old), list(new)), list(copy), list(old))
    return None if edits is None else "".join(applied(list(copy), edits))


@given(LINES, LINES)
def test_f33_an_untouched_copy_becomes_the_new_text(old: list[str], new: list[str]) -> None:
    edits = place(hunks(old, new), old, old)
    assert edits is not None
    assert applied(old, edits) == new


@given(st.lists(st.integers(), unique=True, max_size=8), st.data())
def test_f33_what_is_there_already_is_not_brought_in_again(
    old: list[int], data: st.DataObject
) -> None:
    kept = [str(each) for each in old]
    new = [line for line in kept if data.draw(st.booleans())] + ["neu"]
    replaced = [*kept, "neu"]
    edits = place(hunks(kept, replaced), replaced, kept)
    assert edits == ()
    assert hunks(new, new) == ()


@pytest.mark.parametrize(
    ("old", "new", "copy", "expected"),
    [
        ("abc", "aBc", "xabcy", "xaBcy"),
        ("abc", "aBc", "axc", None),
        ("abc", "abXc", "abyc", "abXyc"),
        ("abc", "abXc", "yc", "yXc"),
        ("abc", "Xabc", "abc", "Xabc"),
        ("abc", "ac", "zabc", "zac"),
        ("abc", "abcX", "abcq", "abcXq"),
        ("", "X", "q", "Xq"),
        ("abc", "abXc", "q", None),
        ("abcd", "aBcD", "abcd", "aBcD"),
        ("abcd", "aBcD", "abcx", None),
    ],
)
def test_f33_changes_find_their_place_or_have_none(
    old: str, new: str, copy: str, expected: str | None
) -> None:
    assert merged(old, new, copy) == expected


def test_f33_texts_too_long_to_compare_are_one_change(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = list("xabcdy"), list("xBbCdDy")
    assert len(hunks(old, new)) > 1
    monkeypatch.setattr(merging, "PAIRS_MAX", 19)
    found = hunks(old, new)
    assert [(one.before, one.after) for one in found] == [(tuple("abcd"), tuple("BbCdD"))]
    monkeypatch.setattr(merging, "PAIRS_MAX", 20)
    assert len(hunks(old, new)) > 1
