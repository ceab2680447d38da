"""Signing out ends the sign-in that holds the refresh token, and no other."""

from tests.unit.identity.conftest import CADRE_PASSWORD, World


async def begin(world: World) -> str:
    return str((await world.sign_in("cadre", CADRE_PASSWORD)).json()["refresh_token"])


async def test_after_signing_out_nothing_is_renewed(world: World) -> None:
    token = await begin(world)
    answer = await world.sign_out(token)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await world.refresh(token)).status_code == 401


async def test_signing_out_on_one_device_leaves_the_other_signed_in(world: World) -> None:
    phone, desk = await begin(world), await begin(world)
    await world.sign_out(phone)

    assert (await world.refresh(desk)).status_code == 200


async def test_who_signs_out_while_a_renewal_is_under_way_is_signed_out(world: World) -> None:
    shown = await begin(world)
    renewed = (await world.refresh(shown)).json()["refresh_token"]
    await world.sign_out(shown)

    assert (await world.refresh(renewed)).status_code == 401


async def test_signing_out_twice_or_with_anything_is_no_fault(world: World) -> None:
    token = await begin(world)

    assert [(await world.sign_out(shown)).status_code for shown in (token, token, "invented", "\u5047")] == [204] * 4


async def test_without_a_token_the_field_is_named(world: World) -> None:
    answer = await world.client.post("/api/identity/sign-out", data={})

    assert (answer.status_code, answer.json()["field"]) == (422, "refresh_token")
