"""Setting indicators, and entering what was measured; both keep what was there before."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from collab.errors import Conflict, NotFound
from collab.process.actors import Actor
from collab.process.calendar.berlin import BERLIN
from collab.process.casefile.indicators import (
    INDICATORS_MAX,
    MEASUREMENTS_MAX,
    IndicatorKind,
    IndicatorValues,
    check_indicator,
    check_measurement,
    were_ground,
)
from collab.process.events.casefile import IndicatorSet, ValueMeasured
from collab.process.evidence import check_amendment
from collab.process.permissions import Action
from server.actions.cases import Case, acting_case, tell
from server.auth import limits
from server.faces import faces
from server.services import Services
from storage import ideas, stages
from storage.database import Transaction
from storage.process.casefile import indicators
from storage.process.casefile.indicators import Indicator, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorForm:
    """What somebody wants an indicator to be."""

    kind: str
    text: str
    unit: str
    target: float | None
    due: str
    baseline: float | None = None

    def checked(self) -> IndicatorValues:
        """The values as they are stored; raises Invalid with every faulty field."""
        return check_indicator(
            kind=self.kind,
            text=self.text,
            unit=self.unit,
            baseline=self.baseline,
            target=self.target,
            due=self.due,
        )


async def set_indicator(
    services: Services,
    actor: Actor,
    ref: str,
    number: int | None,
    wanted: IndicatorForm,
    *,
    expected_revision: int = 0,
    reason: str = "",
) -> Indicator:
    """Set a new indicator (``number`` None), or change one; the same again changes nothing.

    Raises:
        NotFound: (indicator-unknown) there is none of that number.
        Invalid: names every faulty field; an amendment without a reason names ``reason``.
        Conflict: (indicator-moved) somebody was first; (indicators-full) there are enough.
    """
    values = wanted.checked()
    return await _put(services, actor, ref, number, values, expected_revision, reason)


async def withdraw_indicator(
    services: Services,
    actor: Actor,
    ref: str,
    number: int,
    *,
    expected_revision: int,
    reason: str = "",
) -> Indicator:
    """Take an indicator out of those that count; what it was, and what was measured, stays.

    Raises:
        Conflict: (last-indicator) an act was grounded on the last one of its kind.
    """
    return await _put(services, actor, ref, number, None, expected_revision, reason)


async def measure(
    services: Services,
    actor: Actor,
    ref: str,
    number: int,
    *,
    day: str,
    value: float | None,
    note: str = "",
) -> Measurement:
    """Enter what was measured on a day; the same day again corrects it.

    Raises:
        NotFound: (indicator-unknown) there is none of that number, or it was withdrawn.
        Invalid: names every faulty field.
        Conflict: (measurements-full) the indicator holds as many values as can be shown.
    """
    now = services.clock()
    on, said = check_measurement(day, value, note, today=now.astimezone(BERLIN).date())
    assert value is not None, "it was checked"
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.MEASURE)
        if (await indicator_of(tx, case, number)).is_withdrawn:
            raise NotFound("indicator-unknown")
        if await indicators.count_measurements(tx, case.idea.id, number) >= MEASUREMENTS_MAX:
            raise Conflict("measurements-full")
        row = await indicators.measure(
            tx,
            measurement_id=uuid4(),
            idea_id=case.idea.id,
            indicator=number,
            day=on,
            value=value,
            note=said,
            by=case.person_id,
            now=now,
        )
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, ValueMeasured(str(number), on), now)
    await services.announcer.announce([event])
    return row


async def indicator_of(tx: Transaction, case: Case, number: int) -> Indicator:
    """The indicator of that number as it is now."""
    found = (await indicators.newest(tx, case.idea.id)).get(number)
    if found is None:
        raise NotFound("indicator-unknown")
    return found


async def is_ground(tx: Transaction, case: Case) -> bool:
    """Whether an official act was grounded on the indicators, so that changes are amendments."""
    return were_ground(change.gates for change in await stages.history(tx, case.idea.id))


def values_of(row: Indicator) -> IndicatorValues:
    """What the indicator is in this revision."""
    return IndicatorValues(
        IndicatorKind(row.kind), row.text, row.unit, row.baseline, row.target, row.due
    )


async def _put(
    services: Services,
    actor: Actor,
    ref: str,
    number: int | None,
    values: IndicatorValues | None,
    expected_revision: int,
    reason: str,
) -> Indicator:
    """The next revision of an indicator; without ``values`` it is withdrawn."""
    await services.limiter.hit(limits.RECORD_PER_PERSON, "record", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await acting_case(tx, actor, ref, Action.SET_INDICATOR)
        newest = await indicators.newest(tx, case.idea.id)
        before = _before(newest, number)
        if before is not None:
            if not _is_new(before, values):
                return before
            _require_first(before, expected_revision)
        amends = await is_ground(tx, case)
        if amends and before is not None and values is None:
            _require_another(newest, before)
        why = check_amendment(reason, is_amendment=amends)
        kept = values or values_of(_known(before))
        known = (await faces(tx, [case.person_id]))[case.person_id]
        row = Indicator(
            idea_id=case.idea.id,
            number=before.number if before else max(newest, default=0) + 1,
            revision=before.revision + 1 if before else 1,
            kind=kept.kind.value,
            text=kept.text,
            unit=kept.unit,
            baseline=kept.baseline,
            target=kept.target,
            due=kept.due,
            is_withdrawn=values is None,
            reason=why,
            is_amendment=amends,
            by=case.person_id,
            by_name=case.actor.name,
            organisation=known.organisation,
            at=now,
        )
        row = await indicators.append(tx, row)
        await ideas.touch(tx, case.idea.id, now)
        event = await tell(tx, case, IndicatorSet(str(row.number), amends), now)
    await services.announcer.announce([event])
    return row


def _before(newest: Mapping[int, Indicator], number: int | None) -> Indicator | None:
    """The indicator that is changed; None if a new one is set."""
    if number is None:
        if len(newest) >= INDICATORS_MAX:
            raise Conflict("indicators-full")
        return None
    return _known(newest.get(number))


def _known(found: Indicator | None) -> Indicator:
    if found is None:
        raise NotFound("indicator-unknown")
    return found


def _is_new(before: Indicator, values: IndicatorValues | None) -> bool:
    if values is None:
        return not before.is_withdrawn
    return before.is_withdrawn or values_of(before) != values


def _require_another(newest: Mapping[int, Indicator], going: Indicator) -> None:
    """What an act was grounded on may be amended, not taken away."""
    left = [
        row
        for row in newest.values()
        if row.kind == going.kind and row.number != going.number and not row.is_withdrawn
    ]
    if not left:
        raise Conflict("last-indicator")


def _require_first(before: Indicator, expected_revision: int) -> None:
    if before.revision != expected_revision:
        raise Conflict("indicator-moved", current=plain(before))


def plain(row: Indicator) -> dict[str, object]:
    """A revision as refusals carry it."""
    return {
        "revision": row.revision,
        "kind": row.kind,
        "text": row.text,
        "unit": row.unit,
        "baseline": row.baseline,
        "target": row.target,
        "due": row.due,
        "is_withdrawn": row.is_withdrawn,
        "by": row.by_name,
        "at": row.at.isoformat(),
    }
