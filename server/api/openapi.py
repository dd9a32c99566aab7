"""``/openapi.json``: what the operations take and give, generated from the same values.

OpenAPI 3.1; schemas are pydantic's JSON Schemas under ``#/components/schemas``.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.api.operation import Operation
from server.auth.cookie import cookie_name
from server.content import JSON_TYPES
from server.errors import PROBLEM, Problem
from server.services import services_of
from server.settings import Settings

PATH = "/openapi.json"
REFERENCES = "#/components/schemas/{model}"
VERSION = "1.0.0"

Inputs = dict[tuple[int, JsonSchemaMode], dict[str, Any]]


def openapi_route(operations: Iterable[Operation]) -> Route:
    """The route that serves the description of ``operations``."""
    listed = tuple(operations)

    async def openapi(request: Request) -> Response:
        return JSONResponse(describe(listed, services_of(request).settings))

    return Route(PATH, openapi, name="openapi")


def describe(operations: Iterable[Operation], settings: Settings) -> dict[str, Any]:
    """The OpenAPI document."""
    listed = list(operations)
    schemas, definitions = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for each in listed:
        paths.setdefault(each.path, {})[each.method.lower()] = _describe(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Arena",
            "version": VERSION,
            "summary": "Arena of Ideas: everything the pages do.",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": settings.address}],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie_name(settings)},
            },
        },
        # Guests may ask too; what they get is decided per idea.
        "security": [{"bearer": []}, {"session": []}, {}],
    }


def _schemas(operations: list[Operation]) -> tuple[Inputs, dict[str, Any]]:
    """The schema of every model by (identity, mode), and the definitions they refer to."""
    wanted: dict[tuple[int, JsonSchemaMode], Any] = {(id(Problem), "serialization"): Problem}
    for each in operations:
        if each.body is not None:
            wanted[id(each.body), "validation"] = each.body
        if _has_model(each):
            wanted[id(each.answers), "serialization"] = each.answers
    inputs = [(key, key[1], TypeAdapter(model).core_schema) for key, model in wanted.items()]
    found, definitions = GenerateJsonSchema(ref_template=REFERENCES).generate_definitions(inputs)
    named: dict[str, Any] = {str(name): schema for name, schema in definitions.items()}
    return {key: found[key, key[1]] for key in wanted}, named


def _describe(each: Operation, schemas: Inputs) -> dict[str, Any]:
    summary, _, description = each.text.partition("\n\n")
    described: dict[str, Any] = {
        "operationId": each.name,
        "tags": [each.tag],
        "summary": " ".join(summary.split()),
        "parameters": [*_path_parameters(each), *_query_parameters(each.query)],
        "responses": _responses(each, schemas),
    }
    if description:
        described["description"] = description
    if each.body is not None:
        schema = schemas[id(each.body), "validation"]
        content = {media: {"schema": schema} for media in JSON_TYPES[:1]}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _path_parameters(each: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": TypeAdapter(hint).json_schema()}
        for name, hint in each.path_parameters.items()
    ]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    schema = model.model_json_schema()
    known, required = schema.get("$defs", {}), schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _plain(one, known)}
        for name, one in schema["properties"].items()
    ]


def _plain(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query parameter with the choices it names, which are plain values."""
    if "$ref" in schema:
        return dict(known[schema["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in schema:
        return {**schema, "anyOf": [_plain(each, known) for each in schema["anyOf"]]}
    return schema


def _responses(each: Operation, schemas: Inputs) -> dict[str, Any]:
    content: dict[str, Any] = {media: {"schema": {"type": "string"}} for media in each.media}
    if _has_model(each):
        content["application/json"] = {"schema": schemas[id(each.answers), "serialization"]}
    status = each.status if content else HTTPStatus.NO_CONTENT.value
    success: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if content:
        success["content"] = content
    problem = {PROBLEM: {"schema": schemas[id(Problem), "serialization"]}}
    refusals = {
        str(code): {"description": HTTPStatus(code).phrase, "content": problem}
        for code in each.refusals
    }
    default = {"description": "Refused, or a fault of the server.", "content": problem}
    return {str(status): success, **refusals, "default": default}


def _has_model(each: Operation) -> bool:
    return each.answers not in (None, type(None))
