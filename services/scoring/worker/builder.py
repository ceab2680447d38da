"""The builder: sees that what was asked for is built and compared, in a process of its own, shown, and cleared away."""

import asyncio
import contextlib
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

from services.scoring.domain.build import Build, BuildState
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.clear_builds import clear_builds
from services.scoring.use_cases.compare_builds import comparison_of, leave_uncompared
from services.scoring.use_cases.settle_builds import asked_and_given_up, settle_builds, wanted_generation
from services.scoring.use_cases.switch_build import switch_build
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
COMMAND = (sys.executable, "-m", "services.scoring", "build")
_TICK_SECONDS = 1.0
_TRIES = 5
"""So often a build may die without having come further before it, or its comparison, is given up."""
_NEVER_COMPARED = f"比较连续 {_TRIES} 次中断，原因见 scoring-worker 日志"
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
        self._given_up: str | None = None
        self._hurry = asyncio.Event()
        self._child: asyncio.subprocess.Process | None = None
        self._building: str | None = None
        self._died: dict[tuple[str, BuildState], tuple[int, int]] = {}
        self._rounds = 0

    async def missing(self) -> str | None:
        """What keeps builds from being made, or what was asked for from coming into force."""
        return self._trouble or self._given_up

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
        # Asked before the register is read, so that what a child did before it ended is seen there.
        ended = self._child is not None and self._child.returncode is not None
        if not await self._lease.hold():
            await self._end_child()
            self._given_up = None
            return
        await settle_builds(self._ports)
        given_up = await asked_and_given_up(self._ports)
        self._given_up = None if given_up is None else f"build {given_up.id} was given up: its books are not in force"
        build = await self._under_way()
        if build is None or build.id != self._building:
            await self._end_child()
        if build is None:
            await self._clear()
        elif build.state == "ready" and (compared := await comparison_of(build, self._ports)) is not None:
            await self._end_child()
            if compared.reason is not None:
                log.error("a build is shown without a comparison", build=build.id, why=compared.reason)
            if await switch_build(build.id, self._ports):
                log.info("another generation is live", build=build.id, reason=build.reason)
        else:
            await self._see_to(build, ended=ended)

    async def _under_way(self) -> Build | None:
        found = await self._ports.builds.all()
        return next((build for build in found if build.state in {"building", "ready"}), None)

    async def _see_to(self, build: Build, *, ended: bool) -> None:
        """A child builds and compares it; one that died is started again, until it never comes further.

        A build that cannot be built is given up; one that cannot be compared is shown all the same.
        """
        if self._child is not None and not ended:
            return
        if self._child is not None:
            facts, times = self._died.get((build.id, build.state), (build.facts, 0))
            times = 1 if build.facts > facts else times + 1
            self._died[build.id, build.state] = (build.facts, times)
            code = self._child.returncode
            log.error("a build ended before it was done", build=build.id, state=build.state, code=code, times=times)
            if times >= _TRIES:
                await self._give_up(build)
                return
        self._building = build.id
        self._child = await asyncio.create_subprocess_exec(
            *self._command, build.id, stdin=asyncio.subprocess.PIPE, env=self._environment
        )
        log.info("a build begins", build=build.id, reason=build.reason, process=self._child.pid)

    async def _give_up(self, build: Build) -> None:
        del self._died[build.id, build.state]
        if build.state == "ready":
            await leave_uncompared(build, _NEVER_COMPARED, self._ports)
            log.critical("a comparison is given up", build=build.id)
        else:
            await self._ports.builds.failed(build.id)
            log.critical("a build is given up", build=build.id)

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
