"""How much an idea lacks for its next step: computed for the cards that are shown, and remembered.

Everything a gate looks at leaves an event or a new text, so what was found holds until there is
one; what only time changes is looked at again after a while.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.actors import Actor
from collab.process.stages import Stage
from collab.process.version import TextVersion
from collab.sync.text import DossierText, from_json
from server.actions.cases import Case
from server.actions.facts.case import case_facts
from server.views.ways import Way, forward
from storage import texts
from storage.database import Transaction
from storage.process.board import columns
from storage.tables.ideas import Idea

REMEMBERED_MAX: Final = 4_096
LOOKED_AT_AGAIN_S: Final = 600

Key = tuple[UUID, int, int, TextVersion | None, int]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next stage on the main way, and how many conditions are still open for it."""

    stage: Stage
    missing: int


_remembered: OrderedDict[Key, NextStep | None] = OrderedDict()


async def next_steps(
    tx: Transaction,
    actor: Actor,
    ideas: Sequence[Idea],
    shown: Mapping[UUID, TextVersion],
    now: datetime,
) -> dict[UUID, NextStep | None]:
    """The next step of each idea; None where none leads on. ``shown``: which texts lists show."""
    ids = [idea.id for idea in ideas]
    last = await columns.last_events(tx, ids)
    period = int(now.timestamp()) // LOOKED_AT_AGAIN_S
    keys: dict[UUID, Key] = {
        idea.id: (idea.id, idea.revision, last.get(idea.id, 0), shown.get(idea.id), period)
        for idea in ideas
    }
    unknown = [idea for idea in ideas if keys[idea.id] not in _remembered]
    projected = await texts.of_ideas(tx, [idea.id for idea in unknown]) if unknown else {}
    found = {idea.id: _remembered[key] for idea in ideas if (key := keys[idea.id]) in _remembered}
    for idea in unknown:
        row = projected.get(idea.id)
        text = from_json(row.sections) if row else DossierText(idea.title, {})
        case = Case(idea, actor)
        ways = forward(case, await case_facts(tx, case, text, now=now))
        found[idea.id] = _remember(keys[idea.id], ways)
    return found


def _remember(key: Key, ways: Sequence[Way]) -> NextStep | None:
    step = NextStep(ways[0].target, len(ways[0].unmet)) if ways else None
    _remembered[key] = step
    while len(_remembered) > REMEMBERED_MAX:
        _remembered.popitem(last=False)
    return step
