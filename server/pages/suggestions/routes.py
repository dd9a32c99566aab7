"""All routes of suggested wording."""

from server.pages.suggestions import forms, suggestions

routes = [*forms.routes, *suggestions.routes]
