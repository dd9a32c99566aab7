"""What an idea pays into, as its reader sees it, and what he may do about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from collab.process.alignment.statements import CATALOGUES, Goal, Verdict
from collab.process.catalogues.catalogue import Catalogue, Entry
from collab.process.permissions import Action
from server.actions.cases import Case
from server.actions.facts.case import team_ids
from server.faces import Face, faces
from storage.database import Transaction
from storage.process import catalogues
from storage.process.ties import alignment
from storage.process.ties.alignment import Alignment, AlignmentReview


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person holds of a statement; ``is_earlier``: of what it said before."""

    row: AlignmentReview
    person: Face
    answered_by: Face | None
    is_earlier: bool
    is_of_team: bool
    may_answer: bool

    @property
    def is_open(self) -> bool:
        """A doubt or question that nobody of the team has answered."""
        return self.row.verdict != Verdict.AGREE and self.row.answer is None


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement with its entry, and what others hold of it."""

    row: Alignment
    entry: Entry
    parent: Entry | None
    has_ended: bool
    opinions: tuple[Opinion, ...]
    mine: AlignmentReview | None
    """The reader's own review of what it says now."""

    @property
    def goal(self) -> Goal:
        return self.row.catalogue_id, self.row.entry_id

    @property
    def key(self) -> str:
        """The goal as it stands in addresses."""
        return key_of(self.goal)


@dataclass(frozen=True, slots=True)
class Group:
    """The statements on one catalogue, and the entries that can still be chosen."""

    catalogue: Catalogue
    stated: tuple[Stated, ...]
    choices: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class AlignmentPanel:
    """All statements of an idea; ``unreviewed``: how many the reader could still review."""

    groups: tuple[Group, ...]
    may_state: bool
    may_review: bool

    @property
    def stated(self) -> Sequence[Stated]:
        return [each for group in self.groups for each in group.stated]

    @property
    def unreviewed(self) -> int:
        return sum(each.mine is None for each in self.stated) if self.may_review else 0

    def find(self, key: str) -> Stated | None:
        """The statement on the goal that an address names."""
        return next((each for each in self.stated if each.key == key), None)

    def choice(self, key: str) -> tuple[Catalogue, Entry] | None:
        """The catalogue and entry that an address names, if it can still be chosen."""
        return next(
            (
                (group.catalogue, entry)
                for group in self.groups
                for entry in group.choices
                if key_of((group.catalogue.id, entry.id)) == key
            ),
            None,
        )


def key_of(goal: Goal) -> str:
    """A goal as it stands in addresses: ``guiding-ideas.resilient``."""
    return ".".join(goal)


def goal_of(key: str) -> Goal:
    """The goal that an address names, whether it exists or not."""
    catalogue, _, entry = key.partition(".")
    return catalogue, entry


async def alignment_panel(tx: Transaction, case: Case, on: date) -> AlignmentPanel:
    """The statements of the case, for its actor."""
    rows = await alignment.current(tx, case.idea.id)
    reviewed = await alignment.reviews(tx, case.idea.id)
    team = await team_ids(tx, case.idea.id)
    people = {row.person_id for row in reviewed} | {
        row.answered_by for row in reviewed if row.answered_by
    }
    known = await faces(tx, people)
    groups = []
    for catalogue_id in CATALOGUES:
        catalogue = await catalogues.current(tx, catalogue_id, on)
        of_it = [row for row in rows if row.catalogue_id == catalogue_id]
        stated = tuple(_stated(case, catalogue, row, reviewed, known, team, on) for row in of_it)
        taken = {row.entry_id for row in of_it}
        choices = tuple(each for each in catalogue.choices(on) if each.id not in taken)
        groups.append(Group(catalogue, _in_order(catalogue, stated), choices))
    me = case.actor.person_id
    return AlignmentPanel(
        groups=tuple(groups),
        may_state=case.may(Action.ALIGN),
        may_review=case.may(Action.REVIEW_ALIGNMENT) and me is not None and me not in team,
    )


def _stated(
    case: Case,
    catalogue: Catalogue,
    row: Alignment,
    reviewed: Iterable[AlignmentReview],
    known: Mapping[UUID, Face],
    team: frozenset[UUID],
    on: date,
) -> Stated:
    entry = catalogue.entry(row.entry_id)
    assert entry is not None, f"{row.entry_id} has vanished from {catalogue.id}"
    of_it = [
        each
        for each in reviewed
        if (each.catalogue_id, each.entry_id) == (row.catalogue_id, row.entry_id)
    ]
    mine = (
        each
        for each in of_it
        if each.person_id == case.actor.person_id and each.revision == row.revision
    )
    may_answer = case.may(Action.ALIGN)
    return Stated(
        row=row,
        entry=entry,
        parent=catalogue.entry(entry.parent) if entry.parent else None,
        has_ended=not entry.is_valid(on),
        opinions=tuple(
            Opinion(
                row=each,
                person=known[each.person_id],
                answered_by=known.get(each.answered_by) if each.answered_by else None,
                is_earlier=each.revision != row.revision,
                is_of_team=each.person_id in team,
                may_answer=may_answer and each.verdict != Verdict.AGREE and each.answer is None,
            )
            for each in of_it
        ),
        mine=next(mine, None),
    )


def _in_order(catalogue: Catalogue, stated: tuple[Stated, ...]) -> tuple[Stated, ...]:
    """In the reading order of the catalogue."""
    order = [entry.id for entry in catalogue.entries]
    return tuple(sorted(stated, key=lambda each: order.index(each.entry.id)))
