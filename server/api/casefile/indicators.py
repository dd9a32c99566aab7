"""Indicators and measured values over the API."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collab.process.casefile.indicators import (
    NOTE_CHARS_MAX,
    TEXT_CHARS_MAX,
    UNIT_CHARS_MAX,
    IndicatorKind,
)
from collab.process.evidence import REASON_CHARS_MAX
from server.actions.casefile import indicators as actions
from server.actions.casefile.indicators import IndicatorForm
from server.actions.cases import open_case
from server.api.operation import Answer, ApiRequest, operation
from storage.process.casefile import indicators
from storage.process.casefile.indicators import Indicator, Measurement

TAG = "indicators"
COLLECTION = "/api/v1/ideas/{ref}/indicators"
ITEM = COLLECTION + "/{number}"
INT_MAX = 2**31 - 1

Number = Annotated[int, Field(ge=1, le=INT_MAX)]


class IndicatorBody(BaseModel):
    """What is measured, from which value to which one, until when.

    ``reason`` is needed once the idea was accepted on the ground of its indicators.
    """

    model_config = ConfigDict(extra="forbid")

    kind: IndicatorKind
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    unit: str = Field(max_length=2 * UNIT_CHARS_MAX)
    baseline: float | None = None
    target: float
    due: str = Field(max_length=10, description="A day as YYYY-MM-DD.")
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)

    def form(self) -> IndicatorForm:
        return IndicatorForm(
            kind=self.kind,
            text=self.text,
            unit=self.unit,
            baseline=self.baseline,
            target=self.target,
            due=self.due,
        )


class IndicatorChange(IndicatorBody):
    """The whole indicator as it is to be, and the revision that was seen."""

    expected_revision: int = Field(ge=1, le=INT_MAX)


class Withdrawal(BaseModel):
    """The revision that was seen, and why the indicator is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    expected_revision: int = Field(ge=1, le=INT_MAX)
    reason: str = Field(default="", max_length=2 * REASON_CHARS_MAX)


class MeasurementBody(BaseModel):
    """What was measured on a day; the same day again corrects it."""

    model_config = ConfigDict(extra="forbid")

    day: str = Field(max_length=10, description="A day as YYYY-MM-DD, not in the future.")
    value: float
    note: str = Field(default="", max_length=2 * NOTE_CHARS_MAX)


class MeasurementOut(BaseModel):
    """One value; ``revision`` above 1 corrects the earlier ones of that day."""

    day: str
    revision: int
    value: float
    note: str
    at: datetime


class IndicatorRevision(BaseModel):
    """An indicator in one revision; ``amendment``: it was accepted before."""

    revision: int
    kind: IndicatorKind
    text: str
    unit: str
    baseline: float | None
    target: float
    due: str
    is_withdrawn: bool
    reason: str
    amendment: bool
    by: str
    organisation: str | None
    at: datetime


class IndicatorOut(IndicatorRevision):
    """An indicator as it is now, with earlier revisions and what was measured."""

    number: int
    history: list[IndicatorRevision]
    measurements: list[MeasurementOut]


class Indicators(BaseModel):
    """All indicators of an idea by their numbers, withdrawn ones too."""

    indicators: list[IndicatorOut]


@operation("GET", COLLECTION, tag=TAG, refusals=(404,))
async def list_indicators(request: ApiRequest, ref: str) -> Indicators:
    """What a measure is measured by, and what was measured."""
    return Indicators(indicators=await _shown(request, ref))


@operation("POST", COLLECTION, tag=TAG, status=201, refusals=(401, 403, 404, 409, 422, 429))
async def set_indicator(
    request: ApiRequest, ref: str, body: IndicatorBody
) -> Annotated[Answer, IndicatorOut]:
    """Set a new indicator."""
    row = await actions.set_indicator(
        request.services, request.actor, ref, None, body.form(), reason=body.reason
    )
    (out,) = await _shown(request, ref, row.number)
    return Answer(out, headers={"Location": ITEM.format(ref=ref, number=row.number)})


@operation("PUT", ITEM, tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def change_indicator(
    request: ApiRequest, ref: str, number: Number, body: IndicatorChange
) -> IndicatorOut:
    """Change an indicator; 409 if somebody was first (``current`` is what it is now)."""
    await actions.set_indicator(
        request.services,
        request.actor,
        ref,
        number,
        body.form(),
        expected_revision=body.expected_revision,
        reason=body.reason,
    )
    (out,) = await _shown(request, ref, number)
    return out


@operation("POST", ITEM + "/withdrawal", tag=TAG, refusals=(401, 403, 404, 409, 422, 429))
async def withdraw_indicator(
    request: ApiRequest, ref: str, number: Number, body: Withdrawal
) -> IndicatorOut:
    """Take an indicator out of those that count; its history stays."""
    await actions.withdraw_indicator(
        request.services,
        request.actor,
        ref,
        number,
        expected_revision=body.expected_revision,
        reason=body.reason,
    )
    (out,) = await _shown(request, ref, number)
    return out


@operation(
    "POST",
    ITEM + "/measurements",
    tag=TAG,
    status=201,
    refusals=(401, 403, 404, 409, 422, 429),
)
async def measure(
    request: ApiRequest, ref: str, number: Number, body: MeasurementBody
) -> MeasurementOut:
    """Enter what was measured on a day."""
    row = await actions.measure(
        request.services,
        request.actor,
        ref,
        number,
        day=body.day,
        value=body.value,
        note=body.note,
    )
    return _measurement_out(row)


async def _shown(request: ApiRequest, ref: str, number: int | None = None) -> list[IndicatorOut]:
    """The indicators, or the one."""
    async with request.services.database.read() as tx:
        case = await open_case(tx, request.actor, ref)
        rows = await indicators.history(tx, case.idea.id)
        values = await indicators.measurements(tx, case.idea.id)
    numbers = dict.fromkeys(row.number for row in rows if number in {None, row.number})
    return [
        _out(
            [row for row in rows if row.number == each],
            [value for value in values if value.indicator == each],
        )
        for each in numbers
    ]


def _out(rows: list[Indicator], values: list[Measurement]) -> IndicatorOut:
    history = [_revision_out(row) for row in rows]
    return IndicatorOut(
        number=rows[-1].number,
        history=history,
        measurements=[_measurement_out(value) for value in values],
        **history[-1].model_dump(),
    )


def _revision_out(row: Indicator) -> IndicatorRevision:
    return IndicatorRevision(
        revision=row.revision,
        kind=IndicatorKind(row.kind),
        text=row.text,
        unit=row.unit,
        baseline=row.baseline,
        target=row.target,
        due=row.due,
        is_withdrawn=row.is_withdrawn,
        reason=row.reason,
        amendment=row.is_amendment,
        by=row.by_name,
        organisation=row.organisation,
        at=row.at,
    )


def _measurement_out(row: Measurement) -> MeasurementOut:
    return MeasurementOut(
        day=row.day, revision=row.revision, value=row.value, note=row.note, at=row.at
    )


operations = [
    list_indicators,
    set_indicator,
    change_indicator,
    withdraw_indicator,
    measure,
]
