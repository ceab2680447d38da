"""The only way into the platform: requests through the gateway, repeated until they are answered."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from deploy.demo.actions import Action, Found

_UNAUTHORISED, _TOO_MANY, _UNPROCESSABLE = 401, 429, 422
_AWAY = frozenset({502, 503, 504})
_OVERTAKEN = frozenset({409, 412})
_NOT_YET = frozenset(
    {"branch.unknown", "branch.members_unknown", "cadre.unknown", "member.unknown", "organisation.unknown"}
)
"""What a service has not heard from another yet; 请稍后重试."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class Refused(Exception):
    """The platform refused a request of the demo; says which and in its own words."""

    def __init__(self, action: Action, response: httpx.Response) -> None:
        super().__init__(f"{action.who} {action.method} {action.path}: {response.status_code} {response.text[:500]}")


class NothingLikeIt(Exception):
    """What a request speaks of is not where the plan says it is to be found."""

    def __init__(self, action: Action, found: Found) -> None:
        super().__init__(f"{action.who} {found.path}: no {found.among} with {dict(found.where)}")


class Unreachable(Exception):
    """The platform did not answer for longer than the demo waits."""


@dataclass(slots=True)
class Gateway:
    """A client that obeys Retry-After, logs in again when a token ran out, and outlasts a restart of any process."""

    client: httpx.AsyncClient
    passwords: Mapping[str, str]
    patience_seconds: float = 90.0
    _tokens: dict[str, str] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _logging_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def perform(self, action: Action) -> Any:
        """Do it, or find it done; gives the answer's JSON. Raises Refused, Unreachable, NothingLikeIt."""
        action = await self._completed(action)
        response = await self._until_answered(action)
        if response.is_success:
            return response.json() if response.content else None
        if response.status_code in _OVERTAKEN and action.makes is not None and action.thing is not None:
            stands = await self.read(action.who, action.thing)
            if stands["revision"] >= action.makes:
                return stands
        raise Refused(action, response)

    async def _completed(self, action: Action) -> Action:
        """With everything in its body that has to be looked up first."""
        for name, found in action.finds.items():
            entries = (await self.read(action.who, found.path))[found.among]
            like_it = [entry for entry in entries if found.where.items() <= entry.items()]
            if not like_it:
                raise NothingLikeIt(action, found)
            action = replace(action, body={**(action.body or {}), name: like_it[0][found.take]})
        return action

    async def read(self, who: str, path: str) -> Any:
        """What this account reads there."""
        action = Action(who, "GET", path)
        response = await self._until_answered(action)
        if not response.is_success:
            raise Refused(action, response)
        return response.json()

    async def read_all(self, who: str, path: str) -> list[dict[str, Any]]:
        """Every page of a list."""
        items: list[dict[str, Any]] = []
        cursor = ""
        while True:
            joint = "&" if "?" in path else "?"
            page = await self.read(who, f"{path}{joint}limit=200{cursor}")
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = f"&cursor={page['next']}"

    async def _until_answered(self, action: Action) -> httpx.Response:
        """Ask again while the platform is busy, restarting, or has not heard of something yet."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.patience_seconds
        pause = _FIRST_PAUSE
        why = ""
        while loop.time() < deadline:
            await asyncio.sleep(max(0.0, self._not_before.get(action.who, 0.0) - loop.time()))
            try:
                response = await self._ask(action)
            except httpx.TransportError as error:
                why = repr(error)
            else:
                if response.status_code == _TOO_MANY:
                    self._not_before[action.who] = loop.time() + _retry_after(response, 1.0)
                    continue
                if not _is_passing(response):
                    return response
                why = f"{response.status_code} {response.text[:200]}"
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        raise Unreachable(f"{action.who} {action.method} {action.path}: {why}")

    async def _ask(self, action: Action) -> httpx.Response:
        token = self._tokens.get(action.who) or await self._log_in(action.who, None)
        response = await self._send(action, token)
        if response.status_code == _UNAUTHORISED:
            response = await self._send(action, await self._log_in(action.who, token))
        return response

    async def _send(self, action: Action, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        if action.seen is not None:
            headers["If-Match"] = f'"{action.seen}"'
        return await self.client.request(action.method, action.path, json=action.body, headers=headers)

    async def _log_in(self, who: str, worn_out: str | None) -> str:
        """A token for the account; one log-in at a time, and none if somebody has just logged in."""
        async with self._logging_in:
            known = self._tokens.get(who)
            if known is not None and known != worn_out:
                return known
            form = {"grant_type": "password", "username": who, "password": self.passwords[who]}
            response = await self.client.post("/api/identity/token", data=form)
            if response.status_code == _TOO_MANY or response.status_code in _AWAY:
                await asyncio.sleep(_retry_after(response, 1.0))
                raise httpx.ReadError(f"the log-in of {who} has to wait: {response.status_code}")
            if not response.is_success:
                raise Refused(Action(who, "POST", "/api/identity/token"), response)
            token: str = response.json()["access_token"]
            self._tokens[who] = token
            return token


def _is_passing(response: httpx.Response) -> bool:
    """Whether the same request may succeed shortly."""
    if response.status_code in _AWAY:
        return True
    return response.status_code == _UNPROCESSABLE and response.json().get("code") in _NOT_YET


def _retry_after(response: httpx.Response, otherwise: float) -> float:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdigit() else otherwise
