"""Who was expected at a meeting, who came, who was excused; who was absent follows, and whether it counts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Self

from services.duties.domain.meeting_rule import MeetingRule
from services.duties.domain.refusals import (
    AttendanceIsMissing,
    AttendanceSaidTwice,
    ExcusedAndMore,
    ExpectedIsComputed,
    ExpectedIsMissing,
    ExpectedTooFew,
    NoMembersKnown,
    NotExpected,
    NotInTheBranch,
)
from services.duties.domain.roll import Roll
from shared.kernel.ids import MemberId

Members = frozenset[MemberId]
_NAMED_AT_MOST = 5
"""As many ids as a sentence holds; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of a meeting's attendance: who was excused, and either who came or who stayed away.

    `expected` is said for a committee or a group alone.
    """

    attended: Members | None = None
    absent: Members | None = None
    excused: Members = field(default_factory=frozenset)
    expected: Members | None = None


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was expected, came and was excused, in the order of their ids.

    An exempt member is never expected and so never absent; who is exempt and came all the same has attended.
    `present` of `needed`: those who count towards the quorum, and how many of them it takes.
    """

    expected: tuple[MemberId, ...]
    attended: tuple[MemberId, ...]
    excused: tuple[MemberId, ...]
    present: int
    needed: int

    @classmethod
    def of(cls, said: Statement, roll: Roll, rule: MeetingRule, *, on: date) -> Self:
        """What the statement means under the rule for the members of that day.

        Raises NoMembersKnown, ExpectedIsMissing, ExpectedTooFew, ExpectedIsComputed, AttendanceIsMissing,
        AttendanceSaidTwice, NotInTheBranch, ExcusedAndMore, NotExpected.
        """
        summoned = _summoned(said, roll, rule, on)
        expected = summoned - roll.exempt
        attended = _attended(said, expected)
        for field_, named in (("attended", said.attended), ("absent", said.absent), ("excused", said.excused)):
            _refuse_strangers(named or frozenset(), roll, on, field_)
        _refuse_contradictions(said)
        for field_, named, allowed in (
            ("attended", said.attended, summoned),
            ("absent", said.absent, expected),
            ("excused", said.excused, expected),
        ):
            if strange := (named or frozenset()) - allowed:
                raise NotExpected(field=field_, who=_told(strange))
        by_vote = rule.quorum.of == "voters"
        return cls(
            expected=tuple(sorted(expected)),
            attended=tuple(sorted(attended)),
            excused=tuple(sorted(said.excused)),
            present=len(roll.voters(attended) if by_vote else attended),
            needed=rule.quorum.needed(len(roll.voters(expected) if by_vote else expected)),
        )

    @property
    def absent(self) -> tuple[MemberId, ...]:
        """Who was expected, did not come and was not excused."""
        there = {*self.attended, *self.excused}
        return tuple(member for member in self.expected if member not in there)

    @property
    def quorate(self) -> bool:
        """Whether enough came for it to count as held."""
        return self.present >= self.needed


def _summoned(said: Statement, roll: Roll, rule: MeetingRule, on: date) -> Members:
    """Who belongs to the meeting, exempt or not."""
    if not roll.members:
        raise NoMembersKnown(day=on)
    if rule.expects == "members":
        if said.expected is not None:
            raise ExpectedIsComputed
        return frozenset(roll.members)
    if not said.expected:
        raise ExpectedIsMissing
    _refuse_strangers(said.expected, roll, on, "expected")
    if len(said.expected) < rule.expected_at_least:
        raise ExpectedTooFew(title=rule.title, at_least=rule.expected_at_least)
    return said.expected


def _attended(said: Statement, expected: Members) -> Members:
    if said.attended is not None and said.absent is not None:
        raise AttendanceSaidTwice
    if said.attended is not None:
        return said.attended
    if said.absent is None:
        raise AttendanceIsMissing
    return expected - said.absent - said.excused


def _refuse_strangers(named: Members, roll: Roll, on: date, field_: str) -> None:
    if strangers := named - roll.members.keys():
        raise NotInTheBranch(field=field_, day=on, who=_told(strangers))


def _refuse_contradictions(said: Statement) -> None:
    elsewhere = (said.attended or frozenset()) | (said.absent or frozenset())
    if both := said.excused & elsewhere:
        raise ExcusedAndMore(who=_told(both))


def _told(members: Members) -> str:
    """Ids as a sentence holds them: the form that sent them shows the names."""
    shown = sorted(members)[:_NAMED_AT_MOST]
    rest = f" 等 {len(members)} 人" if len(members) > len(shown) else ""
    return "、".join(shown) + rest
