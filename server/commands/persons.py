"""People at the command line: accounts, roles, suspension, links, passwords and tokens."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from collab.errors import NotFound
from collab.process.actors import ARENA_ROLES, Role
from server.actions import access, links
from server.actions import people as actions
from server.actions.programs import issue_token
from server.commands.console import JSON_HELP, fail, note, run, services, show_json
from server.language import language_of
from storage import people
from storage.tables.people import Person

app = typer.Typer(no_args_is_help=True, help="Add, list and change people.")

Handle = Annotated[str, typer.Argument(help="The person's handle.")]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
GRANTABLE = sorted(role.value for role in ARENA_ROLES - {Role.GUEST})
PAGE = 500


@app.command()
def add(
    handle: Handle,
    name: Annotated[str, typer.Option(help="The name that others see.")],
    email: Annotated[str | None, typer.Option(help="For signing in and resets.")] = None,
    role: Annotated[list[str] | None, typer.Option(help=", ".join(GRANTABLE))] = None,
    language: Annotated[str, typer.Option(help="de or en")] = "de",
    as_json: AsJson = False,
) -> None:
    """Add a person; without a password, so send a link (person link) or set one."""
    roles = [_role(each) for each in role or [Role.PARTICIPANT.value]]
    spoken = language_of(language)
    if spoken is None:
        fail(f"There is no language {language!r}; use de or en.")

    async def work() -> Person:
        async with services() as parts:
            return await actions.add_person(
                parts, None, handle=handle, name=name, roles=roles, email=email, language=spoken
            )

    person = run(work())
    if as_json:
        show_json(_as_json(person, frozenset(map(str, roles))))
    else:
        note(f"{person.handle} was added. Next: arena person link {person.handle}")


@app.command("list")
def list_people(
    search: Annotated[str, typer.Option(help="Part of handle or name.")] = "",
    as_json: AsJson = False,
) -> None:
    """List everybody with roles; with --json one object per line."""

    async def work() -> list[tuple[Person, frozenset[str]]]:
        found: list[tuple[Person, frozenset[str]]] = []
        async with services() as parts, parts.database.read() as tx:
            after = ""
            while rows := await people.everyone(tx, q=search, after=after, limit=PAGE):
                roles = await people.roles_of(tx, [row.id for row in rows])
                found += [(row, roles.get(row.id, frozenset())) for row in rows]
                after = rows[-1].handle
        return found

    for person, roles in run(work()):
        if as_json:
            show_json(_as_json(person, roles))
        else:
            state = "  suspended" if person.suspended_at else ""
            typer.echo(f"{person.handle:24} {person.name:32} {', '.join(sorted(roles))}{state}")


@app.command()
def suspend(
    handle: Handle, reason: Annotated[str, typer.Option(help="The person reads it.")]
) -> None:
    """Suspend a person: sessions end, open sockets close within a second."""

    async def work() -> None:
        async with services() as parts:
            await actions.suspend(parts, None, handle, reason)

    run(work())
    note(f"{handle} is suspended.")


@app.command()
def restore(handle: Handle) -> None:
    """End a suspension."""

    async def work() -> None:
        async with services() as parts:
            await actions.restore(parts, None, handle)

    run(work())
    note(f"{handle} may act again.")


@app.command()
def role(
    handle: Handle,
    grant: Annotated[list[str] | None, typer.Option(help=", ".join(GRANTABLE))] = None,
    withdraw: Annotated[list[str] | None, typer.Option(help=", ".join(GRANTABLE))] = None,
    as_json: AsJson = False,
) -> None:
    """Grant and withdraw roles; without options show those the person has."""
    given, taken = [_role(each) for each in grant or ()], [_role(each) for each in withdraw or ()]

    async def work() -> frozenset[str]:
        async with services() as parts:
            for each in given:
                await actions.grant_role(parts, None, handle, each)
            for each in taken:
                await actions.withdraw_role(parts, None, handle, each)
            async with parts.database.read() as tx:
                person = await people.by_handle(tx, handle)
                if person is None:
                    raise NotFound
                return await people.roles(tx, person.id)

    roles = sorted(run(work()))
    if as_json:
        show_json({"handle": handle, "roles": roles})
    else:
        typer.echo(", ".join(roles) or "no roles")


@app.command()
def link(handle: Handle) -> None:
    """Print a one-use link: to sign in (demonstration) or to set a password."""

    async def work() -> str:
        async with services() as parts:
            if parts.settings.demo:
                return await links.make_sign_in_link(parts, handle)
            return await links.make_reset_link(parts, None, handle)

    typer.echo(run(work()))


@app.command()
def password(handle: Handle) -> None:
    """Set a password, typed twice, or read from standard input if that is no terminal."""
    if sys.stdin.isatty():
        new = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        new = sys.stdin.readline().rstrip("\r\n")

    async def work() -> None:
        async with services() as parts:
            async with parts.database.read() as tx:
                person = await people.by_handle(tx, handle)
            if person is None:
                raise NotFound
            await access.set_password(parts, person.id, new)

    run(work())
    note(f"The password of {handle} is set; all sessions have ended.")


def token(
    handle: Handle,
    label: Annotated[str, typer.Option(help="What the token is for.")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires.")] = None,
) -> None:
    """Print a bearer token of the person, alone on the last line; it is shown only now."""
    lasting = timedelta(days=days) if days else None

    async def work() -> str:
        async with services() as parts:
            return await issue_token(parts, handle, label=label, lasting=lasting)

    typer.echo(run(work()))


def _role(name: str) -> Role:
    if name not in GRANTABLE:
        fail(f"There is no role {name!r}; use one of {', '.join(GRANTABLE)}.")
    return Role(name)


def _as_json(person: Person, roles: frozenset[str]) -> dict[str, object]:
    return {
        "handle": person.handle,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "roles": sorted(roles),
        "suspended_at": person.suspended_at.isoformat() if person.suspended_at else None,
        "created_at": person.created_at.isoformat(),
    }
