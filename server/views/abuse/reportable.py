"""What the form for reports offers: the thing it was opened for, or anything at the idea."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from collab.process.abuse.reports import Target
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.templates.reading import Words
from server.actions.abuse.targets import people_at, reported
from server.actions.cases import open_case
from server.faces import Face, faces
from server.services import Services
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.talk import comments
from storage.talk.comments import Comment


@dataclass(frozen=True, slots=True)
class Reportable:
    """``comment`` is the one that is reported; else sections and people are offered."""

    idea: Idea
    comment: Comment | None
    author: Face | None
    sections: Sequence[tuple[str, Words | None]]
    """Names of sections with their labels; the title has none."""
    people: Sequence[Face]


async def reportable(services: Services, actor: Actor, ref: str, chosen: str) -> Reportable:
    """What ``chosen`` (``comment:id``, ``section:name``, ``person:handle``) leaves to choose.

    Raises:
        NotFound: the idea or the thing is not there, or not for who asks.
    """
    target, _, target_id = chosen.partition(":")
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        if target and target_id:
            await reported(tx, case, target, target_id)
        comment = await _comment(tx, target, target_id)
        if comment is not None:
            known = await faces(tx, [comment.author_id])
            return Reportable(case.idea, comment, known[comment.author_id], (), ())
        people = await faces(tx, await people_at(tx, case))
    sections = [(section.id, section.label) for section in case.template.sections]
    ordered = sorted(people.values(), key=lambda face: (face.name, face.handle))
    return Reportable(case.idea, None, None, [(TITLE, None), *sections], ordered)


async def _comment(tx: Transaction, target: str, target_id: str) -> Comment | None:
    return await comments.get(tx, UUID(target_id)) if target == Target.COMMENT else None
