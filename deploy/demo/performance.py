"""One performance from beginning to end: what is there already, the accounts, the plan, wall time again, the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from deploy.demo.accounts import ADMINISTRATOR, accounts
from deploy.demo.actions import post
from deploy.demo.counts import Comparison, compare
from deploy.demo.gateway import Gateway
from deploy.demo.memory import Memory, steered_to
from deploy.demo.plan import first_monday_before, plan
from deploy.demo.player import AT_ONCE, Audience, play
from deploy.local.passwords import Passwords
from deploy.local.steering import Steering

_PATIENCE_SECONDS = 120.0
_TIMEOUT_SECONDS = 30.0


class NotEmpty(Exception):
    """The store holds somebody's data: the demo would steer their clock."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays."""

    data_dir: Path
    gateway_url: str
    workers: Sequence[str]
    today: date


async def is_untouched(stage: Stage) -> bool:
    """Whether nobody but the administrator has an account and no demo was begun."""
    if Memory.recall(stage.data_dir) is not None:
        return False
    async with _client(stage) as client:
        gateway = Gateway(client, Passwords(stage.data_dir / "passwords").all())
        known = await gateway.read_all(ADMINISTRATOR, "/api/identity/accounts")
    return all(account["username"] == ADMINISTRATOR for account in known)


async def perform(stage: Stage, audience: Audience) -> Comparison:
    """Play what is left to play and compare; a demo that is done is only compared.

    Raises NotEmpty, gateway.Refused, gateway.Unreachable, steering.NeverSettled.
    """
    memory = Memory.recall(stage.data_dir)
    if memory is None:
        if not await is_untouched(stage):
            raise NotEmpty
        memory = Memory(first_monday_before(stage.today), "playing").keep(stage.data_dir)
    passwords = Passwords(stage.data_dir / "passwords")
    for account in accounts():
        passwords.ensure(account.username)
    async with _client(stage) as client:
        gateway = Gateway(client, passwords.all())
        clock = Steering(stage.data_dir, stage.workers, _PATIENCE_SECONDS)
        if memory.state == "playing":
            for account in accounts():
                form = account.form(passwords.of(account.username))
                await gateway.perform(post(ADMINISTRATOR, "/api/identity/accounts", form))
            await play(plan(memory.first_monday), gateway, clock, audience, steered_to(stage.data_dir))
            memory = Memory(memory.first_monday, "released").keep(stage.data_dir)
        if memory.state == "released":
            await clock.release()
            Memory(memory.first_monday, "done").keep(stage.data_dir)
        return await compare(gateway)


def _client(stage: Stage) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    return httpx.AsyncClient(base_url=stage.gateway_url, timeout=_TIMEOUT_SECONDS, limits=limits)
