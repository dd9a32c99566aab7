"""All routes around judgements that are not on an idea's page."""

from server.pages.feasibility import mine, review, rounds

routes = [*mine.routes, *review.routes, *rounds.routes]
