"""A fortnight of a township's work, sent through the gateway by clients that try again until they are answered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import httpx

from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.clock import at_local_time
from shared.kernel.ids import derived_id
from shared.testing.access import a_caller
from tests.people import token
from tests.seeding import TOWNSHIP, Seed

MONDAY = date(2026, 3, 2)
SEED = Seed.of(20, MONDAY)
_PLAYING = 16
_PROBLEMS_A_WEEK = 8
"""More than the week's cap counts, so that the caps are under fire too."""
SPARE = range(_PLAYING, 20)
"""Cadres no load plays, for tests that only need somebody to visit."""
_PATIENCE_SECONDS = 180.0
_AGAIN_SECONDS = 0.2
_REFUSED, _TOO_FAST = 400, 429
_FAULT = 500


class Refused(Exception):
    """The platform understood and said no: trying again would not help."""


@dataclass(slots=True)
class Load:
    """Some cadres' fortnight; ids derive from the name, so the same load under another name is the same work."""

    name: str
    gateway: httpx.AsyncClient
    bearers: dict[str, str]
    pause_seconds: float = 0.0
    """Between two requests of one cadre: it stretches the work over whatever happens meanwhile."""
    retries: int = 0
    answered: int = 0
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def cadres(self) -> tuple[str, ...]:
        """Its half of the township's cadres: two loads on one stack do not share any."""
        half = _PLAYING // 2
        return SEED.cadres[:half] if self.name == "undisturbed" else SEED.cadres[half:_PLAYING]

    async def play(self) -> None:
        """All cadres at once; the third of them never visits, the fourth never solves."""
        await asyncio.gather(*(self._fortnight(number, cadre) for number, cadre in enumerate(self.cadres)))

    async def _fortnight(self, number: int, cadre: str) -> None:
        branch = SEED.branches[SEED.cadres.index(cadre)]
        for week in range(2):
            monday = MONDAY + timedelta(weeks=week)
            if number % 4 != 2:
                await self._visit(
                    cadre, branch, at_local_time(monday + timedelta(days=number % 5), time_of_day(9)), week
                )
            for problem in range(_PROBLEMS_A_WEEK):
                await self._problem(cadre, branch, monday, f"{week}-{problem}", solved=number % 4 != 3)

    async def _visit(self, cadre: str, branch: str, at: datetime, week: int) -> None:
        form = {
            "id": derived_id(self.name, "visit", cadre, week),
            "cadre_id": cadre,
            "branch_id": branch,
            "occurred_at": at.isoformat(),
            "note": "走访",
        }
        await self._ask("POST", "/api/visits/visits", form)

    async def _problem(self, cadre: str, branch: str, on: date, name: str, *, solved: bool) -> None:
        id_ = derived_id(self.name, "problem", cadre, name)
        form = {
            "id": id_,
            "branch_id": branch,
            "cadre_id": cadre,
            "raised_on": on.isoformat(),
            "problem_class": "simple",
            "content": "路灯不亮",
        }
        await self._ask("POST", "/api/visits/problems", form)
        if solved:
            done = {"resolved_on": (on + timedelta(days=1)).isoformat(), "measure": "已修"}
            await self._ask("PUT", f"/api/visits/problems/{id_}/resolution", done, seen=1)
            said = {"answer": "yes", "confirmed_on": (on + timedelta(days=2)).isoformat()}
            await self._ask("PUT", f"/api/visits/problems/{id_}/confirmation", said, seen=2, who="secretary")

    async def _ask(self, method: str, path: str, body: Any, *, seen: int | None = None, who: str = "organiser") -> None:
        await asyncio.sleep(self.pause_seconds)
        await self.insist(method, path, body, seen=seen, who=who)

    async def insist(
        self, method: str, path: str, body: Any, *, seen: int | None = None, who: str = "organiser"
    ) -> Any:
        """Ask until the platform answers; raises Refused when it says no."""
        headers = {"Authorization": f"Bearer {self.bearers[who]}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                response = await self.gateway.request(method, path, json=body, headers=headers)
            except httpx.HTTPError:
                pass
            else:
                status = response.status_code
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if response.is_success:
                    self.answered += 1
                    return response.json()
                if _REFUSED <= status < _FAULT and status != _TOO_FAST:
                    raise Refused(f"{method} {path}: {status} {response.text}")
            assert time.monotonic() < deadline, f"{method} {path} is never answered"
            self.retries += 1
            await asyncio.sleep(_AGAIN_SECONDS)


@asynccontextmanager
async def a_load(stack: Stack, name: str) -> AsyncIterator[Load]:
    """A load with its clients: an organiser who enters, a secretary who confirms."""
    bearers = {
        "organiser": token(stack, a_caller(Role.ORGANISER, TOWNSHIP)),
        "secretary": token(stack, a_caller(Role.SECRETARY, TOWNSHIP)),
    }
    async with httpx.AsyncClient(base_url=stack.urls["gateway"], timeout=10.0) as gateway:
        yield Load(name, gateway, bearers)
