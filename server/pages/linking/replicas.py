"""Taking a measure over, and deciding about what its origin offers, by forms."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal, Unmet
from collab.process.dossier import IdeaKind, Section, load_dossier
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.catalogues.today import today
from server.actions.linking.offers import offer_changes
from server.actions.linking.replicas import TakeOver, offer_to, replicate
from server.api.linking.replicas import VERSION, Decision, decide
from server.pages.forms import FORM, Errors, Sent, errors_of, go, id_in, person_of, posted, sent
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values, path_of
from server.services import services_of
from server.views.dossier import dossier_view, read_text
from server.views.linking.replicas import offers
from storage import documents


@dataclass(frozen=True, slots=True)
class Part:
    """A section that can be taken over, and how it begins."""

    section: Section
    html: object
    chosen: bool


async def replicate_page(request: Request) -> Response:
    """What can be taken over, on which terms and for whom."""
    return await _take_over(request)


async def post_replicate(request: Request, form: Sent) -> Response:
    """Begin the replica and go to it."""
    ref = ref_of(request)
    chosen = form.all("section")
    wanted = TakeOver(
        organisation_id=_uuid(form["organisation"]),
        title=form["title"],
        sections=chosen or ("",),
        submit=form["act"] == "submit",
    )
    made = await replicate(services_of(request), person_of(request), ref, wanted)
    return go(path_of(made.idea.ref))


async def post_offers(request: Request) -> Response:
    """Offer what has changed to all replicas."""
    await sent(request)
    await offer_changes(services_of(request), person_of(request), ref_of(request))
    return go(path_of(ref_of(request), "replicas"))


async def offers_page(request: Request) -> Response:
    """What the origin offers, section by section."""
    return await _offers(request)


async def post_offer(request: Request, form: Sent) -> Response:
    """Take, note as brought in by hand, or decline."""
    ref = ref_of(request)
    change_id, version = _uuid(form["change"]), form["version"]
    if change_id is None or form["decision"] not in set(Decision) or not _is_version(version):
        raise Invalid(fields={FORM: "malformed"})
    decision = Decision(form["decision"])
    await decide(services_of(request), person_of(request), ref, change_id, decision, version)
    return go(f"/ideas/{ref}/offers")


async def _take_over(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person, ref = services_of(request), person_of(request), ref_of(request)
    read = await read_text(services, person, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref, Action.REPLICATE)
        found = await offer_to(tx, case, today(services))
        head = (await documents.heads(tx, [found.case.idea.document_id]))[
            found.case.idea.document_id
        ]
    template = load_dossier(IdeaKind.PROPOSAL)
    chosen: Collection[str] = template.section_ids if form is None else form.all("section")
    written = {each.id: each for each in dossier_view(found.case, read, head).sections}
    parts = [
        Part(section, written[section.id].html, section.id in chosen)
        for section in template.sections
        if section.id in written and not written[section.id].is_empty
    ]
    context = {
        "idea": found.case.idea,
        "terms": found.terms,
        "organisations": [(str(each.id), each.name) for each in found.organisations],
        "organisation": form["organisation"] if form else "",
        "parts": parts,
        "title": form["title"] if form else read.text.title,
        "errors": Values(_errors(request, refusal)) if refusal else Values(),
    }
    return services.pages.render(request, "linking/replicate.html", context)


async def _offers(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref_of(request))
        found = await offers(tx, case)
    context = {
        "idea": case.idea,
        "offers": found,
        "may_take": case.may(Action.TAKE_CHANGES),
        "errors": errors_of(request, refusal),
        "refused": _uuid(form["change"]) if form else None,
        "is_misfit": refusal is not None and refusal.code == "change-misfit",
    }
    return services.pages.render(request, "linking/offers.html", context)


def _errors(request: Request, refusal: Refusal) -> Errors:
    """What is wrong, by the fields of the form; a missing section stands for all of them."""
    if isinstance(refusal, Unmet):
        return errors_of(request, Invalid(fields={"section": "sections-missing"}))
    names = {"sections": "section", "organisation_id": "organisation", "sections.": "section"}
    return errors_of(request, refusal, names)


def _is_version(text: str) -> bool:
    return re.fullmatch(VERSION, text) is not None


def _uuid(text: str) -> UUID | None:
    return id_in(text, NotFound()) if text else None


routes = [
    Route("/ideas/{ref}/replicate", replicate_page, methods=["GET"]),
    posted("/ideas/{ref}/replicate", post_replicate, _take_over),
    Route("/ideas/{ref}/replicas/offers", post_offers, methods=["POST"]),
    Route("/ideas/{ref}/offers", offers_page, methods=["GET"]),
    posted("/ideas/{ref}/offers", post_offer, _offers),
]
