"""What is put on record of a case: evidence, indicators, requirements, conditions, goals."""

from collab.process.alignment.statements import Words
from server.actions.alignment import reviews, statements
from server.actions.casefile.conditions import settle_condition
from server.actions.casefile.evidence import put_evidence
from server.actions.casefile.indicators import IndicatorForm, set_indicator
from server.actions.casefile.indicators import measure as enter_value
from server.actions.casefile.requirements import answer_requirement, raise_requirement
from server.actions.versions import names as versions
from server.demo.content import Act
from server.demo.journeys.scene import Scene, Standing, goal_of, number, person_id
from storage.process.ties import alignment


async def evidence(scene: Scene, case: Standing, act: Act) -> None:
    """Fields of one kind of evidence."""
    kind = act.data["kind"]
    await put_evidence(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        kind,
        data=scene.days(act.data["data"]),
        expected_revision=case.next("evidence", kind),
        reason=act.data.get("reason", ""),
    )


async def indicator(scene: Scene, case: Standing, act: Act) -> None:
    """What the measure is measured by."""
    form = IndicatorForm(
        kind=act.data["kind"],
        text=act.data["text"],
        unit=act.data["unit"],
        baseline=number(act.data, "baseline"),
        target=number(act.data, "target"),
        due=scene.day(act.data["due"]),
    )
    actor = await scene.actor(act.by)
    await set_indicator(scene.services, actor, case.ref, None, form)


async def measure(scene: Scene, case: Standing, act: Act) -> None:
    """A value of an indicator, measured on the day of the act or on ``day``."""
    await enter_value(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        act.data["number"],
        day=scene.day(act.data.get("day", f"day:-{act.days_ago + 1:g}")),
        value=number(act.data, "value"),
        note=act.data.get("note", ""),
    )


async def version(scene: Scene, case: Standing, act: Act) -> None:
    """Keep the text as it is under a name."""
    actor = await scene.actor(act.by)
    await versions.name_version(
        scene.services,
        actor,
        case.ref,
        name=act.data["name"],
        note=act.data.get("note", ""),
    )


async def requirement(scene: Scene, case: Standing, act: Act) -> None:
    """Somebody asks something of the idea."""
    await raise_requirement(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        text=act.data["text"],
        recorded_for=act.data.get("recorded_for", ""),
        section=act.data.get("section"),
    )


async def answer(scene: Scene, case: Standing, act: Act) -> None:
    """What the team makes of a requirement."""
    await answer_requirement(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        act.data["number"],
        state=act.data["state"],
        because=act.data["because"],
        expected_revision=case.next("requirement", str(act.data["number"])),
        section=act.data.get("section"),
    )


async def settle(scene: Scene, case: Standing, act: Act) -> None:
    """A condition of a judgement is met, or its risk is accepted."""
    await settle_condition(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        act.data["dimension"],
        act.data["judge"],
        state=act.data["state"],
        because=act.data["because"],
        expected_revision=1,
    )


async def align(scene: Scene, case: Standing, act: Act) -> None:
    """What the idea pays into, in the words of its team."""
    words = Words(
        contribution=act.data["text"],
        effect=act.data.get("effect", ""),
        indicator=act.data.get("indicator", ""),
        conflict=act.data.get("conflict", ""),
    )
    goal = act.data["goal"]
    await statements.state(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        goal_of(goal),
        words,
        expected_revision=case.next("goal", goal),
    )


async def review(scene: Scene, case: Standing, act: Act) -> None:
    """What somebody outside the team holds of a statement as it is now."""
    goal = act.data["goal"]
    await reviews.review(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        goal_of(goal),
        revision=case.revisions["goal", goal],
        verdict=act.data["verdict"],
        text=act.data["text"],
    )


async def answer_review(scene: Scene, case: Standing, act: Act) -> None:
    """The team answers what a reviewer doubts."""
    async with scene.services.database.read() as tx:
        found = await alignment.reviews(tx, case.idea.id)
    doubted = next(
        one
        for one in found
        if one.person_id == person_id(act.data["reviewer"])
        and (one.catalogue_id, one.entry_id) == goal_of(act.data["goal"])
    )
    actor = await scene.actor(act.by)
    await reviews.answer(scene.services, actor, case.ref, doubted.id, text=act.data["text"])
