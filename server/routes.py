"""Every route of Arena, from the modules that own them."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cache
from types import ModuleType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.api import events, ideas, moderation, people, stages, texts, tickets
from server.api.abuse import contributions as contributions_api
from server.api.abuse import hidings as hiding_api
from server.api.abuse import reports as report_api
from server.api.alignment import alignment
from server.api.board import routes as board_api
from server.api.casefile import conditions, evidence, indicators, requirements
from server.api.catalogues import catalogues, initiatives, organisations
from server.api.districts import districts as districts_api
from server.api.experts import invitations as invitation_api
from server.api.experts import profiles as profile_api
from server.api.feasibility import judgements, rounds
from server.api.following import following as following_api
from server.api.following import inbox as inbox_api
from server.api.linking import links as idea_links
from server.api.linking import replicas as idea_replicas
from server.api.measures import central, commitments, register
from server.api.merging import merges as merge_api
from server.api.openapi import openapi_route
from server.api.operation import Operation, api_routes
from server.api.process import processes as process_api
from server.api.record import audit, history, named, timeline, versions
from server.api.responsibility import affiliations, responsibilities, terms
from server.api.seam import acts, late
from server.api.similar import hints as hint_api
from server.api.suggestions import suggestions as suggestions_api
from server.api.support import requests as support_requests
from server.api.talk import comments
from server.api.talk import reactions as talk_reactions
from server.api.talk import tasks as talk_tasks
from server.api.workshop import claims as claims_api
from server.api.workshop import evenings as workshop_api
from server.api.workshop import harvest as harvest_api
from server.api.workshop import leading as leading_api
from server.api.workshop import tables as table_api
from server.api.workshop import wall as wall_api
from server.api.workshop.board import board as workshop_board_api
from server.monitoring import health
from server.monitoring.metrics import exposition
from server.pages import account, account_data, arena, ideas_new, processes, sign_in
from server.pages import people as people_pages
from server.pages.abuse import hiding as hiding_pages
from server.pages.abuse import queue as queue_pages
from server.pages.abuse import report as report_pages
from server.pages.abuse import slow as slow_pages
from server.pages.alignment import alignment as alignment_pages
from server.pages.board import routes as board_pages
from server.pages.casefile import logbook as logbook_pages
from server.pages.casefile import routes as casefile_pages
from server.pages.catalogues import catalogues as catalogue_pages
from server.pages.catalogues import initiatives as initiative_pages
from server.pages.catalogues import organisations as organisation_pages
from server.pages.device import routes as device_pages
from server.pages.districts import districts as district_pages
from server.pages.experts import account as expertise_pages
from server.pages.experts import idea as expert_pages
from server.pages.feasibility import charts as chart_pages
from server.pages.feasibility import routes as feasibility_pages
from server.pages.files import ideas as idea_files
from server.pages.following import follows as follow_pages
from server.pages.following import inbox as inbox_pages
from server.pages.following import mails as mail_pages
from server.pages.following import since as since_pages
from server.pages.idea import routes as idea_pages
from server.pages.linking import links as link_pages
from server.pages.linking import replicas as replica_pages
from server.pages.measures import routes as measure_pages
from server.pages.merging import merging as merge_pages
from server.pages.record import routes as record_pages
from server.pages.render import ASSETS
from server.pages.responsibility import idea as responsibility_pages
from server.pages.responsibility import organisations as membership_pages
from server.pages.responsibility import terms as term_pages
from server.pages.similar import hints as hint_pages
from server.pages.suggestions import routes as suggestion_pages
from server.pages.support import requests as support_pages
from server.pages.talk import routes as talk_pages
from server.pages.versions import routes as version_pages
from server.pages.workshop import claims as claim_pages
from server.pages.workshop import entering as entering_pages
from server.pages.workshop import hall as hall_pages
from server.pages.workshop import leading as leading_pages
from server.pages.workshop import mine as workshop_pages
from server.pages.workshop import present as present_pages
from server.pages.workshop import tables as table_pages
from server.pages.workshop import wall as wall_pages
from server.pages.workshop.board import routes as workshop_board_pages
from server.pages.workshop.harvest import routes as harvest_pages
from server.realtime import routes as sockets
from web.places import DIST

Page = Callable[[Request], Awaitable[Response]]

API_MODULES: Sequence[ModuleType] = (
    ideas,
    stages,
    comments,
    talk_reactions,
    talk_tasks,
    suggestions_api,
    judgements,
    rounds,
    evidence,
    requirements,
    indicators,
    conditions,
    events,
    texts,
    timeline,
    versions,
    named,
    history,
    audit,
    moderation,
    report_api,
    hint_api,
    hiding_api,
    contributions_api,
    acts,
    late,
    people,
    tickets,
    process_api,
    responsibilities,
    terms,
    catalogues,
    initiatives,
    organisations,
    support_requests,
    affiliations,
    board_api,
    commitments,
    register,
    central,
    alignment,
    districts_api,
    idea_links,
    idea_replicas,
    merge_api,
    profile_api,
    invitation_api,
    following_api,
    inbox_api,
    workshop_board_api,
    workshop_api,
    leading_api,
    wall_api,
    table_api,
    claims_api,
    harvest_api,
)
"""Each has ``operations``."""

PAGE_MODULES: Sequence[ModuleType] = (
    arena,
    ideas_new,
    version_pages,
    talk_pages,
    idea_files,
    idea_pages,
    chart_pages,
    expert_pages,
    expertise_pages,
    suggestion_pages,
    feasibility_pages,
    responsibility_pages,
    record_pages,
    organisation_pages,
    term_pages,
    support_pages,
    logbook_pages,
    casefile_pages,
    alignment_pages,
    district_pages,
    link_pages,
    replica_pages,
    merge_pages,
    sign_in,
    account,
    account_data,
    device_pages,
    people_pages,
    processes,
    catalogue_pages,
    initiative_pages,
    membership_pages,
    board_pages,
    sockets,
    health,
    exposition,
    measure_pages,
    follow_pages,
    inbox_pages,
    mail_pages,
    since_pages,
    report_pages,
    queue_pages,
    hiding_pages,
    slow_pages,
    claim_pages,
    hint_pages,
    workshop_board_pages,
    workshop_pages,
    entering_pages,
    hall_pages,
    leading_pages,
    wall_pages,
    harvest_pages,
    table_pages,
    present_pages,
)
"""Each has ``routes``."""

HASHED_NAME = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+(\.map)?$")
FRAGMENTS = "/fragments/"
FOR_EVER = "public, max-age=31536000, immutable"


class BuiltFiles(StaticFiles):
    """The built scripts and styles; a name with a hash in it never changes its content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_hashed = response.status_code in {200, 304} and HASHED_NAME.search(path)
        response.headers["Cache-Control"] = FOR_EVER if is_hashed else "no-cache"
        return response


def operations() -> list[Operation]:
    """Every operation of the HTTP API."""
    return [each for module in API_MODULES for each in module.operations]


def build_routes() -> list[BaseRoute]:
    """All routes, in the order in which they are tried."""
    return list(_routes())


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The routes know nothing of the application they serve, so one set does for all."""
    pages = one_per_path([route for module in PAGE_MODULES for route in module.routes])
    files = BuiltFiles(directory=DIST, check_dir=False)
    # Crowds ask for fragments, and each route before theirs costs a microsecond.
    fragments = [each for each in pages if isinstance(each, Route) and FRAGMENTS in each.path]
    return (
        *fragments,
        *api_routes(operations()),
        openapi_route(operations()),
        *(each for each in pages if each not in fragments),
        Mount(ASSETS, files, name="assets"),
    )


def one_per_path(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """Join the routes of one path, so that a wrong method learns all that the path takes."""
    by_path: dict[str | int, list[BaseRoute]] = {}
    for route in routes:
        key = route.path if isinstance(route, Route) else id(route)
        by_path.setdefault(key, []).append(route)
    return [same[0] if len(same) == 1 else _joined(same) for same in by_path.values()]


def _joined(same: Iterable[BaseRoute]) -> Route:
    endpoints: dict[str, Page] = {}
    path = ""
    for route in same:
        assert isinstance(route, Route), "only pages share a path"
        path = route.path
        endpoints |= dict.fromkeys(route.methods or (), route.endpoint)
    return Route(path, _by_method(endpoints), methods=list(endpoints))


def _by_method(endpoints: Mapping[str, Page]) -> Page:
    async def endpoint(request: Request) -> Response:
        return await endpoints[request.method](request)

    return endpoint
