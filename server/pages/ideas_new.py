"""Bringing an idea in: kind, title, first text. The address carries what has been said so far."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal, Unmet
from collab.process.dossier import TITLE, IdeaKind, load_dossier
from collab.process.permissions import Action, require
from collab.process.processes import DEFAULT_PROCESS, current_processes
from collab.process.stages import ProcessTemplate
from collab.process.talk.comments import TEXT_CHARS_MAX
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.ideas import NewIdea, create_idea
from server.actions.seeds import check_title
from server.actions.similar.finding import similar_to
from server.auth import limits
from server.errors import status_of
from server.faces import faces
from server.pages.forms import Errors, Sent, caller_of, errors_of, go, person_of, posted, sent
from server.services import Services, services_of
from server.views.arena.cards import stage_of
from server.views.districts.districts import DistrictChoice, choices
from storage.similar.meanings import BEGINNING_CHARS, meant
from storage.tables.ideas import Idea

SECTION: Final = "section-"
"""What names of form fields with a section's text begin with."""
SIMILAR_CHARS_MIN: Final = 4
FORM_ID: Final = re.compile(r"new-idea-[0-9a-f]{12}")
LAST_STEP: Final = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been said so far."""

    kind: str = ""
    title: str = ""
    process: str = DEFAULT_PROCESS
    texts: Mapping[str, str] = field(default_factory=dict)
    """Form field → text."""
    answers: str = ""
    """The need that it answers."""
    districts: tuple[str, ...] = ()

    @property
    def step(self) -> int:
        """The step that is next."""
        if self.kind not in set(IdeaKind):
            return 1
        return LAST_STEP if self.title else 2


async def new_page(request: Request) -> Response:
    """The next step for what the address says."""
    require(Action.CREATE_IDEA, person_of(request))
    parameters = request.query_params
    answers = parameters.get("answers", "")
    draft = Draft(parameters.get("kind", ""), parameters.get(TITLE, ""), answers=answers)
    if draft.step == 1:
        return await _page(request, 1, draft)
    if TITLE not in parameters:
        return await _page(request, 2, replace(draft, title=parameters.get("draft", "")))
    try:
        return await _page(request, LAST_STEP, replace(draft, title=check_title(draft.title)))
    except Invalid as refusal:
        return await _page(request, 2, draft, errors_of(request, refusal))


async def create(request: Request, form: Sent) -> Response:
    """Make the idea, as a draft or for everybody, and go to it."""
    person, draft = person_of(request), _sent_draft(form)
    if draft.step == 1:
        return await _page(request, 1, draft)
    if form["act"] == "again":
        return await _page(request, draft.step, draft)
    new = NewIdea(
        kind=draft.kind,
        title=draft.title,
        process=draft.process,
        sections={name.removeprefix(SECTION): text for name, text in draft.texts.items()},
        answers=draft.answers or None,
        districts=draft.districts,
    )
    is_public = form["act"] == "submit"
    created = await create_idea(services_of(request), person, new, submit=is_public)
    return go(f"/ideas/{created.idea.ref}")


async def similar_fragment(request: Request) -> Response:
    """Ideas like the one that is being typed; ``form`` is the id of the form it is typed in."""
    services, query = services_of(request), request.query_params
    await services.limiter.hit(limits.SIMILAR_PER_ADDRESS, "similar", caller_of(request).address)
    title = query.get(TITLE, query.get("q", ""))
    typed = Draft(title=title, texts={"text": query.get("text", "")[:BEGINNING_CHARS]})
    form = query.get("form", "")
    context = {
        "similar": await _similar(services, typed),
        "join_form": form if FORM_ID.fullmatch(form) else "",
    }
    return services.pages.render(request, "arena/similar.html", context)


async def join(request: Request) -> Response:
    """What was typed, as a comment at the idea that is there already; nothing is sent yet."""
    form, person = await sent(request), person_of(request)
    draft, services = _sent_draft(form), services_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, form["join"])
    typed = "\n\n".join([draft.title, *draft.texts.values()])
    context = {
        "idea": case.idea,
        "may_comment": case.may(Action.COMMENT),
        "typed": typed[:TEXT_CHARS_MAX],
        "is_cut": len(typed) > TEXT_CHARS_MAX,
        "draft": draft,
    }
    return services.pages.render(request, "arena/join.html", context)


def _sent_draft(form: Sent) -> Draft:
    kind = form["kind"]
    if kind not in set(IdeaKind):
        return Draft()
    fields = [f"{SECTION}{section.id}" for section in load_dossier(kind).sections]
    texts = {name: form[name] for name in fields if form[name].strip()}
    process, places = form["process"] or DEFAULT_PROCESS, tuple(form.all("districts"))
    return Draft(kind, form[TITLE], process, texts, form["answers"], places)


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    """The form as it was sent, with what is wrong; the title has a step of its own."""
    draft = _sent_draft(form)
    if isinstance(refusal, Unmet):
        errors = _missing(request, refusal)
    else:
        names = {name.replace(SECTION, "sections.", 1): name for name in draft.texts}
        errors = errors_of(request, refusal, names | {"to": "answers"})
    return await _page(request, 2 if TITLE in errors else LAST_STEP, draft, errors)


def _missing(request: Request, refusal: Unmet) -> Errors:
    """What still lacks before everybody may read the idea, beside its fields."""
    found = refusal.data.get("unmet")
    conditions = found if isinstance(found, Sequence) else ()
    sections = [each["section"] for each in conditions if "section" in each]
    fields = {name if name == TITLE else f"{SECTION}{name}": "missing" for name in sections}
    return errors_of(request, Invalid(fields=fields) if fields else refusal)


async def _page(
    request: Request, step: int, draft: Draft, errors: Errors | None = None
) -> Response:
    services = services_of(request)
    context = {
        "step": step,
        "kind": draft.kind,
        "title": draft.title,
        "process": draft.process,
        "processes": await _processes(request, draft.kind) if step == LAST_STEP else [],
        "values": draft.texts,
        "kinds": [load_dossier(kind) for kind in IdeaKind],
        "template": load_dossier(draft.kind) if step > 1 else None,
        "similar": await _similar(services, draft) if step > 1 else [],
        "join_form": _draft_id(draft) if step == LAST_STEP else "",
        "errors": errors or {},
        "draft_id": _draft_id(draft),
        "districts": await _districts(services, draft) if step == LAST_STEP else [],
        "answers": await _answered(request, draft.answers),
    }
    status = status_of(Invalid()) if errors else 200
    return services.pages.render(request, "arena/new.html", context, status)


async def _answered(request: Request, ref: str) -> Idea | None:
    """The need that the new idea answers, if its author may read it."""
    if not ref:
        return None
    async with services_of(request).database.read() as tx:
        try:
            return (await open_case(tx, person_of(request), ref)).idea
        except NotFound:
            return None


async def _processes(request: Request, kind: str) -> list[ProcessTemplate]:
    """The processes that this person may begin with an idea of this kind."""
    person_id = person_of(request).person_id
    if person_id is None:
        return []
    async with services_of(request).database.read() as tx:
        face = (await faces(tx, [person_id]))[person_id]
    return [
        each
        for each in current_processes()
        if kind in each.kinds and face.actor_class in each.begin_classes
    ]


async def _districts(services: Services, draft: Draft) -> list[DistrictChoice]:
    async with services.database.read() as tx:
        return await choices(tx, today(services), draft.districts)


async def _similar(services: Services, draft: Draft) -> list[dict[str, Any]]:
    if len(draft.title.strip()) < SIMILAR_CHARS_MIN:
        return []
    text = "\n".join(draft.texts.values())
    vector = await services.meanings.vector(meant(draft.title, text))
    async with services.database.read() as tx:
        found = await similar_to(services, tx, draft.title, text, vector=vector)
    return [{"hit": one, "stage": stage_of(one.stage)} for one in found]


def _draft_id(draft: Draft) -> str:
    """Under this name the browser keeps what is typed: another idea is another draft."""
    named = f"{draft.kind} {draft.title} {draft.answers}".strip().encode()
    return f"new-idea-{hashlib.sha256(named).hexdigest()[:12]}"


routes = [
    Route("/ideas/new", new_page),
    posted("/ideas/new", create, _again),
    Route("/ideas/similar", similar_fragment),
    Route("/ideas/join", join, methods=["POST"]),
]
