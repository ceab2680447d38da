"""Facts of the duties service: meetings (三会一课、主题党日) and organisations under rectification (软弱涣散整顿)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.events.base import Correction, Entry, Event

MeetingKind = Literal["general_meeting", "committee", "group", "lecture", "theme_day"]
Count = Annotated[int, Field(ge=0)]


class _Meeting(Event):
    meeting_id: str
    branch_id: str
    kind: MeetingKind
    expected: Count
    attended: Count
    excused: Count
    absent: tuple[str, ...] = ()
    """The members who were expected and stayed away without excuse; whoever is exempt is not expected."""
    quorate: bool
    """Whether enough came for it to count as held (支部党员大会: at least half of those with a vote)."""
    occurred_on: date
    entry: Entry = "live"


class MeetingHeld(_Meeting):
    """A branch met: which kind, how many were expected, came, were excused, and who was absent without excuse.

    More may have attended than were expected: who is exempt is not expected, but may come.

    Source: 严格党内生活.
    """

    TYPE: ClassVar[str] = "xianfeng.duties.meeting.held.v1"


class MeetingCorrected(_Meeting):
    """The meeting was as said here, not as said before; `corrects` names what no longer stands and whom it named."""

    TYPE: ClassVar[str] = "xianfeng.duties.meeting.corrected.v1"

    corrects: tuple[Correction, ...]


class MeetingWithdrawn(_Meeting):
    """The record is taken back: there was no such meeting; nothing of it counts."""

    TYPE: ClassVar[str] = "xianfeng.duties.meeting.withdrawn.v1"

    corrects: tuple[Correction, ...]


class _WeakOrganisation(Event):
    KEY: ClassVar[str | None] = "organisation_id"

    listing_id: str
    organisation_id: str
    listed_on: date
    occurred_on: date


class WeakOrganisationListed(_WeakOrganisation):
    """An organisation is under rectification (软弱涣散整顿) from `listed_on` on; no star meanwhile.

    Source: 对软弱涣散*村党总支进行了整顿.
    """

    TYPE: ClassVar[str] = "xianfeng.duties.weak_organisation.listed.v1"


class WeakOrganisationAccepted(_WeakOrganisation):
    """The rectification was accepted on `occurred_on`; `corrects` names the listing that no longer is open."""

    TYPE: ClassVar[str] = "xianfeng.duties.weak_organisation.accepted.v1"

    corrects: tuple[Correction, ...]


class WeakOrganisationWithdrawn(_WeakOrganisation):
    """The listing is taken back, accepted or not; nothing of it counts. What was really so is listed anew."""

    TYPE: ClassVar[str] = "xianfeng.duties.weak_organisation.withdrawn.v1"

    corrects: tuple[Correction, ...]
