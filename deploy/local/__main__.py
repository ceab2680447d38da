"""The commands behind the Makefile: `python -m deploy.local up|down|status|logs|reset|stop|start|doctor|run`."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.local import doctor as examination
from deploy.local.bring_up import Interrupted
from deploy.local.jars import JarRefused
from deploy.local.layout import NotOurFolder
from deploy.local.passwords import PasswordRefused
from deploy.local.ports_taken import PortTaken
from deploy.local.progress import Board, Lines, Progress, on_terminal
from deploy.local.readiness import last_lines, memory_of
from deploy.local.settings import ROOT, SettingRefused, Settings
from deploy.local.stack import NotReady, Stack
from deploy.local.supervisor import SupervisorAway
from deploy.local.topology import NAMES, PROMETHEUS, SERVICES, UnknownProcess

app = typer.Typer(add_completion=False, no_args_is_help=True, help="先锋亮绩：本机整套服务")
screen = Console(soft_wrap=True, highlight=False)

INTERRUPTED_STATUS = 130


@app.command()
def up() -> None:
    """Start everything, wait until it is ready, print where it is."""
    stack = current()
    began = time.monotonic()
    with _breaking_off(stack) as interrupted, _showing() as progress:
        started = stack.up(progress, interrupted)
    screen.print(f"全部就绪，用时 {time.monotonic() - began:.1f} 秒。" if started else "已经在运行，没有重复启动。")
    loaded = _load_demo(stack) if started and stack.settings.demo else True
    _print_addresses(stack)
    if not loaded:
        _refuse("演示数据没有装完（上文有原因）；服务仍在运行，可用 make demo 再试。")


@app.command()
def down() -> None:
    """Stop everything cleanly; the data stays."""
    screen.print("已全部停止，数据保留。" if current().down() else "没有在运行。")


@app.command()
def status() -> None:
    """Show what runs and what is ready; 0 only when all is."""
    stack = current()
    states = stack.states()
    table = Table(box=None)
    for title in ("进程", "状态", "进程号", "端口", "内存 MB", "说明"):
        table.add_column(title)
    complete = True
    for process in stack.processes:
        state = states.get(process.name)
        why = stack.why_not_ready(process.name) if state is None or state.running else "没有运行"
        complete = complete and why is None
        table.add_row(
            process.name,
            "[green]就绪[/]" if why is None else "[red]未就绪[/]",
            str(state.pid) if state and state.pid else "–",
            str(stack.ports.base + process.offset),
            str(memory_of(state.pid)) if state and state.pid else "–",
            "外部提供" if state is None else f"{state.state} {why or ''}".replace("[", "("),
        )
    screen.print(table)
    memory = sum(memory_of(pid) for pid in (stack.supervisor.pid(), *(state.pid for state in states.values())))
    screen.print(f"内存合计 {memory} MB")
    _print_addresses(stack)
    raise typer.Exit(0 if complete else 1)


@app.command()
def logs(
    name: Annotated[str | None, typer.Argument(help="one process; all when left out")] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="keep showing new lines")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="how many lines of each")] = 20,
) -> None:
    """Show the last lines of the logs."""
    stack = current()
    known = (*NAMES, PROMETHEUS.name, "supervisord")
    if name is not None and name not in known:
        raise UnknownProcess(name)
    files = [stack.folder.log / f"{each}.log" for each in ([name] if name else known)]
    files = [file for file in files if file.is_file()]
    if not files:
        _refuse(f"{stack.folder.log} 里还没有日志。")
    if follow:
        os.execvp("tail", ["tail", "-n", str(lines), "-F", *map(str, files)])
    for file in files:
        screen.print(f"── {file}", style="bold", markup=False)
        for line in last_lines(file, lines):
            screen.print(line, markup=False)


@app.command()
def reset() -> None:
    """Stop, then remove our data folder; a MongoDB or Kafka of somebody else is never touched."""
    stack = current()
    screen.print(f"已删除 {stack.folder.path}。" if stack.reset() else "没有数据文件夹，无需删除。")
    if not (stack.settings.own_mongodb and stack.settings.own_kafka):
        screen.print("外部的 MongoDB / Kafka 未作任何改动。")


@app.command()
def stop(name: Annotated[str, typer.Argument(help="for example visits-worker")]) -> None:
    """Stop one process; it stays away until it is started again."""
    current().stop(name)
    screen.print(f"{name} 已停止；make start P={name} 重新启动。")


@app.command()
def start(name: Annotated[str, typer.Argument(help="for example visits-worker")]) -> None:
    """Start one process again and wait until it is ready."""
    current().start(name)
    screen.print(f"{name} 就绪。")


@app.command()
def doctor() -> None:
    """Say in one sentence each what is missing, taken or unsupported."""
    bad = 0
    for finding in examination.examine(current()):
        screen.print(f"{'[green]✓[/]' if finding.good else '[red]✗[/]'} ", end="")
        screen.print(finding.sentence, markup=False)
        bad += not finding.good
    screen.print("一切就绪，可以 make up。" if not bad else f"有 {bad} 处需要处理。")
    raise typer.Exit(1 if bad else 0)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def run(context: typer.Context, module: str) -> None:
    """Run a tool of ours with the addresses of this stack: run shared.kafka.redeliver --help."""
    raise typer.Exit(_run(current(), module, context.args))


def current() -> Stack:
    """The stack the settings describe."""
    return Stack.from_settings(Settings.from_environment())


def _load_demo(stack: Stack) -> bool:
    """Play the demo township into an empty store; False when it did not end well. Ctrl-C stops everything here too."""
    try:
        return _run(stack, "deploy.demo", ["--if-empty"]) == 0
    except KeyboardInterrupt:
        _stop_after_interrupt(stack)
        raise typer.Exit(INTERRUPTED_STATUS) from None


def _stop_after_interrupt(stack: Stack) -> None:
    screen.print("已中断，正在停止 …")
    stack.down()
    screen.print("已全部停止，数据保留。")


def _run(stack: Stack, module: str, arguments: list[str]) -> int:
    environment = {**stack.settings.inherited, **stack.environment()}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode


@contextmanager
def _showing() -> Iterator[Progress]:
    if not on_terminal():
        yield Lines()
        return
    with Board(screen) as board:
        yield board


@contextmanager
def _breaking_off(stack: Stack) -> Iterator[threading.Event]:
    """While starting, Ctrl-C and SIGTERM stop everything that was started."""
    interrupted = threading.Event()
    before = {number: signal.signal(number, lambda *_: interrupted.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    except Interrupted:
        _stop_after_interrupt(stack)
        raise typer.Exit(INTERRUPTED_STATUS) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_addresses(stack: Stack) -> None:
    gateway = stack.urls["gateway"]
    screen.print(f"工作台    {gateway}/")
    for service in SERVICES:
        screen.print(f"接口说明  {gateway}/api/{service.name}/docs")
    if PROMETHEUS.name in stack.urls:
        screen.print(f"监控      {stack.urls[PROMETHEUS.name]}/alerts")
    screen.print(f"账号密码  {stack.folder.passwords}（仅本用户可读）")
    screen.print(f"日志      {stack.folder.log}    停止：make down")


def _refuse(sentence: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(sentence, markup=False)
    raise typer.Exit(1)


REFUSALS = (SettingRefused, NotOurFolder, JarRefused, PasswordRefused, PortTaken, NotReady, UnknownProcess)


def main() -> None:
    """Run one command; a refusal is a sentence, not a traceback."""
    try:
        sys.exit(app(standalone_mode=False) or 0)  # what typer.Exit says comes back as the result
    except REFUSALS as refusal:
        Console(stderr=True, soft_wrap=True, highlight=False).print(str(refusal), markup=False)
        if isinstance(refusal, NotReady):
            print("已启动的进程仍在运行：make logs 查看，make down 停止，make doctor 检查。", file=sys.stderr)
        sys.exit(1)
    except SupervisorAway:
        print("没有在运行：请先 make up。", file=sys.stderr)
        sys.exit(1)
    except typer.Abort:
        sys.exit(INTERRUPTED_STATUS)


if __name__ == "__main__":
    main()
