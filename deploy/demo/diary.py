"""What is entered on which day: actions by day and by wave, so that a visit stands before its problems."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Literal

from deploy.demo.actions import Action, post, put
from deploy.demo.chance import one_of
from deploy.demo.helping import helpers
from deploy.demo.townships import demo_id
from shared.events.visits import ProblemClass

_CONTENTS = (
    "村道路灯不亮",
    "灌溉渠淤塞",
    "医保缴费不会办",
    "危房需要修缮",
    "垃圾清运不及时",
    "饮水管漏水",
    "低保政策咨询",
    "农机补贴未到账",
)
_MEASURES = ("已协调维修", "已现场清理", "已代为办理", "已联系主管部门解决", "已上门说明政策")


class Wave(IntEnum):
    """The order in which a day's entries are made."""

    VISITS = 0
    PROBLEMS = 1
    RESOLUTIONS = 2
    ANSWERS = 3
    SECOND_THOUGHTS = 4
    LEAVES = 5
    MEETINGS = 6
    AFTERWARDS = 7
    RECORDS = 8
    CONFIRMATIONS = 9


@dataclass(slots=True)
class Diary:
    """Entries by day."""

    _days: dict[date, dict[Wave, list[Action]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def note(self, day: date, wave: Wave, action: Action) -> None:
        """Enter this on that day."""
        self._days[day][wave].append(action)

    def waves(self, day: date) -> tuple[tuple[Action, ...], ...]:
        """What is entered on a day, wave by wave."""
        waves = self._days.get(day, {})
        return tuple(tuple(waves[wave]) for wave in sorted(waves))

    @property
    def entries(self) -> Iterator[tuple[date, Action]]:
        """Every entry with its day, in order."""
        for day in self.days:
            for wave in self.waves(day):
                for action in wave:
                    yield day, action

    @property
    def days(self) -> Iterator[date]:
        """The days with entries, in order."""
        return iter(sorted(self._days))


@dataclass(frozen=True, slots=True)
class Hands:
    """Who enters a cadre's visits, problems and resolutions, and who asks the citizen: never the same person."""

    enters: str
    asks: str


@dataclass(slots=True)
class Visit:
    """A visit of the demo."""

    name: tuple[object, ...]
    cadre_id: str
    branch_id: str
    at: datetime
    household: str

    @property
    def id(self) -> str:
        """The id the client made."""
        return demo_id("visit", *self.name)

    def logged(self, who: str) -> Action:
        """The request that logs it."""
        body = {
            "id": self.id,
            "cadre_id": self.cadre_id,
            "branch_id": self.branch_id,
            "occurred_at": self.at.isoformat(),
            "household_ref": self.household,
            "note": "入户走访（演示数据）",
        }
        return post(who, "/api/visits/visits", body)

    def withdrawn(self, who: str) -> Action:
        """The request that takes it back."""
        return put(who, f"/api/visits/visits/{self.id}", "/withdrawal", seen=1)


@dataclass(slots=True)
class Problem:
    """A problem of the demo; counts the revisions its requests make."""

    visit: Visit
    number: int
    raised_on: date
    problem_class: ProblemClass
    hands: Hands
    revision: int = 1

    @property
    def id(self) -> str:
        """The id the client made."""
        return demo_id("problem", *self.visit.name, self.number)

    def raised(self) -> Action:
        """The request that raises it."""
        body = {
            "id": self.id,
            "branch_id": self.visit.branch_id,
            "cadre_id": self.visit.cadre_id,
            "visit_id": self.visit.id,
            "raised_on": self.raised_on.isoformat(),
            "problem_class": self.problem_class,
            "content": f"{one_of(_CONTENTS, 'content', self.id)}（演示数据）",
            "household_ref": self.visit.household,
        }
        return post(self.hands.enters, "/api/visits/problems", body)

    def resolved(self, on: date) -> Action:
        """The request that says it is solved."""
        measure = f"{one_of(_MEASURES, 'measure', self.id, self.revision)}（演示数据）"
        body = {
            "resolved_on": on.isoformat(),
            "measure": measure,
            "helper_ids": helpers(self.visit.branch_id, self.id),
        }
        return self._put(self.hands.enters, "/resolution", body)

    def answered(self, on: date, answer: Literal["yes", "no", "unreached"] = "yes") -> Action:
        """The request that notes what the citizen said."""
        return self._put(self.hands.asks, "/confirmation", {"answer": answer, "confirmed_on": on.isoformat()})

    def resolution_withdrawn(self) -> Action:
        """The request that takes the resolution back."""
        return self._put(self.hands.enters, "/resolution/withdrawal", None)

    def _put(self, who: str, part: str, body: dict[str, Any] | None) -> Action:
        action = put(who, f"/api/visits/problems/{self.id}", part, body, seen=self.revision)
        self.revision += 1
        return action
