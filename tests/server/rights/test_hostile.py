"""Hostile words in every field of every operation that takes words: shown as words, or refused.

Markup, marks that turn letters round, halves of characters, NUL, and far too much.
"""

import json
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
from tests.server.rights.forms import forms_of
from tests.server.rights.hostile import (
    LONG,
    MARKUP,
    RAW,
    TURNED,
    hostile_body,
    takes_words,
    word_fields,
)
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
FORM: Final = "application/x-www-form-urlencoded"
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
    by: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)

    async def say(
        self, who: str, name: str, path: dict[str, Any] | None = None, /, **given: Any
    ) -> Any:
        """The person does it; what he does not give says the markup."""
        operation = BY_NAME[name]
        here = {"ref": self.ref, **IN_PATH, **self.ids, **(path or {})}
        client = await self.news.all.client(who)
        at, body = operation.path.format(**here), hostile_body(operation, given)
        answer = await client.request(operation.method, at, json=body)
        assert answer.is_success, f"{name}: {answer.text}"
        self.said.add(name)
        self.by[name], self.paths[name], self.bodies[name] = who, at, body
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Told]:
    async with everyone(tmp_path_factory.mktemp("hostile")) as arena:
        news = News(arena)
        await news.give_addresses()
        ref = await arena.idea("open", title=f"{MARKUP}{TURNED}", words=MARKUP)
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
        await told.say(who, "change_me", name=MARKUP)  # a name with such marks is refused
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
            if who == "expert" and told.ref in path:
                continue  # what is one's own at the idea the participant and the author are shown
            client = await told.news.all.client(who)
            answer = await client.get(path, headers={"Accept": "text/html"})
            assert answer.status_code < 500, path
            if any(raw in answer.text for raw in (*RAW, *TURNED)):
                wrong.append(f"{who}: {path}")
            if "&lt;script&gt;alert(1)" in answer.text:
                shown.add(path)
    assert not wrong, "\n".join(wrong)
    assert {path.format(told.ref) for path in SHOWING} <= shown


async def test_o2_a_feed_is_well_formed_whatever_people_write(told: Told) -> None:
    guest = await told.news.all.client("guest")
    feed = await guest.get(f"/ideas/{told.ref}/feed.atom")
    assert MARKUP in " ".join(ElementTree.fromstring(feed.text).itertext())
    assert not set(TURNED) & set(feed.text)


async def test_o2_a_mail_is_plain_text_whatever_people_write(told: Told) -> None:
    told.news.pass_by(hours=2)
    await told.news.tick(*MINE, *MAILS, "mail-leaves")
    mails = told.news.outbox()
    assert {each["To"] for each in mails} >= {f"{who}@example.org" for who in ("author", "expert")}
    for mail in mails:
        assert [each.get_content_type() for each in mail.walk()] == ["text/plain"]
        assert not set(TURNED) & set(f"{mail['Subject']}{mail.get_content()}")
        assert set(mail.keys()) <= HEADERS, mail.keys()


def _pages() -> list[Route]:
    found = [each for each in build_routes() if isinstance(each, Route)]
    pages = [each for each in found if not each.path.startswith(("/api", "/assets"))]
    return [each for each in pages if "GET" in (each.methods or ())]


def _parts(route: Route) -> list[str]:
    return list(route.param_convertors)


async def test_o2_no_data_turns_letters_round(told: Told) -> None:
    for name in ("comments", "suggestions", "requirements", "tasks", "judgements", "events"):
        for who in READERS:
            client = await told.news.all.client(who)
            answer = await client.get(f"/api/v1/ideas/{told.ref}/{name}")
            assert answer.status_code == 200, name
            assert not set(TURNED) & set(answer.text), f"{who}: {name}"


async def test_o2_too_much_in_any_one_field_is_refused_by_its_name(told: Told) -> None:
    """One field at a time, so that no refusal hides another."""
    wrong = []
    for name in sorted(told.said):
        operation, who = BY_NAME[name], told.by[name]
        client, path = await told.news.all.client(who), told.paths[name]
        for each in word_fields(operation):
            body = {**told.bodies[name], each: LONG}
            answer = await client.request(operation.method, path, json=body)
            named = answer.json().get("fields", {}) if answer.status_code == 422 else {}
            if answer.status_code != 422 or not any(each in field for field in named):
                wrong.append(f"{name}.{each}: {answer.status_code} {answer.text[:120]}")
    assert not wrong, "\n".join(wrong)


async def test_o2_what_no_database_keeps_is_refused_in_any_one_field(told: Told) -> None:
    wrong = []
    for name in sorted(told.said):
        operation, who = BY_NAME[name], told.by[name]
        client, path = await told.news.all.client(who), told.paths[name]
        for each in word_fields(operation):
            for poison in ("a\\u0000b", "a\\ud800b"):
                body = json.dumps({**told.bodies[name], each: "POISON"}).replace("POISON", poison)
                answer = await client.request(
                    operation.method,
                    path,
                    content=body,
                    headers={"Content-Type": "application/json"},
                )
                if (answer.status_code, answer.json().get("code")) != (422, "malformed"):
                    wrong.append(f"{name}.{each}: {answer.status_code} {answer.text[:120]}")
    assert not wrong, "\n".join(wrong)


async def test_o2_forms_take_or_refuse_what_is_hostile_and_break_on_nothing(told: Told) -> None:
    """Every form for words that these pages show: with too much, and with what looks sound.

    Which field is refused the operations above tell, one at a time; here none may break a page,
    and what is taken must turn nothing round.
    """
    tried, wrong = set(), []
    odd, encoded = "a%00b%ED%A0%80c%E2%80%AEd", {"Content-Type": FORM}
    for who in ("author", "moderator"):
        client = await told.news.all.client(who)
        for path in (*SHOWING, "/report?idea={}", "/ideas/{}/slow"):
            answer = await client.get(path.format(told.ref), headers={"Accept": "text/html"})
            for action, form in forms_of(answer.text).items():
                if action in tried or not form.words:
                    continue
                tried.add(action)
                rest = [f"{each}={quote(value)}" for each, value in form.fields.items()]
                for poison in (quote(LONG), odd):
                    typed = [f"{each}={poison}" for each in form.words]
                    body = "&".join([*rest, *typed])
                    sent = await client.post(action, content=body, headers=encoded)
                    if sent.status_code >= 500:
                        wrong.append(f"{who} {action}: {sent.status_code} {poison[:9]}")
    assert len(tried) >= 12, tried
    moderator = await told.news.all.client("moderator")
    for path in SHOWING:
        text = (await moderator.get(path.format(told.ref))).text
        if (at := text.find(TURNED[0])) >= 0:
            wrong.append(f"{path}: {text[at - 200 : at + 40]}")
    assert not wrong, "\n".join(wrong)
