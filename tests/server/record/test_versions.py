"""Versions compared over HTTP: by section, for who may read, named exactly."""

from typing import Any

import pytest

from collab.process.version import TextVersion
from server.actions.erasure.people import CHOICES, erase_person
from storage import texts
from storage.ideas import by_ref
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import write


async def two_versions(arena: Everyone) -> tuple[str, list[str]]:
    """An idea whose text was changed between two official acts; reference and versions."""
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    arena.arena.clock.pass_by(days=1)
    await write(arena, ref, "participant", "idea", "Drei <b>neue</b> Bäume.")
    await move(arena, ref, "returned")
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/versions")
    return ref, [each["name"] for each in answer.json()["versions"]]


async def test_u11_u12_what_changed_between_two_acts_is_shown(arena: Everyone) -> None:
    ref, (one, other) = await two_versions(arena)
    guest = await arena.client("guest")
    found = (await guest.get(f"/api/v1/ideas/{ref}/versions/{one}/diff/{other}")).json()
    changes = {
        name: [line["change"] for line in lines if line["change"] != "same"]
        for name, lines in found["sections"].items()
    }
    assert changes.pop("idea") == ["added"]
    assert not any(changes.values())
    assert not found["is_coarse"]
    html = (await guest.get(f"/ideas/{ref}/versions/{one}/diff/{other}")).text
    assert "Drei &lt;b&gt;neue&lt;/b&gt; Bäume." in html
    assert "<ins>" in html
    assert "neu: </span>" in html
    back = (await guest.get(f"/ideas/{ref}/versions/{other}/diff/{one}")).text
    assert "<del>" in back
    assert "gestrichen: </span>" in back


async def test_u12_a_version_is_compared_with_the_text_of_now(arena: Everyone) -> None:
    ref, (one, other) = await two_versions(arena)
    guest = await arena.client("guest")
    same = await guest.get(f"/ideas/{ref}/versions/{other}/diff/now")
    assert "Beide Fassungen haben denselben Wortlaut." in same.text
    await write(arena, ref, "author", "idea", "Und noch etwas.")
    now = (await guest.get(f"/api/v1/ideas/{ref}/versions/{other}/diff/now")).json()
    assert now["later"]["at"] is None
    assert [line["change"] for line in now["sections"]["idea"]][-1] == "added"
    assert one != other


@pytest.mark.parametrize(
    "name", ["9.9", "1", "x.y", "1.1.1", "-1.1", "1.99999999999999999999", "NOW"]
)
async def test_u12_a_version_that_is_not_kept_is_not_found(arena: Everyone, name: str) -> None:
    ref, (one, _) = await two_versions(arena)
    guest = await arena.client("guest")
    for path in (f"/versions/{one}/diff/{name}", f"/versions/{name}/diff/{one}"):
        assert (await guest.get(f"/ideas/{ref}{path}")).status_code == 404
        assert (await guest.get(f"/api/v1/ideas/{ref}{path}")).status_code == 404


async def test_i4_nobody_compares_what_he_may_not_read(arena: Everyone) -> None:
    ref = await arena.idea()
    for handle, status in (("guest", 404), ("participant", 404), ("author", 200)):
        client = await arena.client(handle)
        for path in ("/versions", "/versions/now/diff/now"):
            assert (await client.get(f"/api/v1/ideas/{ref}{path}")).status_code == status


async def test_x5_an_erased_passage_is_not_in_any_comparison(arena: Everyone) -> None:
    ref, (one, other) = await two_versions(arena)
    await erase_person(arena.arena.services, "participant", CHOICES["erase"])
    guest = await arena.client("guest")
    answer = await guest.get(f"/ideas/{ref}/versions/{one}/diff/{other}")
    assert answer.status_code == 200
    assert "Bäume" not in answer.text
    assert "wurden seitdem Stellen gelöscht" in answer.text
    found: dict[str, Any] = (
        await guest.get(f"/api/v1/ideas/{ref}/versions/{one}/diff/{other}")
    ).json()
    assert found["later"]["redacted_at"]


async def test_i4_a_version_of_a_drafts_time_stays_with_its_team(arena: Everyone) -> None:
    ref, (one, other) = await two_versions(arena)
    async with arena.arena.services.database.write() as tx:
        idea = await by_ref(tx, ref)
        assert idea is not None
        pinned = await texts.pinned(tx, idea.document_id, *map(int, one.split(".")))
        assert pinned is not None
        early = TextVersion(1, 0, pinned.sha256)
        await texts.pin(
            tx,
            idea.document_id,
            early,
            sections=pinned.sections,
            state=pinned.state,
            now=arena.arena.clock.now,
        )
    for handle, status in (("guest", 404), ("participant", 404), ("editor", 200)):
        client = await arena.client(handle)
        for path in (
            f"/ideas/{ref}/versions/1.0",
            f"/ideas/{ref}/versions/1.0/diff/{other}",
            f"/api/v1/ideas/{ref}/versions/{one}/diff/1.0",
            f"/api/v1/ideas/{ref}/text?version=1.0",
        ):
            assert (await client.get(path)).status_code == status, path
        listed = (await client.get(f"/api/v1/ideas/{ref}/versions")).json()["versions"]
        assert len(listed) == (3 if status == 200 else 2)
