"""What was erased is in no byte of any file; what was cut short is finished the next time."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from server.actions.erasure import people as erasure
from server.actions.erasure.people import CHOICES
from server.actions.erasure.texts import erase_past
from server.commands.texts import _problems
from server.realtime.crash.child import a_child
from server.realtime.holders import holder
from server.services import Services
from storage import documents
from tests.server.erasure.files import folders, found, lay_down
from tests.server.erasure.traces import leave_traces, type_out
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of


async def problems(services: Services, document_id: UUID) -> list[str]:
    """What ``documents verify`` says about the document."""
    async with services.database.read() as tx, a_child() as child:
        held_by = await holder(tx, document_id)
        assert held_by is not None
        return await _problems(tx, child, held_by)


async def test_x2_x3_a_person_is_in_no_file_any_more(either: Everyone) -> None:
    services = either.arena.services
    traces = await leave_traces(either)
    places = await folders(services.database, services.settings.var)
    await lay_down(services.database)
    before = found(places, *traces.words, *traces.kept)
    assert set(before) == {*traces.words, *traces.kept}

    outcome = await erasure.erase_person(services, traces.handle, CHOICES["erase"])
    assert (outcome.warnings, outcome.unreadable, outcome.texts) == ((), (), 1)
    await lay_down(services.database)
    assert found(places, *traces.words) == {}
    assert set(found(places, *traces.kept)) == set(traces.kept)
    assert await problems(services, await document_of(either, traces.ref)) == []


async def test_x7_an_erasure_that_was_cut_short_is_finished_the_next_time(
    either: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = either.arena.services
    traces = await leave_traces(either)
    places = await folders(services.database, services.settings.var)

    async def dies(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the process was killed")

    with monkeypatch.context() as before_the_texts:
        before_the_texts.setattr(erasure, "erase_person_text", dies)
        with pytest.raises(RuntimeError):
            await erasure.erase_person(services, traces.handle, CHOICES["erase"])
    with monkeypatch.context() as before_the_files:
        before_the_files.setattr(erasure, "purge", dies)
        with pytest.raises(RuntimeError):
            await erasure.finish(services)
    await lay_down(services.database)
    async with services.database.read() as tx:
        loaded = await documents.load(tx, await document_of(either, traces.ref))
    assert isinstance(loaded, documents.Found)
    assert traces.words[5].encode() not in b"|".join(loaded.updates)
    assert found(places, traces.words[5]), "its bytes are still in the files"
    assert await erasure.is_unfinished(services)

    await erasure.finish(services)
    await lay_down(services.database)
    assert found(places, *traces.words) == {}
    assert not await erasure.is_unfinished(services)


async def test_x6_deleted_text_leaves_the_history_and_the_files(either: Everyone) -> None:
    services = either.arena.services
    ref, mark = await either.idea("open"), uuid4().hex[:8]
    bad, good = f"verboten{mark}", f"erlaubt{mark}"
    await type_out(either, ref, "participant", "situation", bad, key_by_key=True)
    await type_out(either, ref, "expert", "situation", good)
    document_id, moderator = await document_of(either, ref), await either.client("moderator")
    judged = await (await either.client("expert")).put(
        f"/api/v1/ideas/{ref}/judgements/legal",
        json={
            "verdict": "feasible",
            "confidence": "low",
            "reason": "",
            "text_version": (await either.version(ref)).to_json(),
        },
    )
    assert judged.status_code == 200, judged.text
    reverted = await moderator.post(
        f"/ideas/{ref}/revert",
        data={"handle": "participant", "revert_reason": "Verboten."},
        follow_redirects=False,
    )
    assert reverted.status_code == 303
    places = await folders(services.database, services.settings.var)
    await lay_down(services.database)
    assert found(places, bad)

    await erase_past(services, document_id)
    outcome = await erasure.finish(services)
    assert outcome.warnings == ()
    await lay_down(services.database)
    assert found(places, bad) == {}
    assert found(places, good)
    assert await problems(services, document_id) == []
