"""The queue of moderation: reports by what they are about, and appeals."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.process.abuse.reports import HIDEABLE, Outcome, Target
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.permissions import Action, may, require
from collab.sync.text import nodes_to_plain
from server.actions.abuse.deciding import may_decide
from server.actions.access import known
from server.actions.cases import Case, at_idea
from server.faces import Face, faces
from server.realtime.rooms.loading import stored_text
from server.services import Services
from server.views.abuse.places import page_of, place_of
from storage import events
from storage.abuse import contents, hidings, reports
from storage.abuse.contents import Contribution, Key
from storage.abuse.hidings import Hiding, thing_of
from storage.abuse.reports import Report, ReportCase
from storage.database import Transaction
from storage.tables.ideas import Idea

CASES_SHOWN: Final = 50
APPEALS_SHOWN: Final = 50
REPORTS_SHOWN: Final = 10
EXCERPT_CHARS: Final = 1_200
FRAGMENT: Final = "/fragments/moderation"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was reported, with its reports and what stands there now."""

    row: ReportCase
    idea: Idea
    reports: Sequence[Report]
    count: int
    grounds: Mapping[str, int]
    text: str
    answered: str
    """What a reported comment replies to."""
    author: Face | None
    claimed: Face | None
    is_mine: bool
    is_gone: bool
    is_edited: bool
    may_decide: bool
    outcomes: tuple[Outcome, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Objection:
    """An appeal that waits for its answer."""

    row: Hiding
    idea: Idea
    text: str
    author: Face
    may_decide: bool
    path: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything that waits for a moderator, the longest first."""

    items: Sequence[Item]
    more: bool
    appeals: Sequence[Objection]
    may_decide: bool
    last_event: int


async def queue(services: Services, reader: Actor) -> Queue:
    """The queue as it is now, for who may see it."""
    known(reader)
    require(Action.READ_REPORTS, reader)
    async with services.database.read() as tx:
        rows = await reports.open_cases(tx, CASES_SHOWN + 1)
        return Queue(
            items=await items(tx, reader, rows[:CASES_SHOWN]),
            more=len(rows) > CASES_SHOWN,
            appeals=await _appeals(tx, reader),
            may_decide=may(reader, Action.DECIDE_REPORTS),
            last_event=await events.last_id(tx),
        )


async def items(tx: Transaction, reader: Actor, rows: Sequence[ReportCase]) -> list[Item]:
    """These cases as the reader sees them: those at ideas that he may read."""
    at = await contents.ideas_of(tx, {row.idea_id for row in rows})
    cases = {idea.id: Case(idea, await at_idea(tx, reader, idea)) for idea in at.values()}
    rows = [row for row in rows if cases[row.idea_id].may(Action.READ_IDEA)]
    said = await contents.contributions(tx, {_key(row) for row in rows})
    above = await contents.comments_of(
        tx, {each.reply_to for each in said.values() if each.reply_to is not None}
    )
    known_people = await faces(
        tx, {each for row in rows for each in (row.person_id, row.claimed_by) if each is not None}
    )
    by_case: dict[UUID, list[Report]] = {}
    for report in await reports.of_case(tx, [row.id for row in rows], REPORTS_SHOWN):
        by_case.setdefault(report.case_id, []).append(report)
    counts = await reports.counts(tx, [row.id for row in rows])
    found = []
    for row in rows:
        case, told = cases[row.idea_id], by_case.get(row.id, [])
        found_row = said.get(_key(row))
        answered = above.get(found_row.reply_to) if found_row and found_row.reply_to else None
        author = known_people.get(row.person_id) if row.person_id else None
        found.append(
            Item(
                row=row,
                idea=case.idea,
                reports=told,
                count=counts.get(row.id, 0),
                grounds=Counter(each.ground for each in told),
                text=await _text(tx, case, row, found_row, author),
                answered=_excerpt(answered.text) if answered else "",
                author=author,
                claimed=known_people.get(row.claimed_by) if row.claimed_by else None,
                is_mine=row.claimed_by == reader.person_id,
                is_gone=row.target in HIDEABLE and (found_row is None or found_row.is_gone),
                is_edited=_is_edited(found_row, row),
                may_decide=may(reader, Action.DECIDE_REPORTS) and may_decide(case, row),
                outcomes=_outcomes(found_row),
                path=_path(case.idea, row, found_row),
            )
        )
    return found


async def _appeals(tx: Transaction, reader: Actor) -> list[Objection]:
    rows = await hidings.open_appeals(tx, APPEALS_SHOWN)
    at = await contents.ideas_of(tx, {row.idea_id for row in rows})
    keys: dict[UUID, Key] = {row.id: (row.idea_id, row.target, thing_of(row)) for row in rows}
    said = await contents.contributions(tx, set(keys.values()))
    people = await faces(tx, {row.author_id for row in rows})
    is_moderator = may(reader, Action.DECIDE_REPORTS)
    return [
        Objection(
            row=row,
            idea=at[row.idea_id],
            text=_excerpt(said[keys[row.id]].text),
            author=people[row.author_id],
            may_decide=is_moderator and reader.person_id not in {row.by, row.author_id},
            path=page_of(at[row.idea_id].ref, row.target, thing_of(row)) + "/hidden",
        )
        for row in rows
        if keys[row.id] in said
    ]


async def _text(
    tx: Transaction,
    case: Case,
    row: ReportCase,
    found: Contribution | None,
    author: Face | None,
) -> str:
    """What stands there now; empty if it is gone, or stands in a text that is being written."""
    if row.target in HIDEABLE:
        return _excerpt(found.text) if found else ""
    if row.target == Target.PERSON:
        return f"{author.name} ({author.handle})" if author else ""
    stored = await stored_text(tx, case.idea)
    if stored is None:
        return ""
    text, _ = stored
    if row.target_id == TITLE:
        return _excerpt(text.title)
    return _excerpt(nodes_to_plain(text.sections.get(row.target_id, [])))


def _outcomes(found: Contribution | None) -> tuple[Outcome, ...]:
    """How the case can end."""
    can_hide = found is not None and not found.is_gone
    return tuple(each for each in Outcome if each is not Outcome.HIDDEN or can_hide)


def _is_edited(found: Contribution | None, row: ReportCase) -> bool:
    """Whether it was changed after it was reported first."""
    return bool(found and found.edited_at and found.edited_at > row.opened_at)


def _path(idea: Idea, row: ReportCase, found: Contribution | None) -> str:
    if found is not None:
        return place_of(idea.ref, found)
    if row.target == Target.SECTION:
        return f"/ideas/{idea.ref}#section-{row.target_id}"
    return f"/ideas/{idea.ref}#people"


def _key(row: ReportCase) -> Key:
    return row.idea_id, row.target, row.target_id


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT_CHARS else text[: EXCERPT_CHARS - 1] + "…"
