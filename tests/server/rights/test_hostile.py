"""Markup in every field of every operation that takes words: shown as words, wherever shown."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from starlette.routing import Route

from server.pages.idea.fragments import FRAGMENTS
from server.routes import build_routes, operations
from tests.server.following.news import MAILS, MINE, News
from tests.server.idea.arena_of_all import everyone
from tests.server.rights.hostile import MARKUP, RAW, hostile_body, takes_words
from tests.server.rights.samples import IN_PATH

BY_NAME: Final = {each.name: each for each in operations()}
ELSEWHERE: Final = frozenset(
    {
        *("create_idea", "mute", "revert_text", "undo_act", "change_stage", "suspend"),
        *("offer_responsibility", "confirm_responsibility", "decline_responsibility"),
        *("withdraw_responsibility", "hand_over_responsibility", "release_responsibility"),
        *("publish_catalogue", "add_organisation", "end_organisation", "replace_organisation"),
        *("take_over_claim", "move_many", "prepare_decisions", "publish_decisions"),
        *("withdraw_commitment", "enter_central_measure", "change_central_measure"),
        *("link_central_measure", "relate_initiative", "answer_support", "link_ideas"),
        *("take_over", "decide_offer", "confirm_affiliation", "review_alignment"),
        *("answer_review", "withdraw_indicator", "measure", "create_ticket"),
        *("grant_idea_term", "grant_person_term", "change_indicator", "show_comment"),
        *("state_alignment", "erase_me", "ask_for_support", "set_indicator", "decide_report"),
        *("put_evidence", "plan_catalogue"),
        *("open_a_workshop", "join_workshop", "add_table", "rename_table", "add_facilitator"),
        *("add_workshop_note", "change_silent_note", "make_idea_of_note", "begin_at_table"),
        *("add_harvest_point", "change_harvest_point", "set_harvest_meeting"),
        *("look_at_receipt", "claim_guest"),  # a receipt is shown nowhere
        *("propose_merge", "answer_merge", "withdraw_merge", "take_section"),
    }
)
"""Words of other topics: their pages are tried where the topics are."""
READERS: Final = ("guest", "participant", "author", "expert", "moderator")
SHOWING: Final = (
    *("/", "/ideas/{}", "/ideas/{}/comments", "/ideas/{}/suggestions", "/ideas/{}/tasks"),
    *("/ideas/{}/experts", "/ideas/{}/versions", "/ideas/{}/since", "/ideas/{}/timeline"),
    *("/ideas/{}/feasibility", "/ideas/{}/rounds", "/ideas/{}/similar"),
    *("/ideas/{}/versions/replay", "/catch-up", "/inbox", "/following", "/moderation"),
    *("/experts", "/tasks", "/account/expertise", "/ideas/{}/feed.atom"),
)
HEADERS: Final = frozenset(
    {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
        *("Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("Precedence", "In-Reply-To", "References"),
    }
)


@dataclass
class Told:
    """An arena into which everything hostile was said, and the ids of what was made."""

    news: News
    ref: str
    ids: dict[str, str] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    async def say(
        self, who: str, name: str, path: dict[str, Any] | None = None, **given: Any
    ) -> Any:
        """The person does it; what he does not give says the markup."""
        operation = BY_NAME[name]
        here = {"ref": self.ref, **IN_PATH, **self.ids, **(path or {})}
        client = await self.news.all.client(who)
        answer = await client.request(
            operation.method,
            operation.path.format(**here),
            json=hostile_body(operation, given),
        )
        assert answer.is_success, f"{name}: {answer.text}"
        self.said.add(name)
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with everyone(tmp_path_factory.mktemp("hostile")) as arena:
        news = News(arena)
        await news.give_addresses()
        ref = await arena.idea("open", title=MARKUP, words=MARKUP)
        found = Told(news, ref)
        await _people(found)
        await _talk(found)
        await _suggestions(found)
        await _casefile(found)
        await _judgements(found)
        await _moderation(found)
        yield found


async def _people(told: Told) -> None:
    for who in ("participant", "author", "expert", "moderator"):
        await told.say(who, "change_me")
    profile: dict[str, Any] = {"dimensions": ["legal"], "is_listed": True, "may_be_asked": True}
    await told.say("expert", "declare_expertise", ground="profession", **profile)
    await told.say("participant", "save_search", parameters=f"q={quote(MARKUP)}")
    await told.say("participant", "follow_idea")
    await (await told.news.all.client("participant")).get(f"/ideas/{told.ref}")


async def _talk(told: Told) -> None:
    anchor: dict[str, Any] = {"section": "situation", "start": "", "end": "", "quote": MARKUP}
    first = await told.say(
        "participant", "add_comment", text=f"{MARKUP} @author", anchor=anchor, suggestion=None
    )
    told.ids |= {"comment_id": first["id"]}
    await told.say("author", "add_comment", reply_to=first["id"], suggestion=None)
    await told.say("participant", "change_comment", text=f"{MARKUP} @expert")
    await told.say("author", "add_task", owner="expert")
    await told.say("expert", "settle_task", {"number": 1}, state="dropped")
    task = await told.say("author", "add_task")
    await told.say("author", "change_task", {"number": task["number"]})
    await told.say("author", "make_task")
    await told.say("author", "make_requirement")
    await told.say("author", "change_comment", text=None, resolved=True)


async def _suggestions(told: Told) -> None:
    standing: dict[str, Any] = {"section": "situation", "passage": {"quote": "situation."}}
    made = [
        await told.say("participant", "suggest", **standing, text=f"{MARKUP}{number}")
        for number in range(2)
    ]
    changed = {"suggestion_id": made[0]["id"]}
    await told.say("participant", "change_suggestion", changed, text=f"{MARKUP}!", revision=1)
    await told.say("author", "decline_suggestion", {"suggestion_id": made[1]["id"]})
    named = await told.say("author", "name_version")
    await told.say("author", "rename_version", {"named_id": named["id"]})
    accepted = await told.say("author", "accept_suggestion", changed, revision=2)
    assert accepted["state"] == "accepted"
    await told.say("author", "restore_version", {"version": named["version"]}, sections=[])
    await told.say("participant", "suggest", **standing)


async def _casefile(told: Told) -> None:
    raised = await told.say("participant", "raise_requirement")
    number = {"number": raised["number"]}
    await told.say("author", "answer_requirement", number, expected_revision=0)


async def _judgements(told: Told) -> None:
    asked = await told.say("author", "invite_expert", handle="expert")
    await told.say("expert", "answer_invitation", {"invitation_id": asked["id"]}, act="decline")
    _, version = await told.news.all.state(told.ref)
    judged: dict[str, Any] = {
        "verdict": "with_conditions",
        "text_version": version,
        "round_id": None,
    }
    judged["evidence"] = "https://example.org/?a=1"
    await told.say("expert", "judge", expertise="profession", **judged)
    await told.say("author", "settle_condition", {"handle": "expert"}, expected_revision=1)
    held = await told.say(
        "lead", "open_round", dimensions=["legal"], disclosure="open", text_version=version
    )
    await told.say("lead", "close_round", {"round_id": held["id"]})


async def _moderation(told: Told) -> None:
    about: dict[str, Any] = {"idea": told.ref, "target": "comment", "email": ""}
    for who in ("guest", "participant"):
        await told.say(who, "report", **about, id=told.ids["comment_id"])
    client = await told.news.all.client("moderator")
    (case,) = (await client.get("/api/v1/moderation/reports")).json()["cases"]
    told.ids["case_id"] = case["id"]
    second = await told.say("participant", "add_comment", text=f"{MARKUP} 2", suggestion=None)
    hidden = {"comment_id": second["id"]}
    await told.say("moderator", "hide_comment", hidden)
    await told.say("participant", "appeal", hidden)
    await told.say("moderator-2", "answer_appeal", hidden, granted=False)
    await _hidden(told)
    await told.say("moderator", "set_slow_mode", seconds=60, hours=1)


async def _hidden(told: Told) -> None:
    """A requirement is hidden, objected to and shown again."""
    author = await told.news.all.client("author")
    listed = (await author.get(f"/api/v1/ideas/{told.ref}/requirements")).json()
    asked = next(each for each in listed["requirements"] if each["text"] == MARKUP)
    who = asked["raised_by"]["handle"]
    place = {"target": "requirement", "target_id": asked["id"]}
    told.ids |= place
    await told.say("moderator", "hide_contribution", place)
    await told.say(who, "appeal_contribution", place)
    await told.say("moderator-2", "answer_contribution_appeal", place, granted=False)
    await told.say("moderator", "show_contribution", place)


async def test_o2_every_operation_that_takes_words_was_tried(told: Told) -> None:
    for_words = {each.name for each in operations() if each.method != "GET" and takes_words(each)}
    assert for_words - ELSEWHERE - told.said == set()


async def test_o2_no_page_takes_words_of_people_for_markup(told: Told) -> None:
    known = {"ref": told.ref, **IN_PATH, **told.ids, "handle": "participant", "version": "now"}
    paths = [
        *(route.path.format(**known) for route in _pages() if set(_parts(route)) <= known.keys()),
        *(f"/ideas/{told.ref}/fragments/{name}" for name in FRAGMENTS),
    ]
    shown, wrong = set(), []
    for path in paths:
        for who in READERS:
            client = await told.news.all.client(who)
            answer = await client.get(path, headers={"Accept": "text/html"})
            assert answer.status_code < 500, path
            if any(raw in answer.text for raw in RAW):
                wrong.append(f"{who}: {path}")
            if "&lt;script&gt;alert(1)" in answer.text:
                shown.add(path)
    assert not wrong, "\n".join(wrong)
    assert {path.format(told.ref) for path in SHOWING} <= shown


async def test_o2_a_feed_is_well_formed_whatever_people_write(told: Told) -> None:
    guest = await told.news.all.client("guest")
    feed = await guest.get(f"/ideas/{told.ref}/feed.atom")
    assert MARKUP in " ".join(ElementTree.fromstring(feed.text).itertext())


async def test_o2_a_mail_is_plain_text_whatever_people_write(told: Told) -> None:
    told.news.pass_by(hours=2)
    await told.news.tick(*MINE, *MAILS, "mail-leaves")
    mails = told.news.outbox()
    assert {each["To"] for each in mails} >= {f"{who}@example.org" for who in ("author", "expert")}
    for mail in mails:
        assert [each.get_content_type() for each in mail.walk()] == ["text/plain"]
        assert set(mail.keys()) <= HEADERS, mail.keys()


def _pages() -> list[Route]:
    found = [each for each in build_routes() if isinstance(each, Route)]
    pages = [each for each in found if not each.path.startswith(("/api", "/assets"))]
    return [each for each in pages if "GET" in (each.methods or ())]


def _parts(route: Route) -> list[str]:
    return list(route.param_convertors)
