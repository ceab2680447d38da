"""The command line of the local stack."""

import pytest
from typer.testing import CliRunner

from deploy.local import __main__ as command_line
from deploy.local.stack import Stack


def test_what_stands_behind_a_tool_is_for_the_tool_even_a_call_for_help(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[str]]] = []

    def run_tool(_stack: Stack, module: str, arguments: list[str]) -> int:
        asked.append((module, arguments))
        return 0

    monkeypatch.setattr(command_line, "_run", run_tool)

    CliRunner().invoke(command_line.app, ["run", "shared.kafka.redeliver", "--help", "visits"])

    assert asked == [("shared.kafka.redeliver", ["--help", "visits"])]
