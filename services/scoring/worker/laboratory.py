"""The laboratory: runs the trials that wait, one at a time, each in a process of its own, because folding blocks."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import Protocol

from services.scoring.domain.trial import Trial, TrialId
from services.scoring.use_cases.laboratory_ports import Trials
from shared.events.outbox import Lease
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
_SERVICE = __name__.partition(".worker")[0]
PART_AWAY = 75
"""What a child exits with when a part of the platform was away: EX_TEMPFAIL of sysexits.h."""
_LOOK_SECONDS = 1.0
_AWAY_SECONDS = 5.0
_KILL_SECONDS = 5.0
_DIED = "测算进程两次异常结束（退出码 {code}），请缩小范围或周期后重新提交；如仍不行请联系管理员"


class Child(Protocol):
    """A process that folds for one trial."""

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    async def wait(self) -> int:
        """Until it ended; gives how."""
        ...


Start = Callable[[TrialId], Awaitable[Child]]


async def start_child(trial_id: TrialId) -> Child:
    """`python -m services.scoring trial <id>` with this process's interpreter and environment.

    Its standard input is ours, so that it ends when we do, however we end.
    """
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", _SERVICE, "trial", trial_id, stdin=asyncio.subprocess.PIPE
    )


class Laboratory:
    """Starts a child for the trial whose turn it is, ends it when the trial is cancelled; several workers agree."""

    name = "laboratory"

    def __init__(
        self,
        trials: Trials,
        lease: Lease,
        clock: Clock,
        *,
        start: Start = start_child,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._trials = trials
        self._lease = lease
        self._clock = clock
        self._start = start
        self._look = look_seconds
        self._trouble: str | None = None

    async def missing(self) -> str | None:
        """What keeps trials from being run."""
        return self._trouble

    async def unsettled(self) -> str | None:
        """Nobody waits for trials: they change nothing."""
        return None

    async def run(self, stop: asyncio.Event) -> None:
        """Run what waits until told to stop; what is running then waits again."""
        while not stop.is_set():
            pause = self._look
            try:
                trial = await self._trials.next() if await self._lease.hold() else None
                if trial is not None:
                    await self._run(trial, stop)
                self._trouble = None
            except Unavailable as error:
                if self._trouble != error.what:
                    log.warning("trials cannot be run", missing=error.what)
                self._trouble, pause = error.what, _AWAY_SECONDS
            await _until(stop, pause)
        with contextlib.suppress(Unavailable):
            await self._lease.release()

    async def _run(self, waiting: Trial, stop: asyncio.Event) -> None:
        if waiting.is_given_up:
            await self._give_up(waiting, "-")
            return
        trial = waiting.begin()
        if not await self._trials.keep(trial, attempts=waiting.attempts):
            return
        child = await self._start(trial.id)
        log.info("a trial begins", trial=trial.id, attempt=trial.attempts)
        try:
            await self._watch(trial, child, stop)
        finally:
            await _end(child)
        await self._judge(trial, child.returncode, stop)

    async def _watch(self, trial: Trial, child: Child, stop: asyncio.Event) -> None:
        """Until the child ended, or need not go on: told to stop, the trial is over, another has the lease."""
        ended = asyncio.ensure_future(child.wait())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not ended.done() and not stop.is_set():
                await asyncio.wait({ended, stopping}, timeout=self._look, return_when=asyncio.FIRST_COMPLETED)
                if ended.done() or not await self._goes_on(trial):
                    return
        finally:
            stopping.cancel()
            ended.cancel()

    async def _goes_on(self, trial: Trial) -> bool:
        try:
            if not await self._lease.hold():
                return False
            now = await self._trials.find(trial.id)
        except Unavailable:
            # The child meets the same and says so; while nobody can look, nobody can have cancelled.
            return True
        return now is not None and not now.is_over and now.attempts == trial.attempts

    async def _judge(self, trial: Trial, code: int | None, stop: asyncio.Event) -> None:
        """What the child's end means for a trial that is not over."""
        now = await self._trials.find(trial.id)
        if now is None or now.is_over or now.attempts != trial.attempts:
            return
        if stop.is_set() or code == PART_AWAY:
            await self._trials.keep(now.put_back(), attempts=now.attempts)
            if code == PART_AWAY:
                await _until(stop, _AWAY_SECONDS)
            return
        log.error("a trial's process ended before the trial", trial=trial.id, code=code, attempt=trial.attempts)
        if now.is_given_up:
            await self._give_up(now, code)

    async def _give_up(self, trial: Trial, code: object) -> None:
        failed = trial.fail(_DIED.format(code=code), at=self._clock.now())
        await self._trials.keep(failed, attempts=trial.attempts)


async def _end(child: Child) -> None:
    """End the child if it still runs: it has nothing to tidy up, so it is not waited for long."""
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), _KILL_SECONDS)
        return
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    await child.wait()


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
