"""Parts of the page of an idea: what is on file besides its text."""

from server.actions.casefile.conditions import demands
from server.actions.casefile.evidence import logbook
from server.actions.casefile.indicators import is_ground
from server.actions.catalogues.today import today
from server.faces import faces
from server.views.alignment.panel import alignment_panel
from server.views.casefile.conditions import condition_list
from server.views.casefile.indicators import indicator_list
from server.views.casefile.logbook import entries
from server.views.casefile.requirements import requirement_list
from server.views.idea.gathering import Context, View
from server.views.linking.links import links_of
from server.views.linking.replicas import replicas
from server.views.merging.merges import lineage
from server.views.process.initiatives import finds, said_of, searched
from storage.process.casefile import indicators, requirements
from storage.workshop import ideas as workshop_ideas


async def logbook_part(view: View) -> Context:
    """What the process asks to be put on record, and what is."""
    return {"entries": entries(view.case, await logbook(view.tx, view.case))}


async def condition_part(view: View) -> Context:
    """What judgements make a condition; the query names the one that is being settled."""
    found = await demands(view.tx, view.case, view.services.clock())
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
    """The ideas that this one is linked to, and the evenings from whose notes it came."""
    person_id = view.case.actor.person_id
    evenings = (
        await workshop_ideas.evenings_of(view.tx, view.case.idea.id, person_id) if person_id else []
    )
    return {"links": await links_of(view.tx, view.case), "evenings": evenings}


async def lineage_part(view: View) -> Context:
    """Where the idea goes on, what it came from, and what is asked about that."""
    return {"lineage": await lineage(view.tx, view.case, view.services.clock())}


async def replicas_part(view: View) -> Context:
    """Where the idea was taken over from and to."""
    return {"replicas": await replicas(view.tx, view.case, today(view.services))}


async def initiatives_part(view: View) -> Context:
    """What was said about the idea and existing initiatives."""
    return {
        "initiatives": await said_of(view.tx, view.case),
        "searched": await searched(view.tx, view.case),
    }


async def finds_part(view: View) -> Context:
    """Existing initiatives like the idea, or like what the reader asks for."""
    return {"finds": await finds(view.tx, view.case, view.query)}
