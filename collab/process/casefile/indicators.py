"""Indicators: what is measured of a measure, set before it starts, and the values measured."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import isfinite

from collab.errors import Invalid
from collab.process.stages import GateKind
from collab.typed import tidied

TEXT_CHARS_MAX = 500
UNIT_CHARS_MAX = 60
NOTE_CHARS_MAX = 1_000
VALUE_MAX = 1e15
INDICATORS_MAX = 40
MEASUREMENTS_MAX = 1_000
"""How many values one indicator holds, corrected ones too."""


_NUMBER = re.compile(r"-?[0-9]{1,20}([.,][0-9]{1,9})?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")  # 1.200 may be many or hardly one


class IndicatorKind(StrEnum):
    """What is counted: what is done, or what changes by it."""

    OUTPUT = "output"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """What is measured, from which value to which one, until when."""

    kind: IndicatorKind
    text: str
    unit: str
    baseline: float | None
    target: float
    due: str


def check_indicator(
    *, kind: str, text: str, unit: str, baseline: float | None, target: float | None, due: str
) -> IndicatorValues:
    """The indicator as it is stored; raises Invalid with every faulty field."""
    text, unit, due = tidied(text), tidied(unit), due.strip()
    faults: dict[str, str] = {}
    if kind not in set(IndicatorKind):
        faults["kind"] = "unknown-choice"
    for name, value, chars_max in (("text", text, TEXT_CHARS_MAX), ("unit", unit, UNIT_CHARS_MAX)):
        if not value:
            faults[name] = "empty"
        elif len(value) > chars_max:
            faults[name] = "too-long"
    if target is None:
        faults["target"] = "empty"
    for name, number in (("baseline", baseline), ("target", target)):
        if number is not None and fault_of_number(number):
            faults[name] = fault_of_number(number) or ""
    if not is_day(due):
        faults["due"] = "malformed" if due else "empty"
    if faults or target is None:
        raise Invalid(fields=faults)
    return IndicatorValues(IndicatorKind(kind), text, unit, baseline, target, due)


def check_measurement(day: str, value: float | None, note: str, *, today: date) -> tuple[str, str]:
    """Day and note as they are stored; nothing is measured in the future."""
    day, note = day.strip(), tidied(note)
    faults: dict[str, str] = {}
    if not is_day(day):
        faults["day"] = "malformed" if day else "empty"
    elif date.fromisoformat(day) > today:
        faults["day"] = "in-the-future"
    if value is None:
        faults["value"] = "empty"
    elif fault := fault_of_number(value):
        faults["value"] = fault
    if len(note) > NOTE_CHARS_MAX:
        faults["note"] = "too-long"
    if faults:
        raise Invalid(fields=faults)
    return day, note


def parse_number(text: str) -> float | None:
    """A number as people type it, with comma or point; None if there is none.

    Raises:
        ValueError: it is none that can be read in one way only.
    """
    plain = text.strip().replace("\u2212", "-")
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain) or _THOUSANDS.fullmatch(plain):
        raise ValueError(text)
    return float(plain.replace(",", "."))


def typed(number: float) -> str:
    """The number as somebody would type it, so that ``parse_number`` reads the same."""
    text = f"{number:.9f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{text}0" if _THOUSANDS.fullmatch(text) else text


def fault_of_number(number: float) -> str | None:
    """What is wrong with a value; None if nothing is."""
    if not isfinite(number):
        return "malformed"
    return "too-big" if abs(number) > VALUE_MAX else None


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar, as ``2026-01-31``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def were_ground(reports: Iterable[Iterable[Mapping[str, object]]]) -> bool:
    """Whether one of the gate reports of official acts demanded indicators."""
    return any(gate.get("gate") == GateKind.INDICATORS for report in reports for gate in report)
