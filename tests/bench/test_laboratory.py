"""How many facts a second of one core a trial folds, from Kafka to the comparison (floor 30,000, goal 100,000).

Beside it the same read loop that looks at the envelopes alone: what lies between them is decoding, folding under two
generations, and comparing. The rate is taken of processor time, so that whoever else works here takes nothing off it.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.bench.report import report
from tests.bench.standing import ROOT, SEED, load_average
from tests.integration.scoring.load import lives, people, publish, shuffled
from tests.running import running_stack

_ROUNDS = 3
_TIMES = 10
"""So many times `--facts`: a million unless somebody develops the bench."""
_MOST_MEGABYTES = 1_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack


def test_laboratory(stack: Stack, size: int) -> None:
    publish(stack.urls["kafka"], people())
    for number in range(_TIMES):
        seed = SEED + number
        publish(stack.urls["kafka"], shuffled(lives(size, seed), seed)[:size])
    trials, looks = [], []
    for _ in range(_ROUNDS):
        trials.append(_run(stack, "fold"))
        looks.append(_run(stack, "look"))
    rate, seconds = (statistics.median(each[name] for each in trials) for name in ("rate", "seconds"))
    beside = statistics.median(each["rate"] for each in looks)
    megabytes = max(each["megabytes"] for each in trials)

    report(
        "laboratory",
        {
            "messages": trials[0]["messages"],
            "trial": f"{rate:,.0f} facts/s a core, {seconds:.1f} s (floor 30,000, goal 100,000), {megabytes:.0f} MB",
            "envelopes alone": f"{beside:,.0f} messages/s a core",
            "ratio": f"{rate / beside:.2f}",
            "load average": load_average(),
        },
    )

    assert {each["moved"] for each in trials} == {trials[0]["moved"]}
    assert trials[0]["moved"] > 0
    assert megabytes < _MOST_MEGABYTES


def _run(stack: Stack, what: str) -> dict[str, float]:
    """What a process of its own measured, with its rate by processor time."""
    command = [sys.executable, "-m", "tests.bench.trial_loop", stack.urls["kafka"], what]
    answer = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return {**found, "rate": found["messages"] / found["work"]}
