"""The whole application over ASGI: headers, errors, identity, and the ideas of the API."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import text
from structlog.testing import CapturingLogger

from collab.process.actors import Role
from collab.sync.address import DocumentAddress
from server.actions import access, people, programs
from server.actions.access import Caller
from server.app import running_realtime
from server.auth.visitor import redeem_ticket
from server.language import LANGUAGES
from server.middleware.security import CONTENT_SECURITY_POLICY
from tests.server.running import ORIGIN, Arena, running

PASSWORD = "ein gutes Passwort"
PEOPLE = {
    "ana": Role.PARTICIPANT,
    "ben": Role.PARTICIPANT,
    "mod": Role.MODERATOR,
    "office": Role.COORDINATION_OFFICE,
}


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path, realtime=running_realtime) as arena:
        for handle, role in PEOPLE.items():
            await people.add_person(
                arena.services,
                None,
                handle=handle,
                name=handle.title(),
                roles=[role],
                password=PASSWORD,
            )
        yield arena


async def program(arena: Arena, handle: str) -> httpx2.AsyncClient:
    """A client with a bearer token and nothing of a browser."""
    token = await programs.issue_token(arena.services, handle)
    client = arena.browser(Authorization=f"Bearer {token}")
    del client.headers["Origin"]
    return client


async def signed_in(arena: Arena, handle: str) -> httpx2.AsyncClient:
    """A browser with a session cookie."""
    done = await access.sign_in(arena.services, handle, PASSWORD, Caller("192.0.2.1"))
    client = arena.browser()
    client.cookies.set("arena_session", done.secret)
    return client


async def create(client: httpx2.AsyncClient, **more: object) -> httpx2.Response:
    return await client.post("/api/v1/ideas", json={"kind": "need", "title": "Schatten", **more})


async def test_every_answer_has_the_protecting_headers(arena: Arena) -> None:
    for path in ("/", "/api/v1/ideas", "/nowhere", "/healthz", "/assets/nothing.js"):
        headers = (await arena.client.get(path)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in headers


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "require-trusted-types-for 'script'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


async def test_what_a_signed_in_person_sees_is_kept_nowhere(arena: Arena) -> None:
    browser = await signed_in(arena, "ana")
    assert (await browser.get("/")).headers["cache-control"] == "no-store"
    guest = await arena.client.get("/")
    assert guest.headers["cache-control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(guest.headers["vary"].split(", "))


async def test_pages_are_compressed(arena: Arena) -> None:
    async with arena.client.stream("GET", "/", headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(raw)[:200].lower()


async def test_unknown_paths_answer_people_and_programs_in_their_form(arena: Arena) -> None:
    page = await arena.client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = await arena.client.get("/api/v1/nowhere")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"] == "urn:arena:problem:not-found"


async def test_a_wrong_method_is_a_problem_that_names_the_right_ones(arena: Arena) -> None:
    answer = await arena.client.request("DELETE", "/api/v1/ideas")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method-not-allowed"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_big_bodies_are_refused_announced_or_not(arena: Arena) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    client = await program(arena, "ana")
    kind = {"Content-Type": "application/json"}
    for content in (b" " * 2_000_000, much()):
        answer = await client.post("/api/v1/ideas", content=content, headers=kind)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-big")


async def test_problems_are_worded_in_the_readers_language(arena: Arena) -> None:
    for language in LANGUAGES:
        answer = await arena.client.get("/api/v1/nowhere", headers={"Accept-Language": language})
        assert answer.headers["content-language"] == language


async def test_a_wished_language_is_remembered(arena: Arena) -> None:
    answer = await arena.client.get("/?lang=en")
    assert answer.headers["content-language"] == "en"
    assert (await arena.client.get("/")).headers["content-language"] == "en"


async def test_the_description_of_the_api_is_valid_and_complete(arena: Arena) -> None:
    document = (await arena.client.get("/openapi.json")).json()
    OpenAPIV31SpecValidator(document).validate()
    assert {"get", "post"} <= set(document["paths"]["/api/v1/ideas"])
    assert "post" in document["paths"]["/api/v1/collab/tickets"]
    assert json.dumps(document)


async def test_a_foreign_page_changes_nothing_with_a_persons_cookie(arena: Arena) -> None:
    browser = await signed_in(arena, "ana")
    foreign = {"Origin": "https://evil.example"}
    for headers in (foreign, {**foreign, "Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = await browser.post(
            "/api/v1/ideas", json={"kind": "need", "title": "x"}, headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin")
    assert (await create(browser)).status_code == 201


async def test_guests_are_asked_to_sign_in(arena: Arena) -> None:
    answer = await create(arena.client)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-required")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["nonsense", "", "x" * 10_000])
async def test_an_unknown_token_is_refused_and_not_taken_for_a_guest(
    arena: Arena, token: str
) -> None:
    answer = await arena.client.get("/api/v1/ideas", headers={"Authorization": f"Bearer {token}"})
    expected = 401 if token else 200
    assert answer.status_code == expected


async def test_a_created_idea_has_its_address_and_document(arena: Arena) -> None:
    client = await program(arena, "ana")
    answer = await create(client)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/ideas/2026-00001"
    idea = answer.json()
    assert (idea["ref"], idea["kind"], idea["stage"], idea["revision"]) == (
        "2026-00001",
        "need",
        "draft",
        1,
    )
    assert DocumentAddress.parse(idea["document_id"]).epoch == 1
    assert idea["text_version"]["seq"] == 1
    assert idea["author"]["handle"] == "ana"
    assert "edit_text" in idea["may"]
    assert (await client.get(answer.headers["location"])).json() == idea


@pytest.mark.parametrize("handle", [None, "ben"])
async def test_a_draft_is_not_there_for_strangers(arena: Arena, handle: str | None) -> None:
    ref = (await create(await program(arena, "ana"))).json()["ref"]
    client = await program(arena, handle) if handle else arena.client
    answer = await client.get(f"/api/v1/ideas/{ref}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await client.get("/api/v1/ideas")).json()["ideas"] == []
    assert (await client.get("/api/v1/ideas?stage=draft")).json()["ideas"] == []


async def test_its_author_and_moderators_see_a_draft(arena: Arena) -> None:
    await create(await program(arena, "ana"))
    for handle in ("ana", "mod", "office"):
        client = await program(arena, handle)
        listed = (await client.get("/api/v1/ideas")).json()["ideas"]
        assert [each["ref"] for each in listed] == ["2026-00001"]


async def test_lists_are_read_page_by_page(arena: Arena) -> None:
    client = await program(arena, "ana")
    for number in range(5):
        arena.clock.pass_by(minutes=1)
        await create(client, title=f"Idee {number}")
    titles: list[str] = []
    cursor = ""
    for _ in range(3):
        page = (await client.get(f"/api/v1/ideas?mine=true&limit=2{cursor}")).json()
        titles += [each["title"] for each in page["ideas"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert titles == [f"Idee {number}" for number in (4, 3, 2, 1, 0)]
    assert page["next_cursor"] is None


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "limit=0", "limit=101", "kind=wish", "mine=perhaps", "x=1"]
)
async def test_faulty_queries_are_refused(arena: Arena, query: str) -> None:
    client = await program(arena, "ana")
    answer = await client.get(f"/api/v1/ideas?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("ref", ["2026-99999", "nonsense", "2026-1", "..%2f..%2fx", "%F0%9F%8C%B3"])
async def test_unknown_references_are_not_found(arena: Arena, ref: str) -> None:
    assert (await arena.client.get(f"/api/v1/ideas/{ref}")).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/ideas?q=%00", "/ideas/%00", "/?q=%00", "/people/a%00"])
async def test_addresses_with_a_null_character_are_no_addresses(arena: Arena, path: str) -> None:
    assert (await arena.client.get(path)).status_code == 400


async def test_words_of_the_text_find_the_idea(arena: Arena) -> None:
    client = await program(arena, "ana")
    await create(client, sections={"situation": "Die Spielplätze sind zu heiß."})
    found = (await client.get("/api/v1/ideas", params={"q": "Spielplatz"})).json()["ideas"]
    assert [each["title"] for each in found] == ["Schatten"]


async def test_a_ticket_opens_one_document_once(arena: Arena) -> None:
    client = await program(arena, "ana")
    wire = (await create(client)).json()["document_id"]
    document = DocumentAddress.parse(wire).document
    answer = await client.post("/api/v1/collab/tickets", json={"document_id": wire})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    ticket = answer.json()["ticket"]
    actor = await redeem_ticket(arena.services, ticket, document)
    assert actor is not None
    assert actor.handle == "ana"
    assert await redeem_ticket(arena.services, ticket, document) is None


async def test_a_ticket_is_for_its_document_and_expires(arena: Arena) -> None:
    client = await program(arena, "ana")
    first, second = [(await create(client)).json()["document_id"] for _ in range(2)]
    document, other = (DocumentAddress.parse(each).document for each in (first, second))

    async def ticket() -> str:
        answer = await client.post("/api/v1/collab/tickets", json={"document_id": first})
        return str(answer.json()["ticket"])

    assert await redeem_ticket(arena.services, await ticket(), other) is None
    late = await ticket()
    arena.clock.pass_by(seconds=30)
    assert await redeem_ticket(arena.services, late, document) is None


@pytest.mark.parametrize(("handle", "status"), [(None, 401), ("ben", 404)])
async def test_no_ticket_for_who_may_not_read(
    arena: Arena, handle: str | None, status: int
) -> None:
    wire = (await create(await program(arena, "ana"))).json()["document_id"]
    client = await program(arena, handle) if handle else arena.client
    answer = await client.post("/api/v1/collab/tickets", json={"document_id": wire})
    assert answer.status_code == status


async def test_a_suspended_person_stops_at_once_by_cookie_and_by_token(arena: Arena) -> None:
    browser, client = await signed_in(arena, "ana"), await program(arena, "ana")
    office = await program(arena, "office")
    assert (await browser.get("/api/v1/me")).status_code == 200
    stopped = await office.put("/api/v1/people/ana/suspension", json={"reason": "Beleidigung"})
    assert (stopped.status_code, stopped.json()["is_suspended"]) == (200, True)
    assert (await browser.get("/api/v1/me")).status_code == 401
    assert (await create(client)).status_code == 401
    assert (await office.delete("/api/v1/people/ana/suspension")).status_code == 204
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_only_the_office_manages_people(arena: Arena) -> None:
    for handle in ("ana", "mod"):
        client = await program(arena, handle)
        for method, path in (
            ("PUT", "/api/v1/people/ben/roles/moderator"),
            ("DELETE", "/api/v1/people/ben/roles/participant"),
            ("DELETE", "/api/v1/people/ben/suspension"),
        ):
            assert (await client.request(method, path)).status_code == 403, (handle, path)


async def test_people_read_and_change_themselves(arena: Arena) -> None:
    client = await signed_in(arena, "ana")
    changed = await client.patch(
        "/api/v1/me", json={"name": "Ana Alt", "email": "ana@example.org", "language": "en"}
    )
    assert changed.status_code == 200
    assert (await client.get("/api/v1/me")).json() == {
        "handle": "ana",
        "name": "Ana Alt",
        "actor_class": "resident",
        "organisation": None,
        "roles": ["participant"],
        "is_suspended": False,
        "email": "ana@example.org",
        "language": "en",
    }
    kept = (await client.patch("/api/v1/me", json={"name": "Ana"})).json()
    assert (kept["name"], kept["email"]) == ("Ana", "ana@example.org")


async def test_people_are_listed_for_people_without_their_addresses(arena: Arena) -> None:
    assert (await arena.client.get("/api/v1/people")).status_code == 401
    listed = (await (await program(arena, "ana")).get("/api/v1/people?q=an")).json()["people"]
    assert [each["handle"] for each in listed] == ["ana"]
    assert "email" not in listed[0]


async def test_health_and_readiness(arena: Arena) -> None:
    assert (await arena.client.get("/healthz")).json() == {"status": "ok"}
    assert (await arena.client.get("/readyz")).json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "clock": "ok",
        "relay": "none",
        "suspect_documents": 0,
        "quarantined_updates": 0,
    }


async def test_a_process_that_ends_takes_nobody_in(tmp_path: Path) -> None:
    async with running(tmp_path) as arena:
        arena.listener.is_draining = True
        assert (await arena.client.get("/readyz")).status_code == 503
        assert (await arena.client.get("/healthz")).status_code == 200


async def test_a_database_that_is_not_ready_is_said(tmp_path: Path) -> None:
    async with running(tmp_path) as arena:
        async with arena.services.database.write() as tx:
            await tx.run(text("DELETE FROM alembic_version"))
        assert (await arena.client.get("/readyz")).status_code == 503


async def test_numbers_are_for_this_machine_or_for_who_has_the_token(arena: Arena) -> None:
    metrics = await arena.client.get("/metrics")
    assert metrics.status_code == 200
    assert 'arena_http_requests_total{method="GET"' in metrics.text
    assert "2026-0" not in metrics.text
    proxied = await arena.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"})
    assert proxied.status_code == 404


async def test_numbers_can_be_kept_behind_a_token(tmp_path: Path) -> None:
    async with running(tmp_path, metrics_token="geheim") as arena:
        assert (await arena.client.get("/metrics")).status_code == 404
        shown = await arena.client.get("/metrics", headers={"Authorization": "Bearer geheim"})
        assert shown.status_code == 200


async def test_a_page_that_takes_a_form_names_both_its_methods(arena: Arena) -> None:
    answer = await arena.client.request("PUT", "/sign-in")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_every_page_that_needs_no_data_can_be_shown(arena: Arena) -> None:
    browsers = {"ana": await signed_in(arena, "ana"), "office": await signed_in(arena, "office")}
    for path in ("/", "/about", "/sign-in", "/password/forgot", "/openapi.json"):
        assert (await arena.client.get(path)).status_code == 200, path
    for path in ("/", "/ideas/mine", "/ideas/new", "/account", "/about"):
        assert (await browsers["ana"].get(path)).status_code == 200, path
    assert (await browsers["office"].get("/people")).status_code == 200


async def test_a_guest_is_led_to_sign_in_and_back(arena: Arena) -> None:
    answer = await arena.client.get("/account", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")


async def test_a_whole_sign_in_with_a_form(arena: Arena) -> None:
    browser = arena.browser()
    form = {"name": "ana", "password": PASSWORD, "next": "/account"}
    answer = await browser.post("/sign-in", data=form)
    assert answer.status_code == 303
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert (await browser.get("/account")).status_code == 200
    assert (await browser.post("/sign-out")).status_code == 303
    assert (await browser.get("/account")).status_code == 303


async def test_t51_who_hangs_up_within_his_request_is_no_fault_of_ours(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = CapturingLogger()
    monkeypatch.setattr("server.errors.log", heard)
    answers: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"host", b"arena.test"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/v1/ideas",
        "raw_path": b"/api/v1/ideas",
        "root_path": "",
        "query_string": b"",
        "headers": [*headers, (b"origin", ORIGIN.encode()), (b"content-length", b"10")],
        "client": ("192.0.2.1", 1),
        "server": ("arena.test", 80),
        "scheme": "http",
        "http_version": "1.1",
        "app": arena.app,
    }
    await arena.app(scope, receive, send)
    assert answers[0]["status"] == 400
    assert heard.calls == []
