"""What the form for reports offers: the thing it was opened for, or anything at the idea."""

from collections.abc import Sequence
from dataclasses import dataclass

from collab.process.abuse.reports import HIDEABLE
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.templates.reading import Words
from server.actions.abuse.hiding import contribution_at
from server.actions.abuse.targets import people_at, reported
from server.actions.cases import open_case
from server.faces import Face, faces
from server.services import Services
from server.views.abuse.places import place_of
from storage.abuse.contents import Contribution
from storage.tables.ideas import Idea


@dataclass(frozen=True, slots=True)
class Reportable:
    """``found`` is what is reported, ``place`` is where; else sections and people are offered."""

    idea: Idea
    found: Contribution | None
    place: str
    author: Face | None
    sections: Sequence[tuple[str, Words | None]]
    """Names of sections with their labels; the title has none."""
    people: Sequence[Face]


async def reportable(services: Services, actor: Actor, ref: str, chosen: str) -> Reportable:
    """What ``chosen`` (``suggestion:id``, ``section:name``, ``person:handle``) leaves to choose.

    Raises:
        NotFound: the idea or the thing is not there, or not for who asks.
    """
    target, _, target_id = chosen.partition(":")
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        if target and target_id:
            about = await reported(tx, case, target, target_id, services.clock())
            if about.target in HIDEABLE:
                found = await contribution_at(tx, case, about.target, about.target_id)
                author = (await faces(tx, [found.author_id]))[found.author_id]
                return Reportable(case.idea, found, place_of(ref, found), author, (), ())
        people = await faces(tx, await people_at(tx, case))
    sections = [(section.id, section.label) for section in case.template.sections]
    ordered = sorted(people.values(), key=lambda face: (face.name, face.handle))
    return Reportable(case.idea, None, f"/ideas/{ref}", None, [(TITLE, None), *sections], ordered)
