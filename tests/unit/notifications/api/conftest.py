"""The api over the world's ports, and who calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.notifications.bootstrap import api_over
from shared.kernel.access import Caller, Grant, Role
from shared.testing.access import KnownCallers, a_caller
from tests.front_door import front_door
from tests.unit.notifications.world import BRANCH, CADRE, COLLEAGUE, COUNTY, ELSEWHERE, TOWNSHIP, World

Call = Callable[..., Awaitable[Any]]


def _also(caller: Caller, role: Role, scope: str) -> Caller:
    return replace(caller, grants=(*caller.grants, Grant(role, scope)))


@pytest.fixture
async def call(world: World) -> AsyncIterator[Call]:
    callers = KnownCallers(
        {
            "cadre": a_caller(Role.CADRE, TOWNSHIP, person=CADRE),
            "colleague": a_caller(Role.CADRE, TOWNSHIP, person=COLLEAGUE),
            "organiser": a_caller(Role.ORGANISER, TOWNSHIP),
            "secretary": a_caller(Role.SECRETARY, TOWNSHIP),
            "cadre's own organiser": a_caller(Role.ORGANISER, TOWNSHIP, person=CADRE),
            "organiser who leads the branch": _also(a_caller(Role.ORGANISER, TOWNSHIP), Role.BRANCH_SECRETARY, BRANCH),
            "branch secretary": a_caller(Role.BRANCH_SECRETARY, BRANCH),
            "county": a_caller(Role.COUNTY_ORGANISER, COUNTY),
            "stranger": a_caller(Role.ORGANISER, ELSEWHERE),
            "member": a_caller(Role.MEMBER, BRANCH),
            "administrator": a_caller(Role.ADMINISTRATOR, COUNTY),
        }
    )
    transport = front_door(api_over(world.ports, callers))
    async with httpx.AsyncClient(transport=transport, base_url="http://notifications") as client:

        async def request(who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
            headers = {"Authorization": f"Bearer {who}"}
            if seen is not None:
                headers["If-Match"] = f'"{seen}"'
            return await client.request(method, f"/api/notifications{path}", json=body, headers=headers)

        yield request
