"""What a report can be about at an idea, as far as whoever reports can see it."""

from uuid import UUID

from collab.errors import Invalid, NotFound
from collab.process.abuse.reports import Reported, Target
from collab.process.dossier import TITLE
from server.actions.cases import Case
from storage import ideas, people
from storage.database import Transaction
from storage.talk import comments


async def reported(tx: Transaction, case: Case, target: str, target_id: str) -> Reported:
    """The thing of that name at the idea.

    Raises:
        Invalid: nothing of this kind can be reported.
        NotFound: it is not there, or not for who asks: nobody learns by reporting what there is.
    """
    match target:
        case Target.COMMENT:
            return await _comment(tx, case, target_id)
        case Target.SECTION:
            if target_id not in {TITLE, *case.template.section_ids}:
                raise NotFound
            return Reported(Target.SECTION, target_id, case.idea.id, None)
        case Target.PERSON:
            return await _person(tx, case, target_id)
    raise Invalid(fields={"target": "unknown-choice"})


async def people_at(tx: Transaction, case: Case) -> set[UUID]:
    """Whose names stand at the idea: its team, and who said something that can be read."""
    team = (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])
    said = await comments.of_idea(tx, case.idea.id)
    readable = {row.author_id for row in said if not row.deleted_at and not row.hidden_at}
    return {row.person_id for row in team} | readable


async def _comment(tx: Transaction, case: Case, target_id: str) -> Reported:
    try:
        row = await comments.get(tx, UUID(target_id))
    except ValueError:
        row = None
    is_there = row is not None and row.idea_id == case.idea.id
    if row is None or not is_there or row.deleted_at or row.hidden_at:
        raise NotFound("comment-not-found")
    return Reported(Target.COMMENT, str(row.id), case.idea.id, row.author_id)


async def _person(tx: Transaction, case: Case, handle: str) -> Reported:
    person = await people.by_handle(tx, handle)
    if person is None or person.id not in await people_at(tx, case):
        raise NotFound
    return Reported(Target.PERSON, str(person.id), case.idea.id, person.id)
