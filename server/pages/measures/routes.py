"""All routes of the pages of measures."""

from server.pages.measures import badge, central, commitment, register

routes = [*register.routes, *badge.routes, *commitment.routes, *central.routes]
