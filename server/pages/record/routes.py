"""All routes of the record of ideas."""

from server.pages.record import difference, feeds, timeline

routes = [*timeline.routes, *difference.routes, *feeds.routes]
