"""Closings and seal records in memory: for tests, held to the same suite as the real stores."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from services.scoring.adapters.closing_procedures import read_closing_procedure
from services.scoring.domain.closing import Closing, SealRecord
from services.scoring.use_cases.closing_ports import ClosingListing, ClosingPorts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.record_ports import Objections
from shared.events.recording import Recorder
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from shared.testing.in_memory_store import InMemoryAggregates


class InMemoryClosings(InMemoryAggregates[Closing]):
    """The closings in a dictionary; they also say which periods are on notice."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="closings")
        self._told: set[str] = set()

    async def list(self, listing: ClosingListing) -> Sequence[Closing]:
        """Closings by the day their notice was opened, latest first."""
        found = [closing for closing in self.things.values() if _is_wanted(closing, listing)]
        found.sort(key=lambda closing: _latest_first(listing.key(closing)))
        if listing.after is not None:
            seen = _latest_first(listing.after)
            found = [closing for closing in found if _latest_first(listing.key(closing)) > seen]
        return found[: listing.limit]

    async def untold(self, limit: int) -> Sequence[Closing]:
        """Closings whose notice the announcer was not pointed at yet."""
        found = [each for _, each in sorted(self.things.items()) if each.id not in self._told]
        return [each for each in found if each.state != "sealed"][:limit]

    async def told(self, closing_id: str) -> None:
        """The notice is untold no more."""
        self._told.add(closing_id)

    async def sealing(self, limit: int) -> Sequence[Closing]:
        """Closings whose scores are to be sealed."""
        return [each for _, each in sorted(self.things.items()) if each.state == "sealing"][:limit]

    async def on_notice(self, standard: Standard, periods: Collection[str]) -> Collection[tuple[str, str]]:
        """The townships and periods on notice and not sealed yet."""
        return {
            (each.township_id, each.period)
            for each in self.things.values()
            if each.standard == standard and each.period in periods and each.state != "sealed"
        }

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The township hangs elsewhere now, and its closings with it."""
        self.things.update(
            {id_: replace(each, path=path) for id_, each in self.things.items() if each.township_id == organisation_id}
        )


class InMemorySealRecords(InMemoryAggregates[SealRecord]):
    """The seal records in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="seal_records")

    async def count(self, closing_id: str) -> int:
        """How many subjects of a closing are sealed."""
        return sum(record.closing_id == closing_id for record in self.things.values())


def _is_wanted(closing: Closing, listing: ClosingListing) -> bool:
    return (
        not listing.scopes.isdisjoint(closing.path.segments)
        and listing.standard in {None, closing.standard}
        and listing.period in {None, closing.period}
        and listing.state in {None, closing.state}
    )


def _latest_first(key: tuple[str, ...]) -> tuple[int, str]:
    on, id_ = key
    return -date.fromisoformat(on).toordinal(), id_


def in_memory_closings(scored: Ports, objections: Objections) -> ClosingPorts:
    """Empty stores beside a build and objections that others fill."""
    recorder = Recorder("scoring", scored.clock)
    return ClosingPorts(
        closings=InMemoryClosings(recorder),
        seals=InMemorySealRecords(recorder),
        objections=objections,
        procedure=read_closing_procedure(),
        scored=scored,
    )
