"""Coming in and going out, over the database and with a clock moved by hand."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import ANY
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid, Limited, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.sync.address import DocumentAddress
from server.actions import access, links, people, programs
from server.actions.access import Caller, SignedIn
from server.actions.links import Acceptance
from server.auth import holders
from server.auth.secrets import hash_of
from server.auth.visitor import redeem_ticket
from tests.server.running import Arena, running

HERE = Caller("192.0.2.1", "Firefox auf Linux")
PASSWORD = "ein gutes Passwort"


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path, demo=False) as arena:
        await add(arena, "ana", Role.PARTICIPANT, email="ana@example.org")
        await add(arena, "office", Role.COORDINATION_OFFICE)
        await add(arena, "mod", Role.MODERATOR)
        yield arena


async def add(arena: Arena, handle: str, *roles: Role, email: str | None = None) -> UUID:
    person = await people.add_person(
        arena.services,
        None,
        handle=handle,
        name=handle.title(),
        roles=roles,
        email=email,
        password=PASSWORD,
    )
    return person.id


async def actor(arena: Arena, handle: str) -> Actor:
    """The person as rules see him now."""
    holder = await holders.by_token(
        arena.services, await programs.issue_token(arena.services, handle)
    )
    assert holder is not None
    return holder.actor


async def sign_in(arena: Arena, name: str = "ana", password: str = PASSWORD) -> SignedIn:
    return await access.sign_in(arena.services, name, password, HERE)


async def is_signed_in(arena: Arena, signed_in: SignedIn) -> bool:
    return await holders.by_session(arena.services, signed_in.secret) is not None


def secret_in(address: str) -> str:
    return address.rsplit("/", 1)[1]


def mails(arena: Arena) -> list[str]:
    """The texts of the mails in the outbox."""
    files = sorted(arena.services.settings.outbox.glob("*.eml"))
    messages = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [f"{each['To']}\n{each.get_content()}" for each in messages]


def everything_in(folder: Path) -> bytes:
    """All bytes of the database."""
    return b"".join(file.read_bytes() for file in folder.glob("arena.db*"))


@pytest.mark.parametrize("name", ["ana", "ana@example.org", " ANA@Example.org "])
async def test_sign_in_takes_handle_or_address(arena: Arena, name: str) -> None:
    assert await is_signed_in(arena, await sign_in(arena, name))


@pytest.mark.parametrize(("name", "password"), [("ana", "falsch"), ("nobody", PASSWORD), ("", "")])
async def test_a_wrong_name_and_a_wrong_password_get_one_answer(
    arena: Arena, name: str, password: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        await sign_in(arena, name, password)
    assert (refused.value.code, refused.value.data) == ("wrong-password", {})


async def test_guessing_one_persons_password_is_limited(arena: Arena) -> None:
    for _ in range(10):
        with pytest.raises(NotAllowed):
            await sign_in(arena, "ana", "falsch")
    with pytest.raises(Limited) as refused:
        await sign_in(arena)
    assert refused.value.data["retry_after_s"]


async def test_guessing_elsewhere_does_not_lock_a_person_out(arena: Arena) -> None:
    for _ in range(10):
        with pytest.raises(NotAllowed):
            await sign_in(arena, "ana", "falsch")
    at_home = Caller("198.51.100.7")
    assert await access.sign_in(arena.services, "ana", PASSWORD, at_home)


async def test_a_whole_workshop_signs_in_from_one_address(arena: Arena) -> None:
    for _ in range(40):
        assert await sign_in(arena)


async def test_guessing_from_one_address_is_limited(arena: Arena) -> None:
    for number in range(30):
        with pytest.raises(NotAllowed):
            await sign_in(arena, f"nobody-{number}", "falsch")
    with pytest.raises(Limited):
        await sign_in(arena)


async def test_the_right_password_forgives_earlier_mistakes(arena: Arena) -> None:
    for _ in range(3):
        for _ in range(5):
            with pytest.raises(NotAllowed):
                await sign_in(arena, "ana", "falsch")
        await sign_in(arena)


async def test_sign_in_makes_a_new_session_and_ends_the_former(arena: Arena) -> None:
    first = await sign_in(arena)
    second = await access.sign_in(
        arena.services, "ana", PASSWORD, HERE, replacing=hash_of(first.secret)
    )
    assert first.secret != second.secret
    assert not await is_signed_in(arena, first)
    assert await is_signed_in(arena, second)


async def test_only_hashes_of_secrets_are_stored(arena: Arena, tmp_path: Path) -> None:
    signed_in = await sign_in(arena)
    token = await programs.issue_token(arena.services, "ana")
    link = await links.make_reset_link(arena.services, None, "ana")
    content = everything_in(tmp_path)
    assert hash_of(token).encode() in content
    for secret in (signed_in.secret, token, secret_in(link), PASSWORD):
        assert secret.encode() not in content


async def test_a_session_ends_when_it_is_not_used(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    arena.clock.pass_by(days=13)
    assert await is_signed_in(arena, signed_in)
    arena.clock.pass_by(days=13)
    assert await is_signed_in(arena, signed_in)
    arena.clock.pass_by(days=14)
    assert not await is_signed_in(arena, signed_in)


async def test_a_session_ends_however_much_it_is_used(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    for _ in range(7):
        arena.clock.pass_by(days=8)
        assert await is_signed_in(arena, signed_in)
    arena.clock.pass_by(days=4)
    assert not await is_signed_in(arena, signed_in)


async def test_sign_out_ends_the_session_and_its_sockets(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    await access.sign_out(arena.services, hash_of(signed_in.secret))
    assert not await is_signed_in(arena, signed_in)
    assert arena.listener.signed_out == [hash_of(signed_in.secret)]


async def test_devices_are_listed_and_ended_one_by_one(arena: Arena) -> None:
    first, second = await sign_in(arena), await sign_in(arena)
    ana = await actor(arena, "ana")
    listed = await access.devices(arena.services, ana)
    assert {each.id_hash for each in listed} == {hash_of(first.secret), hash_of(second.secret)}
    assert {each.device for each in listed} == {"Firefox auf Linux"}
    await access.sign_out_device(arena.services, ana, hash_of(first.secret))
    assert not await is_signed_in(arena, first)
    assert await is_signed_in(arena, second)


async def test_nobody_ends_a_strangers_session(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    mod = await actor(arena, "mod")
    with pytest.raises(NotFound):
        await access.sign_out_device(arena.services, mod, hash_of(signed_in.secret))
    assert await is_signed_in(arena, signed_in)


async def test_a_new_password_ends_the_other_sessions(arena: Arena) -> None:
    here, elsewhere = await sign_in(arena), await sign_in(arena)
    ana = await actor(arena, "ana")
    await access.change_password(
        arena.services, ana, PASSWORD, "noch ein Passwort", keep=hash_of(here.secret)
    )
    assert await is_signed_in(arena, here)
    assert not await is_signed_in(arena, elsewhere)
    assert arena.listener.signed_out == [hash_of(elsewhere.secret)]
    assert await sign_in(arena, password="noch ein Passwort")


async def test_a_new_password_needs_the_old_one_and_some_length(arena: Arena) -> None:
    ana = await actor(arena, "ana")
    with pytest.raises(Invalid, match="wrong-current-password"):
        await access.change_password(arena.services, ana, "falsch", "lang genug", keep=None)
    for password, code in (("kurz", "too-short"), ("x" * 201, "too-long")):
        with pytest.raises(Invalid) as refused:
            await access.change_password(arena.services, ana, PASSWORD, password, keep=None)
        assert refused.value.data["fields"] == {"password": code}


async def test_an_invitation_makes_one_account_with_its_roles(arena: Arena) -> None:
    mod = await actor(arena, "mod")
    address = await links.invite(arena.services, mod, [Role.EXPERT], email="eva@example.org")
    await arena.services.mail.close()
    assert address in mails(arena)[0]
    assert address.startswith("http://arena.test/invitation/")
    chosen = Acceptance(name="  Eva   Groß ", password=PASSWORD)
    signed_in = await links.accept_invitation(
        arena.services, secret_in(address), chosen, HERE, "en"
    )
    holder = await holders.by_session(arena.services, signed_in.secret)
    assert holder is not None
    assert (holder.actor.handle, holder.actor.name) == ("eva-gross", "Eva Groß")
    assert (holder.actor.roles, holder.language) == (frozenset({Role.EXPERT}), "en")
    with pytest.raises(NotFound, match="link-spent"):
        await links.accept_invitation(arena.services, secret_in(address), chosen, HERE, "de")


async def test_of_many_who_use_an_invitation_at_once_one_gets_in(arena: Arena) -> None:
    secret = secret_in(await links.invite(arena.services, None, [Role.PARTICIPANT]))
    results = await asyncio.gather(
        *(
            links.accept_invitation(
                arena.services, secret, Acceptance(f"Person {n}", PASSWORD), HERE, "de"
            )
            for n in range(5)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, SignedIn) for result in results) == 1
    assert sum(isinstance(result, NotFound) for result in results) == 4


async def test_a_faulty_acceptance_does_not_use_the_invitation_up(arena: Arena) -> None:
    secret = secret_in(await links.invite(arena.services, None, []))
    faulty = [
        (Acceptance("", PASSWORD), "name"),
        (Acceptance("Eva\u202e", PASSWORD), "name"),
        (Acceptance("Eva", "kurz"), "password"),
        (Acceptance("Eva", PASSWORD, handle="Ö!"), "handle"),
        (Acceptance("Eva", PASSWORD, handle="ana"), "handle"),
        (Acceptance("Eva", PASSWORD, email="eva"), "email"),
        (Acceptance("Eva", PASSWORD, email="ana@example.org"), "email"),
    ]
    for chosen, field in faulty:
        with pytest.raises(Invalid) as refused:
            await links.accept_invitation(arena.services, secret, chosen, HERE, "de")
        assert refused.value.data["fields"] == {field: ANY}
    assert await links.check_link(arena.services, secret, "invitation")


async def test_an_invitation_expires(arena: Arena) -> None:
    secret = secret_in(await links.invite(arena.services, None, []))
    arena.clock.pass_by(days=14)
    with pytest.raises(NotFound, match="link-spent"):
        await links.check_link(arena.services, secret, "invitation")


@pytest.mark.parametrize(
    ("handle", "role", "is_allowed"),
    [
        ("ana", Role.OBSERVER, False),
        ("mod", Role.EXPERT, True),
        ("mod", Role.MODERATOR, False),
        ("mod", Role.CDO, False),
        ("office", Role.MODERATOR, True),
        ("office", Role.COORDINATION_OFFICE, True),
    ],
)
async def test_nobody_invites_above_his_own_role(
    arena: Arena, handle: str, role: Role, is_allowed: bool
) -> None:
    inviting = await actor(arena, handle)
    if is_allowed:
        assert await links.invite(arena.services, inviting, [role])
        return
    with pytest.raises(NotAllowed):
        await links.invite(arena.services, inviting, [role])


@pytest.mark.parametrize("role", [Role.GUEST, Role.AUTHOR, Role.LEAD])
async def test_roles_at_an_idea_are_no_arena_roles(arena: Arena, role: Role) -> None:
    with pytest.raises(Invalid):
        await links.invite(arena.services, None, [role])


async def test_a_reset_is_mailed_only_to_who_is_there(arena: Arena) -> None:
    for address in ("ana@example.org", "nobody@example.org", "ana", ""):
        await links.request_reset(arena.services, address, HERE)
    await arena.services.mail.close()
    assert [mail.partition("\n")[0] for mail in mails(arena)] == ["ana@example.org"]


async def test_a_reset_link_sets_the_password_once_and_ends_all_sessions(arena: Arena) -> None:
    before = await sign_in(arena)
    await links.request_reset(arena.services, "ana@example.org", HERE)
    await arena.services.mail.close()
    found = re.search(r"http://arena.test/password-reset/(\S+)", mails(arena)[0])
    assert found
    after = await links.reset_password(arena.services, found[1], "ganz neues Passwort", HERE)
    assert not await is_signed_in(arena, before)
    assert await is_signed_in(arena, after)
    assert await sign_in(arena, password="ganz neues Passwort")
    with pytest.raises(NotFound, match="link-spent"):
        await links.reset_password(arena.services, found[1], "noch ein Passwort", HERE)


async def test_resets_for_one_person_are_limited(arena: Arena) -> None:
    for _ in range(3):
        await links.request_reset(arena.services, "ana@example.org", HERE)
    with pytest.raises(Limited):
        await links.request_reset(arena.services, "ana@example.org", HERE)


async def test_sign_in_links_work_only_in_a_demonstration(arena: Arena) -> None:
    with pytest.raises(NotAllowed, match="demo-only"):
        await links.make_sign_in_link(arena.services, "ana")
    with pytest.raises(NotAllowed, match="demo-only"):
        await links.use_sign_in_link(arena.services, "secret", HERE)


async def test_a_sign_in_link_signs_in_once(tmp_path: Path) -> None:
    async with running(tmp_path, demo=True, base_url="http://localhost:8000") as arena:
        await add(arena, "ana", Role.PARTICIPANT)
        secret = secret_in(await links.make_sign_in_link(arena.services, "ana"))
        assert await is_signed_in(arena, await links.use_sign_in_link(arena.services, secret, HERE))
        with pytest.raises(NotFound, match="link-spent"):
            await links.use_sign_in_link(arena.services, secret, HERE)


async def test_a_link_works_only_for_its_purpose(arena: Arena) -> None:
    secret = secret_in(await links.make_reset_link(arena.services, None, "ana"))
    with pytest.raises(NotFound):
        await links.check_link(arena.services, secret, "invitation")


async def test_suspension_ends_sessions_tokens_and_links(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    token = await programs.issue_token(arena.services, "ana")
    link = await links.make_reset_link(arena.services, None, "ana")
    office = await actor(arena, "office")
    await people.suspend(arena.services, office, "ana", "Beleidigungen")
    assert not await is_signed_in(arena, signed_in)
    assert await holders.by_token(arena.services, token) is None
    with pytest.raises(NotFound, match="link-spent"):
        await links.reset_password(arena.services, secret_in(link), PASSWORD, HERE)
    with pytest.raises(NotAllowed, match="wrong-password"):
        await sign_in(arena)
    announced = arena.listener.announced[-1]
    assert (announced.kind, announced.public) == ("person_suspended", False)
    assert announced.payload == {"person_id": str(signed_in.person_id), "reason": "Beleidigungen"}


async def test_a_restored_person_signs_in_anew(arena: Arena) -> None:
    signed_in = await sign_in(arena)
    await people.suspend(arena.services, None, "ana", "Versehen")
    await people.restore(arena.services, None, "ana")
    assert not await is_signed_in(arena, signed_in)
    assert await is_signed_in(arena, await sign_in(arena))
    assert arena.listener.announced[-1].kind == "person_restored"


async def test_only_the_office_suspends_and_nobody_himself(arena: Arena) -> None:
    for handle in ("ana", "mod"):
        with pytest.raises(NotAllowed):
            await people.suspend(arena.services, await actor(arena, handle), "office", "nein")
    with pytest.raises(Conflict, match="own-account"):
        await people.suspend(arena.services, await actor(arena, "office"), "office", "nein")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
async def test_a_suspension_needs_a_reason(arena: Arena, reason: str) -> None:
    with pytest.raises(Invalid):
        await people.suspend(arena.services, None, "ana", reason)


async def test_a_suspended_person_is_suspended_once(arena: Arena) -> None:
    await people.suspend(arena.services, None, "ana", "Beleidigungen")
    with pytest.raises(Conflict, match="already-suspended"):
        await people.suspend(arena.services, None, "ana", "noch einmal")
    with pytest.raises(Conflict, match="not-suspended"):
        await people.restore(arena.services, None, "mod")


async def test_a_changed_role_counts_in_open_rooms(arena: Arena) -> None:
    await people.grant_role(arena.services, None, "ana", Role.EXPERT)
    assert (await actor(arena, "ana")).roles == {Role.PARTICIPANT, Role.EXPERT}
    await people.withdraw_role(arena.services, None, "ana", Role.PARTICIPANT)
    assert (await actor(arena, "ana")).roles == {Role.EXPERT}
    told = [event.kind for event in arena.listener.announced]
    assert told.count("person_role_changed") == 2


async def test_handles_and_addresses_are_unique(arena: Arena) -> None:
    with pytest.raises(Conflict):
        await add(arena, "ana", Role.PARTICIPANT)
    with pytest.raises(Conflict):
        await add(arena, "anna", Role.PARTICIPANT, email="ANA@example.org")


async def test_an_expired_token_is_nobodys(arena: Arena) -> None:
    token = await programs.issue_token(arena.services, "ana", lasting=timedelta(days=1))
    assert await holders.by_token(arena.services, token)
    arena.clock.pass_by(days=1)
    assert await holders.by_token(arena.services, token) is None


async def test_people_see_and_revoke_their_own_tokens(arena: Arena) -> None:
    token = await programs.issue_token(arena.services, "ana", label="Skript")
    ana = await actor(arena, "ana")
    listed = [each for each in await programs.tokens(arena.services, ana) if each.label == "Skript"]
    with pytest.raises(NotFound):
        await programs.revoke_token(arena.services, await actor(arena, "mod"), listed[0].id)
    await programs.revoke_token(arena.services, ana, listed[0].id)
    assert await holders.by_token(arena.services, token) is None
    assert arena.listener.sent_away == [ana.person_id]


async def test_no_ticket_for_a_document_that_is_not_there(arena: Arena) -> None:
    address = DocumentAddress(UUID(int=1), 1, 1)
    with pytest.raises(NotFound):
        await programs.issue_ticket(arena.services, await actor(arena, "ana"), address)


async def test_an_unknown_ticket_opens_nothing(arena: Arena) -> None:
    assert await redeem_ticket(arena.services, "unknown", UUID(int=1)) is None
