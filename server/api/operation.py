"""The operations of the HTTP API: typed handlers, bound to requests, one route per path.

A handler is ``async def h(request: ApiRequest, ref: str, body: Model, query: Model) -> Model``:
parameters named in the path come from there, ``body`` is the JSON body, ``query`` the query
string; each but ``request`` may be left out. ``server.api.openapi`` describes the same
``Operation`` values.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from inspect import getdoc
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, compile_path

from collab.errors import Invalid, NotAllowed, NotFound
from collab.process.actors import Actor
from server.auth.visitor import visitor_of
from server.content import read_json
from server.errors import SIGN_IN_REQUIRED, invalid_from
from server.language import Language
from server.services import Services, services_of

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Handler = Callable[..., Awaitable[Any]]
NEVER_A_PATH_VALUE = frozenset({"request", "body", "query", "return"})


class ApiRequest(Request):
    """A request as handlers of the API see it."""

    @property
    def services(self) -> Services:
        return services_of(self)

    @property
    def actor(self) -> Actor:
        """Who asks; maybe a guest."""
        return visitor_of(self).actor

    @property
    def person(self) -> Actor:
        """Who asks; refuses guests."""
        if self.actor.person_id is None:
            raise NotAllowed(SIGN_IN_REQUIRED)
        return self.actor

    @property
    def language(self) -> Language:
        return visitor_of(self).language


@dataclass(frozen=True)
class Answer:
    """A handler's result where the model alone does not say all."""

    content: BaseModel
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    method: Method
    path: str
    handler: Handler
    status: int
    tag: str
    answers: Any
    """What a success carries: a model, or None for nothing."""
    media: tuple[str, ...]
    """Further media types a success may have; the handler returns a Response for them."""
    refusals: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def text(self) -> str:
        """The docstring: summary, blank line, description."""
        return getdoc(self.handler) or self.name

    @property
    def parameters(self) -> dict[str, Any]:
        """The annotation of every parameter besides the request."""
        hints = get_type_hints(self.handler, include_extras=True)
        return {name: hint for name, hint in hints.items() if name not in {"request", "return"}}

    @property
    def path_parameters(self) -> dict[str, Any]:
        hints = self.parameters
        return {name: hint for name, hint in hints.items() if name not in NEVER_A_PATH_VALUE}

    @property
    def body(self) -> Any:
        return self.parameters.get("body")

    @property
    def query(self) -> type[BaseModel] | None:
        return self.parameters.get("query")


def operation(
    method: Method,
    path: str,
    *,
    tag: str,
    status: int = 200,
    media: tuple[str, ...] = (),
    refusals: tuple[int, ...] = (),
) -> Callable[[Handler], Operation]:
    """Make the decorated handler the operation ``method path``.

    ``answers`` is the handler's return annotation; a handler that returns ``Answer`` says what is
    in it by ``Annotated[Answer, Model]``. ``refusals`` are the statuses it may refuse with, besides
    those that every operation has.
    """

    def wrap(handler: Handler) -> Operation:
        answers: Any = get_type_hints(handler, include_extras=True)["return"]
        answers = getattr(answers, "__metadata__", (answers,))[0]
        made = Operation(method, path, handler, status, tag, answers, media, refusals)
        placeholders = set(compile_path(path)[2])
        assert placeholders == set(made.path_parameters), f"{made.name}: {placeholders}"
        return made

    return wrap


def api_routes(operations: Iterable[Operation]) -> list[Route]:
    """One route per path; it knows every method of the path, so 405 can name them all."""
    by_path: defaultdict[str, dict[str, Operation]] = defaultdict(dict)
    for each in operations:
        assert each.method not in by_path[each.path], f"{each.method} {each.path} is there twice"
        by_path[each.path][each.method] = each
    return [
        Route(
            path, _dispatch(methods), methods=list(methods), name=next(iter(methods.values())).name
        )
        for path, methods in by_path.items()
    ]


def _dispatch(methods: Mapping[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await _run(methods[method], ApiRequest(request.scope, request.receive))

    return endpoint


async def _run(called: Operation, request: ApiRequest) -> Response:
    arguments: dict[str, Any] = _path_values(called, request)
    if called.query is not None:
        arguments["query"] = _checked(called.query, _query_values(request))
    if called.body is not None:
        arguments["body"] = _checked(called.body, await read_json(request))
    return _response(called, await called.handler(request, **arguments))


def _path_values(called: Operation, request: ApiRequest) -> dict[str, Any]:
    try:
        return {
            name: TypeAdapter(hint).validate_python(request.path_params[name])
            for name, hint in called.path_parameters.items()
        }
    except ValidationError as error:
        raise NotFound from error


def _query_values(request: ApiRequest) -> dict[str, str]:
    names = [name for name, _ in request.query_params.multi_items()]
    if len(names) != len(set(names)):
        raise Invalid(fields={name: "malformed" for name in names if names.count(name) > 1})
    return {name: value for name, value in request.query_params.items() if name != "lang"}


def _checked(model: Any, values: Any) -> Any:
    try:
        return TypeAdapter(model).validate_python(values)
    except ValidationError as error:
        raise invalid_from(error) from error


def _response(called: Operation, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    answer = result if isinstance(result, Answer) else Answer(result)
    content = answer.content.model_dump(mode="json", by_alias=True)
    return JSONResponse(content, answer.status or called.status, answer.headers)
