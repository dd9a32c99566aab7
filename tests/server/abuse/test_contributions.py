"""Whatever one person writes is reported, hidden, objected to and shown as comments are."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest

from collab.process.abuse.reports import HIDEABLE
from collab.process.feasibility.judgements import judgement_id
from storage.people import by_handle
from tests.server.abuse.reporting import call, cases, decide, log, report, told
from tests.server.idea.arena_of_all import Everyone
from tests.server.suggestions.suggesting import act, listed, suggest, suggested, words

STAGE = "feasibility"
BAD = "Unerhörtes über Sie."
PAGES = ("", "/suggestions", "/feasibility", "/timeline", "/feed.atom", "/fragments/suggested")
DATA = ("suggestions", "judgements", "requirements", "conditions", "events", "comments")


@dataclass(frozen=True, slots=True)
class Written:
    """What participant wrote."""

    ref: str
    target: str
    id: str

    @property
    def api(self) -> str:
        return f"/api/v1/ideas/{self.ref}/contributions/{self.target}/{self.id}"

    @property
    def page(self) -> str:
        return f"/ideas/{self.ref}/contributions/{self.target}/{self.id}"


async def a_comment(arena: Everyone, ref: str) -> str:
    path = f"/api/v1/ideas/{ref}/comments"
    return str((await call(arena, "participant", "POST", path, text=BAD)).json()["id"])


async def a_suggestion(arena: Everyone, ref: str) -> str:
    return str((await suggested(arena, ref, text=BAD, reason=BAD))["id"])


async def a_requirement(arena: Everyone, ref: str) -> str:
    path = f"/api/v1/ideas/{ref}/requirements"
    given = {"text": BAD, "recorded_for": BAD}
    return str((await call(arena, "participant", "POST", path, **given)).json()["id"])


async def a_judgement(arena: Everyone, ref: str) -> str:
    path = f"/api/v1/ideas/{ref}/judgements"
    version = (await call(arena, "participant", "GET", path)).json()["text_version"]
    given = {
        "verdict": "with_conditions",
        "confidence": "high",
        "reason": BAD,
        "text_version": version,
        "own_interest": BAD,
        "expertise": "profession",
        "expertise_note": BAD,
    }
    answer = await call(arena, "participant", "PUT", f"{path}/legal", **given)
    assert answer.status_code == 200, answer.text
    async with arena.arena.services.database.read() as tx:
        person = await by_handle(tx, "participant")
    assert person is not None
    return judgement_id(person.id, "legal")


MADE: Mapping[str, Callable[[Everyone, str], Awaitable[str]]] = {
    "comment": a_comment,
    "suggestion": a_suggestion,
    "requirement": a_requirement,
    "judgement": a_judgement,
}


async def written(arena: Everyone, target: str) -> Written:
    ref = await arena.idea(STAGE)
    return Written(ref, target, await MADE[target](arena, ref))


async def hide(arena: Everyone, what: Written, by: str = "moderator") -> None:
    given = {"reason": "Beleidigt.", "ground": "insult"}
    answer = await call(arena, by, "POST", f"{what.api}/hide", **given)
    assert answer.status_code == 204, answer.text


async def shown_to(arena: Everyone, what: Written, by: str) -> set[str]:
    """Where at the idea the person reads the words."""
    found = set()
    client = await arena.client(by)
    for path in (
        *(f"/ideas/{what.ref}{each}" for each in PAGES),
        *(f"/api/v1/ideas/{what.ref}/{each}" for each in DATA),
    ):
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        if BAD in answer.text:
            found.add(path.replace(what.ref, "REF"))
    return found


def test_d17_every_kind_that_can_be_hidden_is_tried() -> None:
    assert set(MADE) == {each.value for each in HIDEABLE}


@pytest.mark.parametrize("target", sorted(MADE))
async def test_d17_whatever_one_person_writes_is_reported_by_anybody_and_hidden(
    arena: Everyone, target: str
) -> None:
    what = await written(arena, target)
    before = await shown_to(arena, what, "guest")
    assert before, "nobody could read it, so this shows nothing"
    form = await (await arena.client("guest")).get(
        "/report", params={"idea": what.ref, "target": target, "id": what.id}
    )
    assert BAD in form.text
    anything = await (await arena.client("guest")).get("/report", params={"idea": what.ref})
    assert ("person:participant" in anything.text) is (target != "judgement")
    for by in ("guest", "expert"):
        assert (await report(arena, what.ref, what.id, by, target=target)).status_code == 201
    (case,) = await cases(arena)
    assert (case["count"], case["target"], BAD in case["text"]) == (2, target, True)
    assert BAD in (await (await arena.client("moderator")).get("/moderation")).text
    assert (await decide(arena, case["id"], "hidden")).status_code == 204
    assert await cases(arena) == []
    for by in ("guest", "expert", "author", "lead"):
        assert await shown_to(arena, what, by) == set()
    assert await told(arena, "participant") == ["hidden"]
    assert await told(arena, "expert") == ["report"]
    again = await report(arena, what.ref, what.id, target=target)
    assert again.status_code == 404, "nobody reports what he cannot see"


@pytest.mark.parametrize("target", sorted(MADE))
async def test_d17_its_author_reads_why_objects_and_another_moderator_shows_it(
    arena: Everyone, target: str
) -> None:
    what = await written(arena, target)
    before = await shown_to(arena, what, "guest")
    moderator, author = await arena.client("moderator"), await arena.client("participant")
    assert BAD in (await moderator.get(f"{what.page}/hide")).text
    refused = await moderator.post(f"{what.page}/hide", data={"reason": " ", "ground": "hate"})
    assert refused.status_code == 422
    await moderator.post(f"{what.page}/hide", data={"reason": "Beleidigt.", "ground": "hate"})
    if target != "comment":
        assert f"{what.page}/hidden" in (await author.get("/inbox")).text
    page = (await author.get(f"{what.page}/hidden")).text
    for said in (BAD, "Beleidigt.", "Hass und Hetze", "Widerspruch senden"):
        assert said in page
    for by, status in (("moderator-2", 200), ("auditor", 200), ("expert", 404), ("guest", 401)):
        assert (await call(arena, by, "GET", f"{what.api}/hiding")).status_code == status
    foreign = await call(arena, "expert", "POST", f"{what.api}/appeal", words="Bitte!")
    assert foreign.status_code == 404
    await author.post(f"{what.page}/hidden/appeal", data={"words": "Ein Zitat."})
    assert "Ein Zitat." in (await (await arena.client("office")).get("/moderation")).text
    answer = {"granted": True, "reason": "Stimmt."}
    own = await call(arena, "moderator", "POST", f"{what.api}/appeal/answer", **answer)
    assert own.json()["code"] == "own-decision"
    done = await call(arena, "moderator-2", "POST", f"{what.api}/appeal/answer", **answer)
    assert done.status_code == 204
    assert await shown_to(arena, what, "guest") == before
    assert await told(arena, "participant") == ["appeal", "hidden"]
    kinds = [kind for kind, _ in await log(arena, what.ref, "moderator")]
    wanted = {"comment": ("comment_hidden", "appeal_decided", "comment_shown")}.get(
        target, ("contribution_hidden", "contribution_appeal_decided", "contribution_shown")
    )
    assert [each for each in kinds if each in wanted] == list(wanted)
    public = [payload for kind, payload in await log(arena, what.ref, "guest") if kind == wanted[0]]
    assert [each["reason"] for each in public] == [""]


async def test_d18_a_hidden_suggestion_waits_for_nobody_and_comes_into_no_text(
    arena: Everyone,
) -> None:
    ref = await arena.idea(STAGE)
    row = await suggested(arena, ref, text=BAD)
    what = Written(ref, "suggestion", row["id"])
    await hide(arena, what)
    before = await words(arena, ref)
    for by, deed, code in (
        ("author", "accept", "suggestion-not-found"),
        ("author", "decline", "suggestion-not-found"),
        ("moderator", "accept", "suggestion-hidden"),
        ("moderator", "decline", "suggestion-hidden"),
    ):
        assert (await act(arena, ref, row, deed, by)).json()["code"] == code
    assert await words(arena, ref) == before
    path = f"/api/v1/ideas/{ref}/suggestions/{row['id']}"
    for by, status in (("guest", 404), ("author", 404), ("participant", 200), ("moderator", 200)):
        assert (await call(arena, by, "GET", path)).status_code == status
    changed = await call(
        arena, "participant", "PATCH", path, text="Anderes.", reason="", revision=1
    )
    assert changed.json()["code"] == "suggestion-hidden"
    assert [each["id"] for each in await listed(arena, ref, "participant")] == [row["id"]]
    assert await listed(arena, ref) == []
    line = await (await arena.client("guest")).get(f"/ideas/{ref}/fragments/suggestions")
    assert "offener Vorschlag" not in line.text
    assert (await act(arena, ref, row, "withdraw", "participant")).status_code == 200
    assert await listed(arena, ref) == []


async def test_d18_what_was_accepted_or_declined_is_hidden_too(arena: Everyone) -> None:
    ref = await arena.idea(STAGE)
    row = await suggested(arena, ref, text=BAD)
    await act(arena, ref, row, "decline", "author", reason=BAD)
    assert [each["state"] for each in await listed(arena, ref)] == ["declined"]
    await hide(arena, Written(ref, "suggestion", row["id"]))
    assert await listed(arena, ref) == []
    assert (await suggest(arena, ref, text="Anderes.")).status_code == 201


async def test_d19_hiding_the_words_of_a_judgement_leaves_its_verdict(arena: Everyone) -> None:
    what = await written(arena, "judgement")
    path = f"/api/v1/ideas/{what.ref}/judgements"

    async def tally() -> dict[str, object]:
        found = (await call(arena, "guest", "GET", path)).json()["tallies"]
        (legal,) = [each for each in found if each["dimension"] == "legal"]
        return {name: legal[name] for name in ("n", "by_verdict", "by_expertise", "spread")}

    before = await tally()
    await hide(arena, what)
    assert await tally() == before
    conditions = (await call(arena, "guest", "GET", f"/api/v1/ideas/{what.ref}/conditions")).json()
    assert [each["text"] for each in conditions["conditions"]] == [""]
    mine = (await call(arena, "participant", "GET", path)).json()["mine"]
    assert mine[0]["reason"] == BAD
    # What he writes in its place is not seen before somebody shows it.
    await a_judgement(arena, what.ref)
    assert await shown_to(arena, what, "guest") == set()


async def test_d19_who_may_not_see_a_judgement_yet_reports_none(arena: Everyone) -> None:
    what = await written(arena, "judgement")
    version = (await call(arena, "lead", "GET", f"/api/v1/ideas/{what.ref}/judgements")).json()
    given = {"dimensions": ["legal"], "disclosure": "after_close", "ends_on": "2027-01-01"}
    opened = await call(
        arena,
        "lead",
        "POST",
        f"/api/v1/ideas/{what.ref}/rounds",
        text_version=version["text_version"],
        **given,
    )
    assert opened.status_code == 201, opened.text
    answer = await report(arena, what.ref, what.id, target="judgement")
    assert answer.status_code == 404


async def test_d17_of_another_idea_or_kind_nothing_is_hidden(arena: Everyone) -> None:
    what = await written(arena, "suggestion")
    other = await arena.idea(STAGE)
    given = {"reason": "Beleidigt."}
    for path in (
        f"/api/v1/ideas/{other}/contributions/suggestion/{what.id}/hide",
        f"/api/v1/ideas/{what.ref}/contributions/requirement/{what.id}/hide",
        f"/api/v1/ideas/{what.ref}/contributions/suggestion/{UUID(int=7)}/hide",
    ):
        assert (await call(arena, "moderator", "POST", path, **given)).status_code == 404
    for kind in ("person", "section", "anything"):
        path = f"/api/v1/ideas/{what.ref}/contributions/{kind}/{what.id}/hide"
        refused = await call(arena, "moderator", "POST", path, **given)
        assert (refused.status_code, refused.json()["fields"]) == (
            422,
            {"target": "unknown-choice"},
        )
        page = path.replace("/api/v1", "")
        assert (await (await arena.client("moderator")).get(page)).status_code == 404
