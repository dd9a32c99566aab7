"""Taking a person's words out of suggested wording.

What was accepted is in the text and goes with it, where text goes. That something was suggested
and decided stays.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from storage.database import METADATA, Transaction

SUGGESTION = METADATA.tables["suggestion"]


async def erase_suggestions(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str, now: datetime
) -> int:
    """Put ``mark`` in the place of the person's words, at all ideas or these; return how many.

    What nobody has decided is taken back, so that no mark comes into a text.
    """
    at: tuple[Any, ...] = () if ideas is None else (SUGGESTION.c.idea_id.in_(list(ideas)),)
    his = (SUGGESTION.c.author_id == person_id, *at)
    back = {"state": "withdrawn", "decided_by": person_id, "decided_at": now}
    await tx.run(update(SUGGESTION).where(*his, SUGGESTION.c.state == "open").values(**back))
    gone = {"text": mark, "reason": "", "history": []}
    found = await tx.run(update(SUGGESTION).where(*his).values(**gone))
    decided = (SUGGESTION.c.decided_by == person_id, SUGGESTION.c.decision != "", *at)
    await tx.run(update(SUGGESTION).where(*decided).values(decision=mark))
    return found.rowcount
