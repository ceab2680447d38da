"""A township as its people make it: everything here goes through the gateway, with accounts that log in."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import httpx

from deploy.local.stack import Stack
from deploy.local.steering import Steering
from shared.kernel.access import Role
from shared.kernel.clock import at_local_time
from shared.kernel.ids import derived_id, new_id
from tests.seeding import steering

_OK = 200


@dataclass(slots=True)
class Township:
    """One county, one township, two branches, two cadres, and everybody who works with them.

    Ids derive from the story's name, so that stories on one stack do not meet.
    """

    story: str
    gateway: httpx.AsyncClient
    clock: Steering
    tokens: dict[str, str] = field(default_factory=dict)

    def id(self, *parts: object) -> str:
        """The id of something in this story."""
        return derived_id(self.story, *parts)

    async def call(self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """A request through the gateway that must succeed; gives the answer's JSON."""
        response = await self.ask(who, method, path, body, seen=seen)
        assert response.is_success, f"{who} {method} {path}: {response.status_code} {response.text}"
        return response.json()

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, *, seen: int | None = None
    ) -> httpx.Response:
        """A request through the gateway, however it ends."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.gateway.request(method, path, json=body, headers=headers)

    async def log_in(self, username: str, password: str, *, known_as: str = "") -> None:
        """Get a token with a password."""
        form = {"grant_type": "password", "username": username, "password": password}
        response = await self.gateway.post("/api/identity/token", data=form)
        assert response.status_code == _OK, response.text
        self.tokens[known_as or username] = response.json()["access_token"]

    async def hire(self, who: str, role: Role, scope: str) -> None:
        """The administrator opens an account; its person logs in."""
        username, password = f"{who.replace(' ', '-')}-{self.id(who)[:6]}", secrets.token_urlsafe(12)
        account = {
            "id": self.id("account", who),
            "username": username,
            "person_id": self.id(who),
            "roles": [{"role": role.value, "scope": scope}],
            "password": password,
            "must_change": False,
        }
        await self.call("admin", "POST", "/api/identity/accounts", account)
        await self.log_in(username, password, known_as=who)

    async def noon(self, day: date) -> None:
        """It is noon of this day; all that was due by then is done."""
        await self.at(day, time(12))

    async def at(self, day: date, local_time: time) -> None:
        """It is this local time of this day."""
        await self.clock.set(at_local_time(day, local_time))

    async def visit(self, who: str, branch: str, at: datetime, *, id_: str | None = None) -> dict[str, Any]:
        """The cadre logs a visit to the branch."""
        form = {
            "id": id_ or new_id(),
            "cadre_id": self.id(who),
            "branch_id": self.id(branch),
            "occurred_at": at.isoformat(),
            "note": "入户走访",
        }
        visit: dict[str, Any] = await self.call(who, "POST", "/api/visits/visits", form)
        return visit

    async def problem(self, who: str, branch: str, on: date, name: str) -> dict[str, Any]:
        """The cadre raises an ordinary problem (5 working days)."""
        form = {
            "id": self.id("problem", name),
            "branch_id": self.id(branch),
            "cadre_id": self.id(who),
            "raised_on": on.isoformat(),
            "problem_class": "ordinary",
            "content": f"民情问题 {name}",
        }
        problem: dict[str, Any] = await self.call(who, "POST", "/api/visits/problems", form)
        return problem

    async def resolve(self, who: str, problem: dict[str, Any], on: date) -> dict[str, Any]:
        """The cadre says it is solved."""
        form = {"resolved_on": on.isoformat(), "measure": "已解决"}
        resolved: dict[str, Any] = await self.call(
            who, "PUT", f"/api/visits/problems/{problem['id']}/resolution", form, seen=problem["revision"]
        )
        return resolved

    async def confirm(self, who: str, problem: dict[str, Any], on: date, answer: str = "yes") -> dict[str, Any]:
        """Somebody else asked the citizen."""
        form = {"answer": answer, "confirmed_on": on.isoformat()}
        confirmed: dict[str, Any] = await self.call(
            who, "PUT", f"/api/visits/problems/{problem['id']}/confirmation", form, seen=problem["revision"]
        )
        return confirmed

    async def works(self, who: str, branch: str, day: date, *problems: str, visit: str = "") -> None:
        """Noon of the day: the cadre was out in the morning, and what he was asked for is solved and confirmed."""
        await self.noon(day)
        await self.visit(who, branch, at_nine(day), id_=self.id("visit", visit or day))
        for name in problems:
            resolved = await self.resolve(who, await self.problem(who, branch, day, name), day)
            await self.confirm("branch secretary", resolved, day)
        await self.clock.settle()

    async def score(self, who: str, kind: str, subject: str, period: str) -> dict[str, Any]:
        """A score as this person sees it."""
        path = f"/api/scoring/scores/{kind}/{self.id(subject)}?period={period}"
        score: dict[str, Any] = await self.call(who, "GET", path)
        return score

    async def passport(self, who: str, kind: str, subject: str, period: str) -> dict[str, Any]:
        """Where each of its points comes from."""
        path = f"/api/scoring/scores/{kind}/{self.id(subject)}/passport?period={period}"
        passport: dict[str, Any] = await self.call(who, "GET", path)
        return passport

    async def inbox(self, who: str) -> list[dict[str, Any]]:
        """What this person is told."""
        page = await self.call(who, "GET", "/api/notifications/inbox?limit=200")
        items: list[dict[str, Any]] = [entry["obligation"] for entry in page["items"]]
        return items


def at_nine(day: date) -> datetime:
    """Nine o'clock in the morning of a local day."""
    return at_local_time(day, time(9))


@asynccontextmanager
async def settled_township(stack: Stack, story: str, go_live_on: date) -> AsyncIterator[Township]:
    """A township that goes live at noon of the day, a Monday; its cadres were posted the week before."""
    async with httpx.AsyncClient(base_url=stack.urls["gateway"], timeout=20.0) as gateway:
        township = Township(story, gateway, steering(stack))
        await township.noon(go_live_on)
        await township.log_in("admin", stack.passwords.of("admin"))
        await _hire_everybody(township)
        await _register(township, go_live_on)
        yield township


async def _hire_everybody(township: Township) -> None:
    county, here = township.id("county"), township.id("township")
    await township.hire("county organiser", Role.COUNTY_ORGANISER, county)
    await township.hire("organiser", Role.ORGANISER, here)
    await township.hire("secretary", Role.SECRETARY, here)
    await township.hire("branch secretary", Role.BRANCH_SECRETARY, township.id("branch"))
    for cadre in ("cadre", "colleague"):
        await township.hire(cadre, Role.CADRE, here)


async def _register(township: Township, go_live_on: date) -> None:
    county, here = township.id("county"), township.id("township")
    for who, kind, name, parent in (
        ("county organiser", "county", "county", None),
        ("county organiser", "township", "township", county),
        ("organiser", "branch", "branch", here),
        ("organiser", "branch", "other branch", here),
    ):
        form = {"id": township.id(name), "kind": kind, "title": f"演示 {name}", "parent_id": parent}
        if kind == "branch":
            form["category"] = "village"
        await township.call(who, "POST", "/api/members/organisations", form)
    for cadre, branch in (("cadre", "branch"), ("colleague", "other branch")):
        form = {
            "id": township.id("posting", cadre),
            "cadre_id": township.id(cadre),
            "organisation_id": township.id(branch),
            "post": "village_cadre",
            "starts_on": "2026-01-05",
        }
        await township.call("organiser", "POST", "/api/members/postings", form)
    go_live = {"go_live_on": go_live_on.isoformat()}
    await township.call("organiser", "PUT", f"/api/members/townships/{here}/go-live", go_live)
    await township.clock.settle()
