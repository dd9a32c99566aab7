"""What a case has to do with existing initiatives, as the gates take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.process.evidence import load_evidence
from storage.database import Transaction
from storage.process import initiatives

SEARCH: Final = "initiative_search"
"""The kind of evidence that says: searched, and nothing found."""


@dataclass(frozen=True, slots=True)
class InitiativeFacts:
    """How many initiatives the idea is related to, and whether a search without finds is noted."""

    related: int
    searched: bool


async def initiative_facts(
    tx: Transaction, idea_id: UUID, evidence: Mapping[str, frozenset[str]]
) -> InitiativeFacts:
    """The facts of one idea; ``evidence`` holds the filled fields of each kind on record."""
    wanted = load_evidence().kind(SEARCH).required
    return InitiativeFacts(
        related=await initiatives.count_of_idea(tx, idea_id),
        searched=wanted <= evidence.get(SEARCH, frozenset()),
    )
