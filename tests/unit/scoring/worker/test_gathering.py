"""While a batch is written the next one is gathered; acknowledged is what was written, in whatever moment it ends."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from services.scoring.worker.gathering import BATCH, Gathering


class Stream:
    """Events as Faust would give them, and which were acknowledged."""

    def __init__(self) -> None:
        self.coming: asyncio.Queue[int] = asyncio.Queue()
        self.enable_acks = True
        self.acknowledged: list[int] = []

    def tell(self, *numbers: int) -> None:
        for number in numbers:
            self.coming.put_nowait(number)

    async def events(self) -> AsyncIterator[int]:
        while True:
            yield await self.coming.get()

    async def ack(self, event: int) -> bool:
        self.acknowledged.append(event)
        return True


class Store:
    """Writes a batch when it is let."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.free = asyncio.Event()

    async def write(self, events: Sequence[int]) -> None:
        self.batches.append(list(events))
        await self.free.wait()


async def looked(seconds: float = 0.03) -> None:
    await asyncio.sleep(seconds)


async def test_what_comes_while_a_batch_is_written_is_the_next_batch() -> None:
    stream, store = Stream(), Store()
    gathering = asyncio.create_task(Gathering(stream, store.write).run())
    stream.tell(1, 2)
    await looked()
    stream.tell(3, 4, 5)
    await looked()
    before = (list(store.batches), list(stream.acknowledged))
    store.free.set()
    await looked()
    gathering.cancel()
    await asyncio.gather(gathering, return_exceptions=True)

    assert before == ([[1, 2]], [])
    assert store.batches == [[1, 2], [3, 4, 5]]
    assert (stream.acknowledged, stream.enable_acks) == ([1, 2, 3, 4, 5], False)


async def test_no_batch_is_larger_than_it_may_be_and_reading_waits() -> None:
    stream, store = Stream(), Store()
    gathering = asyncio.create_task(Gathering(stream, store.write).run())
    stream.tell(*range(3 * BATCH))
    await looked(0.1)
    waiting = stream.coming.qsize()
    store.free.set()
    await looked(0.1)
    gathering.cancel()
    await asyncio.gather(gathering, return_exceptions=True)

    assert waiting == BATCH
    assert [len(batch) for batch in store.batches] == [BATCH, BATCH, BATCH]
    assert stream.acknowledged == list(range(3 * BATCH))


async def test_who_is_cancelled_finishes_what_is_written_and_leaves_what_is_only_gathered() -> None:
    stream, store = Stream(), Store()
    gathering = asyncio.create_task(Gathering(stream, store.write).run())
    stream.tell(1, 2)
    await looked()
    stream.tell(3)
    await looked()
    for _ in range(3):
        gathering.cancel()
        await looked()
    still_writing = not gathering.done()
    store.free.set()

    with pytest.raises(asyncio.CancelledError):
        await gathering
    assert still_writing
    assert (store.batches, stream.acknowledged) == ([[1, 2]], [1, 2])


async def test_a_fault_in_writing_ends_the_reading_and_acknowledges_nothing() -> None:
    async def write(_: Sequence[int]) -> None:
        raise RuntimeError("a bug")

    stream = Stream()
    gathering = asyncio.create_task(Gathering(stream, write).run())
    stream.tell(1)

    with pytest.raises(RuntimeError, match="a bug"):
        await asyncio.wait_for(gathering, 5)
    assert stream.acknowledged == []
