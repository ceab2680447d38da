"""Who is asking, with which roles, over which part of the organisation tree (architecture section 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.ids import AccountId, PersonId


class Role(StrEnum):
    """The roles of domain.md section 1; the code stands in the token."""

    SECRETARY = "secretary"
    ORGANISER = "organiser"
    BRANCH_SECRETARY = "branch_secretary"
    CADRE = "cadre"
    MEMBER = "member"
    COUNTY_ORGANISER = "county_organiser"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


BUSINESS = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
"""Everybody but the administrator, who sees no business content."""


@dataclass(frozen=True, slots=True)
class OrganisationPath:
    """Where an object hangs: organisation ids from the county down, `county/township/…/branch`."""

    segments: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "OrganisationPath":
        """Read the slash-separated form that travels in events and documents."""
        return cls(tuple(segment for segment in text.split("/") if segment))

    def __str__(self) -> str:
        """The slash-separated form."""
        return "/".join(self.segments)

    def __truediv__(self, child: str) -> "OrganisationPath":
        """The path of a child organisation."""
        return OrganisationPath((*self.segments, child))

    @property
    def organisation_id(self) -> str:
        """The organisation the path ends at."""
        return self.segments[-1]

    @property
    def township_id(self) -> str:
        """The township it lies in: the second organisation from the top; empty for the county itself."""
        return self.segments[1] if len(self.segments) > 1 else ""

    @property
    def parent(self) -> "OrganisationPath":
        """The path of the organisation above."""
        return OrganisationPath(self.segments[:-1])


@dataclass(frozen=True, slots=True)
class Grant:
    """One role over one organisation and all below it."""

    role: Role
    scope: str


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified bearer of a token."""

    account_id: AccountId
    person_id: PersonId | None
    grants: tuple[Grant, ...]

    def scopes(self, roles: Iterable[Role]) -> frozenset[str]:
        """The organisations over which the caller holds any of the roles."""
        wanted = frozenset(roles)
        return frozenset(grant.scope for grant in self.grants if grant.role in wanted)

    def has(self, role: Role) -> bool:
        """Whether the caller holds the role anywhere."""
        return any(grant.role is role for grant in self.grants)

    def may(self, roles: Iterable[Role], path: OrganisationPath) -> bool:
        """Whether one of the roles reaches the object at the path, compared segment by segment."""
        return not self.scopes(roles).isdisjoint(path.segments)

    def is_person(self, person_id: str | None) -> bool:
        """Whether the caller is that person."""
        return person_id is not None and person_id == self.person_id

    def require(self, roles: Iterable[Role], path: OrganisationPath) -> None:
        """Refuse unless one of the roles reaches the path.

        Raises NotFound when nothing the caller holds reaches it, Forbidden when only other roles do.
        """
        if self.may(roles, path):
            return
        if self.may(BUSINESS, path):
            raise Forbidden
        raise NotFound
