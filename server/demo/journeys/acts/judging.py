"""What people hold of a case, in rounds and without, and what they hold of it later."""

from datetime import date

from collab.process.feasibility.judgements import check_declared
from server.actions.feasibility import rounds
from server.actions.feasibility.judgements import judge as give_judgement
from server.actions.feasibility.judgements import keep as keep_judgement
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing


async def judge(scene: Scene, case: Standing, act: Act) -> None:
    """What somebody outside the team holds of one dimension."""
    data = act.data
    await give_judgement(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        data["dimension"],
        verdict=data["verdict"],
        confidence=data["confidence"],
        reason=data["reason"],
        seen=case.version,
        declared=check_declared(
            data.get("expertise", "none"),
            data.get("expertise_note", ""),
            data.get("own_interest", ""),
            data.get("evidence", ""),
        ),
    )


async def keep(scene: Scene, case: Standing, act: Act) -> None:
    """He has read what was changed, and holds of it what he held before."""
    actor, dimension = await scene.actor(act.by), act.data["dimension"]
    await keep_judgement(scene.services, actor, case.ref, dimension, seen=case.version)


async def open_round(scene: Scene, case: Standing, act: Act) -> None:
    """Everybody may judge the text as it is now, until the end of a day."""
    row = await rounds.open_round(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        dimensions=act.data["dimensions"],
        disclosure=act.data["disclosure"],
        ends_on=date.fromisoformat(scene.day(act.data["ends"])),
        seen=case.version,
    )
    case.round = row.id


async def close_round(scene: Scene, case: Standing, act: Act) -> None:
    """The round is over before its day."""
    assert case.round is not None, case.journey.key
    actor, reason = await scene.actor(act.by), act.data["reason"]
    await rounds.close_round(scene.services, actor, case.ref, case.round, reason=reason)
