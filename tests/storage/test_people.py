"""Persons with their roles and organisations, and what lets them in."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from storage import access, people
from storage.database import Database, Transaction
from tests.storage.making import NOW, a_document, a_person, later


async def test_a_person_is_found_by_handle_and_address(database: Database) -> None:
    ana = await a_person(database, "ana", email=" Ana@Example.ORG ", roles=["participant"])
    async with database.read() as tx:
        for name in ("ana", " ana ", "ANA@example.org"):
            found = await people.by_sign_in_name(tx, name)
            assert found is not None
            assert found.id == ana
        assert await people.by_sign_in_name(tx, "nobody") is None
        assert await people.roles(tx, ana) == {"participant"}


async def test_an_address_belongs_to_one_person(database: Database) -> None:
    await a_person(database, email="ana@example.org")
    with pytest.raises(IntegrityError):
        await a_person(database, email="ANA@example.org")


async def test_people_are_listed_by_handle_in_parts(database: Database) -> None:
    async with database.read() as tx:
        assert await people.is_empty(tx)
    for handle in ("c", "a", "b%"):
        await a_person(database, handle)
    async with database.read() as tx:
        assert not await people.is_empty(tx)
        assert [one.handle for one in await people.everyone(tx, limit=2)] == ["a", "b%"]
        assert [one.handle for one in await people.everyone(tx, after="b%")] == ["c"]
        assert [one.handle for one in await people.everyone(tx, q="%")] == ["b%"]


async def test_roles_are_given_and_taken_once(database: Database) -> None:
    ana, ben = await a_person(database), await a_person(database)
    async with database.write() as tx:
        assert await people.add_role(tx, ana, "expert")
        assert not await people.add_role(tx, ana, "expert")
        assert await people.add_role(tx, ana, "moderator")
        assert await people.roles_of(tx, [ana, ben]) == {ana: {"expert", "moderator"}}
        assert await people.remove_role(tx, ana, "expert")
        assert not await people.remove_role(tx, ana, "expert")


async def test_the_first_suspension_holds_until_it_ends(database: Database) -> None:
    ana = await a_person(database)
    async with database.write() as tx:
        assert await people.suspend(tx, ana, "Drohung", NOW)
        assert not await people.suspend(tx, ana, "Werbung", later(days=1))
        person = await people.get(tx, ana)
        assert person is not None
        assert (person.suspended_at, person.suspended_reason) == (NOW, "Drohung")
        assert await people.restore(tx, ana)
        assert not await people.restore(tx, ana)


async def test_a_person_changes_what_is_his(database: Database) -> None:
    ana = await a_person(database)
    async with database.write() as tx:
        await people.rename(tx, ana, "Anna")
        await people.set_language(tx, ana, "en")
        await people.set_email(tx, ana, "Anna@example.org")
        await people.set_password_hash(tx, ana, "hash")
        found = (await people.named(tx, [ana, uuid4()]))[ana]
    assert (found.name, found.language) == ("Anna", "en")
    assert (found.email, found.password_hash) == ("anna@example.org", "hash")


async def test_organisations_are_those_of_the_day(database: Database) -> None:
    ana = await a_person(database)
    async with database.write() as tx:
        for name, begins, ends in (
            ("alt", None, date(2026, 4, 1)),
            ("neu", date(2026, 4, 2), None),
        ):
            await people.create_organisation(
                tx,
                organisation_id=uuid4(),
                name=name,
                actor_class="administration",
                kind="district",
                valid_from=begins,
                valid_to=ends,
            )
        everything = await people.organisations(tx)
        today = await people.organisations(tx, on=date(2026, 11, 23))
        assert [one.name for one in everything] == ["alt", "neu"]
        assert [one.name for one in today] == ["neu"]
        await people.affiliate(tx, ana, everything[0].id)
        await people.affiliate(tx, ana, everything[1].id)
        await people.affiliate(tx, ana, everything[1].id, confirmed_at=NOW)
        held = (await people.memberships(tx, [ana]))[ana]
        assert [(one.organisation.name, one.confirmed_at) for one in held] == [
            ("alt", None),
            ("neu", NOW),
        ]
        await people.leave(tx, ana, everything[0].id)
        assert len((await people.memberships(tx, [ana]))[ana]) == 1


async def sign_in(tx: Transaction, person_id: UUID, id_hash: str) -> None:
    await access.create_session(
        tx, id_hash=id_hash, person_id=person_id, now=NOW, expires_at=later(days=1)
    )


async def test_a_session_holds_until_it_ends_or_is_revoked(database: Database) -> None:
    ana = await a_person(database, "ana", roles=["expert"])
    async with database.write() as tx:
        await sign_in(tx, ana, "s")
        found = await access.session(tx, "s", later(hours=1))
        assert found is not None
        assert found[1].person.handle == "ana"
        assert found[1].roles == {"expert"}
        assert await access.session(tx, "s", later(days=1)) is None
        assert await access.session(tx, "other", NOW) is None
        await access.touch_session(tx, "s", later(hours=2), later(days=3))
        extended = await access.session(tx, "s", later(days=2))
        assert extended is not None
        assert extended[0].last_seen_at == later(hours=2)
        assert await access.revoke_session(tx, "s", later(hours=3))
        assert not await access.revoke_session(tx, "s", later(hours=4))
        assert await access.session(tx, "s", later(hours=3)) is None


async def test_all_other_sessions_can_be_ended_at_once(database: Database) -> None:
    ana, ben = await a_person(database), await a_person(database)
    async with database.write() as tx:
        for person_id, id_hash in ((ana, "a1"), (ana, "a2"), (ana, "a3"), (ben, "b1")):
            await sign_in(tx, person_id, id_hash)
        assert await access.revoke_sessions(tx, ana, NOW, keep="a2") == 2
        assert [one.id_hash for one in await access.sessions(tx, ana, NOW)] == ["a2"]
        assert [one.id_hash for one in await access.sessions(tx, ben, NOW)] == ["b1"]
        assert await access.revoke_sessions(tx, ana, NOW) == 1


async def test_a_token_holds_until_it_ends_or_is_revoked(database: Database) -> None:
    ana = await a_person(database)
    one, endless = uuid4(), uuid4()
    async with database.write() as tx:
        await access.create_token(
            tx, token_id=one, secret_hash="t", person_id=ana, now=NOW, expires_at=later(days=1)
        )
        await access.create_token(
            tx, token_id=endless, secret_hash="e", person_id=ana, now=later(hours=1)
        )
        held = await access.tokens_held(tx, ["t", "e", "nobody's"])
        assert {each: token.id for each, (token, _) in held.items()} == {"t": one, "e": endless}
        assert access.is_valid(held["t"][0], NOW)
        assert not access.is_valid(held["t"][0], later(days=1))
        assert access.is_valid(held["e"][0], later(days=999))
        await access.touch_token(tx, endless, later(hours=2))
        assert [each.id for each in await access.tokens(tx, ana)] == [endless, one]
        assert await access.revoke_token(tx, endless, NOW)
        assert not await access.revoke_token(tx, endless, NOW)
        assert set(await access.tokens_held(tx, ["t", "e"])) == {"t"}


async def test_a_link_is_for_one_purpose_one_use_and_some_time(database: Database) -> None:
    ana, document_id = await a_person(database), await a_document(database)
    async with database.write() as tx:
        await access.create_link(
            tx,
            secret_hash="l",
            purpose="collab_ticket",
            person_id=ana,
            document_id=document_id,
            data={"role": "editor"},
            now=NOW,
            expires_at=later(seconds=30),
        )
        assert await access.use_link(tx, "l", "sign_in", NOW) is None
        assert await access.use_link(tx, "l", "collab_ticket", later(seconds=30)) is None
        assert await access.link(tx, "l", "collab_ticket", NOW) is not None
        used = await access.use_link(tx, "l", "collab_ticket", later(seconds=1))
        assert used is not None
        assert (used.document_id, used.data, used.used_at) == (
            document_id,
            {"role": "editor"},
            later(seconds=1),
        )
        assert await access.use_link(tx, "l", "collab_ticket", later(seconds=2)) is None
        assert await access.link(tx, "l", "collab_ticket", later(seconds=2)) is None


async def test_unused_links_of_a_person_can_be_made_useless(database: Database) -> None:
    ana = await a_person(database)
    async with database.write() as tx:
        for secret in ("a", "b"):
            await access.create_link(
                tx,
                secret_hash=secret,
                purpose="password_reset",
                person_id=ana,
                now=NOW,
                expires_at=later(hours=1),
            )
        assert await access.use_link(tx, "a", "password_reset", NOW) is not None
        assert await access.revoke_links(tx, ana, "password_reset", NOW) == 1
        assert await access.use_link(tx, "b", "password_reset", NOW) is None
