"""Likeness of titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.process.similar.titles import most_similar, similarity

TITLES = [
    ("1", "Mehr Bänke im Treptower Park"),
    ("2", "Fahrradstraße am Landwehrkanal"),
    ("3", "Bänke und Schatten für Parks"),
    ("4", "Offene Daten der Bezirke"),
]


def test_same_words_are_alike_whatever_case_order_and_marks() -> None:
    assert similarity("Mehr Bänke, im Park!", "im park: mehr BÄNKE") == pytest.approx(1)


def test_sharp_s_is_like_double_s() -> None:
    assert similarity("Fahrradstraße", "Fahrradstrasse") == pytest.approx(1)


@pytest.mark.parametrize("other", ["", "!?", "xyz"])
def test_nothing_in_common_is_zero(other: str) -> None:
    assert similarity("Bänke", other) == 0


def test_most_similar_come_first_and_strangers_not_at_all() -> None:
    found = most_similar("Neue Bänke für den Park", TITLES)
    assert [one.key for one in found] == ["3", "1"]


def test_no_more_than_asked_for() -> None:
    assert len(most_similar("Bänke", TITLES, at_least=0, limit=2)) == 2


@given(st.text(), st.text())
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == pytest.approx(similarity(other, one))
