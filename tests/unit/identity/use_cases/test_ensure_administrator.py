"""The account `admin`: made at the first start, restored by a new preset, otherwise left alone."""

import asyncio
from dataclasses import replace

import pytest

from services.identity.domain.account import PLATFORM, Account
from services.identity.domain.refusals import PasswordTooShort
from services.identity.use_cases.ensure_administrator import ADMIN, NoAdministrator, ensure_administrator
from services.identity.use_cases.ports import Ports
from shared.kernel.access import Grant, Role
from tests.unit.identity.conftest import ADMIN_PASSWORD, World


async def admin_of(ports: Ports) -> Account:
    account = await ports.accounts.named(ADMIN)
    assert account is not None
    return account


@pytest.fixture
def empty(world: World) -> Ports:
    return replace(world.ports, accounts=type(world.ports.accounts)())


async def test_the_first_start_makes_it(empty: Ports) -> None:
    await ensure_administrator(ADMIN_PASSWORD, empty)

    assert (await admin_of(empty)).grants == (Grant(Role.ADMINISTRATOR, PLATFORM),)


async def test_without_a_password_the_first_start_is_refused(empty: Ports) -> None:
    with pytest.raises(NoAdministrator):
        await ensure_administrator(None, empty)


async def test_a_short_password_is_refused(empty: Ports) -> None:
    with pytest.raises(PasswordTooShort):
        await ensure_administrator("admin", empty)


async def test_several_first_starts_at_once_make_one(empty: Ports) -> None:
    await asyncio.gather(*(ensure_administrator(ADMIN_PASSWORD, empty) for _ in range(5)))

    assert (await admin_of(empty)).revision == 1


@pytest.mark.parametrize("preset", [None, ADMIN_PASSWORD])
async def test_a_later_start_changes_nothing(world: World, preset: str | None) -> None:
    changed = (await admin_of(world.ports)).change_password("plain:changed since")
    await world.plant(changed)
    await ensure_administrator(preset, world.ports)

    assert await admin_of(world.ports) == changed


async def test_a_new_preset_lets_a_locked_out_administrator_in_again(world: World) -> None:
    standing = await admin_of(world.ports)
    await world.plant(replace(standing, disabled=True, revision=2))
    await ensure_administrator("a new preset", world.ports)
    await ensure_administrator("a new preset", world.ports)

    assert (await world.sign_in("admin", "a new preset")).status_code == 200
    assert (await admin_of(world.ports)).revision == 3


async def test_a_new_preset_lifts_the_pause_that_wrong_guesses_began(world: World) -> None:
    for _ in range(5):
        await world.sign_in("admin", "a guess at the old one")
    await ensure_administrator("a new preset", world.ports)

    assert (await world.sign_in("admin", "a new preset")).status_code == 200


async def test_a_preset_that_stands_lifts_no_pause(world: World) -> None:
    for _ in range(5):
        await world.sign_in("admin", "a guess")
    await ensure_administrator(ADMIN_PASSWORD, world.ports)

    assert (await world.sign_in("admin", ADMIN_PASSWORD)).status_code == 429


async def test_a_preset_need_not_be_changed(world: World) -> None:
    await ensure_administrator("a new preset", world.ports)

    assert (await world.sign_in("admin", "a new preset")).json()["must_change"] is False
