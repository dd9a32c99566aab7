"""What becomes of a comment: a requirement, or a task. It keeps its words and its passage."""

from uuid import UUID

from collab.errors import Conflict, NotAllowed
from collab.process.actors import Actor
from collab.process.casefile.requirements import TEXT_CHARS_MAX, check_requirement
from collab.process.events.talk import CommentBecame
from collab.process.permissions import Action
from collab.process.talk.tasks import TEXT_CHARS_MAX as TASK_CHARS_MAX
from collab.typed import tidied
from server.actions.casefile.passages import passage_in
from server.actions.casefile.requirements import put_requirement
from server.actions.cases import Case, acting_case, open_case, tell
from server.actions.talk.comments import comment_of
from server.actions.talk.reactions import standing
from server.actions.talk.tasks import put_task, wanted_task
from server.auth import limits
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.casefile.requirements import Requirement
from storage.talk import beside
from storage.talk.beside import Became
from storage.talk.comments import Comment
from storage.talk.tasks import Task

__all__ = ["TASK_CHARS_MAX", "make_requirement", "make_task", "usable_comment", "ways_of"]

REQUIREMENT, TASK = "requirement", "task"


async def make_requirement(
    services: Services, actor: Actor, ref: str, comment_id: UUID, *, text: str = ""
) -> Requirement:
    """Ask of the idea what a comment says; for its author, the team and moderators.

    In its own words it is the author's requirement, and he is told what becomes of it. In other
    words it is that of who puts it so, and names the author as who said it.

    Raises:
        Invalid: the text is too long for a requirement; it can be put shorter.
        Conflict: (already-made) it was made a requirement before; (comment-hidden).
    """
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.RAISE_REQUIREMENT)
        comment = await _usable(tx, case, comment_id, REQUIREMENT)
        if REQUIREMENT not in ways_of(case, comment):
            raise NotAllowed
        words = tidied(text) or comment.text
        author = (await people.named(tx, [comment.author_id]))[comment.author_id]
        is_same = words == comment.text
        is_own = case.person_id == comment.author_id
        asked = check_requirement(words, "" if is_same or is_own else author.name)
        place = passage_in(case, None, comment.anchor)
        raised_by = comment.author_id if is_same else case.person_id
        row, raised = await put_requirement(tx, case, asked, place, raised_by, now)
        became = await _note(tx, case, comment, Became(REQUIREMENT, str(row.number)), services)
    await services.announcer.announce([raised, became])
    return row


async def make_task(
    services: Services,
    actor: Actor,
    ref: str,
    comment_id: UUID,
    *,
    text: str,
    owner: str = "",
    due: str = "",
) -> Task:
    """Plan what a comment asks for.

    Raises:
        Invalid: text, owner or day is faulty; names every field.
        Conflict: (already-made) it was made a task before; (comment-hidden); (tasks-full).
    """
    planned = wanted_task(services, text, due)
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MANAGE_TASKS)
        comment = await _usable(tx, case, comment_id, TASK)
        row, added = await put_task(tx, case, planned, owner, services, comment_id=comment.id)
        became = await _note(tx, case, comment, Became(TASK, str(row.number)), services)
    await services.announcer.announce([added, became])
    return row


async def usable_comment(
    services: Services, actor: Actor, ref: str, comment_id: UUID
) -> tuple[Case, Comment, str, frozenset[str]]:
    """A comment for somebody who wants to make something of it.

    With what it is as a requirement, cut to what fits, and what it can still become.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        comment = await comment_of(tx, case, comment_id)
        made = {each.kind for each in (await _beside(tx, comment)).became}
        ways = frozenset(ways_of(case, comment) - made)
        if not ways_of(case, comment):
            raise NotAllowed
        await standing(tx, case, comment_id)
    return case, comment, comment.text[:TEXT_CHARS_MAX], ways


def ways_of(case: Case, comment: Comment) -> frozenset[str]:
    """What the actor may make of a comment that stands."""
    ways = set()
    is_own = comment.author_id == case.actor.person_id
    is_trusted = case.may(Action.ANSWER_REQUIREMENT) or case.may(Action.HIDE_COMMENT)
    if case.may(Action.RAISE_REQUIREMENT) and (is_own or is_trusted):
        ways.add(REQUIREMENT)
    if case.may(Action.MANAGE_TASKS):
        ways.add(TASK)
    if case.may(Action.COMMENT) and comment.anchor is not None:
        ways.add("suggestion")
    return frozenset(ways)


async def _usable(tx: Transaction, case: Case, comment_id: UUID, kind: str) -> Comment:
    comment = await standing(tx, case, comment_id)
    if any(each.kind == kind for each in (await _beside(tx, comment)).became):
        raise Conflict("already-made")
    return comment


async def _beside(tx: Transaction, comment: Comment) -> beside.Beside:
    return (await beside.beside(tx, [comment.id], None))[comment.id]


async def _note(
    tx: Transaction, case: Case, comment: Comment, became: Became, services: Services
) -> StoredEvent:
    now = services.clock()
    await beside.note_outcome(tx, case.idea.id, comment.id, became, by=case.person_id, now=now)
    return await tell(tx, case, CommentBecame(comment.id, became.kind, became.target), now)
