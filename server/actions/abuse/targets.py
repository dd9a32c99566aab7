"""What a report can be about at an idea, as far as whoever reports can see it."""

from datetime import datetime
from uuid import UUID

from collab.errors import Invalid, NotFound
from collab.process.abuse.reports import Reported, Target
from collab.process.dossier import TITLE
from server.actions.abuse.hiding import NOT_THERE
from server.actions.cases import Case
from server.actions.feasibility.sight import hidden_from
from storage import ideas, people
from storage.abuse import contents
from storage.database import Transaction
from storage.process.casefile import requirements
from storage.suggestions import suggestions
from storage.talk import comments


async def reported(
    tx: Transaction, case: Case, target: str, target_id: str, now: datetime
) -> Reported:
    """The thing of that name at the idea.

    Raises:
        Invalid: nothing of this kind can be reported.
        NotFound: it is not there, or not for who asks: nobody learns by reporting what there is.
    """
    match target:
        case Target.COMMENT | Target.SUGGESTION | Target.JUDGEMENT | Target.REQUIREMENT:
            return await _contribution(tx, case, Target(target), target_id, now)
        case Target.SECTION:
            if target_id not in {TITLE, *case.template.section_ids}:
                raise NotFound
            return Reported(Target.SECTION, target_id, case.idea.id, None)
        case Target.PERSON:
            return await _person(tx, case, target_id)
    raise Invalid(fields={"target": "unknown-choice"})


async def people_at(tx: Transaction, case: Case) -> set[UUID]:
    """Whose names stand at the idea: its team, and who said, suggested or asked something."""
    team = (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])
    said = await comments.of_idea(tx, case.idea.id)
    readable = {row.author_id for row in said if not row.deleted_at and not row.hidden_at}
    suggested = {row.author_id for row in await suggestions.open_of(tx, case.idea.id)}
    asked = {row.raised_by for row in await requirements.of_idea(tx, case.idea.id)}
    return {row.person_id for row in team} | readable | suggested | asked


async def _contribution(
    tx: Transaction, case: Case, target: Target, target_id: str, now: datetime
) -> Reported:
    found = await contents.contribution(tx, case.idea.id, target, target_id)
    if found is None or not found.is_readable:
        raise NotFound(NOT_THERE.get(target, ""))
    if target is Target.JUDGEMENT and found.name in await hidden_from(tx, case, now):
        raise NotFound
    return Reported(target, found.id, case.idea.id, found.author_id)


async def _person(tx: Transaction, case: Case, handle: str) -> Reported:
    person = await people.by_handle(tx, handle)
    if person is None or person.id not in await people_at(tx, case):
        raise NotFound
    return Reported(Target.PERSON, str(person.id), case.idea.id, person.id)
