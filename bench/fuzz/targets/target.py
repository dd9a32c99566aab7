"""The shape of a target. A case is a list of inputs; the first says what it begins with."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod


class Violation(AssertionError):
    """Something that must always hold does not."""


def demand(holds: object, what: str) -> None:
    """Raise ``Violation`` with ``what`` unless it holds."""
    if not holds:
        raise Violation(what)


class Subject(ABC):
    """One case under way."""

    @abstractmethod
    def make(self, dice: random.Random) -> bytes:
        """The next input, made for the state things are in."""

    @abstractmethod
    def feed(self, data: bytes) -> str:
        """Take an input in and check everything; returns what became of it, to be counted.

        Raises:
            Violation: something does not hold. Any other exception is a failure as well.
        """


class Target(ABC):
    """A kind of cases."""

    name: str
    inputs_per_case = 12

    @abstractmethod
    def opening(self, dice: random.Random) -> bytes:
        """The first input of a case."""

    @abstractmethod
    def open(self, opening: bytes) -> Subject:
        """The subject that it stands for; any bytes are an opening."""
