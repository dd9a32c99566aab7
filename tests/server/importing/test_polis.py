"""A conversation of Polis: read as its files have it, written once, with everybody's last vote."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select

from server.importing.conversations import Brought, write_conversation
from server.importing.decoding import UnreadableFile
from server.importing.polis import read_conversation
from storage import ideas, people
from storage.database import METADATA, Database
from storage.events import since
from storage.talk import reactions
from tests.sources import ROOT
from tests.storage.making import NOW, make_person

COMMENT = METADATA.tables["comment"]

KLIMARAT = ROOT.parent / "shared/data/polis-klimarat/5twd2jsnkf"
SUMMARY = "topic,Bäume\nurl,https://example.org/b\nconversation-description,Wer gießt?\n"
STATEMENTS = "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
VOTES = "timestamp,comment-id,voter-id,vote\n"


def written(
    folder: Path,
    *,
    summary: str = SUMMARY,
    statements: str = '1000,0,5,1,0,1,"Alle gießen, jeden Tag."\n2000,1,6,0,0,-1,Niemand\n',
    votes: str = "3000,0,7,-1\n4000,0,7,1\n4000,0,7,0\n3500,0,8,-1\n",
    statement_header: str = STATEMENTS,
) -> Path:
    """A folder with a conversation of two statements and two voters."""
    (folder / "summary.csv").write_text(summary)
    (folder / "comments.csv").write_text(statement_header + statements)
    (folder / "votes.csv").write_text(VOTES + votes)
    return folder


def test_the_latest_vote_of_a_person_counts_and_of_one_moment_the_later_row(
    tmp_path: Path,
) -> None:
    found = read_conversation(written(tmp_path))
    assert (found.topic, found.url, found.description) == (
        "Bäume",
        "https://example.org/b",
        "Wer gießt?",
    )
    assert [(each.key, each.author, each.is_shown) for each in found.statements] == [
        ("0", "5", True),
        ("1", "6", False),
    ]
    assert {key: vote.value for key, vote in found.votes.items()} == {("0", "7"): 0, ("0", "8"): -1}
    assert found.vote_rows == 4
    assert found.faults == ()


@pytest.mark.parametrize(
    ("parts", "file", "line", "problem"),
    [
        ({"votes": "3000,0,7,2\n"}, "votes.csv", 2, "a vote is 1, 0 or -1, not '2'"),
        ({"votes": "3000,9,7,1\n"}, "votes.csv", 2, "there is no statement 9"),
        ({"votes": "gestern,0,7,1\n"}, "votes.csv", 2, "'gestern' is no number"),
        ({"votes": f"{10**15 - 1},0,7,1\n"}, "votes.csv", 2, "is no moment"),
        ({"votes": "3000,0,7\n"}, "votes.csv", 2, "3 cells, but the header has 4"),
        ({"statements": "1,0,5,1,0,1,Ja\n2,0,5,1,0,1,Nein\n"}, "comments.csv", 3, "there twice"),
        ({"statements": '1,0,5,1,0,1," "\n2,1,5,1,0,1,Ja\n'}, "comments.csv", 2, "is empty"),
        ({"statements": f"1,0,5,1,0,1,{'a' * 5001}\n"}, "comments.csv", 2, "more than 5000"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_are_read(
    tmp_path: Path, parts: dict[str, str], file: str, line: int, problem: str
) -> None:
    found = read_conversation(written(tmp_path, **parts))
    assert any(
        name == file and fault.line == line and problem in fault.problem
        for name, fault in found.faults
    ), found.faults


def test_files_that_are_no_conversation_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no summary\.csv"):
        read_conversation(tmp_path)
    with pytest.raises(UnreadableFile, match="names no topic"):
        read_conversation(written(tmp_path, summary="views,3\n"))
    with pytest.raises(UnreadableFile, match="lacks the column 'moderated'"):
        read_conversation(
            written(tmp_path, statement_header=STATEMENTS.replace("moderated", "moderation"))
        )


@pytest.mark.skipif(not KLIMARAT.is_dir(), reason="no conversation at ../shared/data")
def test_the_published_matrix_of_the_climate_council_is_read_for_all_522_statements() -> None:
    found = read_conversation(KLIMARAT)
    assert (len(found.statements), found.vote_rows, found.faults) == (522, 61_936, ())
    votes: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (statement, voter), vote in found.votes.items():
        votes[statement][voter] = vote.value
    assert votes == published()


def published() -> dict[str, dict[str, int]]:
    """{statement: {participant: vote}} as Polis has it."""
    with (KLIMARAT / "participants-votes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    statements = [name for name in rows[0] if name.isdigit()]
    return {
        statement: {row["participant"]: int(row[statement]) for row in rows if row[statement]}
        for statement in statements
    }


async def brought(database: Database, folder: Path, name: str = "k") -> Brought:
    """Import the folder's conversation in the office's name."""
    async with database.write() as tx:
        if await people.by_handle(tx, "office") is None:
            await make_person(tx, "office")
    found = read_conversation(folder)
    return await write_conversation(database, found, name=name, handle="office", now=NOW)


async def reactions_of(database: Database, ref: str) -> dict[str, dict[str, str]]:
    """{text of a statement: {handle: reaction}}"""
    async with database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        columns = (COMMENT.c.id, COMMENT.c.text)
        rows = (await tx.run(select(*columns).where(COMMENT.c.idea_id == idea.id))).all()
        texts = {row.id: row.text for row in rows}
        found: dict[str, dict[str, str]] = {text: {} for text in texts.values()}
        for cast in await reactions.of_idea(tx, idea.id):
            person = await people.get(tx, cast.person_id)
            assert person is not None
            found[texts[cast.comment_id]][person.handle] = cast.reaction.value
    return found


async def test_a_conversation_becomes_a_need_with_statements_and_each_ones_last_vote(
    database: Database, tmp_path: Path
) -> None:
    done = await brought(database, written(tmp_path))
    assert (done.people, done.statements) == (4, 2)
    assert await reactions_of(database, done.ref) == {
        "Alle gießen, jeden Tag.": {"polis-k-7": "unsure", "polis-k-8": "disagree"},
        "Niemand": {},
    }
    async with database.read() as tx:
        told = [each.kind for each in await since(tx, 0)]
        hidden = select(COMMENT.c.text, COMMENT.c.hidden_reason).where(
            COMMENT.c.hidden_at.is_not(None)
        )
        rows = [tuple(row) for row in await tx.run(hidden)]
    assert told == ["idea_created", "comment_added", "comment_added", "comment_hidden"]
    assert rows == [("Niemand", "Die Moderation der Umfrage hat diese Aussage nicht gezeigt.")]


async def test_a_conversation_imported_again_adds_what_is_new_and_counts_later_votes(
    database: Database, tmp_path: Path
) -> None:
    first = await brought(database, written(tmp_path))
    again = await brought(database, written(tmp_path))
    assert again == Brought(first.ref, people=0, statements=0, votes=first.votes)
    later = await brought(database, written(tmp_path, votes="5000,0,7,1\n1,0,8,1\n5000,1,9,1\n"))
    assert (later.ref, later.people, later.statements) == (first.ref, 1, 0)
    assert await reactions_of(database, first.ref) == {
        # What is stored is newer than the first moment, so it stays.
        "Alle gießen, jeden Tag.": {"polis-k-7": "agree", "polis-k-8": "disagree"},
        "Niemand": {"polis-k-9": "agree"},
    }


@pytest.mark.skipif(not KLIMARAT.is_dir(), reason="no conversation at ../shared/data")
async def test_the_climate_council_is_stored_with_the_vote_matrix_that_polis_publishes(
    sqlite_url: str,
) -> None:
    database = await Database.open(sqlite_url)
    done = await brought(database, KLIMARAT, "klimarat")
    assert (done.statements, done.votes) == (522, 61_384)
    values = {"agree": 1, "unsure": 0, "disagree": -1}
    matrix: defaultdict[str, dict[str, int]] = defaultdict(dict)
    keys = {(each.text, each.author): each.key for each in read_conversation(KLIMARAT).statements}
    async with database.read() as tx:
        idea = await ideas.by_ref(tx, done.ref)
        assert idea is not None
        person = METADATA.tables["person"]
        handles = {row[0]: row[1] for row in await tx.run(select(person.c.id, person.c.handle))}
        columns = (COMMENT.c.id, COMMENT.c.text, COMMENT.c.author_id)
        statements = {
            row.id: keys[row.text, handles[row.author_id].rpartition("-")[2]]
            for row in await tx.run(select(*columns).where(COMMENT.c.idea_id == idea.id))
        }
        for cast in await reactions.of_idea(tx, idea.id):
            voter = handles[cast.person_id].rpartition("-")[2]
            matrix[statements[cast.comment_id]][voter] = values[cast.reaction.value]
    assert matrix == published()
    await database.close()
