"""The versions of catalogues: which are shipped, which counts on a day, what may follow."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from collab.process.catalogues.catalogue import Catalogue, parse_catalogue
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate

FOLDER: Final = "catalogues"
CATALOGUES: Final = (
    "guiding-ideas",
    "fields-of-action",
    "principles",
    "success-factors",
    "districts",
)
"""The catalogues of the strategy in reading order, and the districts of the city."""


@cache
def shipped(catalogue_id: str) -> tuple[Catalogue, ...]:
    """The versions that come with the program, oldest first."""
    numbers = reading.versions(FOLDER, catalogue_id)
    return tuple(parse_catalogue(reading.read(FOLDER, catalogue_id, each)) for each in numbers)


def known(
    from_program: Sequence[Catalogue], published: Sequence[Catalogue]
) -> tuple[Catalogue, ...]:
    """All versions that count, oldest first.

    From the first published version on only published ones do: a newer program must not take back
    what the coordination office has decided.
    """
    first = min((each.version for each in published), default=None)
    kept = [each for each in from_program if first is None or each.version < first]
    return tuple(sorted([*kept, *published], key=lambda each: each.version))


def current(versions: Iterable[Catalogue], on: date) -> Catalogue:
    """The newest of the versions that are valid on that day."""
    begun = [each for each in versions if each.valid_from is None or each.valid_from <= on]
    if not begun:
        raise FaultyTemplate(f"no version of the catalogue is valid on {on.isoformat()}")
    return max(begun, key=lambda each: each.version)


class ChangeKind(StrEnum):
    """What a version does to an entry."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that a version adds, words or sorts differently, or gives another last day."""

    kind: ChangeKind
    entry_id: str


def changes(old: Catalogue, new: Catalogue) -> tuple[Change, ...]:
    """What ``new`` does to the entries of ``old``, in the new reading order."""
    return tuple(_changes(old, new))


def require_follows(old: Catalogue, new: Catalogue) -> None:
    """Raise FaultyTemplate unless ``new`` may follow ``old``: nothing that was referred to is lost.

    Its number is the next one, and every entry is still there; one that is over has ended.
    """
    place = f"{new.id}.v{new.version}"
    if new.id != old.id:
        raise FaultyTemplate(f"{place}: cannot follow a version of {old.id}")
    if new.version != old.version + 1:
        raise FaultyTemplate(f"{place}: the next version is {old.version + 1}")
    if old.valid_from and (new.valid_from is None or new.valid_from < old.valid_from):
        raise FaultyTemplate(f"{place}.valid_from: lies before that of the version it follows")
    if lost := [entry.id for entry in old.entries if new.entry(entry.id) is None]:
        raise FaultyTemplate(f"{place}: lacks {', '.join(lost)}; give a last day instead")
    if not changes(old, new) and _frame(old) == _frame(new):
        raise FaultyTemplate(f"{place}: changes nothing")


def _changes(old: Catalogue, new: Catalogue) -> Iterator[Change]:
    for entry in new.entries:
        before = old.entry(entry.id)
        if before is None:
            yield Change(ChangeKind.ADDED, entry.id)
        elif entry.valid_to != before.valid_to and entry.valid_to is not None:
            yield Change(ChangeKind.ENDED, entry.id)
        elif entry != before:
            yield Change(ChangeKind.CHANGED, entry.id)


def _frame(catalogue: Catalogue) -> tuple[object, ...]:
    """What a catalogue says besides its entries, and their order."""
    order = tuple(entry.id for entry in catalogue.entries)
    return catalogue.label, catalogue.note, catalogue.is_complete, order
