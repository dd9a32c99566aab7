"""Words of a case: written anew by its people, and suggested by others."""

from functools import partial

from collab.sync.document import Document
from collab.sync.rooms.turns import ServerChange
from collab.sync.suggesting.blocks import joined, section_texts
from collab.sync.suggesting.passages import Passage, in_one_line, passage_at
from collab.sync.suggesting.writing import words_update
from server.actions.suggestions import deciding, making
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing
from server.demo.writing import client_of
from storage import documents


async def passage(scene: Scene, case: Standing, section: str, quote: str) -> Passage:
    """Words of a section as they stand now, with what is around them."""
    text, _ = await scene.services.hub.text(case.idea.document_id)
    flat = in_one_line(joined(section_texts(text, section)).text)
    assert flat.count(quote) == 1, f"{case.journey.key}: {quote!r} in {flat!r}"
    at = flat.index(quote)
    return passage_at(flat, at, at + len(quote))


async def rewrite(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody who may write puts other words in the place of ``quote``."""
    actor, section = await scene.actor(act.by), act.data["section"]
    assert actor.person_id is not None
    place = await passage(scene, case, section, act.data["quote"])
    make = partial(
        _words, section=section, place=place, words=act.data["words"], by=client_of(actor.person_id)
    )
    async with scene.services.database.read() as tx:
        document_id = case.idea.document_id
        head = (await documents.heads(tx, [document_id]))[document_id]
    change = ServerChange(make, actor.person_id, head.epoch, head.access_version)
    assert await scene.services.hub.apply_server_change(document_id, change) is not None
    await _read(scene, case)


async def suggest(scene: Scene, case: Standing, act: Act) -> None:
    """Other words are suggested for a passage."""
    data, actor = act.data, await scene.actor(act.by)
    wanted = making.Wanted(
        section=data["section"],
        passage=await passage(scene, case, data["section"], data["quote"]),
        words=data["words"],
        reason=data["reason"],
    )
    row = await making.suggest(scene.services, actor, case.ref, wanted)
    case.suggestions[data["key"]] = row.id


async def accept(scene: Scene, case: Standing, act: Act) -> None:
    """Who may write brings a suggestion into the text, in its author's name."""
    actor, suggested = await scene.actor(act.by), case.suggestions[act.data["suggestion"]]
    await deciding.accept_suggestion(scene.services, actor, case.ref, suggested, revision=1)
    await _read(scene, case)


async def decline(scene: Scene, case: Standing, act: Act) -> None:
    """Who may write declines a suggestion and says why."""
    actor, suggested = await scene.actor(act.by), case.suggestions[act.data["suggestion"]]
    reason = act.data["reason"]
    await deciding.decline_suggestion(scene.services, actor, case.ref, suggested, reason=reason)


async def _read(scene: Scene, case: Standing) -> None:
    """What is judged and moved from now on is the text as it reads now."""
    _, case.version = await scene.services.hub.text(case.idea.document_id)


def _words(
    document: Document, *, section: str, place: Passage, words: str, by: int
) -> bytes | None:
    return words_update(document, section, place, words, by)
