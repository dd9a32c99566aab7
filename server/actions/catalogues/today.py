"""The day it is: catalogues and organisations begin and end at midnight in Berlin."""

from datetime import date
from zoneinfo import ZoneInfo

from server.services import Services

BERLIN = ZoneInfo("Europe/Berlin")


def today(services: Services) -> date:
    """The day it is in Berlin."""
    return services.clock().astimezone(BERLIN).date()
