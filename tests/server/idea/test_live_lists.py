"""The pages of the talk and of suggestions are live: their lists can be asked for again."""

from server.views.talk.reading import THREADS_SHOWN
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_comments import say
from tests.server.pages.reading import Page
from tests.server.suggestions.suggesting import suggest, suggested


async def region(arena: Everyone, path: str, topic: str, by: str = "guest") -> str:
    """Where the part of the page that waits for the topic is asked for again."""
    answer = await (await arena.client(by)).get(path)
    assert answer.status_code == 200, path
    (found,) = [
        each
        for each in Page(answer).all("div")
        if topic in each.attributes.get("data-topic", "").split()
    ]
    return str(found["data-fragment"])


async def shown(arena: Everyone, path: str, by: str = "guest") -> str:
    answer = await (await arena.client(by)).get(path)
    assert answer.status_code == 200, (path, answer.text)
    assert "<html" not in answer.text
    return answer.text


async def test_lv7_new_comments_come_to_an_open_page_of_the_talk_and_none_goes(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    await say(arena, ref, text="Der erste Beitrag.")
    fragment = await region(arena, f"/ideas/{ref}/comments", f"idea:{ref}:comments")
    for number in range(THREADS_SHOWN):
        answer = await say(arena, ref, text=f"Beitrag Nummer {number}.", kind="question")
        assert answer.status_code == 201
    text = await shown(arena, fragment)
    assert "Der erste Beitrag." in text
    assert f"Beitrag Nummer {THREADS_SHOWN - 1}." in text
    assert f"{THREADS_SHOWN + 1} Beiträge" in text
    questions = await region(arena, f"/ideas/{ref}/comments?kind=question", f"idea:{ref}:comments")
    assert "Der erste Beitrag." not in await shown(arena, questions)


async def test_lv7_an_open_thread_and_an_earlier_page_stay_what_they_are(arena: Everyone) -> None:
    ref = await arena.idea("open")
    root = (await say(arena, ref, text="Wer zahlt?")).json()["id"]
    other = (await say(arena, ref, text="Etwas anderes.")).json()["id"]
    topic = f"idea:{ref}:comments"
    thread = await region(arena, f"/ideas/{ref}/comments?thread={root}", topic)
    earlier = await region(arena, f"/ideas/{ref}/comments?before={other}", topic)
    await say(arena, ref, text="Das Land zahlt.", reply_to=root)
    assert "Das Land zahlt." in await shown(arena, thread)
    assert "Etwas anderes." not in await shown(arena, thread)
    text = await shown(arena, earlier)
    assert "Das Land zahlt." in text
    assert "Etwas anderes." not in text


async def test_lv7_new_suggestions_come_to_the_open_page_of_suggestions(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    path = f"/ideas/{ref}/suggestions"
    fragment = await region(arena, path, f"idea:{ref}:suggestions", "author")
    assert fragment == await region(arena, path, f"idea:{ref}:text", "author")
    row = await suggested(arena, ref, text="Bänke am See.")
    text = await shown(arena, fragment, "author")
    assert "Bänke am See" in text
    assert "/accept" in text
    assert "/accept" not in await shown(arena, fragment)
    elsewhere = await region(arena, f"{path}?section=benefit", f"idea:{ref}:suggestions")
    assert f"suggestion-{row['id']}" not in await shown(arena, elsewhere)


async def test_lv7_a_refused_form_is_not_swapped_away(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    made = await suggest(arena, ref)
    author = await arena.client("author")
    at = f"/ideas/{ref}/suggestions/{made.json()['id']}/decline"
    refused = await author.post(at, data={"decision": "x" * 1001})
    assert refused.status_code == 422
    assert "x" * 1001 in refused.text
    assert not [each for each in Page(refused).all("div") if "data-topic" in each.attributes
                and "suggestions" in each["data-topic"]]  # fmt: skip
