"""Indicators: what one must say, numbers as people type them, days of the calendar."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.casefile.indicators import (
    NOTE_CHARS_MAX,
    TEXT_CHARS_MAX,
    VALUE_MAX,
    IndicatorKind,
    check_indicator,
    check_measurement,
    parse_number,
    typed,
    were_ground,
)

TODAY = date(2027, 3, 8)


def indicator(**changes: Any) -> dict[str, Any]:
    """What somebody sends, faultless but for ``changes``."""
    values = {
        "kind": "outcome",
        "text": "Menschen auf dem Platz",
        "unit": "Personen",
        "baseline": None,
        "target": 400.0,
        "due": "2027-09-30",
    }
    return values | changes


def faults(**changes: Any) -> object:
    with pytest.raises(Invalid) as refusal:
        check_indicator(**indicator(**changes))
    return refusal.value.data["fields"]


def test_an_indicator_needs_no_baseline_and_everything_else() -> None:
    found = check_indicator(**indicator(text="  Menschen "))
    assert (found.kind, found.text, found.baseline) == (IndicatorKind.OUTCOME, "Menschen", None)
    assert faults(kind="impact", text=" ", unit="", target=None, due="") == {
        "kind": "unknown-choice",
        "text": "empty",
        "unit": "empty",
        "target": "empty",
        "due": "empty",
    }


def test_f14_an_indicator_is_bounded() -> None:
    check_indicator(**indicator(text="x" * TEXT_CHARS_MAX, target=VALUE_MAX, baseline=-VALUE_MAX))
    wrong = faults(text="x" * (TEXT_CHARS_MAX + 1), target=2 * VALUE_MAX, baseline=float("nan"))
    assert wrong == {"text": "too-long", "target": "too-big", "baseline": "malformed"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" -0,125 ", -0.125),
        ("\u22123", -3),
        ("1200", 1200),
        ("", None),
        (" ", None),
    ],
)
def test_f14_numbers_are_read_as_people_type_them(text: str, number: float | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text", ["1.200", "1,200", "1.200,5", "viele", "12 %", "nan", "inf", "1e9", "1_0", "١٢", "1 2"]
)
def test_f14_a_number_that_can_be_read_in_two_ways_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_number(text)


@given(st.decimals(-(10**6), 10**6, places=3))
def test_f14_what_a_form_shows_is_read_back(number: Any) -> None:
    assert parse_number(typed(float(number))) == float(number)


@given(st.decimals(-(10**6), 10**6, places=2))
def test_f14_every_number_with_two_places_is_read_exactly(number: Any) -> None:
    for text in (str(number), str(number).replace(".", ",")):
        assert parse_number(text) == float(number)


def test_f13_nothing_is_measured_in_the_future() -> None:
    assert check_measurement("2027-03-08", 1.0, " ja ", today=TODAY) == ("2027-03-08", "ja")
    with pytest.raises(Invalid) as refusal:
        check_measurement("2027-03-09", None, "x" * (NOTE_CHARS_MAX + 1), today=TODAY)
    assert refusal.value.data["fields"] == {
        "day": "in-the-future",
        "value": "empty",
        "note": "too-long",
    }


def test_f12_indicators_are_a_ground_where_a_gate_demanded_them() -> None:
    assert were_ground([[{"gate": "lead"}], [{"gate": "indicators", "unmet": []}]])
    assert not were_ground([[{"gate": "lead"}], []])
