"""From what the files tell to steps of the timeline: each act becomes the action of its name."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

from collab.errors import Refusal
from collab.process.initiatives.initiative import Initiative
from server.actions.catalogues.initiatives import bring_in
from server.demo.content import Act
from server.demo.journeys.acts import (
    around,
    asking,
    conduct,
    judging,
    record,
    talking,
    uniting,
    way,
    wording,
)
from server.demo.journeys.content import Data, Journey, Journeys
from server.demo.journeys.quiet import MovedClock
from server.demo.journeys.scene import Scene, Standing
from server.demo.timeline import Step
from storage.process import initiatives

BEGIN: Mapping[str, Callable[[Scene, Journey, Act], Awaitable[None]]] = {
    "create": way.create,
    "replicate": way.replicate,
}
AT_CASE: Mapping[str, Callable[[Scene, Standing, Act], Awaitable[None]]] = {
    act.__name__: act
    for act in (
        way.move,
        way.offer,
        way.sign,
        way.hand_over,
        judging.judge,
        judging.keep,
        judging.open_round,
        judging.close_round,
        talking.comment,
        talking.react,
        talking.resolve,
        talking.make_requirement,
        talking.task,
        talking.settle_task,
        talking.follow,
        wording.rewrite,
        wording.suggest,
        wording.accept,
        wording.decline,
        conduct.report,
        conduct.decide_report,
        conduct.appeal,
        conduct.dismiss,
        record.evidence,
        record.indicator,
        record.measure,
        record.version,
        record.requirement,
        record.answer,
        record.settle,
        record.align,
        record.review,
        record.answer_review,
        around.link,
        around.relate,
        around.commit,
        around.sign_commitment,
        around.refer,
        around.support,
        around.answer_support,
        around.claim,
        around.note,
        around.prepare,
        asking.invite,
        asking.answer_invitation,
        uniting.unite,
    )
}
IN_ARENA: Mapping[str, Callable[[Scene, Act], Awaitable[None]]] = {
    act.__name__: act
    for act in (
        around.grant,
        around.enter_central,
        around.move_process,
        asking.declare,
    )
}


def steps(shown: Journeys, scene: Scene, clock: MovedClock) -> Iterator[Step]:
    """Everything that the journeys tell."""

    def step(days_ago: float, take: Callable[[], Awaitable[None]]) -> Step:
        async def taken(now: datetime) -> None:
            clock.now = now
            await take()

        return Step(days_ago, taken)

    acts = [act for case in shown.cases for act in case.acts] + list(shown.acts)
    if shown.initiatives:
        first = max(act.days_ago for act in acts)
        yield step(first, partial(_initiatives, scene, shown.initiatives))
    for act in shown.acts:
        yield step(act.days_ago, partial(IN_ARENA[act.kind], scene, act))
    for journey in shown.cases:
        for act in journey.acts:
            yield step(act.days_ago, partial(_take, scene, journey, act))


async def _take(scene: Scene, journey: Journey, act: Act) -> None:
    try:
        if begin := BEGIN.get(act.kind):
            await begin(scene, journey, act)
        else:
            await AT_CASE[act.kind](scene, scene.cases[journey.key], act)
    except Refusal as refusal:
        refusal.add_note(f"{journey.key}: {act.kind} {act.days_ago:g} days ago, by {act.by}")
        raise


async def _initiatives(scene: Scene, found: tuple[Data, ...]) -> None:
    """What exists already, as an import brings it in."""
    wanted = [
        Initiative(
            source=f"demo:{one['key']}",
            name=one["name"],
            abstract=one["abstract"],
            tags=tuple(one["tags"]),
            run_by=(one["run_by"],),
        )
        for one in found
    ]
    async with scene.services.database.write() as tx:
        await bring_in(tx, wanted, scene.services.clock())
        rows = await initiatives.by_sources(tx, [one.source for one in wanted])
    scene.initiatives.update({source.removeprefix("demo:"): row.id for source, row in rows.items()})
