"""All routes of an idea's pages."""

from server.pages.idea import acts, comments, forms, fragments, initiatives, page, stage

routes = [
    *page.routes,
    *fragments.routes,
    *forms.routes,
    *comments.routes,
    *initiatives.routes,
    *stage.routes,
    *acts.routes,
]
