"""All routes of the moderators' board."""

from server.pages.board import board, decisions, moves, notes

routes = [*board.routes, *moves.routes, *decisions.routes, *notes.routes]
