"""The directory: what this service has learnt from the members service's facts, and what moves along when it moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.scoring.domain.member import Member
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.domain.subject import Organisation, Posting, Subject
from services.scoring.domain.township import Township
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays


@dataclass(frozen=True, slots=True)
class Listing:
    """Which subjects: whom a standard applies to, below the scopes, after an id, so many."""

    applies_to: AppliesTo
    scopes: frozenset[str]
    period: Period
    limit: int
    after: str | None = None
    besides: frozenset[str] = frozenset()
    """Subjects to leave out, because they are shown already."""


@dataclass(frozen=True, slots=True)
class Moving:
    """Who moved along with an organisation: by which revision of it, after an id, so many."""

    organisation_id: str
    revision: int
    limit: int
    after: str | None = None


class Hanging(Protocol):
    """Records that hang at an organisation, and move when it moves."""

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs here now, and its own records with it."""
        ...


class Directory(Protocol):
    """Organisations, postings, members, calendars and townships' times."""

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is; an older revision changes nothing.

        Its postings, its members and the records of it hang where it hangs, also when it is no news: who learnt it may
        have died before they did.
        """
        ...

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post; an older revision changes nothing.

        It hangs where its organisation hangs, or, while that is unknown, where it was recorded.
        """
        ...

    async def learn_member(self, member: Member, revision: int) -> None:
        """Remember who belongs to a branch; an older revision changes nothing.

        He hangs where his branch hangs, or, while that is unknown, where he was enrolled. What `member` says of an end
        is not looked at: that is another fact, which may be known already.
        """
        ...

    async def learn_membership_end(self, member_id: str, ended_on: date, revision: int) -> None:
        """Remember the last day of a membership, also of a member not known yet; an enrolment after it has no end."""
        ...

    async def learn_calendar(self, organisation_id: str, year: int, revision: int, days: WorkingDays) -> None:
        """Remember a year's table of an organisation; an older revision changes nothing."""
        ...

    async def learn_go_live(self, township_id: str, revision: int, go_live_on: date) -> None:
        """Remember since when a township works live."""
        ...

    async def learn_span(
        self, township_id: str, span_id: str, revision: int, *, from_on: date, to_on: date, closed: bool
    ) -> None:
        """Remember a history span of a township."""
        ...

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        ...

    async def counties(self) -> Sequence[str]:
        """The ids of all that organisations hang under without hanging under anything, by id."""
        ...

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        ...

    async def member(self, member_id: str) -> Member | None:
        """The member; None while he is unknown."""
        ...

    async def members_of(self, person_id: str) -> tuple[Member, ...]:
        """All memberships of a person, by id."""
        ...

    async def branches(self, listing: Listing) -> Sequence[Subject]:
        """Branches by id."""
        ...

    async def cadres(self, listing: Listing) -> Sequence[Subject]:
        """Persons by id who held one of the posts in the period."""
        ...

    async def members(self, listing: Listing) -> Sequence[Subject]:
        """Members by id who were members on any day of the period."""
        ...

    async def members_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of members of the organisation whom that revision moved last, in order.

        A revision that left them where they were moved nobody. The answer stays until another one moves them: who
        learns the same fact again, after a crash or for another build, is told the same.
        """
        ...

    async def cadres_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of persons one of whose posts there that revision moved last, in order; as `members_moved`."""
        ...

    async def township(self, path: OrganisationPath) -> Township:
        """The times of the township the path lies in; without a go-live day while none is known."""
        ...

    async def working_days(self, path: OrganisationPath) -> WorkingDays:
        """The calendar that holds at the path: the county's, overlaid by nearer ones."""
        ...
