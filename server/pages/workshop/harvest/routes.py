"""All routes of the harvest; the files come before the page of a point."""

from server.pages.workshop.harvest import files, leading, minutes, page

routes = [*files.routes, *page.routes, *leading.routes, *minutes.routes]
