"""A person's words in the tables: comments, reasons, and what events repeat of them."""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from collab.errors import Invalid
from collab.process.audit.facts import facts_of
from collab.sync.removal.erase import MARK
from storage import ideas
from storage.database import Transaction
from storage.erasure import holdings
from storage.erasure import people as erasing
from storage.erasure.topics import abuse, casefile, catalogues, experts, harvest, merging, talk
from storage.erasure.topics.statements import erase_statements
from storage.erasure.topics.suggestions import erase_suggestions
from storage.erasure.topics.versions import erase_names, rewrite_names
from storage.tables.ideas import Idea
from storage.tables.people import Person

OFFICIAL = frozenset(
    {"stage_changed", "responsibility_ended", "catalogue_published", "organisation_changed"}
    | {"commitment_withdrawn", "recognition_changed", "central_measure_changed"}
)
"""Events of official acts, whose reasons stay."""


async def places(
    tx: Transaction, refs: frozenset[str] | None, going: Collection[Idea]
) -> Collection[UUID] | None:
    """The ideas at which words go: the named ones and those whose text goes; None: all.

    Raises:
        Invalid: one that is named does not exist.
    """
    if refs is None:
        return None
    named = [await ideas.by_ref(tx, ref) for ref in sorted(refs)]
    if None in named:
        raise Invalid(fields={"refs": "unknown-choice"})
    return {idea.id for idea in [*going, *named] if idea is not None}


async def erase_words(
    tx: Transaction, person: Person, at: Collection[UUID] | None, now: datetime
) -> None:
    """Comments, reasons of judgements, and what events repeat of them and of titles."""
    said = {row["id"] for row in await holdings.owned(tx, "comments", person.id)}
    await erasing.erase_comments(tx, person.id, at, now)
    await erasing.erase_reasons(tx, person.id, at, MARK)
    await catalogues.erase_notes(tx, person.id, at, MARK)
    await casefile.erase_words(tx, person.id, at, MARK)
    await erase_statements(tx, person.id, at, MARK)
    await erase_names(tx, person.id, at, MARK)
    await experts.erase_words(tx, person.id, at, MARK)
    await talk.erase_words(tx, person.id, at, MARK)
    await erase_suggestions(tx, person.id, at, MARK, now)
    await abuse.erase_words(tx, person.id, at, MARK)
    await harvest.erase_words(tx, person.id, at, MARK)
    await merging.erase_words(tx, person.id, at, MARK)

    def is_chosen(idea_id: UUID | None) -> bool:
        return at is None or idea_id in at

    def change(
        actor_id: UUID | None, idea_id: UUID | None, kind: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        about = payload.get("person_id") == str(person.id)
        own = actor_id == person.id and is_chosen(idea_id)
        of_his = payload.get("comment_id") in said and is_chosen(idea_id)
        made = dict(payload)
        if "reason" in made and kind not in OFFICIAL and (about or own or of_his):
            made["reason"] = MARK
        return made

    await erasing.rewrite_events(tx, change)


async def put_name(tx: Transaction, person: Person, name: str) -> None:
    """Put the pseudonym where reasons of acts and payloads of events carry the name."""
    change = _replacing(person, name)

    def payload(
        _actor: UUID | None, _idea: UUID | None, _kind: str, found: dict[str, Any]
    ) -> dict[str, Any]:
        words = facts_of(found).words
        return {key: change(each) if key in words else each for key, each in found.items()}

    await erasing.rewrite_events(tx, payload)
    await erasing.rewrite_decisions(tx, change)
    await catalogues.rewrite_reasons(tx, change)
    await erasing.rewrite_board(tx, change)
    await casefile.rewrite_records(tx, change)
    await rewrite_names(tx, change)
    await casefile.put_pseudonym(tx, person.id, name)
    await abuse.rewrite_words(tx, change)
    await harvest.rewrite_names(tx, change)
    await merging.rewrite_words(tx, change)
    await abuse.forget_address(tx, person.id, person.email)


def _replacing(person: Person, name: str) -> Callable[[str], str]:
    """Replaces the person's name and address, as whole words."""
    words = [person.name, *([person.email] if person.email else [])]
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
    return lambda text: found.sub(name, text)
