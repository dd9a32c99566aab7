"""Two ideas become one: proposed by one author, agreed to by the other."""

from server.actions.merging.proposing import answer, propose
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing


async def unite(scene: Scene, case: Standing, act: Act) -> None:
    """Propose that the case goes on in another one; ``agrees`` says yes, who does not propose."""
    data = act.data
    target = scene.cases[data["into"]]
    row = await propose(
        scene.services, await scene.actor(act.by), case.ref, to=target.ref, reason=data["reason"]
    )
    if agrees := data.get("agrees"):
        actor = await scene.actor(agrees)
        await answer(scene.services, actor, target.ref, row.id, said="yes", note="")
