"""Export and erasure: ``person export|erase`` and ``documents erase|purge``."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from collab.errors import Invalid, NotFound
from collab.process.references import parse_reference
from server.actions.erasure import people as actions
from server.actions.erasure import texts
from server.actions.erasure.holdings import Holdings, holdings_of
from server.actions.erasure.people import CHOICES, Choice, Outcome, Plan
from server.actions.erasure.texts import Removal
from server.commands.console import JSON_HELP, explained, fail, note, run, services, show_json
from server.realtime.holders import holder_named
from server.services import Services
from storage import people
from storage.database import Transaction
from storage.erasure.purge import StillRead

Handle = Annotated[str, typer.Argument(help="The person's handle.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it. Without: only say what would happen.")]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]

WORDS_SHOWN = 60


def export_person(
    handle: Handle,
    output: Annotated[
        Path | None, typer.Option(help="Write to this file, readable by you only.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print everything that Arena holds about a person, as JSON."""

    async def work() -> Holdings:
        async with services() as parts:
            async with parts.database.read() as tx:
                person = await people.by_handle(tx, handle)
            if person is None:
                raise NotFound
            return await holdings_of(parts, person)

    found = run(work())
    text = json.dumps(found, ensure_ascii=False, indent=None if as_json else 2)
    if output is None:
        typer.echo(text)
        return
    with explained():
        output.touch(mode=0o600)
        output.write_text(text + "\n")
    note(f"Everything about {handle} is in {output}.")


def erase_person(
    handle: Handle,
    text: Annotated[
        list[str] | None,
        typer.Option(help="keep (default), erase, or the reference of an idea; repeatable."),
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person: the account becomes a pseudonym, and chosen text goes for good.

    Text stays under the pseudonym, is erased everywhere, or at the ideas that are named. An
    erasure that was cut short is finished first, whoever is named.
    """
    choice = _choice(text or ["keep"])
    if not yes:
        _show_plan(run(_plan(handle, choice)), as_json=as_json)
        return

    async def work(parts: Services) -> Outcome:
        was_unfinished = await actions.is_unfinished(parts)
        finished = await actions.finish(parts)
        try:
            return await actions.erase_person(parts, handle, choice)
        except NotFound:
            if not was_unfinished:
                raise
            return finished

    outcome = _finished(work)
    if outcome.pseudonym is None:
        note(f"Nobody is called {handle}; an earlier erasure was finished.")
    _show_outcome(outcome, as_json=as_json)


def erase_document(
    ref: Annotated[
        str, typer.Argument(help="The idea, like 2026-00042, or its notes: 2026-00042/notes.")
    ],
    keep_pinned: Annotated[
        bool, typer.Option("--keep-pinned", help="Leave the texts of decisions as they were.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take out of an idea's history everything that its text no longer shows.

    For what should never have been there: delete or revert it first, then erase it. Texts that
    decisions and judgements are bound to get a mark in its place, unless they are kept.
    """

    async def look() -> Removal:
        async with services() as parts, parts.database.read() as tx:
            return await texts.look_at_past(tx, await _document(tx, ref))

    if not yes:
        found = run(look())
        marked = () if keep_pinned else found.pinned
        if as_json:
            show_json({"ref": found.ref, "title": found.title, "pinned": marked})
            return
        note(f"{found.ref} {found.title}: all earlier text and every earlier version would go.")
        note(f"Kept versions that would get marks: {', '.join(marked) or 'none'}")
        note("Nothing was changed; --yes does it, and cannot be undone.")
        return

    async def work(parts: Services) -> Outcome:
        async with parts.database.read() as tx:
            document_id = await _document(tx, ref)
        await texts.erase_past(parts, document_id, keeps_pinned=keep_pinned)
        return await actions.finish(parts)

    _show_outcome(_finished(work), as_json=as_json)


def purge_files(as_json: AsJson = False) -> None:
    """Finish erasures that were begun, and clean the files of the database; for a nightly job."""
    outcome = _finished(actions.finish)
    if as_json or outcome.warnings or outcome.unreadable:
        _show_outcome(outcome, as_json=as_json)


async def _plan(handle: str, choice: Choice) -> Plan:
    async with services() as parts:
        return await actions.plan(parts, handle, choice)


def _finished(work: Callable[[Services], Awaitable[Outcome]]) -> Outcome:
    """Do it with the services; what cannot be finished now says how to finish it."""

    async def with_services() -> Outcome:
        async with services() as parts:
            return await work(parts)

    try:
        return run(with_services())
    except StillRead as error:
        fail(
            f"Everything is erased, but the files of the database could not be cleaned: {error}. "
            "Run the command again."
        )


def _choice(given: Sequence[str]) -> Choice:
    if len(given) == 1 and given[0] in CHOICES:
        return CHOICES[given[0]]
    wrong = [each for each in given if not _is_reference(each)]
    if wrong:
        fail(f"--text takes keep, erase, or references of ideas, not {', '.join(wrong)}.")
    return Choice(frozenset(given))


def _is_reference(text: str) -> bool:
    try:
        parse_reference(text)
    except Invalid:
        return False
    return True


def _show_plan(found: Plan, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(found))
        return
    typer.echo(f"{found.handle}  {found.name}")
    for name, count in found.counts.items():
        typer.echo(f"  {name:14} {count}")
    for label, removals in (("erased", found.removals), ("kept", found.kept)):
        for removal in removals:
            unread = "" if removal.is_readable else "  (cannot be read)"
            typer.echo(f"  text {label}: {removal.ref}  {removal.title}{unread}")
            for section, passages in removal.passages.items():
                for passage in passages:
                    typer.echo(f"    {section}: {passage[:WORDS_SHOWN]}")
            if label == "erased" and removal.pinned:
                typer.echo(f"    marked in kept versions: {', '.join(removal.pinned)}")
    note("Nothing was changed; --yes does it, and cannot be undone.")


def _show_outcome(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(outcome) | {"unreadable": [str(each) for each in outcome.unreadable]})
    else:
        if outcome.pseudonym:
            note(
                f"The person is now called {outcome.pseudonym}; {outcome.texts} texts were erased."
            )
        note("The files of the database were rewritten. Backups are not: let them expire.")
    for warning in outcome.warnings:
        note(warning)
    if outcome.unreadable:
        fail(
            "These documents cannot be read, so nothing could be taken out of them: "
            + ", ".join(map(str, outcome.unreadable))
        )


async def _document(tx: Transaction, ref: str) -> UUID:
    found = await holder_named(tx, ref)
    if found is None:
        raise NotFound(ref=ref)
    return found.document_id
