"""Meetings and weak organisations in memory: for tests, behaving as the real store does (one port suite holds both)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from services.duties.adapters.directory import ProjectedDirectory
from services.duties.domain.meeting import Meeting
from services.duties.domain.refusals import AlreadyHeld, AlreadyListed
from services.duties.domain.weak_organisation import WeakOrganisation
from services.duties.use_cases.ports import MeetingListing, WeakListing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, OrganisationId
from shared.testing.in_memory_store import A, InMemoryAggregates, InMemoryProjection


class InMemoryMeetings(InMemoryAggregates[Meeting]):
    """The meetings in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="meetings")

    async def save(self, thing: Meeting, *events: Event) -> None:
        """Store the meeting; raises AlreadyHeld while another one stands for the same occasion."""
        for other in self.things.values():
            stand_both = not thing.withdrawn and not other.withdrawn
            if other.id != thing.id and stand_both and other.occasion == thing.occasion:
                raise AlreadyHeld(day=thing.held_on, meeting_id=other.id)
        await super().save(thing, *events)

    async def list(self, listing: MeetingListing) -> Sequence[Meeting]:
        """Meetings by the day they were held, latest first."""
        found = [meeting for meeting in self.things.values() if _is_wanted(meeting, listing)]
        return _page(found, listing.key, listing.after, listing.limit)

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its meetings with it."""
        for id_, meeting in self.things.items():
            if meeting.branch_id == branch_id:
                self.things[id_] = replace(meeting, path=path)


class InMemoryWeakOrganisations(InMemoryAggregates[WeakOrganisation]):
    """The listings of weak organisations in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="weak_organisations")

    async def save(self, thing: WeakOrganisation, *events: Event) -> None:
        """Store the listing; raises AlreadyListed for a second open one of an organisation."""
        is_new = thing.id not in self.things
        if is_new and any(
            standing.is_open and standing.organisation_id == thing.organisation_id for standing in self.things.values()
        ):
            raise AlreadyListed
        await super().save(thing, *events)

    async def last_acceptance(self, organisation_id: OrganisationId) -> date | None:
        """The last day a rectification of the organisation was accepted, of the listings that stand."""
        accepted = [
            weak.accepted_on
            for weak in self.things.values()
            if weak.organisation_id == organisation_id and weak.accepted_on is not None and not weak.withdrawn
        ]
        return max(accepted, default=None)

    async def list(self, listing: WeakListing) -> Sequence[WeakOrganisation]:
        """Listings by the day of listing, latest first."""
        found = [
            weak
            for weak in self.things.values()
            if not listing.scopes.isdisjoint(weak.path.segments)
            and listing.organisation_id in {None, weak.organisation_id}
            and listing.is_open in {None, weak.is_open}
        ]
        return _page(found, listing.key, listing.after, listing.limit)

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its listings with it."""
        for id_, weak in self.things.items():
            if weak.organisation_id == organisation_id:
                self.things[id_] = replace(weak, path=path)


def in_memory_directory() -> ProjectedDirectory:
    """An empty directory."""
    return ProjectedDirectory(*(InMemoryProjection() for _ in range(6)))


def _is_wanted(meeting: Meeting, listing: MeetingListing) -> bool:
    return (
        not listing.scopes.isdisjoint(meeting.path.segments)
        and listing.branch_id in {None, meeting.branch_id}
        and listing.kind in {None, meeting.kind}
        and (listing.from_on is None or listing.from_on <= meeting.held_on)
        and (listing.to_on is None or meeting.held_on <= listing.to_on)
    )


def _page(
    found: Sequence[A], key: Callable[[A], tuple[str, str]], after: tuple[str, ...] | None, limit: int
) -> Sequence[A]:
    """The first so many after the key: the latest day first, a day's by id."""

    def order(part: tuple[str, ...]) -> tuple[int, str]:
        day, id_ = part
        return -date.fromisoformat(day).toordinal(), id_

    rest = found if after is None else [thing for thing in found if order(key(thing)) > order(after)]
    return sorted(rest, key=lambda thing: order(key(thing)))[:limit]
