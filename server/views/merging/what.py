"""What would go along if two ideas became one, and what would stay, in numbers."""

from dataclasses import dataclass

from server.actions.merging.proposing import Asked
from storage.database import Transaction
from storage.merging.counting import Numbers, Staying, numbers_of, staying_of


@dataclass(frozen=True, slots=True)
class Going:
    """``moved`` goes along, ``stays`` does not.

    ``both`` of the people who judged have judged the other idea, too.
    """

    moved: Numbers
    both: int
    stays: Staying


async def going(tx: Transaction, both: Asked) -> Going:
    """What there is at the source."""
    here = await numbers_of(tx, both.source.idea.id)
    there = await numbers_of(tx, both.target.idea.id)
    stays = await staying_of(tx, both.source.idea.id)
    return Going(here, len(here.judges & there.judges), stays)
