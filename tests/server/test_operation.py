"""How operations are bound to requests and described."""

from typing import Annotated, Literal
from uuid import UUID

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from collab.errors import Refusal
from server.api.openapi import describe
from server.api.operation import Answer, ApiRequest, Operation, api_routes, operation
from server.errors import status_of
from server.settings import load_settings


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=10)
    shade: Literal["light", "dark"] = "light"


class Paging(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int = Field(default=10, ge=1, le=20)


@operation("GET", "/api/colours/{number}", tag="colours", refusals=(404,))
async def read_colour(request: ApiRequest, number: UUID, query: Paging) -> Colour:
    """One colour."""
    return Colour(name=f"{query.limit}-{number.hex[:2]}")


@operation("PUT", "/api/colours/{number}", tag="colours", status=201)
async def write_colour(
    request: ApiRequest, number: UUID, body: Colour
) -> Annotated[Answer, Colour]:
    """Write a colour.

    It may be written twice.
    """
    return Answer(body, headers={"Location": f"/api/colours/{number}"})


@operation("DELETE", "/api/colours/{number}", tag="colours")
async def delete_colour(request: ApiRequest, number: UUID) -> None:
    """Delete a colour."""


@operation("GET", "/api/colours.txt", tag="colours", media=("text/plain",))
async def read_colours(request: ApiRequest) -> None:
    """All colours."""
    return Response("red", media_type="text/plain")  # type: ignore[return-value]


OPERATIONS: list[Operation] = [read_colour, write_colour, delete_colour, read_colours]
ONE = "/api/colours/0a0b0c0d-0000-4000-8000-000000000000"


async def refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return JSONResponse({"code": error.code, **error.data}, status_of(error))


def client() -> httpx2.AsyncClient:
    """A client of an application with nothing but the operations."""
    app = Starlette(routes=api_routes(OPERATIONS), exception_handlers={Refusal: refuse})
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://arena.test")


async def test_path_and_query_values_arrive_typed() -> None:
    async with client() as http:
        answer = await http.get(ONE, params={"limit": 7})
    assert answer.json() == {"name": "7-0a", "shade": "light"}


async def test_a_path_value_of_another_form_is_not_found() -> None:
    async with client() as http:
        assert (await http.get("/api/colours/blue")).status_code == 404


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("limit=0", {"limit": "too-small"}),
        ("limit=21", {"limit": "too-big"}),
        ("limit=x", {"limit": "malformed"}),
        ("limit=1&limit=2", {"limit": "malformed"}),
        ("limits=1", {"limits": "unknown"}),
    ],
)
async def test_faulty_queries_are_refused_by_field(query: str, fields: dict[str, str]) -> None:
    async with client() as http:
        answer = await http.get(f"{ONE}?{query}")
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)


async def test_the_body_is_checked_and_the_answer_has_headers() -> None:
    async with client() as http:
        answer = await http.put(ONE, json={"name": "red", "shade": "dark"})
    assert (answer.status_code, answer.headers["location"]) == (201, ONE)
    assert answer.json() == {"name": "red", "shade": "dark"}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name": "missing"}),
        ({"name": ""}, {"name": "too-short"}),
        ({"name": "x" * 11}, {"name": "too-long"}),
        ({"name": "red", "shade": "odd"}, {"shade": "unknown-choice"}),
        ({"name": "red", "id": 1}, {"id": "unknown"}),
        ([], {"": "malformed"}),
        ("red", {"": "malformed"}),
    ],
)
async def test_faulty_bodies_are_refused_by_field(body: object, fields: dict[str, str]) -> None:
    async with client() as http:
        answer = await http.put(ONE, json=body)
    assert (answer.status_code, answer.json()["fields"]) == (422, fields)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff",
        b'{"name": NaN}',
        b"[" * 5000,
        b'{"name": "a\\u0000"}',
        b'{"a": [{"b": 9007199254740993}]}',
    ],
)
async def test_unreadable_bodies_are_refused(body: bytes) -> None:
    async with client() as http:
        answer = await http.put(ONE, content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_other_media_types_are_refused() -> None:
    async with client() as http:
        assert (await http.put(ONE, data={"name": "red"})).status_code == 415


async def test_nothing_to_say_is_no_content() -> None:
    async with client() as http:
        answer = await http.delete(ONE)
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_wrong_method_learns_all_that_the_path_allows() -> None:
    async with client() as http:
        answer = await http.post(ONE)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT", "DELETE"}


async def test_head_is_get_without_content() -> None:
    async with client() as http:
        answer = await http.head(ONE)
    assert answer.status_code == 200


def test_the_description_is_valid_openapi() -> None:
    document = describe(OPERATIONS, load_settings())
    OpenAPIV31SpecValidator(document).validate()
    written = document["paths"]["/api/colours/{number}"]["put"]
    assert written["description"] == "It may be written twice."
    assert set(written["responses"]) == {"201", "default"}
    assert set(document["paths"]["/api/colours/{number}"]) == {"get", "put", "delete"}


def test_a_forgotten_path_parameter_is_noticed_at_once() -> None:
    async def forgetful(request: ApiRequest) -> None:
        """Forgets its parameter."""

    with pytest.raises(AssertionError, match="number"):
        operation("GET", "/api/{number}", tag="x")(forgetful)


def test_one_method_of_a_path_has_one_operation() -> None:
    with pytest.raises(AssertionError, match="twice"):
        api_routes([read_colour, read_colour])
