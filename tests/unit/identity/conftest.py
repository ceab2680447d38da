"""identity in memory behind its front door: an administrator, a cadre, a clock that stands still."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.identity.adapters.common_passwords import read_common_passwords
from services.identity.adapters.in_memory import (
    InMemoryAccounts,
    InMemoryAudit,
    InMemorySessions,
    InMemoryWrongPasswords,
)
from services.identity.adapters.jwt_tokens import JwtTokens
from services.identity.adapters.key_folder import KeyFolder
from services.identity.bootstrap import api_over
from services.identity.domain.account import Account
from services.identity.domain.trail import TrailEntry
from services.identity.domain.username import Username
from services.identity.use_cases.ensure_administrator import ensure_administrator
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Grant, Role
from shared.kernel.clock import wall_now
from shared.kernel.ids import AccountId, PersonId, derived_id
from shared.testing.clock import StoppedClock
from shared.web.access import JwtVerifier
from shared.web.jwks import Jwks
from tests.front_door import front_door

ISSUER, AUDIENCE = "http://gateway/api/identity", "xianfeng"
TOWNSHIP = derived_id("township")
ADMIN_PASSWORD, CADRE_PASSWORD = "the administrator's", "一个很长很长的好密码"
_COMMON = read_common_passwords()


class PlainPasswords:
    """Hashes that hide nothing and cost nothing; `asked` is what was verified, for what it says about timing."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password: str, hashed: str | None) -> bool:
        self.asked.append(hashed)
        return hashed == f"plain:{password}"


def an_account(username: str = "cadre", **changed: Any) -> Account:
    """A cadre's account; its password is CADRE_PASSWORD."""
    given: dict[str, Any] = {
        "id": AccountId(derived_id("account", username)),
        "username": Username(username),
        "person_id": PersonId(derived_id("person", username)),
        "grants": (Grant(Role.CADRE, TOWNSHIP),),
        "password_hash": f"plain:{CADRE_PASSWORD}",
    }
    return Account(**{**given, **changed})


def an_account_form(**changed: Any) -> dict[str, Any]:
    """A form that would be accepted."""
    form = {
        "id": derived_id("account", "new"),
        "username": "li.si",
        "person_id": derived_id("person", "new"),
        "roles": [{"role": "branch_secretary", "scope": derived_id("branch")}],
        "password": "long enough",
        "must_change": False,
    }
    return {**form, **changed}


@dataclass(slots=True)
class World:
    """The service under test and what it stands on."""

    client: httpx.AsyncClient
    ports: Ports
    passwords: PlainPasswords
    clock: StoppedClock

    async def plant(self, account: Account) -> None:
        """Have this account, or this revision of it."""
        await self.ports.accounts.save(account, TrailEntry("opened", None, self.clock.now()))

    async def sign_in(self, username: str, password: str) -> httpx.Response:
        """Ask for tokens."""
        form = {"grant_type": "password", "username": username, "password": password}
        return await self.client.post("/api/identity/token", data=form)

    async def refresh(self, token: str) -> httpx.Response:
        """Ask for the next tokens."""
        return await self.client.post(
            "/api/identity/token", data={"grant_type": "refresh_token", "refresh_token": token}
        )

    async def sign_out(self, token: str) -> httpx.Response:
        """End a sign-in."""
        return await self.client.post("/api/identity/sign-out", data={"refresh_token": token})

    async def bearer(self, username: str = "cadre") -> str:
        """An access token."""
        password = ADMIN_PASSWORD if username == "admin" else CADRE_PASSWORD
        return str((await self.sign_in(username, password)).json()["access_token"])

    async def call(self, token: str, method: str, path: str, body: Any = None, *, seen: int | None = None) -> Any:
        """One request through the front door; gives the response."""
        headers = {"Authorization": f"Bearer {token}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return await self.client.request(method, f"/api/identity{path}", json=body, headers=headers)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    folder = KeyFolder(Path(tmp_path_factory.mktemp("keys")))
    asyncio.run(folder.ensure())
    return folder


@pytest.fixture
async def world(key_folder: KeyFolder) -> AsyncIterator[World]:
    async with a_world(key_folder) as world:
        yield world


@asynccontextmanager
async def a_world(key_folder: KeyFolder) -> AsyncIterator[World]:
    """The world of these tests."""

    async def own_keys() -> dict[str, Any]:
        return key_folder.public()

    clock, passwords = StoppedClock(wall_now()), PlainPasswords()
    ports = Ports(
        accounts=InMemoryAccounts(),
        audit=InMemoryAudit(),
        sessions=InMemorySessions(),
        wrong_passwords=InMemoryWrongPasswords(),
        passwords=passwords,
        tokens=JwtTokens(key_folder.signing, issuer=ISSUER, audience=AUDIENCE),
        common_passwords=_COMMON,
        clock=clock,
    )
    await ensure_administrator(ADMIN_PASSWORD, ports)
    await ports.accounts.save(an_account(), TrailEntry("opened", None, clock.now()))
    verifier = JwtVerifier(Jwks(own_keys), ISSUER, AUDIENCE)
    app = api_over(ports, verifier, public_keys=key_folder.public, issuer=ISSUER)
    transport = front_door(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://identity") as client:
        yield World(client, ports, passwords, clock)
