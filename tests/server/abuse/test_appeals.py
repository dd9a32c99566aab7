"""Statements of reasons, the one appeal against them, and showing again."""

import asyncio

from collab.process.abuse.hidings import APPEAL_WITHIN
from tests.server.abuse.reporting import call, comment, hide, log, report, text_of, told
from tests.server.idea.arena_of_all import Everyone


async def hidden(arena: Everyone, by: str = "moderator") -> tuple[str, str, str]:
    """A hidden comment: reference, comment, where it is over the API."""
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    assert (await hide(arena, ref, said, by)).status_code == 200
    return ref, said, f"/api/v1/ideas/{ref}/comments/{said}"


async def test_d8_the_author_reads_what_why_by_which_rule_and_how_to_object(
    arena: Everyone,
) -> None:
    ref, said, path = await hidden(arena)
    assert await told(arena, "participant") == ["hidden"]
    page_path = f"/ideas/{ref}/comments/{said}/hidden"
    author = await arena.client("participant")
    assert page_path in (await author.get(f"/ideas/{ref}")).text
    page = (await author.get(page_path)).text
    for words in ("Idiot!", "Beleidigt.", "beleidigen niemanden", "Widerspruch senden"):
        assert words in page
    statement = (await call(arena, "participant", "GET", f"{path}/hiding")).json()
    assert (statement["ground"], statement["reason"]) == ("insult", "Beleidigt.")
    for by, status in (("moderator-2", 200), ("auditor", 200), ("expert", 404), ("author", 404)):
        assert (await call(arena, by, "GET", f"{path}/hiding")).status_code == status
        assert (await (await arena.client(by)).get(page_path)).status_code == status
    assert (await call(arena, "guest", "GET", f"{path}/hiding")).status_code == 401


async def test_d9_another_moderator_shows_it_again(arena: Everyone) -> None:
    ref, said, path = await hidden(arena)
    wrong = await call(arena, "participant", "POST", f"{path}/appeal", words=" ")
    assert wrong.json()["fields"] == {"words": "empty"}
    sent = await call(arena, "participant", "POST", f"{path}/appeal", words="Das war ein Zitat.")
    assert sent.status_code == 204
    again = await call(arena, "participant", "POST", f"{path}/appeal", words="Bitte!")
    assert (again.status_code, again.json()["code"]) == (409, "already-appealed")
    answer = {"granted": True, "reason": "Stimmt, ein Zitat."}
    own = await call(arena, "moderator", "POST", f"{path}/appeal/answer", **answer)
    assert (own.status_code, own.json()["code"]) == (403, "own-decision")
    done = await call(arena, "moderator-2", "POST", f"{path}/appeal/answer", **answer)
    assert done.status_code == 204
    assert await text_of(arena, ref, said) == "Idiot!"
    assert await told(arena, "participant") == ["appeal", "hidden"]
    late = await call(arena, "office", "POST", f"{path}/appeal/answer", **answer)
    assert (late.status_code, late.json()["code"]) == (409, "not-hidden")


async def test_d9_the_office_decides_where_there_is_one_moderator(arena: Everyone) -> None:
    ref, said, path = await hidden(arena)
    await call(arena, "participant", "POST", f"{path}/appeal", words="Das war ein Zitat.")
    answer = {"granted": False, "reason": "Auch ein Zitat kann beleidigen."}
    assert (
        await call(arena, "office", "POST", f"{path}/appeal/answer", **answer)
    ).status_code == 204
    assert await text_of(arena, ref, said) is None
    found = (await call(arena, "participant", "GET", f"{path}/hiding")).json()
    assert (found["appeal_state"], found["answer"]) == ("rejected", answer["reason"])
    late = await call(arena, "moderator-2", "POST", f"{path}/appeal/answer", **answer)
    assert (late.status_code, late.json()["code"]) == (409, "appeal-decided")


async def test_d9_of_two_answers_at_once_one_counts(arena: Everyone) -> None:
    _, _, path = await hidden(arena)
    await call(arena, "participant", "POST", f"{path}/appeal", words="Das war ein Zitat.")
    answers = await asyncio.gather(
        call(arena, "moderator-2", "POST", f"{path}/appeal/answer", granted=True, reason="Ja."),
        call(arena, "office", "POST", f"{path}/appeal/answer", granted=False, reason="Nein."),
    )
    assert sorted(each.status_code for each in answers) == [204, 409]


async def test_d9_an_appeal_is_the_authors_and_comes_within_six_months(arena: Everyone) -> None:
    _, _, path = await hidden(arena)
    for by, status in (("expert", 404), ("moderator-2", 404), ("guest", 401)):
        answer = await call(arena, by, "POST", f"{path}/appeal", words="Bitte!")
        assert answer.status_code == status
    arena.arena.clock.now += APPEAL_WITHIN
    late = await call(arena, "participant", "POST", f"{path}/appeal", words="Bitte!")
    assert (late.status_code, late.json()["code"]) == (409, "appeal-over")


async def test_d10_a_moderator_shows_again_for_a_reason(arena: Everyone) -> None:
    ref, said, path = await hidden(arena)
    empty = await call(arena, "moderator", "POST", f"{path}/show", reason=" ")
    assert empty.json()["fields"] == {"reason": "empty"}
    shown = await call(arena, "moderator", "POST", f"{path}/show", reason="Mein Fehler.")
    assert shown.status_code == 204
    assert await text_of(arena, ref, said) == "Idiot!"
    assert await told(arena, "participant") == ["hidden", "hidden"]
    again = await call(arena, "moderator-2", "POST", f"{path}/show", reason="Noch einmal.")
    assert (again.status_code, again.json()["code"]) == (409, "not-hidden")
    assert (await log(arena, ref, "guest"))[-1][0] == "comment_shown"
    assert (await log(arena, ref, "guest"))[-1][1]["reason"] == ""
    # Hidden anew, it can be objected to anew.
    await hide(arena, ref, said, "moderator-2")
    answer = await call(arena, "participant", "POST", f"{path}/appeal", words="Schon wieder?")
    assert answer.status_code == 204


async def test_d10_showing_again_grants_the_open_appeal(arena: Everyone) -> None:
    _, _, path = await hidden(arena)
    await call(arena, "participant", "POST", f"{path}/appeal", words="Das war ein Zitat.")
    await call(arena, "moderator", "POST", f"{path}/show", reason="Mein Fehler.")
    found = (await call(arena, "participant", "GET", f"{path}/hiding")).json()
    assert (found["appeal_state"], found["shown_reason"]) == ("granted", "Mein Fehler.")


async def test_d15_the_whole_way_by_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    await report(arena, ref, said)
    path = f"/ideas/{ref}/comments/{said}"
    moderator, author = await arena.client("moderator"), await arena.client("participant")
    await moderator.post(f"{path}/hide", data={"reason": "Beleidigt.", "ground": "hate"})
    refused = await author.post(f"{path}/hidden/appeal", data={"words": "x" * 2001})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.text
    await author.post(f"{path}/hidden/appeal", data={"words": "Das war ein Zitat."})
    other = await arena.client("moderator-2")
    queue = (await other.get("/moderation")).text
    assert "Das war ein Zitat." in queue
    assert f"{path}/hidden" in queue
    assert "Sie haben ausgeblendet" in (await moderator.get(f"{path}/hidden")).text
    fields = {"answer": "show", "reason": ""}
    assert (await other.post(f"{path}/hidden/answer", data=fields)).status_code == 422
    await other.post(f"{path}/hidden/answer", data=fields | {"reason": "Stimmt."})
    assert "Das ist wieder zu sehen." in (await author.get(f"{path}/hidden")).text
    assert "Idiot!" in (await (await arena.client("guest")).get(f"/ideas/{ref}")).text
