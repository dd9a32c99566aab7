"""What the clock tells followers themselves, and what a saved search finds."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update

from collab.process.following.notices import NoticeReason
from collab.process.processes import every_stage
from server.actions.ideas import NewIdea, create_idea
from server.clock import runner as clockwork
from server.clock.following import hearing
from server.clock.jobs import JOBS
from server.clock.runner import Runner
from storage import ideas
from storage.database import METADATA
from tests.server.following.news import MAILS, MINE, News
from tests.server.responsibility.organisations import Bodies
from tests.server.responsibility.test_offers import NOBODY_YET

FOLLOW = METADATA.tables["idea_follow"]
IDEA = METADATA.tables["idea"]
MAILING = METADATA.tables["mailing"]
NOTICE = METADATA.tables["notice"]
PERSON = METADATA.tables["person"]
FOLLOWERS = 5_000
RESTING_DAYS = max(stage.stalled_days or 0 for stage in every_stage().values())


async def count(arena: News, query: Any) -> int:
    async with arena.services.database.read() as tx:
        return int((await tx.run(query)).scalar_one())


async def test_ac_a4b_followers_are_told_once_of_each_time_of_rest(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    arena.pass_by(days=RESTING_DAYS + 1)
    for _ in range(3):
        await arena.tick(*MINE)
        arena.pass_by(days=1)
    assert await arena.reasons("participant") == ["stalled"]
    assert await arena.reasons("author") == ["stalled"]
    assert await arena.reasons("expert") == []
    await arena.comment("expert", ref)
    arena.pass_by(days=RESTING_DAYS + 1)
    await arena.tick(*MINE)
    assert await arena.reasons("participant") == ["stalled", "stalled"]


async def test_ac_a7b_followers_hear_that_a_lead_was_given_back(arena: News) -> None:
    bodies = await Bodies.founded(arena.all)
    ref = await arena.all.idea("open", **NOBODY_YET)
    await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    offer = await bodies.lead(ref, "amt")
    await arena.tick(*MINE)
    assert await arena.reasons("participant") == []
    path = f"/ideas/{ref}/responsibilities/{offer}/release"
    await arena.call("signatory", "POST", path, json={"note": "Wir schaffen es nicht mehr allein."})
    for _ in range(2):
        await arena.tick(*MINE)
    assert await arena.reasons("participant") == ["lead_given_back"]
    assert await arena.reasons("signatory") == [], "who gave it back knows"


async def publish(arena: News, title: str, *districts: str) -> str:
    sections = {"situation": "Viele Räder, wenig Platz.", "affected": "Alle, die radeln."}
    actor = await arena.all.actor("author")
    new = NewIdea(kind="need", title=title, sections=sections, districts=districts)
    created = await create_idea(arena.services, actor, new, submit=True)
    return created.idea.ref


async def test_n15_a_saved_search_alerts_once_to_new_ideas_that_fit(arena: News) -> None:
    await publish(arena, "Radweg von früher")
    await arena.tick(*MINE)
    for handle, parameters, alert in (
        ("participant", "q=Radweg", True),
        ("participant", "q=Radweg&kind=need", True),
        ("expert", "q=Radweg", False),
        ("observer", "q=Bänke", True),
        ("author", "q=Radweg", True),
    ):
        body = {"parameters": parameters, "alert": alert}
        await arena.call(handle, "POST", "/me/searches", json=body)
    draft = NewIdea(kind="need", title="Radweg im Entwurf")
    await create_idea(arena.services, await arena.all.actor("author"), draft)
    ref = await publish(arena, "Radweg an der Spree")
    for _ in range(2):
        await arena.tick(*MINE)
    found = (await arena.call("participant", "GET", "/me/notices"))["notices"]
    assert [(each["reason"], each["idea"]) for each in found] == [("search_alert", ref)]
    for handle in ("expert", "observer", "author"):
        assert await arena.reasons(handle) == [], handle


async def test_n20_who_follows_a_district_hears_of_new_ideas_that_name_it(arena: News) -> None:
    for handle, district in (("participant", "pankow"), ("expert", "city_wide")):
        body = {"parameters": f"district={district}"}
        await arena.call(handle, "POST", "/me/searches", json=body)
    ref = await publish(arena, "Radweg an der Panke", "mitte", "pankow")
    await publish(arena, "Radweg irgendwo")
    await arena.tick(*MINE)
    found = (await arena.call("participant", "GET", "/me/notices"))["notices"]
    assert [(each["reason"], each["idea"]) for each in found] == [("search_alert", ref)]
    assert await arena.reasons("expert") == []


async def test_n15_of_very_many_new_ideas_a_search_alerts_to_the_newest(
    arena: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "ALERTS_MAX", 2)
    body = {"parameters": "kind=need"}
    await arena.call("participant", "POST", "/me/searches", json=body)
    refs = []
    for number in range(3):
        arena.pass_by(minutes=1)
        refs.append(await publish(arena, f"Radweg {number}"))
    await arena.tick(*MINE)
    found = (await arena.call("participant", "GET", "/me/notices"))["notices"]
    assert [each["idea"] for each in found] == refs[:0:-1]


async def test_n13_five_thousand_followers_cost_a_bounded_tick(
    arena: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.all.idea("open")
    people = [
        {
            "id": UUID(int=number + 1),
            "handle": f"follower-{number}",
            "name": f"Follower {number}",
            "email": f"follower-{number}@example.org",
            "language": "de",
            "created_at": arena.all.arena.clock.now,
        }
        for number in range(FOLLOWERS)
    ]
    async with arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await tx.run(update(PERSON).values(email=None))
        await tx.run(insert(PERSON), people)
        values = {"idea_id": idea.id, "standing": "chosen", "since_event": 0}
        rows = [{"person_id": each["id"], "at": each["created_at"], **values} for each in people]
        await tx.run(insert(FOLLOW), rows)
    await arena.comment("expert", ref)
    assert await count(arena, select(func.count()).select_from(NOTICE)) == 0, "no row per follower"
    arena.at("2026-11-30T06:00:00+00:00")
    bound = 7
    monkeypatch.setattr(clockwork, "BATCH_MAX", bound)
    digests = Runner(arena.services, [job for job in JOBS if job.name in MAILS])
    for tick in (1, 2):
        assert await digests.tick() == bound
        made = select(func.count()).select_from(MAILING)
        assert await count(arena, made) == tick * bound
    arena.pass_by(days=RESTING_DAYS + 1)
    monkeypatch.setattr(clockwork, "BATCH_MAX", 100)
    await arena.tick(*MINE)
    told = select(func.count()).where(NOTICE.c.reason == NoticeReason.STALLED.value)
    assert await count(arena, told) == FOLLOWERS + 4, "each follower, the team and who spoke, once"
