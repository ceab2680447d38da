"""Messages are handed on at once where nothing waits, and Faust's way where something does."""

import asyncio
from typing import Any

import pytest
from mode.services import Service

from services.scoring.worker.quick_consumer import QuickConsumer


class Quick(QuickConsumer):
    """The consumer without a broker: nothing but its waiting is looked at."""

    def __init__(self) -> None:
        Service.__init__(self)

    def __repr__(self) -> str:
        return "quick"


async def handed(buffer: asyncio.Queue[int], number: int) -> str:
    await buffer.put(number)
    return f"{number} is in the buffer"


async def wait(quick: Quick, buffer: asyncio.Queue[int], number: int, flow: asyncio.Event) -> Any:
    return await quick.wait_first(handed(buffer, number), flow.wait())


async def test_with_room_in_the_buffer_no_task_is_made() -> None:
    buffer: asyncio.Queue[int] = asyncio.Queue(2)
    before = len(asyncio.all_tasks())
    seen: list[int] = []
    asyncio.get_running_loop().call_soon(lambda: seen.append(len(asyncio.all_tasks())))

    found = await wait(Quick(), buffer, 1, asyncio.Event())

    assert (found.results, found.stopped, buffer.qsize()) == (["1 is in the buffer"], False, 1)
    assert seen == []
    assert len(asyncio.all_tasks()) == before


async def test_a_full_buffer_is_waited_for() -> None:
    buffer: asyncio.Queue[int] = asyncio.Queue(1)
    quick, flow = Quick(), asyncio.Event()
    await wait(quick, buffer, 1, flow)
    waiting = asyncio.create_task(wait(quick, buffer, 2, flow))
    await asyncio.sleep(0.01)

    assert not waiting.done()
    assert await buffer.get() == 1
    assert (await waiting).results == ["2 is in the buffer"]
    assert await buffer.get() == 2


async def test_a_suspended_flow_ends_the_wait_and_what_was_handed_on_is_dropped() -> None:
    buffer: asyncio.Queue[int] = asyncio.Queue(1)
    quick, flow = Quick(), asyncio.Event()
    await wait(quick, buffer, 1, flow)
    waiting = asyncio.create_task(wait(quick, buffer, 2, flow))
    await asyncio.sleep(0.01)
    flow.set()
    await waiting
    await buffer.get()
    await asyncio.sleep(0.01)

    assert buffer.empty()


async def test_a_fault_while_handing_on_is_raised() -> None:
    async def faulty(later: asyncio.Event) -> None:
        await later.wait()
        raise ValueError("no message")

    quick, flow = Quick(), asyncio.Event()
    for at_once in (True, False):
        later = asyncio.Event()
        if at_once:
            later.set()
        waiting = asyncio.create_task(quick.wait_first(faulty(later), flow.wait()))
        await asyncio.sleep(0.01)
        later.set()
        with pytest.raises(ValueError, match="no message"):
            await waiting
