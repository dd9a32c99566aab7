"""Numbers of measures and of recognitions, counted anew every year and given only once."""

import re
from enum import StrEnum
from typing import NamedTuple

from collab.errors import Invalid

_NUMBER = re.compile(r"([AM])-([0-9]{4})-([0-9]{4,9})")


class Series(StrEnum):
    """What is numbered, by the letter its numbers begin with."""

    MEASURE = "M"
    RECOGNITION = "A"


class Number(NamedTuple):
    """The ``nth`` measure or recognition of a year, like ``M-2026-0001``."""

    series: Series
    year: int
    nth: int

    def __str__(self) -> str:
        return f"{self.series}-{self.year:04d}-{self.nth:04d}"


def format_number(series: Series, year: int, nth: int) -> str:
    """The number as it is shown; counted from 1."""
    if not 0 <= year <= 9999 or nth < 1:
        raise ValueError(f"no number {nth} of {series} in {year}")
    return str(Number(series, year, nth))


def parse_number(text: str) -> Number:
    """The number in ``text``; raises Invalid unless it is written the one canonical way."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Invalid(fields={"number": "malformed"})
    number = Number(Series(match[1]), int(match[2]), int(match[3]))
    if number.nth < 1 or str(number) != text:
        raise Invalid(fields={"number": "malformed"})
    return number
