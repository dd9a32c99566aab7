"""All routes of an idea's pages."""

from server.pages.idea import acts, comments, forms, fragments, initiatives, page, people, stage

routes = [
    *page.routes,
    *fragments.routes,
    *forms.routes,
    *people.routes,
    *comments.routes,
    *initiatives.routes,
    *stage.routes,
    *acts.routes,
]
