"""What this service remembers of members' facts, in memory: for tests, held to the same suite as the real store."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from services.scoring.adapters.times import ProjectedTimes
from services.scoring.domain.member import Member
from services.scoring.domain.subject import (
    Organisation,
    Posting,
    Subject,
    branch_subject,
    cadre_subject,
    member_subject,
)
from services.scoring.use_cases.directory_ports import Hanging, Listing, Moving
from shared.kernel.access import OrganisationPath
from shared.testing.in_memory_store import InMemoryProjection

_Hung = TypeVar("_Hung", Posting, Member)


class InMemoryDirectory(ProjectedTimes):
    """Organisations, postings and members in dictionaries; `hanging` records move along."""

    def __init__(self, hanging: Sequence[Hanging] = ()) -> None:
        super().__init__(InMemoryProjection(), InMemoryProjection(), InMemoryProjection())
        self.known_organisations: dict[str, tuple[int, Organisation]] = {}
        self.known_postings: dict[str, tuple[int, Posting]] = {}
        self.known_members: dict[str, tuple[int, Member]] = {}
        self.known_ends: dict[str, tuple[int, date]] = {}
        self._moved_by: dict[str, int] = {}
        """The revision of its organisation that found a posting or a member elsewhere last."""
        self._hanging = hanging

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is, and let hang where it hangs what is its own."""
        known = self.known_organisations.get(organisation.id)
        if known is None or known[0] < revision:
            self.known_organisations[organisation.id] = (revision, organisation)
        for posting_id, (held, posting) in self.known_postings.items():
            self.known_postings[posting_id] = held, self._hung(posting, posting.organisation_id)
        for member_id, (enrolled, member) in self.known_members.items():
            self.known_members[member_id] = enrolled, self._hung(member, member.branch_id)
        for records in self._hanging:
            await records.moved(organisation.id, self.known_organisations[organisation.id][1].path)

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post, hanging where its organisation hangs if that is known."""
        known = self.known_postings.get(posting.id)
        if known is None or known[0] < revision:
            self.known_postings[posting.id] = revision, self._hung(posting, posting.organisation_id)

    async def learn_member(self, member: Member, revision: int) -> None:
        """Remember who belongs to a branch, hanging where it hangs if that is known."""
        known = self.known_members.get(member.id)
        if known is None or known[0] < revision:
            self.known_members[member.id] = revision, self._hung(member, member.branch_id)

    async def learn_membership_end(self, member_id: str, ended_on: date, revision: int) -> None:
        """Remember the last day of a membership, also of a member not known yet."""
        known = self.known_ends.get(member_id)
        if known is None or known[0] < revision:
            self.known_ends[member_id] = (revision, ended_on)

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        known = self.known_organisations.get(organisation_id)
        return None if known is None else known[1]

    async def counties(self) -> Sequence[str]:
        """Where the paths of organisations begin."""
        return sorted({organisation.path.segments[0] for _, organisation in self.known_organisations.values()})

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        return tuple(posting for _, posting in self.known_postings.values() if posting.cadre_id == cadre_id)

    async def member(self, member_id: str) -> Member | None:
        """The member; None while he is unknown."""
        known = self.known_members.get(member_id)
        if known is None:
            return None
        revision, member = known
        ended_in, ended_on = self.known_ends.get(member_id, (0, None))
        return replace(member, ended_on=ended_on if ended_in > revision else None)

    async def members_of(self, person_id: str) -> tuple[Member, ...]:
        """All memberships of a person, by id."""
        return tuple(member for member in await self._everybody() if member.person_id == person_id)

    async def branches(self, listing: Listing) -> Sequence[Subject]:
        """Branches by id."""
        found = [
            branch_subject(organisation)
            for _, organisation in self.known_organisations.values()
            if organisation.kind in listing.applies_to.kinds and _is_below(organisation.path, listing)
        ]
        return _page(found, listing)

    async def cadres(self, listing: Listing) -> Sequence[Subject]:
        """Persons by id who held one of the posts in the period."""
        held: dict[str, tuple[Posting, ...]] = {}
        for _, posting in self.known_postings.values():
            if (
                posting.post in listing.applies_to.posts
                and posting.touches(listing.period)
                and _is_below(posting.path, listing)
            ):
                held[posting.cadre_id] = (*held.get(posting.cadre_id, ()), posting)
        found = [cadre_subject(cadre_id, postings, listing.period) for cadre_id, postings in held.items()]
        return _page([subject for subject in found if subject is not None], listing)

    async def members(self, listing: Listing) -> Sequence[Subject]:
        """Members by id who were members on any day of the period."""
        found = [
            member_subject(member)
            for member in await self._everybody()
            if member.touches(listing.period) and _is_below(member.path, listing)
        ]
        return _page(found, listing)

    async def members_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of members whom that revision moved last, in order."""
        members = [member for _, member in self.known_members.values() if member.branch_id == moving.organisation_id]
        return _moved(moving, (member.id for member in members if self._moved_by.get(member.id) == moving.revision))

    async def cadres_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of persons one of whose posts that revision moved last, in order."""
        posts = [held for _, held in self.known_postings.values() if held.organisation_id == moving.organisation_id]
        return _moved(moving, (held.cadre_id for held in posts if self._moved_by.get(held.id) == moving.revision))

    async def _everybody(self) -> list[Member]:
        found = [await self.member(member_id) for member_id in sorted(self.known_members)]
        return [member for member in found if member is not None]

    def _hung(self, hung: _Hung, organisation_id: str) -> _Hung:
        """The same where the organisation hangs, if that is known."""
        revision, organisation = self.known_organisations.get(organisation_id, (0, None))
        if organisation is None or organisation.path == hung.path:
            return hung
        self._moved_by[hung.id] = revision
        return replace(hung, path=organisation.path)


def _moved(moving: Moving, ids: Iterable[str]) -> list[str]:
    return [each for each in sorted(set(ids)) if moving.after is None or each > moving.after][: moving.limit]


def _is_below(path: OrganisationPath, listing: Listing) -> bool:
    return not listing.scopes.isdisjoint(path.segments)


def _page(subjects: list[Subject], listing: Listing) -> list[Subject]:
    wanted = [
        subject
        for subject in subjects
        if subject.id not in listing.besides and (listing.after is None or subject.id > listing.after)
    ]
    return sorted(wanted, key=lambda subject: subject.id)[: listing.limit]
