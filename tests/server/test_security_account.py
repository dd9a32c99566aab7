"""Who once had rights does not keep them, and a program's token is not the whole account."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collab.errors import NotFound
from collab.process.actors import Role
from server.actions import links, people
from server.actions.access import Caller
from server.actions.links import Acceptance
from server.auth import limits
from tests.server.idea.arena_of_all import Everyone, everyone

HERE = Caller("192.0.2.1", "Firefox")
CHOSEN = Acceptance("Zweites Ich", "ein gutes Passwort")


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path, demo=False) as arena:
        yield arena


async def invitation(arena: Everyone, by: str, *roles: Role) -> str:
    """The secret of an invitation by that person."""
    address = await links.invite(arena.arena.services, await arena.actor(by), roles)
    return address.rpartition("/")[2]


async def is_spent(arena: Everyone, secret: str) -> None:
    """The invitation neither opens nor makes an account."""
    services = arena.arena.services
    assert (await arena.arena.client.get(f"/invitation/{secret}")).status_code == 404
    with pytest.raises(NotFound, match="link-spent"):
        await links.accept_invitation(services, secret, CHOSEN, HERE, "de")


async def test_a_suspended_person_does_not_come_back_by_his_own_invitation(
    arena: Everyone,
) -> None:
    secret = await invitation(arena, "office", Role.COORDINATION_OFFICE)
    await people.suspend(arena.arena.services, None, "office", "Missbrauch")
    await is_spent(arena, secret)


async def test_an_invitation_gives_nothing_its_maker_could_no_longer_give(arena: Everyone) -> None:
    services = arena.arena.services
    await people.grant_role(services, None, "office", Role.MODERATOR)
    high = await invitation(arena, "office", Role.CDO)
    low = await invitation(arena, "office", Role.EXPERT)
    await people.withdraw_role(services, None, "office", Role.COORDINATION_OFFICE)

    await is_spent(arena, high)
    signed_in = await links.accept_invitation(services, low, CHOSEN, HERE, "de")
    assert signed_in.secret


@pytest.mark.parametrize("role", sorted({Role.MODERATOR, Role.COORDINATION_OFFICE, Role.CDO}))
async def test_a_moderator_gives_no_role_that_has_rights_over_others(
    arena: Everyone, role: Role
) -> None:
    client = await arena.client("moderator")
    sent = await client.post("/people/invite", data={"email": "", "roles": [role]})
    granted = await client.put(f"/api/v1/people/participant/roles/{role}")
    on_page = await client.post("/people/participant/roles", data={"roles": [role]})
    own = await client.put(f"/api/v1/people/moderator/roles/{role}")
    assert [each.status_code for each in (sent, granted, on_page, own)] == [403] * 4


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/tokens", {"label": "für immer"}),
        ("/account/password", {"current": "", "password": "ein neues Passwort"}),
        ("/account/profile", {"name": "Ana", "email": "mallory@example.org", "language": "de"}),
        ("/account/sessions/others", {}),
    ],
)
async def test_a_token_does_not_get_at_the_account(
    arena: Everyone, path: str, fields: dict[str, str]
) -> None:
    client = await arena.client("participant")
    assert (await client.post(path, data=fields)).status_code == 403


async def test_a_token_does_not_change_the_address_that_leads_to_a_password(
    arena: Everyone,
) -> None:
    client = await arena.client("participant")
    changed = await client.patch("/api/v1/me", json={"email": "mallory@example.org"})
    assert changed.status_code == 403
    renamed = await client.patch("/api/v1/me", json={"name": "Ana B."})
    assert (renamed.status_code, renamed.json()["email"]) == (200, None)


async def test_a_muted_moderator_does_not_take_his_pen_back_himself(arena: Everyone) -> None:
    ref = await arena.idea("open")
    muted, other = await arena.client("moderator"), await arena.client("moderator-2")
    path = f"/api/v1/ideas/{ref}/mutes/moderator"
    assert (await other.put(path, json={"reason": "Bitte Abstand"})).status_code == 204
    assert (await muted.delete(path)).status_code == 422
    assert (await other.delete(path)).status_code == 204


async def test_comments_of_one_person_are_bounded_and_those_of_others_are_not(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    person = await arena.actor("participant")
    for _ in range(limits.COMMENT_PER_PERSON.amount):
        await arena.arena.services.limiter.note(
            limits.COMMENT_PER_PERSON, "comment", str(person.person_id)
        )
    path = f"/api/v1/ideas/{ref}/comments"
    flooding = await (await arena.client("participant")).post(path, json={"text": "noch einer"})
    honest = await (await arena.client("expert")).post(path, json={"text": "ein Hinweis"})
    assert (flooding.status_code, honest.status_code) == (429, 201)
