"""The laboratory's child runs its trial behind everything else and tells by its exit code what became of it."""

import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest

from services.scoring.adapters.in_memory_trials import InMemoryFactLog
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.worker.laboratory import PART_AWAY
from services.scoring.worker.trial_command import carry_out_trial
from shared.kernel.errors import Unavailable
from tests.unit.scoring.trying import TRIAL, TrialWorld, a_trial, a_trial_world


@pytest.fixture
async def world() -> AsyncIterator[TrialWorld]:
    async with a_trial_world() as world:
        yield world


@pytest.fixture(autouse=True)
def polite(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What would change this very process; nobody holds its standard input."""
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    monkeypatch.setattr(sys, "stdin", None)
    threshold = gc.get_threshold()
    yield asked
    gc.set_threshold(*threshold)


async def test_a_trial_that_is_run_ends_well(world: TrialWorld, polite: list[int]) -> None:
    await world.done("organiser", "POST", body=a_trial())
    code = await carry_out_trial(TRIAL, world.ports)

    assert code == 0
    assert world.trials.things[TRIAL].state == "done"
    assert polite == [10]


async def test_a_part_that_is_away_is_told_to_who_started_it(world: TrialWorld) -> None:
    class Away(InMemoryFactLog):
        """Nobody answers."""

        async def ends(self) -> Offsets:
            raise Unavailable("kafka")

    await world.done("organiser", "POST", body=a_trial())

    assert await carry_out_trial(TRIAL, replace(world.ports, log=Away())) == PART_AWAY
    assert world.trials.things[TRIAL].state == "queued"
