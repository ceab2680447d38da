"""Everything in memory: for tests, with the same behaviour as the real store (one port suite holds both)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from services.members.adapters.in_memory_lists import in_scope, is_after, latest_first
from services.members.domain.calendar_year import CalendarYear
from services.members.domain.disposal import Disposal
from services.members.domain.member import Member
from services.members.domain.organisation import Organisation
from services.members.domain.posting import Posting
from services.members.domain.refusals import CodeTaken, EnrolledElsewhere
from services.members.domain.township import Township
from services.members.use_cases.ports import Listing, OrganisationListing, RestrictedRead
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, CadreId, OrganisationId
from shared.testing.in_memory_store import InMemoryAggregates


class Following(Protocol):
    """What hangs on organisations and moves with them."""

    async def moved(self, organisation_id: Any, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now."""
        ...


class InMemoryMembers(InMemoryAggregates[Member]):
    """The members in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="members")

    async def save(self, thing: Member, *events: Event) -> None:
        """Store the member with what happened; raises AlreadyThere, Stale, EnrolledElsewhere."""
        if thing.ended_on is None and await self.standing(thing) is not None:
            raise EnrolledElsewhere
        await super().save(thing, *events)

    async def standing(self, member: Member) -> Member | None:
        """Where the same person belongs under another record, if that has not ended."""
        if member.person_id is None:
            return None
        same = (each for each in self.things.values() if each.person_id == member.person_id)
        return next((each for each in same if each.id != member.id and each.ended_on is None), None)

    async def list(self, listing: Listing) -> Sequence[Member]:
        """Members, one's own first, then by the day they joined, the earliest first."""

        def key(member: Member) -> tuple[str, str, str]:
            return listing.key(member.person_id, member.joined_on, member.id)

        found = [
            member
            for member in self.things.values()
            if in_scope(member.path, listing)
            and listing.person_id in {None, member.person_id}
            and listing.organisation_id in {None, member.branch_id}
            and (listing.after is None or key(member) > listing.after)
        ]
        return sorted(found, key=key)[: listing.limit]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its members with it."""
        for id_, member in self.things.items():
            if member.branch_id == branch_id:
                self.things[id_] = replace(member, path=path)


class InMemoryPostings(InMemoryAggregates[Posting]):
    """The postings in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="postings")

    async def save(self, thing: Posting, *events: Event) -> None:
        """Store the posting with what happened; raises AlreadyThere, Stale, PostingOverlaps."""
        thing.refuse_overlap(self.things.values())
        await super().save(thing, *events)

    async def list(self, listing: Listing) -> Sequence[Posting]:
        """Postings, one's own first, then by the day they start, the latest first."""

        def key(posting: Posting) -> tuple[str, str, str]:
            return listing.key(posting.cadre_id, posting.starts_on, posting.id)

        found = [
            posting
            for posting in self.things.values()
            if in_scope(posting.path, listing)
            and listing.person_id in {None, posting.cadre_id}
            and listing.organisation_id in {None, posting.organisation_id}
            and listing.post in {None, posting.post}
            and is_after(key(posting), listing.after)
        ]
        return latest_first(found, key)[: listing.limit]

    async def of_person(self, cadre_id: CadreId) -> Sequence[Posting]:
        """All a person ever held."""
        return [posting for _, posting in sorted(self.things.items()) if posting.cadre_id == cadre_id]

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its postings with it."""
        for id_, posting in self.things.items():
            if posting.organisation_id == organisation_id:
                self.things[id_] = replace(posting, path=path)


class InMemoryOrganisations(InMemoryAggregates[Organisation]):
    """The tree in a dictionary; what hangs on it moves with it."""

    def __init__(self, recorder: Recorder, *following: Following) -> None:
        super().__init__(recorder, name="organisations", move_themselves=True)
        self._following = following

    async def register(self, organisation: Organisation, parent: Organisation | None, event: Event) -> None:
        """Store a new organisation; raises AlreadyThere, CodeTaken, or Stale when the parent moved meanwhile."""
        if organisation.id in self.things:
            raise AlreadyThere
        self._check((organisation,), parent)
        await self.save(organisation, event)

    async def change(self, changed: Sequence[tuple[Organisation, Event]], parent: Organisation | None) -> None:
        """Store an organisation and all below it that move along, all or none; raises CodeTaken, Stale."""
        top, moving = changed[0][0], {organisation.id for organisation, _ in changed}
        if any(each.id not in moving and not _hangs_below(each, top) for each in await self.below(top.id)):
            raise Stale
        self._check([organisation for organisation, _ in changed], parent)
        if any(self.things[organisation.id].revision != organisation.revision - 1 for organisation, _ in changed):
            raise Stale
        for organisation, event in changed:
            await self.save(organisation, event)
            for store in self._following:
                await store.moved(organisation.id, organisation.path)

    async def below(self, organisation_id: OrganisationId) -> Sequence[Organisation]:
        """All below an organisation, itself left out."""
        return [
            each
            for id_, each in self.things.items()
            if organisation_id in each.path.segments and id_ != organisation_id
        ]

    async def within(self, scopes: frozenset[str]) -> Sequence[Organisation]:
        """All in the scopes, the outermost first, in order."""
        found = [each for each in self.things.values() if not scopes.isdisjoint(each.path.segments)]
        return sorted(found, key=lambda each: (len(each.path.segments), each.order, each.id))

    async def list(self, listing: OrganisationListing) -> Sequence[Organisation]:
        """Part of a list."""
        found = [
            each
            for each in await self.within(listing.scopes)
            if listing.kind in {None, each.kind}
            and listing.parent_id in {None, each.parent_id}
            and (each.id in listing.own or not listing.own_only)
            and (listing.after is None or listing.key(each) > listing.after)
        ]
        return sorted(found, key=listing.key)[: listing.limit]

    def _check(self, changed: Sequence[Organisation], parent: Organisation | None) -> None:
        if parent is not None and self.things[parent.id].path != parent.path:
            raise Stale
        for organisation in changed:
            code = organisation.features.external_code
            for other in self.things.values():
                same = other.features.external_code == code and other.county_id == organisation.county_id
                if code is not None and same and other.id != organisation.id:
                    raise CodeTaken


def _hangs_below(organisation: Organisation, top: Organisation) -> bool:
    return organisation.path.segments[: len(top.path.segments)] == top.path.segments


class InMemoryTownships(InMemoryAggregates[Township]):
    """The townships' times in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="townships")

    async def save(self, thing: Township, *events: Event) -> None:
        """Store it with what happened; raises Stale, or AlreadyThere when a span's id is taken in another township."""
        taken = {span.id for township in self.things.values() if township.id != thing.id for span in township.spans}
        if any(span.id in taken for span in thing.spans):
            raise AlreadyThere(field="id")
        try:
            await super().save(thing, *events)
        except AlreadyThere as error:
            raise Stale from error


class InMemoryCalendars(InMemoryAggregates[CalendarYear]):
    """The published calendars in a dictionary."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder, name="calendars")


class InMemoryDisposals(InMemoryAggregates[Disposal]):
    """The disposals in a dictionary."""

    def __init__(self, recorder: Recorder, members: InMemoryMembers) -> None:
        super().__init__(recorder, name="disposals")
        self._members = members

    async def record(self, disposal: Disposal, disposed: Event, ended: tuple[Member, Event] | None) -> None:
        """Store the disposal and, where it ends one, the membership; raises AlreadyThere, Stale."""
        if disposal.id in self.things:
            raise AlreadyThere
        if ended is not None:
            await self._members.save(*ended)
        await self.save(disposal, disposed)

    async def list(self, listing: Listing) -> Sequence[Disposal]:
        """Disposals by the day they were decided, the latest first."""
        found = [
            disposal
            for disposal in self.things.values()
            if in_scope(disposal.path, listing) and is_after(_decided(disposal), listing.after)
        ]
        return latest_first(found, _decided)[: listing.limit]


@dataclass(slots=True)
class InMemoryAccessLog:
    """Reads in a list."""

    reads: list[RestrictedRead] = field(default_factory=list)

    async def note(self, reads: Sequence[RestrictedRead]) -> None:
        """Write them down."""
        self.reads.extend(reads)


def _decided(disposal: Disposal) -> tuple[str, str]:
    return disposal.decided_on.isoformat(), disposal.id
