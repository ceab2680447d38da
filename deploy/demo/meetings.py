"""What the branches held: meetings of the past quarter and of the eight weeks, and the one organisation put in order.

Village branches hold every kind their structure has, the others 党员大会, 党课 and 主题党日. Not everybody comes, and
now and then a branch holds nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from deploy.demo.absences import exemptions
from deploy.demo.accounts import BRANCH_SECRETARY, COUNTY_ORGANISER, ORGANISER, SECRETARY
from deploy.demo.actions import Action, post, put
from deploy.demo.chance import between, one_of, share
from deploy.demo.diary import Diary, Wave
from deploy.demo.townships import (
    HOME_BRANCH,
    Member,
    Organisation,
    branches,
    demo_id,
    has_committee,
    has_groups,
    members_of,
)
from shared.events.duties import MeetingKind

THEME_DAY = 15
"""主题党日: one fixed day a month."""
CORRECTED, WITHDRAWN, LATE = 2, 6, 9
"""The branches (by number) of which the first lived theme day was corrected, entered by mistake, entered too late."""
WEAK = demo_id("general branch", "柳湾村党总支")
LISTED_ON, ACCEPTED_ON = date(2023, 10, 10), date(2023, 12, 20)
_MISSED, _ABSENT, _EXCUSED = 0.05, 0.15, 0.25
_COMMITTEE, _GROUP = 3, 5
"""How many sit on a committee, belong to the first group."""
_LATE_BY = timedelta(days=16)
_QUARTERLY: tuple[MeetingKind, ...] = ("general_meeting", "lecture")
_NOTES: dict[MeetingKind, str] = {
    "general_meeting": "讨论支部工作",
    "committee": "研究支部日常工作",
    "group": "集中学习、交流思想",
    "lecture": "支部书记讲党课",
    "theme_day": "集中学习、交纳党费、志愿服务",
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the demo; who was absent and who excused is drawn once."""

    branch: Organisation
    kind: MeetingKind
    held_on: date

    @property
    def id(self) -> str:
        """The id the client made."""
        return demo_id("meeting", self.branch.id, self.kind, self.held_on)

    @property
    def expected(self) -> tuple[Member, ...] | None:
        """Whom the form names: a committee's or a group's members; of other meetings the platform knows."""
        members = _members(self.branch)
        if self.kind == "committee":
            return members[:_COMMITTEE]
        return members[:_GROUP] if self.kind == "group" else None

    def entered(self, who: str) -> Action:
        """The request that enters it."""
        absent, excused = self._away()
        body = {
            "id": self.id,
            "branch_id": self.branch.id,
            "kind": self.kind,
            **self._said(absent, excused),
        }
        return post(who, "/api/duties/meetings", body)

    def corrected(self, who: str) -> Action:
        """The request that says everybody missing had been excused."""
        absent, excused = self._away()
        body = {**self._said([], [*excused, *absent]), "note": "缺席人员均已补办请假手续（演示数据）"}
        return put(who, f"/api/duties/meetings/{self.id}", body=body, seen=1)

    def withdrawn(self, who: str) -> Action:
        """The request that takes it back."""
        return put(who, f"/api/duties/meetings/{self.id}", "/withdrawal", seen=1)

    def _said(self, absent: list[str], excused: list[str]) -> dict[str, object]:
        expected = self.expected
        return {
            "held_on": self.held_on.isoformat(),
            "absent": absent,
            "excused": excused,
            "expected": None if expected is None else [member.id for member in expected],
            "note": f"{_NOTES[self.kind]}（演示数据）",
        }

    def _away(self) -> tuple[list[str], list[str]]:
        """Who was missing and who excused: never the secretary, who enters it, nor who need not come."""
        among = self.expected or _members(self.branch)[:-1]  # the last one's membership may have ended
        candidates = [member.id for member in among[1:] if not is_exempt(member.id, self.held_on)]
        drawn: list[list[str]] = []
        for word, likely in (("absent", _ABSENT), ("excused", _EXCUSED)):
            found = candidates and share(word, self.id) < likely
            drawn.append([one_of(candidates, "who is", word, self.id)] if found else [])
            candidates = [member for member in candidates if member not in drawn[-1]]
        absent, excused = drawn
        return absent, excused


def past_meetings(diary: Diary, entered_on: date, span: tuple[date, date]) -> None:
    """Enter the meetings of the history span on one day, and the organisation that was put in order in it."""
    for number, branch in enumerate(branches()):
        for meeting in _held(branch, *span):
            diary.note(entered_on, Wave.MEETINGS, meeting.entered(_keeper(number, branch)))
    diary.note(entered_on, Wave.MEETINGS, _listed())
    diary.note(entered_on, Wave.AFTERWARDS, _accepted())


def lived_meetings(diary: Diary, first_day: date, last_day: date) -> None:
    """Enter the meetings of the eight weeks, each on its day, but for one that came in too late."""
    for number, branch in enumerate(branches()):
        who = _keeper(number, branch)
        theme_days = 0
        for meeting in _held(branch, first_day, last_day):
            theme_days += meeting.kind == "theme_day"
            special = meeting.kind == "theme_day" and theme_days == 1
            on = meeting.held_on + (_LATE_BY if special and number == LATE else timedelta())
            diary.note(on, Wave.MEETINGS, meeting.entered(who))
            if special and number == CORRECTED:
                diary.note(on, Wave.AFTERWARDS, meeting.corrected(who))
            if special and number == WITHDRAWN:
                diary.note(on, Wave.AFTERWARDS, meeting.withdrawn(who))


def is_exempt(member_id: str, day: date) -> bool:
    """Whether the member need not come on that day."""
    starts_on, ends_on = _exempt().get(member_id, (date.max, None))
    return starts_on <= day and (ends_on is None or day <= ends_on)


def _held(branch: Organisation, first: date, last: date) -> Iterator[Meeting]:
    """What a branch held between two days: monthly on its own days, quarterly on a day that was free."""
    monthly: list[tuple[MeetingKind, int]] = [("theme_day", THEME_DAY)]
    if branch.category == "village" and has_committee(branch):
        monthly.append(("committee", between(3, 12, "committee", branch.id)))
    if branch.category == "village" and has_groups(branch):
        monthly.append(("group", between(17, 26, "group", branch.id)))
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    for kind, day_of_month in monthly:
        for day in days:
            if day.day == day_of_month and not _is_missed(branch, kind, day):
                yield Meeting(branch, kind, day)
    for kind in _QUARTERLY:
        day = one_of(days[7:-14], kind, branch.id, first)
        if not _is_missed(branch, kind, day):
            yield Meeting(branch, kind, day)


def _is_missed(branch: Organisation, kind: MeetingKind, day: date) -> bool:
    """Now and then a branch holds nothing; those told of elsewhere do."""
    return branch.id not in _told_of() and share("no meeting", branch.id, kind, day) < _MISSED


def _keeper(number: int, branch: Organisation) -> str:
    """Who enters a branch's meetings: its own secretary where he has an account, else the desks by turns."""
    if branch.id == HOME_BRANCH:
        return BRANCH_SECRETARY
    return (ORGANISER, SECRETARY)[number % 2]


def _listed() -> Action:
    body = {
        "id": demo_id("weak organisation", WEAK),
        "organisation_id": WEAK,
        "listed_on": LISTED_ON.isoformat(),
        "ground": "组织生活不经常，班子不团结（演示数据）",
    }
    return post(COUNTY_ORGANISER, "/api/duties/weak-organisations", body)


def _accepted() -> Action:
    listing = f"/api/duties/weak-organisations/{demo_id('weak organisation', WEAK)}"
    return put(COUNTY_ORGANISER, listing, "/acceptance", {"accepted_on": ACCEPTED_ON.isoformat()}, seen=1)


@cache
def _members(branch: Organisation) -> tuple[Member, ...]:
    """The members of a branch, its secretary first."""
    return tuple(members_of(branch))


@cache
def _told_of() -> frozenset[str]:
    """The branches of which a meeting is told by name."""
    there = branches()
    return frozenset(there[number].id for number in (CORRECTED, WITHDRAWN, LATE))


@cache
def _exempt() -> dict[str, tuple[date, date | None]]:
    """Who is exempt from when to when."""
    bodies = [action.body for action in exemptions() if action.body is not None]
    return {
        body["member_id"]: (
            date.fromisoformat(body["starts_on"]),
            None if body["ends_on"] is None else date.fromisoformat(body["ends_on"]),
        )
        for body in bodies
    }
