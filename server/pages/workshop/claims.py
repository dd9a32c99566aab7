"""The receipt that a guest takes along, and the page on which an account shows it."""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.workshop.claims import TYPED_CHARS_MAX, spelled_receipt
from server.actions.workshop.claiming import Claimed, Offer, claim, evening_of, look, make_receipt
from server.auth.visitor import visitor_of
from server.errors import status_of
from server.pages.account import ACCOUNT, in_person
from server.pages.forms import FORM, Sent, caller_of, errors_of, go, posted
from server.services import services_of
from server.views.workshop.qr import picture_of
from storage.workshop.workshops import Workshop

RECEIPT: Final = "/receipt"
CLAIM: Final = f"{ACCOUNT}/claim"


async def receipt_page(request: Request) -> Response:
    """What a receipt is good for, and the button that makes one."""
    evening = await evening_of(services_of(request), in_person(request))
    context = {"receipt": None, "evening": evening}
    return services_of(request).pages.render(request, "workshop/claims/receipt.html", context)


async def new_receipt(request: Request) -> Response:
    """A new receipt, shown this once; it replaces the one before."""
    services, actor = services_of(request), in_person(request)
    receipt = spelled_receipt(await make_receipt(services, actor))
    address = f"{services.settings.address}{CLAIM}?code={receipt}"
    evening, qr = await evening_of(services, actor), picture_of(address)
    context = {"receipt": receipt, "address": address, "qr": qr, "evening": evening}
    return services.pages.render(request, "workshop/claims/receipt.html", context)


async def claim_page(request: Request) -> Response:
    """Where an account shows a receipt; a link of one has it filled in."""
    code = request.query_params.get("code", "")[:TYPED_CHARS_MAX]
    if not visitor_of(request).is_signed_in:
        # Whoever scans the picture at home signs in first, and does not scan it again.
        onward = f"{CLAIM}?{urlencode({'code': code})}"
        return go(f"/sign-in?{urlencode({'next': onward})}")
    evening = await evening_of(services_of(request), in_person(request))
    return _page(request, code, evening=evening)


async def look_at_claim(request: Request, form: Sent) -> Response:
    """What would be taken over."""
    actor = in_person(request)
    offer = await look(services_of(request), actor, form["code"], caller_of(request))
    return _page(request, form["code"], offer=offer)


async def confirm_claim(request: Request, form: Sent) -> Response:
    """Take it over, and say what has become of it."""
    actor = in_person(request)
    done = await claim(services_of(request), actor, form["code"], caller_of(request))
    return _page(request, "", done=done)


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    return _page(request, form["code"], refusal)


def _is_of_account(refusal: Refusal) -> bool:
    """Whether it is about who asks, and not about the receipt that was typed."""
    return status_of(refusal) in {401, 403}


def _page(
    request: Request,
    code: str,
    refusal: Refusal | None = None,
    *,
    offer: Offer | None = None,
    done: Claimed | None = None,
    evening: Workshop | None = None,
) -> Response:
    found = errors_of(request, refusal)
    # The form has one field, and whatever is wrong is wrong with it.
    if FORM in found:
        found = {"code": found[FORM]}
    context: dict[str, Any] = {"code": code, "errors": found, "offer": offer, "done": done}
    context["evening"] = evening
    pages = services_of(request).pages
    return pages.render(request, "workshop/claims/claim.html", context)


routes = [
    Route(RECEIPT, receipt_page),
    Route(RECEIPT, new_receipt, methods=["POST"]),
    Route(CLAIM, claim_page),
    posted(CLAIM, look_at_claim, _again, plain=_is_of_account),
    posted(f"{CLAIM}/confirm", confirm_claim, _again, plain=_is_of_account),
]
