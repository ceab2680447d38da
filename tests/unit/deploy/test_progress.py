import io

import pytest
from rich.console import Console

from deploy.local.progress import Board, Lines


def test_a_pipe_gets_one_line_for_each_process_that_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()

    lines.expect(["mongod"])
    lines.waiting("mongod", "还没有监听")
    lines.ready("mongod")

    assert capsys.readouterr().out.splitlines()[0].endswith("就绪 mongod")


def test_a_terminal_shows_every_process_and_why_it_waits() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)

    with Board(console) as board:
        board.expect(["mongod", "kafka"])
        board.waiting("kafka", "还没有监听")
        board.ready("mongod")

    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert all(word in shown for word in ("mongod", "kafka", "还没有监听", "就绪"))
