"""Build a generation from all facts there are, beside the live one."""

from contextlib import aclosing
from typing import cast

from services.scoring.domain.build import Build
from services.scoring.domain.generation import Generation
from services.scoring.domain.seal import seal_of
from services.scoring.use_cases.build_ports import BuildPorts, BulkLedger
from services.scoring.use_cases.correct_all import correct_all
from shared.events.base import Fact
from shared.events.catalogue import CATALOGUE
from shared.events.scoring import ObjectionUpheld, PeriodSealed

_SERVICE = "scoring"
_TELL_EVERY = 20_000


async def build_generation(build_id: str, ports: BuildPorts) -> bool:
    """Read the log from its first fact and write the build's ledger and cards; True when it is ready.

    The end of the log is asked for after the build was registered (`fold_into_builds` says why); what comes later the
    workers fold in. What members tell is known already: nothing is learnt here. The cards are totalled once, when all
    entries are durable, so that whoever of builder and workers totals a day last knows every entry. Doing it again
    after a crash writes nothing twice. False when the build is given up, or is none that is being built.
    """
    build = await ports.builds.find(build_id)
    if build is None or build.state != "building":
        return False
    return await _read(build, ports) and await _closed(build, ports)


def types_that_score(generation: Generation) -> frozenset[str]:
    """The facts that may put anything into this generation's ledger, and the seals."""
    named = {
        name for versions in generation.versions.values() for book in versions for name in (*book.ways, *book.lasting)
    }
    return frozenset(
        name
        for name, entry in CATALOGUE.items()
        if _SERVICE in entry.consumers
        and (name in named or "corrects" in entry.event.model_fields or entry.event in {PeriodSealed, ObjectionUpheld})
    )


async def _read(build: Build, ports: BuildPorts) -> bool:
    bulk = ports.bulk_of(build)
    try:
        return await _read_into(bulk, build, ports)
    finally:
        await bulk.close()


async def _read_into(bulk: BulkLedger, build: Build, ports: BuildPorts) -> bool:
    until, own = await ports.log.ends(), ports.ports_of(build)
    awards = build.generation.awards
    facts, told = 0, 0
    async with aclosing(ports.log.facts(until, types_that_score(build.generation))) as batches:
        async for batch in batches:
            await bulk.add([entry for fact in batch for entry in awards(fact)])
            for fact in batch:
                if isinstance(fact.event, PeriodSealed):
                    await own.seals.put(seal_of(cast("Fact[PeriodSealed]", fact)))
            facts += len(batch)
            if facts - told >= _TELL_EVERY:
                told = facts
                if not await ports.builds.progress(build.id, facts):
                    return False
    await bulk.settle()
    return await ports.builds.progress(build.id, facts)


async def _closed(build: Build, ports: BuildPorts) -> bool:
    """Cards, then corrections: the seals are listed after all entries are there, as a worker's fold does it."""
    bulk = ports.bulk_of(build)
    await bulk.retotal()
    await correct_all(ports.seals, bulk, ports.ports_of(build))
    return await ports.builds.finished(build.id)
