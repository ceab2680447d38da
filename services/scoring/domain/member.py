"""A member as this service knows him: which branch he belongs to, from when until when, whose account is his."""

from dataclasses import dataclass
from datetime import date

from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period


@dataclass(frozen=True, slots=True)
class Member:
    """What members' facts say of a membership.

    `path` is where the branch hangs now, or hung when the member was enrolled while nothing is known of it. `person_id`
    is whose account reads the own record; None while it is unknown. `ended_on` is the last day of the membership.
    """

    id: str
    branch_id: str
    path: OrganisationPath
    person_id: str | None
    joined_on: date
    ended_on: date | None = None

    def belongs_on(self, day: date) -> bool:
        """Whether he was a member on the day."""
        return self.joined_on <= day and (self.ended_on is None or day <= self.ended_on)

    def touches(self, period: Period) -> bool:
        """Whether he was a member on any day of the period."""
        return self.joined_on <= period.last and (self.ended_on is None or self.ended_on >= period.first)
