"""Suggesting wording by forms: choose a paragraph, change it as it shall read; or a passage.

Who changes a whole paragraph need not say what he changed: the smallest change is found for him.
"""

import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.permissions import Action
from collab.process.templates.reading import Words
from collab.sync.suggesting.blocks import section_texts
from collab.sync.suggesting.passages import Passage
from server.actions.cases import Case, open_case
from server.actions.suggestions.finding import own_suggestion
from server.actions.suggestions.making import (
    Wanted,
    change_suggestion,
    passage_of,
    suggest,
    suggest_paragraph,
)
from server.pages.forms import FORM, Sent, errors_of, go, id_in, is_plain, person_of, posted
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values
from server.pages.suggestions.suggestions import suggestion_id_of
from server.services import services_of
from server.views.dossier import read_text
from server.views.suggestions.listing import labels_of

AT_END: Final = "end"
NUMBER_DIGITS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its paragraphs, each with its number."""

    id: str
    label: Words | None
    paragraphs: tuple[tuple[int, str], ...]


async def new_page(request: Request) -> Response:
    """The paragraphs to choose from, or the chosen one to change."""
    return await _page(request)


async def post_new(request: Request, form: Sent) -> Response:
    """The changed paragraph, or words for a passage that was selected in the text."""
    ref = ref_of(request)
    services, person = services_of(request), person_of(request)
    comment_id = _uuid(form["comment"])
    if form["passage"]:
        wanted = Wanted(
            section=form["section"],
            passage=_passage(form["passage"]),
            words=form["text"],
            reason=form["reason"],
            comment_id=comment_id,
        )
        row = await suggest(services, person, ref, wanted)
    else:
        row = await suggest_paragraph(
            services,
            person,
            ref,
            section=form["section"],
            number=_number(form["paragraph"]),
            before=form["before"],
            after=form["text"],
            reason=form["reason"],
            comment_id=comment_id,
        )
    if form["from"] == "idea":
        return go(f"/ideas/{ref}")
    return go(f"/ideas/{ref}/suggestions#suggestion-{row.id}")


async def edit_page(request: Request) -> Response:
    """Change one's own open suggestion."""
    return await _edit(request)


async def post_edit(request: Request, form: Sent) -> Response:
    """The changed words or reason."""
    ref, suggestion_id = ref_of(request), suggestion_id_of(request)
    await change_suggestion(
        services_of(request),
        person_of(request),
        ref,
        suggestion_id,
        revision=_number(form["revision"]) or 0,
        text=form["text"],
        reason=form["reason"],
    )
    return go(f"/ideas/{ref}/suggestions#suggestion-{suggestion_id}")


def _is_over(refusal: Refusal) -> bool:
    """Whether there is nothing to change any more, or it is not one's own."""
    return is_plain(refusal) or refusal.code == "suggestion-settled"


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person, ref = services_of(request), person_of(request), ref_of(request)
    asked = request.query_params
    read = await read_text(services, person, ref)
    async with services.database.read() as tx:
        case = await open_case(tx, person, ref, Action.SUGGEST)
    section = form["section"] if form else asked.get("section", "")
    chosen = form["paragraph"] if form else asked.get("paragraph", "")
    parts = [
        Part(name, label, tuple(enumerate(section_texts(read.text, name))))
        for name, label in labels_of(case).items()
    ]
    part = next((each for each in parts if each.id == section), None)
    present = _present(part, chosen)
    is_moved = refusal is not None and refusal.code == "passage-changed"
    context = {
        "idea": case.idea,
        "parts": parts,
        "part": part,
        "paragraph": chosen if present is not None else "",
        "present": present or "",
        "text": form["text"] if form else present or "",
        "reason": form["reason"] if form else "",
        "comment": form["comment"] if form else asked.get("comment", ""),
        "errors": Values(errors_of(request, refusal)),
        "now_reads": str(refusal.data.get("present") or "") if refusal and is_moved else "",
        "is_moved": is_moved,
    }
    return services.pages.render(request, "suggestions/new.html", context)


async def _edit(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person = services_of(request), person_of(request)
    async with services.database.read() as tx:
        case: Case = await open_case(tx, person, ref_of(request), Action.SUGGEST)
        row = await own_suggestion(tx, case, suggestion_id_of(request))
    context = {
        "idea": case.idea,
        "row": row,
        "quote": passage_of(row).quote,
        "text": form["text"] if form else row.text,
        "reason": form["reason"] if form else row.reason,
        "errors": Values(errors_of(request, refusal)),
    }
    return services.pages.render(request, "suggestions/edit.html", context)


def _present(part: Part | None, chosen: str) -> str | None:
    """The chosen paragraph as it reads now; None if there is none."""
    if part is None:
        return None
    if chosen == AT_END:
        return ""
    numbered = {str(number): text for number, text in part.paragraphs}
    return numbered.get(chosen)


def _number(text: str) -> int | None:
    if text == AT_END:
        return None
    if not text.isdecimal() or len(text) > NUMBER_DIGITS_MAX:
        raise Invalid(fields={FORM: "malformed"})
    return int(text)


def _passage(text: str) -> Passage:
    try:
        data = json.loads(text)
        return Passage(**{str(name): str(value) for name, value in data.items()})
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Invalid(fields={"passage": "malformed"}) from None


def _uuid(text: str) -> UUID | None:
    return id_in(text, NotFound("comment-not-found")) if text else None


routes = [
    Route("/ideas/{ref}/suggestions/new", new_page, methods=["GET"]),
    posted("/ideas/{ref}/suggestions/new", post_new, _page),
    Route("/ideas/{ref}/suggestions/{suggestion_id}/edit", edit_page, methods=["GET"]),
    posted("/ideas/{ref}/suggestions/{suggestion_id}/edit", post_edit, _edit, plain=_is_over),
]
