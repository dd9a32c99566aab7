"""Reporting with and without an account, and what those who report learn."""

import asyncio
from email.message import EmailMessage
from uuid import uuid4

import pytest
from sqlalchemy import text as sql
from structlog.testing import CapturingLogger

from collab.process.abuse import reports as rules
from collab.process.following.mailing import ATTEMPTS_MAX, RETRY_FIRST, retry_at
from server.actions.abuse import reporting
from server.auth import limits
from storage.abuse import reports as stored
from tests.server.abuse.reporting import (
    call,
    cases,
    comment,
    decide,
    hide,
    log,
    report,
    text_of,
    tick,
    told,
)
from tests.server.idea.arena_of_all import Everyone

SCRIPT = "<script>alert(1)</script>"


async def addresses(arena: Everyone) -> list[str]:
    """The addresses that are kept."""
    async with arena.arena.services.database.read() as tx:
        rows = await tx.run(sql("SELECT email FROM report WHERE email IS NOT NULL"))
        return [row[0] for row in rows]


async def mails(arena: Everyone) -> list[str]:
    files = sorted(arena.arena.services.settings.outbox.glob("*.eml"))
    return [file.read_text() for file in files]


async def an_answer_waits(arena: Everyone) -> None:
    """Somebody without an account has reported, and it is decided."""
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    await report(arena, ref, said, email="ina@example.org")
    (case,) = await cases(arena)
    await decide(arena, case["id"], "dismissed")


async def away(_: EmailMessage) -> None:
    raise OSError


async def test_d1_a_guest_reports_and_learns_what_came_of_it(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    made = await report(arena, ref, said)
    assert made.status_code == 201
    place = made.headers["location"]
    state = (await call(arena, "guest", "GET", place)).json()
    assert (state["state"], state["outcome"], state["reason"]) == ("open", None, None)
    (case,) = await cases(arena)
    assert (case["target"], case["text"], case["author"]) == ("comment", "Idiot!", "participant")
    assert (await decide(arena, case["id"], "dismissed")).status_code == 204
    state = (await call(arena, "guest", "GET", place)).json()
    assert (state["state"], state["outcome"], state["reason"]) == (
        "decided", "dismissed", "So nicht."
    )  # fmt: skip
    assert (await call(arena, "guest", "GET", "/api/v1/reports/guessed")).status_code == 404


async def test_d1_texts_and_names_are_reported_where_they_stand(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await comment(arena, ref)
    for target, target_id in (("section", "situation"), ("section", "title"),
                              ("person", "participant"), ("person", "lead")):  # fmt: skip
        answer = await report(arena, ref, target_id, target=target, quote="Diese Worte")
        assert answer.status_code == 201, answer.text
    section, title, person, _ = await cases(arena)
    assert section["text"] == "Text zu situation."
    assert section["reports"][0]["quote"] == "Diese Worte"
    assert title["text"] == "Mehr Schatten"
    assert person["text"] == "Participant (participant)"


async def test_d1_nobody_learns_by_reporting_what_there_is(arena: Everyone) -> None:
    ref, draft, other = await arena.idea("open"), await arena.idea(), await arena.idea("open")
    elsewhere, hidden = await comment(arena, other), await comment(arena, ref, "expert")
    await hide(arena, ref, hidden)
    forged = [
        (draft, "section", "situation"),
        (draft, "person", "author"),
        ("2026-99999", "section", "situation"),
        ("'; DROP", "section", "situation"),
        (ref, "section", "basement"),
        (ref, "person", "office"),
        (ref, "person", "nobody"),
        (ref, "person", "expert"),
        (ref, "comment", elsewhere),
        (ref, "comment", hidden),
        (ref, "comment", str(uuid4())),
        (ref, "comment", "no-id"),
    ]
    answers = [await report(arena, idea, name, target=kind) for idea, kind, name in forged]
    assert {answer.status_code for answer in answers} == {404}
    assert await cases(arena) == []
    # Who reads the draft reports it, too; who looks on at the queue does not read it there.
    assert (await report(arena, draft, "situation", "editor", target="section")).status_code == 201
    (case,) = await cases(arena, "moderator")
    assert await cases(arena, "auditor") == []
    page = await (await arena.client("auditor")).get(f"/moderation/{case['id']}")
    assert page.status_code == 404


async def test_d2_reports_of_one_thing_are_bundled(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    for by in ("guest", "expert", "guest"):
        assert (await report(arena, ref, said, by)).status_code == 201
    (case,) = await cases(arena)
    assert (case["count"], len(case["reports"])) == (3, 3)
    await decide(arena, case["id"], "dismissed")
    await report(arena, ref, said)
    (again,) = await cases(arena)
    assert (again["count"], again["id"] == case["id"]) == (1, False)


async def test_d2_what_is_faulty_is_refused_by_field(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    for given, fields in (
        ({"words": " "}, {"words": "empty"}),
        ({"words": "x" * 2001}, {"words": "too-long"}),
        ({"words": "x" * 100_000}, {"words": "too-long"}),
        ({"ground": "shout"}, {"ground": "unknown-choice"}),
        ({"target": "planet"}, {"target": "unknown-choice"}),
        ({"email": "niemand"}, {"email": "not-an-address"}),
    ):
        answer = await report(arena, ref, said, **given)
        assert (answer.status_code, answer.json()["fields"]) == (422, fields)
    assert await cases(arena) == []


async def test_d2_reports_are_limited_by_address_and_by_what_they_are_about(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea("open")
    first, second = await comment(arena, ref), await comment(arena, ref)
    monkeypatch.setattr(rules, "REPORTS_PER_CASE_MAX", 2)
    monkeypatch.setattr(reporting, "REPORTS_PER_CASE_MAX", 2)
    for status in (201, 201, 429):
        answer = await report(arena, ref, first)
        assert answer.status_code == status
    assert answer.headers["retry-after"]
    limiter = arena.arena.services.limiter
    for _ in range(limits.REPORT_PER_ADDRESS.amount):
        await limiter.note(limits.REPORT_PER_ADDRESS, "report", "127.0.0.1")
    assert (await report(arena, ref, second)).status_code == 429


async def test_d3_however_many_report_nothing_is_hidden(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    for _ in range(25):
        await report(arena, ref, said, ground="illegal")
    assert await text_of(arena, ref, said) == "Idiot!"


async def test_d4_who_reported_is_told_to_nobody(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    await report(arena, ref, said, "expert")
    (case,) = await cases(arena)
    assert "expert" not in str(case).lower()
    for by in ("guest", "participant", "author"):
        assert "report_received" not in [kind for kind, _ in await log(arena, ref, by)]
    kind, payload = (await log(arena, ref, "moderator"))[-1]
    assert (kind, set(payload)) == ("report_received", {"case_id", "target", "ground"})
    async with arena.arena.services.database.read() as tx:
        rows = await tx.run(sql("SELECT actor_id FROM event WHERE kind = 'report_received'"))
        assert [row[0] for row in rows] == [None]
    await decide(arena, case["id"], "dismissed")
    assert await told(arena, "expert") == ["report"]
    assert await told(arena, "participant") == []


async def test_d5_an_address_gets_the_answer_and_is_gone(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    await report(arena, ref, said, email="Ina@Example.org")
    await tick(arena)
    assert await addresses(arena) == ["ina@example.org"]
    (case,) = await cases(arena)
    await decide(arena, case["id"], "hidden")
    await tick(arena)
    await tick(arena)
    (mail,) = await mails(arena)
    assert "To: ina@example.org" in mail
    assert "So nicht." in mail
    assert await addresses(arena) == []


async def test_d5_an_address_is_kept_for_another_try_if_the_mail_did_not_leave(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_answer_waits(arena)
    with monkeypatch.context() as patch:
        patch.setattr(arena.arena.services.mail, "_way", away)
        await tick(arena)
    assert await addresses(arena) == ["ina@example.org"]
    await tick(arena)
    assert await mails(arena) == [], "it waits for its next attempt"
    arena.arena.clock.pass_by(seconds=RETRY_FIRST.total_seconds())
    await tick(arena)
    assert (await addresses(arena), len(await mails(arena))) == ([], 1)


async def test_d16_an_answer_that_never_leaves_is_given_up_and_its_address_is_gone(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_answer_waits(arena)
    monkeypatch.setattr(arena.arena.services.mail, "_way", away)
    heard = CapturingLogger()
    monkeypatch.setattr("server.mail.log", heard)
    for attempt in range(1, ATTEMPTS_MAX):
        await tick(arena)
        assert len(await addresses(arena)) == 1
        again = retry_at(attempt, arena.arena.clock())
        assert again is not None
        arena.arena.clock.pass_by(seconds=(again - arena.arena.clock()).total_seconds())
    await tick(arena)
    assert await addresses(arena) == []
    said = [call.args for call in heard.calls]
    assert said == [("mail_not_sent",)] * ATTEMPTS_MAX + [("mail_given_up",)]


@pytest.mark.parametrize("moment", ["before it is handed over", "before the address is gone"])
async def test_d16_an_answer_whose_process_was_killed_is_sent_by_another(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    await an_answer_waits(arena)
    sent: list[str] = []

    async def way(message: EmailMessage) -> None:
        sent.append(str(message["Message-ID"]))

    async def killed(*_: object) -> None:
        raise asyncio.CancelledError

    mail = arena.arena.services.mail
    monkeypatch.setattr(mail, "_way", way)
    with monkeypatch.context() as patch:
        if moment == "before it is handed over":
            patch.setattr(mail, "_way", killed)
        else:
            patch.setattr(stored, "forget_address", killed)
        with pytest.raises(asyncio.CancelledError):
            await tick(arena)
    assert await addresses(arena) == ["ina@example.org"]
    before = len(sent)
    await tick(arena)
    assert len(sent) == before, "the claim of the dead one holds"
    arena.arena.clock.pass_by(seconds=RETRY_FIRST.total_seconds())
    await tick(arena)
    arena.arena.clock.pass_by(days=1)
    await tick(arena)
    assert (len(sent), len(set(sent))) == (before + 1, 1), "what comes twice is known as one"
    assert await addresses(arena) == []


async def test_d5_an_address_that_nobody_answers_goes_after_ninety_days(arena: Everyone) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref)
    await report(arena, ref, said, email="ina@example.org")
    arena.arena.clock.pass_by(days=89)
    await tick(arena)
    assert len(await addresses(arena)) == 1
    arena.arena.clock.pass_by(days=1, seconds=1)
    await tick(arena)
    assert (await addresses(arena), await mails(arena)) == ([], [])


async def test_d15_the_form_works_without_scripts_and_gives_back_what_was_typed(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    said = await comment(arena, ref, text=SCRIPT)
    guest = await arena.client("guest")
    page = (await guest.get(f"/ideas/{ref}")).text
    link = f"/report?idea={ref}&amp;target=comment&amp;id={said}"
    assert link in page
    assert f'href="/report?idea={ref}"' in page
    form = (await guest.get(link.replace("&amp;", "&"))).text
    assert "&lt;script&gt;" in form
    assert SCRIPT not in form
    fields = {"idea": ref, "target": f"comment:{said}", "words": SCRIPT, "email": "nein"}
    refused = await guest.post("/report", data=fields)
    assert refused.status_code == 422
    assert f">\n{SCRIPT}" not in refused.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in refused.text
    sent = await guest.post(
        "/report", data=fields | {"ground": "other", "email": ""}, follow_redirects=False
    )
    assert sent.status_code == 303
    page = (await guest.get(sent.headers["location"])).text
    assert sent.headers["location"].partition("?")[0] in page
    assert SCRIPT not in page
    assert SCRIPT not in (await (await arena.client("moderator")).get("/moderation")).text
    for path in ("/report", "/report?idea=2026-99999", f"/report?idea={ref}&target=comment&id=x"):
        assert (await guest.get(path)).status_code == 404
    foreign = await guest.post("/report", data=fields, headers={"Origin": "https://boese.test"})
    assert foreign.status_code == 403
