"""Build a generation from all facts there are, beside the live one."""

from services.scoring.domain.build import Build
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.correct_all import correct_all
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.read_share import read_share

_WORTH_SHARING = 1_000
"""Messages below which nobody else is asked to read half of them."""
_LOOKS_BEFORE_TELLING = 20
"""Telling how far the second reader is costs a write: about one a second."""


async def build_generation(build_id: str, ports: BuildPorts) -> bool:
    """Read the log from its first fact and write the build's ledger and cards; True when it is ready.

    The end of the log is asked for after the build was registered (`fold_into_builds` says why); what comes later the
    workers fold in. What members tell is known already: nothing is learnt here. Where there is a second reader, each
    reads half of the partitions: the ledger is a set, so it does not matter who puts what into it. The cards are
    totalled once, when all entries are durable, so that whoever of builder and workers totals a day last knows every
    entry. Doing it again after a crash writes nothing twice. False when the build is given up, or is none that is being
    built.
    """
    build = await ports.builds.find(build_id)
    if build is None or build.state != "building":
        return False
    return await _read(build, ports) and await _closed(build, ports)


async def _read(build: Build, ports: BuildPorts) -> bool:
    second = ports.second_reader
    until = await ports.log.ends()
    mine, theirs = halves(until) if second is not None and sum(until.values()) >= _WORTH_SHARING else (until, {})
    if second is not None and theirs:
        await second.begin(build.id, theirs)

    async def told(facts: int) -> bool:
        others = second.facts if second is not None and theirs else 0
        return await ports.builds.progress(build.id, facts + others)

    facts = await read_share(build, mine, ports, told)
    if facts is None:
        return False
    looks = 0
    while second is not None and theirs and not await second.is_done():
        looks += 1
        if looks % _LOOKS_BEFORE_TELLING == 0 and not await told(facts):
            return False
    return await told(facts)


def halves(until: Offsets) -> tuple[Offsets, Offsets]:
    """The partitions in two parts with about as many messages each; what is empty is in neither."""
    parts: tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]] = ({}, {})
    for place, messages in sorted(until.items(), key=lambda each: (-each[1], each[0])):
        if messages:
            min(parts, key=lambda part: sum(part.values()))[place] = messages
    return parts


async def _closed(build: Build, ports: BuildPorts) -> bool:
    """Cards, then corrections: the seals are listed after all entries are there, as a worker's fold does it."""
    bulk = ports.bulk_of(build)
    await bulk.retotal()
    await correct_all(ports.seals, bulk, ports.ports_of(build))
    return await ports.builds.finished(build.id)
