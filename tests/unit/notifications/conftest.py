"""The world of the notifications service, live since a Monday, with one cadre."""

import pytest

from tests.unit.notifications.world import World, local, posting


@pytest.fixture
async def world() -> World:
    world = World()
    world.clock.set(local("2023-11-19 18:00"))
    await world.learn(posting())
    await world.go_live()
    return world
