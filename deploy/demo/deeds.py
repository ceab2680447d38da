"""What members did for others (记实事项): put on record, confirmed by somebody else, on notice, then counted.

Mostly their branch or the desk puts it on record for them (代填); the account 党员 does so himself. The last ones are
still on notice, or wait to be confirmed, when the demo ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from deploy.demo.accounts import BRANCH_SECRETARY, MEMBER, ORGANISER, SECRETARY
from deploy.demo.actions import Action, post, put
from deploy.demo.chance import one_of
from deploy.demo.diary import Diary, Wave
from deploy.demo.townships import Member, branches, demo_id, members_of
from shared.events.scoring import DeedKind
from shared.kernel.calendar import WorkingDays

PAST, LIVED = 20, 40
"""So many in the history span and in the eight weeks, spread evenly."""
REFUSED = 10
"""The lived deed the branch took back during its notice; the account 党员 had reported it."""
_KINDS: tuple[DeedKind, ...] = ("voluntary", "helped", "post", "voluntary", "emergency", "helped", "proposal")
_NOTES: dict[DeedKind, tuple[str, ...]] = {
    "voluntary": ("参加环境卫生整治", "参加护林防火巡查", "义务清扫村道"),
    "helped": ("帮孤寡老人挑水送药", "帮困难户抢收稻谷", "帮邻居代办医保"),
    "post": ("在政策宣传岗履职", "在治安巡逻岗履职", "在民情信息岗履职"),
    "emergency": ("暴雨夜转移群众", "参加抗旱抽水", "参加山火扑救"),
    "proposal": ("提出修缮灌溉渠的建议，已采纳", "提出增设路灯的建议，已采纳"),
}
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed of the demo, who puts it on record and who confirms it: never the same, nor the member himself."""

    name: tuple[object, ...]
    member_id: str
    kind: DeedKind
    done_on: date
    reports: str
    confirms: str

    @property
    def id(self) -> str:
        """The id the client made."""
        return demo_id("deed", *self.name)

    def reported(self) -> Action:
        """The request that puts it on record."""
        body = {
            "id": self.id,
            "member_id": self.member_id,
            "kind": self.kind,
            "done_on": self.done_on.isoformat(),
            "note": f"{one_of(_NOTES[self.kind], 'note', self.id)}（演示数据）",
        }
        return post(self.reports, "/api/scoring/deeds", body)

    def confirmed(self) -> Action:
        """The request that confirms it."""
        return put(self.confirms, self._path, "/confirmation", seen=1)

    def refused(self) -> Action:
        """The request by which the branch takes back what it had confirmed."""
        body = {"reason": "经核实活动已改期，本人当日未参加（演示数据）"}
        return put(BRANCH_SECRETARY, self._path, "/withdrawal", body, seen=2)

    @property
    def _path(self) -> str:
        return f"/api/scoring/deeds/{self.id}"


def past_deeds(diary: Diary, entered_on: date, span: tuple[date, date]) -> None:
    """Enter and confirm the deeds of the history span on one day: history is never on notice."""
    for deed in _deeds("past", PAST, *span):
        diary.note(entered_on, Wave.RECORDS, deed.reported())
        diary.note(entered_on, Wave.CONFIRMATIONS, deed.confirmed())


def lived_deeds(diary: Diary, first_day: date, last_day: date, calendar: WorkingDays) -> None:
    """Enter the deeds of the eight weeks on the next working day, confirm each on the one after."""
    for number, deed in enumerate(_deeds("lived", LIVED, first_day, last_day)):
        reported_on = calendar.after(deed.done_on - _A_DAY, 1)
        confirmed_on = calendar.after(reported_on, 1)
        diary.note(reported_on, Wave.RECORDS, deed.reported())
        diary.note(confirmed_on, Wave.CONFIRMATIONS, deed.confirmed())
        if number == REFUSED:
            diary.note(calendar.after(confirmed_on, 2), Wave.CONFIRMATIONS, deed.refused())


def _deeds(when: str, count: int, first: date, last: date) -> Sequence[Deed]:
    days = (last - first).days
    return [_deed(when, number, first + timedelta(days=number * days // count)) for number in range(count)]


def _deed(when: str, number: int, done_on: date) -> Deed:
    """Every tenth the account 党员 reports himself, every tenth his secretary for another of the branch."""
    name, kind = (when, number), _KINDS[number % len(_KINDS)]
    himself, *neighbours = _members()[0]
    if number % 10 == 0:
        return Deed(name, himself.id, kind, done_on, MEMBER, BRANCH_SECRETARY)
    if number % 5 == 0:
        return Deed(name, one_of(neighbours, "who did", *name).id, kind, done_on, BRANCH_SECRETARY, ORGANISER)
    member = one_of(one_of(_members()[1:], "where done", *name), "who did", *name)
    desks = (ORGANISER, SECRETARY) if number % 2 else (SECRETARY, ORGANISER)
    return Deed(name, member.id, kind, done_on, *desks)


@cache
def _members() -> tuple[tuple[Member, ...], ...]:
    """Of each branch, the home branch first, all but its secretary and the last, whose membership may have ended."""
    return tuple(tuple(members_of(branch))[1:-1] for branch in branches())
