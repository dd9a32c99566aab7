"""Parts of the page of an idea: what people say about it."""

from collab.process.feasibility.weighting import Weighting
from collab.process.stages import StageAccess
from collab.process.version import TextVersion
from server.actions.catalogues.today import today
from server.actions.facts.case import team_ids
from server.actions.feasibility.outdated import outdated
from server.actions.feasibility.sight import hidden_from, open_round
from server.faces import faces
from server.views.feasibility.charts import charts
from server.views.feasibility.judging import judge_fields
from server.views.feasibility.panel import panel
from server.views.idea.gathering import Context, View
from server.views.talk.passages import Passages
from server.views.talk.reading import tail
from storage.experts.invitations import accepted
from storage.feasibility import judgements
from storage.talk import tasks, threads


async def judgement_part(view: View) -> Context:
    """The feasibility panel and the reader's own judgement of the dimension asked for."""
    case, tx = view.case, view.tx
    now, dossier = view.services.clock(), view.dossier
    rows = await judgements.of_idea(tx, case.idea.id)
    judged = [TextVersion(row.epoch, row.seq, row.sha256) for row in rows]
    text = (dossier.text, dossier.version.sha256)
    document = case.idea.document_id
    found = panel(
        rows,
        await faces(tx, {row.person_id for row in rows}),
        team=await team_ids(tx, case.idea.id),
        outdated=() if dossier.unreadable else await outdated(tx, document, judged, *text),
        process=case.process,
        kind=case.idea.kind,
        reader=case.actor.person_id,
        hidden=await hidden_from(tx, case, now),
        current=await open_round(tx, case, now),
    )
    asked = view.query.get("dimension", "")
    judge = judge_fields(found, asked, view.visitor.language)
    willing = None if case.stage.access is StageAccess.PRIVATE else await accepted(tx, case.idea.id)
    return {
        "panel": found,
        "charts": charts(found, Weighting.NONE),
        "experts_asked": willing,
        "judge": judge,
    }


async def talk_part(view: View) -> Context:
    """The newest of what was said; a page that is open already names the thread it begins with."""
    found = await tail(view.tx, view.case, view.query.get("from", ""))
    await Passages(view.dossier.text).look_up(each.root.anchor for each in found.threads)
    return {"talk": found}


async def orphan_part(view: View) -> Context:
    """The threads whose words are gone from the text; an unreadable text says nothing of them."""
    if view.dossier.unreadable:
        return {"orphans": []}
    anchored = await threads.anchored(view.tx, view.case.idea.id)
    passages = Passages(view.dossier.text)
    await passages.look_up(anchor for _, _, anchor in anchored)
    return {"orphans": passages.orphans(anchored)}


async def task_part(view: View) -> Context:
    """How many tasks are open, and how many are late."""
    count, late = await tasks.open_counts(view.tx, view.case.idea.id, today(view.services))
    return {"tasks_open": count, "tasks_late": late}
