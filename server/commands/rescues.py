"""Documents that kill or are damaged: what is kept apart, and how they are opened again."""

import base64
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

import typer

from collab.sync.refusals import FrameRefused
from collab.sync.yjs.update import parse_update
from server.app import utc_now
from server.commands.console import JSON_HELP, database, fail, note, run, show_json
from server.realtime.crash.child import NoTrial, a_child
from server.realtime.crash.inquest import Inquest, Restored
from server.realtime.crash.rescue import Hopeless
from server.realtime.holders import holder_named
from storage import documents, people
from storage.database import Database, Transaction
from storage.documents import LogEntry
from storage.log import quarantine

Ref = Annotated[
    str, typer.Argument(help="The idea, such as 2026-00042, or its notes: 2026-00042/notes.")
]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]

WORDS_CHARS_MAX = 200


def restore(
    ref: Ref,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be left out.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Open a document again that kills or is damaged, at its last good state.

    What cannot stay is kept apart (documents quarantine), and everybody who has the document
    open is asked to load it anew.
    """
    plan, told, epoch = run(_restored(ref, is_dry=dry_run))
    if as_json:
        show_json({"ref": ref, "epoch": epoch, **told})
        return
    for row in told["left_out"]:
        typer.echo(f"{row['why']:10} row {row['seq']}  {row['by']}  {row['words']!r}")
    for first, last in plan.remains.missing:
        typer.echo(f"{'missing':10} rows {first} to {last}")
    if plan.is_whole:
        note(f"{ref} is whole; there is nothing to restore.")
    elif dry_run:
        note("Nothing was changed. Without --dry-run the text would go on without these.")
    else:
        note(f"{ref} goes on in epoch {epoch}. What was left out: arena documents quarantine {ref}")


def release(
    ref: Ref,
    person: Annotated[
        str | None, typer.Option(help="Only this person, by handle; default: everybody.")
    ] = None,
) -> None:
    """Let people write again whose updates killed a server; the updates themselves stay out."""
    count = run(_released(ref, person))
    note(f"{count} updates were released." if count else "Nobody is held back there.")


def show_quarantine(ref: Ref, as_json: AsJson = False) -> None:
    """List what is kept apart from a document, with the words that are in it.

    With --json the updates themselves are in it, in Base64.
    """
    rows = run(_kept_apart(ref))
    if as_json:
        show_json(rows)
        return
    for row in rows:
        state = " (released)" if row["released"] else ""
        typer.echo(f"{row['at']}  {row['verdict']}{state}  {row['by']}  {row['words']!r}")
    note(f"{len(rows)} updates are kept apart from {ref}.")


async def _restored(ref: str, *, is_dry: bool) -> tuple[Restored, dict[str, Any], int]:
    async with database() as opened, a_child() as child:
        document_id = await _document(opened, ref)
        inquest = Inquest(opened, utc_now)
        try:
            plan = await inquest.plan(document_id, child)
        except (Hopeless, NoTrial) as error:
            fail(f"{ref} cannot be restored: {error}. Restore a backup.")
        async with opened.read() as tx:
            told = await _told(tx, plan)
        if is_dry or plan.is_whole:
            return plan, told, plan.head.epoch
        begun = await inquest.restore(plan)
        if begun is None:
            fail(f"Somebody wrote in {ref} meanwhile. Try again.")
        return plan, told, begun.epoch


async def _told(tx: Transaction, plan: Restored) -> dict[str, Any]:
    left_out: list[tuple[str, LogEntry]] = [
        *(("killer", row) for row in plan.rescued.killers),
        *(("dependent", row) for row in plan.rescued.dependents),
        *(("damaged", row) for row in plan.remains.damaged),
    ]
    names = await _handles(tx, (row.actor_id for _, row in left_out))
    return {
        "left_out": [
            {
                "why": why,
                "seq": row.seq,
                "by": names.get(row.actor_id, "unknown"),
                "words": words(row.update),
            }
            for why, row in left_out
        ],
        "missing": [list(run) for run in plan.remains.missing],
    }


async def _released(ref: str, handle: str | None) -> int:
    async with database() as opened:
        document_id = await _document(opened, ref)
        async with opened.write() as tx:
            await documents.lock_heads(tx, [document_id])
            wanted = None
            if handle is not None:
                person = await people.by_handle(tx, handle)
                if person is None:
                    fail(f"Nobody has the handle {handle!r}.")
                wanted = [person.id]
            count = await quarantine.release(tx, document_id, wanted, utc_now())
            if count:
                await documents.bump_access(tx, document_id)
            return count


async def _kept_apart(ref: str) -> list[dict[str, Any]]:
    async with database() as opened:
        document_id = await _document(opened, ref)
        async with opened.read() as tx:
            rows = await quarantine.of_document(tx, document_id)
            names = await _handles(tx, (row.actor_id for row in rows))
    return [
        {
            "at": row.at.isoformat(timespec="seconds"),
            "verdict": row.verdict,
            "phase": row.phase,
            "released": row.released_at is not None,
            "by": names.get(row.actor_id, "unknown"),
            "epoch": row.epoch,
            "seq": row.seq,
            "sha256": row.sha256,
            "words": words(row.update or b""),
            "update": base64.b64encode(row.update or b"").decode(),
        }
        for row in rows
    ]


async def _document(opened: Database, ref: str) -> UUID:
    async with opened.read() as tx:
        found = await holder_named(tx, ref)
    if found is None:
        fail(f"There is no idea {ref}.")
    return found.document_id


async def _handles(tx: Transaction, ids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    known = await people.named(tx, {each for each in ids if each is not None})
    return {None: "the server", **{person.id: person.handle for person in known.values()}}


def words(update: bytes) -> str:
    """The text that an update would add, as far as it can be read, for those who look at it."""
    try:
        blocks = parse_update(update).blocks
    except FrameRefused:
        return ""
    runs = (struct.content for block in blocks for struct in block.structs)
    return "".join(run for run in runs if isinstance(run, str))[:WORDS_CHARS_MAX]
