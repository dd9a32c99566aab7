"""The board without scripts: everything that can be dragged is a form as well."""

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from collab.process.actors import Role
from collab.process.permissions import Action, allowed
from collab.process.references import parse_reference
from server.views.board.board import CARDS_PER_COLUMN
from server.views.board.wish import BoardWish
from storage import ideas
from storage.ideas import IDEAS_PER_YEAR_MAX
from tests.server.idea.arena_of_all import PEOPLE, Everyone


async def page(arena: Everyone, path: str, by: str = "moderator") -> str:
    answer = await (await arena.client(by)).get(path)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def post(arena: Everyone, path: str, by: str = "moderator", **data: Any) -> httpx2.Response:
    client = await arena.client(by)
    return await client.post(path, data=data, follow_redirects=False)


def state_in(html: str, ref: str) -> str:
    """What a form says of the idea's state."""
    found = re.search(rf'name="state" value="({ref}[^"]*)"', html)
    assert found, f"{ref} cannot be chosen here"
    return found[1]


def refs_in(html: str) -> list[str]:
    return re.findall(r'data-ref="([^"]+)"', html)


@pytest.mark.parametrize("path", ["/board", "/fragments/board", "/board/decisions"])
async def test_b2_the_board_is_for_its_people(arena: Everyone, path: str) -> None:
    wrong = []
    for handle, role in PEOPLE.items():
        status = (await (await arena.client(handle)).get(path)).status_code
        if status != (200 if allowed(Action.READ_BOARD, frozenset({role}), None) else 403):
            wrong.append(f"{handle}: {status}")
    assert not wrong
    guest = await (await arena.client("guest")).get(path, follow_redirects=False)
    assert guest.status_code in {303, 401}


async def test_b2_an_auditor_looks_on(arena: Everyone) -> None:
    ref = await arena.idea("open")
    html = await page(arena, "/board", "auditor")
    assert refs_in(html) == [ref]
    assert "data-move" not in html
    assert 'action="/board/claim"' not in html
    assert (await post(arena, "/board/claim", "auditor", ref=ref)).status_code == 403
    act = {"list_name": "Mai", "act": "0" * 32}
    assert (await post(arena, "/board/decisions/publish", "auditor", **act)).status_code == 403


async def test_b1_columns_show_some_cards_in_the_order_of_references_and_count_all(
    arena: Everyone,
) -> None:
    refs = [await arena.idea("open") for _ in range(CARDS_PER_COLUMN + 2)]
    draft, declined = await arena.idea("draft"), await arena.idea("declined")
    html = await page(arena, "/board")
    assert refs_in(html) == refs[:CARDS_PER_COLUMN]
    assert f'<span class="column-count">{len(refs)}</span>' in html
    assert draft not in html
    following = re.search(r'href="(/board\?after=open\.[^"]+)"', html)
    assert following
    assert refs_in(await page(arena, following[1])) == refs[CARDS_PER_COLUMN:]
    assert declined in refs_in(await page(arena, "/board?open=declined"))
    assert refs_in(await page(arena, "/board?stage=declined")) == [declined]


async def test_b15_filters_stand_in_the_address(arena: Everyone) -> None:
    proposal = await arena.idea("open")
    need = await arena.idea("open", kind="need")
    assert refs_in(await page(arena, "/board?kind=need")) == [need]
    assert refs_in(await page(arena, f"/board?q={proposal}")) == [proposal]
    assert refs_in(await page(arena, "/board?mine=1")) == []
    assert (await post(arena, "/board/claim", ref=need)).status_code == 303
    assert refs_in(await page(arena, "/board?mine=1")) == [need]
    assert refs_in(await page(arena, "/board?mine=1", "office")) == []
    assert refs_in(await page(arena, "/board?unled=1")) == []
    lead = (await arena.actor("lead")).person_id
    assert lead is not None
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, proposal)
        assert idea is not None
        await ideas.remove_role(tx, idea.id, lead, Role.LEAD)
    html = await page(arena, "/board?unled=1")
    assert refs_in(html) == [proposal]
    assert "noch niemand verantwortlich" in html
    assert refs_in(await page(arena, "/board?view=list&stage=open")) == [proposal, need]
    assert (await page(arena, "/board?view=quatsch&process=quatsch&stage=x&after=x.y")).count(
        "board-card"
    )


async def test_b13_what_stands_still_is_marked_and_can_be_found(arena: Everyone) -> None:
    still = await arena.idea("open")
    arena.arena.clock.pass_by(days=61)
    fresh = await arena.idea("open")
    assert refs_in(await page(arena, "/board?stalled=1")) == [still]
    html = await page(arena, "/board")
    assert refs_in(html) == [still, fresh]
    assert html.count("steht still") == 1


async def test_b15_an_address_says_what_it_said_before() -> None:
    given = {
        "process": "kiez", "view": "list", "stage": "open", "kind": "need", "q": "Baum",
        "mine": "1", "stalled": "1", "unled": "1", "open": "declined", "after": "open.2026-00042",
    }  # fmt: skip
    wish = BoardWish.of(given)
    assert dict(wish.parameters()) == given
    reference = parse_reference("2026-00042")
    assert wish.begins_after("open") == reference.year * IDEAS_PER_YEAR_MAX + reference.number


async def test_b5_an_idea_is_moved_by_a_form(arena: Everyone) -> None:
    ref = await arena.idea("open")
    html = await page(arena, f"/board/move?ref={ref}&to=returned&back=/board?kind=proposal")
    assert 'value="returned" required checked' in html
    data = {"state": state_in(html, ref), "to": "returned", "reason": "Bitte kürzen."}
    answer = await post(arena, "/board/move", **data, then="now", back="/board?kind=proposal")
    assert (answer.status_code, answer.headers["location"]) == (303, "/board?kind=proposal")
    html = await page(arena, "/board?stage=returned")
    assert refs_in(html) == [ref]
    elsewhere = await post(arena, "/board/release", ref=ref, back="//evil.example")
    assert elsewhere.headers["location"] == "/board"


async def test_b6_a_refused_move_names_all_that_is_missing_and_keeps_the_reason(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    html = await page(arena, f"/board/move?ref={ref}", "qualifier")
    data = {"state": state_in(html, ref), "to": "proposal", "reason": "meinegruende"}
    answer = await post(arena, "/board/move", "qualifier", **data)
    assert answer.status_code == 422
    assert answer.text.count("nötigen Urteilen") >= 3
    assert "meinegruende" in answer.text
    data["reason"] = " "
    assert (
        "Es fehlt eine Begründung." in (await post(arena, "/board/move", "qualifier", **data)).text
    )


async def test_b6_of_two_moderators_one_wins_and_the_other_reads_who_and_why(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    html = await page(arena, f"/board/move?ref={ref}")
    data = {"state": state_in(html, ref), "to": "returned", "reason": "zuerst da"}
    assert (await post(arena, "/board/move", **data)).status_code == 303
    late = await post(
        arena,
        "/board/move",
        "moderator-2",
        **{**data, "to": "declined", "reason": "meinlangertext"},
    )
    assert late.status_code == 409
    for words in ("Moderator hat die Idee am", "Zurückgegeben", "zuerst da", "meinlangertext"):
        assert words in late.text, words
    again = state_in(late.text, ref)
    done = await post(
        arena, "/board/move", "moderator-2", state=again, to="declined", reason="meinlangertext"
    )
    assert done.status_code == 303


async def test_b4_the_page_says_whose_claim_it_is_and_keeps_the_note(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await post(arena, "/board/claim", ref=ref)
    html = await page(arena, "/board", "moderator-2")
    assert "Moderator kümmert sich bis" in html
    answer = await post(arena, "/board/claim", "moderator-2", ref=ref)
    assert answer.status_code == 409
    assert f"Moderator kümmert sich schon um {ref}" in answer.text
    note = {"ref": ref, "from_handle": "moderator", "note": "Du hast frei."}
    await post(arena, "/board/claim", "moderator-2", **note)
    assert "übernommen von Moderator: „Du hast frei.“" in await page(arena, "/board")
    late = await post(arena, "/board/claim", "office", **{**note, "note": "meinwort"})
    assert late.status_code == 409
    assert "meinwort" in late.text


async def test_b7_many_are_moved_by_forms_with_a_reason_each(arena: Everyone) -> None:
    one, other, late = [await arena.idea("open") for _ in range(3)]
    html = await page(arena, "/board?view=list")
    states = [state_in(html, ref) for ref in (one, other, late)]
    asked = await post(arena, "/board/many", state=states, to="returned", reason="Für alle.")
    assert asked.status_code == 200
    assert asked.text.count("Für alle.") == 3
    moved = {"state": states[2], "to": "declined", "reason": "schneller"}
    assert (await post(arena, "/board/move", "office", **moved)).status_code == 303
    reasons = ["Erstens.", "Zweitens.", "Drittens."]
    done = await post(
        arena, "/board/many/do", state=states, reason=reasons, to="returned", then="now"
    )
    assert done.status_code == 200
    text = unescape(done.text)
    for words in ("2 von 3 ausgeführt", "Office hat die Idee am", "schneller", "Drittens."):
        assert words in text, words
    none = await post(arena, "/board/many", to="returned")
    assert none.status_code == 422
    many = await post(
        arena, "/board/many", to="returned", state=[f"2031-{n:05d}.1.1.1.a" for n in range(1, 52)]
    )
    assert many.status_code == 422
    assert "höchstens 50" in many.text


async def test_b8_decisions_are_prepared_reviewed_and_published_by_forms(arena: Everyone) -> None:
    one, other = await arena.idea("open"), await arena.idea("open")
    html = await page(arena, "/board")
    states = [state_in(html, ref) for ref in (one, other)]
    answer = await post(
        arena, "/board/many/do", state=states, reason=["Ja.", "Nein."], to="returned",
        then="prepare", list_name="Sitzung im Mai",
    )  # fmt: skip
    assert answer.headers["location"] == "/board/decisions#list-sitzung-im-mai"
    html = await page(arena, "/board/decisions", "office")
    assert "vorgemerkt von Moderator" in html
    assert "vorgemerkt in „Sitzung im Mai“" in await page(arena, "/board")
    acts = re.findall(r'name="act" value="([^"]+)"', html)
    shown = list(dict.fromkeys(acts))
    assert (await post(arena, "/board/decisions/drop", act=shown[1])).status_code == 303
    done = await post(
        arena, "/board/decisions/publish", "office", list_name="Sitzung im Mai", act=shown
    )
    assert "1 von 1 ausgeführt" in done.text
    assert "Nichts ist vorgemerkt" in await page(arena, "/board/decisions")
    assert refs_in(await page(arena, "/board?stage=returned")) == [one]


async def test_b10_the_notes_are_begun_by_a_form(arena: Everyone) -> None:
    ref = await arena.idea("open")
    assert "Notizen beginnen" in await page(arena, f"/ideas/{ref}/notes")
    assert "Notizen beginnen" not in await page(arena, f"/ideas/{ref}/notes", "auditor")
    assert (await post(arena, f"/ideas/{ref}/notes", "auditor")).status_code == 403
    assert (await post(arena, f"/ideas/{ref}/notes")).status_code == 303
    assert 'data-access="write"' in await page(arena, f"/ideas/{ref}/notes")
    assert 'data-access="read"' in await page(arena, f"/ideas/{ref}/notes", "auditor")
