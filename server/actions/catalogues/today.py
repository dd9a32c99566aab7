"""The day it is: catalogues and organisations begin and end at midnight in Berlin."""

from datetime import date

from collab.process.calendar.berlin import berlin_date
from server.services import Services


def today(services: Services) -> date:
    """The day it is in Berlin."""
    return berlin_date(services.clock())
