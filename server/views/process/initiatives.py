"""What exists already, beside an idea: what was said of it, and what is like the idea."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 - a field here is called date

from collab.process.evidence import SEARCH, asked_in
from collab.process.initiatives.initiative import Relation
from collab.process.permissions import Action
from server.actions.casefile.evidence import may_put, on_record
from server.actions.cases import Case
from server.actions.catalogues.initiatives import QUERY_CHARS_MAX, own_query
from server.faces import Face, faces
from storage.database import Transaction
from storage.process import initiatives
from storage.process.initiatives import Initiative, InitiativeRelation
from storage.search.existing import Existing, existing

QUERY = "exists"
"""The name of the query parameter with other words to look for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said an initiative is to the idea."""

    initiative: Initiative
    relation: InitiativeRelation
    by: Face


@dataclass(frozen=True, slots=True)
class Searched:
    """A search that found nothing, as it is on record; ``may_note`` says who may add one."""

    terms: str
    date: Day | None
    by: str
    may_note: bool


@dataclass(frozen=True, slots=True)
class Finds:
    """What is like the idea, without what something was said of already.

    ``asked`` are other words than the idea's own, if somebody gave some.
    """

    asked: str
    found: tuple[Existing, ...]
    known: int  # initiatives there are to search in
    kinds: tuple[Relation, ...] = tuple(Relation)


async def said_of(tx: Transaction, case: Case) -> tuple[Said, ...]:
    """Everything that was said about the idea and existing initiatives."""
    rows = await initiatives.of_idea(tx, case.idea.id)
    known = await faces(tx, {row.by for row, _ in rows})
    return tuple(Said(initiative, row, known[row.by]) for row, initiative in rows)


async def finds(tx: Transaction, case: Case, query: Mapping[str, str]) -> Finds:
    """What is like the idea; looked for only for those who may say something of it."""
    asked = query.get(QUERY, "").strip()[:QUERY_CHARS_MAX]
    if not case.may(Action.RELATE_INITIATIVES):
        return Finds(asked, (), 0)
    told = {initiative.id for _, initiative in await initiatives.of_idea(tx, case.idea.id)}
    found = await existing(tx, asked or await own_query(tx, case))
    new = tuple(each for each in found if each.initiative.id not in told)
    return Finds(asked, new, await initiatives.count(tx))


async def searched(tx: Transaction, case: Case) -> Searched | None:
    """The search that is on record; None where the process asks for none."""
    if SEARCH not in {kind.id for kind in asked_in(case.process, case.idea.kind)}:
        return None
    found = await on_record(tx, case, SEARCH)
    day = found.values.get("date")
    return Searched(
        terms=found.values.get("terms", ""),
        date=Day.fromisoformat(day) if day else None,
        by=found.latest.by_name if found.latest else "",
        may_note=may_put(case, found.kind),
    )
