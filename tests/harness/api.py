"""The HTTP API as a program uses it: with a bearer token, JSON in and out."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx2


class Api:
    """One person's access to one server."""

    def __init__(self, origin: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = httpx2.AsyncClient(base_url=origin, headers=headers, timeout=60)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.aclose()

    async def call(self, method: str, path: str, status: int = 200, **body: object) -> Any:
        """Call an operation, check the status and return the JSON of the answer."""
        answer = await self.client.request(method, f"/api/v1{path}", json=body or None)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def create_idea(self, title: str, kind: str = "proposal") -> dict[str, Any]:
        """A new idea of this person; a draft."""
        created = await self.call("POST", "/ideas", 201, kind=kind, title=title)
        assert isinstance(created, dict)
        return created

    async def idea(self, ref: str) -> dict[str, Any]:
        """The idea as it stands."""
        found = await self.call("GET", f"/ideas/{ref}")
        assert isinstance(found, dict)
        return found

    async def text(self, ref: str) -> dict[str, Any]:
        """The durable text by section."""
        found = await self.call("GET", f"/ideas/{ref}/text?format=json")
        assert isinstance(found, dict)
        return found

    async def change_stage(self, ref: str, to: str, reason: str = "Geprüft.") -> dict[str, Any]:
        """Move the idea on, bound to the text as it stands."""
        idea, text = await self.idea(ref), await self.text(ref)
        changed = await self.call(
            "POST",
            f"/ideas/{ref}/stage",
            to=to,
            expected_revision=idea["revision"],
            text_version=text["version"],
            reason=reason,
        )
        assert isinstance(changed, dict)
        return changed
