"""Two ideas with a random cast: people who wrote, spoke, judged, followed and linked."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from collab.process.merging.rules import MergeState
from storage import ideas
from storage.database import METADATA, Database, Transaction
from storage.merging.parts import Joined
from storage.process.ties import merging
from tests.storage.making import NOW, later, make_idea, make_person, version

TABLES = (
    *("comment", "reaction", "resolution", "comment_outcome", "mention", "task", "requirement"),
    *("idea_role", "idea_follow", "idea_link", "judgement", "condition", "hiding", "report_case"),
    "suggestion",
)
DIMENSIONS = ("technical", "legal", "social")


@dataclass
class Cast:
    """The people and the ideas; ``dice`` decides what they do."""

    dice: random.Random
    people: list[UUID]
    source: ideas.Idea
    target: ideas.Idea
    others: list[ideas.Idea]
    moment: int = 0

    def one(self, options: Any) -> Any:
        return self.dice.choice(options)

    def id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)

    def now(self) -> Any:
        """A moment that nothing else happened at."""
        self.moment += 1
        return later(seconds=self.moment)


async def a_cast(tx: Transaction, seed: int) -> Cast:
    """Two ideas and two that they may be linked to, at which much has happened."""
    dice = random.Random(seed)
    people = [await make_person(tx) for _ in range(dice.randint(3, 9))]
    found = [await make_idea(tx, dice.choice(people)) for _ in range(4)]
    cast = Cast(dice, people, found[0], found[1], found[2:])
    for idea in (cast.source, cast.target):
        await something(tx, cast, idea.id)
    return cast


async def something(tx: Transaction, cast: Cast, idea_id: UUID) -> None:
    """Let people do this and that at the idea."""
    said = await _talk(tx, cast, idea_id)
    await _plans(tx, cast, idea_id, said)
    await _people(tx, cast, idea_id)
    await _judgements(tx, cast, idea_id)
    for other in cast.others:
        if other.id != idea_id and cast.dice.random() < 0.5:
            ends = [idea_id, other.id]
            cast.dice.shuffle(ends)
            kind = cast.one(["builds_on", "complements", "replicates"])
            await _put(
                tx, "idea_link", from_id=ends[0], to_id=ends[1], kind=kind,
                by=cast.one(cast.people), at=cast.now(),
            )  # fmt: skip


async def everything(tx: Transaction) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that a merge may touch."""
    found = {}
    for name in TABLES:
        table = METADATA.tables[name]
        rows = (await tx.run(select(table))).mappings()
        found[name] = sorted((dict(row) for row in rows), key=repr)
    return found


async def joined(database: Database, source: ideas.Idea, target: ideas.Idea, by: UUID) -> Joined:
    """A merge that is on record as carried out; nothing has moved yet."""
    async with database.write() as tx:
        row = await merging.add(
            tx, (), id=UUID(int=random.getrandbits(128), version=4), source_id=source.id,
            target_id=target.id, reason="Dasselbe.", proposed_by=by, proposed_at=NOW,
        )  # fmt: skip
        at = later(days=1)
        texts = (version(1), version(1))
        await merging.carried_out(tx, row.id, versions=texts, by=by, reason="Ja.", now=at)
    return Joined(row.id, source.id, target.id, at)


async def separated(tx: Transaction, merge: Joined, by: UUID) -> None:
    """The merge is on record as undone."""
    await merging.end(
        tx, merge.merge_id, before=MergeState.DONE, state=MergeState.UNDONE, by=by,
        reason="Doch nicht.", now=later(days=2),
    )  # fmt: skip


def of(rows: list[dict[str, Any]], idea_id: UUID, column: str = "idea_id") -> list[dict[str, Any]]:
    """The rows of one idea."""
    return [row for row in rows if row[column] == idea_id]


async def _talk(tx: Transaction, cast: Cast, idea_id: UUID) -> list[UUID]:
    roots: list[UUID] = []
    for _ in range(cast.dice.randint(0, 8)):
        comment_id, author = cast.id(), cast.one(cast.people)
        reply_to = cast.one(roots) if roots and cast.dice.random() < 0.6 else None
        await _put(
            tx, "comment", id=comment_id, idea_id=idea_id, author_id=author, reply_to=reply_to,
            kind="note", text="Worte", created_at=cast.now(),
        )  # fmt: skip
        if reply_to is None:
            roots.append(comment_id)
        for person in cast.dice.sample(cast.people, cast.dice.randint(0, 2)):
            await _put(
                tx, "reaction", comment_id=comment_id, person_id=person, idea_id=idea_id,
                reaction="agree", created_at=cast.now(), updated_at=cast.now(),
            )  # fmt: skip
            await _put(tx, "mention", comment_id=comment_id, person_id=person)
        if cast.dice.random() < 0.3:
            await _put(
                tx, "resolution", id=cast.id(), idea_id=idea_id, comment_id=comment_id, by=author,
                at=cast.now(), note="", change_from="1.1", change_to="1.2",
            )  # fmt: skip
        if cast.dice.random() < 0.2:
            await _put(
                tx, "hiding", id=cast.id(), comment_id=comment_id, idea_id=idea_id,
                author_id=author, by=author, ground="other", reason="So.", at=cast.now(),
                appeal="", answer="", shown_reason="",
            )  # fmt: skip
            await _put(
                tx, "report_case", id=cast.id(), target="comment", target_id=str(comment_id),
                idea_id=idea_id, state="open", opened_at=cast.now(), reason="",
            )  # fmt: skip
    return roots


async def _plans(tx: Transaction, cast: Cast, idea_id: UUID, said: list[UUID]) -> None:
    first = await _last(tx, "task", idea_id), await _last(tx, "requirement", idea_id)
    for number in range(first[0] + 1, first[0] + 1 + cast.dice.randint(0, 4)):
        about = cast.one(said) if said and cast.dice.random() < 0.5 else None
        await _put(
            tx, "task", id=cast.id(), idea_id=idea_id, number=number, text="Tun", state="open",
            reason="", comment_id=about, created_by=cast.one(cast.people), created_at=cast.now(),
        )  # fmt: skip
        if about:
            await _outcome(tx, cast, idea_id, about, ("task", str(number)))
    for number in range(first[1] + 1, first[1] + 1 + cast.dice.randint(0, 3)):
        await _put(
            tx, "requirement", id=cast.id(), idea_id=idea_id, number=number, text="Will",
            raised_by=cast.one(cast.people), created_at=cast.now(), because="", revision=0,
        )  # fmt: skip
        if said and cast.dice.random() < 0.5:
            await _outcome(tx, cast, idea_id, cast.one(said), ("requirement", str(number)))
    if said and cast.dice.random() < 0.5:
        suggestion_id, about = cast.id(), cast.one(said)
        await _put(
            tx, "suggestion", id=suggestion_id, idea_id=idea_id, author_id=cast.one(cast.people),
            comment_id=about, section="idea", kind="replace", passage={}, text="Neu", reason="",
            revision=1, history=[], epoch=1, seq=1, created_at=cast.now(), state="open",
            decision="",
        )  # fmt: skip
        await _outcome(tx, cast, idea_id, about, ("suggestion", str(suggestion_id)))


async def _outcome(
    tx: Transaction, cast: Cast, idea_id: UUID, about: UUID, became: tuple[str, str]
) -> None:
    await _put(
        tx, "comment_outcome", comment_id=about, kind=became[0], target=became[1],
        idea_id=idea_id, by=cast.one(cast.people), at=cast.now(),
    )  # fmt: skip


async def _people(tx: Transaction, cast: Cast, idea_id: UUID) -> None:
    for person in cast.people:
        if cast.dice.random() < 0.4:
            role = cast.one(["author", "editor", "lead", "member", "partner"])
            await ideas.add_role(tx, idea_id, person, role)
        if cast.dice.random() < 0.5:
            await _put(
                tx, "idea_follow", person_id=person, idea_id=idea_id, since_event=0,
                standing=cast.one(["chosen", "spoke", "not"]), at=cast.now(),
            )  # fmt: skip


async def _judgements(tx: Transaction, cast: Cast, idea_id: UUID) -> None:
    table = METADATA.tables["judgement"]
    rows = await tx.run(
        select(table.c.person_id, table.c.dimension).where(table.c.idea_id == idea_id)
    )
    known = {(row[0], row[1]) for row in rows}
    for person in cast.people:
        for dimension in DIMENSIONS:
            if (person, dimension) in known or cast.dice.random() > 0.4:
                continue
            gone = cast.dice.random() < 0.3
            await _put(
                tx, "judgement", idea_id=idea_id, dimension=dimension, person_id=person,
                verdict="open" if gone else "with_conditions", confidence="low",
                reason="" if gone else "Wenn.", epoch=1, seq=cast.dice.randint(0, 9),
                sha256=hashlib.sha256(str(idea_id).encode()).hexdigest(), created_at=cast.now(),
                updated_at=cast.now(), revision=cast.dice.randint(1, 3), expertise="none",
                expertise_note="", own_interest="", evidence="",
                withdrawn_at=cast.now() if gone else None,
            )  # fmt: skip
            if not gone and cast.dice.random() < 0.3:
                query = select(table.c.revision).where(
                    table.c.idea_id == idea_id,
                    table.c.dimension == dimension,
                    table.c.person_id == person,
                )
                await _put(
                    tx, "condition", idea_id=idea_id, dimension=dimension, person_id=person,
                    revision=(await tx.run(query)).scalar_one(), state="met", because="Getan.",
                    by=cast.one(cast.people), at=cast.now(),
                )  # fmt: skip


async def _last(tx: Transaction, name: str, idea_id: UUID) -> int:
    table = METADATA.tables[name]
    rows = await tx.run(select(table.c.number).where(table.c.idea_id == idea_id))
    return max((row[0] for row in rows), default=0)


async def _put(tx: Transaction, name: str, **values: Any) -> None:
    """Add the row, unless there is one of that key."""
    await tx.insert_new(METADATA.tables[name], values)
