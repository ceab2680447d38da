"""Visits and problems in memory: for tests, with the same behaviour as the real store (one port suite holds both)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.visits.adapters.directory import ProjectedDirectory
from services.visits.domain.problem import Problem
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.ids import BranchId
from shared.testing.in_memory_store import InMemoryAggregates, InMemoryProjection


class InMemoryVisits(InMemoryAggregates[Visit]):
    """The visits in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="visits")

    async def list(self, listing: Listing) -> Sequence[Visit]:
        """Visits, one's own first, each by when they happened, latest first."""
        found = [visit for visit in self.things.values() if _is_wanted(visit, listing)]
        if listing.period is not None:
            found = [visit for visit in found if local_day(visit.occurred_at) in listing.period]

        def order(key: tuple[str, ...]) -> tuple[str, float, str]:
            rank, at, id_ = key
            return rank, -datetime.fromisoformat(at).timestamp(), id_

        after = listing.after
        if after is not None:
            found = [visit for visit in found if order(listing.visit_key(visit)) > order(after)]
        return sorted(found, key=lambda visit: order(listing.visit_key(visit)))[: listing.limit]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its visits with it."""
        for id_, visit in self.things.items():
            if visit.branch_id == branch_id:
                self.things[id_] = replace(visit, path=path)


class InMemoryProblems(InMemoryAggregates[Problem]):
    """The problems in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="problems")

    async def list(self, listing: Listing) -> Sequence[Problem]:
        """Problems, one's own first, each by when they are due, first due first."""
        found = [problem for problem in self.things.values() if _is_wanted(problem, listing)]
        if listing.state is not None:
            found = [problem for problem in found if problem.state == listing.state]
        if listing.period is not None:
            found = [problem for problem in found if problem.raised_on in listing.period]
        if listing.after is not None:
            found = [problem for problem in found if listing.problem_key(problem) > listing.after]
        return sorted(found, key=listing.problem_key)[: listing.limit]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its problems with it."""
        for id_, problem in self.things.items():
            if problem.branch_id == branch_id:
                self.things[id_] = replace(problem, path=path)


def in_memory_directory() -> ProjectedDirectory:
    """An empty directory."""
    return ProjectedDirectory(*(InMemoryProjection() for _ in range(7)))


def _is_wanted(thing: Visit | Problem, listing: Listing) -> bool:
    is_own = thing.cadre_id == listing.own
    scopes = listing.scopes | listing.own_scopes if is_own else listing.scopes
    return (
        not scopes.isdisjoint(thing.path.segments)
        and (is_own or not listing.own_only)
        and listing.cadre_id in {None, thing.cadre_id}
        and listing.branch_id in {None, thing.branch_id}
    )
