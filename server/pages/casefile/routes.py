"""All routes of the record of a case."""

from server.pages.casefile import logbook, requirements

routes = [
    *logbook.routes,
    *requirements.routes,
]
