"""Telling those concerned why something was decided: once, after the commit, each in his language.

The acts that are to be told of are found in the history, so one whose process ended between
commit and mail is told of by the next who asks. Whoever takes an act on notes it first: a mail
may be lost with its process, but nobody gets it twice.
"""

from datetime import timedelta
from typing import Final

from collab.process.processes import every_process, load_process
from collab.process.seam.undo import UNDO
from collab.process.stages import ProcessTemplate, Transition
from server.language import DEFAULT, language_of
from server.messages import mail_text
from server.services import Services
from storage import ideas, people, stages
from storage.database import Transaction
from storage.process import statements
from storage.tables.stages import StageChange

TOLD_WITHIN: Final = timedelta(days=7)
"""Of what is older nobody is told by mail any more; it stands on its page."""


async def tell_concerned(services: Services) -> int:
    """Tell of every act that gives a statement and was not told of yet; how many those were."""
    now = services.clock()
    ways = (way for process in every_process() for way in process.transitions if way.statement)
    kinds = {UNDO, *(way.id for way in ways)}
    async with services.database.read() as tx:
        found = await statements.untold(tx, kinds, now - TOLD_WITHIN)
        waiting = [change for change in found if await gives_statement(tx, change)]
    told = 0
    for change in waiting:
        async with services.database.write() as tx:
            is_mine = await statements.claim(tx, change.id, now)
        if is_mine:
            await _tell(services, change)
            told += 1
    return told


async def gives_statement(tx: Transaction, change: StageChange) -> bool:
    """Whether those concerned are owed a statement of reasons for this act."""
    idea = await ideas.get(tx, change.idea_id)
    assert idea is not None, "a stage change belongs to an idea"
    process = load_process(idea.process_id, idea.process_version)
    return await statement_way(tx, process, change) is not None


async def statement_way(
    tx: Transaction, process: ProcessTemplate, change: StageChange
) -> Transition | None:
    """The transition that owes a statement; for an undoing the one that was undone."""
    acted: StageChange | None = change
    if change.transition == UNDO and change.undoes is not None:
        acted = await stages.at_revision(tx, change.idea_id, change.undoes)
    return next(
        (
            way
            for way in process.transitions
            if acted is not None
            and way.statement
            and (way.id, way.target) == (acted.transition, acted.to_stage)
        ),
        None,
    )


async def _tell(services: Services, change: StageChange) -> None:
    """Mail everybody in the team who has an address, but not who acted."""
    async with services.database.read() as tx:
        idea = await ideas.get(tx, change.idea_id)
        assert idea is not None, "a stage change belongs to an idea"
        process = load_process(idea.process_id, idea.process_version)
        way = await statement_way(tx, process, change)
        team = (await ideas.team(tx, [idea.id])).get(idea.id, [])
        concerned = await people.named(tx, {row.person_id for row in team} - {change.actor_id})
    assert way is not None, "only acts with a statement are told of"
    stage = process.stage(change.to_stage)
    which = "act-undone" if change.transition == UNDO else "act"
    for person in concerned.values():
        if person.email is None or person.suspended_at is not None:
            continue
        language = language_of(person.language) or DEFAULT
        values = {
            "name": person.name,
            "title": idea.title,
            "ref": idea.ref,
            "act": way.label[language],
            "stage": stage.label[language] if stage else change.to_stage,
            "reason": change.reason,
            "link": f"{services.settings.address}{statement_path(idea.ref, change.revision)}",
        }
        subject, text = mail_text(which, services.pages.catalogues[language], values)
        services.mail.post(person.email, subject, text)


def statement_path(ref: str, revision: int) -> str:
    """The address of the page of an act's statement of reasons."""
    return f"/ideas/{ref}/acts/{revision}"
