"""The builder starts a child for what is asked for, starts it again when it dies, and shows what is ready."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date

import pytest

from services.scoring.adapters.rule_files import load_generation
from services.scoring.use_cases.build_generation import build_generation
from services.scoring.use_cases.compare_builds import compare_builds, comparison_of, leave_uncompared
from services.scoring.use_cases.settle_builds import settle_builds
from services.scoring.use_cases.switch_build import switch_build
from services.scoring.worker.build_commands import carry_out
from services.scoring.worker.builder import Builder
from shared.kernel.errors import Unavailable
from tests.unit.scoring.build_world import BuildWorld, dearer_visits
from tests.unit.scoring.building import a_ready_build, people, visited
from tests.unit.scoring.facts import CADRE, COUNTY
from tests.unit.scoring.use_cases.test_verify_scores import told

GENERATION = load_generation()
LIVES = (sys.executable, "-c", "import sys; sys.stdin.read()")
DIES = (sys.executable, "-c", "import sys; sys.exit(3)")
_PATIENCE_SECONDS = 30


class Held:
    """A lease that somebody else may hold."""

    def __init__(self, *, ours: bool = True) -> None:
        self.ours, self.released = ours, False

    async def hold(self) -> bool:
        return self.ours

    async def release(self) -> None:
        self.released = True


async def a_world() -> BuildWorld:
    world = BuildWorld()
    await settle_builds(world.ports)
    await world.publish(told())
    return world


@asynccontextmanager
async def running(builder: Builder) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(builder.run(stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await is_so():  # noqa: ASYNC110 - a child is another process
            await asyncio.sleep(0.02)


async def states(world: BuildWorld) -> list[str]:
    return [build.state for build in await world.ports.builds.all()]


async def test_what_is_published_is_built_by_a_child_and_shown_when_ready() -> None:
    world = await a_world()
    _, book = dearer_visits()
    world.published.books = (book,)
    builder = Builder(world.ports, Held(), command=LIVES, tick_seconds=0.02)
    assert await builder.unsettled() is not None
    async with running(builder):
        await until(lambda: _has_a_child(builder))
        [build] = [each for each in await world.ports.builds.all() if each.state == "building"]
        child = builder._child
        await build_generation(build.id, world.ports)
        await compare_builds(build.id, world.ports)
        await until(lambda: _is_live(world, build.id))

    assert child is not None
    assert child.returncode is not None
    assert await states(world) == ["kept", "live"]
    assert await builder.unsettled() is None
    assert await builder.missing() is None


async def test_a_child_that_keeps_dying_is_given_up() -> None:
    world = await a_world()
    await world.ports.builds.rebuild(world.clock.now())
    async with running(Builder(world.ports, Held(), command=DIES, tick_seconds=0.02)):
        await until(lambda: _failed(world))

    assert await states(world) == ["live", "failed"]


async def test_what_is_ready_is_shown_once_a_child_compared_it() -> None:
    world = await a_world()
    build = await world.ports.builds.rebuild(world.clock.now())
    await build_generation(build.id, world.ports)
    builder = Builder(world.ports, Held(), command=LIVES, tick_seconds=0.02)
    async with running(builder):
        await until(lambda: _has_a_child(builder))
        await asyncio.sleep(0.2)
        before = await states(world)
        await compare_builds(build.id, world.ports)
        await until(lambda: _is_live(world, build.id))

    assert before == ["live", "ready"]


async def test_a_build_whose_comparison_keeps_dying_is_shown_without_one() -> None:
    world = await a_world()
    build = await world.ports.builds.rebuild(world.clock.now())
    await build_generation(build.id, world.ports)
    async with running(Builder(world.ports, Held(), command=DIES, tick_seconds=0.02)):
        await until(lambda: _is_live(world, build.id))

    comparison = await comparison_of(build, world.ports)
    assert comparison is not None
    assert comparison.reason == "比较连续 5 次中断，原因见 scoring-worker 日志"


async def test_books_whose_build_was_given_up_are_missed_until_they_are_in_force() -> None:
    world = await a_world()
    _, book = dearer_visits()
    world.published.books = (book,)
    builder = Builder(world.ports, Held(), command=DIES, tick_seconds=0.02)
    async with running(builder):
        await until(lambda: _is_missed(builder))
    [failed] = [build for build in await world.ports.builds.all() if build.state == "failed"]
    again = await world.ports.builds.go_back(failed.id, world.clock.now())
    builder = Builder(world.ports, Held(), command=LIVES, tick_seconds=0.02)
    async with running(builder):
        await until(lambda: _has_a_child(builder))
        await build_generation(again.id, world.ports)
        await compare_builds(again.id, world.ports)
        await until(lambda: _is_live(world, again.id))

        assert await builder.missing() is None


async def test_who_does_not_hold_the_lease_builds_nothing() -> None:
    world = await a_world()
    await world.ports.builds.rebuild(world.clock.now())
    lease = Held(ours=False)
    builder = Builder(world.ports, lease, command=LIVES, tick_seconds=0.02)
    async with running(builder):
        await asyncio.sleep(0.2)

        assert builder._child is None
    assert await states(world) == ["live", "building"]
    assert lease.released


async def test_who_loses_the_lease_ends_its_child() -> None:
    world = await a_world()
    await world.ports.builds.rebuild(world.clock.now())
    lease = Held()
    builder = Builder(world.ports, lease, command=LIVES, tick_seconds=0.02)
    async with running(builder):
        await until(lambda: _has_a_child(builder))
        child = builder._child
        lease.ours = False
        assert child is not None
        await asyncio.wait_for(child.wait(), _PATIENCE_SECONDS)

    assert await states(world) == ["live", "building"]


async def test_what_is_away_is_waited_for() -> None:
    world = await a_world()

    class Away(Held):
        async def hold(self) -> bool:
            raise Unavailable("mongodb")

    builder = Builder(world.ports, Away(), command=LIVES, tick_seconds=0.02)
    async with running(builder):
        await until(lambda: _misses(builder, "mongodb"))


async def test_an_operator_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    world = await a_world()

    assert await carry_out(["verify"], world.ports) == 0
    assert await carry_out(["builds"], world.ports) == 0
    assert await carry_out(["switch", "nobody"], world.ports) == 1
    assert await carry_out(["nonsense"], world.ports) == 2
    said: str = capsys.readouterr().out
    assert "一致：" in said
    assert f"{GENERATION.id}  启用" in said
    assert "没有得分版本 nobody" in said
    assert "usage" in said


async def test_an_operator_sees_what_a_build_changed_without_names(capsys: pytest.CaptureFixture[str]) -> None:
    world = await a_world()
    await world.publish([*people(CADRE), *visited(CADRE, date(2023, 10, 10))])
    build = await a_ready_build(world, dearer_visits()[1])
    await switch_build(build.id, world.ports)

    assert await carry_out(["builds"], world.ports) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[2] == f"    与得分版本 {GENERATION.id} 比较：得分变化 1 个"
    assert said[-1].split() == [COUNTY[:8], "联村干部", "2023-Q4", "1", "0", "1", "0", "0", "每周走访", "1"]
    assert not any(CADRE in line for line in said)


async def test_an_operator_is_told_why_there_is_no_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    world = await a_world()
    build = await a_ready_build(world)
    await leave_uncompared(build, "比较中断", world.ports)

    await carry_out(["builds"], world.ports)

    assert f"与得分版本 {GENERATION.id} 比较：无法比较（比较中断）" in capsys.readouterr().out


async def test_a_difference_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    world = await a_world()
    world.ledger_of(GENERATION.id).popitem()

    assert await carry_out(["verify"], world.ports) == 1
    assert "不一致：" in capsys.readouterr().out


async def _has_a_child(builder: Builder) -> bool:
    return builder._child is not None


async def _is_live(world: BuildWorld, build_id: str) -> bool:
    live = await world.ports.builds.live()
    return live is not None and live.id == build_id


async def _failed(world: BuildWorld) -> bool:
    return "failed" in await states(world)


async def _is_missed(builder: Builder) -> bool:
    return "was given up" in (await builder.missing() or "")


async def _misses(builder: Builder, what: str) -> bool:
    return await builder.missing() == what
