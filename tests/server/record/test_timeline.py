"""The timeline: every step in words, to those who may know of it, bound to the text it saw."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from collab.process.events import (
    board,
    casefile,
    catalogues,
    ideas,
    kinds,
    responsibility,
    seam,
    support,
    talk,
)
from collab.process.events import people as events_about_people
from collab.process.events.event import Event
from collab.process.events.ties import alignment, linking
from collab.process.version import TextVersion
from server.actions import ideas as acts
from server.actions.cases import open_case, tell
from storage import people
from storage.ideas import by_ref
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import write


@dataclass(frozen=True)
class BridgeBuilt(Event):
    """A kind of event that no template has words for."""

    kind = "bridge_built"
    span: str


async def page(arena: Everyone, ref: str, by: str = "guest", query: str = "") -> str:
    answer = await (await arena.client(by)).get(f"/ideas/{ref}/timeline{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def steps(arena: Everyone, ref: str, by: str = "guest", **query: Any) -> list[dict[str, Any]]:
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/timeline", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["steps"]
    return found


async def happen(
    arena: Everyone, ref: str, event: Event, by: str = "moderator", **record: Any
) -> None:
    """Let an event be told at the idea."""
    services, actor = arena.arena.services, await arena.actor(by)
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref)
        await tell(tx, case, event, services.clock(), record=record)


async def test_u9_a_step_says_what_who_in_which_office_why_and_on_which_text(
    arena: Everyone,
) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author", reason="")
    arena.arena.clock.pass_by(days=1)
    await write(arena, ref, "author", "idea", "Drei Bäume mehr.")
    await move(arena, ref, "returned", reason="Die Kosten fehlen.")
    back, submitted = await steps(arena, ref)
    assert back["text"] == "Zurückgegeben von „Offene Idee“ nach „Zurückgegeben“"
    assert (back["actor"], back["office"], back["reason"]) == (
        "Moderator", "moderator", "Die Kosten fehlen.",
    )  # fmt: skip
    assert (submitted["actor"], submitted["office"]) == ("Author", "author")
    assert back["diff_from"] == submitted["version"]
    html = await page(arena, ref)
    assert "Die Kosten fehlen." in html
    assert "Moderator:in" in html
    assert f'/ideas/{ref}/versions/{submitted["version"]}/diff/{back["version"]}"' in html
    english = await page(arena, ref, query="?lang=en")
    assert "Returned" in english
    assert "from ‘Open idea’ to ‘Returned’" in english


async def test_u9_a_kind_without_words_is_told_by_its_name(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kinds.EVENTS, "bridge_built", BridgeBuilt)
    ref = await arena.idea("open")
    await happen(arena, ref, BridgeBuilt("30 m"))
    (step,) = await steps(arena, ref)
    assert step["text"] == "Etwas ist geschehen: bridge built"
    assert "Etwas ist geschehen: bridge built" in await page(arena, ref)


async def test_u9_what_happens_at_every_idea_has_words(arena: Everyone) -> None:
    ref, person = await arena.idea("open"), (await arena.actor("editor")).person_id
    assert person is not None
    version, comment = TextVersion(1, 1, "c" * 64), UUID(int=1)
    told: list[Event] = [
        ideas.IdeaCreated("Bänke", "need", "draft"),
        ideas.StageChanged("submit", "draft", "open", "", version),
        ideas.StageChanged("unheard_of", "draft", "open", "", version),
        ideas.KindChanged("need", "proposal"),
        ideas.TeamChanged(person, "editor", granted=True),
        ideas.TeamChanged(person, "editor", granted=False),
        ideas.TextReverted(person, "Werbung.", version),
        ideas.TextErased(version),
        talk.CommentAdded(comment, "note", None),
        talk.CommentAdded(comment, "note", comment),
        talk.CommentEdited(comment),
        talk.CommentHidden(comment, "Beleidigt jemanden."),
        talk.CommentDeleted(comment),
        talk.CommentResolved(comment, resolved=True),
        talk.CommentResolved(comment, resolved=False),
        talk.JudgementGiven("legal", "open", "low", version),
        events_about_people.PersonMuted(person, "Werbung."),
        events_about_people.PersonUnmuted(person),
        ideas.ProcessChanged("gdb-arena", 1, 2, "open", "open", "Neue Regeln."),
        *responsibility_events(person),
        catalogues.InitiativeRelated(comment, "Kiezkarte", "builds_on"),
        catalogues.InitiativeUnrelated(comment, "Kiezkarte"),
        support.SupportAsked(comment, "workshop"),
        support.SupportMoved(comment, "accepted", "Gern."),
        support.SupportEscalated(comment),
        seam.LateTextKept(comment),
        seam.LateTextApplied(comment),
        seam.LateTextSetAside(comment),
    ]
    await assert_worded(arena, ref, told)
    assert "Beleidigt jemanden." not in await page(arena, ref, query="?show=all")


async def test_u9_what_goes_on_record_and_what_the_board_does_has_words(arena: Everyone) -> None:
    ref, person = await arena.idea("open"), (await arena.actor("editor")).person_id
    assert person is not None
    told: list[Event] = [
        *record_events(person),
        *tie_events(UUID(int=1)),
        board.IdeaClaimed(None, ""),
        board.IdeaClaimed(person, "Urlaub."),
        board.ClaimReleased(),
        board.ActPrepared("Mai", "proposal", prepared=True),
        board.ActPrepared("Mai", "proposal", prepared=False),
        board.NotesOpened(),
        board.NotesErased(TextVersion(1, 1, "c" * 64)),
    ]
    await assert_worded(arena, ref, told)


async def assert_worded(arena: Everyone, ref: str, told: list[Event]) -> None:
    """Each event is told in words of its own."""
    for event in told:
        await happen(arena, ref, event)
    found = await steps(arena, ref, "moderator", show="all")
    found.pop()  # of the draft
    assert [step["kind"] for step in reversed(found)] == [event.kind for event in told]
    texts = [step["text"] for step in found]
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if "Etwas ist geschehen" in text]


def record_events(person: UUID) -> list[Event]:
    """Everything that goes on record of a case."""
    return [
        casefile.EvidenceRecorded("mandate", amendment=False),
        casefile.EvidenceRecorded("mandate", amendment=True),
        casefile.IndicatorSet("1", amendment=False),
        casefile.IndicatorSet("1", amendment=True),
        casefile.ValueMeasured("1", "2026-11-20"),
        casefile.RequirementRaised(UUID(int=2)),
        casefile.RequirementAnswered(UUID(int=2), "partly", ""),
        casefile.ConditionSettled("legal", person, "met", ""),
        casefile.ConditionSettled("legal", person, "accepted", "Das Risiko ist klein."),
    ]


def tie_events(change: UUID) -> list[Event]:
    """Everything that happens between an idea and goals, and between ideas."""
    goals = [("guiding-ideas", "resilient"), ("fields-of-action", "future_for_all")]
    kinds_of_links = ("answers", "builds_on", "complements", "replicates")
    return [
        *(alignment.AlignmentStated(*goal) for goal in goals),
        *(alignment.AlignmentReviewed(*goals[0], each) for each in ("agree", "doubt", "question")),
        alignment.AlignmentAnswered(*goals[0]),
        *(alignment.AlignmentWithdrawn(*goal) for goal in goals),
        *(linking.IdeasLinked(each, "2026-00002", "2026-00001") for each in kinds_of_links),
        linking.IdeasUnlinked("builds_on", "2026-00002", "2026-00001"),
        linking.DependencyClosed("2026-00001", "closed_learned"),
        linking.ChangeOffered(change, "2026-00001", "idea"),
        linking.OfferedChangeSettled(change, "idea", "taken"),
        linking.OfferedChangeSettled(change, "idea", "declined"),
    ]


def responsibility_events(person: UUID) -> list[Event]:
    """Everything that happens to responsibility."""
    about = (UUID(int=2), UUID(int=3), "Bezirksamt Mitte")
    ends = [
        responsibility.ResponsibilityEnded(*about, part, state, "", person)
        for part, state in (
            ("lead", "handed_over"),
            ("lead", "released"),
            ("partner", "released"),
            ("lead", "expired"),
            ("lead", "declined"),
            ("lead", "withdrawn"),
        )
    ]
    return [
        responsibility.ResponsibilityOffered(*about, "lead", None),
        responsibility.ResponsibilityOffered(*about, "lead", UUID(int=4)),
        responsibility.ResponsibilityOffered(*about, "partner", None),
        responsibility.ResponsibilityConfirmed(*about, "lead", person),
        responsibility.ResponsibilityConfirmed(*about, "partner", person),
        *ends,
        responsibility.RoleTermSet(
            person, "partner", "2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00"
        ),
        responsibility.RoleTermEnded(person, "partner"),
    ]


async def test_g1_ac_g1_who_acts_for_another_is_shown_in_vertretung(arena: Everyone) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    await happen(arena, ref, ideas.KindChanged("need", "proposal"), office="deputy")
    (step, *_) = await steps(arena, ref)
    assert (step["office"], step["deputy"]) == ("deputy", True)
    assert "in Vertretung" in await page(arena, ref)


async def test_u10_a_draft_is_told_to_its_team_and_moderators_only(arena: Everyone) -> None:
    ref = await arena.idea()
    assert (await (await arena.client("guest")).get(f"/ideas/{ref}/timeline")).status_code == 404
    await move(arena, ref, "open", "author")
    told = {
        handle: [step["kind"] for step in await steps(arena, ref, handle)]
        for handle in ("guest", "participant", "author", "moderator")
    }
    assert told["guest"] == told["participant"] == ["stage_changed"]
    assert told["author"] == told["moderator"] == ["stage_changed", "idea_created"]
    assert "nicht öffentlich" in await page(arena, ref, "author")
    assert "nicht öffentlich" not in await page(arena, ref)


async def test_u10_moderation_is_told_to_moderators_only(arena: Everyone) -> None:
    ref = await arena.idea("open")
    form = {"handle": "participant", "moderation_reason": "Werbung."}
    await (await arena.client("moderator")).post(f"/ideas/{ref}/mute", data=form)
    for handle, count in (("guest", 0), ("author", 0), ("moderator", 1)):
        found = await steps(arena, ref, handle, show="people")
        assert len([step for step in found if step["kind"] == "person_muted"]) == count
    assert "Werbung." in await page(arena, ref, "moderator", "?show=people")
    assert "Werbung." not in await page(arena, ref, "author", "?show=all")


async def test_u9_steps_are_filtered_and_paged(arena: Everyone) -> None:
    ref = await arena.idea("open")
    guest = await arena.client("guest")
    for number in range(60):
        await happen(arena, ref, ideas.KindChanged("need", "proposal"))
        if number % 20 == 0:
            await happen(arena, ref, talk.CommentDeleted(UUID(int=number)))
    assert len(await steps(arena, ref)) == 50
    assert len(await steps(arena, ref, show="talk")) == 3
    first = (await guest.get(f"/api/v1/ideas/{ref}/timeline?limit=40")).json()
    rest = (await guest.get(f"/api/v1/ideas/{ref}/timeline?before={first['older']}")).json()
    ids = [step["id"] for step in first["steps"] + rest["steps"]]
    assert len(set(ids)) == 60
    assert ids == sorted(ids, reverse=True)
    assert rest["older"] is None
    html = await page(arena, ref)
    older = re.search(r'href="([^"]*before=[^"]*)"', html)
    assert older
    assert (await guest.get(older[1])).text.count('class="step"') == 10
    assert 'aria-current="page"' in html
    for wrong in ("?show=unsinn", "?before=x", "?before=99999999999999999999"):
        assert 'class="step"' in await page(arena, ref, query=wrong)
    for wrong in ("?show=unsinn", "?before=0", "?limit=51"):
        assert (await guest.get(f"/api/v1/ideas/{ref}/timeline{wrong}")).status_code == 422


async def test_u9_the_idea_page_shows_the_last_steps(arena: Everyone) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author", reason="Bitte.")
    guest = await arena.client("guest")
    for path in (f"/ideas/{ref}", f"/ideas/{ref}/fragments/timeline"):
        html = (await guest.get(path)).text
        assert "Eingereicht" in html
        assert f'href="/ideas/{ref}/timeline"' in html
    assert "data-topic" in (await guest.get(f"/ideas/{ref}")).text


async def test_u9_the_name_is_the_one_borne_at_the_time(arena: Everyone) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    services = arena.arena.services
    async with services.database.write() as tx:
        idea = await by_ref(tx, ref)
        assert idea is not None
        await people.rename(tx, idea.created_by, "Ganz Anders")
    (step,) = await steps(arena, ref)
    assert step["actor"] == "Author"


async def test_i2_a_changed_kind_is_told(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await acts.change_kind(
        arena.arena.services, await arena.actor("author"), ref, kind="need", expected_revision=2
    )
    (step,) = await steps(arena, ref)
    assert step["text"] == "Art geändert von „Maßnahmenvorschlag“ nach „Handlungsbedarf“"
