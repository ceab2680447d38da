"""A second process that reads half of the log while a build is made: the interpreter of one fills one processor."""

import asyncio
import gc
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Literal

from services.scoring.use_cases.log_ports import Offsets
from services.scoring.worker.parent import end_with
from shared.kernel.errors import Unavailable

_LOOK_SECONDS = 0.05
_ENDED = "the second reader has ended, which it never does by itself"


@dataclass(frozen=True, slots=True)
class Share:
    """What is to be read: the log before these offsets, for a build; `number` tells one wish from another."""

    number: int
    build_id: str
    until: Offsets


@dataclass(frozen=True, slots=True)
class Word:
    """How far the reader of a share is; `away` names the part that did not answer."""

    number: int
    state: Literal["reading", "done", "away"]
    facts: int = 0
    away: str = ""


Tell = Callable[[int], Awaitable[bool]]
Read = Callable[[str, Offsets, Tell], Awaitable[int | None]]
"""What reads: the build, its share, and whom to tell; opens and closes all it needs itself."""


class ForkedReader:
    """The second reader, forked from this process before that has opened anything, so that it starts at no cost.

    It waits for shares and reads them one after the other, and ends when this process does, however that ends: it
    watches the other end of a pipe. Where this process is asked to end (SIGTERM) it collects it first: in a container
    orphans fall to the worker, which collects none but its own children.
    """

    def __init__(self, read: Read, *, nice: int, objects_before_collection: int) -> None:
        context = multiprocessing.get_context("fork")
        self._ours, theirs = context.Pipe()
        watched, self._held = os.pipe()
        self._number = self._facts = 0
        self._is_done = False

        def serve() -> None:
            self._ours.close()
            os.close(self._held)
            os.nice(nice)
            gc.set_threshold(objects_before_collection)
            end_with(watched)
            _serve(theirs, read)

        self._process = context.Process(target=serve, daemon=True)
        self._process.start()
        theirs.close()
        os.close(watched)
        signal.signal(signal.SIGTERM, self._end)

    @property
    def facts(self) -> int:
        """How many facts of its share it has read so far."""
        self._listen()
        return self._facts

    async def begin(self, build_id: str, until: Offsets) -> None:
        """Let it read the facts before these offsets; what it says of an earlier share is passed over."""
        self._number += 1
        self._facts, self._is_done = 0, False
        try:
            self._ours.send(Share(self._number, build_id, until))
        except ConnectionError as error:
            raise RuntimeError(_ENDED) from error

    async def is_done(self) -> bool:
        """Whether its share is durable, after a moment's wait; raises Unavailable when a part it needs is away."""
        self._listen()
        if not self._is_done:
            await asyncio.sleep(_LOOK_SECONDS)
        return self._is_done

    def _end(self, asked: int, _: object) -> None:
        self._process.kill()
        self._process.join()
        signal.signal(asked, signal.SIG_DFL)
        signal.raise_signal(asked)

    def _listen(self) -> None:
        try:
            while self._ours.poll():
                self._take(self._ours.recv())
        except (EOFError, ConnectionError) as error:
            raise RuntimeError(_ENDED) from error

    def _take(self, word: Word) -> None:
        if word.number != self._number:
            return
        if word.state == "away":
            raise Unavailable(word.away)
        self._facts, self._is_done = word.facts, word.state == "done"


def _serve(theirs: Connection, read: Read) -> None:
    """Read share by share until nobody wants any."""
    while True:
        try:
            share: Share = theirs.recv()
        except EOFError:
            return
        asyncio.run(_read(share, theirs, read))


async def _read(share: Share, theirs: Connection, read: Read) -> None:
    async def told(facts: int) -> bool:
        theirs.send(Word(share.number, "reading", facts))
        return not theirs.poll()  # somebody wants another share: this one is of no interest any more

    try:
        facts = await read(share.build_id, share.until, told)
    except Unavailable as error:
        theirs.send(Word(share.number, "away", away=error.what))
    else:
        if facts is not None:
            theirs.send(Word(share.number, "done", facts))
