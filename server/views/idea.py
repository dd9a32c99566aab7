"""Everything an idea's page and its fragments show, gathered part by part."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from collab.process.board.stalled import is_stalled
from collab.process.permissions import Action
from collab.process.stages import StageAccess
from server.actions.casefile.conditions import demands
from server.actions.casefile.evidence import logbook
from server.actions.casefile.indicators import is_ground
from server.actions.cases import Case, open_case
from server.actions.catalogues.today import today
from server.actions.facts.case import case_facts, team_ids
from server.auth.visitor import Visitor
from server.faces import faces
from server.services import Services
from server.views.alignment.panel import alignment_panel
from server.views.casefile.conditions import condition_list
from server.views.casefile.indicators import indicator_list
from server.views.casefile.logbook import entries
from server.views.casefile.requirements import requirement_list
from server.views.dossier import DossierView, dossier_view, read_text
from server.views.feasibility import panel
from server.views.judging import judge_fields
from server.views.linking.links import closing, links_of
from server.views.linking.replicas import replicas
from server.views.measures.panel import measure_panel
from server.views.process.initiatives import finds, said_of, searched
from server.views.prose import prose
from server.views.record.known import known_moves
from server.views.record.steps import timeline
from server.views.responsibility import answering
from server.views.seam.acts import gives_statement, undoing
from server.views.seam.late import late_views
from server.views.stage_line import line, moves
from server.views.support import supported
from server.views.talk import talk
from server.views.team import muted_reason, team, writers
from server.views.ways import forward, open_to_actor
from storage import comments, documents, events, judgements, stages
from storage.database import Transaction
from storage.log import quarantine
from storage.process.casefile import indicators, requirements

Context = dict[str, Any]

RECENT_STEPS = 3


@dataclass(frozen=True, slots=True)
class View:
    """One look of one visitor at one idea: what the parts are made from."""

    services: Services
    visitor: Visitor
    tx: Transaction
    case: Case
    dossier: DossierView
    query: Mapping[str, str]


Part = Callable[[View], Awaitable[Context]]


async def gather(
    services: Services,
    visitor: Visitor,
    ref: str,
    parts: Iterable[Part],
    query: Mapping[str, str] | None = None,
) -> Context:
    """The context of a template that shows these parts of the idea, all of one moment."""
    read = await read_text(services, visitor.actor, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref)
        head = (await documents.heads(tx, [case.idea.document_id]))[case.idea.document_id]
        view = View(services, visitor, tx, case, dossier_view(case, read, head), query or {})
        context = await _frame(view)
        for part in parts:
            context |= await part(view)
    return context


async def _frame(view: View) -> Context:
    """What every part needs."""
    case = view.case
    muted = await muted_reason(view.tx, case) if case.actor.person_id else None
    can = {action.value: case.may(action) for action in Action}
    is_held = case.actor.person_id in await quarantine.held(view.tx, case.idea.document_id)
    is_barred = muted is not None or is_held or view.dossier.unreadable
    can["edit_text"] = can["edit_text"] and not is_barred
    return {
        "idea": case.idea,
        "process": case.process,
        "stage": case.stage,
        "is_private": case.stage.access is StageAccess.PRIVATE,
        "can": SimpleNamespace(**can),
        "muted": muted,
        "is_held": is_held,
        "dossier": view.dossier,
        "access": "write" if can["edit_text"] else "read",
        "prose": prose,
        "last_event": await events.last_id(view.tx),
    }


async def text_part(view: View) -> Context:
    """The dossier and who has it open; guests learn how many, not who."""
    here = view.services.hub.present(view.case.idea.document_id)
    return {"present": here if view.visitor.is_signed_in else []}


async def stage_part(view: View) -> Context:
    """The stage line and the history."""
    case = view.case
    changes = await stages.history(view.tx, case.idea.id)
    now = view.services.clock()
    rests = is_stalled(case.stage, case.idea.active_at, now)
    return {
        "steps": line(
            case.process, case.idea.kind, case.idea.stage, changes, case.idea.measure_type
        ),
        "moves": moves(case.process, known_moves(case, changes)),
        "undoing": undoing(case, changes, view.services.clock()),
        "with_statement": gives_statement(case, changes),
        "stalled": (now - case.idea.active_at).days if rests else None,
    }


async def next_part(view: View) -> Context:
    """What is missing to go on, and where the reader himself may move the idea."""
    facts = await case_facts(view.tx, view.case, view.dossier.text, now=view.services.clock())
    ways = open_to_actor(view.case, facts)
    return {
        "forward": forward(view.case, facts),
        "ways": ways,
        **await closing(view.tx, view.case, [way.target for way in ways]),
    }


async def judgement_part(view: View) -> Context:
    """The feasibility panel and the reader's own judgement of the dimension asked for."""
    case, tx = view.case, view.tx
    rows = await judgements.of_idea(tx, case.idea.id)
    found = panel(
        rows,
        await faces(tx, {row.person_id for row in rows}),
        team=await team_ids(tx, case.idea.id),
        current=None if view.dossier.unreadable else view.dossier.version,
        process=case.process,
        kind=case.idea.kind,
        reader=case.actor.person_id,
    )
    asked = view.query.get("dimension", "")
    return {"panel": found, "judge": judge_fields(found, asked, view.visitor.language)}


async def logbook_part(view: View) -> Context:
    """What the process asks to be put on record, and what is."""
    return {"entries": entries(view.case, await logbook(view.tx, view.case))}


async def condition_part(view: View) -> Context:
    """What judgements make a condition; the query names the one that is being settled."""
    found = await demands(view.tx, view.case)
    chosen = view.query.get("condition", "")
    return {"conditions": condition_list(view.case, found, chosen)}


async def requirement_part(view: View) -> Context:
    """What people ask of the idea; the query names the one that is being answered."""
    rows = await requirements.of_idea(view.tx, view.case.idea.id)
    people = {row.raised_by for row in rows} | {row.answered_by for row in rows}
    known = await faces(view.tx, {each for each in people if each is not None})
    chosen = view.query.get("requirement", "")
    return {"requirements": requirement_list(view.case, rows, known, chosen)}


async def indicator_part(view: View) -> Context:
    """What the measure is measured by; the query names the one whose forms stand open."""
    tx, case = view.tx, view.case
    values = await indicators.measurements(tx, case.idea.id)
    found = indicator_list(
        case,
        await indicators.history(tx, case.idea.id),
        values,
        await faces(tx, {value.by for value in values}),
        is_ground=await is_ground(tx, case),
        chosen=view.query.get("indicator", ""),
    )
    return {"indicators": found}


async def alignment_part(view: View) -> Context:
    """What the idea pays into, and what others hold of that."""
    return {"alignment": await alignment_panel(view.tx, view.case, today(view.services))}


async def links_part(view: View) -> Context:
    """The ideas that this one is linked to."""
    return {"links": await links_of(view.tx, view.case)}


async def replicas_part(view: View) -> Context:
    """Where the idea was taken over from and to."""
    return {"replicas": await replicas(view.tx, view.case, today(view.services))}


async def people_part(view: View) -> Context:
    """The team and, for moderators, the muted."""
    return {"team": await team(view.tx, view.case)}


async def responsibility_part(view: View) -> Context:
    """Who answers for the idea, and what the reader may do about it."""
    return {"answering": await answering(view.services, view.tx, view.case)}


async def support_part(view: View) -> Context:
    """What the team asked of those who support it."""
    return {"support": await supported(view.tx, view.case, view.services.clock())}


async def measure_part(view: View) -> Context:
    """What the idea has become, its commitment, and central measures."""
    return {"measure": await measure_panel(view.tx, view.case, view.services.clock())}


async def moderation_part(view: View) -> Context:
    """Whom a moderator could stop or whose text he could take back."""
    if not (view.case.may(Action.MUTE) or view.case.may(Action.REVERT_TEXT)):
        return {"writers": []}
    found = await writers(view.services, view.tx, view.case)
    return {"writers": [(face.handle, f"{face.name} ({face.handle})") for face in found]}


async def initiatives_part(view: View) -> Context:
    """What was said about the idea and existing initiatives."""
    return {
        "initiatives": await said_of(view.tx, view.case),
        "searched": await searched(view.tx, view.case),
    }


async def finds_part(view: View) -> Context:
    """Existing initiatives like the idea, or like what the reader asks for."""
    return {"finds": await finds(view.tx, view.case, view.query)}


async def late_part(view: View) -> Context:
    """What came after the text was settled, for those whom it concerns."""
    return {"late": await late_views(view.tx, view.case)}


async def talk_part(view: View) -> Context:
    """The comments."""
    rows = await comments.of_idea(view.tx, view.case.idea.id)
    known = await faces(view.tx, {row.author_id for row in rows})
    whole = view.query.get("comments") == "all"
    return {"talk": talk(view.case, rows, known, is_whole=whole)}


async def timeline_part(view: View) -> Context:
    """What happened last."""
    return {"recent": await timeline(view.tx, view.case, limit=RECENT_STEPS)}


WHOLE_PAGE: tuple[Part, ...] = (
    people_part,
    text_part,
    stage_part,
    next_part,
    judgement_part,
    responsibility_part,
    support_part,
    condition_part,
    requirement_part,
    indicator_part,
    logbook_part,
    alignment_part,
    links_part,
    replicas_part,
    measure_part,
    moderation_part,
    initiatives_part,
    finds_part,
    late_part,
    talk_part,
    timeline_part,
)
"""The people first: whom the other parts name is known then, and not asked for again."""
