"""A service in memory that anybody may be made to ask, in any role."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from shared.kernel.access import Caller
from shared.testing.access import KnownCallers
from tests.contract.access.matrix import Row
from tests.contract.access.places import HERE, Home

_PORTS = ("ports", "publication", "records", "decisions", "changes", "laboratory", "closings")
"""Under which names an api holds its stores."""


@dataclass(slots=True)
class Service:
    """A service that is put back to where it stood whenever that is wanted."""

    app: FastAPI
    callers: KnownCallers = field(default_factory=KnownCallers)
    named: dict[tuple[str, Home], str] = field(default_factory=dict)
    """Ids that do not derive from kind and home."""
    _stood: bytes = b""

    def remember(self) -> None:
        """What is stored now is what `put_back` gives."""
        self._stood = self.kept()
        self.put_back()

    def put_back(self) -> None:
        """Everything is as it was when it was remembered."""
        for name, ports in pickle.loads(self._stood).items():  # noqa: S301 - our own bytes
            setattr(self.app.state, name, ports)

    async def admit(self, caller: Caller) -> None:
        """Let the token name this caller."""
        self.callers.callers["token"] = caller

    def kept(self) -> bytes:
        """All that is stored and recorded."""
        # Together, since what one writes another may read.
        return pickle.dumps({name: getattr(self.app.state, name, None) for name in _PORTS})

    def id_of(self, kind: str, home: Home = HERE) -> str:
        """The id of the thing of this kind that is at home there."""
        return self.named.get((kind, home)) or home.an(kind)

    async def ask(self, caller: Caller | None, row: Row, *, bare: bool = False) -> httpx.Response:
        """The row's request by somebody, or by nobody; `bare` leaves out all that makes it valid."""
        path = row.template.format_map({**row.fixed, **{name: self.id_of(kind) for name, kind in row.ids.items()}})
        if bare:
            return await self.send(caller, row.method, f"{path}?limit=none&cursor=none&period=none&state=none")
        return await self.send(caller, row.method, path, body=row.body, form=row.form, seen=row.seen)

    async def send(
        self,
        caller: Caller | None,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        seen: int | None = None,
    ) -> httpx.Response:
        """One request; whoever asks is known by his token."""
        headers = {}
        if caller is not None:
            await self.admit(caller)
            headers["Authorization"] = "Bearer token"
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path, json=body, data=form, headers=headers)

    async def make(self, caller: Caller, path: str, body: Mapping[str, Any]) -> None:
        """A request that makes something and must succeed."""
        response = await self.send(caller, "POST", path, body=body)
        assert response.is_success, response.text
