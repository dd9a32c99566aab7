"""Recognition over the API: numbers, what suspends and withdraws it, and the badge at once."""

import asyncio
import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from collab.process.measures.badge import keys_in, parse_signed
from collab.process.measures.numbers import Series
from server.badges.keys import is_signed_by
from storage.database import METADATA
from storage.process.measures import register as measures
from tests.server.measures.measuring import Measures
from tests.server.responsibility.organisations import SIGNATORY

IDEA = METADATA.tables["idea"]
SHAPES = {"svg", "title", "desc", "rect", "g", "path", "circle", "text"}
WORDS = {"valid": "Anerkannt", "suspended": "Ausgesetzt", "withdrawn": "Entzogen"}


async def badge(arena: Measures, number: str) -> dict[str, Any]:
    """What the signed badge says; its signature is checked with the published key."""
    answer = await arena.get(f"/measures/{number}/badge.json")
    assert answer.status_code == 200
    said, key, signature = parse_signed(answer.content)
    keys = keys_in((await arena.get("/.well-known/arena-keys.json")).json())
    assert is_signed_by(keys[key], said, signature)
    return said


async def test_ac_m6a_a_withdrawal_shows_at_once_in_page_picture_and_json_also_where_they_are_kept(
    arena: Measures,
) -> None:
    ref = await arena.recognised()
    number = await arena.number(ref)
    kept: dict[str, str] = {}
    for state, to, by in (
        ("valid", "", ""),
        ("suspended", "measure_network_pending", "office"),
        ("valid", "measure_network", "office"),
        ("suspended", "measure_network_pending", "office"),
        ("withdrawn", "closed_learned", "cdo"),
    ):
        if to:
            await arena.move(ref, to, by)
        page = (await arena.get(f"/measures/{number}")).text
        assert f'data-state="{state}"' in page
        assert (await badge(arena, number))["state"] == state
        for name in ("badge.svg", "badge.json"):
            path = f"/measures/{number}/{name}"
            seen = await arena.get(path, **{"If-None-Match": kept.get(name, "")})
            assert seen.status_code == 200, "what is kept says something else"
            assert seen.headers["cache-control"] == "no-cache"
            kept[name] = seen.headers["etag"]
            again = await arena.get(path, **{"If-None-Match": kept[name]})
            assert (again.status_code, again.content) == (304, b"")
        picture = (await arena.get(f"/measures/{number}/badge.svg")).text
        if state == "withdrawn":
            english = (await arena.get(f"/measures/{number}/badge.svg?lang=en")).text
            assert ">Withdrawn<" in english
        assert {word for word in WORDS.values() if f">{word}<" in picture} == {WORDS[state]}


async def test_ac_m6b_a_number_is_unique_and_never_given_again(arena: Measures) -> None:
    refs = [await arena.recognised() for _ in range(2)]
    first, second = [(await badge(arena, await arena.number(ref)))["recognition"] for ref in refs]
    assert first != second
    await arena.move(refs[0], "measure_network_pending", "office")
    await arena.move(refs[0], "measure_network", "office")
    number = await arena.number(refs[0])
    assert (await badge(arena, number))["recognition"] == first, "suspended, it keeps its number"
    await arena.move(refs[1], "measure_network_pending", "office")
    await arena.move(refs[1], "closed_learned", "cdo")
    third = (await badge(arena, await arena.number(await arena.recognised())))["recognition"]
    assert third not in {first, second}
    assert (await arena.get(f"/measures/{second}")).headers["location"].startswith("/measures/M-")


async def test_ac_m6b_numbers_that_are_asked_for_at_once_are_different(arena: Measures) -> None:
    database = arena.arena.arena.services.database

    async def one() -> str:
        async with database.write() as tx:
            return str(await measures.next_number(tx, Series.MEASURE, 2031))

    found = await asyncio.gather(*(one() for _ in range(20)))
    assert sorted(found) == [f"M-2031-{nth:04d}" for nth in range(1, 21)]


async def test_ac_m6c_a_manipulated_badge_fails(arena: Measures) -> None:
    ref = await arena.recognised()
    number = await arena.number(ref)
    whole = json.loads((await arena.get(f"/measures/{number}/badge.json")).content)
    keys = keys_in((await arena.get("/.well-known/arena-keys.json")).json())
    changes: list[tuple[str, object]] = [
        ("state", "withdrawn"),
        ("organisation", "Andere GmbH"),
        ("title", whole["badge"]["title"] + " "),
        ("more", 1),
        ("commitment", {**whole["badge"]["commitment"], "answers": []}),
    ]
    for name, value in changes:
        spoilt = {**whole, "badge": {**whole["badge"], name: value}}
        said, key, signature = parse_signed(json.dumps(spoilt).encode())
        assert not is_signed_by(keys[key], said, signature), name
    without = {each: whole["badge"][each] for each in whole["badge"] if each != "idea"}
    said, key, signature = parse_signed(json.dumps({**whole, "badge": without}).encode())
    assert not is_signed_by(keys[key], said, signature)


async def test_m5_the_badge_says_on_what_it_rests_and_names_no_person(arena: Measures) -> None:
    ref = await arena.recognised()
    said = await badge(arena, await arena.number(ref))
    assert (said["organisation"], said["given_by"]) == ("Kiezverein e. V.", "coordination_office")
    assert (said["commitment"]["catalogue"], said["commitment"]["version"]) == ("principles", 1)
    assert said["decision"]["transition"] == "accept_network"
    assert said["act"]["transition"] == "recognise"
    people = ("Signatory", "Office", "Cdo", "Participant")
    assert not [each for each in people if each in json.dumps(said)]


async def test_m7_a_badge_may_be_embedded_anywhere_and_fetches_nothing(arena: Measures) -> None:
    number = await arena.number(await arena.recognised())
    seen = await arena.get(f"/measures/{number}/badge.svg?lang=en")
    assert seen.headers["content-type"] == "image/svg+xml"
    assert seen.headers["cross-origin-resource-policy"] == "cross-origin"
    assert seen.headers["content-security-policy"].startswith("default-src 'none'")
    assert ">Recognised<" in seen.text
    for what in ("href", "url(", "<script", "style=", "<style", "@import"):
        assert what not in seen.text
    assert '<title id="t">' in seen.text
    assert seen.text.count("http") == 1, "the name space alone"


async def test_m5_a_suspension_needs_a_hearing(
    arena: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.recognised()
    monkeypatch.undo()
    refused = await arena.move(ref, "measure_network_pending", "office", 422)
    assert [each["evidence"] for each in refused["unmet"]] == ["hearing"]
    heard = {"date": "2026-11-20", "statement": "Wir bessern bis Januar nach."}
    path = f"{ref}/logbook/hearing"
    await arena.call("office", "PUT", path, data=heard, expected_revision=0)
    for by in ("cdo", SIGNATORY, "moderator"):
        await arena.move(ref, "measure_network_pending", by, 403)
    await arena.move(ref, "measure_network_pending", "office")
    assert (await badge(arena, await arena.number(ref)))["state"] == "suspended"


async def test_m6_what_was_refused_before_it_was_recognised_has_no_badge(arena: Measures) -> None:
    ref = await arena.pending()
    number = await arena.number(ref)
    await arena.move(ref, "closed_learned", "cdo")
    for path in (f"/measures/{number}/badge.svg", f"/measures/{number}/badge.json"):
        assert (await arena.get(path, Accept="application/json")).status_code == 404
    assert (await arena.get(f"/measures/{number}")).status_code == 200


async def test_m6_the_database_keeps_one_living_recognition_and_no_central_idea(
    arena: Measures,
) -> None:
    ref = await arena.recognised()
    database = arena.arena.arena.services.database
    async with database.read() as tx:
        entry = await measures.entry(tx, await arena.number(ref))
    assert entry is not None
    assert entry.recognition is not None
    again = {**entry.recognition.model_dump(), "number": "A-1999-0001"}
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.run(insert(METADATA.tables["recognition"]).values(again))
    central = {**entry.measure.model_dump(), "number": "M-1999-0001", "year": 1999}
    values = {**central, "kind": "central"}
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await tx.run(insert(METADATA.tables["measure"]).values(values))


async def test_m5_the_log_tells_of_every_change_of_a_recognition(arena: Measures) -> None:
    ref = await arena.recognised()
    await arena.move(ref, "measure_network_pending", "office")
    log = (await arena.call("guest", "GET", f"{ref}/events"))["events"]
    told = [each["payload"]["state"] for each in log if each["kind"] == "recognition_changed"]
    assert told == ["valid", "suspended"]
    page = (await arena.get(f"/ideas/{ref}/timeline?lang=de")).text
    for said in ("im öffentlichen Register", "Anerkannt unter der Nummer", "ist ausgesetzt"):
        assert said in page


async def test_m7_the_picture_is_xml_whatever_the_title_holds(arena: Measures) -> None:
    ref = await arena.recognised()
    async with arena.arena.arena.services.database.write() as tx:
        values = {"title": "Bank\x01\x1b\ufffe </title><script>alert(1)</script> & Baum"}
        await tx.run(update(IDEA).where(IDEA.c.ref == ref).values(values))
    picture = await arena.get(f"/measures/{await arena.number(ref)}/badge.svg")
    read = ElementTree.fromstring(picture.content)
    assert {each.tag.rpartition("}")[2] for each in read.iter()} <= SHAPES
    assert "Bank\ufffd\ufffd\ufffd </title><script>" in "".join(read.itertext())
