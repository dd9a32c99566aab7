"""The parts of an idea's page that are fetched again when their topic changes."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound
from server.actions.cases import require_case
from server.auth.visitor import visitor_of
from server.pages.many.answer import answer
from server.pages.many.audience import Asked, looks
from server.pages.many.kept import sheets_of
from server.pages.many.sheet import Sheet
from server.pages.many.talk import own_of, sheet
from server.services import services_of
from server.views.dossier import read_text
from server.views.idea.casefile import (
    alignment_part,
    condition_part,
    indicator_part,
    initiatives_part,
    lineage_part,
    links_part,
    logbook_part,
    replicas_part,
    requirement_part,
)
from server.views.idea.charts import charts_part
from server.views.idea.districts import districts_part
from server.views.idea.gathering import Part, gather
from server.views.idea.slow import slow_part
from server.views.idea.state import (
    late_part,
    measure_part,
    next_part,
    people_part,
    responsibility_part,
    stage_part,
    support_part,
    text_part,
    timeline_part,
)
from server.views.idea.suggestions import suggested_part, suggestions_part
from server.views.idea.talk import judgement_part, orphan_part, talk_part, task_part

FRAGMENTS: Mapping[str, tuple[str, tuple[Part, ...]]] = {
    "alignment": ("alignment/panel.html", (alignment_part,)),
    "comments": ("idea/comments.html", (talk_part, orphan_part)),
    "districts": ("districts/line.html", (districts_part,)),
    "feasibility": ("feasibility/charts.html", (charts_part,)),
    "initiatives": ("idea/initiatives.html", (initiatives_part,)),
    "measure": ("idea/measure.html", (measure_part,)),
    "conditions": ("casefile/conditions.html", (condition_part,)),
    "indicators": ("casefile/indicators.html", (indicator_part,)),
    "judgements": ("idea/judgements.html", (judgement_part,)),
    "late": ("idea/late.html", (late_part,)),
    "logbook": ("casefile/part.html", (logbook_part,)),
    "logbook-entries": ("casefile/entries.html", (logbook_part,)),
    "lineage": ("merging/lineage.html", (lineage_part,)),
    "links": ("linking/panel.html", (links_part,)),
    "next": ("idea/next.html", (next_part,)),
    "requirements": ("casefile/requirements.html", (requirement_part,)),
    "people": ("idea/people.html", (people_part,)),
    "responsibility": ("idea/responsibility.html", (responsibility_part,)),
    "support": ("idea/support.html", (support_part,)),
    "replicas": ("linking/replicas.html", (replicas_part,)),
    "slow": ("abuse/slow_notice.html", (slow_part,)),
    "stage": ("idea/stage.html", (stage_part,)),
    "tasks": ("talk/tasks_line.html", (task_part,)),
    "suggested": ("suggestions/drawn.html", (suggested_part,)),
    "suggestions": ("suggestions/line.html", (suggestions_part,)),
    "timeline": ("idea/timeline.html", (timeline_part,)),
    "text": ("idea/dossier.html", (text_part, stage_part, districts_part)),
}

ALIKE = frozenset(
    {
        "comments",
        "conditions",
        "districts",
        "indicators",
        "logbook",
        "logbook-entries",
        "support",
        "tasks",
        "timeline",
    }
)
"""What people of one audience are shown in the same way, but for comments of their own.

Their parts ask nothing of the reader but what he may do at this idea, and nothing of other ideas;
whatever changes what they show is an event. Of the others one rendering serves all guests.
"""

FORMS = ("decide-form", "judge-form")
"""Forms that name the text version they are about."""


async def fragment(request: Request) -> Response:
    """One part of the page, with the rights and in the language of who asks."""
    name = request.path_params["name"]
    if name not in FRAGMENTS:
        raise NotFound
    template, parts = FRAGMENTS[name]
    ref = request.path_params["ref"]
    services, visitor = services_of(request), visitor_of(request)
    if visitor.is_signed_in and name not in ALIKE:
        context = await gather(services, visitor, ref, parts, request.query_params)
        return services.pages.render(request, template, context)
    look = await looks.ask(services.database, Asked(ref, visitor.actor))
    if look is None:
        raise NotFound(ref=ref)
    require_case(look.case)
    audience = look.audience(visitor.language)

    async def render() -> Sheet:
        if name in ALIKE:
            return await sheet(services, audience, ref, template, parts, request.query_params)
        context = await gather(services, visitor, ref, parts, request.query_params)
        return Sheet([services.pages.text(request, template, context)])

    version = look.version if name == "comments" else look.last_event
    key = (audience, request.url.path, request.url.query, version)
    shown = await sheets_of(services.database).of(key, render)
    return answer(request, visitor, shown.body(await own_of(services, look, shown)))


async def version_fragment(request: Request) -> Response:
    """The text version of a form; asked for whenever somebody types, so nothing else is read."""
    services, visitor = services_of(request), visitor_of(request)
    asked = request.query_params.get("form", "")
    read = await read_text(services, visitor.actor, request.path_params["ref"])
    context = {"dossier": read, "form_id": asked if asked in FORMS else FORMS[0], "is_live": True}
    return services.pages.render(request, "idea/version.html", context)


routes = [
    Route("/ideas/{ref}/fragments/version", version_fragment),
    Route("/ideas/{ref}/fragments/{name}", fragment),
]
