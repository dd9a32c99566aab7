"""Bringing a case in, moving it, and who answers for it."""

from collab.process.responsibility.states import Part
from server.actions.ideas import Created, NewIdea, create_idea
from server.actions.linking.replicas import TakeOver
from server.actions.linking.replicas import replicate as take_measure_over
from server.actions.responsibility import endings, offers
from server.actions.stages import change_stage
from server.demo.content import Act
from server.demo.journeys.content import Journey
from server.demo.journeys.scene import Scene, Standing, part_of
from server.demo.responsible import organisation_id


async def create(scene: Scene, journey: Journey, act: Act) -> None:
    """Bring the case in as a draft."""
    latitude, longitude = journey.place or (None, None)
    new = NewIdea(
        kind=journey.kind,
        title=journey.title,
        process=journey.process,
        sections=journey.sections,
        latitude=latitude,
        longitude=longitude,
    )
    created = await create_idea(scene.services, await scene.actor(act.by), new)
    _begin(scene, journey, created)


async def replicate(scene: Scene, journey: Journey, act: Act) -> None:
    """Take a measure over for another organisation: the case begins with the text of that one."""
    origin = scene.cases[act.data["origin"]]
    wanted = TakeOver(
        organisation_id=organisation_id(act.data["organisation"]), title=journey.title, submit=False
    )
    created = await take_measure_over(scene.services, await scene.actor(act.by), origin.ref, wanted)
    _begin(scene, journey, created)


def _begin(scene: Scene, journey: Journey, created: Created) -> None:
    idea = created.idea
    scene.cases[journey.key] = Standing(journey, idea, created.version, idea.revision)


async def move(scene: Scene, case: Standing, act: Act) -> None:
    """The official act, with all its gates."""
    change = await change_stage(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        to=act.data["to"],
        expected_revision=case.revision,
        seen=case.version,
        reason=act.data.get("reason", ""),
        reason_code=act.data.get("code"),
    )
    case.revision = change.revision


async def offer(scene: Scene, case: Standing, act: Act) -> None:
    """An organisation offers to answer for the case."""
    row = await offers.offer(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        organisation_id=organisation_id(act.data["organisation"]),
        part=Part(act.data.get("part", "lead")),
        note=act.data.get("note", ""),
    )
    case.responsibilities[part_of(act.data)] = row.id


async def sign(scene: Scene, case: Standing, act: Act) -> None:
    """Its signatory signs the offer."""
    offered = case.responsibilities[part_of(act.data)]
    handle = act.data.get("person", "")
    actor = await scene.actor(act.by)
    await offers.confirm(scene.services, actor, case.ref, offered, handle=handle)


async def hand_over(scene: Scene, case: Standing, act: Act) -> None:
    """The lead is offered to another organisation, which has to sign."""
    row = await endings.hand_over(
        scene.services,
        await scene.actor(act.by),
        case.ref,
        case.responsibilities[f"lead {act.data['from']}"],
        organisation_id=organisation_id(act.data["organisation"]),
        note=act.data["note"],
    )
    case.responsibilities[part_of(act.data)] = row.id
