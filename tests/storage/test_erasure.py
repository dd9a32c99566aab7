"""What an erasure reaches: every column that names a person, every table that holds words."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from storage import people
from storage.database import METADATA, Database
from storage.erasure import purge as purging
from storage.erasure.purge import TABLES, Purged, StillRead, purge
from tests.storage.making import make_person

GOES: Final = "the row goes"
PSEUDONYM: Final = "stays, and shows the pseudonym"

# Whoever adds a column that names a person decides here what an erasure does with it, does it in
# storage/erasure, and hands it out in storage/erasure/holdings.
ANSWERS: Final = {
    "person_role.person_id": GOES,
    "affiliation.person_id": "the office stays if he decided something, else the part of society",
    "session.person_id": GOES,
    "token.person_id": GOES,
    "one_time_link.person_id": GOES,
    "one_time_link.created_by": GOES,
    "mute.person_id": GOES,
    "mute.by": PSEUDONYM,
    "idea.created_by": PSEUDONYM,
    "idea_role.person_id": PSEUDONYM,
    "stage_change.actor_id": PSEUDONYM,
    "responsibility.person_id": PSEUDONYM,
    "responsibility.offered_by": PSEUDONYM,
    "responsibility.confirmed_by": PSEUDONYM,
    "responsibility.ended_by": PSEUDONYM,
    "support_request.asked_by": PSEUDONYM,
    "support_request.answered_by": PSEUDONYM,
    "support_request.done_by": PSEUDONYM,
    "role_term.person_id": PSEUDONYM,
    "role_term.granted_by": PSEUDONYM,
    "role_term.ended_by": PSEUDONYM,
    "commitment.drafted_by": PSEUDONYM,
    "commitment.signed_by": PSEUDONYM,
    "recognition.given_by": PSEUDONYM,
    "central_measure.created_by": PSEUDONYM,
    "central_link.by": PSEUDONYM,
    "comment.author_id": PSEUDONYM,
    "comment.hidden_by": PSEUDONYM,
    "comment.resolved_by": PSEUDONYM,
    "suggestion.author_id": PSEUDONYM,
    "suggestion.decided_by": PSEUDONYM,
    "judgement.person_id": PSEUDONYM,
    "judgement_round.opened_by": PSEUDONYM,
    "judgement_round.closed_by": PSEUDONYM,
    "event.actor_id": PSEUDONYM,
    "notice.person_id": GOES,
    "expert_profile.person_id": GOES,
    "expert_invitation.person_id": GOES,
    "expert_invitation.invited_by": PSEUDONYM,
    "mention.person_id": GOES,
    "reaction.person_id": GOES,
    "resolution.by": PSEUDONYM,
    "resolution.reopened_by": PSEUDONYM,
    "comment_outcome.by": PSEUDONYM,
    "task.owner_id": PSEUDONYM,
    "task.created_by": PSEUDONYM,
    "task.settled_by": PSEUDONYM,
    "idea_follow.person_id": GOES,
    "saved_search.person_id": GOES,
    "read_mark.person_id": GOES,
    "mail_choice.person_id": GOES,
    "mailing.person_id": GOES,
    "claim.person_id": GOES,
    "claim.taken_from": PSEUDONYM,
    "prepared_act.prepared_by": GOES,
    "case_note.opened_by": PSEUDONYM,
    "evidence.by": PSEUDONYM,
    "requirement.raised_by": PSEUDONYM,
    "requirement.answered_by": PSEUDONYM,
    "condition.by": PSEUDONYM,
    "indicator.by": PSEUDONYM,
    "named_version.by": PSEUDONYM,
    "measurement.by": PSEUDONYM,
    "report.reporter_id": PSEUDONYM,
    "report_case.person_id": PSEUDONYM,
    "report_case.claimed_by": PSEUDONYM,
    "report_case.decided_by": PSEUDONYM,
    "hiding.author_id": PSEUDONYM,
    "hiding.by": PSEUDONYM,
    "hiding.answered_by": PSEUDONYM,
    "hiding.shown_by": PSEUDONYM,
    "slow_mode.by": PSEUDONYM,
    "slow_turn.person_id": GOES,
    "dismissed_hint.by": PSEUDONYM,
    "erasure.person_id": PSEUDONYM,
    "catalogue_version.by": PSEUDONYM,
    "initiative_relation.by": PSEUDONYM,
    "alignment.by": PSEUDONYM,
    "alignment_review.person_id": PSEUDONYM,
    "alignment_review.answered_by": PSEUDONYM,
    "idea_link.by": PSEUDONYM,
    "idea_merge.proposed_by": PSEUDONYM,
    "idea_merge.ended_by": PSEUDONYM,
    "merge_consent.person_id": PSEUDONYM,
    "merge_part.person_id": PSEUDONYM,
    "replication.by": PSEUDONYM,
    "offered_change.decided_by": PSEUDONYM,
    "workshop.created_by": PSEUDONYM,
    "workshop_facilitator.person_id": GOES,
    "attendance.person_id": PSEUDONYM,
    "attendance.removed_by": PSEUDONYM,
    "silent_note.author_id": GOES,
    "dot.person_id": GOES,
    "note_idea.by": PSEUDONYM,
    "guest.person_id": GOES,
    "harvest_point.person_id": PSEUDONYM,
    "harvest_point.created_by": PSEUDONYM,
    "guest.claimed_by": PSEUDONYM,
    "document_log.actor_id": PSEUDONYM,
    "document_client.actor_id": PSEUDONYM,
    "audit_key.person_id": GOES,
    "quarantine.actor_id": "stays with the hash; the bytes go where text is erased",
    "late_contribution.actor_id": "stays with its moment; the text goes where text is erased",
}

HOLDS_NO_WORDS_OF_PEOPLE: Final = {
    "idea_district",
    "schema_promise",
    "reference_counter",
    "statement_told",
    "erasure",
    "suspect_document",
    "audit_entry",
    "initiative",
    "initiative_word",
    "number_counter",
    "measure",
    "renewal",
    "watermark",
    "stall_told",
    "dismissed_hint",
    "installation",
    "lease",
    "sweep",
    "webhook",
    "webhook_delivery",
    "dot",
    "note_idea",
    "workshop_document",
    "workshop_idea",
    "workshop_facilitator",
    "attendance",
    "guest",
}


def test_x2_every_column_that_names_a_person_has_an_answer() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
        or column.name == "actor_id"
    }
    assert named == ANSWERS.keys()


def test_x7_every_table_with_words_of_people_is_purged() -> None:
    assert set(METADATA.tables) - HOLDS_NO_WORDS_OF_PEOPLE == set(TABLES)


async def test_x7_purging_a_clean_database_is_harmless_also_twice_at_once(
    database: Database,
) -> None:
    assert set(await asyncio.gather(purge(database), purge(database))) == {Purged()}


def is_in_file(database: Database, word: bytes) -> bool:
    """Whether a SQLite file holds the word once all that was committed is in it."""
    path = Path(database.url.database or "")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return word in path.read_bytes()


async def test_x7_purging_wipes_what_sqlite_leaves_in_free_pages(sqlite_url: str) -> None:
    database = await Database.open(sqlite_url)
    async with database.write() as tx:
        # Some builds of SQLite wipe by themselves.
        await tx.run(text("PRAGMA secure_delete=OFF"))
        person_id = await make_person(tx)
        await people.rename(tx, person_id, "kanarie" * 28)
    async with database.write() as tx:
        await people.rename(tx, person_id, "Niemand")
    assert is_in_file(database, b"kanarie")
    await purge(database)
    assert not is_in_file(database, b"kanarie")
    await database.close()


async def test_x7_who_still_reads_the_old_rows_is_waited_for_and_named(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await Database.open(postgres_url)
    monkeypatch.setattr(purging, "READERS_WAIT_S", 0.2)
    async with database.read() as reading:
        await reading.run(text("SELECT count(*) FROM person"))
        async with database.write() as tx:
            person_id = await make_person(tx)
            await people.rename(tx, person_id, "Jemand")
        with pytest.raises(StillRead, match="still open"):
            await purge(database)
    assert await purge(database) == Purged()
    await database.close()


async def test_x7_what_the_account_may_not_rewrite_is_named(postgres_url: str) -> None:
    database = await Database.open(postgres_url)
    async with database.write() as tx:
        await tx.run(text("CREATE ROLE arena_guest LOGIN"))
        await tx.run(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO arena_guest"))
    guest = database.url.set(username="arena_guest").render_as_string(hide_password=False)
    limited = await Database.open(guest)
    try:
        warnings = (await purge(limited)).warnings
    finally:
        await limited.close()
        async with database.write() as tx:
            await tx.run(text("DROP OWNED BY arena_guest"))
            await tx.run(text("DROP ROLE arena_guest"))
        await database.close()
    assert any("VACUUM (FULL, ANALYZE) comment" in each for each in warnings)
    assert any("pg_switch_wal" in each for each in warnings)


async def test_x2_erased_people_are_not_listed(database: Database) -> None:
    async with database.write() as tx:
        person_id = await make_person(tx)
        found = await people.get(tx, person_id)
        assert found is not None
        await tx.run(
            METADATA.tables["person"]
            .update()
            .where(METADATA.tables["person"].c.id == person_id)
            .values(erased_at=found.created_at, suspended_at=found.created_at)
        )
        assert person_id not in {row.id for row in await people.everyone(tx)}
        assert not await people.restore(tx, person_id)
