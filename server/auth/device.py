"""Which answers a device may keep to be read without a network, and for whom.

The service worker (``web/src/worker``) keeps nothing that is not marked here, and nothing of a
sign-in that is not the present one.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from server.auth.secrets import hash_of
from server.auth.visitor import Visitor

SIGN_IN: Final = "Arena-Sign-In"
NOBODY: Final = "none"
KEEP: Final = "Arena-Keep"
KEY_LENGTH: Final = 32
CLEAR_SITE_DATA: Final = '"cache", "storage"'


def keep_on_device(response: Response) -> Response:
    """Let the device keep this page for the person who asked for it, because he writes there."""
    response.headers[KEEP] = "page"
    return response


def say_who_is_signed_in(headers: MutableHeaders, visitor: Visitor | None) -> None:
    """Name the sign-in on a page, by a key that says nothing else about it."""
    if visitor is None or not headers.get("content-type", "").startswith("text/html"):
        return
    headers[SIGN_IN] = sign_in_key(visitor)


def sign_in_key(visitor: Visitor) -> str:
    """What tells this sign-in from every other."""
    if visitor.session_key is None:
        return NOBODY
    return hash_of(f"kept for {visitor.session_key}")[:KEY_LENGTH]


def clear_device(response: Response) -> None:
    """Have the browser throw away all that it keeps of Arena; without scripts nothing else does.

    Cookies are not among it: browsers would take those of all neighbours of our domain as well.
    """
    response.headers["Clear-Site-Data"] = CLEAR_SITE_DATA
