"""Tickets: what a program without cookie and headers opens one socket with."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collab.errors import Invalid
from collab.sync.address import DocumentAddress
from collab.sync.refusals import FrameRefused
from server.actions.programs import TICKET_FOR, issue_ticket
from server.api.operation import Answer, ApiRequest, operation


class TicketBody(BaseModel):
    """The document that the socket is for, as ideas name it."""

    model_config = ConfigDict(extra="forbid")

    document_id: str = Field(max_length=64)


class Ticket(BaseModel):
    """Opens one socket to that document, once, as ``?ticket=``."""

    ticket: str
    expires_in_s: int


@operation(
    "POST", "/api/v1/collab/tickets", tag="collab", status=201, refusals=(401, 404, 422, 429)
)
async def create_ticket(request: ApiRequest, body: TicketBody) -> Annotated[Answer, Ticket]:
    """Get a ticket for one socket, good for 30 seconds."""
    try:
        address = DocumentAddress.parse(body.document_id)
    except FrameRefused as error:
        raise Invalid(fields={"document_id": "malformed"}) from error
    secret = await issue_ticket(request.services, request.person, address)
    ticket = Ticket(ticket=secret, expires_in_s=int(TICKET_FOR.total_seconds()))
    return Answer(ticket, headers={"Cache-Control": "no-store"})


operations = [create_ticket]
