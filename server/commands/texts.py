"""Live documents: ``documents verify`` and ``documents compact``."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from collab.sync.document import Document, UnreadableDocument
from collab.sync.text import render, sha256
from server.app import utc_now
from server.commands.console import JSON_HELP, database, note, progress, run, show_json
from server.realtime.rooms.loading import DocumentAbsent, DocumentUnreadable, Loaded, load
from storage import documents, ideas, texts
from storage.database import Database, Transaction
from storage.documents import Found, UnreadableLog
from storage.ideas import IdeaFilter
from storage.tables.ideas import Idea

app = typer.Typer(no_args_is_help=True, help="Check and compact the live documents.")
IDEAS_PER_READ = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """One document and everything that is wrong with it."""

    ref: str
    document: str
    problems: tuple[str, ...]


@app.command()
def verify(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> None:
    """Read every document to its head and check hashes, log, snapshots and shown text."""
    found = run(_verified())
    broken = [one for one in found if one.problems]
    if as_json:
        show_json({"documents": len(found), "broken": [asdict(one) for one in broken]})
    else:
        for one in broken:
            for problem in one.problems:
                typer.echo(f"{one.ref}  {problem}")
        note(f"{len(found)} documents, {len(broken)} with problems")
    if broken:
        raise typer.Exit(1)


@app.command()
def compact(
    keep_days: Annotated[
        int | None, typer.Option(min=1, help="Cut log rows older than this; default: keep all.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Write snapshots so that documents open fast; with --keep-days cut what they cover.

    What is cut can no longer be reverted or shown as an earlier version, except pinned ones.
    """
    before = utc_now() - timedelta(days=keep_days) if keep_days else None
    snapshots, rows = run(_compacted(before))
    if as_json:
        show_json({"snapshots": snapshots, "rows_cut": rows})
    else:
        note(f"{snapshots} snapshots were written, {rows} log rows were cut.")


async def _verified() -> list[Verified]:
    async with database() as opened:
        known = await _documents(opened)
        found: list[Verified] = []
        with progress("verifying", len(known)) as advance:
            for ref, document_id in known:
                async with opened.read() as tx:
                    problems = await _problems(tx, document_id)
                found.append(Verified(ref, str(document_id), tuple(problems)))
                advance(1)
        return found


async def _problems(tx: Transaction, document_id: UUID) -> list[str]:
    stored = await documents.load(tx, document_id)
    problems = list(stored.damage) if isinstance(stored, Found) else []
    try:
        loaded = await load(tx, document_id)
    except DocumentAbsent:
        return ["the document is missing"]
    except DocumentUnreadable as error:
        return [*problems, str(error)]
    digest = sha256(render(loaded.document, loaded.sections))
    return [
        *problems,
        *await _log_problems(tx, loaded, digest),
        *await _projection_problems(tx, loaded, digest),
    ]


async def _log_problems(tx: Transaction, loaded: Loaded, digest: str) -> list[str]:
    """Whether the log alone gives the same text, as far as it is whole."""
    head = loaded.head
    try:
        rows = [row for row in await documents.log(tx, head.id, head.epoch) if row.seq <= head.seq]
    except UnreadableLog as error:
        return [str(error)]
    if not rows or rows[0].seq != 1:
        return []
    try:
        replayed = Document.load(loaded.document.schema, [row.update for row in rows])
    except UnreadableDocument as error:
        return [f"the log alone cannot be read: {error}"]
    same = sha256(render(replayed, loaded.sections)) == digest
    return [] if same else ["the log gives another text than snapshot and tail"]


async def _projection_problems(tx: Transaction, loaded: Loaded, digest: str) -> list[str]:
    shown = await texts.get(tx, loaded.idea_id)
    if shown is None:
        return ["no text is shown in lists and search"]
    is_current = (shown.epoch, shown.seq) == (loaded.head.epoch, loaded.head.seq)
    return ["lists show another text"] if is_current and shown.sha256 != digest else []


async def _compacted(before: datetime | None) -> tuple[int, int]:
    """How many snapshots were written and log rows cut; unreadable documents are left alone."""
    snapshots = rows = 0
    async with database() as opened:
        known = await _documents(opened)
        with progress("compacting", len(known)) as advance:
            for _, document_id in known:
                async with opened.write() as tx:
                    snapshots += await _snapshot(tx, document_id)
                    rows += await documents.trim(tx, document_id, before) if before else 0
                advance(1)
    return snapshots, rows


async def _snapshot(tx: Transaction, document_id: UUID) -> bool:
    """Write a snapshot of the head; False if there is one, or the document cannot be read."""
    try:
        loaded = await load(tx, document_id)
    except (DocumentAbsent, DocumentUnreadable):
        return False
    if loaded.tail_rows == 0:
        return False
    head, state = loaded.head, loaded.document.state()
    return await documents.save_snapshot(tx, document_id, head.epoch, head.seq, state, utc_now())


async def _documents(opened: Database) -> list[tuple[str, UUID]]:
    """References and documents of all ideas of one moment, in the order of references."""
    wanted, cursor = IdeaFilter(hidden_stages=frozenset()), None
    found: list[Idea] = []
    async with opened.read() as tx:
        while True:
            page = await ideas.page(tx, wanted, cursor, IDEAS_PER_READ)
            found += page.ideas
            cursor = page.next_cursor
            if cursor is None:
                break
    found.sort(key=lambda idea: idea.number)
    return [(idea.ref, idea.document_id) for idea in found]
