"""Parts of the page of an idea: its text, where it stands, and who works on it."""

from collab.process.board.stalled import is_stalled
from collab.process.permissions import Action
from server.actions.facts.case import case_facts
from server.views.idea.gathering import Context, View
from server.views.linking.links import closing
from server.views.measures.panel import measure_panel
from server.views.record.known import known_moves
from server.views.record.steps import timeline
from server.views.responsibility import answering
from server.views.seam.acts import gives_statement, undoing
from server.views.seam.late import late_views
from server.views.stage_line import line, moves
from server.views.support import supported
from server.views.team import team, writers
from server.views.ways import forward, open_to_actor
from storage import stages

RECENT_STEPS = 3


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


async def late_part(view: View) -> Context:
    """What came after the text was settled, for those whom it concerns."""
    return {"late": await late_views(view.tx, view.case)}


async def timeline_part(view: View) -> Context:
    """What happened last."""
    return {"recent": await timeline(view.tx, view.case, limit=RECENT_STEPS)}
