"""The page of this device: what it keeps, what of it the server lacks, and the way to empty it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.device import keep_on_device
from server.pages.sign_in import leave
from server.services import services_of

DEVICE: Final = "/device"
CLEARED: Final = "cleared"


async def device(request: Request) -> Response:
    """What lies on this device only its scripts can find out; the page is kept like texts are."""
    context = {"is_cleared": CLEARED in request.query_params}
    return keep_on_device(services_of(request).pages.render(request, "device/page.html", context))


async def clear(request: Request) -> Response:
    """Finish: sign out, and have the browser throw away all that it keeps."""
    return await leave(request, f"{DEVICE}?{CLEARED}=1")


routes = [
    Route(DEVICE, device),
    Route(f"{DEVICE}/clear", clear, methods=["POST"]),
]
