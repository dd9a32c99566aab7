"""Suggestions as a reader sees them: what would change, where, and what competes with what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.process.dossier import TITLE
from collab.process.permissions import Action
from collab.process.suggestions.wording import SuggestionState
from collab.process.templates.reading import Words
from collab.sync.comparing.script import Op, TooMuchWork, Work
from collab.sync.comparing.words import Run, compared
from collab.sync.suggesting.blocks import joined, section_texts
from collab.sync.suggesting.passages import find, groups, in_one_line
from collab.sync.text import DossierText
from server.actions.cases import Case
from server.actions.suggestions.deciding import may_decide
from server.actions.suggestions.making import passage_of
from server.faces import Face, faces
from storage.database import Transaction
from storage.suggestions import suggestions
from storage.suggestions.suggestions import Suggestion

DECIDED_SHOWN: Final = 50
HIDDEN_SHOWN: Final = 50
STEPS_MAX: Final = 5_000
STEPS_SHOWN_MAX: Final = 50_000
"""So much is compared word by word of one suggestion, and of all on a page: the rest goes whole."""

CONTEXT_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Suggested:
    """One suggestion for one reader.

    ``before`` and ``after`` are the words around the passage as they were when it was made;
    ``is_lost``: its words are no longer in the text, or stand there
    twice. The title has no ``label``.
    """

    row: Suggestion
    author: Face
    decided_by: Face | None
    label: Words | None
    runs: tuple[Run, ...]
    before: str
    after: str
    is_lost: bool
    is_own: bool
    may_hide: bool

    @property
    def is_open(self) -> bool:
        undecided = self.row.state in {SuggestionState.OPEN, SuggestionState.ACCEPTING}
        return undecided and self.row.hidden_at is None


@dataclass(frozen=True, slots=True)
class Listing:
    """All suggestions: competing ones in one group; the newest decisions below.

    ``hidden`` are those that moderators hid, as far as the reader is concerned.
    """

    groups: tuple[tuple[Suggested, ...], ...]
    decided: tuple[Suggested, ...]
    hidden: tuple[Suggested, ...]
    sections: tuple[tuple[str, Words | None], ...]
    section: str | None
    may_suggest: bool
    may_decide: bool

    @property
    def count(self) -> int:
        return sum(map(len, self.groups))


@dataclass(frozen=True, slots=True)
class _Desk:
    """For whom suggestions are shown, with which names, and how much may still be compared."""

    case: Case
    labels: Mapping[str, Words | None]
    known: Mapping[UUID, Face]
    work: Work


async def listing(
    tx: Transaction,
    case: Case,
    text: DossierText,
    *,
    section: str | None = None,
    only_open: bool = False,
) -> Listing:
    """The suggestions for the text as it is, of one section or all."""
    labels = labels_of(case)
    rows = await suggestions.open_of(tx, case.idea.id)
    named = {row.section for row in rows}
    waiting = [row for row in rows if section in (None, row.section)]
    over = (
        []
        if only_open
        else await suggestions.decided(tx, case.idea.id, section=section, limit=DECIDED_SHOWN)
    )
    gone = [] if only_open else await _hidden(tx, case)
    people = {row.author_id for row in [*waiting, *over, *gone]}
    known = await faces(tx, people | {row.decided_by for row in [*over, *gone] if row.decided_by})
    desk = _Desk(case, labels, known, Work(STEPS_SHOWN_MAX))
    return Listing(
        groups=tuple(_grouped(desk, waiting, text)),
        decided=tuple(_shown(desk, row, is_lost=False) for row in over),
        hidden=tuple(_shown(desk, row, is_lost=False) for row in gone),
        sections=tuple((name, words) for name, words in labels.items() if name in named),
        section=section,
        may_suggest=case.may(Action.SUGGEST),
        may_decide=await may_decide(tx, case),
    )


async def _hidden(tx: Transaction, case: Case) -> list[Suggestion]:
    """What was hidden, for moderators; for others only what was hidden of themselves."""
    if case.may(Action.HIDE_COMMENT):
        return await suggestions.hidden(tx, case.idea.id, author_id=None, limit=HIDDEN_SHOWN)
    if case.actor.person_id is None:
        return []
    mine = case.actor.person_id
    return await suggestions.hidden(tx, case.idea.id, author_id=mine, limit=HIDDEN_SHOWN)


async def shown(tx: Transaction, case: Case, row: Suggestion, text: DossierText) -> Suggested:
    """One suggestion."""
    known = await faces(tx, {each for each in (row.author_id, row.decided_by) if each})
    desk = _Desk(case, labels_of(case), known, Work(STEPS_SHOWN_MAX))
    return _shown(desk, row, is_lost=_place_in(_in_one_line(text, row.section), row) is None)


def labels_of(case: Case) -> dict[str, Words | None]:
    """The names of the sections in their order, the title first."""
    return {TITLE: None, **{each.id: each.label for each in case.template.sections}}


def _in_one_line(text: DossierText, section: str) -> str:
    return in_one_line(joined(section_texts(text, section)).text)


def _place_in(flat: str, row: Suggestion) -> tuple[int, int] | None:
    """Where in the words of its section the suggestion's passage stands now."""
    passage = passage_of(row)
    at = find(flat, passage)
    return None if at is None else (at, at + len(passage.quote))


def _grouped(
    desk: _Desk, rows: Sequence[Suggestion], text: DossierText
) -> list[tuple[Suggested, ...]]:
    """In the order of the text, competing ones together; those without a place at the end."""
    found: list[tuple[Suggested, ...]] = []
    lost: list[tuple[Suggested, ...]] = []
    for section in desk.labels:
        here = [row for row in rows if row.section == section]
        flat = _in_one_line(text, section) if here else ""
        places = [_place_in(flat, row) for row in here]
        for group in groups(places):
            together = [_shown(desk, here[at], is_lost=False) for at in group]
            found.append(tuple(together))
        gone = [row for row, place in zip(here, places, strict=True) if place is None]
        lost += [(_shown(desk, row, is_lost=True),) for row in gone]
    return found + lost


def _shown(desk: _Desk, row: Suggestion, *, is_lost: bool) -> Suggested:
    passage = passage_of(row)
    may_hide = desk.case.may(Action.HIDE_COMMENT) and row.hidden_at is None
    return Suggested(
        row=row,
        author=desk.known[row.author_id],
        decided_by=desk.known.get(row.decided_by) if row.decided_by else None,
        label=desk.labels.get(row.section),
        runs=_runs(passage.quote, row.text, desk.work),
        before=passage.prefix[-CONTEXT_CHARS:],
        after=passage.suffix[:CONTEXT_CHARS],
        is_lost=is_lost,
        is_own=row.author_id == desk.case.actor.person_id,
        may_hide=may_hide and row.author_id != desk.case.actor.person_id,
    )


def _runs(quote: str, words: str, work: Work) -> tuple[Run, ...]:
    try:
        work.spend(0)  # nothing is even read once nothing is left
        return compared(quote, words, work.part(STEPS_MAX))
    except TooMuchWork:
        whole = (Run(Op.REMOVED, quote), Run(Op.ADDED, words))
        return tuple(run for run in whole if run.text)
