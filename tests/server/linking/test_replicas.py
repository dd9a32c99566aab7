"""Other organisations take measures over, with credit, lineage and a counter (M10)."""

from server.actions.cases import open_case
from server.actions.facts.linking import replicas_of
from tests.server.linking.linked import idea_of, links, log, make_measure
from tests.server.linking.taking_over import (
    a_measure,
    a_replica,
    put_kit,
    replicas,
    take_over,
    text,
)
from tests.server.responsibility.organisations import MEMBER, Bodies


async def counted(bodies: Bodies, ref: str) -> int:
    """How many replicas count for the gates of the measure."""
    async with bodies.arena.arena.services.database.read() as tx:
        return await replicas_of(tx, await open_case(tx, await bodies.arena.actor("lead"), ref))


async def test_ac_m10a_a_district_takes_over_and_both_sides_show_it(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    made = await take_over(bodies, origin, title="Bäume für Pankow")
    assert made.status_code == 201, made.text
    ref = made.json()["ref"]
    assert made.json() == {"ref": ref, "stage": "open", "revision": 2, "replicates": origin}
    assert [
        (one["kind"], one["ref"], one["is_outward"]) for one in await links(bodies.arena, ref)
    ] == [("replicates", origin, True)]
    assert (await replicas(bodies, ref))["origin"] == origin
    page = (await (await bodies.arena.client("guest")).get(f"/ideas/{origin}")).text
    assert "Übernommen in" in page
    assert "Senatsverwaltung" in page.split('id="replicas"')[1]
    assert "Bäume für Pankow" in page


async def test_ac_m10a_a_replica_can_begin_as_a_draft_that_nobody_else_sees(
    bodies: Bodies,
) -> None:
    origin = await a_measure(bodies)
    ref = await a_replica(bodies, origin, submit=False)
    assert (await idea_of(bodies.arena, ref)).stage == "draft"
    assert (await replicas(bodies, origin))["tree"] is None
    assert ref not in str(await log(bodies.arena, origin))
    assert (await replicas(bodies, ref, MEMBER))["origin"] == origin


async def test_f31_the_chosen_parts_come_along_with_credit_and_licence(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    ref = await a_replica(bodies, origin, sections=["situation", "idea"])
    found = await text(bodies, ref)
    assert "Text zu situation." in found
    assert "Text zu idea." in found
    assert "Text zu benefit." not in found
    for part in ("Übernommen aus „Mehr Schatten“", "Namensnennung: Bezirksamt Mitte", "CC BY 4.0"):
        assert part in found
    kept = await replicas(bodies, ref)
    assert (kept["licence"], kept["credit"], kept["sections"]) == (
        "cc_by",
        "Bezirksamt Mitte",
        ["idea", "situation"],
    )


async def test_f30_only_another_organisation_takes_over_and_only_a_measure_with_a_kit(
    bodies: Bodies,
) -> None:
    bare = await a_measure(bodies, kit=False)
    refused = await take_over(bodies, bare)
    assert (refused.status_code, refused.json()["code"]) == (409, "no-transfer-kit")
    await put_kit(bodies.arena, bare)
    own = await take_over(bodies, bare, "amt")
    assert own.json()["fields"] == {"organisation_id": "unknown-choice"}
    alone = await take_over(bodies, bare, by="support")
    assert (alone.status_code, alone.json()["code"]) == (403, "not-another-organisation")
    closed = await bodies.arena.idea("closed_learned")
    await put_kit(bodies.arena, closed)
    assert (await take_over(bodies, closed)).json()["code"] == "not-a-measure"


async def test_f30_faulty_wishes_are_named_and_make_nothing(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    unknown = await take_over(bodies, origin, sections=["nowhere"])
    assert unknown.json()["fields"] == {"sections.nowhere": "unknown"}
    lacking = await take_over(bodies, origin, sections=["benefit"])
    assert (lacking.status_code, lacking.json()["code"]) == (422, "unmet")
    assert await links(bodies.arena, origin) == []


async def test_f32_replicas_count_once_another_organisation_leads_them(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await a_replica(bodies, origin, submit=False)
    assert await counted(bodies, origin) == 0
    await bodies.lead(replica, "land")
    assert await counted(bodies, origin) == 1
    assert (await replicas(bodies, origin))["count"] == 1


async def test_f34_replicas_of_replicas_make_a_tree(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    child = await a_replica(bodies, origin)
    await make_measure(bodies.arena, child, stage="implementation")
    await put_kit(bodies.arena, child, credit="Senatsverwaltung")
    grandchild = await a_replica(bodies, child, key="amt")
    for ref in (origin, child, grandchild):
        tree = (await replicas(bodies, ref))["tree"]
        assert tree["ref"] == origin
        assert [one["ref"] for one in tree["replicas"]] == [child]
        assert [one["ref"] for one in tree["replicas"][0]["replicas"]] == [grandchild]


async def test_f30_the_form_takes_over_without_a_script(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    person = await bodies.arena.client(MEMBER)
    assert f"/ideas/{origin}/replicate" in (await person.get(f"/ideas/{origin}")).text
    page = (await person.get(f"/ideas/{origin}/replicate")).text
    assert "CC BY 4.0" in page
    assert 'name="section" value="situation" checked' in page
    fields: dict[str, object] = {"organisation": str(bodies.ids["land"]), "act": "submit"}
    none = await person.post(f"/ideas/{origin}/replicate", data={**fields, "title": "Mein Titel"})
    assert none.status_code == 422
    assert "Mein Titel" in none.text
    some = {**fields, "title": "Bäume", "section": ["situation", "idea"]}
    done = await person.post(f"/ideas/{origin}/replicate", data=some, follow_redirects=False)
    assert done.status_code == 303, done.text
    ref = done.headers["location"].removeprefix("/ideas/")
    assert (await idea_of(bodies.arena, ref)).stage == "open"


async def test_n21_a_replica_begins_without_the_districts_of_its_origin(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    body = {"districts": ["mitte"]}
    lead = await bodies.arena.client("lead")
    said = await lead.put(f"/api/v1/ideas/{origin}/districts", json=body)
    assert said.json() == body
    ref = (await take_over(bodies, origin, title="Bäume für Spandau")).json()["ref"]
    assert (await lead.get(f"/api/v1/ideas/{ref}/districts")).json() == {"districts": []}
