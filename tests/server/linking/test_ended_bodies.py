"""An organisation that has ended takes nothing over; one that will end still does."""

from datetime import date, timedelta

from tests.server.linking.taking_over import a_measure, take_over
from tests.server.responsibility.organisations import Bodies


async def test_f30_an_organisation_takes_over_until_its_last_day(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    today: date = bodies.arena.arena.clock().date()
    await bodies.found("bald", "Amt auf Zeit", "administration", valid_to=today)
    await bodies.found("aus", "Amt von gestern", "administration", valid_to=today - timedelta(1))
    assert (await take_over(bodies, origin, "bald")).status_code == 201
    refused = await take_over(bodies, origin, "aus")
    assert refused.json()["fields"] == {"organisation_id": "unknown-choice"}
