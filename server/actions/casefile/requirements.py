"""Requirements: anybody active raises one, the team answers it, and who raised it is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.casefile.requirements import (
    REQUIREMENTS_MAX,
    Asked,
    check_answer,
    check_requirement,
)
from collab.process.events.casefile import RequirementAnswered, RequirementRaised
from collab.process.permissions import Action, may
from server.actions.abuse.slow import take_turn
from server.actions.casefile.passages import Passage, passage_in
from server.actions.cases import Case, acting_case, at_idea, tell
from server.auth import limits
from server.auth.holders import actor_of
from server.faces import faces
from server.language import N_
from server.messages import mail_text
from server.refusals.casefile import REQUIREMENT_STATES
from server.services import Services
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.casefile import requirements
from storage.process.casefile.requirements import Requirement
from storage.tables.people import Person

HIDDEN: Final = N_("(von der Moderation ausgeblendet)")


async def raise_requirement(
    services: Services,
    actor: Actor,
    ref: str,
    *,
    text: str,
    recorded_for: str = "",
    section: str | None = None,
    anchor: Mapping[str, object] | None = None,
) -> Requirement:
    """Ask something of an idea, for oneself or for somebody who said it elsewhere.

    Raises:
        Invalid: text, name, section or anchor is faulty; names every field.
        Conflict: (requirements-full) the idea holds as many as can be answered.
        Limited: (slow-mode) it is not the actor's turn.
    """
    asked = check_requirement(text, recorded_for)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.RAISE_REQUIREMENT)
        place = passage_in(case, section, anchor)
        await take_turn(tx, case, now)
        row, event = await put_requirement(tx, case, asked, place, case.person_id, now)
    await services.announcer.announce([event])
    return row


async def put_requirement(
    tx: Transaction, case: Case, asked: Asked, place: Passage, raised_by: UUID, now: datetime
) -> tuple[Requirement, StoredEvent]:
    """Write the requirement of somebody and its event, last in its transaction.

    Raises:
        Conflict: (requirements-full) the idea holds as many as can be answered.
    """
    if await requirements.count(tx, case.idea.id) >= REQUIREMENTS_MAX:
        raise Conflict("requirements-full")
    row = await requirements.add(
        tx,
        requirement_id=uuid4(),
        idea_id=case.idea.id,
        raised_by=raised_by,
        recorded_for=asked.recorded_for,
        text=asked.text,
        section=place.section,
        anchor=place.anchor,
        now=now,
    )
    await ideas.touch(tx, case.idea.id, now)
    return row, await tell(tx, case, RequirementRaised(row.id), now)


async def answer_requirement(
    services: Services,
    actor: Actor,
    ref: str,
    number: int,
    *,
    state: str,
    because: str,
    expected_revision: int,
    section: str | None = None,
    anchor: Mapping[str, object] | None = None,
) -> Requirement:
    """Say what the team has made of a requirement, why, and where it is fulfilled.

    Raises:
        NotFound: (requirement-unknown) there is none of that number.
        Invalid: names every faulty field.
        Conflict: (requirement-moved) somebody else answered since; ``current`` is what he said.
    """
    found_state, why = check_answer(state, because)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.ANSWER_REQUIREMENT)
        row = await requirement_of(tx, case, number)
        await _require_first(tx, row, expected_revision)
        place = passage_in(case, section, anchor)
        await requirements.answer(
            tx,
            row.id,
            state=found_state.value,
            because=why,
            by=case.person_id,
            now=now,
            section=place.section,
            anchor=place.anchor,
        )
        await ideas.touch(tx, case.idea.id, now)
        row = await requirement_of(tx, case, number)
        asker = await people.get(tx, row.raised_by)
        assert asker is not None, "persons are not deleted"
        is_told = await _may_read(tx, case, asker)
        event = await tell(tx, case, RequirementAnswered(row.id, found_state.value, why), now)
    await services.announcer.announce([event])
    if is_told:
        _write_to(services, case, row, asker)
    return row


async def requirement_of(tx: Transaction, case: Case, number: int) -> Requirement:
    """The requirement of that number at the idea."""
    row = await requirements.by_number(tx, case.idea.id, number)
    if row is None:
        raise NotFound("requirement-unknown")
    return row


def sees_requirement(case: Case, row: Requirement) -> bool:
    """Whether the actor reads what it says: everybody does, unless a moderator hid it.

    What was made of a hidden comment is hidden with it.
    """
    is_own = row.raised_by == case.actor.person_id
    return (
        (row.hidden_at is None and row.hidden_with is None)
        or is_own
        or case.may(Action.HIDE_COMMENT)
    )


async def _require_first(tx: Transaction, row: Requirement, expected_revision: int) -> None:
    if row.revision == expected_revision:
        return
    if row.answered_by is None or row.answered_at is None:
        raise Conflict("requirement-moved", current=None)
    answerer = (await faces(tx, [row.answered_by]))[row.answered_by]
    current = {
        "revision": row.revision,
        "state": row.state,
        "because": row.because,
        "by": answerer.name,
        "at": row.answered_at.isoformat(),
    }
    raise Conflict("requirement-moved", current=current)


async def _may_read(tx: Transaction, case: Case, asker: Person) -> bool:
    """Whether who asked may read the idea still; who left the team of a draft may not."""
    here = await at_idea(tx, actor_of(asker, await people.roles(tx, asker.id)), case.idea)
    return may(here, Action.READ_IDEA, case.idea.stage)


def _write_to(services: Services, case: Case, row: Requirement, asker: Person) -> None:
    """A mail to who raised the requirement, unless he has just answered it himself."""
    if asker.email is None or asker.suspended_at is not None or asker.id == row.answered_by:
        return
    catalogue = services.pages.catalogues["en" if asker.language == "en" else "de"]
    assert row.state is not None, "it has just been answered"
    values = {
        "name": asker.name,
        "ref": case.idea.ref,
        "title": case.idea.title,
        "text": str(catalogue.gettext(HIDDEN)) if row.hidden_at or row.hidden_with else row.text,
        "state": str(catalogue.gettext(REQUIREMENT_STATES[row.state])),
        "because": row.because,
        "link": f"{services.settings.address}/ideas/{case.idea.ref}#requirement-{row.number}",
    }
    services.mail.post(asker.email, *mail_text("requirement-answered", catalogue, values))
