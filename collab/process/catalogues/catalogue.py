"""What a catalogue is, and reading one: entries with words, validity, successor and parent.

A catalogue comes as a file of the program or from the table of published versions; both pass
``parse_catalogue``. Which version counts on a day says ``versions``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words

ENTRIES_MAX = 500
LABEL_CHARS_MAX = 200
TEXT_CHARS_MAX = 2_000

_CATALOGUE_ID = re.compile(r"[a-z][a-z-]{0,63}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Source(StrEnum):
    """Whose words an entry is in: the strategy's own, or ours until there are such."""

    OFFICIAL = "official"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. It never vanishes from later versions: it ends, and may name a successor."""

    id: str
    label: Words
    source: Source
    description: Words | None = None
    description_source: Source = Source.EXAMPLE
    group: Words | None = None  # a heading that entries share and nobody refers to
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None  # the last day
    successor: str | None = None

    def is_valid(self, on: date) -> bool:
        """Whether the entry may be chosen on that day."""
        has_begun = self.valid_from is None or self.valid_from <= on
        return has_begun and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of a catalogue; an incomplete one is known to lack entries."""

    id: str
    version: int
    label: Words
    is_complete: bool
    entries: tuple[Entry, ...]
    note: Words | None = None
    valid_from: date | None = None

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of that id, or None."""
        return next((entry for entry in self.entries if entry.id == entry_id), None)

    def choices(self, on: date) -> tuple[Entry, ...]:
        """The entries that may be chosen on that day, in reading order."""
        return tuple(entry for entry in self.entries if entry.is_valid(on))

    def ended(self, on: date) -> tuple[Entry, ...]:
        """The entries whose last day lies before that day."""
        return tuple(entry for entry in self.entries if entry.valid_to and entry.valid_to < on)

    def children(self, parent: str | None) -> tuple[Entry, ...]:
        """The entries below ``parent``; those of the first level for None."""
        return tuple(entry for entry in self.entries if entry.parent == parent)

    def successor(self, entry_id: str, on: date) -> Entry | None:
        """What has taken the place of an ended entry, through all steps; None if nothing has."""
        found = self.entry(entry_id)
        while found is not None and not found.is_valid(on):
            found = self.entry(found.successor) if found.successor else None
        return found


def parse_catalogue(data: Mapping[str, object]) -> Catalogue:
    """The catalogue in ``data``; raises FaultyTemplate naming the place of a fault."""
    place = str(data.get("id"))
    if not _CATALOGUE_ID.fullmatch(place):
        raise FaultyTemplate(f"catalogue: {data.get('id')!r} is not the id of a catalogue")
    _refuse_unknown(data, _CATALOGUE_KEYS, place)
    items = reading.items(data, "entries", place)
    if len(items) > ENTRIES_MAX:
        raise FaultyTemplate(f"{place}.entries: more than {ENTRIES_MAX}")
    catalogue = Catalogue(
        id=place,
        version=reading.number(data, "version", place),
        label=_words(data, "label", place, LABEL_CHARS_MAX),
        is_complete=_truth(data, "complete", place),
        entries=tuple(_parse_entry(reading.mapping(item, place), place) for item in items),
        note=_optional_words(data, "note", place, TEXT_CHARS_MAX),
        valid_from=_day(data, "valid_from", place),
    )
    if faults := list(_faults(catalogue)):
        raise FaultyTemplate(f"{place}: " + "; ".join(faults))
    return catalogue


_CATALOGUE_KEYS = frozenset({"id", "version", "label", "note", "complete", "valid_from", "entries"})
_ENTRY_KEYS = frozenset(
    {"id", "label", "source", "description", "description_source", "group", "parent"}
    | {"valid_from", "valid_to", "successor"}
)


def _parse_entry(data: Mapping[str, object], place: str) -> Entry:
    entry_id = reading.identifier(data.get("id"), f"{place}.entries")
    place = f"{place}.{entry_id}"
    _refuse_unknown(data, _ENTRY_KEYS, place)
    return Entry(
        id=entry_id,
        label=_words(data, "label", place, LABEL_CHARS_MAX),
        source=_source(data.get("source"), f"{place}.source"),
        description=_optional_words(data, "description", place, TEXT_CHARS_MAX),
        description_source=_source(
            data.get("description_source", Source.EXAMPLE), f"{place}.description_source"
        ),
        group=_optional_words(data, "group", place, LABEL_CHARS_MAX),
        parent=_optional_id(data, "parent", place),
        valid_from=_day(data, "valid_from", place),
        valid_to=_day(data, "valid_to", place),
        successor=_optional_id(data, "successor", place),
    )


def _faults(catalogue: Catalogue) -> Iterator[str]:
    """What is wrong with the entries together."""
    known = [entry.id for entry in catalogue.entries]
    yield from (
        f"entry {name} is there twice" for name in sorted({*known}) if known.count(name) > 1
    )
    for entry in catalogue.entries:
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            yield f"{entry.id} ends before it begins"
        if entry.parent is not None:
            parent = catalogue.entry(entry.parent)
            if parent is None:
                yield f"{entry.id} has an unknown parent {entry.parent}"
            elif parent.parent is not None:
                yield f"{entry.id} lies below {parent.id}, which is itself below another"
        if entry.successor is not None:
            yield from _succession_faults(catalogue, entry)


def _succession_faults(catalogue: Catalogue, entry: Entry) -> Iterator[str]:
    if entry.valid_to is None:
        yield f"{entry.id} has a successor but no last day"
    passed, following = {entry.id}, entry.successor
    while following is not None:
        found = catalogue.entry(following)
        if found is None:
            yield f"{entry.id} has an unknown successor {following}"
            return
        if found.id in passed:
            yield f"the successors of {entry.id} go round in a circle"
            return
        passed.add(found.id)
        following = found.successor


def _refuse_unknown(data: Mapping[str, object], known: frozenset[str], place: str) -> None:
    if unknown := sorted(data.keys() - known):
        raise FaultyTemplate(f"{place}: unknown {', '.join(unknown)}")


def _words(data: Mapping[str, object], key: str, place: str, chars_max: int) -> Words:
    found = reading.words(data, key, place)
    if max(len(found.de), len(found.en)) > chars_max:
        raise FaultyTemplate(f"{place}.{key}: longer than {chars_max} characters")
    return found


def _optional_words(
    data: Mapping[str, object], key: str, place: str, chars_max: int
) -> Words | None:
    return None if data.get(key) is None else _words(data, key, place, chars_max)


def _optional_id(data: Mapping[str, object], key: str, place: str) -> str | None:
    value = data.get(key)
    return None if value is None else reading.identifier(value, f"{place}.{key}")


def _day(data: Mapping[str, object], key: str, place: str) -> date | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise FaultyTemplate(f"{place}.{key}: {value!r} is no day like 2026-11-26")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise FaultyTemplate(f"{place}.{key}: there is no day {value}") from None


def _truth(data: Mapping[str, object], key: str, place: str) -> bool:
    value = data.get(key)
    if not isinstance(value, bool):
        raise FaultyTemplate(f"{place}.{key}: expected true or false")
    return value


def _source(value: object, place: str) -> Source:
    if value not in set(Source):
        raise FaultyTemplate(f"{place}: {value!r} is neither {' nor '.join(Source)}")
    return Source(str(value))
