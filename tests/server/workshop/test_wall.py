"""The wall: the same for everybody who knows the code, and nothing on it that is hidden."""

from __future__ import annotations

import asyncio
from html import unescape
from uuid import uuid4

import pytest

from collab.process.workshop.agenda import StepKind
from collab.process.workshop.wall import CARDS_MAX, GROUPS_MAX, Scene, ending, scene_of, shortened
from collab.sync.boards.board import Board, Group, Note
from collab.sync.text import DossierText
from server.actions.workshop import tables
from server.actions.workshop.board.dots import give_dots, show_dots
from server.actions.workshop.board.silent import show_notes
from server.auth import limits
from server.pages.workshop import wall as wall_pages
from server.pages.workshop.latest import ENTRIES_MAX, Latest
from server.views.workshop.lines import Lately
from server.views.workshop.notes import notes_shown
from server.views.workshop.wall import wall
from storage.workshop import workshops
from tests.server.workshop.board.table import write
from tests.server.workshop.evening import Evening


async def see(kiez: Evening, **headers: str) -> str:
    """The whole page and the fragment, as somebody sees them who has nothing but the code."""
    client = kiez.everyone.arena.client
    page = await client.get(f"/w/{kiez.code}/screen", headers=headers)
    scene = await client.get(f"/w/{kiez.code}/screen/scene", headers=headers)
    api = await client.get(f"/api/v1/workshops/{kiez.code}/screen", headers=headers)
    assert (page.status_code, scene.status_code, api.status_code) == (200, 200, 200)
    assert scene.text.strip() in page.text
    return page.text + api.text


async def change(kiez: Evening, **values: object) -> None:
    """Let the workshop be in another state."""
    async with kiez.everyone.arena.services.database.write() as tx:
        await workshops.locked(tx, kiez.workshop.id)
        await workshops.change(tx, kiez.workshop.id, values)


async def test_wl1_whoever_knows_the_code_sees_the_wall_and_how_to_come_in(kiez: Evening) -> None:
    client = kiez.everyone.arena.client
    html = await see(kiez)
    half = len(kiez.code) // 2
    assert f"{kiez.code[:half]} {kiez.code[half:]}" in html
    assert "<svg" in html
    assert "Kiezabend" in html
    assert "Schritt 1 von 4" in html
    # However it was typed, and by a table's code too, there is one address of the wall.
    for code in (kiez.code.lower(), kiez.tables[0].code):
        answer = await client.get(f"/w/{code}/screen")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{kiez.code}/screen")
    for code in ("ZZZZZZ", "nonsense"):
        assert (await client.get(f"/w/{code}/screen")).status_code == 404
    await change(kiez, closed_at=kiez.everyone.arena.clock())
    assert "<svg" not in await see(kiez)
    kiez.everyone.arena.clock.pass_by(days=30)
    assert (await client.get(f"/w/{kiez.code}/screen")).status_code == 404


async def test_wl1_codes_are_not_tried_out_without_end(kiez: Evening) -> None:
    client = kiez.everyone.arena.client
    page = await client.get(f"/w/{kiez.code}/screen")
    fragment = unescape(page.text.partition('data-fragment="')[2].partition('"')[0])
    most = limits.WRONG_CODE_PER_ADDRESS.amount
    paths = (f"/w/{code}/screen/scene" for code in ("ZZZZZZ", "nonsense"))
    first, second = [await client.get(path) for path in paths]
    assert (first.status_code, second.status_code) == (404, 404)
    for _ in range(most - 2):
        await client.get("/api/v1/workshops/ZZZZZZ/screen")
    for code in ("ZZZZZZ", kiez.code):
        assert (await client.get(f"/w/{code}/screen")).status_code == 429
        assert (await client.get(f"/api/v1/workshops/{code}/screen")).status_code == 429
    # A wall that hangs in the room already goes on.
    assert (await client.get(fragment)).status_code == 200
    assert (await client.get(fragment.partition("k=")[0] + "k=guess")).status_code == 429


async def test_wl2_while_all_write_silently_the_wall_only_counts(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    for number, (name, table) in enumerate((("Ana", 1), ("Bo", 1), ("Cem", 2), ("Di", None))):
        _, actor = await kiez.guest(name, table=table)
        assert await write(kiez, actor, f"note-{number}", f"Geheim {name}")
    html = await see(kiez)
    assert "Geheim" not in html
    assert "<strong>2</strong> <span>Tisch 1</span>" in html
    assert "<strong>1</strong> <span>Tisch 2</span>" in html
    assert "<strong>1</strong> <span>ohne Tisch</span>" in html
    await show_notes(services, await kiez.everyone.actor("moderator"), kiez.code)
    shown = await see(kiez)
    assert "Geheim Ana" in shown
    # A second silent round hides what the first has brought as well.
    await change(kiez, is_silent=True)
    assert "Geheim" not in await see(kiez)


async def test_wl3_dots_are_on_the_wall_when_they_are_shown(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    await change(kiez, is_silent=False, step=2)
    _, actor = await kiez.guest("Ana")
    for number in range(3):
        await write(kiez, actor, f"note-{number}", f"Zettel {number}")
    await give_dots(services, actor, kiez.code, "note-1", 3)
    assert "Punkt" not in (await see(kiez)).replace("Punkten", "")
    await show_dots(services, boss, kiez.code, shown=True)
    html = await see(kiez)
    assert "3 Punkte" in html
    assert html.index("Zettel 1") < html.index("Zettel 2")


async def test_wl4_nobody_is_named_unless_that_is_wished(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, actor = await kiez.guest("Anastasia", table=1)
    agenda = [dict(step) for step in kiez.workshop.agenda]
    await tables.begin_idea(services, actor, kiez.code, 1, kind="need", title="Mehr Bänke", seen="")
    for kind in StepKind:
        agenda[0]["kind"] = kind.value
        await change(kiez, agenda=agenda, is_silent=False)
        assert "Anastasia" not in await see(kiez)
        if kind is StepKind.DRAFT:
            await change(kiez, shows_names=True)
            assert "Anastasia" in await see(kiez)
            await change(kiez, shows_names=False)


async def test_wl5_the_wall_shows_what_tables_write_and_what_came_out(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, actor = await kiez.guest("Ana", table=1)
    boss = await kiez.everyone.actor("moderator")
    agenda = [dict(step) for step in kiez.workshop.agenda]
    agenda[0]["kind"] = "draft"
    await change(kiez, agenda=agenda)
    await tables.begin_idea(services, actor, kiez.code, 1, kind="need", title="Mehr Bänke", seen="")
    ref = await kiez.everyone.idea("open", title="Schatten", words="Zuletzt geschrieben:")
    await tables.open_idea(services, boss, kiez.code, 2, ref=ref, seen="")
    html = await see(kiez)
    assert "Mehr Bänke" in html
    assert "Zuletzt geschrieben:" in html
    await change(kiez, ended_at=kiez.everyone.arena.clock())
    html = await see(kiez)
    assert "Der Abend ist zu Ende" in html
    assert html.index("Mehr Bänke") < html.index("Schatten")
    assert "weitergeschrieben" in html


async def test_wl6_all_who_look_cost_one_rendering(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = kiez.everyone.arena.client, f"/w/{kiez.code}/screen/scene"
    real, rendered = wall, 0

    async def counting(*arguments: object) -> object:
        nonlocal rendered
        rendered += 1
        return await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(wall_pages, "wall", counting)
    answers = await asyncio.gather(*(client.get(path) for _ in range(20)))
    tags = {answer.headers["etag"] for answer in answers}
    assert (rendered, len(tags)) == (1, 1)
    tag = tags.pop()
    again = await client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.text, rendered) == (304, "", 1)
    assert again.headers["arena-now"].startswith("2026-11-23T09:30:00")
    english = await client.get(f"{path}?lang=en", headers={"If-None-Match": tag})
    assert (english.status_code, rendered) == (200, 2)
    await kiez.guest("Ana")
    fresh = await client.get(f"{path}?lang=de", headers={"If-None-Match": tag})
    assert (fresh.status_code, rendered) == (200, 3)


async def test_wl6_what_failed_is_not_kept_and_what_is_kept_is_bounded() -> None:
    latest = Latest()

    async def failing() -> str:
        raise RuntimeError("once")

    async def fine() -> str:
        return "fine"

    with pytest.raises(RuntimeError):
        await latest.text(("a",), "1", failing)
    assert await latest.text(("a",), "1", fine) == "fine"
    for number in range(ENTRIES_MAX + 5):
        await latest.text((str(number),), "1", fine)
    assert len(latest) == ENTRIES_MAX


@pytest.mark.parametrize("kind", list(StepKind))
def test_wl2_silence_shows_no_board_in_any_step(kind: StepKind) -> None:
    assert scene_of(kind, is_silent=True, is_over=False) is not Scene.NOTES
    assert scene_of(kind, is_silent=True, is_over=True) is Scene.HARVEST


@pytest.mark.parametrize("groups", [0, GROUPS_MAX, GROUPS_MAX + 3])
def test_wl7_of_too_much_the_newest_is_shown_and_the_rest_is_counted(groups: int) -> None:
    notes = tuple(
        Note(
            f"n-{at:03}", f"Zettel {at}", "yellow", 0, 0, f"g-{at}" if at < groups else None, "", 1
        )
        for at in range(100)
    )
    board = Board(
        tuple(Group(f"g-{at}", f"Gruppe {at}", 0, 0) for at in range(groups)),
        notes,
        tuple(each.id for each in notes),
    )
    shown = notes_shown(board, None)
    room = CARDS_MAX - min(groups, GROUPS_MAX)
    assert len(shown.heaps) + len(shown.cards) == CARDS_MAX
    assert [card.text for card in shown.cards] == [f"Zettel {99 - at}" for at in range(room)]
    assert (shown.count, shown.heaps_more) == (100, max(0, groups - GROUPS_MAX))
    assert shown.cards_more == 100 - groups - room


def test_wl7_long_texts_are_cut_between_words() -> None:
    text = "Ein Satz, der " + "sehr " * 40 + "lang ist."
    assert shortened(text, 30) == "Ein Satz, der sehr sehr sehr…"
    assert ending(text, 30) == "…sehr sehr sehr sehr lang ist."
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
    assert ending("kurz", 10) == "kurz"


def test_wl5_the_lines_shown_are_those_that_changed_last() -> None:
    def text(**sections: list[str]) -> DossierText:
        return DossierText(
            "Titel",
            {
                name: [
                    {"type": "paragraph", "content": [{"type": "text", "text": line}]}
                    for line in lines
                ]
                for name, lines in sections.items()
            },
        )

    lately, document = Lately(), uuid4()
    first = lately.lines(document, text(need=["eins", "zwei", "drei"], idea=["vier"]))
    assert (first.section, first.texts) == ("idea", ("vier",))
    second = lately.lines(document, text(need=["eins", "zwei!", "drei"], idea=["vier"]))
    assert (second.section, second.texts) == ("need", ("eins", "zwei!"))
    same = lately.lines(document, text(need=["eins", "zwei!", "drei"], idea=["vier"]))
    assert same == second
    gone = lately.lines(document, text(need=[], idea=["vier"]))
    assert gone.texts == ()
