"""What people and operators are answered, in short: scores, refusals, commands."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import httpx

from deploy.local.stack import Stack

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 300.0


def reckoned(score: dict[str, Any]) -> tuple[float, float, float]:
    """Earned, attainable, points."""
    return float(score["items"]), float(score["attainable"]), float(score["points"])


def rule_line(score: dict[str, Any], rule_id: str) -> tuple[int, float, float]:
    """Of one rule: awards that stand, their points, what the bounds changed."""
    [line] = [line for line in score["rules"] if line["rule_id"] == rule_id]
    return line["count"], float(line["points"]), float(line["cap_effect"])


def corrected(lines: list[dict[str, Any]]) -> list[tuple[str, str, str, str, float]]:
    """Of each correction: the sealed period, the one it is posted to, the rule, the day, the points."""
    return sorted(
        (each["sealed_period"], each["posted_to"], each["rule_id"], each["day"], float(each["points"]))
        for each in lines
    )


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of what was refused."""
    return response.status_code, response.json()["code"]


async def scoring_command(stack: Stack, *words: str) -> tuple[int, str]:
    """The exit code and the words of `python -m services.scoring ...` on this stack."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.scoring",
        *words,
        cwd=ROOT,
        env={**os.environ, **stack.environment()},  # noqa: TID251 - handed on
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(child.communicate(), _PATIENCE_SECONDS)
    return child.returncode or 0, said.decode()
