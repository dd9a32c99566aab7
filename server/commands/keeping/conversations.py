"""Conversations of Polis at the command line."""

from pathlib import Path
from typing import Annotated

import typer

from server.app import utc_now
from server.commands.console import JSON_HELP, database, explained, note, progress, run, show_json
from server.importing.conversations import Brought, steps, write_conversation
from server.importing.polis import Conversation, read_conversation

SHOWN_MAX = 20


def import_polis(
    folder: Annotated[Path, typer.Argument(help="With summary.csv, comments.csv and votes.csv.")],
    author: Annotated[str, typer.Option(help="Handle of who brings it in.")] = "office",
    name: Annotated[
        str | None, typer.Option(help="Names the conversation; default: the folder's name.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Import a conversation of Polis: one need, its statements comments, its votes reactions.

    Of each person the latest vote on a statement counts. Importing again brings in what is new.
    """
    with explained():
        found = read_conversation(folder)
    called = (name or folder.resolve().name).lower()
    brought = None if dry_run else run(_written(found, called, author))
    if as_json:
        show_json(_as_json(found, brought))
        return
    for file, fault in found.faults[:SHOWN_MAX]:
        note(f"left out   {file}, line {fault.line}: {fault.problem}")
    if len(found.faults) > SHOWN_MAX:
        note(f"left out   … and {len(found.faults) - SHOWN_MAX} more (--json counts them)")
    note(
        f"{found.topic}: {len(found.statements)} statements, {len(found.votes)} votes that count "
        f"of {found.vote_rows}"
    )
    if brought is None:
        note("Nothing was written.")
    else:
        note(f"{brought.ref}: {brought.statements} statements and {brought.people} people are new.")


async def _written(conversation: Conversation, name: str, handle: str) -> Brought:
    async with database() as opened:
        with progress("importing", steps(conversation)) as advance:
            return await write_conversation(
                opened,
                conversation,
                name=name,
                handle=handle,
                now=utc_now(),
                progress=advance,
            )


def _as_json(found: Conversation, brought: Brought | None) -> dict[str, object]:
    return {
        "topic": found.topic,
        "statements": len(found.statements),
        "votes": len(found.votes),
        "vote_rows": found.vote_rows,
        "left_out": len(found.faults),
        "ref": brought.ref if brought else None,
        "new_statements": brought.statements if brought else 0,
        "new_people": brought.people if brought else 0,
    }
