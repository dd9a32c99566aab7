"""All routes of an idea's pages."""

from server.pages.idea import comments, forms, fragments, page, stage

routes = [
    *page.routes,
    *fragments.routes,
    *forms.routes,
    *comments.routes,
    *stage.routes,
]
