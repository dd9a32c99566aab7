"""All routes of a workshop's board."""

from server.pages.workshop.board import becoming, board

routes = [*board.routes, *becoming.routes]
