"""Ideas as files, over HTTP: who gets them, and exactly which text is in them."""

import io

import httpx2
import pytest
from docx import Document

from tests.server.exporting.files.papers import ReadPdf
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.versions.asking import name

FORMS = ("pdf", "docx", "md")


async def file(
    arena: Everyone, ref: str, form: str, by: str = "guest", asked: str = "", language: str = "de"
) -> httpx2.Response:
    client = await arena.client(by)
    headers = {"Accept-Language": language}
    return await client.get(f"/ideas/{ref}.{form}{asked}", headers=headers)


async def said(arena: Everyone, ref: str, form: str, **how: str) -> str:
    """What somebody reads in the file."""
    answer = await file(arena, ref, form, **how)
    assert answer.status_code == 200, answer.text
    match form:
        case "pdf":
            return ReadPdf(answer.content).text
        case "docx":
            document = Document(io.BytesIO(answer.content))
            return "\n".join(each.text for each in document.paragraphs)
    return answer.text.replace("\\", "")


@pytest.mark.parametrize("form", FORMS)
async def test_hv1_an_idea_can_be_taken_along_as_it_is_now_or_was(
    arena: Everyone, form: str
) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "participant", "idea", "Das kam später dazu.")
    comment = {"text": "Ein Wort aus dem Gespräch."}
    client = await arena.client("participant")
    assert (await client.post(f"/api/v1/ideas/{ref}/comments", json=comment)).status_code == 201
    passage = {"section": "idea", "passage": {"quote": "später"}, "text": "vorgeschlagen"}
    suggested = await client.post(f"/api/v1/ideas/{ref}/suggestions", json=passage)
    assert suggested.status_code == 201, suggested.text
    now, then = await said(arena, ref, form), await said(arena, ref, form, asked=f"?version={kept}")
    for text in (now, then):
        assert "Mehr Schatten" in text
        assert "Text zu idea." in text
        assert "Gespräch" not in text
        assert "vorgeschlagen" not in text
    assert "Das kam später dazu." in now
    assert "später" not in then
    assert "Phase" in now
    assert "Phase" not in then
    assert f"/ideas/{ref}/versions/{kept}" in "".join(then.split())


async def test_hv1_a_draft_is_a_file_for_its_team_only(arena: Everyone) -> None:
    ref = await arena.idea()
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    for by, status in (("guest", 404), ("participant", 404), ("observer", 404), ("editor", 200)):
        for form in FORMS:
            assert (await file(arena, ref, form, by)).status_code == status, (by, form)
            asked = f"?version={kept}"
            assert (await file(arena, ref, form, by, asked)).status_code == status, (by, form)


async def test_hv2_a_file_says_which_text_it_is_and_is_the_same_each_time(arena: Everyone) -> None:
    ref = await arena.idea("open")
    version = await arena.version(ref)
    place = f"{version.epoch}.{version.seq}"
    for form in FORMS:
        answer = await file(arena, ref, form)
        assert answer.headers["arena-text-version"] == place
        assert (
            answer.headers["content-disposition"] == f'attachment; filename="{ref}-{place}.{form}"'
        )
        assert version.sha256 in "".join((await said(arena, ref, form)).split())
        arena.arena.clock.pass_by(hours=3)
        assert (await file(arena, ref, form)).content == answer.content
    types = [(await file(arena, ref, form)).headers["content-type"] for form in FORMS]
    assert types[0] == "application/pdf"
    assert types[1].endswith("wordprocessingml.document")
    assert types[2] == "text/markdown; charset=utf-8"


async def test_hv3_a_file_speaks_the_language_of_its_reader_around_the_text(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    read = ReadPdf((await file(arena, ref, "pdf", language="en")).content)
    assert read.language == "en"
    assert "de" in read.languages()
    assert "Text as of" in read.text
    assert read.title == "Mehr Schatten"


async def test_hv1_what_is_no_file_and_no_version_is_not_found(arena: Everyone) -> None:
    ref = await arena.idea("open")
    for form in ("exe", "PDF", "json", "pdf.docx"):
        assert (await file(arena, ref, form)).status_code == 404, form
    for asked in ("9.9", "1", "now", "1.1.1", "", "²", "1.99999999999999999999"):
        answer = await file(arena, ref, "pdf", asked=f"?version={asked}")
        assert answer.status_code == 404, asked
    assert (await file(arena, "2026-99999", "pdf")).status_code == 404


async def test_hv1_the_pages_of_versions_lead_to_the_files(arena: Everyone) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    client = await arena.client("guest")
    for path, asked in (("", ""), (f"/{kept}", f"?version={kept}")):
        page = (await client.get(f"/ideas/{ref}/versions{path}")).text
        for form in FORMS:
            assert f'href="/ideas/{ref}.{form}{asked}"' in page
