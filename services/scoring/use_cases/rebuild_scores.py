"""Rebuild the scores: the live generation from all facts anew, beside what people see meanwhile; or go back."""

from collections.abc import Awaitable, Callable

from services.scoring.domain.build import Build
from services.scoring.use_cases.build_ports import BuildPorts

_LOOK_SECONDS = 1.0
_PATIENCE, _PATIENCE_WHEN_READY = 120, 1_200
"""So many looks without any progress mean that nobody builds; none is told of while what is ready is compared."""
Pause = Callable[[float], Awaitable[None]]


async def rebuild_scores(ports: BuildPorts, told: Callable[[Build], None], pause: Pause) -> Build:
    """Ask for the live generation to be built anew and wait; raises NothingLive, BuildUnderWay.

    Returns the build as it ended: live, given up, or still under way when nobody builds it.
    """
    return await _awaited(await ports.builds.rebuild(ports.clock.now()), ports, told, pause)


async def go_back(build_id: str, ports: BuildPorts, told: Callable[[Build], None], pause: Pause) -> Build:
    """Ask for a kept build to be brought up to date and shown, and wait.

    Raises BuildUnknown, BuildNotKept, BuildUnderWay.
    """
    return await _awaited(await ports.builds.go_back(build_id, ports.clock.now()), ports, told, pause)


async def _awaited(asked: Build, ports: BuildPorts, told: Callable[[Build], None], pause: Pause) -> Build:
    seen, patience = asked, _PATIENCE
    told(seen)
    while patience and seen.state in {"building", "ready"}:
        await pause(_LOOK_SECONDS)
        found = await ports.builds.find(asked.id)
        if found is None:
            break
        if found == seen:
            patience -= 1
        else:
            patience = _PATIENCE_WHEN_READY if found.state == "ready" else _PATIENCE
        if found != seen:
            told(found)
        seen = found
    return seen
