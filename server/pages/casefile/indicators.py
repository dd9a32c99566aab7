"""The forms of indicators and measured values on an idea's page."""

from starlette.requests import Request
from starlette.responses import Response

from collab.errors import Invalid
from collab.process.casefile.indicators import parse_number
from server.actions.casefile import indicators
from server.actions.casefile.indicators import IndicatorForm
from server.pages.forms import Sent, go, person_of
from server.pages.idea.forms import number_in, number_of, page_form, ref_of
from server.pages.idea.page import path_of
from server.services import services_of

PATH = "/ideas/{ref}/indicators"
ITEM = PATH + "/{number}"
RENAMED = {
    "kind": "indicator_kind",
    "text": "indicator_text",
    "unit": "indicator_unit",
    "baseline": "indicator_baseline",
    "target": "indicator_target",
    "due": "indicator_due",
    "reason": "indicator_reason",
    "day": "measured_day",
    "value": "measured_value",
    "note": "measured_note",
}
WITHDRAWAL = {"reason": "withdrawal_reason"}


async def post_indicator(request: Request, form: Sent) -> Response:
    """Set a new indicator, or change the one in the address."""
    ref, number = ref_of(request), _number(request)
    row = await indicators.set_indicator(
        services_of(request),
        person_of(request),
        ref,
        number,
        _wanted(form),
        expected_revision=number_in(form, "expected_revision"),
        reason=form["indicator_reason"],
    )
    return go(path_of(ref, f"indicator-{row.number}"))


async def post_withdrawal(request: Request, form: Sent) -> Response:
    """Take an indicator out of those that count."""
    ref, number = ref_of(request), _number(request)
    await indicators.withdraw_indicator(
        services_of(request),
        person_of(request),
        ref,
        number or 0,
        expected_revision=number_in(form, "expected_revision"),
        reason=form["withdrawal_reason"],
    )
    return go(path_of(ref, "indicators"))


async def post_measurement(request: Request, form: Sent) -> Response:
    """Enter what was measured on a day."""
    ref, number = ref_of(request), _number(request)
    await indicators.measure(
        services_of(request),
        person_of(request),
        ref,
        number or 0,
        day=form["measured_day"],
        value=_value(form, "measured_value", "value"),
        note=form["measured_note"],
    )
    return go(path_of(ref, f"indicator-{number}"))


def _wanted(form: Sent) -> IndicatorForm:
    return IndicatorForm(
        kind=form["indicator_kind"],
        text=form["indicator_text"],
        unit=form["indicator_unit"],
        baseline=_value(form, "indicator_baseline", "baseline"),
        target=_value(form, "indicator_target", "target"),
        due=form["indicator_due"],
    )


def _value(form: Sent, name: str, field: str) -> float | None:
    """A number as people type it."""
    try:
        return parse_number(form[name])
    except ValueError:
        raise Invalid(fields={field: "not-a-number"}) from None


def _number(request: Request) -> int | None:
    is_new = not request.path_params.get("number")
    return None if is_new else number_of(request, "indicator-unknown")


routes = [
    *page_form(PATH, post_indicator, "indicator", RENAMED),
    *page_form(ITEM, post_indicator, "indicator", RENAMED),
    *page_form(ITEM + "/withdrawal", post_withdrawal, "withdrawal", WITHDRAWAL),
    *page_form(ITEM + "/measurements", post_measurement, "measurement", RENAMED),
]
