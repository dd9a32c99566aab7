"""People say what they know, are asked, and answer."""

from sqlalchemy import select

from server.actions.experts import invitations, profiles
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing
from storage.experts.invitations import INVITATION


async def declare(scene: Scene, act: Act) -> None:
    """Somebody says what he knows; he is listed and may be asked unless the file says no."""
    data = act.data
    await profiles.declare(
        scene.services,
        await scene.actor(act.by),
        ground=data["ground"],
        dimensions=data.get("dimensions", ()),
        fields=data.get("fields", ()),
        keywords=data.get("keywords", ()),
        about=data.get("about", ""),
        is_listed=data.get("listed", True),
        may_be_asked=data.get("asked", True),
        shows_organisation=data.get("organisation", False),
    )


async def invite(scene: Scene, case: Standing, act: Act) -> None:
    """The team asks somebody for his expertise."""
    await invitations.invite(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        handle=act.data["person"],
        note=act.data["note"],
        question=act.data.get("question", ""),
    )


async def answer_invitation(scene: Scene, case: Standing, act: Act) -> None:
    """Who was asked says yes or no."""
    actor = await scene.actor(act.by)
    mine = select(INVITATION.c.id).where(
        INVITATION.c.person_id == actor.person_id, INVITATION.c.state == "open"
    )
    async with scene.services.database.read() as tx:
        invitation_id = (await tx.run(mine.order_by(INVITATION.c.invited_at))).scalars().first()
    assert invitation_id is not None, f"{act.by} was not asked"
    await invitations.answer(
        scene.services,
        actor,
        case.ref,
        invitation_id,
        act=act.data["says"],
        text=act.data.get("text", ""),
    )
