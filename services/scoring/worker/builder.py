"""The builder: sees that what was asked for is built, in a process of its own, shown when ready, and cleared away."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from services.scoring.domain.build import Build
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.clear_builds import clear_builds
from services.scoring.use_cases.settle_builds import settle_builds, wanted_generation
from services.scoring.use_cases.switch_build import switch_build
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
COMMAND = (sys.executable, "-m", "services.scoring", "build")
_TICK_SECONDS = 1.0
_TRIES = 5
"""So often a build may die without having come further before it is given up."""
_STOP_SECONDS = 5.0
_CLEAR_EVERY = 60


class Lease(Protocol):
    """The right to be the only one."""

    async def hold(self) -> bool:
        """Take or renew it; False while another holds it."""
        ...

    async def release(self) -> None:
        """Give it back."""
        ...


class Builder:
    """One at a time among all workers, by lease. The child reads the log in a loop that blocks: not in this process.

    The child ends when its standard input does, so that none outlives a worker that was killed; should one do so for a
    moment, two build the same, which is building it once.
    """

    name = "builder"

    def __init__(
        self,
        ports: BuildPorts,
        lease: Lease,
        *,
        command: Sequence[str] = COMMAND,
        environment: Mapping[str, str] | None = None,
        tick_seconds: float = _TICK_SECONDS,
    ) -> None:
        self._ports = ports
        self._lease = lease
        self._command, self._environment = command, environment
        self._tick = tick_seconds
        self._trouble: str | None = None
        self._hurry = asyncio.Event()
        self._child: asyncio.subprocess.Process | None = None
        self._building: str | None = None
        self._died: dict[str, tuple[int, int]] = {}
        self._rounds = 0

    async def missing(self) -> str | None:
        """What keeps builds from being made."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """Whether something is being built, or is asked for and not begun; nobody waits for the next turn."""
        under_way = await self._under_way()
        wanted = await wanted_generation(self._ports)
        if under_way is None and wanted.id == await self._ports.builds.asked():
            return None
        self._hurry.set()
        return f"{wanted.id} to be built" if under_way is None else f"build {under_way.id} is {under_way.state}"

    async def run(self, stop: asyncio.Event) -> None:
        """Look until told to stop; what is away is waited for."""
        try:
            while not stop.is_set():
                try:
                    await self._look()
                except Unavailable as error:
                    if self._trouble != error.what:
                        log.warning("builds cannot be looked after", missing=error.what)
                    self._trouble = error.what
                else:
                    self._trouble = None
                await self._rest(stop)
        finally:
            await self._end_child()
            with contextlib.suppress(Unavailable):
                await self._lease.release()

    async def _look(self) -> None:
        if not await self._lease.hold():
            await self._end_child()
            return
        await settle_builds(self._ports)
        build = await self._under_way()
        if build is None or build.id != self._building:
            await self._end_child()
        if build is not None and build.state == "ready":
            await self._end_child()
            if await switch_build(build.id, self._ports):
                log.info("another generation is live", build=build.id, reason=build.reason)
        elif build is not None:
            await self._see_to(build)
        else:
            await self._clear()

    async def _under_way(self) -> Build | None:
        found = await self._ports.builds.all()
        return next((build for build in found if build.state in {"building", "ready"}), None)

    async def _see_to(self, build: Build) -> None:
        """A child builds it; one that died is started again, until it is clear that it never comes further."""
        if self._child is not None and self._child.returncode is None:
            return
        if self._child is not None:
            facts, times = self._died.get(build.id, (build.facts, 0))
            times = 1 if build.facts > facts else times + 1
            self._died[build.id] = (build.facts, times)
            log.error("a build ended before it was ready", build=build.id, code=self._child.returncode, times=times)
            if times >= _TRIES:
                await self._ports.builds.failed(build.id)
                log.critical("a build is given up", build=build.id)
                return
        self._building = build.id
        self._child = await asyncio.create_subprocess_exec(
            *self._command, build.id, stdin=asyncio.subprocess.PIPE, env=self._environment
        )
        log.info("a build begins", build=build.id, reason=build.reason, process=self._child.pid)

    async def _clear(self) -> None:
        """Now and then, and only while nothing is built."""
        if self._rounds % _CLEAR_EVERY == 0 and (dropped := await clear_builds(self._ports)):
            log.info("results nobody needs are gone", builds=dropped)
        self._rounds += 1

    async def _end_child(self) -> None:
        child, self._child, self._building = self._child, None, None
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    async def _rest(self, stop: asyncio.Event) -> None:
        woken = [asyncio.ensure_future(event.wait()) for event in (stop, self._hurry)]
        await asyncio.wait(woken, timeout=self._tick, return_when=asyncio.FIRST_COMPLETED)
        for waiting in woken:
            waiting.cancel()
        self._hurry.clear()
