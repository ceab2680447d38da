"""Who is scored: a branch where it hangs in the tree, a cadre where he is posted, a member where his branch hangs."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.member import Member
from shared.events.members import Category, OrganisationKind, Post
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period

_TOWNSHIP_DEPTH = 2


@dataclass(frozen=True, slots=True)
class Organisation:
    """What members' facts say of an organisation: where it hangs, what it is."""

    id: str
    path: OrganisationPath
    kind: OrganisationKind
    title: str
    category: Category | None


@dataclass(frozen=True, slots=True)
class Posting:
    """What members' facts say of a post: who holds it where, from when until when.

    `path` is where the post's organisation hangs now, or hung when the post was recorded while nothing is known of it.
    """

    id: str
    cadre_id: str
    organisation_id: str
    path: OrganisationPath
    post: Post
    starts_on: date
    ends_on: date | None

    def touches(self, period: Period) -> bool:
        """Whether the post was held on any day of the period."""
        return self.starts_on <= period.last and (self.ends_on is None or self.ends_on >= period.first)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody a standard scores; `homes` are the places whose overseers may read the score.

    `person_id` is whose own it is: a cadre's, or a member's if it is known; nobody's for a branch.
    """

    standard: Standard
    id: str
    homes: tuple[OrganisationPath, ...]
    title: str | None = None
    category: Category | None = None
    person_id: str | None = None

    @property
    def home(self) -> OrganisationPath:
        """Where the score is told: the branch itself, the branch of a member, the township of a cadre."""
        first = self.homes[0]
        return OrganisationPath(first.segments[:_TOWNSHIP_DEPTH]) if self.standard == "cadre" else first


def branch_subject(organisation: Organisation) -> Subject:
    """A branch as a subject."""
    return Subject("branch", organisation.id, (organisation.path,), organisation.title, organisation.category)


def cadre_subject(cadre_id: str, postings: tuple[Posting, ...], period: Period) -> Subject | None:
    """A cadre as a subject: at home where he was posted in the period, or else wherever he ever was."""
    ordered = sorted(postings, key=lambda posting: (posting.starts_on, posting.id))
    held = [posting for posting in ordered if posting.touches(period)] or ordered
    homes = dict.fromkeys(posting.path for posting in held)
    return Subject("cadre", cadre_id, tuple(homes), person_id=cadre_id) if homes else None


def member_subject(member: Member) -> Subject:
    """A member as a subject: at home in his branch, and his own reader if his person is known."""
    return Subject("member", member.id, (member.path,), person_id=member.person_id)
