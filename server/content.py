"""The JSON that a request carries: strictly read, and nothing in it that cannot be stored."""

from typing import Any, Final

from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import Request

from collab.errors import Invalid

JSON_TYPES: Final = ("application/json", "application/merge-patch+json")
INTEGER_MAX: Final = 2**53


async def read_json(request: Request) -> Any:
    """The content of the body.

    Raises:
        HTTPException: (415) it is declared as something else.
        Invalid: (malformed) it is no JSON, or it cannot be stored.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if media not in JSON_TYPES:
        raise HTTPException(415)
    try:
        content = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid("malformed", fields={"": "malformed"}) from error
    if not is_storable(content):
        raise Invalid("malformed", fields={"": "malformed"})
    return content


def is_storable(content: Any) -> bool:
    """Nothing is beyond what databases keep: U+0000, integers of more than 53 bits."""
    waiting = [content]
    while waiting:
        match waiting.pop():
            case dict() as each:
                waiting += [*each.keys(), *each.values()]
            case list() as each:
                waiting += each
            case str() as each if "\x00" in each:
                return False
            case int() as each if abs(each) > INTEGER_MAX:
                return False
    return True
