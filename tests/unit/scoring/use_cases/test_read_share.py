"""Where a second reader reads half of the log, both make one ledger, and no build is ready before both are done."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.in_memory_builds import InMemoryWholeLog
from services.scoring.use_cases.build_generation import build_generation, halves
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.read_share import read_share
from shared.events.base import Event, Fact
from shared.kernel.errors import Unavailable
from tests.unit.scoring.build_world import BuildWorld, the_ledger
from tests.unit.scoring.use_cases.test_build_generation import GENERATION, a_world, visits


@dataclass
class SecondReaderHere:
    """A second reader in this process, over another log; `away` so many times before it reads."""

    ports: BuildPorts
    away: int = 0
    facts: int = 0
    wanted: list[tuple[str, Offsets]] = field(default_factory=list)

    async def begin(self, build_id: str, until: Offsets) -> None:
        self.wanted.append((build_id, until))

    async def is_done(self) -> bool:
        if self.away:
            self.away -= 1
            raise Unavailable("kafka")
        build_id, until = self.wanted[-1]
        build = await self.ports.builds.find(build_id)
        assert build is not None
        self.facts = await read_share(build, until, self.ports, lambda _: self.ports.builds.progress(build_id, 0)) or 0
        return True


def two_partitions(world: BuildWorld, *facts: Fact[Event]) -> tuple[BuildPorts, SecondReaderHere]:
    """What is in the log, and these facts in another partition that a second reader reads."""
    other = InMemoryWholeLog(list(facts), place=("facts", 1))
    second = SecondReaderHere(replace(world.ports, log=other))

    class Both:
        def __getattr__(self, name: str) -> object:
            return getattr(world.log, name)

        async def ends(self) -> Offsets:
            return {**await world.log.ends(), **await other.ends()}

    return replace(world.ports, log=Both(), second_reader=second), second  # type: ignore[arg-type]


async def test_a_second_reader_reads_half_and_both_make_one_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.scoring.use_cases.build_generation._WORTH_SHARING", 2)
    here, there = visits(12), visits(11, first=20)
    world = await a_world(*here)
    ports, second = two_partitions(world, *there)
    build = await ports.builds.rebuild(world.clock.now())

    assert await build_generation(build.id, ports)

    assert world.ledger_of(build.id) == the_ledger([*here, *there], GENERATION)
    assert sum(card.size for card in world.cards_of(build.id).values()) == len(world.ledger_of(build.id))
    assert second.wanted == [(build.id, {("facts", 1): len(there)})]
    found = await ports.builds.find(build.id)
    assert found is not None
    assert found.facts == len(here) + len(there)


async def test_no_build_is_ready_while_the_second_reader_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.scoring.use_cases.build_generation._WORTH_SHARING", 2)
    world = await a_world(*visits(12))
    ports, second = two_partitions(world, *visits(11, first=20))
    second.away = 1
    build = await ports.builds.rebuild(world.clock.now())

    with pytest.raises(Unavailable):
        await build_generation(build.id, ports)
    found = await ports.builds.find(build.id)
    assert found is not None
    assert found.state == "building"

    assert await build_generation(build.id, ports)
    assert len(second.wanted) == 2


async def test_a_short_log_is_read_by_one() -> None:
    world = await a_world(*visits(12))
    ports, second = two_partitions(world)
    build = await ports.builds.rebuild(world.clock.now())

    assert await build_generation(build.id, ports)
    assert second.wanted == []


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.integers(0, 7)), st.integers(0, 100)))
def test_halves_are_all_of_the_log_and_as_even_as_its_largest_partition_allows(
    until: dict[tuple[str, int], int],
) -> None:
    one, other = halves(until)

    assert {**one, **other} == {place: messages for place, messages in until.items() if messages}
    assert not one.keys() & other.keys()
    assert abs(sum(one.values()) - sum(other.values())) <= max(until.values(), default=0)
