"""Webhooks at the command line: which other systems are told of public events, and how it goes."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from collab.process.events.kinds import EVENTS
from collab.process.webhooks.pauses import SUBSCRIPTIONS_MAX
from server.app import utc_now
from server.commands.console import (
    JSON_HELP,
    database,
    fail,
    note,
    run,
    settings_of,
    show_json,
)
from server.webhooks.addresses import UnfitAddress, resolved
from server.webhooks.delivering import try_out
from server.webhooks.sending import SENT
from server.webhooks.signing import a_secret
from storage.webhooks import deliveries, subscriptions
from storage.webhooks.subscriptions import Kept, Webhook

STATES = ("waiting", "delivered", "dead")
NO_SUCH = "There is no such webhook: arena webhook list shows them"

app = typer.Typer(no_args_is_help=True, help="Tell other systems of public events.")

Named = Annotated[UUID, typer.Argument(help="The webhook, as `arena webhook list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where each event is sent to; https.")],
    kinds: Annotated[str, typer.Option(help="Only these, by commas; default: all kinds.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell a system of what happens from now on; prints the secret, this once."""
    wanted = _kinds(kinds)
    webhook_id, secret = run(_added(url, wanted))
    if as_json:
        show_json({"id": str(webhook_id), "secret": secret})
        return
    note("The secret with which receivers check signatures; it is not shown again:")
    typer.echo(f"{webhook_id}  {secret}")


@app.command("list")
def show(as_json: AsJson = False) -> None:
    """All webhooks: what they are told, what waits, and what was given up."""
    found = run(_kept())
    if as_json:
        show_json([_as_json(each) for each in found])
        return
    for each in found:
        told = ",".join(map(str, each.webhook.kinds)) or "everything"
        counts = "  ".join(f"{each.states.get(state, 0)} {state}" for state in STATES)
        typer.echo(
            f"{each.webhook.id}  {each.webhook.url}  {told}  {_standing(each.webhook)}  {counts}"
        )
    note(f"{len(found)} webhooks")


@app.command()
def remove(webhook: Named) -> None:
    """Tell the system nothing more, and forget what was to reach it."""
    if not run(_removed(webhook)):
        fail(NO_SUCH)
    note("It is told nothing more.")


@app.command()
def test(webhook: Named) -> None:
    """Send a signed request that tells of nothing, at once."""
    fault = run(_tested(webhook))
    if fault is None:
        fail(NO_SUCH)
    if fault != SENT:
        fail(f"The test was not taken: {fault}")
    note("The test was taken.")


@app.command()
def retry(webhook: Named) -> None:
    """Try everything anew that was given up, and switch the webhook on if it was off."""
    count = run(_retried(webhook))
    if count is None:
        fail(NO_SUCH)
    note(f"It is on; {count} that were given up are tried again.")


def _kinds(text: str) -> list[str]:
    """The kinds of events that are meant; those never told to everybody are no kinds here."""
    named = list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    public = sorted(kind for kind, event in EVENTS.items() if event.public)
    unknown = [each for each in named if each not in public]
    if unknown:
        known = f"Known are: {', '.join(public)}"
        fail(f"--kinds: no public event is called {', '.join(unknown)}. {known}")
    return named


def _standing(webhook: Webhook) -> str:
    if webhook.off_at is not None:
        return f"off since {webhook.off_at:%Y-%m-%d %H:%M}: {webhook.off_reason}"
    if webhook.failing_since is not None:
        return f"failing since {webhook.failing_since:%Y-%m-%d %H:%M}"
    return "on"


def _as_json(kept: Kept) -> dict[str, Any]:
    webhook = kept.webhook
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "kinds": webhook.kinds,
        "failing_since": webhook.failing_since.isoformat() if webhook.failing_since else None,
        "off_since": webhook.off_at.isoformat() if webhook.off_at else None,
        "off_reason": webhook.off_reason,
        **{state: kept.states.get(state, 0) for state in STATES},
    }


async def _added(url: str, kinds: Sequence[str]) -> tuple[UUID, str]:
    try:
        await resolved(url, private=settings_of().webhook_private)
    except UnfitAddress as error:
        fail(str(error))
    except OSError as error:
        fail(f"The name in the URL is not known: {error.strerror or error}")
    webhook_id, secret = uuid4(), a_secret()
    async with database() as opened, opened.write() as tx:
        if await subscriptions.count(tx) >= SUBSCRIPTIONS_MAX:
            fail(f"There are {SUBSCRIPTIONS_MAX} webhooks, which is the most; remove one first")
        await subscriptions.add(tx, webhook_id, url=url, kinds=kinds, secret=secret, now=utc_now())
    return webhook_id, secret


async def _kept() -> list[Kept]:
    async with database() as opened, opened.read() as tx:
        return await subscriptions.every(tx)


async def _removed(webhook_id: UUID) -> bool:
    async with database() as opened, opened.write() as tx:
        return await subscriptions.remove(tx, webhook_id)


async def _tested(webhook_id: UUID) -> str | None:
    async with database() as opened, opened.read() as tx:
        webhook = await subscriptions.get(tx, webhook_id)
    return None if webhook is None else await try_out(settings_of(), webhook, utc_now())


async def _retried(webhook_id: UUID) -> int | None:
    async with database() as opened, opened.write() as tx:
        if await subscriptions.get(tx, webhook_id, lock=True) is None:
            return None
        await subscriptions.switch_on(tx, webhook_id)
        return await deliveries.retry(tx, webhook_id, utc_now())
