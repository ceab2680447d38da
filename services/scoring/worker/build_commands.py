"""What an operator asks of the builds, and what the builder's child does: words on a command line, lines in answer."""

import asyncio
import gc
import os
import time
from collections.abc import Sequence

from services.scoring.domain.build import REASON_TITLES, STATE_TITLES, Build
from services.scoring.use_cases.build_generation import build_generation
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.compare_builds import compare_builds
from services.scoring.use_cases.rebuild_scores import go_back, rebuild_scores
from services.scoring.use_cases.verify_scores import Differs, verify_scores
from services.scoring.worker.comparison_lines import comparison_lines
from services.scoring.worker.parent import end_with_parent
from shared.kernel.errors import DomainError, Unavailable

USAGE = "usage: python -m services.scoring api|worker|build ID|builds|rebuild|switch [ID]|verify"
BUILD = "build"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0
NICE = 10
"""Nobody's request waits because scores are built anew."""
OBJECTS_BEFORE_COLLECTION = 500_000
"""Facts and entries have no cycles: looking for some every 700 objects takes a third of the time."""


async def carry_out(words: Sequence[str], ports: BuildPorts) -> int:
    """Do what the words say; the exit code."""
    try:
        return await _carried_out(words, ports)
    except DomainError as error:
        _say(str(error))
    except Unavailable as error:
        _say(f"{error.what} 没有应答，请确认其已启动后再试")
    return 1


async def _carried_out(words: Sequence[str], ports: BuildPorts) -> int:
    match words:
        case [command, build_id] if command == BUILD:
            return await _build(build_id, ports)
        case ["builds"] | ["switch"]:
            return await _list(ports)
        case ["rebuild"]:
            before = await ports.builds.live()
            return await _tell_end(await rebuild_scores(ports, _tell, asyncio.sleep), before, ports)
        case ["switch", build_id]:
            before = await ports.builds.live()
            return await _tell_end(await go_back(build_id, ports, _tell, asyncio.sleep), before, ports)
        case ["verify"]:
            return await _verify(ports)
    _say(USAGE)
    return 2


async def _build(build_id: str, ports: BuildPorts) -> int:
    """Until it is compared or given up, however often store or broker go away; ends with whoever started it."""
    os.nice(NICE)
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    end_with_parent()
    pause = _FIRST_PAUSE
    while True:
        try:
            await build_generation(build_id, ports)
            await compare_builds(build_id, ports)
        except Unavailable as error:
            _say(f"{error.what} is away")
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return 0


async def _list(ports: BuildPorts) -> int:
    compared = {comparison.build_id: comparison for comparison in await ports.comparisons.all()}
    for build in await ports.builds.all():
        _tell(build)
        comparison = compared.get(build.id)
        if comparison is not None and comparison.is_of(build):
            for line in comparison_lines(comparison):
                _say(f"    {line}")
    return 0


async def _verify(ports: BuildPorts) -> int:
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    began = time.monotonic()
    try:
        found = await verify_scores(ports, _say, asyncio.sleep)
    except Differs as difference:
        _say(f"不一致：{difference}")
        return 1
    took = time.monotonic() - began
    _say(
        f"一致：得分版本 {found.build.id}，事件 {found.facts} 件，积分台账 {found.entries} 条，"
        f"得分表 {found.cards} 张，用时 {took:.1f} 秒"
    )
    return 0


async def _tell_end(build: Build, before: Build | None, ports: BuildPorts) -> int:
    """How it ended: switched or not, and how much the results are beside those people saw before."""
    for each in (before, build):
        if each is not None:
            counts = await ports.bulk_of(each).counts()
            _say(f"得分版本 {each.id}：积分台账 {counts.entries} 条，得分表 {counts.cards} 张")
    if build.state == "live":
        _say(f"已切换：得分版本 {build.id} 启用")
        return 0
    if build.state in {"building", "ready"}:
        _say("未切换：没有进展。请确认 scoring-worker 正在运行；生成会继续，用 builds 查看")
    else:
        _say(f"未切换：得分版本 {build.id} {STATE_TITLES[build.state]}，原因见 scoring-worker 日志")
    return 1


def _tell(build: Build) -> None:
    read = f"，已读事件 {build.facts} 件" if build.facts else ""
    asked = build.asked_at.astimezone().strftime("%Y-%m-%d %H:%M")
    _say(f"{build.id}  {STATE_TITLES[build.state]}（{REASON_TITLES.get(build.reason, build.reason)}，{asked}{read}）")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this command's answer
