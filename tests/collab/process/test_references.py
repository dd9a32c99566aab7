"""References of ideas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.references import Reference, format_reference, parse_reference


def test_i3_reference_has_year_and_five_digits() -> None:
    assert format_reference(2026, 42) == "2026-00042"
    assert format_reference(2026, 123456) == "2026-123456"


@given(st.integers(0, 9999), st.integers(1, 999_999_999))
def test_i3_reference_comes_back(year: int, number: int) -> None:
    assert parse_reference(format_reference(year, number)) == Reference(year, number)


@pytest.mark.parametrize(
    "text",
    [
        "", "2026", "2026-42", "2026-00000", "2026-000042", "26-00042", "2026-00042 ",
        "2026-00042\n", "2026_00042", "2026-0004x", "2026-٠٠٠٤٢", "2026-0000000042",
    ],
)  # fmt: skip
def test_i3_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_reference(text)


@pytest.mark.parametrize(("year", "number"), [(2026, 0), (-1, 1), (10000, 1)])
def test_impossible_reference_is_our_own_mistake(year: int, number: int) -> None:
    with pytest.raises(ValueError):
        format_reference(year, number)
