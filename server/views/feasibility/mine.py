"""What is still open for somebody: rounds, requests, and judgements of texts that have changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.actors import Actor, Role
from collab.process.feasibility.dimensions import Dimension, Verdict, load_feasibility
from collab.process.feasibility.rounds import Round
from collab.process.following.notices import NoticeReason
from collab.process.permissions import Action, may
from collab.process.templates.reading import Words
from collab.process.version import TextVersion
from collab.sync.text import from_json
from server.actions.cases import Case
from server.actions.feasibility.outdated import outdated
from server.actions.feasibility.sight import is_collecting, round_value
from storage import ideas, texts
from storage.database import Transaction
from storage.feasibility import judgements, rounds
from storage.feasibility.judgements import Judgement
from storage.following import notices

JUDGED_MAX: Final = 200
ROUNDS_MAX: Final = 50
NOTICES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Given:
    """A judgement of the reader; ``outdated`` if it is for an earlier text."""

    case: Case
    dimension: Dimension
    verdict: Words
    at: datetime
    outdated: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A round with the dimensions that the reader has not judged in it."""

    case: Case
    round: Round
    missing: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An idea that somebody asked the reader to judge, who has not judged since."""

    case: Case
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenList:
    """Everything, the most urgent first; ``settled`` are judgements with which nothing is to do."""

    rounds: tuple[Asking, ...]
    asked: tuple[Asked, ...]
    outdated: tuple[Given, ...]
    settled: tuple[Given, ...]


async def open_list(tx: Transaction, actor: Actor, now: datetime) -> OpenList:
    """What is open for the actor, at ideas that he may read now."""
    assert actor.person_id is not None, "guests have judged nothing"
    rows = await judgements.of_person(tx, actor.person_id, JUDGED_MAX)
    held = await rounds.open_at(tx, now, ROUNDS_MAX)
    told = [
        each
        for each in await notices.of_person(tx, actor.person_id, NOTICES_MAX)
        if each.reason == NoticeReason.INVITED and each.idea_id is not None
    ]
    wanted = {row.idea_id for row in rows} | {each.idea_id for each in held}
    cases = await _cases(tx, actor, wanted | {each.idea_id for each in told if each.idea_id})
    given = await _given(tx, cases, rows)
    asking = [
        _asking(cases[each.idea_id], round_value(each), rows)
        for each in held
        if each.idea_id in cases and cases[each.idea_id].may(Action.JUDGE)
    ]
    last = {row.idea_id: row.updated_at for row in reversed(rows)}
    asked = {
        each.idea_id: Asked(cases[each.idea_id], each.at)
        for each in told
        if each.idea_id in cases
        and cases[each.idea_id].may(Action.JUDGE)
        and (each.idea_id not in last or last[each.idea_id] < each.at)
    }
    return OpenList(
        rounds=tuple(each for each in asking if each.missing),
        asked=tuple(asked.values()),
        outdated=tuple(each for each in given if each.outdated),
        settled=tuple(each for each in given if not each.outdated),
    )


async def _cases(tx: Transaction, actor: Actor, idea_ids: Iterable[UUID]) -> dict[UUID, Case]:
    """The ideas that the actor may read, as he meets them."""
    found = await ideas.of_ids(tx, idea_ids)
    team = await ideas.team(tx, [idea.id for idea in found])
    cases = {}
    for idea in found:
        roles = [
            Role(each.role) for each in team.get(idea.id, []) if each.person_id == actor.person_id
        ]
        here = actor.with_roles(roles)
        if may(here, Action.READ_IDEA, idea.stage):
            cases[idea.id] = Case(idea, here)
    return cases


async def _given(
    tx: Transaction, cases: dict[UUID, Case], rows: Sequence[Judgement]
) -> list[Given]:
    template, found = load_feasibility(), []
    shown = await texts.of_ideas(tx, {row.idea_id for row in rows if row.idea_id in cases})
    changed: dict[UUID, frozenset[str]] = {}
    for idea_id, text in shown.items():
        idea = cases[idea_id].idea
        judged = [
            TextVersion(row.epoch, row.seq, row.sha256) for row in rows if row.idea_id == idea_id
        ]
        if is_collecting(idea.stage):
            read = from_json(text.sections)
            changed[idea_id] = await outdated(tx, idea.document_id, judged, read, text.sha256)
    for row in rows:
        dimension = template.dimension(row.dimension)
        if row.idea_id in cases and dimension is not None:
            is_old = row.sha256 in changed.get(row.idea_id, ())
            verdict = template.verdicts[Verdict(row.verdict)]
            found.append(Given(cases[row.idea_id], dimension, verdict, row.updated_at, is_old))
    return found


def _asking(case: Case, held: Round, rows: Sequence[Judgement]) -> Asking:
    done = {row.dimension for row in rows if row.round_id == held.id}
    known = (load_feasibility().dimension(name) for name in held.dimensions if name not in done)
    return Asking(case, held, tuple(each for each in known if each is not None))
