"""The second reader reads its share in a process of its own, tells how far it is, and ends with whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_PATIENCE_SECONDS = 30
_BEGIN = """
import asyncio, os, pathlib, sys
from services.scoring.worker.second_reader import ForkedReader
from shared.kernel.errors import Unavailable

folder = pathlib.Path(sys.argv[1])

async def read(build_id, until, told):
    (folder / "process").write_text(str(os.getpid()))
    (folder / build_id).write_text(str(sorted(until.items())))
    if build_id == "away":
        raise Unavailable("kafka")
    if build_id == "broken":
        raise ValueError("broken")
    if build_id == "endless":
        while await told(7):
            await asyncio.sleep(0.01)
        return None
    return sum(until.values())

reader = ForkedReader(read, nice=0, objects_before_collection=700)
SHARE = {("topic", 0): 2, ("topic", 1): 3}

async def until_done():
    while not await reader.is_done():
        pass
    return reader.facts
"""


def told(folder: Path, *lines: str) -> subprocess.Popen[str]:
    """A process with a second reader that does what the lines say."""
    script = _BEGIN + "\nasync def main():\n" + "".join(f"    {line}\n" for line in lines) + "\nasyncio.run(main())\n"
    return subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def outcome(folder: Path, *lines: str) -> tuple[int, str, str]:
    """How it ended, what it said and what it complained of."""
    with told(folder, *lines) as process:
        said, complained = process.communicate(timeout=_PATIENCE_SECONDS)
        return process.returncode, said.strip(), complained


def test_it_reads_the_share_it_is_given_in_another_process(tmp_path: Path) -> None:
    code, said, complained = outcome(
        tmp_path, "await reader.begin('built', SHARE)", "print(await until_done(), os.getpid())"
    )

    assert (code, complained) == (0, "")
    facts, process = said.split()
    assert facts == "5"
    assert (tmp_path / "process").read_text() != process
    assert (tmp_path / "built").read_text() == "[(('topic', 0), 2), (('topic', 1), 3)]"


def test_a_part_that_is_away_is_told_and_the_next_share_is_read(tmp_path: Path) -> None:
    code, said, complained = outcome(
        tmp_path,
        "await reader.begin('away', SHARE)",
        "try: await until_done()",
        "except Unavailable as error: print(error.what)",
        "await reader.begin('built', SHARE)",
        "print(await until_done())",
    )

    assert (code, complained, said.split()) == (0, "", ["kafka", "5"])


def test_a_new_share_takes_the_place_of_the_one_it_reads(tmp_path: Path) -> None:
    code, said, complained = outcome(
        tmp_path,
        "await reader.begin('endless', SHARE)",
        "while not reader.facts: await asyncio.sleep(0.01)",
        "print(reader.facts, await reader.is_done())",
        "await reader.begin('built', SHARE)",
        "print(await until_done())",
    )

    assert (code, complained, said.split()) == (0, "", ["7", "False", "5"])


def test_one_that_ended_is_waited_for_by_nobody(tmp_path: Path) -> None:
    code, _, complained = outcome(tmp_path, "await reader.begin('broken', SHARE)", "await until_done()")

    assert code == 1
    assert "ValueError: broken" in complained
    assert "the second reader has ended" in complained


@pytest.mark.parametrize("share", ["endless", None])
def test_it_ends_when_whoever_started_it_is_killed(tmp_path: Path, share: str | None) -> None:
    begin = "await reader.begin('endless', SHARE)" if share else "pass"
    with told(tmp_path, begin, "print(reader._process.pid, flush=True)", "await asyncio.sleep(600)") as process:
        assert process.stdout is not None
        number = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait(_PATIENCE_SECONDS)

        until = time.monotonic() + _PATIENCE_SECONDS
        while _lives(number):
            assert time.monotonic() < until, "the second reader outlives who started it"
            time.sleep(0.02)


def test_who_is_asked_to_end_leaves_nobody_to_be_collected(tmp_path: Path) -> None:
    """In a container it is the worker that orphans fall to, and it collects none but its own children."""
    lines = "await reader.begin('endless', SHARE)", "print(reader._process.pid, flush=True)", "await asyncio.sleep(600)"
    with told(tmp_path, *lines) as process:
        assert process.stdout is not None
        number = int(process.stdout.readline())
        process.terminate()

        assert process.wait(_PATIENCE_SECONDS) == -signal.SIGTERM
        assert not Path(f"/proc/{number}").exists()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # one that ended and is not yet collected still takes signals
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
