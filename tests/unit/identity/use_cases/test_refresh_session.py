"""A sign-in goes on as long as it is used, a week at most; a refresh token used twice ends it."""

import asyncio

import pytest

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


async def test_a_used_token_ends_the_sign_in_for_whoever_holds_it(world: World) -> None:
    stolen = await begin(world)
    renewed = (await world.refresh(stolen)).json()["refresh_token"]
    world.clock.advance(seconds=11)
    reused, after = await world.refresh(stolen), await world.refresh(renewed)

    assert (reused.status_code, reused.json()["code"]) == (401, "session.reused")
    assert (after.status_code, after.json()["code"]) == (401, "session.ended")


async def test_a_lost_answer_is_given_once_more(world: World) -> None:
    token = await begin(world)
    await world.refresh(token)
    world.clock.advance(seconds=9)
    again = await world.refresh(token)
    world.clock.advance(hours=1)

    assert again.status_code == 200
    assert (await world.refresh(again.json()["refresh_token"])).status_code == 200


async def test_the_token_of_an_answer_that_was_not_lost_after_all_counts_as_used(world: World) -> None:
    token = await begin(world)
    first = (await world.refresh(token)).json()["refresh_token"]
    second = (await world.refresh(token)).json()["refresh_token"]
    world.clock.advance(seconds=11)

    assert (await world.refresh(first)).json()["code"] == "session.reused"
    assert (await world.refresh(second)).json()["code"] == "session.ended"


async def test_one_sign_in_used_twice_ends_no_other(world: World) -> None:
    stolen, elsewhere = await begin(world), await begin(world)
    await world.refresh(stolen)
    world.clock.advance(seconds=11)
    await world.refresh(stolen)

    assert (await world.refresh(elsewhere)).status_code == 200


async def test_a_sign_in_ends_after_seven_days_however_much_it_is_used(world: World) -> None:
    token, lasts = await begin(world), []
    for _ in range(16):
        world.clock.advance(hours=10)
        answer = (await world.refresh(token)).json()
        token = answer["refresh_token"]
        lasts.append(answer["refresh_expires_in"])
    world.clock.advance(hours=8)

    assert lasts == [12 * 3600] * 15 + [8 * 3600]
    assert (await world.refresh(token)).json()["code"] == "session.ended"


async def test_of_many_at_once_only_one_more_is_answered_and_the_sign_in_goes_on(world: World) -> None:
    token = await begin(world)
    answers = await asyncio.gather(*(world.refresh(token) for _ in range(20)))
    *_, last = [answer.json()["refresh_token"] for answer in answers if answer.is_success]
    world.clock.advance(minutes=15)

    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [401] * 18
    assert (await world.refresh(last)).status_code == 200


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


async def test_a_refresh_sent_again_while_its_first_try_is_under_way_is_answered_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh_token = await begin(world)
    holding = world.ports.sessions.holding

    async def found_before_anybody_renews(digest: str) -> object:
        session = await holding(digest)
        await asyncio.sleep(0)
        return session

    monkeypatch.setattr(world.ports.sessions, "holding", found_before_anybody_renews)
    tries = await asyncio.gather(*(world.refresh(refresh_token) for _ in range(2)))

    assert [answer.status_code for answer in tries] == [200, 200]
