"""Markup in every field of an evening and of a merge: words on every page, in every file."""

from __future__ import annotations

from typing import Any

import httpx2

from server.actions.workshop import leading
from tests.server.merging.acts import pair
from tests.server.rights.hostile import MARKUP, RAW
from tests.server.workshop.evening import Evening

WORDS = MARKUP
SHOWN = "&lt;script&gt;alert(1)"


async def call(
    client: httpx2.AsyncClient, method: str, path: str, body: dict[str, Any] | None = None
) -> Any:
    """Call an operation that must succeed."""
    answer = await client.request(method, f"/api/v1{path}", json=body)
    assert answer.is_success, f"{method} {path}: {answer.text}"
    return answer.json() if answer.content else None


async def hostile_evening(kiez: Evening, boss: httpx2.AsyncClient) -> list[str]:
    """Everything that an evening takes words for says markup; the pages that show it."""
    everyone, code = kiez.everyone, kiez.code
    at = f"/workshops/{code}"
    async with everyone.arena.browser() as program:
        program.headers.pop("Origin")
        made = await call(program, "POST", f"{at}/join", {"name": WORDS, "table": 1})
        program.headers["Authorization"] = f"Bearer {made['token']}"
        for number in range(2):
            note = {"id": f"silent-{number}", "text": f"{WORDS}{number}"}
            await call(program, "POST", f"{at}/board/notes", note)
        await call(program, "PUT", f"{at}/board/silent/silent-1", {"text": f"{WORDS}!"})
    services, leader = everyone.arena.services, await everyone.actor("moderator")
    await call(boss, "POST", f"{at}/board/show")
    await leading.go_to_step(services, leader, code, 1)
    idea = await call(
        boss,
        "POST",
        f"{at}/board/notes/silent-0/idea",
        {"kind": "proposal", "title": WORDS},
    )
    begun = await call(
        boss, "POST", f"{at}/tables/1/idea", {"kind": "need", "title": WORDS, "seen": ""}
    )
    point = {"kind": "task", "text": WORDS, "who": WORDS, "idea": idea["ref"]}
    added = await call(boss, "POST", f"{at}/harvest/points", point)
    await call(boss, "PUT", f"{at}/harvest/points/{added['number']}", {**point, "kind": "task"})
    meeting = {"day": "2027-03-28", "begins": "01:30", "ends": "03:30", "place": WORDS}
    await call(boss, "PUT", f"{at}/harvest/meeting", meeting)
    return [
        *(f"/w/{code}{page}" for page in ("", "/board", "/tables", "/harvest", "/screen")),
        *(f"/w/{code}/fragments/{name}" for name in ("step", "room", "lead")),
        *(f"/w/{code}/screen/scene", f"/w/{code}/codes", f"/w/{code}/minutes"),
        *(
            f"/ideas/{ref}{page}"
            for ref in (idea["ref"], begun["ref"])
            for page in ("", "/present")
        ),
    ]


async def test_o2_no_page_of_an_evening_takes_words_of_people_for_markup(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    shown = 0
    for path in await hostile_evening(kiez, boss):
        answer = await boss.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        assert not any(raw in answer.text for raw in RAW), path
        shown += SHOWN in answer.text
    assert shown >= 8
    calendar = (await boss.get(f"/w/{kiez.code}/harvest.ics")).text
    assert "\nLOCATION:<script>alert(1)</script>" in calendar.replace("\r\n ", "")
    points = (await boss.get(f"/w/{kiez.code}/harvest/points.csv")).text
    assert MARKUP.replace('"', '""') in points
    written = (await boss.get(f"/w/{kiez.code}/harvest.md")).text
    assert "<script>" not in written.replace("\\<", "")


async def test_o2_no_page_of_a_merge_takes_words_of_people_for_markup(kiez: Evening) -> None:
    everyone = kiez.everyone
    source, target = await pair(everyone)
    author, other = await everyone.client("author"), await everyone.client("participant")
    body = {"to": target, "reason": MARKUP}
    made = await call(author, "POST", f"/ideas/{source}/merges", body)
    at = f"/ideas/{target}/merges/{made['id']}"
    await call(other, "POST", f"{at}/answer", {"answer": "no", "note": MARKUP})
    again = await call(author, "POST", f"/ideas/{source}/merges", body)
    await call(
        author, "POST", f"/ideas/{source}/merges/{again['id']}/withdrawal", {"reason": MARKUP}
    )
    for ref in (source, target):
        for page in ("", "/merge", "/timeline"):
            answer = await author.get(f"/ideas/{ref}{page}", headers={"Accept": "text/html"})
            assert answer.status_code == 200, (ref, page)
            assert not any(raw in answer.text for raw in RAW), (ref, page)
