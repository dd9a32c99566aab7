"""Live documents: ``documents verify`` and ``documents compact``.

No document is opened in this process: one that kills must not end the look at all the others.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from collab.sync.text import from_json, sha256
from server.app import utc_now
from server.clock.upkeep.compaction import Stored, is_compacted, stored
from server.commands.console import JSON_HELP, database, note, progress, run, show_json
from server.realtime.crash.child import Child, Died, Failed, NoTrial, Survived, a_child
from server.realtime.holders import DocumentKind, Holder, holders_at
from storage import documents, ideas, texts
from storage.database import Database, Transaction
from storage.documents import UnreadableLog
from storage.erasure.texts import pinned
from storage.ideas import IdeaFilter
from storage.log import quarantine
from storage.process.board import notes
from storage.workshop import workshops

app = typer.Typer(no_args_is_help=True, help="Check, compact and restore the live documents.")
IDEAS_PER_READ = 100


@dataclass(frozen=True, slots=True)
class Verified:
    """One document, everything that is wrong with it, and how many updates are kept apart."""

    ref: str
    document: str
    problems: tuple[str, ...]
    kept_apart: int


@app.command()
def verify(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> None:
    """Read every document to its head and check hashes, log, snapshots and shown text.

    Each is read in a process of its own kind, so one that kills is named like any other.
    """
    found = run(verified())
    broken = [one for one in found if one.problems]
    apart = {one.ref: one.kept_apart for one in found if one.kept_apart}
    if as_json:
        told = {"documents": len(found), "broken": [asdict(one) for one in broken]}
        show_json({**told, "kept_apart": apart})
    else:
        for one in broken:
            for problem in one.problems:
                typer.echo(f"{one.ref}  {problem}")
        for ref, count in apart.items():
            note(f"{ref}  {count} updates are kept apart: arena documents quarantine {ref}")
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


async def verified() -> list[Verified]:
    """Every document with everything that is wrong with it."""
    async with database() as opened, a_child() as child:
        known = await _documents(opened)
        found: list[Verified] = []
        with progress("verifying", len(known)) as advance:
            for holder in known:
                async with opened.read() as tx:
                    problems = await _problems(tx, child, holder)
                    apart = await quarantine.of_document(tx, holder.document_id)
                document = str(holder.document_id)
                found.append(Verified(holder.name, document, tuple(problems), len(apart)))
                advance(1)
        return found


async def _problems(tx: Transaction, child: Child, holder: Holder) -> list[str]:
    found = await stored(tx, holder)
    if isinstance(found, str):
        return [found]
    problems = list(found.problems)
    try:
        read = await child.tries(found.frame)
    except Died as death:
        return [*problems, f"it kills the process that opens it ({death})"]
    except Failed as failure:
        return [*problems, str(failure)]
    except NoTrial as error:
        return [*problems, f"it could not be tried: {error}"]
    if not read.reads_same:
        problems.append("its state gives another text than its log")
    return [
        *problems,
        *await _log_problems(tx, child, found, read),
        *await _projection_problems(tx, found, read),
        *await _pin_problems(tx, holder.document_id),
    ]


async def _log_problems(tx: Transaction, child: Child, found: Stored, read: Survived) -> list[str]:
    """Whether the log alone gives the same text, as far as it is whole."""
    head = found.head
    try:
        rows = [row for row in await documents.log(tx, head.id, head.epoch) if row.seq <= head.seq]
    except UnreadableLog as error:
        return [str(error)]
    if not rows or rows[0].seq != 1:
        return []
    try:
        replayed = await child.tries(replace(found.frame, rows=[row.update for row in rows]))
    except (Died, Failed, NoTrial) as error:
        return [f"the log alone cannot be read: {error}"]
    same = replayed.sha256 == read.sha256
    return [] if same else ["the log gives another text than snapshot and tail"]


async def _projection_problems(tx: Transaction, found: Stored, read: Survived) -> list[str]:
    if found.holder.listed is None:
        return []
    shown = await texts.get(tx, found.holder.listed.id)
    if shown is None:
        return ["no text is shown in lists and search"]
    is_current = (shown.epoch, shown.seq) == (found.head.epoch, found.head.seq)
    return ["lists show another text"] if is_current and shown.sha256 != read.sha256 else []


async def _pin_problems(tx: Transaction, document_id: UUID) -> list[str]:
    """Whether versions that acts are bound to hold the text they say; a redacted one cannot."""
    return [
        f"the kept version {pin.epoch}.{pin.seq} holds another text than its hash says"
        for pin in await pinned(tx, document_id)
        if pin.redacted_at is None and sha256(from_json(pin.sections)) != pin.sha256
    ]


async def _compacted(before: datetime | None) -> tuple[int, int]:
    """How many snapshots were written and log rows cut; unreadable documents are left alone."""
    snapshots = rows = 0
    async with database() as opened, a_child() as child:
        known = await _documents(opened)
        with progress("compacting", len(known)) as advance:
            for holder in known:
                with suppress(Died):
                    snapshots += await is_compacted(opened, child, holder, utc_now)
                if before:
                    async with opened.write() as tx:
                        rows += await documents.trim(tx, holder.document_id, before)
                advance(1)
    return snapshots, rows


async def _documents(opened: Database) -> Sequence[Holder]:
    """All documents of one moment: of ideas in the order of references, then of workshops."""
    wanted, cursor = IdeaFilter(hidden_stages=frozenset()), None
    found: list[tuple[int, Holder]] = []
    async with opened.read() as tx:
        noted = await notes.everywhere(tx)
        while True:
            page = await ideas.page(tx, wanted, cursor, IDEAS_PER_READ)
            for idea in page.ideas:
                found.append((idea.number, Holder(DocumentKind.DOSSIER, idea, idea.document_id)))
                if idea.id in noted:
                    beside = Holder(DocumentKind.NOTES, idea, noted[idea.id])
                    found.append((idea.number, beside))
            cursor = page.next_cursor
            if cursor is None:
                break
        of_workshops = [
            each
            for workshop in await workshops.every(tx)
            for each in await holders_at(tx, workshop)
        ]
    of_ideas = [each for _, each in sorted(found, key=lambda each: each[0])]
    return [*of_ideas, *of_workshops]
