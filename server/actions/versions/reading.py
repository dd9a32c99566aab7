"""Which kept versions of a text somebody may read, and finding one by its name in an address."""

import re
from typing import Final

from collab.errors import NotFound
from collab.process.actors import IDEA_ROLES
from collab.process.permissions import Action
from collab.process.processes import access_of
from collab.process.stages import StageAccess
from server.actions.cases import Case
from storage import stages, texts
from storage.database import Transaction
from storage.texts import PinnedText

NAME: Final = r"[0-9]{1,9}\.[0-9]{1,15}"
"""How a kept version is called in addresses: epoch and seq."""


def knows_more(case: Case) -> bool:
    """Whether the actor may know anything that is not public: as a moderator, or of the team."""
    return case.may(Action.HIDE_COMMENT) or bool(case.actor.roles & IDEA_ROLES)


async def may_read_version(tx: Transaction, case: Case, epoch: int, seq: int) -> bool:
    """Whether the actor may read this kept version; those of a draft's time stay with its team."""
    if knows_more(case):
        return True
    moves = await stages.history(tx, case.idea.id)
    public = [move for move in moves if access_of(move.to_stage) is not StageAccess.PRIVATE]
    return not public or (epoch, seq) >= (public[0].epoch, public[0].seq)


async def kept_version(tx: Transaction, case: Case, name: str) -> PinnedText:
    """The kept version ``epoch.seq``.

    Raises:
        NotFound: (text-version-unknown) there is none, or it is not for the case's actor.
    """
    if re.fullmatch(NAME, name) is None:
        raise NotFound("text-version-unknown")
    epoch, _, seq = name.partition(".")
    row = await texts.pinned(tx, case.idea.document_id, int(epoch), int(seq))
    if row is None or not await may_read_version(tx, case, row.epoch, row.seq):
        raise NotFound("text-version-unknown")
    return row
