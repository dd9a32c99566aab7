"""Where ideas are meant to be, in words, and the districts that can be chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from collab.process.catalogues.catalogue import Catalogue, Entry
from collab.process.districts.districts import CATALOGUE
from storage.database import Transaction
from storage.process import catalogues
from storage.process.ties import districts

Places = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class DistrictChoice:
    """A district that can be chosen."""

    entry: Entry
    current: bool


async def places_of(tx: Transaction, idea_id: UUID) -> Places:
    """The districts of the idea."""
    found = await districts.of_idea(tx, idea_id)
    return _named(await _newest(tx), found) if found else ()


async def places_of_many(tx: Transaction, idea_ids: Iterable[UUID]) -> Mapping[UUID, Places]:
    """The districts of those of the ideas that name any."""
    found = await districts.of_ideas(tx, idea_ids)
    if not found:
        return {}
    catalogue = await _newest(tx)
    return {idea_id: _named(catalogue, ids) for idea_id, ids in found.items()}


async def district(tx: Transaction, entry_id: str) -> Entry | None:
    """The district of that id; one that has ended, too."""
    return (await _newest(tx)).entry(entry_id) if entry_id else None


async def choices(tx: Transaction, on: date, chosen: Iterable[str] = ()) -> list[DistrictChoice]:
    """The districts that can be chosen that day, and those that are, though they have ended."""
    current = set(chosen)
    catalogue = await catalogues.current(tx, CATALOGUE, on)
    return [
        DistrictChoice(entry, entry.id in current)
        for entry in catalogue.entries
        if entry.is_valid(on) or entry.id in current
    ]


async def _newest(tx: Transaction) -> Catalogue:
    """With all entries there ever were: none vanishes."""
    return (await catalogues.versions(tx, CATALOGUE))[-1]


def _named(catalogue: Catalogue, ids: Iterable[str]) -> Places:
    entries = (catalogue.entry(each) for each in ids)
    return tuple(entry for entry in entries if entry is not None)
