"""How starting is shown: a live table on a terminal, plain lines everywhere else, nothing in tests."""

import sys
import time
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table


class Progress(Protocol):
    """Told by the stack what happens; never asked anything."""

    def expect(self, names: list[str]) -> None:
        """These processes will be started."""

    def step(self, sentence: str) -> None:
        """Something is done before or between the starts."""

    def waiting(self, name: str, why: str) -> None:
        """This process is not ready yet, and this is why."""

    def ready(self, name: str) -> None:
        """This process is ready."""


class Silence:
    """Shows nothing."""

    def expect(self, names: list[str]) -> None:
        """Nothing to show."""

    def step(self, sentence: str) -> None:
        """Nothing to show."""

    def waiting(self, name: str, why: str) -> None:
        """Nothing to show."""

    def ready(self, name: str) -> None:
        """Nothing to show."""


class Lines(Silence):
    """One line a fact, for pipes and log files; a reason for waiting only now and then."""

    SECONDS_BETWEEN = 10.0

    def __init__(self) -> None:
        """Begin the clock that is shown on each line."""
        self._began = time.monotonic()
        self._said_at: dict[str, float] = {}

    def expect(self, names: list[str]) -> None:
        """Nobody has to explain a wait before this much of it has passed."""
        self._said_at = dict.fromkeys(names, time.monotonic())

    def step(self, sentence: str) -> None:
        """Say what is being done."""
        self._say(sentence)

    def waiting(self, name: str, why: str) -> None:
        """Say a lasting reason."""
        now = time.monotonic()
        if now - self._said_at.get(name, now) > self.SECONDS_BETWEEN:
            self._said_at[name] = now
            self._say(f"等待 {name}：{why}")

    def ready(self, name: str) -> None:
        """Say it is there."""
        self._say(f"就绪 {name}")

    def _say(self, sentence: str) -> None:
        # One write: several threads speak.
        sys.stdout.write(f"[{time.monotonic() - self._began:5.1f} 秒] {sentence}\n")
        sys.stdout.flush()


class Board(Silence):
    """A table that stays in place on a terminal."""

    def __init__(self, console: Console) -> None:
        """Prepare an empty board."""
        self._began = time.monotonic()
        self._rows: dict[str, str] = {}
        self._title = "正在启动"
        self._live = Live(console=console, refresh_per_second=8, get_renderable=self._table)

    def __enter__(self) -> Self:
        """Show the board."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave its last state on the screen."""
        self._live.stop()

    def expect(self, names: list[str]) -> None:
        """List the processes."""
        self._rows = dict.fromkeys(names, "[dim]等待依赖[/]")

    def step(self, sentence: str) -> None:
        """Say what is being done."""
        self._title = sentence

    def waiting(self, name: str, why: str) -> None:
        """Show the reason beside the name."""
        self._rows[name] = f"[yellow]启动中[/]  [dim]{why.replace('[', '(')[:70]}[/]"

    def ready(self, name: str) -> None:
        """Show how long it took."""
        self._rows[name] = f"[green]就绪[/]  [dim]{time.monotonic() - self._began:.1f} 秒[/]"

    def _table(self) -> Table:
        table = Table(title=self._title, title_justify="left", box=None, show_header=False)
        for name, state in self._rows.items():
            table.add_row(name, state)
        return table


def on_terminal() -> bool:
    """Tell whether a person watches."""
    return sys.stdout.isatty()
