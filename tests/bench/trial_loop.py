"""One trial of the laboratory in a process of its own, or the same read loop that only looks at envelopes."""

import asyncio
import gc
import json
import sys
import time
from datetime import UTC, datetime

from services.scoring.adapters.fact_log import KafkaFactLog
from services.scoring.adapters.in_memory import InMemoryCards
from services.scoring.adapters.in_memory_directory import InMemoryDirectory
from services.scoring.adapters.in_memory_drafts import in_memory_publication
from services.scoring.adapters.in_memory_trials import InMemoryTrials
from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.trial import Trial, TrialId
from services.scoring.settings import TOPICS
from services.scoring.use_cases.follow_members import follow_members
from services.scoring.use_cases.laboratory_ports import LaboratoryPorts
from services.scoring.use_cases.run_trial import run_trial
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import AccountId
from shared.testing.clock import StoppedClock
from tests.bench.standing import resident_megabytes
from tests.integration.scoring.load import people
from tests.unit.scoring.facts import COUNTY
from tests.unit.scoring.publishing import a_book
from tests.unit.scoring.trying import a_text

_SELDOM = 1_000_000


async def fold(bootstrap: str) -> dict[str, float]:
    """Try a draft over two quarters; how many facts were folded, how long it took, how many would move."""
    clock, directory = StoppedClock(), InMemoryDirectory()
    for fact in people():
        await follow_members(fact, directory, InMemoryCards())
    trials = InMemoryTrials(Recorder("scoring", clock))
    ports = LaboratoryPorts(
        trials=trials,
        publication=in_memory_publication(directory, clock, *load_generation().books),
        directory=directory,
        log=KafkaFactLog(bootstrap, TOPICS),
        clock=clock,
    )
    text = a_text()
    trial = Trial(
        id=TrialId("trial"),
        path=OrganisationPath((COUNTY,)),
        asked_by=AccountId("account"),
        asked_at=datetime(2023, 11, 20, tzinfo=UTC),
        text=text,
        book=a_book(text),
        first_period="2023-Q1",
        last_period="2023-Q4",
        made_from="",
    )
    await trials.save(trial)
    began, worked = time.perf_counter(), time.process_time()
    done = await run_trial(trial.id, ports)
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    assert done is not None
    assert done.result is not None
    return {
        "facts": done.progress.facts,
        "messages": done.progress.total,
        "seconds": seconds,
        "work": work,
        "moved": done.result.moved,
    }


async def look(bootstrap: str) -> dict[str, float]:
    """Read the same messages by the same loop and look at their types alone."""
    log = KafkaFactLog(bootstrap, TOPICS)
    ends = await log.ends()
    began, worked = time.perf_counter(), time.process_time()
    async for _ in log.facts(ends, ()):
        pass
    seconds, work = time.perf_counter() - began, time.process_time() - worked
    return {"messages": sum(ends.values()), "seconds": seconds, "work": work}


if __name__ == "__main__":
    gc.set_threshold(_SELDOM)
    found = asyncio.run({"fold": fold, "look": look}[sys.argv[2]](sys.argv[1]))
    print(json.dumps({**found, "megabytes": resident_megabytes("self")}))  # noqa: T201 - the answer
