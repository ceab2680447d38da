"""A service in memory that anybody may be made to ask, in any role."""

import copyreg
import io
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from services.scoring.domain.generation import Generation
from services.scoring.domain.refused_grounds import RefusedGrounds
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.rule_check import Whitelist
from services.scoring.domain.words import Words
from shared.kernel.access import Caller
from shared.testing.access import KnownCallers
from tests.contract.access.matrix import Row
from tests.contract.access.places import HERE, Home

_PORTS = ("ports", "publication", "records", "decisions", "changes", "laboratory", "builds", "closings")
"""Under which names an api holds its stores."""
_UNCHANGING = (Generation, RefusedGrounds, RuleBook, Whitelist, Words)
"""What is large and never changes is written as itself: nine tenths of what scoring would write again and again."""
_met: dict[int, object] = {}


def _as_itself(thing: object) -> tuple[Callable[[int], object], tuple[int]]:
    _met[id(thing)] = thing
    return _of, (id(thing),)


def _of(number: int) -> object:
    return _met[number]


_WAYS = {**copyreg.dispatch_table, **dict.fromkeys(_UNCHANGING, _as_itself)}


@dataclass(slots=True)
class Service:
    """A service that is put back to where it stood whenever that is wanted."""

    app: FastAPI
    callers: KnownCallers = field(default_factory=KnownCallers)
    named: dict[tuple[str, Home], str] = field(default_factory=dict)
    """Ids that do not derive from kind and home."""
    _remembered: bytes = b""
    _stands: bytes = b""
    """What was kept when it was put back: what is equal may be written in another order once it was read."""
    _asked: bool = True
    """Whether a request since then may have changed anything."""

    def remember(self) -> None:
        """What is stored now is what `put_back` gives."""
        self._remembered = self.kept()
        self.put_back()

    def put_back(self) -> None:
        """Everything is as it was when it was remembered."""
        if not self._asked or self.kept() == self._stands:
            return
        for name, ports in pickle.loads(self._remembered).items():  # noqa: S301 - our own bytes
            setattr(self.app.state, name, ports)
        self._stands = self.kept()
        self._asked = False

    def standing(self) -> bytes:
        """What was kept before anybody asked."""
        return self._stands

    async def admit(self, caller: Caller) -> None:
        """Let the token name this caller."""
        self.callers.callers["token"] = caller

    def kept(self) -> bytes:
        """All that is stored and recorded."""
        # Together, since what one writes another may read.
        written = io.BytesIO()
        pickler = pickle.Pickler(written)
        pickler.dispatch_table = _WAYS
        pickler.dump({name: getattr(self.app.state, name, None) for name in _PORTS})
        return written.getvalue()

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
        self._asked = True
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
