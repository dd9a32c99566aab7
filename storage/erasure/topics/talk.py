"""A person's words and handle in what hangs on comments, and in tasks.

Who planned a task and who settled a thread stays under the pseudonym; what he said doing so goes
where that was chosen.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update

from collab.process.talk.comments import TEXT_CHARS_MAX
from collab.process.talk.mentions import mentions_in
from storage.database import METADATA, Transaction

COMMENT = METADATA.tables["comment"]
MENTION = METADATA.tables["mention"]
RESOLUTION = METADATA.tables["resolution"]
TASK = METADATA.tables["task"]


async def erase_words(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> None:
    """Put ``mark`` in the place of the person's words, at all ideas or these."""
    for table, whose, column in (
        (TASK, TASK.c.created_by, TASK.c.text),
        (TASK, TASK.c.settled_by, TASK.c.reason),
        (RESOLUTION, RESOLUTION.c.by, RESOLUTION.c.note),
    ):
        said = update(table).where(whose == person_id, column != "")
        if ideas is not None:
            said = said.where(table.c.idea_id.in_(list(ideas)))
        await tx.run(said.values({column.name: mark}))


async def put_handle(tx: Transaction, person_id: UUID, handle: str, pseudonym: str) -> None:
    """Put the pseudonym where others named the person; while it is known where they did."""
    query = select(COMMENT.c.id, COMMENT.c.text).join(MENTION, MENTION.c.comment_id == COMMENT.c.id)
    for comment_id, text in (await tx.run(query.where(MENTION.c.person_id == person_id))).all():
        made, at = "", 0
        for begin, end, named in mentions_in(text):
            if named == handle:
                made, at = f"{made}{text[at:begin]}@{pseudonym}", end
        words = (made + text[at:])[:TEXT_CHARS_MAX]
        await tx.run(update(COMMENT).where(COMMENT.c.id == comment_id).values(text=words))
