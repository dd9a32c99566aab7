"""Coming in, one's own account, and the people of the arena, without scripts."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from collab.process.actors import Role
from server.actions import links
from server.pages.forms import device_of
from tests.server.pages.reading import PASSWORD, Page, actor, add, get, post, signed_in
from tests.server.running import Arena, running

LINK = re.compile(r"http://arena\.test(/[^\s<]+)")


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        await add(arena, "ana", Role.PARTICIPANT, email="ana@example.org")
        await add(arena, "ben", Role.EXPERT)
        await add(arena, "mod", Role.MODERATOR)
        await add(arena, "office", Role.COORDINATION_OFFICE)
        yield arena


async def is_signed_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/account")).status_code == 200


# Coming in


async def test_the_right_password_leads_to_where_somebody_wanted(arena: Arena) -> None:
    response = await post(
        arena.client, "/sign-in", name="ana@example.org", password=PASSWORD, next="/people"
    )

    assert (response.status_code, response.headers["location"]) == (303, "/people")
    assert await is_signed_in(arena.client)


async def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(arena: Arena) -> None:
    wrong = Page(await post(arena.client, "/sign-in", name="ana", password="x" * 12))
    nobody = Page(await post(arena.client, "/sign-in", name="zoe", password=PASSWORD))

    said = [each.one("div", class_="error-summary").text for each in (wrong, nobody)]
    assert said[0] == said[1]
    assert wrong.one("input", name="name")["value"] == "ana"
    assert "value" not in wrong.one("input", name="password").attributes
    assert not await is_signed_in(arena.client)


async def test_signing_out_ends_the_session(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        response = await post(client, "/sign-out")
        assert response.headers["location"] == "/"
        assert not await is_signed_in(client)


async def test_demonstration_persons_are_offered_only_in_a_demonstration(arena: Arena) -> None:
    page = await get(arena.client, "/sign-in")

    assert page.all("button", name="handle") == []
    assert (await post(arena.client, "/sign-in/demo", handle="expert")).status_code == 403


async def test_one_click_signs_in_as_a_demonstration_person(tmp_path: Path) -> None:
    async with running(tmp_path, demo=True, base_url="http://127.0.0.1") as arena:
        await add(arena, "expert", Role.EXPERT)
        await add(arena, "ana", Role.PARTICIPANT)
        headers = {"Origin": "http://127.0.0.1"}
        page = await get(arena.client, "/sign-in")
        foreign = await arena.client.post("/sign-in/demo", data={"handle": "ana"}, headers=headers)
        response = await arena.client.post(
            "/sign-in/demo", data={"handle": "expert"}, headers=headers
        )

        assert [each["value"] for each in page.all("button", name="handle")] == ["expert"]
        assert foreign.status_code == 404
        assert response.status_code == 303
        assert await is_signed_in(arena.client)


async def test_nobody_learns_who_has_an_account_by_forgetting_a_password(arena: Arena) -> None:
    known = await post(arena.client, "/password/forgot", email="ana@example.org")
    unknown = await post(arena.client, "/password/forgot", email="zoe@example.org")

    assert known.text == unknown.text


async def test_a_reset_link_sets_a_password_once(arena: Arena) -> None:
    path = (await links.make_reset_link(arena.services, None, "ana")).removeprefix(
        "http://arena.test"
    )

    short = Page(await post(arena.client, path, password="kurz"))
    response = await post(arena.client, path, password="ein neues Passwort")

    assert set(short.errors) == {"password"}
    assert response.status_code == 303
    assert await is_signed_in(arena.client)
    assert (await get(arena.client, path)).status == 404


# Invitations


async def invited(client: httpx2.AsyncClient, *roles: str) -> str:
    """The path of an invitation made in the browser ``client``."""
    page = Page(await client.post("/people/invite", data={"roles": list(roles)}))
    found = LINK.search(page.one("code", class_="secret").text)
    assert found
    return found[1]


async def test_an_invited_person_makes_an_account_and_is_in(arena: Arena) -> None:
    async with signed_in(arena, "mod") as moderator:
        path = await invited(moderator, "participant", "expert")

    page = await get(arena.client, path)
    response = await post(arena.client, path, name="Zoë Özil", password=PASSWORD, email="")

    assert "Fachperson, Teilnehmer:in" in page.text
    assert response.status_code == 303
    account = await get(arena.client, "/account")
    assert "zoe-ozil" in account.text
    assert (await get(arena.client, path)).status == 404


async def test_a_taken_handle_is_told_and_the_rest_stays(arena: Arena) -> None:
    async with signed_in(arena, "mod") as moderator:
        path = await invited(moderator)

    page = Page(await post(arena.client, path, name="Zoë", handle="ana", password=PASSWORD))

    assert set(page.errors) == {"handle"}
    assert page.one("input", name="name")["value"] == "Zoë"


async def test_moderators_are_not_offered_roles_that_only_the_office_gives(arena: Arena) -> None:
    async with signed_in(arena, "mod") as moderator, signed_in(arena, "office") as office:
        offered = await get(moderator, "/people/invite")
        offered_to_office = await get(office, "/people/invite")
        forged = await post(moderator, "/people/invite", roles="cdo")

    assert "cdo" not in {each["value"] for each in offered.all("input", type="checkbox")}
    assert "cdo" in {each["value"] for each in offered_to_office.all("input", type="checkbox")}
    assert forged.status_code == 403


async def test_participants_invite_nobody(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        assert (await get(client, "/people/invite")).status == 403
        assert (await post(client, "/people/invite", roles="observer")).status_code == 403


# The account


async def test_name_address_and_language_change_together(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        response = await post(
            client, "/account/profile", name="Ana B.", email="neu@example.org", language="en"
        )
        page = await get(client, response.headers["location"])

    assert page.one("html")["lang"] == "en"
    assert page.one("input", name="email")["value"] == "neu@example.org"


async def test_a_refused_profile_keeps_what_was_typed(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        page = Page(await post(client, "/account/profile", name="Ana", email="kein", language="de"))

    assert set(page.errors) == {"email"}
    assert page.one("input", name="email")["value"] == "kein"


async def test_a_new_password_needs_the_old_one(arena: Arena) -> None:
    new = "ein neues Passwort"
    async with signed_in(arena, "ana") as client:
        wrong = Page(await post(client, "/account/password", current="falsch", password=new))
        right = await post(client, "/account/password", current=PASSWORD, password=new)

    assert set(wrong.errors) == {"current"}
    assert right.headers["location"] == "/account?done=password"


async def test_other_devices_can_be_signed_out(arena: Arena) -> None:
    async with signed_in(arena, "ana") as here, signed_in(arena, "ana") as there:
        page = await get(here, "/account")
        action = next(
            each["action"]
            for each in page.all("form")
            if "/sessions/" in each["action"] and each["action"].endswith("/revoke")
        )
        await post(here, action)

        assert await is_signed_in(here)
        assert not await is_signed_in(there)


async def test_a_token_is_shown_once_and_can_be_revoked(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        shown = Page(await post(client, "/account/tokens", label="Mein Skript"))
        token = shown.one("code", class_="secret").text
        later = await get(client, "/account")
        revoke = next(each["action"] for each in later.all("form") if "/tokens/" in each["action"])
        before = await arena.client.get("/account", headers={"Authorization": f"Bearer {token}"})
        await post(client, revoke)
        after = await arena.client.get("/account", headers={"Authorization": f"Bearer {token}"})

    assert token not in later.source
    assert "Mein Skript" in later.text
    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_token_needs_a_name(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        page = Page(await post(client, "/account/tokens", label="  "))

    assert set(page.errors) == {"label"}


# The people


async def test_the_list_shows_names_and_no_addresses(arena: Arena) -> None:
    async with signed_in(arena, "ben") as client:
        page = await get(client, "/people")

    assert [each["href"] for each in page.all("a") if "/people/" in each["href"]] == []
    assert "ana" in page.text
    assert "ana@example.org" not in page.source


async def test_people_are_found_by_part_of_a_name(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        page = await get(client, "/people?q=BE")
        nobody = await get(client, "/people?q=zzz")

    assert len(page.all("tr")) == 2
    assert "Niemand gefunden" in nobody.text


async def test_a_long_list_of_people_is_read_page_by_page(arena: Arena) -> None:
    for number in range(50):
        await add(arena, f"person-{number:02}", Role.OBSERVER, password=None)

    async with signed_in(arena, "ana") as client:
        first = await get(client, "/people")
        second = await get(client, first.one("a", rel="next")["href"])

    assert len(first.all("tr")) == 51
    assert len(second.all("tr")) == 5


@pytest.mark.parametrize("handle", ["ana", "ben", "mod"])
async def test_only_the_office_manages_people(arena: Arena, handle: str) -> None:
    async with signed_in(arena, handle) as client:
        assert (await get(client, "/people/ben")).status == 403
        for act in ("roles", "organisation", "suspend", "restore"):
            response = await post(client, f"/people/ben/{act}", reason="Grund", roles="cdo")
            assert response.status_code == 403


async def test_a_suspended_person_is_out_until_restored(arena: Arena) -> None:
    async with signed_in(arena, "office") as office, signed_in(arena, "ben") as ben:
        missing = Page(await post(office, "/people/ben/suspend", reason=" "))
        await post(office, "/people/ben/suspend", reason="Löscht fremde Texte.")
        page = await get(office, "/people/ben")
        was_out = not await is_signed_in(ben)
        await post(office, "/people/ben/restore")
        again = await get(office, "/people/ben")

    assert set(missing.errors) == {"reason"}
    assert "Löscht fremde Texte." in page.text
    assert was_out
    assert "Sperre aufheben" not in again.text


async def test_roles_become_exactly_those_that_were_chosen(arena: Arena) -> None:
    async with signed_in(arena, "office") as office:
        await office.post("/people/ben/roles", data={"roles": ["participant", "moderator"]})

    assert (await actor(arena, "ben")).roles == {Role.PARTICIPANT, Role.MODERATOR}


async def test_nobody_suspends_or_promotes_himself(arena: Arena) -> None:
    async with signed_in(arena, "office") as office:
        suspended = await post(office, "/people/office/suspend", reason="Test")
        promoted = await office.post(
            "/people/office/roles", data={"roles": ["coordination_office", "cdo"]}
        )

    assert (suspended.status_code, promoted.status_code) == (409, 409)
    assert (await actor(arena, "office")).roles == {Role.COORDINATION_OFFICE}


async def test_people_speak_for_one_organisation_or_for_themselves(arena: Arena) -> None:
    async with signed_in(arena, "office") as office:
        for handle in ("ana", "ben"):
            form = {"organisation": "TU Berlin", "actor_class": "science"}
            await post(office, f"/people/{handle}/organisation", **form)
        both = await get(office, "/people")
        await post(office, "/people/ana/organisation", organisation="", actor_class="science")
        one = await get(office, "/people")

    assert both.text.count("TU Berlin Wissenschaft") == 2
    assert one.text.count("TU Berlin Wissenschaft") == 1


async def test_nobody_unknown_has_a_page(arena: Arena) -> None:
    async with signed_in(arena, "office") as office:
        assert (await get(office, "/people/zoe")).status == 404


async def test_names_are_text_and_never_markup(arena: Arena) -> None:
    await add(arena, "eve", Role.OBSERVER, name="<b onclick=x>Eve</b>")

    async with signed_in(arena, "eve") as client:
        page = await get(client, "/people")

    assert "<b onclick" not in page.source
    assert "<b onclick=x>Eve</b>" in page.text


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Firefox · Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/142.0 Mobile Safari", "Chrome · Android"),
        ("curl/8.5", ""),
    ],
)
def test_devices_are_named_as_people_name_them(agent: str, device: str) -> None:
    assert device_of(agent) == device
