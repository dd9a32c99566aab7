"""All routes of the talk and of tasks."""

from server.pages.talk import comments, tasks

routes = [*comments.routes, *tasks.routes]
