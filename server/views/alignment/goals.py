"""Finding ideas by what they pay into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from collab.errors import Invalid
from collab.process.alignment.statements import CATALOGUES, FIELDS_OF_ACTION, GUIDING_IDEAS
from collab.process.catalogues.catalogue import Catalogue, Entry
from storage.database import Transaction
from storage.process import catalogues
from storage.search.listing import PaysInto

PARAMETERS = {"guiding_idea": GUIDING_IDEAS, "field": FIELDS_OF_ACTION}
"""What a parameter of an address names an entry of."""


@dataclass(frozen=True, slots=True)
class GoalChoice:
    """One entry that a list can be narrowed to."""

    key: str
    entry: Entry
    current: bool


@dataclass(frozen=True, slots=True)
class GoalGroup:
    """The entries of one catalogue."""

    catalogue: Catalogue
    choices: tuple[GoalChoice, ...]


async def pays_into(tx: Transaction, on: date, catalogue_id: str, entry_id: str) -> PaysInto | None:
    """The entry with those below it: who pays into a sub-field pays into its field.

    None if there is no such entry; one that has ended can still be asked for.
    """
    if catalogue_id not in CATALOGUES:
        return None
    catalogue = await catalogues.current(tx, catalogue_id, on)
    if catalogue.entry(entry_id) is None:
        return None
    below = {each.id for each in catalogue.children(entry_id)}
    return PaysInto(catalogue_id, frozenset({entry_id, *below}))


async def goals_in(tx: Transaction, on: date, asked: Mapping[str, Any]) -> tuple[PaysInto, ...]:
    """What the parameters ask ideas to pay into; raises Invalid for what does not exist."""
    found = []
    for name, catalogue_id in PARAMETERS.items():
        if entry_id := asked[name]:
            goal = await pays_into(tx, on, catalogue_id, entry_id)
            if goal is None:
                raise Invalid(fields={name: "unknown-choice"})
            found.append(goal)
    return tuple(found)


async def goal_groups(tx: Transaction, on: date, chosen: str) -> list[GoalGroup]:
    """Everything that a list can be narrowed to."""
    groups = []
    for catalogue_id in CATALOGUES:
        catalogue = await catalogues.current(tx, catalogue_id, on)
        keys = ((f"{catalogue_id}.{entry.id}", entry) for entry in catalogue.entries)
        choices = tuple(
            GoalChoice(key, entry, key == chosen)
            for key, entry in keys
            if entry.is_valid(on) or key == chosen
        )
        groups.append(GoalGroup(catalogue, choices))
    return groups
