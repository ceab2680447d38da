"""Who belonged to a branch on a day, and whom of them nobody expected to come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from shared.events.members import Standing
from shared.kernel.ids import MemberId


@dataclass(frozen=True, slots=True)
class Membership:
    """What a revision of a member says: from `since_on` on a member of this standing, or (None) none any more."""

    member_id: MemberId
    revision: int
    since_on: date
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Exemption:
    """From day to day a member need not attend; open-ended without `ends_on`. Nobody here knows why."""

    member_id: MemberId
    starts_on: date
    ends_on: date | None = None

    def __contains__(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Roll:
    """The members of a branch on one day with their standing, and which of them were exempt (党员记实管理)."""

    members: Mapping[MemberId, Standing]
    exempt: frozenset[MemberId] = field(default_factory=frozenset)

    @classmethod
    def on(cls, day: date, memberships: Iterable[Membership], exemptions: Iterable[Exemption]) -> Self:
        """The roll of that day: of what holds by then, the highest revision of a member decides."""
        newest: dict[MemberId, Membership] = {}
        for membership in memberships:
            if membership.since_on > day:
                continue
            known = newest.get(membership.member_id)
            if known is None or known.revision < membership.revision:
                newest[membership.member_id] = membership
        members = {id_: found.standing for id_, found in newest.items() if found.standing is not None}
        exempt = {exemption.member_id for exemption in exemptions if day in exemption}
        return cls(members, frozenset(exempt & members.keys()))

    @property
    def expected(self) -> frozenset[MemberId]:
        """Whom a meeting of all members expects."""
        return frozenset(self.members) - self.exempt

    def voters(self, among: Iterable[MemberId]) -> frozenset[MemberId]:
        """Those among them who have a vote: full members."""
        return frozenset(member for member in among if self.members.get(member) == "full")
