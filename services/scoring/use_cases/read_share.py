"""Read a share of the log into a build's ledger."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import cast

from services.scoring.domain.build import Build
from services.scoring.domain.generation import Generation
from services.scoring.domain.seal import seal_of
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.log_ports import Offsets
from shared.events.base import Fact
from shared.events.catalogue import CATALOGUE
from shared.events.scoring import ObjectionUpheld, PeriodSealed

_SERVICE = "scoring"
_TELL_EVERY = 20_000


async def read_share(
    build: Build, until: Offsets, ports: BuildPorts, told: Callable[[int], Awaitable[bool]]
) -> int | None:
    """Make what the facts before these offsets earn durable; how many facts there were. Raises Unavailable.

    `told` hears now and then how many are read, and answers False when the build was given up: then it is None.
    """
    bulk, own, awards = ports.bulk_of(build), ports.ports_of(build), build.generation.awards
    facts, last_told = 0, 0
    try:
        async with aclosing(ports.log.facts(until, types_that_score(build.generation))) as batches:
            async for batch in batches:
                await bulk.add([entry for fact in batch for entry in awards(fact)])
                for fact in batch:
                    if isinstance(fact.event, PeriodSealed):
                        await own.seals.put(seal_of(cast("Fact[PeriodSealed]", fact)))
                facts += len(batch)
                if facts - last_told >= _TELL_EVERY:
                    last_told = facts
                    if not await told(facts):
                        return None
        await bulk.settle()
    finally:
        await bulk.close()
    return facts


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
