"""All routes of the versions of a text; they come before the page of a single version."""

from server.pages.versions import authors, listing, replay, restoring, reverting

routes = [*listing.routes, *authors.routes, *replay.routes, *restoring.routes, *reverting.routes]
