"""A sign-in goes on as long as it is used; each refresh token is good for one use."""

import asyncio

from tests.unit.identity.conftest import CADRE_PASSWORD, World, an_account


async def begin(world: World) -> str:
    return str((await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"])


async def test_each_refresh_gives_the_next_token(world: World) -> None:
    token = await begin(world)
    seen = {token}
    for _ in range(3):
        world.clock.advance(hours=11)
        answer = await world.refresh(token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]
        seen.add(token)

    assert len(seen) == 4


async def test_a_used_token_is_refused(world: World) -> None:
    token = await begin(world)
    await world.refresh(token)
    answer = await world.refresh(token)

    assert (answer.status_code, answer.json()["code"]) == (401, "session.ended")


async def test_of_many_at_once_one_is_renewed(world: World) -> None:
    token = await begin(world)
    answers = await asyncio.gather(*(world.refresh(token) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19


async def test_a_sign_in_unused_for_twelve_hours_has_ended(world: World) -> None:
    token = await begin(world)
    world.clock.advance(hours=12)

    assert (await world.refresh(token)).status_code == 401


async def test_an_invented_token_is_refused(world: World) -> None:
    assert (await world.refresh("invented")).status_code == 401


async def test_the_next_token_carries_the_roles_held_now(world: World) -> None:
    token, admin, account = await begin(world), await world.bearer("admin"), an_account()
    roles = {"roles": [{"role": "member", "scope": account.grants[0].scope}]}
    await world.call(admin, "PUT", f"/accounts/{account.id}/roles", roles, seen=1)
    renewed = (await world.refresh(token)).json()["access_token"]

    assert (await world.call(renewed, "GET", "/me")).json()["roles"] == roles["roles"]


async def test_signing_in_twice_makes_two_sign_ins(world: World) -> None:
    phone, desk = await begin(world), await begin(world)

    assert [(await world.refresh(token)).status_code for token in (phone, desk)] == [200, 200]
