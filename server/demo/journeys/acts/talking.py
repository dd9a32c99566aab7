"""What people say of a case and its passages, and what becomes of it."""

from collab.process.talk.comments import Anchor
from server.actions.following import follows
from server.actions.talk import outcomes, reactions, settling, tasks
from server.actions.talk.comments import add_comment
from server.demo.content import Act
from server.demo.journeys.acts.wording import passage
from server.demo.journeys.scene import Scene, Standing


async def comment(scene: Scene, case: Standing, act: Act) -> None:
    """A comment, on the words ``quote`` of a section or on the whole; or an answer to another."""
    row = await add_comment(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        kind=act.data["kind"],
        text=act.data["text"],
        anchor=await _anchor(scene, case, act),
        reply_to=case.comments[act.data["reply_to"]] if "reply_to" in act.data else None,
    )
    if "key" in act.data:
        case.comments[act.data["key"]] = row.id


async def react(scene: Scene, case: Standing, act: Act) -> None:
    """What somebody says to a comment in one word."""
    actor, said = await scene.actor(act.by), case.comments[act.data["comment"]]
    await reactions.react(scene.services, actor, case.ref, said, act.data["reaction"])


async def resolve(scene: Scene, case: Standing, act: Act) -> None:
    """A thread is settled, by what was changed in the text since it began."""
    await settling.resolve_comment(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        case.comments[act.data["comment"]],
        resolved=True,
        note=act.data["note"],
        since_comment=True,
    )


async def make_requirement(scene: Scene, case: Standing, act: Act) -> None:
    """A comment becomes a requirement in its own words."""
    actor, said = await scene.actor(act.by), case.comments[act.data["comment"]]
    await outcomes.make_requirement(scene.services, actor, case.ref, said)


async def task(scene: Scene, case: Standing, act: Act) -> None:
    """Something is to be done; by itself, or because a comment asks for it."""
    data, actor = act.data, await scene.actor(act.by)
    planned = {
        "text": data["text"],
        "owner": data.get("owner", ""),
        "due": scene.day(data.get("due", "")),
    }
    if said := data.get("comment"):
        await outcomes.make_task(scene.services, actor, case.ref, case.comments[said], **planned)
    else:
        await tasks.add_task(scene.services, actor, case.ref, **planned)


async def settle_task(scene: Scene, case: Standing, act: Act) -> None:
    """A task is done, or dropped for a reason."""
    actor, data = await scene.actor(act.by), act.data
    await tasks.settle_task(
        scene.services,
        actor,
        case.ref,
        data["number"],
        state=data["state"],
        reason=data.get("reason", ""),
    )


async def follow(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody wants to hear of the case."""
    await follows.follow(scene.services, await scene.actor(act.by), case.ref, follows_it=True)


async def _anchor(scene: Scene, case: Standing, act: Act) -> dict[str, object] | None:
    """The anchor as somebody makes it who chose the words without an editor."""
    if "quote" not in act.data:
        return None
    found = await passage(scene, case, act.data["section"], act.data["quote"])
    return dict(Anchor(section=act.data["section"], **found.to_json()).to_json())
