"""What is reported and hidden, who objects, and hints that a team does not want."""

from server.actions.abuse import appeals, deciding, reporting
from server.actions.similar import keeping
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing
from storage.abuse import reports

ADDRESS = "192.0.2.1"
"""Where reports of the demonstration come from: an address that belongs to nobody."""


async def report(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody reports a comment."""
    new = reporting.NewReport(
        ref=case.ref,
        target="comment",
        target_id=str(case.comments[act.data["comment"]]),
        ground=act.data["ground"],
        words=act.data["text"],
    )
    actor = await scene.actor(act.by)
    await reporting.report(scene.services, actor, new, address=ADDRESS, language="de")


async def decide_report(scene: Scene, case: Standing, act: Act) -> None:
    """A moderator decides what was reported of a comment."""
    data, said = act.data, case.comments[act.data["comment"]]
    async with scene.services.database.read() as tx:
        row = await reports.open_of(tx, case.idea.id, "comment", str(said))
    assert row is not None, case.journey.key
    verdict = deciding.Verdict(data["outcome"], data["reason"], data.get("ground", ""))
    await deciding.decide(scene.services, await scene.actor(act.by), row.id, verdict)


async def appeal(scene: Scene, case: Standing, act: Act) -> None:
    """Who wrote what was hidden objects to it."""
    actor, said = await scene.actor(act.by), case.comments[act.data["comment"]]
    await appeals.appeal(
        scene.services, actor, case.ref, "comment", str(said), words=act.data["text"]
    )


async def dismiss(scene: Scene, case: Standing, act: Act) -> None:
    """The team does not want to be pointed to a case that a machine finds like theirs."""
    other = scene.cases[act.data["to"]]
    await keeping.dismiss(scene.services, await scene.actor(act.by), case.ref, other.ref)
