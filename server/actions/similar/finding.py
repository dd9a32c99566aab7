"""Ideas like a text: the same title first, then by meaning, then by the words of titles."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.process.actors import Actor
from collab.process.processes import stages_with
from collab.process.similar.shared_words import common_words, is_same_title
from collab.process.stages import StageAccess
from server.actions.cases import Case, open_case
from server.services import Services
from storage import ideas
from storage.database import Transaction
from storage.search.function_words import FUNCTION_WORDS
from storage.similar import meanings
from storage.similar.meanings import Found

HITS_MAX: Final = 5
READ_MAX: Final = 40
"""So many of the nearest are looked at; drafts and what was dismissed are among them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An idea that is like the text, and why a machine thinks so."""

    ref: str
    title: str
    stage: str
    by_meaning: bool
    common: tuple[str, ...]
    people: int


async def similar_to(
    services: Services,
    tx: Transaction,
    title: str,
    text: str = "",
    *,
    without: Collection[UUID] = (),
    vector: bytes | None = None,
) -> list[Hit]:
    """Public ideas like it, the best first; ``vector`` is its meaning, where that is known.

    What went on in another idea is found there.
    """
    hidden = stages_with(StageAccess.PRIVATE, StageAccess.MERGED)
    by_words = await ideas.similar(tx, title, hidden_stages=hidden, limit=READ_MAX)
    near = (
        [each.idea_id for each in await services.meanings.nearest(tx, vector, READ_MAX)]
        if (vector)
        else []
    )
    known = await meanings.named(tx, near)
    skipped = {found.ref for found in (await meanings.named(tx, without)).values()}
    meant = [known[each] for each in near if each in known and known[each].stage not in hidden]
    said = [Found(UUID(int=0), each.ref, each.title, each.stage) for each in by_words]
    same = [each for each in said if is_same_title(each.title, title)]
    ordered = {each.ref: each for each in (*same, *meant, *said) if each.ref not in skipped}
    chosen = list(ordered.values())[:HITS_MAX]
    near_refs = {each.ref for each in meant}
    counts = await _people(tx, [each.ref for each in chosen])
    return [
        Hit(
            ref=each.ref,
            title=each.title,
            stage=each.stage,
            by_meaning=each.ref in near_refs,
            common=common_words(f"{title} {text}", each.title, FUNCTION_WORDS),
            people=counts.get(each.ref, 0),
        )
        for each in chosen
    ]


async def _people(tx: Transaction, refs: Collection[str]) -> dict[str, int]:
    """How many people work on each."""
    found = [await ideas.by_ref(tx, ref) for ref in refs]
    by_id = {idea.id: idea.ref for idea in found if idea is not None}
    team = await ideas.team(tx, by_id)
    return {by_id[each]: len({row.person_id for row in rows}) for each, rows in team.items()}


async def similar_ideas(services: Services, actor: Actor, ref: str) -> tuple[Case, list[Hit]]:
    """An idea and those like it, without what its team dismissed."""
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        found = await meanings.text_of(tx, case.idea.id)
    text, _ = found or (case.idea.title, "")
    vector = await services.meanings.vector(text)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        skipped = await meanings.dismissed(tx, case.idea.id)
        hits = await similar_to(
            services,
            tx,
            case.idea.title,
            text,
            without={case.idea.id, *skipped},
            vector=vector,
        )
    return case, hits
