"""Leaves and exemptions in memory: for tests, with the same behaviour as the real store (one port suite holds both)."""

from collections.abc import Sequence
from dataclasses import replace

from services.members.adapters.in_memory_lists import in_scope, is_after, latest_first
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.use_cases.ports import Listing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, OrganisationId
from shared.testing.in_memory_store import InMemoryAggregates


class InMemoryLeaves(InMemoryAggregates[Leave]):
    """The leaves in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="leaves")

    async def save(self, thing: Leave, *events: Event) -> None:
        """Store the leave with what happened; raises AlreadyThere, Stale, LeaveOverlaps."""
        thing.refuse_overlap(self.things.values())
        await super().save(thing, *events)

    async def list(self, listing: Listing) -> Sequence[Leave]:
        """Leaves, one's own first, then by the day they start, the latest first."""

        def key(leave: Leave) -> tuple[str, str, str]:
            return listing.key(leave.cadre_id, leave.starts_on, leave.id)

        found = [
            leave
            for leave in self.things.values()
            if in_scope(leave.path, listing)
            and listing.person_id in {None, leave.cadre_id}
            and listing.organisation_id in {None, leave.organisation_id}
            and is_after(key(leave), listing.after)
        ]
        return latest_first(found, key)[: listing.limit]

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its leaves with it."""
        for id_, leave in self.things.items():
            if leave.organisation_id == organisation_id:
                self.things[id_] = replace(leave, path=path)


class InMemoryExemptions(InMemoryAggregates[Exemption]):
    """The exemptions in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="exemptions")

    async def save(self, thing: Exemption, *events: Event) -> None:
        """Store it with what happened; raises AlreadyThere, Stale, ExemptionOverlaps, ExemptionRunsIntoNext."""
        thing.refuse_overlap(self.things.values())
        await super().save(thing, *events)

    async def list(self, listing: Listing) -> Sequence[Exemption]:
        """Exemptions, one's own first, then by the day they start, the latest first."""

        def key(exemption: Exemption) -> tuple[str, str, str]:
            return listing.key(exemption.person_id, exemption.starts_on, exemption.id)

        found = [
            exemption
            for exemption in self.things.values()
            if in_scope(exemption.path, listing)
            and listing.person_id in {None, exemption.person_id}
            and listing.organisation_id in {None, exemption.branch_id}
            and is_after(key(exemption), listing.after)
        ]
        return latest_first(found, key)[: listing.limit]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its exemptions with it."""
        for id_, exemption in self.things.items():
            if exemption.branch_id == branch_id:
                self.things[id_] = replace(exemption, path=path)
