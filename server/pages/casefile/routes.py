"""All routes of the record of a case."""

from server.pages.casefile import conditions, indicators, logbook, requirements

routes = [
    *logbook.routes,
    *requirements.routes,
    *indicators.routes,
    *conditions.routes,
]
