"""All routes of the moderators' board."""

from server.pages.board import notes

routes = [*notes.routes]
