"""`python -m deploy.demo [--if-empty]`: play the demo township on the local stack, then compare with the report.

Where something else than `make up` runs the platform (docker-compose.yml), `--gateway` and `--worker` say where it is.
"""

import asyncio
import sys
import time
from typing import Annotated, NoReturn, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.demo.accounts import ADMINISTRATOR
from deploy.demo.actions import Step
from deploy.demo.gateway import Refused, Unreachable
from deploy.demo.memory import Memory
from deploy.demo.performance import NotEmpty, Stage, is_untouched, perform
from deploy.demo.plan import first_monday_before, plan
from deploy.local.passwords import PasswordRefused, Passwords
from deploy.local.settings import SettingRefused, Settings
from deploy.local.steering import NeverSettled
from deploy.local.topology import PROCESSES, Room
from shared.kernel.clock import WallClock

app = typer.Typer(add_completion=False)
screen = Console(soft_wrap=True, highlight=False)
_INTERRUPTED_STATUS = 130
_SECONDS_BETWEEN_LINES = 10.0


class Bar:
    """A progress bar on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=screen, disable=not screen.is_terminal)
        self._task: TaskID = self._progress.add_task("演示数据", total=total)
        self._total, self._done, self._said_at = total, 0, time.monotonic()

    def __enter__(self) -> Self:
        """Show it."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it as it is."""
        self._progress.stop()

    def begins(self, step: Step) -> None:
        """Name the step."""
        self._progress.update(self._task, description=f"演示数据：{step.title}")
        now = time.monotonic()
        if not screen.is_terminal and now - self._said_at > _SECONDS_BETWEEN_LINES:
            self._said_at = now
            screen.print(f"演示数据：{step.title}（{self._done}/{self._total}）")

    def did(self, count: int) -> None:
        """Go on."""
        self._done += count
        self._progress.advance(self._task, count)


@app.command()
def main(
    *,
    if_empty: Annotated[bool, typer.Option(help="only into an empty store, or to go on after an interruption")] = False,
    gateway: Annotated[str | None, typer.Option(help="where the gateway is; the local stack's when left out")] = None,
    worker: Annotated[list[str] | None, typer.Option(help="with --gateway: where each worker is")] = None,
) -> None:
    """Play the demo township through the public API, or go on where it was interrupted."""
    try:
        settings = Settings.from_environment()
    except SettingRefused as refused:
        _refuse(str(refused))
    if settings.clock != "steered" and if_empty:
        screen.print("XIANFENG_CLOCK=wall：不装演示数据（它要调动时钟）。")
        return
    if settings.clock != "steered":
        _refuse("演示需要可调的时钟：请设 XIANFENG_DEMO=on 且 XIANFENG_CLOCK=steered，再 make down、make up。")
    stage = _stage(settings) if gateway is None else _stage_elsewhere(settings, gateway, worker or [])
    try:
        _play(stage, if_empty=if_empty)
    except KeyboardInterrupt:
        screen.print("演示已中断；再次运行 make demo 会从中断处继续，结果相同。")
        raise typer.Exit(_INTERRUPTED_STATUS) from None
    except NotEmpty:
        _refuse("库里已有其他账号或数据，演示只装入空库（它要调动时钟）。需要演示请先 make reset。")
    except (Unreachable, NeverSettled) as error:
        _refuse(f"平台没有及时答复（{error}）。请用 make status 查看，恢复后再次运行 make demo 会接着装载。")
    except ExceptionGroup as group:
        _refuse("；".join(str(error) for error in group.exceptions) + "。处理后再次运行 make demo 会接着装载。")
    except Refused as error:
        _refuse(f"平台没有接受一条演示数据：{error}")


def _play(stage: Stage, *, if_empty: bool) -> None:
    memory = Memory.recall(stage.data_dir)
    if if_empty and (memory.state == "done" if memory else not asyncio.run(is_untouched(stage))):
        return
    began = time.monotonic()
    played = memory is None or memory.state != "done"
    first_monday = memory.first_monday if memory else None
    total = plan(first_monday or first_monday_before(stage.today)).count if played else 0
    with Bar(total) as bar:
        comparison = asyncio.run(perform(stage, bar))
    if played:
        screen.print(f"演示数据已装载，用时 {time.monotonic() - began:.1f} 秒；账号和密码见数据文件夹中的 passwords。")
    else:
        screen.print(f"演示数据早已装载（首周 {first_monday} 起），没有改动。")
    for table in comparison.tables():
        screen.print(table)


def _stage(settings: Settings) -> Stage:
    workers = [
        f"http://127.0.0.1:{settings.port_base + process.offset}"
        for process in PROCESSES
        if process.room is Room.WORKER
    ]
    return Stage(settings.data_dir, f"http://127.0.0.1:{settings.gateway_port}", workers, WallClock().today())


def _stage_elsewhere(settings: Settings, gateway: str, workers: list[str]) -> Stage:
    """A platform that was not started by `make up`, which would have written the administrator's password down."""
    if not workers:
        _refuse("演示要等每个 worker 处理完才拨动时钟：请用 --worker 逐一给出它们的地址。")
    if settings.admin_password is not None:
        try:
            Passwords(settings.data_dir / "passwords").ensure(ADMINISTRATOR, settings.admin_password)
        except PasswordRefused as refused:
            _refuse(str(refused))
    return Stage(settings.data_dir, gateway, workers, WallClock().today())


def _refuse(sentence: str) -> NoReturn:
    screen.print(sentence, style="red", markup=False)
    sys.exit(1)


if __name__ == "__main__":
    app()
