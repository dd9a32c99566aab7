"""The idea's page: readable, harmless, and its forms work without a script."""

import json
import re
from html import unescape
from html.parser import HTMLParser

import httpx2
import pytest

from storage import documents
from storage.documents import LogRow
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of, write

EVIL = '<img src=x onerror="alert(1)"> javascript:alert(1) </div>'


async def page(arena: Everyone, ref: str, by: str = "guest", query: str = "") -> str:
    """The page as the person sees it."""
    answer = await (await arena.client(by)).get(f"/ideas/{ref}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def post(arena: Everyone, path: str, by: str, fields: dict[str, str]) -> httpx2.Response:
    """Send a form of the page."""
    return await (await arena.client(by)).post(path, data=fields, follow_redirects=False)


async def stage_fields(arena: Everyone, ref: str, **changes: str) -> dict[str, str]:
    """The hidden fields of the stage form as the page carries them, and what is chosen."""
    html = await page(arena, ref, "moderator")
    form = html[html.index('id="decide-form"') : html.index("</form>", html.index("decide-form"))]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return {**hidden, "to": "returned", "stage_reason": "Bitte kürzen.", **changes}


class Regions(HTMLParser):
    """What is open when a form or a region that is swapped begins, and what is left open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_region, is_inside = "data-topic" in given, any(each for _, each in self.open)
        if is_inside and (is_region or given.get("id") in {"decide-form", "judge-form"}):
            self.wrong.append(str(given))
        if tag in {"div", "section", "article", "aside", "form", "details"}:
            # The version that an act is bound to follows the text inside of its form.
            self.open.append((tag, is_region and "form=" not in str(given.get("data-fragment"))))

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == self.open[-1][0]:
            self.open.pop()


@pytest.mark.parametrize("by", ["guest", "author", "qualifier", "moderator"])
async def test_no_form_lies_in_a_region_that_is_swapped(arena: Everyone, by: str) -> None:
    ref = await arena.idea("feasibility")
    found = Regions()
    found.feed(await page(arena, ref, by))
    assert found.wrong == []
    assert found.open == []


async def test_the_text_is_on_the_page_for_everybody(arena: Everyone) -> None:
    ref = await arena.idea("open")
    html = await page(arena, ref)
    for section in ("situation", "idea", "benefit"):
        assert f"<p>Text zu {section}.</p>" in html
        assert f'data-section="{section}"' in html


async def test_the_editor_finds_what_it_mounts_on(arena: Everyone) -> None:
    ref = await arena.idea("open")
    html = await page(arena, ref, "participant")
    found = re.search(r'<div id="dossier"[^>]*>', html)
    assert found is not None
    values = dict(re.findall(r'data-([a-z]+)="([^"]*)"', found[0]))
    document_id = (await document_of(arena, ref)).hex
    assert values["document"] == f"{document_id}.1.1"
    assert (values["access"], values["person"]) == ("write", "participant")
    version = json.loads(unescape(values["version"]))
    assert version == (await arena.version(ref)).to_json()
    for mark in ('data-section="title"', 'id="connection"', 'id="presence"'):
        assert mark in html


async def test_s1_the_page_shows_what_was_committed_a_moment_ago(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "situation", "Ganz neu.")
    assert "<p>Ganz neu.</p>" in await page(arena, ref)


async def test_s6_a_text_that_cannot_be_read_is_said_to_be_so_and_not_shown_as_empty(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    document_id = await document_of(arena, ref)
    async with arena.arena.services.database.write() as tx:
        head = (await documents.lock_heads(tx, [document_id]))[document_id]
        await documents.append(tx, head, [LogRow(b"\x01\x01\xff", None)], arena.arena.clock())
    html = await page(arena, ref, "participant")
    assert "lässt sich gerade nicht lesen" in html
    assert "<p>Text zu situation.</p>" in html
    assert 'data-access="read"' in html
    assert 'data-section="situation"' not in html
    client = await arena.client("moderator")
    answer = await client.get(f"/api/v1/ideas/{ref}/text")
    assert (answer.status_code, answer.json()["code"]) == (409, "unreadable-document")
    moved = await post(arena, f"/ideas/{ref}/stage", "moderator", await stage_fields(arena, ref))
    assert moved.status_code == 409
    assert "Bitte kürzen." in moved.text


async def test_what_people_write_is_text(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "situation", EVIL)
    await post(arena, f"/ideas/{ref}/comments", "participant", {"kind": "note", "text": EVIL})
    await post(
        arena, f"/ideas/{ref}/stage", "moderator", await stage_fields(arena, ref, stage_reason=EVIL)
    )
    html = await page(arena, ref, "author")
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=") == 3


async def test_a_comment_is_posted_without_a_script(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await post(
        arena, f"/ideas/{ref}/comments", "participant", {"kind": "offer", "text": "Ich helfe."}
    )
    assert answer.status_code == 303
    path, _, anchor = answer.headers["location"].partition("#")
    assert (path, f'id="{anchor}"' in await page(arena, ref)) == (f"/ideas/{ref}", True)


async def test_a_refused_comment_comes_back_with_its_error(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await post(arena, f"/ideas/{ref}/comments", "participant", {"text": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'class="error-summary" role="alert"' in answer.text


async def test_text_that_may_not_be_sent_any_more_is_not_lost(arena: Everyone) -> None:
    ref = await arena.idea("archived")
    answer = await post(
        arena, f"/ideas/{ref}/comments", "participant", {"kind": "note", "text": "Lange getippt."}
    )
    assert answer.status_code == 403
    assert "Lange getippt.</textarea>" in answer.text


async def test_a_judgement_is_posted_without_a_script(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    version = (await arena.version(ref)).to_json()
    fields = {
        **{name: str(value) for name, value in version.items()},
        "dimension": "legal",
        "verdict": "with_conditions",
        "confidence": "high",
        "judgement_reason": "Mit Genehmigung.",
    }
    answer = await post(arena, f"/ideas/{ref}/judgements", "expert", fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ideas/{ref}#judgements")
    html = await page(arena, ref, "expert", "?dimension=legal")
    assert "</svg>\n1 Machbar unter Bedingungen" in html
    assert "Mit Genehmigung.</textarea>" in html


async def test_a_judgement_without_a_reason_says_so_at_the_field(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    version = (await arena.version(ref)).to_json()
    fields = {name: str(value) for name, value in version.items()}
    fields |= {"dimension": "legal", "verdict": "open", "confidence": "low"}
    answer = await post(arena, f"/ideas/{ref}/judgements", "expert", fields)
    assert answer.status_code == 422
    assert 'href="#f-judgement_reason"' in answer.text


async def test_the_stage_form_moves_the_idea(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await post(arena, f"/ideas/{ref}/stage", "moderator", await stage_fields(arena, ref))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ideas/{ref}#stage")
    html = await page(arena, ref)
    assert "<p>Bitte kürzen.</p>" in html
    assert re.search(r'aria-current="step".*?Zurückgegeben', html, re.DOTALL)


async def test_g6_who_was_second_reads_who_won_and_keeps_his_reason(arena: Everyone) -> None:
    ref = await arena.idea("open")
    fields = await stage_fields(arena, ref, stage_reason="Mein langer Grund.")
    await post(
        arena,
        f"/ideas/{ref}/stage",
        "moderator-2",
        {**fields, "to": "declined", "stage_reason": "Gibt es schon."},
    )
    answer = await post(arena, f"/ideas/{ref}/stage", "moderator", fields)
    assert answer.status_code == 409
    for words in ("Moderator-2", "Abgelehnt", "Gibt es schon.", "Mein langer Grund.</textarea>"):
        assert words in answer.text
    assert 'name="expected_revision" value="3"' in answer.text


async def test_g5_a_moved_text_is_shown_and_the_reason_kept(arena: Everyone) -> None:
    ref = await arena.idea("open")
    fields = await stage_fields(arena, ref)
    await write(arena, ref, "participant", "situation", "Dazwischen.")
    answer = await post(arena, f"/ideas/{ref}/stage", "moderator", fields)
    assert answer.status_code == 409
    assert "Der Text hat sich inzwischen geändert" in answer.text
    assert "<p>Dazwischen.</p>" in answer.text
    assert "Bitte kürzen.</textarea>" in answer.text
    fresh = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    again = {**fields, **fresh}
    assert (await post(arena, f"/ideas/{ref}/stage", "moderator", again)).status_code == 303


async def test_g1_every_open_condition_is_said_in_words(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    fields = await stage_fields(arena, ref, to="proposal", stage_reason="")
    answer = await post(arena, f"/ideas/{ref}/stage", "qualifier", fields)
    assert answer.status_code == 422
    summary = answer.text[answer.text.index('class="error-summary"') :]
    summary = summary[: summary.index("</div>")]
    assert summary.count("<li>") == 9
    for words in (
        "Technisch",
        "Rechtlich",
        "Datenschutz",
        "Noch niemand verantwortlich",
        "Es fehlt eine",
    ):
        assert words in summary


@pytest.mark.parametrize("name", ["epoch", "seq", "sha256", "expected_revision"])
async def test_a_mangled_form_is_refused_not_a_fault(arena: Everyone, name: str) -> None:
    ref = await arena.idea("open")
    fields = await stage_fields(arena, ref, **{name: "9" * 400})
    answer = await post(arena, f"/ideas/{ref}/stage", "moderator", fields)
    assert answer.status_code in {409, 422}


async def test_a_pinned_version_is_a_page_of_its_own(arena: Everyone) -> None:
    ref = await arena.idea("open")
    version = await arena.version(ref)
    await post(arena, f"/ideas/{ref}/stage", "moderator", await stage_fields(arena, ref))
    await write(arena, ref, "author", "situation", "Später.")
    client = await arena.client("guest")
    pinned = await client.get(f"/ideas/{ref}/versions/{version.epoch}.{version.seq}")
    assert version.sha256 in pinned.text
    assert "Später." not in pinned.text
    for wrong in ("1.99", "1", "x.y", "1.-1", "1.²"):
        assert (await client.get(f"/ideas/{ref}/versions/{wrong}")).status_code == 404


async def test_i2_an_idea_changes_its_kind_and_keeps_its_text(arena: Everyone) -> None:
    ref = await arena.idea("open", kind="need")
    done = await post(
        arena, f"/ideas/{ref}/kind", "author", {"kind": "proposal", "expected_revision": "2"}
    )
    assert done.status_code == 303
    html = await page(arena, ref)
    assert "<p>Text zu situation.</p>" in html
    assert 'data-section="implementation"' in html
    again = await post(
        arena, f"/ideas/{ref}/kind", "author", {"kind": "need", "expected_revision": "2"}
    )
    assert again.status_code == 409
    back = await post(
        arena, f"/ideas/{ref}/kind", "author", {"kind": "need", "expected_revision": "3"}
    )
    assert back.status_code == 303
    assert "<p>Text zu affected.</p>" in await page(arena, ref)


async def test_comments_are_edited_and_hidden_on_pages_of_their_own(arena: Everyone) -> None:
    ref = await arena.idea("open")
    sent = await post(arena, f"/ideas/{ref}/comments", "participant", {"text": "Erst so."})
    comment = sent.headers["location"].partition("#comment-")[2]
    path = f"/ideas/{ref}/comments/{comment}"
    own, moderator = await arena.client("participant"), await arena.client("moderator")
    assert "Erst so.</textarea>" in (await own.get(f"{path}/edit")).text
    assert (await moderator.get(f"{path}/edit")).status_code == 403
    assert (await post(arena, f"{path}/edit", "participant", {"text": ""})).status_code == 422
    assert (
        await post(arena, f"{path}/edit", "participant", {"text": "Dann so."})
    ).status_code == 303
    assert "Dann so." in (await moderator.get(f"{path}/hide")).text
    assert (await post(arena, f"{path}/hide", "moderator", {"reason": ""})).status_code == 422
    assert (await post(arena, f"{path}/hide", "moderator", {"reason": "Grob."})).status_code == 303
    assert "Grob." in (await own.get(f"{path}/edit")).text
    assert (await post(arena, f"{path}/delete", "participant", {})).status_code == 303
    assert (await own.get(f"{path}/edit")).status_code == 404


async def test_a_guest_is_shown_the_way_in_instead_of_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    html = await page(arena, ref)
    assert f"/sign-in?next=/ideas/{ref}" in html
    assert "<textarea" not in html


async def test_an_unknown_fragment_is_not_there(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client = await arena.client("guest")
    assert (await client.get(f"/ideas/{ref}/fragments/secrets")).status_code == 404
    assert (await client.get("/ideas/2026-99999")).status_code == 404


@pytest.mark.parametrize("part", ["judgements", "stage", "kind", "mute", "revert"])
async def test_a_reload_after_a_refused_form_leads_back_to_the_idea(
    arena: Everyone, part: str
) -> None:
    ref = await arena.idea("open")
    answer = await (await arena.client("participant")).get(f"/ideas/{ref}/{part}?lang=en")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/ideas/{ref}")
    assert "arena_language=en" in answer.headers["set-cookie"]


async def test_the_list_names_a_stage_that_does_not_exist(arena: Everyone) -> None:
    answer = await (await arena.client("guest")).get("/api/v1/ideas?stage=foo")
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"stage": "unknown-choice"}
