"""What an idea's page says of the measure it has become, of its commitment and central measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.process.permissions import Action
from server.actions.cases import Case
from server.views.measures.commitments import Pledge, pledge
from server.views.measures.register import Row
from storage.database import Transaction
from storage.process.measures import central
from storage.process.measures import register as measures
from storage.process.measures.central import Linked


@dataclass(frozen=True, slots=True)
class MeasurePanel:
    """The panel of one idea for one reader."""

    row: Row | None
    pledge: Pledge
    linked: Sequence[Linked]
    may_link: bool


async def measure_panel(tx: Transaction, case: Case, now: datetime) -> MeasurePanel:
    """What the panel shows."""
    made = await measures.of_idea(tx, case.idea.id)
    entry = await measures.entry(tx, made.number) if made else None
    return MeasurePanel(
        row=Row.of(entry, ()) if entry else None,
        pledge=await pledge(tx, case, now),
        linked=await central.of_idea(tx, case.idea.id),
        may_link=case.may(Action.LINK_CENTRAL),
    )
